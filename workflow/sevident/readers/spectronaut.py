"""Spectronaut: the long report (a row per precursor, or per fragment, and run) and the pivot report (columns of runs).

Source of the meanings: Biognosys, "Spectronaut manual", chapter on report column headers; the prefixes are R (run),
PG (protein group), PEP (peptide), EG (elution group), FG (fragment group), F (fragment). A report follows the locale
of the computer: decimal point or comma. Text under the name ``.xls`` is read as the text that it is.

Long report:

| column | used as |
|---|---|
| R.FileName, else R.Raw File Name, R.Label | run |
| PG.ProteinGroups, else PG.ProteinAccessions, PG.UniProtIds | protein_group, accessions, proteins |
| PG.Genes, PG.ProteinNames (or PG.FASTAName), PG.Organisms, PG.ProteinDescriptions | genes, organism |
| FG.MS2RawQuantity, else FG.MS1RawQuantity, else FG.Quantity, EG.TotalQuantity (Settings), ... | intensity |
| F.PeakArea of the fragments not in F.ExcludedFromQuantification, where there is none of these | intensity, summed |
| PEP.StrippedSequence, EG.ModifiedSequence (or EG.ModifiedPeptide, EG.PrecursorId), FG.Charge | peptide, ... |
| EG.Qvalue <= 0.01, PG.Qvalue <= 0.01 | what counts towards the proteins; the features keep everything |
| EG.Cscore (its discriminant score) | score |
| EG.IsDecoy, EG.IsImputed | is_decoy, evidence imputed (else ms2) |
| PG.Quantity, where no precursor has a quantity | intensity of the group; there are no features then |

A report with fragments repeats the precursor's quantity on every row: it is counted once. All but the raw quantities
are normalised across runs when the analysis was set so; a report does not say. Spectronaut counts no spectra.

The pivot report is described in ``spectronaut_pivot.py``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sevident.errors import InputError
from sevident.identifiers import parse_identifier, strip_isoform
from sevident.readers import scores
from sevident.readers.base import Grid, InputSpec, ReadResult, normalise, runs_by_name
from sevident.readers.numbers import parse_numbers, positive
from sevident.readers.projection import read_columns
from sevident.readers.rollup import Observations, all_decoys, bare_sequence, each, roll_up
from sevident.readers.source import Head, Source, read_head

if TYPE_CHECKING:
    from numpy.typing import NDArray

FORMAT = "spectronaut"
TITLE = "a Spectronaut report (long, or pivot)"
GROUP = ("PG.ProteinGroups", "PG.ProteinAccessions", "PG.UniProtIds")
GENES = ("PG.Genes",)
NAMES = ("PG.ProteinNames", "PG.FASTAName")
_RUN = ("R.FileName", "R.Raw File Name", "R.Label", "R.Run Label")
RAW = ("FG.MS2RawQuantity", "FG.MS1RawQuantity")  # never normalised across runs
QUANTITY = (
    *RAW,
    "FG.Quantity",
    "EG.TotalQuantity (Settings)",
    "EG.TargetQuantity (Settings)",
    "EG.Quantity",
    "FG.MS2Quantity",
    "FG.MS1Quantity",
)
GROUP_QUANTITY = ("PG.Quantity", "PG.MS2Quantity", "PG.MS1Quantity")
_SEQUENCE = (
    "EG.ModifiedSequence",
    "EG.ModifiedPeptide",
    "EG.PrecursorId",
    "FG.LabeledSequence",
    "PEP.StrippedSequence",
)
_PIVOT_COLUMN = re.compile(
    r"(?:\[\d+\] |X\.\d+\.\.)(?P<run>.+?)\.(?P<what>(?:PG|PEP|EG|FG|PTM)\.[A-Za-z0-9 ()_-]+)(?:\.\d+)?", re.IGNORECASE
)


def pivot_column(name: str) -> tuple[str, str] | None:
    """Run and quantity of a pivot's column ``[1] run.raw.PG.Quantity``; None for any other column."""
    match = _PIVOT_COLUMN.fullmatch(name)
    return (match["run"], match["what"]) if match else None


def layout(head: Head) -> str:
    """long, pivot, or nothing."""
    columns = {found[1].lower() for name in head.header if (found := pivot_column(name))}
    if columns:
        return "pivot" if any(not what.startswith("ptm.") for what in columns) else ""
    proteins = any(head.has(normalise(name)) for name in (*GROUP, *GENES))
    quantity = any(head.has(normalise(name)) for name in (*QUANTITY, "F.PeakArea", *GROUP_QUANTITY))
    own = sum(name.startswith(("r ", "pg ", "pep ", "eg ", "fg ", "f ")) for name in head.columns)
    run = any(head.has(normalise(name)) for name in _RUN)
    return "long" if run and proteins and quantity and own >= 4 else ""


def sniff(head: Head) -> bool:
    """Whether the columns are those of a long or pivot report."""
    return layout(head) != ""


def explain(head: Head) -> str:
    """What another Spectronaut table is, for the message of a refusal."""
    if any((found := pivot_column(name)) and found[1].lower().startswith("ptm.") for name in head.header):
        return "this is Spectronaut's report of modification sites; give the report of protein groups or precursors"
    if any(name.startswith(("pg protein", "pg genes", "pg uniprotids")) for name in head.columns):
        return (
            "this looks like a Spectronaut report without runs or quantities; export it with R.FileName, "
            "PG.ProteinGroups, EG.PrecursorId and FG.Quantity"
        )
    return ""


def read(source: Source, spec: InputSpec) -> ReadResult:
    """Read a Spectronaut report; features come from reports of precursors. Raises InputError."""
    head = read_head(source, sheet=spec.sheet, skip_rows=spec.skip_rows)
    if layout(head) == "pivot":
        from sevident.readers.spectronaut_pivot import read_pivot

        return read_pivot(source, spec)
    warnings: list[dict[str, object]] = []
    quantity = next((name for name in QUANTITY if head.has(normalise(name))), "")
    sequence = next((name for name in _SEQUENCE if head.has(normalise(name))), "")
    fragments = not quantity and head.has(normalise("F.PeakArea")) and sequence != ""
    if fragments:
        quantity = "F.PeakArea"
    if not quantity or not sequence:
        from sevident.readers.spectronaut_pivot import read_groups

        return read_groups(source, spec, _RUN)
    wanted = {
        normalise(name)
        for name in (
            *_RUN, *GROUP, *GENES, *NAMES, *_SEQUENCE, "PG.Organisms", "PG.OrganismId", "PG.ProteinDescriptions",
            "PG.Qvalue", "EG.Qvalue", "EG.Cscore", "EG.IsDecoy", "EG.IsImputed", "FG.Charge", "FG.LabeledSequence",
            quantity, *(("F.ExcludedFromQuantification", "F.FrgIon", "F.FrgLossType", "F.Charge") if fragments else ()),
        )
    }  # fmt: skip
    repeated = not fragments and any(name.startswith("f ") for name in head.columns)
    grid = read_columns(
        source,
        lambda name: name in wanted,
        sheet=spec.sheet,
        skip_rows=spec.skip_rows,
        distinct=repeated,
        memory_limit=spec.memory_limit,
    )
    warnings += grid.short_rows_remarks(spec)
    frame = _precursors(grid, quantity, sequence, fragments, spec, warnings)
    if quantity not in RAW and not fragments:
        text = (
            f"Intensities are {quantity}, which Spectronaut normalises across runs when the analysis is set so; "
            "FG.MS2RawQuantity is not in the report."
        )
        warnings.append(spec.warn("info", "normalisation_unknown", text))
    if repeated:
        text = f"The report has a row per fragment; it holds {len(frame)} precursors of runs, which count once each."
        warnings.append(spec.warn("info", "fragment_rows", text, len(frame)))
    found = Observations(frame, grid.where, "precursor rows", q_name="EG.Qvalue", group_q_name="PG.Qvalue")
    offered = [name for name in (*QUANTITY, "F.PeakArea", *GROUP_QUANTITY) if head.has(normalise(name))]
    q_columns = [name for name in head.header if "qvalue" in name.lower()]
    facts: dict[str, Any] = {"level": "peptide", "quantity": quantity, "quantities_offered": offered}
    return roll_up(found, spec, warnings, "Spectronaut", q_columns=q_columns, **facts)


def _precursors(
    grid: Grid, quantity: str, sequence: str, fragments: bool, spec: InputSpec, warnings: list[dict[str, object]]
) -> pd.DataFrame:
    """One observation per precursor and run."""
    position = grid.find(quantity)
    if position is None:
        raise missing_column(grid, quantity)
    intensity = quantities(grid, [position])[:, 0]
    if fragments:
        excluded = np.array(grid.flags(grid.find("F.ExcludedFromQuantification")), dtype=bool)
        if excluded.any():
            lost = float(np.nansum(intensity[excluded]))
            text = f"{int(excluded.sum())} fragments are excluded from quantification; their area is {lost:.6g}."
            warnings.append(spec.warn("info", "fragments_excluded", text, int(excluded.sum())))
        intensity[excluded] = np.nan
    runs = pd.Series(grid.text(grid.find(*_RUN)))
    modified = [text.strip("_") for text in grid.text(grid.find(sequence))]
    labelled = [text.strip("_") for text in grid.text(grid.find("FG.LabeledSequence"))]
    bare = pd.Series(grid.text(grid.find("PEP.StrippedSequence")))
    form = pd.Series([other or one for one, other in zip(modified, labelled, strict=True)])
    frame = proteins_of(grid).assign(
        run=runs.map(runs_by_name(runs)),
        peptide=bare.where(bare != "", each(bare_sequence, form)),
        modified_sequence=form,
        charge=_numbers(grid, "FG.Charge"),
        intensity=intensity,
        score=scores.of_column(grid, spec, warnings, "EG.Cscore"),
        q_value=_numbers(grid, "EG.Qvalue"),
        group_q=_numbers(grid, "PG.Qvalue"),
        evidence=np.where(np.array(grid.flags(grid.find("EG.IsImputed")), dtype=bool), "imputed", "ms2"),
    )
    frame["is_decoy"] |= np.array(grid.flags(grid.find("EG.IsDecoy")), dtype=bool)
    return frame


def quantities(grid: Grid, positions: list[int]) -> NDArray:
    """Columns of quantities; nan where a cell is empty, 0, or says Filtered or Profiled. Raises InputError."""
    for position in positions:
        column = grid.frame[position]
        if not pd.api.types.is_numeric_dtype(column):
            blank = column.astype("str").str.strip().str.lower().isin(["filtered", "profiled"])
            grid.frame[position] = column.mask(blank)
    values = positive(grid, positions, "Spectronaut")
    return values


def proteins_of(grid: Grid) -> pd.DataFrame:
    """group, ids, members, genes, headers and is_decoy of every row."""
    written = pd.Series(grid.text(grid.find(*GROUP)))
    genes = pd.Series(grid.text(grid.find(*GENES)))
    names = pd.Series(grid.text(grid.find(*NAMES)))
    organism = pd.Series(grid.text(grid.find("PG.Organisms")))
    ids = each(library_ids, written)
    table = pd.DataFrame({"ids": ids, "names": names, "organism": organism})
    different = table.drop_duplicates()
    headers = {
        (one.ids, one.names, one.organism): _headers(one.ids, one.names, one.organism)  # type: ignore[arg-type]
        for one in different.itertuples(index=False)
    }
    return pd.DataFrame(
        {
            "group": written.where(written != "", genes),
            "ids": ids,
            "members": ids,
            "genes": genes,
            "headers": [headers[key] for key in zip(ids, names, organism, strict=True)],
            "is_decoy": each(all_decoys, ids).astype(bool),
        }
    )


def library_ids(text: str) -> str:
    """Identifiers of a spectral library: ``2/sp|P1|A_HUMAN/sp|P2|B_HUMAN`` becomes a list joined by ``;``."""
    match = re.fullmatch(r"\d+/(.+)", text)
    return ";".join(match[1].split("/")) if match else text


def _headers(ids: str, names: str, organism: str) -> str:
    """FASTA headers of the proteins, as far as a report gives them: entry name and organism."""
    members = [parse_identifier(member).accession for member in ids.split(";") if member.strip()]
    entries, species = names.split(";"), organism.split(";")
    if len(entries) != len(members):  # isoforms of one protein share its name
        one_protein = len(entries) == 1 and len({strip_isoform(member) for member in members}) == 1
        entries = entries * len(members) if one_protein else [""] * len(members)
    if len(species) != len(members):
        species = species * len(members) if len(species) == 1 else [""] * len(members)
    return ";".join(
        f"db|{member}|{entry.strip()}" + (f" x OS={os.strip()}" if os.strip() else "")
        for member, entry, os in zip(members, entries, species, strict=True)
    )


def _numbers(grid: Grid, name: str) -> NDArray:
    position = grid.find(name)
    return np.full(len(grid.frame), np.nan) if position is None else quantities_or_zero(grid, position)


def quantities_or_zero(grid: Grid, position: int) -> NDArray:
    """A column of numbers in which 0 is a value (q-values, counts)."""
    column = grid.frame[position]
    if not pd.api.types.is_numeric_dtype(column):
        blank = column.astype("str").str.strip().str.lower().isin(["filtered", "profiled"])
        grid.frame[position] = column.mask(blank)
    return parse_numbers(grid, [position])[:, 0]


def missing_column(grid: Grid, names: str) -> InputError:
    """The error for a report that lacks a column."""
    return InputError(
        f"The report has no column {names}.",
        where=grid.where,
        found=f"columns {', '.join(repr(n) for n in grid.header[:10])}",
        advice="add it to the report's schema in Spectronaut and export again",
    )
