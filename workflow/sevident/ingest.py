"""Ingest: search results to the tables ``proteins`` and ``features``, first per input, then for the study.

``run_input`` reads one file; ``run`` puts the inputs of a study together and keeps the runs that the sample sheet
names. Tables pass through run by run, so that a study of 1,000 runs needs hardly more memory than one of ten.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from sevident import tables
from sevident.errors import SampleSheetError, did_you_mean
from sevident.readers.base import STAGE, InputSpec, strip_run
from sevident.streams import Blocks, Writer, constant

if TYPE_CHECKING:
    from sevident.samples import SampleSheet

_TABLES = (tables.PROTEINS, tables.FEATURES)


def run_input(settings: Mapping[str, Any], proteins: str | Path, features: str | Path, warnings: str | Path) -> None:
    """Read one search result and write its proteins, features (empty where the format has none) and warnings.

    ``settings``: name, path, format, fasta, columns, scale, sheet, skip_rows, organism, memory_limit. Raises InputError
    and ConfigurationError; then nothing is written.
    """
    from sevident import readers

    remarks = readers.write(InputSpec.from_settings(settings), Path(proteins), Path(features))
    tables.write_table(pd.DataFrame(remarks), tables.WARNINGS, warnings)


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
    remarks: list[dict[str, object]] = list(samples.warnings)
    with ExitStack() as stack:
        found = {
            name: [stack.enter_context(Blocks(path, table)) for path, table in zip(paths, _TABLES, strict=True)]
            for name, *paths in zip(names, inputs_proteins, inputs_features, strict=True)
        }
        chosen = choose_runs(samples, {name: list(blocks[0].rows) for name, blocks in found.items()})
        for name, path in zip(names, inputs_warnings, strict=True):
            remarks += tables.read_table(path, tables.WARNINGS).to_dict("records")  # type: ignore[arg-type]
            proteins_left, features_left = (_left(blocks.rows, chosen[name]) for blocks in found[name])
            if proteins_left:
                remarks.append(_leftover(name, proteins_left, sum(features_left.values())))
        for number, (path, table) in enumerate(zip((proteins, features), _TABLES, strict=True)):
            if len(names) == 1 and _as_it_is(found[names[0]][number], chosen[names[0]]):
                source = (inputs_proteins, inputs_features)[number][0]
                tables.write_atomically(path, partial(shutil.copyfile, source))
                continue
            writer = stack.enter_context(Writer(path, table))
            for name in sorted(names):
                # as the tables are sorted: by the name that the sheet gives
                for run, called in sorted(chosen[name].items(), key=lambda pair: pair[1]):
                    rows = found[name][number].read(run)
                    renamed = constant(called, rows.num_rows)
                    writer.write(rows.set_column(rows.schema.get_field_index("run"), "run", renamed))
    tables.write_table(pd.DataFrame(remarks), tables.WARNINGS, warnings)


def _as_it_is(blocks: Blocks, chosen: Mapping[str, str]) -> bool:
    """Whether the sheet takes all runs of a table under their own names, so that the file need not be made again."""
    return all(chosen.get(run) == run for run in blocks.rows)


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


def _left(rows: Mapping[str, int], chosen: Mapping[str, str]) -> dict[str, int]:
    """The rows per run that are left out, of runs that are not chosen."""
    return {run: rows[run] for run in sorted(rows, key=_natural) if run not in chosen}


def _leftover(name: str, left: Mapping[str, int], peptides: int) -> dict[str, object]:
    rows = sum(left.values())
    shown = ", ".join(list(left)[:5]) + (" ..." if len(left) > 5 else "")
    text = (
        f"{len(left)} runs of input '{name}' are not in the sample sheet and are left out, with {rows} rows of proteins"
        + (f" and {peptides} of peptides" if peptides else "")
        + f": {shown}."
    )
    return tables.warning(STAGE, "info", "runs_left_out", name, text, len(left))
