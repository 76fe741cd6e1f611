"""Which protein group a peptide counts for, with groups of the engine or inferred ones, and what a group is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from ..contaminants import classify_group, organisms
from ..identifiers import Identifier, join, parse_identifier, split_identifiers
from ..tables import warning
from . import inference
from .inference import Inference
from .peptides import Peptides
from .runs import STAGE

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Grouping:
    """Protein groups of targets and decoys, and their peptides.

    ``labels``, ``decoy``, ``members`` (accessions, the leading one first): per group; ``group_of`` (-1 = none) and
    ``unique`` (in no other group): per peptide of the input. ``inference``: how the groups of targets came about, None
    where they are the engine's.
    """

    labels: list[str]
    decoy: NDArray[np.bool_]
    members: list[list[str]]
    group_of: NDArray[np.int64]
    unique: NDArray[np.bool_]
    inference: Inference | None = None

    def rivals(self) -> NDArray[np.int64]:
        """Pairs of a target group and a decoy group that have a protein in common, shape (pairs, 2)."""
        of_decoy: dict[str, list[int]] = {}
        for group in np.flatnonzero(self.decoy).tolist():
            for accession in self.members[group]:
                of_decoy.setdefault(accession, []).append(group)
        pairs = {
            (group, other)
            for group in np.flatnonzero(~self.decoy).tolist()
            for accession in self.members[group]
            for other in of_decoy.get(accession, ())
        }
        return np.array(sorted(pairs), dtype="int64").reshape(-1, 2)


def group_by_parsimony(peptides: Peptides, keep: NDArray[np.bool_]) -> tuple[Grouping, list[dict[str, object]]]:
    """Inferred groups for the rows in ``keep``, targets and decoys each for themselves, by the same rules."""
    decoy = peptides.rows["decoy"].to_numpy()
    place = {peptide: i for i, peptide in enumerate(peptides.peptides)}
    group_of = np.full(len(place), -1, dtype="int64")
    unique = np.zeros(len(place), dtype=bool)
    labels: list[str] = []
    results = []
    for chosen in (keep & ~decoy, keep & decoy):
        result = inference.infer(peptides.pairs(chosen))
        names = result.groups["protein_group"].tolist()
        number = {label: len(labels) + i for i, label in enumerate(names)}
        codes = np.array([place[p] for p in result.peptides["peptide"]], dtype="int64")
        group_of[codes] = [number[g] for g in result.peptides["protein_group"]]
        unique[codes] = result.peptides["shared"].to_numpy() == 1
        labels += names
        results.append(result)
    targets = results[0]
    is_decoy = np.arange(len(labels)) >= len(targets.groups)
    members = [label.split(";") for label in labels]
    return Grouping(labels, is_decoy, members, group_of, unique, targets), _inferred(peptides.name, targets)


def _inferred(name: str, result: Inference) -> list[dict[str, object]]:
    status = result.proteins["status"].value_counts().to_dict()
    several = int(result.groups["accessions"].str.contains(";").sum())
    shared = int((result.peptides["shared"] > 1).sum())
    message = (
        f"{len(result.proteins)} proteins have peptides; {len(result.groups)} groups explain them all, {several} of "
        f"them with proteins that cannot be told apart ({status.get(inference.INDISTINGUISHABLE, 0)} further "
        f"proteins). {status.get(inference.SUBSET, 0)} proteins have a part of another group's peptides only, and "
        f"{status.get(inference.SUBSUMABLE, 0)} are explained by several groups together; these are not listed. "
        f"{shared} of {len(result.peptides)} peptides are shared between groups and count for the one with the most "
        "peptides."
    )
    return [warning(STAGE, "info", "protein_inference", name, message, len(result.groups))]


def group_by_engine(
    peptides: Peptides, keep: NDArray[np.bool_], proteins: pd.DataFrame
) -> tuple[Grouping, list[dict[str, object]]]:
    """The engine's groups for the rows in ``keep``; a peptide that stands in several of them goes to its razor group.

    ``proteins``: the engine's protein table of this input, for the proteins of its groups.
    """
    rows = peptides.rows[keep]
    decoy = rows["decoy"].to_numpy()
    named = rows["group"].to_numpy() >= 0
    # decoys have groups of their own, by the engine's name or, without one, by the proteins of the row
    width = max(len(peptides.groups), len(peptides.proteins), 1)
    key = np.where(named, rows["group"] + decoy * width, rows["proteins"] + 2 * width).astype("int64")
    use = named | decoy
    kinds, column = np.unique(key[use], return_inverse=True)
    codes, row = np.unique(rows["peptide"].to_numpy()[use], return_inverse=True)
    known = _first_of_groups(proteins)
    accessions = dict(zip(known["protein_group"], known["accessions"], strict=True))
    labels: list[str] = []
    members: list[list[str]] = []
    for k in kinds.tolist():
        kind, code = divmod(k, width)
        if kind == 2:
            found = [p.accession for p in peptides.proteins[code]]
            label = ";".join(found)
        else:
            label = peptides.groups[code]
            given = accessions.get(label, "") if kind == 0 else ""
            found = [parse_identifier(p).accession for p in split_identifiers(given or label)]
        labels.append(label)
        members.append(list(dict.fromkeys(found)))
    held = inference.incidence_matrix(row, column, (len(codes), len(kinds)))
    sizes = np.asarray(held.sum(axis=0)).ravel()
    leading = [m[0] if m else label for m, label in zip(members, labels, strict=True)]
    razor, shared, _ = inference.assign(held, sizes, inference.alphabetical_ranks(leading))
    group_of = np.full(len(peptides.peptides), -1, dtype="int64")
    unique = np.zeros(len(group_of), dtype=bool)
    group_of[codes], unique[codes] = razor, shared == 1
    out = Grouping(labels, kinds // width > 0, members, group_of, unique)
    several = int((shared > 1).sum())
    if not several:
        return out, []
    message = (
        f"{several} of {len(codes)} peptides stand in several protein groups of the engine; each counts for the group "
        "with the most peptides."
    )
    return out, [warning(STAGE, "info", "razor_peptides", peptides.name, message, several)]


def _first_of_groups(proteins: pd.DataFrame) -> pd.DataFrame:
    """One row per group of a protein table, with its facts as plain text; the same one whatever the order of rows."""
    text = ["protein_group", "accessions", "genes", "organism", "contaminant"]
    facts = proteins[[*text, "sequence_length"]].drop_duplicates().astype(dict.fromkeys(text, "str"))
    return facts.sort_values([*text, "sequence_length"], kind="stable").drop_duplicates("protein_group")


class _Facts(NamedTuple):
    """What the engine's table says about one protein; ``rank``: the lower, the more surely it is about this one."""

    rank: tuple[bool, int]
    gene: str
    organism: str
    contaminant: str
    length: float


def describe(grouping: Grouping, peptides: Peptides, proteins: pd.DataFrame, organism: str) -> pd.DataFrame:
    """Columns protein_group, accessions, genes, organism, contaminant and sequence_length of the target groups.

    The engine's groups have what the engine's table says. Inferred ones are put together from what that table says of
    their proteins: all genes and organisms in the order of the proteins, length and contaminant class of the leading
    one. A group led by a clean protein with a contaminant among its indistinguishable ones is ``ambiguous``.
    """
    known = _first_of_groups(proteins)
    by_label = known.set_index("protein_group") if grouping.inference is None else known.iloc[:0]
    facts = _facts_of_proteins(known)
    identifiers: dict[str, Identifier] = {}
    for group in peptides.proteins:
        for protein in group:
            if protein.contaminant or protein.accession not in identifiers:
                identifiers[protein.accession] = protein
    columns = ["accessions", "genes", "organism", "contaminant", "sequence_length"]
    rows = []
    for label, decoy, members in zip(grouping.labels, grouping.decoy.tolist(), grouping.members, strict=True):
        if decoy:
            continue
        if label in by_label.index:
            rows.append((label, *by_label.loc[label, columns]))
            continue
        each = [
            facts.get(a) or _unknown(identifiers.get(a, Identifier(a)), peptides.genes.get(a, ""), organism)
            for a in members
        ]
        classes = {f.contaminant for f in each}
        rows.append(
            (
                label,
                ";".join(members),
                join(gene for f in each for gene in f.gene.split(";")),
                join(word for f in each for word in f.organism.split(";")),
                "ambiguous" if each[0].contaminant == "none" and len(classes) > 1 else each[0].contaminant,
                each[0].length,
            )
        )
    return pd.DataFrame(rows, columns=["protein_group", *columns])


def _unknown(protein: Identifier, gene: str, study: str) -> _Facts:
    """The facts of a protein that the engine's table does not hold, from its identifier."""
    kind = classify_group([protein], gene=gene, study=study)
    return _Facts((True, 0), protein.gene or gene, organisms([protein]), kind, np.nan)


def _facts_of_proteins(known: pd.DataFrame) -> dict[str, _Facts]:
    """Facts by accession, from the row that it leads with the fewest others, else from one that holds it."""
    found: dict[str, _Facts] = {}
    for row in known.itertuples(index=False):
        members, genes, species = (str(t).split(";") if t else [] for t in (row.accessions, row.genes, row.organism))
        for i, accession in enumerate(members):
            rank = (i > 0, len(members))
            if accession in found and found[accession].rank <= rank:
                continue
            if len(members) == 1:
                gene = ";".join(genes)
            elif len(genes) == len(members):
                gene = genes[i]
            else:
                gene = genes[0] if genes and i == 0 else ""
            organism = species[0] if species and (len(species) == 1 or i == 0) else ""
            length = float(row.sequence_length) if i == 0 else np.nan  # type: ignore[arg-type]
            found[accession] = _Facts(rank, gene, organism, str(row.contaminant), length)
    return found
