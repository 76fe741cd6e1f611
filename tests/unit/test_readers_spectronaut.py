"""Spectronaut's long and pivot reports, against independent sums; and how they can be broken."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from broken_files import BROKEN, VARIANTS, Example, codes, message, read, same

from sevident import readers, tables
from sevident.errors import InputError
from sevident.readers import projection
from sevident.readers.base import InputSpec
from sevident.readers.spectronaut import library_ids, pivot_column


def row(
    run: str = "r1", group: str = "P21926", sequence: str = "AAK", quantity: object = 100, **more: object
) -> dict[str, object]:
    return {
        "R.FileName": run,
        "PG.ProteinGroups": group,
        "PG.Genes": "CD9",
        "PG.ProteinNames": "CD9_HUMAN",
        "PG.Qvalue": 0.001,
        "PG.Quantity": 7.5,
        "PEP.StrippedSequence": sequence,
        "EG.ModifiedSequence": f"_{sequence}_",
        "EG.IsDecoy": "False",
        "EG.IsImputed": "False",
        "EG.Qvalue": 0.002,
        "FG.Charge": 2,
        "FG.Quantity": quantity,
    } | more


ALBUMIN = {"PG.Genes": "ALB", "PG.ProteinNames": "ALBU_HUMAN"}
ROWS = [
    row(quantity=100.5),
    row(sequence="CCK", quantity=50),
    row(sequence="CCK", quantity=25, **{"FG.Charge": 3}),
    row(sequence="DDK", quantity=1000, **{"EG.Qvalue": 0.02}),
    row("r2", quantity=10, **{"EG.IsImputed": "True"}),
    row("r2", "P02768", "FFK", 500, **ALBUMIN, **{"PG.Qvalue": 0.05}),
    row("r1", "P02768", "FFK", 400, **ALBUMIN),
    row("r1", "P02768", "KAA", 5000, **ALBUMIN, **{"EG.IsDecoy": "True"}),
    row("r1", "CON__P02769", "GGK", 4, **{"PG.Genes": "ALB", "PG.ProteinNames": "ALBU_BOVIN"}),
]
LONG = Example(
    "spectronaut", ROWS, ["FG.Quantity", "EG.Qvalue", "PG.Qvalue", "PG.Quantity"], "FG.Quantity", [ROWS[7], ROWS[7]]
)


def pivot_row(group: str, genes: str, names: str, a: object, b: object, counts: tuple[object, object]) -> dict:
    return {
        "PG.Qvalue": 0.001,
        "PG.Genes": genes,
        "PG.ProteinDescriptions": "a; b",
        "PG.UniProtIds": group,
        "PG.ProteinNames": names,
        "[1] D a.x 1.raw.PG.NrOfPrecursorsIdentified": counts[0],
        "[2] b.raw.PG.NrOfPrecursorsIdentified": counts[1],
        "[1] D a.x 1.raw.PG.Quantity": a,
        "[2] b.raw.PG.Quantity": b,
    }


PIVOT = Example(
    "spectronaut",
    [
        pivot_row("P40240", "Cd9", "CD9_MOUSE", 10.25, "Filtered", (3, 0)),
        pivot_row("P60710;P63260", "Actb;Actg1", "ACTB_MOUSE;ACTG_MOUSE", 1.5, 2, (0, 1)),
        pivot_row("P07724", "Alb", "ALBU_MOUSE", 0, "", (0, 0)),
    ],
    ["[1] D a.x 1.raw.PG.Quantity", "[2] b.raw.PG.Quantity", "PG.Qvalue"],
    "[2] b.raw.PG.Quantity",
    [pivot_row("REV__P40240", "", "", 10.25, 3, (3, 0))],
)
GROUPS = Example(
    "spectronaut",
    [
        {"R.FileName": run, "PG.ProteinGroups": group, "PG.Genes": gene, "PG.Qvalue": 0.001, "PG.Quantity": quantity}
        for run, group, gene, quantity in (
            ("r1", "P21926", "CD9", 10.5),
            ("r2", "P21926", "CD9", 20),
            ("r1", "P02768", "ALB", 5),
        )
    ],
    ["PG.Quantity", "PG.Qvalue"],
    "PG.Quantity",
    [{"R.FileName": "r1", "PG.ProteinGroups": "REV__P1", "PG.Genes": "", "PG.Qvalue": 0.001, "PG.Quantity": 1}],
)
EXAMPLES = {"long": LONG, "pivot": PIVOT, "groups": GROUPS}


def test_a_small_report(tmp_path: Path) -> None:
    result = read(tmp_path, LONG.text())
    frame = result.proteins.set_index(["run", "protein_group"])
    assert frame["intensity"].to_dict() == {
        ("r1", "P21926"): 175.5,
        ("r1", "P02768"): 400,
        ("r1", "CON__P02769"): 4,
        ("r2", "P21926"): 10,
    }
    assert frame["peptides"].to_dict() == {
        ("r1", "P21926"): 2,
        ("r1", "P02768"): 1,
        ("r1", "CON__P02769"): 1,
        ("r2", "P21926"): 1,
    }
    assert frame.loc[("r2", "P21926"), "evidence"] == "imputed" and frame.loc[("r1", "P21926"), "evidence"] == "ms2"
    assert frame.loc[("r1", "P02768"), ["organism", "genes"]].tolist() == ["human", "ALB"]
    assert frame.loc[("r1", "CON__P02769"), ["organism", "contaminant"]].tolist() == ["bovine", "serum"]
    assert frame.loc[("r1", "P21926"), "q_value"] == 0.001 and frame["spectra"].isna().all()
    features = result.features
    assert features is not None and list(features.columns) == list(tables.FEATURES.columns)
    assert len(features) == len(ROWS) and features["intensity"].sum() == 7089.5
    assert features["is_decoy"].sum() == 1
    assert features.loc[features["peptide"] == "DDK", "q_value"].tolist() == [0.02]
    assert codes(result)["decoys_removed"] == codes(result)["peptides_over_q_value"] == 1
    assert codes(result)["groups_over_q_value"] == 1
    assert "EG.Qvalue" in message(result, "peptides_over_q_value") and "1000" in message(
        result, "peptides_over_q_value"
    )


def test_fragments_count_once(tmp_path: Path) -> None:
    rows = [
        one | {"F.FrgIon": ion, "F.PeakArea": area, "F.ExcludedFromQuantification": excluded}
        for one in ROWS
        for ion, area, excluded in (("y3", 3.5, "False"), ("y4", 4, "False"), ("y5", 100, "True"))
    ]
    fragments = Example("spectronaut", rows, LONG.numbers, "FG.Quantity")
    result = read(tmp_path, fragments.text())
    assert same(result, read(tmp_path, LONG.text(), "plain.txt"))
    assert codes(result)["fragment_rows"] == len(ROWS)
    without = [name for name in fragments.header if name != "FG.Quantity"]
    areas = read(tmp_path, fragments.text(header=without))
    assert areas.features is not None and set(areas.features["intensity"]) == {7.5}
    assert codes(areas)["fragments_excluded"] == len(ROWS)
    assert areas.proteins["intensity"].sum() == 7.5 * 6


def test_the_quantity_before_normalisation_goes_first(tmp_path: Path) -> None:
    rows = [one | {"FG.MS2RawQuantity": 2} for one in ROWS]
    result = read(tmp_path, LONG.text(rows=rows, header=[*LONG.header, "FG.MS2RawQuantity"]))
    assert result.features is not None and set(result.features["intensity"]) == {2}
    assert "normalisation_unknown" not in codes(result)
    assert codes(read(tmp_path, LONG.text()))["normalisation_unknown"] is None
    ms1 = read(tmp_path, LONG.text().replace("FG.Quantity", "FG.MS1RawQuantity"))
    assert "normalisation_unknown" not in codes(ms1)
    for other in ("EG.TotalQuantity (Settings)", "EG.TargetQuantity (Settings)", "FG.MS2Quantity", "FG.MS1Quantity"):
        renamed = read(tmp_path, LONG.text().replace("FG.Quantity", other))
        assert renamed.proteins["intensity"].sum() == 589.5


def test_groups_by_other_names(tmp_path: Path) -> None:
    for name in ("PG.MS2Quantity", "PG.MS1Quantity"):
        result = read(tmp_path, GROUPS.text().replace("PG.Quantity", name))
        assert result.proteins.equals(read(tmp_path, GROUPS.text()).proteins)
        assert result.quantity == name and name in message(result, "normalisation_unknown")


def test_a_small_pivot(tmp_path: Path) -> None:
    result = read(tmp_path, PIVOT.text(), organism="mouse")
    frame = result.proteins.set_index(["run", "protein_group"])
    assert len(frame) == 6 and set(result.proteins["run"]) == {"D a.x 1", "b"}
    assert frame["intensity"].dropna().to_dict() == {
        ("D a.x 1", "P40240"): 10.25,
        ("D a.x 1", "P60710;P63260"): 1.5,
        ("b", "P60710;P63260"): 2,
    }
    assert frame.loc["D a.x 1", "evidence"].to_dict() == {
        "P40240": "ms2",
        "P60710;P63260": "matched",
        "P07724": "unknown",
    }
    assert frame.loc[("b", "P60710;P63260"), ["accessions", "genes", "organism", "evidence"]].tolist() == [
        "P60710;P63260",
        "Actb;Actg1",
        "mouse",
        "ms2",
    ]
    assert result.features is None


def test_counts_of_sequences_are_peptides(tmp_path: Path) -> None:
    text = PIVOT.text().replace("NrOfPrecursorsIdentified", "NrOfStrippedSequencesIdentified")
    frame = read(tmp_path, text).proteins.set_index(["run", "protein_group"])
    assert frame.loc[("D a.x 1", "P40240"), ["peptides", "evidence"]].tolist() == [3, "ms2"]


def test_a_pivot_of_precursors(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {
            "PG.ProteinGroups": group,
            "PG.Genes": gene,
            "EG.PrecursorId": ion,
            "[1] a.raw.EG.TotalQuantity (Settings)": a,
            "[2] b.raw.EG.TotalQuantity (Settings)": b,
            "[1] a.raw.EG.Qvalue": 0.001,
            "[2] b.raw.EG.Qvalue": q,
        }
        for group, gene, ion, a, b, q in (
            ("P21926", "CD9", "_AAK_.2", 1.5, "Filtered", 0.5),
            ("P21926", "CD9", "_AAK_.3", 2, 8, 0.5),
            ("P21926", "CD9", "_AC[Carbamidomethyl (C)]K_.2", 4, 16, 0.001),
            ("P02768", "ALB", "_DDK_.2", "Filtered", 32, 0.001),
        )
    ]
    result = read(tmp_path, Example("spectronaut", rows, [], "").text())
    frame = result.proteins.set_index(["run", "protein_group"])
    assert len(frame) == 4 and frame["intensity"].dropna().to_dict() == {
        ("a", "P21926"): 7.5,
        ("b", "P21926"): 16,
        ("b", "P02768"): 32,
    }
    assert frame.loc[("a", "P21926"), "peptides"] == 2
    assert result.features is not None and len(result.features) == 6
    assert result.features["intensity"].sum() == 63.5
    assert set(result.features["peptide"]) == {"AAK", "ACK", "DDK"}
    assert codes(result)["peptides_over_q_value"] == 1


def test_a_report_of_groups(tmp_path: Path) -> None:
    result = read(tmp_path, GROUPS.text())
    frame = result.proteins.set_index(["run", "protein_group"])
    assert len(frame) == 4 and frame["intensity"].sum() == 35.5 and result.features is None
    twice = [*GROUPS.rows, GROUPS.rows[0] | {"PG.Quantity": 11}]
    with pytest.raises(InputError, match="two different quantities"):
        read(tmp_path, GROUPS.text(rows=twice))
    assert same(read(tmp_path, GROUPS.text(rows=[*GROUPS.rows, GROUPS.rows[0]])), result)


def test_identifiers_of_libraries_and_columns_of_pivots() -> None:
    assert library_ids("1/sp|O75475|PSIP1_HUMAN") == "sp|O75475|PSIP1_HUMAN"
    assert library_ids("2/P1/P2") == "P1;P2" and library_ids("P1;P2") == "P1;P2"
    assert pivot_column("[12] a.b.raw.PG.Quantity") == ("a.b.raw", "PG.Quantity")
    assert pivot_column("X.1..a.raw.PG.Quantity") == ("a.raw", "PG.Quantity")
    assert pivot_column("PG.Quantity") is None


def test_organisms_by_name(tmp_path: Path) -> None:
    rows = [one | {"PG.Organisms": "Bos taurus", "PG.ProteinNames": ""} for one in ROWS]
    frame = read(tmp_path, LONG.text(rows=rows, header=[*LONG.header, "PG.Organisms"])).proteins
    assert set(frame["organism"]) == {"bovine"}


@pytest.mark.parametrize("kind", VARIANTS)
@pytest.mark.parametrize("which", EXAMPLES)
def test_wrappings(tmp_path: Path, which: str, kind: str) -> None:
    example = EXAMPLES[which]
    assert same(read(tmp_path, VARIANTS[kind](example)), read(tmp_path, example.text(), "plain.txt"))


@pytest.mark.parametrize("kind", BROKEN)
@pytest.mark.parametrize("which", EXAMPLES)
@pytest.mark.parametrize("format_", ["auto", "spectronaut"])
def test_broken_files(tmp_path: Path, which: str, kind: str, format_: str) -> None:
    make, words = BROKEN[kind]
    with pytest.raises(InputError) as error:
        read(tmp_path, make(EXAMPLES[which]), format=format_)
    for word in [*words, "table [1].txt"]:
        assert word in str(error.value)


def test_decimals_of_two_kinds_are_refused(tmp_path: Path) -> None:
    rows = [*ROWS, row(sequence="HHK", quantity="1,5")]
    with pytest.raises(InputError, match="written in two ways"):
        read(tmp_path, LONG.text(rows=rows))


def test_a_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="this is a folder"):
        readers.read(InputSpec("main", tmp_path, format="spectronaut"))


def test_a_report_without_quantities_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"R\.FileName"):
        read(tmp_path, "PG.ProteinGroups\tPG.Genes\tPG.Qvalue\nP21926\tCD9\t0.001\n")


def test_large_files_are_scanned_to_the_same_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [one | {"F.FrgIon": ion} for one in ROWS for ion in ("y3", "y4")]
    fragments = LONG.text(rows=rows, header=[*LONG.header, "F.FrgIon"])
    plain = read(tmp_path, LONG.text())
    monkeypatch.setattr(projection, "LARGE", 0)
    assert same(read(tmp_path, LONG.text()), plain)
    assert same(read(tmp_path, fragments), plain)
    assert same(read(tmp_path, VARIANTS["semicolon and decimal comma"](LONG)), plain)
    bad = fragments.replace("400", "much")
    with pytest.raises(InputError, match=r"line 14, column 'FG\.Quantity'"):
        read(tmp_path, bad)


# ---- real files ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "separator", "runs", "precursors"),
    [("alphapeptstats_results.tsv", "\t", 1, 84), ("msstatsconvert_long.csv", ",", 6, 108)],
)
def test_real_reports(shared_data: Path, file: str, separator: str, runs: int, precursors: int) -> None:
    path = shared_data / "formats/spectronaut" / file
    quantity: dict[tuple[str, ...], float] = {}
    with path.open(newline="") as handle:
        for line in csv.DictReader(handle, delimiter=separator):
            key = tuple(line[name] for name in ("R.FileName", "PG.ProteinGroups", "EG.ModifiedSequence", "FG.Charge"))
            assert quantity.setdefault(key, float(line["FG.Quantity"])) == float(line["FG.Quantity"])
    result = readers.read(InputSpec("main", path))
    assert result.features is not None and len(result.features) == len(quantity) == precursors
    assert result.proteins["run"].nunique() == runs
    for frame in (result.proteins, result.features):
        for run, total in frame.groupby("run")["intensity"].sum().items():
            expected = sum(value for key, value in quantity.items() if key[0] == run)
            np.testing.assert_allclose(total, expected, rtol=1e-12)
    assert set(result.proteins["protein_group"]) == {key[1] for key in quantity}


def test_a_real_report_in_the_other_locale(shared_data: Path, tmp_path: Path) -> None:
    path = shared_data / "formats/spectronaut/alphapeptstats_results.tsv"
    frame = pd.read_csv(path, sep="\t", dtype="str", keep_default_na=False)
    decimal = frame.apply(lambda column: column.str.fullmatch(r"-?\d+\.\d+(?:e-?\d+)?"))
    comma = frame.where(~decimal, frame.apply(lambda column: column.str.replace(".", ",", regex=False)))
    assert decimal["FG.Quantity"].all() and decimal["EG.Qvalue"].any()
    comma.to_csv(tmp_path / "comma.tsv", sep="\t", index=False)
    assert same(readers.read(InputSpec("main", tmp_path / "comma.tsv")), readers.read(InputSpec("main", path)))


def test_the_real_pivot(shared_data: Path) -> None:
    path = shared_data / "formats/spectronaut/pivot_mouse_ovary_ecm.xls"
    raw = pd.read_csv(path, sep="\t")
    columns = [name for name in raw.columns if name.endswith(".PG.Quantity")]
    result = readers.read(InputSpec("main", path, organism="mouse"))
    frame = result.proteins
    assert frame["protein_group"].nunique() == len(raw) == 3903 and len(frame) == 39030
    runs = [name.split("] ")[1].removesuffix(".raw.PG.Quantity") for name in columns]
    np.testing.assert_allclose(frame.groupby("run")["intensity"].sum()[runs], raw[columns].sum(), rtol=1e-12)
    identified = raw[[name.replace("PG.Quantity", "PG.NrOfPrecursorsIdentified") for name in columns]]
    assert (frame["evidence"] == "matched").sum() == int((identified == 0).sum().sum()) == 268
    assert set(frame["organism"]) == {"mouse"}
    assert (frame.loc[frame["run"] == runs[0], "genes"] == "").sum() == raw["PG.Genes"].isna().sum() == 13


def test_a_report_of_sites_is_named(shared_data: Path) -> None:
    with pytest.raises(InputError, match="modification sites"):
        readers.read(InputSpec("main", shared_data / "formats/spectronaut/alphabase_pg18_reference.parquet"))
