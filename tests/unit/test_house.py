"""The rules of the house: the way of the data, thin rules, one version of everything, a complete manual."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

import sevident
from sevident import configuration, samples

CHECKOUT = Path(__file__).resolve().parents[2]
PACKAGE = CHECKOUT / "workflow" / "sevident"
MODULES = sorted(PACKAGE.rglob("*.py"))
RULE_FILES = sorted((CHECKOUT / "workflow" / "rules").glob("*.smk"))
# the rooms of the package in the order in which the data flow; a room knows none of the later ones
ORDER = ("readers", "quantification", "profiling", "scoring", "release", "report")
STAGES = ("ingest", "quantify", "profile", "score", "release")


def tracked_text() -> list[Path]:
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listing.returncode:
        pytest.skip("not a git checkout")
    endings = {
        ".py",
        ".smk",
        ".md",
        ".yaml",
        ".yml",
        ".toml",
        ".rst",
        ".cff",
        ".txt",
        ".html",
        ".css",
        ".js",
        ".tsv",
        "",
    }
    names = [CHECKOUT / name for name in listing.stdout.split("\0") if name]
    return [path for path in names if path.suffix in endings and path.is_file()]


def imported(path: Path) -> set[str]:
    """Full names of what a module of the package imports."""
    package = [*path.relative_to(PACKAGE.parent).parts[:-1]]
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            start = ".".join([*above, *([node.module] if node.module else [])])
            names |= {start, *(f"{start}.{alias.name}" for alias in node.names)}
    return names


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_the_data_never_run_back(path: Path) -> None:
    names = imported(path)
    assert not {n for n in names if n.split(".")[0] == "snakemake"}, "the package knows nothing of Snakemake"
    room = path.relative_to(PACKAGE).parts[0]
    if room in ORDER:
        later = {f"sevident.{name}" for name in (*ORDER[ORDER.index(room) + 1 :], *STAGES) if name != room}
        assert not {n for n in names if any(n == f or n.startswith(f"{f}.") for f in later)}


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_modules_are_small_and_say_what_they_are(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 450
    if text.strip():
        assert ast.get_docstring(ast.parse(text)), "a docstring says what the module is for"
    assert not {n for n in imported(path) if n.split(".")[0] in ("pickle", "joblib", "marshal", "shelve")}


def rules() -> dict[str, str]:
    text = "".join(path.read_text(encoding="utf-8") for path in RULE_FILES)
    return dict(re.findall(r"^rule (\w+):\n((?:[ \n].*\n?|\n)*)", text, re.M))


def test_the_rules_are_those_of_the_design() -> None:
    assert list(rules()) and set(rules()) == {
        *("ingest_input", "ingest", "quantify", "profile", "score", "release", "report", "export"),
        *("reference", "evaluate"),
    }


@pytest.mark.parametrize("name", sorted(rules()))
def test_rules_are_thin_and_complete(name: str) -> None:
    body = rules()[name]
    sections = re.findall(r"^    (\w+):", body, re.M)
    for needed in ("input", "output", "log", "benchmark", "conda", "threads", "resources", "message", "shell"):
        assert needed in sections, needed
    assert {"run", "script", "notebook", "retries"}.isdisjoint(sections)
    assert "lambda" not in body
    shell = body[body.index("    shell:") :]
    assert shell.count("python -m sevident ") == 1
    assert "2> {log:q}" in shell
    unquoted = [f for f in re.findall(r"\{([\w.]+(?::\w)?)\}", shell) if not f.endswith(":q")]
    assert unquoted == []
    assert re.search(r"mem_mb=memory(\(|_of_\w+,)", body)
    assert "runtime=" in body
    assert "version=sevident.__version__" in body
    # changed code makes it run again
    assert "fingerprint=fingerprint(" in body


def test_the_snakefile_is_a_table_of_contents() -> None:
    text = (CHECKOUT / "Snakefile").read_text(encoding="utf-8")
    names = re.findall(r'^include: "workflow/rules/(\w+)\.smk"$', text, re.M)
    assert names == ["common", *STAGES, "report", "reference"]
    assert sorted(names) == sorted(p.stem for p in RULE_FILES)
    assert re.findall(r"^rule (\w+)", text, re.M) == ["all"]
    assert "def " not in text


def test_captions_exist_and_are_used() -> None:
    text = "".join(p.read_text(encoding="utf-8") for p in RULE_FILES)
    used = set(re.findall(r'"\.\./report/(\w+)\.rst"', text))
    assert used == {p.stem for p in (CHECKOUT / "workflow" / "report").glob("*.rst")}
    for path in (CHECKOUT / "workflow" / "report").glob("*.rst"):
        assert len(path.read_text(encoding="utf-8")) > 40


def lock(name: str) -> dict[str, str]:
    text = (CHECKOUT / name).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9][a-z0-9.-]*)==([^ ;\\]+)", text, re.M))


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_locks_hold_hashes_and_no_addresses(name: str) -> None:
    text = (CHECKOUT / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index-url" not in text
    entries = re.split(r"^(?=[a-z0-9])", text, flags=re.M)[1:]
    assert len(entries) == len(lock(name)) > 20
    assert all("--hash=sha256:" in entry for entry in entries)


def test_the_locks_agree() -> None:
    run, dev = lock("requirements.txt"), lock("requirements-dev.txt")
    assert {n: v for n, v in dev.items() if n in run} == run


def test_the_conda_environment_has_the_versions_of_the_lock() -> None:
    environment = yaml.safe_load((CHECKOUT / "envs" / "sevident.yaml").read_text(encoding="utf-8"))
    names = {"python-duckdb": "duckdb"}  # conda-forge's name
    plain = [entry for entry in environment["dependencies"] if isinstance(entry, str) and entry != "pip"]
    from_pip = next(entry["pip"] for entry in environment["dependencies"] if isinstance(entry, dict))
    listed = dict(entry.split(" =") for entry in plain) | dict(entry.split(" ==") for entry in from_pip)
    python = listed.pop("python")
    versions = lock("requirements.txt")
    assert listed == {n: versions[names.get(n, n)] for n in listed}
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {re.split(r"[\[<>=~!]", entry)[0] for entry in project["dependencies"]}
    # Snakemake and its executors run the jobs; the stages do not need them
    wanted = {name for name in wanted if not name.startswith("snakemake")}
    assert wanted <= {names.get(n, n) for n in listed}
    least = project["requires-python"].removeprefix(">=")
    assert tuple(map(int, python.split("."))) >= tuple(map(int, least.split(".")))


def test_one_version_everywhere() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    citation = yaml.safe_load((CHECKOUT / "CITATION.cff").read_text(encoding="utf-8"))
    assert project["version"] == citation["version"] == sevident.__version__
    least = next(d for d in project["dependencies"] if d.startswith("snakemake"))
    minimum = re.search(r'min_version\("([\d.]+)"\)', (CHECKOUT / "Snakefile").read_text(encoding="utf-8"))
    assert minimum is not None
    assert least.endswith(f">={minimum.group(1)}")


def test_every_key_and_column_is_in_the_manual() -> None:
    manual = (CHECKOUT / "config" / "README.md").read_text(encoding="utf-8")
    schema = yaml.safe_load(configuration.SCHEMA.read_text(encoding="utf-8"))

    def names(rule: dict) -> set[str]:
        own = set(rule.get("properties", {}))
        for inner in rule.get("properties", {}).values():
            own |= names(inner)
        return own | (names(rule["items"]) if "items" in rule else set())

    manual = re.sub(r"^```.*?^```", "", manual, flags=re.M | re.S)
    said = set(re.findall(r"[a-z_][a-z_0-9]*", " ".join(re.findall(r"`([^`]+)`", manual))))
    assert names(schema) <= said
    assert set(samples.COLUMNS) | set(samples.ROLES) <= said
    formats = schema["properties"]["inputs"]["items"]["properties"]["format"]["enum"]
    assert set(formats) <= said


def test_formats_of_the_schema_are_those_that_are_read() -> None:
    from sevident import readers

    schema = yaml.safe_load(configuration.SCHEMA.read_text(encoding="utf-8"))
    formats = schema["properties"]["inputs"]["items"]["properties"]["format"]["enum"]
    assert sorted(formats) == sorted(["auto", *readers.FORMATS])


def test_no_path_of_a_machine_stands_in_a_file() -> None:
    pattern = re.compile(r"(?<![\w.\"'}])/(?:work|tmp|home|root)/")
    found = [str(p) for p in tracked_text() if p != Path(__file__) and pattern.search(p.read_text(encoding="utf-8"))]
    assert found == []


def test_nothing_that_runs_code_when_opened_is_kept() -> None:
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert not [n for n in listing.stdout.split("\0") if re.search(r"\.(pkl|pickle|joblib|rds|RData|npy)$", n)]
