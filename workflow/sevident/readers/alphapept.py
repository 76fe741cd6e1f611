"""AlphaPept's protein table (``results_proteins.csv``, also called pg_matrix).

Source of the meanings: AlphaPept's documentation, "quantification" (github.com/MannLabs/alphapept).

| column | used as |
|---|---|
| the first, which has no name | protein_group, accessions; proteins separated by a comma |
| <run> | intensity: summed, not normalised |
| <run>_LFQ | intensity where a run has no other column, then of all runs; normalised across runs, with a remark |

The table holds no genes, counts or q-values; groups led by a ``REV__`` protein are decoys, left out and counted.
"""

from __future__ import annotations

import numpy as np

from sevident.errors import InputError
from sevident.identifiers import read_fasta
from sevident.readers.base import Grid, InputSpec, ReadResult
from sevident.readers.grids import read_grid
from sevident.readers.groups import Fate, Groups, describe, is_decoy, leave_out, long_proteins, unique_names
from sevident.readers.numbers import positive
from sevident.readers.rollup import group_name
from sevident.readers.source import Head, Source

FORMAT = "alphapept"
TITLE = "AlphaPept's protein table (results_proteins.csv)"
_LFQ = "_LFQ"


def sniff(head: Head) -> bool:
    """Whether the table has a first column without a name, and runs that also stand there with ``_LFQ``."""
    if not head.header or head.header[0] or head.kind not in ("text", "xlsx"):
        return False
    runs = [name for name in head.header[1:] if name and not name.endswith(_LFQ)]
    lfq = [name.removesuffix(_LFQ) for name in head.header[1:] if name.endswith(_LFQ)]
    return bool(lfq) and set(runs) <= set(lfq)


def explain(head: Head) -> str:
    """There is no near miss of this table."""
    return ""


def read(source: Source, spec: InputSpec) -> ReadResult:
    """Read AlphaPept's protein table; one row per group and run. Raises InputError."""
    grid = read_grid(source, skip_rows=spec.skip_rows, sheet=spec.sheet)
    if grid.header[0]:
        # the proteins' column is told by its place and its empty name alone: in another order any column could be it
        raise InputError(
            "The first column of an AlphaPept table has a name.",
            where=grid.where,
            found=grid.header[0],
            expected="the proteins in the first column, without a name",
            advice="give the file as AlphaPept wrote it, or read it with `format: matrix` and name its columns",
        )
    warnings: list[dict[str, object]] = grid.short_rows_remarks(spec)
    plain, lfq = _columns(grid, lfq=False), _columns(grid, lfq=True)
    found = plain if len(plain) == len(lfq) else lfq
    if found is lfq:
        text = "Not every run has a column of its own name: '<run>_LFQ' is used, which is normalised across runs."
        warnings.append(spec.warn("info", "normalised_quantity", text))
    positions = list(found.values())
    intensity = positive(grid, positions, "AlphaPept")
    ids = [";".join(piece.strip() for piece in text.split(",") if piece.strip()) for text in grid.text(0)]
    keep, remarks = leave_out(
        [
            Fate(
                np.array([not group_name(name) for name in ids]),
                "rows_without_protein",
                "rows without a protein",
                "warning",
            ),
            Fate(np.array([is_decoy(name) for name in ids]), "decoys_removed", "decoy groups"),
        ],
        intensity,
        spec,
        grid.where,
    )
    warnings += remarks
    ids = [name for name, kept in zip(ids, keep, strict=True) if kept]
    described, remarks = describe(Groups(ids=ids), spec, read_fasta(spec.fasta) if spec.fasta else None)
    names, repeated = unique_names([group_name(name) for name in ids], spec)
    described.insert(0, "protein_group", names)
    proteins = long_proteins(spec, list(found), described, {"intensity": intensity[keep]})
    return ReadResult(
        proteins.assign(evidence="unknown"),
        None,
        warnings + remarks + repeated,
        "AlphaPept",
        level="protein",
        quantity="<run>_LFQ" if found is lfq else "<run>",
        quantities_offered=[name for name, there in (("<run>", plain), ("<run>_LFQ", lfq)) if there],
    )


def _columns(grid: Grid, *, lfq: bool) -> dict[str, int]:
    """Run to column, of the columns with or without ``_LFQ``; error when one stands twice."""
    found: dict[str, int] = {}
    for position, name in enumerate(grid.header):
        if not position or not name or name.endswith(_LFQ) != lfq:
            continue
        run = name.removesuffix(_LFQ)
        if run in found:
            raise grid.twice([found[run], position])
        found[run] = position
    return found
