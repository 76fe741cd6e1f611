"""What a report on EVs should state, and which of it these data answer: the rest only the authors can.

Items: Thery, Witwer et al. 2018, J Extracell Vesicles 7:1535750 (MISEV2018), the checklist of its characterisation
section. The identifier in the EV-TRACK knowledgebase: Van Deun et al. 2017, Nat Methods 14:228-232.
"""

from __future__ import annotations

from collections import Counter

import pandas as pd

from sevident.report.exports.study import Study
from sevident.scoring import misev

MISEV2018 = "Thery 2018 J Extracell Vesicles 7:1535750"
EV_TRACK = "Van Deun 2017 Nat Methods 14:228-232"
COLUMNS = ("section", "item", "asked_as", "answered_by", "status", "answer", "source")
#: measurement columns of the sample sheet that answer an item
_PARTICLES, _PROTEIN = ("particles_per_ml", "particles"), ("protein_ug_per_ml", "protein_ug")
_MEMBRANE = ("misev_1a", "misev_1b")
_OTHER_COMPARTMENTS = ("misev_4a", "misev_4b", "misev_4c", "misev_4d")


def table(study: Study) -> pd.DataFrame:
    """One row per item (COLUMNS). ``answered_by`` is data, sample_sheet or authors; ``status`` is answered, partly or
    open; counts are over the preparations of the study.
    """
    names = [s.name for s in study.data.preparations]
    extra = {s.name: s.extra for s in study.data.preparations}

    def measured(columns: tuple[str, ...]) -> int:
        return sum(any(extra[n].get(c, "").strip() for c in columns) for n in names)

    particles, protein = measured(_PARTICLES), measured(_PROTEIN)
    both = sum(
        any(extra[n].get(c, "").strip() for c in _PARTICLES) and any(extra[n].get(c, "").strip() for c in _PROTEIN)
        for n in names
    )
    families = study.data.families[study.data.families["sample"].isin(names)]
    scores = study.data.scores.loc[names]
    minimum = Counter(str(v) for v in scores["misev_minimum"])
    told = ", ".join(f"{minimum[k]} {k.replace('_', ' ')}" for k in ("yes", "no", "not_assessable") if minimum[k])
    rows = [
        _authors("source", "Volume of fluid, or number of cells and volume of medium, at the start", "mandatory"),
        _sheet("quantity", "Number of particles", "two of the global quantities are mandatory", particles, names),
        _sheet("quantity", "Amount of protein", "two of the global quantities are mandatory", protein, names),
        _authors("quantity", "Amount of lipid", "two of the global quantities are mandatory"),
        _sheet("quantity", "Ratio of particles to protein", "mandatory", both, names),
        _data(families, names, "protein", "Membrane and GPI-anchored proteins (category 1)", "mandatory", _MEMBRANE),
        _data(families, names, "protein", "Cytosolic proteins of EVs (category 2)", "mandatory", misev.CYTOSOLIC),
        _data(
            families, names, "protein", "Expected contaminants: serum proteins, lipoproteins (category 3)",
            "mandatory", ("misev_3a", "misev_3b"),
        ),
        _data(
            families, names, "protein", "Proteins of other compartments (category 4)", "if applicable",
            _OTHER_COMPARTMENTS,
        ),
        _data(
            families, names, "protein", "Secreted proteins (category 5)", "if applicable", ("misev_5a", "misev_5b")
        ),
        {
            "section": "protein",
            "item": "Minimum of protein evidence: one membrane, one cytosolic protein, one negative control",
            "asked_as": "mandatory",
            "answered_by": "data",
            "status": "answered" if names and not minimum["not_assessable"] else "partly" if names else "open",
            "answer": told or "no preparation in the study",
            "source": f"{MISEV2018} Table 3",
        },
        _authors("protein", "Topology: which components lie in or on the vesicles", "encouraged"),
        _authors("single vesicles", "Images of single vesicles, wide field and close up", "mandatory"),
        _authors("single vesicles", "A method without images on many single vesicles (size, number)", "mandatory"),
        {
            **_authors("record", "Identifier of the experiment in the EV-TRACK knowledgebase", "encouraged"),
            "source": EV_TRACK,
        },
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _authors(section: str, item: str, asked: str) -> dict[str, str]:
    return {
        "section": section,
        "item": item,
        "asked_as": asked,
        "answered_by": "authors",
        "status": "open",
        "answer": "a proteome cannot say this: the authors have to",
        "source": MISEV2018,
    }


def _sheet(section: str, item: str, asked: str, count: int, names: list[str]) -> dict[str, str]:
    status = "answered" if names and count == len(names) else "partly" if count else "open"
    return {
        "section": section,
        "item": item,
        "asked_as": asked,
        "answered_by": "sample_sheet",
        "status": status,
        "answer": f"the sample sheet gives it for {count} of {len(names)} preparations",
        "source": MISEV2018,
    }


def _data(
    families: pd.DataFrame, names: list[str], section: str, item: str, asked: str, panels: tuple[str, ...]
) -> dict[str, str]:
    rows = families[families["panel"].isin(panels)]
    per_sample = rows.groupby("sample")[["detected", "not_detected", "not_searched", "not_assessable"]].sum()
    per_sample = per_sample.reindex(names, fill_value=0)
    assessed = int(((per_sample["detected"] + per_sample["not_detected"]) > 0).sum())
    seen = int((per_sample["detected"] > 0).sum())
    answer = f"assessed in {assessed} of {len(names)} preparations, at least one member detected in {seen}"
    blind = int(per_sample["not_assessable"].sum()), int(per_sample["not_searched"].sum())
    if any(blind):
        answer += f"; over all preparations {blind[0]} members not assessable, {blind[1]} not searched"
    return {
        "section": section,
        "item": item,
        "asked_as": asked,
        "answered_by": "data",
        "status": "answered" if names and assessed == len(names) else "partly" if assessed else "open",
        "answer": answer,
        "source": f"{MISEV2018} Table 3",
    }
