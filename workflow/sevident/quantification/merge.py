"""Runs to samples: technical replicates are averaged, fractions are added up.

The rule, for every protein group of a sample:

* Runs of one sample with the same value in the sheet's column ``fraction`` (or without that column) are technical
  replicates. Their intensities are averaged in log space: the geometric mean over the runs in which the group was
  measured. Before that each run is multiplied by one factor, so that the groups measured in all the replicates agree
  in the median; otherwise a group seen only in the run with the larger load would count for more than it is. One
  factor a run leaves its composition untouched, and a group measured in every run has its plain geometric mean.
* Runs with different fractions hold different parts of the sample: the averages of the fractions are added up.
* Spectral counts of replicates are averaged arithmetically, a run without the group counting as zero (no spectrum is
  an observation), and fractions are added up.
* ``peptides`` is the largest number of any single run: the same peptide may come in several runs and fractions, so
  that a sum would count it twice; the largest number is what was certainly there.
* ``evidence`` is the best of the runs: ms2, then matched, imputed, unknown.

Runs of different inputs (result files) of one sample are treated as runs of one input are, and joined by the
identifier of the protein group.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import numpy as np
import pandas as pd

from ..errors import InputError, SampleSheetError
from ..tables import warning
from .runs import STAGE, Runs

if TYPE_CHECKING:
    from numpy.typing import NDArray

FRACTION = "fraction"  # the column of the sample sheet that tells fractions from replicates
_FEWEST_COMMON = 10  # groups measured in all replicates; fewer give no reliable factor between the runs


class Row(Protocol):
    """What this module needs of a row of the sample sheet (samples.SampleRow)."""

    @property
    def sample(self) -> str: ...
    @property
    def input(self) -> str: ...
    @property
    def run(self) -> str: ...
    @property
    def extra(self) -> dict[str, str]: ...


@dataclass
class Samples:
    """Protein groups (sorted by identifier) x samples (in sheet order).

    ``groups``: one row per protein group: protein_group, accessions, genes, organism, contaminant, sequence_length.
    ``quantity``, ``peptides`` (float, nan = nothing) and ``evidence`` (index into EVIDENCE_KINDS, -1 = the table has
    no row) are matrices of shape (groups, samples). ``kinds`` tells for each sample whether its quantity is
    ``intensity``, ``spectra`` or, where nothing was measured, empty.
    """

    groups: pd.DataFrame
    samples: list[str]
    quantity: NDArray[np.float64]
    peptides: NDArray[np.float64]
    evidence: NDArray[np.int8]
    kinds: list[str]
    warnings: list[dict[str, object]] = field(default_factory=list)


def combine(runs: Runs, rows: Sequence[Row], quantity: str = "auto") -> Samples:
    """Join the runs of each sample of the sheet (``rows``) by the rule above.

    ``quantity``: ``intensity``, ``spectra`` (spectral counts) or ``auto``: intensities of an input that has any, else
    its spectral counts. Raises SampleSheetError when a sample mixes rows with and without a fraction, InputError when
    it mixes inputs with intensities and inputs with spectral counts alone.
    """
    place = {run: i for i, run in enumerate(runs.runs)}
    samples: dict[str, dict[str, list[int]]] = {}
    for row in rows:
        fractions = samples.setdefault(row.sample, {})
        here = fractions.setdefault(row.extra.get(FRACTION, "").strip(), [])
        if (row.input, row.run) in place:
            here.append(place[row.input, row.run])
    for name, fractions in samples.items():
        if "" in fractions and len(fractions) > 1:
            raise SampleSheetError(
                f"some rows of sample '{name}' have a fraction and others have none",
                where=f"sample sheet, column '{FRACTION}'",
                found=f"fractions {', '.join(sorted(f for f in fractions if f))} and rows without one",
                expected="a fraction in every row of the sample (fractions are added up), or in none (replicates)",
                advice="fill in the column, or leave it empty for this sample",
            )
    used = sorted({run for fractions in samples.values() for members in fractions.values() for run in members})
    warnings = list(runs.warnings)
    left_out = len(runs.runs) - len(used)
    if left_out:
        message = f"{left_out} runs of the inputs are not in the sample sheet and were not used."
        warnings.append(warning(STAGE, "info", "runs_not_in_sheet", "study", message, left_out))
    kinds = _kinds_of_inputs(runs, quantity)
    order = np.argsort(runs.run_of, kind="stable")
    bounds = np.searchsorted(runs.run_of[order], np.arange(len(runs.runs) + 1))
    shape = (len(runs.groups), len(samples))
    out = Samples(
        runs.groups,
        list(samples),
        np.full(shape, np.nan),
        np.full(shape, np.nan),
        np.full(shape, -1, dtype="int8"),
        [],
        warnings,
    )
    tally = {"replicates": 0, "fractions": 0, "inputs": 0, "partial": 0}
    for column, (name, fractions) in enumerate(samples.items()):
        members = [run for runs_here in fractions.values() for run in runs_here]
        kind = _kind_of_sample(name, {runs.runs[m][0] for m in members}, kinds)
        values = runs.spectra if kind == "spectra" else runs.intensity
        parts = []
        for runs_here in fractions.values():
            if not runs_here:
                continue
            block = np.column_stack([runs.matrix(values, m, order, bounds) for m in sorted(runs_here)])
            block[~(block > 0)] = np.nan
            part, partial = (
                (average_counts(block), 0) if kind == "spectra" else (average_replicates(block), _partly(block))
            )
            parts.append(part)
            tally["partial"] += partial
        if parts:
            out.quantity[:, column] = add_fractions(np.column_stack(parts))
        for member in members:
            rows_here = order[bounds[member] : bounds[member + 1]]
            at = runs.group_of[rows_here]
            out.peptides[at, column] = np.fmax(out.peptides[at, column], runs.peptides[rows_here])
            old, new = out.evidence[at, column], runs.evidence[rows_here]
            out.evidence[at, column] = np.where(old < 0, new, np.minimum(old, new))
        out.kinds.append(kind if np.isfinite(out.quantity[:, column]).any() else "")
        tally["replicates"] += any(len(m) > 1 for m in fractions.values())
        tally["fractions"] += sum(bool(m) for m in fractions.values()) > 1
        tally["inputs"] += len({runs.runs[m][0] for m in members}) > 1
    out.warnings.extend(_remarks(tally))
    return out


def _kinds_of_inputs(runs: Runs, quantity: str) -> dict[str, str]:
    """For each input the quantity to use."""
    if quantity not in {"auto", "intensity", "spectra"}:
        raise ValueError(f"quantity {quantity!r} is not one of auto, intensity, spectra")
    sources = sorted({source for source, _ in runs.runs})
    if quantity != "auto":
        return dict.fromkeys(sources, quantity)
    source_of_run = np.array([sources.index(source) for source, _ in runs.runs], dtype="int64")
    with_intensity = set(np.unique(source_of_run[runs.run_of[~np.isnan(runs.intensity)]]).tolist())
    with_spectra = set(np.unique(source_of_run[runs.run_of[runs.spectra > 0]]).tolist())
    return {
        source: "intensity" if i in with_intensity or i not in with_spectra else "spectra"
        for i, source in enumerate(sources)
    }


def _kind_of_sample(name: str, sources: set[str], kinds: dict[str, str]) -> str:
    found = {kinds[s] for s in sources}
    if len(found) > 1:
        counted = ", ".join(sorted(s for s in sources if kinds[s] == "spectra"))
        raise InputError(
            f"Sample '{name}' is made of inputs with intensities and inputs with spectral counts alone.",
            where="sample sheet, column 'input'",
            found=f"spectral counts alone in {counted}",
            expected="one kind of quantity in the runs of one sample",
            advice="give these runs a sample of their own, or set `quantity: spectra`",
        )
    return found.pop() if found else "intensity"


def average_replicates(block: NDArray[np.float64]) -> NDArray[np.float64]:
    """Geometric mean of technical replicates over the runs in which each group was measured.

    ``block``: groups x runs, positive or nan. The runs are first brought to one load (see the module's rule).
    """
    if block.shape[1] == 1:
        return block[:, 0].copy()
    logs = np.log2(block)
    common = ~np.isnan(logs).any(axis=1)
    if common.sum() >= _FEWEST_COMMON:
        centred = logs[common] - logs[common].mean(axis=1, keepdims=True)
        shift = np.median(centred, axis=0)
        # factors with a geometric mean of 1 keep the plain geometric mean of groups measured in every run
        logs = logs - (shift - shift.mean())
    return 2.0 ** _row_mean(logs)


def average_counts(block: NDArray[np.float64]) -> NDArray[np.float64]:
    """Arithmetic mean of spectral counts over replicates; nan counts as zero, a group without a spectrum stays nan."""
    total = np.where(np.isnan(block), 0.0, block).sum(axis=1)
    return np.where(total > 0, total / block.shape[1], np.nan)


def add_fractions(block: NDArray[np.float64]) -> NDArray[np.float64]:
    """The sum over fractions (groups x fractions) of what was measured; nan where nothing was."""
    total = np.where(np.isnan(block), 0.0, block).sum(axis=1)
    return np.where(np.isnan(block).all(axis=1), np.nan, total)


def _row_mean(values: NDArray[np.float64]) -> NDArray[np.float64]:
    seen = ~np.isnan(values)
    count = seen.sum(axis=1)
    return np.where(count > 0, np.where(seen, values, 0.0).sum(axis=1) / np.maximum(count, 1), np.nan)


def _partly(block: NDArray[np.float64]) -> int:
    """How many groups were measured in a part of the replicates only."""
    count = (~np.isnan(block)).sum(axis=1)
    return int(((count > 0) & (count < block.shape[1])).sum())


def _remarks(tally: dict[str, int]) -> list[dict[str, object]]:
    texts = {
        "replicates": (
            "replicates_averaged",
            "{n} samples have technical replicates; intensities are geometric means over the runs in which a protein "
            "group was measured.",
        ),
        "fractions": (
            "fractions_added",
            "{n} samples consist of fractions; the intensities of the fractions were added up.",
        ),
        "inputs": (
            "inputs_joined",
            "{n} samples draw on several inputs; their protein groups were joined by the identifier of the group.",
        ),
        "partial": (
            "measured_in_part_of_replicates",
            "{n} values rest on a part of the technical replicates, because the protein group was not measured in "
            "the others.",
        ),
    }
    return [
        warning(STAGE, "info", code, "study", text.format(n=tally[key]), tally[key])
        for key, (code, text) in texts.items()
        if tally[key]
    ]
