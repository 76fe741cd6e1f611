"""From log-odds to estimates, class probabilities and verdicts, of all samples at once.

The score stage and the evaluation on left-out laboratories both go through here, so that what is evaluated is what is
used.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sevident.scoring import neighbours, paired
from sevident.scoring.model import ScoreModel
from sevident.scoring.scales import intervals, score
from sevident.scoring.signature import Signature
from sevident.scoring.verdict import Evidence, alternative_shares, decide, probabilities, small_ev_log_odds

QUANTITIES = ("identity", "purity_soluble", "purity_intracellular")


def judge_samples(
    signature: Signature,
    odds: dict[str, np.ndarray],
    model: ScoreModel,
    *,
    proteins: np.ndarray,
    known_mass: np.ndarray,
    widen: np.ndarray,
    organism: str,
    organism_has_panels: bool,
    reference: pd.DataFrame | None = None,
    left: dict[str, np.ndarray] | None = None,
) -> pd.DataFrame:
    """One row per sample, in the signature's order: estimates with intervals, class probabilities and verdict.

    Parameters
    ----------
    odds
        log-odds of QUANTITIES, each (samples, 1 + draws), the paired shift included.
    proteins, known_mass, widen
        (samples,): quantified protein groups, share of protein mass that any panel knows, stretch of the intervals.
    reference
        labelled samples from which the distance to the domain is measured; without it nothing lies outside.
    left
        what is left of the samples' own references (``paired.remainders``).

    Columns: sample, each quantity and ``purity`` (the poorer of its axes) and ``p_small_ev`` with _low and _high, what
    is left of references by axis (``reference_left_...``, NaN without one), the other class probabilities, verdict,
    reason_code, why.
    """
    scales = {q: odds[q] for q in QUANTITIES}
    scales["purity"] = np.minimum(odds["purity_soluble"], odds["purity_intracellular"])
    scales["p_small_ev"] = small_ev_log_odds(odds, model.calibration)
    estimate = {q: score(z[:, 0]) for q, z in scales.items()}
    low, high = {}, {}
    for quantity, z in scales.items():
        low[quantity], high[quantity] = intervals(z, widen)
    distance = np.full(len(signature.samples), np.nan)
    if reference is not None and len(reference):
        distance = neighbours.distances(signature, model, reference).min(axis=1)
    remaining = {}
    for axis in paired.AXES:
        part = np.full((len(signature.samples), 1), np.nan) if left is None else left[axis]
        remaining[axis] = paired.interval(part, widen)
    rows = []
    for i, sample in enumerate(signature.samples):
        alternatives = alternative_shares({a: float(v[i, 0]) for a, v in signature.axes.items()}, model.alternatives)

        def of(quantity: str, i: int = i) -> tuple[float, float, float]:
            return float(estimate[quantity][i]), float(low[quantity][i]), float(high[quantity][i])

        evidence = Evidence(
            identity=of("identity"),
            probability=of("p_small_ev"),
            purity_soluble=of("purity_soluble"),
            purity_intracellular=of("purity_intracellular"),
            alternatives=alternatives,
            proteins=int(proteins[i]),
            known_mass=float(known_mass[i]),
            soluble_share=float(signature.shares["soluble"][i, 0]),
            blood_share=float(signature.shares["blood"][i, 0]) if "blood" in signature.shares else 0.0,
            left={a: (float(x[i]), float(y[i]), float(z[i])) for a, (x, y, z) in remaining.items() if x[i] >= 0},
            distance=float(distance[i]),
            farthest=np.inf if model.domain_limit is None else model.domain_limit,
            organism_has_panels=organism_has_panels,
            organism=organism,
        )
        verdict, code, why = decide(evidence)
        chances = probabilities(evidence.probability[0], alternatives)
        rows.append(
            {
                "sample": sample,
                **{f"p_{name}": value for name, value in chances.items()},
                "verdict": verdict,
                "reason_code": code,
                "why": why,
            }
        )
    frame = pd.DataFrame(rows, columns=_COLUMNS)
    for quantity in scales:
        frame[quantity] = estimate[quantity]
        frame[f"{quantity}_low"], frame[f"{quantity}_high"] = low[quantity], high[quantity]
    for axis, columns in remaining.items():
        for tail, column in zip(("", "_low", "_high"), columns, strict=True):
            frame[f"reference_left_{axis}{tail}"] = column
    return frame


_COLUMNS = ["sample", "p_small_ev", "p_secretome", "p_serum", "p_cell_debris", "verdict", "reason_code", "why"]
