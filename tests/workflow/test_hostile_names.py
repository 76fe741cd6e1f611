"""Names and paths go through a whole run as text: no command in them is run, nothing is written elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import RUNS, Run, configure

pytestmark = pytest.mark.workflow

_SAMPLES = ("$(touch injected)", "'; touch injected; '", '"`touch injected`" && touch injected')
# a file name holds no '/', so what is injected would lie in the working directory
_FILES = ("$(touch injected) `touch injected`;touch injected;.txt", 'it\'s "my" sheet | touch injected &.tsv')


def everything(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def test_names_that_are_commands(snakemake: Run, study: Path) -> None:
    (study / "proteinGroups.txt").rename(study / _FILES[0])
    rows = [f'"{name.replace(chr(34), chr(34) * 2)}"\t{run}' for name, run in zip(_SAMPLES, RUNS, strict=True)]
    (study / _FILES[1]).write_text("sample\trun\n" + "\n".join(rows) + "\n", encoding="utf-8")
    (study / "samples.tsv").unlink()
    configure(study, samples=_FILES[1], inputs=[{"path": _FILES[0]}])
    before = everything(study.parent)
    done = snakemake("--cores", "2", cwd=study)
    assert done.returncode == 0, done.stdout + done.stderr
    new = everything(study.parent) - before
    assert not [name for name in new if "injected" in name]
    assert {name.split("/")[1] for name in new} == {"results", ".snakemake"}


@pytest.mark.parametrize("path", ["{source}.txt", "a{b", "--output=x", "-"])
def test_paths_that_mean_something_to_a_program(snakemake: Run, study: Path, path: str) -> None:
    (study / "proteinGroups.txt").rename(study / path)
    configure(study, inputs=[{"path": path}])
    done = snakemake("--cores", "1", cwd=study)
    assert done.returncode == 1
    assert "key 'inputs[0].path'" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (study / "results").exists()
