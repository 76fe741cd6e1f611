"""What the page is made from: the study's tables in the order of the sample sheet, checked against it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sevident import tables
from sevident.errors import InputError
from sevident.samples import Sample, SampleSheet

#: above this many samples, figures show groups and marker tables are built on demand
MANY_SAMPLES = 60
#: above this many samples a print holds only the folded parts that the reader has opened: all make hundreds of sheets
PRINTED_WHOLE = 24
_PER_SAMPLE = ("scores", "families", "compartments", "contributions")
#: what the page shows of a marker: the table has as many rows as all others together and three times the columns
_OF_MARKERS = ("sample", "panel", "gene", "accession", "status", "rank_percentile", "note")
#: tables that may be absent: the page says so
_OPTIONAL = ("species", "specification", "subtypes", "neighbours", "source_cell", "lots", "comparability", "risks")
#: columns of the reference cloud, scores that each labelled public sample got from a model without its laboratory
_CLOUD = ("sample_id", "study", "laboratory", "reference_class", "subclass")


@dataclass(frozen=True)
class ReportData:
    """Tables per their contracts in ``sevident.tables``.

    ``scores`` is indexed by sample in sheet order and holds every sample of the sheet (null where not scored);
    ``unscored`` names those. ``measured`` has one row per sample: counts of protein groups by kind of evidence and of
    contaminant, and the shares of intensity set aside. ``abundance`` (sample, protein_group, mass_fraction) is empty
    where there are many samples. ``markers`` has the columns _OF_MARKERS, text as categories. The tables that may be
    None are None when there is no such file.
    """

    sheet: SampleSheet
    scores: pd.DataFrame
    markers: pd.DataFrame
    families: pd.DataFrame
    compartments: pd.DataFrame
    contributions: pd.DataFrame
    specification: pd.DataFrame | None
    species: pd.DataFrame | None
    subtypes: pd.DataFrame | None
    neighbours: pd.DataFrame | None
    source_cell: pd.DataFrame | None
    lots: pd.DataFrame | None
    comparability: pd.DataFrame | None
    risks: pd.DataFrame | None
    warnings: pd.DataFrame
    measured: pd.DataFrame
    abundance: pd.DataFrame
    cloud: pd.DataFrame | None = None
    unscored: list[str] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        """Sample names in sheet order."""
        return [s.name for s in self.sheet.samples]

    @property
    def many(self) -> bool:
        """True when there are too many samples to show each in every figure."""
        return len(self.sheet.samples) > MANY_SAMPLES

    @property
    def printed_whole(self) -> bool:
        """True when the study is small enough that every folded part is printed."""
        return len(self.sheet.samples) <= PRINTED_WHOLE

    @property
    def preparations(self) -> list[Sample]:
        """The samples to be judged."""
        return [s for s in self.sheet.samples if s.role == "preparation"]

    @cached_property
    def score_rows(self) -> dict[str, dict[Hashable, Any]]:
        """sample -> its row of ``scores``; looked up by name some ten times a sample, which frames are slow at."""
        return {str(name): row for name, row in self.scores.to_dict("index").items()}

    def verdict(self, name: str) -> str:
        """The sample's verdict, empty when it was not scored."""
        value = self.score_rows[name]["verdict"]
        return value if isinstance(value, str) else ""


def load(folder: Path, warning_files: Sequence[Path], sheet: SampleSheet, cloud: Path | None = None) -> ReportData:
    """Read the tables of a study, and the scored samples of the reference (``cloud``) where there are any.

    Raises InputError when a table is missing or names samples that the sheet does not have. The tables of ``_OPTIONAL``
    may be absent: the page says so.
    """
    names = [s.name for s in sheet.samples]
    frames = {name: _read(folder / f"{name}.tsv", tables.ALL[name]) for name in _PER_SAMPLE}
    frames["markers"] = tables.read_columns(
        _present(folder / "markers.tsv", tables.MARKERS), tables.MARKERS, _OF_MARKERS
    )
    for name, frame in frames.items():
        _check_samples(frame["sample"].unique(), names, folder / f"{name}.tsv", sheet.path)
    scores = frames.pop("scores").set_index("sample")
    unscored = [n for n in names if n not in scores.index]
    further = {name: _optional(folder / f"{name}.tsv", tables.ALL[name], names, sheet.path) for name in _OPTIONAL}
    path = folder / "abundance.parquet"
    return ReportData(
        sheet=sheet,
        scores=scores.reindex(names),
        warnings=_warnings(warning_files, sheet.warnings),
        measured=measured(path, folder / "proteins.parquet", sheet),
        abundance=_amounts(path, len(names) > MANY_SAMPLES),
        cloud=_cloud(cloud) if cloud is not None and cloud.is_file() else None,
        unscored=unscored,
        markers=frames["markers"],
        families=frames["families"],
        compartments=frames["compartments"],
        contributions=frames["contributions"],
        **further,
    )


def _optional(path: Path, table: tables.Table, names: Sequence[str], sheet: str) -> pd.DataFrame | None:
    """A table that may be absent; an empty name stands for the study or a lot, not for a sample."""
    if not path.is_file():
        return None
    frame = _read(path, table)
    if "sample" in frame:
        _check_samples(set(frame["sample"]) - {""}, names, path, sheet)
    return frame


def _amounts(path: Path, many: bool) -> pd.DataFrame:
    columns = ["sample", "protein_group", "mass_fraction"]
    return pd.DataFrame(columns=columns) if many else _columns(path, tables.ABUNDANCE, columns).to_pandas()


def _cloud(path: Path) -> pd.DataFrame:
    """The labelled samples of the reference with their scores: _CLOUD as text, identity and purity as numbers."""
    frame = pd.read_csv(path, sep="\t", dtype="str", keep_default_na=False)
    absent = [c for c in (*_CLOUD, "identity", "purity") if c not in frame]
    if absent:
        raise InputError(
            "the table of scored reference samples lacks a column",
            where=str(path),
            found=", ".join(frame.columns),
            expected=", ".join(absent),
            advice="build the reference anew with `sevident reference`",
        )
    values = {c: pd.to_numeric(frame[c], errors="coerce") for c in ("identity", "purity")}
    rows = frame[list(_CLOUD)].assign(**values)
    return rows[rows["identity"].notna() & rows["purity"].notna()].sort_values(list(_CLOUD)).reset_index(drop=True)


def _read(path: Path, table: tables.Table) -> pd.DataFrame:
    return tables.read_table(_present(path, table), table)


def _present(path: Path, table: tables.Table) -> Path:
    """The path of a table; InputError where there is no such file."""
    if not path.is_file():
        raise InputError(
            "a table of the study is missing",
            where=str(path),
            expected=f"the table '{table.name}'",
            advice="run the workflow again; the stage that writes it did not finish",
        )
    return path


def _check_samples(found: Iterable[str], known: Sequence[str], path: Path, sheet: str) -> None:
    strangers = sorted(set(found) - set(known))
    if strangers:
        raise InputError(
            "a table of the study names samples that the sample sheet does not have",
            where=str(path),
            found=f"{len(strangers)}, the first {strangers[0]!r}",
            expected=f"the samples of {sheet}",
            advice="the sheet was changed after the table was written: run the workflow again",
        )


def _warnings(files: Sequence[Path], from_sheet: Sequence[dict[str, object]]) -> pd.DataFrame:
    """All warning rows; the sheet's own remarks are added unless a stage has already written them."""
    frames = [_read(Path(path), tables.WARNINGS) for path in files]
    own = tables.conform(pd.DataFrame(list(from_sheet)), tables.WARNINGS) if from_sheet else None
    rows = pd.concat(frames, ignore_index=True) if frames else tables.empty(tables.WARNINGS)
    if own is not None:
        keys = ["level", "code", "subject", "message"]
        written = set(rows[keys].itertuples(index=False, name=None))
        fresh = [r not in written for r in own[keys].itertuples(index=False, name=None)]
        rows = pd.concat([rows, own[fresh]], ignore_index=True)
    return tables.conform(rows, tables.WARNINGS)


def measured(abundance: Path, proteins: Path, sheet: SampleSheet) -> pd.DataFrame:
    """What each sample's numbers rest on, one row per sample in sheet order.

    Columns: ``groups`` (protein groups with a row), ``analytes`` (those with a mass fraction), ``ms2``, ``matched``,
    ``imputed``, ``unknown`` (analytes by evidence), ``process``, ``serum``, ``ambiguous`` (quantified groups by
    contaminant class), ``process_share``, ``serum_share``, ``ambiguous_share`` (shares of the summed intensity of the
    sample's runs, 0..1). Only the columns that are counted are read; sums are taken in file order, so that they do not
    depend on threads.
    """
    names = [s.name for s in sheet.samples]
    rows = _columns(abundance, tables.ABUNDANCE, ["sample", "contaminant", "evidence", "mass_fraction"])
    _check_samples(pc.unique(rows["sample"]).to_pylist(), names, abundance, sheet.path)
    analyte = pc.and_kleene(pc.is_valid(rows["mass_fraction"]), pc.invert(pc.is_nan(rows["mass_fraction"])))
    rows = rows.append_column("analyte", analyte)
    by_kind = rows.group_by(["sample", "contaminant", "evidence", "analyte"], use_threads=False).aggregate(
        [("sample", "count")]
    )
    kinds = by_kind.to_pandas()
    out = pd.DataFrame(index=pd.Index(names, name="sample"))

    def counted(chosen: pd.Series) -> pd.Series:
        part = kinds[chosen].groupby("sample")["sample_count"].sum()
        return part.reindex(names, fill_value=0).astype(int)

    out["groups"] = counted(kinds["sample_count"] > 0)
    out["analytes"] = counted(kinds["analyte"])
    for evidence in tables.EVIDENCE_KINDS:
        out[evidence] = counted(kinds["analyte"] & kinds["evidence"].eq(evidence))

    sample_of = {run: s.name for s in sheet.samples for run in s.runs}
    runs = _columns(proteins, tables.PROTEINS, ["input", "run", "contaminant", "intensity"])
    runs = runs.filter(pc.and_kleene(pc.is_valid(runs["intensity"]), pc.invert(pc.is_nan(runs["intensity"]))))
    sums = (
        runs.group_by(["input", "run", "contaminant"], use_threads=False)
        .aggregate([("intensity", "sum"), ("intensity", "count")])
        .to_pandas()
    )
    keys = zip(sums["input"], sums["run"], strict=True)
    sums["sample"] = [sample_of.get(key, "") for key in keys]
    total = sums.groupby("sample")["intensity_sum"].sum().reindex(names)
    for kind in ("process", "serum", "ambiguous"):
        part = sums[sums["contaminant"].eq(kind)].groupby("sample")
        # a sample may have several runs: the most protein groups that one of them quantified
        out[kind] = part["intensity_count"].max().reindex(names, fill_value=0).astype(int)
        out[f"{kind}_share"] = part["intensity_sum"].sum().reindex(names, fill_value=0.0) / total
    return out


def _columns(path: Path, table: tables.Table, columns: list[str]) -> pa.Table:
    """Some columns of a Parquet table; InputError when the file or a column is missing."""
    present = pq.read_schema(_present(path, table)).names
    absent = [c for c in columns if c not in present]
    if absent:
        raise InputError(
            "a table of the study lacks a column",
            where=str(path),
            found=", ".join(present),
            expected=", ".join(absent),
            advice="the table was written by another version of sEVident: run the workflow again",
        )
    return pq.read_table(path, columns=columns)
