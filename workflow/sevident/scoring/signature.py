"""A sample's signature: the prominence of each axis and the mass fractions of each axis, with bootstrap draws.

Axes are *vesicle*, *serum*, *secreted* and *intracellular*; each is the mean of a few panels' prominences, so that a
large panel does not outvote a small one. The draws reweight the proteins of the panels (Bayesian bootstrap), the
same weights for every sample: an interval says how much a statement hangs on which proteins happen to be in the
panel and in the table.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from sevident.scoring.model import ScoreModel
from sevident.scoring.prominence import bootstrap_weights, counted_ranks, prominence


@dataclass(frozen=True)
class Quantities:
    """Matrices of a study. ``ranks`` and ``mass`` are (protein groups x samples), NaN where not quantified."""

    groups: list[str]
    samples: list[str]
    ranks: np.ndarray
    mass: np.ndarray

    @cached_property
    def row_of(self) -> dict[str, int]:
        """Protein group -> its row."""
        return {group: i for i, group in enumerate(self.groups)}


@dataclass(frozen=True)
class Signature:
    """``panels``: panel -> (samples,) prominence. ``axes``, ``shares``: axis -> (samples, 1 + draws), column 0 the
    estimate; ``shares`` holds the model's witnesses as well.
    """

    samples: list[str]
    panels: dict[str, np.ndarray]
    axes: dict[str, np.ndarray]
    shares: dict[str, np.ndarray]


def quantities(abundance: pd.DataFrame, samples: list[str]) -> Quantities:
    """Pivot tables.ABUNDANCE to matrices, protein groups sorted by name; samples in the given order, absent ones all
    NaN.
    """
    analytes = abundance[abundance["mass_fraction"].notna()]
    groups = sorted(analytes["protein_group"].unique())

    def matrix(value: str) -> np.ndarray:
        wide = analytes.pivot(index="protein_group", columns="sample", values=value)
        return wide.reindex(index=groups, columns=samples).to_numpy(dtype=float)

    return Quantities(groups, list(samples), matrix("rank"), matrix("mass_fraction"))


def compute(
    study: Quantities, matches: pd.DataFrame, weights: pd.DataFrame, model: ScoreModel, draws: int, seed: int
) -> Signature:
    """The signature of every sample.

    Parameters
    ----------
    study
        matrices of the study.
    matches
        panel, gene, protein_group: which groups are which panel members (``panels.match``).
    weights
        panel, gene, weight: every member that counts, also those that match nothing (they count as not detected); a
        match of a member that is not here (weight 0) is not used.
    draws, seed
        bootstrap draws; each panel has a random stream of its own, named by the panel, so that adding a panel or a
        sample changes no other number.
    """
    row_of = study.row_of
    by_panel = _counted(matches, weights)
    members = {panel: part.sort_values("gene") for panel, part in weights.groupby("panel", sort=True)}

    counted_rank = counted_ranks(study.ranks, study.mass, model.prominence)
    panel_values: dict[str, np.ndarray] = {}
    axes: dict[str, np.ndarray] = {}
    for axis, panels in model.axes.items():
        stack = []
        for panel in panels:
            table = members[panel]
            ranks = member_ranks(list(table["gene"]), by_panel.get(panel), row_of, counted_rank)
            base = table["weight"].to_numpy(dtype=float)
            drawn = np.column_stack([base, bootstrap_weights(base, draws, _stream(seed, panel))])
            values = prominence(ranks, drawn, model.prominence)
            panel_values[panel] = values[:, 0]
            stack.append(values)
        axes[axis] = np.mean(stack, axis=0)

    mass = np.nan_to_num(study.mass, nan=0.0)
    rng = _stream(seed, "shares")
    group_weights = np.column_stack([np.ones(len(study.groups)), rng.exponential(1.0, size=(len(study.groups), draws))])
    total = mass.T @ group_weights
    rows = share_rows(study, matches, weights, model)
    shares: dict[str, np.ndarray] = {}
    for axis, chosen in rows.items():
        part = mass[chosen].T @ group_weights[chosen]
        shares[axis] = np.divide(part, total, out=np.zeros_like(part), where=total > 0)
    return Signature(study.samples, panel_values, axes, shares)


def share_rows(
    study: Quantities, matches: pd.DataFrame, weights: pd.DataFrame, model: ScoreModel
) -> dict[str, np.ndarray]:
    """Axis of the shares, or witness -> mask (protein groups,) of what counts in it; arguments as in ``compute``."""
    by_panel = _counted(matches, weights)
    taken = np.zeros(len(study.groups), dtype=bool)
    out = {}
    for axis, panels in [*model.shares.items(), *model.witnesses.items()]:
        chosen = np.zeros(len(study.groups), dtype=bool)
        for panel in panels:
            if panel in by_panel:
                rows = [study.row_of[g] for g in by_panel[panel]["protein_group"] if g in study.row_of]
                chosen[rows] = True
        if axis in model.shares:
            chosen &= ~taken  # the first axis named in the model keeps a protein that stands in panels of two
            taken |= chosen
        out[axis] = chosen
    return out


def _counted(matches: pd.DataFrame, weights: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """panel -> its matches whose member counts."""
    counted = matches.merge(weights[["panel", "gene"]], on=["panel", "gene"])
    return {str(panel): part for panel, part in counted.groupby("panel", sort=True)}


def member_ranks(
    genes: list[str], matches: pd.DataFrame | None, row_of: dict[str, int], ranks: np.ndarray
) -> np.ndarray:
    """(members, samples): the best rank among the protein groups that are the member, NaN where none is quantified."""
    out = np.full((len(genes), ranks.shape[1]), np.nan)
    if matches is None:
        return out
    position = {gene: i for i, gene in enumerate(genes)}
    for gene, group in zip(matches["gene"], matches["protein_group"], strict=True):
        if gene in position and group in row_of:
            i = position[gene]
            out[i] = np.fmin(out[i], ranks[row_of[group]])
    return out


def _stream(seed: int, name: str) -> np.random.Generator:
    return np.random.default_rng([seed, zlib.crc32(name.encode("utf-8"))])
