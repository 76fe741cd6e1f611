"""Other schedulers than Slurm, by Snakemake's executor cluster-generic: a program submits, another one tells the state.

The scheduler here is a shell script that runs what it is given in the background.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from .conftest import Run, configure
from .test_workflow import TABLES, checksums

pytestmark = pytest.mark.workflow

_SUBMIT = """#!/bin/sh
# the last argument is the script of the job; those before it are what a scheduler would want to know
for script; do :; done
number=$(ls "$QUEUE" | grep -c 'asked$')
echo "$@" > "$QUEUE/$number.asked"
(sh "$script" > "$QUEUE/$number.said" 2>&1; echo $? > "$QUEUE/$number.ended") > /dev/null 2>&1 &
echo "$number"
"""
_STATUS = """#!/bin/sh
if [ -s "$QUEUE/$1.ended" ]; then
  [ "$(cat "$QUEUE/$1.ended")" = 0 ] && echo success || echo failed
else echo running; fi
"""


@pytest.fixture
def queue(study: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The queue of the scheduler: of each job what was asked for, said, and how it ended."""
    pytest.importorskip("snakemake_executor_plugin_cluster_generic")
    queue = study.parent / "queue"
    queue.mkdir()
    monkeypatch.setenv("QUEUE", str(queue))
    for name, text in (("submit", _SUBMIT), ("status", _STATUS)):
        (study.parent / name).write_text(text)
        (study.parent / name).chmod(0o755)
    return queue


def scheduled(checkout: Path, queue: Path, *more: str | Path) -> tuple[str | Path, ...]:
    """Arguments of Snakemake for a run by the two programs."""
    # the shell makes seconds of the minutes, as in profiles/README.md
    wanted = "-m {resources.mem_mb} -t $((60*{resources.runtime})) -c {threads} -q {resources.qos}"
    submit = f"{queue.parent / 'submit'} {wanted}"
    profile = ("--workflow-profile", checkout / "profiles" / "generic", "--seconds-between-status-checks", "1")
    programs = ("--cluster-generic-submit-cmd", submit, "--cluster-generic-status-cmd", queue.parent / "status")
    return (*profile, *programs, "--latency-wait", "2", "--default-resources", "qos=long", *more)


def asked(queue: Path) -> list[tuple[int, int, int, str]]:
    """Memory (MB), time (seconds), cores and quality of service of each job, in the order of submission."""
    lines = [path.read_text() for path in sorted(queue.glob("*.asked"))]
    found = [re.match(r"-m (\d+) -t (\d+) -c (\d+) -q (\w+) ", line) for line in lines]
    assert all(found), lines
    return [(int(m[1]), int(m[2]), int(m[3]), m[4]) for m in found if m]


def test_a_scheduler_of_two_programs(
    snakemake: Run, checkout: Path, study: Path, first_run: tuple[Path, str], queue: Path
) -> None:
    done = snakemake(*scheduled(checkout, queue), cwd=study)
    assert done.returncode == 0, done.stdout + done.stderr
    # reading, and the chain of the short stages: the page and the exports are written side by side at its end
    assert asked(queue) == [(3000, 60 * 21, 1, "long"), (1500, 60 * 76, 2, "long")]
    here, there = (checksums(folder / "results" / "small" / "tables") for folder in (study, first_run[0]))
    assert set(TABLES) <= set(here)
    assert here == there


def test_what_a_job_asks_for_follows_from_the_size_of_its_file_and_grows(
    snakemake: Run, checkout: Path, study: Path, queue: Path
) -> None:
    """Nothing is run: the scheduler says of every job that it failed."""
    (queue.parent / "submit").write_text(_SUBMIT.replace('sh "$script"', "false"))
    with (study / "proteinGroups.txt").open("r+b") as file:
        file.truncate(1_000_000_000)  # a hole in a file takes no room
    done = snakemake(*scheduled(checkout, queue, "--retries", "1"), cwd=study)
    assert done.returncode == 1
    first, second = asked(queue)
    assert first[:2] == (pytest.approx(3000 + 30 * 954, rel=0.01), 60 * 40)
    assert second[:2] == (pytest.approx(2 * first[0], abs=1), 60 * 80)
    shutil.rmtree(queue)
    queue.mkdir()
    configure(study, inputs=[{"path": "proteinGroups.txt", "format": "diann"}])
    assert snakemake(*scheduled(checkout, queue, "--retries", "0"), cwd=study).returncode == 1
    # a report of DIA-NN is read in a stream
    assert asked(queue)[0][0] == pytest.approx(3000 + 2 * 954, rel=0.01)
