"""What a run is made of: licences of everything installed for it, and recipes of containers that hold just that."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
# Licences under which a package may come, by SPDX name.
ALLOWED = {"0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "MIT", "MPL-2.0", "PSF-2.0", "Zlib"}
# How older metadata say the same.
_CLASSIFIERS = {
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "Public Domain": "CC0-1.0",
}
_TEXTS = (
    (r"\bMIT License\b|Permission is hereby granted, free of charge", "MIT"),
    (r"Redistributions in binary form must reproduce[\s\S]*Neither the name", "BSD-3-Clause"),
    (r"Apache License\s+Version 2\.0", "Apache-2.0"),
)
# Packages that come under another licence too, or under another one alone, each with the reason why it may stay.
EXCEPTIONS = {
    "docutils": "public domain and BSD but for one editor mode under the GPL, which is not part of what is imported",
    "strict-rfc3339": "GPL-3.0; one of pymzqc's declared requirements, which no module that a run loads imports",
}


def lock(name: str) -> list[str]:
    """The packages of a lock that are for this system."""
    text = (CHECKOUT / name).read_text(encoding="utf-8")
    found = re.findall(r"^([a-z0-9][a-z0-9.-]*)==[^ ;\\]+( ;[^\\\n]*)?", text, re.M)
    return [package for package, condition in found if "sys_platform == 'win32'" not in condition]


def licences(package: str) -> set[str]:
    """SPDX names of a package's licence, by its metadata or else by the text of its licence."""
    found = metadata.distribution(package)
    said = found.metadata.get("License-Expression")
    if said:
        return set(re.findall(r"[A-Za-z0-9.-]+", said)) - {"AND", "OR", "WITH"}
    entries = [c.rpartition(" :: ")[2] for c in found.metadata.get_all("Classifier", []) if c.startswith("License ::")]
    entries = [entry for entry in entries if entry != "OSI Approved"]
    if entries:
        return {_CLASSIFIERS.get(entry, entry) for entry in entries}
    field = (found.metadata.get("License") or "").strip()
    if field in ALLOWED:
        return {field}
    files = [file for file in found.files or [] if "LICEN" in file.name.upper() and ".dist-info" in str(file)]
    text = field + "".join(file.locate().read_text(encoding="utf-8", errors="replace") for file in files)  # type: ignore[union-attr]
    return {name for pattern, name in _TEXTS if re.search(pattern, text)}


@pytest.mark.parametrize("package", lock("requirements.txt"))
def test_the_licence_of_what_a_run_needs(package: str) -> None:
    try:
        found = licences(package)
    except metadata.PackageNotFoundError:
        pytest.skip("not installed on this system")
    if package in EXCEPTIONS:
        assert found - ALLOWED, "an exception that is none any more"
    else:
        assert found and found <= ALLOWED


def test_exceptions_are_not_imported() -> None:
    modules = {"docutils": "docutils", "strict-rfc3339": "strict_rfc3339"}
    assert set(modules) == set(EXCEPTIONS)
    text = "".join(p.read_text(encoding="utf-8") for p in (CHECKOUT / "workflow" / "sevident").rglob("*.py"))
    assert not [m for m in modules.values() if re.search(rf"^\s*(?:import|from) {m}\b", text, re.M)]


def test_what_writes_mzqc_does_not_load_its_gpl_requirement() -> None:
    """pymzqc declares it, so that it is in the lock; neither the module that we use nor Snakemake imports it."""
    asked = {re.split(r"[^A-Za-z0-9.-]", line)[0] for line in metadata.requires("pymzqc") or []}
    assert "strict-rfc3339" in asked, "an exception that is none any more"
    loaded = "import sys, snakemake.cli, jsonschema; from mzqc import MZQCFile; print('strict_rfc3339' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.strip() == "False"


READ = (
    *("formats/tpp/crema_msfragger.pepxml", "formats/tpp/openms_input_2.protXML", "formats/mzid/openms_3runs.mzid"),
    *("formats/mztab/pyteomics_test.mztab", "formats/sage/proteobench_lfq.tsv"),
    *("formats/diann/alphabase_1.9.0_report_head.tsv", "studies/bv2_microglia/perseus_cell_vs_exosome.xlsx"),
)


def test_reading_needs_nothing_that_only_the_tests_install(shared_data: Path) -> None:
    """psims among them: pyteomics takes it up where it is, and does without where it is not."""
    run = set(lock("requirements.txt")) | {"sevident"}
    modules = {
        module
        for module, packages in metadata.packages_distributions().items()
        if not run & {re.sub(r"[-_.]+", "-", package).lower() for package in packages}
    }
    assert {"psims", "pytest"} <= modules
    block = "import sys; sys.modules.update(dict.fromkeys(sys.argv.pop().split(','))); "
    start = "from sevident.cli import main; sys.exit(main(['inspect', *sys.argv[1:]]))"
    files = [shared_data / name for name in READ]
    command = [sys.executable, "-c", block + start, *files, ",".join(sorted(modules))]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    assert all(str(file) in done.stdout for file in files)


RECIPES = {"Dockerfile": r"^COPY (.+) /opt/sevident/\S*$", "sevident.def": r"^    (\S+) /opt/sevident/\S+$"}


@pytest.mark.parametrize("name", sorted(RECIPES))
def test_a_recipe_holds_what_a_run_needs(name: str) -> None:
    """No container is built here: paths, versions, the lock and the command are compared with the checkout."""
    text = (CHECKOUT / "containers" / name).read_text(encoding="utf-8")
    copied = {part for line in re.findall(RECIPES[name], text, re.M) for part in line.split()}
    assert copied == {
        *("requirements.txt", "pyproject.toml", "README.md", "LICENSE", "Snakefile"),
        *("config", "envs", "profiles", "resources", "workflow"),
    }
    assert all((CHECKOUT / part).exists() for part in copied)
    assert "--require-hashes --requirement /opt/sevident/requirements.txt" in text
    assert text.count("pip install") == 2, "nothing is installed beside the lock and sEVident itself"
    assert "--no-deps --no-build-isolation --editable /opt/sevident" in text
    assert "snakemake" in text and "/opt/sevident/Snakefile" in text
    environment = (CHECKOUT / "envs" / "sevident.yaml").read_text(encoding="utf-8")
    version = re.search(r"python =([\d.]+)", environment)
    assert version and re.search(rf"(?:FROM|From:) python:{re.escape(version[1])}-slim", text)


def test_both_recipes_make_the_same() -> None:
    docker, apptainer = ((CHECKOUT / "containers" / name).read_text(encoding="utf-8") for name in RECIPES)
    commands = [re.findall(r"python -m pip install .*", text) for text in (docker, apptainer)]
    assert commands[0] == commands[1]


def test_what_git_does_not_hold_stays_out_of_the_image() -> None:
    ignored = (CHECKOUT / ".dockerignore").read_text(encoding="utf-8").split()
    assert {".git", ".venv", ".snakemake", "results"} <= set(ignored)
