"""The summary: sentences to be read aloud, the count of each verdict, and what the reader must and cannot know."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from sevident.report import numbers, sentences
from sevident.report.data import ReportData
from sevident.report.markers import blind_entries
from sevident.report.text import VERDICT_SYMBOLS, Catalogue
from sevident.tables import ROLES, VERDICTS

#: most samples that are named, and most kinds of warnings that are told, in the summary
_NAMED, _TOLD = 6, 4


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
    if n := int((rows["verdict"] == "indeterminate").sum()):
        out.append(Point(t("know.indeterminate", n=n)))
    if data.unscored:
        out.append(Point(t("know.unscored", n=len(data.unscored), names=listed(data.unscored, t))))
    for state, key in (("no", "know.misev"), ("not_assessable", "know.misev_open")):
        names = list(rows.index[rows["misev_minimum"] == state])
        if names:
            out.append(Point(t(key, n=len(names), names=listed(names, t))))
    if data.specification is not None and (n := int((data.specification["result"] == "fail").sum())):
        out.append(Point(t("know.fail", n=n)))
    out += _release(data, t)
    modes = {mode: int((rows["reference_mode"] == mode).sum()) for mode in ("absolute", "paired")}
    out += [Point(t(f"know.{mode}", n=n)) for mode, n in modes.items() if n]
    return [*out, Point(t("know.interval")), Point(t("know.meaning"))]


def _warned(data: ReportData, t: Catalogue) -> Point:
    """The grave warnings, each kind once. That samples are not decidable stands in a point of its own."""
    grave = data.warnings[data.warnings["level"] == "warning"]
    if grave.empty:
        return Point(t("know.no_warnings"))
    kinds = grave[grave["code"].ne("indeterminate")].drop_duplicates("code")
    told = [sentences.warning(r, t) for r in kinds.head(_TOLD).to_dict("records")]
    # some stages end their sentences with a full stop, some do not
    told = [m if m.endswith((".", "?", "。")) else f"{m}{t('list.stop')}" for m in told]
    if rest := len(kinds) - len(told):
        told.append(t("know.warnings_rest", n=rest))
    return Point(t("know.warnings", n=len(grave)), told)


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
