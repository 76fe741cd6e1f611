"""An xlsx workbook of the tables: a sheet of contents, then one sheet per table. Foreign text stays text."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sevident import tables
from sevident.contracts import ALL
from sevident.report.exports.study import Study

if TYPE_CHECKING:
    import pandas as pd

#: a longer table is named on the first sheet and left in its file: a worksheet ends at 1,048,576 rows, and long before
#: that a workbook opens slowly and takes minutes to write
MOST_ROWS = 50_000
#: Parquet tables of every protein in every run are working material, not for reading in a spreadsheet
_LEFT_IN_PARQUET = ("features", "proteins")
_FORMULA_SIGNS = ("=", "+", "-", "@")
_LONGEST_TEXT = 32_767  # characters of a cell (Excel specifications and limits)
# ZIP knows no earlier moment; a fixed one makes the same tables the same bytes
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def write(study: Study, checklist: pd.DataFrame, path: Path) -> None:
    """Write the workbook to ``path``."""
    import pandas as pd
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    moment = datetime.fromisoformat(study.time).replace(tzinfo=None)
    book.properties.creator = f"sEVident {study.version}"
    book.properties.created = book.properties.modified = moment
    frames, notes = _frames(study)
    frames["misev_checklist"] = checklist
    rows = [(name, len(frame), "") for name, frame in frames.items()] + notes
    contents = pd.DataFrame(rows, columns=["sheet", "rows", "note"])
    for name, frame in {"contents": contents, **frames}.items():
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        sheet.append([str(c) for c in frame.columns])
        for record in zip(*(_values(sheet, frame[c]) for c in frame.columns), strict=True):
            sheet.append(record)
    packed = io.BytesIO()
    book.save(packed)
    _with_fixed_times(packed, path, moment)


def _frames(study: Study) -> tuple[dict[str, pd.DataFrame], list[tuple[object, ...]]]:
    """The tables that go in, and a line of contents for each that stays in its file."""
    import pyarrow.parquet as pq

    frames: dict[str, pd.DataFrame] = {}
    notes: list[tuple[object, ...]] = []
    for name, table in ALL.items():
        if name == "warnings":
            frames[name] = study.data.warnings
            continue
        path = next((p for s in ("tsv", "parquet") if (p := study.tables / f"{name}.{s}").is_file()), None)
        if path is None:
            continue
        if path.suffix == ".parquet":
            count = pq.ParquetFile(path).metadata.num_rows
        else:
            with path.open("rb") as file:
                count = sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b"")) - 1
        if name in _LEFT_IN_PARQUET or count > MOST_ROWS:
            why = "too long for a worksheet" if count > MOST_ROWS else "one row per run"
            notes.append(("", count, f"{why}: see tables/{path.name}"))
            continue
        frames[name] = tables.read_table(path, table)
    return frames, notes


def _values(sheet: Any, column: pd.Series) -> list[Any]:
    """The cells of a column: numbers or text, None where missing."""
    values = column.astype("object").where(column.notna(), None).tolist()
    if not any(isinstance(v, str) for v in values):
        return values
    # a long table repeats its texts: each is looked at once
    made = {v: _text(sheet, v) for v in set(values) if isinstance(v, str)}
    return [made[v] if isinstance(v, str) else v for v in values]


def _text(sheet: Any, text: str) -> Any:
    """Text as it may stand in a cell; what a spreadsheet would take for a formula is marked as quoted text."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if not text:
        return None
    clean = ILLEGAL_CHARACTERS_RE.sub("\ufffd", text)[:_LONGEST_TEXT]
    if not clean.startswith(_FORMULA_SIGNS):
        return clean
    quoted = WriteOnlyCell(sheet, value=clean)
    quoted.data_type = "s"
    quoted.quotePrefix = True
    return quoted


def _with_fixed_times(packed: io.BytesIO, path: Path, moment: datetime) -> None:
    """The archive again with the same time for every member."""
    import re

    stamp = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    with zipfile.ZipFile(packed) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            content = old.read(member)
            if member.filename == "docProps/core.xml":
                # openpyxl sets the time of saving, whatever the properties say
                content = re.sub(rb"(W3CDTF\">)[^<]*", rb"\g<1>" + stamp.encode(), content)
            entry = zipfile.ZipInfo(member.filename, _ZIP_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, content)
