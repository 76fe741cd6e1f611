"""``sevident inspect``: what a file is, for every file, on one screen and without a traceback."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from sevident import cli, inspect, readers, tables
from sevident.readers import ReadResult

GENES = ["CD9", "CD81", "SDCBP", "ALB", "TF", "APOA1", "HP", *(f"GENE{i}" for i in range(20))]


def protein_groups(runs: tuple[str, ...] = ("EV_1", "EV_2")) -> str:
    header = [
        "Protein IDs",
        "Majority protein IDs",
        "Gene names",
        "Fasta headers",
        "Q-value",
        "Razor + unique peptides",
    ]
    header += [f"Intensity {run}" for run in runs] + [f"LFQ intensity {run}" for run in runs]
    header += ["Only identified by site", "Reverse", "Potential contaminant"]
    lines = ["\t".join(header)]
    for i, gene in enumerate(GENES):
        accession = f"P{10000 + i}"
        title = f"sp|{accession}|{gene}_HUMAN made up OS=Homo sapiens OX=9606 GN={gene} PE=1 SV=1"
        values = ["100", "" if i % 3 else "50"] * (len(runs) // 2)
        lines.append("\t".join([accession, accession, gene, title, "0", "3", *values, *values, "", "", ""]))
    title = ">CON__P02769 SWISS-PROT:P02769 (Bos taurus) Bovine serum albumin"
    for name, reverse, contaminant in (("CON__P02769", "", "+"), ("REV__P99999", "+", "")):
        values = ["10", "10"] * (len(runs) // 2)
        lines.append("\t".join([name, name, "", title, "0", "3", *values, *values, "", reverse, contaminant]))
    return "\n".join(lines) + "\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "proteinGroups.txt"
    path.write_text(protein_groups(), encoding="utf-8")
    return path


def test_the_facts_of_a_file(file: Path) -> None:
    facts = inspect.look(file)
    assert (facts.format, facts.engine, facts.level) == ("maxquant", "MaxQuant", "protein")
    assert facts.runs == ["EV_1", "EV_2"]
    assert facts.protein_groups == len(GENES) + 1
    assert facts.proteins_per_run == (10, 28)
    assert facts.decoys == 1
    total = len(GENES) * 100 + 9 * 50 + 20
    assert facts.contaminants == {"serum": (1, pytest.approx(20 / total))}
    assert facts.species == {"human": (27, pytest.approx(1 - 20 / total)), "bovine": (1, pytest.approx(20 / total))}
    assert (facts.organism, facts.q_columns) == ("human", ["Q-value"])
    assert facts.quantities == ["Intensity", "LFQ intensity"] and facts.quantity == "Intensity"
    assert facts.albumin == "in the table"
    assert facts.imputation == "no sign of imputed values"


def test_albumin_that_was_taken_out(file: Path) -> None:
    kept = [line for line in file.read_text().splitlines(keepends=True) if "ALB" not in line and "CON__" not in line]
    file.write_text("".join(kept))
    facts = inspect.look(file)
    assert facts.albumin.startswith("not in the table")  # three plasma proteins are too few to tell
    file.write_text("".join(kept).replace("GENE0", "FGA").replace("GENE1\t", "FGB\t"))
    facts = inspect.look(file)
    assert facts.albumin.startswith("removed")
    assert facts.contaminants == {} and list(facts.species) == ["human"]


def test_imputed_values_are_seen(tmp_path: Path) -> None:
    lines = ["Gene\t" + "\t".join(f"run{k}" for k in range(5))]
    lines += [
        f"G{i}\t" + "\t".join(str(1000 * (i + 1) * (k + 1) if i > 30 else 7) for k in range(5)) for i in range(300)
    ]
    path = tmp_path / "matrix.tsv"
    path.write_text("\n".join(lines) + "\n")
    facts = inspect.look(path)
    assert facts.imputation == "values were imputed"
    assert facts.blanks == 0.0


def test_logarithms_are_read_with_their_scale(tmp_path: Path) -> None:
    path = tmp_path / "log.tsv"
    path.write_text("Gene\tA\tB\n" + "".join(f"G{i}\t{20 + i / 10}\t{21 + i / 10}\n" for i in range(30)))
    facts = inspect.look(path)
    assert facts.settings == {"format": "matrix", "scale": "log2"}
    assert "to be configured with format: matrix, scale: log2" in "\n".join(inspect.as_lines(facts))
    # the first rows look like logarithms, and the others do not
    path.write_text(path.read_text() + "".join(f"H{i}\t{i + 500}\t{i + 900}\n" for i in range(60)))
    assert inspect.look(path).settings == {}


def test_a_screen_is_aligned_and_small(file: Path, capsys: pytest.CaptureFixture) -> None:
    assert inspect.run([file]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == str(file)
    assert len(lines) <= 24 and max(map(len, lines[1:])) <= inspect.WIDTH
    labels = [line[2:16].strip() for line in lines[1:]]
    expected = ["format", "engine", "level", "runs", "proteins", "decoys", "contaminants", "species", "q-values"]
    assert [label for label in labels if label][: len(expected)] == expected
    assert all(line[15] == " " and line[16] != " " for line in lines[1:])


def test_many_long_names_stay_on_the_screen(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    path = tmp_path / "wide.txt"
    path.write_text(protein_groups(tuple(f"{'a_very_long_name_' * 6}{i}" for i in range(40))))
    assert inspect.run([path]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) <= 26 and max(map(len, lines[1:])) <= inspect.WIDTH


def test_json(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    assert inspect.run([file, tmp_path / "nothing.txt"], as_json=True) == 1
    captured = capsys.readouterr()
    first, second = json.loads(captured.out)
    assert captured.err == ""
    assert first["protein_groups"] == 28 and first["runs"] == ["EV_1", "EV_2"]
    assert first["species"][0]["name"] == "human" and first["species"][0]["groups"] == 27
    assert "error" not in first
    assert second["error"].startswith("The file does not exist")


HOSTILE = {
    "empty": b"",
    "blank": b"\n\n",
    "text": b"hello\n",
    "binary": bytes(range(256)) * 20,
    "cut.gz": b"\x1f\x8b\x08\x00\x00",
    "cut.zip": b"PK\x03\x04rubbish",
    "cut.parquet": b"PAR1rubbish",
    "header": protein_groups().splitlines()[0].encode() + b"\n",
    "decoys": "".join(line for line in protein_groups().splitlines(keepends=True) if "P1" not in line[:2]).encode(),
    "xml": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    "control": b"Gene\tA\x1b[31m\tB\nCD9\tx\ty\nCD81\tz\tz\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_file_makes_a_traceback(tmp_path: Path, name: str, capsys: pytest.CaptureFixture) -> None:
    path = tmp_path / name
    path.write_bytes(HOSTILE[name])
    code = cli.main(["inspect", str(path)])
    said = capsys.readouterr()
    assert "Traceback" not in said.err + said.out and "\x1b" not in said.err + said.out
    if name == "decoys":
        assert code == 0
    else:
        assert code == 1 and said.err.startswith("error: ") and said.err.count("error: ") == 1
        assert said.out == ""


def test_a_folder_is_refused_and_the_other_files_are_shown(file: Path, capsys: pytest.CaptureFixture) -> None:
    assert cli.main(["inspect", str(file.parent), str(file)]) == 1
    said = capsys.readouterr()
    assert "this is a folder" in said.err and said.out.startswith(str(file))


def test_a_defect_of_a_reader_is_said_plainly(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("by nothing")

    monkeypatch.setattr(readers, "read", fail)
    assert cli.main(["inspect", str(file)]) == 1
    assert "ZeroDivisionError: by nothing" in capsys.readouterr().err
    with pytest.raises(ZeroDivisionError):
        cli.main(["inspect", str(file), "--debug"])


def test_foreign_names_cannot_write_to_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    path = tmp_path / "names.txt"
    path.write_text(protein_groups(("A\x1b[31m", "B")))
    assert inspect.run([path]) == 0
    said = capsys.readouterr().out
    assert "\x1b" not in said and "A\\x1b[31m" in said


def test_what_a_reader_does_not_say_is_derived(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Readers that only fill the tables: level, quantities and q-values come from tables and header."""
    whole = readers.read(readers.InputSpec("x", file))
    features = tables.conform(
        {"input": ["x"] * 3, "run": ["EV_1"] * 3, "peptide": ["A", "B", "C"], "spectra": [1, 1, 1],
         "is_decoy": [False, False, True]}, tables.FEATURES
    )  # fmt: skip
    plain = ReadResult(whole.proteins.assign(intensity=None, spectra=4), features, [], "An engine", "3.1")
    monkeypatch.setattr(readers, "read", lambda spec: plain)
    facts = inspect.look(file)
    assert (facts.level, facts.features, facts.decoys) == ("psm", 2, 1)
    assert facts.quantities == ["Intensity", "LFQ intensity"]
    assert facts.q_columns == ["Q-value"]
    assert facts.quantity == facts.measured == "spectral counts"
    assert "An engine 3.1" in inspect.as_lines(facts)[2]


def test_the_command_in_a_process_of_its_own(file: Path) -> None:
    """Nearly all of its time is the import of pandas, which is measured beside it: a busy machine slows down both."""

    def processor(*command: str) -> tuple[float, subprocess.CompletedProcess[str]]:
        start = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run([sys.executable, *command], capture_output=True, text=True, check=False, timeout=120)
        end = resource.getrusage(resource.RUSAGE_CHILDREN)
        return end.ru_utime + end.ru_stime - start.ru_utime - start.ru_stime, done

    least, _ = min((processor("-c", "import pandas") for _ in range(2)), key=lambda one: one[0])
    took, done = min((processor("-m", "sevident", "inspect", str(file)) for _ in range(2)), key=lambda one: one[0])
    assert done.returncode == 0 and done.stdout.startswith(str(file)) and done.stderr == ""
    assert took < 2 * least


@pytest.mark.shared
def test_every_file_of_every_engine(shared_data: Path, capsys: pytest.CaptureFixture) -> None:
    """Whatever lies there: one screen or one message."""
    names = ("diann", "maxquant", "sage")
    files = sorted(path for name in names for path in (shared_data / "formats" / name).iterdir())
    read = 0
    for path in files:
        if path.name == "qpx_full_report.pr_matrix.tsv":  # takes two seconds, and test_readers_diann reads it
            continue
        code = inspect.run([path])
        said = capsys.readouterr()
        assert "could not be looked at" not in said.err, path
        lines = said.out.splitlines()
        assert (code == 0) == bool(lines) and len(lines) <= 32
        read += code == 0
    assert read >= 8


@pytest.mark.shared
def test_a_public_study(shared_data: Path) -> None:
    facts = inspect.look(shared_data / "studies/breast_exosome/proteinGroups.csv")
    assert facts.protein_groups == 866 and len(facts.runs) == 12
    assert facts.albumin.startswith("not in the table")
    assert {"no_contaminants", "contaminants_removed"} <= {w["code"] for w in facts.warnings}
