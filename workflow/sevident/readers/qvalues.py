"""Which scores of the standard formats are q-values, by the terms of the PSI-MS vocabulary and the engines' own names.

Source: psi-ms.obo (github.com/HUPO-PSI/psi-ms-CV). A local FDR or a posterior error probability is no q-value. The
FDRScore is a q-value made continuous (Jones and others 2009, Proteomics 9:1220), so it counts as one where there is
nothing better.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from sevident.readers.base import InputSpec, normalise

# of a spectrum's hit, best first
_HIT = (
    ("MS:1002354", "PSM-level q-value"),
    ("MS:1003115", "OpenMS:Target-decoy PSM q-value"),
    ("MS:1001491", "percolator:Q value"),
    ("MS:1002054", "MS-GF:QValue"),
    ("MS:1002723", "MSPathFinder:QValue"),
    ("", "q-value"),
    ("", "qvalue"),
    ("", "percolator q-value"),
    ("", "percolator qvalue"),
    ("MS:1002356", "PSM-level combined FDRScore"),
    ("MS:1002355", "PSM-level FDRScore"),
    ("MS:1002125", "combined FDRScore"),
    ("MS:1001874", "FDRScore"),
    ("MS:1001868", "distinct peptide-level q-value"),
    ("MS:1003116", "OpenMS:Target-decoy peptide q-value"),
    ("MS:1002055", "MS-GF:PepQValue"),
    ("MS:1002724", "MSPathFinder:PepQValue"),
)
# of a protein or a protein group, best first
_GROUP = (
    ("MS:1002373", "protein group-level q-value"),
    ("MS:1003117", "OpenMS:Target-decoy protein q-value"),
    ("MS:1001869", "protein-level q-value"),
    ("", "q-value"),
    ("MS:1002375", "protein group-level combined FDRScore"),
    ("MS:1002374", "protein group-level FDRScore"),
    ("MS:1002366", "combined FDRScore for proteins"),
    ("MS:1002365", "FDRScore for proteins"),
)
NONE = 99  # the rank of a score that is no q-value
_RANKS = {
    level: {key: rank for rank, (accession, name) in enumerate(terms) for key in (accession, normalise(name)) if key}
    for level, terms in (("hit", _HIT), ("group", _GROUP))
}


def rank(level: str, name: str, accession: str | None = None) -> int:
    """How good a q-value a score is (0 = best; 99: it is none). ``level``: hit or group."""
    ranks = _RANKS[level]
    if accession and accession in ranks:
        return ranks[accession]
    return ranks.get(normalise(name), NONE)


def best(level: str, scores: Iterable[tuple[str, str | None, object]]) -> tuple[str, object] | None:
    """The name and value of the best q-value among scores (name, accession, value); None when there is none."""
    found = min(
        ((rank(level, name, accession), name, value) for name, accession, value in scores),
        default=None,
        key=lambda item: item[0],
    )
    return None if found is None or found[0] == NONE else (found[1], found[2])


def remark(values: Iterable[float], name: str, spec: InputSpec) -> dict[str, object] | None:
    """A warning row when values lie outside 0..1 and thus are no q-values, whatever their column says; else None."""
    outside = [value for value in values if not math.isnan(value) and not 0 <= value <= 1]
    if not outside:
        return None
    text = (
        f"'{name}' holds {len(outside)} values outside 0 to 1 (for example {outside[0]:.4g}); it is no q-value, "
        "and it is not used."
    )
    return spec.warn("warning", "q_values_unusable", text, len(outside))
