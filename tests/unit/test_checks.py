"""Signs that a table was edited after the search: on made tables, and on public studies where they are at hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sevident.quantification import checks
from sevident.quantification.runs import take_apart

NAN = float("nan")


def table(seed: int = 0, rows: int = 600, runs: int = 8, load: float = 0.3) -> np.ndarray:
    """Intensities as engines write them: the scarcer, the more often blank."""
    rng = np.random.default_rng(seed)
    level = rng.normal(24, 2.2, rows)
    logs = level[:, None] + rng.normal(0, load, runs) + rng.normal(0, 0.5, (rows, runs))
    logs[rng.random(logs.shape) < 1 / (1 + np.exp(1.5 * (logs - 22)))] = NAN
    logs = logs[~np.isnan(logs).all(axis=1)]
    return 2.0**logs


def impute(values: np.ndarray, seed: int = 1) -> np.ndarray:
    """As Perseus does: a normal distribution, 1.8 standard deviations down and 0.3 wide, run by run."""
    rng = np.random.default_rng(seed)
    logs = np.log2(values[(~np.isnan(values)).mean(axis=1) >= 0.5])
    for column in logs.T:
        blank = np.isnan(column)
        centre, spread = np.nanmean(column), np.nanstd(column)
        column[blank] = rng.normal(centre - 1.8 * spread, 0.3 * spread, blank.sum())
    return 2.0**logs


def groups(genes: list[str], **columns: object) -> pd.DataFrame:
    frame = pd.DataFrame({"genes": genes, "accessions": "", "organism": "", "contaminant": "none"})
    for name, value in columns.items():
        frame[name] = value
    return frame


def codes(found: list[dict[str, object]]) -> set[str]:
    return {str(w["code"]) for w in found}


def removed(frame: pd.DataFrame, organism: str = "human") -> set[str]:
    return codes(checks.check_removed("main", frame, np.ones(len(frame), dtype="bool"), organism))


def test_an_untouched_table_gives_no_warning() -> None:
    values = table()
    frame = groups([f"G{i}" for i in range(len(values) - 1)] + ["KRT1"])
    assert checks.check_input("main", frame, values, "human") == []


def test_imputed_values_are_told_from_a_complete_table() -> None:
    values = table(rows=2000)
    found = checks.check_blanks("main", impute(values))
    assert codes(found) == {"imputed"}
    assert "imputed" in str(found[0]["message"])
    complete = values[~np.isnan(values).any(axis=1)]
    assert codes(checks.check_blanks("main", complete)) == {"no_blanks"}
    assert checks.check_blanks("main", values) == []


def test_a_constant_in_the_place_of_blanks_is_imputation() -> None:
    values = table()
    filled = np.where(np.isnan(values), np.nanmin(values) / 2, values)
    assert codes(checks.check_blanks("main", filled)) == {"imputed"}


@pytest.mark.parametrize(("rows", "runs"), [(150, 8), (600, 3)])
def test_small_tables_may_be_complete(rows: int, runs: int) -> None:
    assert checks.check_blanks("main", 2.0 ** np.random.default_rng(0).normal(24, 2, (rows, runs))) == []


def test_low_mode_of_degenerate_values() -> None:
    two_spikes = np.repeat([10.0, 20.0], 300)
    assert checks.has_low_mode([]).tolist() == []
    assert checks.has_low_mode([np.full(500, 20.0), np.array([]), two_spikes]).tolist()[:2] == [False, False]


def test_a_low_mode_is_found_in_its_own_run_whatever_stands_beside_it() -> None:
    rng = np.random.default_rng(0)
    plain = [rng.normal(24, 2, 1000) for _ in range(3)]
    imputed = np.concatenate([rng.normal(24, 2, 800), rng.normal(24 - 1.8 * 2, 0.3 * 2, 300)])
    assert checks.has_low_mode([*plain, imputed]).tolist() == [False, False, False, True]
    assert checks.has_low_mode([imputed]).tolist() == [True]


PLASMA = ["TF", "SERPINA1", "A2M", "HP", "C3"]


def test_albumin_removed_is_seen_by_gene_and_by_accession() -> None:
    assert removed(groups(PLASMA)) == {"albumin_removed"}
    assert removed(groups([*PLASMA, "ALB"])) == set()
    accessions = ["P02787", "P01009-2", "P01023;Q00000", "P00738"]
    assert removed(groups([""] * 4, accessions=accessions)) == {"albumin_removed"}
    assert removed(groups([""] * 5, accessions=[*accessions, "P02768"])) == set()
    assert removed(groups(PLASMA[:3])) == set()  # too few plasma proteins to expect albumin


def test_bovine_albumin_is_no_human_albumin() -> None:
    frame = groups([*PLASMA, "ALB"], organism=["human"] * 5 + ["bovine"])
    assert removed(frame) == {"albumin_removed"}
    frame.loc[5, "organism"] = "human;bovine"
    assert removed(frame) == set()


def test_contaminants_removed_needs_a_deep_table_without_any_sign_of_them() -> None:
    genes = [f"G{i}" for i in range(400)]
    assert removed(groups(genes)) == {"contaminants_removed"}
    assert removed(groups(genes[:200])) == set()
    assert removed(groups([*genes, "KRT9"])) == set()
    assert removed(groups([*genes, ""], accessions=[""] * 400 + ["P00761"])) == set()
    assert removed(groups(genes, contaminant=["process"] + ["none"] * 399)) == set()


def test_a_table_of_valid_values_alone_is_seen() -> None:
    values = table(rows=1500)
    assert checks.check_valid_values("main", values) == []
    kept = values[(~np.isnan(values)).sum(axis=1) >= 3]
    found = checks.check_valid_values("main", kept)
    assert codes(found) == {"rows_filtered"}
    assert "fewer than 3 of 8 runs" in str(found[0]["message"])


def test_normalisation_of_totals_medians_and_quantiles() -> None:
    values = table()
    assert checks.check_normalised("main", values) == []
    totals = checks.check_normalised("main", values / np.nansum(values, axis=0) * 100)
    assert codes(totals) == {"equal_totals"}
    assert totals[0]["level"] == "info"  # one factor a run does not touch composition
    assert codes(checks.check_normalised("main", values / np.nanmedian(values, axis=0))) == {"equal_medians"}
    rng = np.random.default_rng(2)
    one = np.sort(2.0 ** rng.normal(24, 2, 500))
    same = np.column_stack([rng.permutation(one) for _ in range(5)])
    assert codes(checks.check_normalised("main", same)) == {"quantile_normalised"}


def test_few_proteins_names_the_sample() -> None:
    found = checks.check_samples(["a", "b", "c"], np.array([99, 100, 0]))
    assert [(w["subject"], w["count"], w["level"]) for w in found] == [("a", 99, "warning")]


# ---------------------------------------------------------------- public studies

_STUDIES = {
    # study, file, first line of the header, columns of gene and accession, samples, scale, what must be found
    "ascites": (
        "ascites_ev/abundance.csv",
        "Suggested.Symbol",
        "ID",
        "linear",
        {"albumin_removed", "contaminants_removed"},
    ),
    "breast": (
        "breast_exosome/proteinGroups.csv",
        "Gene names",
        "Majority protein IDs",
        "linear",
        {"contaminants_removed"},
    ),
    "bv2": ("bv2_microglia/perseus_cell_vs_exosome.xlsx", "Gene names", "Majority protein IDs", "log2", {"imputed"}),
    "plasma": ("plasma_cohort/example_Weight_loss_study.txt", "Gene names", "Majority protein IDs", "linear", set()),
    "skin": ("skin_lysate/report.pg_matrix.tsv", "Genes", "Protein.Group", "linear", set()),
    "percent": (
        "plasma_ev_methods/abundance_matrix.xlsx",
        "Gene names",
        None,
        "linear",
        {"contaminants_removed", "equal_totals"},
    ),
}


@pytest.mark.shared
@pytest.mark.parametrize("study", sorted(_STUDIES))
def test_public_studies(study: str, studies: Path) -> None:
    path, gene, accession, scale, expected = _STUDIES[study]
    labels = pd.read_csv(studies / "samples.tsv", sep="\t")
    folder, _, name = path.partition("/")
    columns = labels.loc[labels["study"].eq(folder) & labels["file"].eq(name), "column"].tolist()
    frame = _read(studies / path, columns[0])
    values = frame[columns].apply(pd.to_numeric, errors="coerce").to_numpy(dtype="float64", copy=True)
    if scale == "log2":
        values = 2.0**values
    values[~(values > 0)] = NAN
    named = frame[accession].fillna("").astype("str") if accession else pd.Series("", index=frame.index)
    facts = groups(frame[gene].fillna("").astype("str").str.replace(" ", ";").tolist())
    facts["accessions"] = named.str.replace("CON__", "").to_numpy()
    facts["contaminant"] = np.where(named.str.contains("CON__"), "process", "none")
    if "Potential contaminant" in frame:
        facts.loc[frame["Potential contaminant"].eq("+").to_numpy(), "contaminant"] = "process"
    organism = "mouse" if study == "bv2" else "human"
    assert codes(checks.check_input(study, facts, values, organism)) == expected


def _read(path: Path, column: str) -> pd.DataFrame:
    if path.suffix != ".xlsx":
        return pd.read_csv(path, sep=None, engine="python") if path.suffix == ".csv" else pd.read_csv(path, sep="\t")
    for header in range(5):
        frame = pd.read_excel(path, header=header)
        if column in frame.columns:
            return frame
    raise AssertionError(f"{path.name} has no column {column}")


def test_checks_see_the_runs_of_the_table_only() -> None:
    """``Runs.wide`` gives the chosen runs in their order and blanks where the table has no row."""
    long = pd.DataFrame(
        {
            "input": "main",
            "run": ["a", "b", "b"],
            "protein_group": ["X", "X", "Y"],
            "accessions": "",
            "genes": "",
            "organism": "",
            "contaminant": "none",
            "evidence": "ms2",
            "intensity": [1.0, 2.0, 3.0],
            "peptides": NAN,
            "spectra": NAN,
            "sequence_length": NAN,
        }
    )
    np.testing.assert_array_equal(take_apart(long).wide([1, 0]), [[2.0, 1.0], [3.0, NAN]])
