"""Sage's results and quantities, against sums made with the csv module; and how they can be broken."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from broken_files import BROKEN, DAMAGED, VARIANTS, Example, Rows, text_of

from sevident import readers
from sevident.errors import InputError
from sevident.readers.base import InputSpec, ReadResult

RESULTS: Rows = [
    [
        *("psm_id", "peptide", "proteins", "num_proteins", "filename", "scannr", "rank", "label", "charge", "rt"),
        *("sage_discriminant_score", "spectrum_q", "peptide_q", "protein_q", "ms2_intensity"),
    ],
    *(
        [str(i), peptide, proteins, "1", file, f"scan={scan}", rank, label, "2", "1.5", "0.9", q, "0.001", pq_, "1e6"]
        for i, (peptide, proteins, file, scan, rank, label, q, pq_) in enumerate(
            (
                ("AAC[+57.0215]K", "sp|P21926|CD9_HUMAN", "a.mzML", 1, "1", "1", "0.0001", "0.0001"),
                ("AAC[+57.0215]K", "sp|P21926|CD9_HUMAN", "a.mzML", 2, "1", "1", "0.0002", "0.0001"),
                ("[+42]-DDEK", "sp|P21926|CD9_HUMAN", "a.mzML", 2, "2", "1", "0.0010", "0.0001"),
                ("LLLK", "sp|P0DP23|CALM1_HUMAN;sp|P0DP24|CALM2_HUMAN", "a.mzML", 3, "1", "1", "0.0100", "0.0001"),
                ("GGGK", "sp|P60033|CD81_HUMAN", "a.mzML", 4, "1", "1", "0.0200", "0.0001"),
                ("HHHK", "sp|P08962|CD63_HUMAN", "a.mzML", 5, "1", "1", "0.0001", "0.5000"),
                ("KGGG", "rev_sp|P60033|CD81_HUMAN", "a.mzML", 6, "1", "-1", "0.0001", "0.0001"),
                ("AAC[+57.0215]K", "sp|P21926|CD9_HUMAN", "b.mzML", 1, "1", "1", "0.0001", "0.0001"),
            )
        )
    ),
]
LFQ: Rows = [
    ["peptide", "charge", "proteins", "q_value", "score", "spectral_angle", "a.mzML.gz", "b.mzML.gz"],
    ["AAC[+57.0215]K", "2", "sp|P21926|CD9_HUMAN", "0.001", "0.9", "0.9", "100.5", "0.0"],
    ["DDEK", "-1", "sp|P21926|CD9_HUMAN", "0.001", "0.9", "0.9", "10.25", "20.75"],
    ["LLLK", "2", "sp|P0DP23|CALM1_HUMAN;sp|P0DP24|CALM2_HUMAN", "0.010", "0.9", "0.9", "0.0", "5.5"],
    ["GGGK", "2", "sp|P60033|CD81_HUMAN", "0.020", "0.1", "0.5", "7.5", "8.5"],
    ["KGGG", "2", "rev_sp|P60033|CD81_HUMAN", "0.001", "0.9", "0.9", "3.5", "0.0"],
    ["MMMK", "2", "sp|P08962|CD63_HUMAN", "0.001", "0.9", "0.9", "0.0", "0.0"],
]
TABLES = {"results": RESULTS, "lfq": LFQ}


def read(path: Path, content: str | bytes | Rows, **settings: object) -> ReadResult:
    path = path / "any [1] name"
    content = text_of(content) if isinstance(content, list) else content
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return readers.read(InputSpec.from_settings({"path": str(path), "organism": "human", **settings}))


def read_parquet(path: Path, frame: pd.DataFrame) -> ReadResult:
    path = path / "table.parquet"
    pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), path)
    return readers.read(InputSpec("main", path, organism="human"))


def codes(result: ReadResult) -> dict[str, object]:
    return {str(w["code"]): w["count"] for w in result.warnings}


def as_frame(rows: Rows) -> pd.DataFrame:
    frame = pd.DataFrame(rows[1:], columns=rows[0])
    numbers = ["charge", "rank", "label", "spectrum_q", "protein_q", "q_value", *frame.columns[-2:]]
    return frame.apply(lambda column: pd.to_numeric(column) if column.name in numbers else column)


def test_results(tmp_path: Path) -> None:
    result = read(tmp_path, RESULTS)
    frame = result.proteins.set_index(["run", "protein_group"])
    assert frame["spectra"].to_dict() == {("a", "P21926"): 3, ("a", "P0DP23;P0DP24"): 1, ("b", "P21926"): 1}
    assert frame["peptides"].to_dict() == {("a", "P21926"): 2, ("a", "P0DP23;P0DP24"): 1, ("b", "P21926"): 1}
    assert frame["intensity"].isna().all() and (frame["evidence"] == "ms2").all()
    assert frame.loc[("a", "P0DP23;P0DP24"), ["accessions", "organism"]].tolist() == ["P0DP23;P0DP24", "human"]
    features = result.features
    assert features is not None and features["spectra"].sum() == 8
    assert features.loc[features["is_decoy"], "peptide"].tolist() == ["KGGG"]
    assert set(features["peptide"]) == {"AACK", "DDEK", "LLLK", "GGGK", "HHHK", "KGGG"}
    found = codes(result)
    assert (found["decoys_removed"], found["peptides_over_q_value"], found["groups_over_q_value"]) == (1, 1, 1)
    message = str(next(w["message"] for w in result.warnings if w["code"] == "peptides_over_q_value"))
    assert "spectrum_q above 0.01" in message


def test_older_results_call_it_fdr(tmp_path: Path) -> None:
    names = [
        name.replace("_q", "_fdr") if name in ("spectrum_q", "peptide_q", "protein_q") else name for name in RESULTS[0]
    ]
    assert read(tmp_path, [names, *RESULTS[1:]]).proteins.equals(read(tmp_path, RESULTS).proteins)


def test_results_without_q_values_say_so(tmp_path: Path) -> None:
    at = RESULTS[0].index("spectrum_q")
    result = read(tmp_path, [[cell for i, cell in enumerate(row) if i != at] for row in RESULTS])
    assert "no_q_value" in codes(result) and "peptides_over_q_value" not in codes(result)


def test_results_as_parquet(tmp_path: Path) -> None:
    frame = as_frame(RESULTS)
    frame["is_decoy"] = frame.pop("label") < 0
    frame["stripped_peptide"] = frame["peptide"].str.replace(r"\[[^]]*\]|[^A-Z]", "", regex=True)
    result = read_parquet(tmp_path, frame)
    plain = read(tmp_path, RESULTS)
    assert result.proteins.equals(plain.proteins)
    assert result.features is not None and result.features.equals(plain.features)
    frame["reporter_ion_intensity"] = [[1.0, 2.0]] * len(frame)
    assert "reporter_ions_ignored" in codes(read_parquet(tmp_path, frame))


def test_protein_groups_of_later_versions(tmp_path: Path) -> None:
    at = RESULTS[0].index("num_proteins")
    groups = ["protein_groups", *(["sp|P0DP24|CALM2_HUMAN"] * 8)]
    rows = [[*row[:at], group, *row[at:]] for row, group in zip(RESULTS, groups, strict=True)]
    result = read(tmp_path, rows)
    calmodulin = result.proteins[result.proteins["protein_group"].str.contains("P0DP23")]
    assert calmodulin["accessions"].tolist() == ["P0DP24"]


def test_quantities(tmp_path: Path) -> None:
    result = read(tmp_path, LFQ)
    frame = result.proteins.set_index(["run", "protein_group"])
    assert frame["intensity"].fillna(0).to_dict() == {
        ("a", "P21926"): 110.75,
        ("b", "P21926"): 20.75,
        ("a", "P0DP23;P0DP24"): 0,
        ("b", "P0DP23;P0DP24"): 5.5,
    }
    assert frame["peptides"].to_dict()[("a", "P0DP23;P0DP24")] == 0 and frame["spectra"].isna().all()
    features = result.features
    assert features is not None and features["intensity"].sum() == 156.5
    assert features.loc[features["peptide"] == "DDEK", "charge"].isna().all()
    found = codes(result)
    assert (found["decoys_removed"], found["peptides_over_q_value"], found["rows_without_quantity"]) == (1, 2, 1)
    message = str(next(w["message"] for w in result.warnings if w["code"] == "peptides_over_q_value"))
    assert "(16)" in message and "10.22%" in message


def test_quantities_as_parquet(tmp_path: Path) -> None:
    frame = as_frame(LFQ).drop(columns=["score", "spectral_angle"])
    frame["is_decoy"] = frame["proteins"].str.startswith("rev_")
    frame["stripped_peptide"] = frame["peptide"].str.replace(r"\[[^]]*\]", "", regex=True)
    long = frame.melt(
        id_vars=[c for c in frame.columns if "mzML" not in c], var_name="filename", value_name="intensity"
    )
    result = read_parquet(tmp_path, long)
    plain = read(tmp_path, LFQ)
    assert result.features is not None and result.features.equals(plain.features)
    measured = plain.proteins[plain.proteins["intensity"].notna()].reset_index(drop=True)
    assert result.proteins.equals(measured)


@pytest.mark.parametrize("kind", VARIANTS)
@pytest.mark.parametrize("name", TABLES)
def test_wrappings(tmp_path: Path, name: str, kind: str) -> None:
    rows = TABLES[name]
    result = read(tmp_path, VARIANTS[kind](Example.of("", rows)))
    plain = read(tmp_path, rows)
    assert result.proteins.equals(plain.proteins)
    assert result.features is not None and result.features.equals(plain.features)


@pytest.mark.parametrize("kind", DAMAGED)
@pytest.mark.parametrize("name", TABLES)
def test_damages(tmp_path: Path, name: str, kind: str) -> None:
    with pytest.raises(InputError) as error:
        read(tmp_path, BROKEN[kind][0](Example.of("", TABLES[name])), format="sage")
    assert "any [1] name" in str(error.value)


@pytest.mark.parametrize("name", TABLES)
def test_only_decoys(tmp_path: Path, name: str) -> None:
    at = TABLES[name][0].index("proteins")
    rows = [
        ["-1" if n == "label" else cell for n, cell in zip(TABLES[name][0], row, strict=True)]
        for row in TABLES[name][1:]
    ]
    decoys = [[*row[:at], "rev_sp|P60033|CD81_HUMAN", *row[at + 1 :]] for row in rows]
    with pytest.raises(InputError, match="decoy"):
        read(tmp_path, [TABLES[name][0], *decoys])


@pytest.mark.parametrize(
    ("name", "column", "cell", "words"),
    [
        ("lfq", "a.mzML.gz", "many", ["line 2, column 'a.mzML.gz'", "'many'"]),
        ("lfq", "b.mzML.gz", "-1", ["negative", "line 2"]),
        ("lfq", "b.mzML.gz", "inf", ["infinite"]),
        ("results", "spectrum_q", "low", ["line 2, column 'spectrum_q'"]),
        ("results", "charge", "two", ["line 2, column 'charge'"]),
    ],
)
def test_cells_that_are_no_numbers(tmp_path: Path, name: str, column: str, cell: str, words: list[str]) -> None:
    rows = [list(row) for row in TABLES[name]]
    rows[1][rows[0].index(column)] = cell
    with pytest.raises(InputError) as error:
        read(tmp_path, rows)
    for word in words:
        assert word in str(error.value)


@pytest.mark.parametrize(
    ("name", "column", "like"),
    [("lfq", "b.mzML.gz", "a.mzML.gz"), ("lfq", "charge", "proteins"), ("results", "psm_id", "spectrum_q")],
)
def test_a_column_that_stands_twice(tmp_path: Path, name: str, column: str, like: str) -> None:
    rows = [[like if cell == column else cell for cell in TABLES[name][0]], *TABLES[name][1:]]
    with pytest.raises(InputError, match="present twice"):
        read(tmp_path, rows)


def test_damaged_parquet_and_folders(tmp_path: Path) -> None:
    read_parquet(tmp_path, as_frame(RESULTS))
    path = tmp_path / "table.parquet"
    path.write_bytes(path.read_bytes()[:-50])
    with pytest.raises(InputError, match="Parquet file is damaged"):
        readers.read(InputSpec("main", path))
    with pytest.raises(InputError, match="this is a folder"):
        readers.read(InputSpec("main", tmp_path, format="sage"))


def test_other_tables_of_sage_are_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"tmt\.tsv"):
        read(tmp_path, "filename\tscannr\tion_injection_time\ttmt_1\na.mzML\tscan=1\t2\t3\n")


def test_public_quantities(shared_data: Path) -> None:
    path = shared_data / "formats" / "sage" / "proteobench_lfq.tsv"
    result = readers.read(InputSpec("main", path, organism="human"))
    with path.open(newline="") as handle:
        rows = list(csv.DictReader(handle, delimiter="\t"))
    files = [name for name in rows[0] if ".mzML" in name]
    assert len(rows) == 1556 and len(files) == 6
    found = result.proteins.groupby("run")["intensity"].sum()
    for file in files:
        total = math.fsum(float(row[file]) for row in rows)
        assert found[file.removesuffix(".mzML.gz")] == pytest.approx(total, rel=1e-9)
    assert result.features is not None
    assert len(result.features) == sum(float(row[file]) > 0 for row in rows for file in files)
    assert result.proteins["protein_group"].nunique() == len({row["proteins"] for row in rows})
    shared = result.proteins.set_index(["run", "protein_group"]).xs("P0CX37;P0CX38", level="protein_group")
    assert set(shared["organism"]) == {"yeast"} and len(shared) == 6


@pytest.mark.parametrize("ending", ["tsv", "parquet"])
def test_public_results_of_one_doubtful_spectrum(shared_data: Path, ending: str) -> None:
    path = shared_data / "formats" / "sage" / f"psmutils_results.sage.{ending}"
    assert readers.detect(path) == "sage"
    with pytest.raises(InputError, match="1 above the q-value"):  # its only spectrum has a q-value of 1
        readers.read(InputSpec("main", path))
