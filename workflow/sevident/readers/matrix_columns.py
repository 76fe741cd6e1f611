"""Which columns of a plain table name the proteins, and which are runs. Described in ``matrix.py``."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from sevident.errors import ConfigurationError, InputError, did_you_mean
from sevident.identifiers import looks_like_accession, parse_identifier, split_identifiers
from sevident.readers.base import Grid, InputSpec, normalise
from sevident.readers.numbers import MISSING, are_numbers

NUMERIC_SHARE = 0.9
PROTEIN = (
    "majority protein ids", "protein ids", "protein id", "protein group", "protein groups", "proteins", "accession",
    "accessions", "protein accession", "protein accessions", "uniprot", "uniprot id", "uniprot ids",
    "uniprot accession", "uniprotkb", "uniprot kb", "leading proteins", "leading razor protein",
    "master protein accessions", "protein", "entry", "pg", "pg proteingroups", "primary accession",
)  # fmt: skip
GENE = (
    "gene names", "gene name", "genes", "gene", "gene symbol", "gene symbols", "symbol", "genesymbol", "genename",
    "suggested symbol", "hgnc symbol", "hgnc", "pg genes", "external gene name", "gene names primary",
)  # fmt: skip
DESCRIPTION = (
    "fasta headers", "description", "protein description", "descriptions", "protein names", "protein name",
    "protein descriptions",
)  # fmt: skip
# Columns of numbers that are not runs. Sources: the tables of MaxQuant, FragPipe, DIA-NN, Spectronaut, PEAKS, Perseus.
NOT_RUNS = re.compile(
    r"id|index|row|original row|number|no|cluster|top \d+|intensity|intensity [lmh]|ibaq|ibaq peptides|score|pep|"
    r"q ?values?|"
    r"p ?values?|adj p val\w*|padj|fdr|log ?2? ?fc|log ?2? ?fold ?change|fold ?change|max fold change|ratio.*|"
    r"t ?stat\w*|"
    r"t test .*|student s t test.*|anova.*|power|.*significan.*|welch.*|"
    r"mol weight.*|molecular weight.*|mw.*|avg mass|mass|.*sequence length.*|length|protein length|"
    r".*sequence coverage.*|coverage.*|.*peptide counts?.*|peptides?|peptides? .*|unique peptides?.*|"
    r"razor.*peptides?.*|"
    r"#.*|number of .*|n (?:proteotypic )?sequences|ms ms counts?|spectral counts?|psms|.*probability|pi|calc pi|10lgp|"
    r"taxonomy ids?|taxid|entrez.*|gene ?id|chromosome|confidence score|missed cleavages|aas"
)
LONG_TABLE = {
    "peptide sequence", "peptidesequence", "peptide modified sequence", "stripped sequence", "modified sequence",
    "precursor charge", "precursorcharge", "fragment ion", "fragmention",
}  # fmt: skip
_PERSEUS_ROW = re.compile(r"#!\{(?P<kind>[^}]*)\}")
_PERSEUS_PREFIX = re.compile(r"(?P<kind>[TNCME]): (?P<name>.+)")


def take_perseus(grid: Grid, spec: InputSpec, warnings: list[dict[str, object]]) -> dict[int, str]:
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


def refuse_long(grid: Grid, spec: InputSpec) -> None:
    """Raise InputError for a table of peptides or precursors, unless the runs are named."""
    names = {normalise(name) for name in grid.header}
    found = sorted(LONG_TABLE & names)
    if found and not spec.columns.get("runs"):
        raise InputError(
            "This is a table of peptides or precursors, not of proteins by samples.",
            where=grid.where,
            found=f"column '{next(h for h in grid.header if normalise(h) == found[0])}'",
            expected="one row per protein and one column per sample",
            advice="export the protein table of the search",
        )


def name_columns(grid: Grid, spec: InputSpec) -> tuple[int | None, int | None, int | None]:
    """The protein, gene and description columns: as configured, else by name, else by what the cells look like."""
    named = {key: _configured(grid, spec, key) for key in ("protein", "gene", "description")}
    protein = named["protein"] if named["protein"] is not None else grid.find(*PROTEIN)
    gene = named["gene"] if named["gene"] is not None else grid.find(*GENE)
    description = named["description"] if named["description"] is not None else grid.find(*DESCRIPTION)
    if protein is not None and named["protein"] is None and _reads_like_prose(_some_text(grid, protein)):
        description, protein = (description if description is not None else protein), None
    if protein is None:
        taken = {gene, description}
        for i in range(len(grid.header)):
            if i not in taken and share_of_accessions(_some_text(grid, i)) > 0.5:
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


def _reads_like_prose(cells: Sequence[str]) -> bool:
    """Whether the cells are names such as 'Syntenin-1' or 'Serum albumin' rather than identifiers."""
    prose = sum(" " in cell and "|" not in cell and not re.search(r"[;,]", cell) for cell in cells)
    return prose > 0.5 * len(cells) and share_of_accessions(cells) < 0.5


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


def share_of_accessions(cells: Sequence[str]) -> float:
    """The share of cells whose first identifier has a UniProt accession."""
    first = [next(iter(split_identifiers(cell)), "") for cell in cells]
    return sum(looks_like_accession(parse_identifier(cell).accession) for cell in first) / max(len(cells), 1)


def is_number(text: str) -> bool:
    """Whether a text is written like a number, in any locale."""
    return re.fullmatch(r"[+-]?[\d.,]*\d[\d.,]*(?:[eE][+-]?\d+)?|[+-]?inf(?:inity)?", text, re.IGNORECASE) is not None


def run_columns(grid: Grid, spec: InputSpec, types: dict[int, str], taken: set[int | None]) -> list[int]:
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
    possible = [
        i
        for i, name in enumerate(grid.header)
        if i not in taken and name and types.get(i, "N") in "NE" and not NOT_RUNS.fullmatch(normalise(name))
    ]
    numeric = are_numbers(grid.frame, possible, NUMERIC_SHARE, is_number)
    return [i for i in possible if i in numeric]
