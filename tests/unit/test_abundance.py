"""Runs to samples, shares and the scale between samples."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sevident import tables
from sevident.cli import RESOURCES
from sevident.errors import InputError, SampleSheetError
from sevident.quantification import abundance, lfq, merge, runs
from sevident.quantify import quantify, run

NAN = float("nan")


@dataclass(frozen=True)
class Row:
    sample: str
    run: str
    input: str = "main"
    extra: dict[str, str] = field(default_factory=dict)
    role: str = "preparation"


@dataclass(frozen=True)
class Sheet:
    rows: list[Row]

    @property
    def samples(self) -> list[Named]:
        return [Named(r.sample, r.role) for r in {r.sample: r for r in self.rows}.values()]


@dataclass(frozen=True)
class Named:
    name: str
    role: str


def proteins(values: dict[str, dict[str, float]], **columns: object) -> pd.DataFrame:
    """A protein table from {run: {group: intensity}}; ``columns`` give further columns, by group or for all rows."""
    rows = []
    for name, groups in values.items():
        for group, intensity in groups.items():
            row = {
                "input": "main",
                "run": name,
                "protein_group": group,
                "accessions": group,
                "genes": group,
                "contaminant": "none",
                "evidence": "ms2",
                "intensity": intensity,
            }
            rows.append(row | {c: v.get(group) if isinstance(v, dict) else v for c, v in columns.items()})
    return tables.conform(pd.DataFrame(rows), tables.PROTEINS)


def result(table: pd.DataFrame, rows: list[Row], **settings: str) -> tuple[pd.DataFrame, dict[str, dict]]:
    frame, found = quantify(table, Sheet(rows), {"organism": "human"} | settings)
    return tables.conform(frame, tables.ABUNDANCE), {str(w["code"]): w for w in found}


def cell(frame: pd.DataFrame, sample: str, group: str, column: str) -> float:
    hit = frame[frame["sample"].eq(sample) & frame["protein_group"].eq(group)]
    assert len(hit) == 1
    return hit[column].iloc[0]


def test_shares_by_hand() -> None:
    table = proteins({"r": {"A": 60.0, "B": 30.0, "C": 10.0}}, sequence_length={"A": 600.0, "B": 100.0, "C": 100.0})
    frame, _ = result(table, [Row("s", "r")])
    assert cell(frame, "s", "A", "mass_fraction") == pytest.approx(0.6, abs=1e-15)
    # 60/600 : 30/100 : 10/100 = 0.1 : 0.3 : 0.1
    assert cell(frame, "s", "A", "molar_fraction") == pytest.approx(0.2, abs=1e-15)
    assert cell(frame, "s", "B", "molar_fraction") == pytest.approx(0.6, abs=1e-15)
    assert frame.set_index("protein_group")["rank"].to_dict() == {"A": 1.0, "B": 2.0, "C": 3.0}


def test_process_contaminants_stay_with_null_fractions_and_serum_counts() -> None:
    table = proteins({"r": {"A": 50.0, "S": 50.0, "T": 900.0}}, contaminant={"A": "none", "S": "serum", "T": "process"})
    frame, found = result(table, [Row("s", "r")])
    assert len(frame) == 3
    trypsin = frame[frame["protein_group"].eq("T")].iloc[0]
    assert trypsin["contaminant"] == "process"
    assert trypsin[["mass_fraction", "molar_fraction", "rank", "log2_lfq"]].isna().all()
    assert cell(frame, "s", "S", "mass_fraction") == 0.5
    assert cell(frame, "s", "A", "rank") == 1.5  # a tie shares the average rank
    assert found["process_contaminants"]["count"] == 1


def test_missing_lengths_take_the_median_and_are_counted() -> None:
    table = proteins(
        {"r": {"A": 10.0, "B": 10.0, "C": 10.0, "D": 10.0}},
        sequence_length={"A": 100.0, "B": 200.0, "C": 900.0, "D": NAN},
    )
    frame, found = result(table, [Row("s", "r")])
    assert found["sequence_length_filled"]["count"] == 1
    assert "200 residues" in str(found["sequence_length_filled"]["message"])
    assert cell(frame, "s", "D", "molar_fraction") == cell(frame, "s", "B", "molar_fraction")
    assert math.fsum(frame["molar_fraction"]) == pytest.approx(1.0, abs=1e-12)


def test_without_any_length_there_are_no_molar_fractions() -> None:
    frame, found = result(proteins({"r": {"A": 10.0, "B": 30.0}}), [Row("s", "r")])
    assert frame["molar_fraction"].isna().all()
    assert frame["mass_fraction"].tolist() == [0.25, 0.75]
    assert found["no_sequence_lengths"]["level"] == "warning"


def test_a_sample_of_an_input_without_lengths_has_no_molar_fractions() -> None:
    with_lengths = proteins({"r": {"A": 10.0}}, sequence_length=100.0)
    without = proteins({"r": {"B": 10.0, "C": 10.0}}, input="other")
    frame, found = result(pd.concat([with_lengths, without]), [Row("s", "r"), Row("t", "r", "other")])
    assert cell(frame, "s", "A", "molar_fraction") == 1.0
    assert frame.loc[frame["sample"].eq("t"), "molar_fraction"].isna().all()
    assert "1 samples without any length" in str(found["sequence_length_filled"]["message"])


def test_spectral_counts_serve_where_there_are_no_intensities() -> None:
    table = proteins({"r": {"A": NAN, "B": NAN}}, spectra={"A": 30, "B": 10}, sequence_length={"A": 300.0, "B": 50.0})
    frame, found = result(table, [Row("s", "r")])
    assert frame["mass_fraction"].tolist() == [0.75, 0.25]
    # NSAF: 30/300 : 10/50 = 0.1 : 0.2
    assert frame["molar_fraction"].tolist() == pytest.approx([1 / 3, 2 / 3])
    assert found["spectral_counts"]["level"] == "info"


def test_intensities_and_spectral_counts_do_not_mix_in_one_sample() -> None:
    table = pd.concat(
        [proteins({"r": {"A": 5.0}}), proteins({"r": {"A": NAN}}, input="counts", spectra=3)], ignore_index=True
    )
    with pytest.raises(InputError, match="counts"):
        result(table, [Row("s", "r"), Row("s", "r", "counts")])
    frame, found = result(table, [Row("s", "r"), Row("t", "r", "counts")])
    assert frame["mass_fraction"].tolist() == [1.0, 1.0]
    assert found["spectral_counts"]["level"] == "warning"


def test_replicates_have_the_geometric_mean_and_fractions_the_sum() -> None:
    table = proteins({"a": {"A": 2.0, "B": 4.0}, "b": {"A": 8.0, "B": NAN}, "c": {"A": 6.0, "B": 1.0}})
    averaged = merge.combine(runs.take_apart(table), [Row("s", r) for r in "abc"])
    assert averaged.quantity[:, 0] == pytest.approx([(2 * 8 * 6) ** (1 / 3), 2.0])  # B: over the two runs that saw it
    rows = [Row("s", r, extra={"fraction": f}) for r, f in zip("abc", ["1", "1", "2"], strict=True)]
    mixed = merge.combine(runs.take_apart(table), rows)
    assert mixed.quantity[:, 0] == pytest.approx([4.0 + 6.0, 4.0 + 1.0])
    codes = {w["code"]: w["count"] for w in mixed.warnings}
    assert codes == {"replicates_averaged": 1, "fractions_added": 1, "measured_in_part_of_replicates": 1}


def test_a_load_factor_between_replicates_does_not_favour_groups_seen_in_one_run() -> None:
    base = np.arange(1.0, 13.0)
    block = np.column_stack([base, 100 * base])
    block = np.vstack([block, [NAN, 100.0], [1.0, NAN]])  # the same amount, each seen in another run
    averaged = merge.average_replicates(block)
    assert averaged[:12] == pytest.approx(10 * base)  # the plain geometric mean
    assert averaged[12] == pytest.approx(averaged[13]) == pytest.approx(10.0)


def test_spectral_counts_of_replicates_count_a_blank_as_zero() -> None:
    assert merge.average_counts(np.array([[4.0, NAN], [NAN, NAN]])).tolist() == pytest.approx([2.0, NAN], nan_ok=True)


def test_peptides_are_the_largest_number_and_evidence_the_best() -> None:
    table = pd.concat(
        [
            proteins({"a": {"A": 1.0}}, peptides=3, evidence="matched"),
            proteins({"b": {"A": 1.0}}, peptides=5, evidence="ms2"),
            proteins({"c": {"A": 1.0}}, evidence="unknown"),
        ]
    )
    rows = [Row("s", r, extra={"fraction": r}) for r in "abc"]
    frame, _ = result(table, rows)
    assert frame[["peptides", "evidence"]].to_numpy().tolist() == [[5, "ms2"]]


def test_rows_with_and_without_a_fraction_are_refused() -> None:
    table = proteins({"a": {"A": 1.0}, "b": {"A": 1.0}})
    with pytest.raises(SampleSheetError, match="fraction"):
        merge.combine(runs.take_apart(table), [Row("s", "a", extra={"fraction": "1"}), Row("s", "b")])


def test_a_group_that_stands_twice_in_a_run_is_refused() -> None:
    table = proteins({"a": {"A": 1.0}})
    with pytest.raises(InputError, match="more than once"):
        runs.take_apart(pd.concat([table, table], ignore_index=True))


def test_running_numbers_of_two_inputs_are_not_joined() -> None:
    one = proteins({"r": {"7": 1.0}}, accessions="P00001", genes="")
    two = proteins({"r": {"7": 3.0}}, input="other", accessions="P00002", genes="")
    frame, found = result(pd.concat([one, two]), [Row("s", "r"), Row("s", "r", "other")])
    assert frame["protein_group"].tolist() == ["7@main", "7@other"]
    assert frame["accessions"].tolist() == ["P00001", "P00002"]
    assert found["identifiers_with_two_meanings"]["count"] == 1
    two["accessions"] = "P00001"
    frame, found = result(pd.concat([one, two]), [Row("s", "r"), Row("s", "r", "other")])
    assert frame["protein_group"].tolist() == ["7"]
    assert found["inputs_joined"]["count"] == 1


def test_empty_sample_is_kept_and_told() -> None:
    table = proteins({"r": {"A": 1.0}, "blank": {"A": NAN}})
    frame, found = result(table, [Row("s", "r"), Row("empty", "blank"), Row("nowhere", "not in the table")])
    empty = frame[frame["sample"].eq("empty")]
    assert len(empty) == 1
    assert empty[["mass_fraction", "rank"]].isna().all(axis=None)
    assert found["empty_sample"]["subject"] in {"empty", "nowhere"}


def test_single_protein_has_everything() -> None:
    frame, found = result(proteins({"r": {"A": 1e-300}}, sequence_length=10.0), [Row("s", "r")])
    assert frame[["mass_fraction", "molar_fraction", "rank"]].to_numpy().tolist() == [[1.0, 1.0, 1.0]]
    assert found["few_proteins"]["count"] == 1


def test_zero_negative_and_infinite_values_count_as_nothing_measured() -> None:
    table = proteins({"r": {"A": 1.0, "B": 0.0, "C": -3.0, "D": math.inf}})
    frame, found = result(table, [Row("s", "r")])
    assert frame["mass_fraction"].notna().tolist() == [True, False, False, False]
    assert found["impossible_intensity"]["count"] == 2
    assert found["impossible_intensity"]["level"] == "warning"


def test_huge_values_do_not_overflow() -> None:
    assert abundance.fractions(np.array([[1e308], [1e308], [NAN]]))[:, 0].tolist() == pytest.approx(
        [0.5, 0.5, NAN], nan_ok=True
    )


def test_empty_table_gives_an_empty_result() -> None:
    frame, found = result(tables.empty(tables.PROTEINS), [Row("s", "r")])
    assert frame.empty
    assert found["empty_sample"]["subject"] == "s"


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_shares_sum_to_one_and_row_order_changes_no_bit(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 12))
    amount = st.one_of(st.none(), st.floats(1e-6, 1e12))
    values = {r: {f"P{i}": data.draw(amount) for i in range(size)} for r in ("a", "b", "c")}
    lengths = {f"P{i}": data.draw(st.one_of(st.none(), st.integers(20, 5000))) for i in range(size)}
    table = proteins(values, sequence_length=lengths)
    rows = [Row("x", "a"), Row("x", "b"), Row("y", "c")]
    frame, _ = result(table, rows)
    for column in ("mass_fraction", "molar_fraction"):
        for _, part in frame.groupby("sample"):
            seen = part[column].dropna()
            assert seen.empty or math.fsum(seen) == pytest.approx(1.0, abs=1e-9)
    mixed = table.iloc[data.draw(st.permutations(range(len(table))))].reset_index(drop=True)
    again, _ = result(mixed, rows)
    pd.testing.assert_frame_equal(frame, again, check_exact=True)


def test_shift_brings_loads_together_and_leaves_composition_alone() -> None:
    rng = np.random.default_rng(0)
    truth = rng.normal(20, 2, (300, 1))
    loads = np.array([0.0, 1.5, -2.0, 0.7])
    logs = truth + loads + rng.normal(0, 0.1, (300, 4))
    logs[rng.random(logs.shape) < 0.3] = NAN
    shift, settled = lfq.shifts(logs)
    assert settled
    assert shift == pytest.approx(loads - loads.mean(), abs=0.06)
    assert shift.sum() == pytest.approx(0.0, abs=1e-9)


def test_shift_of_samples_that_share_nothing_is_zero() -> None:
    logs = np.full((40, 2), NAN)
    logs[:20, 0] = 10.0
    logs[20:, 1] = 30.0
    shift, settled = lfq.shifts(logs)
    assert settled
    assert shift.tolist() == [0.0, 0.0]


def test_references_do_not_share_the_scale_of_preparations() -> None:
    rng = np.random.default_rng(1)
    base = rng.uniform(1e3, 1e6, (50, 1))
    quantity = np.hstack([base, 4 * base, 1000 * base, 4000 * base])
    logs, found = lfq.log2_lfq(quantity, ["preparation", "qualified_reference", "source_fluid", "source_fluid"])
    assert not found
    assert logs[:, 0] == pytest.approx(logs[:, 1])
    assert logs[:, 2] == pytest.approx(logs[:, 3])
    assert not np.allclose(logs[:, 0], logs[:, 2])


def test_stage_reads_and_writes(tmp_path: Path) -> None:
    table = proteins({"r1": {"A": 1.0, "B": 3.0}, "r2": {"A": 2.0, "B": NAN}}, sequence_length=100.0)
    tables.write_table(table, tables.PROTEINS, tmp_path / "proteins.parquet")
    tables.write_table(tables.empty(tables.FEATURES), tables.FEATURES, tmp_path / "features.parquet")
    (tmp_path / "samples.tsv").write_text("sample\trun\n=lot 1\tr1\nlot 2\tr2\n", encoding="utf-8")
    paths = [tmp_path / n for n in ("abundance.parquet", "species.tsv", "inference.tsv", "warnings.tsv")]
    for _ in range(2):
        before = [p.read_bytes() for p in paths if p.exists()]
        run(
            {"organism": "human"},
            tmp_path / "samples.tsv",
            tmp_path / "proteins.parquet",
            tmp_path / "features.parquet",
            RESOURCES,
            *paths,
        )
    assert before == [p.read_bytes() for p in paths]  # the same input gives the same bytes
    frame = tables.read_table(paths[0], tables.ABUNDANCE)
    assert frame["sample"].tolist() == ["=lot 1", "=lot 1", "lot 2", "lot 2"]
    assert cell(frame, "=lot 1", "B", "mass_fraction") == 0.75
    warnings = tables.read_table(paths[3], tables.WARNINGS)
    assert warnings["subject"].tolist().count("=lot 1") == 1
    assert set(warnings["code"]) >= {"few_proteins", "proteins_of_engine", "molar_basis"}
    assert tables.read_table(paths[2], tables.INFERENCE).empty, "the engine's groups were used"


def test_a_study_of_one_run_is_quantified_and_has_nothing_to_be_compared_with(tmp_path: Path) -> None:
    table = proteins({"r1": {"A": 1.0, "B": 3.0, "C": NAN}}, sequence_length=100.0)
    tables.write_table(table, tables.PROTEINS, tmp_path / "proteins.parquet")
    tables.write_table(tables.empty(tables.FEATURES), tables.FEATURES, tmp_path / "features.parquet")
    (tmp_path / "samples.tsv").write_text("sample\trun\nonly\tr1\n", encoding="utf-8")
    paths = [tmp_path / n for n in ("abundance.parquet", "species.tsv", "inference.tsv", "warnings.tsv")]
    inputs = (tmp_path / "samples.tsv", tmp_path / "proteins.parquet", tmp_path / "features.parquet", RESOURCES)
    run({"organism": "human"}, *inputs, *paths)
    frame = tables.read_table(paths[0], tables.ABUNDANCE)
    assert frame["sample"].unique().tolist() == ["only"]
    assert frame["mass_fraction"].sum() == pytest.approx(1, abs=1e-9)
    assert cell(frame, "only", "B", "mass_fraction") == 0.75
    # with nothing to compare, the comparable quantities differ from the quantities by one factor
    logs = frame.set_index("protein_group")["log2_lfq"]
    assert logs["B"] - logs["A"] == pytest.approx(np.log2(3))
    merged = tables.read_table(paths[3], tables.WARNINGS)
    assert not merged["code"].isin(["fractions_added", "replicates_averaged"]).any(), "one run is merged with nothing"
