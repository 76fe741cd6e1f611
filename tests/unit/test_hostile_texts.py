"""What a user writes, mutated a thousand times: each text is taken or refused in our words, and nothing else happens.

While a text is read, an audit hook of the interpreter watches: no file is opened for writing, no program is started, no
connection is made. (The names and paths that are taken go through a whole run in tests/workflow/test_hostile_names.py.)
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sevident import configuration, panels, tables
from sevident.cli import RESOURCES
from sevident.errors import SevidentError
from sevident.release import specification
from sevident.release.quantities import Known
from sevident.samples import read_samples

CHECKOUT = Path(__file__).resolve().parents[2]
THOUSAND = settings(
    max_examples=1000,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
# what has opened doors elsewhere: shells, formats, paths, YAML's tags and anchors, spreadsheets, pages, terminals
NASTY = (
    *("$(touch injected)", "`touch injected`", "; touch injected #", "| touch injected", "&& touch injected", "'", '"'),
    *("{source}", "{0.__class__}", "%(study)s", "%s%n", "{{", "}", "\\", "\x00", "\x1b[2J", "\u202e", "\ufeff", "\r"),
    *("../../../etc/passwd", "/etc/passwd", "..", ".", "", " ", "-", "--output=x", "~", "con", "a" * 5000, "\n", "\t"),
    *("!!python/object/apply:os.system ['touch injected']", "!!python/name:os.system", "&a [*a]", "*a", "<<: *a"),
    *(
        "=cmd|' /C calc'!A0",
        "@SUM(1)",
        "<script>alert(1)</script>",
        "]]>",
        "&lt;",
        "NaN",
        ".inf",
        "1e999",
        "-1",
        "0x7f",
    ),
    *(
        "null",
        "yes",
        "2026-01-01",
        "[]",
        "{}",
        "- ",
        ": ",
        "?",
        "---",
        "...",
        "# ",
        "|",
        ">",
        "é",
        "培養上清",
        "\ud7ff",
    ),
)
_FORBIDDEN = (
    *("subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "socket.connect"),
    *("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.truncate", "shutil."),
)
_watching: list[list[str]] = []


def _hook(event: str, arguments: tuple) -> None:
    if not _watching:
        return
    if event == "open":
        path, mode, flags = arguments
        if (isinstance(mode, str) and set(mode) & set("wax+")) or (isinstance(flags, int) and flags & os.O_WRONLY):
            _watching[-1].append(f"open {path!r} {mode}")
    elif event.startswith(_FORBIDDEN):
        _watching[-1].append(f"{event} {arguments!r}")


sys.addaudithook(_hook)


@contextmanager
def watched() -> Iterator[None]:
    """Whatever is done besides reading fails the test; an error of ours is an answer, any other one a defect."""
    found: list[str] = []
    _watching.append(found)
    try:
        yield
    except SevidentError as error:
        assert str(error).strip()
    finally:
        _watching.pop()
    assert found == []


def mutated(text: str) -> st.SearchStrategy[str]:
    """The text with one to four changes: something nasty put in, lines taken out, doubled or swapped, a cut."""
    lines = text.splitlines(keepends=True)

    def change(text: str, kind: int, at: float, piece: str, other: float) -> str:
        lines = text.splitlines(keepends=True) or [""]
        line = int(at * len(lines)) % len(lines)
        if kind == 0:
            place = int(at * len(text))
            return text[:place] + piece + text[place:]
        if kind == 1:
            start, end = sorted((int(at * len(text)), int(other * len(text))))
            return text[:start] + piece + text[min(end, start + 40) :]
        if kind == 2:
            return "".join(lines[:line] + lines[line + 1 :])
        if kind == 3:
            return "".join([*lines[:line], lines[line], lines[line], *lines[line + 1 :]])
        if kind == 4:
            away = int(other * len(lines)) % len(lines)
            lines[line], lines[away] = lines[away], lines[line]
            return "".join(lines)
        # the value behind a colon or a tab is replaced: it reaches further than what breaks the form
        head, mark, tail = lines[line].rpartition("\t" if "\t" in lines[line] else ":")
        lines[line] = f"{head}{mark}{' ' if mark == ':' else ''}{piece}{tail[len(tail.rstrip()) :]}"
        return "".join(lines)

    assert lines
    part = st.floats(0, 1, exclude_max=True)
    piece = st.sampled_from(NASTY) | st.text(max_size=30)
    steps = st.lists(st.tuples(st.sampled_from([0, 1, 2, 3, 4, 5, 5, 5]), part, piece, part), min_size=1, max_size=4)

    def apply(steps: list[tuple[int, float, str, float]]) -> str:
        changed = text
        for kind, at, piece, other in steps:
            changed = change(changed, kind, at, piece, other)
        return changed

    return steps.map(apply)


CONFIG = yaml.safe_dump(
    {
        "study": "mine",
        "samples": "samples.tsv",
        "organism": "human",
        "inputs": [
            {"name": "main", "path": "data.txt", "format": "auto", "columns": {"gene": "Gene"}, "scale": "linear"}
        ],
        "specifications": ["rules.yaml"],
        "fdr": {"peptide": 0.01, "protein": 0.01},
        "bootstrap": 20,
        "seed": 1,
        "memory_limit": "1GB",
    }
)
SHEET = "sample\tinput\trun\trole\treference_group\tlot\tparticles_per_ml\n" + "".join(
    f"EV {n}\tmain\trun_{n}\t{role}\tA\tL{n}\t1e{n + 8}\n" for n, role in enumerate(("preparation", "", "source_fluid"))
)
SPECIFICATION = (CHECKOUT / "config" / "specifications" / "misev2018.yaml").read_text(encoding="utf-8")
KNOWN = Known(panels={str(name): 1 for name in panels.load(RESOURCES / "panels").index["panel"]})


def place(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A working directory with the files that the configuration names."""
    made = tmp_path_factory.mktemp("hostile")
    for name in ("samples.tsv", "data.txt", "rules.yaml"):
        (made / name).write_text("sample\n", encoding="utf-8")
    before = Path.cwd()
    os.chdir(made)
    yield made
    os.chdir(before)
    assert not list(made.rglob("injected*"))


def test_the_watch_sees_what_it_forbids(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="open"), watched():
        (tmp_path / "written").write_text("x")
    with pytest.raises(AssertionError, match="mkdir"), watched():
        (tmp_path / "made").mkdir()


@THOUSAND
@given(mutated(CONFIG))
@example("study: ../../elsewhere\nsamples: samples.tsv\ninputs: [{path: data.txt}]\n")
@example("!!python/object/apply:os.system ['touch injected']\n")
@example("a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n")
def test_a_configuration(folder: Path, text: str) -> None:
    path = place(folder, "config.yaml", text)
    with watched():
        taken = configuration.load(path)
        results = Path("results") / taken["study"]
        # what is taken cannot lead out of the folder of results
        assert (folder / results).resolve().parent == (folder / "results").resolve()
        assert all(Path(item["name"]).name == item["name"] not in ("", ".", "..") for item in taken["inputs"])


@THOUSAND
@given(mutated(SHEET))
@example("sample\n=cmd|' /C calc'!A0\n")
def test_a_sample_sheet(folder: Path, text: str) -> None:
    path = place(folder, "sheet.tsv", text)
    with watched():
        sheet = read_samples(path, ["main"])
        assert sheet.samples
        for sample in sheet.samples:
            safe = tables.spreadsheet_safe(sample.name)
            assert not safe.startswith(("=", "+", "-", "@"))
            assert not set("\t\r\n") & set(safe)


@THOUSAND
@given(mutated(SPECIFICATION))
@example("!!python/object/apply:os.system ['touch injected']\n")
def test_a_specification(folder: Path, text: str) -> None:
    path = place(folder, "specification.yaml", text)
    with watched():
        taken = specification.load(path, KNOWN)
        assert all(criterion.quantity for criterion in taken.criteria)
