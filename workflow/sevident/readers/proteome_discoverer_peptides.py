"""Proteome Discoverer's tables PeptideGroups and PSMs.

The dialects of the headers are those of ``proteome_discoverer.py``.

| column | PeptideGroups: a row per sequence and modifications | PSMs: a row per spectrum |
|---|---|---|
| Abundance <run>, else Area, else Abundances (Normalized) | intensity per run | |
| Spectrum File | | run |
| Precursor Abundance, else Precursor Area, Area | | intensity |
| Sequence, else Annotated Sequence | peptide | peptide |
| Modifications | in brackets behind the sequence: modified_sequence | the same |
| Charge | null: pooled | charge |
| Master Protein Accessions, else Protein Group Accessions, else Protein Accessions | protein_group | protein_group |
| Protein Accessions | proteins | proteins |
| Master Protein Descriptions, Protein Descriptions | accessions, organism, genes | the same |
| Found in Sample <run> | evidence ms2, matched | ms2 |
| Percolator q-Value (PSMs), Qvality q-value (peptides) | q_value | q_value |
| Percolator SVMScore, else XCorr (Sequest), Ions Score or IonScore (Mascot) | | score |
| Confidence, where there is no q-value: High = 1 % | rows that count | rows that count |
| Contaminant | contaminant class, where all peptides of the group have it | the same |

Spectra of one ion in one run that carry the same area were taken from one chromatographic peak: it is counted once
(Proteome Discoverer marks such spectra as redundant in its own quantification). All spectra are counted.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sevident.errors import InputError
from sevident.identifiers import parse_identifier
from sevident.readers import scores
from sevident.readers.base import Grid, InputSpec, ReadResult, normalise, require_runs, runs_by_name
from sevident.readers.grids import read_grid
from sevident.readers.leading import count_peaks_once, settle
from sevident.readers.numbers import not_negative, parse_numbers
from sevident.readers.projection import read_columns
from sevident.readers.proteome_discoverer import evidence_of, header, quantities, quantities_offered
from sevident.readers.rollup import Observations, all_decoys, bare_sequence, each, roll_up
from sevident.readers.source import Source, read_head

if TYPE_CHECKING:
    from numpy.typing import NDArray

_GROUP = ("Master Protein Accessions", "Master Protein(s) Accessions", "Protein Group Accessions", "Protein Accessions")
_PROTEINS = ("Protein Accessions", *_GROUP)
_DESCRIPTIONS = ("Master Protein Descriptions", "Protein Descriptions")
_AREA = ("Precursor Abundance", "Precursor Area", "Area")
_Q_VALUE = ("Percolator q-Value", "q-Value", "Qvality q-value", "Percolator q-Value by Search Engine")
_SCORE = ("Percolator SVMScore", "XCorr", "Ions Score", "IonScore")
_CONFIDENCE = ("Confidence", "Confidence Level")
_WANTED = frozenset(
    normalise(name)
    for name in (
        *_PROTEINS, *_DESCRIPTIONS, *_AREA, *_Q_VALUE, *_CONFIDENCE, *_SCORE, "Sequence", "Annotated Sequence",
        "Modifications", "Charge", "Spectrum File", "Contaminant", "Gene Symbol",
    )
)  # fmt: skip


def read_peptides(source: Source, spec: InputSpec, which: str) -> ReadResult:
    """Read PeptideGroups or PSMs; features, and proteins summed from them. Raises InputError."""
    warnings: list[dict[str, object]] = []
    found = _read_psms(source, spec, warnings) if which == "psms" else _read_groups(source, spec, warnings)
    head = read_head(source, sheet=spec.sheet, skip_rows=spec.skip_rows)
    q_columns = [name for name in head.header if normalise(name) in {normalise(one) for one in _Q_VALUE}]
    offered = quantities_offered(head.header)
    if which == "psms":
        offered = [name for name in head.header if normalise(name) in {normalise(one) for one in _AREA}] + ["spectra"]
    facts: dict[str, Any] = {"quantity": (*offered, "")[0], "quantities_offered": offered, "q_columns": q_columns}
    level = "psm" if which == "psms" else "peptide"
    return roll_up(found, spec, warnings, "Proteome Discoverer", level=level, **facts)


def _read_psms(source: Source, spec: InputSpec, warnings: list[dict[str, object]]) -> Observations:
    grid = read_columns(
        source,
        lambda name: name in _WANTED,
        sheet=spec.sheet,
        skip_rows=spec.skip_rows,
        memory_limit=spec.memory_limit,
    )
    warnings += grid.short_rows_remarks(spec)
    frame, confident = _proteins(grid)
    files = pd.Series(grid.text(grid.find("Spectrum File")))
    area = grid.find(*_AREA)
    charge = grid.find("Charge")
    frame = frame.assign(
        run=files.map(runs_by_name(files)),
        charge=np.nan if charge is None else parse_numbers(grid, [charge])[:, 0],
        intensity=np.nan if area is None else not_negative(grid, [area], "Proteome Discoverer")[:, 0],
        score=scores.of_column(grid, spec, warnings, *_SCORE),
        spectra=1.0,
        evidence="ms2",
    )
    if area is None:
        text = "The table has no precursor abundances or areas; proteins are given by their counts of spectra."
        warnings.append(spec.warn("warning", "no_quantity", text))
    frame = count_peaks_once(frame, spec, warnings)
    return _filtered(frame, confident, grid, "spectra (PSMs)")


def _read_groups(source: Source, spec: InputSpec, warnings: list[dict[str, object]]) -> Observations:
    grid = read_grid(source, sheet=spec.sheet, skip_rows=spec.skip_rows)
    warnings += grid.short_rows_remarks(spec)
    runs, intensity = quantities(grid, spec, warnings)
    require_runs(runs, grid.where, "columns 'Abundance: <run>' or 'Area'", grid.header)
    if intensity is None:
        raise ValueError("runs without intensities")  # require_runs has refused this
    evidence = evidence_of(grid, runs, intensity, np.zeros(intensity.shape))
    proteins, confident = _proteins(grid)
    rows, k = np.nonzero(~np.isnan(intensity) | (evidence != "unknown"))
    silent = len(proteins) - len(np.unique(rows))
    if silent:
        text = f"{silent} peptide groups are quantified or identified in none of the runs and are left out."
        warnings.append(spec.warn("info", "peptides_without_quantity", text, silent))
    frame = proteins.iloc[rows].assign(
        run=np.array(runs, dtype=object)[k], intensity=intensity[rows, k], evidence=evidence[rows, k]
    )
    found = _filtered(frame.reset_index(drop=True), confident[rows], grid, "values of peptide groups")
    found.runs = runs
    return found


def _filtered(frame: pd.DataFrame, confident: NDArray, grid: Grid, what: str) -> Observations:
    """Confidence takes the place of a q-value that is not there: what is not High has more than 1 %."""
    found = Observations(frame, grid.where, what)
    if grid.find(*_Q_VALUE) is None and not confident.all():
        found.frame = frame.assign(group_q=np.where(confident, np.nan, 1.0))
        found.group_q_name = "Confidence less than High, that is an error rate"
    return found


def _proteins(grid: Grid) -> tuple[pd.DataFrame, NDArray]:
    """What both tables say about a peptide and its proteins; and the rows of high confidence."""
    sequence = grid.find("Sequence", "Annotated Sequence")
    if sequence is None:
        raise InputError("The table has no column 'Sequence'.", where=grid.where, advice="export it with that column")
    written = pd.Series(grid.text(sequence))
    peptide = each(bare_sequence, written)
    modifications = pd.Series(grid.text(grid.find("Modifications")))
    group: list[str] = []
    for name in _GROUP:
        column = [re.sub(r";\s+", ";", text) for text in grid.text(grid.find(name))]
        group = [one or other for one, other in zip(group or column, column, strict=True)]
    every = [re.sub(r";\s+", ";", text) for text in grid.text(grid.find(*_PROTEINS))]
    better, headers = _described(group, grid.text(grid.find(*_DESCRIPTIONS)))
    frame = pd.DataFrame(
        {
            "peptide": peptide,
            "modified_sequence": peptide.where(modifications == "", peptide + "[" + modifications + "]"),
            "group": group,
            "ids": [one or other for one, other in zip(every, group, strict=True)],
            "genes": grid.text(grid.find("Gene Symbol")),
            "flagged": grid.flags(grid.find("Contaminant")),
        }
    )
    frame = settle(frame)
    frame["headers"] = each(lambda text: _joined(text, headers), frame["group"])
    frame["members"] = each(lambda text: _joined(text, better, keep=True), frame["members"])
    frame["ids"] = each(lambda text: _joined(text, better, keep=True), frame["ids"])
    frame["is_decoy"] = each(all_decoys, frame["ids"]).astype(bool)
    marked = frame.groupby("group")["flagged"].transform("all")
    tagged = each(lambda text: any(parse_identifier(one).contaminant for one in text.split(";")), frame["members"])
    frame["members"] = frame["members"].mask(
        marked & ~tagged.astype(bool) & (frame["members"] != ""), "CON__" + frame["members"]
    )
    q_value = grid.find(*_Q_VALUE)
    frame["q_value"] = np.nan if q_value is None else parse_numbers(grid, [q_value])[:, 0]
    confidence = grid.find(*_CONFIDENCE)
    confident = np.array([text.lower() in {"high", ""} for text in grid.text(confidence)], dtype=bool)
    return frame.drop(columns="flagged"), confident


def _described(groups: list[str], descriptions: list[str]) -> tuple[dict[str, str], dict[str, str]]:
    """From the descriptions of the groups' proteins: fuller identifiers, and FASTA headers, by accession.

    Where the database was indexed by entry names, the accessions are entry names and the descriptions begin with the
    accession (``sp|P22626``): together they are the identifier.
    """
    better: dict[str, str] = {}
    headers: dict[str, str] = {}
    for group, text in dict.fromkeys(zip(groups, descriptions, strict=True)):
        ones = group.split(";")
        pieces = [text] if len(ones) == 1 else [piece.strip() for piece in text.split(";")]
        if not group or not text or len(pieces) != len(ones):
            continue
        for one, piece in zip(ones, pieces, strict=True):
            if re.fullmatch(r"\w+\|[\w.-]+", piece):
                better.setdefault(one, f"{piece}|{one}")
            else:
                headers.setdefault(one, header(one, piece))
    return better, headers


def _joined(text: str, words: dict[str, str], *, keep: bool = False) -> str:
    """The words of a list's members; a member without one is itself (``keep``) or left out."""
    found = (words.get(one, one if keep else "") for one in text.split(";"))
    return ";".join(word for word in found if word)
