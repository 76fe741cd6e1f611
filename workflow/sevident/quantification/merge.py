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
from ..tables import EVIDENCE_KINDS, warning

if TYPE_CHECKING:
    from numpy.typing import NDArray

STAGE = "quantify"
FRACTION = "fraction"  # the column of the sample sheet that tells fractions from replicates
_TAGS = (
    "process",
    "serum",
    "ambiguous",
    "none",
)  # where two inputs tag one group differently, the first of these holds
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
    """Protein groups x samples, both sorted by name where rows are concerned, samples in sheet order.

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


@dataclass(frozen=True)
class Runs:
    """The long protein table taken apart: codes for groups and runs instead of text, and the groups' own facts."""

    groups: pd.DataFrame
    runs: list[tuple[str, str]]  # (input, run), sorted
    group_of: NDArray[np.int64]  # per row of the long table
    run_of: NDArray[np.int64]
    intensity: NDArray[np.float64]
    spectra: NDArray[np.float64]
    peptides: NDArray[np.float64]
    evidence: NDArray[np.int8]
    warnings: list[dict[str, object]]

    def matrix(self, values: NDArray, run: int, order: NDArray[np.int64], bounds: NDArray[np.int64]) -> NDArray:
        """The values of one run over all groups (nan where the table has no row)."""
        rows = order[bounds[run] : bounds[run + 1]]
        column = np.full(len(self.groups), np.nan)
        column[self.group_of[rows]] = values[rows]
        return column

    def wide(self, chosen: Sequence[int] | None = None) -> NDArray[np.float64]:
        """Intensities as groups x runs, for all runs or the chosen ones; nan where nothing was measured."""
        chosen = range(len(self.runs)) if chosen is None else chosen
        place = np.full(len(self.runs), -1)
        place[list(chosen)] = np.arange(len(chosen))
        out = np.full((len(self.groups), len(chosen)), np.nan)
        rows = place[self.run_of] >= 0
        out[self.group_of[rows], place[self.run_of[rows]]] = self.intensity[rows]
        return out


def take_apart(proteins: pd.DataFrame) -> Runs:
    """The protein table (tables.PROTEINS) as codes and numbers, in an order that does not depend on the order of rows.

    Values that are not positive and finite count as nothing measured; negative and infinite ones are counted in a
    warning. Protein group identifiers that stand for different proteins in two inputs (running numbers, say) get the
    input's name as an ending, so that they are not joined. Raises InputError when a group stands twice in one run.
    """
    warnings: list[dict[str, object]] = []
    inputs, input_code = _sorted_codes(proteins["input"])
    names, name_code = _sorted_codes(proteins["run"])
    pair = input_code * len(names) + name_code
    present = np.unique(pair)
    run_of = np.searchsorted(present, pair)
    runs = [(inputs[p // len(names)], names[p % len(names)]) for p in present.tolist()]

    identifiers, id_code = _sorted_codes(proteins["protein_group"])
    group_of, labels = _distinguish(proteins, inputs, input_code, identifiers, id_code, warnings)
    _check_unique(group_of, run_of, labels, runs)
    groups = _facts(proteins, group_of, input_code, labels, warnings)

    intensity = proteins["intensity"].to_numpy(dtype="float64", copy=True)
    wrong = ~np.isnan(intensity) & ((intensity < 0) | np.isinf(intensity))
    if wrong.any():
        message = (
            f"{int(wrong.sum())} intensities are negative or infinite and were taken as not measured. "
            "If the table holds logarithms, set `scale` of this input."
        )
        for code in np.unique(input_code[wrong]):
            count = int(wrong[input_code == code].sum())
            warnings.append(warning(STAGE, "warning", "impossible_intensity", inputs[code], message, count))
    intensity[wrong | (intensity == 0)] = np.nan
    evidence = pd.Categorical(proteins["evidence"], categories=list(EVIDENCE_KINDS)).codes.astype("int8")
    evidence[evidence < 0] = EVIDENCE_KINDS.index("unknown")
    return Runs(
        groups,
        runs,
        group_of,
        run_of,
        intensity,
        _numbers(proteins["spectra"]),
        _numbers(proteins["peptides"]),
        evidence,
        warnings,
    )


def _numbers(column: pd.Series) -> NDArray[np.float64]:
    return column.to_numpy(dtype="float64", na_value=np.nan)


def _sorted_codes(column: pd.Series) -> tuple[list[str], NDArray[np.int64]]:
    """The distinct texts in order of their code points, and for each row the place of its text."""
    codes, texts = pd.factorize(column)
    words = [str(t) for t in texts]
    order = sorted(range(len(words)), key=words.__getitem__)
    place = np.empty(len(words), dtype="int64")
    place[order] = np.arange(len(words))
    return [words[i] for i in order], place[codes]


def _distinguish(
    proteins: pd.DataFrame,
    inputs: list[str],
    input_code: NDArray[np.int64],
    identifiers: list[str],
    id_code: NDArray[np.int64],
    warnings: list[dict[str, object]],
) -> tuple[NDArray[np.int64], list[str]]:
    """Group codes of the whole study, and their names; an identifier with two meanings becomes one group per input."""
    if len(inputs) == 1:
        return id_code, identifiers
    first = pd.DataFrame({"id": id_code, "input": input_code}).drop_duplicates()
    accessions = proteins["accessions"].iloc[first.index].astype("str")
    leading = accessions.where(accessions.ne(""), proteins["genes"].iloc[first.index].astype("str"))
    first["leading"] = leading.str.split(";").str[0].to_numpy()
    named = first[first["leading"].ne("")]
    meanings = named.groupby("id")["leading"].nunique()
    double = set(meanings[meanings > 1].index)
    if double:
        message = (
            f"{len(double)} protein group identifiers mean different proteins in different inputs (running numbers, "
            "for instance). They were kept apart and carry the name of their input."
        )
        warnings.append(warning(STAGE, "info", "identifiers_with_two_meanings", "study", message, len(double)))
    labels = {}
    for identifier, source in zip(first["id"].tolist(), first["input"].tolist(), strict=True):
        ending = f"@{inputs[source]}" if identifier in double else ""
        labels[identifier, source] = identifiers[identifier] + ending
    distinct = sorted(set(labels.values()))
    place = {label: i for i, label in enumerate(distinct)}
    table = np.full((len(identifiers), len(inputs)), -1, dtype="int64")
    for (identifier, source), label in labels.items():
        table[identifier, source] = place[label]
    return table[id_code, input_code], distinct


def _check_unique(
    group_of: NDArray[np.int64], run_of: NDArray[np.int64], labels: list[str], runs: list[tuple[str, str]]
) -> None:
    keys = run_of * len(labels) + group_of
    ordered = np.sort(keys)
    twice = ordered[1:][ordered[1:] == ordered[:-1]]
    if len(twice):
        source, run = runs[int(twice[0]) // len(labels)]
        raise InputError(
            "A protein group stands in a run more than once.",
            where=f"input '{source}', run '{run}'",
            found=f"{len(np.unique(twice))} repeated rows, the first for '{labels[int(twice[0]) % len(labels)]}'",
            expected="one row per protein group and run",
            advice="look for repeated rows in the search result, or for two columns of the same run",
        )


def _facts(
    proteins: pd.DataFrame,
    group_of: NDArray[np.int64],
    input_code: NDArray[np.int64],
    labels: list[str],
    warnings: list[dict[str, object]],
) -> pd.DataFrame:
    """Accessions, genes, organism, contaminant class and length of every group: the first given, inputs in order."""
    columns = ["accessions", "genes", "organism", "contaminant", "sequence_length"]
    # one row per group and distinct facts is enough, and there are far fewer of them than rows of the long table
    keys = pd.DataFrame({"group": group_of, "input": input_code})
    codes = {c: pd.factorize(proteins[c])[0] for c in columns}
    distinct = keys.assign(**codes).drop_duplicates().index
    facts = proteins[columns].iloc[distinct].reset_index(drop=True)
    facts = facts.astype(dict.fromkeys(columns[:4], "str"))
    facts.insert(0, "group", group_of[distinct])
    facts.insert(1, "input", input_code[distinct])
    facts = facts.sort_values(["group", "input", *columns], kind="stable")
    tags = facts.loc[facts["contaminant"].isin(_TAGS), ["group", "contaminant"]].drop_duplicates()
    differing = int((tags.groupby("group").size() > 1).sum())
    if differing:
        message = (
            f"{differing} protein groups are tagged as contaminants in a part of the inputs only; the tag was kept."
        )
        warnings.append(warning(STAGE, "info", "contaminant_tags_differ", "study", message, differing))
    severity = pd.Categorical(tags["contaminant"], categories=list(_TAGS), ordered=True).codes
    worst = tags.assign(severity=severity).sort_values(["group", "severity"]).drop_duplicates("group")
    text = facts.assign(**{c: facts[c].astype("object").where(facts[c].ne("")) for c in columns[:3]})
    text["sequence_length"] = facts["sequence_length"].where(facts["sequence_length"] > 0)
    out = text.groupby("group")[["accessions", "genes", "organism", "sequence_length"]].first()
    out = out.reindex(range(len(labels)))
    out["contaminant"] = worst.set_index("group")["contaminant"].reindex(out.index).fillna("none").astype("str")
    for column in columns[:3]:
        out[column] = out[column].astype("object").where(out[column].notna(), "").astype("str")
    out["sequence_length"] = out["sequence_length"].astype("float64")
    out.insert(0, "protein_group", labels)
    return out[["protein_group", *columns]].reset_index(drop=True)


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
