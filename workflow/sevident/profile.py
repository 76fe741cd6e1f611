"""The stage profile: marker panels and compartments of every sample (tables/markers, families and compartments.tsv)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from . import panels, tables
from .profiling import compartments, families, markers, memberships
from .profiling.composition import Composition, compose
from .samples import SampleSheet, read_samples
from .tables import read_compact, warning

if TYPE_CHECKING:
    from numpy.typing import NDArray

STAGE = "profile"
# No sample of some twenty public studies had more than 0.49 of its protein mass unexplained by a reference that had
# not seen its laboratory.
MOSTLY_UNEXPLAINED = 0.6
_UNMATCHABLE = 0.1  # share of protein groups without gene and UniProt accession from which on it is a warning
# Share of protein groups that are members of a marker panel (the compartments' long lists apart); whole tables: 0.04
# to 0.25.
_SHARE_OF_LIST = 0.5
_FEWEST_FOR_LIST = 50
_SAMPLES_AT_ONCE = 50  # when markers are written


@dataclass(frozen=True)
class Profile:
    """Frames by tables.MARKERS, FAMILIES and COMPARTMENTS (text columns may be categories) and rows of WARNINGS."""

    markers: pd.DataFrame
    families: pd.DataFrame
    compartments: pd.DataFrame
    warnings: list[dict[str, object]]


def run(
    settings: dict[str, Any],
    sheet: str | Path,
    abundance: str | Path,
    proteins: str | Path,
    resources: str | Path,
    markers: str | Path,
    families: str | Path,
    compartments: str | Path,
    warnings: str | Path,
) -> None:
    """Read ``abundance`` and the sample ``sheet``; write ``markers``, ``families``, ``compartments`` and ``warnings``.

    ``settings``: organism, inputs (name and, where there is one, fasta), and if wanted seed. Of ``proteins`` only the
    protein groups of each input are read. Raises PanelError, SampleSheetError, and InputError for a FASTA file that
    cannot be used.
    """
    registry = panels.load(Path(resources) / "panels")
    organism = str(settings.get("organism") or "")
    samples = read_samples(sheet, inputs=[item["name"] for item in settings["inputs"]])
    composition = compose(read_compact(abundance, tables.ABUNDANCE), [s.name for s in samples.samples])
    result = profile(
        composition,
        samples,
        registry,
        organism=organism,
        held=_groups_of_inputs(proteins),
        databases=_databases(settings["inputs"], registry, organism),
        seed=int(settings.get("seed") or 1),
        learned=memberships.load(Path(resources) / "reference" / memberships.FILE),
    )
    _write_markers(result.markers, markers)
    tables.write_table(result.families, tables.FAMILIES, families)
    tables.write_table(result.compartments, tables.COMPARTMENTS, compartments)
    tables.write_table(pd.DataFrame(result.warnings), tables.WARNINGS, warnings)


def _write_markers(table: pd.DataFrame, path: str | Path) -> None:
    """Write the table MARKERS as ``tables.write_table`` would, a few samples at a time.

    Of 1,000 samples it has millions of rows; as plain text they would take several times the memory of the categories.
    """
    samples = sorted(table["sample"].unique())
    if Path(path).suffix == ".parquet" or not samples:
        tables.write_table(table, tables.MARKERS, path)
        return

    def write(part: Path) -> None:
        with part.open("w", encoding="utf-8", newline="") as handle:
            for start in range(0, len(samples), _SAMPLES_AT_ONCE):
                rows = table[table["sample"].isin(samples[start : start + _SAMPLES_AT_ONCE])]
                frame = tables.conform(rows, tables.MARKERS)
                # pandas formats numbers one by one, missing ones too: a column without any is written as empty text
                blank = [str(column) for column in frame if frame[column].isna().all()]
                text = tables.to_tsv(frame.assign(**dict.fromkeys(blank, "")))
                handle.write(text if start == 0 else text.partition("\n")[2])

    tables.write_atomically(path, write)


def profile(
    composition: Composition,
    sheet: SampleSheet,
    registry: panels.Registry,
    *,
    organism: str,
    held: Mapping[str, set[str]],
    databases: Mapping[str, set[tuple[str, str]]],
    seed: int = 1,
    learned: memberships.Memberships | None = None,
) -> Profile:
    """Profile the samples of a study. Pure.

    ``held``: for each input its protein groups; ``databases``: for inputs with a FASTA the (panel, gene) pairs in it;
    ``learned``: the reference's memberships; without them every protein stays whole in the compartment of its panel.
    """
    matches = panels.match(composition.groups, registry, organism)
    in_table = {name: _present(composition, name, groups) for name, groups in held.items()}
    # groups that quantify inferred stand in no input's table: an input holds those that were quantified in its samples
    inferred = ~np.any(list(in_table.values()), axis=0) if in_table else np.zeros(len(composition.groups), dtype=bool)
    for name, listed_groups in in_table.items():
        mine = [any(run_input == name for run_input, _ in s.runs) for s in sheet.samples]
        in_table[name] = listed_groups | (inferred & ~np.isnan(composition.mass[:, mine]).all(axis=1))
    measured = markers.measure(
        composition,
        registry.members,
        matches,
        samples=sheet.samples,
        in_table=in_table,
        databases=databases,
    )
    place = compartments.assign(composition.groups, registry.index, matches, organism)
    titles = compartments.names(registry.index)
    division = memberships.divide(composition.groups, place, list(titles), learned, registry, organism)
    shares = compartments.table(composition, division, titles, seed)
    found = _remarks(composition, measured, matches, registry, organism) + _unexplained(shares)
    if learned is None:
        message = (
            "The reference holds no memberships: every protein counts whole for one compartment, and actin, annexins "
            "and other proteins that are partly vesicular do not count as vesicular."
        )
        found.append(warning(STAGE, "warning", "no_memberships", "study", message))
    listed = measured.searched | ~measured.members["panel"].isin(_compartment_panels(registry)).to_numpy()
    if not listed.all():
        left_out = int((~listed).sum())
        message = (
            f"{left_out} members of compartment panels are in no input of the study (nor in a searched database, if "
            "one was given); they are counted in the table of families and not listed in the table of markers."
        )
        found.append(warning(STAGE, "info", "members_not_listed", "study", message, left_out))
    return Profile(
        markers.table(composition, measured, sheet.samples, organism, listed),
        families.table(composition, measured, registry.index, sheet.samples),
        shares,
        found,
    )


def _compartment_panels(registry: panels.Registry) -> list[str]:
    """The panels that define a compartment: long lists of what a place holds, not markers one by one."""
    return registry.index.loc[registry.index["compartment"].ne(""), "panel"].tolist()


def _present(composition: Composition, name: str, groups: set[str]) -> NDArray[np.bool_]:
    """Which protein groups an input holds; a group that quantify kept apart carries the input's name (``id@input``)."""
    identifiers = composition.groups["protein_group"]
    known = groups | {f"{group}@{name}" for group in groups}
    return identifiers.isin(list(known)).to_numpy()


def _groups_of_inputs(proteins: str | Path) -> dict[str, set[str]]:
    """The protein groups of each input; two columns of a large table, each pair once."""
    import pyarrow.parquet as pq

    columns = ["input", "protein_group"]
    pairs = pq.read_table(proteins, columns=columns, read_dictionary=columns).unify_dictionaries()
    distinct = pairs.group_by(columns).aggregate([]).to_pandas().astype("str")
    return {str(name): set(part["protein_group"]) for name, part in distinct.groupby("input")}


def _databases(
    inputs: list[dict[str, Any]], registry: panels.Registry, organism: str
) -> dict[str, set[tuple[str, str]]]:
    """For every input with a FASTA the panel members that it holds. Each file is read once."""
    found: dict[str, set[tuple[str, str]]] = {}
    read: dict[str, set[tuple[str, str]]] = {}
    for item in inputs:
        path = item.get("fasta")
        if not path:
            continue
        if str(path) not in read:
            from .identifiers import read_fasta

            entries = read_fasta(path)
            groups = pd.DataFrame(
                {
                    "protein_group": list(entries),
                    "accessions": list(entries),
                    "genes": [e.gene for e in entries.values()],
                    "organism": [e.organism for e in entries.values()],
                }
            )
            hits = panels.match(groups, registry, organism)
            read[str(path)] = set(zip(hits["panel"], hits["gene"], strict=True))
        found[item["name"]] = read[str(path)]
    return found


def _remarks(
    composition: Composition,
    measured: markers.Measured,
    matches: pd.DataFrame,
    registry: panels.Registry,
    organism: str,
) -> list[dict[str, object]]:
    from .identifiers import looks_like_accession

    found: list[dict[str, object]] = []
    genes = measured.members["gene"]
    seen = int(genes.iloc[np.flatnonzero((measured.best >= 0).any(axis=1))].nunique())
    total = int(genes.nunique())
    message = f"{seen} of {total} marker proteins of all panels were detected in at least one sample."
    found.append(warning(STAGE, "info", "markers_found", "study", message, seen))
    if organism not in panels.ORGANISMS:
        message = (
            f"The registry has no accessions for the organism '{organism}'; markers are found by gene symbol alone, "
            "and differently named orthologues are missed."
        )
        found.append(warning(STAGE, "warning", "organism_without_panels", "study", message, 0))
    own = composition.groups["contaminant"].ne("process").to_numpy() & ~np.isnan(composition.mass).all(axis=1)
    groups = composition.groups.iloc[np.flatnonzero(own)]
    if not len(groups):
        return found
    if matches.empty:
        message = (
            f"None of {len(groups)} protein groups is a member of any panel. Check `organism` and the columns of "
            "protein and gene names; nothing can be judged from this table."
        )
        found.append(warning(STAGE, "warning", "no_marker_matched", "study", message, len(groups)))
    plain = groups["genes"].eq("") & ~groups["accessions"].map(lambda t: any(map(looks_like_accession, t.split(";"))))
    if plain.any():
        level = "warning" if plain.mean() > _UNMATCHABLE else "info"
        message = (
            f"{int(plain.sum())} of {len(groups)} protein groups have neither a gene symbol nor a UniProt accession; "
            "they cannot be matched to any panel."
        )
        found.append(warning(STAGE, level, "groups_not_matchable", "study", message, int(plain.sum())))
    of_markers = matches[~matches["panel"].isin(_compartment_panels(registry))]
    member = groups["protein_group"].isin(of_markers["protein_group"])
    if len(groups) >= _FEWEST_FOR_LIST and member.mean() > _SHARE_OF_LIST:
        message = (
            f"{int(member.sum())} of {len(groups)} protein groups are marker proteins: the table seems to be cut "
            "down to a list of markers. Shares and ranks within such a list say little about the preparation."
        )
        found.append(warning(STAGE, "warning", "rows_filtered", "study", message, int(member.sum())))
    return found


def _unexplained(shares: pd.DataFrame) -> list[dict[str, object]]:
    rows = shares[shares["compartment"].eq(compartments.UNEXPLAINED) & (shares["mass_fraction"] > MOSTLY_UNEXPLAINED)]
    return [
        warning(
            STAGE,
            "warning",
            "mostly_unexplained",
            sample,
            f"{share:.0%} of the protein mass of sample '{sample}' is explained by no panel and no reference "
            "profile; its composition rests on the remainder.",
            count,
        )
        for sample, share, count in zip(
            rows["sample"].tolist(), rows["mass_fraction"].tolist(), rows["proteins"].tolist(), strict=True
        )
    ]
