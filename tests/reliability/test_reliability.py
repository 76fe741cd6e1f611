"""The short form of the fault table; `make reliability` makes the whole one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.reliability import faults
from tests.reliability.faults import Fixture, Found

pytestmark = pytest.mark.workflow


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Fixture:
    """The undisturbed run that the others are held against."""
    return faults.prepare(tmp_path_factory.mktemp("undisturbed"))


def assert_good(found: Found) -> None:
    print(found.message)
    assert found.half_written == ""
    assert found.second_run == ""


@pytest.mark.parametrize("seed", [101])
def test_killed(base: Fixture, tmp_path: Path, seed: int) -> None:
    assert_good(faults.killed(base, tmp_path, seed))


@pytest.mark.parametrize("fault", [faults.input_removed, faults.interrupted, faults.two_at_once])
def test_disturbed(base: Fixture, tmp_path: Path, fault) -> None:
    assert_good(fault(base, tmp_path))


@pytest.mark.parametrize("stage", ["quantify"])
def test_disk_full(base: Fixture, tmp_path: Path, stage: str) -> None:
    if not faults.can_mount(tmp_path):
        pytest.skip("a tmpfs cannot be mounted here")
    assert_good(faults.disk_full(base, tmp_path, stage))


@pytest.mark.parametrize("fault", [faults.read_only, faults.full_from_the_start])
def test_refused_from_the_start(base: Fixture, tmp_path: Path, fault) -> None:
    if not faults.can_mount(tmp_path):
        pytest.skip("a tmpfs cannot be mounted here")
    assert_good(fault(base, tmp_path))
