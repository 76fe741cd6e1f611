"""directLFQ behind our own scale: by hand, against the original package, and where it is not installed."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sevident import tables
from sevident.quantification import ions as ion_tables
from sevident.quantification import lfq, runs
from sevident.quantification.lfq import Ions
from sevident.quantification.scan import Source

NAN = float("nan")
needs_directlfq = pytest.mark.skipif(not lfq.available(), reason="the package directlfq-rs is not installed")


@dataclass(frozen=True)
class Row:
    sample: str
    run: str
    input: str = "main"
    extra: dict[str, str] = field(default_factory=dict)


def made_up(seed: int, groups: int = 40, samples: int = 6, missing: float = 0.3) -> tuple[Ions, np.ndarray]:
    """Ions of groups with known profiles over samples; the profiles (log2, groups x samples)."""
    rng = np.random.default_rng(seed)
    profile = rng.normal(0, 2, (groups, samples))
    group_of = np.sort(rng.integers(0, groups, groups * 5))
    level = rng.normal(20, 2, (len(group_of), 1))
    values = 2.0 ** (level + profile[group_of] + rng.normal(0, 0.02, (len(group_of), samples)))
    values[rng.random(values.shape) < missing] = np.nan
    return Ions(values, group_of), profile


@needs_directlfq
def test_ratios_by_hand() -> None:
    """Three ions at different levels, each 1 : 2 : 4; one of them is missing where the group is highest."""
    ions = Ions(np.array([[10.0, 20.0, 40.0], [300.0, 600.0, NAN], [7.0, 14.0, 28.0]]), np.array([0, 0, 0]))
    out = lfq.profiles(ions, 2)
    assert out[0] / out[0, 0] == pytest.approx([1.0, 2.0, 4.0])
    assert out[0].sum() == pytest.approx(np.nansum(ions.quantity))  # the level is that of the summed ions
    assert np.isnan(out[1]).all()  # a group without ions


@needs_directlfq
def test_what_cannot_be_compared() -> None:
    values = np.array([[5.0, NAN, NAN], [7.0, NAN, NAN], [3.0, NAN, NAN], [NAN, 4.0, NAN], [1.0, 2.0, 3.0]])
    out = lfq.profiles(Ions(values, np.array([0, 0, 1, 1, 2])), 3)
    np.testing.assert_allclose(out, [[12.0, NAN, NAN], [NAN, NAN, NAN], [1.0, 2.0, 3.0]])
    one = lfq.profiles(Ions(values[:, :1], np.array([0, 0, 1, 1, 2])), 3)
    assert one[:, 0].tolist() == [12.0, 3.0, 1.0]
    assert np.isnan(lfq.profiles(Ions(np.full((2, 3), NAN), np.array([0, 1])), 2)).all()


@needs_directlfq
def test_known_profiles_come_back() -> None:
    ions, profile = made_up(1, missing=0.1)
    out = np.log2(lfq.profiles(ions, 40))
    deviation = out - profile
    deviation -= np.nanmean(deviation, axis=1, keepdims=True)
    assert np.nanmax(np.abs(deviation)) < 0.2
    assert np.array_equal(lfq.profiles(ions, 40), lfq.profiles(ions, 40), equal_nan=True)


@needs_directlfq
@pytest.mark.parametrize("cells", [1, 100])
def test_groups_given_a_few_at_a_time_have_the_same_numbers(monkeypatch: pytest.MonkeyPatch, cells: int) -> None:
    ions, _ = made_up(4, missing=0.5)
    whole = lfq.profiles(ions, 40)
    monkeypatch.setattr(lfq, "_CELLS", cells)
    assert np.array_equal(lfq.profiles(ions, 40), whole, equal_nan=True)


@needs_directlfq
def test_as_the_original_package() -> None:
    """directlfq 0.3 without normalisation; groups seen in one sample alone are ours."""
    pytest.importorskip("directlfq", reason="the original package directlfq is not installed")
    from directlfq import config, utils
    from directlfq import protein_intensity_estimation as estimation

    config.set_global_protein_and_ion_id(protein_id="protein", quant_id="ion")
    config.set_log_processed_proteins(log_processed_proteins=False)
    config.set_compile_normalized_ion_table(compile_normalized_ion_table=False)
    config.check_wether_to_copy_numpy_arrays_derived_from_pandas()
    for seed in range(3):
        ions, _ = made_up(seed, missing=0.5)
        frame = pd.DataFrame(ions.quantity, columns=[f"s{i}" for i in range(6)])
        frame.insert(0, "protein", [f"{g:03d}" for g in ions.group_of])
        frame.insert(1, "ion", [f"{i:03d}" for i in range(len(frame))])
        table = utils.remove_allnan_rows_input_df(
            utils.index_and_log_transform_input_df(utils.sort_input_df_by_protein_and_quant_id(frame))
        )
        theirs, _ = estimation.estimate_protein_intensities(table, 1, 10, 1)
        theirs = theirs.set_index("protein").replace(0.0, NAN)
        expected = np.full((40, 6), NAN)
        expected[theirs.index.astype(int)] = theirs.to_numpy(dtype="float64")
        ours = lfq.profiles(ions, 40)
        several = (~np.isnan(ours)).sum(axis=1) > 1
        assert several.sum() > 30
        np.testing.assert_allclose(np.log2(ours[several]), np.log2(expected[several]), rtol=0, atol=1e-10)


@needs_directlfq
def test_runs_are_brought_to_one_scale_before() -> None:
    ions, _ = made_up(2, missing=0.1)
    factor = np.array([1.0, 10.0, 0.1, 3.0, 1.0, 1.0])
    roles = ["preparation"] * 6
    sums = np.zeros((40, 6))
    np.add.at(sums, ions.group_of, np.nan_to_num(ions.quantity))
    quantity = np.where(sums > 0, sums, NAN)
    plain, _ = lfq.log2_lfq(quantity, roles, ions)
    loaded, _ = lfq.log2_lfq(quantity * factor, roles, Ions(ions.quantity * factor, ions.group_of))
    difference = loaded - plain
    assert np.nanmax(difference) - np.nanmin(difference) < 1e-6  # how much was loaded does not matter


@needs_directlfq
def test_a_set_without_peptides_goes_by_proteins() -> None:
    ions, _ = made_up(3, samples=3, missing=0.0)
    values = np.column_stack([ions.quantity, np.full((len(ions.group_of), 1), NAN)])
    quantity = np.exp(np.random.default_rng(1).normal(10, 1, (40, 4)))
    by_proteins, _ = lfq.log2_lfq(quantity, ["preparation"] * 4)
    mixed, _ = lfq.log2_lfq(quantity, ["preparation"] * 4, Ions(values, ions.group_of))
    assert np.array_equal(mixed, by_proteins)
    apart, _ = lfq.log2_lfq(quantity, ["preparation"] * 3 + ["source_fluid"], Ions(values, ions.group_of))
    assert not np.allclose(apart[:, :3], by_proteins[:, :3], equal_nan=True)
    assert apart[:, 3] == pytest.approx(np.log2(quantity[:, 3]))


def test_without_the_package_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lfq, "available", lambda: False)
    ions, _ = made_up(4, samples=2, missing=0.0)
    quantity = np.exp(np.random.default_rng(1).normal(10, 1, (40, 2)))
    logs, found = lfq.log2_lfq(quantity, ["preparation"] * 2, ions)
    assert [w["code"] for w in found] == ["directlfq_not_installed"]
    assert np.array_equal(logs, lfq.log2_lfq(quantity, ["preparation"] * 2)[0])


def test_ions_of_samples_are_joined_as_proteins_are() -> None:
    rows = [
        ("r1", "A", "PEPTIDEK", "PEPTIDEK", 2, 2.0),
        ("r2", "A", "PEPTIDEK", "PEPTIDEK", 2, 8.0),
        ("r1", "A", "PEPTIDEK", "PEPTIDEK", 3, 5.0),
        ("r1", "A", "PEPTIDEK", "PEPTIDEK", 3, 1.0),  # given twice with different values: added up
        ("r1", "A", "PEPTIDEK", "PEP[+80]TIDEK", 2, 3.0),
        ("f1", "B", "AAAAAAK", "", None, 3.0),
        ("f2", "B", "AAAAAAK", "", None, 4.0),
        ("r1", "process", "CCCCCCK", "", None, 9.0),
        ("elsewhere", "A", "PEPTIDEK", "PEPTIDEK", 2, 99.0),
    ]
    frame = pd.DataFrame(rows, columns=["run", "protein_group", "peptide", "modified_sequence", "charge", "intensity"])
    features = tables.conform(frame.assign(input="main", is_decoy=False), tables.FEATURES)
    sums = features.groupby(["run", "protein_group"], as_index=False)["intensity"].sum()
    proteins = tables.conform(sums.assign(input="main", evidence="ms2", contaminant="none"), tables.PROTEINS)
    taken = runs.take_apart(proteins)
    sheet = [
        Row("replicates", "r1"),
        Row("replicates", "r2"),
        Row("fractions", "f1", extra={"fraction": "1"}),
        Row("fractions", "f2", extra={"fraction": "2"}),
    ]
    known = ion_tables.groups_of(proteins, taken)
    kept = taken.groups["protein_group"].ne("process").to_numpy()
    for table in (features, features.sample(frac=1, random_state=1).astype({"peptide": "category"})):
        out = ion_tables.of_samples(Source(frame=table), known, sheet, kept)
        assert out.group_of.tolist() == [0, 0, 0, 1]
        # PEPTIDEK/2, PEPTIDEK/3, PEP[+80]TIDEK/2; AAAAAAK
        expected = [[4.0, NAN], [6.0, NAN], [3.0, NAN], [NAN, 7.0]]
        np.testing.assert_allclose(out.quantity, expected)
    nothing = ion_tables.of_samples(tables.empty(tables.FEATURES), known, sheet, kept)
    assert nothing.quantity.shape == (0, 2)


def test_composition_does_not_rest_on_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from sevident.quantification import abundance, merge

    rows = [("r1", "A", 10.0), ("r1", "B", 30.0), ("r2", "A", 5.0)]
    frame = pd.DataFrame(rows, columns=["run", "protein_group", "intensity"])
    table = tables.conform(frame.assign(input="main", evidence="ms2", contaminant="none"), tables.PROTEINS)
    joined = merge.combine(runs.take_apart(table), [Row("s1", "r1"), Row("s2", "r2")])
    out, _ = abundance.quantify(joined, np.full(joined.quantity.shape, 123.0))
    measured = out["mass_fraction"].dropna()
    assert measured.tolist() == pytest.approx([0.25, 0.75, 1.0])
    assert math.isclose(measured.iloc[:2].sum(), 1.0, abs_tol=1e-9)
