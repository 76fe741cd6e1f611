"""How the scores do on laboratories that the model never saw: verdicts, calibration, dilution ladders and damaged
tables.

Everything here scores in absolute mode, without the references of a sample's own study: the harder case.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sevident.panels import Registry
from sevident.reference.formulas import FORMULAS
from sevident.reference.model import EV, OTHERS, fit, signature_of, subset
from sevident.scoring import neighbours
from sevident.scoring.model import ScoreModel
from sevident.scoring.scales import anchors_of, interval, log_odds, raw_quantities, score
from sevident.scoring.signature import Signature
from sevident.scoring.verdict import Evidence, alternative_shares, decide, probabilities, small_ev_log_odds

DRAWS = 200
SEED = 1
#: kind of damage -> what the card calls it
DAMAGES = {
    "stripped": "albumin and keratins removed",
    "shallow": "the less abundant half of the proteins lost",
    "imputed": "blanks imputed",
}
#: shares of small EVs in a ladder
LADDER = (0.0, 0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 1.0)


@dataclass(frozen=True)
class Judgement:
    """What the card tells beside the parameters; each part by the function that its comment names."""

    results: pd.DataFrame  # held_out
    formulas: dict[str, tuple[str, np.ndarray]]  # name -> (source, one value per labelled sample)
    ladders: pd.DataFrame  # ladder_agreement
    damages: dict[str, pd.DataFrame]  # kind of damage -> results of the damaged tables
    samples: pd.DataFrame  # reference_samples


def scored(signature: Signature, model: ScoreModel, proteins: np.ndarray) -> pd.DataFrame:
    """Scores, intervals, class probabilities and verdict of every sample of a signature by one model.

    ``proteins``: number of quantified proteins (samples,). Returns one row per sample, in the signature's order.
    """
    values = raw_quantities(signature, model)
    odds = {q: log_odds(v, anchors_of(q, model)) for q, v in values.items()}
    small_ev = small_ev_log_odds({q: v[:, 0] for q, v in odds.items()})
    rows = []
    for i, name in enumerate(signature.samples):
        estimate = {q: float(score(v[i, :1])[0]) for q, v in odds.items()}
        bounds = {q: interval(v[i]) for q, v in odds.items()}
        alternatives = alternative_shares({a: float(v[i, 0]) for a, v in signature.axes.items()}, model.alternatives)
        evidence = Evidence(
            estimate["identity"],
            *bounds["identity"],
            (estimate["purity_soluble"], *bounds["purity_soluble"]),
            (estimate["purity_intracellular"], *bounds["purity_intracellular"]),
            alternatives,
            proteins=int(proteins[i]),
            known_mass=1.0,
            organism_has_panels=True,
            organism="human",
        )
        chances = {f"p_{k}": v for k, v in probabilities(float(small_ev[i]), alternatives).items()}
        verdict, code, _ = decide(evidence)
        rows.append({"sample_id": name, **estimate, **chances, "verdict": verdict, "reason_code": code})
    return pd.DataFrame(rows)


def held_out(
    signature: Signature, labels: pd.DataFrame, proteins: np.ndarray, judged: Signature | None = None
) -> pd.DataFrame:
    """Every labelled sample scored by a model that saw no study of its laboratory; rows in the order of ``labels``.

    ``judged``: the signature that is scored where it is another than the one that is fitted (damaged tables). Columns:
    those of ``scored`` with study and sample_class.
    """
    judged = signature if judged is None else judged
    parts = []
    for laboratory in sorted(labels["laboratory"].unique()):
        mine = (labels["laboratory"] == laboratory).to_numpy()
        model = fit(subset(signature, ~mine), labels[~mine].reset_index(drop=True))
        part = scored(subset(judged, mine), model, proteins[mine])
        part.index = labels.index[mine]
        parts.append(part)
    joined = pd.concat(parts).sort_index()
    return joined.assign(study=labels["study"], sample_class=labels["sample_class"])


def reference_samples(
    results: pd.DataFrame, signature: Signature, labels: pd.DataFrame, proteins: np.ndarray, model: ScoreModel
) -> pd.DataFrame:
    """neighbours.REFERENCE: the labelled samples of the four classes with their held-out estimates and coordinates."""
    known = labels["sample_class"].isin([EV, *OTHERS]).to_numpy()
    axes = ["purity_soluble", "purity_intracellular"]
    frame = labels[["sample_id", "study", "laboratory", "subclass"]].assign(
        reference_class=labels["sample_class"],
        purity=results[axes].min(axis=1),
        proteins=proteins,
        **{name: results[name] for name in ("identity", *axes, "p_small_ev")},
        **dict(zip(neighbours.COORDINATES, neighbours.coordinates(signature, model).T, strict=True)),
    )
    return frame[known].round(4).reset_index(drop=True)


def decisions(results: pd.DataFrame) -> dict[str, float]:
    """decided: share of labelled samples with a verdict; right: share of those that name the class; harmful: share of
    secretome, serum and lysate samples called small_ev. Every study of a class weighs the same."""
    known = results[results["sample_class"].isin([EV, *OTHERS])]
    given = known["verdict"] != "indeterminate"
    keys = [known["study"], known["sample_class"]]
    correct = (known["verdict"] == known["sample_class"]).where(given)
    wrong = (known["verdict"] == EV)[known["sample_class"] != EV]
    return {
        "decided": float(given.groupby(keys).mean().mean()),
        "right": float(correct.astype("float64").groupby(keys).mean().mean()),
        "harmful": float(wrong.mean()),
    }


def calibration_error(chances: np.ndarray, truth: np.ndarray, weights: np.ndarray, bins: int = 10) -> float:
    """Expected calibration error: mean over equal-width bins of |mean chance - observed share|, weighted.

    Source: Naeini 2015, AAAI 29:2901, equation 3.
    """
    index = np.minimum((chances * bins).astype(int), bins - 1)
    total = 0.0
    for i in range(bins):
        mine = index == i
        if weights[mine].sum() > 0:
            mean = np.average(chances[mine], weights=weights[mine])
            seen = np.average(truth[mine], weights=weights[mine])
            total += weights[mine].sum() * abs(mean - seen)
    return float(total / weights.sum())


def ladders(fractions: pd.DataFrame, labels: pd.DataFrame, members: pd.DataFrame, model: ScoreModel) -> pd.DataFrame:
    """In-silico mixtures of the first small-EV sample of each study with the first sample of each other study and
    class.

    Mixtures are made in mass fractions. Returns ladder, share, identity, purity (the poorer axis) and p_small_ev.
    """
    first = labels.drop_duplicates(["study", "sample_class"])
    vesicles = first[first["sample_class"] == EV]
    others = first[first["sample_class"].isin(OTHERS)]
    known = fractions.fillna(0.0)
    columns: dict[str, pd.Series] = {}
    keys = []
    for ev in vesicles.itertuples():
        for other in others.itertuples():
            name = f"{ev.study} in {other.study} ({other.sample_class})"
            for share in LADDER:
                mixed = share * known[ev.sample_id] + (1 - share) * known[other.sample_id]
                columns[f"{name} {share}"] = mixed.where(mixed > 0)
                keys.append((name, share))
    signature = signature_of(pd.DataFrame(columns), members)
    results = scored(signature, model, np.full(len(keys), 1000))
    out = pd.DataFrame(keys, columns=["ladder", "share"])
    out["identity"] = results["identity"]
    out["purity"] = results[["purity_soluble", "purity_intracellular"]].min(axis=1)
    out["p_small_ev"] = results["p_small_ev"]
    return out


def ladder_agreement(ladder: pd.DataFrame) -> pd.DataFrame:
    """Spearman correlation of estimate and share in each ladder: ladder, identity, purity, p_small_ev."""
    from scipy.stats import spearmanr

    rows = []
    for name, part in ladder.groupby("ladder", sort=True):
        rhos = {q: float(spearmanr(part["share"], part[q]).statistic) for q in ("identity", "purity", "p_small_ev")}
        rows.append({"ladder": name, **rhos})
    return pd.DataFrame(rows)


def damaged(fractions: pd.DataFrame, how: str) -> pd.DataFrame:
    """The table as others publish it: ``stripped`` (albumin and keratins filtered away), ``shallow`` (the less
    abundant half of each sample's proteins lost), ``imputed`` (blanks filled from a down-shifted normal, Perseus:
    width 0.3, shift 1.8). Samples sum to 1 again.
    """
    if how == "stripped":
        gone = fractions.index.str.fullmatch(r"ALB|KRT\d+[A-Z]?")
        out = fractions[~gone]
    elif how == "shallow":
        out = fractions.where(fractions.rank(pct=True) > 0.5)
    elif how == "imputed":
        logs = fractions.map(np.log2)
        rng = np.random.default_rng(1)
        noise = pd.DataFrame(rng.standard_normal(logs.shape), index=logs.index, columns=logs.columns)
        filled = logs.mean() - 1.8 * logs.std() + 0.3 * noise.mul(logs.std())
        out = logs.where(logs.notna(), filled).map(np.exp2)
    else:
        raise ValueError(f"unknown damage {how!r}")
    return out / out.sum()


def judge(
    fractions: pd.DataFrame, labels: pd.DataFrame, members: pd.DataFrame, registry: Registry, model: ScoreModel
) -> Judgement:
    """Everything that the model card tells, from labelled samples (gene x sample mass fractions).

    ``members`` are those that count in scores; the formulas take every member of the registry.
    """
    signature = signature_of(fractions, members, draws=DRAWS, seed=SEED)
    proteins = fractions.notna().sum().to_numpy()
    damages = {}
    for how, title in DAMAGES.items():
        table = damaged(fractions, how)
        other = signature_of(table, members, draws=DRAWS, seed=SEED)
        damages[title] = held_out(signature, labels, table.notna().sum().to_numpy(), judged=other)
    results = held_out(signature, labels, proteins)
    return Judgement(
        results=results,
        formulas={f.name: (f.source, f.function(fractions, registry.members)) for f in FORMULAS},
        ladders=ladder_agreement(ladders(fractions, labels, members, model)),
        damages=damages,
        samples=reference_samples(results, signature, labels, proteins, model),
    )
