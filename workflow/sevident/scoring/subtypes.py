"""Exploratory axes: which kind of vesicle, beside the verdict and never part of it.

Two-sided axes compare how prominent two small panels are (mean of the members' prominence v(r), see ``prominence``; a
member that could have been seen and was not counts 0):

    value = mean v(first panel) - mean v(second panel)            (-1 .. 1; above 0: more of the first)

One-sided axes (platelets, erythrocytes) give the panel's share of protein mass. The panels are small, come from one
study or one cell line each, and depend on the producing cell: the values invite a closer look, they settle nothing.
Sources stand with the panels. Intervals: Bayesian bootstrap over the members (see ``bootstrap_weights``).
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from sevident import tables
from sevident.panels import Registry
from sevident.scoring.prominence import ProminenceSettings, bootstrap_weights, counted_ranks, member_values
from sevident.scoring.signature import Quantities, member_ranks

#: members of a panel that must be assessable (detected, or searched and not detected) on each side
LEAST_ASSESSABLE = 2
#: members that must be detected, both sides together, before two sides are compared
LEAST_DETECTED = 2
DIFFERENCE = "difference of mean prominence (-1 to 1)"
SHARE = "share of protein mass"


@dataclass(frozen=True)
class Axis:
    """One exploratory axis; without ``against`` it is the share of ``panel``."""

    subtype: str
    title: str
    panel: str
    against: str = ""


AXES = (
    Axis("small_against_large", "Small against large EVs", "subtype_small_ev", "subtype_large_ev"),
    Axis("exosome_against_ectosome", "Exosomes against ectosomes", "subtype_exosome", "subtype_ectosome"),
    Axis(
        "vesicle_against_particle",
        "Vesicles against exomeres and other non-vesicular particles",
        "subtype_small_ev",
        "subtype_particle",
    ),
    Axis("platelet", "Platelet origin", "platelet"),
    Axis("erythrocyte", "Erythrocyte origin", "erythrocyte"),
)


@dataclass(frozen=True)
class _Side:
    """A panel's members in a study: arrays are (members, samples)."""

    ranks: np.ndarray
    mass: np.ndarray
    assessable: np.ndarray
    drawn: np.ndarray  # (members, 1 + draws) bootstrap weights, column 0 all ones


def table(
    study: Quantities,
    matches: pd.DataFrame,
    markers: pd.DataFrame,
    registry: Registry,
    settings: ProminenceSettings,
    draws: int,
    seed: int,
) -> pd.DataFrame:
    """tables.SUBTYPES of every sample and axis. Pure.

    ``matches``: panel, gene, protein_group (``panels.match``); ``markers``: tables.MARKERS, which knows what was
    searched and not detected. An axis whose panels are not in the registry is left out.
    """
    study = replace(study, ranks=counted_ranks(study.ranks, study.mass, settings))
    index = registry.index.set_index("panel")
    known = set(index.index)
    sides: dict[str, _Side] = {}
    rows: list[dict[str, object]] = []
    for axis in AXES:
        names = [name for name in (axis.panel, axis.against) if name]
        if not set(names) <= known:
            continue
        for name in names:
            if name not in sides:
                sides[name] = _side(name, study, matches, markers, registry, draws, seed)
        first = sides[axis.panel]
        values = _mean(first, settings) - _mean(sides[axis.against], settings) if axis.against else _share(first)
        for i, sample in enumerate(study.samples):
            rows.append(
                {
                    "sample": sample,
                    "subtype": axis.subtype,
                    "title": axis.title,
                    "unit": DIFFERENCE if axis.against else SHARE,
                    "panels": ";".join(names),
                    "source": "; ".join(dict.fromkeys(str(index.loc[n, "source"]) for n in names)),
                    **_cell(axis, [sides[n] for n in names], values[i], i),
                }
            )
    return tables.conform(pd.DataFrame(rows), tables.SUBTYPES)


def _side(
    panel: str,
    study: Quantities,
    matches: pd.DataFrame,
    markers: pd.DataFrame,
    registry: Registry,
    draws: int,
    seed: int,
) -> _Side:
    genes = sorted(registry.members.loc[registry.members["panel"] == panel, "gene"])
    own = matches[matches["panel"] == panel]
    ranks = member_ranks(genes, own, study.row_of, study.ranks)
    row_of, position = study.row_of, {gene: i for i, gene in enumerate(genes)}
    mass = np.zeros((len(genes), len(study.samples)))
    # a group of several members is counted once, for the first of them
    for gene, group in own.drop_duplicates("protein_group")[["gene", "protein_group"]].itertuples(index=False):
        if group in row_of and gene in position:
            mass[position[gene]] += np.nan_to_num(study.mass[row_of[group]])
    column = {sample: i for i, sample in enumerate(study.samples)}
    assessable = ~np.isnan(ranks)
    absent = markers[(markers["panel"] == panel) & (markers["status"] == "not_detected")]
    for sample, gene in zip(absent["sample"], absent["gene"], strict=True):
        if gene in position and sample in column:
            assessable[position[gene], column[sample]] = True
    rng = np.random.default_rng([seed, zlib.crc32(f"subtype {panel}".encode())])
    ones = np.ones(len(genes))
    return _Side(ranks, mass, assessable, np.column_stack([ones, bootstrap_weights(ones, draws, rng)]))


def _mean(side: _Side, settings: ProminenceSettings) -> np.ndarray:
    """(samples, 1 + draws): mean prominence of the members that are assessable; NaN where none is."""
    total = (member_values(side.ranks, settings) * side.assessable).T @ side.drawn
    weight = side.assessable.T.astype(float) @ side.drawn
    return np.divide(total, weight, out=np.full_like(total, np.nan), where=weight > 0)


def _share(side: _Side) -> np.ndarray:
    # the draws reweight the members, so that one protein that makes up the whole share shows in the interval
    return np.minimum(side.mass.T @ side.drawn, 1.0)


def _cell(axis: Axis, sides: list[_Side], values: np.ndarray, sample: int) -> dict[str, object]:
    detected = sum(int((~np.isnan(side.ranks[:, sample])).sum()) for side in sides)
    members = sum(side.ranks.shape[0] for side in sides)
    fewest = min(int(side.assessable[:, sample].sum()) for side in sides)
    counts = {"detected": detected, "members": members}
    if fewest < LEAST_ASSESSABLE:
        note = f"only {fewest} member{'' if fewest == 1 else 's'} of a panel could have been seen"
        return {**counts, "status": "not_assessable", "note": note}
    if axis.against and detected < LEAST_DETECTED:
        return {**counts, "status": "not_assessable", "note": f"{detected} of {members} members detected: too few"}
    low, high = np.quantile(values[1:], [0.05, 0.95]) if values.shape[0] > 1 else (values[0], values[0])
    return {
        **counts,
        "value": float(values[0]),
        "low": min(float(low), float(values[0])),
        "high": max(float(high), float(values[0])),
        "status": "assessed",
        "note": "" if detected else "none of the members was detected",
    }
