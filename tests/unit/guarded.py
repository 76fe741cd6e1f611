"""Reading under a guard: no exception but ours, no hang, nothing written outside, no secret, tables by contract."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from mutations import Base

from sevident import readers, tables
from sevident.errors import SevidentError
from sevident.readers.base import InputSpec, ReadResult

SECONDS = 10.0  # what a file of this size may take
SECRET = "TOPSECRETCONTENT"  # noqa: S105 (what no file may pull into the tables)


class Hang(BaseException):
    """Not an Exception, so that no reader can take it for a damaged file."""


_writes: list[str] | None = None


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if _writes is None:
        return
    if event == "open" and isinstance(arguments[0], str | bytes | Path) and isinstance(arguments[2], int):
        if arguments[2] & 0b11 or arguments[2] & 0o100:  # to write, or to create
            _writes.append(str(arguments[0]))
    elif event in {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.symlink", "os.link", "os.truncate"}:
        _writes.append(str(arguments[1 if event in {"os.rename", "os.symlink", "os.link"} else 0]))
    elif event.split(".", maxsplit=1)[0] in {"subprocess", "socket", "webbrowser", "ftplib", "urllib"}:
        _writes.append(event)


sys.addaudithook(_audit)


class Guard:
    """Reads mutations one by one in a folder of its own, and gathers what breaks the property."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.wrong, self.count, self.refused = folder, [], 0, 0
        self.scratch, self.here = folder / "scratch", folder / "here"
        self.scratch.mkdir()
        self.here.mkdir()
        (folder / "secret.txt").write_text(SECRET)
        monkeypatch.setenv("TMPDIR", str(self.scratch))
        monkeypatch.setattr(tempfile, "tempdir", str(self.scratch))
        monkeypatch.chdir(self.here)

    def read(self, what: str, content: bytes, name: str = "file", **settings: Any) -> ReadResult | SevidentError | None:
        """The result or the refusal; None when the property is broken (and told so)."""
        path = self.folder / name
        path.write_bytes(content)
        try:
            return self.open(what, path, **settings)
        finally:
            path.unlink()

    def open(self, what: str, path: Path, **settings: Any) -> ReadResult | SevidentError | None:
        self.count += 1
        answer: ReadResult | SevidentError
        try:
            with _watched() as writes:
                answer = self._read(InputSpec("main", path, **{"organism": "human", **settings}))
            _check(answer)
        except SevidentError as error:
            self.refused += 1
            answer = error
            if str(path) not in str(error) or len(str(error)) > 5_000:
                self.tell(what, f"an error that does not name the file, or endless: {str(error)[:300]}")
        except (Exception, Hang) as error:
            self.tell(what, f"{type(error).__name__}: {str(error)[:300]}")
            return None
        if SECRET in str(answer):
            self.tell(what, "the content of another file came in")
        # a module that is imported for the first time leaves its bytecode beside it
        written = [name for name in writes if "__pycache__" not in Path(name).parts and name != os.devnull]
        outside = [name for name in written if not str(Path(name).absolute()).startswith(str(self.folder))]
        left = [*self.scratch.iterdir(), *self.here.iterdir()]
        if outside or left:
            self.tell(what, f"written outside {outside[:3]}, left behind {left[:3]}")
            shutil.rmtree(self.scratch)
            self.scratch.mkdir()
        return answer

    def _read(self, spec: InputSpec) -> ReadResult:
        """By turns as the workflow does it, into files, and into memory."""
        if self.count % 2 or spec.format == "matrix":
            return readers.read(spec)
        with tempfile.TemporaryDirectory() as folder:
            paths = [Path(folder) / "proteins.parquet", Path(folder) / "features.parquet"]
            remarks = readers.write(spec, *paths)
            proteins = tables.read_table(paths[0], tables.PROTEINS)
            features = tables.read_table(paths[1], tables.FEATURES)
            return ReadResult(proteins, features, remarks, "")

    def tell(self, what: str, problem: str) -> None:
        self.wrong.append(f"{what}: {problem}")

    def done(self, least: int) -> None:
        assert not self.wrong, f"{len(self.wrong)} of {self.count}:\n" + "\n".join(self.wrong)
        assert self.count >= least, f"only {self.count} mutations were tried, {least} are planned"


@contextmanager
def _watched() -> Iterator[list[str]]:
    def stop(*_: object) -> None:
        raise Hang(f"not done within {SECONDS:g} s")

    global _writes  # noqa: PLW0603 (an audit hook cannot be removed, only told to be silent)
    # the processor's seconds, so that a busy machine is no hang; and ten times that by the clock, for what waits
    before = signal.signal(signal.SIGALRM, stop), signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    signal.setitimer(signal.ITIMER_REAL, 10 * SECONDS)
    _writes = writes = []
    try:
        yield writes
    finally:
        _writes = None
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGALRM, before[0])
        signal.signal(signal.SIGPROF, before[1])


def _check(result: ReadResult) -> None:
    """The tables are as the stages behind expect them, whatever the file was."""
    frame = tables.conform(result.proteins, tables.PROTEINS)
    assert list(result.proteins.columns) == list(tables.PROTEINS.columns)
    assert len(frame), "no proteins"
    assert not frame.duplicated(list(tables.PROTEINS.key)).any(), "a protein group twice"
    assert (frame["protein_group"] != "").all(), "a group without name"
    assert (frame["run"] != "").all(), "a run without name"
    values = frame["intensity"].dropna()
    assert (values > 0).all() and np.isfinite(values).all(), "intensities that are none"
    if result.features is not None:
        features = tables.conform(result.features, tables.FEATURES)
        values = features["intensity"].dropna()
        assert np.isfinite(values).all() and (values >= 0).all(), "intensities of features"
    remarks = tables.conform(pd.DataFrame(result.warnings), tables.WARNINGS)
    assert remarks["level"].isin(tables.WARNING_LEVELS).all() and (remarks["message"] != "").all()


def sums(result: ReadResult) -> dict[str, tuple[float, ...]]:
    """Per run: rows, detected rows and the sum of the proteins' intensities; peptides and their sum."""
    out = {}
    for run, rows in result.proteins.groupby("run"):
        out[str(run)] = (len(rows), int(rows["intensity"].notna().sum()), round(float(rows["intensity"].sum()), 3))
    if result.features is not None:
        for run, rows in result.features.groupby("run"):
            out[f"features of {run}"] = (len(rows), round(float(rows["intensity"].sum()), 3))
    return out


def told(result: ReadResult) -> set[tuple[str, str]]:
    """The warnings, to see whether a mutation is told."""
    return {(str(w["code"]), str(w["message"])) for w in result.warnings}


def unharmed(guard: Guard, file: Base) -> ReadResult:
    result = guard.read("unharmed", file.content, **file.settings)
    assert isinstance(result, ReadResult), f"{guard.wrong} {result}"
    return result


def compare(
    guard: Guard, what: str, first: ReadResult, other: ReadResult | SevidentError | None, *, must: bool
) -> None:
    """``must``: the file has to be read; else it may be refused, but never be read differently."""
    if isinstance(other, SevidentError):
        if must:
            guard.tell(what, f"refused: {other}")
    elif other is not None and sums(other) != sums(first):
        guard.tell(what, f"other sums: {sorted(set(sums(first).items()) ^ set(sums(other).items()))[:4]}")
