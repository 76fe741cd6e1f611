"""Tables as others publish them: what filtering, shallow measurement and imputation do to the estimates."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sevident.reference.model import EV, OTHERS

#: kind of damage -> what the page calls it
DAMAGES = {
    "stripped": "albumin and keratins removed",
    "shallow": "the less abundant half of the proteins lost",
    "imputed": "blanks imputed",
}
#: change of identity that is called small
SMALL_CHANGE = 0.1


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


def effect(before: pd.DataFrame, after: pd.DataFrame) -> dict[str, float | int]:
    """Of labelled samples: share whose identity changes by at most SMALL_CHANGE, and how many that are no small EVs are
    called small_ev. Both frames as ``held_out`` gives them."""
    known = before["sample_class"].isin([EV, *OTHERS])
    change = (after["identity"] - before["identity"]).abs()[known]
    return {
        "identity_within": float((change <= SMALL_CHANGE).mean()),
        "called_small_ev": int(((after["verdict"] == EV) & after["sample_class"].isin(OTHERS)).sum()),
    }
