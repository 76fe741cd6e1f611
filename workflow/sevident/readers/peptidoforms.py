"""Peptides with their modifications, as text, and the proteins of a spectrum's hit.

Modified sequences are written as in ProForma (LeDuc and others 2022, J Proteome Res 21:1189), for example
``[Acetyl]-AC[UNIMOD:4]DE``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sevident.identifiers import parse_identifier


def modified_sequence(sequence: str, modifications: Iterable[tuple[int, str]]) -> str:
    """The sequence with each modification behind its residue.

    Positions count from 1; 0 is the N-terminus, one behind the last residue the C-terminus.
    """
    at: dict[int, str] = {}
    for position, name in sorted(modifications):
        at[position] = at.get(position, "") + f"[{name}]"
    if not at:
        return sequence
    first = f"{at.pop(0)}-" if 0 in at else ""
    last = "".join(f"-{at.pop(position)}" for position in sorted(at) if position > len(sequence))
    return first + "".join(residue + at.get(i, "") for i, residue in enumerate(sequence, 1)) + last


def header(identifier: str, description: str) -> str:
    """A FASTA header of an identifier and the description that the file has for it; nothing without a description."""
    description = description.strip().strip("[]").strip()
    if not description:
        return ""
    accession = parse_identifier(identifier).accession
    if "|" in description.split(maxsplit=1)[0] and parse_identifier(description).accession == accession:
        return description
    return f"db|{accession}| {description}"


def proteins_of_hit(proteins: Sequence[tuple[str, bool]]) -> tuple[str, bool]:
    """The proteins of a hit joined by ``;``, each once, and whether the hit is a decoy.

    ``proteins``: identifiers as written, and whether each is a decoy. A hit is a decoy when all of them are; otherwise
    the decoys are left out of the list, since the peptide is explained by the real ones.
    """
    real = [identifier for identifier, decoy in proteins if not decoy]
    return ";".join(dict.fromkeys(real or (identifier for identifier, _ in proteins))), bool(proteins) and not real
