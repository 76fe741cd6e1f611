"""The stage quantify: protein quantities of runs become the composition of samples (tables/abundance.parquet)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from . import tables
from .quantification import abundance as shares
from .quantification import checks, lfq, merge, runs
from .samples import SampleSheet, read_samples


def run(
    settings: dict[str, Any],
    sheet: str | Path,
    proteins: str | Path,
    features: str | Path,
    resources: str | Path,
    abundance: str | Path,
    warnings: str | Path,
) -> None:
    """Read ``proteins`` and the sample ``sheet``; write ``abundance`` and ``warnings``.

    ``settings``: ``organism`` and, if wanted, ``quantity`` (auto | intensity | spectra). ``features`` and
    ``resources`` are part of every stage's call and not needed here. Raises InputError and SampleSheetError.
    """
    table = read_compact(proteins, tables.PROTEINS)
    # an input none of whose runs is in the table (nothing was identified in them) may still be named by the sheet
    named = {row.input for row in read_samples(sheet).rows if row.input}
    inputs = sorted(named | {str(name) for name in table["input"].unique()})
    samples = read_samples(sheet, inputs=inputs or None)
    frame, found = quantify(table, samples, settings)
    del table
    tables.write_table(frame, tables.ABUNDANCE, abundance)
    tables.write_table(pd.DataFrame(found), tables.WARNINGS, warnings)


def read_compact(path: str | Path, table: tables.Table) -> pd.DataFrame:
    """A Parquet table that ``tables.write_table`` wrote, with its text columns as categories.

    Five million rows (1,000 samples) take a fifth of the memory of plain text columns.
    """
    import pyarrow.parquet as pq

    text = [column for column, kind in table.columns.items() if kind == "str"]
    arrow = pq.read_table(path, columns=list(table.columns), read_dictionary=text).unify_dictionaries()
    return arrow.to_pandas()


def quantify(
    proteins: pd.DataFrame, sheet: SampleSheet, settings: dict[str, Any]
) -> tuple[pd.DataFrame, list[dict[str, object]]]:
    """PROTEINS and a sample sheet to ABUNDANCE (text columns as categories) and warnings."""
    taken = runs.take_apart(proteins)
    joined = merge.combine(taken, sheet.rows, settings.get("quantity") or "auto")
    found = list(joined.warnings)
    found += _check_inputs(taken, sheet, settings.get("organism") or "")
    roles = {sample.name: sample.role for sample in sheet.samples}
    own = shares.analyte(joined.groups)
    logs, remarks = lfq.log2_lfq(
        np.where(own[:, None], joined.quantity, np.nan), [roles[name] for name in joined.samples]
    )
    frame, more = shares.quantify(joined, logs)
    counts = (~np.isnan(joined.quantity[own])).sum(axis=0)
    return frame, found + remarks + more + checks.check_samples(joined.samples, counts)


def _check_inputs(taken: runs.Runs, sheet: SampleSheet, organism: str) -> list[dict[str, object]]:
    used = {(row.input, row.run) for row in sheet.rows}
    found: list[dict[str, object]] = []
    for source in sorted({source for source, _ in taken.runs}):
        chosen = [i for i, run in enumerate(taken.runs) if run[0] == source and run in used]
        here = np.zeros(len(taken.groups), dtype="bool")
        here[taken.group_of[np.isin(taken.run_of, chosen)]] = True
        found += checks.check_input(source, taken.groups[here], taken.wide(chosen)[here], organism)
    return found
