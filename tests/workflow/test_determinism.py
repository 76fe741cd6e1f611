"""The same study gives the same bytes, however many cores there are and however the machine is set up."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import LONGEST, MOMENT
from .test_workflow import checksums

pytestmark = pytest.mark.workflow

_SURROUNDINGS = {
    "2": {"TZ": "Asia/Tokyo", "LC_ALL": "C", "LANG": "C", "PYTHONHASHSEED": "1"},
    "8": {"TZ": "America/St_Johns", "LC_ALL": "C.UTF-8", "LANG": "de_DE.UTF-8", "PYTHONHASHSEED": "4242"},
}


def shuffled(path: Path, seed: int) -> None:
    """The rows of a table in another order."""
    header, *rows = path.read_text(encoding="utf-8").splitlines()
    random.Random(seed).shuffle(rows)  # noqa: S311 (no secret)
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")


@pytest.mark.parametrize("cores", sorted(_SURROUNDINGS))
def test_cores_surroundings_and_the_order_of_rows(
    checkout: Path, first_run: tuple[Path, str], tmp_path: Path, cores: str
) -> None:
    ignored = shutil.ignore_patterns("results", ".snakemake")
    study = shutil.copytree(first_run[0], tmp_path / "elsewhere", ignore=ignored)
    # other rows first: the input is another file then, whose checksum the page and the exports state
    in_order = cores == "8"
    for seed, name in enumerate(() if in_order else ("proteinGroups.txt", "samples.tsv")):
        shuffled(study / name, seed)
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"} | _SURROUNDINGS[cores]
    environment["SOURCE_DATE_EPOCH"] = MOMENT
    program = Path(sys.executable).parent / "snakemake"
    command = [program, "--snakefile", checkout / "Snakefile", "--cores", cores]
    done = subprocess.run(
        command, cwd=study, env=environment, capture_output=True, text=True, check=False, timeout=LONGEST
    )
    assert done.returncode == 0, done.stdout + done.stderr
    part = "results" if in_order else "results/small/tables"
    here, there = (checksums(folder / part) for folder in (study, first_run[0]))
    assert len(here) > (30 if in_order else 10)
    assert here == there
