"""The peptide rows of one input taken apart: codes and numbers in the place of text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..identifiers import Identifier, parse_genes, parse_identifier
from ..tables import EVIDENCE_KINDS, warning
from .runs import STAGE, sorted_codes

if TYPE_CHECKING:
    from numpy.typing import NDArray

MS2 = EVIDENCE_KINDS.index("ms2")


@dataclass(frozen=True)
class Peptides:
    """One input's rows of FEATURES.

    ``rows``: row (its place in the table given), run, peptide, precursor, proteins, group (codes; group -1 = the engine
    gave none), intensity (linear, nan = none), spectra, q_value, score (nan = none), evidence (place in
    EVIDENCE_KINDS), decoy. ``runs``, ``peptides`` (stripped sequences), ``groups``: sorted texts of the codes;
    ``proteins``: for each code the proteins of the row. ``genes``: gene symbol by accession, where the rows say so
    without doubt.
    """

    name: str
    rows: pd.DataFrame
    runs: list[str]
    peptides: list[str]
    groups: list[str]
    proteins: list[list[Identifier]]
    genes: dict[str, str]

    def pairs(self, chosen: NDArray[np.bool_]) -> pd.DataFrame:
        """The distinct (peptide, protein) pairs of the chosen rows, as text."""
        distinct = self.rows.loc[chosen, ["peptide", "proteins"]].drop_duplicates()
        accessions = [[p.accession for p in self.proteins[code]] for code in distinct["proteins"].tolist()]
        found = pd.DataFrame({"peptide": distinct["peptide"].to_numpy(), "protein": accessions}).explode("protein")
        found = found.dropna().drop_duplicates(ignore_index=True)
        found["peptide"] = np.array(self.peptides, dtype=object)[found["peptide"].to_numpy(dtype="int64")]
        return found


def take_apart(name: str, features: pd.DataFrame) -> tuple[Peptides, list[dict[str, object]]]:
    """The rows of input ``name`` (by tables.FEATURES; text columns may be categories) and counted remarks.

    A row is a decoy when the reader says so, or when all its proteins carry a decoy's prefix. Rows without a sequence,
    and decoy rows of a sequence that is a target as well, are left out; an intensity that is not positive and finite is
    none.
    """
    found: list[dict[str, object]] = []
    # where there is no stripped sequence, the modified one tells the peptides apart
    sequence, modified = features["peptide"], features["modified_sequence"]
    empty = sequence.eq("")
    if empty.any():
        sequence = sequence.astype("object").where(~empty, modified.astype("object"))
    peptide, peptides = sorted_codes(sequence)
    run, runs = sorted_codes(features["run"])
    text, texts = sorted_codes(features["proteins"])
    group, groups = sorted_codes(features["protein_group"])
    charge, charges = pd.factorize(features["charge"], use_na_sentinel=False)
    form, forms = pd.factorize(modified)
    precursor = (peptide * len(forms) + form) * len(charges) + charge

    members = [[parse_identifier(piece) for piece in one.split(";") if piece.strip()] for one in texts]
    all_decoys = np.array([bool(m) and all(p.decoy for p in m) for m in members], dtype=bool)
    decoy = features["is_decoy"].to_numpy(dtype=bool)
    if len(texts):
        decoy = decoy | all_decoys[text]
    # a protein whose decoy shares a peptide with it is there; the decoy proves nothing
    proteins = [[p for p in m if not p.decoy] or m for m in members]

    intensity = features["intensity"].to_numpy(dtype="float64", copy=True)
    wrong = (intensity < 0) | np.isinf(intensity)
    message = "peptide intensities are negative or infinite and count as none."
    _tell(found, name, "warning", "impossible_intensity", wrong, message)
    intensity[wrong | (intensity == 0)] = np.nan
    evidence = pd.Categorical(features["evidence"], categories=list(EVIDENCE_KINDS)).codes.astype("int8")
    rows = pd.DataFrame(
        {
            "row": np.arange(len(features)),
            "run": run,
            "peptide": peptide,
            "precursor": precursor,
            "proteins": text,
            "group": np.where(np.array([bool(g) for g in groups], dtype=bool)[group], group, -1),
            "intensity": intensity,
            "spectra": features["spectra"].to_numpy(dtype="float64", na_value=np.nan),
            "q_value": features["q_value"].to_numpy(dtype="float64"),
            "score": features["score"].to_numpy(dtype="float64"),
            "evidence": np.where(evidence < 0, EVIDENCE_KINDS.index("unknown"), evidence),
            "decoy": decoy,
        }
    )
    nameless = np.array([not p for p in peptides], dtype=bool)[peptide]
    _tell(found, name, "warning", "rows_without_peptide", nameless, "peptide rows have no sequence and are left out.")
    is_target = np.zeros(len(peptides), dtype=bool)
    is_target[peptide[~decoy]] = True
    both = decoy & is_target[peptide]
    message = "decoy rows have the sequence of a target and are left out."
    _tell(found, name, "info", "decoys_like_targets", both, message)
    rows = rows[~nameless & ~both].reset_index(drop=True)
    return Peptides(name, rows, runs, peptides, groups, proteins, _genes(features, texts, text, members)), found


def _genes(
    features: pd.DataFrame, texts: Sequence[str], text: NDArray[np.int64], members: list[list[Identifier]]
) -> dict[str, str]:
    """Gene by accession, from rows that have as many genes as proteins."""
    gene, genes = sorted_codes(features["genes"])
    found: dict[str, str] = {}
    for pair in np.unique(text * len(genes) + gene).tolist():
        t, g = divmod(pair, len(genes))
        symbols = parse_genes(genes[g])
        if len(symbols) == len(members[t]):
            for protein, symbol in zip(members[t], symbols, strict=True):
                found.setdefault(protein.accession, symbol)
    return found


def _tell(
    found: list[dict[str, object]], name: str, level: str, code: str, which: NDArray[np.bool_], message: str
) -> None:
    count = int(which.sum())
    if count:
        found.append(warning(STAGE, level, code, name, f"{count} {message}", count))
