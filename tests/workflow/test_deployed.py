"""The layout that `snakedeploy deploy-workflow` makes: config/, and a workflow/Snakefile with the rules of a module.

snakedeploy finds a Snakefile at the root of a repository too, as here. The module's source is the checkout instead of
an address, which a test must not fetch from.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Run
from .test_workflow import STAGES, planned

pytestmark = pytest.mark.workflow


def test_the_layout_of_snakedeploy(snakemake: Run, checkout: Path, study: Path) -> None:
    assert (checkout / "config" / "config.yaml").is_file()
    assert (checkout / "Snakefile").is_file()
    (study / "workflow").mkdir()
    deployed = study / "workflow" / "Snakefile"
    deployed.write_text(
        f"""
configfile: "config/config.yaml"


module sevident:
    snakefile:
        {str(checkout / "Snakefile")!r}
    config:
        config


use rule * from sevident
"""
    )
    done = snakemake("--dry-run", cwd=study, snakefile=deployed)
    assert done.returncode == 0, done.stderr
    assert planned(done.stdout + done.stderr) == set(STAGES)
    done = snakemake("--cores", "1", "results/small/inputs/main.proteins.parquet", cwd=study, snakefile=deployed)
    assert done.returncode == 0, done.stdout + done.stderr
