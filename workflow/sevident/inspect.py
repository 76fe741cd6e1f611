"""What a search result is, at a glance: ``sevident inspect``, before anything is configured.

Whatever the format, the file goes through its reader, and the facts are taken from the tables that the pipeline would
work with: what is shown here is what would be used.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .errors import InputError, SevidentError

if TYPE_CHECKING:
    import pandas as pd

    from .readers import ReadResult

WIDTH = 110
_LABEL = 14
_NAMES = 6  # names that are listed before "and n more"
_REMARKS = 4
_LEVELS = {"protein": "protein groups", "peptide": "peptides or precursors", "psm": "peptide-spectrum matches"}
# Albumin of human, mouse, rat and cattle (UniProt).
_ALBUMIN = frozenset({"P02768", "P07724", "P02770", "P02769"})
_Q_VALUE = re.compile(r"(?:^| )(?:q ?val(?:ue)?s?|fdr|fdrscore)(?: |$)")
_QUANTITY = re.compile(
    r"(?:^| )(?:intensity|quantity|abundances?|areas?|ibaq|lfq|maxlfq|top3|reporter|spectral count|"
    r"(?:ms ms|spectral|psm|spectra) counts?|normali[sz]ed)(?: |$)"
)
# Codes of remarks that have a line of their own.
_SHOWN = frozenset({"format_recognised", "decoys_removed", "no_decoys", "albumin_removed", "imputed", "no_blanks"})


@dataclass
class Facts:
    """What is known about a file. ``species`` and ``contaminants``: name to (groups, share of the quantity)."""

    path: str
    format: str = ""
    title: str = ""
    engine: str = ""
    version: str = ""
    level: str = ""
    runs: list[str] = field(default_factory=list)
    protein_groups: int = 0
    proteins_per_run: tuple[int, int] = (0, 0)
    features: int = 0
    decoys: int = 0
    contaminants: dict[str, tuple[int, float]] = field(default_factory=dict)
    species: dict[str, tuple[int, float]] = field(default_factory=dict)
    organism: str = ""
    q_columns: list[str] = field(default_factory=list)
    quantities: list[str] = field(default_factory=list)
    quantity: str = ""
    measured: str = ""
    blanks: float = 0.0
    albumin: str = ""
    imputation: str = ""
    settings: dict[str, str] = field(default_factory=dict)
    warnings: list[dict[str, Any]] = field(default_factory=list)
    error: str = ""


def look(path: str | Path, organism: str = "") -> Facts:
    """The facts of one search result. ``organism``: the study's; without it, the one that most groups have.

    Raises InputError and ConfigurationError as the reader does.
    """
    from . import readers

    name = readers.detect(path)
    result, settings = _read(Path(path), name, organism)
    facts = Facts(str(path), name, readers.module(name).TITLE, result.engine, result.version, settings=settings)
    _describe(facts, result, organism)
    _from_header(facts, result)
    return facts


def _read(path: Path, name: str, organism: str) -> tuple[ReadResult, dict[str, str]]:
    """The file's tables, and the settings that it needs: a matrix of logarithms needs its scale."""
    from . import readers

    def with_settings(**settings: str) -> ReadResult:
        return readers.read(readers.InputSpec(path.name, path, organism=organism, **settings))  # type: ignore[arg-type]

    logarithms = {"format": "matrix", "scale": "log2"}
    if name == "matrix" and _begins_with_logarithms(path):
        try:
            return with_settings(**logarithms), logarithms
        except InputError:  # further down it is otherwise
            return with_settings(), {}
    try:
        return with_settings(), {}
    except InputError as error:
        if name != "matrix" or not error.problem.startswith("The values look like logarithms"):
            raise
        return with_settings(**logarithms), logarithms


def _begins_with_logarithms(path: Path) -> bool:
    """Whether the first rows of a matrix look like logarithms; to read a whole workbook only to refuse it is slow."""
    import numpy as np

    from .readers.matrix import looks_logarithmic
    from .readers.matrix_columns import is_number
    from .readers.source import Source, read_head

    head = read_head(Source(path))
    numbers = [float(c) for row in head.rows for c in map(str.strip, row) if is_number(c) and "," not in c]
    return bool(numbers) and looks_logarithmic(np.array(numbers))


def _describe(facts: Facts, result: ReadResult, organism: str) -> None:
    import numpy as np

    from .quantification import checks, runs

    proteins, features = result.proteins, result.features
    facts.runs = sorted(proteins["run"].unique().tolist())
    counted = not proteins["intensity"].notna().any() and bool((proteins["spectra"] > 0).any())
    column = "spectra" if counted else "intensity"
    facts.measured = "spectral counts" if counted else "intensities" if proteins["intensity"].notna().any() else ""
    taken = runs.take_apart(proteins.assign(intensity=proteins[column].astype("float64")) if counted else proteins)
    wide = taken.wide()
    measured = ~np.isnan(wide)
    facts.protein_groups = len(taken.groups)
    per_run = measured.sum(axis=0)
    facts.proteins_per_run = (int(per_run.min()), int(per_run.max())) if per_run.size else (0, 0)
    facts.blanks = float(1 - measured.mean()) if measured.size else 0.0
    sums = np.nansum(wide, axis=1)
    facts.contaminants = _shares(taken.groups["contaminant"], sums, skip="none")
    facts.species = _shares(taken.groups["organism"], sums)
    known = {name: count for name, (count, _) in facts.species.items() if name and ";" not in name}
    facts.organism = organism or (max(known, key=lambda name: known[name]) if known else "")
    listed = features[~features["is_decoy"]] if features is not None else None
    facts.features = 0 if listed is None else len(listed)
    decoys = 0 if features is None else int(features["is_decoy"].sum())
    removed = [w["count"] for w in result.warnings if w["code"] == "decoys_removed"]
    facts.decoys = max([decoys, *(int(str(count)) for count in removed if count is not None)])
    facts.level = result.level or _level(listed)
    found = checks.check_input(facts.path, taken.groups, wide, facts.organism)
    codes = {str(w["code"]) for w in found}
    facts.albumin = _albumin(taken.groups, codes)
    facts.imputation = (
        "values were imputed"
        if "imputed" in codes
        else "no blanks where blanks are expected: filled in, or incomplete rows taken out"
        if "no_blanks" in codes
        else "no sign of imputed values"
    )
    facts.warnings = [w | {"subject": facts.path} for w in [*result.warnings, *taken.warnings, *found]]


def _shares(names: pd.Series, sums: Any, skip: str | None = None) -> dict[str, tuple[int, float]]:
    """Per name the count of groups and the share of the summed quantity, the largest share first."""
    import pandas as pd

    total = float(sums.sum())
    frame = pd.DataFrame({"name": names.astype("str").to_numpy(), "sum": sums})
    table = frame.groupby("name")["sum"].agg(["size", "sum"]).sort_values(["sum", "size"], ascending=False)
    return {
        str(name): (int(size), float(part) / total if total else 0.0)
        for name, size, part in zip(table.index, table["size"], table["sum"], strict=True)
        if name != skip
    }


def _level(features: pd.DataFrame | None) -> str:
    if features is None or features.empty:
        return "protein"
    return "psm" if features["spectra"].notna().any() and features["intensity"].isna().all() else "peptide"


def _albumin(groups: pd.DataFrame, codes: set[str]) -> str:
    if "albumin_removed" in codes:
        return "removed: other abundant plasma proteins are in the table, albumin is not"
    genes, members = (groups[column].astype("str").tolist() for column in ("genes", "accessions"))
    held = any("ALB" in text.upper().split(";") for text in genes) or any(
        {accession.partition("-")[0] for accession in text.split(";")} & _ALBUMIN for text in members
    )
    return "in the table" if held else "not in the table (too few plasma proteins to tell whether it was removed)"


def _from_header(facts: Facts, result: ReadResult) -> None:
    """Quantities on offer and columns of q-values: the reader's word, else by the names of the columns."""
    from .readers.base import normalise
    from .readers.source import Source, read_head

    header = read_head(Source(facts.path)).header
    offered, q_columns = list(result.quantities_offered), list(result.q_columns)
    if not offered:
        found = {_without_run(name, facts.runs): None for name in header if _QUANTITY.search(normalise(name))}
        offered = [name for name in found if name]
    if not q_columns:
        q_columns = [name for name in header if _Q_VALUE.search(normalise(name))]
    facts.quantities, facts.q_columns = offered, list(dict.fromkeys(q_columns))
    facts.quantity = result.quantity or facts.measured


def _without_run(name: str, runs: Sequence[str]) -> str:
    for run in sorted(runs, key=len, reverse=True):
        if run and run in name:
            name = name.replace(run, "")
            break
    return " ".join(re.sub(r"\[\d+\]|\.(?:raw|mzml|d|htrms)\b", "", name, flags=re.IGNORECASE).strip(" ._-:").split())


def as_lines(facts: Facts) -> list[str]:
    """The facts as aligned lines of at most ``WIDTH`` characters, one screen for a file."""
    engine = " ".join(word for word in (facts.engine, facts.version) if word)
    rows = [("format", f"{facts.title} [{facts.format}]"), ("engine", engine)]
    rows.append(("level", _LEVELS.get(facts.level, facts.level)))
    rows.append(("runs", f"{len(facts.runs)}: {_listed(facts.runs)}"))
    least, most = facts.proteins_per_run
    per_run = f"{least:,}" if least == most else f"{least:,} to {most:,}"
    rows.append(
        ("proteins", f"{facts.protein_groups:,} groups; {per_run} a run; {facts.blanks:.0%} of all values blank")
    )
    if facts.features:
        kind = (
            "peptide-spectrum matches or peptides" if facts.level == "psm" else "precursors or peptides, over all runs"
        )
        rows.append(("features", f"{facts.features:,} {kind}"))
    rows.append(("decoys", f"{facts.decoys:,} (never counted as proteins)" if facts.decoys else "none in the file"))
    tags = [f"{kind} {count} ({share:.1%})" for kind, (count, share) in facts.contaminants.items()]
    rows.append(("contaminants", ", ".join(tags) or "none tagged"))
    species = [
        f"{(name or 'not stated').replace(';', ' or ')} {share:.1%} ({count:,})"
        for name, (count, share) in list(facts.species.items())[:_NAMES]
    ]
    more = len(facts.species) - _NAMES
    rows.append(("species", ", ".join(species) + (f" and {more} more" if more > 0 else "")))
    rows.append(("q-values", _listed(facts.q_columns) or "no column"))
    rows.append(("quantities", _listed(facts.quantities, 10) or "no column recognised"))
    rows.append(("used", _used(facts)))
    rows.append(("albumin", facts.albumin))
    rows.append(("imputation", facts.imputation))
    remarks = [w for w in facts.warnings if w["code"] not in _SHOWN and w["level"] == "warning"]
    rows += [("warning", str(w["message"])) for w in remarks[:_REMARKS]]
    if len(remarks) > _REMARKS:
        rows.append(("", f"and {len(remarks) - _REMARKS} more warnings (--json shows all)"))
    lines = [_printable(facts.path)]
    for label, text in rows:
        lines += textwrap.wrap(
            _printable(text) or "-",
            WIDTH,
            initial_indent=f"  {label:<{_LABEL}}",
            subsequent_indent=" " * (_LABEL + 2),
            max_lines=3 if label == "warning" else 2,
            placeholder=" ...",
            break_long_words=True,
        )
    return lines


def _used(facts: Facts) -> str:
    if not facts.quantity:
        return "nothing: the file holds neither intensities nor spectral counts"
    kind = "" if facts.quantity == facts.measured else f" ({facts.measured})"
    needed = ", ".join(f"{key}: {value}" for key, value in facts.settings.items())
    return f"{facts.quantity}{kind}" + (f"; to be configured with {needed}" if needed else "; format: auto is enough")


def _listed(names: Iterable[str], most: int = _NAMES) -> str:
    known = list(names)
    return ", ".join(known[:most]) + (f" and {len(known) - most} more" if len(known) > most else "")


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def run(paths: Sequence[Path], organism: str = "", *, as_json: bool = False, debug: bool = False) -> int:
    """Print what the files are; the exit code is 1 when any was refused. Errors go to standard error, or into JSON."""
    from . import log

    found = []
    shown = 0
    for path in paths:
        try:
            facts = look(path, organism)
        except SevidentError as error:
            facts = Facts(str(path), error=str(error))
        except Exception as error:  # a defect of a reader must not hide what is known of the other files
            if debug:
                raise
            text = f"this file could not be looked at\n  where:    {path}\n  found:    {type(error).__name__}: {error}"
            facts = Facts(str(path), error=f"{text}\n  do:       please report it, with what --debug shows")
        found.append(facts)
        if as_json:
            continue
        if facts.error:
            log.LOGGER.error(facts.error)
        else:
            print("\n".join([""] * bool(shown) + as_lines(facts)), flush=True)
            shown += 1
    if as_json:
        import json

        print(json.dumps([_as_record(facts) for facts in found], ensure_ascii=False, indent=2))
    return 1 if any(facts.error for facts in found) else 0


def _as_record(facts: Facts) -> dict[str, Any]:
    if facts.error:
        return {"path": facts.path, "error": facts.error}
    record = asdict(facts)
    del record["error"]
    for key in ("species", "contaminants"):
        record[key] = [
            {"name": name, "groups": count, "share": share} for name, (count, share) in getattr(facts, key).items()
        ]
    return record
