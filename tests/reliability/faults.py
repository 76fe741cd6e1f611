"""The faults: each disturbs a run of the small study, looks at what is there, runs again and says what it found."""

from __future__ import annotations

import itertools
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.reliability import study
from tests.reliability.study import Running
from tests.workflow.conftest import LONGEST


class Found(NamedTuple):
    """What a fault led to: the run's own words, what was half-written, and what a second run was lacking."""

    fault: str
    message: str
    half_written: str
    second_run: str

    @property
    def good(self) -> bool:
        """Nothing half-written looks whole, and the second run gives the same bytes."""
        return not self.half_written and not self.second_run


class Fixture(NamedTuple):
    """The undisturbed study, its results, and the seconds that its run took."""

    study: Path
    results: dict[str, bytes]
    seconds: float


def prepare(folder: Path) -> Fixture:
    """Write the study, run it undisturbed."""
    fresh = study.write(folder / "fresh")
    whole = study.copy(fresh, folder / "whole")
    start = time.monotonic()
    done = study.run(whole)
    assert done.returncode == 0, done.stdout + done.stderr
    return Fixture(fresh, study.results(whole), time.monotonic() - start)


def killed(base: Fixture, folder: Path, seed: int) -> Found:
    """kill -9 of all processes of the run at a random moment."""
    chance, longest = random.Random(seed), base.seconds  # noqa: S311 (no secret)
    for attempt in itertools.count():
        place = study.copy(base.study, folder / f"killed {seed} {attempt}")
        moment = chance.uniform(0.2, longest)
        running = Running(place)
        try:
            running.process.wait(moment)
        except subprocess.TimeoutExpired:
            break
        # on a machine that has got faster the run was over: nothing was killed
        longest = moment
    running.end(signal.SIGKILL)
    half = study.not_whole(place, base.results)
    there = len(study.results(place))
    message = f"after {moment:.1f} s, {there} of {len(base.results)} results there"
    return Found("kill -9", message, ", ".join(half), study.finish(place, base.results))


def interrupted(base: Fixture, folder: Path) -> Found:
    """Ctrl-C while a stage works."""
    place = study.copy(base.study, folder / "interrupted")
    running = Running(place)
    running.until(lambda: running.began("quantify"))
    code = running.end(signal.SIGINT)
    half = study.not_whole(place, base.results)
    assert code, "an interrupted run must not say that it succeeded"
    return Found("SIGINT", line_of(running.said, "Terminat", "Cancel", "Interrupt"), ", ".join(half),
                 study.finish(place, base.results))  # fmt: skip


def full_from_the_start(base: Fixture, folder: Path) -> Found:
    """The disk of the study is full before anything runs."""
    place = study.copy(base.study, folder / "full from the start")
    with small_disk(place / "results", "1m"):
        ballast = place / "results" / "ballast"
        ballast.write_bytes(bytes(900_000))
        done = study.run(place)
        said = done.stdout + done.stderr
        assert done.returncode, said
        assert "Traceback" not in said, said
        ballast.unlink()
        half = study.not_whole(place, base.results)
    return Found("disk full from the start", line_of(said, "No space left"), ", ".join(half),
                 study.finish(place, base.results))  # fmt: skip


def input_removed(base: Fixture, folder: Path) -> Found:
    """A search result vanishes while another one is read."""
    place = study.copy(base.study, folder / "input removed")
    running = Running(place, "--cores", "1")
    running.until(lambda: running.began("ingest_input"))
    kept = {}
    first = "one" if running.began("ingest_input.one") else "two"
    other = place / ("two.txt" if first == "one" else "one.txt")
    kept[other] = other.read_bytes()
    other.unlink()
    code = running.process.wait(LONGEST)
    assert code, running.said
    half = study.not_whole(place, base.results)
    said = running.said
    for path, content in kept.items():
        path.write_bytes(content)
    return Found("input removed", line_of(said, other.name), ", ".join(half), study.finish(place, base.results))


def two_at_once(base: Fixture, folder: Path) -> Found:
    """A second run in the folder of one that is running."""
    place = study.copy(base.study, folder / "two at once")
    running = Running(place)
    running.until(lambda: running.began("ingest_input"))
    second = study.run(place)
    assert second.returncode, "the second run must be refused"
    code = running.process.wait(LONGEST)
    assert code == 0, running.said
    half = study.not_whole(place, base.results)
    return Found("two runs in one folder", line_of(second.stdout + second.stderr, "locked"), ", ".join(half),
                 study.finish(place, base.results))  # fmt: skip


def read_only(base: Fixture, folder: Path) -> Found:
    """The results lie on a file system that is mounted read-only."""
    place = study.copy(base.study, folder / "read-only")
    with small_disk(place / "results", "1m"):
        subprocess.run(["mount", "-o", "remount,ro", str(place / "results")], check=True)
        done = study.run(place)
        assert done.returncode
        half = study.not_whole(place, base.results)
    said = done.stdout + done.stderr
    assert "Traceback" not in said, said
    return Found("read-only results", line_of(said, "cannot be written"), ", ".join(half),
                 study.finish(place, base.results))  # fmt: skip


def disk_full(base: Fixture, folder: Path, stage: str, *, free_kb: int = 8) -> Found:
    """No room for what ``stage`` writes: results on a small tmpfs, filled up when the stage begins."""
    place = study.copy(base.study, folder / f"disk full {stage}")
    with small_disk(place / "results", "16m"):
        before = study.STAGES[study.STAGES.index(stage) - 1] if stage != study.STAGES[0] else ""
        if before:
            done = study.run(place, "--cores", "2", "--until", before)
            assert done.returncode == 0, done.stdout + done.stderr
        for name in ("logs", "benchmarks"):
            (place / "results" / "small" / name).mkdir(parents=True, exist_ok=True)
        # a run that begins on a full disk is refused; this disk fills up when the run has begun
        running = Running(place, "--cores", "1")
        running.until(lambda: running.began(stage))
        ballast = place / "results" / "ballast"
        free = shutil.disk_usage(place / "results").free
        ballast.write_bytes(bytes(max(free - free_kb * 1024, 0)))
        code = running.process.wait(LONGEST)
        said = running.said
        assert code, said
        assert "Traceback" not in said, said
        ballast.unlink()
        half = study.not_whole(place, base.results)
        again = study.finish(place, base.results)
    return Found(f"disk full in {stage}", line_of(said, "No space left"), ", ".join(half), again)


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[None]:
    """A tmpfs of ``size`` mounted on ``folder`` (needs root)."""
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def can_mount(folder: Path) -> bool:
    """Whether a tmpfs can be mounted here."""
    try:
        with small_disk(folder / "mount test", "1m"):
            return True
    except (OSError, subprocess.CalledProcessError):
        return False


def line_of(said: str, *words: str) -> str:
    """The first line with one of the words; raises AssertionError where none has it: a fault has its message."""
    for line in said.splitlines():
        if any(word in line for word in words):
            return line.strip()
    raise AssertionError(f"no line says {' or '.join(words)}:\n{said}")
