"""The report stage: reads the study's tables, writes the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any


def run(
    settings: Mapping[str, Any],
    sheet: str | Path,
    tables: str | Path,
    warnings: Sequence[str | Path],
    resources: str | Path,
    sources: Sequence[str | Path],
    output: str | Path,
) -> None:
    """Write the report of a study to ``output``.

    Parameters
    ----------
    settings
        ``study`` (name), ``language`` (of the page) and ``config`` (the resolved configuration).
    sheet
        the sample sheet.
    tables
        folder with abundance.parquet, proteins.parquet, markers.tsv, families.tsv, compartments.tsv, scores.tsv,
        contributions.tsv, and those that may be absent, which the page says: species.tsv, specification.tsv,
        subtypes.tsv, neighbours.tsv, source_cell.tsv, lots.tsv, comparability.tsv, risks.tsv.
    warnings
        the stages' tables of warnings.
    resources
        folder that holds ``panels`` and ``reference``.
    sources
        files whose checksums the page states.

    Raises
    ------
    ConfigurationError
        for a language that the page does not speak, or a scoring model that cannot be read.
    InputError
        when a table is missing or does not fit the sample sheet.
    """
    from sevident import panels
    from sevident.report import data, methods, numbers, page, provenance, text
    from sevident.samples import read_samples
    from sevident.tables import write_atomically

    t = text.catalogue(str(settings["language"]))
    config = settings["config"]
    sheet, resources = Path(sheet), Path(resources)
    samples = read_samples(sheet, inputs=[i["name"] for i in config["inputs"]])
    cloud = resources / "reference" / "scored_samples.tsv"
    study = data.load(Path(tables), [Path(w) for w in warnings], samples, cloud)
    with numbers.written_for(t.language):
        html = page.render(
            study,
            study=str(settings["study"]),
            organism=str(config.get("organism") or "human"),
            configured=[str(s) for s in config.get("specifications") or []],
            warning_files=len(warnings),
            panel_order=[str(p) for p in panels.load(resources / "panels").index["panel"]],
            methods=methods.write(config, study, resources, t),
            provenance=provenance.collect(
                config, sheet, [Path(s) for s in sources], resources, page.plotly_version(), t
            ),
            t=t,
        )
    write_atomically(output, lambda part: part.write_text(html, encoding="utf-8", newline="\n"))
