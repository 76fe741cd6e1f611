"""A plain table of proteins by samples: any delimiter, .xlsx or .parquet, on a linear, logarithmic or percent scale.

What is read is named in the configuration (``columns: {protein, gene, description, runs}``) or recognised:

| column | recognised by |
|---|---|
| protein | its name (Protein IDs, Accession, UniProt ...), else a text column of UniProt accessions |
| gene | its name (Gene, Gene names, Symbol ...), else GN= in the description |
| description | its name (Description, Protein names, Fasta headers) |
| Reverse, Only identified by site, Potential contaminant | as in MaxQuant's own table, where they are left in |
| runs | every other named column whose filled cells are numbers (90 % or more), known annotation columns excepted |

Perseus' annotation rows (``#!{Type}``, ``#!{C:Group}`` ...) are skipped and counted; its types decide which columns
are runs (E) and its prefixes (``T: Gene names``) are taken off (Perseus documentation, "Matrix file format").

Scales: ``linear`` as it is; ``log2`` and ``log10`` are raised; ``percent`` is divided by 100. Zero means not measured
on every scale: an export writes exactly 0 on a logarithmic scale where it had no value, and a true intensity of 1 does
not occur.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sevident.errors import ConfigurationError, InputError, did_you_mean
from sevident.identifiers import parse_identifier, read_fasta
from sevident.readers.base import Grid, InputSpec, ReadResult, require_runs
from sevident.readers.grids import read_grid
from sevident.readers.groups import Fate, Groups, describe, is_decoy, leave_out, long_proteins, unique_names
from sevident.readers.matrix_columns import (
    DESCRIPTION,
    GENE,
    LONG_TABLE,
    NOT_RUNS,
    NUMERIC_SHARE,
    PROTEIN,
    is_number,
    name_columns,
    refuse_long,
    run_columns,
    share_of_accessions,
    take_perseus,
)
from sevident.readers.numbers import MISSING, parse_numbers, refuse
from sevident.readers.source import Head, Source

if TYPE_CHECKING:
    from numpy.typing import NDArray

FORMAT = "matrix"
TITLE = "a plain table of proteins by samples"
SCALES = ("linear", "log2", "log10", "percent")
# Peak areas and ion counts begin in the hundreds; the log2 of a signal lies in 5..45.
_LARGEST_LOG2, _LARGEST_LOG10 = 100.0, 30.0


def sniff(head: Head) -> bool:
    """Whether this is a plain table: a protein or gene column, at most a description, and otherwise numbers."""
    if head.kind not in {"text", "xlsx"} or len(head.rows) < 2 or LONG_TABLE & set(head.columns):
        return False
    text, numbers, names = [], 0, 0
    for i, name in enumerate(head.columns):
        cells = [row[i].strip() for row in head.rows if i < len(row) and not row[0].startswith("#!{")]
        filled = [cell for cell in cells if cell.lower() not in MISSING]
        if filled and sum(is_number(cell) for cell in filled) >= NUMERIC_SHARE * len(filled):
            numbers += bool(name) and not NOT_RUNS.fullmatch(name)
        elif name in PROTEIN or name in GENE or share_of_accessions(filled) > 0.5:
            names += 1
        elif filled:
            text.append(name)
    return names > 0 and numbers >= 2 and all(name in DESCRIPTION or name in {"", "name", "organism"} for name in text)


def explain(head: Head) -> str:
    """There is no near miss of a plain table."""
    return ""


def read(source: Source, spec: InputSpec) -> ReadResult:
    """Read a table of proteins by samples; one row per protein and run. Raises InputError and ConfigurationError."""
    scale = spec.scale or "linear"
    if scale not in SCALES:
        raise ConfigurationError(
            f"The scale '{scale}' of input '{spec.name}' is not known.",
            expected=", ".join(SCALES),
            advice=did_you_mean(scale, SCALES),
        )
    grid = read_grid(source, sheet=spec.sheet, skip_rows=spec.skip_rows)
    warnings: list[dict[str, object]] = grid.short_rows_remarks(spec)
    types = take_perseus(grid, spec, warnings)
    refuse_long(grid, spec)
    protein, gene, description = name_columns(grid, spec)
    positions = run_columns(grid, spec, types, {protein, gene, description})
    runs = grid.once(positions, [grid.header[i] for i in positions])
    require_runs(runs, grid.where, "a column of numbers per sample", grid.header)

    errors: Counter[str] = Counter()
    values = parse_numbers(grid, positions, errors)
    if errors:
        text = f"{errors.total()} cells hold a spreadsheet error ({', '.join(sorted(errors))}): not measured."
        warnings.append(spec.warn("warning", "spreadsheet_errors", text, errors.total()))
    intensity = to_linear(values, scale, grid, positions)
    warnings += _scale_remarks(values, spec, scale, grid)

    ids, genes, headers = grid.text(protein), grid.text(gene), grid.text(description)
    reverse, site, flagged = (
        np.array(grid.flags(grid.find(*names)))
        for names in (("Reverse",), ("Only identified by site",), ("Potential contaminant", "Contaminant"))
    )
    keep, remarks = leave_out(
        [
            Fate(
                np.array([not i and not g and "GN=" not in h for i, g, h in zip(ids, genes, headers, strict=True)]),
                "rows_without_protein",
                "rows with neither a protein nor a gene",
                "warning",
            ),
            Fate(reverse | np.array([bool(i) and is_decoy(i) for i in ids]), "decoys_removed", "decoy rows"),
            Fate(site, "only_by_site_removed", "rows identified only by a modification site (as MaxQuant advises)"),
        ],
        intensity,
        spec,
        grid.where,
    )
    warnings += remarks
    # FragPipe writes the accession in one column and the tag of a contaminant in another
    also = grid.text(grid.find("Protein", "Proteins"))
    ids, genes, headers, also = ([column[i] for i in np.flatnonzero(keep)] for column in (ids, genes, headers, also))
    intensity = intensity[keep]
    described, remarks = describe(
        Groups(ids=ids, genes=genes, headers=headers, also=also, flagged=flagged[keep].tolist()),
        spec,
        read_fasta(spec.fasta) if spec.fasta else None,
    )
    warnings += remarks
    names = [i or g or parse_identifier("x " + h).gene for i, g, h in zip(ids, genes, headers, strict=True)]
    names, remarks = unique_names(names, spec)
    warnings += remarks
    described.insert(0, "protein_group", names)
    proteins = long_proteins(spec, runs, described, {"intensity": intensity})
    quantity = f"the columns of the runs, {scale}"
    return ReadResult(
        proteins.assign(evidence="unknown"),
        None,
        warnings,
        "table",
        level="protein",
        quantity=quantity,
        quantities_offered=[quantity],
    )


def to_linear(values: NDArray, scale: str, grid: Grid, positions: Sequence[int]) -> NDArray:
    """Values of a scale as linear ones; zero and missing become nan. Raises InputError for impossible values."""

    other = "if the column is no run, name the runs: `columns: {runs: ...}`"
    if scale in ("linear", "percent"):
        refuse(
            grid,
            values < 0,
            positions,
            f"A value is negative on a {scale} scale.",
            expected="values of zero or more",
            advice=f"if these are logarithms set `scale: log2` (or log10); {other}",
        )
        if scale == "percent":
            refuse(
                grid,
                values > 100,
                positions,
                "A value is above 100 on a percent scale.",
                expected="0 to 100",
                advice=f"set `scale: linear`; {other}",
            )
        linear = values / 100 if scale == "percent" else values.copy()
    else:
        most = _LARGEST_LOG2 if scale == "log2" else _LARGEST_LOG10
        refuse(
            grid,
            values > most,
            positions,
            f"A value is too large for a {scale} scale.",
            expected=f"logarithms up to {most:g}",
            advice=f"set `scale: linear`; {other}",
        )
        base = 2.0 if scale == "log2" else 10.0
        linear = np.where(values == 0, np.nan, base**values)
    linear[linear == 0] = np.nan
    return linear


def looks_logarithmic(values: NDArray) -> bool:
    """Whether linear values are rather logarithms: all below 64, their median above 4, and not whole numbers."""
    filled = values[~np.isnan(values) & (values != 0)]
    if not filled.size or filled.max() >= 64 or np.median(filled) <= 4:
        return False
    return bool(np.mean(filled == np.round(filled)) < 0.9)


def _scale_remarks(values: NDArray, spec: InputSpec, scale: str, grid: Grid) -> list[dict[str, object]]:
    if scale != "linear":
        return []
    if looks_logarithmic(values):
        if spec.format == "auto":
            raise InputError(
                "The values look like logarithms, but the scale is linear.",
                where=grid.where,
                found=f"no value above {np.nanmax(values):.4g}",
                expected="intensities",
                advice="set `scale: log2` (or log10); if they are linear, say `format: matrix` with `scale: linear`",
            )
        text = f"No value is above {np.nanmax(values):.4g}: these look like logarithms, but are read as linear values."
        return [spec.warn("warning", "looks_logarithmic", text)]
    if spec.format == "auto":
        return [spec.warn("info", "scale_assumed", "The values are taken to be on a linear scale.")]
    return []
