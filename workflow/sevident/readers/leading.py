"""The members and genes of a group that a table of peptides names by its leading protein alone.

MaxQuant (razor protein) and Proteome Discoverer (master protein) write, per peptide, all the proteins that hold it
and the one that leads its group. A protein that holds every peptide of the group cannot be told from the leading one,
so it is a member; proteins that hold only some of them are not, and neither are their genes.
"""

from __future__ import annotations

import pandas as pd

from sevident.identifiers import join, parse_genes, parse_identifier, split_identifiers
from sevident.readers.base import InputSpec


def settle(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with ``members`` and ``genes`` of the group in every row.

    ``frame``: one row per observation, with ``group`` (the leading proteins as written), ``ids`` (all proteins of the
    peptide) and ``genes``. A group of several leading proteins, whose peptides are shared, is those proteins alone.
    """
    rows = frame[["group", "ids", "genes"]].drop_duplicates()
    members: dict[str, str] = {}
    genes: dict[str, str] = {}
    of_groups: dict[str, list[tuple[str, str]]] = {}
    for group, ids, symbol in rows.itertuples(index=False):
        of_groups.setdefault(group, []).append((ids, symbol))
    for group, texts in of_groups.items():
        leading = split_identifiers(group)
        lists = [split_identifiers(ids) for ids, _ in texts]
        common = [one for one in lists[0] if all(one in other for other in lists[1:])]
        known = {parse_identifier(one).accession for one in leading}
        more = [one for one in common if parse_identifier(one).accession not in known] if len(leading) == 1 else []
        members[group] = ";".join([*leading, *more])
        symbols = [found for _, text in texts if (found := parse_genes(text))]
        shared = [gene for gene in symbols[0] if all(gene in other for other in symbols[1:])] if symbols else []
        genes[group] = join(shared)
    return frame.assign(members=frame["group"].map(members), genes=frame["group"].map(genes))


def count_peaks_once(frame: pd.DataFrame, spec: InputSpec, warnings: list[dict[str, object]]) -> pd.DataFrame:
    """The frame with the intensity of a peak in its first row alone; a warning counts the others and their sum.

    Spectra of one ion of a group in one run that carry the same area were taken from one chromatographic peak.
    """
    key = ["run", "modified_sequence", "charge", "group"]
    repeated = frame["intensity"].notna() & (frame["intensity"] != 0) & frame.duplicated([*key, "intensity"])
    lost = float(frame.loc[repeated, "intensity"].sum())
    count = int(repeated.sum())
    if count:
        text = (
            f"{count} spectra repeat the area of a peak that another spectrum of the same ion and run holds; "
            f"each peak is counted once ({lost:.6g} is not counted again)."
        )
        warnings.append(spec.warn("info", "repeated_intensity", text, count))
    return frame.assign(intensity=frame["intensity"].mask(repeated))
