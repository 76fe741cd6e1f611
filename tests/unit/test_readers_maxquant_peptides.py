"""MaxQuant's evidence.txt and peptides.txt, against independent sums; and how they can be broken."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from broken_files import BROKEN, VARIANTS, Example, codes, message, read, same

from sevident import readers, tables
from sevident.errors import InputError
from sevident.readers import projection
from sevident.readers.base import InputSpec


def peak(
    sequence: str = "AAK", run: str = "r1", intensity: object = 100, proteins: str = "P21926", **more: object
) -> dict[str, object]:
    return {
        "Sequence": sequence,
        "Modified sequence": f"_{sequence}_",
        "Proteins": proteins,
        "Leading razor protein": proteins.split(";", maxsplit=1)[0],
        "Gene names": "CD9",
        "Type": "MULTI-MSMS",
        "Raw file": run,
        "Charge": 2,
        "MS/MS count": 1,
        "Score": 50.5,
        "Intensity": intensity,
        "Reverse": "",
        "Potential contaminant": "",
        "id": 1,
    } | more


PEAKS_ = [
    peak(intensity=100.5),
    peak(intensity=20),
    peak(**{"Modified sequence": "_AA(ac)K_", "Intensity": 7}),
    peak("CCK", **{"Charge": 3, "Type": "MULTI-MATCH", "MS/MS count": 0, "Intensity": 50}),
    peak("DDK", "r2", "", **{"Type": "MSMS"}),
    peak("EEK", "r2", 9, "CON__P02769", **{"Potential contaminant": "+", "Gene names": ""}),
    peak("KAA", "r1", 1000, "", **{"Leading razor protein": "REV__P21926", "Reverse": "+", "Gene names": ""}),
    peak("FFK", "r2", 300, "P60709;P63261;Q6S8J3", **{"Gene names": "ACTB;ACTG1;POTEE"}),
    peak("GGK", "r2", 30, "P60709;P63261", **{"Gene names": "ACTB;ACTG1"}),
    peak("HHK", "r2", 3, "P60709", **{"Gene names": "ACTB"}),
]
EVIDENCE = Example(
    "maxquant",
    PEAKS_,
    ["Intensity", "Score"],
    "Intensity",
    [peak("KAA", "r1", 1000, "REV__P21926", **{"Reverse": "+"})],
)


def peptide(
    sequence: str, proteins: str, a: object, b: object, kinds: tuple[str, str] = ("By MS/MS", "By matching"), **more
) -> dict[str, object]:
    return {
        "Sequence": sequence,
        "Missed cleavages": 0,
        "Proteins": proteins,
        "Leading razor protein": proteins.split(";", maxsplit=1)[0],
        "Gene names": "CD9",
        "Unique (Groups)": "yes",
        "Charges": "2;3",
        "PEP": 0.001,
        "Identification type A": kinds[0],
        "Identification type B": kinds[1],
        "Intensity": 0,
        "Intensity A": a,
        "Intensity B": b,
        "Reverse": "",
        "Potential contaminant": "",
        "Evidence IDs": "1;2",
        "MS/MS Count": 3,
    } | more


WIDE = [
    peptide("AAK", "P21926;P21926-2", 10.5, 0),
    peptide("CCK", "P21926;P21926-2", 5, 2),
    peptide("DDK", "P02769", 0, 4, ("", "By MS/MS"), **{"Gene names": "", "Potential contaminant": "+"}),
    peptide("EEK", "P62937", 0, 0, ("By MS/MS", ""), **{"Gene names": "PPIA"}),
    peptide("KAA", "", 70, 7, **{"Leading razor protein": "REV__P21926", "Reverse": "+", "Gene names": ""}),
]
PEPTIDES = Example(
    "maxquant",
    WIDE,
    ["Intensity A", "Intensity B", "PEP"],
    "Intensity A",
    [peptide("KAA", "REV__P21926", 70, 7, Reverse="+")],
)
EXAMPLES = {"evidence": EVIDENCE, "peptides": PEPTIDES}


def test_a_small_evidence(tmp_path: Path) -> None:
    result = read(tmp_path, EVIDENCE.text())
    frame = result.proteins.set_index(["run", "protein_group"])
    intensity = frame["intensity"].dropna().to_dict()
    assert intensity == {("r1", "P21926"): 177.5, ("r2", "CON__P02769"): 9, ("r2", "P60709"): 333}
    assert frame["spectra"].to_dict() == {
        ("r1", "P21926"): 3,
        ("r2", "P21926"): 1,
        ("r2", "CON__P02769"): 1,
        ("r2", "P60709"): 3,
    }
    assert frame.loc[("r1", "P21926"), ["peptides", "evidence"]].tolist() == [2, "ms2"]
    assert frame.loc[("r2", "CON__P02769"), ["contaminant", "organism", "accessions"]].tolist() == [
        "serum",
        "bovine",
        "P02769",
    ]
    features = result.features
    assert features is not None and list(features.columns) == list(tables.FEATURES.columns)
    assert len(features) == 9  # ten rows, of which two are peaks of one ion
    ion = features[(features["modified_sequence"] == "AAK") & (features["run"] == "r1")].iloc[0]
    assert [ion["intensity"], ion["spectra"], ion["charge"], ion["peptide"]] == [120.5, 2, 2, "AAK"]
    assert features["is_decoy"].sum() == 1 and features.loc[features["is_decoy"], "intensity"].sum() == 1000
    assert codes(result)["decoys_removed"] == 1 and "1000" in message(result, "decoys_removed")
    matched = features[features["peptide"] == "CCK"].iloc[0]
    assert [matched["evidence"], matched["spectra"], matched["charge"]] == ["matched", 0, 3]


def test_labels_are_runs(tmp_path: Path) -> None:
    """Reporter ions and SILAC, in either table; the sums over labels or experiments are not counted again."""

    def tmt(row: dict[str, object], *values: float) -> dict[str, object]:
        named = {f"Reporter intensity corrected {n}": value for n, value in enumerate(values, start=1)}
        return row | {"Reporter intensity 1": 999, "Reporter intensity count 1": 1} | named

    rows = [tmt(PEAKS_[0], 10, 20), tmt(PEAKS_[3], 5, 0), tmt(PEAKS_[4], 0, 0), tmt(PEAKS_[6], 7, 7)]
    result = read(tmp_path, Example("maxquant", rows, [], "").text())
    sums = result.proteins.groupby(["protein_group", "run"])["intensity"].sum().to_dict()
    assert sums == {("P21926", "1 r1"): 15, ("P21926", "2 r1"): 20}
    assert result.features is not None and result.features["spectra"].isna().all()
    assert codes(result)["reporter_ions"] == 2 and codes(result)["peptides_without_quantity"] == 1
    assert codes(result)["decoys_removed"] == 2
    assert result.quantity == result.quantities_offered[0] == "Reporter intensity corrected"

    silac = [PEAKS_[0] | {"Ratio H/L": 2, "Intensity L": 40.5, "Intensity H": 60}, PEAKS_[5]]
    result = read(tmp_path, Example("maxquant", silac, [], "").text())
    sums = result.proteins.groupby(["protein_group", "run"])["intensity"].sum().to_dict()
    assert sums == {("P21926", "L r1"): 40.5, ("P21926", "H r1"): 60}
    assert codes(result)["channels"] == 2 and result.quantity == "Intensity"

    wide = [row | {"Reporter intensity 0": 8, "Reporter intensity 0 A": 5, "Reporter intensity 0 B": 3} for row in WIDE]
    result = read(tmp_path, Example("maxquant", wide, [], "").text())
    assert set(result.proteins["run"]) == {"0 A", "0 B"} and codes(result)["reporter_ions"] == 2
    cd9 = result.proteins.set_index(["protein_group", "run"]).loc["P21926"]
    assert cd9["intensity"].to_dict() == {"0 A": 10, "0 B": 6} and (cd9["evidence"] == "ms2").all()


def test_a_group_keeps_what_cannot_be_told_apart_and_no_more(tmp_path: Path) -> None:
    result = read(tmp_path, EVIDENCE.text())
    actin = result.proteins[result.proteins["protein_group"] == "P60709"].iloc[0]
    assert [actin["accessions"], actin["genes"]] == ["P60709", "ACTB"]  # not POTEE, which holds one of its peptides
    shared = [row for row in PEAKS_ if row["Sequence"] in ("FFK", "GGK")]
    pair = read(tmp_path, EVIDENCE.text(rows=shared)).proteins.iloc[0]
    assert [pair["accessions"], pair["genes"]] == ["P60709;P63261", "ACTB;ACTG1"]
    assert result.features is not None
    proteins = result.features.set_index("peptide")["proteins"]
    assert proteins["FFK"] == "P60709;P63261;Q6S8J3"


def test_a_small_peptides_table(tmp_path: Path) -> None:
    result = read(tmp_path, PEPTIDES.text())
    frame = result.proteins.set_index(["run", "protein_group"])
    assert len(frame) == 6  # three groups in two runs, measured or not
    assert frame["intensity"].dropna().to_dict() == {("A", "P21926"): 15.5, ("B", "P21926"): 2, ("B", "P02769"): 4}
    assert frame["peptides"].to_dict() == {
        ("A", "P21926"): 2,
        ("B", "P21926"): 2,
        ("A", "P02769"): 0,
        ("B", "P02769"): 1,
        ("A", "P62937"): 1,
        ("B", "P62937"): 0,
    }
    assert frame.loc[("B", "P21926"), "evidence"] == "matched" and frame.loc[("A", "P21926"), "evidence"] == "ms2"
    assert frame.loc[("B", "P21926"), "accessions"] == "P21926;P21926-2"
    assert frame.loc[("B", "P02769"), "contaminant"] == "serum"  # by the mark alone
    assert frame["spectra"].isna().all()
    assert result.features is not None and len(result.features) == 8
    assert result.features["charge"].isna().all()
    assert result.features.loc[result.features["is_decoy"], "intensity"].sum() == 77


def test_runs_of_evidence(tmp_path: Path) -> None:
    rows = [row | {"Experiment": "all"} for row in PEAKS_]
    result = read(tmp_path, EVIDENCE.text(rows=rows, header=[*EVIDENCE.header, "Experiment"]))
    assert set(result.proteins["run"]) == {"r1", "r2"} and codes(result)["runs_are_raw_files"] == 2
    header = [name for name in EVIDENCE.header if name != "Raw file"]
    result = read(tmp_path, EVIDENCE.text(rows=rows, header=[*header, "Experiment"]))
    assert set(result.proteins["run"]) == {"all"}


def test_other_quantities_of_peptides(tmp_path: Path) -> None:
    text = PEPTIDES.text()
    header, _, rest = text.partition("\n")
    lfq = header.replace("Intensity A", "LFQ intensity A").replace("Intensity B", "LFQ intensity B")
    result = read(tmp_path, f"{lfq}\n{rest}")
    assert "normalised_quantity" in codes(result) and result.proteins["intensity"].sum() == 21.5
    names = [name for name in PEPTIDES.header if not name.endswith((" A", " B"))]
    single = [row | {"Intensity": 5} for row in WIDE]
    result = read(tmp_path, PEPTIDES.text(rows=single, header=names))
    assert set(result.proteins["run"]) == {"Intensity"} and codes(result)["single_run"] is None


def test_peptides_that_are_seen_nowhere_are_counted(tmp_path: Path) -> None:
    rows = [*WIDE, peptide("GGK", "P62937", 0, 0, ("", ""))]
    result = read(tmp_path, PEPTIDES.text(rows=rows))
    assert codes(result)["peptides_without_quantity"] == 1
    seen = [row | {"Experiment A": int(row["Sequence"] == "GGK")} for row in rows]
    result = read(tmp_path, PEPTIDES.text(rows=seen, header=[*PEPTIDES.header, "Experiment A"]))
    assert "peptides_without_quantity" not in codes(result)
    assert result.features is not None and "GGK" in set(result.features["peptide"])


@pytest.mark.parametrize("kind", VARIANTS)
@pytest.mark.parametrize("which", EXAMPLES)
def test_wrappings(tmp_path: Path, which: str, kind: str) -> None:
    example = EXAMPLES[which]
    assert same(read(tmp_path, VARIANTS[kind](example)), read(tmp_path, example.text(), "plain.txt"))


@pytest.mark.parametrize("kind", BROKEN)
@pytest.mark.parametrize("which", EXAMPLES)
@pytest.mark.parametrize("format_", ["auto", "maxquant"])
def test_broken_files(tmp_path: Path, which: str, kind: str, format_: str) -> None:
    make, words = BROKEN[kind]
    with pytest.raises(InputError) as error:
        read(tmp_path, make(EXAMPLES[which]), format=format_)
    for word in [*words, "table [1].txt"]:
        assert word in str(error.value)


def test_a_folder_and_a_missing_file(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "evidence.txt"):
        with pytest.raises(InputError):
            readers.read(InputSpec("main", path, format="maxquant"))


def test_dotted_names_are_the_same(tmp_path: Path) -> None:
    for example in EXAMPLES.values():
        header, _, rest = example.text().partition("\n")
        dotted = "\t".join("".join(c if c.isalnum() else "." for c in name) for name in header.split("\t"))
        assert same(read(tmp_path, f"{dotted}\n{rest}"), read(tmp_path, example.text(), "plain.txt"))


def test_large_files_are_scanned_to_the_same_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = read(tmp_path, EVIDENCE.text())
    monkeypatch.setattr(projection, "LARGE", 0)
    for text in (EVIDENCE.text(), EVIDENCE.text(",", quoting=csv.QUOTE_ALL), "\n\n" + EVIDENCE.text()):
        assert same(read(tmp_path, text), plain)
    assert same(read(tmp_path, EVIDENCE.text().replace("\n", "\r\n")), plain)
    for kind in ("cut in a row", "a column twice", "text for a number", "header alone"):
        with pytest.raises(InputError) as error:
            read(tmp_path, BROKEN[kind][0](EVIDENCE))
        assert "table [1].txt" in str(error.value)
    with pytest.raises(InputError, match=r"line 11, column 'Intensity'"):
        read(tmp_path, BROKEN["text for a number"][0](EVIDENCE))


def test_other_tables_of_maxquant_are_named(tmp_path: Path) -> None:
    header = "Sequence\tModifications\tMass\tProteins\tGene Names\tIntensity\tReverse\tid\tEvidence IDs\n"
    with pytest.raises(InputError, match=r"give proteinGroups\.txt, evidence\.txt or peptides\.txt"):
        read(tmp_path, header + "AAK\tUnmodified\t1\tP1\tA\t5\t\t1\t1\n")


# ---- real files ------------------------------------------------------------------------------------------------------


def test_a_real_evidence(shared_data: Path) -> None:
    path = shared_data / "formats/maxquant/msstatsconvert_evidence.csv"
    intensity: dict[str, float] = defaultdict(float)
    spectra: dict[str, int] = defaultdict(int)
    ions = set()
    with path.open(newline="") as handle:
        for row in csv.DictReader(handle):
            run = row["Raw.file"]
            intensity[run] += float(row["Intensity"]) if row["Intensity"] not in ("", "NA") else 0
            spectra[run] += int(row["MS.MS.Count"])
            ions.add((run, row["Modified.sequence"], row["Charge"]))
    result = readers.read(InputSpec("main", path))
    assert result.features is not None and len(result.features) == len(ions) == 1431
    for frame in (result.proteins, result.features):
        sums = frame.groupby("run")[["intensity", "spectra"]].sum()
        assert set(sums.index) == set(intensity) and len(sums) == 15
        np.testing.assert_allclose(sums["intensity"], [intensity[run] for run in sums.index], rtol=1e-12)
        assert sums["spectra"].tolist() == [spectra[run] for run in sums.index]
    assert result.proteins["protein_group"].nunique() == 5


def test_a_real_peptides_table(shared_data: Path) -> None:
    path = shared_data / "formats/maxquant/directlfq_peptides.txt"
    raw = pd.read_csv(path, sep="\t")
    runs = [name.removeprefix("Intensity ") for name in raw.columns if name.startswith("Intensity ")]
    target = raw[raw["Reverse"] != "+"]
    result = readers.read(InputSpec("main", path))
    assert result.features is not None
    sums = result.proteins.groupby("run")["intensity"].sum()
    np.testing.assert_allclose(sums[runs], [target[f"Intensity {run}"].sum() for run in runs], rtol=1e-12)
    every = result.features.groupby("run")["intensity"].sum()
    np.testing.assert_allclose(every[runs], [raw[f"Intensity {run}"].sum() for run in runs], rtol=1e-12)
    seen = sum(int((raw[f"Intensity {r}"].gt(0) | raw[f"Identification type {r}"].notna()).sum()) for r in runs)
    assert len(result.features) == seen
    assert result.proteins["protein_group"].nunique() == target["Leading razor protein"].nunique() == 836
    assert len(result.proteins) == 836 * 12
    by_matching = (raw["Identification type BoxCar_02-01_1"] == "By matching").sum()
    features = result.features[result.features["run"] == "BoxCar_02-01_1"]
    assert (features["evidence"] == "matched").sum() == by_matching
    contaminants = result.proteins[result.proteins["contaminant"] != "none"]["protein_group"].nunique()
    assert contaminants == target.loc[target["Potential contaminant"] == "+", "Leading razor protein"].nunique()


def test_a_damaged_copy_of_a_real_file(shared_data: Path, tmp_path: Path) -> None:
    data = (shared_data / "formats/maxquant/directlfq_peptides.txt").read_bytes()
    with pytest.raises(InputError, match="middle of a row"):
        read(tmp_path, data[:400_001])
