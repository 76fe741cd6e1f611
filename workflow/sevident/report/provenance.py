"""Where the page comes from: versions, checksums of the files, the configuration, the time."""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sevident import __version__
from sevident.errors import ConfigurationError, InputError
from sevident.report import grid, numbers
from sevident.report.grid import Cell, Column, Grid
from sevident.report.text import Catalogue

_LIBRARIES = (
    "pandas",
    "numpy",
    "scipy",
    "scikit-learn",
    "pyarrow",
    "duckdb",
    "pyteomics",
    "jinja2",
    "snakemake",
)


@dataclass(frozen=True)
class Provenance:
    """``time`` as ISO 8601 in UTC; ``configuration`` as YAML text."""

    version: str
    time: str
    time_note: str
    software: Grid
    files: Grid
    configuration: str


def collect(
    config: Mapping[str, Any], sheet: Path, sources: Sequence[Path], resources: Path, figures_version: str, t: Catalogue
) -> Provenance:
    """Provenance of a page. InputError when a source cannot be read, ConfigurationError for a bad SOURCE_DATE_EPOCH."""
    import yaml

    time, fixed = timestamp(os.environ)
    rows = [_file(path, t("provenance.source"), t) for path in dict.fromkeys(map(Path, sources)) if path != sheet]
    empty = "" if rows else t("provenance.files_empty")
    rows.insert(0, _file(sheet, t("provenance.sheet"), t))
    rows += [_folder(resources / name, t) for name in ("panels", "reference") if (resources / name).is_dir()]
    columns = [
        Column(t("provenance.file"), wide=True),
        Column(t("provenance.kind")),
        Column(t("provenance.size"), numeric=True),
        Column(t("provenance.checksum")),
    ]
    software = [
        [grid.words("sEVident"), grid.words(__version__)],
        [grid.words("Python"), grid.words(platform.python_version())],
        *([grid.words(name), grid.words(_version(name) or t("provenance.absent"))] for name in _LIBRARIES),
        [grid.words("plotly.js (cartesian)"), grid.words(figures_version)],
    ]
    return Provenance(
        version=__version__,
        time=time,
        time_note=t("provenance.time_fixed", time=time) if fixed else time,
        software=Grid(
            t("provenance.software_caption"),
            [Column(t("provenance.component")), Column(t("provenance.release"))],
            software,
        ),
        files=Grid(t("provenance.files_caption"), columns, rows, empty),
        configuration=yaml.safe_dump(_plain(config), sort_keys=False, allow_unicode=True, width=100),
    )


def timestamp(environment: Mapping[str, str]) -> tuple[str, bool]:
    """(time in UTC, whether SOURCE_DATE_EPOCH set it); see the SOURCE_DATE_EPOCH specification, version 1.1."""
    stated = environment.get("SOURCE_DATE_EPOCH", "")
    if not stated:
        return datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC"), False
    try:
        moment = datetime.fromtimestamp(int(stated), UTC)
    except (ValueError, OverflowError, OSError):
        raise ConfigurationError(
            "SOURCE_DATE_EPOCH is not a time",
            where="environment variable SOURCE_DATE_EPOCH",
            found=repr(stated),
            expected="seconds since 1970-01-01, a whole number",
            advice="unset it or correct it",
        ) from None
    return moment.strftime("%Y-%m-%d %H:%M:%S UTC"), True


def checksum(path: Path) -> tuple[str, int]:
    """(SHA-256 in hexadecimal, size in bytes) of a file, read once. Raises InputError when it cannot be read."""
    try:
        with path.open("rb") as handle:
            digest = hashlib.file_digest(handle, "sha256").hexdigest()
            return digest, handle.tell()
    except OSError as error:
        raise InputError(
            "an input file cannot be read for its checksum", where=str(path), found=error.strerror or str(error)
        ) from None


def _file(path: Path, kind: str, t: Catalogue) -> list[Cell]:
    if path.is_dir():
        return _folder(path, t, kind)
    digest, count = checksum(path)
    return [grid.words(path), grid.words(kind), Cell(numbers.size(count), str(count)), grid.words(digest, "code hash")]


def _folder(path: Path, t: Catalogue, kind: str = "") -> list[Cell]:
    """A folder as one line: the checksum of its files' names and checksums, in the order of their names."""
    digest, total, count = hashlib.sha256(), 0, 0
    for file in sorted((p for p in path.rglob("*") if p.is_file()), key=lambda p: p.relative_to(path).as_posix()):
        own, size = checksum(file)
        digest.update(f"{own}  {file.relative_to(path).as_posix()}\n".encode())
        total, count = total + size, count + 1
    name = f"{path} ({t('provenance.many_files', n=count)})"
    cells = [grid.words(name), grid.words(kind or t("provenance.resource"))]
    return [*cells, Cell(numbers.size(total), str(total)), grid.words(digest.hexdigest(), "code hash")]


def _version(distribution: str) -> str:
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _plain(value: Any) -> Any:
    """The configuration in plain lists and dictionaries, whatever kind of mapping carried it."""
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)
