"""FragPipe's tables below the protein: combined_ion, combined_(modified_)peptide, ion, peptide and psm.

Source of the meanings: see ``fragpipe.py``.

| column | used as |
|---|---|
| Peptide Sequence, Peptide or Sequence | peptide |
| Modified Sequence or Modified Peptide; else the sequence with Assigned Modifications behind it | modified_sequence |
| Charge | charge; null for a row of several charges (Charges) |
| Protein ID | protein_group: the razor protein |
| Protein, Mapped Proteins | proteins of the peptide; a protein that all peptides of a group share is a member |
| <run> Intensity, <run> Spectral Count (combined tables) | intensity, spectra |
| Intensity, Spectral Count (peptide.tsv, ion.tsv) | intensity, spectra of the one run, named like the input |
| <run> Match Type: MS/MS, MBR | evidence; a spectrum counted in the run is always ms2 |
| psm.tsv: Spectrum (<run>.<scan>.<scan>.<charge>), else Spectrum File | run |
| psm.tsv: Intensity | intensity of the ion, which all its spectra repeat: the largest counts, once |
| psm.tsv: Hyperscore | score |
| psm.tsv: Qvalue, in later versions | q_value; above 1 % a spectrum does not count for its protein |
| the columns behind Mapped Proteins | TMT or iTRAQ: each channel is a run; psm.tsv: summed over spectra |

FragPipe writes what passed its own error rate; where there is no Qvalue, every row counts.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sevident.errors import InputError
from sevident.readers import scores
from sevident.readers.base import Grid, InputSpec, ReadResult, runs_by_name, strip_run
from sevident.readers.fragpipe import (
    ENGINE,
    channels,
    channels_remark,
    headers,
    members,
    offered,
    per_run,
    quantity_per_run,
    single_run_remark,
)
from sevident.readers.grids import read_grid
from sevident.readers.groups import is_decoy
from sevident.readers.leading import settle
from sevident.readers.numbers import not_negative, parse_numbers
from sevident.readers.rollup import Observations, each, roll_up
from sevident.readers.source import Source

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SPECTRUM = re.compile(r"(?P<run>.+)\.\d+\.\d+\.\d+(?:_\d+)?")


def read_peptides(source: Source, spec: InputSpec, kind: str) -> ReadResult:
    """Read a table of ``kind`` combined_peptide, peptide or psm. Raises InputError."""
    grid = read_grid(source, skip_rows=spec.skip_rows, sheet=spec.sheet)
    warnings: list[dict[str, object]] = grid.short_rows_remarks(spec)
    frame = _peptides(grid)
    plex = channels(grid, "Mapped Proteins")
    wide: list[str] = []
    quantity = "Intensity"
    if kind == "combined_peptide":
        runs, intensity, spectra, quantity = quantity_per_run(grid, spec, warnings)
        cells = _cells(frame, runs, intensity, spectra, _match_types(grid, runs))
        wide, what = runs, "peptides"
    elif plex:
        warnings.append(channels_remark(spec, list(plex)))
        quantity = "<channel>"
        cells = _cells(frame, list(plex), not_negative(grid, list(plex.values()), "FragPipe"), None, None).assign(
            evidence="ms2"
        )
        wide, what = list(plex), "reporter-ion intensities"
    elif kind == "peptide":
        warnings.append(single_run_remark(spec))
        spectra = not_negative(grid, [_position(grid, "Spectral Count")], "FragPipe")
        at = grid.find("Intensity")
        intensity = not_negative(grid, [at], "FragPipe") if at is not None else np.full(spectra.shape, np.nan)
        cells = _cells(frame, [spec.name], intensity, spectra, None)
        wide, what = [spec.name], "peptides"
    else:
        at = grid.find("Intensity")
        cells = frame.assign(
            run=_runs(grid),
            spectra=1.0,
            intensity=not_negative(grid, [at], "FragPipe")[:, 0] if at is not None else np.nan,
            score=scores.of_column(grid, spec, warnings, "Hyperscore"),
            evidence="ms2",
        )
        what = "spectra"
    nothing = len(frame) - len(cells.index.unique()) if wide else 0
    if nothing:
        text = f"{nothing} rows hold no intensity and no spectrum in any run; they are left out."
        warnings.append(spec.warn("info", "rows_without_quantity", text, nothing))
    found = Observations(cells, grid.where, what, wide, repeats=kind == "psm" and not plex, q_name="Qvalue")
    return roll_up(
        found, spec, warnings, ENGINE, level="psm" if kind == "psm" else "peptide", quantity=quantity, **offered(grid)
    )


def _position(grid: Grid, *names: str) -> int:
    position = grid.find(*names)
    if position is None:
        raise InputError(
            f"The table has no column '{names[0]}'.",
            where=grid.where,
            found=f"columns {', '.join(grid.header[:12])}",
            advice="give the table as FragPipe wrote it",
        )
    return position


def _peptides(grid: Grid) -> pd.DataFrame:
    """The columns that do not depend on the run."""
    sequence = pd.Series(grid.text(_position(grid, "Peptide Sequence", "Peptide", "Sequence")))
    modified = pd.Series(grid.text(grid.find("Modified Sequence", "Modified Peptide")))
    if grid.find("Modified Sequence", "Modified Peptide") is None:
        at = grid.find("Assigned Modifications")
        # combined_peptide and peptide hold one row for all forms of a sequence
        modified = sequence + pd.Series(grid.text(at)).map(lambda text: f"[{text}]" if text else "")
    leading = grid.text(_position(grid, "Protein"))
    mapped = grid.text(grid.find("Mapped Proteins"))
    genes = grid.text(grid.find("Gene"))
    organisms = grid.text(grid.find("Organism"))
    charge, q_value = grid.find("Charge"), grid.find("Qvalue", "Q-value")
    ids = pd.Series([members(p, m) for p, m in zip(leading, mapped, strict=True)])
    frame = pd.DataFrame(
        {
            "peptide": sequence,
            "modified_sequence": modified.where(modified != "", sequence),
            "charge": parse_numbers(grid, [charge])[:, 0] if charge is not None else np.nan,
            "ids": ids,
            "group": grid.text(_position(grid, "Protein ID")),
            "genes": genes,
            "headers": headers(leading, organisms, genes),
            "q_value": parse_numbers(grid, [q_value])[:, 0] if q_value is not None else np.nan,
            "is_decoy": each(is_decoy, pd.Series(leading)),
        }
    )
    frame["members"] = settle(frame.assign(group=leading))["members"]
    frame["also"] = ids
    return frame


def _cells(
    frame: pd.DataFrame, runs: list[str], intensity: NDArray, spectra: NDArray | None, kinds: NDArray | None
) -> pd.DataFrame:
    """One row per peptide and run in which it was measured or counted."""
    counted = np.zeros(intensity.shape) if spectra is None else np.nan_to_num(spectra)
    rows, columns = np.nonzero((np.nan_to_num(intensity) > 0) | (counted > 0))
    values: dict[str, Any] = {
        "run": np.array(runs, dtype=object)[columns],
        "intensity": intensity[rows, columns],
        "spectra": np.nan if spectra is None else spectra[rows, columns],
    }
    evidence = np.full(len(rows), "unknown", dtype=object)
    if kinds is not None:
        evidence[kinds[rows, columns] == "mbr"] = "matched"
        evidence[kinds[rows, columns] == "ms/ms"] = "ms2"
    elif spectra is not None:
        evidence[:] = "matched"
    evidence[counted[rows, columns] > 0] = "ms2"
    return frame.iloc[rows].assign(**values, evidence=evidence)


def _match_types(grid: Grid, runs: list[str]) -> NDArray | None:
    columns = per_run(grid, "Match Type")
    if not columns:
        return None
    kinds = np.full((len(grid.frame), len(runs)), "", dtype=object)
    for k, run in enumerate(runs):
        if run in columns:
            kinds[:, k] = [text.lower() for text in grid.text(columns[run])]
    return kinds


def _runs(grid: Grid) -> pd.Series:
    """The run of each spectrum."""
    files = grid.text(grid.find("Spectrum File"))
    names = [
        match["run"] if (match := _SPECTRUM.fullmatch(spectrum)) else _file_run(file)
        for spectrum, file in zip(grid.text(_position(grid, "Spectrum")), files, strict=True)
    ]
    return pd.Series(names).map(runs_by_name(names))


def _file_run(file: str) -> str:
    base = strip_run(re.sub(r"(?:\.mod)?\.pep\.?xml$", "", file, flags=re.IGNORECASE))
    return base.removeprefix("interact-")
