"""Ingest: search results to the tables ``proteins`` and ``features``, first per input, then for the study.

``run_input`` reads one file; ``run`` puts the inputs of a study together and keeps the runs that the sample sheet
names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from sevident import tables
from sevident.errors import SampleSheetError, did_you_mean
from sevident.readers.base import STAGE, InputSpec, strip_run

if TYPE_CHECKING:
    from sevident.samples import SampleSheet


def run_input(settings: Mapping[str, Any], proteins: str | Path, features: str | Path, warnings: str | Path) -> None:
    """Read one search result and write its proteins, features (empty where the format has none) and warnings.

    ``settings``: name, path, format, fasta, columns, scale, sheet, skip_rows, organism. Raises InputError and
    ConfigurationError; then nothing is written.
    """
    from sevident import readers

    result = readers.read(InputSpec.from_settings(settings))
    found = result.features if result.features is not None else tables.empty(tables.FEATURES)
    tables.write_table(result.proteins, tables.PROTEINS, proteins)
    tables.write_table(found, tables.FEATURES, features)
    tables.write_table(pd.DataFrame(result.warnings), tables.WARNINGS, warnings)


def run(
    settings: Mapping[str, Any],
    sheet: str | Path,
    inputs_proteins: Sequence[str | Path],
    inputs_features: Sequence[str | Path],
    inputs_warnings: Sequence[str | Path],
    proteins: str | Path,
    features: str | Path,
    warnings: str | Path,
) -> None:
    """Put the inputs together: the runs of the sample sheet, under the names that the sheet gives them.

    ``settings``: inputs (their names, in the order of the files). Raises SampleSheetError when a run of the sheet is
    in no table, fits several, or is named twice.
    """
    from sevident.samples import read_samples

    names = [str(name) for name in settings["inputs"]]
    samples = read_samples(sheet, inputs=names)
    by_input = {
        name: tables.read_table(path, tables.PROTEINS) for name, path in zip(names, inputs_proteins, strict=True)
    }
    chosen = choose_runs(samples, {name: frame["run"].unique().tolist() for name, frame in by_input.items()})
    remarks: list[dict[str, object]] = list(samples.warnings)
    kept_proteins, kept_features = [], []
    for name, path, remark in zip(names, inputs_features, inputs_warnings, strict=True):
        remarks += tables.read_table(remark, tables.WARNINGS).to_dict("records")  # type: ignore[arg-type]
        peptides = tables.read_table(path, tables.FEATURES)
        table, leftover = _keep(by_input[name], chosen[name])
        kept_proteins.append(table)
        peptides, peptides_left = _keep(peptides, chosen[name])
        kept_features.append(peptides)
        if leftover:
            remarks.append(_leftover(name, leftover, sum(peptides_left.values())))
    tables.write_table(pd.concat(kept_proteins, ignore_index=True), tables.PROTEINS, proteins)
    tables.write_table(pd.concat(kept_features, ignore_index=True), tables.FEATURES, features)
    tables.write_table(pd.DataFrame(remarks), tables.WARNINGS, warnings)


def choose_runs(samples: SampleSheet, known: Mapping[str, Sequence[str]]) -> dict[str, dict[str, str]]:
    """Per input, the run as its table names it to the run as the sheet names it.

    Raises SampleSheetError for a run that is not found, is ambiguous, or that two rows of the sheet share.
    """
    chosen: dict[str, dict[str, str]] = {name: {} for name in known}
    lines: dict[tuple[str, str], int] = {}
    for row in samples.rows:
        where = f"{samples.path}, line {row.line}, column 'run'"
        run = resolve_run(row.run, known[row.input], where=where, name=row.input)
        if run in chosen[row.input]:
            raise SampleSheetError(
                "Two rows of the sample sheet name the same run.",
                where=f"{samples.path}, lines {lines[row.input, run]} and {row.line}",
                found=f"'{chosen[row.input][run]}' and '{row.run}', which both are '{run}' of input '{row.input}'",
                expected="each run once",
                advice="correct one of the two",
            )
        chosen[row.input][run] = row.run
        lines[row.input, run] = row.line
    return chosen


def resolve_run(run: str, known: Iterable[str], *, where: str = "", name: str = "main") -> str:
    """The run of a table that the sheet means: the same name, else the only one with the same file name.

    The file name is what is left without folder and without the ending of a mass-spectrometry file. Raises
    SampleSheetError that names the nearest run and the input when none or several fit.
    """
    known = list(known)
    if run in known:
        return run
    plain = strip_run(run)
    fits = [other for other in known if strip_run(other) == plain and plain]
    if len(fits) == 1:
        return fits[0]
    if fits:
        raise SampleSheetError(
            f"The run '{run}' fits several runs of input '{name}'.",
            where=where or None,
            found=", ".join(repr(other) for other in fits),
            expected="the name of one run",
            advice="write the run as the search result names it",
        )
    raise SampleSheetError(
        f"The run '{run}' is not in input '{name}'.",
        where=where or None,
        expected=f"one of its {len(known)} runs",
        advice=did_you_mean(run, sorted(known, key=_natural)) if known else "the input holds no run",
    )


def _natural(name: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", name) if part]


def _keep(frame: pd.DataFrame, chosen: Mapping[str, str]) -> tuple[pd.DataFrame, dict[str, int]]:
    """The rows of the chosen runs, renamed; and the rows per run that are left over."""
    mine = frame["run"].isin(list(chosen))
    left = frame.loc[~mine, "run"].value_counts()
    kept = frame[mine].assign(run=frame.loc[mine, "run"].map(dict(chosen)))
    return kept, {str(run): int(left[run]) for run in sorted(left.index, key=_natural)}


def _leftover(name: str, left: Mapping[str, int], peptides: int) -> dict[str, object]:
    rows = sum(left.values())
    shown = ", ".join(list(left)[:5]) + (" ..." if len(left) > 5 else "")
    text = (
        f"{len(left)} runs of input '{name}' are not in the sample sheet and are left out, with {rows} rows of proteins"
        + (f" and {peptides} of peptides" if peptides else "")
        + f": {shown}."
    )
    return tables.warning(STAGE, "info", "runs_left_out", name, text, len(left))
