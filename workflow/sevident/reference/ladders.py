"""Dilution ladders in silico: mixtures of two real samples, in mass fractions, whose estimates must follow the
share.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from sevident.reference.heldout import scored
from sevident.reference.model import EV, OTHERS, signature_of, subset
from sevident.scoring.model import ScoreModel

#: shares of the first sample in a ladder
SHARES = (0.0, 0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 1.0)
ESTIMATES = ("identity", "purity", "p_small_ev")
#: pairs of samples that are mixed, of each study of small EVs and each other study and class
PAIRS = 3
#: proteins that a mixture is said to hold: a mixture is never too shallow
_PROTEINS = 1000


def _mixed(first: pd.Series, second: pd.Series) -> Iterator[tuple[float, pd.Series]]:
    for share in SHARES:
        mixture = share * first + (1 - share) * second
        yield share, mixture.where(mixture > 0)


def _spearman(share: pd.Series, values: pd.Series) -> float:
    from scipy.stats import spearmanr

    return float(spearmanr(share, values).statistic) if values.min() < values.max() else 0.0


def _score(columns: list[pd.Series], members: pd.DataFrame, model: ScoreModel) -> pd.DataFrame:
    table = pd.DataFrame(dict(enumerate(columns)))
    results = scored(signature_of(table, members), model, np.full(len(columns), _PROTEINS))
    return results.assign(purity=results[["purity_soluble", "purity_intracellular"]].min(axis=1))


def across_studies(
    fractions: pd.DataFrame, labels: pd.DataFrame, members: pd.DataFrame, model: ScoreModel
) -> pd.DataFrame:
    """Ladders of the first small-EV sample of each study in the first sample of each study and class of the others.

    One row per ladder: first, second (study (class)), and the Spearman correlation of the share of small EVs with
    each of ESTIMATES.
    """
    firsts = labels[labels["sample_class"].isin([EV, *OTHERS])].drop_duplicates(["study", "sample_class"])
    known = fractions.fillna(0.0)
    keys: list[tuple[str, str, float]] = []
    columns: list[pd.Series] = []
    for ev in firsts[firsts["sample_class"] == EV].itertuples():
        for other in firsts[firsts["sample_class"] != EV].itertuples():
            for share, mixture in _mixed(known[ev.sample_id], known[other.sample_id]):
                keys.append((f"{ev.study} ({EV})", f"{other.study} ({other.sample_class})", share))
                columns.append(mixture)
    frame = pd.DataFrame(keys, columns=["first", "second", "share"]).join(_score(columns, members, model))
    rows = [
        {"first": first, "second": second, **{q: _spearman(part["share"], part[q]) for q in ESTIMATES}}
        for (first, second), part in frame.groupby(["first", "second"], sort=True)
    ]
    return pd.DataFrame(rows)


def within_studies(
    fractions: pd.DataFrame, labels: pd.DataFrame, members: pd.DataFrame, model: ScoreModel
) -> pd.DataFrame:
    """Ladders of every pair of classes inside one study, from the first sample of each.

    The estimate is the odds of the first class against the second, p_first / (p_first + p_second), which must rise with
    the share. One row per pair: study, first, second, spearman, monotone (never falls), lowest, highest.
    """
    firsts = labels[labels["sample_class"].isin([EV, *OTHERS])].drop_duplicates(["study", "sample_class"])
    known = fractions.fillna(0.0)
    rows = []
    for study, part in firsts.groupby("study", sort=True):
        present = [
            (c, part.loc[part["sample_class"] == c, "sample_id"].iloc[0])
            for c in (EV, *OTHERS)
            if c in set(part["sample_class"])
        ]
        for i, (first, one) in enumerate(present):
            for second, other in present[i + 1 :]:
                steps = list(_mixed(known[one], known[other]))
                results = _score([mixture for _, mixture in steps], members, model)
                share = pd.Series([s for s, _ in steps])
                value = results[f"p_{first}"] / (results[f"p_{first}"] + results[f"p_{second}"])
                rows.append(
                    {
                        "study": study,
                        "first": first,
                        "second": second,
                        "spearman": _spearman(share, value),
                        "monotone": bool((value.diff().dropna() >= -1e-9).all()),
                        "lowest": float(value.min()),
                        "highest": float(value.max()),
                    }
                )
    return pd.DataFrame(rows)


def mixture_verdicts(
    models: dict[str, tuple[ScoreModel, pd.DataFrame]],
    fractions: pd.DataFrame,
    labels: pd.DataFrame,
    members: pd.DataFrame,
    draws: int,
    seed: int,
) -> pd.DataFrame:
    """What becomes of small EVs that are thinned with other material: PAIRS random pairs of each study of small EVs
    with each other study and class, judged by the model (``heldout.models_left_out``) that never saw the laboratory of
    the small EVs.

    One row per study of small EVs, class of the other material and share above 0: study, other, share, mixtures,
    p_small_ev (median), small_ev (share of the mixtures with that verdict).
    """
    known = labels[labels["sample_class"].isin([EV, *OTHERS])]
    filled = fractions.fillna(0.0)
    rng = np.random.default_rng(seed)
    keys: list[tuple[str, str, str, float]] = []
    columns: list[pd.Series] = []
    for study, vesicles in known[known["sample_class"] == EV].groupby("study", sort=True):
        for (_, other), rest in known[known["sample_class"] != EV].groupby(["study", "sample_class"], sort=True):
            for one, two in zip(*(rng.choice(part["sample_id"], PAIRS) for part in (vesicles, rest)), strict=True):
                for share, mixture in _mixed(filled[one], filled[two]):
                    if share > 0:
                        keys.append((str(study), str(vesicles["laboratory"].iloc[0]), str(other), share))
                        columns.append(mixture)
    frame = pd.DataFrame(keys, columns=["study", "laboratory", "other", "share"])
    signature = signature_of(pd.DataFrame(dict(enumerate(columns))), members, draws=draws, seed=seed)
    judged = []
    for laboratory, part in frame.groupby("laboratory", sort=True):
        model, reference = models[str(laboratory)]
        chosen = (frame["laboratory"] == laboratory).to_numpy()
        results = scored(subset(signature, chosen), model, np.full(len(part), _PROTEINS), reference)
        judged.append(results.set_index(part.index)[["p_small_ev", "verdict"]])
    told = frame.join(pd.concat(judged))
    return (
        told.assign(small_ev=told["verdict"] == EV)
        .groupby(["study", "other", "share"], sort=True)
        .agg(mixtures=("verdict", "size"), p_small_ev=("p_small_ev", "median"), small_ev=("small_ev", "mean"))
        .reset_index()
    )
