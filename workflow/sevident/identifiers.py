"""Protein identifiers as the search engines write them: accessions, entry names, tags, genes, organisms, FASTA headers.

Sources: UniProt help "FASTA headers" (``>db|accession|entry name description OS= OX= GN= PE= SV=``) and "Accession
numbers" (the form of an accession); the tags are those of MaxQuant (``CON__``, ``REV__``), FragPipe (``contam_``,
``rev_``), DIA-NN with the Hao laboratory's libraries (``Cont_``), OpenMS and quantms (``CONTAMINANT_``, ``DECOY_``),
Sage and Comet (``rev_``, ``DECOY_``), the Trans-Proteomic Pipeline (``DECOY0_``), MS-GF+ (``XXX_``), Mascot
(``###REV###``, ``##``), PEAKS (``#DECOY#``), ProteinPilot (``RRRRR``), X!Tandem (``:reversed``), SearchGUI
(``_REVERSED``) and cRAP (``cRAP`` before or after the accession). A tag stands before the whole name or before the
accession between the bars; what has the form of a UniProt entry name behind them is one (``REV_HV1H2`` is the Rev
protein of HIV-1).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sevident.errors import InputError

# UniProt help, "Accession numbers": six or ten characters; here with an isoform number, if any.
_ACCESSION = re.compile(r"(?:[OPQ][0-9][A-Z0-9]{3}[0-9]|[A-NR-Z][0-9](?:[A-Z][A-Z0-9]{2}[0-9]){1,2})(?:-\d+)?")
_ENTRY = re.compile(r"[A-Z0-9]{1,11}(?:-\d+)?_([A-Z0-9]{2,5})(?:_UPS)?", re.IGNORECASE)
_UNIPROT = re.compile(rf"(?:sp|tr)\|({_ACCESSION.pattern})\|((?i:{_ENTRY.pattern}))")
_DECOY_PREFIX = re.compile(
    r"(?:rev__|rev_|reversed?_|decoy\d?_|decoy-|xxx_|random_|shuffled?_|rrrrr|#+(?:rev|rnd|decoy|random)#+|##)",
    re.IGNORECASE,
)
_DECOY_SUFFIX = re.compile(r"(?:[_:]REVERSED|_DECOY|_REV)$", re.IGNORECASE)
_CONTAMINANT_PREFIX = re.compile(r"(?:con__|con_|cont_|contam_|contaminant_|crap[-_])", re.IGNORECASE)
_CONTAMINANT_SUFFIX = re.compile(r"[-_]cRAP(?:[-_][A-Za-z0-9]+)*$", re.IGNORECASE)
_CONTAMINANT_DATABASE = re.compile(r"(?:conta?|contam|contaminants?|crap\d*)", re.IGNORECASE)
_DATABASE = re.compile(r"(?:[A-Za-z]+\d)?[a-z]{2,5}")  # before the first bar: gi, ref, gb, lcl, psu; Rnd1psu
_FOREIGN_DATABASE = re.compile(r"^(?:SWISS-PROT|TREMBL|ENSEMBL|REFSEQ|H-INV|IPI):", re.IGNORECASE)

# Entry-name ending, OS= name and OX= number of the species that sEVident calls by a common name (UniProt "speclist").
_COMMON = (
    ("human", "HUMAN", "Homo sapiens", "9606"),
    ("mouse", "MOUSE", "Mus musculus", "10090"),
    ("rat", "RAT", "Rattus norvegicus", "10116"),
    ("bovine", "BOVIN", "Bos taurus", "9913"),
    ("pig", "PIG", "Sus scrofa", "9823"),
    ("sheep", "SHEEP", "Ovis aries", "9940"),
    ("yeast", "YEAST", "Saccharomyces cerevisiae", "559292"),
)
_ENDINGS = {ending: name for name, ending, _, _ in _COMMON} | {
    "ARATH": "Arabidopsis thaliana",
    "CAEEL": "Caenorhabditis elegans",
    "CANAL": "Candida albicans",
    "CANLF": "Canis lupus",
    "CAPHI": "Capra hircus",
    "CHICK": "Gallus gallus",
    "CRIGR": "Cricetulus griseus",
    "DANRE": "Danio rerio",
    "DROME": "Drosophila melanogaster",
    "ECOLI": "Escherichia coli",
    "HORSE": "Equus caballus",
    "MACMU": "Macaca mulatta",
    "RABIT": "Oryctolagus cuniculus",
    "SCHPO": "Schizosaccharomyces pombe",
    "STAAU": "Staphylococcus aureus",
    "XENLA": "Xenopus laevis",
}
_BINOMIALS = {binomial.lower(): name for name, _, binomial, _ in _COMMON}
_TAXA = {number: name for name, _, _, number in _COMMON} | {"4932": "yeast", "83333": "Escherichia coli"}
_BETWEEN_IDENTIFIERS = (re.compile(r",\s*"), re.compile(r"\s+"))
_BETWEEN_GENES = re.compile(r"[;,\s]+")
_NO_GENE = {"", "-", "nan", "na", "n/a", "none", "null", "#n/a", "0"}


@dataclass(frozen=True)
class Identifier:
    """One protein as an engine names it, taken apart. Text that is not known is empty."""

    accession: str
    entry_name: str = ""
    organism: str = ""
    gene: str = ""
    contaminant: bool = False
    decoy: bool = False

    @property
    def base(self) -> str:
        """The accession without its isoform number."""
        return strip_isoform(self.accession)


@dataclass(frozen=True)
class FastaEntry:
    """What a FASTA database says about one protein; ``length`` in residues."""

    gene: str
    organism: str
    length: int
    entry_name: str = ""


def strip_isoform(accession: str) -> str:
    """``P21926-2`` to ``P21926``; other text as it is."""
    base, dash, number = accession.rpartition("-")
    return base if dash and number.isdigit() and looks_like_accession(base) else accession


def looks_like_accession(text: str) -> bool:
    """Whether the text has the form of a UniProt accession, with or without an isoform number."""
    return _ACCESSION.fullmatch(text) is not None


@lru_cache(maxsize=200_000)
def parse_identifier(text: str) -> Identifier:
    """Take one identifier, or a whole FASTA header, apart.

    ``sp|P21926|CD9_HUMAN``, ``P21926-2``, ``CON__P02768-1``, ``REV__sp|P1|X_HUMAN``, ``contam_sp|P02769|ALBU_BOVIN``,
    ``P02768-cRAP``, ``sp|cRAP002|P02768|ALBU_HUMAN``, ``CON__ENSEMBL:ENSBTAP00000007350``, ``CD9_HUMAN`` are all
    understood; anything else is taken as an accession as it stands.
    """
    if looks_like_accession(text):  # nearly always
        return Identifier(text)
    if match := _UNIPROT.fullmatch(text):  # nearly always elsewhere
        return Identifier(match[1], match[2], organism_of(entry_name=match[2]))
    if _ENTRY.fullmatch(text) and _strip_tags(text)[0] == text:  # an entry name without a tag
        return Identifier(text, text, organism_of(entry_name=text))
    first, _, description = text.strip().lstrip(">").partition(" ")
    fields = _fields(text)
    contaminant = decoy = False
    clean: list[str] = []
    for place, field in enumerate(first.split("|")):
        if place > 1 and _ENTRY.fullmatch(field):
            clean.append(field)
            continue
        word, is_contaminant, is_decoy = _strip_tags(field)
        contaminant, decoy = contaminant or is_contaminant, decoy or is_decoy
        clean.append(word)
    if len(clean) > 1 and _CONTAMINANT_DATABASE.fullmatch(clean[0]):
        contaminant = True
    numbered = [word for word in clean[1:] if _CONTAMINANT_DATABASE.fullmatch(word)]  # sp|cRAP002|P02768|ALBU_HUMAN
    contaminant = contaminant or bool(numbered)
    words = [word for word in clean if word and word not in numbered]
    accession, entry_name = _accession_and_entry(words)
    organism = organism_of(
        entry_name=entry_name, os=fields.get("OS", "") or _bracketed_organism(description), ox=fields.get("OX", "")
    )
    if not organism and accession.startswith("ENSBTAP"):  # Ensembl's prefix of Bos taurus proteins
        organism = "bovine"
    return Identifier(accession, entry_name, organism, fields.get("GN", ""), contaminant, decoy)


def _strip_tags(word: str) -> tuple[str, bool, bool]:
    contaminant = decoy = False
    while True:
        if (match := _DECOY_PREFIX.match(word)) and match.end() < len(word):
            word, decoy = word[match.end() :], True
        elif (match := _CONTAMINANT_PREFIX.match(word)) and match.end() < len(word):
            word, contaminant = word[match.end() :], True
        else:
            break
    if match := _DECOY_SUFFIX.search(word):
        word, decoy = word[: match.start()], True
    if match := _CONTAMINANT_SUFFIX.search(word):
        word, contaminant = word[: match.start()], True
    return _FOREIGN_DATABASE.sub("", word), contaminant, decoy


def _accession_and_entry(words: list[str]) -> tuple[str, str]:
    if not words:
        return "", ""
    accession = next((word for word in words if looks_like_accession(word)), "")
    if not accession and (len(words) >= 3 or (len(words) == 2 and _DATABASE.fullmatch(words[0]))):
        accession = words[1]  # db|accession|entry, gi|accession: an accession that is not UniProt's
    elif not accession:
        accession = words[0]
    if accession.lower().endswith("ups") and looks_like_accession(accession[:-3]):  # the UPS standard: P02768ups
        accession = accession[:-3]
    entry_name = next((word for word in reversed(words) if word != accession and _ENTRY.fullmatch(word)), "")
    if not entry_name and _ENTRY.fullmatch(accession):
        entry_name = accession
    return accession, entry_name


def _fields(text: str) -> dict[str, str]:
    """The OS=, OX= and GN= fields of a header or description; also MaxQuant's Gene_Symbol= and Tax_Id=."""
    found: dict[str, str] = {}
    if "=" not in text:
        return found
    if match := re.search(r"\bOS=(.+?)(?=\s+[A-Z]{2}=|\s+-\s+\[|$)", text):
        found["OS"] = match[1]
    if match := re.search(r"\b(?:OX|Tax_Id)=(\d+)", text):
        found["OX"] = match[1]
    if match := re.search(r"\b(?:GN|Gene_Symbol)=([^\s;,]+)", text):
        found["GN"] = "" if match[1] in {"-", "nan"} else match[1]
    return found


def _bracketed_organism(description: str) -> str:
    match = re.search(r"[(\[]((?:Bos taurus|Homo sapiens|Mus musculus|Rattus norvegicus|Sus scrofa))[)\]]", description)
    return match[1] if match else ""


def gene_of_description(description: str) -> str:
    """The ``GN=`` gene of a protein description, or nothing."""
    return _fields(description).get("GN", "")


def organism_of(*, entry_name: str = "", os: str = "", ox: str = "") -> str:
    """The organism in sEVident's word: human, mouse, rat, bovine, pig, sheep, yeast; else the binomial; else nothing.

    ``os`` is a UniProt OS= value (a strain in brackets is taken off), ``ox`` an NCBI taxonomy number, ``entry_name`` a
    UniProt entry name. An OS that is not one of ours, or was cut off in the middle, goes last.
    """
    binomial = re.sub(r"\s*\(.*", "", os).strip() if os else ""
    if name := _BINOMIALS.get(binomial.lower()):
        return name
    if ox in _TAXA:
        return _TAXA[ox]
    match = _ENTRY.fullmatch(entry_name)
    ending = _ENDINGS.get(match[1].upper(), "") if match else ""
    return ending or (binomial if " " in binomial else "")


def split_identifiers(text: str) -> list[str]:
    """The members of a group as written. ``;`` separates; ``,`` and blanks only between identifiers."""
    text = text.strip()
    if text.isalnum():  # one accession, nearly always
        return [text]
    if ";" in text:
        return [piece for raw in text.split(";") if (piece := raw.strip())]
    if "," not in text and " " not in text and text.isprintable():  # no blank of another kind is printable
        return [text] if text else []
    for between in _BETWEEN_IDENTIFIERS:
        pieces = [piece for piece in between.split(text) if piece]
        if len(pieces) > 1 and all(_is_identifier(piece) for piece in pieces):
            return pieces
    return [text] if text else []


def _is_identifier(word: str) -> bool:
    found = parse_identifier(word)
    return looks_like_accession(found.accession) or bool(found.entry_name)


def split_headers(text: str) -> list[str]:
    """FASTA headers joined by ``;`` (MaxQuant), taken apart; a ``;`` inside a description does not split."""
    return [piece.strip() for piece in re.split(r";(?=\s*\S+\|)", text) if piece.strip(" ;")]


def parse_genes(text: str) -> list[str]:
    """Gene symbols of a list separated by ``;``, ``,`` or blanks, in order, each once, as the engine wrote them."""
    genes = dict.fromkeys(piece.strip() for piece in _BETWEEN_GENES.split(text))
    return [gene for gene in genes if gene.lower() not in _NO_GENE]


def join(words: Iterable[str]) -> str:
    """The words, each once and in order, joined by ``;``; empty words are left out."""
    return ";".join(dict.fromkeys(word for word in words if word))


def read_fasta(path: str | Path) -> dict[str, FastaEntry]:
    """A searched database: accession (decoys left out) to gene, organism and length. Plain or compressed.

    Raises InputError when the file is missing, unreadable or holds no FASTA entry.
    """
    from pyteomics import fasta

    from sevident.readers.source import Source

    source = Source(path)
    text = source.text()
    first = text.lstrip()[:1]
    if first not in {">", ";"}:
        raise InputError(
            "The FASTA file does not look like one.",
            where=f"{path}, line 1",
            found=f"a text that begins with '{text.strip()[:40]}'",
            expected="a line that begins with '>'",
            advice="give the protein database (.fasta) that was searched, or leave `fasta` empty",
        )
    import io

    found: dict[str, FastaEntry] = {}
    for header, sequence in fasta.FASTA(io.StringIO(text)):
        identifier = parse_identifier(header)
        if identifier.decoy or not identifier.accession:
            continue
        entry = FastaEntry(identifier.gene, identifier.organism, len(sequence.rstrip("*")), identifier.entry_name)
        found.setdefault(identifier.accession, entry)
    if not found:
        raise InputError(
            "The FASTA file holds no protein (decoys apart).",
            where=str(path),
            advice="give the protein database (.fasta) that was searched, or leave `fasta` empty",
        )
    return found
