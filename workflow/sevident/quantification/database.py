"""The searched protein database (FASTA) with its sequences: what may be in a sample, and what a protein can yield.

Sequences come from the FASTA files of the inputs, and from further files that the user gives in order to tell species
apart (sequences that were not searched). Decoys are left out. An entry counts as ``process`` when it is a tagged
contaminant of the laboratory (trypsin, keratins): such a protein says nothing about the species of a sample.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..contaminants import classify, known_organism
from ..errors import InputError
from ..identifiers import looks_like_accession, parse_identifier, strip_isoform
from ..tables import warning
from .runs import STAGE

# Engines write a protein by its accession; a few per cent are lost to updated entries. From here on it is another file.
MOST_UNMATCHED = 0.20
_FEWEST_CHECKED = 10  # accessions; fewer say nothing about the file


@dataclass(frozen=True)
class Protein:
    """One entry: ``sequence`` in capital letters without a stop sign, ``organism`` in sEVident's word or empty."""

    accession: str
    entry_name: str
    organism: str
    process: bool
    sequence: str


@dataclass(frozen=True)
class Database:
    """The entries of one or more FASTA files, each accession once, in the order of the files."""

    proteins: tuple[Protein, ...]

    def organisms(self) -> dict[str, int]:
        """How many proteins (process contaminants apart) the database holds of each known organism."""
        found: dict[str, int] = {}
        for protein in self.proteins:
            if protein.organism and not protein.process:
                found[protein.organism] = found.get(protein.organism, 0) + 1
        return found

    def names(self) -> dict[str, Protein]:
        """Every name under which an engine may write a protein: accession, accession without isoform, entry name."""
        found: dict[str, Protein] = {}
        for protein in self.proteins:
            found.setdefault(protein.accession, protein)
        for protein in self.proteins:
            found.setdefault(strip_isoform(protein.accession), protein)
            if protein.entry_name:
                found.setdefault(protein.entry_name, protein)
        return found


def read(path: str | Path, organism: str = "") -> Database:
    """The proteins of a FASTA file, plain or compressed; ``organism`` is the study's.

    An accession that stands there twice (as a protein and, tagged, as a contaminant) is taken once, as tagged. Raises
    InputError when the file is missing, is no FASTA file or holds no sequence.
    """
    from pyteomics import fasta

    from ..readers.source import Source

    text = Source(path).text()
    if text.lstrip()[:1] not in {">", ";"}:
        raise InputError(
            "The FASTA file does not look like one.",
            where=f"{path}, line 1",
            found=f"a text that begins with '{text.strip()[:40]}'",
            expected="a line that begins with '>'",
            advice="give the protein database (.fasta) that was searched, or leave the key empty",
        )
    found: dict[str, Protein] = {}
    for header, residues in fasta.FASTA(io.StringIO(text)):
        identifier = parse_identifier(header)
        sequence = residues.strip().rstrip("*").upper()
        if identifier.decoy or not identifier.accession or not sequence:
            continue
        process = identifier.contaminant and classify(identifier, tagged=True, study=organism) == "process"
        known = identifier.organism or known_organism(identifier.accession)
        protein = Protein(identifier.accession, identifier.entry_name, known, process, sequence)
        if protein.accession not in found or process:
            found[protein.accession] = protein
    if not found:
        raise InputError(
            "The FASTA file holds no protein sequence (decoys apart).",
            where=str(path),
            advice="give the protein database (.fasta) that was searched, or leave the key empty",
        )
    return Database(tuple(found.values()))


def join(databases: Iterable[Database]) -> Database:
    """One database of several; of an accession that is in several the first counts."""
    found: dict[str, Protein] = {}
    for database in databases:
        for protein in database.proteins:
            found.setdefault(protein.accession, protein)
    return Database(tuple(found.values()))


def check_match(
    name: str, accessions: Sequence[str], contaminants: Sequence[str], database: Database, path: str
) -> list[dict[str, object]]:
    """Whether the protein groups of an input come from this database; rows of WARNINGS.

    ``accessions`` and ``contaminants`` (class) have one entry per protein group. Tagged contaminants often come from a
    list of the engine's own and are not asked for, nor are names that are no identifiers. Raises InputError when more
    than 20 % of the remaining accessions are not in the database.
    """
    names = database.names()
    asked = {
        accession
        for text, kind in zip(accessions, contaminants, strict=True)
        if kind == "none"
        for accession in text.split(";")
        if looks_like_accession(accession) or "_" in accession
    }
    if not asked:
        return []
    missing = sorted(a for a in asked if a not in names and strip_isoform(a) not in names)
    share = len(missing) / len(asked)
    shown = ", ".join(missing[:5]) + (" ..." if len(missing) > 5 else "")
    if share > MOST_UNMATCHED and len(asked) >= _FEWEST_CHECKED:
        held = database.organisms()
        most = ", ".join(f"{n} {o}" for o, n in sorted(held.items(), key=lambda item: (-item[1], item[0]))[:3])
        raise InputError(
            "The FASTA file is not the database that was searched.",
            where=f"input '{name}', fasta {path}",
            found=f"{len(missing)} of {len(asked)} protein accessions ({share:.0%}) are not in it: {shown}",
            expected=f"at most {MOST_UNMATCHED:.0%} of the accessions missing",
            advice=f"the file holds {len(database.proteins)} proteins ({most or 'organisms unknown'}); give the file "
            "named in the search engine's parameters, in the same release and with the isoforms or TrEMBL entries "
            "that were searched, or leave `fasta` empty",
        )
    if not missing:
        return []
    message = (
        f"{len(missing)} of {len(asked)} protein accessions ({share:.1%}) are not in the given database: {shown}. "
        "Their numbers of tryptic peptides and their species are taken from the tables, where these say."
    )
    level = "warning" if share > MOST_UNMATCHED / 4 else "info"
    return [warning(STAGE, level, "accessions_not_in_fasta", name, message, len(missing))]
