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

from sevident.errors import ConfigurationError, InputError, did_you_mean
from sevident.readers.base import InputSpec, ReadResult
from sevident.readers.source import Head, Source, read_head

__all__ = ["FORMATS", "InputSpec", "ReadResult", "Source", "detect", "read"]

FORMATS = ("maxquant", "diann", "matrix")

# Tables that we know by their columns and cannot read yet: title, columns that must all be there (normalised).
_FOREIGN = (
    ("FragPipe combined_protein.tsv", ("protein id", "entry name", "combined total peptides")),
    ("FragPipe combined_peptide.tsv", ("peptide sequence", "prev aa", "mapped proteins")),
    ("FragPipe protein.tsv", ("protein id", "entry name", "protein probability")),
    ("FragPipe psm.tsv", ("spectrum", "spectrum file", "hyperscore")),
    ("a Spectronaut report", ("r filename", "pg proteingroups")),
    ("a Spectronaut report", ("pg proteingroups",)),
    ("a Spectronaut report", ("pg proteinaccessions",)),
    ("a Spectronaut report", ("pg genes", "pg qvalue")),
    ("a Proteome Discoverer table", ("accession", "coverage", "psms")),
    ("a Proteome Discoverer table", ("proteins unique sequence id", "accession")),
    ("an mzTab file", ("mtd", "mztab version")),
    ("a Proteome Discoverer table", ("master protein accessions", "annotated sequence")),
    ("a Sage table", ("peptide", "proteins", "spectral angle")),
    ("Sage results", ("peptide", "proteins", "scannr")),
    ("a PEAKS table", ("10lgp", "accession")),
    ("a PEAKS table", ("10lgp", "peptide")),
    ("Skyline's MSstats export", ("protein name", "peptide modified sequence", "area")),
    ("an MSstats table", ("proteinname", "peptidesequence", "precursorcharge")),
    ("a sample annotation (SDRF), not a search result", ("source name", "assay name")),
)

_MATRIX_ADVICE = (
    "if this is a table of proteins by samples, set `format: matrix` and name its columns: "
    "`columns: {gene: ..., protein: ..., runs: ...}`"
)
_TABLE_ADVICE = "export a table of proteins by samples from the search engine and give that, with `format: matrix`"


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
    if spec.format != "auto":
        module(spec.format)
    source = Source(spec.path)
    head = read_head(source, sheet=spec.sheet, skip_rows=spec.skip_rows)
    name = spec.format if spec.format != "auto" else _detect(head)
    reader = module(name)
    if spec.format not in ("auto", "matrix") and not reader.sniff(head):
        _refuse(reader, head)
    result: ReadResult = reader.read(source, spec)
    if spec.format == "auto":
        result.warnings.insert(0, spec.warn("info", "format_recognised", f"The file was recognised as {reader.TITLE}."))
    return result


def _detect(head: Head) -> str:
    for name in FORMATS[:-1]:
        if module(name).sniff(head):
            return name
    foreign = next((title for title, columns in _FOREIGN if head.has(*columns)), "")
    if not foreign and module("matrix").sniff(head):
        return "matrix"
    shown = ", ".join(repr(name) for name in head.header[:12]) + (" ..." if len(head.header) > 12 else "")
    hints = [hint for name in FORMATS[:-1] if (hint := module(name).explain(head))]
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
        expected="; ".join(module(name).TITLE for name in FORMATS),
        advice=hints[0] if hints else _MATRIX_ADVICE if head.header else _TABLE_ADVICE,
    )


def _refuse(reader: ModuleType, head: Head) -> None:
    try:
        other = _detect(head)
        seems = f"it looks like {module(other).TITLE}: set `format: {other}`, or `format: auto`"
    except InputError as error:
        seems = reader.explain(head) or error.advice or ""
    shown = ", ".join(repr(name) for name in head.header[:10]) + (" ..." if len(head.header) > 10 else "")
    raise InputError(
        f"The file is not {reader.TITLE}, though `format: {reader.FORMAT}` says so.",
        where=str(head.source.path),
        found=f"columns {shown}" if head.header else "no table",
        advice=seems,
    )
