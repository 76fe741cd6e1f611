"""What a run says while it goes: one line per finished stage with its counts, and the verdicts at the end.

The lines go to standard output and the log of a rule holds the detail. Counts are taken from the tables that the stage
wrote, so that a line never says more than what is there. Tables in Parquet are read by their two or three columns, text
tables line by line: a line must not cost what the stage did.
"""

from __future__ import annotations

import csv
import logging
import re
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from .contracts import RESULTS, VERDICTS

Values = Mapping[str, Any]
_TRACEBACK = "Traceback (most recent call last)"
_TAIL = 15  # lines of a traceback that are shown
_ANNOUNCED = ("job_info", "group_info", "job_error", "group_error", "shellcmd")  # Snakemake's LogEvent
_SCHEDULING = re.compile(r"Select jobs to execute|Execute \d+ jobs|Assuming unrestricted|Building DAG|Using shell:")


def line(stage: str, values: Values) -> str:
    """The line of a finished stage; ``values`` are its options by name, as on the command line."""
    notes = values.get("warnings")
    try:
        parts = _COUNTS[stage](values)
        # of the report and the exports the option is a list of files to read: those were told before
        if isinstance(notes, Path) and (warnings := _warnings(notes)):
            parts.append(counted(warnings, "warning"))
    except OSError:
        parts = []  # a table that cannot be read again is no reason to fail a stage that has done its work
    return f"sEVident: {stage:<12} {', '.join(parts)}".rstrip()


def closing(scores: Path, page: Path) -> str:
    """The last lines of a run: the verdicts on the preparations, and where the report is."""
    verdicts = Counter(r["verdict"] for r in _rows(scores) if r["role"] == "preparation")
    told = ", ".join(f"{verdicts[v]} {v.replace('_', ' ')}" for v in VERDICTS if verdicts[v])
    count = counted(sum(verdicts.values()), "preparation")
    return f"sEVident: {count}: {told or 'none judged'}\nsEVident: the report is {page.resolve()}"


def failures(logs: Path, since: float) -> str:
    """What the stages that failed since a moment (seconds since 1970) said, and which files hold the whole of it."""
    told = []
    for path in sorted(logs.glob("*.log")):
        if path.stat().st_mtime < since:
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        start = text.find("error: ") if text.startswith("error: ") else text.find("\nerror: ") + 1
        if start > 0 or text.startswith("error: "):
            told.append(f"{text[start:].rstrip()}\nsEVident: the whole log is {path}")
        elif _TRACEBACK in text:
            # a defect of ours: its end says most
            told.append("\n".join(text.rstrip().splitlines()[-_TAIL:]) + f"\nsEVident: the whole log is {path}")
    return "\n".join(told) or f"sEVident: no stage left a message in {logs}; was a job killed, or out of memory?"


def is_news(record: logging.LogRecord) -> bool:
    """Whether a line of Snakemake's log is worth a reader's time beside the lines of the stages.

    Its remarks on its own scheduling and its announcements of jobs are not; what a failed job said comes at the end.
    """
    event = str(getattr(getattr(record, "event", None), "value", ""))
    return event not in _ANNOUNCED and not _SCHEDULING.match(str(record.msg))


def counted(n: int, one: str) -> str:
    """'1 run', '1,200 runs'."""
    return f"{n:,} {one}{'' if n == 1 else 's'}"


def _ingest_input(values: Values) -> list[str]:
    runs, groups = _distinct(values["output_proteins"], "run", "protein_group")
    return [counted(runs, "run"), counted(groups, "protein group"), *_features(values["output_features"])]


def _ingest(values: Values) -> list[str]:
    runs, groups = _distinct(values["proteins"], "run", "protein_group")
    files = counted(len(values["inputs_proteins"]), "file")
    return [files, counted(runs, "run"), counted(groups, "protein group"), *_features(values["features"])]


def _features(path: Path) -> list[str]:
    import pyarrow.parquet as pq

    rows = pq.ParquetFile(path).metadata.num_rows
    return [counted(rows, "precursor row")] if rows else []


def _quantify(values: Values) -> list[str]:
    samples, groups = _distinct(values["abundance"], "sample", "protein_group")
    return [counted(samples, "sample"), counted(groups, "protein group")]


def _profile(values: Values) -> list[str]:
    rows = _rows(values["families"])
    samples, panels = ({r[c] for r in rows} for c in ("sample", "panel"))
    return [counted(len(samples), "sample"), counted(len(panels), "marker panel")]


def _score(values: Values) -> list[str]:
    verdicts = Counter(r["verdict"] for r in _rows(values["scores"]))
    told = [f"{verdicts[v]} {v.replace('_', ' ')}" for v in VERDICTS if verdicts[v]]
    return [counted(sum(verdicts.values()), "sample") + (f" ({', '.join(told)})" if told else "")]


def _release(values: Values) -> list[str]:
    results = Counter(r["result"] for r in _rows(values["specification"]))
    told = [f"{results[r]} {r.replace('_', ' ')}" for r in RESULTS if results[r]]
    names = counted(len(values["specifications"]), "specification")
    return [names + (f" ({', '.join(told)})" if told else "")]


def _report(values: Values) -> list[str]:
    return [str(values["output"])]


def _export(values: Values) -> list[str]:
    folder = values["output"]
    return [f"{counted(sum(p.is_file() for p in folder.iterdir()), 'file')} in {folder}"]


_COUNTS: dict[str, Callable[[Values], list[str]]] = {
    "ingest-input": _ingest_input,
    "ingest": _ingest,
    "quantify": _quantify,
    "profile": _profile,
    "score": _score,
    "release": _release,
    "report": _report,
    "export": _export,
}


def _distinct(path: Path, *columns: str) -> list[int]:
    """Numbers of distinct values of some text columns of a Parquet table."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    table = pq.read_table(path, columns=list(columns), read_dictionary=list(columns)).unify_dictionaries()
    return [len(pc.unique(table[c])) for c in columns]


def _warnings(path: Path) -> int:
    return sum(r["level"] == "warning" for r in _rows(path))


def _rows(path: Path) -> list[dict[str, str]]:
    """The rows of a text table."""
    with Path(path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))
