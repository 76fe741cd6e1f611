"""Where the protein of a sample comes from: every analyte protein group goes to exactly one compartment.

A group that several compartments claim goes to the one with the lowest priority number in the registry; a protein of
bovine serum in a study of another organism is bovine before anything else; what no panel claims is ``unexplained``.
The shares of a sample sum to 1.

The interval of a share says how far it hangs on single proteins: the shares are computed again with each protein group
counted a Poisson(1) number of times, the bootstrap in the form of independent weights (Efron B, Tibshirani RJ. An
introduction to the bootstrap, 1993, chapter 6; Poisson weights: Chamandy N et al. 2012, Estimating uncertainty for
massive data streams). It does not hold the variation between preparations, which takes replicates.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .composition import Composition

if TYPE_CHECKING:
    from numpy.typing import NDArray

UNEXPLAINED = "unexplained"
BOVINE = "bovine_serum"  # the panel of that name; its compartment takes bovine proteins first
_TITLE = "Not in any compartment panel"
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


def table(composition: Composition, compartment: pd.Series, titles: dict[str, str], seed: int = 1) -> pd.DataFrame:
    """The table COMPARTMENTS: one row per sample and compartment; shares with 90 % intervals.

    A sample without any quantified protein has null shares.
    """
    labels = list(titles)
    place = {label: i for i, label in enumerate(labels)}
    code = compartment.map(place).to_numpy(dtype="int64")
    mass = np.where(np.isnan(composition.mass), 0.0, composition.mass)
    molar = np.where(np.isnan(composition.molar), 0.0, composition.molar)
    some, some_molar = composition.counts > 0, (~np.isnan(composition.molar)).any(axis=0)
    members = [np.flatnonzero(code == i) for i in range(len(labels))]
    share = np.array([mass[m].sum(axis=0) for m in members])
    molar_share = np.array([molar[m].sum(axis=0) for m in members])
    proteins = np.array([(~np.isnan(composition.mass[m])).sum(axis=0) for m in members])
    low, high = _intervals(mass, members, seed)
    empty = np.where(some, 0.0, np.nan)
    shape = share.shape
    which, sample = (axis.ravel() for axis in np.indices(shape))
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
            "molar_fraction": (molar_share + np.where(some_molar, 0.0, np.nan)).ravel(),
        }
    )


def _intervals(
    mass: NDArray[np.float64], members: list[NDArray[np.int64]], seed: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """5th and 95th percentile of the shares over the draws, compartments x samples; nan for a sample without protein.

    One set of weights serves all samples. einsum without optimisation sums in a fixed order, whatever the number of
    cores; a matrix product of the linear algebra library need not.
    """
    samples = mass.shape[1]
    weights = np.random.default_rng(seed).poisson(1.0, size=(DRAWS, len(mass))).astype("float64")
    bounds = np.full((2, len(members), samples), np.nan)
    for start in range(0, samples, _BATCH):
        columns = slice(start, min(start + _BATCH, samples))
        sums = np.stack([_weighted(weights[:, m], mass[m, columns]) for m in members])
        total = sums.sum(axis=0)
        for s in range(total.shape[1]):
            usable = total[:, s] > 0  # a draw may leave out every protein of a sample with very few
            if usable.any():
                drawn = sums[:, usable, s] / total[usable, s]
                bounds[:, :, start + s] = np.quantile(drawn, _INTERVAL, axis=1)
    return bounds[0], bounds[1]


def _weighted(weights: NDArray[np.float64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.einsum("dg,gs->ds", weights, values, optimize=False)
