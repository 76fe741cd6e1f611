"""iBAQ, Top3 and NSAF, by hand and independent of the order of rows."""

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
from sevident.quantification import ibaq, merge, pieces, runs
from sevident.quantification import ions as ion_tables
from sevident.quantification.database import Database, Protein
from sevident.quantification.scan import Source
from sevident.quantify import quantify

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
        return [Named(name) for name in dict.fromkeys(row.sample for row in self.rows)]


@dataclass(frozen=True)
class Named:
    name: str
    role: str = "preparation"


def features(rows: list[tuple[str, str, str, float]], **columns: object) -> pd.DataFrame:
    """FEATURES of (run, protein group, peptide, intensity)."""
    frame = pd.DataFrame(rows, columns=["run", "protein_group", "peptide", "intensity"])
    return tables.conform(frame.assign(**({"input": "main", "is_decoy": False} | columns)), tables.FEATURES)


def proteins(rows: list[tuple[str, str, float]], **columns: object) -> pd.DataFrame:
    """PROTEINS of (run, protein group, intensity)."""
    frame = pd.DataFrame(rows, columns=["run", "protein_group", "intensity"])
    given_ = {"input": "main", "contaminant": "none", "evidence": "ms2", "accessions": frame["protein_group"]}
    filled = {c: v.get if isinstance(v, dict) else v for c, v in columns.items()}
    filled = {c: frame["protein_group"].map(v) if callable(v) else v for c, v in filled.items()}
    return tables.conform(frame.assign(**(given_ | filled)), tables.PROTEINS)


def held(**sequences: str) -> Database:
    return Database(tuple(Protein(name, "", "human", False, text) for name, text in sequences.items()))


SEQUENCE = "MKWVTFISLLFLFSSAYSRGVFRRDAHKPSEVAHRFKAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAKEEEEEK"


def test_tryptic_peptides_by_hand() -> None:
    assert ibaq.digest(SEQUENCE) == [
        "MK",
        "WVTFISLLFLFSSAYSR",  # 17
        "GVFR",
        "R",
        "DAHKPSEVAHR",  # 11: not cut before P
        "FK",
        "A" * 31 + "K",  # 32: too long
        "EEEEEK",  # 6: the shortest that counts
    ]
    assert ibaq.observable(SEQUENCE) == 3
    assert ibaq.observable("EEEEEK" * 2 + "EEEEK") == 2  # both copies count, five residues do not
    assert ibaq.observable("A" * 30) == 1
    assert ibaq.observable("A" * 31) == 0
    assert ibaq.digest("") == []


def test_cut_as_pyteomics_cuts() -> None:
    from pyteomics import parser

    rng = np.random.default_rng(1)
    for _ in range(50):
        text = "".join(rng.choice(list("AKRPKRLM"), size=80))
        pieces = {piece for _, piece in parser.icleave(text, "[KR](?!P)", regex=True)}
        assert set(ibaq.digest(text)) == pieces


def test_ibaq_and_top3_by_hand() -> None:
    table = features(
        [
            ("r", "A", "PEPTIDEK", 8.0),
            ("r", "A", "PEPTIDEK", 2.0),  # another charge: one peptide of 10
            ("r", "A", "AAAAAAK", 6.0),
            ("r", "A", "CCCCCCK", 2.0),
            ("r", "A", "DDDDDDK", 1.0),
            ("r", "B", "EEEEEEK", 9.0),
            ("r", "B", "FFFFFFK", NAN),
            ("q", "A", "AAAAAAK", 5.0),
        ]
    )
    out = ibaq.quantities(table, {"A": 4.0, "B": 2.0}).set_index(["run", "protein_group"])
    assert out.loc[("r", "A")].drop("input").to_dict() == pytest.approx(
        {"intensity": 19.0, "peptides": 4, "mass_fraction": 19 / 28, "ibaq": 19 / 4, "top3": 6.0}
    )
    assert out.loc[("r", "B"), "ibaq"] == 4.5
    assert np.isnan(out.loc[("r", "B"), "top3"])  # fewer than three peptides
    assert out.loc[("q", "A"), "mass_fraction"] == 1.0
    assert np.isnan(ibaq.quantities(table, {}).set_index(["run", "protein_group"]).loc[("r", "A"), "ibaq"])


def test_decoys_and_values_that_are_none_do_not_count() -> None:
    good = features([("r", "A", "AAAAAAK", 1.0)])
    bad = [("r", "A", "CCCCCCK", v) for v in (0.0, -1.0, math.inf, NAN)]
    decoy = features([("r", "A", "DDDDDDK", 7.0)], is_decoy=True)
    groupless = features([("r", "", "EEEEEEK", 7.0)])
    out = ibaq.quantities(pd.concat([good, features(bad), decoy, groupless], ignore_index=True), {"A": 1.0})
    assert out[["intensity", "peptides", "mass_fraction"]].to_numpy().tolist() == [[1.0, 1, 1.0]]
    assert ibaq.quantities(tables.empty(tables.FEATURES), {}).empty


@settings(max_examples=10, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["r1", "r2"]),
            st.sampled_from("ABC"),
            st.sampled_from(["PEPTIDEK", "AAAAAAK", "CCCCCCK", "DDDDDDK"]),
            st.floats(1e-3, 1e12),
        ),
        min_size=1,
        max_size=40,
    ),
    st.randoms(use_true_random=False),
)
def test_the_order_of_rows_and_files_changes_no_bit(rows: list[tuple[str, str, str, float]], rng: object) -> None:
    table = features(rows)
    shuffled = list(range(len(table)))
    rng.shuffle(shuffled)  # type: ignore[attr-defined]
    mixed = table.iloc[shuffled].reset_index(drop=True)
    counts = {"A": 3.0, "B": 1.0, "C": 7.0}
    first = ibaq.quantities(table, counts)
    pd.testing.assert_frame_equal(ibaq.quantities(mixed, counts), first, check_exact=True)
    as_categories = mixed.astype({"run": "category", "protein_group": "category", "peptide": "category"})
    pd.testing.assert_frame_equal(ibaq.quantities(as_categories, counts), first, check_exact=True)
    sums = first.groupby("run")["mass_fraction"].agg(math.fsum)
    assert np.allclose(sums, 1.0, rtol=0, atol=1e-9)
    exact = table.groupby(["run", "protein_group"])["intensity"].agg(lambda v: math.fsum(v.tolist()))
    assert first.set_index(["run", "protein_group"])["intensity"].to_numpy() == pytest.approx(
        exact.to_numpy(), rel=1e-12
    )


def test_batches_of_runs_have_the_same_numbers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    words = ("AAAAAAK", "CCCCCCK", "DDDDDDK")
    rows = [(f"r{n}", g, w, 1.0 + n + i) for n in range(7) for g in "BA" for i, w in enumerate(words)]
    table = pd.concat([features(rows, input=name) for name in ("one", "two")])
    tables.write_table(table, tables.FEATURES, tmp_path / "f.parquet")
    source = Source(path=tmp_path / "f.parquet", inputs=("one", "two"))
    known = pd.DataFrame({"input": ["one", "two"], "protein_group": "A", "group": 0})
    sheet = [Row(f"{name}{n}", f"r{n}", name) for name in ("one", "two") for n in range(7)]
    found = []
    for size in (1 << 20, 13, 1):
        monkeypatch.setattr(pieces, "ROWS", size)
        with pieces.pieces(source) as table:
            number = sum(1 for _ in table)
        ions = ion_tables.of_samples(source, known, sheet, np.array([True]))
        found.append((number, ibaq.quantities(source, {"A": 2.0}), ions.quantity))
    assert [count for count, *_ in found] == [2, 8, 14]
    for _, frame, matrix in found[1:]:
        pd.testing.assert_frame_equal(frame, found[0][1], check_exact=True)
        assert np.array_equal(matrix, found[0][2])
    assert found[0][2].shape == (3, 14)


def test_top3_of_equal_and_of_many_peptides() -> None:
    random = np.random.default_rng(2)
    rows = [
        ("r", f"G{g:03d}", f"P{p}K", float(v)) for g in range(60) for p, v in enumerate(random.integers(1, 4, g % 9))
    ]
    out = ibaq.quantities(features(rows), {}).set_index("protein_group")["top3"]
    amounts = pd.DataFrame(rows, columns=["run", "group", "peptide", "amount"]).groupby("group")["amount"]
    expected = amounts.agg(lambda v: v.nlargest(3).sum() / 3 if len(v) > 2 else NAN)
    assert out.to_dict() == pytest.approx(expected.to_dict(), nan_ok=True)


def test_batches_are_parts_of_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    table = features([(f"r{n}", g, w, 1.0 + n) for n in range(5) for g in "BA" for w in ("AAAK", "CCCK", "DDDK")])
    whole = ibaq.quantities(table, {"A": 2.0})
    monkeypatch.setattr(pieces, "ROWS", 7)
    parts = list(ibaq.in_batches(table, {"A": 2.0}))
    assert len(parts) == 5
    text = {"input": "str", "run": "str", "protein_group": "str"}
    joined = pd.concat([part.astype(text) for part in parts], ignore_index=True)
    pd.testing.assert_frame_equal(joined, whole.astype(text), check_exact=True)


def test_a_file_is_read_in_part(tmp_path: Path) -> None:
    table = pd.concat([features([("r", "A", "AAAAAAK", 2.0)], input=name) for name in ("main", "other")])
    path = tmp_path / "odd [name]*'.parquet"
    tables.write_table(table, tables.FEATURES, path)
    out = ibaq.quantities(Source(path=path, inputs=("other",)), {})
    assert out["input"].tolist() == ["other"]
    both = Source(frame=features([("r", "A", "AAAAAAK", 5.0)]), path=path, inputs=("other",))
    assert ibaq.quantities(both, {})["intensity"].tolist() == [5.0, 2.0]


def test_molar_fractions_rest_on_observable_peptides_where_they_are_known() -> None:
    table = proteins([("r", "A", 30.0), ("r", "B", 30.0), ("r", "C", 40.0)], sequence_length={"A": 60.0, "C": 300.0})
    base = {"main": held(A="AAAAAAK" * 3, B="CCCCCCK")}
    frame, found = quantify(table, Sheet([Row("s", "r")]), {"organism": "human"}, None, base)
    frame = tables.conform(frame, tables.ABUNDANCE).set_index("protein_group")
    # A: 3 peptides, B: 1; C is not in the database: 300 residues at the 20 residues per peptide of A
    parts = {"A": 10.0, "B": 30.0, "C": 40 / 15}
    total = sum(parts.values())
    assert frame["molar_fraction"].to_dict() == pytest.approx({g: v / total for g, v in parts.items()})
    assert frame["ibaq"].to_dict() == pytest.approx({"A": 10.0, "B": 30.0, "C": NAN}, nan_ok=True)
    said = {str(w["code"]): w for w in found}
    assert "iBAQ" in str(said["molar_basis"]["message"])
    assert said["molar_basis"]["count"] == 2
    assert said["observable_peptides_filled"]["count"] == 1
    assert math.fsum(frame["molar_fraction"]) == pytest.approx(1.0, abs=1e-9)


def test_without_a_database_residues_and_without_lengths_nothing() -> None:
    rows = [("r", "A", 60.0), ("r", "B", 30.0)]
    frame, found = quantify(proteins(rows, sequence_length=100.0), Sheet([Row("s", "r")]), {"organism": "human"})
    assert frame["ibaq"].isna().all()
    assert frame["molar_fraction"].tolist() == pytest.approx([2 / 3, 1 / 3])
    assert "residue" in next(str(w["message"]) for w in found if w["code"] == "molar_basis")
    frame, found = quantify(proteins(rows), Sheet([Row("s", "r")]), {"organism": "human"})
    assert frame["molar_fraction"].isna().all()
    assert "no_sequence_lengths" in {w["code"] for w in found}


def test_a_database_that_holds_none_of_the_groups_leaves_lengths() -> None:
    table = proteins([("r", "A", 60.0)], sequence_length=100.0)
    frame, found = quantify(table, Sheet([Row("s", "r")]), {"organism": "human"}, None, {"main": held(X="AAAAAAK")})
    assert frame["molar_fraction"].tolist() == [1.0]
    assert "residue" in next(str(w["message"]) for w in found if w["code"] == "molar_basis")


def test_observable_peptides_are_those_of_the_leading_protein() -> None:
    groups = pd.DataFrame({"accessions": ["A;B", "B;A", "Q99999-2", "Z", "", "NONE;A"]})
    base = held(A="AAAAAAK" * 3, B="CCCCCCK", Q99999="DDDDDDK" * 2, NONE="GG")
    assert ibaq.observable_of_groups(groups, base).tolist() == pytest.approx([3, 1, 2, NAN, NAN, NAN], nan_ok=True)


def test_nsaf_by_hand() -> None:
    """NSAF = (SpC / L) / sum(SpC / L): 30/300, 10/100, 20/400 are 0.1, 0.1 and 0.05."""
    table = proteins([("r", "A", NAN), ("r", "B", NAN), ("r", "C", NAN)]).assign(
        spectra=[30, 10, 20], sequence_length=[300.0, 100.0, 400.0]
    )
    frame, found = quantify(tables.conform(table, tables.PROTEINS), Sheet([Row("s", "r")]), {"organism": "human"})
    frame = frame.set_index("protein_group")
    assert frame["molar_fraction"].to_dict() == pytest.approx({"A": 0.4, "B": 0.4, "C": 0.2})
    assert frame["mass_fraction"].to_dict() == pytest.approx({"A": 0.5, "B": 1 / 6, "C": 1 / 3})
    assert frame[["ibaq", "top3"]].isna().all(axis=None)  # counts are no intensities
    assert "spectral_counts" in {w["code"] for w in found}


def test_top3_of_samples() -> None:
    words = ("AAAAAAK", "CCCCCCK", "DDDDDDK")
    rows = [(run, "A", w, v) for run, v in (("r1", 2.0), ("r2", 8.0), ("f1", 3.0), ("f2", 4.0)) for w in words]
    rows += [("r2", "B", "EEEEEEK", 5.0)]
    peptides = features(rows)
    sums = peptides.groupby(["run", "protein_group"])["intensity"].sum()
    table = proteins([(run, group, value) for (run, group), value in sums.items()])
    sheet = [
        Row("replicates", "r1"),
        Row("replicates", "r2"),
        Row("fractions", "f1", extra={"fraction": "1"}),
        Row("fractions", "f2", extra={"fraction": "2"}),
    ]
    taken = runs.take_apart(table)
    top3 = ibaq.with_top3(taken, peptides, ion_tables.groups_of(table, taken))
    joined = merge.combine(top3, sheet, "intensity")
    assert joined.groups["protein_group"].tolist() == ["A", "B"]
    np.testing.assert_allclose(joined.quantity, [[4.0, 7.0], [NAN, NAN]])
    frame, _ = quantify(table, Sheet(sheet), {"organism": "human"}, Source(frame=peptides))
    assert frame.set_index(["sample", "protein_group"]).loc[("replicates", "A"), "top3"] == pytest.approx(4.0)


def test_process_contaminants_have_no_amounts() -> None:
    peptides = features([("r", "T", w, 5.0) for w in ("AAAAAAK", "CCCCCCK", "DDDDDDK")] + [("r", "A", "EEEEEEK", 1.0)])
    table = proteins([("r", "T", 15.0), ("r", "A", 1.0)], contaminant={"T": "process", "A": "none"})
    frame, _ = quantify(
        table,
        Sheet([Row("s", "r")]),
        {"organism": "human"},
        Source(frame=peptides),
        {"main": held(T="AAAAAAK", A="CCCCCCK")},
    )
    trypsin = frame.set_index("protein_group").loc["T"]
    assert trypsin[["ibaq", "top3", "mass_fraction", "log2_lfq"]].isna().all()
