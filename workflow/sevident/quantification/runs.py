"""The long protein table taken apart: codes and numbers in the place of text, and the facts of each protein group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..errors import InputError
from ..tables import EVIDENCE_KINDS, warning

if TYPE_CHECKING:
    from numpy.typing import NDArray

STAGE = "quantify"
_TAGS = (
    "process",
    "serum",
    "ambiguous",
    "none",
)  # where two inputs tag one group differently, the first of these holds


@dataclass(frozen=True)
class Runs:
    """The long protein table taken apart: codes for groups and runs instead of text, and the groups' own facts."""

    groups: pd.DataFrame
    runs: list[tuple[str, str]]  # (input, run), sorted
    group_of: NDArray[np.integer]  # per row of the long table
    run_of: NDArray[np.integer]
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
    input_code, inputs = sorted_codes(proteins["input"])
    name_code, names = sorted_codes(proteins["run"])
    pair = input_code * len(names) + name_code
    present = np.unique(pair)
    run_of = np.searchsorted(present, pair)
    runs = [(inputs[p // len(names)], names[p % len(names)]) for p in present.tolist()]

    id_code, identifiers = sorted_codes(proteins["protein_group"])
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


def sorted_codes(column: pd.Series) -> tuple[NDArray[np.int64], list[str]]:
    """For each row the place of its text, and the distinct texts in order of their code points."""
    codes, texts = pd.factorize(column)
    words = [str(t) for t in texts.tolist()]
    order = sorted(range(len(words)), key=words.__getitem__)
    place = np.empty(len(words), dtype="int64")
    place[order] = np.arange(len(words))
    return place[codes], [words[i] for i in order]


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
    codes = {c: pd.factorize(proteins[c])[0] for c in columns}
    pair = group_of * (int(input_code.max(initial=0)) + 1) + input_code
    first = np.zeros(int(pair.max(initial=-1)) + 1, dtype="int64")
    rows = np.arange(len(pair))
    first[pair[::-1]] = rows[::-1]
    # the first row of a group in an input, and those that say something else than it
    other = np.flatnonzero(np.any([c != c[first[pair]] for c in codes.values()], axis=0))
    said = pd.DataFrame({"pair": pair[other], **{c: values[other] for c, values in codes.items()}})
    distinct = np.concatenate([np.flatnonzero(first[pair] == rows), other[~said.duplicated().to_numpy()]])
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
