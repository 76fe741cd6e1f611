"""From peptides to protein groups: which way an input goes, sums by hand, and the engines' own quantities."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from sevident import tables
from sevident.errors import InputError
from sevident.identifiers import parse_identifier
from sevident.quantification import rollup
from sevident.quantification.fdr import Rates
from sevident.quantify import believe, read_compact, run

NAN = float("nan")
NONE = tables.empty(tables.PROTEINS)
ANY = Rates(None, None)


def features(rows: list[dict[str, object]], **columns: object) -> pd.DataFrame:
    """A peptide table; what a row does not say is filled in."""
    base = {"input": "main", "run": "r1", "charge": 2, "proteins": "P1", "intensity": 1.0, "evidence": "ms2"}
    filled = [base | {"is_decoy": False} | columns | {"modified_sequence": row["peptide"]} | row for row in rows]
    return tables.conform(pd.DataFrame(filled), tables.FEATURES)


def proteins(groups: dict[str, float], **columns: object) -> pd.DataFrame:
    """A protein table of one run; ``columns`` by group or for all."""
    rows = []
    for group, intensity in groups.items():
        row = {"input": "main", "run": "r1", "protein_group": group, "accessions": group, "intensity": intensity}
        row |= {"contaminant": "none", "evidence": "ms2"}
        rows.append(row | {c: v.get(group) if isinstance(v, dict) else v for c, v in columns.items()})
    return tables.conform(pd.DataFrame(rows), tables.PROTEINS)


def done(
    table: pd.DataFrame, groups: pd.DataFrame = NONE, rates: Rates = ANY
) -> tuple[rollup.Quantities, dict[str, dict]]:
    result = rollup.quantities(groups, table, rates, "human")
    for frame, contract in ((result.proteins, tables.PROTEINS), (result.features, tables.FEATURES)):
        assert list(frame.columns) == list(contract.columns)
    return result, {str(w["code"]): w for w in result.warnings}


def intensities(result: rollup.Quantities, run: str = "r1") -> dict[str, float]:
    rows = result.proteins[result.proteins["run"].eq(run)]
    return dict(zip(rows["protein_group"], rows["intensity"], strict=True))


def test_inferred_groups_and_their_sums_by_hand() -> None:
    table = features(
        [
            {"peptide": "AAK", "proteins": "P1", "intensity": 10.0, "spectra": 2},
            {"peptide": "AAK", "proteins": "P1", "intensity": 5.0, "charge": 3, "spectra": 1},
            {"peptide": "BBK", "proteins": "P1;P2", "intensity": 7.0, "spectra": 1},
            {"peptide": "CCK", "proteins": "P2", "intensity": NAN, "spectra": 1, "evidence": "matched"},
            {"peptide": "DDK", "proteins": "P3;P4", "intensity": 100.0, "spectra": 4},
            {"peptide": "EEK", "proteins": "P4;P5", "intensity": 1000.0},
            {"peptide": "AAK", "proteins": "P1", "intensity": 3.0, "run": "r2", "evidence": "matched"},
        ]
    )
    result, said = done(table)
    # BBK is in two groups of two peptides each; the tie goes to P1. P4 explains what P3 and P5 would
    assert intensities(result) == pytest.approx({"P1": 22.0, "P2": NAN, "P4": 1100.0}, nan_ok=True)
    assert intensities(result, "r2") == {"P1": 3.0}
    first = result.proteins[result.proteins["run"].eq("r1")].set_index("protein_group")
    assert first["peptides"].to_dict() == {"P1": 2, "P2": 1, "P4": 2}
    assert first["spectra"].to_dict() == {"P1": 4, "P2": 1, "P4": 4}
    assert first["evidence"].to_dict() == {"P1": "ms2", "P2": "matched", "P4": "ms2"}
    assert said["proteins_inferred"]["level"] == "info"
    assert said["protein_inference"]["count"] == 3
    assert "1 of 5 peptides are shared" in str(said["protein_inference"]["message"])
    assert result.explained.set_index("accession")["status"].to_dict() == {
        "P1": "leading", "P2": "leading", "P3": "subset", "P4": "leading", "P5": "subset",
    }  # fmt: skip


def test_what_the_readers_table_says_of_proteins_is_put_together() -> None:
    table = features(
        [
            {"peptide": "AK", "proteins": "P1;P2"},
            {"peptide": "BK", "proteins": "P3", "genes": "GENE3"},
            {"peptide": "CK", "proteins": "P4;P5"},
            {"peptide": "DK", "proteins": "sp|P02769|ALBU_BOVIN"},
            {"peptide": "EK", "proteins": "contam_sp|P00761|TRYP_PIG"},
        ]
    )
    known = proteins(
        {"P1": 1.0, "P2;P9": 1.0, "P4": 1.0, "P5": 1.0},
        genes={"P1": "G1", "P2;P9": "G2;G9", "P4": "G4", "P5": "G5"},
        organism={"P1": "human", "P2;P9": "human", "P4": "human", "P5": "bovine"},
        contaminant={"P1": "none", "P2;P9": "none", "P4": "none", "P5": "serum"},
        sequence_length={"P1": 100.0, "P2;P9": 50.0, "P4": 70.0, "P5": 80.0},
    )
    found = done(table, known)[0].proteins.set_index("protein_group")
    columns = ["accessions", "genes", "organism", "contaminant"]
    assert found.loc["P1;P2", columns].tolist() == ["P1;P2", "G1;G2", "human", "none"]
    assert found.loc["P1;P2", "sequence_length"] == 100.0
    assert found.loc["P3", columns].tolist() == ["P3", "GENE3", "", "none"]
    # a human protein that cannot be told from a serum protein of the medium
    assert found.loc["P4;P5", columns].tolist() == ["P4;P5", "G4;G5", "human;bovine", "ambiguous"]
    # unknown to the table: what the identifier tells
    assert found.loc["P02769", columns].tolist() == ["P02769", "", "bovine", "none"]
    assert found.loc["P00761", "contaminant"] == "process"


def test_the_engines_quantities_stay_when_every_peptide_passes() -> None:
    table = features([{"peptide": "AK", "protein_group": "P1", "q_value": 0.01, "intensity": 7.0}])
    engine = proteins({"P1": 999.0, "P2": NAN})
    result, said = done(table, engine, Rates())
    assert result.proteins is engine and not result.changed
    assert said["proteins_of_engine"]["level"] == "info"
    assert said["peptide_error_rate"]["count"] == 0


def test_the_engines_groups_are_summed_anew_when_peptides_are_lost() -> None:
    table = features(
        [
            {"peptide": "AK", "protein_group": "G1", "q_value": 0.001, "intensity": 7.0},
            {"peptide": "BK", "protein_group": "G1", "q_value": 0.02, "intensity": 100.0},
            {"peptide": "CK", "protein_group": "G2", "q_value": 0.02, "intensity": 5.0},
        ]
    )
    engine = proteins(
        {"G1": 107.0, "G2": 5.0}, accessions={"G1": "P1;P2", "G2": "P3"}, genes={"G1": "GENE1", "G2": "GENE2"}
    )
    result, said = done(table, engine, Rates())
    assert intensities(result) == {"G1": 7.0}
    assert result.proteins[["accessions", "genes"]].iloc[0].tolist() == ["P1;P2", "GENE1"]
    assert said["proteins_rolled_up"]["count"] == 1
    assert said["peptide_error_rate"]["count"] == 2
    assert result.features["peptide"].tolist() == ["AK"]
    # a looser rate brings everything back, untouched
    assert done(table, engine, Rates(peptide=0.02))[0].proteins is engine


def test_the_engines_q_values_of_groups_are_kept_to() -> None:
    engine = proteins({"P1": 1.0, "P2": 2.0, "P3": 3.0}, q_value={"P1": 0.001, "P2": 0.02, "P3": NAN})
    result, said = done(tables.empty(tables.FEATURES), engine, Rates())
    assert intensities(result) == {"P1": 1.0, "P3": 3.0}
    assert "1 of 3 rows (a group in a run) are left out; 1 of 3 groups are gone" in str(
        said["protein_error_rate"]["message"]
    )
    assert done(tables.empty(tables.FEATURES), engine, Rates(protein=0.02))[0].proteins is engine
    assert done(tables.empty(tables.FEATURES), engine, Rates(protein=None))[0].proteins is engine
    # with peptides that all pass, those of the lost group go as well
    table = features([{"peptide": f"{g}K", "protein_group": g, "q_value": 0.001} for g in ("P1", "P2", "P3")])
    result, _ = done(table, engine, Rates())
    assert intensities(result) == {"P1": 1.0, "P3": 3.0}
    assert result.features["protein_group"].tolist() == ["P1", "P3"]


def test_a_peptide_in_several_groups_of_the_engine_counts_once() -> None:
    rows: list[dict[str, object]] = [
        {"peptide": "AK", "protein_group": "P1", "q_value": 0.001},
        {"peptide": "SK", "protein_group": "P1", "q_value": 0.001, "intensity": 50.0},
        {"peptide": "SK", "protein_group": "P2", "q_value": 0.001, "intensity": 50.0},
        {"peptide": "BK", "protein_group": "P2", "q_value": 0.5},
    ]
    result, said = done(features(rows), NONE, Rates(protein=None))
    assert intensities(result) == {"P1": 51.0}
    assert said["razor_peptides"]["count"] == 1


def test_an_intensity_given_twice_counts_once_and_different_ones_add_up() -> None:
    table = features(
        [
            {"peptide": "AK", "intensity": 10.0, "spectra": 1},
            {"peptide": "AK", "intensity": 10.0, "spectra": 1},
            {"peptide": "AK", "intensity": 4.0, "spectra": 1},
            {"peptide": "AK", "intensity": 10.0, "spectra": 1, "charge": 3},
            {"peptide": "AK", "intensity": 10.0, "spectra": 1, "run": "r2"},
        ]
    )
    result, said = done(table)
    assert intensities(result) == {"P1": 24.0}
    assert result.proteins["spectra"].tolist() == [4, 1]
    assert (said["duplicated_precursors"]["count"], said["duplicated_precursors"]["level"]) == (1, "warning")
    assert said["several_intensities"]["count"] == 1
    assert result.features["intensity"].isna().sum() == 1


def test_rows_without_any_quantity_are_identifications_only_where_a_spectrum_says_so() -> None:
    table = features(
        [
            {"peptide": "AK", "proteins": "P1", "intensity": NAN, "spectra": None},
            {"peptide": "BK", "proteins": "P2", "intensity": NAN, "spectra": 0},
            {"peptide": "CK", "proteins": "P3", "intensity": 0.0, "spectra": None, "evidence": "matched"},
        ]
    )
    assert intensities(done(table)[0]) == pytest.approx({"P1": NAN}, nan_ok=True)


def test_bad_rows_are_counted() -> None:
    table = features(
        [
            {"peptide": "AK", "intensity": 2.0},
            {"peptide": "BK", "proteins": ""},
            {"peptide": "", "modified_sequence": ""},
            {"peptide": "", "modified_sequence": "C[+57]K", "intensity": 3.0},
            {"peptide": "DK", "intensity": -5.0},
            {"peptide": "EK", "intensity": np.inf},
        ]
    )
    result, said = done(table)
    assert intensities(result) == {"P1": 5.0}
    assert said["peptides_without_protein"]["count"] == 1
    assert said["rows_without_peptide"]["count"] == 1
    assert said["impossible_intensity"]["count"] == 2
    assert result.proteins["peptides"].tolist() == [4]


def competing(engine_groups: bool) -> pd.DataFrame:
    """120 proteins with two peptides each; X1 is beaten by its decoy, X2 meets its decoy in run r2 alone."""
    rows: list[dict[str, object]] = []
    for name in ("r1", "r2"):
        for i in range(120):
            rows += [{"run": name, "peptide": f"T{i}{c}", "proteins": f"T{i}", "score": 90.0 + i} for c in "AB"]
        rows.append({"run": name, "peptide": "X1K", "proteins": "X1", "score": 60.0})
        rows.append({"run": name, "peptide": "X2K", "proteins": "X2", "score": 95.0 if name == "r1" else 61.0})
    rows.append({"run": "r1", "peptide": "KX1", "proteins": "rev_X1", "score": 70.0, "is_decoy": True})
    rows.append({"run": "r2", "peptide": "KX2", "proteins": "rev_X2", "score": 70.0, "is_decoy": True})
    table = features(rows)
    return table.assign(protein_group=table["proteins"]) if engine_groups else table


@pytest.mark.parametrize("engine_groups", [False, True])
def test_protein_groups_meet_their_decoys(engine_groups: bool) -> None:
    result, said = done(competing(engine_groups), NONE, Rates(peptide=0.02))
    groups = {name: set(part["protein_group"]) for name, part in result.proteins.groupby("run")}
    assert "X1" not in groups["r1"] | groups["r2"]
    assert "X2" in groups["r1"] and "X2" not in groups["r2"]
    assert len(groups["r1"]) == 121
    assert result.proteins["q_value"].max() == 0
    assert "picked" in str(said["protein_error_rate"]["message"])
    assert said["decoys_removed"]["count"] == 2
    assert not result.features["is_decoy"].any()
    assert not result.features["protein_group"].isin(["X1"]).any()
    # without a rate for groups everything stays that has passing peptides
    free, said = done(competing(engine_groups), NONE, Rates(peptide=0.02, protein=None))
    assert {"X1", "X2"} <= set(free.proteins["protein_group"])
    assert said["no_protein_error_rate"]["level"] == "warning"


def test_the_engines_table_is_held_to_picked_q_values_where_it_has_none() -> None:
    table = competing(engine_groups=True)
    names = table.loc[~table["is_decoy"], "protein_group"].unique()
    engine = pd.concat([proteins(dict.fromkeys(names, 1e6)), proteins(dict.fromkeys(names, 2e6)).assign(run="r2")])
    result, said = done(table, engine, Rates(peptide=0.02))
    assert set(intensities(result).values()) == {1e6}
    assert "X1" not in intensities(result) and "X2" in intensities(result)
    assert said["protein_error_rate"]["count"] == 3


def test_without_decoys_the_rate_of_inferred_groups_is_said_to_be_unknown() -> None:
    table = features([{"peptide": "AK", "q_value": 0.001}, {"peptide": "BK", "proteins": "P2", "q_value": 0.001}])
    _, said = done(table, NONE, Rates())
    assert said["protein_error_rate_unknown"]["level"] == "warning"
    with pytest.raises(InputError, match="nothing in the input allows to judge it"):
        done(features([{"peptide": "AK"}]), NONE, Rates())


def test_inputs_go_their_own_ways() -> None:
    table = pd.concat(
        [
            features([{"peptide": "AK", "protein_group": "P1", "q_value": 0.001}], input="dia"),
            features([{"peptide": "AK", "intensity": 4.0, "q_value": 0.001}], input="raw"),
        ],
        ignore_index=True,
    )
    engine = pd.concat([proteins({"P1": 8.0}).assign(input="dia"), proteins({"P7": 3.0}).assign(input="groups")])
    result, _ = done(table, engine, Rates())
    found = result.proteins.set_index(["input", "protein_group"])["intensity"].to_dict()
    assert found == {("dia", "P1"): 8.0, ("groups", "P7"): 3.0, ("raw", "P1"): 4.0}
    ways = {str(w["subject"]): w["code"] for w in result.warnings if str(w["code"]).startswith("proteins_")}
    assert ways == {"dia": "proteins_of_engine", "groups": "proteins_of_engine", "raw": "proteins_inferred"}
    assert set(result.explained["input"]) == {"raw"}


@settings(max_examples=5, deadline=None, phases=[Phase.generate])
@pytest.mark.parametrize("given_groups", [False, True])
@given(shuffle=st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(shuffle: random.Random, given_groups: bool) -> None:
    rng = np.random.default_rng(5)
    count = 300
    first, second = rng.integers(0, 40, count), rng.integers(0, 40, count)
    table = features(
        [
            {
                "run": f"r{i % 3}",
                "peptide": f"P{i // 3}",
                "proteins": ";".join(sorted({f"A{first[i // 3]}", f"A{second[i // 3]}"})),
                "intensity": float(rng.lognormal(10, 3)),
                "charge": int(rng.integers(2, 4)),
                "score": float(rng.integers(0, 20)) + (0 if i % 30 < 3 else 30),
                "is_decoy": i % 30 < 3,
            }
            for i in range(count)
        ]
    )
    if given_groups:
        table["protein_group"] = table["proteins"].str.split(";").str[0]
    rates = Rates(0.05, 0.2)
    once = rollup.quantities(NONE, table, rates)
    order = list(range(len(table)))
    shuffle.shuffle(order)
    again = rollup.quantities(NONE, table.iloc[order].reset_index(drop=True), rates)
    pd.testing.assert_frame_equal(once.proteins, again.proteins, check_exact=True)
    assert once.warnings == again.warnings
    pd.testing.assert_frame_equal(once.explained, again.explained)
    # what is handed on as peptides adds up to what is handed on as proteins
    sums = once.features.groupby(["run", "protein_group"])["intensity"].sum()
    told = once.proteins.set_index(["run", "protein_group"])["intensity"]
    assert sums.to_dict() == pytest.approx(told.to_dict())


def test_categories_are_read_as_text(tmp_path: Path) -> None:
    table = competing(engine_groups=False)
    tables.write_table(table, tables.FEATURES, tmp_path / "features.parquet")
    compact = read_compact(tmp_path / "features.parquet", tables.FEATURES)
    assert isinstance(compact["peptide"].dtype, pd.CategoricalDtype)
    rates = Rates(peptide=0.02)
    one, other = rollup.quantities(NONE, compact, rates), rollup.quantities(NONE, table, rates)
    pd.testing.assert_frame_equal(one.proteins, other.proteins)
    found = [tables.conform(result.features, tables.FEATURES) for result in (one, other)]
    pd.testing.assert_frame_equal(*found)


def test_peptides_that_the_engine_filtered_are_not_read(tmp_path: Path) -> None:
    table = pd.concat(
        [
            features([{"peptide": "AK", "protein_group": "P1", "q_value": 0.001}], input="dia"),
            features([{"peptide": "AK", "intensity": 4.0, "q_value": 0.001}], input="raw"),
        ]
    )
    tables.write_table(table, tables.FEATURES, tmp_path / "features.parquet")
    assert rollup.untouched([table], Rates()) == {"dia": 1}
    assert rollup.untouched([table, table.iloc[:1]], Rates()) == {"dia": 2}
    assert rollup.untouched([table, table.iloc[:1].assign(is_decoy=True)], Rates()) == {}
    assert rollup.untouched([table], Rates(peptide=0.0005)) == {}
    assert rollup.untouched([table], ANY) == {}
    assert rollup.untouched([], Rates()) == {}
    engine = proteins({"P1": 8.0}).assign(input="dia")
    result, _ = believe(engine, tmp_path / "features.parquet", {"organism": "human"})
    assert result.proteins.set_index("input")["intensity"].to_dict() == {"dia": 8.0, "raw": 4.0}
    assert result.features["input"].tolist() == ["raw"]


def test_the_stage_takes_the_rates_and_says_what_it_did(tmp_path: Path, checkout: Path) -> None:
    tables.write_table(competing(engine_groups=False), tables.FEATURES, tmp_path / "features.parquet")
    tables.write_table(NONE, tables.PROTEINS, tmp_path / "proteins.parquet")
    (tmp_path / "samples.tsv").write_text("sample\trun\none\tr1\ntwo\tr2\n", encoding="utf-8")
    names = ("abundance.parquet", "species.tsv", "inference.tsv", "warnings.tsv")
    abundance, species, inference, warnings = (tmp_path / name for name in names)
    settings_ = {"organism": "human", "fdr": {"peptide": 0.02, "protein": 0.01}}
    inputs = [tmp_path / name for name in ("samples.tsv", "proteins.parquet", "features.parquet")]
    run(settings_, *inputs, checkout / "resources", abundance, species, inference, warnings)
    frame = tables.read_table(abundance, tables.ABUNDANCE)
    assert set(frame["protein_group"]) == {*(f"T{i}" for i in range(120)), "X2"}
    assert frame.groupby("sample")["mass_fraction"].sum().tolist() == pytest.approx([1, 1], abs=1e-9)
    why = tables.read_table(inference, tables.INFERENCE)
    leading = why[why["status"].eq("leading")]
    assert set(frame["protein_group"]) <= set(leading["protein_group"]), "each group that is left has its row"
    assert why["input"].eq("main").all()
    assert not why["accession"].duplicated().any()
    said = tables.read_table(warnings, tables.WARNINGS)
    assert {"proteins_inferred", "protein_error_rate", "peptide_error_rate"} <= set(said["code"])


def long(table: pd.DataFrame, runs: list[str], **columns: object) -> pd.DataFrame:
    """A FEATURES table from a wide one; ``columns`` name the wide table's columns or give arrays."""
    wide = pd.DataFrame({name: table[c] if isinstance(c, str) else c for name, c in columns.items()})
    parts = [wide.assign(run=name, intensity=table[name].replace(0, np.nan)) for name in runs]
    both = pd.concat(parts, ignore_index=True).dropna(subset="intensity")
    return tables.conform(both.assign(input="main", charge=2, evidence="ms2", is_decoy=False), tables.FEATURES)


@pytest.mark.shared
@pytest.mark.parametrize("grouped", [True, False])
def test_sums_of_fragpipes_peptides_are_fragpipes_proteins(shared_data: Path, grouped: bool) -> None:
    folder = shared_data / "formats" / "fragpipe"
    peptides = pd.read_csv(folder / "paynelab_peptide.tsv", sep="\t")
    engine = pd.read_csv(folder / "paynelab_protein.tsv", sep="\t")
    runs = [c for c in peptides.columns if c.startswith("sample-")]
    listed = (peptides["Protein"] + ";" + peptides["Mapped Proteins"].fillna("").str.replace(", ", ";")).str.strip(";")
    table = long(peptides, runs, peptide="Peptide", modified_sequence="Peptide", proteins=listed, genes="Gene")
    if grouped:
        names = dict(zip(peptides["Peptide"], peptides["Protein ID"], strict=True))
        table["protein_group"] = table["peptide"].map(names)
    result, _ = done(table)
    # each of FragPipe's proteins and the group that holds it here
    group_of = {a: g for g in result.proteins["protein_group"].unique() for a in g.split(";")}
    ours = result.proteins.set_index(["run", "protein_group"])["intensity"]
    engine = engine.assign(group=engine["Protein ID"].map(group_of)).dropna(subset="group").drop_duplicates("group")
    assert len(engine) >= 1650  # of 1,684
    assert result.features is not None
    mine = result.features.drop_duplicates("peptide").set_index("peptide")["protein_group"]
    theirs = peptides.set_index("Peptide")["Protein ID"].map(group_of).fillna("")  # empty: a subset here
    went = pd.DataFrame({"ours": mine, "theirs": theirs}).dropna()
    went = went[went["ours"] != went["theirs"]]
    if not grouped:
        why_peptides_go_another_way(went, listed.set_axis(peptides["Peptide"]), group_of)
    touched = set() if grouped else set(went["ours"]) | set(went["theirs"])
    for name in runs:
        # FragPipe multiplies a channel's proteins by a factor of its own and writes four digits behind the point
        factor = engine[name].sum() / peptides[name].sum()
        theirs = engine.set_index("group")[name].replace(0, np.nan).dropna()
        both = pd.concat([ours[name].rename("ours"), theirs.rename("theirs")], axis=1, join="inner")
        agreement = both.corr("spearman").iloc[0, 1]
        alike = both[~both.index.isin(touched)]
        scale = (alike["theirs"] / alike["ours"]).median()
        assert ((alike["theirs"] - scale * alike["ours"]).abs() <= 1e-3 * alike["theirs"] + 1e-4).mean() > 0.99, name
        assert scale == pytest.approx(factor, rel=0.2)
        ranks = both.rank()
        worst = (ranks["ours"] - ranks["theirs"]).abs().nlargest(10)
        print(f"{name}: {len(both)} proteins, Spearman {agreement:.4f}, worst: {', '.join(worst.index)}")
        # all ten worst are proteins of families that share peptides. Of 16 channels one is at 0.976: it holds 416
        # proteins and 0.02 % of the first channel's intensity, so that the same 14 proteins of families weigh more
        assert grouped or set(worst[worst > 5].index) <= touched, name
        assert agreement >= (0.9999 if grouped else 0.98 if len(both) > 420 else 0.975), name


def why_peptides_go_another_way(went: pd.DataFrame, listed: pd.Series, group_of: dict[str, str]) -> None:
    """Peptides that two proteins of a family share go to the group with the most peptides here, as in MaxQuant.

    ``went``: peptide to our group and FragPipe's; ``listed``: peptide to its proteins.
    """
    holders = listed.str.split(";").map(
        lambda names: {group_of.get(parse_identifier(name).accession) for name in names}
    )
    sizes = holders.explode().value_counts()
    subset = went["theirs"] == ""
    assert len(went) < 0.02 * len(listed) and subset.sum() < len(went) / 2
    went = went[~subset]
    assert 0 < len(went) < 0.011 * len(listed)  # 68 of 6,785
    assert all({ours, theirs} <= holders[peptide] for peptide, ours, theirs in went.itertuples())
    more = went["ours"].map(sizes).to_numpy() - went["theirs"].map(sizes).to_numpy()
    assert (more >= -1).all() and (more > 0).mean() > 0.5


@pytest.mark.shared
def test_sums_of_maxquants_evidence_are_maxquants_proteins(shared_data: Path) -> None:
    folder = shared_data / "formats" / "maxquant"
    evidence = pd.read_csv(folder / "msstatsconvert_evidence.csv")
    engine = pd.read_csv(folder / "msstatsconvert_proteinGroups.csv").set_index("Majority.protein.IDs")
    table = tables.conform(
        pd.DataFrame(
            {
                "input": "main",
                "run": evidence["Experiment"],
                "peptide": evidence["Sequence"],
                "modified_sequence": evidence["Modified.sequence"],
                "charge": evidence["Charge"],
                "proteins": evidence["Proteins"],
                "intensity": evidence["Intensity"],
                "evidence": np.where(evidence["Type"].eq("MULTI-MATCH"), "matched", "ms2"),
                "is_decoy": False,
            }
        ),
        tables.FEATURES,
    )
    result, said = done(table)
    ours = result.proteins.set_index(["protein_group", "run"])["intensity"].dropna()
    theirs = pd.Series({key: engine.loc[key[0], f"Intensity.{key[1]}"] for key in ours.index})
    # five proteins in 15 runs, to the five digits that MaxQuant writes; it counted one feature twice (same run, m/z,
    # retention time and intensity), which makes 3 % of one value
    assert len(ours) == 63
    assert said["duplicated_precursors"]["count"] == 1
    ratio = ours / theirs
    assert ((ratio - 1).abs() < 1e-4).sum() == 62
    assert ratio.min() == pytest.approx(0.9703, abs=1e-4)
