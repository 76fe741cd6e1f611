"""The minimum that MISEV2018 asks of protein evidence, as a plain yes, no or not assessable beside the scores.

Source: Thery, Witwer et al. 2018, J Extracell Vesicles 7:1535750, Table 3: at least one transmembrane or
GPI-anchored protein (category 1), one cytosolic protein (category 2), and at least one negative control (categories
3 or 4) *assessed*. It asks for presence; how much, and how much else, is what the scores are for.
"""

from __future__ import annotations

import pandas as pd

TRANSMEMBRANE = ("misev_1a", "misev_1b")
CYTOSOLIC = ("misev_2a",)
NEGATIVE = ("misev_3a", "misev_3b", "misev_4a", "misev_4b", "misev_4c", "misev_4d")


def minimum(markers: pd.DataFrame, samples: list[str]) -> dict[str, str]:
    """sample -> yes | no | not_assessable, from tables.MARKERS.

    ``no`` needs a category in which members could have been seen and were not; a category of which nothing was
    searched or nothing is assessable gives ``not_assessable``.
    """
    relevant = markers[markers["panel"].isin((*TRANSMEMBRANE, *CYTOSOLIC, *NEGATIVE))]
    counts = relevant.groupby(["sample", "panel", "status"]).size().reset_index(name="members")
    keys = zip(counts["sample"], counts["panel"], counts["status"], strict=True)
    seen = dict(zip(keys, counts["members"].astype(int), strict=True))

    def total(sample: str, panels: tuple[str, ...], *statuses: str) -> int:
        return sum(seen.get((sample, panel, status), 0) for panel in panels for status in statuses)

    out = {}
    for sample in samples:
        positives = [total(sample, panels, "detected") > 0 for panels in (TRANSMEMBRANE, CYTOSOLIC)]
        blind = [
            not hit and total(sample, panels, "not_detected") == 0
            for hit, panels in zip(positives, (TRANSMEMBRANE, CYTOSOLIC), strict=True)
        ]
        assessed = total(sample, NEGATIVE, "detected", "not_detected") > 0
        if all(positives) and assessed:
            out[sample] = "yes"
        elif any(blind) or not assessed:
            out[sample] = "not_assessable"
        else:
            out[sample] = "no"
    return out
