"""How the mass of a protein is divided among compartments: fixed shares, learned once from labelled studies.

Actin, GAPDH, HSPA8, annexins or integrins are found in vesicles and outside them; vesicles bring membrane proteins that
no panel lists. ``resources/reference/memberships.tsv`` (made by ``sevident reference``, see
``reference.profiles``) says for each such gene which share of its mass counts as vesicular, as secreted and as serum;
the rest stays where the panels put it. The shares do not depend on the sample. So the composition is a linear function
of the mass fractions, it is never negative, its parts sum to one, and mixing two samples mixes their compositions.

A protein that is soluble by its panel (serum, lipoprotein, immunoglobulin, secreted or matrix) or belongs to an
organelle keeps its one compartment, also where it sits on or in a vesicle: it counts as what it is. So do haemoglobin
and the other proteins of red cells: haemolysis sets them free, and a haemolysed plasma must not look vesicular.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..errors import InputError
from ..panels import Registry, resolve

if TYPE_CHECKING:
    from numpy.typing import NDArray

FILE = "memberships.tsv"
FACTS = "memberships.json"  # beside FILE: where the memberships come from
STRETCH = "interval_stretch"  # its key for the factor of intervals
UNEXPLAINED = "unexplained"
VESICULAR = "vesicular"
#: compartments that a membership may speak for; the rest goes to the compartment of the panels
TARGETS = (VESICULAR, "secreted_ecm", "serum")
#: what is divided: proteins of these compartments, and those that no compartment panel lists
DIVIDED = (VESICULAR, "cytosol", "cytoskeleton", UNEXPLAINED)
#: columns of leave-one-laboratory-out memberships: this prefix and the laboratory's name
WITHOUT = "without_"
COLUMNS = ("gene", *TARGETS, "laboratories")


@dataclass(frozen=True)
class Memberships:
    """``shares``: gene x TARGETS, each 0 to 1, in a row at most 1.

    ``without``: gene x laboratory, the vesicular share that the reference would give without that laboratory (nan = the
    same). ``stretch``: how much wider than computed an interval of a share must be to hold what it says for
    laboratories that the reference has not seen.
    """

    shares: pd.DataFrame
    without: pd.DataFrame
    stretch: float = 1.0


@dataclass(frozen=True)
class Division:
    """``parts``: protein groups x compartments (in the order of ``names``), rows sum to 1. ``shifts``: laboratories x
    groups, how much more vesicular the group would be without that laboratory in the reference. ``stretch`` as in
    Memberships.
    """

    names: list[str]
    parts: NDArray[np.float64]
    shifts: NDArray[np.float64]
    stretch: float = 1.0

    def of(self, rows: NDArray[np.bool_]) -> Division:
        """The same for a part of the groups."""
        return Division(self.names, self.parts[rows], self.shifts[:, rows], self.stretch)


def load(path: str | Path) -> Memberships | None:
    """Read a table of memberships; None where there is no such file. Raises InputError for a file that is not one."""
    path = Path(path)
    if not path.is_file():
        return None
    try:
        table = pd.read_csv(path, sep="\t", dtype="str", keep_default_na=False, encoding="utf-8")
    except (pd.errors.EmptyDataError, pd.errors.ParserError, UnicodeDecodeError):
        table = pd.DataFrame()
    missing = [c for c in COLUMNS if c not in table.columns]
    if missing:
        raise InputError(
            "the table of memberships lacks columns",
            where=str(path),
            found=", ".join(map(str, table.columns)),
            expected=", ".join(COLUMNS),
            advice="make it again with `sevident reference`",
        )
    table = table.set_index("gene")
    written = table[[*TARGETS, *[c for c in table.columns if c.startswith(WITHOUT)]]]
    numbers = written.apply(pd.to_numeric, errors="coerce").astype("float64")
    shares, without = numbers[list(TARGETS)], numbers.drop(columns=list(TARGETS))
    # a blank is allowed where a laboratory changes nothing
    valid = numbers.ge(0) & numbers.le(1)
    valid[without.columns] |= written[without.columns].eq("")
    wrong = ~valid.all(axis=1).to_numpy() | (shares.sum(axis=1).to_numpy() > 1 + 1e-6) | table.index.duplicated()
    if wrong.any():
        raise InputError(
            "the table of memberships holds rows that are no shares of one protein",
            where=str(path),
            found=str(table.index[wrong][0]),
            expected="each gene once, with shares from 0 to 1 that sum to at most 1",
            advice="make it again with `sevident reference`",
        )
    return Memberships(shares, without.rename(columns=lambda c: c.removeprefix(WITHOUT)), _stretch(path.parent / FACTS))


def _stretch(path: Path) -> float:
    """The factor of intervals; 1 where the file is not there. Raises InputError where it holds no such number."""
    if not path.is_file():
        return 1.0
    try:
        value = float(json.loads(path.read_text(encoding="utf-8"))[STRETCH])
    except (ValueError, KeyError, TypeError, RecursionError):
        value = float("nan")
    if not 0 < value < 100:
        raise InputError(
            "the facts about the memberships hold no factor for intervals",
            where=str(path),
            expected=f'"{STRETCH}": a number above 0',
            advice="make it again with `sevident reference`",
        )
    return value


def divide(
    groups: pd.DataFrame,
    compartment: pd.Series,
    names: list[str],
    memberships: Memberships | None,
    registry: Registry,
    organism: str,
) -> Division:
    """Divide protein groups among the compartments ``names``.

    ``compartment``: what the panels say of each group (``compartments.assign``). A group of several genes takes the
    mean of those that the reference knows. A gene that it does not know, and every gene without memberships, stays
    whole in the compartment of its panel.
    """
    if memberships is None:
        nothing = np.zeros(0, dtype="int64")
        empty = pd.DataFrame(columns=list(TARGETS), dtype="float64")
        return apportion(compartment, names, Memberships(empty, empty.iloc[:, :0]), nothing, nothing)
    group, gene = _known_genes(groups, compartment, memberships, registry, organism)
    return apportion(compartment, names, memberships, group, gene)


def apportion(
    compartment: pd.Series,
    names: list[str],
    memberships: Memberships,
    group: NDArray[np.int64],
    gene: NDArray[np.int64],
) -> Division:
    """Divide groups by pairs of (row of the group, row of the memberships); groups in no pair stay whole."""
    place = {name: i for i, name in enumerate(names)}
    own = compartment.map(place).to_numpy(dtype="int64")
    count = len(own)
    rows = np.arange(count)
    weight = 1.0 / np.bincount(group, minlength=count)[group]
    known = np.zeros(count, dtype="bool")
    known[group] = True
    parts = np.zeros((count, len(names)))
    rest = np.ones(count)
    for target in TARGETS:
        # a registry without this compartment cannot show it: its part stays with the rest
        if target in place:
            shares = memberships.shares[target].to_numpy()[gene] * weight
            amount = np.bincount(group, weights=shares, minlength=count)
            parts[:, place[target]] += amount
            rest -= amount
    # what is left of a vesicular protein is membrane of cells, for which there is no compartment
    home = np.where(known & compartment.eq(VESICULAR).to_numpy(), place[UNEXPLAINED], own)
    parts[rows, home] += np.clip(rest, 0.0, 1.0)
    without = memberships.without.to_numpy(dtype="float64")[gene]
    change = np.nan_to_num(without - memberships.shares[VESICULAR].to_numpy()[gene][:, None]) * weight[:, None]
    shifts = np.zeros((without.shape[1], count))
    if VESICULAR in place:
        for laboratory in range(without.shape[1]):
            shifts[laboratory] = np.bincount(group, weights=change[:, laboratory], minlength=count)
    return Division(names, parts, shifts, memberships.stretch)


def _known_genes(
    groups: pd.DataFrame, compartment: pd.Series, memberships: Memberships, registry: Registry, organism: str
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(row of the group, row of the memberships) for every gene of a divided group that the reference knows."""
    row_of = {str(g): i for i, g in enumerate(memberships.shares.index)}
    current = cache(lambda symbol: resolve(symbol, registry, organism))
    pairs = []
    for i, (cell, name) in enumerate(zip(groups["genes"], compartment, strict=True)):
        if name in DIVIDED:
            genes = {current(symbol) for symbol in str(cell).split(";") if symbol.strip()}
            pairs += [(i, row_of[g]) for g in sorted(genes) if g in row_of]
    group, gene = np.array(pairs, dtype="int64").reshape(-1, 2).T
    return group, gene


def effect_of_shifts(division: Division) -> NDArray[np.float64]:
    """Laboratories x groups x compartments: what each of the ``shifts`` does to the parts of a group.

    The vesicular part changes by the shift and the others give or take in proportion.
    """
    place = division.names.index(VESICULAR) if VESICULAR in division.names else None
    out = np.zeros((len(division.shifts), *division.parts.shape))
    if place is None:
        return out
    other = division.parts.copy()
    other[:, place] = 0.0
    total = other.sum(axis=1)
    # a wholly vesicular group gives to what no reference profile explains
    other[total <= 0, division.names.index(UNEXPLAINED)] = 1.0
    other /= np.where(total > 0, total, 1.0)[:, None]
    out -= division.shifts[:, :, None] * other[None]
    out[:, :, place] += division.shifts
    return out
