"""Dilution ladders in silico: mixtures of two real samples, in mass fractions, whose estimates must follow the
share.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pandas as pd

from sevident.reference.beside import ROLE_OF, Bench
from sevident.reference.heldout import scored
from sevident.reference.model import EV, OTHERS, signature_of, subset
from sevident.scoring.model import ScoreModel
from sevident.scoring.paired import Group

#: shares of the first sample in a ladder
SHARES = (0.0, 0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 1.0)
ESTIMATES = ("identity", "purity", "p_small_ev")
#: pairs of samples that are mixed, of each study of small EVs and each other study and class
PAIRS = 3
#: random pairs of samples that are mixed beside the first one, of each pair of classes inside a study
RANDOM_PAIRS = 10
#: Spearman correlation from which a ladder follows the share
GOOD = 0.99
#: other samples of the same material that serve a mixture as references
REFERENCES = 3
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
    fractions: pd.DataFrame, labels: pd.DataFrame, members: pd.DataFrame, model: ScoreModel, seed: int
) -> pd.DataFrame:
    """Ladders of every pair of classes inside one study, from the first sample of each and from RANDOM_PAIRS others.

    The estimate is the odds of the first class against the second, p_first / (p_first + p_second), which must rise with
    the share. One row per pair of classes: study, first, second; of the first samples spearman, monotone (never falls),
    lowest, highest and the soluble share of protein mass at both ends (soluble_first, soluble_second); of the others
    random_good, how many of them reach GOOD.
    """
    rng = np.random.default_rng(seed)
    known = fractions.fillna(0.0)
    used = labels[labels["sample_class"].isin([EV, *OTHERS])]
    rows = []
    for study, part in used.groupby("study", sort=True):
        of = {c: list(part.loc[part["sample_class"] == c, "sample_id"]) for c in (EV, *OTHERS)}
        for first, second in combinations([c for c in of if of[c]], 2):
            more = zip(*(rng.choice(of[c], RANDOM_PAIRS) for c in (first, second)), strict=True)
            pairs = [(of[first][0], of[second][0]), *more]
            table = [mixture for one, other in pairs for _, mixture in _mixed(known[one], known[other])]
            results = _score(table, members, model)
            odds = (results[f"p_{first}"] / (results[f"p_{first}"] + results[f"p_{second}"])).to_numpy()
            ladders = odds.reshape(len(pairs), len(SHARES))
            agreement = [_spearman(pd.Series(SHARES), pd.Series(ladder)) for ladder in ladders]
            ends = pd.DataFrame({"first": known[pairs[0][0]], "second": known[pairs[0][1]]})
            soluble = signature_of(ends.where(ends > 0), members).shares["soluble"][:, 0]
            rows.append(
                {
                    "study": study,
                    "first": first,
                    "second": second,
                    "spearman": agreement[0],
                    "monotone": bool((np.diff(ladders[0]) >= -1e-9).all()),
                    "lowest": float(ladders[0].min()),
                    "highest": float(ladders[0].max()),
                    "soluble_first": float(soluble[0]),
                    "soluble_second": float(soluble[1]),
                    "random_good": sum(value >= GOOD for value in agreement[1:]),
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

    Each mixture is judged twice: absolutely, and beside up to REFERENCES other samples of what the small EVs were mixed
    with (same study and class and, where the study names groups, the same group) as their references.

    One row per study of small EVs, class of the other material and share above 0: study, other, share, mixtures,
    p_small_ev (median), small_ev (share of the mixtures with that verdict), compared (mixtures for which there are such
    references), and of these small_ev_alone and small_ev_beside (share called small_ev without and with them).
    """
    known = labels[labels["sample_class"].isin([EV, *OTHERS])]
    filled = fractions.fillna(0.0)
    rng = np.random.default_rng(seed)
    # a stream of its own, so that the pairs do not depend on the references
    mates_rng = np.random.default_rng([seed, 1])
    keys: list[tuple[str, str, str, float]] = []
    columns: list[pd.Series] = []
    mates: list[list[str]] = []
    for study, vesicles in known[known["sample_class"] == EV].groupby("study", sort=True):
        for (_, other), rest in known[known["sample_class"] != EV].groupby(["study", "sample_class"], sort=True):
            for one, two in zip(*(rng.choice(part["sample_id"], PAIRS) for part in (vesicles, rest)), strict=True):
                group = rest.loc[rest["sample_id"] == two, "reference_group"].iloc[0]
                pool = rest.loc[(rest["reference_group"] == group) & (rest["sample_id"] != two), "sample_id"]
                beside = list(mates_rng.choice(pool, min(REFERENCES, len(pool)), replace=False))
                for share, mixture in _mixed(filled[one], filled[two]):
                    if share > 0:
                        keys.append((str(study), str(vesicles["laboratory"].iloc[0]), str(other), share))
                        columns.append(mixture)
                        mates.append(beside)
    frame = pd.DataFrame(keys, columns=["study", "laboratory", "other", "share"])
    references = sorted({name for names in mates for name in names})
    position = {name: len(columns) + i for i, name in enumerate(references)}
    table = pd.DataFrame(dict(enumerate([*columns, *(filled[name] for name in references)])))
    bench = Bench(table, members, draws, seed)
    judged = []
    for laboratory, part in frame.groupby("laboratory", sort=True):
        model, reference = models[str(laboratory)]
        rows = [int(i) for i in part.index]
        chosen = np.isin(np.arange(table.shape[1]), rows)
        proteins = np.full(len(rows), _PROTEINS)
        alone = scored(subset(bench.signature, chosen), model, proteins, reference)
        groups = [
            Group(str(i), {ROLE_OF[str(other)]: [position[m] for m in mates[i]]})
            for i, other in zip(rows, part["other"], strict=True)
        ]
        paired = bench.judged(rows, groups, model, proteins, reference)
        told = {
            "p_small_ev": alone["p_small_ev"],
            "small_ev": alone["verdict"] == EV,
            "beside": paired["verdict"] == EV,
        }
        judged.append(pd.DataFrame(told).set_index(part.index))
    results = frame.join(pd.concat(judged))
    compared = np.array([bool(names) for names in mates])
    return (
        results.assign(
            compared=compared,
            alone=results["small_ev"].astype("float64").where(compared),
            beside=results["beside"].astype("float64").where(compared),
        )
        .groupby(["study", "other", "share"], sort=True)
        .agg(
            mixtures=("small_ev", "size"),
            p_small_ev=("p_small_ev", "median"),
            small_ev=("small_ev", "mean"),
            compared=("compared", "sum"),
            small_ev_alone=("alone", "mean"),
            small_ev_beside=("beside", "mean"),
        )
        .reset_index()
    )
