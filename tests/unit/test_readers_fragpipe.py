"""FragPipe's tables, against sums made with the csv module; and how they can be broken."""

from __future__ import annotations

import csv
import io
import math
import zipfile
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import pytest
from broken_files import BROKEN, DAMAGED, VARIANTS, Example, Rows, text_of

from sevident import readers, tables
from sevident.errors import InputError
from sevident.readers.base import InputSpec, ReadResult

COMBINED: Rows = [
    [
        *("Protein", "Protein ID", "Entry Name", "Gene", "Protein Length", "Organism", "Protein Existence"),
        *("Description", "Protein Probability", "Combined Total Peptides", "Combined Spectral Count"),
        *("A_1 Spectral Count", "B_1 Spectral Count", "A_1 Unique Spectral Count", "A_1 Total Spectral Count"),
        *("A_1 Intensity", "B_1 Intensity", "A_1 MaxLFQ Intensity", "B_1 MaxLFQ Intensity"),
        "Indistinguishable Proteins",
    ],
    [
        *("sp|P21926|CD9_HUMAN", "P21926", "CD9_HUMAN", "CD9", "228", "Homo sapiens OX=9606", "1:Experimental"),
        *("CD9 antigen", "1.0", "3", "5", "4", "0", "9", "9", "100.5", "20.25", "7", "8", ""),
    ],
    [
        *("contam_sp|P02769|ALBU_BOVIN", "P02769", "ALBU_BOVIN", "ALB", "607", "Bos taurus", "1:Experimental"),
        *("Albumin", "1.0", "30", "50", "2", "3", "2", "2", "1000.5", "0.0", "70", "80", ""),
    ],
    [
        *("sp|P0DP23|CALM1_HUMAN", "P0DP23", "CALM1_HUMAN", "CALM1", "149", "Homo sapiens OX=9606", "1:Experimental"),
        *("Calmodulin-1", "0.99", "2", "2", "0", "2", "0", "0", "0.0", "300.75", "0", "3"),
        "sp|P0DP24|CALM2_HUMAN, sp|P0DP25|CALM3_HUMAN",
    ],
    [
        *("rev_sp|P00001|X_HUMAN", "P00001", "X_HUMAN", "", "100", "Homo sapiens OX=9606", ""),
        *("decoy", "0.1", "1", "1", "1", "0", "1", "1", "50.5", "0.0", "5", "0", ""),
    ],
]
PEPTIDES: Rows = [
    [
        *("Peptide Sequence", "Modified Sequence", "Prev AA", "Next AA", "Charge", "Assigned Modifications", "Protein"),
        *("Protein ID", "Entry Name", "Gene", "Protein Description", "Mapped Genes", "Mapped Proteins"),
        *("A_1 Spectral Count", "B_1 Spectral Count", "A_1 Intensity", "B_1 Intensity"),
        *("A_1 Match Type", "B_1 Match Type"),
    ],
    [
        *("AACK", "AAC[57.0215]K", "K", "D", "2", "3C(57.0215)", "sp|P21926|CD9_HUMAN", "P21926", "CD9_HUMAN", "CD9"),
        *("CD9 antigen", "", "tr|A0A024R1A1|A0A024R1A1_HUMAN", "2", "0", "100.5", "20.25", "MS/MS", "MBR"),
    ],
    [
        *("DDEK", "DDEK", "K", "A", "2", "", "sp|P21926|CD9_HUMAN", "P21926", "CD9_HUMAN", "CD9"),
        *("CD9 antigen", "", "sp|P60033|CD81_HUMAN, tr|A0A024R1A1|A0A024R1A1_HUMAN", "1", "1", "0.0", "5.5"),
        *("MS/MS", "MS/MS"),
    ],
    [
        *("DDEK", "DDEK", "K", "A", "3", "", "sp|P21926|CD9_HUMAN", "P21926", "CD9_HUMAN", "CD9"),
        *("CD9 antigen", "", "sp|P60033|CD81_HUMAN, tr|A0A024R1A1|A0A024R1A1_HUMAN", "1", "0", "7.5", "0.0"),
        *("MS/MS", "unmatched"),
    ],
    [
        *("LLLK", "LLLK", "K", "A", "2", "", "rev_sp|P60033|CD81_HUMAN", "P60033", "CD81_HUMAN", ""),
        *("decoy", "", "", "1", "0", "9.25", "0.0", "MS/MS", "unmatched"),
    ],
]
PSMS: Rows = [
    [
        *("Spectrum", "Spectrum File", "Peptide", "Modified Peptide", "Prev AA", "Charge", "Retention", "Hyperscore"),
        *("Probability", "Qvalue", "Intensity", "Is Unique", "Protein", "Protein ID", "Entry Name", "Gene"),
        *("Protein Description", "Mapped Genes", "Mapped Proteins"),
    ],
    *(
        [
            *(spectrum, r"D:\x\interact-run.1.pep.xml", peptide, "", "K", charge, "1.5", "20.5", "0.99", q, intensity),
            *("true", protein, protein.split("|")[1], protein.split("|")[2], "", "", "", mapped),
        ]
        for spectrum, peptide, charge, q, intensity, protein, mapped in (
            ("run.1.00001.00001.2", "AACK", "2", "0.0001", "100.5", "sp|P21926|CD9_HUMAN", ""),
            ("run.1.00002.00002.2", "AACK", "2", "0.0002", "100.5", "sp|P21926|CD9_HUMAN", ""),
            ("run.1.00003.00003.3", "AACK", "3", "0.0003", "7.25", "sp|P21926|CD9_HUMAN", ""),
            ("run.1.00004.00004.2", "DDEK", "2", "0.0500", "11.5", "sp|P21926|CD9_HUMAN", ""),
            ("run.1.00005.00005.2", "LLLK", "2", "0.0004", "0.0", "sp|P60033|CD81_HUMAN", "sp|P21926|CD9_HUMAN"),
            ("run.1.00006.00006.2", "GGGK", "2", "0.0004", "5.5", "rev_sp|P60033|CD81_HUMAN", ""),
            ("run.2.00001.00001.2", "AACK", "2", "0.0001", "3.5", "sp|P21926|CD9_HUMAN", ""),
        )
    ),
]
TABLES = {"combined_protein": COMBINED, "combined_ion": PEPTIDES, "psm": PSMS}


def read(path: Path, content: str | bytes | Rows, **settings: object) -> ReadResult:
    path = path / "any [1] name"
    content = text_of(content) if isinstance(content, list) else content
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return readers.read(InputSpec.from_settings({"path": str(path), "organism": "human", **settings}))


def codes(result: ReadResult) -> dict[str, object]:
    return {str(w["code"]): w["count"] for w in result.warnings}


def same(one: ReadResult, other: ReadResult) -> bool:
    if (one.features is None) != (other.features is None):
        return False
    return one.proteins.equals(other.proteins) and (one.features is None or one.features.equals(other.features))


def test_combined_protein(tmp_path: Path) -> None:
    result = read(tmp_path, COMBINED)
    frame = result.proteins.set_index(["run", "protein_group"])
    assert len(frame) == 6 and result.features is None and result.engine == "FragPipe"
    assert frame.loc["A_1", "intensity"].to_dict() == {
        "P02769": 1000.5,
        "P0DP23": pytest.approx(math.nan, nan_ok=True),
        "P21926": 100.5,
    }
    assert frame.loc[("A_1", "P21926"), "spectra"] == 4  # of the razor peptides, neither unique nor total
    assert frame.loc[("A_1", "P21926"), "evidence"] == "ms2"
    assert frame.loc[("B_1", "P21926"), "evidence"] == "matched"
    assert frame.loc[("A_1", "P0DP23"), "evidence"] == "unknown"
    assert frame.loc[("B_1", "P0DP23"), "accessions"] == "P0DP23;P0DP24;P0DP25"
    assert frame.loc[("B_1", "P02769"), ["organism", "contaminant", "genes"]].tolist() == ["bovine", "serum", "ALB"]
    assert frame.loc[("B_1", "P21926"), "sequence_length"] == 228
    assert frame["peptides"].isna().all() and frame["q_value"].isna().all()
    assert codes(result)["decoys_removed"] == 1 and "quantity_maybe_normalised" in codes(result)
    assert (result.quantity, result.level) == ("<run> Intensity", "protein")


def test_maxlfq_stands_in_and_is_named(tmp_path: Path) -> None:
    keep = [i for i, name in enumerate(COMBINED[0]) if not name.endswith("_1 Intensity")]
    result = read(tmp_path, [[row[i] for i in keep] for row in COMBINED])
    assert result.proteins["intensity"].sum() == 7 + 8 + 70 + 80 + 3
    assert "normalised_quantity" in codes(result) and result.quantity == "<run> MaxLFQ Intensity"


def test_spectral_counts_alone(tmp_path: Path) -> None:
    keep = [i for i, name in enumerate(COMBINED[0]) if not name.endswith("Intensity")]
    result = read(tmp_path, [[row[i] for i in keep] for row in COMBINED])
    assert result.proteins["intensity"].isna().all() and result.proteins["spectra"].sum() == 4 + 2 + 3 + 2
    assert "spectral_counts_only" in codes(result)


def test_headers_as_r_makes_them(tmp_path: Path) -> None:
    mangled = [[name.replace(" ", ".") for name in COMBINED[0]], *COMBINED[1:]]
    assert read(tmp_path, mangled).proteins.equals(read(tmp_path, COMBINED).proteins)


def test_a_run_that_lacks_its_counts_is_told(tmp_path: Path) -> None:
    at = COMBINED[0].index("B_1 Spectral Count")
    result = read(tmp_path, [[cell for i, cell in enumerate(row) if i != at] for row in COMBINED])
    assert codes(result)["counts_missing"] == 1
    frame = result.proteins.set_index(["run", "protein_group"])
    assert frame.loc[("B_1", "P0DP23"), "evidence"] == "unknown"


def test_ions(tmp_path: Path) -> None:
    result = read(tmp_path, PEPTIDES)
    features = result.features
    assert features is not None and list(features.columns) == list(tables.FEATURES.columns)
    assert len(features) == 6 and int(features["is_decoy"].sum()) == 1
    frame = result.proteins.set_index(["run", "protein_group"])
    assert frame["intensity"].to_dict() == {("A_1", "P21926"): 108.0, ("B_1", "P21926"): 25.75}
    assert frame["spectra"].to_dict() == {("A_1", "P21926"): 4, ("B_1", "P21926"): 1}
    assert frame["peptides"].to_dict() == {("A_1", "P21926"): 2, ("B_1", "P21926"): 2}
    # all peptides also map to the unreviewed entry, only one to CD81
    assert frame.loc[("A_1", "P21926"), "accessions"] == "P21926;A0A024R1A1"
    by_ion = features.set_index(["run", "modified_sequence", "charge"])
    assert by_ion.loc[("B_1", "AAC[57.0215]K", 2), "evidence"] == "matched"
    assert by_ion.loc[("B_1", "DDEK", 2), "evidence"] == "ms2"
    assert by_ion.loc[("A_1", "DDEK", 2), ["proteins", "genes"]].tolist() == ["P21926;P60033;A0A024R1A1", "CD9"]
    decoy = str(next(w["message"] for w in result.warnings if w["code"] == "decoys_removed"))
    assert "1 decoy peptides" in decoy and "9.25" in decoy


def test_peptides_of_one_run(tmp_path: Path) -> None:
    names = ["Peptide", "Prev AA", "Charges", "Probability", "Spectral Count", "Intensity", "Assigned Modifications"]
    names += ["Protein", "Protein ID", "Entry Name", "Gene", "Mapped Proteins"]
    rows = [
        ["AACK", "K", "2, 3", "1.0", "3", "10.5", "3C(57.0215)", "sp|P21926|CD9_HUMAN", "P21926", "CD9_HUMAN", "CD9"],
        ["DDEK", "K", "2", "1.0", "1", "0.0", "", "sp|P21926|CD9_HUMAN", "P21926", "CD9_HUMAN", "CD9"],
    ]
    result = read(tmp_path, [names, *([*row, ""] for row in rows)], name="plex")
    assert result.proteins[["run", "intensity", "spectra", "peptides"]].to_numpy().tolist() == [["plex", 10.5, 4, 2]]
    assert result.features is not None
    assert sorted(result.features["modified_sequence"]) == ["AACK[3C(57.0215)]", "DDEK"]
    assert "single_run" in codes(result)


def test_spectra(tmp_path: Path) -> None:
    result = read(tmp_path, PSMS)
    frame = result.proteins.set_index(["run", "protein_group"])
    # three spectra of two ions: the repeated 100.5 is one peak; the spectrum at 5 % does not count
    assert frame["intensity"].fillna(0).to_dict() == {
        ("run.1", "P21926"): 107.75,
        ("run.1", "P60033"): 0,
        ("run.2", "P21926"): 3.5,
    }
    assert frame["spectra"].to_dict() == {("run.1", "P21926"): 3, ("run.1", "P60033"): 1, ("run.2", "P21926"): 1}
    assert frame["peptides"].to_dict() == {("run.1", "P21926"): 1, ("run.1", "P60033"): 1, ("run.2", "P21926"): 1}
    assert (result.proteins["evidence"] == "ms2").all()
    features = result.features
    assert features is not None and features["spectra"].sum() == 7  # every spectrum, also those that do not count
    assert features.loc[features["q_value"] > 0.01, "peptide"].tolist() == ["DDEK"]
    assert codes(result)["peptides_over_q_value"] == 1 and codes(result)["repeated_intensity"] == 1
    assert codes(result)["decoys_removed"] == 1


def test_reporter_ions_are_runs(tmp_path: Path) -> None:
    channels = ["126", "127N", "127C", "128N"]
    rows = [[*PSMS[0], *channels]] + [[*row, "1.5", "2", "0", str(i)] for i, row in enumerate(PSMS[1:])]
    result = read(tmp_path, rows)
    assert codes(result)["reporter_ions"] == 4
    sums = result.proteins.groupby("run")["intensity"].sum().to_dict()
    assert sums == {"126": 7.5, "127N": 10, "127C": 0, "128N": 0 + 1 + 2 + 4 + 6}
    assert result.features is not None and result.features["spectra"].isna().all()
    marked = [[*PSMS[0], *(f"{kind} {c}" for c in channels for kind in ("Intensity", "SNR"))]]
    marked += [[*row, "1.5", "9", "2", "9", "0", "9", str(i), "9"] for i, row in enumerate(PSMS[1:])]
    assert read(tmp_path, marked).proteins.equals(result.proteins)


@pytest.mark.parametrize("kind", VARIANTS)
@pytest.mark.parametrize("name", TABLES)
def test_wrappings(tmp_path: Path, name: str, kind: str) -> None:
    rows = TABLES[name]
    changed = VARIANTS[kind](Example.of("", rows))
    assert same(read(tmp_path, changed), read(tmp_path, rows))


@pytest.mark.parametrize("kind", DAMAGED)
@pytest.mark.parametrize("name", TABLES)
def test_damages(tmp_path: Path, name: str, kind: str) -> None:
    with pytest.raises(InputError) as error:
        read(tmp_path, BROKEN[kind][0](Example.of("", TABLES[name])), format="fragpipe")
    assert "any [1] name" in str(error.value)


@pytest.mark.parametrize("name", TABLES)
def test_only_decoys(tmp_path: Path, name: str) -> None:
    rows = TABLES[name]
    at = rows[0].index("Protein")
    decoys = [[*row[:at], "rev_" + row[at].removeprefix("rev_"), *row[at + 1 :]] for row in rows[1:]]
    with pytest.raises(InputError, match="decoy"):
        read(tmp_path, [rows[0], *decoys])


@pytest.mark.parametrize(
    ("name", "column", "cell", "words"),
    [
        ("combined_protein", "A_1 Intensity", "many", ["line 2, column 'A_1 Intensity'", "'many'"]),
        ("combined_protein", "A_1 Intensity", "-5", ["negative", "line 2"]),
        ("combined_protein", "A_1 Intensity", "inf", ["infinite", "line 2"]),
        ("combined_ion", "B_1 Intensity", "many", ["line 2, column 'B_1 Intensity'"]),
        ("combined_ion", "A_1 Spectral Count", "-1", ["negative"]),
        ("psm", "Intensity", "x", ["line 2, column 'Intensity'"]),
        ("psm", "Qvalue", "low", ["line 2, column 'Qvalue'"]),
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
    [
        ("combined_protein", "B_1 Intensity", "A_1 Intensity"),
        ("combined_protein", "Organism", "Gene"),
        ("combined_ion", "B_1 Spectral Count", "A_1 Spectral Count"),
        ("psm", "Gene", "Protein ID"),
    ],
)
def test_a_column_that_stands_twice(tmp_path: Path, name: str, column: str, like: str) -> None:
    rows = [[like if cell == column else cell for cell in TABLES[name][0]], *TABLES[name][1:]]
    with pytest.raises(InputError, match="present twice"):
        read(tmp_path, rows)


def test_a_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="this is a folder"):
        readers.read(InputSpec("main", tmp_path, format="fragpipe"))


def test_other_tables_are_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="TMT-Integrator"):
        read(tmp_path, "Index\tNumberPSM\tReferenceIntensity\ta\nCD9\t3\t20.5\tx y\n", format="fragpipe")


# the public files, counted with the csv module


def records(path: Path, delimiter: str = "\t") -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle, delimiter=delimiter))


def expected(rows: list[dict[str, str]], ending: str, total: str = "Combined") -> dict[str, float]:
    """Sums of the columns ``<run> <ending>``, decoys left out."""
    longer = ("MaxLFQ", "Unique", "Total") if ending.startswith(("Intensity", "Spectral")) else ()
    names = [name for name in rows[0] if name.endswith(f" {ending}") and not name.startswith(total)]
    runs = {name: name.removesuffix(f" {ending}") for name in names}
    return {
        run: math.fsum(float(row[name]) for row in rows if "rev_" not in row["Protein"])
        for name, run in runs.items()
        if not run.endswith(longer) and "MaxLFQ" not in run
    }


@pytest.mark.parametrize(
    ("file", "delimiter", "intensity", "spectra", "runs", "groups"),
    [
        ("studies/endothelial_secretome/combined_protein.tsv", "\t", "Intensity", "Spectral Count", 22, 3346),
        ("studies/msc_secretome/combined_protein_secr_fragpipe.tsv", "\t", "Intensity", "Spectral Count", 50, 2726),
        ("studies/cord_blood_ev/combined_protein.tsv", "\t", "Intensity", "Spectral Count", 24, 546),
        ("studies/urine/combined_final_protein_ByJF.csv", ",", "Intensity", "Spectral Count", 40, 3375),
        (
            "formats/fragpipe/celegans_combined_protein.tsv",
            "\t",
            "Razor Intensity",
            "Razor Spectral Count",
            6,
            1138,
        ),
    ],
)
def test_public_combined_protein(
    shared_data: Path, file: str, delimiter: str, intensity: str, spectra: str, runs: int, groups: int
) -> None:
    result = readers.read(InputSpec("main", shared_data / file, organism="human"))
    rows = records(shared_data / file, delimiter)
    frame = result.proteins
    assert len(rows) == groups == frame["protein_group"].nunique() and len(frame) == groups * runs
    totals = "Summarized" if "Razor" in intensity else "Combined"
    for column, ending in (("intensity", intensity), ("spectra", spectra)):
        found = frame.groupby("run")[column].sum()
        sums = expected(rows, ending, totals)
        assert len(sums) == runs
        for run, total in sums.items():
            assert found[run] == pytest.approx(total, rel=1e-9), (run, column)
    shared = Counter(row.get("Indistinguishable Proteins", "").count("|") // 2 for row in rows)
    listed = frame.drop_duplicates("protein_group")["accessions"].str.count(";")
    assert int(listed.sum()) == sum(k * n for k, n in shared.items())


def test_public_combined_peptide(shared_data: Path) -> None:
    path = shared_data / "formats" / "fragpipe" / "protpipe_combined_peptide.tsv"
    result = readers.read(InputSpec("main", path, organism="human"))
    rows = records(path)
    assert len(rows) == 9896 and result.features is not None
    for column, ending in (("intensity", "Intensity"), ("spectra", "Spectral Count")):
        found = result.proteins.groupby("run")[column].sum()
        sums = expected(rows, ending)
        assert len(sums) == 8
        for run, total in sums.items():
            assert found[run] == pytest.approx(total, rel=1e-9), (run, column)
    counted = sum(
        float(row[f"{run} Intensity"]) > 0 or int(row[f"{run} Spectral Count"]) > 0 for row in rows for run in sums
    )
    assert len(result.features) == counted
    everything = sum(float(row[f"{run} Intensity"]) for row in rows for run in sums)
    assert result.features["intensity"].sum() == pytest.approx(everything, rel=1e-9)
    assert int(result.features["is_decoy"].sum()) == 4


@pytest.mark.parametrize(("file", "rows"), [("paynelab_protein.tsv", 1684), ("paynelab_peptide.tsv", None)])
def test_public_plex(shared_data: Path, file: str, rows: int | None) -> None:
    path = shared_data / "formats" / "fragpipe" / file
    result = readers.read(InputSpec("main", path, organism="human"))
    plain = records(path)
    found = result.proteins.groupby("run")["intensity"].sum()
    assert len(found) == 16
    for run in found.index:
        assert found[run] == pytest.approx(math.fsum(float(row[str(run)]) for row in plain), rel=1e-9)
    if rows:
        assert result.proteins["protein_group"].nunique() == len(plain) == rows
    else:
        assert result.features is not None
        assert len(result.features) == sum(float(row[str(run)]) > 0 for row in plain for run in found.index)


@pytest.fixture(scope="module")
def picked(shared_data: Path) -> zipfile.ZipFile:
    return zipfile.ZipFile(shared_data / "formats" / "fragpipe" / "picked_fragpipe.zip")


@pytest.mark.parametrize("run", ["A1", "B2", "C3"])
def test_public_spectra_and_proteins(tmp_path: Path, picked: zipfile.ZipFile, run: str) -> None:
    content = picked.read(f"{run}/psm.tsv")
    rows = list(csv.DictReader(io.StringIO(content.decode()), delimiter="\t"))
    result = read(tmp_path, content)
    counts: Counter[str] = Counter()
    peptides: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if not row["Protein"].startswith("rev_"):
            counts[row["Protein ID"]] += 1
            peptides[row["Protein ID"]].add(row["Peptide"])
    frame = result.proteins.set_index("protein_group")
    assert set(frame["run"]) == {run} and frame["spectra"].to_dict() == dict(counts)
    assert frame["peptides"].to_dict() == {name: len(found) for name, found in peptides.items()}
    assert result.features is not None and result.features["spectra"].sum() == len(rows)
    assert frame["intensity"].isna().all()

    content = picked.read(f"{run}/protein.tsv")
    rows = list(csv.DictReader(io.StringIO(content.decode()), delimiter="\t"))
    result = read(tmp_path, content, name=run)
    kept = [row for row in rows if not row["Protein"].startswith("rev_")]
    assert len(result.proteins) == len(kept) and set(result.proteins["run"]) == {run}
    for column, name in (("spectra", "Razor Spectral Count"), ("peptides", "Razor Peptides")):
        assert result.proteins[column].sum() == sum(int(row[name]) for row in kept)
    assert result.proteins["sequence_length"].sum() == sum(int(row["Length"]) for row in kept)


def test_public_ions(tmp_path: Path, picked: zipfile.ZipFile) -> None:
    content = picked.read("combined_ion.tsv")
    rows = list(csv.DictReader(io.StringIO(content.decode()), delimiter="\t"))
    result = read(tmp_path, content)
    assert result.features is not None
    for column, ending in (("intensity", "Intensity"), ("spectra", "Spectral Count")):
        found = result.proteins.groupby("run")[column].sum()
        for run, total in expected(rows, ending).items():
            assert found[run] == pytest.approx(total, rel=1e-9)
    of_a1 = result.features[result.features["run"] == "A1"]
    matched = sum(row["A1 Match Type"] == "MBR" and row["A1 Spectral Count"] == "0" for row in rows)
    assert int((of_a1["evidence"] == "matched").sum()) == matched == 395
    assert int((of_a1["evidence"] == "ms2").sum()) == sum(int(row["A1 Spectral Count"]) > 0 for row in rows)
    assert not np.isinf(result.features["intensity"]).any()
