"""Error rates: q-values against pyteomics and their definition, the picked competition, what is refused."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyteomics import auxiliary

from sevident import readers, tables
from sevident.errors import ConfigurationError, InputError
from sevident.identifiers import parse_identifier
from sevident.quantification import fdr, rollup
from sevident.quantification.fdr import Rates
from sevident.quantification.peptides import take_apart
from sevident.readers.base import InputSpec

NAN = float("nan")


def features(rows: list[dict[str, object]], **columns: object) -> pd.DataFrame:
    """A peptide table; what a row does not say is filled in."""
    base = {"input": "main", "run": "r1", "charge": 2, "proteins": "P1", "intensity": 1.0, "evidence": "ms2"}
    base |= {"is_decoy": False}
    filled = [base | columns | {"modified_sequence": row["peptide"]} | row for row in rows]
    return tables.conform(pd.DataFrame(filled), tables.FEATURES)


def controlled(table: pd.DataFrame, rate: float | None = 0.01) -> tuple[fdr.Control, pd.DataFrame, dict[str, dict]]:
    """The control, its rows (with the text of the peptide and whether it is kept), and warnings by code."""
    peptides, found = take_apart("main", table)
    control = fdr.control_peptides(peptides, rate)
    rows = peptides.rows.assign(name=[peptides.peptides[c] for c in peptides.rows["peptide"]], keep=control.keep)
    return control, rows, {str(w["code"]): w for w in [*found, *control.warnings]}


def defined(score: np.ndarray, decoy: np.ndarray) -> np.ndarray:
    """q-values by their definition: the lowest share decoys / targets of any threshold that the score passes."""
    out = []
    for s in score:
        rates = []
        for threshold in score[score <= s]:
            above = score >= threshold
            targets = (above & ~decoy).sum()
            rates.append((above & decoy).sum() / targets if targets else np.inf)
        out.append(min(1.0, *rates))
    return np.array(out)


scored = st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=40)


@settings(max_examples=200, deadline=None)
@given(scored)
def test_q_values_are_those_of_pyteomics_and_of_the_definition(values: list[tuple[int, bool]]) -> None:
    score, decoy = np.array([v[0] for v in values], dtype=float), np.array([v[1] for v in values])
    found = fdr.q_values(score, decoy)
    assert found == pytest.approx(defined(score, decoy))
    with np.errstate(divide="ignore"):
        theirs = auxiliary.qvalues(
            range(len(score)), key=-score, is_decoy=decoy, remove_decoy=True, formula=1, full_output=False
        )
    assert np.sort(found[~decoy]) == pytest.approx(np.sort(np.minimum(theirs["q"], 1)))


# every public search that brings scored decoys and scored targets
SEARCHES = (
    "formats/mzid/psi_55merge_tandem_1.1.mzid",
    "formats/mztab/pyteomics_test.mztab",
    "formats/tpp/crema_msfragger.pepxml",
    *(f"formats/fragpipe/picked_fragpipe.zip/{run}/psm.tsv" for run in ("A1", "A2", "A3", "B1", "C3")),
)


@pytest.mark.shared
@pytest.mark.parametrize("search", SEARCHES)
def test_q_values_of_real_searches_are_those_of_pyteomics(shared_data: Path, tmp_path: Path, search: str) -> None:
    archive, _, member = search.partition(".zip/")
    path = shared_data / search
    if member:
        with zipfile.ZipFile(shared_data / f"{archive}.zip") as packed:
            path = Path(packed.extract(member, tmp_path))
    table = readers.read(InputSpec("main", path, organism="human")).features
    assert table is not None
    peptides, _ = take_apart("main", table)
    rows = peptides.rows[peptides.rows["score"].notna()]
    score, decoy = rows["score"].to_numpy(), rows["decoy"].to_numpy()
    assert decoy.any() and (~decoy).any()
    in_run, overall = fdr.peptide_q_values(rows["run"].to_numpy(), rows["peptide"].to_numpy(), score, decoy)
    found = rows.assign(in_run=in_run, overall=overall)
    for column, keys in (("in_run", ["run", "peptide"]), ("overall", ["peptide"])):
        best = found.groupby(keys, as_index=False).agg(
            score=("score", "max"), decoy=("decoy", "first"), q=(column, "max"), least=(column, "min")
        )
        assert (best["q"] == best["least"]).all(), "a peptide with two q-values"
        for _, one in best.groupby("run") if "run" in keys else [("", best)]:
            with np.errstate(divide="ignore"):
                theirs = auxiliary.qvalues(
                    range(len(one)), key=-one["score"].to_numpy(), is_decoy=one["decoy"].to_numpy(),
                    remove_decoy=True, formula=1, full_output=False,
                )  # fmt: skip
            ours = one.loc[~one["decoy"]].sort_values(["score", "q"], ascending=[False, True])
            assert len(theirs) == len(ours)
            assert np.sort(ours["q"]) == pytest.approx(np.sort(np.minimum(theirs["q"], 1)), abs=1e-12)


def test_the_targets_below_a_rate_are_those_of_pyteomics() -> None:
    rng = np.random.default_rng(3)
    score = np.concatenate([rng.normal(4, 1, 3000), rng.normal(0, 1, 1000), rng.normal(0, 1, 1000)])
    decoy = np.arange(5000) >= 4000
    kept = auxiliary.filter(
        np.rec.fromarrays([score, decoy], names="score,decoy"),
        fdr=0.01, key="score", is_decoy="decoy", reverse=True, remove_decoy=True, formula=1, full_output=True,
    )  # fmt: skip
    assert set(score[(fdr.q_values(score, decoy) <= 0.01) & ~decoy]) == set(kept["score"])
    # and the false ones among them are about 1 %: the third block of scores has the distribution of the second
    assert (fdr.q_values(score, decoy)[3000:4000] <= 0.01).sum() / len(kept) == pytest.approx(0.01, abs=0.005)


def test_peptides_have_their_best_score_in_the_run_and_over_all_runs() -> None:
    #        run 0: A 9, A 3, B 2, decoy D 5     run 1: B 8, D 1, C none
    run = np.array([0, 0, 0, 0, 1, 1, 1])
    peptide = np.array([0, 0, 1, 3, 1, 3, 2])
    score = np.array([9.0, 3, 2, 5, 8, 1, NAN])
    in_run, overall = fdr.peptide_q_values(run, peptide, score, peptide == 3)
    # run 0: A before D before B: 0, then 1 decoy of 1 target, monotonic 1/2; run 1: B before D
    assert in_run == pytest.approx([0, 0, 0.5, 0.5, 0, 1, NAN], nan_ok=True)
    # over all runs A 9, B 8, D 5
    assert overall == pytest.approx([0, 0, 0, 0.5, 0, 0.5, NAN], nan_ok=True)


def test_the_picked_competition_by_hand() -> None:
    # groups 0, 1, 2 are targets, 3, 4, 5 their decoys
    decoy = np.array([False] * 3 + [True] * 3)
    rivals = np.array([[0, 3], [1, 4], [2, 5]])
    score = np.array([9.0, 5.0, 4.0, 2.0, 7.0, 4.0])
    # target 0 wins; decoy 4 wins over target 1; at equal scores the decoy wins
    assert fdr.picked(score, decoy, rivals).tolist() == [True, False, False, False, True, True]
    q = fdr.group_q_values(score, decoy, rivals)
    assert q[0] == 0
    assert np.isnan(q[[1, 2, 3]]).all()
    # a group without a score is out and puts nobody out
    assert fdr.picked(np.array([9, 5, 4, NAN, NAN, 1.0]), decoy, rivals).tolist() == [True] * 3 + [False] * 3


def test_who_is_out_puts_nobody_out() -> None:
    # target 0 puts out decoy 2, which would have put out target 1
    decoy = np.array([False, False, True])
    assert fdr.picked(np.array([9.0, 1.0, 5.0]), decoy, np.array([[0, 2], [1, 2]])).tolist() == [True, True, False]


group = st.tuples(st.sets(st.integers(0, 6), min_size=1, max_size=3), st.booleans(), st.integers(0, 5))


@settings(max_examples=100, deadline=None)
@given(st.lists(group, max_size=12))
def test_the_picked_competition_is_that_of_the_publication(groups: list[tuple[set[int], bool, int]]) -> None:
    # The et al. 2022 walk down the scores and leave out groups with a protein that was seen among the other kind
    decoy = np.array([g[1] for g in groups], dtype=bool)
    score = np.array([g[2] for g in groups], dtype=float)
    rivals = [
        (t, d)
        for t in range(len(groups))
        for d in range(len(groups))
        if not decoy[t] and decoy[d] and groups[t][0] & groups[d][0]
    ]
    seen: dict[bool, set[int]] = {True: set(), False: set()}
    stay = [False] * len(groups)
    for i in sorted(range(len(groups)), key=lambda i: (-score[i], not decoy[i], i)):
        if not groups[i][0] & seen[not decoy[i]]:
            stay[i] = True
            seen[bool(decoy[i])] |= groups[i][0]
    assert fdr.picked(score, decoy, np.array(rivals, dtype="int64").reshape(-1, 2)).tolist() == stay


def test_the_picked_competition_keeps_the_error_rate_that_counting_decoys_overstates() -> None:
    # 2,000 proteins are there, 6,000 are not; false peptides hit all of them alike, targets as often as decoys
    rng = np.random.default_rng(7)
    true, all_ = 2000, 8000
    target = rng.normal(0, 1, all_)
    target[:true] = np.maximum(target[:true], rng.normal(5, 1.5, true))
    score = np.concatenate([target, rng.normal(0, 1, all_)])
    decoy = np.arange(2 * all_) >= all_
    rivals = np.column_stack([np.arange(all_), all_ + np.arange(all_)])
    accepted = np.flatnonzero(fdr.group_q_values(score, decoy, rivals)[:all_] <= 0.01)
    plain = np.flatnonzero(fdr.q_values(score, decoy)[:all_] <= 0.01)
    assert (accepted >= true).mean() == pytest.approx(0.01, abs=0.006)
    assert len(accepted) > len(plain)


def test_the_q_values_of_the_engine_are_taken_where_it_gives_them() -> None:
    table = features(
        [
            {"peptide": "GOOD", "q_value": 0.001, "score": 1.0},
            {"peptide": "LIMIT", "q_value": 0.01, "score": 1.0},
            {"peptide": "BAD", "q_value": 0.011, "score": 99.0, "intensity": 2.0},
            {"peptide": "NONE", "q_value": None, "score": 99.0},
            {"peptide": "DECOY", "q_value": 0.001, "score": 99.0, "is_decoy": True},
        ]
    )
    control, rows, said = controlled(table)
    assert rows.set_index("name")["keep"].to_dict() == {
        "GOOD": True, "LIMIT": True, "BAD": False, "NONE": False, "DECOY": True,
    }  # fmt: skip
    assert control.lost
    message = str(said["peptide_error_rate"]["message"])
    assert said["peptide_error_rate"]["count"] == 2
    assert "2 of 4 rows are left out (1 are above it, 1 have no q-value or score) with 60.00% of the summed" in message
    assert "2 peptides are gone from all runs" in message
    assert not controlled(table[table["peptide"].isin(["GOOD", "LIMIT"])])[0].lost


def test_matched_rows_pass_with_the_peptide_that_was_identified_in_another_run() -> None:
    table = features(
        [
            {"peptide": "A", "q_value": 0.001},
            {"peptide": "A", "run": "r2", "q_value": None, "evidence": "matched"},
            {"peptide": "B", "run": "r2", "q_value": None, "evidence": "matched"},
            {"peptide": "B", "q_value": 0.5},
        ]
    )
    _, rows, _ = controlled(table)
    assert rows.set_index(["name", "run"])["keep"].to_dict() == {
        ("A", 0): True, ("A", 1): True, ("B", 1): False, ("B", 0): False,
    }  # fmt: skip


def competing(targets: int, decoys: int, **columns: object) -> pd.DataFrame:
    """Targets with high scores and decoys, as many targets again below them."""
    rows: list[dict[str, object]] = [{"peptide": f"T{i}", "score": 100.0 + i} for i in range(targets)]
    rows += [{"peptide": f"D{i}", "score": 50.0, "is_decoy": True, "proteins": "rev_P1"} for i in range(decoys)]
    rows += [{"peptide": f"L{i}", "score": 10.0} for i in range(targets)]
    return features(rows, **columns)


def test_without_q_values_decoys_and_scores_make_them() -> None:
    control, rows, said = controlled(competing(150, 20))
    kept = rows[rows["keep"]]["name"]
    assert set(kept) == {f"T{i}" for i in range(150)}
    assert "150 are above it in their run" in str(said["peptide_error_rate"]["message"])
    assert control.score is not None
    # the loose rate of 20 decoys among 300 targets takes all of them
    assert controlled(competing(150, 20), 0.07)[1].query("not decoy")["keep"].all()


def test_a_peptide_must_pass_over_all_runs_as_well() -> None:
    # ten runs, each with a false peptide and a decoy of its own that do not meet in one run
    rows: list[dict[str, object]] = []
    for run in range(10):
        rows += [{"run": f"r{run}", "peptide": f"T{i}", "score": 100.0 + i} for i in range(100)]
        rows.append({"run": f"r{run}", "peptide": f"F{run}", "score": 20.0})
    rows += [{"run": "r0", "peptide": f"D{i}", "score": 30.0, "is_decoy": True} for i in range(2)]
    _, found, said = controlled(features(rows))
    assert not found[found["name"].str.startswith("F")]["keep"].any()
    assert found[found["name"].str.startswith("T")]["keep"].all()
    assert "1 are above it in their run, 9 only over all runs" in str(said["peptide_error_rate"]["message"])


def test_few_peptides_are_said_to_be_few() -> None:
    _, _, said = controlled(competing(20, 1), 0.05)
    assert "few_peptides_for_error_rate" not in said
    _, _, said = controlled(competing(20, 0).pipe(lambda t: pd.concat([t, competing(1, 1)])), 0.01)
    assert said["few_peptides_for_error_rate"]["level"] == "warning"
    assert "fewer than 100 peptides (r1)" in str(said["few_peptides_for_error_rate"]["message"])


def test_nothing_to_judge_by_is_an_error_that_says_what_to_do() -> None:
    table = features([{"peptide": "A"}, {"peptide": "B"}])
    with pytest.raises(InputError, match=r"nothing in the input allows to judge it") as caught:
        controlled(table)
    assert "peptide: 1" in str(caught.value)
    control, _, said = controlled(table, None)
    assert control.keep.all()
    assert said["no_peptide_error_rate"]["level"] == "warning"


def test_a_list_that_the_engine_grouped_was_filtered_by_it() -> None:
    control, _, said = controlled(features([{"peptide": "A", "protein_group": "P1"}, {"peptide": "B"}]))
    assert control.keep.all() and not control.lost
    assert "cannot be checked" in str(said["error_rate_of_engine"]["message"])


@pytest.mark.parametrize("group", ["", "P1"])
def test_decoys_without_scores_give_the_rate_of_the_list_alone(group: str) -> None:
    rows: list[dict[str, object]] = [{"peptide": f"T{i}", "protein_group": group} for i in range(300)]
    decoys: list[dict[str, object]] = [{"peptide": f"D{i}", "is_decoy": True} for i in range(10)]
    _, _, said = controlled(features(rows + decoys[:3]))
    assert "1.00%" in str(said["error_rate_of_engine"]["message"])
    with pytest.raises(InputError, match="more decoys") as caught:
        controlled(features(rows + decoys))
    assert "10 decoy peptides and 300 others" in str(caught.value)


def test_when_nothing_passes_it_is_an_error() -> None:
    with pytest.raises(InputError, match=r"No peptide passes the error rate of 1.00%"):
        controlled(features([{"peptide": "A", "q_value": 0.2}]))


def test_rates_of_the_configuration() -> None:
    assert Rates.of({}) == Rates(0.01, 0.01)
    assert Rates.of({"fdr": {"peptide": 0.05, "protein": 1}}) == Rates(0.05, None)
    with pytest.raises(ConfigurationError, match=r"fdr.peptide"):
        Rates.of({"fdr": {"peptide": NAN}})


def test_decoys_are_known_by_their_name_too() -> None:
    table = features(
        [
            {"peptide": "A", "proteins": "sp|P1|X;rev_sp|P2|Y"},
            {"peptide": "B", "proteins": "rev_sp|P1|X;DECOY_P2"},
            {"peptide": "C", "proteins": "P3", "is_decoy": True},
            {"peptide": "C", "proteins": "P4", "run": "r2"},
        ]
    )
    peptides, found = take_apart("main", table)
    names = [peptides.peptides[c] for c in peptides.rows["peptide"]]
    assert dict(zip(names, peptides.rows["decoy"], strict=True)) == {"A": False, "B": True, "C": False}
    # a target whose decoy shares the peptide is there, the decoy is not; C is a target, so its decoy row goes
    assert peptides.pairs(~peptides.rows["decoy"].to_numpy())["protein"].tolist() == ["P1", "P4"]
    assert {w["code"]: w["count"] for w in found} == {"decoys_like_targets": 1}


@pytest.fixture
def known_mixture(shared_data: Path, tmp_path: Path) -> tuple[pd.DataFrame, list[Path]]:
    """FragPipe's PSMs of a mixture of known proteins as a table of peptides, and the files they came from.

    Those named "entrapment" were searched for and never there. It is the example of picked-group-fdr.
    """
    with zipfile.ZipFile(shared_data / "formats" / "fragpipe" / "picked_fragpipe.zip") as packed:
        names = sorted(n for n in packed.namelist() if n.endswith("psm.tsv"))
        files = [Path(packed.extract(name, tmp_path)) for name in names]
    parts = [pd.read_csv(path, sep="\t").assign(run=path.parent.name) for path in files]
    psms = pd.concat(parts, ignore_index=True)
    further = psms["Mapped Proteins"].fillna("").str.replace(", ", ";", regex=False)
    table = pd.DataFrame(
        {
            "input": "main",
            "run": psms["run"],
            "peptide": psms["Peptide"],
            "modified_sequence": psms["Modified Peptide"].fillna(psms["Peptide"]),
            "charge": psms["Charge"],
            "proteins": (psms["Protein"] + ";" + further).str.strip(";"),
            "spectra": 1,
            "score": psms["Hyperscore"],
            "is_decoy": psms["Protein"].str.startswith("rev_"),
            "evidence": "ms2",
        }
    )
    return tables.conform(table, tables.FEATURES), files


@pytest.mark.shared
def test_proteins_that_were_not_in_the_sample_go(known_mixture: tuple[pd.DataFrame, list[Path]]) -> None:
    table, _ = known_mixture

    def entrapped(rates: Rates) -> tuple[float, int]:
        groups = rollup.quantities(tables.empty(tables.PROTEINS), table, rates).proteins["protein_group"]
        distinct = pd.Series(groups.unique())
        return float(distinct.str.contains("entrapment").mean()), len(distinct)

    share, count = entrapped(Rates(None, None))
    assert share > 0.2
    after, left = entrapped(Rates(0.01, 0.01))
    assert after < 0.04
    # the groups of the proteins that are there stay
    assert left * (1 - after) > 0.9 * count * (1 - share)


@pytest.mark.shared
def test_the_accepted_groups_are_those_of_picked_group_fdr(known_mixture: tuple[pd.DataFrame, list[Path]]) -> None:
    # its own way for FragPipe: posterior errors of peptides, shared peptides left out, groups made anew once
    table, files = known_mixture
    out = files[0].parent.parent / "theirs.tsv"
    command = [sys.executable, "-m", "picked_group_fdr", "--fragpipe_psm", *files, "--methods", "fragpipe"]
    done = subprocess.run([*command, "--protein_groups_out", out], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    written = pd.read_csv(out, sep="\t")
    accepted = written[(written["Q-value"] <= 0.01) & (written["Reverse"] != "+")]
    theirs = [frozenset(parse_identifier(p).accession for p in ids.split(";")) for ids in accepted["Protein IDs"]]
    found = rollup.quantities(tables.empty(tables.PROTEINS), table, Rates(0.01, 0.01)).proteins
    ours = [frozenset(ids.split(";")) for ids in found["accessions"].unique()]
    assert len(theirs) > 300
    assert abs(len(ours) - len(theirs)) <= 0.02 * len(theirs)
    # nearly every group of one has a protein in common with a group of the other
    for some, others in ((ours, frozenset().union(*theirs)), (theirs, frozenset().union(*ours))):
        assert sum(bool(group & others) for group in some) >= 0.97 * len(some)
    false = [sum(any("entrapment" in p for p in group) for group in groups) / len(groups) for groups in (ours, theirs)]
    assert false[0] <= false[1] + 0.005, "more groups that were never there than picked-group-fdr lets pass"
