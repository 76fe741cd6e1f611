"""Comparability of two processes: equivalent, different or inconclusive, never "no significant difference".

The unit is the lot: the samples of a lot are averaged on the scale of the attribute, and the lot means of process b are
compared with those of process a by Welch's t statistic. Within a pair of processes, for each attribute:

    equivalent    two one-sided tests reject a difference of the margin or more: adjusted p_equivalence <= alpha
    different     the difference is beyond chance (adjusted p_difference <= alpha), and the 90 % interval reaches
                  beyond the margin (p_equivalence > alpha): what lies within the margin is never called different
    inconclusive  anything else, and whatever rests on fewer than ``least_lots`` lots of a process

Adjustment is over the attributes of the pair: of p_difference by Holm; of p_equivalence by Hochberg, under which the
claim that all attributes are equivalent asks for no more than p <= alpha of each, as the intersection-union test does
(Berger RL, Hsu JC. Stat Sci 1996;11:283-319). Single proteins stand apart: they are adjusted among themselves by the
false discovery rate and name what changed.

Over all (kind ``overall``) a pair is different where an attribute is; equivalent where every attribute is and no single
protein is different; else inconclusive. The vesicular proteome counts as two attributes: its level, and its profile,
the root mean square difference over proteins, which is a distance and has no sign (its tests are one-sided).

Equivalence by two one-sided tests: Schuirmann DJ. J Pharmacokinet Biopharm 1987;15:657-680. A test of difference does
not answer the question: one that finds none may have been too weak to find one (Altman DG, Bland JM. BMJ 1995;311:485).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sevident import tables
from sevident.errors import ConfigurationError, did_you_mean
from sevident.release import statistics
from sevident.release.attributes import (
    LEAST_PROTEINS,
    PROFILE,
    SCORE_END,
    STAGE,
    Attributes,
    Lots,
    collect,
    lots_of,
    remarks,
)
from sevident.samples import Sample
from sevident.tables import warning

if TYPE_CHECKING:
    from numpy.typing import NDArray

_KINDS = ("score", "family", "compartment", "proteome", "protein")
_PROFILE_FACTS = pd.DataFrame(
    {"kind": "proteome", "quantity": PROFILE, "title": "Distance over vesicular proteins", "unit": "log2"}, index=[0]
)
_NAMED = 5  # attributes that the reason of the result over all names


@dataclass(frozen=True)
class ComparabilitySettings:
    """What is compared and what counts as the same.

    ``processes``: the processes in order, the earlier being a, the later b (empty: all of the sheet, by name); all
    pairs are compared. ``margin_log2``: for families, compartments and the vesicular proteome; the default is
    half a log2 unit, a 1.41-fold change. ``margin_logit``: for scores, natural logarithm; by default the odds twofold.
    ``margin_protein_log2``: for single proteins, which are measured less exactly than sums; default twofold.
    ``margins``: other margins by quantity (tetraspanins, serum, identity, vesicular_level, ...). No guideline sets
    margins for proteomes: the defaults are a choice, to be replaced by what the product can bear.
    ``alpha``: of each one-sided test; ``least_lots``: lots a side below which nothing is decided, for the variance of
    two values has one degree of freedom (three is what process validation customarily asks for at the least);
    ``power`` and ``most_lots``: of the number of lots that would decide. ``families``: as in LotSettings.
    """

    processes: tuple[str, ...] = ()
    margin_log2: float = 0.5
    margin_logit: float = math.log(2.0)
    margin_protein_log2: float = 1.0
    margins: Mapping[str, float] = field(default_factory=dict)
    alpha: float = 0.05
    least_lots: int = 3
    power: float = 0.8
    most_lots: int = 100
    families: tuple[str, ...] = ()


def compare(
    samples: Sequence[Sample],
    scores: pd.DataFrame,
    families: pd.DataFrame,
    compartments: pd.DataFrame,
    abundance: pd.DataFrame,
    vesicular: Collection[str],
    settings: ComparabilitySettings | None = None,
) -> tuple[pd.DataFrame, list[dict[str, object]]]:
    """The table COMPARABILITY, and rows for the table WARNINGS. Pure.

    Tables by tables.SCORES, FAMILIES, COMPARTMENTS and ABUNDANCE; ``vesicular``: the protein groups of small vesicles
    (``attributes.vesicular_groups``). Raises ConfigurationError for a process or a margin that names nothing.
    """
    settings = settings or ComparabilitySettings()
    attributes = collect(samples, scores, families, compartments, abundance, vesicular, settings.families)
    known = set(attributes.table["quantity"]) | set(families["panel"]) | set(compartments["compartment"]) | {PROFILE}
    for quantity in settings.margins:
        if quantity not in known:
            raise ConfigurationError(
                "comparability has a margin for a quantity that does not exist",
                where="comparability: margins",
                found=repr(quantity),
                advice=did_you_mean(quantity, sorted(known)),
            )
    processes = _processes(attributes.samples, settings.processes)
    if len(processes) < 2:
        if not processes:
            return tables.empty(tables.COMPARABILITY), []
        message = f"all preparations are of one process ('{processes[0]}'): there is nothing to compare it with"
        return tables.empty(tables.COMPARABILITY), [warning(STAGE, "info", "one_process", "comparability", message)]
    lots = lots_of(attributes.samples)
    means = statistics.means_by(attributes.matrix, lots.codes, len(lots.names))
    rows: list[dict[str, object]] = []
    for a, b in combinations(processes, 2):
        rows += _pair(attributes, lots, means, a, b, settings)
    outside = [s for s in attributes.samples if s.process not in processes]
    notes = remarks(attributes, "comparability")
    if outside:
        message = f"{len(outside)} samples are of no process that is compared, and take no part in comparability"
        notes.append(warning(STAGE, "warning", "samples_without_process", "comparability", message, len(outside)))
    return tables.conform(pd.DataFrame(rows), tables.COMPARABILITY), notes


def _processes(samples: list[Sample], wanted: tuple[str, ...]) -> list[str]:
    found = sorted({s.process for s in samples if s.process})
    for name in wanted:
        if name not in found:
            raise ConfigurationError(
                "comparability names a process that no preparation has",
                where="comparability: processes",
                found=repr(name),
                expected=", ".join(found) or "a column 'process' in the sample sheet",
                advice=did_you_mean(name, found) if found else None,
            )
    return list(dict.fromkeys(wanted)) or found


def _pair(
    attributes: Attributes,
    lots: Lots,
    means: NDArray[np.float64],
    a: str,
    b: str,
    settings: ComparabilitySettings,
) -> list[dict[str, object]]:
    """The rows of one pair: attributes, single proteins, and the result over all."""
    of_lot = np.array(lots.processes, dtype="object")
    samples_of = {p: [s for s in attributes.samples if s.process == p and s.lot] for p in (a, b)}
    common: dict[str, object] = {
        "process_a": a,
        "process_b": b,
        "samples_a": len(samples_of[a]),
        "samples_b": len(samples_of[b]),
    }
    side_a, side_b = means[:, of_lot == a], means[:, of_lot == b]
    compared = ~np.isnan(side_a).all(axis=1) | ~np.isnan(side_b).all(axis=1)
    single = attributes.table["kind"].eq("protein").to_numpy() & compared
    joint = compared & ~single
    found = statistics.difference(side_a[joint], side_b[joint])
    facts = attributes.table[joint]
    ends = _at_the_end(facts["unit"].eq("logit").to_numpy(), np.hstack([side_a[joint], side_b[joint]]))
    if single.sum() >= LEAST_PROTEINS:
        found = found.followed_by(statistics.squared_distance(side_a[single], side_b[single]))
        facts, ends = pd.concat([facts, _PROFILE_FACTS]), np.append(ends, False)
    proteins = statistics.difference(side_a[single], side_b[single])
    rows = _judge(facts, found, ends, settings)
    rows += _judge(attributes.table[single], proteins, np.zeros(int(single.sum()), dtype=bool), settings, single=True)
    whole = _overall(rows, side_a.shape[1], side_b.shape[1], settings)
    return [{**row, **common} for row in (*rows, whole)]


def _judge(
    facts: pd.DataFrame,
    found: statistics.Difference,
    at_the_end: NDArray[np.bool_],
    settings: ComparabilitySettings,
    single: bool = False,
) -> list[dict[str, object]]:
    """The rows of attributes that are adjusted together, or of ``single`` proteins.

    ``at_the_end``: scores of which all lots lie at the same end of the scale.
    """
    if facts.empty:
        return []
    margin = np.array([_margin(k, q, u, settings) for k, q, u in facts[["kind", "quantity", "unit"]].to_numpy()])
    squared = facts["quantity"].eq(PROFILE).to_numpy()
    scaled = np.where(squared, margin**2, margin)
    enough = np.minimum(found.a, found.b) >= settings.least_lots
    p_equivalence = np.where(squared, found.p_below(scaled), found.p_equivalence(scaled))
    p_difference = np.where(squared, found.p_above_zero(), found.p_difference())
    # what cannot be decided is no test, and must not weaken those that can
    tests = [np.where(enough, p, np.nan) for p in (p_equivalence, p_difference)]
    adjust = [statistics.benjamini_hochberg] * 2 if single else [statistics.hochberg, statistics.holm]
    adjusted_equivalence, adjusted_difference = (f(p) for f, p in zip(adjust, tests, strict=True))
    # lots that all lie at the same end of a score's scale do not vary, and need no test to be alike
    equivalent = (adjusted_equivalence <= settings.alpha) | (enough & at_the_end)
    different = ~equivalent & (adjusted_difference <= settings.alpha) & (p_equivalence > settings.alpha)
    low, high = (_shown(bound, squared) for bound in found.interval(settings.alpha))
    change = _shown(found.estimate, squared)
    lots = statistics.lots_to_decide(
        replace(found, estimate=np.where(squared, np.maximum(found.estimate, 0.0), found.estimate)),
        scaled,
        alpha=settings.alpha,
        alpha_difference=settings.alpha / (1 if single else len(facts)),
        power=settings.power,
        most=settings.most_lots,
    )
    lots = np.where(at_the_end, settings.least_lots, lots)
    # a result that just missed takes at least one lot more
    lots = np.maximum(lots, np.maximum(np.minimum(found.a, found.b) + 1, settings.least_lots))
    lots = np.where(equivalent | different | (lots > settings.most_lots), np.nan, lots)
    out = []
    for i, (kind, quantity, title, unit) in enumerate(facts[["kind", "quantity", "title", "unit"]].to_numpy()):
        row: dict[str, object] = {
            "kind": kind,
            "quantity": quantity,
            "title": title,
            "unit": unit,
            "lots_a": int(found.a[i]),
            "lots_b": int(found.b[i]),
            "difference": change[i],
            "low": low[i],
            "high": high[i],
            "margin": margin[i],
            "p_equivalence": p_equivalence[i],
            "p_equivalence_adjusted": adjusted_equivalence[i],
            "p_difference": p_difference[i],
            "p_difference_adjusted": adjusted_difference[i],
            "lots_needed": lots[i],
            "result": "equivalent" if equivalent[i] else "different" if different[i] else "inconclusive",
        }
        out.append({**row, "reason": _reason(row, settings)})
    return out


def _shown(values: NDArray[np.float64], squared: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Squared distances as distances; below zero is none."""
    return np.where(squared, np.sqrt(np.maximum(values, 0.0)), values)


def _at_the_end(logit: NDArray[np.bool_], values: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Scores of which every lot lies at the same end of the scale."""
    seen = ~np.isnan(values)
    top = (np.where(seen, values, SCORE_END) > SCORE_END - 1e-9).all(axis=1)
    bottom = (np.where(seen, values, -SCORE_END) < 1e-9 - SCORE_END).all(axis=1)
    return logit & seen.any(axis=1) & (top | bottom)


def _margin(kind: str, quantity: str, unit: str, settings: ComparabilitySettings) -> float:
    if quantity in settings.margins:
        return float(settings.margins[quantity])
    if kind == "protein":
        return settings.margin_protein_log2
    return settings.margin_logit if unit == "logit" else settings.margin_log2


def _reason(row: dict, settings: ComparabilitySettings) -> str:
    """Why the result is what it is, for the reader."""
    change = _change(row)
    bounds = f"90% interval {row['low']:+.2f} to {row['high']:+.2f} {row['unit']}"
    margin = f"the margin of ±{row['margin']:.2f}"
    if row["result"] == "equivalent" and math.isnan(row["low"]):
        return "every lot of both processes lies at the same end of the scale, where nothing is told apart any more"
    if row["result"] == "equivalent":
        return f"{change}; the {bounds} lies within {margin}"
    if row["result"] == "different":
        return f"{change}, beyond chance; the {bounds} reaches beyond {margin}"
    least = min(row["lots_a"], row["lots_b"])
    if least == 0:
        return "it has a value in no lot of one of the two processes"
    if least == 1:
        return f"{change}; one lot says nothing about how much lots differ"
    if least < settings.least_lots:
        why = f"{least} lots of a process are fewer than the {settings.least_lots} that a decision takes"
    elif math.isnan(row["low"]):
        return f"{change}; the lots of a process do not differ at all, so that chance has no measure"
    elif row["p_equivalence"] <= settings.alpha:
        why = f"the {bounds} lies within {margin}, but not once all comparisons are allowed for"
    elif row["low"] > 0 or row["high"] < 0:
        why = f"the {bounds} reaches beyond {margin}, and may be chance once all comparisons are allowed for"
    else:
        why = f"the {bounds} holds both no change and one beyond {margin}"
    if math.isnan(row["lots_needed"]):
        return f"{change}; {why}; not even {settings.most_lots} lots a side would be likely to decide"
    return f"{change}; {why}; about {row['lots_needed']:.0f} lots a side would decide"


def _change(row: dict) -> str:
    """The difference in words: fold of a share, or of the odds of a score."""
    difference = row["difference"]
    if math.isnan(difference):
        return "no difference can be given"
    size = min(abs(difference), 50.0)
    fold = math.exp(size) if row["unit"] == "logit" else 2.0**size
    if fold < 1.005:
        return "unchanged"
    if row["quantity"] == PROFILE:
        return f"{fold:.3g}-fold apart"
    return f"{'odds ' if row['unit'] == 'logit' else ''}{fold:.3g}-fold {'higher' if difference > 0 else 'lower'}"


def _overall(rows: list[dict], lots_a: int, lots_b: int, settings: ComparabilitySettings) -> dict[str, object]:
    """The result of a pair over all attributes."""
    judged = [row for row in rows if row["kind"] != "protein"]
    of = {word: [row for row in judged if row["result"] == word] for word in tables.EQUIVALENCE}
    single = [row for row in rows if row["kind"] == "protein"]
    apart = sorted(
        (r for r in single if r["result"] == "different"), key=lambda r: (-abs(r["difference"]), r["quantity"])
    )
    row: dict[str, object] = {
        "kind": "overall",
        "quantity": "overall",
        "title": "All attributes",
        "lots_a": lots_a,
        "lots_b": lots_b,
        # all must be equivalent, so the largest p value counts; one difference is enough, so the smallest adjusted one
        "p_equivalence": _extreme(judged, "p_equivalence", max),
        "p_equivalence_adjusted": _extreme(judged, "p_equivalence_adjusted", max),
        "p_difference_adjusted": _extreme(judged, "p_difference_adjusted", min),
        "lots_needed": np.nan,
    }
    count = f"of {len(judged)} attributes {len(of['equivalent'])} are equivalent, {len(of['different'])} different, "
    count += f"{len(of['inconclusive'])} inconclusive"
    if of["different"]:
        largest = sorted(of["different"], key=lambda r: (-abs(r["difference"]) / r["margin"], r["quantity"]))
        named = ", ".join(f"{r['title']} {_change(r)}" for r in largest[:_NAMED])
        more = f" and {len(largest) - _NAMED} more" if len(largest) > _NAMED else ""
        return {**row, "result": "different", "reason": f"{count}; different: {named}{more}"}
    if judged and not of["inconclusive"]:
        if apart:
            named = ", ".join(f"{r['title']} {_change(r)}" for r in apart[:_NAMED])
            why = f"{count}, but {len(apart)} of {len(single)} vesicular proteins are different: {named}"
            return {**row, "result": "inconclusive", "reason": why}
        return {**row, "result": "equivalent", "reason": count}
    if not judged:
        return {**row, "result": "inconclusive", "reason": "no attribute has a value in a lot of either process"}
    needed = [r["lots_needed"] for r in of["inconclusive"]]
    row["lots_needed"] = np.nan if any(math.isnan(n) for n in needed) else max(needed)
    slow = max(of["inconclusive"], key=lambda r: math.inf if math.isnan(r["lots_needed"]) else r["lots_needed"])
    why = f"{count}; what takes the most lots is {slow['title']}"
    if min(lots_a, lots_b) < settings.least_lots:
        why = f"{lots_a} and {lots_b} lots, and a decision takes {settings.least_lots} of each process; {why}"
    if min(lots_a, lots_b) < 2:
        few = "one lot says nothing about how much lots differ" if min(lots_a, lots_b) else "a process has no lot"
        return {**row, "result": "inconclusive", "reason": f"{lots_a} and {lots_b} lots: {few}; {count}"}
    if not math.isnan(slow["lots_needed"]):
        why += f", about {slow['lots_needed']:.0f} a side"
    return {**row, "result": "inconclusive", "reason": why}


def _extreme(rows: list[dict], column: str, pick: Callable[[list[float]], float]) -> float:
    values = [row[column] for row in rows if not math.isnan(row[column])]
    return pick(values) if values else math.nan
