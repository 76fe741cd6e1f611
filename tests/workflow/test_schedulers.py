"""Other schedulers than Slurm, by Snakemake's executor cluster-generic: a program submits, another one tells the state.

The scheduler here is a shell script that runs what it is given in the background.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from .conftest import Run
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


def test_a_scheduler_of_two_programs(
    snakemake: Run, checkout: Path, study: Path, first_run: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("snakemake_executor_plugin_cluster_generic")
    queue = study.parent / "queue"
    queue.mkdir()
    monkeypatch.setenv("QUEUE", str(queue))
    for name, text in (("submit", _SUBMIT), ("status", _STATUS)):
        (study.parent / name).write_text(text)
        (study.parent / name).chmod(0o755)
    profile = ("--workflow-profile", checkout / "profiles" / "generic", "--seconds-between-status-checks", "1")
    submit = f"{study.parent / 'submit'} -m {{resources.mem_mb}} -t {{resources.runtime}} -c {{threads}}"
    programs = ("--cluster-generic-submit-cmd", submit, "--cluster-generic-status-cmd", study.parent / "status")
    done = snakemake(*profile, *programs, "--latency-wait", "2", cwd=study)
    assert done.returncode == 0, done.stdout + done.stderr
    asked = [path.read_text() for path in sorted(queue.glob("*.asked"))]
    # reading, and the chain of the short stages
    assert len(asked) == 2
    assert re.match(r"-m \d{4} -t \d+ -c 1 ", asked[0])
    # the page and the exports are written side by side
    assert re.match(r"-m \d{4} -t \d+ -c 2 ", asked[1])
    here, there = (checksums(folder / "results" / "small" / "tables") for folder in (study, first_run[0]))
    assert set(TABLES) <= set(here)
    assert here == there
