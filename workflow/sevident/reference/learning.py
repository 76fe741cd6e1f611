"""How the estimates on an unseen laboratory grow with the number of laboratories that were learnt from."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from sevident.errors import InputError
from sevident.reference.heldout import scored
from sevident.reference.measures import decisions
from sevident.reference.model import EV, OTHERS, balanced_auc, coordinates_of, fit, subset
from sevident.scoring.signature import Signature

SIZES = (4, 6, 8, 10)
REPEATS = 3
COLUMNS = ["laboratories", "repeat", "samples", "auc", "decided", "right", "harmful"]


def curve(signature: Signature, labels: pd.DataFrame, proteins: np.ndarray, seed: int) -> pd.DataFrame:
    """One row per number of laboratories and repeat: laboratories, repeat, auc, decided, right, harmful.

    For every laboratory in turn the model is fitted on so many of the others, drawn at random among the choices that
    hold all four classes, and the laboratory's samples are scored. Where no such choice was found the laboratory is
    left out of that repeat.
    """
    known = labels["sample_class"].isin([EV, *OTHERS]).to_numpy()
    seen, told, counts = subset(signature, known), labels[known].reset_index(drop=True), proteins[known]
    laboratory = told["laboratory"].to_numpy()
    names = sorted(set(laboratory))
    classes = {name: set(told.loc[laboratory == name, "sample_class"]) for name in names}
    rng = np.random.default_rng(seed)
    rows = []
    for size in (s for s in SIZES if s < len(names)):
        for repeat in range(1 if size == len(names) - 1 else REPEATS):
            parts = []
            for name in names:
                others = [n for n in names if n != name]
                chosen = _complete_choice(others, classes, size, rng)
                if chosen is None:
                    continue
                rows_in, rows_out = np.isin(laboratory, chosen), laboratory == name
                learnt, text = subset(seen, rows_in), told[rows_in].reset_index(drop=True)
                try:
                    model = fit(learnt, text)
                except InputError:
                    continue
                part = scored(subset(seen, rows_out), model, counts[rows_out], coordinates_of(learnt, text))
                part.index = told.index[rows_out]
                parts.append(part)
            results = pd.concat(parts).sort_index()
            which = told.loc[results.index].reset_index(drop=True)
            results = results.reset_index(drop=True).assign(study=which["study"], sample_class=which["sample_class"])
            rows.append(
                {
                    "laboratories": size,
                    "repeat": repeat + 1,
                    "samples": len(results),
                    "auc": balanced_auc(results["p_small_ev"].to_numpy(), which, OTHERS),
                    **decisions(results),
                }
            )
    return pd.DataFrame(rows, columns=COLUMNS)


def draws_of_laboratories(labels: pd.DataFrame, seed: int) -> Iterator[tuple[int, int, list[str]]]:
    """Numbers of laboratories, repeat and so many of them that hold all four classes; of each number REPEATS."""
    known = labels[labels["sample_class"].isin([EV, *OTHERS])]
    classes = {str(name): set(part["sample_class"]) for name, part in known.groupby("laboratory", sort=True)}
    rng = np.random.default_rng(seed)
    for size in (s for s in SIZES if s <= len(classes)):
        for repeat in range(1, REPEATS + 1):
            chosen = _complete_choice(list(classes), classes, size, rng)
            if chosen is not None:
                yield size, repeat, chosen


def _complete_choice(
    names: list[str], classes: dict[str, set[str]], size: int, rng: np.random.Generator, tries: int = 200
) -> list[str] | None:
    """``size`` of ``names`` that together hold all four classes, or None where none was drawn."""
    for _ in range(tries):
        chosen = list(rng.choice(names, size=size, replace=False))
        if set().union(*(classes[n] for n in chosen)) >= {EV, *OTHERS}:
            return chosen
    return None
