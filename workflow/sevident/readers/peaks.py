"""PEAKS Studio: the protein table (``proteins.csv``) and the table of spectra (``DB search psm.csv``).

Source of the meanings: Bioinformatics Solutions, "PEAKS Studio user manual", chapter on exporting results.

| column | proteins.csv: a row per protein | DB search psm.csv: a row per spectrum and peptide |
|---|---|---|
| Protein Group | rows of one group are alternatives: one group with all of them as members | |
| Accession | protein_group, accessions (``P04275|VWF_HUMAN``) | the same; joined by ``:`` |
| Description (OS=, OX=, GN=) | organism, genes | |
| Area <run>, else Intensity <run>; Area alone | intensity; one run that the table does not name | |
| Area | | intensity |
| Source File | | run |
| #Spec <run> | spectra, and evidence: ms2 above 0, else matched | |
| #Peptides <run>; #Peptides where there is one run | peptides | |
| Peptide, without modifications and flanking residues | | peptide |
| -10lgP | | score |
| Peptide, Z (or z, Charge) | | modified_sequence, charge |

``#CONTAM#`` before an accession marks a contaminant, ``#DECOY#`` a decoy. The tables hold scores (-10lgP) but no
q-value; PEAKS cut them at its own error rate. A spectrum that fits several peptides has a row for each: all are
counted; rows without an accession (mostly the variants with leucine for isoleucine) stay in the features alone. An area
that several spectra of one ion in one run share is that of one peak: it is counted once.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sevident.identifiers import parse_identifier, read_fasta
from sevident.readers import scores
from sevident.readers.base import Grid, InputSpec, ReadResult, normalise, require_runs, runs_by_name
from sevident.readers.grids import read_grid
from sevident.readers.groups import Fate, Groups, describe, is_decoy, leave_out, long_proteins, unique_names
from sevident.readers.leading import count_peaks_once
from sevident.readers.numbers import parse_numbers, positive
from sevident.readers.projection import read_columns
from sevident.readers.rollup import Observations, all_decoys, bare_sequence, each, roll_up
from sevident.readers.source import Head, Source, read_head

if TYPE_CHECKING:
    from numpy.typing import NDArray

FORMAT = "peaks"
TITLE = "a PEAKS table (proteins.csv or DB search psm.csv)"
_PSM = ("Peptide", "Accession", "Source File", "Area", "Z", "Charge", "Fraction", "Scan", "-10lgP")
# the colon joins accessions, but stands inside the identifiers of some databases as well
_COLON = re.compile(r"(?<!SWISS-PROT)(?<!TREMBL)(?<!ENSEMBL)(?<!REFSEQ)(?<!H-INV)(?<!IPI)(?<!ENA):", re.IGNORECASE)


def layout(head: Head) -> str:
    """proteins, psms, or nothing; nothing where blanks part the cells: names hold blanks, and cells are empty."""
    if not head.has("10lgp") or head.delimiter == " ":
        return ""
    if head.has("peptide", "accession") and (head.has("scan") or head.has("source file")):
        return "psms" if not head.has("protein group") else ""
    own = head.has("protein group") or head.has("protein id")
    return "proteins" if own and head.has("accession") and not head.has("peptide") else ""


def sniff(head: Head) -> bool:
    """Whether the columns are those of proteins.csv or DB search psm.csv."""
    return layout(head) != ""


def explain(head: Head) -> str:
    """What another PEAKS table is, for the message of a refusal."""
    if head.delimiter == " " and head.has("10lgp", "accession"):
        return "the cells are parted by blanks, which stand inside PEAKS' names as well; give PEAKS' own .csv"
    if head.has("10lgp", "peptide") or head.has("peptide", "alc"):
        return "this is PEAKS' table of peptides; give proteins.csv or DB search psm.csv of the same export"
    return ""


def read(source: Source, spec: InputSpec) -> ReadResult:
    """Read a PEAKS table; features come from the table of spectra. Raises InputError."""
    if layout(read_head(source, sheet=spec.sheet, skip_rows=spec.skip_rows)) == "psms":
        return _read_psms(source, spec)
    return _read_proteins(source, spec)


def split_accessions(text: str) -> str:
    """PEAKS' list of accessions as one joined by ``;``, with the tags that the other engines write."""
    text = text.replace("#CONTAM#", "CON__").replace("#DECOY#", "DECOY_")
    return ";".join(piece.strip() for piece in _COLON.split(text) if piece.strip())


def _short(ids: str) -> str:
    """A group's name: its accessions with their tags, without entry names."""
    return ";".join(dict.fromkeys(_accession(piece) for piece in ids.split(";") if piece))


def _accession(piece: str) -> str:
    found = parse_identifier(piece)
    return ("DECOY_" if found.decoy else "") + ("CON__" if found.contaminant else "") + found.accession


def _read_psms(source: Source, spec: InputSpec) -> ReadResult:
    wanted = {normalise(name) for name in _PSM}
    grid = read_columns(
        source,
        lambda name: name in wanted,
        sheet=spec.sheet,
        skip_rows=spec.skip_rows,
        memory_limit=spec.memory_limit,
    )
    warnings: list[dict[str, object]] = grid.short_rows_remarks(spec)
    written = pd.Series(grid.text(grid.find("Peptide")))
    peptide = each(without_flanks, written)
    files = pd.Series(grid.text(grid.find("Source File")))
    if grid.find("Source File") is None:
        files = "Fraction " + pd.Series(grid.text(grid.find("Fraction")))
        text = "The table has no column 'Source File'; the runs are its fractions."
        warnings.append(spec.warn("warning", "runs_are_fractions", text))
    ids = each(split_accessions, pd.Series(grid.text(grid.find("Accession"))))
    area, charge = grid.find("Area"), grid.find("Z", "Charge")
    frame = pd.DataFrame(
        {
            "run": files.map(runs_by_name(files)),
            "peptide": each(bare_sequence, peptide),
            "modified_sequence": peptide,
            "charge": np.nan if charge is None else parse_numbers(grid, [charge])[:, 0],
            "ids": ids,
            "group": each(_short, ids),
            "is_decoy": each(all_decoys, ids).astype(bool),
            "intensity": np.nan if area is None else positive(grid, [area], "PEAKS")[:, 0],
            "score": scores.of_column(grid, spec, warnings, "-10lgP"),
            "spectra": 1.0,
            "evidence": "ms2",
        }
    )
    if frame["intensity"].isna().all():
        text = "The table holds no areas; proteins are given by their counts of spectra."
        warnings.append(spec.warn("warning", "no_quantity", text))
    frame = count_peaks_once(frame, spec, warnings)
    quantity = "spectra" if frame["intensity"].isna().all() else "Area"
    offered = ["Area", "spectra"] if area is not None else ["spectra"]
    found = Observations(frame, grid.where, "spectra (PSMs)")
    return roll_up(found, spec, warnings, "PEAKS", level="psm", quantity=quantity, quantities_offered=offered)


def without_flanks(peptide: str) -> str:
    """A peptide without the residues before and after it: ``K.AC(+57.02)DE.R``, ``AC(+57.02)DE.R``."""
    return re.sub(r"\.[A-Z-]$", "", re.sub(r"^[A-Z-]\.", "", peptide))


def _columns(grid: Grid, word: str) -> dict[str, int]:
    """Run to column, for the columns ``<word> <run>``."""
    pattern = re.compile(rf"{word}[\s._]+(?P<run>.+)", re.IGNORECASE)
    found: dict[str, int] = {}
    for position, name in enumerate(grid.header):
        if match := pattern.fullmatch(name):
            run = match["run"].strip()
            if run in found:
                raise grid.twice([found[run], position])
            found[run] = position
    return found


def _read_proteins(source: Source, spec: InputSpec) -> ReadResult:
    grid = read_grid(source, sheet=spec.sheet, skip_rows=spec.skip_rows)
    warnings: list[dict[str, object]] = grid.short_rows_remarks(spec)
    columns = _columns(grid, "Area") or _columns(grid, "Intensity")
    spectra_of = _columns(grid, r"(?:#|X\.)Spec")
    single = grid.find("Area")
    if not columns and single is not None:
        columns = {"Area": single}
        text = "The table has one column 'Area' and names no run; it is read as one run named 'Area'."
        warnings.append(spec.warn("info", "single_run", text))
    runs = list(columns or spectra_of)
    require_runs(runs, grid.where, "columns 'Area <run>' or '#Spec <run>'", grid.header)
    if columns:
        intensity = positive(grid, list(columns.values()), "PEAKS")
    else:
        intensity = np.full((len(grid.frame), len(runs)), np.nan)
        text = "The table holds no areas; proteins are given by their counts of spectra."
        warnings.append(spec.warn("warning", "no_quantity", text))
    spectra = _per_run(grid, runs, spectra_of, "#Spec")
    peptides = _per_run(grid, runs, _columns(grid, r"(?:#|X\.)Peptides"), "#Peptides")
    evidence = np.full(intensity.shape, "unknown", dtype=object)
    if spectra is not None:
        evidence[~np.isnan(intensity) & (spectra == 0)] = "matched"
        evidence[spectra > 0] = "ms2"
    values = {"intensity": intensity, "evidence": evidence}
    values |= {name: array for name, array in (("spectra", spectra), ("peptides", peptides)) if array is not None}
    described, rows = _groups(grid, values, spec, warnings)
    values = {name: array[rows] for name, array in values.items()}
    kinds = (("Area", "Area"), ("Intensity", "Intensity"), ("#Spec", r"(?:#|X\.)Spec"))
    offered = [name for name, word in kinds if _columns(grid, word) or grid.find(name) is not None]
    return ReadResult(
        long_proteins(spec, runs, described, values),
        None,
        warnings,
        "PEAKS",
        level="protein",
        quantity=offered[0],
        quantities_offered=offered,
    )


def _per_run(grid: Grid, runs: list[str], columns: dict[str, int], total: str) -> NDArray | None:
    if not columns and len(runs) == 1 and (position := grid.find(total)) is not None:
        columns = {runs[0]: position}
    if not set(columns) & set(runs):
        return None
    out = np.full((len(grid.frame), len(runs)), np.nan)
    for k, run in enumerate(runs):
        if run in columns:
            out[:, k] = parse_numbers(grid, [columns[run]])[:, 0]
    return out


def _groups(
    grid: Grid, values: dict[str, NDArray], spec: InputSpec, warnings: list[dict[str, object]]
) -> tuple[pd.DataFrame, NDArray]:
    """What is known of the groups, and the row that stands for each: the first of its rows."""
    accessions = [split_accessions(text) for text in grid.text(grid.find("Accession"))]
    descriptions = grid.text(grid.find("Description"))
    numbers = grid.text(grid.find("Protein Group"))
    keep, remarks = leave_out(
        [
            Fate(np.array([not text for text in accessions]), "rows_without_protein", "rows without an accession",
                 "warning"),
            Fate(np.array([is_decoy(text) for text in accessions]), "decoys_removed", "decoy proteins"),
        ],
        values["intensity"],
        spec,
        grid.where,
    )  # fmt: skip
    warnings += remarks
    rows_of: dict[str, list[int]] = {}
    for row in np.flatnonzero(keep):
        rows_of.setdefault(numbers[row] or f"row {row}", []).append(int(row))
    different = [rows for rows in rows_of.values() if _differ(values["intensity"], rows)]
    if different:
        text = f"In {len(different)} groups the alternative proteins differ in their areas; the first one's are used."
        warnings.append(spec.warn("info", "alternatives_differ", text, len(different)))
    shared = sum(len(rows) > 1 for rows in rows_of.values())
    if shared:
        text = f"{shared} groups have several rows of alternative proteins; each counts once, with all its members."
        warnings.append(spec.warn("info", "alternatives", text, shared))
    ids = [";".join(accessions[row] for row in rows) for rows in rows_of.values()]
    described, remarks = describe(
        Groups(
            ids=ids,
            headers=[
                ";".join(f"db|{accessions[row]} {descriptions[row].replace(';', ',')}" for row in rows)
                for rows in rows_of.values()
            ],
        ),
        spec,
        read_fasta(spec.fasta) if spec.fasta else None,
    )
    warnings += remarks
    names, remarks = unique_names([_short(text) for text in ids], spec)
    warnings += remarks
    described.insert(0, "protein_group", names)
    return described, np.array([rows[0] for rows in rows_of.values()], dtype=int)


def _differ(intensity: NDArray, rows: list[int]) -> bool:
    return any(not np.array_equal(intensity[rows[0]], intensity[row], equal_nan=True) for row in rows[1:])
