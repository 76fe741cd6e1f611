"""Synthetic tables of release and of the exploratory parts, by their contracts. Nothing here is measured."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from sevident import tables

CLASSES = ("small_ev", "secretome", "serum", "cell_debris")
SCORES = ("identity", "purity_soluble", "purity_intracellular")
PANELS = (("tetraspanins", "Tetraspanins"), ("escrt", "ESCRT machinery, TSG101 and ALIX"), ("annexins", "Annexins"))
_SHARE = "share of protein mass"


def lots(sheet: Sequence[dict[str, str]], rng: np.random.Generator, proteins: int = 30) -> pd.DataFrame:
    """Variance components of scores, families, a compartment, the proteome and proteins; rows of every lot."""
    names = sorted({r["lot"] for r in sheet if r["lot"] and (r["role"] or "preparation") == "preparation"})
    quantities = [("score", q, q.replace("_", " "), "logit") for q in SCORES]
    quantities += [("family", panel, title, "log2") for panel, title in PANELS]
    quantities += [("compartment", "serum", "Serum proteins", "log2"), ("proteome", "profile", "Profile", "log2")]
    quantities += [("protein", f"P{k:05d}", f"GENE{k}", "log2") for k in range(proteins)]
    rows: list[dict[str, object]] = []
    for kind, quantity, title, unit in quantities:
        mean, between, within = rng.normal(2, 1), rng.uniform(0.1, 0.8), rng.uniform(0.05, 0.4)
        facts = {"kind": kind, "quantity": quantity, "title": title, "unit": unit}
        limits = {"limit_low": mean - 3 * between, "limit_high": mean + 3 * between, "limits_from": "all"}
        rows.append(
            {
                **facts,
                "level": "study",
                "lots": len(names),
                "samples": len(sheet),
                "estimate": mean,
                "low": mean - between,
                "high": mean + between,
                "sd_between": between,
                "sd_within": within,
                **({"cv_between": 40.0 * between, "cv_within": 40.0 * within} if unit == "log2" else {}),
                **({"cv_between_low": 20.0 * between, "cv_between_high": 90.0 * between} if unit == "log2" else {}),
                **limits,
            }
        )
        for k, lot in enumerate(names if kind != "protein" else []):
            value = mean + between * (4.0 if k == 1 and kind in ("score", "proteome") else rng.normal(0, 0.5))
            status = "out_of_control" if value > mean + 3 * between else "in_control"
            row = {**facts, "level": "lot", "lot": lot, "lots": 1, "samples": 3, "estimate": value}
            if k == 2 and kind == "family":
                rows.append({**row, "status": "not_assessable", "reason": "limits would rest on 1 other lots"})
                continue
            row |= {"low": value - within, "high": value + within, "status": status, **limits}
            row["reason"] = f"{value:.3g} against the limits of 5 other lots"
            if status == "out_of_control":
                row["proteins"] = "ALB (P02768) +3.10 | CD9 (P21926) -2.20"
            rows.append(row)
    return tables.conform(pd.DataFrame(rows), tables.LOTS)


def comparability(rng: np.random.Generator, proteins: int = 120) -> pd.DataFrame:
    """Two processes: every result among scores and families, more different proteins than a page lists."""
    rows: list[dict[str, object]] = []
    pair = {"process_a": "SEC", "process_b": "UC", "lots_a": 4, "lots_b": 3, "samples_a": 6, "samples_b": 5}
    quantities = [("score", q, q.replace("_", " "), "logit") for q in SCORES]
    quantities += [("family", panel, title, "log2") for panel, title in PANELS]
    quantities += [("protein", f"P{k:05d}", f"GENE{k}", "log2") for k in range(proteins)]
    for k, (kind, quantity, title, unit) in enumerate(quantities):
        result = tables.EQUIVALENCE[k % 3] if kind != "protein" else "different"
        middle = {"equivalent": 0.1, "different": 2.5, "inconclusive": 0.8}[result] + float(rng.normal(0, 0.05))
        half = 0.4 if result != "inconclusive" else 1.2
        rows.append(
            {
                **pair,
                "kind": kind,
                "quantity": quantity,
                "title": title,
                "unit": unit,
                "difference": middle,
                "low": middle - half,
                "high": middle + half,
                "margin": 1.0,
                "p_equivalence": 0.0001,
                "p_equivalence_adjusted": 0.0002 if result == "equivalent" else 0.4,
                "p_difference": 0.03,
                "p_difference_adjusted": 0.04,
                "lots_needed": 9 if result == "inconclusive" else np.nan,
                "result": result,
                "reason": f"the interval against the margin: {result}",
            }
        )
    rows.append(
        {**pair, "kind": "overall", "quantity": "overall", "result": "different", "reason": "2 quantities differ"}
    )
    return tables.conform(pd.DataFrame(rows), tables.COMPARABILITY)


def risks(names: Sequence[str], rng: np.random.Generator) -> pd.DataFrame:
    """Items of four of the five kinds, with every status; the fifth kind has none."""
    items = (
        ("infection", "virus", "Viral proteins", "share of the signal"),
        ("infection", "mycoplasma", "Mycoplasma proteins", ""),
        ("immune_reaction", "hla", "HLA class I and II", _SHARE),
        ("other_components", "proteases", "Proteases", _SHARE),
    )
    rows: list[dict[str, object]] = []
    for i, name in enumerate(names):
        for k, (risk, item, title, unit) in enumerate(items):
            status = tables.RISK_STATUSES[(i + k) % 4]
            value = float(rng.uniform(0.0001, 0.05)) if status == "found" and unit else np.nan
            rows.append(
                {
                    "sample": name,
                    "risk": risk,
                    "item": item,
                    "title": title,
                    "status": status,
                    "strength": ("weak", "moderate", "strong")[i % 3] if status == "found" else "none",
                    "value": value,
                    "low": value * 0.8,
                    "high": value * 1.3,
                    "unit": unit,
                    "detected": "HLA-A;HLA-B" if status == "found" else "",
                    "text": f"{title}: {status} in this sample.",
                    "limits": "A protein is no infectious particle.",
                    "source": "JSRM 2021",
                }
            )
    study = {"sample": "", "risk": "variability", "item": "between_lots", "title": "Variation between lots"}
    rows.append(
        {**study, "status": "not_tested", "strength": "none", "text": "not tested: several lots are needed.",
         "limits": "Potency may vary all the same.", "source": "JSRM 2021"}
    )  # fmt: skip
    return tables.conform(pd.DataFrame(rows), tables.RISKS)


def source_cell(names: Sequence[str], rng: np.random.Generator) -> pd.DataFrame:
    """Two panels per sample, with every sign."""
    rows = [
        {
            "sample": name,
            "declared": "msc",
            "panel": panel,
            "title": title,
            "expectation": expectation,
            "members": 9,
            "detected": (i + k) % 9,
            "not_assessable": 2,
            "best_member": "NT5E" if (i + k) % 9 else "",
            "mass_fraction": float(rng.uniform(0, 0.01)) if (i + k) % 9 else np.nan,
            "sign": tables.CELL_SIGNS[(i + k) % 4],
            "text": f"{(i + k) % 9} of 7 members that could have been seen were detected.",
            "source": "Dominici 2006 Cytotherapy 8:315",
        }
        for i, name in enumerate(names)
        for k, (panel, title, expectation) in enumerate(
            (("msc_positive", "MSC surface, positive", "present"), ("msc_negative", "MSC surface, negative", "absent"))
        )
    ]
    return tables.conform(pd.DataFrame(rows), tables.SOURCE_CELL)


def subtypes(names: Sequence[str], rng: np.random.Generator) -> pd.DataFrame:
    """Two comparisons per sample; every third cannot be assessed."""
    rows: list[dict[str, object]] = []
    for i, name in enumerate(names):
        for subtype, title, unit in (
            ("small_against_large", "Small against large EVs", "difference of mean prominence (-1 to 1)"),
            ("platelet", "Platelet origin", _SHARE),
        ):
            row: dict[str, object] = {"sample": name, "subtype": subtype, "title": title, "unit": unit, "members": 8}
            if i % 3 == 2:
                row |= {"status": "not_assessable", "detected": 1, "note": "fewer than two members were detected"}
            else:
                value = float(rng.uniform(0.01, 0.5))
                row |= {"status": "assessed", "detected": 5, "value": value, "low": value * 0.7, "high": value * 1.4}
            rows.append({**row, "panels": "subtype_small_ev", "source": "J Extracell Vesicles 2021 PMC8612312"})
    return tables.conform(pd.DataFrame(rows), tables.SUBTYPES)


def neighbours(names: Sequence[str], rng: np.random.Generator) -> pd.DataFrame:
    """Five nearest reference samples of every sample."""
    rows = [
        {
            "sample": name,
            "place": place,
            "study": f"study {place}",
            "reference_class": CLASSES[(i + place) % 4],
            "subclass": "cell_culture",
            "distance": 0.1 * place + float(rng.uniform(0, 0.05)),
            "identity": float(rng.uniform(0, 1)),
            "purity": float(rng.uniform(0, 1)),
        }
        for i, name in enumerate(names)
        for place in range(1, 6)
    ]
    return tables.conform(pd.DataFrame(rows), tables.NEIGHBOURS)


def specification(sheet: Sequence[dict[str, str]]) -> pd.DataFrame:
    """Three criteria for every preparation and every lot, and the result of each lot over all of them."""
    own = [
        ("identity", "Identity", 0.93, 0.85, 0.97, ">= 0.8", "", "release", "pass"),
        ("purity_soluble", "Purity from soluble protein", 0.2, 0.1, 0.3, ">= 0.5", "", "release", "fail"),
        ("particles", "Particles", np.nan, np.nan, np.nan, ">= 1e9", "per ml", "alert", "not_tested"),
    ]
    rows: list[dict[str, object]] = []
    prepared = [r for r in sheet if (r["role"] or "preparation") == "preparation"]
    places = [("sample", r["lot"], r["sample"]) for r in prepared]
    places += [("lot", lot, "") for lot in dict.fromkeys(r["lot"] for r in prepared)]
    for level, lot, sample in places:
        facts = {"specification": "example", "level": level, "lot": lot, "sample": sample, "source": "agreed with QA"}
        for name, title, value, low, high, limit, unit, severity, result in own:
            row = {"criterion": name, "title": title, "quantity": f"score:{name}", "value": value, "low": low}
            row |= {"high": high, "limit": limit, "unit": unit, "severity": severity, "result": result}
            rows.append({**facts, **row, "reason": f"{level}: {result}"})
        if level == "lot":
            whole = {"criterion": "overall", "title": "Example", "quantity": "overall", "severity": "release"}
            rows.append({**facts, **whole, "limit": "all release criteria pass", "result": "fail", "reason": "1 fail"})
    return tables.conform(pd.DataFrame(rows), tables.SPECIFICATION)


def cloud(path: Path, rng: np.random.Generator, samples: int = 120) -> None:
    """Scored samples of a reference that nobody measured."""
    rows = [
        {
            "sample_id": f"reference_{k:03d}",
            "study": f"study {k % 7}",
            "laboratory": f"laboratory {k % 5}",
            "reference_class": CLASSES[k % 4],
            "subclass": "cell_culture",
            "identity": round(float(rng.uniform(0, 1)), 4) if k else "",
            "purity": round(float(rng.uniform(0, 1)), 4),
        }
        for k in range(samples)
    ]
    pd.DataFrame(rows).to_csv(path, sep="\t", index=False)
