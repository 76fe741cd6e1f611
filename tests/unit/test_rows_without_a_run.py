"""Long tables whose runs are blanked, in every row or in some: refused, or the rows are counted in a warning."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from sevident import readers
from sevident.errors import InputError
from sevident.readers.base import InputSpec

ROWS, BLANKED = 300, slice(5, 9)
# file -> delimiter, the columns that name the run (blanked together, and the first alone)
FILES = {
    "formats/diann/alphabase_1.8.1_report_head.tsv": ("\t", ["Run", "File.Name"]),
    "formats/diann/proteobench_1.9beta_report.tsv": ("\t", ["Run", "File.Name"]),
    "formats/other/quantms_PXD040438_msstats_in.csv": (",", ["Reference", "Run"]),
    "formats/maxquant/msstatsconvert_evidence.csv": (",", ["Raw.file"]),
    "formats/other/msstatsconvert_skyline.csv": (",", ["File.Name"]),
    "formats/spectronaut/msstatsconvert_long.csv": (",", ["R.FileName"]),
    "formats/spectronaut/alphapeptstats_results.tsv": ("\t", ["R.FileName"]),
    "formats/proteome_discoverer/msstatsconvert_psm.csv": (",", ["Spectrum.File"]),
    "studies/milk_ev/DB search psm_IP_CD9 POOL_1.csv": (",", ["Source File"]),
}


def rows_of(path: Path, delimiter: str) -> list[list[str]]:
    with path.open(newline="", encoding="utf-8-sig") as handle:
        return [row for row, _ in zip(csv.reader(handle, delimiter=delimiter), range(ROWS), strict=False)]


def read(path: Path, rows: list[list[str]], delimiter: str) -> readers.ReadResult:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    path.write_text(out.getvalue(), encoding="utf-8")
    return readers.read(InputSpec("main", path, organism="human"))


def blanked(rows: list[list[str]], columns: list[str], which: slice) -> list[list[str]]:
    new = [list(row) for row in rows]
    for row in new[1:][which]:
        for name in columns:
            row[rows[0].index(name)] = ""
    return new


@pytest.mark.shared
@pytest.mark.parametrize("file", FILES)
def test_some_rows_without_a_run(shared_data: Path, tmp_path: Path, file: str) -> None:
    delimiter, columns = FILES[file]
    rows = rows_of(shared_data / file, delimiter)
    whole = read(tmp_path / "whole.txt", rows, delimiter)
    runs = set(whole.proteins["run"])
    for names in (columns, columns[:1]):
        try:
            result = read(tmp_path / "some.txt", blanked(rows, names, BLANKED), delimiter)
        except InputError as error:
            assert "name no run" in str(error)
            continue
        assert set(result.proteins["run"]) <= runs, "a run that is none came in"
        counts = {w["code"]: w["count"] for w in result.warnings}
        told_before = next((w["count"] for w in whole.warnings if w["code"] == "rows_without_protein"), 0)
        assert int(str(counts["rows_without_protein"])) > int(str(told_before))


@pytest.mark.shared
@pytest.mark.parametrize("file", FILES)
def test_no_row_with_a_run(shared_data: Path, tmp_path: Path, file: str) -> None:
    delimiter, columns = FILES[file]
    rows = rows_of(shared_data / file, delimiter)
    with pytest.raises(InputError, match=r"without a protein or a run|nameless"):
        read(tmp_path / "none.txt", blanked(rows, columns, slice(None)), delimiter)
    if len(columns) > 1:  # the other column names the same runs
        other = read(tmp_path / "other.txt", blanked(rows, columns[:1], slice(None)), delimiter)
        whole = read(tmp_path / "whole.txt", rows, delimiter)
        assert other.proteins["run"].nunique() == whole.proteins["run"].nunique()
        assert other.proteins["intensity"].sum() == pytest.approx(whole.proteins["intensity"].sum(), rel=1e-12)


def test_multiplexed_rows_without_a_run_are_no_run_of_their_own(tmp_path: Path) -> None:
    header = ["ProteinName", "PeptideSequence", "Charge", "Channel", "Run", "Intensity"]
    rows = [["P21926", "AACDEK", "2", channel, run, "5"] for channel in ("126", "127") for run in ("a", "a2", "")]
    result = read(tmp_path / "tmt.csv", [header, *rows], ",")
    assert set(result.proteins["run"]) == {"a-126", "a-127", "a2-126", "a2-127"}
    assert {w["code"]: w["count"] for w in result.warnings}["rows_without_protein"] == 2
