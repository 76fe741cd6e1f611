"""The command line: quick, plain about errors, and a thin shell around the stages."""

from __future__ import annotations

import inspect
import json
import logging
import re
import resource
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import duckdb
import pytest

import sevident
from sevident import cli, log
from sevident.errors import InputError

WARNING = "stage\tlevel\tcode\tsubject\tcount\tmessage\n"


def sevident_command(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "sevident", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd, timeout=60)


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "config.yaml").write_text(
        "study: mine\nsamples: samples.tsv\ninputs:\n  - path: proteinGroups.txt\n    format: maxquant\n"
    )
    (tmp_path / "samples.tsv").write_text("sample\trole\treference_group\nEV\t\tA\nmedium\tconditioned_medium\tA\n")
    (tmp_path / "proteinGroups.txt").write_text("Protein IDs\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> list[tuple]:
    """Put a recorder in the place of the stage `profile`; it writes one warning."""
    calls: list[tuple] = []

    def run(settings, *paths) -> None:
        calls.append((settings, *paths))
        paths[-1].write_text(WARNING + "profile\twarning\tfew_proteins\tEV\x1b[31m\t3\tThe sample is thin.\n")

    module = ModuleType("sevident.profile")
    module.run = run  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "sevident.profile", module)
    return calls


def profile_arguments(folder: Path, settings: str = '{"organism": "human"}') -> list[str]:
    paths = [f"--{name}={folder / name}" for name in ("samples", "abundance", "proteins", "markers", "families")]
    return ["profile", "--settings", settings, *paths, f"--compartments={folder / 'c'}", f"--warnings={folder / 'w'}"]


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["score", "--help"]])
def test_help_is_quick_and_imports_nothing_heavy(arguments: list[str]) -> None:
    took = []
    for _ in range(3):
        start = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = sevident_command(*arguments)
        end = resource.getrusage(resource.RUSAGE_CHILDREN)
        took.append(end.ru_utime + end.ru_stime - start.ru_utime - start.ru_stime)
        assert done.returncode == 0
    assert min(took) < 0.5
    heavy = f"import sys, sevident.cli as c\ntry: c.main({arguments!r})\nexcept SystemExit: pass\n"
    heavy += "print(sorted({'pandas', 'numpy', 'yaml', 'jsonschema', 'rapidfuzz', 'duckdb'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", heavy], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.splitlines()[-1] == "[]"


def test_version() -> None:
    assert sevident_command("--version").stdout == f"sevident {sevident.__version__}\n"


def test_every_stage_of_the_contract_is_a_command() -> None:
    assert list(cli.STAGES) == ["ingest-input", "ingest", "quantify", "profile", "score", "release", "report", "export"]


@pytest.mark.parametrize("name", cli.STAGES)
def test_commands_fit_the_stages_that_they_call(name: str) -> None:
    stage = cli.STAGES[name]
    module = __import__(f"sevident.{stage.module}", fromlist=[stage.function])
    parameters = list(inspect.signature(getattr(module, stage.function)).parameters.values())
    named = ["settings", *(option.flag[2:].replace("-", "_") for option in stage.options)]
    required = [p.name for p in parameters if p.default is inspect.Parameter.empty]
    assert len(required) <= len(named) <= len(parameters)
    said = {
        "samples": "sheet",
        "output_proteins": "proteins",
        "output_features": "features",
    }
    said |= {f: f"{f}_out" for f in ("specification", "source_cell", "lots", "comparability", "risks")}
    assert [p.name for p in parameters[: len(named)]] == [said.get(n, n) for n in named]


def test_a_stage_gets_settings_and_paths_in_order(tmp_path: Path, stage: list, capsys: pytest.CaptureFixture) -> None:
    assert cli.main(profile_arguments(tmp_path)) == 0
    names = ("samples", "abundance", "proteins")
    written = ("markers", "families", "c", "w")
    expected = [tmp_path / n for n in names] + [cli.RESOURCES] + [tmp_path / n for n in written]
    assert stage == [({"organism": "human"}, *expected)]
    # the warning is logged, and the name in it cannot write to the terminal
    warned, cost = capsys.readouterr().err.splitlines()
    assert warned == "warning: EV\\x1b[31m: The sample is thin. [few_proteins]"
    assert cost.startswith("info: the stage took ")


def test_the_log_states_what_the_stage_cost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    """Seconds of the processor and the highest memory, as the kernel counts them; and no line stands there twice."""
    held = 300 << 20

    def run(*values: object) -> None:
        assert len(b"x" * held) == held  # zeros would take no memory
        values[-1].write_text(WARNING)  # type: ignore[union-attr]
        logging.debug("what a library says without a logger of its own sets up a handler for all")

    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    module = ModuleType("sevident.profile")
    module.run = run  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "sevident.profile", module)
    monkeypatch.setattr(cli.progress, "line", lambda *_: "done")
    assert cli.main(profile_arguments(tmp_path)) == 0
    said = capsys.readouterr().err
    found = re.fullmatch(r"info: the stage took ([\d.]+) s of the processor(?:, at most (\d+) MB of memory)?\n", said)
    assert found, said
    assert float(found[1]) > 0
    assert bool(found[2]) == sys.platform.startswith("linux")
    assert not found[2] or int(found[2]) >= held >> 20


def test_settings_from_a_file(tmp_path: Path, stage: list) -> None:
    (tmp_path / "s.json").write_text(json.dumps({"organism": "mouse", "name": "µ"}), encoding="utf-8")
    assert cli.main(profile_arguments(tmp_path, f"@{tmp_path / 's.json'}")) == 0
    assert stage[0][0] == {"organism": "mouse", "name": "µ"}


@pytest.mark.parametrize(
    ("settings", "words"),
    [("{'a': 1}", "line 1, column 2"), ("[1]", "not a JSON object"), ("@nowhere.json", "nowhere.json"), ("", "JSON")],
)
def test_settings_that_are_none(
    tmp_path: Path, stage: list, capsys: pytest.CaptureFixture, settings: str, words: str
) -> None:
    assert cli.main(profile_arguments(tmp_path, settings)) == 1
    assert words in capsys.readouterr().err
    assert stage == []


def test_an_error_for_the_user_is_one_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    def run(*_: object) -> None:
        raise InputError("the file is odd", where="a.txt, line 3", found="nothing")

    module = ModuleType("sevident.profile")
    module.run = run  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "sevident.profile", module)
    arguments = profile_arguments(tmp_path)
    file = tmp_path / "logs" / "profile.log"
    assert cli.main([*arguments, "--log", str(file)]) == 1
    message = "error: the file is odd\n  where:    a.txt, line 3\n  found:    nothing\n"
    assert capsys.readouterr().err == message
    assert file.read_text() == message
    for debug in (["--debug", *arguments], [*arguments, "--debug"]):
        assert cli.main(debug) == 1
        said = capsys.readouterr().err
        assert said.startswith(message)
        assert "Traceback" in said


@pytest.mark.parametrize(
    "error",
    [ZeroDivisionError(), FileNotFoundError(2, "gone", str(Path(cli.__file__).with_name("report") / "gone.js"))],
)
def test_a_defect_keeps_its_traceback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def run(*_: object) -> None:
        raise error

    module = ModuleType("sevident.profile")
    module.run = run  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "sevident.profile", module)
    with pytest.raises(type(error)):
        cli.main(profile_arguments(tmp_path))
    assert log.LOGGER.handlers == []


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(28, "No space left on device", "out.parquet"), "No space left on device"),
        (PermissionError(13, "Permission denied", "out.parquet"), "out.parquet"),
        (ModuleNotFoundError("No module named 'duckdb'", name="duckdb"), "'duckdb' is not installed"),
        # as pyarrow says it: no name of a file
        (OSError(28, "Error writing bytes to file. Detail: No space left on device"), "No space left on device"),
        (MemoryError(), "the memory does not suffice"),
        (duckdb.IOException('Could not write file "x.tmp": No space left on device'), "No space left on device"),
        (duckdb.OutOfMemoryException("failed to offload data block"), "TMPDIR"),
    ],
)
def test_what_the_machine_refuses_is_said_plainly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture, error: Exception, words: str
) -> None:
    def run(*_: object) -> None:
        raise error

    module = ModuleType("sevident.profile")
    module.run = run  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "sevident.profile", module)
    assert cli.main(profile_arguments(tmp_path)) == 1
    said = capsys.readouterr().err
    assert words in said
    assert "Traceback" not in said


def test_an_interrupted_stage_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    def run(*_: object) -> None:
        raise KeyboardInterrupt

    module = ModuleType("sevident.profile")
    module.run = run  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "sevident.profile", module)
    assert cli.main(profile_arguments(tmp_path)) == 130
    assert "interrupted" in capsys.readouterr().err


def test_wrong_options_are_refused_by_name() -> None:
    done = sevident_command("profile", "--sample", "x")
    assert done.returncode == 2
    assert "--settings" in done.stderr
    assert sevident_command().returncode == 2
    assert sevident_command("profil").returncode == 2


def test_check_says_what_would_be_run(study: Path, capsys: pytest.CaptureFixture) -> None:
    assert cli.main(["check"]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    assert said.out.splitlines() == [
        "study      mine (human)",
        "input      main: proteinGroups.txt (format maxquant)",
        "samples    2 in 2 runs: 1 preparation, 1 conditioned_medium",
        "groups     1",
        "results    results/mine/report.html",
    ]


def test_check_in_a_process_of_its_own(study: Path) -> None:
    (study / "samples.tsv").write_text("sample,role\nEV,preperation\n")
    done = sevident_command("check", "--config", "config/config.yaml", cwd=study)
    assert done.returncode == 1
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert "samples.tsv, line 2, column 'role'" in done.stderr
    assert "did you mean 'preparation'?" in done.stderr


def test_check_shows_remarks(study: Path, capsys: pytest.CaptureFixture) -> None:
    (study / "samples.tsv").write_text("sample,role\nEV,\n")
    with (study / "config" / "config.yaml").open("a") as file:
        file.write("organism: axolotl\n")
    assert cli.main(["check"]) == 0
    said = capsys.readouterr().err
    assert "[organism_without_panels]" in said
    assert "info: samples.tsv: " in said


def test_looking_and_drafting_are_commands() -> None:
    for name in ("inspect", "samplesheet"):
        done = sevident_command(name, "--help")
        assert done.returncode == 0 and "PATH" in done.stdout
        assert sevident_command(name).returncode == 2


def test_whoever_reads_may_stop_reading(study: Path) -> None:
    command = [sys.executable, "-m", "sevident", "inspect", *["proteinGroups.txt"] * 2, "--json"]
    with subprocess.Popen(command, cwd=study, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        assert running.stdout
        assert running.stderr
        running.stdout.close()
        said = running.stderr.read()
    assert running.returncode == 1
    assert not said
