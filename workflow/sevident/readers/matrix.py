"""A plain table of proteins by samples: any delimiter, .xlsx or .parquet, on a linear, logarithmic or percent scale.

What is read is named in the configuration (``columns: {protein, gene, description, runs}``) or recognised:

| column | recognised by |
|---|---|
| protein | its name (Protein IDs, Accession, UniProt ...), else a text column of UniProt accessions |
| gene | its name (Gene, Gene names, Symbol ...), else GN= in the description |
| description | its name (Description, Protein names, Fasta headers) |
| runs | every other named column whose filled cells are numbers (90 % or more), known annotation columns excepted |

Perseus' annotation rows (``#!{Type}``, ``#!{C:Group}`` ...) are skipped and counted; its types decide which columns are runs (E)
and its prefixes (``T: Gene names``) are taken off (Perseus documentation, "Matrix file format").

Scales: ``linear`` as it is; ``log2`` and ``log10`` are raised; ``percent`` is divided by 100. Zero means not measured on every
scale: an export writes exactly 0 on a logarithmic scale where it had no value, and a true intensity of 1 does not occur.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sevident.errors import ConfigurationError, InputError, did_you_mean
from sevident.identifiers import looks_like_accession, parse_identifier, read_fasta, split_identifiers
from sevident.readers.base import Grid, Head, InputSpec, ReadResult, Source, normalise, require_runs
from sevident.readers.grids import MISSING, SPREADSHEET_ERRORS, parse_numbers, place, read_grid
from sevident.readers.groups import Groups, describe, is_decoy, long_proteins, unique_names

if TYPE_CHECKING:
    from numpy.typing import NDArray

FORMAT = "matrix"
TITLE = "a plain table of proteins by samples"
SCALES = ("linear", "log2", "log10", "percent")
NUMERIC_SHARE = 0.9
_PROTEIN = (
    "majority protein ids", "protein ids", "protein id", "protein group", "protein groups", "proteins", "accession",
    "accessions", "protein accession", "protein accessions", "uniprot", "uniprot id", "uniprot ids", "uniprot accession",
    "uniprotkb", "uniprot kb", "leading proteins", "leading razor protein", "master protein accessions", "protein",
    "entry", "pg", "pg proteingroups", "primary accession",
)  # fmt: skip
_GENE = (
    "gene names", "gene name", "genes", "gene", "gene symbol", "gene symbols", "symbol", "genesymbol", "genename",
    "suggested symbol", "hgnc symbol", "hgnc", "pg genes", "external gene name", "gene names primary",
)  # fmt: skip
_DESCRIPTION = ("fasta headers", "description", "protein description", "descriptions", "protein names", "protein name", "protein descriptions")  # fmt: skip
# Columns of numbers that are not runs. Sources: the tables of MaxQuant, FragPipe, DIA-NN, Spectronaut, PEAKS, Perseus.
_NOT_RUNS = re.compile(
    r"id|index|row|original row|number|no|cluster|top \d+|intensity|intensity [lmh]|ibaq|ibaq peptides|score|pep|q ?values?|"
    r"p ?values?|adj p val\w*|padj|fdr|log ?2? ?fc|log ?2? ?fold ?change|fold ?change|max fold change|ratio.*|t ?stat\w*|"
    r"t test .*|student s t test.*|anova.*|power|.*significan.*|welch.*|"
    r"mol weight.*|molecular weight.*|mw.*|avg mass|mass|.*sequence length.*|length|protein length|"
    r".*sequence coverage.*|coverage.*|.*peptide counts?.*|peptides?|peptides? .*|unique peptides?.*|razor.*peptides?.*|"
    r"#.*|number of .*|n (?:proteotypic )?sequences|ms ms counts?|spectral counts?|psms|.*probability|pi|calc pi|10lgp|"
    r"taxonomy ids?|taxid|entrez.*|gene ?id|chromosome|confidence score|missed cleavages|aas"
)
_LONG_TABLE = {
    "peptide sequence", "peptidesequence", "peptide modified sequence", "stripped sequence", "modified sequence",
    "precursor charge", "precursorcharge", "fragment ion", "fragmention",
}  # fmt: skip
_PERSEUS_ROW = re.compile(r"#!\{(?P<kind>[^}]*)\}")
_PERSEUS_PREFIX = re.compile(r"(?P<kind>[TNCME]): (?P<name>.+)")
# Scales are told apart by range: peak areas and ion counts begin in the hundreds; log2 of a peptide signal lies in 5..45.
_LARGEST_LOG2, _LARGEST_LOG10 = 100.0, 30.0


def sniff(head: Head) -> bool:
    """Whether this is a plain table: a protein or gene column, at most a description, and otherwise numbers."""
    if head.kind not in {"text", "xlsx"} or len(head.rows) < 2 or _LONG_TABLE & set(head.columns):
        return False
    text, numbers, names = [], 0, 0
    for i, name in enumerate(head.columns):
        cells = [row[i].strip() for row in head.rows if i < len(row) and not row[0].startswith("#!{")]
        filled = [cell for cell in cells if cell.lower() not in MISSING]
        if filled and sum(_is_number(cell) for cell in filled) >= NUMERIC_SHARE * len(filled):
            numbers += bool(name) and not _NOT_RUNS.fullmatch(name)
        elif name in _PROTEIN or name in _GENE or _share_of_accessions(filled) > 0.5:
            names += 1
        elif filled:
            text.append(name)
    return names > 0 and numbers >= 2 and all(name in _DESCRIPTION or name in {"", "name", "organism"} for name in text)


def explain(head: Head) -> str:  # noqa: ARG001
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
    warnings: list[dict[str, object]] = []
    if grid.short_rows:
        text = f"{grid.short_rows} rows have fewer cells than the header."
        warnings.append(spec.warn("warning", "short_rows", text, grid.short_rows))
    types = _perseus(grid, spec, warnings)
    _refuse_long(grid, spec)
    protein, gene, description = _name_columns(grid, spec)
    positions = _runs(grid, spec, types, {protein, gene, description})
    runs = [grid.header[i] for i in positions]
    require_runs(runs, grid.where, "a column of numbers per sample", grid.header)
    for i, run in enumerate(runs):
        if run in runs[:i]:
            raise grid.twice([positions[runs.index(run)], positions[i]])

    errors: Counter[str] = Counter()
    values = parse_numbers(grid, positions, errors)
    if errors:
        text = f"{errors.total()} cells hold a spreadsheet error ({', '.join(sorted(errors))}) and are read as not measured."
        warnings.append(spec.warn("warning", "spreadsheet_errors", text, errors.total()))
    intensity = to_linear(values, scale, grid, positions)
    warnings += _scale_remarks(values, spec, scale, grid)

    ids, genes, headers = grid.text(protein), grid.text(gene), grid.text(description)
    keep = _rows(ids, genes, headers, intensity, spec, warnings, grid)
    ids, genes, headers = ([column[i] for i in keep] for column in (ids, genes, headers))
    intensity = intensity[keep]
    described, remarks = describe(
        Groups(ids=ids, genes=genes, headers=headers), spec, read_fasta(spec.fasta) if spec.fasta else None
    )
    warnings += remarks
    names = [i or g or parse_identifier("x " + h).gene for i, g, h in zip(ids, genes, headers, strict=True)]
    names, remarks = unique_names(names, spec)
    warnings += remarks
    described.insert(0, "protein_group", names)
    proteins = long_proteins(spec, runs, described, {"intensity": intensity})
    return ReadResult(proteins.assign(evidence="unknown"), None, warnings, "table")


def _perseus(grid: Grid, spec: InputSpec, warnings: list[dict[str, object]]) -> dict[int, str]:
    """Take Perseus' annotation rows and column prefixes out of the grid; the types of its columns (E, N, C, T, M)."""
    types: dict[int, str] = {}
    first = grid.frame[0].astype("str")
    marked = first.str.match(r"#!\{") & grid.frame[0].notna()
    for label in grid.frame.index[marked]:
        row = grid.frame.loc[label]
        match = _PERSEUS_ROW.match(str(row[0]))
        if match and match["kind"] == "Type":
            cells = [str(row[0])[match.end() :], *(str(cell) for cell in row.iloc[1:])]
            types = {i: cell.strip() for i, cell in enumerate(cells) if cell.strip() in set("ENCTM")}
    if marked.any():
        count = int(marked.sum())
        warnings.append(spec.warn("info", "perseus_rows", f"{count} annotation rows of Perseus are skipped.", count))
        grid.frame = grid.frame[~marked]
    for i, name in enumerate(grid.header):
        if match := _PERSEUS_PREFIX.fullmatch(name):
            grid.header[i] = match["name"].strip()
            types.setdefault(i, match["kind"])
    return types


def _refuse_long(grid: Grid, spec: InputSpec) -> None:
    names = {normalise(name) for name in grid.header}
    found = sorted(_LONG_TABLE & names)
    if found and not spec.columns.get("runs"):
        raise InputError(
            "This is a table of peptides or precursors, not of proteins by samples.",
            where=grid.where,
            found=f"column '{next(h for h in grid.header if normalise(h) == found[0])}'",
            expected="one row per protein and one column per sample",
            advice="export the protein table of the search",
        )


def _name_columns(grid: Grid, spec: InputSpec) -> tuple[int | None, int | None, int | None]:
    """The protein, gene and description columns: as configured, else by name, else by what the cells look like."""
    named = {key: _configured(grid, spec, key) for key in ("protein", "gene", "description")}
    protein = named["protein"] if named["protein"] is not None else grid.find(*_PROTEIN)
    gene = named["gene"] if named["gene"] is not None else grid.find(*_GENE)
    description = named["description"] if named["description"] is not None else grid.find(*_DESCRIPTION)
    if protein is None:
        taken = {gene, description}
        for i in range(len(grid.header)):
            if i not in taken and _share_of_accessions(_some_text(grid, i)) > 0.5:
                protein = i
                break
    if protein is None and gene is None and description is None:
        shown = ", ".join(repr(name) for name in grid.header[:12]) + (" ..." if len(grid.header) > 12 else "")
        raise InputError(
            "The table has no column that names the proteins or genes.",
            where=grid.where,
            found=f"columns {shown}",
            expected="a column such as 'Gene names', 'Protein IDs' or 'Accession'",
            advice="name it in the configuration: `columns: {gene: ...}` or `columns: {protein: ...}`; "
            "for a workbook, check that `sheet` is the right one",
        )
    return protein, gene, description


def _configured(grid: Grid, spec: InputSpec, key: str) -> int | None:
    name = spec.columns.get(key)
    if not name:
        return None
    exact = [i for i, header in enumerate(grid.header) if header == name]
    if len(exact) > 1:
        raise grid.twice(exact)
    position = exact[0] if exact else grid.find(str(name))
    if position is None:
        raise InputError(
            f"The table has no column '{name}', which the configuration names for `columns: {{{key}: ...}}`.",
            where=grid.where,
            found=f"columns {', '.join(repr(n) for n in grid.header[:12])}{' ...' if len(grid.header) > 12 else ''}",
            advice=did_you_mean(str(name), [n for n in grid.header if n]),
        )
    return position


def _some_text(grid: Grid, position: int) -> list[str]:
    column = grid.frame[position].iloc[:200]
    if pd.api.types.is_numeric_dtype(column):
        return []
    return [str(value) for value in column.dropna() if str(value).strip().lower() not in MISSING]


def _share_of_accessions(cells: Sequence[str]) -> float:
    if not cells:
        return 0.0
    hits = sum(
        looks_like_accession(parse_identifier(split_identifiers(cell)[0]).accession) for cell in cells if cell.strip()
    )
    return hits / len(cells)


def _is_number(text: str) -> bool:
    return re.fullmatch(r"[+-]?[\d.,]*\d[\d.,]*(?:[eE][+-]?\d+)?|[+-]?inf(?:inity)?", text, re.IGNORECASE) is not None


def _runs(grid: Grid, spec: InputSpec, types: dict[int, str], taken: set[int | None]) -> list[int]:
    """The positions of the run columns, in file order."""
    wanted = spec.columns.get("runs")
    if isinstance(wanted, str) and wanted:
        try:
            pattern = re.compile(wanted)
        except re.error as error:
            raise ConfigurationError(
                f"`columns: {{runs: ...}}` of input '{spec.name}' is not a regular expression.",
                found=wanted,
                expected=f"a list of column names, or a regular expression ({error})",
            ) from error
        found = [i for i, name in enumerate(grid.header) if pattern.fullmatch(name)]
        if not found:
            shown = ", ".join(repr(name) for name in grid.header[:12]) + (" ..." if len(grid.header) > 12 else "")
            raise InputError(
                f"No column fits the regular expression of `runs`, '{wanted}'.",
                where=grid.where,
                found=f"columns {shown}",
            )
        return found
    if wanted:
        for name in wanted:
            if str(name) not in grid.header:
                raise InputError(
                    f"The table has no column '{name}', which the configuration lists under `runs`.",
                    where=grid.where,
                    advice=did_you_mean(str(name), [n for n in grid.header if n]),
                )
        return [i for i, name in enumerate(grid.header) if name in {str(n) for n in wanted}]
    if any(kind == "E" for kind in types.values()):
        return [i for i, kind in types.items() if kind == "E"]
    return [
        i
        for i, name in enumerate(grid.header)
        if i not in taken
        and name
        and types.get(i, "N") in "NE"
        and not _NOT_RUNS.fullmatch(normalise(name))
        and _is_numeric(grid.frame[i])
    ]


def _is_numeric(column: pd.Series) -> bool:
    """Whether at least 90 % of the filled cells are numbers; an empty column is a run in which nothing was found."""
    if pd.api.types.is_numeric_dtype(column):
        return True
    numbers = pd.to_numeric(column, errors="coerce")
    filled = int(column.notna().sum())
    hits = int(numbers.notna().sum())
    if hits < filled:
        rest = column[numbers.isna() & column.notna()].astype("str").str.strip()
        low = rest.str.lower()
        blank = low.isin(MISSING | SPREADSHEET_ERRORS)
        filled -= int(blank.sum())
        hits += sum(_is_number(text) for text in rest[~blank])
    return hits >= NUMERIC_SHARE * filled


def to_linear(values: NDArray, scale: str, grid: Grid, positions: Sequence[int]) -> NDArray:
    """Values of a scale as linear ones; zero and missing become nan. Raises InputError for what the scale cannot hold."""

    def refuse(mask: NDArray, problem: str, expected: str, advice: str) -> None:
        if mask.any():
            row, k = (int(i) for i in np.argwhere(mask)[0])
            raise InputError(
                problem,
                where=place(grid, row, positions[k]),
                found=f"{values[row, k]:g}" + (f" (and {int(mask.sum()) - 1} more)" if mask.sum() > 1 else ""),
                expected=expected,
                advice=advice,
            )

    if scale in ("linear", "percent"):
        refuse(
            values < 0,
            f"A value is negative on a {scale} scale.",
            "values of zero or more",
            "if these are logarithms set `scale: log2` (or log10); if the column is no run, name the runs: `columns: {runs: ...}`",
        )
        if scale == "percent":
            refuse(
                values > 100,
                "A value is above 100 on a percent scale.",
                "0 to 100",
                "set `scale: linear`; if the column is no run, name the runs: `columns: {runs: ...}`",
            )
        linear = values / 100 if scale == "percent" else values.copy()
    else:
        most = _LARGEST_LOG2 if scale == "log2" else _LARGEST_LOG10
        refuse(
            values > most,
            f"A value is too large for a {scale} scale.",
            f"logarithms up to {most:g}",
            "set `scale: linear`; if the column is no run, name the runs: `columns: {runs: ...}`",
        )
        base = 2.0 if scale == "log2" else 10.0
        linear = np.where(values == 0, np.nan, base**values)
    linear[linear == 0] = np.nan
    return linear


def looks_logarithmic(values: NDArray) -> bool:
    """Whether values read as linear are rather logarithms: all below 64, their middle above 4, and not whole numbers."""
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


def _rows(
    ids: list[str],
    genes: list[str],
    headers: list[str],
    intensity: NDArray,
    spec: InputSpec,
    warnings: list[dict[str, object]],
    grid: Grid,
) -> list[int]:
    """The rows that are kept; those without a name and decoys are left out, counted with their intensity."""
    decoy = [bool(i) and is_decoy(i) for i in ids]
    nameless = [not i and not g and "GN=" not in h for i, g, h in zip(ids, genes, headers, strict=True)]
    total = float(np.nansum(intensity))
    for mask, code, level, what in (
        (nameless, "rows_without_protein", "warning", "rows with neither a protein nor a gene"),
        (decoy, "decoys_removed", "info", "decoy rows"),
    ):
        if any(mask):
            share = float(np.nansum(intensity[np.array(mask)])) / total if total else 0.0
            text = f"{sum(mask)} {what} are left out; they hold {share:.2%} of the summed intensity."
            warnings.append(spec.warn(level, code, text, sum(mask)))
    keep = [i for i in range(len(ids)) if not decoy[i] and not nameless[i]]
    if not keep:
        raise InputError(
            "No protein is left in the table.",
            where=grid.where,
            found=f"{sum(decoy)} decoy rows, {sum(nameless)} rows with neither a protein nor a gene",
            advice="check that the right columns are named: `columns: {gene: ..., protein: ...}`",
        )
    return keep
