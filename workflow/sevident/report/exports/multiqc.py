"""MultiQC custom content: the scores as a table and as general statistics, the composition as bars.

Format: https://docs.seqera.io/multiqc/custom_content (JSON files whose names end in ``_mqc.json``).
"""

from __future__ import annotations

import html
import json
from typing import Any

from sevident.report.exports.study import PROBABILITIES, SCORES_WITH_INTERVALS, Study, plain

_PARENT = {
    "parent_id": "sevident",
    "parent_name": "sEVident",
    "parent_description": "Is this a small-EV preparation? Identity and purity from the proteome; intervals are 90%.",
}
_TITLES = {
    "identity": "Identity",
    "purity": "Purity",
    "purity_soluble": "Purity, soluble",
    "purity_intracellular": "Purity, intracellular",
    "p_small_ev": "P(small EV)",
    "p_secretome": "P(secretome)",
    "p_serum": "P(serum)",
    "p_cell_debris": "P(cell debris)",
    "verdict": "Verdict",
    "misev_minimum": "MISEV2018 minimum",
    "proteins": "Protein groups",
}
_HELP = {
    "identity": "Evidence for vesicle-borne proteins beyond what other material would show, 0 to 1",
    "purity": "The poorer of soluble and intracellular purity, 0 to 1",
    "purity_soluble": "Freedom from serum, secreted and matrix proteins, 0 to 1",
    "purity_intracellular": "Freedom from organelle and nuclear proteins, 0 to 1",
    "misev_minimum": "One membrane, one cytosolic marker seen and one negative control assessed",
    "proteins": "Analyte protein groups quantified in the sample",
}


def write(study: Study) -> dict[str, str]:
    """File name -> text of ``sevident_scores_mqc.json``, ``sevident_general_mqc.json`` and
    ``sevident_composition_mqc.json``.

    MultiQC puts the names of samples into its page as they are, so they are escaped here; and it takes what stands
    before a slash for a folder and drops it, so that slashes become U+2044, which looks the same.
    """
    names = [n for n in study.data.names if n not in study.data.unscored]
    scores = {_shown(n): _row(study, n) for n in names}
    bounds = {c: {"min": 0, "max": 1, "format": "{:,.2f}"} for c in (*SCORES_WITH_INTERVALS, *PROBABILITIES)}
    table = {
        "id": "sevident_scores",
        **_PARENT,
        "section_name": "Scores and verdicts",
        "description": "One row per sample. The report of sEVident holds the reasons.",
        "plot_type": "table",
        "pconfig": {"id": "sevident_scores_table", "title": "sEVident: scores and verdicts", "col1_header": "Sample"},
        "headers": {
            c: {"title": title, "description": _HELP.get(c, title), **bounds.get(c, {})} for c, title in _TITLES.items()
        },
        "data": scores,
    }
    general = {
        "id": "sevident_general",
        "plot_type": "generalstats",
        "headers": {
            c: {"title": _TITLES[c], "description": _HELP.get(c, _TITLES[c]), **bounds.get(c, {})}
            for c in ("identity", "purity", "verdict")
        },
        "data": {n: {c: row[c] for c in ("identity", "purity", "verdict") if c in row} for n, row in scores.items()},
    }
    composition = {
        "id": "sevident_composition",
        **_PARENT,
        "section_name": "Composition",
        "description": "Share of protein mass by where the proteins come from.",
        "plot_type": "bargraph",
        "pconfig": {
            "id": "sevident_composition_plot",
            "title": "sEVident: composition",
            "ylab": "Share of protein mass (%)",
            "cpswitch": False,
            "tt_decimals": 1,
        },
        "data": _composition(study, names),
    }
    files = {"scores": table, "general": general, "composition": composition}
    return {
        f"sevident_{name}_mqc.json": json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
        for name, content in files.items()
    }


def _shown(name: str) -> str:
    return html.escape(name).replace("/", "\u2044")


def _row(study: Study, name: str) -> dict[str, Any]:
    row = study.data.scores.loc[name]
    values = {c: plain(row[c]) for c in _TITLES}
    return {c: str(v).replace("_", " ") if isinstance(v, str) else v for c, v in values.items() if v is not None}


def _composition(study: Study, names: list[str]) -> dict[str, dict[str, float]]:
    rows = study.data.compartments[study.data.compartments["mass_fraction"].notna()]
    out: dict[str, dict[str, float]] = {_shown(n): {} for n in names}
    for sample, title, share in zip(rows["sample"], rows["title"], rows["mass_fraction"], strict=True):
        if _shown(sample) in out:
            out[_shown(sample)][str(title)] = 100 * plain(float(share))
    return {name: shares for name, shares in out.items() if shares}
