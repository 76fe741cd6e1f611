"""The sample sheet: which run of which input belongs to which sample, and what that sample is.

A plain table with one row per sample and run, written by hand or by a spreadsheet. It is read with the csv module
alone, so that the command line, the rules and every stage can afford it. Names are free text: they are shown, compared
and looked up, and never become file names.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from . import sdrf, sheet
from .errors import SampleSheetError, did_you_mean
from .tables import REFERENCE_ROLES, ROLES, warning

# The columns that sEVident reads, in the order of the manual; workflow/schemas/samples.schema.yaml documents them.
COLUMNS = ("sample", "input", "run", "role", "reference_group", "lot", "process", "replicate")
# What must be the same in all rows of a sample. `replicate` may differ: the rows may be technical replicates.
_SAMPLE_WIDE = ("role", "reference_group", "lot", "process")
DEFAULT_ROLE = "preparation"
LONG_NAME = 200
# Characters that turn the reading direction: text that is shown is then not the text that is compared.
_DIRECTION = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True)
class SampleRow:
    """One row of the sheet. ``line`` is its line in the file (header: 1); ``extra`` holds further columns."""

    sample: str
    input: str
    run: str
    role: str
    reference_group: str
    lot: str
    process: str
    replicate: str
    extra: dict[str, str]
    line: int


@dataclass(frozen=True)
class Sample:
    """One sample with all its runs as (input, run). Where rows differ (replicate, extra), values are joined by ';'."""

    name: str
    role: str
    reference_group: str
    lot: str
    process: str
    replicate: str
    extra: dict[str, str]
    runs: list[tuple[str, str]]


@dataclass(frozen=True)
class SampleSheet:
    """A checked sample sheet: ``rows`` and ``samples`` in sheet order, ``warnings`` as rows for the WARNINGS table."""

    path: str
    rows: list[SampleRow]
    samples: list[Sample]
    extra_columns: list[str] = field(default_factory=list)
    warnings: list[dict[str, object]] = field(default_factory=list)

    def named(self, name: str) -> Sample:
        """The sample of that name. Raises KeyError when there is none."""
        for sample in self.samples:
            if sample.name == name:
                return sample
        raise KeyError(name)

    def with_role(self, *roles: str) -> list[Sample]:
        """The samples of these roles, in sheet order."""
        return [s for s in self.samples if s.role in roles]

    def references_of(self, sample: Sample, role: str) -> list[Sample]:
        """The samples of ``role`` in the sample's reference group; none when the sample has no group."""
        if not sample.reference_group:
            return []
        return [
            s
            for s in self.samples
            if s.role == role and s.reference_group == sample.reference_group and s.name != sample.name
        ]


def read_samples(path: str | Path, inputs: Sequence[str] | None = None) -> SampleSheet:
    """Read and check a sample sheet.

    ``inputs`` are the names of the configured inputs; a row's empty ``input`` means the only one. Without ``inputs``
    the column is taken as it is. Tab, semicolon and comma are understood as delimiters, UTF-8 and UTF-16 as encodings;
    SDRF-Proteomics files are translated (see ``sdrf.py``). Raises SampleSheetError, naming file, line and column, for
    a sheet that cannot be used.
    """
    source = str(path)
    header, records, warnings = sheet.read(source)
    translated = sdrf.is_sdrf(header)
    if translated:
        header, records, remarks = sdrf.translate(header, records, source)
        warnings += remarks
    columns = _columns(header, source)
    extra_columns = [c for c in columns if c and c not in COLUMNS]
    if not translated:
        warnings += _misspelt(columns)
    rows = [_row(values, line, columns, inputs, source) for line, values in records]
    if not rows:
        raise SampleSheetError(
            "the sample sheet holds no samples",
            where=source,
            found="a header and no rows" if header else "an empty file",
            expected="one row per sample and run under the header",
        )
    _check_runs(rows, source)
    samples = _collect(rows, extra_columns, source)
    warnings += _remarks(samples)
    by_name = {s.name: s for s in samples}
    # a row speaks for its whole sample: what one row left empty and another filled holds for both
    rows = [replace(r, **{c: getattr(by_name[r.sample], c) for c in _SAMPLE_WIDE}) for r in rows]
    return SampleSheet(source, rows, samples, extra_columns, warnings)


def _columns(header: list[str], source: str) -> list[str]:
    """The header with our own column names in our spelling, checked."""
    columns = []
    for name in header:
        plain = name.casefold().replace(" ", "_").replace("-", "_")
        columns.append(plain if plain in COLUMNS else name)
    if "sample" not in columns:
        half = any(c.casefold() == "source name" for c in columns)
        raise SampleSheetError(
            "the sample sheet has no column 'sample'",
            where=f"{source}, line 1",
            found=("an SDRF file without 'comment[data file]': " if half else "")
            + (", ".join(repr(c) for c in columns) or "an empty file"),
            expected=f"a header with 'sample' and, as needed, {', '.join(COLUMNS[1:])}",
            advice=f"for the column 'sample', {did_you_mean('sample', columns)}" if columns else None,
        )
    for number, name in enumerate(columns, start=1):
        if not name:
            raise SampleSheetError(
                "a column of the sample sheet has no name",
                where=f"{source}, line 1, column {number}",
                advice="name it or delete it",
            )
        if columns.index(name) + 1 != number:
            raise SampleSheetError(
                "a column stands in the sample sheet twice",
                where=f"{source}, line 1, columns {columns.index(name) + 1} and {number}",
                found=repr(header[number - 1]),
                expected="each column once",
                advice="rename or delete one of the two",
            )
        _check_text(name, f"{source}, line 1, column {number}", "a column name")
    return columns


def _misspelt(columns: list[str]) -> list[dict[str, object]]:
    """A remark per further column whose name looks like one of ours that is absent: it is not read as such."""
    out = []
    absent = [c for c in COLUMNS if c not in columns]
    for name in columns:
        if name in COLUMNS:
            continue
        close = difflib.get_close_matches(name.casefold(), absent, n=1, cutoff=0.8)
        if close:
            message = f"The column {name!r} of the sample sheet is carried along unread; was '{close[0]}' meant?"
            out.append(warning("samples", "warning", "sheet_column_unread", name, message))
    return out


def _row(values: list[str], line: int, columns: list[str], inputs: Sequence[str] | None, source: str) -> SampleRow:
    where = f"{source}, line {line}"
    cell = dict(zip(columns, values, strict=False))
    for column, value in cell.items():
        _check_text(value, f"{where}, column '{column}'", "a value")
    sample = cell["sample"]
    if not sample:
        raise SampleSheetError(
            "a row of the sample sheet has no sample name",
            where=f"{where}, column 'sample'",
            found=", ".join(f"{c} = {v!r}" for c, v in cell.items() if v)[:200],
            expected="a name",
        )
    return SampleRow(
        sample=sample,
        input=_input(cell.get("input", ""), inputs, where),
        run=cell.get("run", "") or sample,
        role=_role(cell.get("role", ""), where),
        reference_group=cell.get("reference_group", ""),
        lot=cell.get("lot", ""),
        process=cell.get("process", ""),
        replicate=cell.get("replicate", ""),
        extra={c: v for c, v in cell.items() if c not in COLUMNS},
        line=line,
    )


def _check_text(value: str, where: str, what: str) -> None:
    for character in value:
        if unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") or character in _DIRECTION:
            raise SampleSheetError(
                f"{what} of the sample sheet holds a character that cannot be seen",
                where=where,
                found=f"{value[:60]!a} with U+{ord(character):04X}",
                expected="printable text on one line",
                advice="type the value again",
            )


def _role(role: str, where: str) -> str:
    plain = role.casefold().replace(" ", "_").replace("-", "_")
    if plain and plain not in ROLES:
        raise SampleSheetError(
            "the sample sheet names a role that does not exist",
            where=f"{where}, column 'role'",
            found=repr(role[:80]),
            expected=", ".join(ROLES),
            advice=did_you_mean(plain, ROLES),
        )
    return plain


def _input(name: str, inputs: Sequence[str] | None, where: str) -> str:
    if inputs is None:
        return name
    if name:
        if name not in inputs:
            raise SampleSheetError(
                "the sample sheet names an input that the configuration does not have",
                where=f"{where}, column 'input'",
                found=repr(name[:80]),
                expected=", ".join(inputs),
                advice=did_you_mean(name, inputs),
            )
        return name
    if len(inputs) != 1:
        raise SampleSheetError(
            "a row of the sample sheet does not say which input it belongs to",
            where=f"{where}, column 'input'",
            found="nothing",
            expected=f"one of {', '.join(inputs)}, for the configuration has {len(inputs)} inputs",
        )
    return inputs[0]


def _check_runs(rows: list[SampleRow], source: str) -> None:
    seen: dict[tuple[str, str], SampleRow] = {}
    for row in rows:
        other = seen.setdefault((row.input, row.run), row)
        if other is row:
            continue
        where = f"{source}, lines {other.line} and {row.line}"
        run = f"run {row.run!r}" + (f" of input {row.input!r}" if row.input else "")
        if other.sample == row.sample:
            raise SampleSheetError(
                "a sample stands in the sample sheet twice with the same run",
                where=where,
                found=f"sample {row.sample!r}, {run}",
                expected="each run once; a sample with several runs has one row for each",
                advice="delete one of the two rows, or give each its own name in the column 'run'",
            )
        raise SampleSheetError(
            "two samples of the sample sheet use the same run",
            where=where,
            found=f"samples {other.sample!r} and {row.sample!r}, {run}",
            expected="each run in one sample",
        )


def _collect(rows: list[SampleRow], extra_columns: list[str], source: str) -> list[Sample]:
    """The samples in sheet order. Raises SampleSheetError where rows of one sample contradict each other."""
    members: dict[str, list[SampleRow]] = {}
    for row in rows:
        members.setdefault(row.sample, []).append(row)
    samples = []
    for name, own in members.items():
        agreed = {}
        for column in _SAMPLE_WIDE:
            said = [(getattr(r, column), r.line) for r in own if getattr(r, column)]
            for value, line in said[1:]:
                if value != said[0][0]:
                    raise SampleSheetError(
                        f"the rows of one sample differ in '{column}'",
                        where=f"{source}, lines {said[0][1]} and {line}, column '{column}'",
                        found=f"sample {name!r}: {said[0][0]!r} and {value!r}",
                        expected="the same value in all rows of a sample",
                        advice="make them equal, or give the rows different sample names",
                    )
            agreed[column] = said[0][0] if said else ""
        samples.append(
            Sample(
                name=name,
                role=agreed["role"] or DEFAULT_ROLE,
                reference_group=agreed["reference_group"],
                lot=agreed["lot"],
                process=agreed["process"],
                replicate=_joined(r.replicate for r in own),
                extra={c: _joined(r.extra[c] for r in own) for c in extra_columns},
                runs=[(r.input, r.run) for r in own],
            )
        )
    return samples


def _joined(values: Iterable[str]) -> str:
    """The different values that are not empty, in order, joined by ';'."""
    return ";".join(dict.fromkeys(v for v in values if v))


def _remarks(samples: list[Sample]) -> list[dict[str, object]]:
    out = []
    preparations = [s for s in samples if s.role == DEFAULT_ROLE]
    if not preparations:
        message = "No sample has the role 'preparation': nothing is judged, the references are scored alone."
        out.append(warning("samples", "warning", "no_preparation", "", message, 0))
    groups = {s.reference_group for s in preparations if s.reference_group}
    for s in samples:
        if len(s.name) > LONG_NAME:
            message = f"A sample name has {len(s.name)} characters; names of more than {LONG_NAME} are hard to show."
            out.append(warning("samples", "warning", "long_name", s.name, message, len(s.name)))
        if preparations and s.role in REFERENCE_ROLES and s.reference_group not in groups:
            why = (
                f"no preparation has its reference group {s.reference_group!r}"
                if s.reference_group
                else "it has no reference group"
            )
            message = f"This sample is a {s.role.replace('_', ' ')}, and no preparation is compared with it: {why}."
            out.append(warning("samples", "warning", "unused_reference", s.name, message))
    return out
