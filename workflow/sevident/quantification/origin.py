"""Which species a study's proteins come from: the table SPECIES, and quantities of the study's own species.

Peptides and the searched database decide where both are there (see ``species``). An input without peptides or without
a database goes by the organisms of its protein groups: a group of one species speaks for it, a group with members of
several is shared.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ..tables import SPECIES, conform, warning
from . import scan, species
from .database import Database, join
from .merge import Row
from .runs import STAGE
from .scan import Source
from .species import BOVINE, PROCESS, Load

SEARCHED, NOT_SEARCHED = "searched", "not_searched"
PLATELETS_HIGH = 0.005  # mass fraction of the platelet panel; see ``platelets``
_BY_GROUPS = "by the organisms of protein groups; to sort peptides, a peptide table and the searched FASTA are needed"
_GROWN = ("preparation", "conditioned_medium", "qualified_reference")


@dataclass(frozen=True)
class Origin:
    """``table``: SPECIES; ``proteins`` and ``features``: with quantities of the study's own species; warnings."""

    table: pd.DataFrame
    proteins: pd.DataFrame
    features: Source | None
    warnings: list[dict[str, object]]


def analyse(
    proteins: pd.DataFrame,
    features: Source | None,
    rows: Sequence[Row],
    organism: str,
    searched: Mapping[str, Database],
    further: Database | None = None,
) -> Origin:
    """Sort peptides by species and take what other species hold from the quantities of the study's.

    ``proteins``: tables.PROTEINS; ``features``: its peptides, if there are any; ``rows``: of the sample sheet;
    ``organism``: the study's; ``searched``: the databases of the inputs that have one; ``further``: sequences that were
    not searched.
    """
    found: list[dict[str, object]] = []
    groups = _groups(proteins)
    database = join([*searched.values(), *([further] if further else [])])
    with_peptides = scan.inputs(features) if features is not None else set()
    found += _two_species(groups, organism)
    own_sequences = organism in database.organisms()
    if database.proteins and with_peptides and not own_sequences:
        message = (
            f"The databases hold no {organism} sequences, so peptides cannot be sorted by species; protein groups "
            "were, by their organisms. Give the searched database (`fasta`) of every input."
        )
        found.append(warning(STAGE, "warning", "no_own_sequences", "study", message, len(database.proteins)))
    sums = [_group_sums(proteins, groups, organism, set() if not own_sequences else with_peptides)]
    divided = _nothing("species", "intensity")
    peptides: dict[tuple[str, str], int] = {}
    samples = _runs_of_samples(rows)
    by_peptides = bool(own_sequences and with_peptides and features is not None)
    if by_peptides:
        assert features is not None  # noqa: S101  (for the type checker; see by_peptides)
        engine = species.by_groups(features, groups, organism)
        index = species.index(species.observed_peptides(features), database, organism, engine)
        sums.append(species.run_sums(features, index))
        peptides = species.specific_peptides(features, index, samples)
        parts = species.splits(features, index)
        divided = species.divided_sums(features, parts)
        weight = species.weights(features, index, parts, organism)
        own = groups[species.of_species(groups["organism"], organism) & groups["contaminant"].ne(PROCESS).to_numpy()]
        factors = species.consistent(features, weight, own)
        proteins, more = _shrunk(proteins, factors, organism)
        found += more
        features = replace(features, weights=weight, own=own)
    loads = species.loads(pd.concat(sums, ignore_index=True), divided, peptides, samples)
    known = _searched(groups, searched)
    table = _table(samples, loads, organism, known, by_peptides, with_peptides, further)
    return Origin(table, proteins, features, found + _remarks(table, organism))


def _nothing(*columns: str) -> pd.DataFrame:
    return pd.DataFrame({c: pd.Series(dtype="str") for c in ("input", "run", *columns)})


def _runs_of_samples(rows: Sequence[Row]) -> dict[str, list[tuple[str, str]]]:
    out: dict[str, list[tuple[str, str]]] = {}
    for row in rows:
        out.setdefault(row.sample, []).append((row.input, row.run))
    return out


def _groups(proteins: pd.DataFrame) -> pd.DataFrame:
    """Input, protein_group, organism and contaminant of each group once, as text."""
    columns = ["input", "protein_group", "organism", "contaminant"]
    frame = proteins[columns].drop_duplicates(["input", "protein_group"]).astype("str")
    return frame.sort_values(columns[:2], ignore_index=True)


def _group_sums(proteins: pd.DataFrame, groups: pd.DataFrame, organism: str, without: set[str]) -> pd.DataFrame:
    """Columns input, run, species, intensity by the organisms of protein groups, for inputs not in ``without``."""
    kinds = groups[~groups["input"].isin(sorted(without))]
    if kinds.empty:
        return _nothing("species", "intensity").astype({"intensity": "float64"})
    kind = [
        PROCESS if contaminant == PROCESS else ";".join(sorted(set((text or organism).split(";"))))
        for text, contaminant in zip(kinds["organism"], kinds["contaminant"], strict=True)
    ]
    at = pd.MultiIndex.from_frame(proteins[["input", "protein_group"]].astype("str"))
    species_of = pd.Series(kind, index=pd.MultiIndex.from_frame(kinds[["input", "protein_group"]]), dtype="object")
    frame = proteins[["input", "run", "intensity"]].assign(species=species_of.reindex(at).to_numpy())
    frame = frame[frame["species"].notna() & frame["intensity"].gt(0) & np.isfinite(frame["intensity"])]
    frame = frame.astype({"input": "str", "run": "str", "species": "str"})
    return (
        frame.groupby(["input", "run", "species"])["intensity"]
        .agg(lambda values: math.fsum(values.to_numpy()))
        .reset_index()
    )


def _searched(groups: pd.DataFrame, searched: Mapping[str, Database]) -> dict[str, set[str]]:
    """The species that each input was searched for: those of its database and of the groups in its table."""
    out: dict[str, set[str]] = {}
    for name, part in groups.groupby("input"):
        held = part.loc[part["contaminant"].ne(PROCESS), "organism"].unique()
        out[str(name)] = {o for text in held for o in str(text).split(";") if o}
    for name, database in searched.items():
        out.setdefault(name, set()).update(database.organisms())
    return out


def _shrunk(
    proteins: pd.DataFrame, factors: pd.DataFrame, organism: str
) -> tuple[pd.DataFrame, list[dict[str, object]]]:
    """The intensities of groups multiplied by their factors; what is left of nothing is null."""
    if factors.empty:
        return proteins, []
    keys = ["input", "run", "protein_group"]
    at = pd.MultiIndex.from_frame(proteins[keys].astype("str"))
    factor = factors.set_index(keys)["factor"].reindex(at).to_numpy(copy=True)
    before = proteins["intensity"].to_numpy(dtype="float64")
    changed = ~np.isnan(factor) & (factor < 1.0) & (before > 0)
    if not changed.any():
        return proteins, []
    after = np.where(changed, before * factor, before)
    lost = changed & (factor == 0)
    after[lost] = np.nan
    taken = math.fsum((before[changed] - np.nan_to_num(after[changed])).tolist())
    total = math.fsum(before[before > 0].tolist())
    message = (
        f"{int(changed.sum())} values of {organism} protein groups hold intensity of peptides that are, or for a part "
        f"are, of another species; it was taken off ({taken / total:.2%} of all intensity)."
    )
    found = [warning(STAGE, "info", "other_species_taken_off", "study", message, int(changed.sum()))]
    if lost.any():
        message = f"{int(lost.sum())} values of {organism} protein groups rest on peptides of other species alone; "
        message += "they count as not measured."
        found.append(warning(STAGE, "warning", "only_other_species", "study", message, int(lost.sum())))
    return proteins.assign(intensity=after), found


def _two_species(groups: pd.DataFrame, organism: str) -> list[dict[str, object]]:
    mixed = [organism in text.split(";") and ";" in text for text in groups["organism"]]
    number = sum(mixed)
    if not number:
        return []
    shown = ", ".join(groups.loc[mixed, "protein_group"].head(3)) + (" ..." if number > 3 else "")
    message = f"{number} protein groups hold proteins of {organism} and of another species: {shown}."
    return [warning(STAGE, "info", "groups_of_two_species", "study", message, number)]


def _table(
    samples: Mapping[str, Sequence[tuple[str, str]]],
    loads: Mapping[str, Mapping[str, Load]],
    organism: str,
    known: Mapping[str, set[str]],
    by_peptides: bool,
    with_peptides: set[str],
    further: Database | None,
) -> pd.DataFrame:
    seen = {
        name
        for load in loads.values()
        for name, one in load.items()
        if one.specific > 0 and (one.peptides or not by_peptides)
    }
    names = list(dict.fromkeys([organism, BOVINE, *sorted(seen)]))
    bounded = set(further.organisms()) if further and by_peptides else set()
    nothing = Load(math.nan, math.nan, math.nan, 0)
    rows: list[dict[str, object]] = []
    for sample, runs in samples.items():
        inputs = sorted({source for source, _ in runs})
        peptides = by_peptides and all(source in with_peptides for source in inputs)
        for name in names:
            load = loads[sample].get(name, nothing)
            row: dict[str, object] = {"sample": sample, "species": name}
            if name == organism or all(name in known.get(source, set()) for source in inputs):
                measured = not all(math.isnan(one.specific) for one in loads[sample].values())
                load = loads[sample].get(name, Load(0.0, 0.0, 0.0, 0) if measured else nothing)
                row |= {
                    "status": SEARCHED,
                    "peptides": load.peptides if peptides else None,
                    "intensity_share": load.specific,
                    "apportioned_share": load.apportioned,
                    "shared_share": load.shared,
                    "note": "" if peptides else _BY_GROUPS,
                }
            elif name in bounded and peptides:
                row |= {
                    "status": NOT_SEARCHED,
                    "shared_share": load.shared,
                    "note": f"no {name} sequences were searched; the peptides that they share are the most that can "
                    f"be {name} among what was identified",
                }
            else:
                row |= {
                    "status": NOT_SEARCHED,
                    "note": f"no {name} sequences were searched, and {_without_bound(name, further)}; "
                    f"how much is {name} is not known",
                }
            rows.append(row)
    return conform(pd.DataFrame(rows), SPECIES)


def _without_bound(name: str, further: Database | None) -> str:
    if further and name in further.organisms():
        return "those given serve only with a peptide table and the searched FASTA"
    return "none were given"


def _remarks(table: pd.DataFrame, organism: str) -> list[dict[str, object]]:
    rows = table[table["species"].eq(BOVINE)]
    if organism == BOVINE or rows.empty:
        return []
    found: list[dict[str, object]] = []
    seen = rows[rows["status"].eq(SEARCHED) & rows["apportioned_share"].gt(0)]
    if len(seen):
        highest = seen.sort_values(["apportioned_share", "sample"], ascending=[False, True]).iloc[0]
        message = (
            f"Bovine protein was found in {len(seen)} of {len(rows)} samples: {seen['apportioned_share'].median():.1%} "
            f"of the intensity that can be told apart by species in the median of these, most in "
            f"'{highest['sample']}' ({highest['apportioned_share']:.1%})."
        )
        found.append(warning(STAGE, "info", "serum_load_bovine", "study", message, len(seen)))
    missing = rows[rows["status"].eq(NOT_SEARCHED)]
    if len(missing):
        bound = missing["shared_share"].max()
        message = (
            f"No bovine sequences were searched for {len(missing)} samples, so bovine serum cannot be seen in them"
        )
        message += (
            "."
            if math.isnan(bound)
            else f"; of what was identified at most {bound:.1%} can be bovine (peptides that both species share)."
        )
        message += " Search again with the bovine proteins of a contaminant list."
        found.append(warning(STAGE, "info", "bovine_not_searched", "study", message, len(missing)))
    return found


def platelets(shares: Mapping[str, float], roles: Mapping[str, str], organism: str) -> list[dict[str, object]]:
    """Remarks on samples in which platelet proteins are high: human platelet lysate is human, and no peptide tells it.

    ``shares``: mass fraction of the platelet panel by sample; ``roles``: of the samples. Of 64 small-EV preparations
    of four public studies (cell culture, ascites, blood) none had more than 0.26 %; 173
    blood preparations that their authors called EVs had up to 6.8 %.
    """
    if organism != "human":
        return []
    high = {name: share for name, share in shares.items() if share > PLATELETS_HIGH and roles.get(name) in _GROWN}
    return [
        warning(
            STAGE,
            "warning",
            "platelet_proteins",
            name,
            f"Platelet proteins make {share:.1%} of sample '{name}'. They may come from platelets in the source, or "
            "from human platelet lysate in the culture medium: that is human protein, which no peptide tells from the "
            "preparation's own. Compare with the medium alone.",
        )
        for name, share in sorted(high.items())
    ]
