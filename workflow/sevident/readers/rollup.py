"""From peptides to proteins: the features of a peptide-level table, and the protein table summed from them.

A reader of peptides, precursors or spectra hands over a frame of observations; here they are sorted into those that
count and those that do not, collapsed to one row per ion and run, and summed per protein group. The sum is simple on
purpose: which proteins a peptide stands for is the engine's word. What does not count stays in the features.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from sevident import tables
from sevident.errors import InputError
from sevident.identifiers import join, parse_genes, parse_identifier, read_fasta, split_identifiers
from sevident.readers.base import InputSpec, ReadResult
from sevident.readers.groups import Groups, describe

Q_VALUE = 0.01  # the error rate at which the engines advise to cut their tables
# an observation: the columns that a reader fills, and what stands where it does not
COLUMNS: dict[str, Any] = {
    "run": "",
    "peptide": "",  # the bare sequence
    "modified_sequence": "",
    "charge": np.nan,
    "ids": "",  # all proteins of the peptide as written, joined by ';'
    "group": "",  # the engine's name of the group; empty: the accessions of ids
    "members": "",  # the group's proteins as written; empty: ids
    "also": "",
    "genes": "",
    "headers": "",
    "intensity": np.nan,  # linear; nan or 0 = not measured
    "spectra": np.nan,
    "score": np.nan,  # the engine's, higher is better; of an ion the best counts
    "q_value": np.nan,  # of the observation
    "group_q": np.nan,  # of its protein group
    "length": np.nan,
    "is_decoy": False,
    "hit": "",  # lower_rank: not the best hit of its spectrum; failed: below the threshold that the file states
    "evidence": "unknown",
}
_ION = ["run", "group", "modified_sequence", "charge", "peptide", "ids", "genes", "is_decoy", "fate"]
_FATES = {
    "decoy": "decoys",
    "nameless": "without a protein or a run",
    "lower_rank": "not the best of their spectrum",
    "failed": "below the file's threshold",
    "peptide_q": "above the q-value",
    "group_q": "in groups above the q-value",
}
_BRACKETED = re.compile(r"\[[^][(){}]*\]|\([^][(){}]*\)|\{[^][(){}]*\}")
_BRACKET = re.compile(r"[][(){}]")
_BEST = {"ms2": 0, "matched": 1, "imputed": 2, "unknown": 3}


@dataclass
class Observations:
    """Peptides, precursors or spectra as a table gives them.

    ``frame``: columns of ``COLUMNS``, missing ones are filled; ``where``: the file, for messages; ``what``: what a row
    is, in the plural; ``runs``: every run of a wide table, so that a group gets a row in each; empty for a long one;
    ``repeats``: whether rows of one ion in one run repeat its intensity (then the largest counts once, not the sum);
    ``q_name``, ``group_q_name``: the columns of the q-values, for messages.
    """

    frame: pd.DataFrame
    where: str
    what: str
    runs: Sequence[str] = field(default_factory=list)
    repeats: bool = False
    q_name: str = "q-value"
    group_q_name: str = "protein q-value"


def clean_ids(text: str) -> str:
    """The accessions of a list of proteins as written, joined by ``;``, without tags."""
    return join(parse_identifier(piece).accession for piece in split_identifiers(text))


def group_name(text: str) -> str:
    """A group's name from its proteins as written: their accessions; contaminants and decoys keep a tag."""
    names = []
    for piece in split_identifiers(text):
        found = parse_identifier(piece)
        names.append(("rev_" if found.decoy else "") + ("contam_" if found.contaminant else "") + found.accession)
    return join(names)


def all_decoys(text: str) -> bool:
    """Whether every protein of a list carries a decoy's prefix; a peptide of a real protein is no decoy."""
    pieces = split_identifiers(text)
    return bool(pieces) and all(parse_identifier(piece).decoy for piece in pieces)


def each(function: Callable[[str], Any], values: pd.Series) -> pd.Series:
    """``function`` of every text of a column, worked out once per distinct text."""
    codes, texts = pd.factorize(values)
    return pd.Series([function(text) for text in texts.tolist()]).iloc[codes].set_axis(values.index)


def bare_sequence(peptide: str) -> str:
    """A peptide without modifications, flanking residues and charge, in any of the usual spellings.

    ``K.AC[+57.02]DE.R``, ``n[42]AC(Carbamidomethyl)DE``, ``_AC[160]DE_2``, ``AcDE`` (lower case = modified).
    """
    if peptide.isalpha() and peptide.isupper():  # nearly always
        return peptide
    text = _BRACKETED.sub("", peptide)
    if _BRACKET.search(text):  # brackets in brackets, or without their other half
        text = peptide
    for opening, closing in ("[]", "()", "{}"):
        while opening in text:
            start = text.index(opening)
            depth, end = 0, start
            for end in range(start, len(text)):
                depth += (text[end] == opening) - (text[end] == closing)
                if depth == 0:
                    break
            text = text[:start] + text[end + 1 :]
    pieces = text.split(".")
    if len(pieces) == 3 and len(pieces[0]) <= 1 and len(pieces[2]) <= 1:
        text = pieces[1]
    text = text.removeprefix("n") if text[:1] == "n" and text[1:2].isupper() else text
    return text if text.isalpha() and text.isupper() else "".join(filter(str.isalpha, text.upper()))


def roll_up(
    found: Observations, spec: InputSpec, warnings: list[dict[str, object]], engine: str, **facts: Any
) -> ReadResult:
    """Features and proteins of a peptide-level table, with counted remarks on all that does not count.

    Decoys, rows without a protein, and rows with a q-value above 1 % never reach the proteins; they stay in the
    features. Intensity and spectra are sums (null when nothing was measured), peptides the count of distinct bare
    sequences. ``facts`` are further fields of the result. Raises InputError when no row is left.
    """
    frame = _complete(found.frame)
    frame["fate"] = _fates(frame)
    warnings += _tell(frame, found, spec)
    ions = _collapse(frame, found, spec, warnings)
    kept = ions[ions["fate"] == "kept"]
    if kept.empty:
        counts = ", ".join(f"{n} {_FATES[str(fate)]}" for fate, n in sorted(frame["fate"].value_counts().items()))
        raise InputError(
            "No peptide of the table is left.",
            where=found.where,
            found=counts,
            expected=f"{found.what} of real proteins with a q-value of at most {Q_VALUE}",
            advice="give the main result of the search, not a part of it or a table of decoys",
        )
    described = _describe(kept, spec, warnings)
    proteins = _sum(kept, found.runs).merge(described, on="protein_group", how="left", validate="many_to_one")
    features = _features(ions, described, spec)
    proteins = tables.conform(proteins.assign(input=spec.name), tables.PROTEINS)
    return ReadResult(proteins, features, warnings, engine, **facts)


def _complete(frame: pd.DataFrame) -> pd.DataFrame:
    frame = frame.copy()
    for column, default in COLUMNS.items():
        if column not in frame.columns:
            frame[column] = default
    for column in ("intensity", "spectra", "score", "q_value", "group_q", "charge", "length"):
        frame[column] = frame[column].astype("float64")
    frame.loc[frame["intensity"] == 0, "intensity"] = np.nan
    empty = frame["group"] == ""
    frame.loc[empty, "group"] = each(group_name, frame.loc[empty, "ids"])
    frame["members"] = frame["members"].where(frame["members"] != "", frame["ids"])
    return frame[list(COLUMNS)]


def _fates(frame: pd.DataFrame) -> pd.Series:
    conditions = [
        frame["is_decoy"].astype("bool"),
        (frame["group"] == "") | (frame["run"] == ""),
        frame["hit"] == "lower_rank",
        frame["hit"] == "failed",
        frame["q_value"] > Q_VALUE,
        frame["group_q"] > Q_VALUE,
    ]
    return pd.Series(np.select(conditions, list(_FATES), "kept"), index=frame.index)


def _tell(frame: pd.DataFrame, found: Observations, spec: InputSpec) -> list[dict[str, object]]:
    remarks = []
    total = float(frame["intensity"].sum())
    for fate, code, what, level in (
        ("decoy", "decoys_removed", f"decoy {found.what}", "info"),
        ("nameless", "rows_without_protein", f"{found.what} without a protein or a run", "warning"),
        ("lower_rank", "hits_of_lower_rank", f"{found.what} that are not the best hit of their spectrum", "info"),
        ("failed", "hits_below_threshold", f"{found.what} below the threshold that the file states", "info"),
        ("peptide_q", "peptides_over_q_value", f"{found.what} with {found.q_name} above {Q_VALUE}", "info"),
        ("group_q", "groups_over_q_value", f"{found.what} with {found.group_q_name} above {Q_VALUE}", "info"),
    ):
        rows = frame["fate"] == fate
        count = int(rows.sum())
        if count:
            lost = float(frame.loc[rows, "intensity"].sum())
            held = f"; they hold {lost / total:.2%} of the summed intensity ({lost:.6g})" if total else ""
            text = f"{count} {what} do not count towards the proteins{held}. They stay in the table of features."
            remarks.append(spec.warn(level, code, text, count))
    return remarks


def _collapse(
    frame: pd.DataFrame, found: Observations, spec: InputSpec, warnings: list[dict[str, object]]
) -> pd.DataFrame:
    """One row per ion, run and fate; sums over sorted values, so that the order of rows changes nothing."""
    ion = frame.groupby(_ION, dropna=False, sort=True).ngroup()  # one number for nine columns
    frame = frame.assign(evidence=frame["evidence"].map(_BEST), ion=ion)
    frame = frame.sort_values(["ion", "intensity", "members", "also"], kind="stable")
    groups = frame.groupby("ion", sort=True)
    first = frame.drop_duplicates("ion").set_index("ion")
    ions = first[_ION].join(groups[["q_value", "group_q", "evidence", "length"]].min())
    # a bare sum of groupby makes 0 of nothing; min_count keeps it null
    ions["intensity"] = groups["intensity"].max() if found.repeats else groups["intensity"].sum(min_count=1)
    ions["spectra"] = groups["spectra"].sum(min_count=1)
    ions["score"] = groups["score"].max()
    for column in ("members", "also", "headers"):
        ions[column] = first[column]
    words = {code: word for word, code in _BEST.items()}
    ions["evidence"] = ions["evidence"].map(words)
    repeated = float(frame["intensity"].sum()) - float(ions["intensity"].sum())
    count = int(frame["intensity"].notna().sum() - ions["intensity"].notna().sum())
    if found.repeats and count:
        text = (
            f"{count} {found.what} repeat the intensity of an ion that another one in the same run holds; each ion "
            f"counts once, with its largest value ({repeated:.6g} is not counted again)."
        )
        warnings.append(spec.warn("info", "repeated_intensity", text, count))
    return ions.reset_index(drop=True)


def _describe(kept: pd.DataFrame, spec: InputSpec, warnings: list[dict[str, object]]) -> pd.DataFrame:
    groups = kept.groupby("group", sort=True).agg(
        members=("members", "min"), headers=("headers", "max"), length=("length", "min")
    )
    for column in ("also", "genes"):
        texts: dict[str, list[str]] = {str(group): [] for group in groups.index}
        pairs = kept[["group", column]].drop_duplicates().sort_values(column, kind="stable")
        for group, text in pairs.itertuples(index=False):
            texts[group] += text.split(";")
        groups[column] = [join(pieces) for pieces in texts.values()]
    described, remarks = describe(
        Groups(
            ids=groups["members"].tolist(),
            genes=groups["genes"].tolist(),
            headers=groups["headers"].tolist(),
            also=groups["also"].tolist(),
            lengths=groups["length"].tolist(),
        ),
        spec,
        read_fasta(spec.fasta) if spec.fasta else None,
    )
    warnings += remarks
    described.insert(0, "protein_group", groups.index.tolist())
    return described


def _sum(kept: pd.DataFrame, runs: Sequence[str]) -> pd.DataFrame:
    ordered = kept.sort_values(["run", "group", "intensity", "peptide"], kind="stable")
    groups = ordered.assign(evidence=ordered["evidence"].map(_BEST)).groupby(["run", "group"], sort=True)
    sums = groups.agg(peptides=("peptide", "nunique"), q_value=("group_q", "min"), evidence=("evidence", "min"))
    for column in ("intensity", "spectra"):
        sums[column] = groups[column].sum(min_count=1)
    if len(runs):
        every = pd.MultiIndex.from_product([sorted(runs), sorted(kept["group"].unique())], names=["run", "group"])
        sums = sums.reindex(every)
        sums["peptides"] = sums["peptides"].fillna(0)
    words = {code: word for word, code in _BEST.items()}
    sums["evidence"] = sums["evidence"].map(words).fillna("unknown")
    return sums.reset_index().rename(columns={"group": "protein_group"})


def _features(ions: pd.DataFrame, described: pd.DataFrame, spec: InputSpec) -> pd.DataFrame:
    genes = each(lambda text: join(parse_genes(text)), ions["genes"])
    of_group = ions["group"].map(dict(zip(described["protein_group"], described["genes"], strict=True))).fillna("")
    frame = pd.DataFrame(
        {
            **{c: ions[c] for c in ("run", "peptide", "modified_sequence", "charge", "intensity", "spectra")},
            **{c: ions[c] for c in ("score", "q_value", "is_decoy", "evidence")},
            "input": spec.name,
            "proteins": each(clean_ids, ions["ids"]),
            "protein_group": ions["group"],
            "genes": genes.where(genes != "", of_group),
        }
    )
    return tables.conform(frame, tables.FEATURES)
