"""DIA-NN reports and matrices, against independent sums; and how they can be broken."""

from __future__ import annotations

import gzip
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sevident import readers, tables
from sevident.errors import InputError
from sevident.readers.base import InputSpec, ReadResult

HEADER = [
    *("File.Name", "Run", "Protein.Group", "Protein.Ids", "Protein.Names", "Genes"),
    *("Stripped.Sequence", "Modified.Sequence", "Precursor.Charge"),
    *("Q.Value", "Protein.Q.Value", "PG.Q.Value", "Precursor.Quantity", "Precursor.Normalised"),
]


def row(run: str = "r1", group: str = "P21926", sequence: str = "AAK", quantity: object = 100, **more: object) -> dict:
    return {
        "File.Name": rf"D:\data\{run}.raw",
        "Run": run,
        "Protein.Group": group,
        "Protein.Ids": group,
        "Protein.Names": "CD9_HUMAN",
        "Genes": "CD9",
        "Stripped.Sequence": sequence,
        "Modified.Sequence": sequence,
        "Precursor.Charge": 2,
        "Q.Value": 0.001,
        "Protein.Q.Value": 0.5,
        "PG.Q.Value": 0.002,
        "Precursor.Quantity": quantity,
        "Precursor.Normalised": 7,
    } | more


ROWS = [
    row(),
    row(sequence="CCK", quantity=50),
    row(sequence="CCK", quantity=25, **{"Precursor.Charge": 3}),
    row(sequence="DDK", quantity=1000, **{"Q.Value": 0.02}),
    row("r2", quantity=10),
    row("r2", sequence="EEK", quantity=0),
    row("r2", "P02768", "FFK", 500, **{"PG.Q.Value": 0.05}),
    row("r1", "P02768", "FFK", 400, **{"Protein.Ids": "P02768;CONTAMINANT_P02768-1", "Protein.Names": "ALBU_HUMAN"}),
]


def report(rows: list[dict], columns: list[str] | None = None) -> str:
    names = columns or list(dict.fromkeys([*HEADER, *(name for one in rows for name in one)]))
    lines = ["\t".join(names)] + ["\t".join(str(one.get(name, "")) for name in names) for one in rows]
    return "\n".join(lines) + "\n"


def read(tmp_path: Path, content: str | bytes, name: str = "report [1].tsv", **settings: object) -> ReadResult:
    path = tmp_path / name  # brackets and blanks: no pattern, a name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return readers.read(InputSpec.from_settings({"path": str(path), "organism": "human", **settings}))


def codes(result: ReadResult) -> dict[str, object]:
    return {str(w["code"]): w["count"] for w in result.warnings}


def test_a_small_report(tmp_path: Path) -> None:
    result = read(tmp_path, report(ROWS))
    frame = result.proteins.set_index(["run", "protein_group"])
    assert frame["intensity"].to_dict() == {("r1", "P02768"): 400, ("r1", "P21926"): 175, ("r2", "P21926"): 10}
    assert frame["peptides"].to_dict() == {("r1", "P02768"): 1, ("r1", "P21926"): 2, ("r2", "P21926"): 1}
    assert frame["spectra"].isna().all() and (frame["evidence"] == "ms2").all()
    assert frame.loc[("r1", "P21926"), "q_value"] == 0.002
    assert frame.loc[("r1", "P02768"), ["organism", "contaminant"]].tolist() == ["human", "serum"]
    features = result.features
    assert features is not None and list(features.columns) == list(tables.FEATURES.columns)
    assert len(features) == 5 and not features["is_decoy"].any()
    assert features["intensity"].sum() == result.proteins["intensity"].sum()
    assert codes(result)["precursors_over_q_value"] == 1
    assert codes(result)["groups_over_q_value"] == 1
    assert codes(result)["precursors_without_quantity"] == 1
    message = str(next(w["message"] for w in result.warnings if w["code"] == "precursors_over_q_value"))
    assert "47.96%" in message  # 1000 of 2085


def test_decoys_by_column_and_by_name(tmp_path: Path) -> None:
    """A FASTA with the decoys of a search brings them into the report as if they were proteins."""
    by_name = [row(group=name, sequence="KAA", quantity=5) for name in ("rev_P21926", "DECOY_P1;DECOY_P2")]
    mixed = row(group="P60033;rev_P21926", sequence="HHK", quantity=2)  # led by a real protein
    marked = row("r2", "P60033", "LLK", 9)
    content = report([one | {"Decoy": int(one is marked)} for one in (*ROWS, *by_name, mixed, marked)])
    result = read(tmp_path, content)
    plain = read(tmp_path, report([*ROWS, mixed]))
    pd.testing.assert_frame_equal(result.proteins, plain.proteins)
    pd.testing.assert_frame_equal(result.features, plain.features)
    assert codes(result)["decoys_removed"] == 3
    assert plain.proteins.set_index("protein_group").loc["P60033;rev_P21926", "accessions"] == "P60033"
    with pytest.raises(InputError, match="2 decoy"):
        read(tmp_path, report(by_name))


def test_a_spectral_library_is_refused(tmp_path: Path) -> None:
    header = ["Protein.Group", "Stripped.Sequence", "Precursor.Charge", "Q.Value", "Product.Mz", "Relative.Intensity"]
    with pytest.raises(InputError, match="spectral library"):
        read(tmp_path, "\t".join(header) + "\nP21926\tAAK\t2\t0.001\t300.5\t1\n", "report-lib.tsv")


@pytest.mark.parametrize("kind", ["crlf", "utf-16", "gzip", "mark", "latin-1"])
def test_wrappings(tmp_path: Path, kind: str) -> None:
    text = report(ROWS)
    content = {
        "crlf": text.replace("\n", "\r\n").encode(),
        "utf-16": text.encode("utf-16"),
        "gzip": gzip.compress(text.encode()),
        "mark": b"\xef\xbb\xbf" + text.encode(),
        "latin-1": text.replace("D:\\data", "D:\\Müller").encode("latin-1"),
    }[kind]
    assert read(tmp_path, content).proteins.equals(read(tmp_path, text, "other.tsv").proteins)


def test_lone_quotation_marks_and_quoted_reports(tmp_path: Path) -> None:
    expected = read(tmp_path, report(ROWS)).proteins
    lone = report([one | {"First.Protein.Description": '"5-inch'} for one in ROWS])
    assert read(tmp_path, lone).proteins.equals(expected)
    quoted = "\n".join(",".join(f'"{cell}"' for cell in line.split("\t")) for line in report(ROWS).splitlines())
    assert read(tmp_path, quoted + "\n").proteins.equals(expected)


def as_version_2(rows: list[dict]) -> pd.DataFrame:
    """The columns of DIA-NN 2: no File.Name and Protein.Q.Value, but Decoy and Channel; numbers as numbers."""
    frame = pd.DataFrame(rows).drop(columns=["File.Name", "Protein.Q.Value"])
    return frame.assign(**{"Run.Index": 0, "Decoy": frame.get("Decoy", pd.Series(0, frame.index)), "Channel": ""})


def test_a_parquet_report_of_version_2(tmp_path: Path) -> None:
    frame = as_version_2([*ROWS, row(sequence="GGK", quantity=5000)])
    frame.loc[len(frame) - 1, "Decoy"] = 1
    path = tmp_path / "report.parquet"
    pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), path)
    result = readers.read(InputSpec("main", path, organism="human"))
    assert codes(result)["decoys_removed"] == 1
    assert result.proteins.equals(read(tmp_path, report(ROWS)).proteins)


def test_channels_are_runs_of_their_own(tmp_path: Path) -> None:
    rows = [row(Channel="L", quantity=1), row(Channel="H", quantity=2), row("r2", Channel="L", quantity=3)]
    result = read(tmp_path, report(rows))
    assert result.proteins.set_index("run")["intensity"].to_dict() == {"r1-H": 2, "r1-L": 1, "r2-L": 3}
    assert codes(result)["channels"] == 2


@pytest.mark.parametrize("name", ["Protein.Q.Value", "Global.PG.Q.Value"])
def test_older_reports_have_other_q_values_of_groups(tmp_path: Path, name: str) -> None:
    rows = []
    for one in ROWS:
        other = dict(one)
        other.pop("Protein.Q.Value")
        other[name] = other.pop("PG.Q.Value")
        rows.append(other)
    columns = [*(c for c in HEADER if c not in ("Protein.Q.Value", "PG.Q.Value")), name]
    result = read(tmp_path, report(rows, columns))
    assert result.proteins["intensity"].sum() == 585
    message = str(next(w["message"] for w in result.warnings if w["code"] == "groups_over_q_value"))
    assert name in message


def test_a_report_without_q_values_of_groups_says_so(tmp_path: Path) -> None:
    columns = [c for c in HEADER if c not in ("Protein.Q.Value", "PG.Q.Value")]
    result = read(tmp_path, report(ROWS, columns))
    assert "no_group_q_value" in codes(result) and result.proteins["intensity"].sum() == 1085


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (report([row(), row(quantity="many")]), ["Precursor.Quantity", "line 3", "'many'"]),
        (report([row(), row(quantity=-5)]), ["Precursor.Quantity", "line 3", "'-5'"]),
        (report([row(), row(quantity="inf")]), ["Precursor.Quantity", "line 3"]),
        (report([row(), row(quantity="1,5")]), ["Precursor.Quantity", "line 3", "'1,5'"]),
        (report([row(**{"Q.Value": 0.5})]), ["No precursor passes", "1 precursor"]),
        (report([row(Decoy=1)]), ["No precursor passes", "1 decoy"]),
        (report([]), ["header but no rows"]),
        (report([row(), row(Run="r1\tx")]), ["cannot be read as a table", "line 3", "Found: 15"]),
        (report([row(Run="", **{"File.Name": ""})]), ["No precursor passes", "1 nameless"]),
        (report([row(), row(Run="")]), ["name no run", "column 'Run'"]),
        (report(ROWS).replace("Precursor.Normalised", "Precursor.Quantity"), ["present twice", "column 13"]),
        (report(ROWS)[:-60], ["report [1].tsv"]),
        (gzip.compress(report(ROWS * 200).encode())[:-30], ["damaged or was cut off"]),
    ],
)
def test_broken_reports(tmp_path: Path, content: str | bytes, words: list[str]) -> None:
    with pytest.raises(InputError) as error:
        read(tmp_path, content, format="diann")
    for word in words:
        assert word in str(error.value)


MATRIX = (
    "Protein.Group\tProtein.Ids\tProtein.Names\tGenes\tFirst.Protein.Description\tN.Sequences\t"
    "D:\\a\\x.raw\tD:\\a\\y.raw\n"
    "P21926\tP21926\tCD9_HUMAN\tCD9\tCD9 antigen\t3\t10\t\n"
    "P60033;P27701\tP60033;P27701\tCD81_HUMAN;CD82_HUMAN\tCD81;CD82\tCD81\t3\t1\t0\n"
)


def test_a_small_matrix(tmp_path: Path) -> None:
    result = read(tmp_path, MATRIX, "anything")
    frame = result.proteins.set_index(["run", "protein_group"])
    assert len(frame) == 4
    assert frame["intensity"].dropna().to_dict() == {("x", "P21926"): 10, ("x", "P60033;P27701"): 1}
    assert frame.loc[("x", "P21926"), "evidence"] == "ms2" and frame.loc[("y", "P21926"), "evidence"] == "unknown"
    assert frame.loc[("y", "P60033;P27701"), ["accessions", "genes", "organism"]].tolist() == [
        "P60033;P27701",
        "CD81;CD82",
        "human",
    ]
    assert "normalised_quantity" in codes(result)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (MATRIX.replace("\t10\t", "\t-10\t"), ["negative", "line 2", "x.raw"]),
        (MATRIX.replace("\t10\t", "\tten\t"), ["holds text", "line 2", "'ten'"]),
        (MATRIX.replace("y.raw", "x.raw"), ["present twice"]),
        (MATRIX.splitlines()[0] + "\n", ["header but no rows"]),
    ],
)
def test_broken_matrices(tmp_path: Path, content: str, words: list[str]) -> None:
    with pytest.raises(InputError) as error:
        read(tmp_path, content)
    for word in words:
        assert word in str(error.value)


def test_runs_of_one_name_keep_their_folders(tmp_path: Path) -> None:
    result = read(tmp_path, MATRIX.replace("D:\\a\\y.raw", "D:\\b\\x.raw"))
    assert result.proteins["run"].unique().tolist() == ["D:\\a\\x.raw", "D:\\b\\x.raw"]


# ---- real files ------------------------------------------------------------------------------------------------------


def independent(frame: pd.DataFrame) -> pd.DataFrame:
    kept = frame[(frame["Q.Value"] <= 0.01) & (frame["PG.Q.Value"] <= 0.01) & (frame["Precursor.Quantity"] > 0)]
    groups = kept.groupby(["Run", "Protein.Group"])
    return pd.DataFrame(
        {"intensity": groups["Precursor.Quantity"].sum(), "peptides": groups["Stripped.Sequence"].nunique()}
    )


@pytest.mark.parametrize(
    "file",
    [
        "formats/diann/alphabase_1.8.1_report_head.tsv",
        "formats/diann/alphabase_1.9.0_report_head.tsv",
        "formats/diann/proteobench_1.9beta_report.tsv",
        "studies/skin_lysate/report.tsv",
    ],
)
@pytest.mark.parametrize("parquet", [False, True])
def test_real_reports(shared_data: Path, tmp_path: Path, file: str, parquet: bool) -> None:
    path = shared_data / file
    frame = pd.read_csv(path, sep="\t")
    if parquet:
        path = tmp_path / "report.parquet"
        new = frame.drop(columns=["File.Name"]).assign(Decoy=0)
        pq.write_table(pa.Table.from_pandas(new, preserve_index=False), path)
    result = readers.read(InputSpec("main", path, organism="human"))
    expected = independent(frame)
    found = result.proteins.set_index(["run", "protein_group"]).sort_index()
    assert len(found) == len(expected)
    np.testing.assert_allclose(found["intensity"], expected.sort_index()["intensity"], rtol=1e-12)
    assert found["peptides"].tolist() == expected.sort_index()["peptides"].tolist()
    assert result.features is not None
    assert math.isclose(result.features["intensity"].sum(), expected["intensity"].sum(), rel_tol=1e-12)


@pytest.mark.parametrize(
    ("file", "groups", "runs", "first"),
    [
        ("formats/diann/msqrob2_spikein_pg_matrix.tsv", 3694, 9, 6),
        ("studies/plaque_tissue/report.pg_matrix.tsv", 3502, 40, 5),
        ("studies/skin_lysate/report.pg_matrix.tsv", 9417, 43, 5),
        ("studies/osteogenic_lysate/report..gg_matrix_diaml.tsv", 8137, 24, 1),
    ],
)
def test_real_matrices(shared_data: Path, file: str, groups: int, runs: int, first: int) -> None:
    raw = pd.read_csv(shared_data / file, sep="\t")
    result = readers.read(InputSpec("main", shared_data / file, organism="human"))
    frame = result.proteins
    assert frame["protein_group"].nunique() == groups == len(raw)
    assert frame["run"].nunique() == runs == raw.shape[1] - first
    assert len(frame) == groups * runs
    sums = sorted(raw.iloc[:, first:].sum())
    np.testing.assert_allclose(sorted(frame.groupby("run")["intensity"].sum()), sums, rtol=1e-12)
    assert not frame["run"].str.contains(r"[\\/]|\.d$|\.raw$|\.mzML$").any()
    assert frame["intensity"].notna().sum() == raw.iloc[:, first:].notna().sum().sum()


def test_a_gene_matrix_has_no_accessions(shared_data: Path) -> None:
    path = shared_data / "studies/osteogenic_lysate/report..gg_matrix_diaml.tsv"
    frame = readers.read(InputSpec("main", path, organism="human")).proteins.drop_duplicates("protein_group")
    assert (frame["accessions"] == "").all() and (frame["genes"] != "").all()
    assert (frame["contaminant"] == "none").all()


def test_the_precursor_matrix_is_summed(shared_data: Path) -> None:
    path = shared_data / "formats/diann/qpx_full_report.pr_matrix.tsv"
    raw = pd.read_csv(path, sep="\t")
    result = readers.read(InputSpec("main", path, organism="human"))
    runs = raw.columns[10:]
    expected = raw.groupby("Protein.Group")[list(runs)].sum()
    frame = result.proteins.pivot_table(index="protein_group", columns="run", values="intensity", dropna=False).fillna(
        0
    )
    np.testing.assert_allclose(frame.sort_index().sum(axis=1), expected.sort_index().sum(axis=1), rtol=1e-12)
    assert result.features is not None and len(result.features) == int((raw[runs] > 0).sum().sum())
    albumin = result.proteins[result.proteins["protein_group"] == "P02768"]
    assert albumin["contaminant"].unique().tolist() == ["serum"]
    one = raw[(raw["Protein.Group"] == "P02768") & raw["20P03300022.mzML"].notna()]
    assert albumin.set_index("run").loc["20P03300022", "peptides"] == one["Stripped.Sequence"].nunique()


def test_contaminants_of_the_skin_study(shared_data: Path) -> None:
    path = shared_data / "studies/skin_lysate/report.pg_matrix.tsv"
    frame = readers.read(InputSpec("main", path, organism="human")).proteins.drop_duplicates("protein_group")
    tagged = frame[frame["protein_group"].str.startswith("CONTAMINANT_")].set_index("accessions")
    assert len(tagged) > 100 and (tagged["contaminant"] != "none").all()
    assert tagged.loc["P00761", ["contaminant", "organism"]].tolist() == ["process", "pig"]
    assert tagged.loc["P12763", ["contaminant", "organism"]].tolist() == ["serum", "bovine"]
    assert tagged.loc["P04040", "contaminant"] == "ambiguous"


def test_the_same_report_gives_the_same_bytes(shared_data: Path, tmp_path: Path) -> None:
    path = shared_data / "formats/diann/proteobench_1.9beta_report.tsv"
    written = []
    for name in ("a", "b"):
        result = readers.read(InputSpec("main", path, organism="human"))
        assert result.features is not None
        tables.write_table(result.proteins, tables.PROTEINS, tmp_path / f"{name}.parquet")
        tables.write_table(result.features, tables.FEATURES, tmp_path / f"{name}.f.parquet")
        written.append((tmp_path / f"{name}.parquet").read_bytes() + (tmp_path / f"{name}.f.parquet").read_bytes())
    assert written[0] == written[1]


# ---- large reports ---------------------------------------------------------------------------------------------------


def synthetic(path: Path, runs: int = 6, rows: int = 600) -> pd.DataFrame:
    from tests.benchmarks.synthetic import write_report

    assert write_report(path, runs, rows) == pq.read_metadata(path).num_rows
    return pd.read_parquet(path)


def written(tmp_path: Path, report_path: Path, **settings: object) -> tuple[bytes, bytes]:
    files = tmp_path / "p.parquet", tmp_path / "f.parquet"
    readers.write(InputSpec.from_settings({"path": str(report_path), "organism": "human", **settings}), *files)
    return files[0].read_bytes(), files[1].read_bytes()


@pytest.mark.parametrize("batch", [1 << 18, 100])
def test_any_order_of_rows_and_any_batch_give_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    from sevident.readers import diann_scan

    path = tmp_path / "report.parquet"
    frame = synthetic(path)
    expected = written(tmp_path, path)
    monkeypatch.setattr(diann_scan, "ROWS", batch)
    assert written(tmp_path, path) == expected
    orders = {
        "runs backwards": frame.sort_values("Run", ascending=False, kind="stable"),
        "mixed": frame.sample(frac=1, random_state=1),
        "by precursor": frame.sort_values(["Precursor.Id", "Run"]),
    }
    for name, other in orders.items():
        pq.write_table(pa.Table.from_pandas(other, preserve_index=False), tmp_path / "other.parquet")
        assert written(tmp_path, tmp_path / "other.parquet") == expected, name
        other.to_csv(tmp_path / "other.tsv", sep="\t", index=False)
    as_text = readers.read(InputSpec("main", tmp_path / "other.tsv", organism="human"))
    proteins = tables.read_table(tmp_path / "p.parquet", tables.PROTEINS)
    np.testing.assert_allclose(as_text.proteins["intensity"], proteins["intensity"], rtol=1e-6)


def test_a_synthetic_report_against_pandas(tmp_path: Path) -> None:
    frame = synthetic(tmp_path / "report.parquet")
    for column in ("Precursor.Quantity", "Q.Value", "PG.Q.Value"):
        frame[column] = frame[column].astype("float64")
    expected = independent(frame)
    written(tmp_path, tmp_path / "report.parquet")
    proteins = tables.read_table(tmp_path / "p.parquet", tables.PROTEINS)
    found = proteins.set_index(["run", "protein_group"])
    expected = expected.loc[found.index]
    assert len(found) == len(expected)
    np.testing.assert_allclose(found["intensity"], expected["intensity"], rtol=1e-12)
    assert found["peptides"].tolist() == expected["peptides"].tolist()
    features = tables.read_table(tmp_path / "f.parquet", tables.FEATURES)
    assert features.equals(tables.conform(features, tables.FEATURES))
    assert proteins.equals(tables.conform(proteins, tables.PROTEINS))


def test_columns_that_are_stored_in_an_unusual_way(tmp_path: Path) -> None:
    path = tmp_path / "report.parquet"
    frame = synthetic(path)
    expected = written(tmp_path, path)
    frame["Run"] = frame["Run"].astype("category")
    frame["Precursor.Charge"] = frame["Precursor.Charge"].astype("str")
    frame["Decoy"] = frame["Decoy"].astype("bool")
    pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), path)
    assert written(tmp_path, path) == expected


def test_contaminants_are_found_among_all_proteins_of_a_group(tmp_path: Path) -> None:
    rows = [row(group="P02768", sequence="AAK"), row(group="P02768", sequence="CCK")]
    rows[1]["Protein.Ids"] = "P02768;CONTAMINANT_P02768"
    for order in (rows, rows[::-1]):
        assert read(tmp_path, report(order)).proteins["contaminant"].tolist() == ["serum"]


def test_the_memory_limit_is_passed_on(tmp_path: Path) -> None:
    from sevident.errors import ConfigurationError

    path = tmp_path / "report.parquet"
    synthetic(path, 2)
    assert written(tmp_path, path, memory_limit="200MB") == written(tmp_path, path, memory_limit="1 GB")
    with pytest.raises(ConfigurationError, match="memory limit"):
        written(tmp_path, path, memory_limit="lots")


@pytest.mark.parametrize("value", [-1.0, float("inf")])
def test_bad_values_in_parquet(tmp_path: Path, value: float) -> None:
    path = tmp_path / "report.parquet"
    frame = synthetic(path, 2)
    frame.loc[5, "Precursor.Quantity"] = value
    pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), path)
    with pytest.raises(InputError, match=r"Precursor\.Quantity"):
        written(tmp_path, path)
    assert not (tmp_path / "p.parquet").exists()
