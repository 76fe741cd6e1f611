"""Parsimony: by hand, against a plain statement of its rules, and against the groups of MaxQuant and FragPipe."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sevident.quantification.inference import COLUMNS, Inference, infer, leading_order


def pairs(proteins: dict[str, str]) -> pd.DataFrame:
    """Pairs from {protein: "its peptides, one letter each"}."""
    rows = [(peptide, protein) for protein, held in proteins.items() for peptide in held]
    return pd.DataFrame(rows, columns=["peptide", "protein"])


def status(result: Inference) -> dict[str, str]:
    return dict(zip(result.proteins["accession"], result.proteins["status"], strict=True))


def reasons(result: Inference) -> dict[str, str]:
    return dict(zip(result.proteins["accession"], result.proteins["reason"], strict=True))


def razor(result: Inference) -> dict[str, str]:
    return dict(zip(result.peptides["peptide"], result.peptides["protein_group"], strict=True))


def test_the_kinds_of_proteins() -> None:
    # the cases of Nesvizhskii and Aebersold 2005, figure 5: distinct, differentiable, indistinguishable, subset,
    # subsumable
    result = infer(
        pairs(
            {
                "DISTINCT": "ab",
                "DIFFER1": "cde",
                "DIFFER2": "ef",
                "SAME2": "gh",
                "SAME1": "gh",
                "WHOLE": "ijk",
                "PART": "jk",
                "LEFT": "lm",
                "MIDDLE": "mn",
                "RIGHT": "no",
            }
        )
    )
    assert result.groups["protein_group"].tolist() == [
        *("DIFFER1", "DIFFER2", "DISTINCT", "LEFT", "RIGHT", "SAME1;SAME2", "WHOLE")
    ]
    assert {k: v for k, v in status(result).items() if v != "leading"} == {
        "SAME2": "indistinguishable",
        "PART": "subset",
        "MIDDLE": "subsumable",
    }
    assert razor(result)["e"] == "DIFFER1"  # three peptides against two
    assert reasons(result)["SAME2"] == "the same 2 peptides as SAME1"
    assert reasons(result)["PART"] == "2 peptides, all of which WHOLE holds"
    assert reasons(result)["MIDDLE"] == "2 peptides, all of which LEFT, RIGHT hold"
    assert reasons(result)["DIFFER2"] == "2 peptides, 1 of them in no other group"
    by = result.proteins.set_index("accession")
    assert by.loc["MIDDLE", ["protein_group", "explained_by"]].tolist() == ["", "LEFT | RIGHT"]
    assert by.loc["SAME2", ["protein_group", "explained_by"]].tolist() == ["SAME1;SAME2", ""]
    counts = result.groups.set_index("protein_group")[["peptides", "unique", "razor"]]
    assert counts.loc["DIFFER1"].tolist() == [3, 2, 1]
    assert counts.loc["DIFFER2"].tolist() == [2, 1, 0]


def test_a_tie_of_razor_groups_goes_to_the_first_in_the_alphabet() -> None:
    assert razor(infer(pairs({"P2": "ab", "P1": "bc"})))["b"] == "P1"
    assert razor(infer(pairs({"P2": "abx", "P1": "bc"})))["b"] == "P2"


def test_a_ring_of_shared_peptides_is_covered_by_few_groups() -> None:
    # nobody has a peptide of its own; two of four explain everything
    result = infer(pairs({"P1": "ab", "P2": "bc", "P3": "cd", "P4": "da"}))
    assert result.groups["protein_group"].tolist() == ["P1", "P3"]
    assert status(result)["P2"] == status(result)["P4"] == "subsumable"


def test_a_group_that_becomes_needless_is_taken_out_again() -> None:
    # P0 is picked first, then P1 for b and e, then P3 for c; these two hold all of P0
    result = infer(pairs({"P0": "adfgi", "P1": "bdefi", "P2": "bcd", "P3": "aceg"}))
    assert result.groups["protein_group"].tolist() == ["P1", "P3"]
    assert status(result)["P0"] == status(result)["P2"] == "subsumable"


def test_a_subset_of_a_subsumable_group_names_the_groups_that_are_there() -> None:
    # MIDDLE (b c d) is subsumable, INNER (b c) its subset and of no taken group alone
    result = infer(pairs({"LEFT": "ab", "MIDDLE": "bcd", "RIGHT": "cde", "INNER": "bc"}))
    assert status(result)["INNER"] == "subset"
    assert result.proteins.set_index("accession").loc["INNER", "explained_by"] == "LEFT | RIGHT"


def test_the_leading_member_is_the_canonical_sequence() -> None:
    given = ["P12345-2", "A0A024R161", "Q9Y6R7", "P12345"]
    assert sorted(given, key=leading_order) == ["P12345", "Q9Y6R7", "A0A024R161", "P12345-2"]
    result = infer(pairs(dict.fromkeys(given, "ab")))
    assert result.groups[["protein_group", "leading"]].iloc[0].tolist() == [
        *("P12345;Q9Y6R7;A0A024R161;P12345-2", "P12345")
    ]


def test_nothing_gives_nothing() -> None:
    result = infer(pairs({}))
    assert result.groups.empty and result.proteins.empty and result.peptides.empty
    assert list(result.proteins.columns) == COLUMNS


@st.composite
def incidences(draw: st.DrawFn) -> pd.DataFrame:
    held = draw(st.lists(st.sets(st.sampled_from("abcdefgh"), min_size=1), min_size=1, max_size=9))
    return pairs({f"P{i}": "".join(sorted(one)) for i, one in enumerate(held)})


@settings(max_examples=100, deadline=None)
@given(incidences(), st.randoms(use_true_random=False))
def test_the_rules_hold_for_any_incidence(table: pd.DataFrame, random: object) -> None:
    result = infer(table)
    held = {p: frozenset(g) for p, g in table.groupby("protein")["peptide"]}
    taken = {g: held[g.split(";")[0]] for g in result.groups["protein_group"]}
    # everything is explained, and nothing is there without need
    assert set().union(*taken.values()) == set(table["peptide"])
    for group, mine in taken.items():
        others = set().union(*(v for k, v in taken.items() if k != group))
        assert mine - others
    for protein, kind in status(result).items():
        mine = held[protein]
        if kind in ("leading", "indistinguishable"):
            group = next(g for g in taken if protein in g.split(";"))
            assert mine == taken[group]
            assert set(group.split(";")) == {p for p, v in held.items() if v == mine}
        assert (kind == "subset") == any(mine < other for other in held.values())
        if kind == "subsumable":
            assert mine <= set().union(*taken.values())
    # every group with a peptide of its own among the maximal ones is taken
    maximal = {v for v in held.values() if not any(v < o for o in held.values())}
    for mine in maximal:
        if mine - set().union(*(o for o in maximal if o != mine)):
            assert mine in taken.values()
    for peptide, group in razor(result).items():
        best = min((g for g in taken if peptide in taken[g]), key=lambda g: (-len(taken[g]), g.split(";")[0]))
        assert group == best
    assert (result.groups[["unique", "razor"]].sum().sum()) == table["peptide"].nunique()
    # the order of rows and repeated rows change nothing
    order = list(range(len(table)))
    random.shuffle(order)  # type: ignore[attr-defined]
    again = infer(pd.concat([table.iloc[order], table.iloc[order[:2]]]))
    for one, other in zip(
        (result.groups, result.proteins, result.peptides), (again.groups, again.proteins, again.peptides), strict=True
    ):
        pd.testing.assert_frame_equal(one, other)


def test_a_hundred_thousand_peptides_take_seconds() -> None:
    rng = np.random.default_rng(1)
    count = 100_000
    base = rng.integers(0, 12_000, count)
    parts = [(np.arange(count), base)]
    for share, proteins in ((0.4, (base // 3) * 3 + rng.integers(0, 3, count)), (0.5, 12_000 + base)):
        chosen = rng.random(count) < share
        parts.append((np.flatnonzero(chosen), proteins[chosen]))
    common = np.repeat(np.arange(20), 500)  # peptides of 500 proteins each, as immunoglobulins and histones have
    parts.append((common, 30_000 + np.tile(np.arange(500), 20)))
    peptide, protein = (np.concatenate([part[i] for part in parts]) for i in (0, 1))
    table = pd.DataFrame(
        {"peptide": np.char.add("PEP", peptide.astype(str)), "protein": np.char.add("P", protein.astype(str))}
    )
    start = time.process_time()
    result = infer(table)
    assert time.process_time() - start < 5
    assert len(result.peptides) == count


@pytest.mark.shared
def test_maxquant_groups_and_razor_peptides(studies: Path) -> None:
    # 866 groups of MaxQuant, their peptides and which of these are razor; 238 peptides stand in several groups
    table = pd.read_csv(studies / "breast_exosome" / "proteinGroups.csv", low_memory=False)
    leading = table["Majority protein IDs"].str.split(";").str[0]
    long = pd.DataFrame(
        {
            "protein": leading,
            "peptide": table["Peptide IDs"].astype(str).str.split(";"),
            "razor": table["Peptide is razor"].astype(str).str.split(";"),
        }
    ).explode(["peptide", "razor"])
    result = infer(long[["peptide", "protein"]])
    # MaxQuant's groups stand as they are, but for those that other groups explain wholly
    taken = set(result.groups["protein_group"].str.split(";").explode())
    gone = set(leading) - taken
    razors = pd.Series(table["Unique peptides"].to_numpy(), index=leading)
    assert len(gone) <= 0.01 * len(leading)
    assert (razors[list(gone)] == 0).all()
    # razor peptides: 56 of the 238 are ties, which MaxQuant breaks by its score
    sizes = long.groupby("protein")["peptide"].nunique()
    several = long[long["peptide"].duplicated(keep=False) & long["protein"].isin(taken)]
    several = several[several["peptide"].duplicated(keep=False)]
    ours = several["peptide"].map(razor(result))
    mine = several[ours.str.split(";").map(lambda g: g[0]).eq(several["protein"])].set_index("peptide")
    theirs = several[several["razor"].eq("True")].set_index("peptide")["protein"].reindex(mine.index).dropna()
    agreeing = mine["protein"].reindex(theirs.index).eq(theirs)
    tied = mine["protein"].reindex(theirs.index).map(sizes).eq(theirs.map(sizes))
    assert len(theirs) > 200
    assert (agreeing | tied).all()
    assert agreeing.mean() > 0.85


@pytest.mark.shared
def test_fragpipe_groups_and_razor_peptides(shared_data: Path) -> None:
    folder = shared_data / "formats" / "fragpipe"
    peptides = pd.read_csv(folder / "paynelab_peptide.tsv", sep="\t")
    proteins = pd.read_csv(folder / "paynelab_protein.tsv", sep="\t")
    listed = (peptides["Protein"] + ", " + peptides["Mapped Proteins"].fillna("")).str.strip(", ").str.split(", ")
    result = infer(pd.DataFrame({"peptide": peptides["Peptide"], "protein": listed}).explode("protein"))
    others = proteins["Indistinguishable Proteins"].fillna("").str.split(", ")
    theirs = {frozenset([a, *b]) - {""} for a, b in zip(proteins["Protein"], others, strict=True)}
    ours = {frozenset(group.split(";")) for group in result.groups["protein_group"]}
    # 1,684 groups of FragPipe, 1,676 of ours, 1,628 the same to the last member
    assert len(ours & theirs) > 0.96 * len(theirs)
    # 99 of 100 peptides count for the same group; the rest are shared ones that FragPipe weighs by its probabilities
    group_of = {a: g for g in result.groups["protein_group"] for a in g.split(";")}
    same = peptides["Protein"].map(group_of).eq(peptides["Peptide"].map(razor(result)))
    assert same.mean() > 0.985
    shared = result.peptides.set_index("peptide").loc[peptides.loc[~same, "Peptide"]]
    unlike = (shared["shared"] == 1).sum()
    assert unlike <= 30  # the group that FragPipe named is a subset here
