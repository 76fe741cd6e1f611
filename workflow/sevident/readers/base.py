"""What every reader shares: the settings of an input, the result, the grid of cells, and the names of columns and runs.

How a file becomes text is in ``source.py``, how text becomes a grid and cells become numbers in ``grids.py``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sevident.errors import ConfigurationError, InputError, did_you_mean
from sevident.tables import warning

if TYPE_CHECKING:
    import pandas as pd

STAGE = "ingest"
MEMORY_LIMIT = "2GB"  # as in the schema of the configuration


@dataclass(frozen=True)
class InputSpec:
    """One configured input.

    ``columns``: protein, gene, description (names or null) and runs (a list or a regular expression).

    ``scale`` is None when the configuration does not say; readers then take the values as linear. ``memory_limit`` is
    what a scan of a large file may use, as DuckDB understands it (``2GB``, ``800 MB``).
    """

    name: str
    path: Path
    format: str = "auto"
    fasta: Path | None = None
    columns: Mapping[str, Any] = field(default_factory=dict)
    scale: str | None = None
    sheet: str | int | None = None
    skip_rows: int = 0
    organism: str = ""
    memory_limit: str = MEMORY_LIMIT

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any]) -> InputSpec:
        """From the plain settings of the configuration; raises ConfigurationError on an unknown key."""
        known = (
            "name",
            "path",
            "format",
            "fasta",
            "columns",
            "scale",
            "sheet",
            "skip_rows",
            "organism",
            "memory_limit",
        )
        for key in settings:
            if key not in known:
                raise ConfigurationError(
                    f"The settings of an input have an unknown key '{key}'.",
                    expected=", ".join(known),
                    advice=did_you_mean(key, known),
                )
        if not settings.get("path"):
            raise ConfigurationError(
                "The settings of an input name no path.", expected="path: the search result's file"
            )
        return cls(
            name=str(settings.get("name") or "main"),
            path=Path(settings["path"]),
            format=str(settings.get("format") or "auto"),
            fasta=Path(settings["fasta"]) if settings.get("fasta") else None,
            columns=dict(settings.get("columns") or {}),
            scale=settings.get("scale"),
            sheet=settings.get("sheet"),
            skip_rows=int(settings.get("skip_rows") or 0),
            organism=str(settings.get("organism") or ""),
            memory_limit=str(settings.get("memory_limit") or MEMORY_LIMIT),
        )

    def warn(self, level: str, code: str, message: str, count: int | None = None) -> dict[str, object]:
        """A row of the WARNINGS table about this input."""
        return warning(STAGE, level, code, self.name, message, count)


@dataclass
class ReadResult:
    """What a reader gives: ``proteins`` (tables.PROTEINS), ``features`` (tables.FEATURES) or None, and warning rows.

    The facts that follow are for people who look at a file (``sevident inspect``) and may be left out: ``level``
    (protein, peptide or psm: what a row of the file is), ``quantity`` (the one that is read) and
    ``quantities_offered`` (all that the file has), in the engine's own words, and ``q_columns``, the names of its
    columns of q-values.
    """

    proteins: pd.DataFrame
    features: pd.DataFrame | None
    warnings: list[dict[str, object]]
    engine: str
    version: str = ""
    level: str = ""
    quantity: str = ""
    quantities_offered: list[str] = field(default_factory=list)
    q_columns: list[str] = field(default_factory=list)


@lru_cache(maxsize=1 << 16)
def normalise(name: object) -> str:
    """A column name without case and signs: ``Protein.IDs``, ``Protein IDs``, ``protein_ids`` are one."""
    return re.sub(r"[^a-z0-9#]+", " ", str(name).lower()).strip()


def column_twice(where: str, header: list[str], positions: list[int]) -> InputError:
    """The error for a column that stands at several positions of a header."""
    return InputError(
        "A column is present twice, and it cannot be known which one is meant.",
        where=where,
        found=" and ".join(f"'{header[i]}' (column {i + 1})" for i in positions[:4]),
        expected="every column once",
        advice="remove or rename one of them",
    )


@dataclass
class Grid:
    """A rectangular table as it stands in the file.

    ``frame``: one column per file column (numbered 0..n-1, text or numbers), its index the line (or sheet row)
    numbers; ``header``: the column names as written, stripped; ``where``: the file, for messages; ``short_rows``: rows
    with fewer cells than the header.
    """

    frame: pd.DataFrame
    header: list[str]
    where: str
    short_rows: int = 0

    def find(self, *names: str) -> int | None:
        """The column whose normalised name is the first of ``names`` that is there; error when it stands twice."""
        keys = [normalise(column) for column in self.header]
        for name in names:
            positions = [i for i, key in enumerate(keys) if key == normalise(name)]
            if len(positions) > 1:
                raise self.twice(positions)
            if positions:
                return positions[0]
        return None

    def twice(self, positions: list[int]) -> InputError:
        """The error for one column that is present more than once."""
        return column_twice(self.where, self.header, positions)

    def once(self, positions: list[int], runs: list[str]) -> list[str]:
        """The runs of the columns; error when two columns are of one run."""
        first: dict[str, int] = {}
        for i, run in enumerate(runs):
            if first.setdefault(run, i) != i:
                raise self.twice([positions[first[run]], positions[i]])
        return runs

    def short_rows_remarks(self, spec: InputSpec) -> list[dict[str, object]]:
        """A remark when rows have fewer cells than the header; the missing ones are read as empty."""
        if not self.short_rows:
            return []
        text = f"{self.short_rows} rows have fewer cells than the header; the missing ones are read as empty."
        return [spec.warn("info", "short_rows", text, self.short_rows)]

    def text(self, position: int | None) -> list[str]:
        """A column as text; empty where the cell is empty, nan, or the column does not exist."""
        if position is None:
            return [""] * len(self.frame)
        column = self.frame[position]
        values = column.astype("object").where(column.notna(), "")
        return ["" if (text := str(value).strip()) in {"nan", "NaN"} else text for value in values]

    def flags(self, position: int | None) -> list[bool]:
        """A column of ``+`` marks (also True, 1, yes)."""
        return [value.lower() in {"+", "true", "1", "yes"} for value in self.text(position)]


def strip_run(name: str) -> str:
    """A run's file name without folder (of either kind of slash) and without the ending of a mass-spectrometry file."""
    base = re.split(r"[\\/]", name.strip().rstrip("\\/"))[-1]
    return re.sub(
        r"(?:\.(?:raw|mzml|mzxml|d|dia|wiff2?|wiff\.scan|htrms|lcd|mgf|quant|gz|zip))+$", "", base, flags=re.IGNORECASE
    )


def unique_runs(names: list[str]) -> list[str]:
    """Run names for file names: stripped where that stays unique, else with the ending, else the whole path."""
    stripped = [strip_run(name) for name in names]
    counts = Counter(stripped)
    bases = [re.split(r"[\\/]", name)[-1] for name in names]
    base_counts = Counter(bases)
    return [
        s if s and counts[s] == 1 else b if base_counts[b] == 1 else n
        for s, b, n in zip(stripped, bases, names, strict=True)
    ]


def runs_by_name(names: Iterable[str]) -> dict[str, str]:
    """Each file name with its run (see ``unique_runs``); a name that is empty has none."""
    known = sorted({name for name in names if name})
    return {"": "", **dict(zip(known, unique_runs(known), strict=True))}


def require_runs(runs: list[str], where: str, looked_for: str, columns: list[str]) -> None:
    """Error when a table has no column of intensities."""
    if not runs:
        shown = ", ".join(columns[:10]) + (" ..." if len(columns) > 10 else "")
        raise InputError(
            "The table holds no intensity columns.",
            where=where,
            found=f"columns {shown}",
            expected=looked_for,
            advice="export the table with quantities",
        )
