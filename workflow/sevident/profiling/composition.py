"""The abundance table as matrices (protein groups x samples), and comparison with a study's own references."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
import pandas as pd

from ..tables import EVIDENCE_KINDS, REFERENCE_ROLES

if TYPE_CHECKING:
    from numpy.typing import NDArray

IMPUTED = EVIDENCE_KINDS.index("imputed")
MATCHED = EVIDENCE_KINDS.index("matched")


class SampleLike(Protocol):
    """What profiling needs of a sample of the sheet (samples.Sample)."""

    @property
    def name(self) -> str: ...
    @property
    def role(self) -> str: ...
    @property
    def reference_group(self) -> str: ...
    @property
    def runs(self) -> list[tuple[str, str]]: ...


@dataclass(frozen=True)
class Composition:
    """Matrices of shape (groups, samples); groups sorted by identifier, samples in sheet order; nan = not quantified.

    ``groups``: protein_group, accessions, genes, organism, contaminant. ``percentile``: 1 = most abundant, 0 = least.
    ``evidence`` indexes EVIDENCE_KINDS, -1 = no row. ``detected``: quantified, and not by imputation alone.
    """

    groups: pd.DataFrame
    samples: list[str]
    mass: NDArray[np.float64]
    molar: NDArray[np.float64]
    percentile: NDArray[np.float64]
    peptides: NDArray[np.float64]
    evidence: NDArray[np.int8]

    @property
    def detected(self) -> NDArray[np.bool_]:
        return ~np.isnan(self.mass) & (self.evidence != IMPUTED)

    @property
    def counts(self) -> NDArray[np.int64]:
        """Quantified analyte protein groups per sample."""
        return (~np.isnan(self.mass)).sum(axis=0)


def compose(abundance: pd.DataFrame, samples: Sequence[str]) -> Composition:
    """The matrices of a table ABUNDANCE for the ``samples`` of the sheet; a sample without rows has empty columns."""
    place = {name: i for i, name in enumerate(samples)}
    sample_codes, sample_names = pd.factorize(abundance["sample"])
    column = np.array([place.get(str(n), -1) for n in sample_names], dtype="int64")[sample_codes]
    codes, names = pd.factorize(abundance["protein_group"])
    labels = [str(n) for n in names]
    order = sorted(range(len(labels)), key=labels.__getitem__)
    rank_of = np.empty(len(labels), dtype="int64")
    rank_of[order] = np.arange(len(labels))
    row = rank_of[codes]
    first = np.full(len(labels), -1)
    first[row[::-1]] = np.arange(len(row))[::-1]  # the first row of each group carries its facts
    facts = ["protein_group", "accessions", "genes", "organism", "contaminant"]
    groups = abundance[facts].iloc[first].astype("str").reset_index(drop=True)
    use = column >= 0
    row, column = row[use], column[use]

    def matrix(name: str) -> NDArray[np.float64]:
        out = np.full((len(labels), len(samples)), np.nan)
        out[row, column] = abundance[name].to_numpy(dtype="float64", na_value=np.nan)[use]
        return out

    evidence = np.full((len(labels), len(samples)), -1, dtype="int8")
    kinds = pd.Categorical(abundance["evidence"], categories=list(EVIDENCE_KINDS)).codes[use]
    evidence[row, column] = np.where(kinds < 0, EVIDENCE_KINDS.index("unknown"), kinds)
    mass = matrix("mass_fraction")
    percentile = percentiles(matrix("rank"), (~np.isnan(mass)).sum(axis=0))
    return Composition(groups, list(samples), mass, matrix("molar_fraction"), percentile, matrix("peptides"), evidence)


def percentiles(rank: NDArray[np.float64], counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """1 - (rank - 1) / (n - 1) with n quantified groups in the sample; the only group of a sample has 1."""
    return 1.0 - (rank - 1.0) / np.maximum(counts - 1, 1)


def log2_against_references(
    values: NDArray[np.float64], samples: Sequence[SampleLike]
) -> dict[str, NDArray[np.float64]]:
    """For each reference role log2 of a value over the geometric mean of the references' values.

    ``values``: anything x samples, shares; zero and nan are both "not measured". The references of a sample are the
    other samples of that role in its reference group. The result is nan where the sample or all its references have
    nothing: against nothing there is no ratio.
    """
    logs = np.full(values.shape, np.nan)
    np.log2(values, out=logs, where=values > 0)
    groups = {s.reference_group for s in samples if s.reference_group}
    found = {}
    for role in REFERENCE_ROLES:
        ratio = np.full(values.shape, np.nan)
        for group in sorted(groups):
            members = [i for i, s in enumerate(samples) if s.reference_group == group]
            references = [i for i in members if samples[i].role == role]
            if not references:
                continue
            judged = [i for i in members if samples[i].role != role]
            ratio[:, judged] = logs[:, judged] - _mean(logs[:, references])[:, None]
            for i in references:  # a reference is compared with the others of its role, never with itself
                others = [j for j in references if j != i]
                if others:
                    ratio[:, i] = logs[:, i] - _mean(logs[:, others])
        found[role] = ratio
    return found


def _mean(logs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean over columns of what is there; nan where nothing is."""
    seen = ~np.isnan(logs)
    count = seen.sum(axis=1)
    total = np.where(seen, logs, 0.0).sum(axis=1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)
