"""Shares of a sample: mass fractions, molar fractions and ranks.

Mass fraction: the share of a protein group in the summed intensity of the sample's analyte proteins, the total protein
approach (Wisniewski JR et al. Mol Cell Proteomics 2014;13:3497-3506, doi 10.1074/mcp.M113.037309). Molar fraction:
iBAQ (intensity per theoretically observable peptide; see ``ibaq``) where the searched database is given, else intensity
per residue of the leading protein, normalised in the same way. With spectral counts in the place of
intensities these are the share of the counts and the normalised spectral abundance factor, NSAF (Zybailov B et al. J
Proteome Res 2006;5:2339-2347, doi 10.1021/pr060161n).

Analyte proteins are all but those tagged ``process`` (trypsin, keratins of the laboratory): what the operator brought
in is no part of the sample. Serum proteins are analyte: how much of them there is, is the question.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..tables import ABUNDANCE, EVIDENCE_KINDS, conform, warning
from .merge import Samples
from .runs import STAGE

if TYPE_CHECKING:
    from numpy.typing import NDArray


def analyte(groups: pd.DataFrame) -> NDArray[np.bool_]:
    """Which protein groups belong to the sample: all but process contaminants."""
    return groups["contaminant"].ne("process").to_numpy()


def as_category(codes: NDArray, words: Iterable[str]) -> pd.Categorical:
    """Text by codes (-1 = nothing): a column of millions of rows that repeats few words stays small."""
    return pd.Categorical.from_codes(codes.astype("int64"), categories=pd.Index(list(words), dtype="str"))


def fractions(amounts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Amounts (groups x samples, nan = not measured) as shares that sum to 1 in each sample; an empty sample stays nan.

    The sums are exactly rounded (math.fsum), so that neither the order of rows nor the processor changes a bit.
    """
    # dividing by the largest value first keeps the sum of very large numbers finite
    with np.errstate(invalid="ignore"):
        peak = np.nanmax(np.where(np.isnan(amounts), 0.0, amounts), axis=0, initial=0.0)
    scaled = amounts / np.where(peak > 0, peak, 1.0)
    totals = np.array([math.fsum(column[~np.isnan(column)]) for column in scaled.T])
    return scaled / np.where(totals > 0, totals, np.nan)


def lengths(groups: pd.DataFrame) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Residues per protein group, and for which groups the tables give them; the others get the median of the known.

    Without any length all are nan. Process contaminants do not enter the median.
    """
    residues = groups["sequence_length"].to_numpy(dtype="float64", copy=True)
    known = ~np.isnan(residues)
    usable = known & analyte(groups)
    if not usable.any():
        return np.full(len(residues), np.nan), known & False
    residues[~known] = np.median(residues[usable])
    return residues, known


@dataclass(frozen=True)
class Sizes:
    """What an amount is divided by to become molar: the number ``per_group``, ``known`` where they are not stand-ins.

    ``basis``: observable peptides | residues | nothing (then all are nan).
    """

    per_group: NDArray[np.float64]
    known: NDArray[np.bool_]
    basis: str


def sizes(groups: pd.DataFrame, observable: NDArray[np.float64] | None) -> Sizes:
    """Observable peptides of each group where any are known, else residues, else nothing.

    Among observable peptides a group without a number gets that of its length (by the median of residues per observable
    peptide), and without a length the median number.
    """
    residues, known = lengths(groups)
    own = analyte(groups)
    if observable is None or not (~np.isnan(observable) & own).any():
        return Sizes(residues, known, "residues" if known.any() else "")
    values = observable.copy()
    counted = ~np.isnan(values)
    both = counted & known & own
    if both.any():
        per_peptide = np.median(residues[both] / values[both])
        fill = ~counted & known
        values[fill] = np.maximum(residues[fill] / per_peptide, 1.0)
    values[np.isnan(values)] = np.median(observable[counted & own])
    return Sizes(values, counted, "observable peptides")


def ranks(amounts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rank within the sample, 1 = most abundant, ties share their average; nan where not measured."""
    return pd.DataFrame(amounts).rank(axis=0, ascending=False, method="average").to_numpy()


def quantify(
    samples: Samples,
    log2_lfq: NDArray[np.float64],
    observable: NDArray[np.float64] | None = None,
    top3: NDArray[np.float64] | None = None,
) -> tuple[pd.DataFrame, list[dict[str, object]]]:
    """The table ABUNDANCE and its warnings.

    ``log2_lfq`` (see ``lfq``) and ``top3`` (see ``ibaq``): groups x samples; ``observable``: theoretically observable
    peptides per group, nan = not known. One row for every group and sample that the protein table has a row for, also
    where nothing was measured. Process contaminants keep their rows, with null fractions.
    """
    groups = samples.groups
    own = analyte(groups)
    amounts = np.where(own[:, None], samples.quantity, np.nan)
    mass = fractions(amounts)
    size = sizes(groups, observable)
    molar = fractions(amounts / size.per_group[:, None])
    # a sample (of an input without lengths, say) all of whose sizes are stand-ins has no molar fractions of its own
    molar[:, ~(size.known[:, None] & ~np.isnan(amounts)).any(axis=0)] = np.nan
    warnings = _remarks(samples, amounts, size)
    intensities = np.array([kind == "intensity" for kind in samples.kinds], dtype="bool")
    count = np.full(len(groups), np.nan) if observable is None else observable
    ibaq = np.where(intensities, amounts, np.nan) / count[:, None]
    best = np.full(amounts.shape, np.nan) if top3 is None else np.where(own[:, None] & intensities, top3, np.nan)

    group, sample = np.nonzero(samples.evidence >= 0)
    order = np.lexsort((group, sample))
    group, sample = group[order], sample[order]

    def text(column: str) -> pd.Categorical:
        codes, words = pd.factorize(groups[column])
        return as_category(codes[group], words)

    peptides = samples.peptides[group, sample]
    frame = pd.DataFrame(
        {
            "sample": as_category(sample, samples.samples),
            "protein_group": text("protein_group"),
            "accessions": text("accessions"),
            "genes": text("genes"),
            "organism": text("organism"),
            "contaminant": text("contaminant"),
            "mass_fraction": mass[group, sample],
            "molar_fraction": molar[group, sample],
            "ibaq": ibaq[group, sample],
            "top3": best[group, sample],
            "log2_lfq": log2_lfq[group, sample],
            "rank": ranks(amounts)[group, sample],
            "peptides": peptides,
            "evidence": as_category(samples.evidence[group, sample], EVIDENCE_KINDS),
        }
    )
    return frame, warnings


def conformed(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame of ``quantify`` by the contract of the table (text in place of categories)."""
    return conform(frame, ABUNDANCE)


def _remarks(samples: Samples, amounts: NDArray[np.float64], size: Sizes) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    process = int((~analyte(samples.groups)).sum())
    if process:
        message = (
            f"{process} protein groups are process contaminants (trypsin, laboratory keratins); they are listed but "
            "are no part of the sample's composition."
        )
        found.append(warning(STAGE, "info", "process_contaminants", "study", message, process))
    measured = ~np.isnan(amounts)
    if measured.any():
        found += _basis(samples, measured, size)
    counted = [n for n, kind in zip(samples.samples, samples.kinds, strict=True) if kind == "spectra"]
    if counted:
        mixed = any(kind == "intensity" for kind in samples.kinds)
        message = (
            f"{len(counted)} samples have no intensities; their shares are those of spectral counts (molar: NSAF)."
        )
        if mixed:
            message += " Other samples of the study have intensities: compare the two with care."
        found.append(warning(STAGE, "warning" if mixed else "info", "spectral_counts", "study", message, len(counted)))
    for name, column in zip(samples.samples, measured.T, strict=True):
        if not column.any():
            message = f"No protein was measured in sample '{name}'; nothing can be said about it."
            found.append(warning(STAGE, "warning", "empty_sample", name, message, 0))
    return found


def _basis(samples: Samples, measured: NDArray[np.bool_], size: Sizes) -> list[dict[str, object]]:
    """What the molar fractions rest on."""
    seen = measured.any(axis=1)
    filled = int((seen & ~size.known).sum())
    without = int((measured.any(axis=0) & ~(measured & size.known[:, None]).any(axis=0)).sum())
    if not size.basis:
        message = "The inputs give no sequence lengths, so there are no molar fractions. Give the searched FASTA file."
        return [warning(STAGE, "warning", "no_sequence_lengths", "study", message, int(seen.sum()))]
    known = int((seen & size.known).sum())
    if size.basis == "residues":
        message = (
            f"Molar fractions rest on intensity per residue ({known} protein groups have a sequence length). With the "
            "searched database (`fasta`) they rest on iBAQ, which allows for proteins that yield few peptides."
        )
    else:
        message = f"Molar fractions rest on iBAQ: intensity per theoretically observable peptide, known for {known} "
        message += "protein groups from the searched database."
    found = [warning(STAGE, "info", "molar_basis", "study", message, known)]
    if not filled:
        return found
    if size.basis == "residues":
        typical = np.median(size.per_group[size.known & analyte(samples.groups)])
        code = "sequence_length_filled"
        message = (
            f"{filled} protein groups have no sequence length; for molar fractions the median length of the others "
            f"({typical:.0f} residues) was used."
        )
    else:
        code = "observable_peptides_filled"
        message = (
            f"{filled} protein groups are not in the searched database, or have no theoretically observable peptide; "
            "for molar fractions a number by their length, or the median number, was used."
        )
    if without:
        message += f" {without} samples without any {'length' if size.basis == 'residues' else 'number'} have no "
        message += "molar fractions."
    return [*found, warning(STAGE, "info", code, "study", message, filled)]
