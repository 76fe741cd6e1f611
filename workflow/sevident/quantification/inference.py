"""Protein inference by parsimony, for inputs whose engine gave no protein groups.

The problem and its words: Nesvizhskii AI, Aebersold R. Mol Cell Proteomics 2005;4:1419-1440, doi
10.1074/mcp.R500012-MCP200. The rules, in their order:

1. Proteins with exactly the same peptides are **indistinguishable** and make one group. It is led by the member that
   comes first when sequences without isoform number go before isoforms, six-character accessions (older, mostly
   reviewed) before ten-character ones, and then the alphabet decides.
2. A group all of whose peptides belong to one larger group is a **subset**: nothing speaks for it.
3. Of the others, those with a peptide of their own are taken. What they leave unexplained is explained by as few
   further groups as a greedy cover needs, in each connected component for itself: again and again the group with the
   most peptides that are not yet explained (ties: most peptides, then the leading accession). A group that has become
   needless is taken out again. Groups not taken are **subsumable**: several taken groups together explain their
   peptides.
4. A peptide in several groups that were taken goes, as **razor** peptide, to the group with the most peptides; ties go
   to the leading accession that comes first in the alphabet. Each group that was taken has at least one peptide that
   no other group taken has.

Peptides are stripped sequences over all runs of an input, so that every run has the same groups.
"""

from __future__ import annotations

import heapq
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy import sparse

LEADING, INDISTINGUISHABLE, SUBSET, SUBSUMABLE = STATUSES = ("leading", "indistinguishable", "subset", "subsumable")
COLUMNS = ["accession", "status", "protein_group", "explained_by", "peptides", "unique", "reason"]
_ISOFORM = re.compile(r"-\d+$")
_SHOWN = 5  # groups that a reason names; more are counted


@dataclass(frozen=True)
class Inference:
    """What parsimony made of peptides and proteins.

    ``groups``, a row per group in alphabetical order: protein_group (its accessions joined by ``;``), leading,
    accessions, peptides (all), unique (in no other group), razor (shared, and assigned here).
    ``proteins``, a row per protein, sorted (COLUMNS): accession, status (STATUSES), protein_group (its own, or empty),
    explained_by (the groups that hold its peptides, joined by `` | ``), peptides, unique, reason (a sentence).
    ``peptides``, a row per peptide, sorted: peptide, protein_group (where it counts), shared (the number of groups that
    hold it).
    """

    groups: pd.DataFrame
    proteins: pd.DataFrame
    peptides: pd.DataFrame


def leading_order(accession: str) -> tuple[bool, bool, str]:
    """Sorting key of the members of a group (rule 1)."""
    base = _ISOFORM.sub("", accession)
    return base != accession, len(base) == 10, accession


def infer(pairs: pd.DataFrame) -> Inference:
    """Groups for ``pairs`` (columns peptide and protein, text; repeated rows count once).

    The result depends on the set of pairs alone, not on their order. An empty frame gives an empty result.
    """
    peptide_of, peptides = pd.factorize(pairs["peptide"].astype("str"), sort=True)
    protein_of, proteins = pd.factorize(pairs["protein"].astype("str"), sort=True)
    names = sorted(map(str, proteins), key=leading_order)
    place = {name: i for i, name in enumerate(names)}
    columns = np.array([place[str(name)] for name in proteins], dtype="int64")[protein_of]
    incidence = incidence_matrix(peptide_of, columns, (len(peptides), len(names)))

    group_of, members = _merge_identical(incidence)
    leaders = [names[m[0]] for m in members]
    held = incidence[:, [m[0] for m in members]].tocsr()
    sizes = np.asarray(held.sum(axis=0)).ravel()
    alphabet = alphabetical_ranks(leaders)
    subset, taken = _explain(held, sizes, alphabet)
    razor, shared, unique = assign(held[:, taken], sizes[taken], alphabet[taken])

    labels = np.array([";".join(names[i] for i in m) for m in members], dtype=object)
    chosen = labels[taken]
    order = np.argsort(alphabetical_ranks(chosen.tolist()))
    counted = np.bincount(razor, minlength=len(taken)) if len(taken) else np.zeros(0, dtype="int64")
    groups = pd.DataFrame(
        {
            "protein_group": chosen,
            "leading": [leaders[g] for g in taken],
            "accessions": chosen,
            "peptides": sizes[taken].astype("int64"),
            "unique": unique,
            "razor": counted - unique,
        }
    ).iloc[order]
    table = pd.DataFrame({"peptide": peptides.astype("str"), "protein_group": chosen[razor], "shared": shared})
    why = _reasons(names, group_of, members, held, sizes, subset, taken, unique, labels)
    return Inference(groups.reset_index(drop=True), why, table)


def assign(
    held: sparse.csr_matrix, sizes: NDArray[np.int64], alphabet: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Where each peptide counts: its razor group, the number of groups that hold it, and the unique ones per group.

    ``held``: peptides x groups, every peptide in at least one; ``sizes``: peptides per group; ``alphabet``: rank of the
    leading accession. Most peptides win, then the lower rank (rule 4).
    """
    order = np.lexsort((alphabet, -sizes))
    rank = np.empty(len(order), dtype="int64")
    rank[order] = np.arange(len(order))
    shared = np.diff(held.indptr).astype("int64")
    if not held.nnz:
        return np.zeros(0, dtype="int64"), shared, np.zeros(held.shape[1], dtype="int64")
    razor = order[np.minimum.reduceat(rank[held.indices], held.indptr[:-1])]
    unique = np.bincount(razor[shared == 1], minlength=held.shape[1])
    return razor, shared, unique


def incidence_matrix(rows: NDArray, columns: NDArray, shape: tuple[int, int]) -> sparse.csr_matrix:
    """Ones at the given places; a place given twice is one place."""
    from scipy import sparse

    found = sparse.csr_matrix((np.ones(len(rows), dtype="int64"), (rows, columns)), shape=shape)
    found.data[:] = 1  # repeated pairs were added up
    found.sort_indices()
    return found


def alphabetical_ranks(words: Sequence[str]) -> NDArray[np.int64]:
    """The place of each word in the alphabet (by code points)."""
    rank = np.empty(len(words), dtype="int64")
    rank[sorted(range(len(words)), key=words.__getitem__)] = np.arange(len(words))
    return rank


def _merge_identical(incidence: sparse.csr_matrix) -> tuple[NDArray[np.int64], list[list[int]]]:
    """The group of each protein, and the proteins of each group in their order (rule 1)."""
    columns = incidence.tocsc()
    columns.sort_indices()
    groups: dict[bytes, int] = {}
    members: list[list[int]] = []
    group_of = np.empty(columns.shape[1], dtype="int64")
    starts = columns.indptr.tolist()
    for protein in range(columns.shape[1]):
        key = columns.indices[starts[protein] : starts[protein + 1]].tobytes()
        group = groups.setdefault(key, len(members))
        if group == len(members):
            members.append([])
        members[group].append(protein)
        group_of[protein] = group
    return group_of, members


def _explain(
    held: sparse.csr_matrix, sizes: NDArray[np.int64], alphabet: NDArray[np.int64]
) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Which groups are subsets, and which are taken (rules 2 and 3)."""
    common = (held.T @ held).tocoo()
    inside = (common.data == sizes[common.row]) & (sizes[common.col] > sizes[common.row])
    subset = np.zeros(len(sizes), dtype=bool)
    subset[common.row[inside]] = True

    candidates = np.flatnonzero(~subset)
    maximal = held[:, candidates].tocsr()
    lone = np.diff(maximal.indptr) == 1
    needed = np.zeros(len(candidates), dtype=bool)
    needed[maximal.indices[maximal.indptr[:-1][lone]]] = True
    open_peptides = np.flatnonzero((maximal @ needed.astype("int64")) == 0)
    if len(open_peptides):
        rest = np.flatnonzero(~needed)
        picked = _cover(maximal[open_peptides][:, rest], sizes[candidates[rest]], alphabet[candidates[rest]])
        needed[rest[picked]] = True
    return subset, candidates[needed]


def _cover(open_: sparse.csr_matrix, sizes: NDArray[np.int64], alphabet: NDArray[np.int64]) -> list[int]:
    """Few groups that hold all the peptides of ``open_`` (peptides x groups): greedy, per connected component."""
    from scipy import sparse
    from scipy.sparse import csgraph

    count, width = open_.shape
    both = sparse.bmat([[None, open_], [open_.T, None]]).tocsr()
    number, component = csgraph.connected_components(both, directed=False)
    of_group = component[count:]
    order = np.argsort(of_group, kind="stable")
    bounds = np.searchsorted(of_group[order], np.arange(number + 1))
    columns = open_.tocsc()
    holds = [frozenset(columns.indices[columns.indptr[g] : columns.indptr[g + 1]].tolist()) for g in range(width)]
    picked: list[int] = []
    for c in range(number):
        choice = order[bounds[c] : bounds[c + 1]].tolist()
        queue = [(-len(holds[g]), -int(sizes[g]), int(alphabet[g]), g) for g in choice]
        heapq.heapify(queue)
        left = set().union(*(holds[g] for g in choice))
        mine: list[int] = []
        while left:
            # gains only fall: a group whose gain still holds when its turn comes is the best there is
            gain, *_, best = queue[0]
            now = -len(holds[best] & left)
            if now != gain:
                heapq.heapreplace(queue, (now, *queue[0][1:]))
                continue
            heapq.heappop(queue)
            mine.append(best)
            left -= holds[best]
        picked += _without_needless(mine, holds)
    return picked


def _without_needless(mine: list[int], holds: list[frozenset[int]]) -> list[int]:
    """The cover without groups whose peptides the others hold; those that were picked last go first."""
    held_by = Counter(peptide for group in mine for peptide in holds[group])
    kept = []
    for group in reversed(mine):
        if all(held_by[peptide] > 1 for peptide in holds[group]):
            held_by.subtract(holds[group])
        else:
            kept.append(group)
    return kept


def _reasons(
    names: list[str],
    group_of: NDArray[np.int64],
    members: list[list[int]],
    held: sparse.csr_matrix,
    sizes: NDArray[np.int64],
    subset: NDArray[np.bool_],
    taken: NDArray[np.int64],
    unique: NDArray[np.int64],
    labels: NDArray,
) -> pd.DataFrame:
    """The table that says of each protein where it is and why."""
    place = np.full(len(members), -1)
    place[taken] = np.arange(len(taken))
    missing = np.flatnonzero(place < 0)
    # for each group that was not taken, the taken ones that share its peptides, those that share most first
    common = (held[:, missing].T @ held[:, taken]).tocsr()
    explained: dict[int, list[str]] = {}
    for i, group in enumerate(missing.tolist()):
        here = slice(common.indptr[i], common.indptr[i + 1])
        found = sorted(zip((-common.data[here]).tolist(), labels[taken[common.indices[here]]].tolist(), strict=True))
        whole = [label for shared, label in found if -shared == sizes[group]]
        explained[group] = whole if subset[group] and whole else [label for _, label in found]
    rows = []
    for protein in sorted(range(len(names)), key=names.__getitem__):
        group = int(group_of[protein])
        size, at = int(sizes[group]), int(place[group])
        leader = names[members[group][0]]
        own = int(unique[at]) if at >= 0 else 0
        if at >= 0 and names[protein] == leader:
            status, reason = LEADING, f"{_count(size)}, {own} of them in no other group"
        elif at >= 0:
            status, reason = INDISTINGUISHABLE, f"the same {_count(size)} as {leader}"
        else:
            others = explained[group]
            said = ", ".join(others[:_SHOWN]) + (f" and {len(others) - _SHOWN} more" if len(others) > _SHOWN else "")
            # a subset of a subsumable group may need several groups, too
            status = SUBSET if subset[group] else SUBSUMABLE
            reason = f"{_count(size)}, all of which {said} {'holds' if len(others) == 1 else 'hold'}"
        by = "" if at >= 0 else " | ".join(explained[group])
        rows.append((names[protein], status, labels[group] if at >= 0 else "", by, size, own, reason))
    return pd.DataFrame(rows, columns=COLUMNS)


def _count(number: int) -> str:
    return f"{number} peptide{'' if number == 1 else 's'}"
