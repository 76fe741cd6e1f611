"""The stage quantify: protein quantities of runs become the composition of samples (tables/abundance.parquet)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from . import panels, tables
from .quantification import abundance as shares
from .quantification import checks, database, fdr, ibaq, ions, lfq, merge, origin, rollup, runs
from .quantification.scan import Source
from .samples import SampleSheet, read_samples
from .streams import ROWS
from .tables import read_compact


def run(
    settings: dict[str, Any],
    sheet: str | Path,
    proteins: str | Path,
    features: str | Path,
    resources: str | Path,
    abundance: str | Path,
    species: str | Path,
    inference: str | Path,
    warnings: str | Path,
) -> None:
    """Read ``proteins``, ``features`` and the sample ``sheet``; write ``abundance``, ``species``, ``inference`` (no
    rows where nothing was inferred) and ``warnings``.

    ``settings``: ``organism`` and, if wanted, ``quantity`` (auto | intensity | spectra) and ``fdr`` (peptide and
    protein, the accepted error rates), ``inputs`` (name and, where there is one, fasta) and ``sequences`` (further
    FASTA files, to tell species apart). ``resources``: for the panel of platelets. Raises InputError, PanelError and
    SampleSheetError.
    """
    table = read_compact(proteins, tables.PROTEINS)
    believed, peptides = believe(table, features, settings)
    table = believed.proteins
    # an input none of whose runs is in the table (nothing was identified in them) may still be named by the sheet
    named = {row.input for row in read_samples(sheet).rows if row.input}
    inputs = sorted(named | {str(name) for name in table["input"].unique()})
    samples = read_samples(sheet, inputs=inputs or None)
    databases, matches = searched(settings, table)
    further = [database.read(path, settings.get("organism") or "") for path in settings.get("sequences") or []]
    sorted_out = origin.analyse(
        table, peptides, samples.rows, settings.get("organism") or "human", databases, database.join(further)
    )
    del table
    frame, found = quantify(sorted_out.proteins, samples, settings, sorted_out.features, databases)
    found = believed.warnings + matches + sorted_out.warnings + found
    found += _platelets(frame, samples, Path(resources), settings.get("organism") or "human")
    tables.write_table(frame, tables.ABUNDANCE, abundance)
    tables.write_table(sorted_out.table, tables.SPECIES, species)
    tables.write_table(believed.explained, tables.INFERENCE, inference)
    tables.write_table(pd.DataFrame(found), tables.WARNINGS, warnings)


def believe(
    proteins: pd.DataFrame, features: str | Path, settings: dict[str, Any]
) -> tuple[rollup.Quantities, Source | None]:
    """Error rates, protein inference and the roll-up of peptides; the peptide file is read as far as it is needed.

    Also says where the peptides are that the quantities rest on: None without any.
    """
    rates = fdr.Rates.of(settings)
    passed = rollup.untouched(_pieces(features, tables.FEATURES, rollup.NEEDED), rates)
    rows = read_compact(features, tables.FEATURES, without=passed)
    believed = rollup.quantities(proteins, rows, rates, settings.get("organism") or "", passed)
    if not passed and believed.features.empty:
        return believed, None
    return believed, Source(believed.features, Path(features) if passed else None, tuple(sorted(passed)))


def searched(
    settings: dict[str, Any], proteins: pd.DataFrame
) -> tuple[dict[str, database.Database], list[dict[str, object]]]:
    """The searched database of every input that has one, and remarks on how it fits. Each file is read once.

    Raises InputError for a file that cannot be used, and for one that is not the database that was searched.
    """
    found: list[dict[str, object]] = []
    files: dict[str, database.Database] = {}
    held: dict[str, database.Database] = {}
    for item in settings.get("inputs") or []:
        path = item.get("fasta")
        if not path:
            continue
        if path not in files:
            files[path] = database.read(path, settings.get("organism") or "")
        held[item["name"]] = files[path]
        mine = proteins[proteins["input"].eq(item["name"])].drop_duplicates("protein_group")
        groups = mine[["accessions", "contaminant"]].astype("str")
        found += database.check_match(
            item["name"], groups["accessions"].tolist(), groups["contaminant"].tolist(), files[path], str(path)
        )
    return held, found


def _pieces(path: str | Path, table: tables.Table, columns: Sequence[str]) -> Iterator[pd.DataFrame]:
    """Some columns of a Parquet table in pieces, with the text as categories."""
    import pyarrow.parquet as pq

    text = [column for column in columns if table.columns[column] == "str"]
    with pq.ParquetFile(path, read_dictionary=text) as file:
        for group in range(file.num_row_groups):
            for batch in file.iter_batches(batch_size=ROWS, row_groups=[group], columns=list(columns)):
                yield batch.to_pandas()


def quantify(
    proteins: pd.DataFrame,
    sheet: SampleSheet,
    settings: dict[str, Any],
    peptides: Source | None = None,
    databases: Mapping[str, database.Database] | None = None,
) -> tuple[pd.DataFrame, list[dict[str, object]]]:
    """PROTEINS, their peptides and a sample sheet to ABUNDANCE (text columns as categories) and warnings.

    ``databases``: of the inputs that have one.
    """
    taken = runs.take_apart(proteins)
    joined = merge.combine(taken, sheet.rows, settings.get("quantity") or "auto")
    found = list(joined.warnings)
    found += _check_inputs(taken, sheet, settings.get("organism") or "")
    roles = {sample.name: sample.role for sample in sheet.samples}
    own = shares.analyte(joined.groups)
    quantity = np.where(own[:, None], joined.quantity, np.nan)
    observable = ibaq.observable_of_groups(joined.groups, database.join(databases.values())) if databases else None
    top3 = parts = None
    if peptides is not None and any(kind == "intensity" for kind in joined.kinds):
        known = ions.groups_of(proteins, taken)
        parts = ions.of_samples(peptides, known, sheet.rows, own)
        top3 = merge.combine(ibaq.with_top3(taken, peptides, known), sheet.rows, "intensity").quantity
        top3[np.isnan(quantity)] = np.nan
    logs, remarks = lfq.log2_lfq(quantity, [roles[name] for name in joined.samples], parts)
    frame, more = shares.quantify(joined, logs, observable, top3)
    counts = (~np.isnan(joined.quantity[own])).sum(axis=0)
    return frame, found + remarks + more + checks.check_samples(joined.samples, counts)


def _platelets(frame: pd.DataFrame, sheet: SampleSheet, resources: Path, organism: str) -> list[dict[str, object]]:
    columns = ["protein_group", "accessions", "genes", "organism"]
    groups = frame[columns].drop_duplicates("protein_group").astype("str")
    hits = panels.match(groups, panels.load(resources / "panels"), organism)
    members = hits.loc[hits["panel"].eq("platelet"), "protein_group"].unique()
    rows = frame[frame["protein_group"].isin(members)]
    sums = rows.groupby("sample", observed=True)["mass_fraction"].agg(lambda v: math.fsum(v.dropna().tolist()))
    shares = {str(name): float(share) for name, share in sums.items()}
    return origin.platelets(shares, {sample.name: sample.role for sample in sheet.samples}, organism)


def _check_inputs(taken: runs.Runs, sheet: SampleSheet, organism: str) -> list[dict[str, object]]:
    used = {(row.input, row.run) for row in sheet.rows}
    found: list[dict[str, object]] = []
    for source in sorted({source for source, _ in taken.runs}):
        chosen = [i for i, run in enumerate(taken.runs) if run[0] == source and run in used]
        here = np.zeros(len(taken.groups), dtype="bool")
        here[taken.group_of[np.isin(taken.run_of, chosen)]] = True
        found += checks.check_input(source, taken.groups[here], taken.wide(chosen)[here], organism)
    return found
