"""A small study whose runs are disturbed, and what is asked of every disturbed run.

Two search results, so that reading is more than one job. ``whole`` is the heart of it: whatever stands under the name
of a result after a fault has the bytes that an undisturbed run gives it.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import yaml

from tests.workflow.conftest import LONGEST, MOMENT, protein_groups

CHECKOUT = Path(__file__).resolve().parents[2]
STAGES = ("ingest_input", "ingest", "quantify", "profile", "score", "release", "report", "export")
_INPUTS = ("one", "two")


def write(folder: Path) -> Path:
    """The study's files in ``folder``."""
    (folder / "config").mkdir(parents=True)
    for name in _INPUTS:
        (folder / f"{name}.txt").write_text(protein_groups(), encoding="utf-8")
    sheet = ["sample\tinput\trun\trole\treference_group", "EV a\tone\tEV_1\t\tA", "EV b\ttwo\tEV_2\t\tA"]
    sheet.append("medium\ttwo\tmedium\tconditioned_medium\tA")
    (folder / "samples.tsv").write_text("\n".join(sheet) + "\n", encoding="utf-8")
    inputs = [{"name": name, "path": f"{name}.txt"} for name in _INPUTS]
    config = {"study": "small", "samples": "samples.tsv", "inputs": inputs, "bootstrap": 20}
    (folder / "config" / "config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    return folder


def command(*arguments: str) -> list[str]:
    """The command line of a run, with the profile of the checkout."""
    program = str(Path(sys.executable).parent / "snakemake")
    return [program, "--snakefile", str(CHECKOUT / "Snakefile"), "--nocolor", *arguments]


def environment() -> dict[str, str]:
    """The environment of a run: no package of ours on the way, and a fixed time for what states when it was made."""
    own = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV")}
    return own | {"SOURCE_DATE_EPOCH": MOMENT}


def run(folder: Path, *arguments: str, prefix: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    """Run to the end, on two cores where nothing else is said."""
    line = [*prefix, *command(*(arguments or ("--cores", "2")))]
    return subprocess.run(
        line, cwd=folder, env=environment(), capture_output=True, text=True, check=False, timeout=LONGEST
    )


class Running:
    """A run in a session of its own, its output in a file; ``end`` sends a signal to all of its processes."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self._log = folder / "said.txt"
        with self._log.open("wb") as log:
            # what a shell starts in the background does not heed Ctrl-C, nor does what that starts
            heeding = ("env", "--default-signal=INT")
            self.process = subprocess.Popen(
                [*heeding, *command(*(arguments or ("--cores", "2")))],
                cwd=folder,
                env=environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    @property
    def said(self) -> str:
        """What the run has said so far."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def until(self, reached: Callable[[], object], seconds: float = LONGEST) -> None:
        """Wait until ``reached`` says yes; a run that ends before is a fault of the test."""
        last = time.monotonic() + seconds
        while not reached():
            assert self.process.poll() is None and time.monotonic() < last, self.said
            time.sleep(0.01)

    def began(self, stage: str) -> list[str]:
        """The logs of the stage's jobs: each is there from the moment in which its job begins."""
        return sorted(path.name for path in (self._log.parent / "results" / "small" / "logs").glob(f"{stage}.*"))

    def end(self, number: signal.Signals) -> int:
        """Send the signal to every process of the session, wait for them all, and give the exit code."""
        for process in self._session():
            try:
                os.kill(process, number)
            except ProcessLookupError:
                continue
        code = self.process.wait(LONGEST)
        last = time.monotonic() + LONGEST
        while self._session():
            assert time.monotonic() < last, "a process of the run lives on"
            time.sleep(0.02)
        return code

    def _session(self) -> list[int]:
        """The processes of the session: Snakemake, its shells and the stages, whatever group they put themselves in."""
        found = []
        for entry in Path("/proc").iterdir():
            try:
                fields = (entry / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
            except (OSError, ValueError):
                continue
            # after the name: state, parent, group, session
            if entry.name.isdigit() and int(fields[3]) == self.process.pid and fields[0] != "Z":
                found.append(int(entry.name))
        return found


def results(folder: Path) -> dict[str, bytes]:
    """What a run has written, by path: tables, page and exports; not its logs and benchmarks."""
    base = folder / "results"
    files = [p for p in base.rglob("*") if p.is_file() and not {"logs", "benchmarks"} & set(p.parts)]
    return {str(p.relative_to(base)): p.read_bytes() for p in files if p.suffix != ".part"}


def not_whole(folder: Path, reference: dict[str, bytes]) -> list[str]:
    """The results that are not what an undisturbed run gives, or are none of its results."""
    return sorted(name for name, content in results(folder).items() if reference.get(name) != content)


def finish(folder: Path, reference: dict[str, bytes]) -> str:
    """Take the lock off, run again, and say what is different from an undisturbed run; empty where nothing is."""
    if any((folder / ".snakemake" / "locks").glob("*")):
        run(folder, "--unlock")
    done = run(folder)
    if done.returncode:
        return done.stdout + done.stderr
    found = results(folder)
    if found != reference:
        return f"different: {sorted(n for n in found.keys() | reference.keys() if found.get(n) != reference.get(n))}"
    left = [str(p) for p in (folder / "results").rglob("*.part")]
    return f"left behind: {left}" if left else ""


def copy(study: Path, folder: Path) -> Path:
    """A study of its own for a fault."""
    return Path(shutil.copytree(study, folder))
