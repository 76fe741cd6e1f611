"""The release stage: specifications, source cell, lots, comparability and risks from the tables of earlier stages."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from sevident import panels, tables
from sevident.release import comparability, judging, lots, organisms, risks, source_cell, specification
from sevident.release.attributes import vesicular_groups
from sevident.release.measurements import check_numbers
from sevident.release.quantities import Known
from sevident.samples import SampleSheet, read_samples

STAGE = "release"


def run(
    settings: dict[str, Any],
    sheet: Path,
    proteins: Path,
    abundance: Path,
    species: Path,
    scores: Path,
    families: Path,
    markers: Path,
    compartments: Path,
    specifications: list[Path],
    resources: Path,
    specification_out: Path,
    source_cell_out: Path,
    lots_out: Path,
    comparability_out: Path,
    risks_out: Path,
    warnings: Path,
) -> dict[str, int]:
    """Write tables.SPECIFICATION, SOURCE_CELL, LOTS, COMPARABILITY, RISKS and WARNINGS; returns counts of results.

    ``settings``: organism, inputs (name and, where there is one, fasta), source_cell, and the blocks lots and
    comparability. Raises ConfigurationError for specifications and settings that cannot be used, and SampleSheetError
    for a measurement that is no number.
    """
    samples = read_samples(sheet, inputs=[i["name"] for i in settings["inputs"]])
    registry = panels.load(resources / "panels")
    organism = str(settings.get("organism") or "human")
    frames: dict[str, Any] = {
        "scores": tables.read_table(scores, tables.SCORES),
        "families": tables.read_table(families, tables.FAMILIES),
        "compartments": tables.read_table(compartments, tables.COMPARTMENTS),
    }
    quantities = tables.read_compact(abundance, tables.ABUNDANCE)
    seen = tables.read_table(markers, tables.MARKERS)
    kinds = tables.read_table(species, tables.SPECIES)
    specs = check(specifications, samples, resources)
    genes = {c.quantity.name for spec in specs for c in spec.criteria if c.quantity.kind == "marker"}
    found = judging.findings(samples, registry.index, genes, **frames, markers=seen, species=kinds)
    parts = [judging.judge(spec, found) for spec in specs]
    result = pd.concat(parts, ignore_index=True) if parts else tables.empty(tables.SPECIFICATION)

    signs, notes = source_cell.assess(
        samples.samples, frames["families"], seen, registry.index, str(settings.get("source_cell") or "")
    )
    measured = {**frames, "abundance": quantities, "vesicular": vesicular_groups(quantities, registry, organism)}
    of_lots, more = lots.analyse(
        samples.samples, **measured, settings=_settings(lots.LotSettings, settings.get("lots"))
    )
    notes += more
    of_processes, more = comparability.compare(
        samples.samples,
        **measured,
        settings=_settings(comparability.ComparabilitySettings, settings.get("comparability")),
    )
    notes += more
    dangers = risks.assess(
        samples,
        registry.index,
        organisms.searched(proteins, settings["inputs"]),
        organism,
        **frames,
        markers=seen,
        abundance=quantities,
        species=kinds,
        lots=of_lots,
        comparability=of_processes,
    )
    for frame, contract, path in (
        (result, tables.SPECIFICATION, specification_out),
        (signs, tables.SOURCE_CELL, source_cell_out),
        (of_lots, tables.LOTS, lots_out),
        (of_processes, tables.COMPARABILITY, comparability_out),
        (dangers, tables.RISKS, risks_out),
        (pd.DataFrame(_notes(result, bool(specs), samples) + notes), tables.WARNINGS, warnings),
    ):
        tables.write_table(frame, contract, path)
    return {str(k): int(v) for k, v in result["result"].value_counts().items()}


def check(paths: Iterable[str | Path], sheet: SampleSheet, resources: Path) -> list[specification.Specification]:
    """The specifications, held against the sample sheet: what can be said of them before anything is run.

    Raises ConfigurationError for a specification that cannot be used, SampleSheetError for a measurement that is none.
    """
    known = known_names(panels.load(resources / "panels"), sheet)
    specs = [specification.load(Path(path), known) for path in paths]
    for spec in specs:
        check_numbers(sheet, spec.number_columns, judging.JUDGED)
    return specs


def known_names(registry: panels.Registry, sheet: SampleSheet) -> Known:
    """The names that criteria may use in this study."""
    own = registry.members[~registry.members["panel"].isin(list(panels.SPECIES_PANELS))]
    return Known(
        panels={str(k): int(v) for k, v in registry.members["panel"].value_counts().items()},
        compartments={str(c) for c in registry.index["compartment"] if c} | {"unexplained"},
        genes={str(g) for g in own["gene"]},
        aliases=registry.aliases,
        sheet_columns=frozenset(sheet.extra_columns),
    )


def _settings(kind: Any, given: dict[str, Any] | None) -> Any:
    """The settings of a block of the configuration; what it leaves out keeps its default."""
    block = {k: tuple(v) if isinstance(v, list) else v for k, v in (given or {}).items() if v is not None}
    return kind(**block)


def _notes(result: pd.DataFrame, given: bool, sheet: SampleSheet) -> list[dict[str, object]]:
    if not given:
        message = "the configuration names no specification: nothing was judged against acceptance criteria"
        return [tables.warning(STAGE, "info", "no_specification", "study", message)]
    out = []
    own = result[result["level"].eq("sample") & result["criterion"].ne(specification.OVERALL)]
    for name, count in own.loc[own["result"] == "not_tested", "specification"].value_counts().items():
        message = (
            f"{count} results of specification {name} are not tested: the sample sheet has no measurement for them"
        )
        out.append(tables.warning(STAGE, "warning", "not_tested", str(name), message, int(count)))
    loose = [s.name for s in sheet.with_role(*judging.JUDGED) if not s.lot]
    if loose:
        message = (
            f"{len(loose)} preparations have no lot in the sample sheet: specifications judge them one by one, and "
            "they have no lot's result"
        )
        out.append(tables.warning(STAGE, "info", "samples_without_lot", "study", message, len(loose)))
    return out
