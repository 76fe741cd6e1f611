"""Which species the peptides of a sample come from.

Cells in culture grow in bovine serum, and what the serum leaves in a preparation looks like human protein wherever the
sequences agree: a tenth of the proteins identified in human cell lines were bovine (Sugar S et al. J Mass Spectrom
2020;55:e4464). Each observed peptide is looked up in the database with I = L (see ``sequences``) and belongs to one
species, is shared by several, or belongs to process contaminants alone.

* The specific load: intensity of the peptides of bovine proteins alone over the intensity of all peptides that belong
  to one species. Shared peptides are left out of both.
* ``serum_load_bovine``, the apportioned load, divides the shared peptides as well, in the way of the last point. It is
  the nearer one: in mixtures of 5 to 50 % bovine protein, with peptides drawn at random, it was at most 0.15 percentage
  points off for sequences of real serum proteins and 0.9 for invented ones; the specific load up to 1.3 and 4.0.
* Without bovine sequences in the search bovine peptides cannot be found, and the load is *not searched*. If the user
  gives bovine sequences all the same, the share of the peptides that human and bovine proteins share is the upper bound
  of what may be bovine.
* Human-consistent intensities: for protein groups of the study's species, peptides of other species alone are left out,
  and of a shared peptide that part counts which the species' own peptides make likely: own / (own + other), where each
  is the species-specific intensity of the proteins that hold the peptide per theoretical species-specific peptide, of
  the run (the idea of distributed spectral counts: Zhang Y et al. Anal Chem 2010;82:2272-2281, doi 10.1021/ac9023999,
  with the quantity of iBAQ). Where no other species is seen nothing changes. A protein all of whose peptides are shared
  (actin, histone H4) cannot be told apart, and keeps its whole intensity.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .database import Database
from .ibaq import LONGEST, SHORTEST, digest
from .scan import Features, connect
from .sequences import Occurrences, locate

if TYPE_CHECKING:
    from numpy.typing import NDArray

PROCESS = "process"  # a peptide of process contaminants alone
UNKNOWN = ""  # a peptide that the database does not hold
BOVINE = "bovine"
_KEYS = ["input", "run", "peptide"]


@dataclass(frozen=True)
class Index:
    """Peptides and their species.

    ``peptides`` (sorted) and ``species``, one entry per peptide: the species whose proteins hold it, joined by ';' in
    alphabetical order, PROCESS or UNKNOWN; ``places`` where they occur among ``proteins``; ``organisms``: the species
    of each protein.
    """

    peptides: tuple[str, ...]
    species: tuple[str, ...]
    places: Occurrences
    organisms: tuple[str, ...]
    sequences: tuple[str, ...]

    def frame(self) -> pd.DataFrame:
        """Columns peptide and species."""
        return pd.DataFrame(
            {"peptide": pd.Series(self.peptides, dtype="str"), "species": pd.Series(self.species, dtype="str")}
        )


def observed_peptides(features: Features) -> list[str]:
    """The distinct sequences of FEATURES that have an intensity, sorted."""
    with connect(features) as connection:
        rows = connection.execute("SELECT DISTINCT peptide FROM quantified WHERE peptide <> ''").fetchall()
    return sorted(str(row[0]) for row in rows)


def index(peptides: Sequence[str], database: Database, organism: str, engine: Mapping[str, str] | None = None) -> Index:
    """Look the peptides up in the database. Proteins of unknown organism are taken as the study's (``organism``).

    ``engine``: species of peptides by the engine's protein groups (see ``by_groups``), for peptides that the database
    does not hold: engines search contaminants from lists of their own.
    """
    peptides = sorted(set(peptides))
    organisms = tuple(PROCESS if p.process else p.organism or organism for p in database.proteins)
    sequences = tuple(p.sequence for p in database.proteins)
    places = locate(peptides, sequences)
    kinds = _species(len(peptides), places, organisms)
    if engine:
        kinds = tuple(kind or engine.get(word, UNKNOWN) for word, kind in zip(peptides, kinds, strict=True))
    return Index(tuple(peptides), kinds, places, organisms, sequences)


def by_groups(features: Features, groups: pd.DataFrame, organism: str) -> dict[str, str]:
    """Species of every peptide by the protein groups in which it was measured, in the words of ``Index.species``.

    ``groups``: input, protein_group, organism (joined by ';', empty = the study's) and contaminant of each group once.
    """
    kinds = groups[["input", "protein_group"]].assign(
        kind=[
            PROCESS if contaminant == PROCESS else text or organism
            for text, contaminant in zip(groups["organism"], groups["contaminant"], strict=True)
        ]
    )
    with connect(features) as connection:
        connection.register("kinds", kinds)
        rows = connection.execute(
            "SELECT DISTINCT peptide, kind FROM quantified JOIN kinds USING (input, protein_group) ORDER BY ALL"
        ).fetchall()
    held: dict[str, set[str]] = {}
    for peptide, kind in rows:
        held.setdefault(peptide, set()).update(kind.split(";"))
    return {peptide: ";".join(sorted(names - {PROCESS})) or PROCESS for peptide, names in held.items()}


def _species(number: int, places: Occurrences, organisms: Sequence[str]) -> tuple[str, ...]:
    held: list[set[str]] = [set() for _ in range(number)]
    for peptide, protein in zip(places.peptide.tolist(), places.protein.tolist(), strict=True):
        held[peptide].add(organisms[protein])
    return tuple(";".join(sorted(names - {PROCESS})) or (PROCESS if names else UNKNOWN) for names in held)


def run_sums(features: Features, found: Index) -> pd.DataFrame:
    """Columns input, run, species (as in the index) and intensity: the summed intensity of each run by species."""
    with connect(features) as connection:
        connection.register("species_of", found.frame())
        # sums over sorted values: the same to the last bit in any order of rows, on any number of cores
        return connection.execute(
            "SELECT input, run, coalesce(species, '') AS species, sum(intensity ORDER BY intensity) AS intensity "
            "FROM quantified LEFT JOIN species_of USING (peptide) GROUP BY ALL ORDER BY ALL"
        ).df()


def specific_peptides(
    features: Features, found: Index, samples: Mapping[str, Sequence[tuple[str, str]]]
) -> dict[tuple[str, str], int]:
    """By sample and species the number of distinct peptides that belong to this species alone.

    ``samples``: the runs (input, run) of each sample.
    """
    runs = [(sample, source, run) for sample, members in samples.items() for source, run in members]
    with connect(features) as connection:
        connection.register("species_of", found.frame())
        connection.register("sheet", pd.DataFrame(runs, columns=["sample", "input", "run"], dtype="str"))
        rows = connection.execute(
            "SELECT sample, species, count(DISTINCT peptide) FROM quantified JOIN sheet USING (input, run) "
            "JOIN species_of USING (peptide) WHERE species NOT IN ('', $process) AND NOT contains(species, ';') "
            "GROUP BY ALL",
            {"process": PROCESS},
        ).fetchall()
    return {(sample, name): number for sample, name, number in rows}


def splits(features: Features, found: Index) -> pd.DataFrame:
    """Shared peptides divided among their species, by run: columns input, run, peptide, species, share (sum 1).

    The shares are those of the species' rates (see the module). A peptide is left out where a species that holds it has
    no theoretical peptide of its own among the proteins in question, or where no specific peptide of them was seen: it
    cannot be divided. Empty where the peptides speak of one species alone.
    """
    columns = [*_KEYS, "species", "share"]
    single = {s for s in found.species if s not in {UNKNOWN, PROCESS} and ";" not in s}
    shared = [";" in s for s in found.species]
    if len(single) < 2 or not any(shared):
        return pd.DataFrame({c: pd.Series(dtype="float64" if c == "share" else "str") for c in columns})
    able, rates = _rates(features, found, shared)
    pairs = pd.DataFrame({"number": found.places.peptide, "protein": found.places.protein})
    pairs = pairs[np.array(shared, dtype="bool")[pairs["number"]]]
    pairs["species"] = np.array(found.organisms, dtype="object")[pairs["protein"]]
    pairs = pairs[pairs["species"].ne(PROCESS)]
    pairs["peptide"] = np.array(found.peptides, dtype="object")[pairs["number"]]
    with connect(features) as connection:
        connection.register("pairs", pairs[["peptide", "species", "protein"]].astype({"peptide": "str"}))
        connection.register("able", able)
        connection.register("rates", rates)
        # of several proteins of a species (isoforms, paralogues) the most abundant counts
        best = connection.execute(
            "SELECT input, run, peptide, species, max(coalesce(rate, 0)) AS rate, max(able) AS able "
            "FROM (SELECT DISTINCT input, run, peptide FROM quantified) JOIN pairs USING (peptide) "
            "JOIN able USING (protein) LEFT JOIN rates USING (input, run, protein) GROUP BY ALL ORDER BY ALL"
        ).df()
    groups = best.groupby(_KEYS, sort=False, observed=True)
    total = groups["rate"].transform("sum")
    divisible = groups["able"].transform("min").gt(0) & total.gt(0)
    return best.assign(share=best["rate"] / total.where(divisible))[divisible][columns].reset_index(drop=True)


def weights(features: Features, found: Index, divided: pd.DataFrame, organism: str) -> pd.DataFrame:
    """The share of each peptide's intensity that is consistent with the study's species, where it is below 1.

    ``divided``: of ``splits``. Columns input, run, peptide, weight (0 to 1; 0 for peptides of other species alone);
    empty where no other species was seen. For protein groups with a member of the species (see ``consistent``).
    """
    kinds = found.frame()
    others = kinds[[s not in {UNKNOWN, PROCESS} and organism not in s.split(";") for s in found.species]]
    columns = [*_KEYS, "weight"]
    if others.empty:
        return pd.DataFrame({c: pd.Series(dtype="float64" if c == "weight" else "str") for c in columns})
    with connect(features) as connection:
        connection.register("others", others)
        foreign = connection.execute(
            "SELECT DISTINCT input, run, peptide, 0.0::DOUBLE AS weight "
            "FROM quantified SEMI JOIN others USING (peptide)"
        ).df()
    own = divided[divided["species"].eq(organism) & divided["share"].lt(1.0)].rename(columns={"share": "weight"})
    both = pd.concat([foreign[columns], own[columns]], ignore_index=True).astype(dict.fromkeys(_KEYS, "str"))
    return both.sort_values(_KEYS, ignore_index=True)


def _rates(features: Features, found: Index, shared: Sequence[bool]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Of the proteins that hold a shared peptide the number of theoretical specific peptides (protein, able), and, for
    those seen in a run, the specific intensity per such peptide (input, run, protein, rate).
    """
    mask = np.array(shared, dtype="bool")[found.places.peptide]
    chosen = [p for p in sorted(set(found.places.protein[mask].tolist())) if found.organisms[p] != PROCESS]
    theoretical = {p: [s for s in digest(found.sequences[p]) if SHORTEST <= len(s) <= LONGEST] for p in chosen}
    words = sorted({word for words in theoretical.values() for word in words})
    kinds = dict(zip(words, _species(len(words), locate(words, found.sequences), found.organisms), strict=True))
    able = {p: sum(kinds[word] == found.organisms[p] for word in theoretical[p]) for p in chosen}
    specific = pd.DataFrame({"number": found.places.peptide, "protein": found.places.protein})
    kind = np.array(found.species, dtype="object")[specific["number"]]
    own = np.array(found.organisms, dtype="object")[specific["protein"]]
    specific = specific[specific["protein"].isin([p for p in chosen if able[p]]) & (kind == own)]
    specific["peptide"] = np.array(found.peptides, dtype="object")[specific["number"]]
    numbers = pd.DataFrame({"protein": chosen, "able": [able[p] for p in chosen]}, dtype="int64")
    with connect(features) as connection:
        connection.register("specific", specific[["peptide", "protein"]].astype({"peptide": "str"}))
        connection.register("able", numbers)
        sums = connection.execute(
            "SELECT input, run, protein, sum(intensity ORDER BY intensity) / any_value(able) AS rate "
            "FROM quantified JOIN specific USING (peptide) JOIN able USING (protein) GROUP BY ALL ORDER BY ALL"
        ).df()
    return numbers, sums


def of_species(organisms: pd.Series, organism: str) -> NDArray[np.bool_]:
    """Which groups have a member of the study's species, or of unknown species (``organisms`` joined by ';')."""
    return np.array([not text or organism in text.split(";") for text in organisms.astype("str")], dtype="bool")


def consistent(features: Features, weight: pd.DataFrame, own: pd.DataFrame) -> pd.DataFrame:
    """By how much the protein groups of the study's species shrink when other species' intensity is taken off.

    ``weight``: of ``weights``; ``own``: the groups with a member of the species (input, protein_group). Returns input,
    run, protein_group and factor (0 to 1) for the groups that change; quantities are to be multiplied by it.
    """
    if weight.empty:
        return pd.DataFrame({"input": [], "run": [], "protein_group": [], "factor": []})
    with connect(features) as connection:
        connection.register("weights", weight)
        connection.register("own", own[["input", "protein_group"]].drop_duplicates())
        return connection.execute(
            """
            WITH parts AS (
                SELECT input, run, protein_group, intensity, intensity * coalesce(weight, 1.0) AS kept, weight
                FROM quantified SEMI JOIN own USING (input, protein_group)
                LEFT JOIN weights USING (input, run, peptide)
            )
            SELECT input, run, protein_group, sum(kept ORDER BY kept) / sum(intensity ORDER BY intensity) AS factor
            FROM parts GROUP BY input, run, protein_group HAVING count(weight) > 0 ORDER BY ALL
            """
        ).df()


def divided_sums(features: Features, divided: pd.DataFrame) -> pd.DataFrame:
    """Columns input, run, species and intensity: what ``splits`` gives to each species of the shared peptides."""
    with connect(features) as connection:
        connection.register("divided", divided)
        return connection.execute(
            "SELECT input, run, species, sum(part ORDER BY part) AS intensity FROM "
            "(SELECT input, run, species, intensity * share AS part FROM quantified "
            "JOIN divided USING (input, run, peptide)) GROUP BY ALL ORDER BY ALL"
        ).df()


@dataclass(frozen=True)
class Load:
    """One species in one sample.

    ``specific``: its share of the species-specific intensity; ``apportioned``: the same with the shared peptides that
    can be divided among their species; ``shared``: the intensity of its peptides that other species hold as well, over
    that of all peptides of known species; ``peptides``: distinct peptides of the species alone. nan: nothing measured.
    """

    specific: float
    apportioned: float
    shared: float
    peptides: int


def loads(
    sums: pd.DataFrame,
    divided: pd.DataFrame,
    peptides: Mapping[tuple[str, str], int],
    samples: Mapping[str, Sequence[tuple[str, str]]],
) -> dict[str, dict[str, Load]]:
    """The load of every sample with every species that any peptide speaks of.

    ``sums``: of ``run_sums``, ``divided``: of ``divided_sums``, ``peptides``: of ``specific_peptides``; ``samples``:
    the runs (input, run) of each sample. Intensities of its runs are added up, of technical replicates too (the shares
    of the runs, weighted by their load).
    """
    names = sorted({n for s in sums["species"].unique() for n in str(s).split(";")} - {UNKNOWN, PROCESS})
    totals = {run: _totals(part) for run, part in _by_run(sums).items()}
    parts = {run: _totals(part) for run, part in _by_run(divided).items()}
    out: dict[str, dict[str, Load]] = {}
    for sample, runs in samples.items():
        total = {s: v for s, v in _added(totals, runs).items() if s not in {UNKNOWN, PROCESS}}
        extra = _added(parts, runs)
        single = {name: total.get(name, 0.0) for name in names}
        with_shared = {name: single[name] + extra.get(name, 0.0) for name in names}
        common = {s: v for s, v in total.items() if ";" in s}
        out[sample] = {
            name: Load(
                _share(single[name], single.values()),
                _share(with_shared[name], with_shared.values()),
                _share(math.fsum(v for s, v in common.items() if name in s.split(";")), total.values()),
                peptides.get((sample, name), 0),
            )
            for name in names
        }
    return out


def _share(part: float, whole: Iterable[float]) -> float:
    total = math.fsum(whole)
    return part / total if total > 0 else math.nan


def _by_run(frame: pd.DataFrame) -> dict[tuple[str, str], pd.DataFrame]:
    return {(str(i), str(r)): part for (i, r), part in frame.groupby(["input", "run"], observed=True)}


def _totals(frame: pd.DataFrame) -> dict[str, float]:
    return dict(zip(frame["species"].astype("str").tolist(), frame["intensity"].tolist(), strict=True))


def _added(by_run: Mapping[tuple[str, str], Mapping[str, float]], runs: Sequence[tuple[str, str]]) -> dict[str, float]:
    chosen = [by_run[run] for run in runs if run in by_run]
    return {s: math.fsum(part.get(s, 0.0) for part in chosen) for s in sorted({s for part in chosen for s in part})}
