"""SDRF-Proteomics files as sample sheets.

SDRF-Proteomics (Dai C et al. Nat Commun 2021;12:5854, doi 10.1038/s41467-021-26111-3) is the sample table that
ProteomeXchange data sets come with: one row per sample, data file and label, and columns such as ``source name``,
``characteristics[organism]``, ``comment[data file]``. Here it becomes the columns of our own sheet:

| SDRF | sample sheet |
|---|---|
| source name | sample |
| comment[data file] | run, without folder and ending |
| characteristics[biological replicate] | replicate |
| comment[fraction identifier] | fraction |
| comment[technical replicate] | technical_replicate |
| characteristics[sevident role], comment[sevident role] or factor value[sevident role] | role |
| the same with reference group, lot, process, input | reference_group, lot, process, input |
| any other | carried along under its own name; a column that stands there several times is joined by ';' |

SDRF knows no roles: without such a column every sample is a preparation. Only the csv module is needed.
"""

from __future__ import annotations

import re

from .errors import SampleSheetError
from .sheet import Record
from .tables import warning

_SAMPLE, _FILE = "source name", "comment[data file]"
_KNOWN = {
    _SAMPLE: "sample",
    _FILE: "run",
    "characteristics[biological replicate]": "replicate",
    "comment[fraction identifier]": "fraction",
    "comment[technical replicate]": "technical_replicate",
}
_OURS = re.compile(r"(?:characteristics|comment|factor value)\[sevident (role|reference group|lot|process|input)\]")
_OWN = {*_KNOWN.values(), "role", "reference_group", "lot", "process", "input"} - {"sample"}
_LABEL = "comment[label]"
# SDRF's reserved words for "no value" (specification, section "Unknown values")
_NOTHING = frozenset({"not available", "not applicable", "anonymized", "pooled"})


def is_sdrf(header: list[str]) -> bool:
    """Whether a header is that of an SDRF-Proteomics file."""
    names = {_plain(name) for name in header}
    return "sample" not in names and {_SAMPLE, _FILE} <= names


def translate(
    header: list[str], records: list[Record], source: str
) -> tuple[list[str], list[Record], list[dict[str, object]]]:
    """Header and records as those of a sample sheet, and remarks. Raises SampleSheetError for multiplexed files."""
    from .readers.base import strip_run

    _refuse_labels(header, records, source)
    columns: dict[str, list[int]] = {}
    for position, name in enumerate(header):
        columns.setdefault(_target(name), []).append(position)
    out: list[Record] = []
    for line, values in records:
        row = []
        for column, positions in columns.items():
            said = dict.fromkeys(value for position in positions if (value := values[position]))
            text = ";".join(said)
            if column in _OWN and text.casefold() in _NOTHING:
                text = ""
            row.append(strip_run(text) if column == "run" else text)
        if not row[list(columns).index("run")]:
            raise SampleSheetError(
                "a row of the SDRF file names no data file",
                where=f"{source}, line {line}, column '{_FILE}'",
                expected="the name of the raw file, such as EV_1.raw",
            )
        out.append((line, row))
    name = re.split(r"[\\/]", source)[-1]
    message = f"The sample sheet is an SDRF file of {len(out)} rows; samples are its source names, runs its data files."
    if "role" not in columns:
        message += " It has no column 'characteristics[sevident role]': every sample is taken for a preparation."
    return list(columns), out, [warning("samples", "info", "sheet_sdrf", name, message, len(out))]


def _plain(name: str) -> str:
    return re.sub(r"\s*([\[\]])\s*", r"\1", " ".join(name.casefold().split()))


def _target(name: str) -> str:
    plain = _plain(name)
    if match := _OURS.fullmatch(plain):
        return match[1].replace(" ", "_")
    return _KNOWN.get(plain, name)


def _refuse_labels(header: list[str], records: list[Record], source: str) -> None:
    """A data file that stands for several samples holds labelled samples, whose channels are not read."""
    names = [_plain(name) for name in header]
    file = names.index(_FILE)
    label = names.index(_LABEL) if _LABEL in names else None
    seen: dict[str, tuple[int, str]] = {}
    for line, values in records:
        said = values[label] if label is not None else ""
        other = seen.setdefault(values[file], (line, said))
        if other[0] != line and other[1] != said:
            raise SampleSheetError(
                "the SDRF file describes labelled samples: one data file holds several",
                where=f"{source}, lines {other[0]} and {line}",
                found=f"data file {values[file]!r} with the labels {other[1]!r} and {said!r}",
                expected="one sample per data file (label-free)",
                advice="write a sample sheet that names the run of each sample as the search result does",
            )
