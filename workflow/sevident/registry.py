"""The files of the marker registry, read and checked.

``resources/panels/panels.tsv`` is the index, ``<panel>.tsv`` holds the members (one row per gene, each with its
source), ``aliases.tsv`` maps previous symbols, common names and spreadsheet-mangled names to current human symbols.
Everything is checked on loading; the first fault is reported with its file and line.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sevident.errors import PanelError, nearest

if TYPE_CHECKING:
    import pandas as pd

DIRECTORY = Path(__file__).resolve().parents[2] / "resources" / "panels"

INDEX_COLUMNS = ("panel", "title", "group", "axis", "compartment", "priority", "description", "source")
MEMBER_COLUMNS = (
    "panel",
    "gene",
    "uniprot_human",
    "uniprot_mouse",
    "uniprot_rat",
    "uniprot_bovine",
    "direction",
    "weight",
    "evidence",
    "assessable",
    "wildcard",
    "source",
    "note",
)
ALIAS_COLUMNS = ("alias", "gene", "organism", "status", "source", "note")
# organisms with an accession column; any other organism is matched by gene symbol alone
ORGANISMS = ("human", "mouse", "rat", "bovine")
# panels of a foreign species (axis `species`): they are matched to proteins of that species and to nothing else
SPECIES_PANELS = {"bovine_serum": "bovine"}

VOCABULARY = {
    "group": (
        "position_paper",
        "misev2018",
        "compartment",
        "origin",
        "msc",
        "evidence",
        "source_cell",
        "risk",
        "subtype",
    ),
    "axis": ("identity", "soluble", "intracellular", "species", "descriptive", "exploratory"),
    "direction": ("positive", "negative", "neutral"),
    "evidence": ("quantitative", "guideline", "consensus", "database", "inferred"),
    "assessable": ("usual", "seldom"),
    "status": ("resolved", "ambiguous"),
    "organism": ("", *ORGANISMS),
}
# UniProt accession numbers, https://www.uniprot.org/help/accession_numbers
ACCESSION = re.compile(r"[OPQ][0-9][A-Z0-9]{3}[0-9]|[A-NR-Z][0-9](?:[A-Z][A-Z0-9]{2}[0-9]){1,2}")
_GENE = re.compile(r"[A-Z0-9][A-Z0-9.@-]*")


@dataclass(frozen=True)
class Registry:
    """The marker registry, checked.

    ``index``: one row per panel, in file order (INDEX_COLUMNS; ``priority`` is Int64, null outside compartments).
    ``members``: one row per panel and gene (MEMBER_COLUMNS; ``weight`` is float, 0..1).
    ``aliases``: alias -> current human symbol, for every organism; upper case.
    ``organism_aliases``: the same for one organism only, by organism.
    ``ambiguous``: names that stand for several genes (1-MAR, HSP70) -> those genes; they are never resolved.
    """

    index: pd.DataFrame
    members: pd.DataFrame
    aliases: dict[str, str]
    organism_aliases: dict[str, dict[str, str]]
    ambiguous: dict[str, tuple[str, ...]]


def load(directory: Path | None = None) -> Registry:
    """Read and check the registry in ``directory`` (default: resources/panels of the checkout).

    Raises PanelError, naming file and line, for a missing file or column, a value outside its vocabulary, an accession
    that is none, a doubled or unknown panel or gene, a row without a source, and aliases that contradict each other or
    form chains.
    """
    import pandas as pd

    directory = DIRECTORY if directory is None else Path(directory)
    if not directory.is_dir():
        raise PanelError(
            "The marker registry was not found.",
            where=str(directory),
            expected="a folder with panels.tsv, aliases.tsv and one TSV per panel",
            advice="Check the folder of the resources, or install sEVident from a complete checkout.",
        )
    index_rows = _index(directory)
    panels = [row["panel"] for row in index_rows]
    _check_files(directory, panels)
    member_rows: list[dict[str, str]] = []
    for panel in panels:
        member_rows.extend(_members(directory / f"{panel}.tsv", panel))
    aliases, organism_aliases, ambiguous = _aliases(
        directory / "aliases.tsv", {row["gene"] for row in member_rows if row["panel"] not in SPECIES_PANELS}
    )

    index = pd.DataFrame(index_rows, columns=list(INDEX_COLUMNS), dtype="str")
    index["priority"] = pd.to_numeric(index["priority"].where(index["priority"] != "")).astype("Int64")
    members = pd.DataFrame(member_rows, columns=list(MEMBER_COLUMNS), dtype="str")
    members["weight"] = members["weight"].astype("float64")
    return Registry(index, members, aliases, organism_aliases, ambiguous)


# ---------------------------------------------------------------- reading and checking


def _fault(path: Path, line: int, problem: str, **parts: str) -> PanelError:
    parts.setdefault("advice", "Correct the line in the marker registry.")
    return PanelError(problem, where=f"{path}, line {line}", **parts)


def _rows(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number and fields of each row of a TSV with exactly these columns; PanelError otherwise."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise PanelError(
            f"The marker registry lacks {path.name}.",
            where=str(path),
            advice="Add the file, or take it off panels.tsv.",
        ) from None
    except UnicodeDecodeError as error:
        raise PanelError(
            "A file of the marker registry is not UTF-8 text.", where=str(path), found=str(error)
        ) from None
    reader = csv.reader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    header = tuple(next(reader, []))
    if header != columns:
        missing = [name for name in columns if name not in header]
        raise _fault(
            path,
            1,
            f"A column is missing: {', '.join(missing)}." if missing else "The columns are not those of the registry.",
            found=", ".join(header) or "an empty file",
            expected=", ".join(columns),
        )
    for line, fields in enumerate(reader, start=2):
        if not fields:
            continue
        if len(fields) != len(columns):
            raise _fault(
                path,
                line,
                "The line does not have one field per column.",
                found=f"{len(fields)} fields",
                expected=f"{len(columns)} fields separated by tabs",
            )
        row = dict(zip(columns, fields, strict=True))
        for name, value in row.items():
            if value != value.strip():
                raise _fault(path, line, f"Blanks stand around the value of {name}.", found=repr(value))
        yield line, row


def _check_words(path: Path, line: int, row: dict[str, str], columns: Iterable[str]) -> None:
    for name in columns:
        if row[name] not in VOCABULARY[name]:
            raise _fault(
                path,
                line,
                f"The value of {name} is not known.",
                found=repr(row[name]),
                expected=", ".join(word or "(empty)" for word in VOCABULARY[name]),
            )


def _check_filled(path: Path, line: int, row: dict[str, str], columns: Iterable[str]) -> None:
    for name in columns:
        if not row[name]:
            raise _fault(path, line, f"{name} is empty.", expected="every row of the registry says it")


def _index(directory: Path) -> list[dict[str, str]]:
    path = directory / "panels.tsv"
    rows: list[dict[str, str]] = []
    seen: dict[str, int] = {}
    priorities: dict[str, int] = {}
    for line, row in _rows(path, INDEX_COLUMNS):
        _check_filled(path, line, row, ("panel", "title", "description", "source"))
        _check_words(path, line, row, ("group", "axis"))
        panel = row["panel"]
        if not re.fullmatch(r"[a-z][a-z0-9_]*", panel):
            raise _fault(
                path, line, "A panel's name is not usable.", found=repr(panel), expected="small letters, digits, _"
            )
        if panel in seen:
            raise _fault(
                path, line, "A panel stands twice in the index.", found=f"{panel}, first in line {seen[panel]}"
            )
        if bool(row["compartment"]) != bool(row["priority"]) or not re.fullmatch(r"\d*", row["priority"]):
            raise _fault(
                path,
                line,
                "A compartment has a priority, and nothing else has.",
                found=f"compartment {row['compartment']!r}, priority {row['priority']!r}",
                expected="both filled (priority a whole number), or both empty",
            )
        if row["priority"] and row["priority"] in priorities:
            raise _fault(path, line, "Two compartments have the same priority.", found=row["priority"])
        if (row["axis"] == "species") != (panel in SPECIES_PANELS):
            raise _fault(
                path,
                line,
                "Only panels of a foreign species are on the axis species.",
                found=f"{panel} on axis {row['axis']}",
                expected=", ".join(SPECIES_PANELS),
            )
        seen[panel] = line
        if row["priority"]:
            priorities[row["priority"]] = line
        rows.append(row)
    return rows


def _check_files(directory: Path, panels: list[str]) -> None:
    files = {path.stem for path in directory.glob("*.tsv")} - {"panels", "aliases"}
    for line, panel in enumerate(panels, start=2):
        if panel not in files:
            near = nearest(panel, sorted(files))
            raise _fault(
                directory / "panels.tsv",
                line,
                f"The index names a panel without a file: {panel}.",
                expected=f"{panel}.tsv in the same folder",
                advice=f"Add the file, or take the line off the index{f'; did you mean {near}?' if near else '.'}",
            )
    for name in sorted(files - set(panels)):
        raise PanelError(
            f"A panel file is not in the index: {name}.tsv.",
            where=str(directory / f"{name}.tsv"),
            expected=f"a row {name} in {directory / 'panels.tsv'}",
            advice="Add the row, or take the file away.",
        )


def _members(path: Path, panel: str) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = []
    genes: dict[str, int] = {}
    for line, row in _rows(path, MEMBER_COLUMNS):
        _check_filled(path, line, row, ("gene", "source"))
        _check_words(path, line, row, ("direction", "evidence", "assessable"))
        if row["panel"] != panel:
            raise _fault(path, line, "The row belongs to another panel.", found=repr(row["panel"]), expected=panel)
        gene = row["gene"]
        if not _GENE.fullmatch(gene):
            raise _fault(path, line, "The gene is no symbol in upper case.", found=repr(gene))
        if gene in genes:
            raise _fault(path, line, "A gene stands twice in a panel.", found=f"{gene}, first in line {genes[gene]}")
        genes[gene] = line
        for organism in ORGANISMS:
            accession = row[f"uniprot_{organism}"]
            if accession and not ACCESSION.fullmatch(accession):
                raise _fault(
                    path,
                    line,
                    f"uniprot_{organism} is no UniProt accession.",
                    found=repr(accession),
                    expected="such as P08962, without an isoform suffix",
                )
        _check_weight(path, line, row)
        pattern = row["wildcard"]
        if pattern and not re.fullmatch(re.escape(pattern).replace(r"\*", ".*"), gene):
            raise _fault(path, line, "The gene does not fit its wildcard.", found=f"{gene} under {pattern}")
        rows.append(row)
    if not rows:
        raise _fault(path, 1, f"The panel {panel} has no members.", expected="one row per gene")
    return rows


def _check_weight(path: Path, line: int, row: dict[str, str]) -> None:
    weight = float(row["weight"]) if re.fullmatch(r"\d+(?:\.\d+)?", row["weight"]) else -1.0
    if not 0.0 <= weight <= 1.0:
        raise _fault(path, line, "The weight is not a number from 0 to 1.", found=repr(row["weight"]))
    if row["direction"] == "neutral" and weight != 0.0:
        raise _fault(path, line, "A neutral member has a weight.", found=row["weight"], expected="0")


def _aliases(
    path: Path, members: set[str]
) -> tuple[dict[str, str], dict[str, dict[str, str]], dict[str, tuple[str, ...]]]:
    general: dict[str, str] = {}
    special: dict[str, dict[str, str]] = {}
    ambiguous: dict[str, tuple[str, ...]] = {}
    lines: dict[tuple[str, str], int] = {}
    for line, row in _rows(path, ALIAS_COLUMNS):
        _check_filled(path, line, row, ("alias", "gene", "source"))
        _check_words(path, line, row, ("organism", "status"))
        alias, gene, organism = row["alias"], row["gene"], row["organism"]
        if alias != alias.upper():
            raise _fault(path, line, "An alias is written in upper case.", found=repr(alias), expected=alias.upper())
        if (alias, organism) in lines:
            raise _fault(path, line, "An alias stands twice.", found=f"{alias}, first in line {lines[alias, organism]}")
        lines[alias, organism] = line
        targets = tuple(gene.split(";"))
        if any(not _GENE.fullmatch(target) for target in targets):
            raise _fault(path, line, "The gene is no symbol in upper case.", found=repr(gene))
        if (row["status"] == "ambiguous") != (len(targets) > 1):
            raise _fault(
                path,
                line,
                "An ambiguous alias names several genes, a resolved one names one.",
                found=f"{row['status']}: {gene}",
            )
        if alias in targets:
            raise _fault(path, line, "An alias stands for itself.", found=alias)
        if alias in members and not organism:
            raise _fault(
                path,
                line,
                "An alias is a member's own symbol.",
                found=alias,
                expected=f"no alias, or no member {alias}",
            )
        if row["status"] == "ambiguous":
            ambiguous[alias] = targets
        elif organism:
            special.setdefault(organism, {})[alias] = gene
        else:
            general[alias] = gene
    for (alias, organism), line in lines.items():
        target = (special.get(organism, {}) if organism else general).get(alias)
        if target is not None and (target in general or target in ambiguous or target in special.get(organism, {})):
            raise _fault(
                path,
                line,
                "An alias leads to another alias.",
                found=f"{alias} -> {target}",
                expected="the current symbol at once",
            )
    return general, special, ambiguous
