"""The summary: sentences to be read aloud, the count of each verdict, and what the reader must and cannot know."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import islice

import pandas as pd

from sevident.report import numbers, sentences
from sevident.report.data import ReportData
from sevident.report.markers import blind_entries
from sevident.report.specification import OVERALL
from sevident.report.text import RESULT_SYMBOLS, VERDICT_SYMBOLS, Catalogue
from sevident.tables import ROLES, VERDICTS

#: most samples that are named, and most kinds of warnings that are told, in the summary
_NAMED, _TOLD = 6, 5
#: a labelled sample that is nearer is probably the same one: where the reference holds the study itself, the nearest
#: lay 0.0005 to 0.013 away, in a study that it does not hold 0.09 to 0.66
_SAME = 0.02


@dataclass(frozen=True)
class Tile:
    """How many samples have a verdict."""

    verdict: str
    symbol: str
    label: str
    meaning: str
    preparations: int
    references: int


@dataclass(frozen=True)
class Point:
    """Something to know, and what it consists of."""

    text: str
    items: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Summary:
    """``sentences`` in order, a tile per verdict, what bears on using a verdict, what such a page cannot say."""

    sentences: list[str]
    tiles: list[Tile]
    know: list[Point]
    unknown: list[str]
    preparations: int
    references: int


def summarise(data: ReportData, study: str, t: Catalogue) -> Summary:
    """The summary of a study."""
    prepared = data.preparations
    others = [s for s in data.sheet.samples if s.role != "preparation"]
    verdicts = Counter(data.verdict(s.name) for s in prepared)
    sentences = [t("summary.judged", n=len(prepared), study=study) if prepared else t("summary.none", study=study)]
    parts = [t("summary.as", n=n, verdict=t.known("verdict", v)) for v in (*VERDICTS, "") if (n := verdicts[v])]
    if parts:
        sentences.append(t("summary.verdicts", parts=_series(parts, t)))
    if others:
        roles = Counter(s.role for s in others)
        told = t.joined(t("summary.of_role", n=roles[r], role=t.known("role", r)) for r in ROLES if roles[r])
        sentences.append(t("summary.references", n=len(others), parts=told))
    tiles = [
        Tile(
            v,
            VERDICT_SYMBOLS[v],
            t(f"verdict.{v}"),
            t(f"meaning.{v}"),
            verdicts[v],
            sum(data.verdict(s.name) == v for s in others),
        )
        for v in VERDICTS
    ]
    return Summary(sentences, tiles, _know(data, t), _unknown(data, t), len(prepared), len(others))


def _series(parts: list[str], t: Catalogue) -> str:
    """'a, b and c'."""
    return parts[0] if len(parts) == 1 else t("summary.and", first=t.joined(parts[:-1]), last=parts[-1])


def _know(data: ReportData, t: Catalogue) -> list[Point]:
    """What bears on the use of a verdict: what was found in this study first, then what holds for every study."""
    rows = data.scores.loc[[s.name for s in data.preparations]]
    out = [_warned(data, t)]
    told = set(data.warnings.loc[data.warnings["level"].eq("warning"), "code"])
    if "indeterminate" not in told and (n := int((rows["verdict"] == "indeterminate").sum())):
        out.append(Point(t("know.indeterminate", n=n)))
    if data.unscored:
        out.append(Point(t("know.unscored", n=len(data.unscored), names=listed(data.unscored, t))))
    for state, key in (("no", "know.misev"), ("not_assessable", "know.misev_open")):
        names = list(rows.index[rows["misev_minimum"] == state])
        if names:
            out.append(Point(t(key, n=len(names), names=listed(names, t))))
    if data.specification is not None:
        out += _specified(data.specification, t)
    out += _release(data, t)
    if data.neighbours is not None:
        near = data.neighbours[data.neighbours["place"].eq(1) & data.neighbours["distance"].lt(_SAME)]
        if n := len({s.name for s in data.preparations} & set(near["sample"])):
            out.append(Point(t("know.seen", n=n)))
    modes = {mode: int((rows["reference_mode"] == mode).sum()) for mode in ("absolute", "paired")}
    out += [Point(t(f"know.{mode}", n=n)) for mode, n in modes.items() if n]
    return [*out, Point(t("know.interval")), Point(t("know.meaning"))]


def _warned(data: ReportData, t: Catalogue) -> Point:
    """The grave warnings by kind: one sentence for each, and how many there are of it, so that the numbers add up."""
    grave = data.warnings[data.warnings["level"] == "warning"]
    if grave.empty:
        return Point(t("know.no_warnings"))
    kinds = grave.groupby("code", sort=False)
    told = []
    for _, part in islice(kinds, _TOLD):
        row = part.iloc[0].to_dict()
        if row["code"] == "indeterminate" and not numbers.missing(row["count"]):
            words = t("know.indeterminate", n=int(row["count"]))
        else:
            words = sentences.warning(row, t)
        # some stages end their sentences with a full stop, some do not
        words = words if words.endswith((".", "?", "。")) else f"{words}{t('list.stop')}"
        told.append(words if len(part) == 1 else t("know.warnings_alike", first=words, n=len(part)))
    if rest := len(grave) - int(kinds.size().head(_TOLD).sum()):
        told.append(t("know.warnings_rest", n=rest))
    return Point(t("know.warnings", n=len(grave)), told)


def _specified(table: pd.DataFrame, t: Catalogue) -> list[Point]:
    """How the lots stand as a whole to each specification; where no lot is judged as a whole, the failed criteria."""
    whole = table[table["level"].eq("lot") & table["criterion"].isin(OVERALL)]
    out = []
    for name, part in whole.groupby("specification", sort=True):
        counts = Counter(part["result"])
        results = t.joined(
            t("summary.part", n=counts[r], verdict=t.known("result", r)) for r in RESULT_SYMBOLS if counts[r]
        )
        out.append(Point(t("know.specification", name=name, parts=results)))
    failed = int(table["result"].eq("fail").sum())
    return out or ([Point(t("know.fail", n=failed))] if failed else [])


def _release(data: ReportData, t: Catalogue) -> list[Point]:
    """What the tables of the release stage add: lots outside their limits, processes, risks that were found."""
    out = []
    if data.lots is not None and (n := int(data.lots["status"].eq("out_of_control").sum())):
        out.append(Point(t("know.lots", n=n)))
    if data.comparability is not None:
        whole = data.comparability[data.comparability["kind"].eq("overall")]
        pairs: dict[str, list[str]] = {}
        for r in whole.to_dict("records"):
            pair = t("comparability.pair", a=r["process_a"], b=r["process_b"])
            pairs.setdefault(t.known("equivalence", str(r["result"])), []).append(pair)
        for result, named in pairs.items():
            key = "know.processes" if len(named) == 1 else "know.pairs"
            out.append(Point(t(key, count=len(named), pair=named[0], result=result)))
    if data.risks is not None:
        found = data.risks[data.risks["status"].eq("found") & data.risks["strength"].isin(["moderate", "strong"])]
        if len(found):
            items = dict.fromkeys(
                t.title("risk_item", str(item), str(title))
                for item, title in zip(found["item"], found["title"], strict=True)
            )
            out.append(Point(t("know.risks", n=len(items), items=t.joined(list(items)[:_NAMED], "semicolon"))))
    return out


def _unknown(data: ReportData, t: Catalogue) -> list[str]:
    out = [t("unknown.topology"), t("unknown.count"), t("unknown.function"), t("unknown.platelet_lysate")]
    if n := blind_entries(data):
        out.append(t("unknown.missing", n=numbers.whole(n)))
    if data.specification is None or data.specification.empty:
        out.append(t("unknown.no_specification"))
    return out


def listed(names: list[str], t: Catalogue) -> str:
    """The first few names and how many more there are."""
    rest, shown = len(names) - _NAMED, t.joined(names[:_NAMED])
    return t("list.rest", names=shown, n=rest) if rest > 0 else shown
