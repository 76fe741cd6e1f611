"""Measures of how left-out estimates and verdicts do, every study and class weighing the same."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sevident.reference.model import EV, OTHERS, balanced_auc, study_balanced_weights

AGAINST: dict[str, tuple[str, ...]] = {"all": OTHERS, **{name: (name,) for name in OTHERS}}
BOOTSTRAPS = 200


def known_rows(results: pd.DataFrame) -> np.ndarray:
    """Mask of the rows whose class is one of the four."""
    return results["sample_class"].isin([EV, *OTHERS]).to_numpy()


def decisions(results: pd.DataFrame) -> dict[str, float]:
    """Shares of labelled samples.

    decided: with a verdict; right: of those, with the verdict of their label; told: of those, with a verdict that says
    truly whether they are small EVs; harmful: of secretome, serum and lysate samples, those called small_ev. In all but
    the last every study of a class weighs the same.
    """
    known = results[known_rows(results)]
    given = known["verdict"] != "indeterminate"
    keys = [known["study"], known["sample_class"]]
    correct = (known["verdict"] == known["sample_class"]).where(given)
    told = ((known["verdict"] == EV) == (known["sample_class"] == EV)).where(given)
    wrong = (known["verdict"] == EV)[known["sample_class"] != EV]
    return {
        "decided": float(given.groupby(keys).mean().mean()),
        "right": float(correct.astype("float64").groupby(keys).mean().mean()),
        "told": float(told.astype("float64").groupby(keys).mean().mean()),
        "harmful": float(wrong.mean()),
    }


def verdicts_by_study(results: pd.DataFrame) -> pd.DataFrame:
    """Per study and class: samples, medians of the scores, share decided, share of those right, count per verdict."""
    rows = []
    for (study, kind), part in results.groupby(["study", "sample_class"], sort=True):
        given = part["verdict"] != "indeterminate"
        labelled = kind in (EV, *OTHERS)
        right = float((part["verdict"] == kind)[given].mean()) if labelled and given.any() else float("nan")
        rows.append(
            {
                "study": study,
                "sample_class": kind,
                "samples": len(part),
                **{q: part[q].median() for q in ("identity", "purity_soluble", "purity_intracellular", "p_small_ev")},
                "decided": float(given.mean()),
                "right": right,
                **{v: int((part["verdict"] == v).sum()) for v in (EV, *OTHERS, "indeterminate")},
            }
        )
    return pd.DataFrame(rows)


def reasons(results: pd.DataFrame) -> pd.DataFrame:
    """sample_class, reason_code, samples: which rule decided how often."""
    counts = results.groupby(["sample_class", "reason_code"], sort=True).size()
    return counts.reset_index(name="samples")


def calibration_table(results: pd.DataFrame, labels: pd.DataFrame, bins: int = 10) -> pd.DataFrame:
    """Equal-width bins of p_small_ev: low, high, weight (sums to 1), mean chance, observed share of small EVs."""
    known = known_rows(results)
    chances = results["p_small_ev"].to_numpy()[known]
    truth = (results["sample_class"] == EV).to_numpy(dtype=float)[known]
    weights = study_balanced_weights(labels)[known]
    index = np.minimum((chances * bins).astype(int), bins - 1)
    rows = []
    for i in range(bins):
        mine = index == i
        total = weights[mine].sum()
        mean, seen = (
            (np.average(chances[mine], weights=weights[mine]), np.average(truth[mine], weights=weights[mine]))
            if total > 0
            else (np.nan, np.nan)
        )
        rows.append(
            {"low": i / bins, "high": (i + 1) / bins, "samples": int(mine.sum()), "weight": total / weights.sum()}
        )
        rows[-1] |= {"mean_probability": mean, "observed": seen}
    return pd.DataFrame(rows)


def calibration_error(table: pd.DataFrame) -> float:
    """Expected calibration error: mean over bins of |mean chance - observed share|, weighted.

    Source: Naeini 2015, AAAI 29:2901, equation 3.
    """
    return float((table["weight"] * (table["mean_probability"] - table["observed"]).abs()).sum())


def auc_table(columns: dict[str, tuple[str, np.ndarray]], labels: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Area under the ROC curve of each quantity, small EVs against all others and each class.

    ``columns``: name -> (source, one value per labelled sample). Returns quantity, source, and per comparison the area
    with a 90 % interval from a bootstrap over studies (of each class, with replacement).
    """
    draws = _studies_resampled(labels, np.random.default_rng(seed))
    rows = []
    for name, (source, values) in columns.items():
        row: dict[str, object] = {"quantity": name, "source": source}
        for title, against in AGAINST.items():
            row[title] = balanced_auc(values, labels, against)
            areas = [_weighted_auc(values, labels, against, weights) for weights in draws]
            row[f"{title}_low"], row[f"{title}_high"] = np.nanquantile(areas, [0.05, 0.95])
        rows.append(row)
    return pd.DataFrame(rows)


def _studies_resampled(labels: pd.DataFrame, rng: np.random.Generator) -> list[np.ndarray]:
    """Weights of the samples in each draw: those of ``study_balanced_weights`` times how often the study was drawn."""
    base = study_balanced_weights(labels)
    units = {c: sorted(labels.loc[labels["sample_class"] == c, "study"].unique()) for c in (EV, *OTHERS)}
    keys = list(zip(labels["sample_class"], labels["study"], strict=True))
    out = []
    for _ in range(BOOTSTRAPS):
        times: dict[tuple[str, str], int] = {}
        for kind, studies in units.items():
            drawn = rng.integers(0, len(studies), size=len(studies))
            for study, count in zip(studies, np.bincount(drawn, minlength=len(studies)), strict=True):
                times[kind, study] = int(count)
        out.append(base * np.array([times.get(key, 0) for key in keys]))
    return out


def _weighted_auc(values: np.ndarray, labels: pd.DataFrame, against: tuple[str, ...], weights: np.ndarray) -> float:
    from sklearn.metrics import roc_auc_score

    rows = labels["sample_class"].isin([EV, *against]).to_numpy() & (weights > 0)
    truth = (labels["sample_class"] == EV).to_numpy()[rows]
    if truth.all() or not truth.any():
        return float("nan")
    return float(roc_auc_score(truth, values[rows], sample_weight=weights[rows]))
