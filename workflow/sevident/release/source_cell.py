"""Signs of the cell that a preparation comes from, for or against the source that the user declared.

The criteria for mesenchymal stromal cells (Dominici M et al. Cytotherapy 2006;8:315-317) are percentages of cells by
flow cytometry. Mass spectrometry of EVs counts no cells: it sees proteins of a mixture, misses faint ones, and finds
soluble forms of surface antigens. So the same antigens are read here as evidence, and no criterion is met or failed.

Rules, for each panel; members that were not searched, or could not have been seen, are left out of all counts:

* fewer than two members could have been seen, and none was: ``not_assessable``;
* expected present: ``for`` where two or more, and at least half of them, were detected; ``against`` where none was;
  else ``neutral``;
* expected absent: ``for`` where none was detected; ``against`` where two or more were that nothing else explains (see
  EXPLAINED); else ``neutral``;
* expected neither way, or no source declared: ``neutral``, and the panel is listed with what was found.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from sevident import tables
from sevident.errors import did_you_mean
from sevident.samples import Sample

STAGE = "release"
PANELS = ("msc_positive", "msc_further", "msc_negative", "leukocyte", "platelet", "erythrocyte", "endothelial")
# What is expected of a source's own panels and of the others. PECAM1 and VWF are in platelets and in endothelium, and
# CD44 and NRP1 in many cells: panels that overlap with a source's own are not held against it.
_BLOOD = ("leukocyte", "platelet", "erythrocyte", "endothelial")
EXPECTED: Mapping[str, Mapping[str, str]] = {
    "msc": {
        "msc_positive": "present",
        "msc_further": "present",
        "msc_negative": "absent",
        **dict.fromkeys(_BLOOD, "absent"),
    },
    "leukocyte": {"leukocyte": "present", "platelet": "absent", "erythrocyte": "absent"},
    "platelet": {"platelet": "present", "leukocyte": "absent", "erythrocyte": "absent"},
    "erythrocyte": {"erythrocyte": "present", "leukocyte": "absent", "platelet": "absent"},
    "endothelial": {"endothelial": "present", "leukocyte": "absent", "erythrocyte": "absent"},
}
# Members that are seen without the panel's cells: they are listed and counted, and do not speak against a source.
# Haemoglobin of culture serum is taken for human where the sequences agree (Frankenfield AM et al. J Proteome Res
# 2022;21:2104-2113 list bovine HBA, HBB and fetal HBB), and BLVRB and SELENBP1 are in many cells; CD14, VWF and factor
# XIII are in serum and plasma as well; platelets carry PECAM1.
EXPLAINED: Mapping[str, frozenset[str]] = {
    "erythrocyte": frozenset({"HBA1", "HBB", "HBD", "HBE1", "HBG1", "HBG2", "HBZ", "BLVRB", "SELENBP1"}),
    "leukocyte": frozenset({"CD14"}),
    "msc_negative": frozenset({"CD14"}),
    "platelet": frozenset({"F13A1"}),
    "endothelial": frozenset({"VWF", "PECAM1"}),
}
JUDGED = ("preparation", "qualified_reference")
_FEWEST = 2  # members: one alone decides nothing
CAVEAT = (
    "The criteria of cells are of flow cytometry; mass spectrometry of EVs gives evidence, not a percentage of cells."
)
PLATELET_LYSATE = (
    "Where the medium held human platelet lysate these proteins may come from it: it is human, and the species does "
    "not tell it apart from the cells."
)


@dataclass(frozen=True)
class _Seen:
    """A panel in a sample."""

    members: int
    detected: int
    absent: int
    decisive: int  # detected members that nothing but the panel's cells explains
    share: float


def assess(
    samples: Iterable[Sample],
    families: pd.DataFrame,
    markers: pd.DataFrame,
    index: pd.DataFrame,
    declared: str,
) -> tuple[pd.DataFrame, list[dict[str, object]]]:
    """The table SOURCE_CELL, and warnings. ``index``: the registry's index of panels; ``declared``: the source cell."""
    declared = declared.strip()
    expected = EXPECTED.get(declared.casefold(), {})
    by_panel = families[families["panel"].isin(PANELS)].set_index(["sample", "panel"]).to_dict("index")
    genes = detected_genes(markers, PANELS)
    facts = index.set_index("panel")[["title", "source"]].to_dict("index")
    rows = []
    for sample in samples:
        if sample.role not in JUDGED:
            continue
        for panel in PANELS:
            row = by_panel.get((sample.name, panel))
            if row is None or panel not in facts:
                continue
            seen_here = genes.get((sample.name, panel), [])
            decisive = sum(gene not in EXPLAINED.get(panel, ()) for gene in seen_here)
            share = float("nan") if pd.isna(row["mass_fraction"]) else float(row["mass_fraction"])
            seen = _Seen(int(row["members"]), int(row["detected"]), int(row["not_detected"]), decisive, share)
            expectation = expected.get(panel, "none")
            sign = sign_of(seen, expectation)
            rows.append(
                {
                    "sample": sample.name,
                    "declared": declared,
                    "panel": panel,
                    "title": facts[panel]["title"],
                    "expectation": expectation,
                    "members": seen.members,
                    "detected": seen.detected,
                    "not_assessable": int(row["not_searched"]) + int(row["not_assessable"]),
                    "best_member": row["best_member"],
                    "mass_fraction": seen.share,
                    "sign": sign,
                    "text": _text(seen, panel, expectation, sign, seen_here, declared),
                    "source": facts[panel]["source"],
                }
            )
    return tables.conform(pd.DataFrame(rows), tables.SOURCE_CELL), _remarks(declared, bool(expected))


def sign_of(seen: _Seen, expectation: str) -> str:
    """One of tables.CELL_SIGNS, by the rules of the module's text."""
    looked_for = seen.detected + seen.absent
    if not looked_for or (not seen.detected and looked_for < _FEWEST):
        return "not_assessable"
    if expectation == "present":
        if seen.detected >= _FEWEST and seen.detected * 2 >= looked_for:
            return "for"
        return "neutral" if seen.detected else "against"
    if expectation == "absent":
        if not seen.detected:
            return "for"
        return "against" if seen.decisive >= _FEWEST else "neutral"
    return "neutral"


def detected_genes(markers: pd.DataFrame, wanted: Iterable[str]) -> dict[tuple[str, str], list[str]]:
    """The detected members by (sample, panel), in order of their names."""
    rows = markers[markers["panel"].isin(list(wanted)) & markers["status"].eq("detected")]
    out: dict[tuple[str, str], list[str]] = {}
    for sample, panel, gene in zip(rows["sample"], rows["panel"], rows["gene"], strict=True):
        out.setdefault((str(sample), str(panel)), []).append(str(gene))
    return {key: sorted(set(names)) for key, names in out.items()}


def _text(seen: _Seen, panel: str, expectation: str, sign: str, genes: list[str], declared: str) -> str:
    looked_for = seen.detected + seen.absent
    if not looked_for:
        return f"none of {seen.members} members was searched and could have been seen."
    parts = [f"{seen.detected} of {looked_for} members that could have been seen were detected"]
    if genes:
        parts[0] += f" ({', '.join(genes)})"
        if seen.share == seen.share:
            parts[0] += f", {100 * seen.share:.2g}% of the protein mass"
    if sign == "not_assessable":
        parts.append("too few to tell")
    elif expectation != "none":
        meaning = {"for": "speaks for", "against": "speaks against", "neutral": "does not decide about"}[sign]
        parts.append(f"expected {expectation}: {meaning} the declared source {declared}")
        explained = [gene for gene in genes if gene in EXPLAINED.get(panel, ())]
        if explained and expectation == "absent" and sign == "neutral":
            parts.append(f"{', '.join(explained)}: serum or other cells hold it too")
    text = "; ".join(parts) + "."
    if panel.startswith("msc_"):
        text += f" {CAVEAT}"
    if panel == "platelet" and declared.casefold() != "platelet" and seen.detected >= _FEWEST:
        text += f" {PLATELET_LYSATE}"
    return text


def _remarks(declared: str, known: bool) -> list[dict[str, object]]:
    if not declared:
        message = "no source cell is declared: signs of cells are listed and not judged"
        return [tables.warning(STAGE, "info", "no_source_cell", "study", message)]
    if not known:
        message = (
            f"nothing is known of what to expect of the source cell '{declared}', so its signs are listed and not "
            f"judged; {did_you_mean(declared, EXPECTED)}"
        )
        return [tables.warning(STAGE, "warning", "source_cell_unknown", "study", message)]
    return []
