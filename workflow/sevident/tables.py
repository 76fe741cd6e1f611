"""The tables that the stages hand to each other: their columns, kinds and order, and how they are read and written.

One place fixes every name. Writing is atomic (a temporary name in the same folder, then a rename) and deterministic
(rows sorted by key, floats with a fixed format in text tables, no time stamps), so that the same input gives the
same bytes.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # pandas takes most of a second to import; light commands must not pay for it
    import pandas as pd

# Values of controlled columns.
ROLES = (
    "preparation",
    "source_fluid",
    "conditioned_medium",
    "producer_lysate",
    "process_blank",
    "qualified_reference",
)
REFERENCE_ROLES = ("source_fluid", "conditioned_medium", "producer_lysate", "process_blank")
CONTAMINANT_CLASSES = ("none", "process", "serum", "ambiguous")
EVIDENCE_KINDS = ("ms2", "matched", "imputed", "unknown")
STATUSES = ("detected", "not_detected", "not_searched", "not_assessable")
VERDICTS = ("small_ev", "secretome", "serum", "cell_debris", "indeterminate")
WARNING_LEVELS = ("info", "warning")


@dataclass(frozen=True)
class Table:
    """A table's contract: ``columns`` maps each column to its kind (str, float, int, bool) in file order; ``key``
    sorts.
    """

    name: str
    columns: dict[str, str]
    key: tuple[str, ...]


FEATURES = Table(
    "features",
    {
        "input": "str",
        "run": "str",
        "peptide": "str",
        "modified_sequence": "str",
        "charge": "int",
        "proteins": "str",  # accessions joined by ';'
        "protein_group": "str",  # the engine's own group, where it gives one
        "genes": "str",
        "intensity": "float",  # linear, the engine's quantity before normalisation across runs
        "spectra": "int",
        "score": "float",  # the engine's, higher is better; what decoys and targets are told apart by
        "q_value": "float",
        "is_decoy": "bool",
        "evidence": "str",
    },
    ("input", "run", "protein_group", "modified_sequence", "charge", "peptide"),
)
PROTEINS = Table(
    "proteins",
    {
        "input": "str",
        "run": "str",
        "protein_group": "str",  # unique within an input: the engine's identifier of the group
        "accessions": "str",  # clean UniProt accessions (or the engine's identifiers) joined by ';', first = leading
        "genes": "str",  # gene symbols joined by ';' in order of the accessions, as the engine wrote them
        "organism": "str",  # human, mouse, rat, bovine, ... or several joined by ';', empty = unknown
        "contaminant": "str",  # CONTAMINANT_CLASSES
        "evidence": "str",  # EVIDENCE_KINDS
        "intensity": "float",  # linear scale; null = nothing measured (zero and missing alike)
        "peptides": "int",  # razor + unique peptides of the group in the run; null = the table does not say
        "spectra": "int",
        "q_value": "float",
        "sequence_length": "float",  # residues of the leading protein
    },
    ("input", "run", "protein_group"),
)
ABUNDANCE = Table(
    "abundance",
    {
        "sample": "str",
        "protein_group": "str",
        "accessions": "str",
        "genes": "str",
        "organism": "str",
        "contaminant": "str",
        "mass_fraction": "float",  # share of the sample's summed intensity; analyte proteins sum to 1, others are null
        "molar_fraction": "float",
        "ibaq": "float",  # intensity per theoretically observable peptide; null where the database is not given
        "top3": "float",  # mean intensity of the three most intense peptides; null for fewer, and without peptides
        "log2_lfq": "float",
        "rank": "float",  # 1 = most abundant analyte protein of the sample, then downwards; null where not quantified
        "peptides": "int",
        "evidence": "str",
    },
    ("sample", "protein_group"),
)
SPECIES = Table(
    "species",
    {
        "sample": "str",
        "species": "str",
        "peptides": "int",  # distinct peptides of this species alone; null where the input has no peptides
        "intensity_share": "float",  # of the intensity of peptides that one species alone holds
        "apportioned_share": "float",  # shared peptides divided among their species; for bovine: serum_load_bovine
        "shared_share": "float",  # intensity that other species may hold as well, over all of known species
        "status": "str",  # searched | not_searched
        "note": "str",
    },
    ("sample", "species"),
)
INFERENCE = Table(
    "inference",
    {
        "input": "str",
        "accession": "str",
        "status": "str",  # leading | indistinguishable | subset | subsumable
        "protein_group": "str",  # its own; empty for subset and subsumable
        "explained_by": "str",  # the groups that hold its peptides, joined by ' | '
        "peptides": "int",
        "unique": "int",  # peptides of its group that no other group has
        "reason": "str",
    },
    ("input", "accession"),
)
MARKERS = Table(
    "markers",
    {
        "sample": "str",
        "panel": "str",
        "gene": "str",
        "accession": "str",
        "direction": "str",  # positive | negative | neutral, as the panel says
        "weight": "float",
        "status": "str",  # STATUSES
        "protein_group": "str",
        "mass_fraction": "float",
        "molar_fraction": "float",
        "rank_percentile": "float",  # 1 = most abundant protein of the sample, 0 = least; null where not detected
        "peptides": "int",
        "evidence": "str",
        "log2_vs_source_fluid": "float",
        "log2_vs_conditioned_medium": "float",
        "log2_vs_producer_lysate": "float",
        "log2_vs_process_blank": "float",
        "note": "str",  # why it is not assessable or not searched
    },
    ("sample", "panel", "gene"),
)
FAMILIES = Table(
    "families",
    {
        "sample": "str",
        "panel": "str",
        "title": "str",
        "axis": "str",  # identity | soluble | intracellular | species | descriptive
        "members": "int",
        "detected": "int",
        "not_detected": "int",
        "not_searched": "int",
        "not_assessable": "int",
        "mass_fraction": "float",
        "molar_fraction": "float",
        "median_rank_percentile": "float",
        "best_member": "str",
        "best_rank_percentile": "float",
        "peptides": "int",
        "matched_only": "int",  # members seen by matching between runs alone
        "log2_vs_source_fluid": "float",
        "log2_vs_conditioned_medium": "float",
        "log2_vs_producer_lysate": "float",
        "log2_vs_process_blank": "float",
    },
    ("sample", "panel"),
)
COMPARTMENTS = Table(
    "compartments",
    {
        "sample": "str",
        "compartment": "str",
        "title": "str",
        "proteins": "int",
        "mass_fraction": "float",
        "mass_fraction_low": "float",
        "mass_fraction_high": "float",
        "molar_fraction": "float",
    },
    ("sample", "compartment"),
)
SCORES = Table(
    "scores",
    {
        "sample": "str",
        "role": "str",
        "reference_mode": "str",  # paired | absolute
        "identity": "float",
        "identity_low": "float",
        "identity_high": "float",
        "purity": "float",
        "purity_low": "float",
        "purity_high": "float",
        "purity_soluble": "float",
        "purity_soluble_low": "float",
        "purity_soluble_high": "float",
        "purity_intracellular": "float",
        "purity_intracellular_low": "float",
        "purity_intracellular_high": "float",
        "p_small_ev": "float",
        "p_secretome": "float",
        "p_serum": "float",
        "p_cell_debris": "float",
        "verdict": "str",  # VERDICTS
        "reasons": "str",  # short sentences joined by ' | '
        "misev_minimum": "str",  # yes | no | not_assessable
        "proteins": "int",  # analyte protein groups quantified in the sample
    },
    ("sample",),
)
CONTRIBUTIONS = Table(
    "contributions",
    {
        "sample": "str",
        "quantity": "str",  # identity | purity_soluble | purity_intracellular | verdict
        "term": "str",  # the feature or panel
        "value": "float",
        "contribution": "float",  # log-odds
        "text": "str",
    },
    ("sample", "quantity", "term"),
)
SPECIFICATION = Table(
    "specification",
    {
        "specification": "str",
        "lot": "str",
        "sample": "str",
        "criterion": "str",
        "title": "str",
        "quantity": "str",
        "value": "float",
        "low": "float",
        "high": "float",
        "limit": "str",
        "unit": "str",
        "severity": "str",  # release | alert | information
        "result": "str",  # pass | fail | inconclusive | not_tested | not_assessable
        "reason": "str",
        "source": "str",
    },
    ("specification", "lot", "sample", "criterion"),
)
WARNINGS = Table(
    "warnings",
    {
        "stage": "str",
        "level": "str",  # WARNING_LEVELS
        "code": "str",  # snake_case, stable
        "subject": "str",  # sample, input or panel it is about
        "count": "int",
        "message": "str",  # one sentence for the reader of the report
    },
    ("stage", "level", "code", "subject", "message"),
)

ALL = {
    t.name: t
    for t in (
        FEATURES,
        PROTEINS,
        ABUNDANCE,
        SPECIES,
        INFERENCE,
        MARKERS,
        FAMILIES,
        COMPARTMENTS,
        SCORES,
        CONTRIBUTIONS,
        SPECIFICATION,
        WARNINGS,
    )
}


def empty(table: Table) -> pd.DataFrame:
    """A frame with the table's columns and kinds and no rows."""
    return conform({}, table)


def conform(frame: pd.DataFrame | dict, table: Table) -> pd.DataFrame:
    """The frame with exactly the table's columns, in order, of the right kinds, sorted by the table's key.

    Missing columns become null (text: empty); further columns raise KeyError: a stage must not smuggle columns past the
    contract. Text is never null.
    """
    import pandas as pd

    frame = pd.DataFrame(frame)
    surplus = [c for c in frame.columns if c not in table.columns]
    if surplus:
        raise KeyError(f"columns not in table {table.name}: {surplus}")
    data: dict[str, pd.Series] = {}
    for column, kind in table.columns.items():
        values: pd.Series
        if column in frame.columns:
            values = frame[column]
        elif kind == "bool":
            values = pd.Series(False, index=frame.index)
        else:
            values = pd.Series([None] * len(frame), index=frame.index, dtype="object")
        if kind == "str":
            data[column] = values.astype("str").where(values.notna(), "").astype("str")
        elif kind == "int":
            data[column] = pd.to_numeric(values).astype("Float64").round().astype("Int64")
        else:
            data[column] = values.astype("bool" if kind == "bool" else "float64")
    out = pd.DataFrame(data, columns=list(table.columns))
    return out.sort_values(list(table.key), kind="stable").reset_index(drop=True)


def write_atomically(path: str | Path, write: Callable[[Path], object]) -> None:
    """Call ``write`` on a temporary path beside ``path`` and rename the result into place; nothing half-written
    remains.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    os.close(handle)
    part = Path(name)
    try:
        write(part)
        part.chmod(0o666 & ~umask())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def umask() -> int:
    """The process's file mode mask: a temporary file that is renamed into place gets the mode of any other file."""
    current = os.umask(0)
    os.umask(current)
    return current


def write_table(frame: pd.DataFrame, table: Table, path: str | Path) -> None:
    """Write a frame by its contract: Parquet or TSV, by the ending of ``path``."""
    frame = conform(frame, table)
    path = Path(path)
    if path.suffix == ".parquet":
        import pyarrow as pa
        import pyarrow.parquet as pq

        def as_parquet(part: Path) -> None:
            arrow = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
            pq.write_table(arrow, part, compression="zstd")

        write_atomically(path, as_parquet)
    else:
        write_atomically(path, lambda part: part.write_text(to_tsv(frame), encoding="utf-8", newline=""))


def to_tsv(frame: pd.DataFrame) -> str:
    """The frame as TSV text that no spreadsheet takes for formulas (see ``spreadsheet_safe``); null is empty."""
    safe = frame.copy()
    for column in safe.columns:
        if not _is_numeric(safe[column]):
            # a long table repeats its texts: each is looked at once
            text = safe[column].where(safe[column].notna(), "").astype("str")
            safe[column] = text.map({value: spreadsheet_safe(value) for value in text.unique()})
    return safe.to_csv(sep="\t", index=False, float_format="%.10g", lineterminator="\n")


def _is_numeric(column: pd.Series) -> bool:
    import pandas as pd

    return pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column)


def spreadsheet_safe(text: object) -> str:
    """Text that a spreadsheet shows as text: a leading =, +, -, @ gets an apostrophe; tabs and line breaks become
    spaces.

    Source: OWASP, CSV Injection (the characters that start a formula in Excel, LibreOffice and Google Sheets).
    """
    clean = str(text)
    if any(character in clean for character in "\t\r\n"):
        clean = " ".join(clean.replace("\t", " ").splitlines())
    # a text that has apostrophes before such a sign gets one more, so that reading takes off exactly one
    return f"'{clean}" if clean.lstrip("'").startswith(("=", "+", "-", "@")) else clean


def _spreadsheet_undone(text: str) -> str:
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(("=", "+", "-", "@")) else text


def read_table(path: str | Path, table: Table) -> pd.DataFrame:
    """Read what ``write_table`` wrote; the apostrophes that protect spreadsheets are taken off again."""
    import pandas as pd

    path = Path(path)
    if path.suffix == ".parquet":
        return conform(pd.read_parquet(path), table)
    frame = pd.read_csv(path, sep="\t", dtype="str", keep_default_na=False, quotechar='"')
    for column, kind in table.columns.items():
        if kind == "str":
            # a long table repeats its texts: each is looked at once
            frame[column] = frame[column].map({text: _spreadsheet_undone(text) for text in frame[column].unique()})
        elif kind == "bool":
            frame[column] = frame[column].eq("True")
        else:
            frame[column] = pd.to_numeric(frame[column].replace("", None))
    return conform(frame, table)


def warning(
    stage: str, level: str, code: str, subject: str, message: str, count: int | None = None
) -> dict[str, object]:
    """One row of the WARNINGS table."""
    if level not in WARNING_LEVELS:
        raise ValueError(f"level {level!r} is not one of {WARNING_LEVELS}")
    return {"stage": stage, "level": level, "code": code, "subject": subject, "count": count, "message": message}
