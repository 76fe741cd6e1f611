"""Labelled samples scored by models that never saw their laboratory."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from sevident.reference.measures import decisions, known_rows
from sevident.reference.model import EV, OTHERS, coordinates_of, fit, subset
from sevident.scoring import neighbours
from sevident.scoring.judgement import judge_samples
from sevident.scoring.model import ScoreModel
from sevident.scoring.scales import anchors_of, log_odds, raw_quantities
from sevident.scoring.signature import Signature


def scored(
    signature: Signature,
    model: ScoreModel,
    proteins: np.ndarray,
    reference: pd.DataFrame | None = None,
    odds: dict[str, np.ndarray] | None = None,
    left: dict[str, np.ndarray] | None = None,
) -> pd.DataFrame:
    """Scores, intervals, class probabilities and verdict of every sample of a signature by one model.

    ``proteins``: quantified proteins (samples,); ``reference``: where the domain is measured from. Absolutely,
    unless ``odds`` and ``left`` hold the comparison with references (``sevident.scoring.paired``). Returns one row per
    sample, in the signature's order.
    """
    if odds is None:
        odds = {q: log_odds(v, anchors_of(q, model)) for q, v in raw_quantities(signature, model).items()}
    judged = judge_samples(
        signature,
        odds,
        model,
        proteins=proteins,
        known_mass=np.ones(len(signature.samples)),
        widen=np.ones(len(signature.samples)),
        organism="human",
        organism_has_panels=True,
        reference=reference,
        left=left,
    )
    return judged.drop(columns="why").rename(columns={"sample": "sample_id"})


def models_left_out(signature: Signature, labels: pd.DataFrame) -> dict[str, tuple[ScoreModel, pd.DataFrame]]:
    """laboratory -> (model that saw none of its samples, the reference of the other laboratories)."""
    out = {}
    for laboratory in sorted(labels["laboratory"].unique()):
        others = (labels["laboratory"] != laboratory).to_numpy()
        seen, told = subset(signature, others), labels[others].reset_index(drop=True)
        known = told["sample_class"].isin([EV, *OTHERS]).to_numpy()
        out[laboratory] = fit(seen, told), coordinates_of(seen, told)[known].reset_index(drop=True)
    return out


def held_out(
    models: dict[str, tuple[ScoreModel, pd.DataFrame]], judged: Signature, labels: pd.DataFrame, proteins: np.ndarray
) -> pd.DataFrame:
    """Every labelled sample scored by the model of ``models_left_out`` for its laboratory; rows as ``labels``.

    Columns: those of ``scored`` with study, laboratory and sample_class.
    """
    parts = []
    for laboratory, (model, reference) in models.items():
        mine = (labels["laboratory"] == laboratory).to_numpy()
        part = scored(subset(judged, mine), model, proteins[mine], reference)
        part.index = labels.index[mine]
        parts.append(part)
    joined = pd.concat(parts).sort_index()
    return joined.assign(**{c: labels[c] for c in ("study", "laboratory", "sample_class")})


def redrawn(
    models: dict[str, tuple[ScoreModel, pd.DataFrame]],
    signatures: Iterable[Signature],
    labels: pd.DataFrame,
    proteins: np.ndarray,
    first: pd.DataFrame,
) -> pd.DataFrame:
    """How much verdicts hang on the random draws behind the intervals.

    ``signatures`` are those of the same samples with other seeds, ``first`` the results (``held_out``) of the first.
    One row per seed, the first included: ``measures.decisions`` and changed, the share of labelled samples whose
    verdict is another than in ``first``.
    """
    known = known_rows(first)
    rows = [{**decisions(first), "changed": 0.0}]
    for signature in signatures:
        results = held_out(models, signature, labels, proteins)
        changed = (results["verdict"] != first["verdict"])[known].mean()
        rows.append({**decisions(results), "changed": float(changed)})
    return pd.DataFrame(rows)


def reference_samples(
    results: pd.DataFrame, signature: Signature, labels: pd.DataFrame, proteins: np.ndarray
) -> pd.DataFrame:
    """neighbours.REFERENCE: the labelled samples of the four classes with their held-out estimates and coordinates."""
    known = labels["sample_class"].isin([EV, *OTHERS]).to_numpy()
    axes = ["purity_soluble", "purity_intracellular"]
    frame = coordinates_of(signature, labels).assign(
        sample_id=labels["sample_id"],
        subclass=labels["subclass"],
        purity=results[axes].min(axis=1),
        proteins=proteins,
        **{name: results[name] for name in ("identity", *axes, "p_small_ev")},
    )
    return frame.loc[known, list(neighbours.COLUMNS)].round(4).reset_index(drop=True)
