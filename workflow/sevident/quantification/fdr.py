"""Error rates: which peptides and protein groups of an input are to be believed.

**Peptides.** Where the engine gives q-values, they are taken. Where it gives decoys and scores, q-values are computed
by target-decoy competition with pyteomics (Levitsky LI et al. J Proteome Res 2019;18:709-714, doi
10.1021/acs.jproteome.8b00717): decoys over targets from a score upwards (Elias JE, Gygi SP. Nat Methods 2007;4:207-214,
doi 10.1038/nmeth1019), made monotonic, without a correction of the count, so that a run of fewer than 100 peptides is
not lost as a whole at 1 %. A peptide (stripped sequence) has its best score; it must pass in the run and, with its best
score of all runs, over all runs of the input. A row found by matching between runs has no score of its own and passes
when its peptide does so over all runs.

**Protein groups.** The picked approach (Savitski MM et al. Mol Cell Proteomics 2015;14:2394-2404, doi
10.1074/mcp.M114.046995): of a protein and its own decoy only the one with the better score stays, then decoys are
counted. For groups (The M et al. Mol Cell Proteomics 2022;21:100437, doi 10.1016/j.mcpro.2022.100437): from the best
score downwards a group is out when it has a protein in common with a group of the other kind that was kept before it;
a group's score is that of its best peptide that no other group has. At equal scores the decoy wins.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import ConfigurationError, InputError
from ..tables import warning
from .peptides import MS2, Peptides
from .runs import STAGE

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Rates:
    """The accepted error rates (above 0, up to 1); None = none is asked for."""

    peptide: float | None = 0.01
    protein: float | None = 0.01

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> Rates:
        """From the key ``fdr`` of the settings; what it does not name has its default. A rate of 1 asks for none."""
        given = settings.get("fdr") or {}
        rates = {level: given.get(level) or default for level, default in (("peptide", 0.01), ("protein", 0.01))}
        for level, rate in rates.items():
            if not 0 < rate <= 1:
                raise ConfigurationError(
                    "an accepted error rate is not possible",
                    where=f"key 'fdr.{level}'",
                    found=str(rate),
                    expected="a number above 0 and up to 1, such as 0.01",
                )
        return cls(**{level: float(rate) if rate < 1 else None for level, rate in rates.items()})


@dataclass
class Control:
    """``keep``: which rows pass (decoys as well, they serve for the groups); ``score``: per row, nan = none, or None
    where there is nothing to rank by; ``lost``: whether a target row does not pass.
    """

    keep: NDArray[np.bool_]
    score: NDArray[np.float64] | None
    lost: bool = False
    warnings: list[dict[str, object]] = field(default_factory=list)


def q_values(score: NDArray[np.float64], decoy: NDArray[np.bool_]) -> NDArray[np.float64]:
    """q-values by target-decoy competition, for targets and decoys, in the order given, at most 1.

    ``score``: higher is better, no nan. Equal scores have equal q-values. Formula: decoys / targets.
    """
    from pyteomics import auxiliary

    # as records: with a frame pyteomics 5.0 sorts in a way that pandas is about to give up
    records = np.empty(len(score), dtype=[("place", "int64"), ("score", "float64"), ("decoy", "bool")])
    records["place"], records["score"], records["decoy"] = np.arange(len(score)), score, decoy
    with np.errstate(divide="ignore"):  # a list that begins with decoys has no targets to divide by
        ranked = auxiliary.qvalues(
            records, key="score", is_decoy="decoy", reverse=True, remove_decoy=False, formula=1, full_output=True
        )
    out = np.empty(len(score))
    out[ranked["place"]] = np.minimum(ranked["q"], 1.0)
    return out


def peptide_q_values(
    run: NDArray[np.int64], peptide: NDArray[np.int64], score: NDArray[np.float64], decoy: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """For each row the q-value of its peptide in its run and over all runs; nan where it has no score there.

    A peptide has the best of its scores. ``decoy`` must be the same in all rows of a peptide.
    """
    width = int(peptide.max()) + 1 if len(peptide) else 1
    unit, row_unit = np.unique(run * width + peptide, return_inverse=True)
    best = _best(score, row_unit, len(unit))
    of_peptide = np.zeros(width, dtype=bool)
    of_peptide[peptide[decoy]] = True
    unit_run, unit_peptide = unit // width, unit % width
    in_run = np.full(len(unit), np.nan)
    bounds = np.searchsorted(unit_run, np.arange(int(unit_run.max(initial=-1)) + 2)).tolist()
    for start, end in itertools.pairwise(bounds):
        in_run[start:end] = _where_scored(best[start:end], of_peptide[unit_peptide[start:end]])
    overall = _where_scored(_best(best, unit_peptide, width), of_peptide)
    return in_run[row_unit], overall[peptide]


def _best(score: NDArray[np.float64], unit: NDArray[np.int64], count: int) -> NDArray[np.float64]:
    best = np.full(count, np.nan)
    np.fmax.at(best, unit, score)
    return best


def _where_scored(score: NDArray[np.float64], decoy: NDArray[np.bool_]) -> NDArray[np.float64]:
    out = np.full(len(score), np.nan)
    scored = ~np.isnan(score)
    if scored.any():
        out[scored] = q_values(score[scored], decoy[scored])
    return out


def picked(score: NDArray[np.float64], decoy: NDArray[np.bool_], rivals: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which groups stay after the competition of targets and decoys; nan = the group has no score and is out.

    ``rivals``: pairs of a target group and a decoy group that have a protein in common (shape (pairs, 2)).
    """
    stay = ~np.isnan(score)
    met = rivals[stay[rivals].all(axis=1)] if len(rivals) else rivals
    opponents: dict[int, list[int]] = defaultdict(list)
    for one, other in met.tolist():
        opponents[one].append(other)
        opponents[other].append(one)
    # from the best score downwards; who is still in when its turn comes puts its opponents out
    for group in sorted(opponents, key=lambda g: (-score[g], not decoy[g], g)):
        if stay[group]:
            stay[opponents[group]] = False
    return stay


def group_q_values(
    score: NDArray[np.float64], decoy: NDArray[np.bool_], rivals: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Picked q-values of protein groups; nan for groups without a score or put out by their rival."""
    return _where_scored(np.where(picked(score, decoy, rivals), score, np.nan), decoy)


def control_peptides(peptides: Peptides, rate: float | None) -> Control:
    """Which rows of an input pass the error rate at the level of peptides, and what was lost.

    Raises InputError when the rate cannot be judged: neither q-values nor decoys with scores, and no protein groups of
    the engine either, which would show that the list was filtered by it.
    """
    rows = peptides.rows
    decoy = rows["decoy"].to_numpy()
    q, score = rows["q_value"].to_numpy(), rows["score"].to_numpy()
    scored = bool((~np.isnan(score[decoy])).any() and (~np.isnan(score[~decoy])).any())
    of_engine = bool((~np.isnan(q[~decoy])).any())
    ranking = score if scored else -q if of_engine and (~np.isnan(q[decoy])).any() else None
    out = Control(np.ones(len(rows), dtype=bool), ranking)
    if rate is None:
        message = "No error rate of peptides is asked for; all of them are used as they are."
        out.warnings.append(warning(STAGE, "warning", "no_peptide_error_rate", peptides.name, message))
        return out
    if of_engine:
        _filter(out, peptides, rate, q, None, "the engine's q-values")
    elif scored:
        codes = rows["run"].to_numpy(dtype="int64"), rows["peptide"].to_numpy(dtype="int64")
        in_run, overall = peptide_q_values(*codes, score, decoy)
        _filter(out, peptides, rate, in_run, overall, "target-decoy q-values of the engine's scores")
        _resolution(out, peptides, rate)
    else:
        _unfiltered(out, peptides, rate)
    if not out.keep[~decoy].any():
        raise InputError(
            f"No peptide passes the error rate of {rate:.2%}.",
            where=f"input '{peptides.name}'",
            found=f"{int((~decoy).sum())} rows of targets and {int(decoy.sum())} of decoys",
            advice="give the whole result of the search, or accept a higher rate (`fdr: {peptide: ...}`)",
        )
    return out


def _filter(
    out: Control,
    peptides: Peptides,
    rate: float,
    in_run: NDArray[np.float64],
    overall: NDArray[np.float64] | None,
    source: str,
) -> None:
    """Keep the rows whose q-values are at most ``rate``, and say what was lost."""
    rows = peptides.rows
    peptide, target = rows["peptide"].to_numpy(), ~rows["decoy"].to_numpy()
    without = np.isnan(in_run)
    passes = in_run <= rate
    if overall is not None:
        passes &= overall <= rate
    # the peptides of matched rows were identified in another run
    identified = np.zeros(len(peptides.peptides), dtype=bool)
    identified[peptide[(overall <= rate) if overall is not None else passes]] = True
    matched = without & (rows["evidence"].to_numpy() != MS2)
    out.keep = passes | (matched & identified[peptide])
    lost = target & ~out.keep
    out.lost = bool(lost.any())
    intensity = rows["intensity"].to_numpy()
    total = np.nansum(np.sort(intensity[target]))
    share = f"{np.nansum(np.sort(intensity[lost])) / total:.2%}" if total > 0 else "an unknown part"
    gone = len(np.setdiff1d(peptide[target], peptide[target & out.keep]))
    above = lost & ~without
    reasons = []
    if overall is not None:
        reasons.append(f"{int((above & (in_run > rate)).sum())} are above it in their run")
        reasons.append(f"{int((above & ~(in_run > rate)).sum())} only over all runs")
    else:
        reasons.append(f"{int(above.sum())} are above it")
    if (lost & without).any():
        reasons.append(f"{int((lost & without).sum())} have no q-value or score")
    message = f"Peptides are held to an error rate of {rate:.2%} by {source}. "
    if out.lost:
        message += (
            f"{int(lost.sum())} of {int(target.sum())} rows are left out ({', '.join(reasons)}) with {share} of the "
            f"summed intensity; {gone} peptides are gone from all runs."
        )
    else:
        message += f"All {int(target.sum())} rows pass."
    out.warnings.append(warning(STAGE, "info", "peptide_error_rate", peptides.name, message, int(lost.sum())))


def _resolution(out: Control, peptides: Peptides, rate: float) -> None:
    """Say where there are so few targets that one decoy more or less decides."""
    distinct = peptides.rows.loc[~peptides.rows["decoy"], ["run", "peptide"]].drop_duplicates()
    counts = distinct["run"].value_counts()
    few = sorted(peptides.runs[r] for r in counts.index[counts * rate < 1])
    if few:
        message = (
            f"{len(few)} runs have fewer than {1 / rate:.0f} peptides ({', '.join(few[:5])}"
            f"{' ...' if len(few) > 5 else ''}): an error rate of {rate:.2%} cannot be told from zero in them."
        )
        out.warnings.append(warning(STAGE, "warning", "few_peptides_for_error_rate", peptides.name, message, len(few)))


def _unfiltered(out: Control, peptides: Peptides, rate: float) -> None:
    """Without q-values and scores: accept what the engine has filtered, as far as that can be seen."""
    rows = peptides.rows
    decoys = int(rows.loc[rows["decoy"], "peptide"].nunique())
    targets = int(rows.loc[~rows["decoy"], "peptide"].nunique())
    advice = (
        "export the search with q-values, or with decoys and their scores; where the engine has filtered the list "
        "already, set `peptide: 1` (and `protein: 1`) in the block `fdr` of the configuration to use it as it is"
    )
    if decoys > rate * targets:
        raise InputError(
            f"The peptides hold more decoys than an error rate of {rate:.2%} allows, and no scores to part them by.",
            where=f"input '{peptides.name}'",
            found=f"{decoys} decoy peptides and {targets} others ({decoys / max(targets, 1):.2%})",
            expected="q-values, or decoys with scores",
            advice=advice,
        )
    if not decoys and not (rows["group"] >= 0).any():
        raise InputError(
            f"An error rate of {rate:.2%} is asked for, and nothing in the input allows to judge it.",
            where=f"input '{peptides.name}'",
            found=f"{targets} peptides without q-values, without decoys and without protein groups",
            expected="q-values, or decoys with scores",
            advice=advice,
        )
    if decoys:
        message = (
            f"The peptides have no q-values or scores. {decoys} decoys among {targets} peptides make an error rate of "
            f"{decoys / max(targets, 1):.2%} for the list as a whole, so all of it is used."
        )
    else:
        message = (
            "The peptides have no q-values and no decoys. The engine grouped them into proteins; its own filter is "
            "taken as it is and cannot be checked."
        )
    out.warnings.append(warning(STAGE, "info", "error_rate_of_engine", peptides.name, message, targets))
