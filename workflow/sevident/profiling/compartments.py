"""Where the protein of a sample comes from: its mass, divided among compartments.

The panels give every analyte protein group one compartment: one that several compartments claim goes to the one with
the lowest priority number in the registry; a protein of bovine serum in a study of another organism is bovine before
anything else; what no panel claims is ``unexplained``. Then the memberships of the reference (``memberships``) divide
what is partly vesicular. Both depend on the protein alone, so the composition of a sample is a linear function of its
mass fractions: a constrained mixture estimate whose parts are never negative and sum to 1 without a further step, and a
mixture of two samples has the mixture of their compositions exactly.

The interval of a share (90 %) says how far it hangs on what happened to be measured and on what the reference was made
from. The shares are computed again with each protein group counted a Poisson(1) number of times, the bootstrap in the
form of independent weights (Efron B, Tibshirani RJ. An introduction to the bootstrap, 1993, chapter 6; Poisson weights:
Chamandy N et al. 2012, Estimating uncertainty for massive data streams), and with memberships that vary as they do when
one laboratory after the other is left out of the reference (the same book, chapter 11: the jackknife's covariance,
sqrt((n - 1) / n) times a standard normal number for each of n laboratories). The spread is then
multiplied by the factor with which intervals hold what they say for laboratories that the reference has not seen
(``reference.composition_evaluation``). It does not hold the variation between preparations, which takes replicates.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .composition import Composition
from .memberships import UNEXPLAINED, Division, effect_of_shifts

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["UNEXPLAINED", "assign", "intervals", "names", "shares", "table"]

BOVINE = "bovine_serum"  # the panel of that name; its compartment takes bovine proteins first
_TITLE = "Explained by no panel and no reference profile"
DRAWS = 200
_INTERVAL = (0.05, 0.95)
_BATCH = 64  # samples at a time, to bound memory


def assign(groups: pd.DataFrame, index: pd.DataFrame, matches: pd.DataFrame, organism: str) -> pd.Series:
    """The compartment of every protein group (in the order of ``groups``).

    ``index``: the registry's panels (panel, compartment, priority); ``matches``: panel, gene, protein_group.
    """
    defining = index[index["compartment"].ne("")]
    place = matches.merge(defining[["panel", "compartment", "priority"]], on="panel")
    place = place.assign(priority=pd.to_numeric(place["priority"]))
    place = place.sort_values(["priority", "compartment"], kind="stable").drop_duplicates("protein_group")
    found = groups["protein_group"].map(place.set_index("protein_group")["compartment"])
    found = found.astype("object").where(found.notna(), UNEXPLAINED)
    bovine = defining.loc[defining["panel"].eq(BOVINE), "compartment"]
    if organism != "bovine" and len(bovine):
        foreign = groups["organism"].map(lambda text: "bovine" in text.split(";") and organism not in text.split(";"))
        found = found.where(~foreign.astype("bool"), bovine.iloc[0])
    return found.astype("str")


def names(index: pd.DataFrame) -> dict[str, str]:
    """Compartments with their titles, by priority, ``unexplained`` last."""
    defining = index[index["compartment"].ne("")].copy()
    defining["priority"] = pd.to_numeric(defining["priority"])
    defining = defining.sort_values(["priority", "compartment"], kind="stable").drop_duplicates("compartment")
    return dict(zip(defining["compartment"], defining["title"], strict=True)) | {UNEXPLAINED: _TITLE}


def table(composition: Composition, division: Division, titles: dict[str, str], seed: int = 1) -> pd.DataFrame:
    """The table COMPARTMENTS: one row per sample and compartment; shares with 90 % intervals.

    ``division``: of the composition's groups among the keys of ``titles``, in their order. ``proteins`` counts each
    group for the compartment that holds most of it. A sample without any quantified protein has null shares.
    """
    labels = list(titles)
    mass = np.where(np.isnan(composition.mass), 0.0, composition.mass)
    molar = np.where(np.isnan(composition.molar), 0.0, composition.molar)
    some, some_molar = composition.counts > 0, (~np.isnan(composition.molar)).any(axis=0)
    share = shares(mass, division)
    main = division.parts.argmax(axis=1)
    measured = ~np.isnan(composition.mass)
    proteins = np.array([measured[main == i].sum(axis=0) for i in range(len(labels))])
    low, high = intervals(mass, division, seed)
    empty = np.where(some, 0.0, np.nan)
    which, sample = (axis.ravel() for axis in np.indices(share.shape))
    return pd.DataFrame(
        {
            "sample": np.array(composition.samples, dtype="object")[sample],
            "compartment": np.array(labels, dtype="object")[which],
            "title": np.array([titles[label] for label in labels], dtype="object")[which],
            "proteins": proteins.ravel(),
            "mass_fraction": (share + empty).ravel(),
            # the plain share lies inside its interval also where few proteins leave the draws coarse
            "mass_fraction_low": np.minimum(low, share + empty).ravel(),
            "mass_fraction_high": np.maximum(high, share + empty).ravel(),
            "molar_fraction": (shares(molar, division) + np.where(some_molar, 0.0, np.nan)).ravel(),
        }
    )


def shares(mass: NDArray[np.float64], division: Division) -> NDArray[np.float64]:
    """Compartments x samples: the sum of each protein group's mass (groups x samples, nothing missing) times its part.

    einsum without optimisation sums in a fixed order, whatever the number of cores; a matrix product of the linear
    algebra library need not.
    """
    return np.einsum("gk,gs->ks", division.parts, mass, optimize=False)


def intervals(
    mass: NDArray[np.float64], division: Division, seed: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """5th and 95th percentile of the shares over the draws, compartments x samples; nan for a sample without protein.

    ``mass``: groups x samples, 0 = not measured. One set of draws serves all samples.
    """
    samples = mass.shape[1]
    rng = np.random.default_rng(seed)
    weights = rng.poisson(1.0, size=(DRAWS, len(mass))).astype("float64")
    count = len(division.shifts)
    reference = rng.standard_normal((DRAWS, count)) * np.sqrt((count - 1) / count) if count else np.zeros((DRAWS, 0))
    effects = effect_of_shifts(division)
    held = [np.flatnonzero(division.parts[:, k]) for k in range(len(division.names))]
    bounds = np.full((2, len(division.names), samples), np.nan)
    for start in range(0, samples, _BATCH):
        columns = slice(start, min(start + _BATCH, samples))
        part = mass[:, columns]
        plain = shares(part, division)
        sums = np.stack(
            [
                np.einsum("dg,gs->ds", weights[:, rows], division.parts[rows, k, None] * part[rows], optimize=False)
                for k, rows in enumerate(held)
            ]
        )
        moved = np.einsum("dl,lks->kds", reference, _moved(effects, part), optimize=False)
        total = sums.sum(axis=0)
        for s in range(total.shape[1]):
            usable = total[:, s] > 0  # a draw may leave out every protein of a sample with very few
            if usable.any():
                drawn = sums[:, usable, s] / total[usable, s] + moved[:, usable, s]
                drawn = plain[:, s, None] + division.stretch * (drawn - plain[:, s, None])
                bounds[:, :, start + s] = np.quantile(np.clip(drawn, 0.0, 1.0), _INTERVAL, axis=1)
    return bounds[0], bounds[1]


def _moved(effects: NDArray[np.float64], mass: NDArray[np.float64]) -> NDArray[np.float64]:
    """Laboratories x compartments x samples: how the shares move without each laboratory."""
    return (
        np.stack([np.einsum("gk,gs->ks", e, mass, optimize=False) for e in effects])
        if len(effects)
        else (np.zeros((0, effects.shape[2], mass.shape[1])))
    )
