"""The private Slurm of the tests; `make test-slurm` runs them."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.slurm.private import PrivateSlurm, missing
from tests.workflow.conftest import first_run, snakemake, study  # noqa: F401 (fixtures)


@pytest.fixture(scope="session")
def slurm() -> Iterator[PrivateSlurm]:
    """A running cluster of one node; at the end its own log of jobs is shown."""
    if not os.environ.get("SEVIDENT_SLURM"):
        pytest.skip("`make test-slurm` runs the tests on a private Slurm")
    if reason := missing():
        pytest.skip(reason)
    with PrivateSlurm(cpus=4, memory=16_000) as running:
        yield running
        print("\nJobs in Slurm's own log:")
        for job in running.completed():
            shown = ("JobId", "JobState", "SubmitTime", "EndTime", "Tres", "WorkDir")
            print("  " + "  ".join(f"{key}={job.get(key, '')}" for key in shown))
