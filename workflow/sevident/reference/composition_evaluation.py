"""How the composition does on laboratories that the reference never saw: ladders, intervals, and a study apart.

Each laboratory's samples are divided by memberships that were learned without it; a mixture of samples of two
laboratories without both.

What the intervals are held against. A ladder mixes one sample of a study and class with one of another. Its truth is
the straight line between the two kinds: the mean composition of their *other* samples (same study, class and reference
group where it has two or more), as the whole reference sees them. So an interval must hold both what one sample's
proteins happen to say and what a reference does not know of a new laboratory. Every pair of kinds weighs the same, and
compartments that hold less than LEAST_TRUTH of the true mixture are not counted, for nothing is easier than to be right
about nothing.
"""

from __future__ import annotations

import copy
import itertools
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sevident import panels
from sevident.profiling import compartments
from sevident.profiling.memberships import VESICULAR, Division, Memberships, apportion
from sevident.reference.labelled import read_published
from sevident.reference.profiles import TEST_STUDIES, Means, means, memberships, profiles

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sevident.reference.labelled import Labelled

SEED = 1
#: shares of the first kind in a ladder
LADDER = (0.0, 0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 1.0)
#: a compartment with a smaller true share does not count towards coverage
LEAST_TRUTH = 0.005
#: subclasses whose samples are repeats of one another; fractions of a gradient and kinds of lipoproteins are not
REPEATED = ("small_ev", "secretome", "plasma", "lysate", "urine")
#: the authors' table of the test study, its column of protein classes and the classes that they call vesicle
CLUSTER_TABLE = ("plasma_ev_methods", "abundance_matrix.xlsx", "Cluster", ("C10", "C11"))
#: written where the authors' table holds no value
CLUSTER_FLOOR = 1e-8
HAEMOGLOBIN = r"HB[ABDEGMQZ]\d?"


@dataclass(frozen=True)
class Kind:
    """A study and class with repeats: columns (of the fractions) of one sample and of the others like it."""

    study: str
    laboratory: str
    subclass: str
    sample: int
    others: tuple[int, ...]


class Held:
    """Labelled samples with memberships learned without some laboratories, each fit made once."""

    def __init__(self, data: Labelled, registry: panels.Registry) -> None:
        self.registry = registry
        self.means: Means = means(data, registry)
        self.fractions = data.fractions.fillna(0.0)
        self.samples = data.samples.set_index("sample_id").loc[self.fractions.columns]
        self.names = list(compartments.names(registry.index))
        self._fits: dict[frozenset[str], pd.DataFrame] = {}

    def with_red_cells_divided(self) -> Held:
        """The same samples, with the proteins of red cells divided as those of other cytosol are."""
        other = copy.copy(self)
        other.means = replace(self.means, place=self.means.place.replace("erythrocyte", "cytosol"))
        other._fits = {}
        return other

    @cached_property
    def laboratories(self) -> list[str]:
        return sorted(set(self.means.fractions.columns.get_level_values("laboratory")))

    def fit(self, leave_out: Collection[str]) -> pd.DataFrame:
        key = frozenset(leave_out)
        if key not in self._fits:
            self._fits[key] = memberships(profiles(self.means, key), self.means.place)
        return self._fits[key]

    def division(self, leave_out: Collection[str], jackknife: bool = True) -> Division:
        """How genes (rows of ``fractions``) are divided by a reference without some laboratories."""
        shares = self.fit(leave_out)
        others = [name for name in self.laboratories if name not in leave_out] if jackknife else []
        without = pd.DataFrame(
            {name: self.fit({*leave_out, name})[VESICULAR] for name in others}, index=shares.index, columns=others
        )
        genes = self.fractions.index.get_indexer(shares.index)
        return apportion(self.means.place, self.names, Memberships(shares, without), genes, np.arange(len(shares)))

    @cached_property
    def known(self) -> NDArray[np.float64]:
        """Compartments x samples by the whole reference."""
        return compartments.shares(self.fractions.to_numpy(), self.division((), jackknife=False))


def kinds(held: Held) -> list[Kind]:
    """The first sample of each study and class with repeats, with the others like it."""
    out = []
    rows = held.samples.assign(column=np.arange(len(held.samples)))
    rows = rows[rows["subclass"].isin(REPEATED) & ~rows["study"].isin(TEST_STUDIES)]
    for (study, laboratory, subclass), part in rows.groupby(["study", "laboratory", "subclass"], sort=True):
        sizes = part["reference_group"].map(part["reference_group"].value_counts())
        alike = part[sizes.ge(2)] if sizes.ge(2).any() else part
        alike = alike[alike["reference_group"].eq(alike["reference_group"].iloc[0])]
        if len(alike) > 1:
            first, *others = alike["column"].tolist()
            out.append(Kind(str(study), str(laboratory), str(subclass), first, tuple(others)))
    return out


def ladders(held: Held) -> pd.DataFrame:
    """Every rung of every ladder: ladder, laboratories, share, compartment, estimate, low, high, line, truth.

    ``line``: between the estimates of the two samples; ``truth``: between the other samples of the two kinds.
    """
    parts = []
    by_laboratories: dict[tuple[str, ...], list[tuple[Kind, Kind]]] = {}
    for one, other in itertools.combinations(kinds(held), 2):
        if one.subclass != other.subclass:
            key = tuple(sorted({one.laboratory, other.laboratory}))
            by_laboratories.setdefault(key, []).append((one, other))
    matrix = held.fractions.to_numpy()
    for laboratories, pairs in sorted(by_laboratories.items()):
        division = held.division(laboratories)
        mixed, truth = [], []
        for one, other in pairs:
            ends = [held.known[:, list(kind.others)].mean(axis=1) for kind in (one, other)]
            for share in LADDER:
                mixed.append(share * matrix[:, one.sample] + (1 - share) * matrix[:, other.sample])
                truth.append(share * ends[0] + (1 - share) * ends[1])
        mass = np.column_stack(mixed)
        there = np.asarray(mass.any(axis=1))
        estimate = compartments.shares(mass[there], division.of(there))
        low, high = compartments.intervals(mass[there], division.of(there), SEED)
        for i, (one, other) in enumerate(pairs):
            steps = slice(i * len(LADDER), (i + 1) * len(LADDER))
            parts.append(
                pd.DataFrame(
                    {
                        "ladder": f"{one.study} ({one.subclass}) in {other.study} ({other.subclass})",
                        "laboratories": "+".join(laboratories),
                        "share": np.tile(LADDER, len(held.names)),
                        "compartment": np.repeat(held.names, len(LADDER)),
                        "estimate": estimate[:, steps].ravel(),
                        "low": low[:, steps].ravel(),
                        "high": high[:, steps].ravel(),
                        "line": _line(estimate[:, steps]).ravel(),
                        "truth": np.column_stack(truth[steps]).ravel(),
                    }
                )
            )
    return pd.concat(parts, ignore_index=True)


def _line(estimate: NDArray[np.float64]) -> NDArray[np.float64]:
    rungs = np.array(LADDER)
    return estimate[:, -1:] * rungs + estimate[:, :1] * (1 - rungs)


def coverage(rungs: pd.DataFrame, stretch: float = 1.0) -> pd.Series:
    """Share of true values inside their interval, per ladder (see the module); intervals ``stretch`` times as wide."""
    known = rungs[rungs["truth"] >= LEAST_TRUTH]
    low = (known["estimate"] - stretch * (known["estimate"] - known["low"])).clip(0.0, 1.0)
    high = (known["estimate"] + stretch * (known["high"] - known["estimate"])).clip(0.0, 1.0)
    inside = known["truth"].between(low - 1e-12, high + 1e-12)
    return inside.groupby(known["ladder"]).mean()


def calibration_of(rungs: pd.DataFrame, nominal: float = 0.9) -> float:
    """By how much the intervals must be stretched for a mean coverage of ``nominal`` over ladders."""
    grid = np.arange(0.3, 3.01, 0.05)
    reached = np.array([coverage(rungs, s).mean() for s in grid])
    return float(grid[np.abs(reached - nominal).argmin()])


def nested_coverage(rungs: pd.DataFrame) -> pd.Series:
    """Coverage of each ladder with a stretch that comes from ladders without its laboratories."""
    parts = []
    names = rungs["laboratories"].str.split("+", regex=False)
    for laboratories in sorted(rungs["laboratories"].unique()):
        mine = set(laboratories.split("+"))
        apart = ~names.map(lambda other, mine=mine: bool(mine & set(other)))
        parts.append(coverage(rungs[rungs["laboratories"].eq(laboratories)], calibration_of(rungs[apart])))
    return pd.concat(parts)


def held_out(held: Held) -> pd.DataFrame:
    """Samples x compartments, each by memberships learned without its laboratory; rows in the order of ``samples``."""
    out = pd.DataFrame(np.nan, index=held.samples.index, columns=held.names)
    for laboratory in sorted(held.samples["laboratory"].unique()):
        mine = held.samples["laboratory"].eq(laboratory).to_numpy()
        division = held.division({laboratory} & set(held.laboratories), jackknife=False)
        out.loc[mine] = compartments.shares(held.fractions.loc[:, mine].to_numpy(), division).T
    return out


@dataclass(frozen=True)
class Clusters:
    """Share of each preparation's mass in the authors' vesicle clusters, and the same without haemoglobin."""

    whole: pd.Series
    without_haemoglobin: pd.Series


def authors_clusters(studies: str | Path, samples: Collection[str]) -> Clusters | None:
    """The test study's own measure of vesicles, by sample_id; None where its table is not there."""
    study, file, column, vesicle = CLUSTER_TABLE
    if not (Path(studies) / study / file).is_file():
        return None
    table, _ = read_published(Path(studies) / study, file)
    names = {c: f"{study}/{c.strip()}" for c in table.columns if f"{study}/{c.strip()}" in samples}
    values = table[list(names)].apply(pd.to_numeric, errors="coerce").rename(columns=names)
    values = values.where(values > CLUSTER_FLOOR * 1.01, 0.0)
    marked = table[column].isin(vesicle)
    blood = table["Gene names"].str.split().str[0].str.upper().str.fullmatch(HAEMOGLOBIN).fillna(False).astype("bool")
    total = values.sum()
    return Clusters(values[marked].sum() / total, values[marked & ~blood].sum() / total)


def agreement(held: Held, clusters: Clusters) -> dict[str, float]:
    """Spearman correlation of the vesicular share with the authors' clusters in the test study.

    ``all``; ``both_without``: haemoglobin left out of our share and of theirs; ``red_cells_divided``: the share if the
    proteins of red cells were divided; ``panels``: the share when the panels alone decide; ``tetraspanins``: of these
    markers alone.
    """
    from scipy.stats import spearmanr

    fractions = held.fractions[clusters.whole.index]
    ours = _vesicular(held, clusters)
    freed = _vesicular(held.with_red_cells_divided(), clusters)
    blood = held.fractions.index.str.fullmatch(HAEMOGLOBIN)
    members = held.registry.members
    tetraspanins = members.loc[members["panel"].eq("tetraspanins"), "gene"]
    compared = {
        "all": (ours.sum(), clusters.whole),
        "red_cells_divided": (freed.sum(), clusters.whole),
        "both_without": (ours[~blood].sum(), clusters.without_haemoglobin),
        "panels": (fractions[held.means.place.eq(VESICULAR).to_numpy()].sum(), clusters.whole),
        "tetraspanins": (fractions[fractions.index.isin(tetraspanins)].sum(), clusters.whole),
    }
    return {name: float(spearmanr(ours, theirs).statistic) for name, (ours, theirs) in compared.items()}


def _vesicular(held: Held, clusters: Clusters, leave_out: Collection[str] = ()) -> pd.DataFrame:
    """Genes x preparations of the test study: the vesicular part of each mass fraction."""
    parts = held.division(leave_out, jackknife=False).parts[:, held.names.index(VESICULAR)]
    return held.fractions[clusters.whole.index].mul(parts, axis=0)


def learning_curve(held: Held, clusters: Clusters) -> pd.DataFrame:
    """Agreement with the test study by the number of laboratories whose vesicles the reference holds (all subsets):
    laboratories, subsets, median, lowest, highest.
    """
    from scipy.stats import spearmanr

    rows = []
    for count, subsets in _subsets(held):
        values = [
            float(spearmanr(_vesicular(held, clusters, leave_out).sum(), clusters.whole).statistic)
            for leave_out in subsets
        ]
        rows.append((count, len(values), float(np.median(values)), min(values), max(values)))
    return pd.DataFrame(rows, columns=["laboratories", "subsets", "median", "lowest", "highest"])


def _subsets(held: Held) -> Iterator[tuple[int, list[set[str]]]]:
    """(number of laboratories with vesicles, the laboratories to leave out for each choice of so many)."""
    columns = held.means.fractions.columns
    with_vesicles = sorted(set(columns[columns.get_level_values("source") == "vesicle"].get_level_values("laboratory")))
    for count in range(1, len(with_vesicles) + 1):
        chosen = itertools.combinations(with_vesicles, count)
        yield count, [set(with_vesicles) - set(names) for names in chosen]
