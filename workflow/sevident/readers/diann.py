"""DIA-NN: the long report (``report.tsv`` to 1.9, ``report.parquet`` from 1.9 on) and the matrices of 1.7 to 2.x.

Source of the meanings: DIA-NN's README, "Output" and "Main output reference" (github.com/vdemichev/DiaNN).

Long report, a row per precursor and run:

| column | used as |
|---|---|
| Run | run; the file name without folder and ending (Channel is added where there are several) |
| Protein.Group, Protein.Ids, Protein.Names, Genes | protein_group and accessions, further proteins, organism, genes |
| Precursor.Quantity | intensity: not normalised; summed over the precursors of a group |
| Q.Value <= 0.01 | precursors kept: run-specific false discovery rate |
| PG.Q.Value <= 0.01, else Protein.Q.Value, else Global.PG.Q.Value | groups kept in the run |
| Stripped.Sequence, Modified.Sequence, Precursor.Charge | peptide, modified_sequence, charge; peptides |
| Decoy = 1 | left out, counted |

Matrices: ``report.pg_matrix`` (a row per Protein.Group), ``report.gg_matrix`` and ``unique_genes_matrix`` (a row per
Genes) are taken as they are: normalised, MaxLFQ, 1% global false discovery rate. ``report.pr_matrix`` (a row per
precursor) is summed per group. DIA-NN counts no spectra, so ``spectra`` is null.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sevident import tables
from sevident.errors import InputError
from sevident.identifiers import read_fasta
from sevident.readers.base import InputSpec, ReadResult, column_twice, normalise, unique_runs
from sevident.readers.grids import read_grid
from sevident.readers.groups import Groups, describe
from sevident.readers.numbers import place
from sevident.readers.source import Head, Source, read_head

if TYPE_CHECKING:
    import duckdb

FORMAT = "diann"
TITLE = "a DIA-NN report (report.tsv, report.parquet) or matrix (pg_matrix, gg_matrix, pr_matrix)"
Q_VALUE = 0.01  # DIA-NN's README: reports are meant to be filtered at 1 %
_GROUP_Q = ("PG.Q.Value", "Protein.Q.Value", "Global.PG.Q.Value")
_LONG = ("Run", "Protein.Group", "Stripped.Sequence", "Precursor.Charge", "Q.Value", "Precursor.Quantity")
# the columns of the matrices that are not runs, normalised
ANNOTATION = frozenset(
    (
        "protein group", "protein ids", "protein names", "genes", "first protein description", "n sequences",
        "n proteotypic sequences", "proteotypic", "stripped sequence", "modified sequence", "precursor charge",
        "precursor id", "protein sites", "all mapped proteins", "all mapped genes", "index",
    )
)  # fmt: skip
_RUN = re.compile(r"[\\/]|\.(?:raw|mzml|mzxml|d|dia|wiff2?|htrms|lcd)$", re.IGNORECASE)


def sniff(head: Head) -> bool:
    """Whether the columns are those of a DIA-NN report or matrix."""
    return _layout(head.header) != ""


def explain(head: Head) -> str:
    """What another DIA-NN table is, for the message of a refusal."""
    if head.has("file name", "precursors identified"):
        return "this is DIA-NN's report.stats.tsv; give report.tsv, report.parquet or report.pg_matrix.tsv"
    return ""


def _layout(header: list[str]) -> str:
    """long, precursors, groups, genes, or nothing."""
    names = {normalise(name) for name in header}
    if {normalise(name) for name in _LONG} <= names:
        return "long"
    dotted = (
        "Protein.Group" in header or "Protein.Names" in header
    )  # DIA-NN's own spelling: PEAKS writes "Protein Group"
    runs = [name for name in header if name and normalise(name) not in ANNOTATION]
    if dotted and "precursor id" in names and runs:
        return "precursors"
    if dotted and {"protein group", "protein names", "genes"} <= names and runs:
        return "groups"
    if header and header[0] == "Genes" and runs and all(_RUN.search(run) for run in runs):
        return "genes"
    return ""


def read(source: Source, spec: InputSpec) -> ReadResult:
    """Read a DIA-NN report or matrix; features come from the long report and pr_matrix. Raises InputError."""
    layout = _layout(read_head(source, skip_rows=spec.skip_rows).header)
    if layout == "long":
        return _read_long(source, spec)
    from sevident.readers.diann_matrix import read_matrix

    return read_matrix(source, spec, layout, ANNOTATION)


def _read_long(source: Source, spec: InputSpec) -> ReadResult:
    import duckdb

    warnings: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory(prefix="sevident-") as folder, duckdb.connect() as connection:
        connection.execute("SET memory_limit = '2GB'")
        connection.execute("SET temp_directory = $1", [folder])
        connection.execute("SET enable_progress_bar = false")
        columns = _scan(connection, source, Path(folder))
        _check_values(connection, source, columns)
        features = _features(connection, columns, spec, warnings)
    runs = _name_runs(features, spec, warnings)
    features["run"] = runs
    groups = features.drop_duplicates("protein_group", ignore_index=True)
    described, remarks = describe(
        Groups(
            ids=groups["protein_group"].tolist(),
            genes=groups["genes"].tolist(),
            also=groups["ids"].tolist(),
            entry_names=groups["names"].tolist(),
        ),
        spec,
        read_fasta(spec.fasta) if spec.fasta else None,
    )
    warnings += remarks
    described.insert(0, "protein_group", groups["protein_group"])
    proteins = _sum_groups(features, spec).merge(described, on="protein_group", how="left", validate="many_to_one")
    features = features.drop(columns=["ids", "names", "file", "channel", "group_q"]).assign(
        input=spec.name, evidence="ms2"
    )
    features["proteins"] = features["protein_group"].map(
        dict(zip(described["protein_group"], described["accessions"], strict=True))
    )
    features["genes"] = features["protein_group"].map(
        dict(zip(described["protein_group"], described["genes"], strict=True))
    )
    return ReadResult(
        tables.conform(proteins, tables.PROTEINS), tables.conform(features, tables.FEATURES), warnings, "DIA-NN"
    )


def _scan(connection: duckdb.DuckDBPyConnection, source: Source, folder: Path) -> dict[str, str]:
    """A view ``report`` over the file, and its columns (as SQL names) by normalised name; only those named are read."""
    path = folder / "report"  # DuckDB takes brackets, stars and question marks of a file name for patterns
    sql_path = str(path).replace("'", "''")
    head = read_head(source)
    if source.kind == "parquet":
        path.symlink_to(source.path.resolve())
        names = ['"' + name.replace('"', '""') + '"' for name in head.header]
        connection.execute(f"CREATE VIEW report AS SELECT * FROM read_parquet('{sql_path}')")  # noqa: S608
    else:
        # DuckDB reads plain UTF-8 itself; whatever else there is becomes that first
        if source.is_plain_utf8:
            path.symlink_to(source.path.resolve())
        else:
            path.write_text(source.text(), encoding="utf-8", newline="")
        names = [f"c{i}" for i in range(len(head.header))]
        types = ", ".join(f"'{name}': 'VARCHAR'" for name in names)
        # DIA-NN writes no quotation marks, but R does where a report went through it
        quote = '"' if source.lines[0].startswith('"') else ""
        connection.execute(
            f"CREATE VIEW report AS SELECT * FROM read_csv('{sql_path}', auto_detect=false, header=true, "  # noqa: S608
            f"columns={{{types}}}, delim='{head.delimiter}', quote='{quote}', escape='{quote}', compression='none', "
            "max_line_size=33554432)"
        )
    for name in (*_LONG, *_GROUP_Q, "Genes"):
        positions = [i for i, other in enumerate(head.columns) if other == normalise(name)]
        if len(positions) > 1:
            raise column_twice(source.where, head.header, positions)
    return dict(reversed(list(zip(head.columns, names, strict=True))))


def _unreadable(source: Source, error: Exception) -> InputError:
    text = str(error)
    line = re.search(r"Line: (\d+)", text)
    reason = re.search(r"(Expected Number of Columns: \d+ Found: \d+|[Ii]nvalid unicode[^.]*)", text)
    return InputError(
        "The report cannot be read as a table.",
        where=source.where + (f", line {line[1]}" if line else ""),
        found=reason[1] if reason else re.sub(r'"?/[^\s"]*/report"?', "the file", text.splitlines()[0])[:200],
        advice="the file may have been cut off or edited; copy it again from DIA-NN's output folder",
    )


def _check_values(connection: duckdb.DuckDBPyConnection, source: Source, columns: dict[str, str]) -> None:
    """Error for an empty report, and for text, infinite or negative values in the columns of numbers."""
    import duckdb

    needed = [
        "Precursor.Charge",
        "Q.Value",
        "Precursor.Quantity",
        *(n for n in (*_GROUP_Q, "Decoy") if normalise(n) in columns),
    ]
    bad = []
    for name in needed:
        c = columns[normalise(name)]
        number = f"TRY_CAST({c} AS DOUBLE)"
        wrong = f"isinf({number}) OR {number} < 0"
        if source.kind == "text":
            wrong += f" OR ({number} IS NULL AND lower(trim(coalesce({c}, ''))) NOT IN ('', 'na'))"
        bad.append(f"count(*) FILTER (WHERE {wrong})")
    try:
        statement = f"SELECT count(*), {', '.join(bad)} FROM report"  # noqa: S608
        total, *counts = connection.execute(statement).fetchone() or (0,)
    except duckdb.Error as error:
        raise _unreadable(source, error) from error
    if not total:
        raise InputError(
            "The table has a header but no rows.",
            where=source.where,
            advice="check whether the search found anything, and that the export is complete",
        )
    for name, count in zip(needed, counts, strict=True):
        if count:
            raise _bad_value(source, name, count)


def _bad_value(source: Source, name: str, count: int) -> InputError:
    """Where the first bad value stands; read again slowly, since the fast scan does not know lines."""
    grid = read_grid(source)
    position = grid.find(name) or 0
    found = place_text = ""
    for row, text in enumerate(grid.text(position)):
        if text.lower() in {"", "nan", "na"}:
            continue
        number = pd.to_numeric(text, errors="coerce")
        if pd.isna(number) or np.isinf(number) or number < 0:
            found, place_text = text, place(grid, row, position)
            break
    return InputError(
        f"A value of {name} is not a number of zero or more.",
        where=place_text or source.where,
        found=f"'{found[:60]}'" + (f" and {count - 1} more" if count > 1 else ""),
        expected="the values as DIA-NN wrote them (decimal point, no edits)",
        advice="give DIA-NN's own file; a spreadsheet may have changed the numbers",
    )


def _features(
    connection: duckdb.DuckDBPyConnection, columns: dict[str, str], spec: InputSpec, warnings: list[dict[str, object]]
) -> pd.DataFrame:
    """The precursors that pass, one row per precursor and run; what does not pass is counted."""

    def text(name: str) -> str:
        column = columns.get(normalise(name))
        return f"coalesce({column}::VARCHAR, '')" if column else "''"

    def number(name: str) -> str:
        column = columns.get(normalise(name))
        return f"TRY_CAST({column} AS DOUBLE)" if column else "NULL"

    group_q = next((name for name in _GROUP_Q if normalise(name) in columns), "")
    group_value = number(group_q) if group_q else "0.0"
    if not group_q:
        text_ = "The report holds no q-value of protein groups; groups are kept by their precursors alone."
        warnings.append(spec.warn("warning", "no_group_q_value", text_))
    # nothing of the user's is in the text of the statements but column names, which are quoted
    connection.execute(
        f"""CREATE TEMP TABLE precursors AS SELECT
            {text("Run")} AS run, {text("File.Name")} AS file, {text("Channel")} AS channel,
            {text("Protein.Group")} AS protein_group, {text("Protein.Ids")} AS ids,
            {text("Protein.Names")} AS names, {text("Genes")} AS genes,
            {text("Stripped.Sequence")} AS peptide, {text("Modified.Sequence")} AS modified_sequence,
            {number("Precursor.Charge")} AS charge, {number("Precursor.Quantity")} AS intensity,
            {number("Q.Value")} AS q_value, {group_value} AS group_q,
            CASE WHEN coalesce({number("Decoy")}, 0) = 1 THEN 'decoy'
                 WHEN coalesce({number("Q.Value")}, 1) > {Q_VALUE} THEN 'precursor'
                 WHEN coalesce({group_value}, 1) > {Q_VALUE} THEN 'group'
                 WHEN {text("Protein.Group")} = '' OR {text("Run")} || {text("File.Name")} = '' THEN 'nameless'
                 WHEN coalesce(nullif({number("Precursor.Quantity")}, 'nan'::DOUBLE), 0) = 0 THEN 'zero'
                 ELSE 'kept' END AS fate
            FROM report"""  # noqa: S608
    )
    # sums over sorted values: the same to the last bit on any number of cores
    tally = {
        fate: (count, total or 0.0)
        for fate, count, total in connection.execute(
            "SELECT fate, count(*), sum(intensity ORDER BY intensity) FILTER (WHERE NOT isnan(intensity)) "
            "FROM precursors GROUP BY fate ORDER BY fate"
        ).fetchall()
    }
    everything = sum(total for _, total in tally.values())
    for fate, code, what in (
        ("decoy", "decoys_removed", "decoy precursors"),
        ("precursor", "precursors_over_q_value", f"precursor rows with Q.Value above {Q_VALUE}"),
        ("group", "groups_over_q_value", f"precursor rows with {group_q} above {Q_VALUE}"),
        ("nameless", "rows_without_protein", "precursor rows without a protein group or a run"),
        ("zero", "precursors_without_quantity", "precursor rows without a quantity"),
    ):
        count, total = tally.get(fate, (0, 0.0))
        if count:
            share = total / everything if everything else 0.0
            message = f"{count} {what} are left out; they hold {share:.2%} of the summed intensity."
            warnings.append(spec.warn("warning" if fate == "nameless" else "info", code, message, count))
    if "kept" not in tally:
        raise InputError(
            "No precursor passes the filters.",
            where=str(spec.path),
            found=", ".join(f"{count} {fate}" for fate, (count, _) in tally.items()),
            expected=f"precursors with Q.Value and {group_q or 'protein q-value'} of at most {Q_VALUE}",
            advice="give the main report of the search, not a part of it or a report of decoys",
        )
    return connection.execute(
        "SELECT run, file, channel, protein_group, ids, names, genes, peptide, modified_sequence, charge, intensity, "
        "q_value, group_q FROM precursors WHERE fate = 'kept' "
        "ORDER BY run, file, channel, protein_group, modified_sequence, charge, peptide, intensity, q_value, ids"
    ).df()


def _name_runs(features: pd.DataFrame, spec: InputSpec, warnings: list[dict[str, object]]) -> pd.Series:
    """One name per run; the channel is added where the search was multiplexed."""
    runs = features["run"].where(features["run"] != "", features["file"])
    known = sorted(runs.unique())
    named = runs.map(dict(zip(known, unique_runs(known), strict=True)))
    channels = sorted(c for c in features["channel"].unique() if c)
    if len(channels) < 2:
        return named
    text = f"The search is multiplexed: each run is split by channel ({', '.join(channels)}) and named <run>-<channel>."
    warnings.append(spec.warn("info", "channels", text, len(channels)))
    return named.where(features["channel"] == "", named + "-" + features["channel"])


def _sum_groups(features: pd.DataFrame, spec: InputSpec) -> pd.DataFrame:
    """Per run and group: the precursors' summed quantity, the count of distinct sequences, the q-value."""
    ordered = features.sort_values(["run", "protein_group", "intensity"], kind="stable")
    sums = ordered.groupby(["run", "protein_group"], as_index=False, sort=True).agg(
        intensity=("intensity", "sum"), peptides=("peptide", "nunique"), q_value=("group_q", "min")
    )
    return sums.assign(input=spec.name, evidence="ms2")
