"""What the tables say in sentences, for a page of any language: reasons of verdicts, contributions, warnings, notes.

The stages write their sentences in one language (``text.TABLES_SPEAK``). A page of that language shows them as they
stand; a page of another one makes its sentences from codes and numbers and keeps the table's sentence where a code
cannot say as much.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from sevident.profiling.absence import NOTES
from sevident.report import numbers
from sevident.report.text import Catalogue
from sevident.scoring import verdict as rules
from sevident.scoring.paired import AXES

_NOTES = dict(zip(NOTES[1:], ("lacking", "process", "seldom", "few", "not_held", "imputed"), strict=True))
_PURITIES = {"soluble": "purity_soluble", "inside": "purity_intracellular"}
_SHARES = {
    "vesicle": ("purity_soluble", "vesicle_share"),
    "soluble": ("purity_soluble", "soluble_share"),
    "inside": ("purity_intracellular", "intracellular_share"),
}


def reasons(row: Mapping[Hashable, Any], contributions: pd.DataFrame | None, t: Catalogue) -> list[str]:
    """Why a sample has its verdict, the deciding rule first; empty when nothing is said.

    ``row`` is that of tables.SCORES, ``contributions`` the sample's rows of tables.CONTRIBUTIONS.
    """
    stated = [part.strip() for part in str(row.get("reasons") or "").split(" | ") if part.strip()]
    said = [words for part in stated if (words := t.said(part))]
    return said if len(said) == len(stated) else made(row, contributions, t)


def made(row: Mapping[Hashable, Any], contributions: pd.DataFrame | None, t: Catalogue) -> list[str]:
    """The reasons made from ``reason_code`` and the numbers of the tables."""
    code = str(row.get("reason_code") or "")
    values: dict[str, object] = {
        "limit": numbers.score(rules.IDENTITY_LIMIT),
        "purity_limit": numbers.score(rules.PURITY_LIMIT),
        "proteins": numbers.whole(row["proteins"]),
        "least": numbers.whole(rules.LEAST_PROTEINS),
        "least_mass": numbers.whole(100 * rules.LEAST_KNOWN_MASS),
        "blood_limit": numbers.whole(100 * rules.BLOOD_LIMIT),
        "verdict": t.known("verdict", str(row["verdict"])),
        "p": numbers.score(row.get(f"p_{row['verdict']}")),
        "p_small_ev": numbers.score(row.get("p_small_ev")),
    }
    for name, quantity in {"identity": "identity", **_PURITIES}.items():
        for tail in ("", "_low", "_high"):
            values[f"{name}{tail}"] = numbers.score(row[f"{quantity}{tail}"])
    for axis in AXES:
        for tail in ("", "_low", "_high"):
            values[f"left_{axis}{tail}"] = _percent(row.get(f"reference_left_{axis}{tail}"))
    values["left_limit"] = numbers.whole(100 * rules.LEFT_LIMIT)
    out = [t(f"reason.{code}" if code and t.has(f"reason.{code}") else "reason.unknown", **values)]
    if contributions is not None and len(contributions):
        out += _facts(contributions, t)
    out += [
        t(f"reason.left_{axis}", **values) for axis in AXES if not numbers.missing(row.get(f"reference_left_{axis}"))
    ]
    misev = f"reason.misev.{row['misev_minimum']}"
    return [*out, t(misev)] if t.has(misev) else out


def _percent(share: object) -> str:
    """A share that may exceed 1, in whole per cent."""
    return numbers.MISSING if numbers.missing(share) else numbers.whole(100 * float(str(share)))


def _facts(contributions: pd.DataFrame, t: Catalogue) -> list[str]:
    """Strongest vesicle panel, shares of protein mass, comparison with the study's own references."""
    out = []
    panels = contributions[contributions["quantity"].eq("identity") & contributions["contribution"].gt(0)]
    panels = panels[~panels["term"].isin(["scale", "own_reference"])]
    if len(panels):
        best = panels.sort_values("value", ascending=False, kind="stable").iloc[0]
        name = t.title("panel", str(best["term"]), "")
        out.append(t("reason.strongest", panel=name, value=numbers.decimal(best["value"])))
    stated = {(r["quantity"], r["term"]): r["value"] for r in contributions.to_dict("records")}
    if all(key in stated for key in _SHARES.values()):
        shares = {name: numbers.percent(stated[key]) for name, key in _SHARES.items()}
        out.append(t("reason.shares", **shares))
    for (quantity, term), value in stated.items():
        if term == "own_reference" and not numbers.missing(value):
            key = f"reason.reference_{'lowers' if value < 0 else 'raises' if value > 0 else 'is_silent'}"
            out.append(t(key, quantity=t.known("quantity", str(quantity)), value=numbers.signed(value)))
    return out


def contribution(row: Mapping[Hashable, Any], titles: Mapping[str, str], t: Catalogue) -> str:
    """What a summand of a score is; ``titles`` of the panels as the tables have them."""
    if t.as_tables:
        return str(row["text"])
    term = str(row["term"])
    if t.has(f"contribution.{term}"):
        return t(f"contribution.{term}")
    if row["quantity"] != "identity" or term not in titles:
        return str(row["text"])
    key = "contribution.intracellular" if row["contribution"] < 0 else "contribution.vesicle"
    return t(key, panel=t.title("panel", term, titles[term]))


def term(name: str, titles: Mapping[str, str], t: Catalogue) -> str:
    """The name of a summand."""
    if t.has(f"term.{name}"):
        return t(f"term.{name}")
    return name.replace("_", " ") if t.as_tables else t.title("panel", name, titles.get(name, ""))


def note(stated: str, t: Catalogue) -> str:
    """Why a marker was not seen."""
    return t(f"note.{_NOTES[stated]}") if stated in _NOTES else t.said(stated) or stated


def warning(row: Mapping[Hashable, Any], t: Catalogue) -> str:
    """What a warning means, by its code; on a page of the tables' language its own sentence."""
    if t.as_tables:
        return str(row["message"])
    key = f"warning.{row['code']}"
    count = row.get("count")
    shown = numbers.MISSING if numbers.missing(count) else numbers.whole(count)
    return t(key if t.has(key) else "warning.unknown", subject=row["subject"] or numbers.MISSING, count=shown)
