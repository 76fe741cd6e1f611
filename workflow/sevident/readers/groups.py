"""From what an engine writes about protein groups to the columns that every reader shares.

Accessions, genes, organism, contaminant class and length of each group are worked out here, once, for all formats.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sevident import tables
from sevident.contaminants import classify_group, organisms
from sevident.errors import InputError
from sevident.identifiers import (
    FastaEntry,
    Identifier,
    join,
    organism_of,
    parse_genes,
    parse_identifier,
    split_headers,
    split_identifiers,
    strip_isoform,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sevident.readers.base import InputSpec


# what stands for a member of which nothing more is known
_NOBODY, _NO_ENTRY = Identifier(""), FastaEntry("", "", 0)


@dataclass
class Groups:
    """The groups of one table, one entry per group; empty lists mean that the table does not say.

    ``ids``: the group's proteins as written; ``also``: further proteins of its peptides; ``genes``, ``headers`` (FASTA
    headers or descriptions), ``entry_names``, ``taxa`` (NCBI numbers), ``organisms`` (as written), ``lengths``
    (residues); ``flagged``: the engine's own mark of a contaminant.
    """

    ids: list[str]
    genes: list[str] = field(default_factory=list)
    headers: list[str] = field(default_factory=list)
    entry_names: list[str] = field(default_factory=list)
    also: list[str] = field(default_factory=list)
    taxa: list[str] = field(default_factory=list)
    lengths: Sequence[float | None] = field(default_factory=list)
    flagged: list[bool] = field(default_factory=list)


def is_decoy(ids: str) -> bool:
    """Whether a group is a decoy: its leading protein carries a decoy's prefix."""
    pieces = split_identifiers(ids)
    return bool(pieces) and parse_identifier(pieces[0]).decoy


def describe(
    groups: Groups, spec: InputSpec, fasta: dict[str, FastaEntry] | None
) -> tuple[pd.DataFrame, list[dict[str, object]]]:
    """A frame with accessions, genes, organism, contaminant and sequence_length per group, and warning rows.

    Genes are the engine's; where it has none, those of its FASTA headers, then of the FASTA database given.
    """
    rows = _described(groups, spec, fasta)
    frame = pd.DataFrame(rows, columns=["accessions", "genes", "organism", "contaminant", "sequence_length"])
    frame["sequence_length"] = pd.to_numeric(frame["sequence_length"])
    return frame, _remarks(frame, spec, fasta)


def _described(groups: Groups, spec: InputSpec, fasta: dict[str, FastaEntry] | None) -> Iterator[tuple]:
    """Accessions, genes, organism, contaminant class and length of each group."""
    n = len(groups.ids)
    texts = (groups.headers, groups.entry_names, groups.taxa, groups.also, groups.genes)
    columns = zip(*(map(str, values) if len(values) else repeat("", n) for values in texts), strict=True)
    flags = groups.flagged if len(groups.flagged) else repeat(False, n)
    lengths = groups.lengths if len(groups.lengths) else repeat(None, n)
    for ids, (header, entry_names, taxa, also, gene), flagged, length in zip(
        groups.ids, columns, flags, lengths, strict=True
    ):
        known = _headers(header) if "|" in header else {}
        members = _members(ids, entry_names, taxa, known, fasta)
        genes = parse_genes(gene) or parse_genes(join(member.gene for member in members))
        if header and not genes and "|" not in header:
            genes = parse_genes(parse_identifier("x " + header).gene)  # a description with GN=
        contaminant = classify_group(
            members,
            flagged=bool(flagged),
            also=[parse_identifier(piece) for piece in split_identifiers(also)],
            gene=genes[0] if genes else "",
            study=spec.organism,
        )
        if fasta and members and (length is None or pd.isna(length)):
            entry = fasta.get(members[0].accession) or fasta.get(members[0].base)
            length = entry.length if entry else None  # noqa: PLW2901
        yield join(member.accession for member in members), join(genes), organisms(members), contaminant, length


def _headers(text: str) -> dict[str, Identifier]:
    """The proteins of FASTA headers by their accession."""
    return {
        strip_isoform(found.accession): found
        for header in split_headers(text)
        if "|" in header and (found := parse_identifier(header)).accession
    }


def _members(
    ids: str, entry_names: str, taxa: str, headers: dict[str, Identifier], fasta: dict[str, FastaEntry] | None
) -> list[Identifier]:
    """The group's proteins without its decoys, completed from entry names, numbers, headers and database."""
    pieces = split_identifiers(ids)
    names = split_identifiers(entry_names) if entry_names else []
    numbers = [number.strip() for number in taxa.split(";")] if taxa else []
    members = []
    for k, piece in enumerate(pieces):
        found = parse_identifier(piece)
        if found.decoy and not parse_identifier(pieces[0]).decoy:
            continue  # a decoy that shares its peptides with a real protein
        if not (names or numbers or headers or fasta):
            members.append(found)
            continue
        named = parse_identifier(names[k]) if len(names) == len(pieces) else _NOBODY
        header = headers.get(found.base, _NOBODY) if headers else _NOBODY
        entry = (fasta.get(found.accession) or fasta.get(found.base) or _NO_ENTRY) if fasta else _NO_ENTRY
        number = numbers[k] if len(numbers) == len(pieces) else numbers[0] if len(numbers) == 1 else ""
        members.append(
            Identifier(
                found.accession,
                found.entry_name or named.entry_name or header.entry_name or entry.entry_name,
                found.organism or header.organism or entry.organism or organism_of(ox=number) or named.organism,
                found.gene or header.gene or entry.gene,
                found.contaminant or named.contaminant,
                found.decoy,
            )
        )
    return members


def _remarks(frame: pd.DataFrame, spec: InputSpec, fasta: dict[str, FastaEntry] | None) -> list[dict[str, object]]:
    remarks = []
    without = int((frame["genes"] == "").sum())
    if without:
        most = without > 0.5 * len(frame)
        remarks.append(
            spec.warn(
                "warning" if most and not fasta else "info",
                "genes_missing",
                f"{without} of {len(frame)} protein groups carry no gene symbol"
                + ("" if fasta else "; give the searched database (`fasta`) to fill them in")
                + ". They can be matched by accession alone.",
                without,
            )
        )
    if fasta:
        bases = {strip_isoform(accession) for accession in fasta}
        leading = frame["accessions"].str.split(";").str[0].map(strip_isoform)
        absent = int((~leading.isin(bases) & (leading != "")).sum())
        if absent:
            half = absent > 0.5 * len(frame)
            remarks.append(
                spec.warn(
                    "warning" if half else "info",
                    "not_in_fasta",
                    f"{absent} of {len(frame)} protein groups are led by a protein that is not in the given database"
                    + ("; it is probably not the database that was searched." if half else "."),
                    absent,
                )
            )
    for kind in ("process", "serum", "ambiguous"):
        count = int((frame["contaminant"] == kind).sum())
        if count:
            remarks.append(
                spec.warn(
                    "info", f"contaminants_{kind}", f"{count} protein groups are tagged as {kind} contaminants.", count
                )
            )
    return remarks


@dataclass
class Fate:
    """Rows that are left out: which (a mask), the code and level of the warning, and what they are, in words."""

    mask: NDArray
    code: str
    what: str
    level: str = "info"


def leave_out(
    fates: Sequence[Fate], intensity: NDArray, spec: InputSpec, where: str
) -> tuple[NDArray, list[dict[str, object]]]:
    """The mask of the rows that are kept, and a warning with count and share of intensity for those that are not.

    A row counts for the first fate that fits. Raises InputError when no row is left.
    """
    keep = np.ones(len(intensity), dtype=bool)
    total = float(np.nansum(intensity))
    remarks, counts = [], []
    for fate in fates:
        mask = np.asarray(fate.mask, dtype=bool) & keep
        count = int(mask.sum())
        if not count:
            continue
        share = float(np.nansum(intensity[mask])) / total if total else 0.0
        text = f"{count} {fate.what} are left out; they hold {share:.2%} of the summed intensity."
        remarks.append(spec.warn(fate.level, fate.code, text, count))
        counts.append(f"{count} {fate.what}")
        keep &= ~mask
    if not keep.any():
        raise InputError(
            "No protein is left in the table.",
            where=where,
            found=", ".join(counts),
            expected="rows of the proteins themselves",
            advice="check which rows were filtered before the table was saved, and that the right columns are named",
        )
    return keep, remarks


def unique_names(names: list[str], spec: InputSpec) -> tuple[list[str], list[dict[str, object]]]:
    """Group names made unique by ``#2``, ``#3`` ..., with a counted warning when some stood more than once."""
    seen: dict[str, int] = {}
    taken = set(names)
    out, repeated = [], []
    for name in names:
        number = seen[name] = seen.get(name, 0) + 1
        if number > 1:
            repeated.append(name)
            while f"{name}#{number}" in taken:
                number += 1
            seen[name] = number
            name = f"{name}#{number}"  # noqa: PLW2901
            taken.add(name)
        out.append(name)
    if not repeated:
        return out, []
    example = ", ".join(dict.fromkeys(repeated[:3]))
    message = (
        f"{len(repeated)} rows repeat the identifier of an earlier row (for example {example}); "
        "they are kept as groups of their own, marked #2, #3 and so on."
    )
    return out, [spec.warn("warning", "identifier_repeated", message, len(repeated))]


def told(mask: NDArray, kind: str, otherwise: str = "unknown") -> NDArray:
    """The kind of evidence per cell: ``kind`` where the mask is set."""
    return np.array([otherwise, kind], dtype=object)[mask.astype("int8")]


def long_proteins(spec: InputSpec, runs: list[str], described: pd.DataFrame, values: dict) -> pd.DataFrame:
    """The PROTEINS table of a wide one: every group in every run.

    ``described`` holds protein_group and the columns of ``describe`` (and, optionally, q_value); ``values`` holds
    arrays of shape (groups, runs): intensity (linear, nan where nothing was measured), evidence, and optionally
    peptides and spectra.
    """
    n, m = len(described), len(runs)
    # rows come out sorted, and each text is made once and then taken by its place: there are far fewer than rows
    order = np.argsort(np.array(runs, dtype=object), kind="stable")
    by_name = np.argsort(described["protein_group"].to_numpy(dtype=object), kind="stable")
    described = described.iloc[by_name]
    data: dict[str, object] = {"input": pd.array([spec.name], dtype="str").take(np.zeros(n * m, dtype="int64"))}
    data["run"] = pd.array([runs[k] for k in order], dtype="str").take(np.repeat(np.arange(m), n))
    every = np.tile(np.arange(n), m)
    data |= {column: described[column].array.take(every) for column in described.columns}
    for column, array in values.items():
        cells = array[np.ix_(by_name, order)].T.reshape(-1)
        if cells.dtype == object:
            codes, texts = pd.factorize(cells)
            data[column] = pd.array(texts, dtype="str").take(codes)
        else:
            data[column] = cells
    return tables.conform(pd.DataFrame(data), tables.PROTEINS)
