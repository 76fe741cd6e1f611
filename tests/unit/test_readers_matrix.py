"""Plain tables of proteins by samples, against independent sums; and how they can be broken."""

from __future__ import annotations

import math
import time
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from sevident import readers
from sevident.errors import ConfigurationError, InputError
from sevident.readers.base import InputSpec, ReadResult
from sevident.readers.matrix import looks_logarithmic

TABLE = "Gene\tProtein IDs\tDescription\tMol. weight\ts1\ts2\nCD9\tP21926\tx\t25\t1000\t20\nALB\tP02768\ty\t66\t\t0\n"


def read(tmp_path: Path, content: str | bytes, **settings: object) -> ReadResult:
    path = tmp_path / "table.txt"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    settings = {"path": str(path), "organism": "human", "format": "matrix", **settings}
    return readers.read(InputSpec.from_settings(settings))


def codes(result: ReadResult) -> dict[str, object]:
    return {str(w["code"]): w["count"] for w in result.warnings}


def values(result: ReadResult) -> dict[tuple[str, str], float]:
    frame = result.proteins.dropna(subset="intensity")
    return frame.set_index(["run", "protein_group"])["intensity"].to_dict()


def test_a_small_table(tmp_path: Path) -> None:
    result = read(tmp_path, TABLE)
    assert values(result) == {("s1", "P21926"): 1000, ("s2", "P21926"): 20}
    frame = result.proteins.set_index(["run", "protein_group"])
    assert len(frame) == 4  # missing and zero stay as rows without a value
    assert frame.loc[("s2", "P02768"), ["genes", "accessions", "evidence"]].tolist() == ["ALB", "P02768", "unknown"]
    assert frame["peptides"].isna().all()


@pytest.mark.parametrize(
    ("scale", "cells", "expected"),
    [
        ("linear", ("5", "0"), (5, None)),
        ("log2", ("10", "0"), (1024, None)),
        ("log2", ("-1.5", "NaN"), (2**-1.5, None)),
        ("log10", ("3", "0"), (1000, None)),
        ("percent", ("50", "0.5"), (0.5, 0.005)),
    ],
)
def test_scales(tmp_path: Path, scale: str, cells: tuple[str, str], expected: tuple[float | None, ...]) -> None:
    result = read(tmp_path, f"Gene\ts1\ts2\nCD9\t{cells[0]}\t{cells[1]}\n", scale=scale)
    found = result.proteins.set_index("run")["intensity"]
    for run, value in zip(("s1", "s2"), expected, strict=True):
        assert math.isnan(found[run]) if value is None else found[run] == pytest.approx(value)


@pytest.mark.parametrize(
    ("content", "settings", "words"),
    [
        ("Gene\ts1\ts2\nA\t1\t2\nB\t-3\t4\n", {}, ["negative", "line 3, column 's1'", "-3", "scale: log2"]),
        ("Gene\ts1\ts2\nA\t1\tinf\n", {}, ["infinite", "line 2, column 's2'"]),
        ("Gene\ts1\nA\t1\nB\t500\n", {"scale": "log2"}, ["too large for a log2", "line 3"]),
        ("Gene\ts1\nA\t1\nB\t101\n", {"scale": "percent"}, ["above 100", "line 3"]),
        ("Gene\ts1\ts1\nA\t1\t2\n", {}, ["present twice", "'s1' (column 2) and 's1' (column 3)"]),
        ("Gene\tGene\ts1\nA\tB\t2\n", {}, ["present twice"]),
        ("Gene\tname\nA\tb\n", {}, ["no intensity columns"]),
        ("s1\ts2\n1\t2\n", {}, ["no column that names", "columns: {gene"]),
        ("Gene\ts1\nA\t1\n", {"columns": {"gene": "Genes!"}}, ["no column 'Genes!'", "did you mean 'Gene'"]),
        ("Gene\ts1\nA\t1\n", {"columns": {"runs": ["S2"]}}, ["no column 'S2'", "s1"]),
        ("Gene\ts1\nA\t1\n", {"columns": {"runs": "x.*"}}, ["No column fits", "x.*"]),
        ("Gene\ts1\n\t1\n\t2\n", {}, ["No protein is left", "2 rows with neither"]),
        ("Protein IDs\ts1\nREV__P1\t1\n", {}, ["No protein is left", "1 decoy"]),
        ("Protein\tPeptideSequence\tRun\tIntensity\nP1\tAAK\t1\t5\n", {}, ["peptides or precursors"]),
        (
            "Gene\ts1\n" + "".join(f"G{i}\t{i}\n" for i in range(1, 30)) + "X\tabout 5\n",
            {},
            ["holds text", "line 31, column 's1'", "'about 5'"],
        ),
    ],
)
def test_broken_tables(tmp_path: Path, content: str, settings: dict, words: list[str]) -> None:
    with pytest.raises(InputError) as error:
        read(tmp_path, content, **settings)
    assert "table.txt" in str(error.value)
    for word in words:
        assert word in str(error.value)


def test_broken_settings(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="did you mean 'log2'"):
        read(tmp_path, TABLE, scale="log 2")
    with pytest.raises(ConfigurationError, match="not a regular expression"):
        read(tmp_path, TABLE, columns={"runs": "("})


def test_runs_by_name_by_pattern_and_by_themselves(tmp_path: Path) -> None:
    text = "Gene\tScore\tIntensity\tA_1\tA_2\tB\nCD9\t1\t2\t3\t4\t5\n"
    runs = lambda **k: read(tmp_path, text, columns=k).proteins["run"].tolist()  # noqa: E731
    assert runs() == ["A_1", "A_2", "B"]
    assert runs(runs="A_.*") == ["A_1", "A_2"]
    assert runs(runs=["Score", "B"]) == ["B", "Score"]


def test_columns_of_text_are_no_runs_and_empty_ones_are(tmp_path: Path) -> None:
    result = read(tmp_path, "Gene\tclass\tempty\ts1\nA\tC1\t\t1\nB\tC2\t\t2\n")
    assert result.proteins["run"].unique().tolist() == ["empty", "s1"]


def test_wrappings(tmp_path: Path) -> None:
    expected = values(read(tmp_path, TABLE))
    assert values(read(tmp_path, TABLE.replace("\t", ";").replace("1000", "1000,0"))) == expected
    assert values(read(tmp_path, TABLE.replace("\n", "\r\n").encode("utf-16"))) == expected
    assert values(read(tmp_path, "two lines\nof a title\n" + TABLE, skip_rows=2)) == expected
    book = openpyxl.Workbook()
    for line in TABLE.splitlines():
        book.active.append([float(c) if c.isdigit() else c or None for c in line.split("\t")])
    book.save(tmp_path / "book.xlsx")
    assert values(readers.read(InputSpec("main", tmp_path / "book.xlsx", format="matrix"))) == expected
    frame = pd.DataFrame({"Gene": ["CD9", "ALB"], "s1": [1000.0, None], "s2": [20, 0]})
    frame.to_parquet(tmp_path / "t.parquet")
    by_gene = values(readers.read(InputSpec("main", tmp_path / "t.parquet", format="matrix")))
    assert by_gene == {("s1", "CD9"): 1000, ("s2", "CD9"): 20}


def test_genes_from_descriptions(tmp_path: Path) -> None:
    text = "Accession\tDescription\ts1\nP04275\tvon Willebrand factor OS=Homo sapiens OX=9606 GN=VWF PE=1\t7\n"
    frame = read(tmp_path, text).proteins
    assert frame.loc[0, ["accessions", "genes"]].tolist() == ["P04275", "VWF"]
    only = read(tmp_path, text.replace("Accession", "number").replace("P04275", "x y"))
    assert only.proteins.loc[0, ["protein_group", "genes"]].tolist() == ["VWF", "VWF"]


def test_repeated_and_nameless_rows_are_kept_or_counted(tmp_path: Path) -> None:
    result = read(tmp_path, "Gene\ts1\nTMPO\t1\nTMPO\t2\nTMPO#2\t3\n\t4\n")
    assert values(result) == {("s1", "TMPO"): 1, ("s1", "TMPO#3"): 2, ("s1", "TMPO#2"): 3}
    assert codes(result)["identifier_repeated"] == 1
    assert codes(result)["rows_without_protein"] == 1
    message = str(next(w["message"] for w in result.warnings if w["code"] == "rows_without_protein"))
    assert "40.00%" in message


def test_contaminant_and_decoy_columns_of_maxquant_are_heeded(tmp_path: Path) -> None:
    text = (
        "Protein IDs\tReverse\tOnly identified by site\tPotential contaminant\ts1\ts2\n"
        "P02768\t\t\t+\t1\t2\nP21926\t\t\t\t3\t4\nP60033\t\t+\t\t5\t6\nQ1\t+\t\t\t7\t8\n"
    )
    result = read(tmp_path, text)
    one = result.proteins.drop_duplicates("protein_group").set_index("protein_group")["contaminant"]
    assert one.to_dict() == {"P02768": "serum", "P21926": "none"}
    assert codes(result)["decoys_removed"] == 1 and codes(result)["only_by_site_removed"] == 1


def test_tags_in_a_second_column_are_heeded(tmp_path: Path) -> None:
    text = "Protein\tProtein ID\tGene\ts1\ncontam_sp|P02769|ALBU_BOVIN\tP02769\tALB\t3\n"
    text += "sp|P21926|CD9_HUMAN\tP21926\tCD9\t4\n"
    frame = read(tmp_path, text).proteins.set_index("protein_group")
    assert frame["contaminant"].to_dict() == {"P02769": "serum", "P21926": "none"}


def test_perseus_rows_types_and_prefixes(tmp_path: Path) -> None:
    text = (
        "x 1\tx 2\tN: Score\tC: Group\tT: Gene names\n"
        "#!{Type}E\tE\tN\tC\tT\n#!{C:Group1}a\tb\t\t\t\n"
        "10\t11\t3\tg\tCD9\n12\t13\t4\tg\tCD63\n"
    )
    result = read(tmp_path, text, scale="log2")
    assert values(result) == {
        ("x 1", "CD63"): 4096,
        ("x 1", "CD9"): 1024,
        ("x 2", "CD63"): 8192,
        ("x 2", "CD9"): 2048,
    }
    assert codes(result)["perseus_rows"] == 2


def test_spreadsheet_errors_are_counted(tmp_path: Path) -> None:
    result = read(tmp_path, "Gene\ts1\ts2\nA\t#NUM!\t1\nB\t5\t#DIV/0!\n")
    assert codes(result)["spreadsheet_errors"] == 2
    assert result.proteins["intensity"].notna().sum() == 2


def test_recognition_without_a_format(tmp_path: Path) -> None:
    result = read(tmp_path, TABLE, format="auto")
    assert {"format_recognised", "scale_assumed"} <= set(codes(result))
    logs = "Gene\ts1\ts2\n" + "".join(f"G{i}\t{20 + i / 7}\t{21 + i / 9}\n" for i in range(30))
    with pytest.raises(InputError, match="look like logarithms"):
        read(tmp_path, logs, format="auto")
    assert "looks_logarithmic" in codes(read(tmp_path, logs))
    assert values(read(tmp_path, logs, format="auto", scale="log2"))["s1", "G0"] == 2**20
    with pytest.raises(InputError) as error:  # a text column that is no description: not plain enough to guess
        read(tmp_path, TABLE.replace("Description", "Cluster"), format="auto")
    assert (
        "not recognised" in str(error.value)
        and "format: matrix" in str(error.value)
        and "'Cluster'" in str(error.value)
    )


def test_what_looks_logarithmic() -> None:
    assert looks_logarithmic(np.array([[20.5, 25.1], [30.2, np.nan]]))
    assert not looks_logarithmic(np.array([[20.5, 2500.1]]))
    assert not looks_logarithmic(np.array([[3.0, 12.0, 7.0, 5.0]]))  # spectral counts
    assert not looks_logarithmic(np.array([[0.1, 12.3, 0.4]]))  # percent
    assert not looks_logarithmic(np.array([[np.nan]]))


# ---- real tables -----------------------------------------------------------------------------------------------------


def sums(result: ReadResult) -> pd.Series:
    return result.proteins.groupby("run")["intensity"].sum()


def test_bv2_microglia(studies: Path) -> None:
    path = studies / "bv2_microglia" / "perseus_cell_vs_exosome.xlsx"
    result = readers.read(InputSpec("main", path, format="matrix", scale="log2", organism="mouse"))
    raw = pd.read_excel(path, header=0).iloc[2:]
    decoy = raw["Majority protein IDs"].astype("str").str.startswith("REV__")
    expected = raw.loc[~decoy].iloc[:, :32].astype(float).rpow(2).sum()
    found = sums(result)
    assert len(expected) == 32 == len(found)
    np.testing.assert_allclose(found[list(expected.index)], expected, rtol=1e-12)
    assert result.proteins["protein_group"].nunique() == len(raw) - int(decoy.sum())
    assert codes(result)["perseus_rows"] == 2 and codes(result)["decoys_removed"] == int(decoy.sum())


def test_ascites(studies: Path) -> None:
    path = studies / "ascites_ev" / "abundance.csv"
    columns = {"gene": "Suggested.Symbol", "protein": "ID"}
    result = readers.read(InputSpec("main", path, format="matrix", columns=columns, organism="human"))
    raw = pd.read_csv(path)
    np.testing.assert_allclose(sums(result)[list(raw.columns[4:])], raw.iloc[:, 4:].sum(), rtol=1e-12)
    assert result.proteins["protein_group"].nunique() == len(raw) == 5319
    assert result.proteins["run"].nunique() == 38  # the unnamed column of row numbers is none


def test_plasma_cohort(studies: Path) -> None:
    path = studies / "plasma_cohort" / "example_Weight_loss_study.txt"
    result = readers.read(InputSpec("main", path, format="matrix", organism="human"))
    raw = pd.read_csv(path, sep="\t")
    runs = [name for name in raw.columns if name.startswith("LFQ_")]
    assert len(runs) == 318
    np.testing.assert_allclose(sums(result)[runs], raw[runs].sum(), rtol=1e-12)
    assert set(result.proteins["run"]) == set(runs)
    assert result.proteins["protein_group"].nunique() == len(raw)
    albumin = result.proteins[result.proteins["genes"] == "ALB"]
    assert len(albumin) >= 318


def test_plasma_methods_in_percent(studies: Path) -> None:
    path = studies / "plasma_ev_methods" / "abundance_matrix.xlsx"
    result = readers.read(InputSpec("main", path, format="matrix", scale="percent", organism="human"))
    raw = pd.read_excel(path)
    np.testing.assert_allclose(sums(result)[list(raw.columns[7:])], raw.iloc[:, 7:].sum() / 100, rtol=1e-12)
    assert result.proteins["run"].nunique() == 105


@pytest.mark.parametrize(
    ("file", "settings", "groups", "runs"),
    [
        ("exosome_silac_14_lines/uc_14_lines.tsv", {"scale": "log2"}, 1243, 42),
        ("blood_ev_public/log2_lfq.csv", {"scale": "log2", "columns": {"gene": "Feature_ID"}}, 3826, 71),
        ("cancer_cell_secretome/spectra.tsv", {}, 8009, 11),
        ("msc_secretome/ads_proteom_frag.csv", {}, 5485, 8),
        ("lipoproteins/Lpa_isolation.xlsx", {"sheet": "Complete list"}, 101, 29),
        ("endothelial_secretome/lysate_HCA_peaks.csv", {"columns": {"runs": "Area .*"}}, 3671, 12),
    ],
)
def test_further_studies(studies: Path, file: str, settings: dict, groups: int, runs: int) -> None:
    result = readers.read(InputSpec("main", studies / file, format="matrix", organism="human", **settings))
    assert (result.proteins["protein_group"].nunique(), result.proteins["run"].nunique()) == (groups, runs)
    assert result.proteins["intensity"].notna().any()
    assert (result.proteins["genes"] != "").mean() > 0.98


def test_speed(tmp_path: Path) -> None:
    runs = 40
    random = np.random.default_rng(0).lognormal(15, 3, (6000, runs))
    lines = ["Gene\tProtein IDs\t" + "\t".join(f"run {i}" for i in range(runs))]
    lines += [f"G{i}\tP{i:05d}\t" + "\t".join(f"{v:.6g}" for v in values) for i, values in enumerate(random)]
    text = "\n".join(lines) + "\n"
    assert len(text) > 2_400_000
    read(tmp_path, TABLE)
    start = time.process_time()
    read(tmp_path, text)
    assert time.process_time() - start < 2
