"""The release stage: judge the preparations by the specifications of the configuration."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from sevident import panels, tables
from sevident.release import specification
from sevident.samples import read_samples


def run(
    settings: dict,
    sheet: Path,
    scores: Path,
    families: Path,
    markers: Path,
    compartments: Path,
    specifications: list[Path],
    resources: Path,
    output: Path,
    warnings: Path,
) -> dict[str, int]:
    """Write tables.SPECIFICATION (all specifications together) and the stage's warnings; returns counts of results."""
    samples = read_samples(sheet, inputs=[i["name"] for i in settings["inputs"]]).samples
    registry = panels.load(resources / "panels")
    known = [str(p) for p in registry.index["panel"]]
    names = sorted({str(c) for c in registry.index["compartment"] if c} | {"unexplained"})
    frames = {
        "scores": tables.read_table(scores, tables.SCORES),
        "families": tables.read_table(families, tables.FAMILIES),
        "compartments": tables.read_table(compartments, tables.COMPARTMENTS),
        "markers": tables.read_table(markers, tables.MARKERS),
    }
    parts = [specification.judge(specification.load(p, known, names), samples, **frames) for p in specifications]
    result = pd.concat(parts, ignore_index=True) if parts else tables.empty(tables.SPECIFICATION)
    tables.write_table(result, tables.SPECIFICATION, output)
    tables.write_table(pd.DataFrame(_notes(result, bool(specifications))), tables.WARNINGS, warnings)
    return {str(k): int(v) for k, v in result["result"].value_counts().items()}


def _notes(result: pd.DataFrame, given: bool) -> list[dict[str, object]]:
    if not given:
        message = "the configuration names no specification: nothing was judged against acceptance criteria"
        return [tables.warning("release", "info", "no_specification", "study", message)]
    out = []
    for name, count in result.loc[result["result"] == "not_tested", "specification"].value_counts().items():
        message = (
            f"{count} results of specification {name} are not tested: the sample sheet has no measurement for them"
        )
        out.append(tables.warning("release", "warning", "not_tested", str(name), message, int(count)))
    return out
