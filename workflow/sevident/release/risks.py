"""What the proteome can say about the five risks of the position paper, and what it cannot (tables.RISKS).

``strength`` is that of the proteomic evidence that something is there; it is no grade of danger. The rules:

* **A panel**: ``weak`` for one detected member, or less than 0.1 % of the protein mass, or members that were seen by
  matching between runs alone; ``strong`` for three or more members and at least 1 %; ``moderate`` between. The shares
  are conventions of ours; no limit of safety is known for any of them.
* **Bovine protein**: by its share of the signal, shared peptides divided: ``weak`` below 0.1 %, ``strong`` from 1 %.
* **Foreign organisms**: ``weak`` for one protein group; ``moderate`` for two or more of one organism; ``strong`` for
  five or more of one organism. The share does not matter: a trace of an organism is not a trace of a risk.
* **Tissue factor**: ``weak`` where only its regulators or binders of phosphatidylserine were found, ``moderate`` for F3
  itself, ``strong`` for F3 with a binder of phosphatidylserine.
* **Soluble and intracellular protein**: by the purity score: ``strong`` where its 90 % interval lies below 0.5,
  ``moderate`` where its estimate does, ``weak`` where its interval reaches below.
* **Variability**: between lots by the share of quantities that vary between lots by more than 1.5-fold (one standard
  deviation): ``weak`` for any, ``moderate`` from a tenth, ``strong`` from a third; lots out of control: ``moderate``
  for one, ``strong`` for more; processes: ``strong`` for a difference; what is not decided is ``not_assessable``.
* **Distribution**: never more than ``weak``: exploratory.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sevident import tables
from sevident.release import organisms, risk_items
from sevident.release.organisms import Foreign
from sevident.release.risk_items import Item
from sevident.release.source_cell import detected_genes
from sevident.samples import Sample, SampleSheet

JUDGED = ("preparation", "qualified_reference")
WEAK_SHARE, STRONG_SHARE = 0.001, 0.01
STRONG_MEMBERS = 3
MODERATE_GROUPS, STRONG_GROUPS = 2, 5
LOT_SD = math.log2(1.5)
LOT_SHARES = (0.1, 1 / 3)
# pairs of integrins and the organ, Hoshino A et al. Nature 2015;527:329-335
ORGANS = (("ITGA6", "ITGB4", "lung"), ("ITGA6", "ITGB1", "lung"), ("ITGAV", "ITGB5", "liver"))
SOLUBLE = ("serum", "lipoprotein", "immunoglobulin", "secreted_ecm", "bovine_serum")
INTRACELLULAR = ("ribosome", "proteasome", "nucleus", "mitochondrion", "er_golgi")


@dataclass(frozen=True)
class Evidence:
    """The tables, made fit to be looked up. ``searched``: organisms known to have been searched, by input."""

    families: Mapping[Any, Mapping]
    genes: Mapping[tuple[str, str], list[str]]
    scores: Mapping[Any, Mapping]
    compartments: Mapping[Any, float]
    species: Mapping[Any, Mapping]
    foreign: Mapping[tuple[str, str], Foreign]
    searched: Mapping[str, frozenset[str]]
    sources: Mapping[Any, str]
    study: str


def assess(
    sheet: SampleSheet,
    index: pd.DataFrame,
    searched: Mapping[str, frozenset[str]],
    organism: str,
    *,
    scores: pd.DataFrame,
    families: pd.DataFrame,
    compartments: pd.DataFrame,
    markers: pd.DataFrame,
    abundance: pd.DataFrame,
    species: pd.DataFrame,
    lots: pd.DataFrame,
    comparability: pd.DataFrame,
) -> pd.DataFrame:
    """The table RISKS: every item for each preparation, and variability for the study. Pure.

    ``index``: the registry's index of panels; ``searched``: see ``organisms.searched``; ``organism``: the study's.
    """
    used = [i.key for i in (*risk_items.PANELS, *risk_items.DISTRIBUTION, risk_items.TISSUE_FACTOR_ITEM)]
    used.append("risk_ps_binders")
    found = Evidence(
        families[families["panel"].isin(used)].set_index(["sample", "panel"]).to_dict("index"),
        detected_genes(markers, used),
        scores.set_index("sample").to_dict("index"),
        compartments.set_index(["sample", "compartment"])["mass_fraction"].to_dict(),
        species.set_index(["sample", "species"]).to_dict("index"),
        organisms.foreign(abundance, organism),
        searched,
        index.set_index("panel")["source"].to_dict(),
        organism,
    )
    rows = []
    for sample in sheet.with_role(*JUDGED):
        rows += [_organism(item, sample, found) for item in risk_items.ORGANISMS]
        rows += [_bovine(sample, found), _organism(risk_items.XENOGENEIC, sample, found)]
        rows += [_panel(item, sample, found) for item in risk_items.PANELS]
        rows.append(_tissue_factor(sample, found))
        rows += [_purity(item, sample, found) for item in risk_items.SCORES]
        rows += [_distribution(item, sample, found) for item in risk_items.DISTRIBUTION]
    if rows:
        rows += [_between_lots(lots), _lots_out(lots), _processes(comparability)]
    return tables.conform(pd.DataFrame(rows), tables.RISKS)


def panel_strength(detected: int, share: float, *, matched_only: bool = False) -> str:
    """Strength of the evidence for a panel's proteins, by the rules of the module's text; ``share`` may be nan."""
    if not detected:
        return "none"
    if detected == 1 or matched_only or math.isnan(share) or share < WEAK_SHARE:
        return "weak"
    return "strong" if detected >= STRONG_MEMBERS and share >= STRONG_SHARE else "moderate"


def organism_strength(groups: Mapping[str, int]) -> str:
    """Strength of the evidence for foreign organisms, from the protein groups of each."""
    most = max(groups.values(), default=0)
    if not most:
        return "none"
    return "strong" if most >= STRONG_GROUPS else "moderate" if most >= MODERATE_GROUPS else "weak"


def _row(
    item: Item, sample: str, status: str, strength: str, text: str, found: Evidence | None, **more: object
) -> dict:
    own = found.sources.get(item.key, "") if found else ""
    of_panel = bool(found) and item.key in (found.sources if found else ())
    return {
        "sample": sample,
        "risk": item.risk,
        "item": item.item,
        "title": item.title,
        "status": status,
        "strength": strength,
        "text": text,
        "limits": item.limits,
        "panel": item.key if of_panel else "",
        "source": "; ".join(dict.fromkeys(s for s in (item.source, own) if s)),
    } | more


# ---------------------------------------------------------------- panels


def _panel(item: Item, sample: Sample, found: Evidence) -> dict:
    row = found.families.get((sample.name, item.key))
    genes = found.genes.get((sample.name, item.key), [])
    status, text = _looked_for(row, genes)
    if status != "found" or row is None:
        value = _float(row["mass_fraction"]) if row is not None and status == "not_found" else math.nan
        return _row(item, sample.name, status, "none", text, found, value=value, unit="share of protein mass")
    share = _float(row["mass_fraction"])
    strength = panel_strength(int(row["detected"]), share, matched_only=row["matched_only"] >= row["detected"])
    return _row(
        item,
        sample.name,
        status,
        strength,
        text,
        found,
        value=share,
        unit="share of protein mass",
        detected=";".join(genes),
    )


def _looked_for(row: Mapping | None, genes: list[str]) -> tuple[str, str]:
    """(status, text) of a panel in a sample."""
    if row is None:
        return "not_assessable", "the panel was not measured in this sample."
    members, detected, absent = (int(row[c]) for c in ("members", "detected", "not_detected"))
    unknown = int(row["not_searched"])
    hidden = int(row["not_assessable"])
    rest = ""
    if unknown:
        rest += f"; {unknown} not searched"
    if hidden:
        rest += f"; {hidden} could not have been seen"
    if detected:
        share = _float(row["mass_fraction"])
        told = "" if math.isnan(share) else f", {percent(share)} of the protein mass"
        return "found", f"{detected} of {members} detected ({', '.join(genes)}){told}{rest}."
    if absent:
        return "not_found", f"none of {absent} that could have been seen was detected{rest}."
    if unknown:
        return (
            "not_searched",
            f"none of the {members} is known to have been searched{rest.replace(f'; {unknown} not searched', '')}.",
        )
    return "not_assessable", f"none of the {members} could have been seen in this sample."


def _tissue_factor(sample: Sample, found: Evidence) -> dict:
    item = risk_items.TISSUE_FACTOR_ITEM
    row = _panel(item, sample, found)
    binders = found.genes.get((sample.name, "risk_ps_binders"), [])
    factor = [g for g in str(row.get("detected") or "").split(";") if g]
    if binders:
        row["text"] += f" Binders of phosphatidylserine: {', '.join(binders)}."
        row["status"] = "found"
    if "F3" in factor:
        row["strength"] = "strong" if binders else "moderate"
    elif factor or binders:
        row["strength"] = "weak"
        row["text"] += " Tissue factor itself (F3) was not detected."
    row["detected"] = ";".join(dict.fromkeys([*factor, *binders]))
    row["source"] += f"; {found.sources['risk_ps_binders']}" if "risk_ps_binders" in found.sources else ""
    row["panel"] = ";".join(p for p in (item.key, "risk_ps_binders") if p in found.sources)
    return row


def _distribution(item: Item, sample: Sample, found: Evidence) -> dict:
    row = _panel(item, sample, found)
    if row["status"] == "found":
        row["strength"] = "weak"
        genes = set(str(row["detected"]).split(";"))
        pairs = [f"{a}/{b} ({organ})" for a, b, organ in ORGANS if {a, b} <= genes]
        if item.item == "organ_integrins":
            row["text"] += f" Both halves seen of {', '.join(pairs)}." if pairs else " No pair is complete."
    return row


# ---------------------------------------------------------------- organisms


def _organism(item: Item, sample: Sample, found: Evidence) -> dict:
    inputs = {name for name, _ in sample.runs}
    known = {o for name in inputs for o in found.searched.get(name, ()) if o and o != found.study}
    own = sorted(o for o in known if organisms.kind(o) == item.key and o != "bovine")
    seen = found.foreign.get((sample.name, item.key))
    if seen is None:
        if not own:
            text = f"no {_KIND_WORDS[item.key]} sequences are known to have been searched; nothing can be said."
            return _row(item, sample.name, "not_searched", "none", text, found)
        text = f"none found; sequences searched: {_list(own)}."
        return _row(item, sample.name, "not_found", "none", text, found, value=0.0, unit="share of protein mass")
    told = ", ".join(f"{count} of {name}" for name, count in seen.groups.items())
    groups = sum(seen.groups.values())
    text = f"{groups} protein group{'s' if groups > 1 else ''} ({told}), {percent(seen.share)} of the protein mass."
    return _row(
        item,
        sample.name,
        "found",
        organism_strength(seen.groups),
        text,
        found,
        value=seen.share,
        unit="share of protein mass",
        detected=";".join(seen.names),
    )


_KIND_WORDS = {
    "virus": "viral",
    "mycoplasma": "mycoplasma",
    "bacteria": "bacterial",
    "fungi": "fungal",
    "animal": "other animals'",
    "other": "further organisms'",
}


def _bovine(sample: Sample, found: Evidence) -> dict:
    item = risk_items.BOVINE_PROTEIN
    if found.study == "bovine":
        return _row(item, sample.name, "not_assessable", "none", "the study itself is bovine.", found)
    row = found.species.get((sample.name, "bovine"))
    share = math.nan if row is None else _float(row["apportioned_share"])
    if row is None or row["status"] != "searched" or math.isnan(share):
        text = "no bovine sequences are known to have been searched; bovine protein passes for human where they agree."
        bound = math.nan if row is None else _float(row["shared_share"])
        if not math.isnan(bound):
            text += f" At most {percent(bound)} of the signal can be bovine."
        return _row(item, sample.name, "not_searched", "none", text, found, high=bound, unit="share of the signal")
    strength = (
        "none" if share <= 0 else "weak" if share < WEAK_SHARE else "strong" if share >= STRONG_SHARE else "moderate"
    )
    status = "found" if share > 0 else "not_found"
    text = f"{percent(share)} of the signal is bovine, shared peptides divided." if share > 0 else "none found."
    if note := str(row.get("note") or ""):
        text += f" Measured {note}."
    return _row(
        item, sample.name, status, strength, text, found, value=share, unit="share of the signal", panel="bovine_serum"
    )


# ---------------------------------------------------------------- scores


def _purity(item: Item, sample: Sample, found: Evidence) -> dict:
    row = found.scores.get(sample.name, {})
    value, low, high = (_float(row.get(f"{item.key}{end}")) for end in ("", "_low", "_high"))
    parts = SOLUBLE if item.key == "purity_soluble" else INTRACELLULAR
    shares = {p: _float(found.compartments.get((sample.name, p))) for p in parts}
    shares = {p: s for p, s in shares.items() if s > 0}
    told = ", ".join(f"{p.replace('_', ' ')} {percent(s)}" for p, s in sorted(shares.items(), key=lambda x: -x[1])[:3])
    if math.isnan(value):
        return _row(item, sample.name, "not_assessable", "none", "this sample has no purity score.", found)
    strength = "strong" if high < 0.5 else "moderate" if value < 0.5 else "weak" if low < 0.5 else "none"
    text = f"purity {value:.2f} (90% interval {low:.2f} to {high:.2f}) on a scale where 0.5 is the middle"
    text += f"; share of protein mass: {told}." if told else "."
    status = "not_found" if strength == "none" else "found"
    return _row(item, sample.name, status, strength, text, found, value=value, low=low, high=high, unit="score")


# ---------------------------------------------------------------- variability, of the study


def _between_lots(lots: pd.DataFrame) -> dict:
    item = risk_items.LOTS
    rows = lots[lots["level"].eq("study") & lots["unit"].eq("log2") & lots["sd_between"].notna()]
    if rows.empty:
        text = "not tested: variation between lots needs several lots, best with replicates."
        return _row(item, "", "not_tested", "none", text, None)
    wide = rows[rows["sd_between"] > LOT_SD]
    share = len(wide) / len(rows)
    strength = (
        "none"
        if not len(wide)
        else "strong"
        if share >= LOT_SHARES[1]
        else "moderate"
        if share >= LOT_SHARES[0]
        else "weak"
    )
    top = wide.sort_values(["sd_between", "title"], ascending=[False, True])["title"].head(3)
    text = f"{len(wide)} of {len(rows)} quantities vary between {int(rows['lots'].max())} lots by more than 1.5-fold"
    text += f"; most: {', '.join(top)}." if len(wide) else "."
    status = "found" if len(wide) else "not_found"
    return _row(item, "", status, strength, text, None, value=share, unit="share of quantities")


def _lots_out(lots: pd.DataFrame) -> dict:
    item = risk_items.LOTS_OUT
    rows = lots[lots["level"].eq("lot") & lots["status"].isin(["in_control", "out_of_control"])]
    if rows.empty:
        return _row(item, "", "not_tested", "none", "not tested: there are too few lots for control limits.", None)
    out = rows[rows["status"].eq("out_of_control")]
    names = sorted(out["lot"].unique())
    judged = rows["lot"].nunique()
    strength = "none" if not names else "strong" if len(names) > 1 else "moderate"
    text = f"{len(names)} of {judged} lots lie outside the control limits in at least one quantity"
    text += f": {_list(names)}." if names else "."
    status = "found" if names else "not_found"
    return _row(item, "", status, strength, text, None, value=float(len(names)), unit="lots")


def _processes(comparability: pd.DataFrame) -> dict:
    item = risk_items.PROCESSES
    rows = comparability[comparability["kind"].ne("protein")]
    rows = rows[rows["kind"].eq("overall")] if rows["kind"].eq("overall").any() else rows
    if rows.empty:
        text = "not tested: comparability needs two processes with several lots each."
        return _row(item, "", "not_tested", "none", text, None)
    pairs = list(zip(rows["process_a"], rows["process_b"], rows["result"], strict=True))
    results = [result for _, _, result in pairs]
    counts = ", ".join(f"{results.count(r)} {r}" for r in tables.EQUIVALENCE if r in results)
    different = "different" in results
    strength = "strong" if different else "none"
    status = "found" if different else "not_found" if "inconclusive" not in results else "not_assessable"
    told = sorted({f"{a} against {b}" for a, b, _ in pairs})
    text = f"{_list(told)}: {counts}."
    return _row(item, "", status, strength, text, None, value=float(results.count("different")), unit="comparisons")


def percent(share: float) -> str:
    """A share in per cent, two significant digits."""
    return f"{100 * share:.2g}%"


def _list(names: list[str], most: int = 5) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def _float(value: object) -> float:
    return math.nan if value is None or pd.isna(value) else float(value)  # type: ignore[call-overload,arg-type]
