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
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa

from ..streams import constant
from .database import Database
from .runs import Runs
from .scan import EXACT, PIECE, Features, batches, connect

if TYPE_CHECKING:
    import duckdb
    from numpy.typing import NDArray

SHORTEST, LONGEST = 6, 30  # residues of an observable peptide, Schwanhaeusser 2011
TOP = 3
_KEYS, _NUMBERS = ("input", "run", "protein_group"), ("intensity", "peptides", "mass_fraction", "top3")
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
    """Quantities of every protein group in every run from its peptides, by DuckDB, a batch of runs after the other.

    ``features``: tables.FEATURES with the protein group that each row counts for; rows of decoys, without a group or
    without a positive intensity are left out.
    ``observable_peptides``: the number of observable peptides by protein group. Returns input, run, protein_group
    (categories), intensity (the sum), peptides (with intensity), mass_fraction (of the run, process contaminants
    included), ibaq (nan without a number of observable peptides) and top3 (nan for fewer than three peptides), sorted
    by the first three. Sums do not depend on the order of rows.
    """
    with connect(features) as connection:
        pieces = batches(connection)
        parts = [_sums(connection, piece, pieces.scale) for piece in pieces.pieces]
    empty = pa.schema(
        [*((name, pa.dictionary(pa.int32(), pa.string())) for name in _KEYS), *((n, pa.float64()) for n in _NUMBERS)]
    ).empty_table()
    frame = pa.concat_tables([part.cast(empty.schema) for part in parts] or [empty]).unify_dictionaries().to_pandas()
    groups = frame["protein_group"].cat
    counts = np.array([observable_peptides.get(group, np.nan) for group in groups.categories] or [np.nan])
    frame["peptides"] = frame["peptides"].astype("int64")
    frame.insert(6, "ibaq", frame["intensity"].to_numpy() / counts[groups.codes.to_numpy()])
    return frame


def _sums(connection: duckdb.DuckDBPyConnection, piece: tuple[str, str, str], scale: float) -> pa.Table:
    """The columns ``_KEYS`` (dictionaries) and ``_NUMBERS`` of a batch of runs, sorted."""
    found = connection.sql(
        f"""
        WITH peptide_sums AS (
            SELECT run, protein_group, peptide, sum({EXACT}) AS amount FROM quantified
            WHERE protein_group <> '' AND {PIECE} GROUP BY run, protein_group, peptide
        ), sums AS (
            SELECT run, protein_group, sum(amount) AS amount, count(*) AS peptides,
                CASE WHEN count(*) >= {TOP} THEN list_sum(max(amount, {TOP}))::DOUBLE / {TOP} / $scale END AS top3
            FROM peptide_sums GROUP BY run, protein_group
        )
        SELECT run, protein_group, amount::DOUBLE / $scale AS intensity, peptides::DOUBLE AS peptides,
            amount::DOUBLE / (sum(amount) OVER (PARTITION BY run))::DOUBLE AS mass_fraction, top3
        FROM sums ORDER BY run, protein_group
        """,  # noqa: S608  (constants of this package)
        params=dict(zip(("input", "first", "last"), piece, strict=True)) | {"scale": scale},
    ).to_arrow_table()
    found = found.set_column(0, "run", found["run"].dictionary_encode())
    found = found.set_column(1, "protein_group", found["protein_group"].dictionary_encode())
    name = constant(piece[0], found.num_rows)
    return found.combine_chunks().add_column(0, "input", name)


def with_top3(taken: Runs, features: Features, known: pd.DataFrame) -> Runs:
    """The long protein table with Top3 in the place of intensity, so that ``merge`` joins it over runs.

    ``known``: input, protein_group and group (place in ``taken.groups``). Of a fractionated sample the Top3 of the
    fractions are then added up: an upper bound, since each fraction has three peptides of its own.
    """
    frame = quantities(features, {})
    frame = frame[frame["top3"].notna()]
    column, run, name = (frame[key].cat for key in _KEYS)
    places = _places(column.categories, name.categories, known["input"], known["protein_group"], known["group"])
    sources, names = zip(*taken.runs, strict=True) if taken.runs else ((), ())
    numbers = _places(column.categories, run.categories, sources, names, range(len(taken.runs)))
    group_of, run_of = places[column.codes, name.codes], numbers[column.codes, run.codes]
    here = (group_of >= 0) & (run_of >= 0)
    values = pd.Series(frame["top3"].to_numpy()[here], index=run_of[here] * len(taken.groups) + group_of[here])
    rows = taken.run_of * len(taken.groups) + taken.group_of
    return replace(taken, intensity=values.reindex(rows).to_numpy(dtype="float64"))


def _places(first: pd.Index, second: pd.Index, one: Iterable, other: Iterable, number: Iterable) -> NDArray[np.int64]:
    """The numbers of pairs (``one``, ``other``) as a matrix of the words ``first`` x ``second``; -1 = no such pair."""
    out = np.full((len(first), len(second)), -1, dtype="int64")
    rows, columns = first.get_indexer(pd.Index(one, dtype="str")), second.get_indexer(pd.Index(other, dtype="str"))
    here = (rows >= 0) & (columns >= 0)
    out[rows[here], columns[here]] = np.array(list(number), dtype="int64")[here]
    return out
