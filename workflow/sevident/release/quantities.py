"""What a criterion can be about: each kind of quantity with its unit, its bounds, and how a lot's samples combine.

score.<column>                any number of tables/scores.tsv: score.identity, score.purity, score.p_small_ev ...
family.<panel>.<column>       any number of tables/families.tsv: family.misev_1a.detected ...
compartment.<name>            share of the protein mass of a compartment
species.<name>                share of the intensity that is of a species, shared peptides divided (tables/species.tsv)
marker.<gene>                 a marker's mass fraction, 0 where it was looked for and not detected
marker.<gene>.detected        1 where it was detected, 0 where it was looked for and was not
marker.<gene>.rank_percentile its rank among the sample's proteins: 1 = most abundant, 0 where it was not detected
misev_minimum                 1 where MISEV2018's minimum is met, 0 where it is not
measurement.<column>          a number or a word from the sample sheet
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Set
from dataclasses import dataclass, field

from sevident import tables
from sevident.errors import ConfigurationError, did_you_mean, nearest
from sevident.release import measurements

KINDS = ("score", "family", "compartment", "species", "marker", "measurement", "misev_minimum")
_SCORES = tuple(c for c, kind in tables.SCORES.columns.items() if kind in ("float", "int"))
_FAMILY = tuple(c for c, kind in tables.FAMILIES.columns.items() if kind in ("float", "int"))
_OF_MARKER = ("mass_fraction", "detected", "rank_percentile")
_OF_MEMBERS = ("members", "detected", "not_detected", "not_searched", "not_assessable", "matched_only")
_SHARE_UNITS = ("", "share", "fraction", "massfraction", "shareofmass", "probability")
_COUNT_UNITS = ("", "proteins", "proteingroups", "members", "peptides")
SPECIES = frozenset({"human", "mouse", "rat", "bovine", "pig", "sheep", "yeast"})  # the names of common species
_ALIKE = 85.0  # from here on two names of columns are taken for one, misspelt


@dataclass(frozen=True)
class Known:
    """The names that criteria may use.

    ``panels``: number of members by panel; ``genes``: current symbols; ``aliases``: previous symbols and common names
    by current symbol; ``species``: names of the table of species; ``sheet_columns``: further columns of the sample
    sheet, None where there is no sheet to compare with.
    """

    panels: Mapping[str, int]
    compartments: Set[str] = frozenset()
    genes: Set[str] = frozenset()
    aliases: Mapping[str, str] = field(default_factory=dict)
    species: Set[str] = SPECIES
    sheet_columns: Set[str] | None = None


@dataclass(frozen=True)
class Quantity:
    """A quantity, taken apart. ``lowest`` and ``highest`` are what it can be at all; ``worst``: of a lot's samples the
    worst counts (counts, yes or no, words), else their mean.
    """

    text: str
    kind: str
    name: str = ""
    column: str = ""
    unit: str = ""
    lowest: float = -math.inf
    highest: float = math.inf
    worst: bool = False


def parse(text: str, known: Known, where: str) -> Quantity:
    """The quantity that ``text`` names. ConfigurationError, naming the nearest, for a name that is not known."""
    kind, _, rest = text.partition(".")
    if text == "misev_minimum":
        return Quantity(text, text, lowest=0, highest=1, worst=True)
    if kind not in KINDS or not rest:
        raise ConfigurationError(
            f"unknown quantity '{text}'", where=where, expected=", ".join(KINDS), advice=did_you_mean(kind, KINDS)
        )
    if kind == "score":
        _must_be(rest, _SCORES, text, where)
        if rest == "proteins":
            return Quantity(text, kind, rest, lowest=0, unit="proteins", worst=True)
        return Quantity(text, kind, rest, lowest=0, highest=1)
    if kind == "family":
        panel, _, column = rest.partition(".")
        _must_be(panel, known.panels, text, where)
        _must_be(column, _FAMILY, text, where)
        if column in _OF_MEMBERS:
            return Quantity(text, kind, panel, column, "proteins", 0, known.panels[panel], worst=True)
        if column == "peptides":
            return Quantity(text, kind, panel, column, "peptides", 0, worst=True)
        if column.startswith("log2"):
            return Quantity(text, kind, panel, column, "log2")
        return Quantity(text, kind, panel, column, lowest=0, highest=1)
    if kind in ("compartment", "species"):
        _must_be(rest, known.compartments if kind == "compartment" else known.species, text, where)
        return Quantity(text, kind, rest, lowest=0, highest=1)
    if kind == "marker":
        return _marker(text, rest, known, where)
    return _measurement(text, rest, known, where)


def check_unit(quantity: Quantity, unit: str, where: str) -> str:
    """The unit to show. ConfigurationError where the criterion's ``unit`` is not the quantity's."""
    plain = measurements.plain_unit(unit)
    if quantity.kind == "measurement":
        if unit and quantity.unit and not measurements.same_unit(unit, quantity.unit):
            raise ConfigurationError(
                "the unit of a criterion is not that of its column",
                where=where,
                found=f"unit '{unit}' for column '{quantity.name}', whose name says {quantity.unit}",
                advice="convert the limit, or name the column that holds this unit",
            )
        return unit or quantity.unit
    allowed = (
        _COUNT_UNITS
        if quantity.unit in ("proteins", "peptides")
        else ("", "log2")
        if quantity.unit == "log2"
        else _SHARE_UNITS
    )
    if plain not in allowed:
        share = allowed is _SHARE_UNITS
        raise ConfigurationError(
            "the unit of a criterion is not that of its quantity",
            where=where,
            found=f"unit '{unit}' for {quantity.text}",
            expected="no unit: a number from 0 to 1" if share else f"{quantity.unit}, or no unit",
            advice="write 5% as 0.05 and leave the unit out" if share and plain == "%" else None,
        )
    return unit or quantity.unit


def check_limit(quantity: Quantity, key: str, limit: float, where: str) -> None:
    """ConfigurationError for a limit that the quantity can never reach, or always does."""
    if quantity.lowest <= limit <= quantity.highest:
        return
    if quantity.highest == math.inf:
        expected = f"{quantity.lowest:g} or more"
    else:
        expected = f"a number from {quantity.lowest:g} to {quantity.highest:g}"
    advice = None
    if quantity.highest == 1 and 1 < limit <= 100 and not quantity.worst:
        advice = f"shares and probabilities go from 0 to 1: was {limit / 100:g} meant?"
    elif quantity.column in _OF_MEMBERS and limit > quantity.highest:
        advice = f"the panel {quantity.name} has {quantity.highest:g} members"
    raise ConfigurationError(
        "a limit is impossible",
        where=where,
        found=f"{key} {limit:g} for {quantity.text}",
        expected=expected,
        advice=advice,
    )


def _marker(text: str, rest: str, known: Known, where: str) -> Quantity:
    gene, column = rest, "mass_fraction"
    head, _, last = rest.rpartition(".")
    if head and (last in _OF_MARKER or last.islower()):
        gene, column = head, last
        _must_be(column, _OF_MARKER, text, where)
    symbol = gene.upper()
    symbol = known.aliases.get(symbol, symbol)
    if symbol not in known.genes:
        raise ConfigurationError(
            f"unknown quantity '{text}'",
            where=where,
            found=f"{gene}, which is a member of no panel",
            advice=did_you_mean(gene, sorted(known.genes)),
        )
    return Quantity(text, "marker", symbol, column, lowest=0, highest=1, worst=column == "detected")


def _measurement(text: str, column: str, known: Known, where: str) -> Quantity:
    unit = measurements.unit_of(column)
    given = known.sheet_columns
    if given is not None and column not in given:
        _other_column(text, column, given, where)
    if unit == "mV" or not unit:
        return Quantity(text, "measurement", column, unit=unit)
    # no upper bound for per cent: a relative potency may be 120 %
    highest = 14.0 if unit == "pH" else math.inf
    return Quantity(text, "measurement", column, unit=unit, lowest=0, highest=highest)


def _other_column(text: str, column: str, given: Set[str], where: str) -> None:
    """ConfigurationError where the sheet has the same measurement in another unit, or a name that is nearly it.

    A column that is simply not there is no error: the criterion is then not tested, and said to be.
    """
    own = measurements.stem(column)
    for other in sorted(given):
        if own and measurements.stem(other) == own and measurements.unit_of(other) != measurements.unit_of(column):
            raise ConfigurationError(
                "a criterion and the sample sheet have a measurement in different units",
                where=where,
                found=f"{text}, and the column '{other}' in the sample sheet",
                expected="the same unit",
                advice=f"convert the limit and name measurement.{other}, or convert the column",
            )
    if column in measurements.COLUMNS:
        return
    near = nearest(column, sorted({*given, *measurements.COLUMNS}), cutoff=_ALIKE)
    if near:
        raise ConfigurationError(
            f"unknown quantity '{text}'",
            where=where,
            found=f"'{column}', which is no column of the sample sheet",
            advice=f"did you mean '{near}'?",
        )


def _must_be(word: str, known: Mapping[str, int] | Set[str] | tuple[str, ...], text: str, where: str) -> None:
    if word not in known:
        raise ConfigurationError(
            f"unknown quantity '{text}'",
            where=where,
            found=repr(word),
            advice=did_you_mean(word, sorted(known)),
        )
