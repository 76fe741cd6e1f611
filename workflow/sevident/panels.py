"""Which protein groups are which members of the marker registry.

Genes are current human symbols in upper case. Orthologues are found by the same symbol in upper case, with an
exceptions table per organism (mouse H2-K1 is read as HLA-A); accessions are the second key.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sevident.registry import (
    ACCESSION,
    DIRECTORY,
    MEMBER_COLUMNS,
    ORGANISMS,
    SPECIES_PANELS,
    VOCABULARY,
    Registry,
    load,
)

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "ACCESSION",
    "DIRECTORY",
    "MEMBER_COLUMNS",
    "ORGANISMS",
    "SPECIES_PANELS",
    "VOCABULARY",
    "Registry",
    "compartments",
    "load",
    "match",
    "resolve",
]

_ISOFORM = re.compile(r"-\d+$")


def resolve(symbol: str, registry: Registry, organism: str = "") -> str:
    """The current human gene symbol, upper case, of a symbol, previous symbol or common name.

    ``organism`` adds the exceptions of that organism (mouse H2-K1 -> HLA-A). A name that is unknown or ambiguous comes
    back in upper case.
    """
    name = str(symbol).strip().upper()
    own = registry.organism_aliases.get(organism, {})
    return own.get(name) or registry.aliases.get(name, name)


def match(groups: pd.DataFrame, registry: Registry, organism: str) -> pd.DataFrame:
    """Which protein groups are which members: panel, gene, protein_group, each triple once, sorted.

    ``groups`` holds protein_group, accessions, genes, organism (text, several values joined by ';'); repeated groups
    are taken once. ``organism`` is the study's. A group is matched by each of its gene symbols (after ``resolve``) and
    by each of its accessions (isoform suffix taken off), so a group of several genes may be several members of one
    panel: sums over a panel must count every protein_group once.

    A group of another organism never matches the study's panels; a group that holds the study's organism among others
    does. Without an organism a group counts as the study's, unless its accessions say that it is another's (bovine
    albumin of a contaminant list). Species panels (SPECIES_PANELS) take the groups of that species that do not hold the
    study's organism; in a study of that species they stay empty.
    """
    import pandas as pd

    organism = organism.strip().lower()
    columns = ["protein_group", "accessions", "genes", "organism"]
    frame = groups[columns].drop_duplicates("protein_group", ignore_index=True).fillna("").astype("str")
    accessions = _exploded(frame, "accessions").assign(key=lambda t: t["key"].str.replace(_ISOFORM, "", regex=True))
    genes = _exploded(frame, "genes")
    owners = _organisms(frame, accessions, registry, organism)

    foreign = registry.members["panel"].isin(list(SPECIES_PANELS))
    own_groups = {group for group, names in owners.items() if organism in names}
    parts = [
        _pairs(registry.members[~foreign], genes, accessions, own_groups, organism, registry),
    ]
    for panel, species in SPECIES_PANELS.items():
        if species != organism:
            theirs = {group for group, names in owners.items() if species in names and organism not in names}
            rows = registry.members[registry.members["panel"] == panel]
            parts.append(_pairs(rows, genes, accessions, theirs, species, None))
    out = pd.concat(parts, ignore_index=True).drop_duplicates()
    return out.sort_values(["panel", "gene", "protein_group"], kind="stable").reset_index(drop=True)


def compartments(matched: pd.DataFrame, registry: Registry) -> pd.DataFrame:
    """The compartment of each matched protein group: protein_group, compartment, each group once.

    ``matched`` is what ``match`` returned. A group in several compartments goes to the one with the lowest priority
    number; groups in no compartment panel are not in the result.
    """
    index = registry.index[registry.index["compartment"] != ""]
    table = matched[["panel", "protein_group"]].merge(index[["panel", "compartment", "priority"]], on="panel")
    table = table.sort_values(["priority", "protein_group"], kind="stable").drop_duplicates("protein_group")
    return table[["protein_group", "compartment"]].sort_values("protein_group", kind="stable").reset_index(drop=True)


# ---------------------------------------------------------------- matching


def _exploded(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """protein_group, key: one row per ';'-joined value of ``column``, upper case, without empty values."""
    table = frame[["protein_group"]].assign(key=frame[column].str.upper().str.split(";")).explode("key")
    table["key"] = table["key"].str.strip()
    return table[table["key"] != ""].drop_duplicates(ignore_index=True)


def _organisms(
    frame: pd.DataFrame, accessions: pd.DataFrame, registry: Registry, organism: str
) -> dict[str, frozenset[str]]:
    """The organisms of each protein group; a group without one gets the study's, unless its accessions know better."""
    stated = {
        text: frozenset(part.strip() for part in text.lower().split(";")) - {""} for text in set(frame["organism"])
    }
    owners = {group: stated[text] for group, text in zip(frame["protein_group"], frame["organism"], strict=True)}
    silent = {group for group, names in owners.items() if not names}
    known: dict[str, set[str]] = {}
    for name in ORGANISMS:
        for accession in set(registry.members[f"uniprot_{name}"]) - {""}:
            known.setdefault(accession, set()).add(name)
    by_accession: dict[str, set[str]] = {}
    hits = accessions[accessions["protein_group"].isin(silent) & accessions["key"].isin(list(known))]
    for group, accession in zip(hits["protein_group"], hits["key"], strict=True):
        by_accession.setdefault(group, set()).update(known[accession])
    for group in silent:
        names = by_accession.get(group, set())
        owners[group] = frozenset({organism}) if not names or organism in names else frozenset(names)
    return owners


def _pairs(
    members: pd.DataFrame,
    genes: pd.DataFrame,
    accessions: pd.DataFrame,
    groups: set[str],
    organism: str,
    registry: Registry | None,
) -> pd.DataFrame:
    """panel, gene, protein_group by symbol and by accession; without ``registry`` symbols are taken as they stand."""
    import pandas as pd

    chosen = genes[genes["protein_group"].isin(groups)]
    if registry is not None:
        current = {key: resolve(key, registry, organism) for key in chosen["key"].unique()}
        chosen = chosen.assign(key=chosen["key"].map(current))
    by_gene = members[["panel", "gene"]].merge(chosen, left_on="gene", right_on="key")
    parts = [by_gene[["panel", "gene", "protein_group"]]]
    if organism in ORGANISMS:
        column = f"uniprot_{organism}"
        rows = members.loc[members[column] != "", ["panel", "gene", column]]
        by_accession = rows.merge(accessions[accessions["protein_group"].isin(groups)], left_on=column, right_on="key")
        parts.append(by_accession[["panel", "gene", "protein_group"]])
    return pd.concat(parts, ignore_index=True)
