"""How the tables that the stages hand to each other (``sevident.contracts``) are read and written.

Writing is atomic (a temporary name in the same folder, then a rename) and deterministic
(rows sorted by key, floats with a fixed format in text tables, no time stamps), so that the same input gives the
same bytes.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sevident.contracts import (  # the stages name the contracts as tables.SCORES and so on
    ABUNDANCE,
    ALL,
    CELL_SIGNS,
    COMPARABILITY,
    COMPARTMENTS,
    CONTAMINANT_CLASSES,
    CONTRIBUTIONS,
    EQUIVALENCE,
    EVIDENCE_KINDS,
    FAMILIES,
    FEATURES,
    INFERENCE,
    LOTS,
    MARKERS,
    NEIGHBOURS,
    PROTEINS,
    REFERENCE_ROLES,
    RESULTS,
    RISK_KINDS,
    RISK_STATUSES,
    RISKS,
    ROLES,
    SCORES,
    SOURCE_CELL,
    SPECIES,
    SPECIFICATION,
    STATUSES,
    SUBTYPES,
    VERDICTS,
    WARNING_LEVELS,
    WARNINGS,
    Table,
)
from sevident.errors import InputError

if TYPE_CHECKING:  # pandas takes most of a second to import; light commands must not pay for it
    import pandas as pd

__all__ = [
    "ABUNDANCE",
    "ALL",
    "CELL_SIGNS",
    "COMPARABILITY",
    "COMPARTMENTS",
    "CONTAMINANT_CLASSES",
    "CONTRIBUTIONS",
    "EQUIVALENCE",
    "EVIDENCE_KINDS",
    "FAMILIES",
    "FEATURES",
    "INFERENCE",
    "LOTS",
    "MARKERS",
    "NEIGHBOURS",
    "PROTEINS",
    "REFERENCE_ROLES",
    "RESULTS",
    "RISKS",
    "RISK_KINDS",
    "RISK_STATUSES",
    "ROLES",
    "SCORES",
    "SOURCE_CELL",
    "SPECIES",
    "SPECIFICATION",
    "STATUSES",
    "SUBTYPES",
    "VERDICTS",
    "WARNINGS",
    "WARNING_LEVELS",
    "Table",
    "begin",
    "conform",
    "empty",
    "read_columns",
    "read_compact",
    "read_table",
    "settle",
    "spreadsheet_safe",
    "to_tsv",
    "umask",
    "warning",
    "write_atomically",
    "write_table",
]


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
        else:
            nothing = {"bool": False, "str": ""}.get(kind, float("nan"))
            values = pd.Series(nothing, index=frame.index, dtype="str" if kind == "str" else None)
        if kind == "str":
            texts = values.astype("str")
            data[column] = texts.where(values.notna(), "").astype("str") if values.isna().any() else texts
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
    part = begin(path)
    try:
        write(part)
        settle(part, path)
    finally:
        part.unlink(missing_ok=True)


def begin(path: Path) -> Path:
    """A new temporary file beside ``path``, whose folder is made; what a killed run left of the kind is deleted.

    A result has one writer at a time (Snakemake locks its folder). Were there two, the first would end with an error
    when it finds its file gone, and nothing would be mixed.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    start, end = f".{path.name}.", ".part"
    for left in path.parent.iterdir():
        # mkstemp's own part of the name has no dot: 'a.tsv' must not take what is of 'a.tsv.gz'
        if left.name.startswith(start) and left.name.endswith(end) and "." not in left.name[len(start) : -len(end)]:
            left.unlink(missing_ok=True)
    handle, name = tempfile.mkstemp(prefix=start, suffix=end, dir=path.parent)
    os.close(handle)
    return Path(name)


def settle(part: Path, path: Path) -> None:
    """Give the finished temporary file its name. It is on the disk before that: a machine that loses its power must not
    keep the name and lose the content.
    """
    with part.open("rb") as file:
        os.fsync(file.fileno())
    part.chmod(0o666 & ~umask())
    part.replace(path)


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
    """Read what ``write_table`` wrote; the apostrophes that protect spreadsheets are taken off again.

    Raises InputError when the file has other columns: another version of the workflow wrote it.
    """
    import pandas as pd

    path = Path(path)
    if path.suffix == ".parquet":
        return conform(_checked(pd.read_parquet(path), table, path), table)
    frame = pd.read_csv(path, sep="\t", dtype="str", keep_default_na=False, quotechar='"')
    _checked(frame, table, path)
    for column, kind in table.columns.items():
        if kind == "str":
            # a long table repeats its texts: each is looked at once
            frame[column] = frame[column].map({text: _spreadsheet_undone(text) for text in frame[column].unique()})
        elif kind == "bool":
            frame[column] = frame[column].eq("True")
        else:
            frame[column] = pd.to_numeric(frame[column].replace("", None))
    return conform(frame, table)


def read_columns(path: str | Path, table: Table, columns: Sequence[str]) -> pd.DataFrame:
    """Some columns of a TSV table that ``write_table`` wrote, in its row order, text as categories ordered by name.

    For long tables: four million rows (the markers of 1,000 samples) take a tenth of the time and of the memory of
    ``read_table``. Raises InputError as that does, ValueError for a column that is neither text nor float.
    """
    import csv

    import pandas as pd
    import pyarrow as pa
    import pyarrow.csv as arrow_csv

    path = Path(path)
    kinds = {"str": pa.dictionary(pa.int32(), pa.string()), "float": pa.float64()}
    if other := [c for c in columns if table.columns[c] not in kinds]:
        raise ValueError(f"neither text nor float: {', '.join(other)}")
    with path.open(encoding="utf-8", newline="") as file:
        _checked(pd.DataFrame(columns=next(csv.reader(file, delimiter="\t"), [])), table, path)
    rows = arrow_csv.read_csv(
        path,
        parse_options=arrow_csv.ParseOptions(delimiter="\t"),
        convert_options=arrow_csv.ConvertOptions(
            include_columns=list(columns),
            column_types={c: kinds[table.columns[c]] for c in columns},
            null_values=[""],
            strings_can_be_null=False,
        ),
    )
    frame = rows.unify_dictionaries().to_pandas()
    for column in columns:
        if table.columns[column] == "str":
            texts = [_spreadsheet_undone(str(text)) for text in frame[column].cat.categories]
            frame[column] = frame[column].cat.rename_categories(texts).cat.set_categories(sorted(texts))
    return frame


def read_compact(
    path: str | Path, table: Table, columns: Sequence[str] | None = None, without: Iterable[str] = ()
) -> pd.DataFrame:
    """A Parquet table that ``tables.write_table`` wrote, with its text columns as categories.

    Five million rows (1,000 samples) take a fifth of the memory of plain text columns. ``columns``: those wanted, if
    not all; ``without``: inputs whose rows are left out.
    """
    import pyarrow.parquet as pq

    wanted = list(table.columns if columns is None else columns)
    text = [column for column in wanted if table.columns[column] == "str"]
    filters = [("input", "not in", sorted(without))] if without else None
    arrow = pq.read_table(path, columns=wanted, read_dictionary=text, filters=filters).unify_dictionaries()
    return arrow.to_pandas()


def _checked(frame: pd.DataFrame, table: Table, path: Path) -> pd.DataFrame:
    lacking = [c for c in table.columns if c not in frame.columns]
    surplus = [str(c) for c in frame.columns if c not in table.columns]
    if lacking or surplus:
        raise InputError(
            f"the table '{table.name}' does not have the columns of this version of sEVident",
            where=str(path),
            found=f"not there: {', '.join(lacking) or 'none'}; not known: {', '.join(surplus) or 'none'}",
            advice="another version wrote it: run the workflow again",
        )
    return frame


def warning(
    stage: str, level: str, code: str, subject: str, message: str, count: int | None = None
) -> dict[str, object]:
    """One row of the WARNINGS table."""
    if level not in WARNING_LEVELS:
        raise ValueError(f"level {level!r} is not one of {WARNING_LEVELS}")
    return {"stage": stage, "level": level, "code": code, "subject": subject, "count": count, "message": message}
