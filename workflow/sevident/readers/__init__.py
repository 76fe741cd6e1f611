"""Readers of search results: one module per format, a registry, and recognition by content.

A reader module has ``FORMAT`` (its name in the configuration), ``TITLE`` (what a user calls it), ``sniff(head) ->
bool`` and ``read(source, spec) -> ReadResult``; optionally ``explain(head) -> str``, a hint when a file is nearly but
not quite its own. To add a format, write the module and add its name to ``FORMATS``; recognition asks in that order,
``matrix`` last.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from types import ModuleType

from sevident import tables
from sevident.errors import ConfigurationError, InputError, clip, did_you_mean
from sevident.readers.base import InputSpec, ReadResult
from sevident.readers.source import Head, Source, read_head

__all__ = ["FORMATS", "InputSpec", "ReadResult", "Source", "detect", "read", "write"]

FORMATS = (
    "maxquant",
    "diann",
    "fragpipe",
    "sage",
    "msstats",
    "skyline",
    "alphadia",
    "alphapept",
    "percolator",
    "qpx",
    "spectronaut",
    "proteome_discoverer",
    "peaks",
    "mztab",
    "mzidentml",
    "pepxml",
    "protxml",
    "idxml",
    "matrix",
)

# Tables that we know by their columns and cannot read yet: title, columns that must all be there (normalised).
_FOREIGN = (("a sample annotation (SDRF), not a search result", ("source name", "assay name")),)

_ENGINES = (
    "MaxQuant, DIA-NN, FragPipe, Spectronaut, Proteome Discoverer, Sage, PEAKS, Skyline, MSstats, AlphaDIA, AlphaPept, "
    "Percolator or QPX, or mzTab, mzIdentML, pepXML, protXML or idXML"
)
_MATRIX_ADVICE = (
    "for a table of proteins by samples set `format: matrix` and `columns: {gene: ..., protein: ..., runs: ...}`; "
    "else give the engine's own file (`sevident inspect FILE` says what a file is)"
)
_TABLE_ADVICE = (
    "give the engine's own table (`sevident inspect FILE` says what a file is), or a table of proteins by samples with "
    "`format: matrix`"
)


def module(name: str) -> ModuleType:
    """The reader of a format; raises ConfigurationError for a name that is none."""
    if name not in FORMATS:
        raise ConfigurationError(
            f"There is no reader for the format '{name}'.",
            expected=f"auto, {', '.join(FORMATS)}",
            advice=f"{did_you_mean(name, FORMATS)} Any table of proteins by samples can be read with `format: matrix`.",
        )
    return import_module(f"sevident.readers.{name}")


def detect(path: str | Path) -> str:
    """The format of a file, from its content alone; raises InputError when no reader knows it."""
    return _detect(read_head(Source(path)))


def read(spec: InputSpec) -> ReadResult:
    """Read one search result by the format that the configuration names, or by the one its content has."""
    reader, source, remarks = _open(spec)
    result: ReadResult = reader.read(source, spec)
    result.warnings[:0] = remarks
    return result


def write(spec: InputSpec, proteins: Path, features: Path) -> list[dict[str, object]]:
    """Read one search result into the Parquet files of its two tables; returns the warnings.

    A reader of files that may be larger than memory has ``write(source, spec, proteins, features) -> warnings`` beside
    ``read``, and ``writes(source, spec)``, which tells whether it does so for this file.
    """
    reader, source, remarks = _open(spec)
    if hasattr(reader, "write") and reader.writes(source, spec):
        return remarks + reader.write(source, spec, proteins, features)
    result: ReadResult = reader.read(source, spec)
    found = result.features if result.features is not None else tables.empty(tables.FEATURES)
    tables.write_table(result.proteins, tables.PROTEINS, proteins)
    tables.write_table(found, tables.FEATURES, features)
    return remarks + result.warnings


def _open(spec: InputSpec) -> tuple[ModuleType, Source, list[dict[str, object]]]:
    if spec.format != "auto":
        module(spec.format)
    source = Source(spec.path)
    head = read_head(source, sheet=spec.sheet, skip_rows=spec.skip_rows)
    name = spec.format if spec.format != "auto" else _detect(head)
    reader = module(name)
    if spec.format not in ("auto", "matrix") and not reader.sniff(head):
        _refuse(reader, head)
    if spec.format != "auto":
        return reader, source, []
    return reader, source, [spec.warn("info", "format_recognised", f"The file was recognised as {reader.TITLE}.")]


def _detect(head: Head) -> str:
    for name in FORMATS[:-1]:
        if module(name).sniff(head):
            return name
    foreign = next((title for title, columns in _FOREIGN if head.has(*columns)), "")
    hints = [hint for name in FORMATS[:-1] if (hint := module(name).explain(head))]
    if not foreign and not hints and module("matrix").sniff(head):
        return "matrix"
    shown = _columns(head)
    kind = {
        "xml": "XML",
        "binary": "binary content",
        "xls": "an old binary Excel workbook",
        "sqlite": "a SQLite database",
    }
    found = kind.get(head.kind, f"columns {shown}" if head.header else "no table")
    raise InputError(
        "The format of the file is not recognised.",
        where=str(head.source.path),
        found=(f"{foreign}, which this version has no reader for; " if foreign else "") + found,
        expected=f"a result of {_ENGINES}",
        advice=hints[0] if hints else _MATRIX_ADVICE if head.header else _TABLE_ADVICE,
    )


def _refuse(reader: ModuleType, head: Head) -> None:
    try:
        other = _detect(head)
        seems = f"it looks like {module(other).TITLE}: set `format: {other}`, or `format: auto`"
    except InputError as error:
        seems = reader.explain(head) or error.advice or ""
    shown = _columns(head)
    raise InputError(
        f"The file is not {reader.TITLE}, though `format: {reader.FORMAT}` says so.",
        where=str(head.source.path),
        found=f"columns {shown}" if head.header else "no table",
        advice=seems,
    )


def _columns(head: Head) -> str:
    return ", ".join(repr(clip(name, 60)) for name in head.header[:8]) + (" ..." if len(head.header) > 8 else "")
