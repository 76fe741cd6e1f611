"""Foreign organisms among the proteins of a sample: viruses, mycoplasmas, other bacteria, fungi, animals.

A search finds only what it was given sequences of. So each kind is first asked whether any of its sequences is known to
have been searched; without them it is *not searched*, and nothing can be said.

Organisms are told by their names (``OS=`` of a FASTA header; see ``identifiers.organism_of``), by genus. Mycoplasmas:
the species that make up 90 to 95 % of contaminations of cell cultures are of the genera Mycoplasma and Acholeplasma
(Drexler HG, Uphoff CC. Cytotechnology 2002;39:75-90), some since placed in other genera (Gupta RS et al. Antonie van
Leeuwenhoek 2018;111:1583-1630). The genera of bacteria and fungi are those of sterility tests, of skin and of water; an
organism of no known genus is kept as ``other`` and never dropped.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

KINDS = ("virus", "mycoplasma", "bacteria", "fungi", "animal", "other")
_VIRUS = ("virus", "viridae", "phage")
_GENERA = {
    "mycoplasma": """Mycoplasma Mycoplasmopsis Mesomycoplasma Metamycoplasma Malacoplasma Mycoplasmoides Acholeplasma
        Ureaplasma Spiroplasma""",
    "bacteria": """Achromobacter Acinetobacter Bacillus Bacteroides Brevundimonas Burkholderia Campylobacter Chlamydia
        Clostridium Corynebacterium Cutibacterium Enterobacter Enterococcus Escherichia Haemophilus Hathewaya
        Helicobacter Klebsiella Lactobacillus Legionella Listeria Lysobacter Micrococcus Mycobacterium Mycolicibacterium
        Neisseria Propionibacterium Proteus Pseudomonas Ralstonia Salmonella Serratia Shigella Sphingomonas
        Staphylococcus Stenotrophomonas Streptococcus Streptomyces Vibrio Yersinia""",
    "fungi": """Alternaria Aspergillus Candida Cladosporium Cryptococcus Fusarium Komagataella Malassezia Penicillium
        Pichia Rhodotorula Saccharomyces Schizosaccharomyces Trichophyton yeast""",
    "animal": """human mouse rat bovine pig sheep Bos Bubalus Canis Capra Cavia Cricetulus Danio Drosophila Equus Felis
        Gallus Homo Macaca Mesocricetus Mus Oryctolagus Ovis Rattus Sus Xenopus Caenorhabditis""",
}
_KIND = {genus.casefold(): kind for kind, genera in _GENERA.items() for genus in genera.split()}


@dataclass(frozen=True)
class Foreign:
    """What a sample holds of one kind: protein groups by organism, their genes or identifiers, and their share."""

    groups: Mapping[str, int]
    names: tuple[str, ...]
    share: float
    peptides: int


def kind(organism: str) -> str:
    """The kind of an organism by its name: one of KINDS."""
    plain = organism.casefold()
    if any(word in plain for word in _VIRUS):
        return "virus"
    return _KIND.get(plain.split()[0].strip("[]'\"") if plain.split() else "", "other")


def searched(proteins: str | Path, inputs: Iterable[Mapping[str, Any]]) -> dict[str, frozenset[str]]:
    """The organisms of each input's sequences, as far as they are known: of its FASTA, and of what was identified.

    Process contaminants do not count: that the trypsin of a pig was searched does not mean that pigs were.
    """
    import pyarrow.parquet as pq

    columns = ["input", "organism", "contaminant"]
    rows = pq.read_table(proteins, columns=columns, read_dictionary=columns).unify_dictionaries()
    distinct = rows.group_by(columns).aggregate([]).to_pandas().astype("str")
    distinct = distinct[distinct["contaminant"].ne("process")]
    found: dict[str, set[str]] = {}
    for name, organism in zip(distinct["input"], distinct["organism"], strict=True):
        found.setdefault(name, set()).update(split(organism))
    read: dict[str, set[str]] = {}
    for item in inputs:
        if path := item.get("fasta"):
            if str(path) not in read:
                read[str(path)] = _of_database(path)
            found.setdefault(str(item["name"]), set()).update(read[str(path)])
    return {name: frozenset(organisms) for name, organisms in found.items()}


def _of_database(path: str | Path) -> set[str]:
    from sevident.contaminants import classify
    from sevident.identifiers import Identifier, read_fasta

    return {
        entry.organism
        for accession, entry in read_fasta(path).items()
        if entry.organism
        and classify(Identifier(accession, entry.entry_name, entry.organism, entry.gene), tagged=True) != "process"
    }


def foreign(abundance: pd.DataFrame, study: str) -> dict[tuple[str, str], Foreign]:
    """By (sample, kind): the quantified protein groups that hold no protein of the ``study``'s organism.

    Bovine groups are left out: they have a table of their own (species); process contaminants are not part of a sample.
    """
    columns = ["sample", "protein_group", "genes", "organism", "contaminant", "mass_fraction", "peptides"]
    rows = abundance.loc[abundance["mass_fraction"].notna(), columns]
    rows = rows[rows["contaminant"].ne("process") & rows["organism"].ne("")]
    by_text = {text: split(str(text)) for text in rows["organism"].astype("str").unique()}
    theirs = {text for text, names in by_text.items() if names and study not in names and "bovine" not in names}
    out: dict[tuple[str, str], Foreign] = {}
    rows = rows[rows["organism"].astype("str").isin(theirs)].astype({"organism": "str", "sample": "str"})
    # a group that several organisms share goes by its first
    lead = {text: by_text[text][0] for text in theirs}
    rows = rows.assign(first=rows["organism"].map(lead), kind=rows["organism"].map(lambda t: kind(lead[t])))
    for (sample, what), part in rows.groupby(["sample", "kind"], sort=True):
        names = (
            part["genes"].astype("str").where(part["genes"].astype("str").ne(""), part["protein_group"].astype("str"))
        )
        out[str(sample), str(what)] = Foreign(
            {str(k): int(v) for k, v in part["first"].value_counts().sort_index().items()},
            tuple(dict.fromkeys(names.sort_values())),
            float(part["mass_fraction"].sum()),
            int(part["peptides"].fillna(0).sum()),
        )
    return out


def split(text: str) -> list[str]:
    """The organisms of a group, in order."""
    return [name for part in text.split(";") if (name := part.strip())]
