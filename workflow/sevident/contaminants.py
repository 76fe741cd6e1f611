"""What an entry of a contaminant list is: of the laboratory (process), of serum (serum), or not known (ambiguous).

Contaminants are tagged here and never dropped. Whether a protein was searched as a contaminant is the engine's word (a
``CON__``-like tag or a ``+`` column); what kind it is, this module decides:

1. ``process``: enzymes of the digestion (trypsin, Lys-C, Glu-C, Asp-N, chymotrypsin, pepsin, clostripain ...),
   nucleases and lysozyme, beads, tags and fluorescent proteins, latex, proteins sold as standards, casein and whey of
   blocking reagents, and the keratins and other proteins of skin, hair and wool.
2. ``ambiguous``: keratins of simple epithelia (KRT7, 8, 18, 19, 20, 23, 80, 222), which the lists hold but epithelial
   cells and their vesicles hold as well (KRT18 stands in MISEV2018 category 4d).
3. ``serum``: every other bovine protein, unless the study itself is bovine (the lists hold them as the residue of
   medium with foetal bovine serum), and human proteins of plasma.
4. Antibodies of mouse, rabbit, goat, rat or sheep in a study of another species: ``process``.
5. Anything else on a list: ``ambiguous`` (the human proteins of the UPS standard, feeder-cell and Matrigel proteins).

Untagged proteins are ``none``, except enzymes and affinity reagents of a species that is not studied: these come from
a tube whatever the search called them. Keratins that are not tagged stay ``none``: in skin and epithelia they are the
sample.

Sources: Frankenfield, Ni, Ahmed, Hao (2022) J Proteome Res 21:2104-2113, the column "Source of Contamination" of its
protein list; cRAP, "common Repository of Adventitious Proteins", thegpm.org/crap; MaxQuant's contaminants.fasta for
accessions that only its list holds (its ENSBTAP entries are bovine).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from sevident.identifiers import Identifier, join

# Digestion enzymes, affinity reagents, tags; by accession with the organism. They count as process when untagged, too.
REAGENTS = {
    "P00761": "pig",  # trypsin
    "P00760": "bovine",  # cationic trypsin
    "Q29463": "bovine",  # anionic trypsin
    "P00766": "bovine",  # chymotrypsinogen A
    "P00767": "bovine",  # chymotrypsinogen B
    "P00791": "pig",  # pepsin A
    "P00792": "bovine",  # pepsin A
    "Q10735": "pig",  # pepsin B
    "P30879": "pig",  # gastricsin
    "Q7M135": "Lysobacter enzymogenes",  # Lys-C
    "P15636": "Achromobacter lyticus",  # Lys-C
    "Q1WEI2": "Pseudomonas aeruginosa",  # Lys-C
    "P81054": "Grifola frondosa",  # Lys-N
    "P0C1U8": "Staphylococcus aureus",  # Glu-C
    "Q2FZL2": "Staphylococcus aureus",  # Glu-C
    "Q9R4J4": "Pseudomonas fragi",  # Asp-N
    "Q9R4J5": "Pseudomonas fragi",  # Asp-N
    "P09870": "Hathewaya histolytica",  # clostripain (Arg-C)
    "P13717": "Serratia marcescens",  # nuclease
    "P22629": "Streptomyces avidinii",  # streptavidin
    "P42212": "Aequorea victoria",  # green fluorescent protein
    "Q9U6Y5": "Zoanthus sp.",  # green fluorescent protein
    "P21578": "Aliivibrio fischeri",  # yellow fluorescent protein
}
# Standards, blocking reagents, latex, expression hosts: process when tagged.
_BENCH = {
    "P02662": "bovine",  # casein alpha-S1
    "P02663": "bovine",  # casein alpha-S2
    "P02666": "bovine",  # casein beta
    "P02668": "bovine",  # casein kappa
    "P02754": "bovine",  # beta-lactoglobulin
    "P00711": "bovine",  # alpha-lactalbumin
    "P00698": "Gallus gallus",  # lysozyme
    "P01012": "Gallus gallus",  # ovalbumin
    "P00330": "yeast",  # alcohol dehydrogenase
    "P00004": "Equus caballus",  # cytochrome c
    "P68082": "Equus caballus",  # myoglobin
    "P00883": "Oryctolagus cuniculus",  # aldolase
    "P00722": "Escherichia coli",  # beta-galactosidase
    "P32503": "",  # yeast virus L-A
    "P15252": "Hevea brasiliensis",
    "O82803": "Hevea brasiliensis",
    "P07477": "human",  # PRSS1: on MaxQuant's list for its likeness to trypsin of the bench
    "Streptavidin": "Streptomyces avidinii",
}
_SKIN_HUMAN = """
A1A580 A3EZ79 A3EZ82 A6NCN2 A8MTY7 A8MUX0 A8MVA2 A8MX34 A8MXZ3 O43790 O75690 O76009 O76011 O76013 O76014 O76015
O95678 P02533 P02538 P04259 P04264 P08779 P0C5Y4 P0C7H8 P12035 P13645 P13646 P13647 P19012 P19013 P20930 P26371
P35527 P35908 P48668 P59990 P59991 P60014 P60328 P60329 P60331 P60368 P60369 P60370 P60371 P60372 P60409 P60410
P60411 P60412 P60413 P78385 P78386 Q01546 Q04695 Q07627 Q14525 Q14532 Q14533 Q14CN4 Q15323 Q2M2I5 Q32MB2 Q3LHN0
Q3LHN1 Q3LHN2 Q3LI54 Q3LI58 Q3LI59 Q3LI61 Q3LI63 Q3LI64 Q3LI66 Q3LI67 Q3LI70 Q3LI72 Q3LI73 Q3LI76 Q3LI77 Q3LI81
Q3LI83 Q3MIV0 Q3SY46 Q3SY84 Q3SYF9 Q52LG2 Q5D862 Q5XKE5 Q6A162 Q6A163 Q6E0U4 Q6IFU5 Q6IFU6 Q6ISB0 Q6L8G4 Q6L8G5
Q6L8G8 Q6L8G9 Q6L8H1 Q6L8H2 Q6L8H4 Q6NT21 Q6NTB9 Q6PEX3 Q701N2 Q701N4 Q7RTS7 Q7RTT2 Q7Z3Y7 Q7Z3Y8 Q7Z3Y9 Q7Z3Z0
Q7Z4W3 Q7Z794 Q86Y46 Q86YZ3 Q8IUB9 Q8IUC0 Q8IUC1 Q8IUC2 Q8IUC3 Q8IUG1 Q8IUT8 Q8N1N4 Q92764 Q99456 Q9BQ66 Q9BYP8
Q9BYP9 Q9BYQ0 Q9BYQ2 Q9BYQ3 Q9BYQ4 Q9BYQ5 Q9BYQ6 Q9BYQ7 Q9BYQ8 Q9BYQ9 Q9BYR0 Q9BYR2 Q9BYR3 Q9BYR4 Q9BYR5 Q9BYR6
Q9BYR7 Q9BYR8 Q9BYR9 Q9BYS1 Q9BYT5 Q9BYU5 Q9NSB2 Q9NSB4 Q9UE12 XP_932229 ENSP00000377550
"""
_SKIN_MOUSE = """
A2A4G1 A2A5Y0 A2AB72 A2VCT4 P02535 P07744 P08730 P50446 Q3TTY5 Q3ZAW8 Q497I4 Q61726 Q61765 Q61782 Q62168 Q6IFX2
Q6IFX4 Q6IFZ6 Q6IME9 Q6NXH9 Q8BGZ7 Q8VED5 Q922U2 Q9D646 Q9QWL7 Q9R0H5 Q9Z2K1 XP_986630 XP_001474382
"""
_WOOL = """
O77727 P02438 P02439 P02440 P02441 P02443 P02444 P02445 P02534 P02539 P08131 P15241 P25690 P25691 P26372 Q02958
"""
_SIMPLE_HUMAN = """
P05783 P05787 P08727 P08729 P35900 Q9C075 Q6KB66 Q8N1A0 Q3KNV1 Q9H552 HIT000016045 HIT000292931 HIT000015463
XP_092267
"""
_SIMPLE_MOUSE = "P05784 P19001 Q9D312 Q9DCV7 Q99PS0 Q0VBK2"
_BOVINE = """
A0A3Q1M032 A0A3Q1M3L6 A0A3Q1MJB2 A2I7N0 A2I7N1 A2I7N2 A2I7N3 A5PJ69 A6QPQ2 A7E3W2 E1BCW0 E1BF81 E1BJK2 G3MYZ3
G3N188 G5E513 O02659 O46375 P00366 P00735 P00741 P00743 P00745 P00921 P00978 P01017 P01030 P01035 P01044 P01045
P01267 P01966 P02070 P02081 P02453 P02465 P02584 P02672 P02676 P02769 P02777 P04258 P06868 P07224 P07589 P08169
P12260 P12763 P12799 P13384 P13605 P15497 P17690 P17697 P18902 P21752 P28800 P31096 P31836 P33433 P34955 P35445
P41361 P42916 P50448 P55906 P56652 P60712 P62894 P63103 P67983 P68103 P68138 P80012 P80109 P81187 P81644 P81948
P98140 Q03247 Q05443 Q05B55 Q0IIK2 Q0V8M9 Q0VCM5 Q148H6 Q1A7A4 Q1RMK2 Q1RMN8 Q24K22 Q28065 Q28085 Q28106 Q28107
Q28178 Q28194 Q29437 Q29443 Q29RQ1 Q2HJ86 Q2HJF0 Q2KIF2 Q2KIG3 Q2KIH2 Q2KIS7 Q2KIT0 Q2KIU3 Q2KIX7 Q2KJ39 Q2KJ62
Q2KJ63 Q2KJ83 Q2KJC7 Q2KJD0 Q2KJF1 Q2TBQ1 Q2UVX4 Q2YDI2 Q32KY0 Q32PI4 Q32PJ2 Q3KUS7 Q3MHH8 Q3MHN2 Q3MHN5 Q3SWW8
Q3SX09 Q3SX14 Q3SX28 Q3SYV4 Q3SZ57 Q3SZH5 Q3SZR3 Q3SZV7 Q3T052 Q3Y5Z3 Q3ZBD7 Q3ZBS7 Q3ZCH5 Q58CQ9 Q58D62 Q5E9B1
Q5E9Z2 Q5KR48 Q5NTB3 Q6T181 Q6URK6 Q7SIH1 Q862S4 Q8SPP7 Q95121 Q95M17 Q9N2I2 Q9TRI1 Q9TT36 Q9TTE1 Q9TTJ5 Q9TTK6
Q9XSJ4 XP_001252647 XP_585019
"""
# Human proteins of plasma that the lists hold, or that a home-made list is likely to hold.
_SERUM_HUMAN = {
    "P02768": "ALB",
    "P02787": "TF",
    "P02753": "RBP4",
    "P02741": "CRP",
    "P01031": "C5",
    "P01024": "C3",
    "P01008": "SERPINC1",
    "P01009": "SERPINA1",
    "P01023": "A2M",
    "P02647": "APOA1",
    "P02652": "APOA2",
    "P04114": "APOB",
    "P02649": "APOE",
    "P02765": "AHSG",
    "P02671": "FGA",
    "P02675": "FGB",
    "P02679": "FGG",
    "P02774": "GC",
    "P02766": "TTR",
    "P02790": "HPX",
    "P00738": "HP",
    "P04004": "VTN",
}
_SERUM_GENES = frozenset(_SERUM_HUMAN.values())
_ENDING = re.compile(r"(?:-\d+|v\d+)$")
_SIMPLE_GENE = re.compile(r"KRT(?:7|8|18|19|20|23|80|222)P?")
_SKIN_GENE = re.compile(r"KRT\d+[A-Z]*\d*|KRTAP[\d-]+[A-Z]*|FLG2?|HRNR|DMKN|DCD|CDSN|SPRR\d[A-Z]?|LORICRIN|LOR")
_SIMPLE_ENTRY = re.compile(r"(?:K2C[78]|K1C18|K1C19|K1C20|K1C23|K2C80|KT222)_", re.IGNORECASE)
_SKIN_ENTRY = re.compile(
    r"(?:K[12]C\w+|K[12][HM]\d|K22[EO]|KRT\d\w*|KT\d\w*|KRA\w*|KR\d\w*|KRB2[A-D]|KRUC|FILA2?|HORN|DMKN)_", re.IGNORECASE
)
_ANTIBODY = re.compile(r"IGH[ADEGM]|IG[KL]|IG[GK]|KV\d|HV\d|LV\d|GC[ABM]|GCB|KAC", re.IGNORECASE)
_ANTIBODY_HOSTS = frozenset({"mouse", "rat", "sheep", "Oryctolagus cuniculus", "Capra hircus"})

_KIND = (
    dict.fromkeys((*REAGENTS, *_BENCH, *_SKIN_HUMAN.split(), *_SKIN_MOUSE.split(), *_WOOL.split(), "Q5XQN5"), "process")
    | dict.fromkeys((*_SIMPLE_HUMAN.split(), *_SIMPLE_MOUSE.split()), "ambiguous")
    | dict.fromkeys(_SERUM_HUMAN, "serum")
)
_ORGANISM = (
    REAGENTS
    | _BENCH
    | dict.fromkeys((*_SKIN_HUMAN.split(), *_SIMPLE_HUMAN.split(), *_SERUM_HUMAN), "human")
    | dict.fromkeys((*_SKIN_MOUSE.split(), *_SIMPLE_MOUSE.split()), "mouse")
    | dict.fromkeys(_WOOL.split(), "sheep")
    | dict.fromkeys((*_BOVINE.split(), "Q5XQN5"), "bovine")
)


def known_organism(accession: str) -> str:
    """The organism of a protein of the contaminant lists, or nothing. Isoform numbers do not matter (``P02768-1``)."""
    return _ORGANISM.get(_base(accession), "")


def _base(accession: str) -> str:
    return _ENDING.sub("", accession)


def classify(protein: Identifier, *, tagged: bool, gene: str = "", study: str = "") -> str:
    """The contaminant class of one protein: none, process, serum or ambiguous.

    ``tagged``: whether the engine called it a contaminant; ``gene``: its symbol, where known; ``study``: the study's
    organism.
    """
    base = _base(protein.accession)
    organism = protein.organism or known_organism(base)
    if not tagged:
        return "process" if base in REAGENTS and organism != study else "none"
    kind = _KIND.get(base)
    if kind:
        return kind
    symbol, entry = (gene or protein.gene).upper(), protein.entry_name
    if _SIMPLE_GENE.fullmatch(symbol) or _SIMPLE_ENTRY.match(entry):
        return "ambiguous"
    if _SKIN_GENE.fullmatch(symbol) or _SKIN_ENTRY.match(entry):
        return "process"
    if organism == "bovine" and study != "bovine":
        return "serum"
    antibody = _ANTIBODY.match(symbol) or (not symbol and _ANTIBODY.match(entry))
    if antibody and organism in _ANTIBODY_HOSTS and organism != study:
        return "process"
    if symbol in _SERUM_GENES or (antibody and organism in {"human", study, ""}):
        return "serum"
    return "ambiguous"


def classify_group(
    members: Sequence[Identifier],
    *,
    flagged: bool = False,
    also: Sequence[Identifier] = (),
    gene: str = "",
    study: str = "",
) -> str:
    """The contaminant class of a protein group.

    ``members``: the group's proteins, the leading one first; ``flagged``: the engine marked the group (MaxQuant's
    ``+``, which it sets when any majority protein is a contaminant); ``also``: further proteins that the engine lists
    for the group's peptides (DIA-NN's Protein.Ids); one of them counts only when it is the same protein as a member.

    A group led by a protein of the study with a bovine contaminant behind it (``P07996;CON__Q28194``) cannot be told
    apart by its peptides: ``ambiguous``.
    """
    if not members:
        return "ambiguous" if flagged else "none"
    leading = members[0]
    tagged = [m for m in members if m.contaminant]
    if doubtful := [m for m in also if m.contaminant]:
        bases = {_base(member.accession) for member in members}
        tagged += [m for m in doubtful if _base(m.accession) in bases]
    if not tagged and not flagged:
        return classify(leading, tagged=False, study=study)
    if not tagged:
        return classify(leading, tagged=True, gene=gene, study=study)
    tagged_bases = {_base(m.accession) for m in tagged}
    same = _base(leading.accession) in tagged_bases
    first = leading if same else tagged[0]
    kind = classify(first, tagged=True, gene=gene if same else "", study=study)
    if kind != "serum":
        return kind
    organism = first.organism or known_organism(first.accession)
    others = [m for m in members if _base(m.accession) not in tagged_bases]
    foreign = any((m.organism or known_organism(m.accession) or study) != organism for m in others)
    return "ambiguous" if foreign else kind


def organisms(members: Sequence[Identifier]) -> str:
    """The organisms of a group's proteins in their order, each once, joined by ``;``; unknown ones add nothing."""
    return join(member.organism or known_organism(member.accession) for member in members)
