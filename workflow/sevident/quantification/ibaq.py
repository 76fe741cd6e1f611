"""iBAQ and Top3: amounts of protein that can be compared between the proteins of a sample.

* Mass fraction: share in the summed intensity (total protein approach; see ``abundance``), without unit.
* iBAQ: summed peptide intensity of a protein group divided by the number of theoretically observable peptides of its
  leading protein: tryptic, without missed cleavages, 6 to 30 residues (Schwanhaeusser B et al. Nature 2011;473:337-342,
  doi 10.1038/nature10098). Unit: intensity per peptide; proportional to moles. Its share in the sample's sum is the
  molar fraction.
* Top3: mean intensity of the three most intense peptides of a protein group; a group with fewer has none (Silva JC et
  al. Mol Cell Proteomics 2006;5:144-156, doi 10.1074/mcp.M500230-MCP200). Unit: intensity; proportional to moles. The
  ions of one peptide (charge states, modifications) are added up first.

Trypsin cuts after K and R but not before P. A peptide that a protein holds twice counts twice, because both copies
give to its intensity.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .database import Database
from .runs import Runs
from .scan import EXACT, Features, connect, exact_scale

if TYPE_CHECKING:
    from numpy.typing import NDArray

SHORTEST, LONGEST = 6, 30  # residues of an observable peptide, Schwanhaeusser 2011
TOP = 3
_SITE = re.compile(r"(?<=[KR])(?!P|$)")


def digest(sequence: str) -> list[str]:
    """The tryptic peptides of a protein without missed cleavages, in their order, of any length."""
    return _SITE.split(sequence) if sequence else []


def observable(sequence: str) -> int:
    """The number of theoretically observable peptides of a protein (see the module)."""
    return sum(SHORTEST <= len(peptide) <= LONGEST for peptide in digest(sequence))


def observable_of_groups(groups: pd.DataFrame, database: Database) -> NDArray[np.float64]:
    """Observable peptides of the leading protein of each group; nan where it is not in the database or has none.

    ``groups``: one row per protein group with ``accessions`` (joined by ';', the leading one first).
    """
    names = database.names()
    known: dict[str, float] = {}

    def count(accessions: str) -> float:
        leading = accessions.partition(";")[0]
        if leading not in known:
            protein = names.get(leading)
            if protein is None and "-" in leading:  # an isoform whose canonical sequence alone was searched
                protein = names.get(leading.rpartition("-")[0])
            known[leading] = float(observable(protein.sequence)) if protein else np.nan
        return known[leading] or np.nan

    return np.array([count(text) for text in groups["accessions"].astype("str")], dtype="float64")


def quantities(features: Features, observable_peptides: Mapping[str, float]) -> pd.DataFrame:
    """Quantities of every protein group in every run from its peptides, in one pass of DuckDB.

    ``features``: tables.FEATURES with the protein group that each row counts for; rows of decoys, without a group or
    without a positive intensity are left out.
    ``observable_peptides``: the number of observable peptides by protein group. Returns input, run, protein_group,
    intensity (the sum), peptides (with intensity), mass_fraction (of the run, process contaminants included), ibaq
    (nan without a number of observable peptides) and top3 (nan for fewer than three peptides), sorted by the first
    three. Sums do not depend on the order of rows.
    """
    counts = pd.DataFrame(
        {
            "protein_group": pd.Series(list(observable_peptides), dtype="str"),
            "observable": np.array(list(observable_peptides.values()), dtype="float64"),
        }
    )
    with connect(features) as connection:
        scale = exact_scale(connection)
        connection.register("counts", counts)
        frame = connection.execute(
            f"""
            WITH peptide_sums AS (
                SELECT input, run, protein_group, peptide, sum({EXACT}) AS amount
                FROM quantified WHERE protein_group <> ''
                GROUP BY input, run, protein_group, peptide
            ), sums AS (
                SELECT input, run, protein_group, sum(amount) AS amount, count(*) AS peptides,
                    CASE WHEN count(*) >= {TOP} THEN list_sum(max(amount, {TOP}))::DOUBLE / {TOP} / $scale END AS top3
                FROM peptide_sums GROUP BY input, run, protein_group
            )
            SELECT input, run, protein_group, amount::DOUBLE / $scale AS intensity, peptides,
                amount::DOUBLE / (sum(amount) OVER (PARTITION BY input, run))::DOUBLE AS mass_fraction,
                amount::DOUBLE / $scale / observable AS ibaq, top3
            FROM sums LEFT JOIN counts USING (protein_group)
            ORDER BY input, run, protein_group
            """,  # noqa: S608  (constants of this package)
            {"scale": scale},
        ).df()
    return frame


def with_top3(taken: Runs, features: Features, known: pd.DataFrame) -> Runs:
    """The long protein table with Top3 in the place of intensity, so that ``merge`` joins it over runs.

    ``known``: input, protein_group and group (place in ``taken.groups``). Of a fractionated sample the Top3 of the
    fractions are then added up: an upper bound, since each fraction has three peptides of its own.
    """
    frame = quantities(features, {}).astype({"input": "str", "run": "str", "protein_group": "str"})
    frame = frame[frame["top3"].notna()].merge(known, on=["input", "protein_group"])
    place = pd.Series(range(len(taken.runs)), index=pd.MultiIndex.from_tuples(taken.runs, names=["input", "run"]))
    run = place.reindex(pd.MultiIndex.from_frame(frame[["input", "run"]])).to_numpy(dtype="float64")
    here = ~np.isnan(run)
    keys = run[here].astype("int64") * len(taken.groups) + frame.loc[here, "group"].to_numpy(dtype="int64")
    values = pd.Series(frame.loc[here, "top3"].to_numpy(), index=keys)
    rows = taken.run_of * len(taken.groups) + taken.group_of
    return replace(taken, intensity=values.reindex(rows).to_numpy(dtype="float64"))
