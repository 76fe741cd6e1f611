"""What a row of a published table is about: accession, gene symbol, length, name, and whether it is an analyte at all.

Published tables differ in everything: FASTA headers, entry names, lists, gene symbols of several decades, symbols that
a spreadsheet turned into dates. Symbols are made one by the accessions that the tables share.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sevident.errors import InputError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

# UniProt's own pattern of an accession (https://www.uniprot.org/help/accession_numbers), with an isoform suffix.
ACCESSION = r"(?:[OPQ][0-9][A-Z0-9]{3}[0-9]|[A-NR-Z][0-9](?:[A-Z][A-Z0-9]{2}[0-9]){1,2})"
ACCESSION_COLUMNS = (
    "Majority protein IDs",
    "Protein.Group",
    "Protein IDs",
    "Protein ID",
    "Accession",
    "ID",
    "Feature_ID",
    "Protein.ID",
)
FLAG_COLUMNS = ("Protein", *ACCESSION_COLUMNS)
LENGTH_COLUMNS = ("Sequence length", "Protein Length")
NAME_COLUMNS = ("Protein names", "Description", "First.Protein.Description")
DECOY_PREFIX = r"^(?:REV_|rev_|DECOY|decoy_|XXX_)"
CONTAMINANT_PREFIX = r"^(?:CON__|contam_|CONTAMINANT_|Cont_)"
# Human genes that come from the skin of whoever handled the sample when a contaminant list flags them.
SKIN_ENTRY = r"^(?:K[12]C|K[12]H|KRT|KRA|KRHB|FILA|HORN|DCD|DESP|DSG1|PLAK|DMKN)"
SKIN_GENES = r"^(?:KRT\d|KRTAP|FLG2?$|HRNR$|DCD$|DSP$|DSG1$|JUP$|DSC1$|LORICRIN$|SPRR)"
# Reagents of the protocol and other non-serum proteins of other species: trypsin (pig, cow), Lys-C, caseins, ovalbumin,
# lysozyme. By entry name and by accession.
REAGENT_ENTRY = r"^(?:TRY|TRYP|CAS|OVAL|LYSC|LYSEP|K1|K2|KRA|KRH|SRPP|REF_|ALDH|GFP)"
REAGENT_ACCESSIONS = frozenset(
    [
        *("P00761", "P00760", "Q29463", "P15636", "Q7M135", "Q10735"),
        *("P02662", "P02663", "P02666", "P02668", "P02754", "P01012", "P00698", "O82803", "P15252"),
    ]
)
SPECIES_WORDS = {
    "human": ("sapiens", "_HUMAN"),
    "mouse": ("Mus musculus", "_MOUSE"),
    "bovine": ("Bos taurus", "_BOVIN"),
}
DATE_SYMBOL = r"(?:^|;)(?:\d{1,2}-[A-Z]{3}|[A-Z]{3}-\d{1,2}|\d{4}-\d{2}-\d{2}[^;]*)(?:;|$)"


@dataclass(frozen=True)
class Annotation:
    """Row-wise facts of one table, all with the table's index.

    ``accession``: leading accession without isoform ('' = none); ``single``: the group holds one accession only,
    isoforms aside; ``genes``: symbols in the table's order, upper-case, joined by ';' ('' = none); ``length``: residues
    (NaN = unknown); ``name``: protein name; ``entry``: UniProt entry name such as ALBU_HUMAN; ``kind``: analyte |
    bovine (serum of the medium) | process (protocol contaminant) | decoy | repeat (a further protein of a group whose
    quantity is already counted).
    """

    accession: pd.Series
    single: pd.Series
    genes: pd.Series
    length: pd.Series
    name: pd.Series
    entry: pd.Series
    kind: pd.Series


def annotate(table: pd.DataFrame, gene_column: str, organism: str, where: str) -> Annotation:
    """Annotate a published table whose cells are text. ``gene_column`` is a column's name, or ``GN= in <column>``.

    Raises InputError when the gene column is not there.
    """
    import pandas as pd

    blank = pd.Series("", index=table.index, dtype="str")
    group = _accession_column(table)
    leading = table[group].str.split(";").str[0] if group else blank
    accession = leading.str.extract(rf"(?:^|\||__|_)({ACCESSION})(?:-\d+)?(?:\||$)", expand=False).fillna("")
    single = _single(table[group]) if group else blank.eq("")
    genes = _symbols(table, gene_column, where)
    # where the cell holds an accession or a date, the symbol comes from other tables by the accession
    foreign = genes.str.contains(rf"(?:^|;){ACCESSION}(?:-\d+)?(?:;|$)") | genes.str.contains(DATE_SYMBOL)
    genes = genes.mask(foreign, genes.map(_without_foreign))
    length = _first_column(table, LENGTH_COLUMNS, blank)
    name = _first_column(table, NAME_COLUMNS, blank).str.split(r";| OS=|\s\(", regex=True).str[0].str.strip()
    entry = _entry_names(table)
    kind = _kinds(table, genes, accession, entry, organism, group)
    return Annotation(accession, single, genes, pd.to_numeric(length, errors="coerce"), name, entry, kind)


def _accession_column(table: pd.DataFrame) -> str | None:
    """The column of protein identifiers that holds the most accessions (more than a hundredth of the rows)."""
    shares = {
        column: float(table[column].str.contains(rf"(?:^|\||_|;){ACCESSION}(?:-\d+)?(?:;|\||$)", regex=True).mean())
        for column in ACCESSION_COLUMNS
        if column in table.columns
    }
    best = max(shares, key=lambda c: shares[c], default=None)
    return best if best is not None and shares[best] > 0.01 else None


def _single(group: pd.Series) -> pd.Series:
    """Whether each cell lists one accession, its isoforms counted as one."""
    counts = {cell: len({a.split("-")[0] for a in re.findall(ACCESSION, cell)}) for cell in group.unique()}
    return group.map(counts).le(1)


def _symbols(table: pd.DataFrame, gene_column: str, where: str) -> pd.Series:
    described = re.fullmatch(r"GN= in (.+)", gene_column)
    column = described.group(1) if described else gene_column
    if column not in table.columns:
        raise InputError(
            "the labelled gene column is not in the table",
            where=where,
            found=column,
            expected="a column of the table",
            advice=did_you_mean(column, table.columns),
        )
    if described:
        return table[column].str.extract(r"\bGN=(\S+)", expand=False).fillna("").str.upper()
    # lists are separated by ';', UniProt's synonyms by spaces: the first of the synonyms is the symbol
    cells = {cell: ";".join(g for g in map(_first_word, cell.split(";")) if g) for cell in table[column].unique()}
    return table[column].map(cells).astype("str")


def _first_word(text: str) -> str:
    word = next(iter(text.split()), "").upper()
    return "" if word in ("NAN", "NA", "NONE") else word


def _without_foreign(genes: str) -> str:
    return ";".join(
        g for g in genes.split(";") if not re.fullmatch(f"{ACCESSION}(?:-\\d+)?", g) and not re.search(DATE_SYMBOL, g)
    )


def _first_column(table: pd.DataFrame, names: tuple[str, ...], otherwise: pd.Series) -> pd.Series:
    return next((table[c] for c in names if c in table.columns), otherwise)


def _kinds(
    table: pd.DataFrame,
    genes: pd.Series,
    accession: pd.Series,
    entry: pd.Series,
    organism: str,
    group: str | None,
) -> pd.Series:
    import pandas as pd

    false = pd.Series(False, index=table.index)
    decoy = table["Reverse"].eq("+") if "Reverse" in table.columns else false
    listed = table["Potential contaminant"].eq("+") if "Potential contaminant" in table.columns else false
    flagged = false
    for column in FLAG_COLUMNS:
        if column in table.columns:
            decoy = decoy | table[column].str.match(DECOY_PREFIX)
            flagged = flagged | table[column].str.match(CONTAMINANT_PREFIX)
    # a group that also holds a protein of the searched proteome (human albumin beside CON__ albumin) is an analyte
    own = table[group].str.contains(rf"(?:^|;){ACCESSION}", regex=True) & genes.ne("") if group else false
    species = _species(table, entry, organism)
    skin = genes.str.contains(SKIN_GENES) | entry.str.contains(SKIN_ENTRY)
    own = own | (species.eq(organism) & entry.ne(""))
    contaminant = (flagged | listed) & (skin | ~own)
    reagent = accession.isin(REAGENT_ACCESSIONS) | (species.ne(organism) & entry.str.match(REAGENT_ENTRY))
    kind = pd.Series("analyte", index=table.index, dtype="str")
    kind = kind.mask(contaminant | species.eq("other"), "process")
    kind = kind.mask(species.eq("bovine"), "bovine").mask(reagent, "process")
    if "-10lgP" in table.columns and "Protein Group" in table.columns:
        # PEAKS lists each protein of a group with the group's whole area
        kind = kind.mask(table["Protein Group"].duplicated() & kind.eq("analyte"), "repeat")
    return kind.mask(decoy, "decoy")


def _species(table: pd.DataFrame, entry: pd.Series, organism: str) -> pd.Series:
    """organism | bovine | other per row, by organism column and entry names; the study's where neither speaks."""
    import pandas as pd

    out = pd.Series(organism, index=table.index, dtype="str")
    if "Organism" in table.columns:
        said = table["Organism"]
        out = out.mask(said.ne("") & ~said.str.contains(SPECIES_WORDS.get(organism, (organism,))[0]), "other")
        out = out.mask(said.str.contains(SPECIES_WORDS["bovine"][0]), "bovine")
    ending = SPECIES_WORDS.get(organism, ("", ""))[1]
    if ending:
        out = out.mask(entry.ne("") & ~entry.str.endswith(ending), "other")
        out = out.mask(entry.str.endswith(SPECIES_WORDS["bovine"][1]), "bovine")
    return out


def _entry_names(table: pd.DataFrame) -> pd.Series:
    """UniProt entry names (ALBU_HUMAN) of the leading proteins, '' where the table has none."""
    import pandas as pd

    columns = ("Entry Name", "Protein.Names", "Accession", "Protein.ID", "Protein")
    for column in columns:
        if column in table.columns:
            leading = table[column].str.split(";").str[0]
            found = leading.str.extract(r"(?:^|\||_)([A-Za-z0-9]{1,11}_[A-Z]{5})$", expand=False).fillna("")
            if found.ne("").mean() > 0.5:
                return found.str.upper()
    if "Fasta headers" in table.columns:
        found = table["Fasta headers"].str.extract(r"^>?(?:sp|tr)\|[^|]+\|([A-Za-z0-9]{1,11}_[A-Z]{5})\b", expand=False)
        return found.fillna("").str.upper()
    return pd.Series("", index=table.index, dtype="str")


def harmonise(annotations: list[Annotation]) -> list[pd.Series]:
    """One current symbol per protein across tables: a Series of symbols ('' = none) for each annotation.

    First each symbol goes through the alias table of the marker panels. Of a list, the first symbol counts that some
    table gives to a row by itself (search engines put pseudogenes and clone names first), else the first. Then an
    accession takes the symbol that most tables give it (ties: the symbol that more accessions carry, then the
    alphabet), rows without a symbol take the one of their accession, and a symbol that is nowhere the chosen one is
    replaced by the chosen symbol of its accession. Only rows with one gene and one accession vote: in lists, the two
    are not in the same order.
    """
    import pandas as pd

    current = _alias_resolver()
    lists = [a.genes.map(lambda cell: [current(g) for g in cell.split(";") if g]) for a in annotations]
    single = [cells.map(lambda genes: genes[0] if len(set(genes)) == 1 else "") for cells in lists]
    known = set().union(*(s.unique() for s in single)) - {""}
    symbols = [
        cells.map(lambda genes: next((g for g in genes if g in known), next(iter(genes), ""))).astype("str")
        for cells in lists
    ]
    pairs = pd.concat(
        [
            pd.DataFrame({"accession": a.accession, "symbol": s, "table": i})[
                a.kind.isin(["analyte", "repeat"]) & a.single & a.accession.ne("") & s.ne("")
            ].drop_duplicates()
            for i, (a, s) in enumerate(zip(annotations, single, strict=True))
        ],
        ignore_index=True,
    )
    votes = pairs.groupby(["accession", "symbol"]).size().rename("votes").reset_index()
    votes["spread"] = votes["symbol"].map(pairs["symbol"].value_counts())
    votes = votes.sort_values(["accession", "votes", "spread", "symbol"], ascending=[True, False, False, True])
    chosen = votes.drop_duplicates("accession").set_index("accession")["symbol"]
    kept = set(chosen)
    old = votes[~votes["symbol"].isin(kept)].sort_values(
        ["symbol", "votes", "accession"], ascending=[True, False, True]
    )
    renamed = old.drop_duplicates("symbol").set_index("symbol")["accession"].map(chosen)
    by_accession, by_symbol = chosen.to_dict(), renamed.to_dict()
    out = []
    for annotation, symbol in zip(annotations, symbols, strict=True):
        own = annotation.accession.map(lambda accession: by_accession.get(accession, ""))
        filled = symbol.mask(symbol.eq(""), own.astype("str"))
        out.append(filled.map(lambda name: by_symbol.get(name, name)).astype("str"))
    return out


def _alias_resolver() -> Callable[[str], str]:
    """symbol -> current symbol by the marker registry."""
    from functools import cache

    from sevident import panels

    registry = panels.load()
    return cache(lambda symbol: panels.resolve(symbol, registry) if symbol else "")
