"""From peptides to protein groups, input by input, where the protein table of the engine does not serve.

Which way an input goes (said in a remark of each input):

* **no peptides**: the engine's protein table, held to the error rate of protein groups by the q-values in it.
* **the engine's groups**, where the peptide rows name them. As long as every peptide passes the error rate, the
  engine's quantities stay; else they are summed anew from the peptides that pass.
* **inferred groups** (see ``inference``) where they do not; quantities are summed.

The intensity of a group in a run is the sum over its unique and razor peptides: all their precursors, each intensity of
a precursor once. Sums go from the smallest value upwards, so that the order of rows cannot change a bit of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..tables import EVIDENCE_KINDS, FEATURES, INFERENCE, PROTEINS, Table, conform, empty, warning
from . import fdr
from .fdr import Rates
from .grouping import Grouping, describe, group_by_engine, group_by_parsimony
from .peptides import MS2, Peptides, take_apart
from .runs import STAGE

if TYPE_CHECKING:
    from numpy.typing import NDArray

NEEDED = ("input", "protein_group", "q_value", "is_decoy")  # columns of FEATURES that ``untouched`` looks at
_ENGINE = "The engine's protein groups and quantities are used."


@dataclass
class Quantities:
    """``proteins``: what the composition rests on, by tables.PROTEINS. ``features``: the peptides that it rests on, by
    tables.FEATURES: no decoys, only what passed, with the protein group it counts for; an intensity of a precursor that
    stood there several times is null in all rows but one. ``explained``: by tables.INFERENCE, the proteins of the
    inputs whose groups were inferred. ``changed``: whether anything differs from what was given.
    """

    proteins: pd.DataFrame
    features: pd.DataFrame
    explained: pd.DataFrame
    warnings: list[dict[str, object]]
    changed: bool = True


def untouched(pieces: Iterable[pd.DataFrame], rates: Rates) -> dict[str, int]:
    """The inputs whose peptides all pass by the engine's own q-values and groups, and their number of rows.

    ``pieces``: the columns ``NEEDED`` of tables.FEATURES, in any number of pieces. In large tables of an engine that
    filters by itself this is the rule, and the other columns then need not be read. Without a rate there are none.
    """
    if rates.peptide is None:
        return {}
    sizes: Counter[str] = Counter()
    failing: set[str] = set()
    for features in pieces:
        q = features["q_value"]
        fails = features["is_decoy"] | features["protein_group"].eq("") | ~(q <= rates.peptide)
        for name, any_, size in fails.groupby(features["input"].astype("str")).agg(["any", "size"]).itertuples():
            sizes[str(name)] += int(size)
            if any_:
                failing.add(str(name))
    return {name: size for name, size in sorted(sizes.items()) if name not in failing}


def quantities(
    proteins: pd.DataFrame,
    features: pd.DataFrame,
    rates: Rates,
    organism: str = "",
    passed: Mapping[str, int] | None = None,
) -> Quantities:
    """The protein table that the composition rests on, its peptides, and what was done to get them.

    ``proteins``, ``features``: by the contracts of tables.PROTEINS and FEATURES (text columns may be categories);
    ``organism``: the study's; ``passed``: inputs that are ``untouched``, whose peptide rows need not be given. Rows of
    an input that needs nothing done stay as they are. Raises InputError where an error rate cannot be judged.
    """
    passed = passed or {}
    given = {str(n) for n in features["input"].unique()}
    names = {str(n) for n in proteins["input"].unique()} | given
    parts: list[Quantities] = []
    for name in sorted(names):
        mine, rows = proteins[proteins["input"].eq(name)], features[features["input"].eq(name)]
        if name in passed or name not in given:
            parts.append(hold_table(name, mine, rows, rates, passed.get(name, 0)))
        else:
            parts.append(from_peptides(name, mine, rows, rates, organism))
    found = [line for part in parts for line in part.warnings]
    explained = [part.explained for part in parts if len(part.explained)]
    why = conform(pd.concat(explained, ignore_index=True), INFERENCE) if explained else empty(INFERENCE)
    if not any(part.changed for part in parts):
        return Quantities(proteins, features, why, found, changed=False)
    return Quantities(
        pd.concat([_as_text(part.proteins, PROTEINS) for part in parts], ignore_index=True),
        pd.concat([_as_text(part.features, FEATURES) for part in parts], ignore_index=True),
        why,
        found,
    )


def _as_text(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    return frame.astype(dict.fromkeys((c for c, kind in table.columns.items() if kind == "str"), "str"))


def hold_table(name: str, proteins: pd.DataFrame, features: pd.DataFrame, rates: Rates, passed: int = 0) -> Quantities:
    """The engine's protein table and peptides without the groups whose q-value in a run is above the rate.

    Groups without a q-value stay. ``passed``: how many peptide rows the engine's q-values were looked at for.
    """
    found = []
    if passed:
        message = f"Peptides are held to an error rate of {rates.peptide:.2%} by the engine's q-values. "
        message += f"All {passed} rows pass."
        found.append(warning(STAGE, "info", "peptide_error_rate", name, message, 0))
    known = proteins["q_value"].notna().any()
    message = _ENGINE if known or rates.protein is None else f"{_ENGINE} The table holds no q-values of protein groups."
    found.append(warning(STAGE, "info", "proteins_of_engine", name, message))
    out = Quantities(proteins, features, empty(INFERENCE), found, changed=False)
    if known and rates.protein is not None:
        above = (proteins["q_value"] > rates.protein).to_numpy()
        found.append(_lost_groups(name, proteins["protein_group"], above, rates.protein, "the engine's q-values"))
        if above.any():
            out.changed = True
            out.proteins, out.features = proteins[~above], _without(features, proteins[above])
    return out


def _without(features: pd.DataFrame, lost: pd.DataFrame) -> pd.DataFrame:
    """The peptide rows without those of the groups and runs that were lost."""
    keys = ["run", "protein_group"]
    here = pd.MultiIndex.from_frame(features[keys].astype("str"))
    return features[~here.isin(pd.MultiIndex.from_frame(lost[keys].astype("str")))]


def _lost_groups(name: str, groups: pd.Series, lost: NDArray[np.bool_], rate: float, source: str) -> dict[str, object]:
    message = f"Protein groups are held to an error rate of {rate:.2%} by {source}. "
    if lost.any():
        here, stay = set(groups[lost].unique()), set(groups[~lost].unique())
        message += (
            f"{int(lost.sum())} of {len(lost)} rows (a group in a run) are left out; {len(here - stay)} of "
            f"{len(here | stay)} groups are gone from all runs."
        )
    else:
        message += f"All {len(lost)} rows (a group in a run) pass."
    return warning(STAGE, "info", "protein_error_rate", name, message, int(lost.sum()))


def from_peptides(
    name: str, proteins: pd.DataFrame, features: pd.DataFrame, rates: Rates, organism: str = ""
) -> Quantities:
    """One input that has peptides: error rates, groups, quantities."""
    peptides, found = take_apart(name, features)
    decoy = peptides.rows["decoy"].to_numpy()
    control = fdr.control_peptides(peptides, rates.peptide)
    found += control.warnings
    if decoy.any():
        message = f"{int(decoy.sum())} decoy rows are left out after they have served for the error rates."
        found.append(warning(STAGE, "info", "decoys_removed", name, message, int(decoy.sum())))
    by_engine = bool((peptides.rows.loc[~decoy, "group"] >= 0).any())
    if by_engine:
        grouping, remarks = group_by_engine(peptides, control.keep, proteins)
    else:
        grouping, remarks = group_by_parsimony(peptides, control.keep)
    found += remarks
    targets = features.iloc[peptides.rows["row"].to_numpy()[~decoy]]

    if by_engine and not control.lost and len(proteins):
        if rates.protein is None or control.score is None or proteins["q_value"].notna().any():
            out = hold_table(name, proteins, targets, rates)
            out.changed |= len(targets) < len(features)
            out.warnings = found + out.warnings
            return out
        found.append(warning(STAGE, "info", "proteins_of_engine", name, _ENGINE))
        table, rows = proteins.copy(), targets
    else:
        table, used, remarks = roll_up(peptides, control.keep, grouping)
        found += remarks
        table = table.merge(describe(grouping, peptides, proteins, organism), on="protein_group", validate="m:1")
        table = table.assign(input=name)
        if by_engine:
            table = _with_q_values(table, proteins)
        found.append(_path(name, by_engine, table))
        labels = np.array(grouping.labels, dtype=object)[used["group"].to_numpy()]
        rows = features.iloc[used["row"].to_numpy()].assign(protein_group=labels, intensity=used["once"].to_numpy())
    lost, remarks = _lost(name, table, peptides, control, grouping, rates.protein)
    found += remarks
    explained = empty(INFERENCE)
    if grouping.inference is not None:
        explained = conform(grouping.inference.proteins.assign(input=name), INFERENCE)
    rows = _without(rows, table[lost]) if lost.any() else rows
    return Quantities(conform(table[~lost], PROTEINS), rows, explained, found)


def _path(name: str, by_engine: bool, table: pd.DataFrame) -> dict[str, object]:
    groups = int(table["protein_group"].nunique())
    if by_engine:
        message = (
            f"The intensities of {groups} protein groups were summed anew from the peptides that pass the error rate; "
            "the groups are the engine's."
        )
        return warning(STAGE, "info", "proteins_rolled_up", name, message, groups)
    message = (
        f"The input names no protein groups. {groups} groups were inferred by parsimony and their intensities summed "
        "over unique and razor peptides."
    )
    return warning(STAGE, "info", "proteins_inferred", name, message, groups)


def roll_up(
    peptides: Peptides, keep: NDArray[np.bool_], grouping: Grouping
) -> tuple[pd.DataFrame, pd.DataFrame, list[dict[str, object]]]:
    """Run by run the protein groups of the target rows in ``keep``; the rows that were used; remarks.

    Columns of the groups: run, protein_group, intensity (sum; nan = none), peptides (distinct sequences), spectra (sum;
    nan where the input counts none), evidence (the best). An intensity of a precursor that stands in a run several
    times, as it does where a table has a row per spectrum, counts once; different intensities of a precursor are added
    up. The rows have the columns of ``Peptides.rows``, group (place among the labels) and once (the intensity where it
    was counted).
    """
    found: list[dict[str, object]] = []
    rows = peptides.rows[keep & ~peptides.rows["decoy"].to_numpy()].copy()
    rows["group"] = grouping.group_of[rows["peptide"].to_numpy()]
    homeless = int((rows["group"] < 0).sum())
    if homeless:
        message = f"{homeless} peptide rows name no protein and are left out."
        found.append(warning(STAGE, "warning", "peptides_without_protein", peptides.name, message, homeless))
        rows = rows[rows["group"] >= 0]
    measured = rows["intensity"].notna() | (rows["spectra"] > 0)
    # a row without any quantity tells of an identification only where the spectrum itself does
    rows = rows[measured | (rows["spectra"].isna() & rows["evidence"].eq(MS2))]
    place = ["run", "group", "precursor", "intensity"]
    rows = rows.sort_values([*place, "evidence"], kind="stable")
    again = rows.duplicated(place) & rows["intensity"].notna()
    counted = int(again.sum())
    if counted:
        message = (
            f"{counted} rows repeat a precursor of the same run with the same intensity (a row per spectrum, or rows "
            "given twice); each intensity was counted once."
        )
        found.append(warning(STAGE, "warning", "duplicated_precursors", peptides.name, message, counted))
    several = int((rows[~again & rows["intensity"].notna()].duplicated(place[:3])).sum())
    if several:
        message = f"{several} rows hold a further intensity of a precursor in the same run; these were added up."
        found.append(warning(STAGE, "info", "several_intensities", peptides.name, message, several))

    rows["once"] = rows["intensity"].mask(again)
    groups = rows.sort_values(["run", "group", "once"], kind="stable").groupby(["run", "group"], sort=True)
    sums = pd.DataFrame(
        {
            "intensity": groups["once"].sum(min_count=1),
            "peptides": groups["peptide"].nunique(),
            "spectra": groups["spectra"].sum(min_count=1),
            "evidence": groups["evidence"].min(),
        }
    ).reset_index()
    sums["run"] = np.array(peptides.runs, dtype=object)[sums["run"].to_numpy(dtype="int64")]
    sums["protein_group"] = np.array(grouping.labels, dtype=object)[sums.pop("group").to_numpy(dtype="int64")]
    sums["evidence"] = np.array(EVIDENCE_KINDS, dtype=object)[sums["evidence"].to_numpy(dtype="int64")]
    return sums, rows, found


def _with_q_values(table: pd.DataFrame, proteins: pd.DataFrame) -> pd.DataFrame:
    """The engine's q-values of its groups, run by run, beside the sums."""
    known = proteins[["run", "protein_group", "q_value"]].astype({"run": "str", "protein_group": "str"})
    known = known[known["q_value"].notna()].drop_duplicates(["run", "protein_group"])
    return table.merge(known, on=["run", "protein_group"], how="left") if len(known) else table


def _lost(
    name: str,
    table: pd.DataFrame,
    peptides: Peptides,
    control: fdr.Control,
    grouping: Grouping,
    rate: float | None,
) -> tuple[NDArray[np.bool_], list[dict[str, object]]]:
    """Which rows of the table are above ``rate``, by the engine's q-values or the picked ones, which are filled in."""
    none = np.zeros(len(table), dtype=bool)
    if rate is None:
        message = "No error rate of protein groups is asked for; all of them are used."
        return none, [warning(STAGE, "warning", "no_protein_error_rate", name, message)]
    if "q_value" in table and table["q_value"].notna().any():
        above = (table["q_value"] > rate).to_numpy()
        return above, [_lost_groups(name, table["protein_group"], above, rate, "the engine's q-values")]
    if control.score is None:
        level = "info" if grouping.inference is None else "warning"
        message = (
            f"The error rate of protein groups cannot be judged: the input holds no decoys with scores. "
            f"{table['protein_group'].nunique()} groups rest on the error rate of their peptides, and more than "
            f"{rate:.2%} of them may be false."
        )
        return none, [warning(STAGE, level, "protein_error_rate_unknown", name, message)]
    overall, in_run = picked_q_values(peptides, control, grouping)
    place = {label: i for i, label in enumerate(grouping.labels) if not grouping.decoy[i]}
    runs = {run: i for i, run in enumerate(peptides.runs)}
    group = np.array([place.get(str(g), -1) for g in table["protein_group"]], dtype="int64")
    run = np.array([runs.get(str(r), -1) for r in table["run"]], dtype="int64")
    known = (group >= 0) & (run >= 0)
    q = np.full(len(table), np.nan)
    q[known] = np.maximum(overall[group[known]], in_run[run[known], group[known]])
    table["q_value"] = q
    lost = known & ~(q <= rate)
    return lost, [_lost_groups(name, table["protein_group"], lost, rate, "picked target-decoy competition")]


def picked_q_values(
    peptides: Peptides, control: fdr.Control, grouping: Grouping
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Picked q-values of each group over all runs, and in each run (runs x groups).

    nan: put out by its own decoy. A group that has no peptide of its own with a score in a run (only razor peptides,
    or matched ones) has its q-value of all runs there.
    """
    rows = peptides.rows
    code = rows["peptide"].to_numpy()
    score = control.score if control.score is not None else np.full(len(rows), np.nan)
    use = control.keep & grouping.unique[code] & ~np.isnan(score)
    best = np.full((len(peptides.runs), len(grouping.labels)), np.nan)
    np.fmax.at(best, (rows["run"].to_numpy()[use], grouping.group_of[code[use]]), score[use])
    rivals = grouping.rivals()
    overall = fdr.group_q_values(np.fmax.reduce(best, axis=0), grouping.decoy, rivals)
    in_run = np.empty_like(best)
    for run, scores in enumerate(best):
        in_run[run] = np.where(np.isnan(scores), overall, fdr.group_q_values(scores, grouping.decoy, rivals))
    return overall, in_run
