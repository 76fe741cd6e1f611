"""Proteome Discoverer: the tables Proteins, PeptideGroups and PSMs, as text or workbook.

Source of the meanings: Thermo Fisher Scientific, "Proteome Discoverer User Guide", chapter on the columns of the result
tables. The headers come in several dialects: of the program (``Abundance: F1: Sample``, ``# PSMs``), of its export for
R (``Abundance F1 Sample``, ``Number of PSMs``), of version 1.4 (``Area``, ``Σ# PSMs``, ``Area A2``), and as R makes
them (``X..PSMs``). Peptide groups and PSMs are described in ``proteome_discoverer_peptides.py``. Proteins:

| column | used as |
|---|---|
| Accession; with Protein Group IDs also the other proteins of the group | protein_group, accessions |
| Gene Symbol, Gene; else GN= in Description | genes |
| Description (OS=, OX=, [ENTRY_NAME]) | organism, genes |
| Abundance <run>, else Area <run>, else Abundances (Normalized) <run> | intensity; the last with a remark |
| Area, or Abundance, alone | intensity of one run, which the table does not name |
| Found in Sample <run>: High, Medium, Low; Peak Found | evidence ms2; matched |
| # PSM <run>, # Peptides <run> (1.4); # PSMs and # Peptides where there is one run | spectra, peptides |
| Master: IsMasterProtein | rows that stand for a group; the others repeat its peptides and are left out, counted |
| Contaminant | contaminant class |
| Exp. q-value: Combined | q_value; no row is left out for it |
| # AAs | sequence_length |

A table without abundances or areas has null intensities and the counts of spectra.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sevident.identifiers import read_fasta
from sevident.readers.base import Grid, InputSpec, ReadResult, require_runs
from sevident.readers.grids import read_grid
from sevident.readers.groups import Fate, Groups, describe, is_decoy, leave_out, long_proteins, unique_names
from sevident.readers.numbers import parse_numbers, positive
from sevident.readers.source import Head, Source, read_head

if TYPE_CHECKING:
    from numpy.typing import NDArray

FORMAT = "proteome_discoverer"
TITLE = "a Proteome Discoverer table (Proteins, PeptideGroups or PSMs)"
_GAP = r"[\s._:]"
# in the headers' brackets, or what R makes of them; (by Bio. Rep.) is a mean, like (Grouped)
_KINDS = rf"Normali[sz]ed|Grouped|Scaled|Counts?|Ratios?|(?:by|per){_GAP}+Bio{_GAP}+Rep\.?"
_ABUNDANCE = re.compile(
    rf"Abundances?(?:{_GAP}*\(?(?P<kind>{_KINDS})\)?(?={_GAP}|$))?{_GAP}*(?P<run>.*)",
    re.IGNORECASE,
)
_AREA = re.compile(rf"Area(?:{_GAP}+(?P<run>.+))?", re.IGNORECASE)
_PSMS = ("# PSMs", "Number of PSMs", "X..PSMs", "Σ# PSMs", "#PSMs")
_PEPTIDES = ("# Peptides", "Number of Peptides", "X..Peptides", "Σ# Peptides", "#Peptides")
_Q_VALUE = ("Exp. q-value: Combined", "Exp. q-value", "Experimental q-value")
_MASTER = {"ismasterprotein", "masterprotein", "master", "true", "+"}


def layout(head: Head) -> str:
    """proteins, peptides, psms, or nothing."""
    columns = set(head.columns)
    counts = columns & {"# psms", "number of psms", "x psms", "#psms", "# psm"}
    sequence = columns & {"sequence", "annotated sequence"}
    proteins = columns & {
        "master protein accessions",
        "protein accessions",
        "protein group accessions",
        "master protein s accessions",
    }
    if sequence and proteins and "spectrum file" in columns:
        return "psms"
    own = columns & {
        "psm ambiguity", "annotated sequence", "quan info", "confidence", "x protein groups", "# protein groups",
        "number of protein groups", "qvality q value", "top apex rt min",
    }  # fmt: skip
    if sequence and proteins and own and (counts or _abundances(head.header)):
        return "peptides"
    own = columns & {
        "# aas", "number of aas", "x aas", "mw kda", "mw in kda", "calc pi", "coverage", "coverage in percent",
        "# unique peptides", "number of unique peptides", "x unique peptides", "proteins unique sequence id",
        "sum pep score", "protein fdr confidence combined", "master",
    }  # fmt: skip
    # PEAKS has Accession and Coverage as well, but no PSMs
    return "proteins" if "accession" in columns and counts and len(own) >= 2 else ""


def sniff(head: Head) -> bool:
    """Whether the columns are those of Proteins, PeptideGroups or PSMs."""
    return layout(head) != ""


def explain(head: Head) -> str:
    """What another Proteome Discoverer table is, for the message of a refusal."""
    if head.has("input files workflow id") or head.has("file id", "study file id"):
        return "this is Proteome Discoverer's InputFiles table; give Proteins, PeptideGroups or PSMs of the same export"
    if head.has("protein group id") and not head.has("accession"):
        return "this is Proteome Discoverer's ProteinGroups table, which names no protein; give its Proteins table"
    return ""


def read(source: Source, spec: InputSpec) -> ReadResult:
    """Read a table of Proteome Discoverer; features come from PeptideGroups and PSMs. Raises InputError."""
    which = layout(read_head(source, sheet=spec.sheet, skip_rows=spec.skip_rows))
    if which != "proteins":
        from sevident.readers.proteome_discoverer_peptides import read_peptides

        return read_peptides(source, spec, which)
    grid = read_grid(source, sheet=spec.sheet, skip_rows=spec.skip_rows)
    warnings: list[dict[str, object]] = grid.short_rows_remarks(spec)
    runs, intensity = quantities(grid, spec, warnings)
    spectra, peptides = _counts(grid, runs, _PSMS, "PSM"), _counts(grid, runs, _PEPTIDES, "Peptides")
    if intensity is None:
        runs, spectra = _spectral(grid, spec, warnings)
        intensity = np.full(spectra.shape, np.nan)
        peptides = _counts(grid, runs, _PEPTIDES, "Peptides")
    values: dict[str, NDArray] = {"intensity": intensity, "evidence": evidence_of(grid, runs, intensity, spectra)}
    if spectra is not None:
        values["spectra"] = spectra
    if peptides is not None:
        values["peptides"] = peptides
    described, keep = _describe(grid, intensity, spec, warnings)
    values = {name: array[keep] for name, array in values.items()}
    offered = [*quantities_offered(grid.header), "# PSMs"]
    return ReadResult(
        long_proteins(spec, runs, described, values),
        None,
        warnings,
        "Proteome Discoverer",
        level="protein",
        quantity=offered[0],
        quantities_offered=offered,
        q_columns=[grid.header[i] for i in [grid.find(*_Q_VALUE)] if i is not None],
    )


def quantities_offered(header: list[str]) -> list[str]:
    """The kinds of quantity that a table has, the one that is read first."""
    names = {"abundance": "Abundance", "area": "Area", "normalised": "Abundances (Normalized)"}
    found = _abundances(header)
    return [name for kind, name in names.items() if kind in found]


def _abundances(header: list[str]) -> dict[str, dict[str, list[int]]]:
    """Kind of quantity (abundance, normalised, area) to run to columns."""
    found: dict[str, dict[str, list[int]]] = {}
    for position, name in enumerate(header):
        if match := _ABUNDANCE.fullmatch(name):
            kind = {"n": "normalised", "": "abundance"}.get((match["kind"] or "").lower()[:1], "")
            run = match["run"].strip(" ._:") or "Abundance"
        elif match := _AREA.fullmatch(name):
            kind, run = "area", (match["run"] or "Area").strip()
        else:
            continue
        if kind:
            found.setdefault(kind, {}).setdefault(run, []).append(position)
    return found


def quantities(grid: Grid, spec: InputSpec, warnings: list[dict[str, object]]) -> tuple[list[str], NDArray | None]:
    """The runs and their intensities, (rows, runs), nan where there is none; no runs and None without quantities."""
    found = _abundances(grid.header)
    kind = next((kind for kind in ("abundance", "area", "normalised") if kind in found), "")
    columns = found.get(kind, {})
    if len(columns) > 1:  # a total beside the columns of the runs
        columns = {run: at for run, at in columns.items() if run not in ("Abundance", "Area")}
    if not columns:
        return [], None
    for positions in columns.values():
        if len(positions) > 1:
            raise grid.twice(positions)
    runs, positions = list(columns), [at[0] for at in columns.values()]
    values = positive(grid, positions, "Proteome Discoverer")
    if kind == "normalised":
        text = "The table has only normalised abundances; they are used, and are scaled to each other across runs."
        warnings.append(spec.warn("info", "normalised_quantity", text))
    if runs in (["Area"], ["Abundance"]):
        text = f"The table has one column '{runs[0]}' and names no run; it is read as one run named '{runs[0]}'."
        warnings.append(spec.warn("info", "single_run", text))
    return runs, values


def _counts(grid: Grid, runs: list[str], total: tuple[str, ...], word: str) -> NDArray | None:
    """Counts per run (``# PSM A2``); of the whole table where it has one run; else None."""
    out = np.full((len(grid.frame), len(runs)), np.nan)
    found = False
    for k, run in enumerate(runs):
        position = grid.find(f"# {word} {run}", f"Number of {word} {run}", f"X.. {word} {run}")
        if position is None and len(runs) == 1:
            position = grid.find(*total)
        if position is not None:
            out[:, k], found = parse_numbers(grid, [position])[:, 0], True
    return out if found else None


def _spectral(grid: Grid, spec: InputSpec, warnings: list[dict[str, object]]) -> tuple[list[str], NDArray]:
    """Runs and counts of spectra of a table that holds no quantity."""
    pattern = re.compile(rf"(?:#|Number of|X\.\.) ?PSM{_GAP}+(?P<run>.+)", re.IGNORECASE)
    columns = {match["run"].strip(): i for i, name in enumerate(grid.header) if (match := pattern.fullmatch(name))}
    if not columns:
        total = grid.find(*_PSMS)
        columns = {} if total is None else {"PSMs": total}
    require_runs(list(columns), grid.where, "columns 'Abundance: <run>' or 'Area'", grid.header)
    text = "The table has no abundances; proteins are given by their counts of spectra."
    warnings.append(spec.warn("warning", "no_quantity", text))
    if list(columns) == ["PSMs"]:
        text = "The table names no run; it is read as one run named 'PSMs'."
        warnings.append(spec.warn("info", "single_run", text))
    return list(columns), parse_numbers(grid, list(columns.values()))


def evidence_of(grid: Grid, runs: list[str], intensity: NDArray, spectra: NDArray | None) -> NDArray:
    """How each value was found: ms2, matched or unknown."""
    evidence = np.full(intensity.shape, "unknown", dtype=object)
    if spectra is not None:
        evidence[np.nan_to_num(spectra) > 0] = "ms2"
    for k, position in enumerate(found_in(grid, runs)):
        if position is not None:
            kind = pd.Series(grid.text(position)).str.lower()
            evidence[kind.isin(["high", "medium", "low"]).to_numpy(), k] = "ms2"
            evidence[(kind == "peak found").to_numpy(), k] = "matched"
    if spectra is None:
        evidence[np.isnan(intensity)] = "unknown"
    return evidence


def found_in(grid: Grid, runs: list[str]) -> list[int | None]:
    """The column ``Found in Sample ... <run>`` of each run."""

    def plain(name: str) -> str:
        return " " + re.sub(r"[^a-z0-9]+", " ", name.lower()).strip()

    columns = [(i, plain(name)) for i, name in enumerate(grid.header)]
    columns = [(i, name) for i, name in columns if name.startswith(" found in sample ")]
    columns.sort(key=lambda column: column[1].startswith(" found in sample group "))  # those of sample groups last
    return [next((i for i, name in columns if name.endswith(plain(run))), None) for run in runs]


def _describe(
    grid: Grid, intensity: NDArray, spec: InputSpec, warnings: list[dict[str, object]]
) -> tuple[pd.DataFrame, NDArray]:
    """What is known of the groups, and the mask of the rows that stand for one."""
    accessions = grid.text(grid.find("Accession"))
    master = grid.find("Master")
    lesser = np.zeros(len(accessions), dtype=bool)
    if master is not None:
        lesser = np.array([re.sub(r"\W", "", text.lower()) not in _MASTER for text in grid.text(master)])
    decoys = np.array([is_decoy(text) for text in accessions], dtype=bool)
    keep, remarks = leave_out(
        [
            Fate(np.array([not text for text in accessions]), "rows_without_protein", "rows without an accession",
                 "warning"),
            Fate(decoys, "decoys_removed", "decoy proteins"),
            Fate(lesser, "not_master_removed", "proteins that are not the master of their group (they repeat its "
                 "peptides)"),
        ],
        intensity,
        spec,
        grid.where,
    )  # fmt: skip
    warnings += remarks
    members = _members(grid, accessions, keep)
    descriptions = grid.text(grid.find("Description"))
    by_accession = dict(zip(accessions, descriptions, strict=True))
    rows = np.flatnonzero(keep)
    lengths = grid.find("# AAs", "Number of AAs", "X..AAs")
    described, remarks = describe(
        Groups(
            ids=[members[i] for i in rows],
            genes=[grid_genes for i, grid_genes in enumerate(grid.text(grid.find("Gene Symbol", "Gene"))) if keep[i]],
            headers=[";".join(header(one, by_accession.get(one, "")) for one in members[i].split(";")) for i in rows],
            lengths=parse_numbers(grid, [lengths])[keep, 0].tolist() if lengths is not None else [],
            flagged=[flag for flag, kept in zip(grid.flags(grid.find("Contaminant")), keep, strict=True) if kept],
        ),
        spec,
        read_fasta(spec.fasta) if spec.fasta else None,
    )
    warnings += remarks
    names, remarks = unique_names([accessions[i] for i in rows], spec)
    warnings += remarks
    described.insert(0, "protein_group", names)
    q_value = grid.find(*_Q_VALUE)
    if q_value is not None:
        described["q_value"] = parse_numbers(grid, [q_value])[keep, 0]
        over = int((described["q_value"] > 0.01).sum())
        if over:
            text = (
                f"{over} of {len(described)} proteins have a q-value above 0.01; they are kept, as the table has them."
            )
            warnings.append(spec.warn("info", "proteins_over_q_value", text, over))
    return described, keep


def _members(grid: Grid, accessions: list[str], keep: NDArray) -> list[str]:
    """The proteins of each row's group: its own accession, then those of the group that are not its master."""
    members = list(accessions)
    position = grid.find("Protein Group IDs")
    if position is None:
        return members
    groups = [re.split(r"[;,]\s*", text) if text else [] for text in grid.text(position)]
    others: dict[str, list[str]] = {}
    for accession, of_groups, kept in zip(accessions, groups, keep, strict=True):
        for group in of_groups:
            if accession and not kept and not is_decoy(accession):
                others.setdefault(group, []).append(accession)
    return [
        ";".join(dict.fromkeys([accession, *(one for group in of_groups for one in others.get(group, []))]))
        for accession, of_groups in zip(accessions, groups, strict=True)
    ]


def header(accession: str, description: str) -> str:
    """A FASTA header of an accession and a description, whose entry name may stand in brackets at its end."""
    entry = re.search(r"\[(\w+_\w+)\]\s*$", description)
    return f"db|{accession}|{entry[1] if entry else ''} {description.replace(';', ',')}"
