"""Running Snakemake as a user does: in a process of its own, in a folder of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

Run = Callable[..., subprocess.CompletedProcess[str]]
#: seconds after which a run hangs; on a machine that others load, a run of seconds takes minutes
LONGEST = 1800

# Symbols of the panels, from most to least abundant in a made-up preparation; what follows them is named FILLER.
_MARKERS = (
    "CD9",
    "CD81",
    "CD63",
    "SDCBP",
    "PDCD6IP",
    "TSG101",
    "FLOT1",
    "ANXA2",
    "ACTB",
    "HSPA8",
    "ALB",
    "APOA1",
    "APOB",
)
_FILLERS = 150
#: the page and the exports state when they were made: seconds for SOURCE_DATE_EPOCH
MOMENT = "1700000000"
RUNS = ("EV_1", "EV_2", "medium")


@pytest.fixture(scope="session")
def snakemake(checkout: Path) -> Run:
    """Run Snakemake on the checkout's Snakefile; the environment holds no activated Python."""

    def run(*arguments: str | Path, cwd: Path, snakefile: Path | None = None) -> subprocess.CompletedProcess[str]:
        program = Path(sys.executable).parent / "snakemake"
        command = [program, "--snakefile", snakefile or checkout / "Snakefile", "--nocolor", *arguments]
        environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV")}
        environment["PATH"] = "/usr/local/bin:/usr/bin:/bin"
        environment["SOURCE_DATE_EPOCH"] = MOMENT
        return subprocess.run(
            command, cwd=cwd, env=environment, capture_output=True, text=True, check=False, timeout=LONGEST
        )

    return run


def protein_groups() -> str:
    """A small proteinGroups.txt: two preparations full of markers, and a medium full of serum."""
    header = ["Protein IDs", "Majority protein IDs", "Gene names", "Fasta headers", "Peptides", "Sequence length"]
    header += [f"Razor + unique peptides {run}" for run in RUNS] + [f"Intensity {run}" for run in RUNS]
    header += ["Intensity", "Only identified by site", "Reverse", "Potential contaminant", "id"]
    lines = ["\t".join(header)]
    genes = [*_MARKERS, *(f"FILLER{i}" for i in range(_FILLERS))]
    for i, gene in enumerate(genes):
        accession = f"P{10000 + i:05d}"
        ev = 10 ** (9 - 4 * i / len(genes))
        medium = 10 ** (5 + 4 * i / len(genes)) if gene.startswith("FILLER") else 10 ** (6 + i / len(_MARKERS) * 4)
        title = f"sp|{accession}|{gene}_HUMAN made up OS=Homo sapiens OX=9606 GN={gene} PE=1 SV=1"
        intensities = [f"{value:.0f}" for value in (ev, ev * 1.1, medium)]
        lines.append(
            "\t".join(
                [accession, accession, gene, title, "5", "300", "5", "5", "3", *intensities, "9", "", "", "", str(i)]
            )
        )
    return "\n".join(lines) + "\n"


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A working directory with a small study, its name with a blank and a quotation mark; see ``configure``."""
    return small_study(tmp_path / "it's a study")


@pytest.fixture(scope="session")
def first_run(snakemake: Run, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The small study after a run, and what the run said; tests work on a copy of it, see ``finished``."""
    folder = small_study(tmp_path_factory.mktemp("finished") / "it's a study")
    done = snakemake("--cores", "1", cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder, done.stdout + done.stderr


@pytest.fixture
def finished(first_run: tuple[Path, str], tmp_path: Path) -> Path:
    """A copy of the small study after a run, with its times of change."""
    return shutil.copytree(first_run[0], tmp_path / "a copy")


def small_study(folder: Path) -> Path:
    folder.mkdir()
    (folder / "proteinGroups.txt").write_text(protein_groups(), encoding="utf-8")
    names = ("<script>alert(1)</script>", "=cmd", "培養上清 $(id)")
    roles = ("preparation", "preparation", "conditioned_medium")
    rows = [f"{n}\t{run}\t{role}\tA" for n, run, role in zip(names, RUNS, roles, strict=True)]
    sheet = "\n".join(["sample\trun\trole\treference_group", *rows]) + "\n"
    (folder / "samples.tsv").write_text(sheet, encoding="utf-8")
    configure(folder)
    return folder


def configure(folder: Path, **changes: object) -> Path:
    """Write config/config.yaml into the working directory: the small study, with changes."""
    config: dict[str, object] = {
        "study": "small",
        "samples": "samples.tsv",
        "inputs": [{"path": "proteinGroups.txt"}],
        "bootstrap": 20,
    }
    path = folder / "config" / "config.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(yaml.safe_dump(config | changes), encoding="utf-8")
    return path
