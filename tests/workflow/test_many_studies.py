"""Several studies in one call, by the workflow in tests/workflow/many: each gives what it gives alone."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from .conftest import Run, configure
from .test_workflow import checksums

pytestmark = pytest.mark.workflow


def test_two_studies_in_one_call(snakemake: Run, first_run: tuple[Path, str], tmp_path: Path) -> None:
    configurations = []
    for study, source in (("first", "main"), ("second", "another")):
        shutil.copytree(first_run[0], tmp_path / study, ignore=shutil.ignore_patterns("results", ".snakemake"))
        inputs = [{"name": source, "path": f"{study}/proteinGroups.txt"}]
        path = configure(tmp_path / study, study=study, samples=f"{study}/samples.tsv", inputs=inputs)
        configurations.append(str(path.relative_to(tmp_path)))
    driver = Path(__file__).parent / "many" / "Snakefile"
    studies = f"studies=[{', '.join(configurations)}]"
    done = snakemake("--cores", "2", "--config", studies, cwd=tmp_path, snakefile=driver)
    assert done.returncode == 0, done.stdout + done.stderr
    alone = checksums(first_run[0] / "results" / "small")
    for study in ("first", "second"):
        found = checksums(tmp_path / "results" / study)
        assert (tmp_path / "results" / study / "report.html").is_file()
        for table in ("scores.tsv", "families.tsv", "markers.tsv"):
            assert found[f"tables/{table}"] == alone[f"tables/{table}"], (study, table)
