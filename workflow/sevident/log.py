"""Logging of the command line: plain lines on standard error, and in a file when asked for."""

from __future__ import annotations

import csv
import logging
import re
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

LOGGER = logging.getLogger("sevident")
_SILENT = logging.NullHandler()


class _PlainText(logging.Formatter):
    """Lines such as 'warning: text'; control characters are shown escaped, so that foreign text stays text."""

    def format(self, record: logging.LogRecord) -> str:
        text = f"{record.levelname.lower()}: {record.getMessage()}"
        if record.exc_info:
            text += "\n" + self.formatException(record.exc_info)
        return "".join(c if c.isprintable() or c == "\n" else ascii(c)[1:-1] for c in text)


def start(file: str | Path | None = None, *, debug: bool = False) -> None:
    """Send the package's log to standard error and, when given, to ``file`` (begun anew)."""
    stop()
    # a library that logs without a logger of its own would make a handler for all: each line would stand there twice
    logging.getLogger().addHandler(_SILENT)
    LOGGER.setLevel(logging.DEBUG if debug else logging.INFO)
    handlers: list[logging.Handler] = [logging.StreamHandler()]
    if file:
        Path(file).parent.mkdir(parents=True, exist_ok=True)
        handlers.append(logging.FileHandler(file, mode="w", encoding="utf-8"))
    for handler in handlers:
        handler.setFormatter(_PlainText())
        LOGGER.addHandler(handler)


def stop() -> None:
    """Close and remove the handlers."""
    for handler in list(LOGGER.handlers):
        LOGGER.removeHandler(handler)
        handler.close()
    logging.getLogger().removeHandler(_SILENT)


def log_rows(rows: Iterable[Mapping[str, object]]) -> None:
    """Log rows of a WARNINGS table, each at its level."""
    for row in rows:
        level = logging.WARNING if row["level"] == "warning" else logging.INFO
        subject = f"{row['subject']}: " if row["subject"] else ""
        LOGGER.log(level, "%s%s [%s]", subject, row["message"], row["code"])


def log_table(path: str | Path) -> None:
    """Log the rows of a WARNINGS table in TSV; the csv module will do, pandas is not needed."""
    with Path(path).open(encoding="utf-8", newline="") as file:
        log_rows(csv.DictReader(file, delimiter="\t"))


def cost() -> str:
    """What this process has cost so far: seconds of the processor, and the most memory it held where that is told (MB).

    The kernel's own account. Snakemake's benchmark looks every half a minute once a job is half a minute old, and so
    misses the end of a job and its highest memory.
    """
    spent = f"{time.process_time():.2f} s of the processor"
    try:
        told = re.search(r"^VmHWM:\s*(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"), re.M)
    except OSError:  # another system than Linux
        told = None
    return f"{spent}, at most {int(told[1]) / 1024:.0f} MB of memory" if told else spent
