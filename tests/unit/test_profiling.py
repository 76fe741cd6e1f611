"""Markers, families and compartments, on a registry of a few made-up panels."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sevident import panels, tables
from sevident import profile as stage
from sevident.profile import profile, run
from sevident.profiling import absence, compartments
from sevident.profiling.composition import compose, log2_against_references, percentiles
from sevident.samples import Sample, SampleSheet

FILLERS = 120  # analyte groups that belong to no panel, so that absence can be judged


def registry(*members: tuple[str, str, str], seldom: tuple[str, ...] = ()) -> panels.Registry:
    """A registry from (panel, gene, human accession)."""
    index = pd.DataFrame(
        [
            ("tetraspanins", "Tetraspanins", "identity", "", None),
            ("serum", "Serum", "soluble", "serum", 2),
            ("vesicular", "Vesicular", "identity", "vesicular", 3),
            ("bovine_serum", "Bovine serum", "species", "bovine_serum", 1),
        ],
        columns=["panel", "title", "axis", "compartment", "priority"],
    )
    index["priority"] = index["priority"].astype("Int64")
    rows = []
    for panel, gene, accession in members:
        row = dict.fromkeys(panels.MEMBER_COLUMNS, "") | {"panel": panel, "gene": gene, "direction": "positive"}
        own = "uniprot_bovine" if panel == "bovine_serum" else "uniprot_human"
        rows.append(row | {own: accession, "weight": 1.0, "assessable": "seldom" if gene in seldom else "usual"})
    return panels.Registry(index, pd.DataFrame(rows), {}, {}, {})


REGISTRY = registry(
    ("tetraspanins", "CD9", "P21926"),
    ("tetraspanins", "CD63", "P08962"),
    ("tetraspanins", "CD151", "P48509"),
    ("vesicular", "CD9", "P21926"),
    ("vesicular", "SDCBP", "O00560"),
    ("serum", "ALB", "P02768"),
    ("serum", "SDCBP", "O00560"),  # made up: two compartments claim it
    ("bovine_serum", "ALB", "P02769"),
    seldom=("CD63",),
)


def abundance(
    samples: dict[str, dict[str, float]], fillers: int = FILLERS, **columns: dict[str, object]
) -> pd.DataFrame:
    """ABUNDANCE from {sample: {gene: mass fraction}}; the rest of each sample goes to fillers. Columns by gene."""
    rows = []
    for name, genes in samples.items():
        rest = 1 - math.fsum(v for v in genes.values() if not math.isnan(v))
        values = genes | {f"F{i:03d}": rest / fillers for i in range(fillers)}
        part = pd.DataFrame({"sample": name, "protein_group": list(values), "mass_fraction": list(values.values())})
        part["genes"] = part["protein_group"]
        part["rank"] = part["mass_fraction"].rank(ascending=False)
        rows.append(part)
    frame = pd.concat(rows, ignore_index=True)
    frame["molar_fraction"] = frame["mass_fraction"]
    frame = frame.assign(organism="human", contaminant="none", evidence="ms2", peptides=3)
    for column, by_group in columns.items():
        frame[column] = frame["protein_group"].map(by_group).where(lambda s: s.notna(), frame.get(column, ""))
    return tables.conform(frame, tables.ABUNDANCE)


def sheet(*samples: str | tuple[str, str, str], inputs: dict[str, list[str]] | None = None) -> SampleSheet:
    """Samples by name, or as (name, role, reference group); ``inputs``: the inputs of a sample, if not main."""
    made = []
    for sample in samples:
        name, role, group = (sample, "preparation", "") if isinstance(sample, str) else sample
        runs = [(source, name) for source in (inputs or {}).get(name, ["main"])]
        made.append(Sample(name, role, group, "", "", "", {}, runs))
    return SampleSheet("samples.tsv", [], made)


def profiled(
    frame: pd.DataFrame,
    samples: SampleSheet,
    *,
    own: panels.Registry = REGISTRY,
    organism: str = "human",
    held: dict[str, set[str]] | None = None,
    databases: dict[str, set[tuple[str, str]]] | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, dict[str, dict]]:
    result = profile(
        compose(frame, [s.name for s in samples.samples]),
        samples,
        own,
        organism=organism,
        held={"main": set(frame["protein_group"])} if held is None else held,
        databases=databases or {},
    )
    return (
        tables.conform(result.markers, tables.MARKERS).set_index(["sample", "panel", "gene"]),
        tables.conform(result.families, tables.FAMILIES).set_index(["sample", "panel"]),
        tables.conform(result.compartments, tables.COMPARTMENTS).set_index(["sample", "compartment"]),
        {str(w["code"]): w for w in result.warnings},
    )


def test_a_marker_has_the_values_of_its_most_abundant_group() -> None:
    frame = abundance({"s": {"CD9": 0.1, "CD9;X": 0.3}}, genes={"CD9;X": "CD9;X"}, peptides={"CD9;X": 7})
    markers, families, _, _ = profiled(frame, sheet("s"))
    row = markers.loc[("s", "tetraspanins", "CD9")]
    assert row["status"] == "detected"
    assert row["protein_group"] == "CD9;X"
    assert row["mass_fraction"] == 0.3
    assert row["peptides"] == 7
    assert row["rank_percentile"] == 1.0
    assert row["accession"] == "P21926"
    assert families.loc[("s", "tetraspanins"), "mass_fraction"] == pytest.approx(0.4)
    assert families.loc[("s", "tetraspanins"), "peptides"] == 10


def test_rank_percentile_by_hand() -> None:
    rank = np.array([[1.0], [2.0], [3.0], [np.nan]])
    assert percentiles(rank, np.array([3]))[:, 0] == pytest.approx([1.0, 0.5, 0.0, np.nan], nan_ok=True)
    assert percentiles(np.array([[1.0]]), np.array([1])).tolist() == [[1.0]]  # the only protein of a sample


def test_a_group_of_two_members_counts_once_in_a_panel() -> None:
    frame = abundance({"s": {"CD9;CD151": 0.2, "ALB": 0.5}})
    markers, families, _, _ = profiled(frame, sheet("s"))
    assert markers.loc[("s", "tetraspanins", "CD9"), "mass_fraction"] == 0.2
    assert markers.loc[("s", "tetraspanins", "CD151"), "mass_fraction"] == 0.2
    family = families.loc[("s", "tetraspanins")]
    assert family["detected"] == 2
    assert family["mass_fraction"] == 0.2
    assert family["peptides"] == 3
    assert family["best_member"] == "CD151"  # the first by name among equals


def test_the_kinds_of_absence_without_a_database() -> None:
    frame = abundance({"s": {"CD9": 0.1, "CD151": float("nan")}, "t": {"CD151": 0.1}})
    markers, families, _, _ = profiled(frame, sheet("s", "t"))
    status = markers["status"]
    assert status["s", "tetraspanins", "CD9"] == "detected"
    assert status["s", "tetraspanins", "CD151"] == "not_detected"  # in the table, blank here
    assert status["t", "tetraspanins", "CD9"] == "not_detected"
    assert status["s", "tetraspanins", "CD63"] == "not_assessable"  # seldom yields peptides
    family = families.loc[("s", "tetraspanins")]
    assert family[["members", "detected", "not_detected", "not_searched", "not_assessable"]].tolist() == [3, 1, 1, 0, 1]
    assert families.loc[("s", "serum"), "not_searched"] == 2  # no run holds ALB or SDCBP
    assert math.isnan(families.loc[("s", "serum"), "mass_fraction"])  # nothing could have been found
    assert families.loc[("t", "vesicular"), "mass_fraction"] == 0.0  # CD9 was looked for and not found


def test_the_kinds_of_absence_with_a_database() -> None:
    frame = abundance({"s": {"CD9": 0.1}})
    database = {("tetraspanins", "CD9"), ("tetraspanins", "CD151"), ("vesicular", "CD9")}
    markers, _, _, _ = profiled(frame, sheet("s"), databases={"main": database})
    panel = markers.loc["s"].loc["tetraspanins"]
    assert panel["status"].to_dict() == {"CD9": "detected", "CD151": "not_detected", "CD63": "not_searched"}
    assert panel.loc["CD63", "note"] == "the searched database does not hold it"
    assert panel.loc["CD151", "note"] == ""


def test_a_database_of_one_input_says_nothing_about_another() -> None:
    frame = abundance({"s": {"CD9": 0.1}, "t": {"CD9": 0.1}})
    held = {"one": {"CD9"}, "two": {"CD9"}}
    samples = sheet("s", "t", inputs={"s": ["one"], "t": ["one", "two"]})
    own = registry(("tetraspanins", "CD9", "P21926"), ("tetraspanins", "CD151", "P48509"))
    database = {("tetraspanins", "CD9")}
    markers, _, _, _ = profiled(frame, samples, own=own, held=held, databases={"one": database})
    assert markers.loc[("s", "tetraspanins", "CD151"), "note"] == "the searched database does not hold it"
    assert markers.loc[("t", "tetraspanins", "CD151"), "note"].startswith("no run of the input holds it")


def test_an_input_that_lacks_a_protein_is_not_helped_by_another() -> None:
    frame = abundance({"s": {"CD9": 0.1}, "t": {"CD151": 0.1}})
    held = {"one": {"CD9"}, "two": {"CD151"}}
    markers, _, _, _ = profiled(frame, sheet("s", "t", inputs={"s": ["one"], "t": ["two"]}), held=held)
    assert markers.loc[("s", "tetraspanins", "CD151"), "status"] == "not_searched"


def test_groups_kept_apart_by_input_are_found_again() -> None:
    frame = abundance({"s": {"7@one": 0.1}}, genes={"7@one": "CD9"})
    markers, _, _, _ = profiled(frame, sheet("s", "t", inputs={"s": ["one"], "t": ["one"]}), held={"one": {"7"}})
    assert markers.loc[("t", "tetraspanins", "CD9"), "status"] == "not_assessable"  # held, but t is empty
    assert markers.loc[("t", "tetraspanins", "CD9"), "note"].startswith("fewer than")


@pytest.mark.parametrize(("fillers", "status"), [(98, "not_assessable"), (99, "not_detected")])
def test_nothing_is_absent_from_fewer_than_a_hundred_proteins(fillers: int, status: str) -> None:
    frame = abundance({"s": {"CD9": 0.1, "CD151": float("nan")}}, fillers=fillers)
    markers, _, _, _ = profiled(frame, sheet("s"))
    assert markers.loc[("s", "tetraspanins", "CD151"), "status"] == status
    assert markers.loc[("s", "tetraspanins", "CD9"), "status"] == "detected"


def test_process_contaminants_and_imputed_values_are_not_detections() -> None:
    frame = abundance(
        {"s": {"CD9": float("nan"), "CD151": 0.1}}, contaminant={"CD9": "process"}, evidence={"CD151": "imputed"}
    )
    markers, families, _, _ = profiled(frame, sheet("s"))
    panel = markers.loc["s"].loc["tetraspanins"]
    assert panel.loc["CD9", ["status", "note"]].tolist() == ["not_assessable", "listed as a process contaminant only"]
    assert panel.loc["CD151", "status"] == "not_detected"
    assert "imputed" in panel.loc["CD151", "note"]
    assert families.loc[("s", "tetraspanins"), "mass_fraction"] == 0.0


def test_every_rule_of_absence_yields_to_the_ones_before_it() -> None:
    def judged(**changes: object) -> str:
        one = np.ones((1, 1), dtype="bool")
        facts: dict = {
            "detected": ~one,
            "imputed": ~one,
            "process_only": ~one[0],
            "in_database": np.array([[-1]], dtype="int8"),
            "in_table": ~one,
            "seldom": ~one[0],
            "counts": np.array([500]),
        }
        status, _ = absence.judge(**(facts | changes))
        return tables.STATUSES[status[0, 0]]

    one = np.ones((1, 1), dtype="bool")
    few, lacking = np.array([5]), np.array([[0]], dtype="int8")
    assert judged() == "not_searched"
    assert judged(in_table=one) == "not_detected"
    assert judged(counts=few) == "not_assessable"
    assert judged(seldom=one[0]) == "not_assessable"
    assert judged(seldom=one[0], counts=few, process_only=one[0], in_database=lacking) == "not_searched"
    assert judged(detected=one, seldom=one[0], counts=few, in_database=lacking) == "detected"
    assert judged(in_database=np.array([[1]], dtype="int8")) == "not_detected"


def test_matched_only_members_and_median_rank() -> None:
    frame = abundance({"s": {"CD9": 0.5, "CD151": 0.0001}}, evidence={"CD9": "matched"})
    _, families, _, _ = profiled(frame, sheet("s"))
    family = families.loc[("s", "tetraspanins")]
    assert family["matched_only"] == 1
    assert family["best_member"] == "CD9"
    assert family["best_rank_percentile"] == 1.0
    assert family["median_rank_percentile"] == 0.5  # of the first and the last


def test_ratios_to_references_by_hand() -> None:
    frame = abundance(
        {
            "ev": {"CD9": 0.08, "CD151": 0.1},
            "plasma 1": {"CD9": 0.01, "CD151": float("nan")},
            "plasma 2": {"CD9": 0.04, "CD151": float("nan")},
            "other plasma": {"CD9": 0.08},
        }
    )
    samples = sheet(
        ("ev", "preparation", "g"),
        ("plasma 1", "source_fluid", "g"),
        ("plasma 2", "source_fluid", "g"),
        ("other plasma", "source_fluid", "h"),
    )
    markers, families, _, _ = profiled(frame, samples)
    ratio = markers["log2_vs_source_fluid"]
    assert ratio["ev", "tetraspanins", "CD9"] == pytest.approx(2.0)  # 0.08 over sqrt(0.01 * 0.04) = 0.02
    assert math.isnan(ratio["ev", "tetraspanins", "CD151"])  # the references lack it: no ratio, not infinity
    assert ratio["plasma 2", "tetraspanins", "CD9"] == pytest.approx(2.0)  # against the other one
    assert math.isnan(ratio["other plasma", "tetraspanins", "CD9"])  # alone in its group
    assert markers["log2_vs_producer_lysate"].isna().all()
    # the family: 0.18 over the geometric mean of the references' sums, 0.01 and 0.04
    assert families.loc[("ev", "tetraspanins"), "log2_vs_source_fluid"] == pytest.approx(math.log2(0.18 / 0.02))


def test_samples_without_a_reference_group_have_no_references() -> None:
    samples = sheet(("a", "preparation", ""), ("b", "source_fluid", "")).samples
    assert all(np.isnan(r).all() for r in log2_against_references(np.array([[0.5, 0.5]]), samples).values())


def test_zero_is_not_measured_in_ratios() -> None:
    samples = sheet(("a", "preparation", "g"), ("b", "source_fluid", "g")).samples
    for pair in ([0.0, 0.5], [0.5, 0.0]):
        assert np.isnan(log2_against_references(np.array([pair]), samples)["source_fluid"]).all()


def test_each_group_goes_to_the_compartment_of_least_priority_number() -> None:
    frame = abundance({"s": {"SDCBP": 0.2, "CD9": 0.1, "ALB": 0.3}})
    _, _, shares, _ = profiled(frame, sheet("s"))
    found = shares.loc["s", "mass_fraction"]
    assert found["serum"] == pytest.approx(0.5)  # SDCBP is claimed by serum (2) and vesicular (3)
    assert found["vesicular"] == pytest.approx(0.1)
    assert found["unexplained"] == pytest.approx(0.4)
    assert shares.loc[("s", "unexplained"), "proteins"] == FILLERS
    assert math.fsum(found) == pytest.approx(1.0, abs=1e-9)


def test_bovine_protein_goes_to_bovine_serum_whatever_its_gene() -> None:
    organism = {"ALB b": "bovine", "CD9 b": "bovine", "CD9": "human;bovine", "ALB": ""}
    frame = abundance(
        {"s": {"ALB b": 0.1, "CD9 b": 0.05, "CD9": 0.2, "ALB": 0.3}},
        organism=organism,
        genes={"ALB b": "ALB", "CD9 b": "CD9"},
    )
    markers, _, shares, _ = profiled(frame, sheet("s"))
    found = shares.loc["s", "mass_fraction"]
    assert found["bovine_serum"] == pytest.approx(0.15)
    assert found["serum"] == pytest.approx(0.3)
    assert found["vesicular"] == pytest.approx(0.2)
    assert markers.loc[("s", "bovine_serum", "ALB"), "protein_group"] == "ALB b"
    assert markers.loc[("s", "serum", "ALB"), "protein_group"] == "ALB"
    assert markers.loc[("s", "tetraspanins", "CD9"), "mass_fraction"] == 0.2
    assert markers.loc[("s", "bovine_serum", "ALB"), "accession"] == "P02769"


def test_bovine_is_no_stranger_in_a_bovine_study() -> None:
    groups = pd.DataFrame({"protein_group": ["ALB"], "organism": ["bovine"]})
    none = pd.DataFrame({"panel": [], "gene": [], "protein_group": []}, dtype="str")
    assert compartments.assign(groups, REGISTRY.index, none, "bovine").tolist() == ["unexplained"]
    assert compartments.assign(groups, REGISTRY.index, none, "human").tolist() == ["bovine_serum"]


def test_intervals_hold_the_share_and_are_wide_where_one_protein_makes_it() -> None:
    many = {f"V{i}": 0.5 / 60 for i in range(60)}
    members = [("vesicular", gene, "") for gene in many] + [("serum", "ALB", "P02768")]
    own = registry(*members)
    _, _, shares, _ = profiled(abundance({"one": {"ALB": 0.5}, "many": many}), sheet("one", "many"), own=own)
    width = shares["mass_fraction_high"] - shares["mass_fraction_low"]
    assert (shares["mass_fraction_low"] <= shares["mass_fraction"]).all()
    assert (shares["mass_fraction"] <= shares["mass_fraction_high"]).all()
    assert width["one", "serum"] > 4 * width["many", "vesicular"] > 0


def test_a_sample_of_a_single_protein_and_an_empty_one() -> None:
    frame = abundance({"single": {"CD9": 1.0}, "empty": {}}, fillers=1)
    frame = frame[frame["sample"].eq("single") & frame["protein_group"].eq("CD9")]
    markers, families, shares, found = profiled(frame, sheet("single", "empty"))
    single = shares.loc[("single", "vesicular")]
    assert single[["mass_fraction", "mass_fraction_low", "mass_fraction_high"]].tolist() == [1.0, 1.0, 1.0]
    assert markers.loc[("single", "tetraspanins", "CD9"), "rank_percentile"] == 1.0
    assert shares.loc["empty", "mass_fraction"].isna().all()
    assert shares.loc["empty", "proteins"].eq(0).all()
    assert families.loc["empty", "mass_fraction"].isna().all()
    assert not markers.loc["empty", "status"].isin(["detected", "not_detected"]).any()
    assert "mostly_unexplained" not in found


def test_warnings_of_the_stage() -> None:
    frame = abundance({"s": {"CD9": 0.01}}, genes={f"F{i:03d}": "" for i in range(FILLERS)})
    _, _, _, found = profiled(frame, sheet("s"))
    assert found["mostly_unexplained"]["subject"] == "s"
    assert found["groups_not_matchable"]["count"] == FILLERS
    assert found["groups_not_matchable"]["level"] == "warning"
    assert found["markers_found"]["count"] == 1
    assert found["members_not_listed"]["count"] == 4  # SDCBP twice, ALB of both species: only in compartment panels
    _, _, _, found = profiled(abundance({"s": {"X": 0.01}}), sheet("s"), organism="yeast")
    assert {"no_marker_matched", "organism_without_panels"} <= set(found)


def test_a_table_cut_down_to_markers_is_told() -> None:
    genes = {f"M{i}": 0.5 / 60 for i in range(60)}
    own = registry(*[("tetraspanins", gene, "") for gene in genes])
    _, _, _, found = profiled(abundance({"s": genes}, fillers=40), sheet("s"), own=own)
    assert found["rows_filtered"]["count"] == 60
    _, _, _, found = profiled(abundance({"s": genes}, fillers=61), sheet("s"), own=own)
    assert "rows_filtered" not in found


@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_row_order_changes_no_bit_and_shares_sum_to_one(data: st.DataObject) -> None:
    share = st.one_of(st.just(float("nan")), st.floats(1e-9, 0.2))
    genes = ("CD9", "CD151;CD9", "SDCBP", "ALB")
    values = {s: {g: data.draw(share) for g in genes} for s in ("a", "b")}
    frame = abundance(values, fillers=data.draw(st.integers(1, 5)))
    samples = sheet(("a", "preparation", "g"), ("b", "source_fluid", "g"))
    first = profiled(frame, samples)
    assert first[2].groupby("sample")["mass_fraction"].sum().to_numpy() == pytest.approx(1.0, abs=1e-9)
    counts = first[1][["detected", "not_detected", "not_searched", "not_assessable"]].sum(axis=1)
    assert counts.eq(first[1]["members"]).all()
    mixed = frame.iloc[data.draw(st.permutations(range(len(frame))))].reset_index(drop=True)
    for one, other in zip(first[:3], profiled(mixed, samples)[:3], strict=True):
        pd.testing.assert_frame_equal(one, other, check_exact=True)


def test_stage_with_the_registry_of_the_package(tmp_path: Path, checkout: Path) -> None:
    frame = abundance({"ev": {"CD9": 0.1, "ALB": 0.2, "CANX": float("nan")}, "plasma": {"ALB": 0.8, "CD9": 0.01}})
    proteins = frame[["protein_group", "genes"]].drop_duplicates().assign(input="main", run="r")
    tables.write_table(frame, tables.ABUNDANCE, tmp_path / "abundance.parquet")
    tables.write_table(proteins, tables.PROTEINS, tmp_path / "proteins.parquet")
    (tmp_path / "samples.tsv").write_text(
        "sample\trun\trole\treference_group\nev\tr1\tpreparation\tg\nplasma\tr2\tsource_fluid\tg\n", encoding="utf-8"
    )
    (tmp_path / "searched.fasta").write_text(
        ">sp|P21926|CD9_HUMAN CD9 antigen OS=Homo sapiens OX=9606 GN=CD9 PE=1 SV=4\nMPVK\n"
        ">sp|P08962|CD63_HUMAN CD63 antigen OS=Homo sapiens OX=9606 GN=CD63 PE=1 SV=2\nMAVE\n"
        ">sp|P27824|CALX_HUMAN Calnexin OS=Homo sapiens OX=9606 GN=CANX PE=1 SV=2\nMEGK\n",
        encoding="utf-8",
    )
    names = ("markers.tsv", "families.tsv", "compartments.tsv", "warnings.tsv")
    for _ in range(2):
        before = [(tmp_path / n).read_bytes() for n in names if (tmp_path / n).exists()]
        run(
            {"organism": "human", "inputs": [{"name": "main", "path": "x", "fasta": str(tmp_path / "searched.fasta")}]},
            tmp_path / "samples.tsv",
            tmp_path / "abundance.parquet",
            tmp_path / "proteins.parquet",
            checkout / "resources",
            *[tmp_path / n for n in names],
        )
    assert before == [(tmp_path / n).read_bytes() for n in names]
    markers = tables.read_table(tmp_path / "markers.tsv", tables.MARKERS).set_index(["sample", "panel", "gene"])
    assert markers.loc[("ev", "tetraspanins", "CD9"), "log2_vs_source_fluid"] == pytest.approx(math.log2(10))
    assert markers.loc[("ev", "tetraspanins", "CD63"), "status"] == "not_assessable"  # searched, but seldom seen
    assert markers.loc[("ev", "tetraspanins", "CD81"), "status"] == "not_searched"  # not in the database
    assert markers.loc[("ev", "misev_4c", "CANX"), "status"] == "not_detected"
    families = tables.read_table(tmp_path / "families.tsv", tables.FAMILIES)
    assert len(families) == 2 * families["panel"].nunique()
    shares = tables.read_table(tmp_path / "compartments.tsv", tables.COMPARTMENTS)
    assert shares.groupby("sample")["mass_fraction"].sum().to_numpy() == pytest.approx(1.0, abs=1e-9)
    assert {"serum", "unexplained", "bovine_serum"} <= set(shares["compartment"])


def test_markers_written_in_parts_are_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"s{i}" for i in range(7)] + ["S", "=1", "\u00e9"]
    frame = abundance({name: {"CD9": 0.1 + i / 100, "ALB": 0.2} for i, name in enumerate(names)})
    samples = sheet(*[(name, "source_fluid" if name == "s0" else "preparation", "g") for name in names])
    made = profile(
        compose(frame, names), samples, REGISTRY, organism="human", held={"main": {"CD9"}}, databases={}
    ).markers
    tables.write_table(made, tables.MARKERS, tmp_path / "whole.tsv")
    for size in (1, 3, 100):
        monkeypatch.setattr(stage, "_SAMPLES_AT_ONCE", size)
        stage._write_markers(made, tmp_path / "parts.tsv")
        assert (tmp_path / "parts.tsv").read_bytes() == (tmp_path / "whole.tsv").read_bytes()


def test_without_memberships_every_protein_is_whole_and_a_warning_says_so() -> None:
    frame = abundance({"s": {"CD9": 0.1, "ALB": 0.2}})
    _, _, shares, found = profiled(frame, sheet("s"))
    assert shares.loc[("s", "vesicular"), "mass_fraction"] == pytest.approx(0.1)
    assert found["no_memberships"]["level"] == "warning"
