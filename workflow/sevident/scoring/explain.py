"""Why a score is what it is: additive contributions in log-odds, and the sentences that a reader sees.

The contributions of a quantity sum to its log-odds exactly (tested), so that nothing of a score is left unexplained.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sevident.scoring.model import ScoreModel
from sevident.scoring.paired import AXES
from sevident.scoring.scales import anchors_of, slope_at
from sevident.scoring.signature import Signature


@dataclass(frozen=True)
class Term:
    """One summand of a quantity's log-odds. ``value`` is in the unit that ``text`` names."""

    quantity: str
    term: str
    value: float
    contribution: float
    text: str


def terms(
    signature: Signature,
    values: dict[str, np.ndarray],
    index: int,
    model: ScoreModel,
    shifts: dict[str, float],
    titles: dict[str, str],
) -> list[Term]:
    """All summands of the three quantities of one sample.

    ``values`` are the study's ``raw_quantities``, ``shifts`` are the paired shifts (quantities without a reference
    left out), ``titles`` what to call the panels.
    """
    out: list[Term] = []
    slopes = {q: float(slope_at(values[q][index, :1], anchors_of(q, model))[0]) for q in values}
    slope = slopes["identity"]
    for axis, sign in (("vesicle", 1.0), ("intracellular", -model.expected_slope)):
        panels = model.axes[axis]
        for panel in panels:
            value = float(signature.panels[panel][index])
            label = "vesicle markers" if axis == "vesicle" else "what intracellular material would bring along"
            out.append(
                Term(
                    "identity",
                    panel,
                    value,
                    sign * slope * value / len(panels),
                    f"prominence of {titles.get(panel, panel)} ({label}), 0 to 1",
                )
            )
    out.append(_constant("identity", -slope * anchors_of("identity", model).half))
    for quantity, axis in (("purity_soluble", "soluble"), ("purity_intracellular", "intracellular")):
        slope = slopes[quantity]
        for name, sign in (("vesicle", 1.0), (axis, -1.0)):
            share = float(signature.shares[name][index, 0])
            contribution = sign * slope * float(np.log2(share + model.share_floor))
            out.append(Term(quantity, f"{name}_share", share, contribution, f"{name} share of protein mass"))
        out.append(_constant(quantity, -slope * anchors_of(quantity, model).half))
    for quantity, shift in shifts.items():
        out.append(Term(quantity, "own_reference", shift, shift, "difference to the references of the same group"))
    return out


def _constant(quantity: str, value: float) -> Term:
    return Term(quantity, "scale", value, value, "where the scale has its middle")


def reasons(
    verdict_reason: str,
    signature: Signature,
    index: int,
    model: ScoreModel,
    misev: str,
    best: str,
    shifts: dict[str, float],
    references: dict[str, list[str]],
    titles: dict[str, str],
) -> list[str]:
    """Short sentences for the verdict table, the most important first. ``best`` names the best vesicle marker, or
    ''.
    """
    share = {name: float(values[index, 0]) for name, values in signature.shares.items()}
    out = [verdict_reason]
    strongest = max(model.axes["vesicle"], key=lambda p: (signature.panels[p][index], p))
    value = float(signature.panels[strongest][index])
    marker = f"; best marker {best}" if best else "; none of the vesicle markers is detected"
    out.append(f"strongest vesicle panel: {titles.get(strongest, strongest)}, prominence {value:.2f}{marker}")
    out.append(
        f"share of protein mass: vesicular {share['vesicle']:.1%}, soluble {share['soluble']:.1%}, "
        f"intracellular {share['intracellular']:.1%}"
    )
    for quantity, shift in shifts.items():
        if quantity in references:
            name = quantity.replace("_", " ")
            way = "raises" if shift > 0 else "lowers" if shift < 0 else "does not change"
            roles = ", ".join(r.replace("_", " ") for r in references[quantity])
            out.append(f"comparison with the group's {roles} {way} {name} ({shift:+.2f} log-odds)")
    told = {"yes": "met", "no": "not met", "not_assessable": "not assessable"}[misev]
    out.append(f"MISEV2018 minimum (presence of categories 1 and 2, a negative control assessed): {told}")
    return out


def left_of_references(judged: pd.Series, references: dict[str, list[str]]) -> list[str]:
    """How much of the group's references is left, one sentence per axis that has one: ``judged`` is the sample's row of
    ``judge_samples``, ``references``: quantity -> roles.
    """
    out = []
    for axis, quantity in AXES.items():
        if quantity not in references:
            continue
        roles = ", ".join(r.replace("_", " ") for r in references[quantity])
        value, low, high = (float(judged[f"reference_left_{axis}{tail}"]) for tail in ("", "_low", "_high"))
        if math.isnan(value):
            untold = "is left cannot be told (too few proteins): it raises no score"
            out.append(f"how much {axis} protein of the group's {roles} {untold}")
        else:
            told = f"{value:.0%} (90% interval {low:.0%} to {high:.0%})"
            out.append(f"of the {axis} protein of the group's {roles} {told} is left per unit of protein mass")
    return out
