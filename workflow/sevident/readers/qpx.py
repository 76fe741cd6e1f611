"""QPX (quantms.io) feature files: Parquet, a row per quantified peptide ion and run, of the old and the present schema.

Source of the meanings: "Feature View" of the QPX specification (github.com/bigbio/qpx, docs/spec/feature.md and
docs/spec/schemas/feature.yaml) and its predecessor (github.com/bigbio/quantms.io, docs/feature.avsc).

| column | used as |
|---|---|
| run_file_name, before reference_file_name | run |
| sequence, peptidoform | peptide, modified_sequence |
| charge, before precursor_charge | charge |
| pg_accessions: names, or structures with an accession | proteins, members of the group |
| anchor_protein | protein_group: it leads; else the accessions joined |
| gg_names, before gene_names; else gg_accessions | genes |
| intensities: label (before channel), intensity; else intensity, channel | intensity; several labels: run-<label> |
| peptide_qvalue, before global_qvalue | q_value; above 1 % not for the protein |
| pg_global_qvalue, before protein_global_qvalue | protein's q-value; above 1 % left out of the proteins |
| is_decoy | is_decoy |

``additional_intensities`` are normalised and not read. The view counts no spectra. A shared peptide without a group
keeps its intensity in the features and is counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sevident.errors import InputError
from sevident.identifiers import join
from sevident.readers.base import InputSpec, ReadResult
from sevident.readers.msstats import split_by_label
from sevident.readers.rollup import Observations, each, group_name, roll_up
from sevident.readers.source import Head, Source, damaged_parquet

if TYPE_CHECKING:
    import pyarrow as pa

FORMAT = "qpx"
TITLE = "a QPX (quantms.io) feature file (.feature.parquet)"
_RUN = ("run_file_name", "reference_file_name")
_CHARGE = ("charge", "precursor_charge")
_GENES = ("gg_names", "gene_names", "gg_accessions")
_Q = ("peptide_qvalue", "global_qvalue")
_GROUP_Q = ("pg_global_qvalue", "protein_global_qvalue")
_LABEL = ("label", "channel", "sample_accession")


def sniff(head: Head) -> bool:
    """Whether the columns are those of a QPX feature file."""
    names = set(head.header)
    return (
        head.kind == "parquet"
        and {"sequence", "peptidoform", "is_decoy", "pg_accessions"} <= names
        and bool(names & set(_RUN))
        and bool(names & {"intensities", "intensity"})
    )


def explain(head: Head) -> str:
    """What another QPX file is, for the message of a refusal."""
    if head.kind == "parquet" and {"sequence", "peptidoform", "is_decoy"} <= set(head.header):
        return "this is a QPX file of spectra; give the feature file (.feature.parquet) of the same study"
    if head.kind == "parquet" and {"pg_accessions", "anchor_protein"} <= set(head.header):
        return "this is a QPX file of protein groups; give the feature file (.feature.parquet) of the same study"
    return ""


def read(source: Source, spec: InputSpec) -> ReadResult:
    """Read a QPX feature file. Raises InputError."""
    import pyarrow.parquet as pq

    try:
        schema = pq.read_schema(source.path)
        wanted = {"sequence", "peptidoform", "is_decoy", "pg_accessions", "anchor_protein", "intensities", "intensity"}
        wanted |= {"channel", *_RUN, *_CHARGE, *_GENES, *_Q, *_GROUP_Q}
        table = pq.read_table(source.path, columns=[name for name in schema.names if name in wanted])
    except Exception as error:
        raise damaged_parquet(source, error) from error
    if not table.num_rows:
        raise InputError("The file holds no features.", where=source.where, advice="check that the export is complete")
    warnings: list[dict[str, object]] = []
    try:
        frame = _features(table)
        exploded = _explode(frame, table) if "intensities" in table.column_names else None
    except (TypeError, AttributeError, ValueError) as error:  # lists of something else, or none where lists belong
        raise InputError(
            "A column is not of the kind that QPX prescribes.",
            where=source.where,
            found=str(error)[:200],
            expected="lists of accessions, of gene names, and of structures with a label and an intensity",
            advice="convert the search result again",
        ) from error
    if exploded is not None:
        frame, nothing = exploded
    else:
        frame = frame.assign(intensity=_numbers(table, "intensity"), label=_texts(table, "channel"))
        nothing = int((~(frame["intensity"] > 0)).sum())
        frame = frame[frame["intensity"] > 0]
    _check(frame, source, nothing)
    if nothing:
        text = f"{nothing} features have no intensity; they are left out."
        warnings.append(spec.warn("info", "rows_without_quantity", text, nothing))
    frame["run"] = split_by_label(frame["run"].tolist(), frame.pop("label").tolist(), spec, warnings)
    q_names = [name for names in (_Q, _GROUP_Q) if (name := _first(table, names))]
    found = Observations(
        frame, source.where, "features", q_name=_first(table, _Q), group_q_name=_first(table, _GROUP_Q)
    )
    facts: dict[str, Any] = {"level": "peptide", "quantity": "intensity", "quantities_offered": ["intensity"]}
    return roll_up(found, spec, warnings, "QPX", q_columns=q_names, version=_version(schema), **facts)


def _features(table: pa.Table) -> pd.DataFrame:
    ids = _lists(table, "pg_accessions")
    anchor = _texts(table, "anchor_protein")
    members = pd.Series(
        [join([a, *i.split(";")]) if a else i for a, i in zip(anchor, ids, strict=True)], dtype="object"
    )
    return pd.DataFrame(
        {
            "run": _texts(table, *_RUN),
            "peptide": _texts(table, "sequence"),
            "modified_sequence": _texts(table, "peptidoform"),
            "charge": _numbers(table, *_CHARGE),
            "ids": members,
            "members": members,
            "group": each(group_name, members),
            "genes": _lists(table, *_GENES),
            "q_value": _numbers(table, *_Q),
            "group_q": _numbers(table, *_GROUP_Q),
            "is_decoy": np.nan_to_num(_numbers(table, "is_decoy")) > 0,
            "evidence": "unknown",
        }
    )


def _first(table: pa.Table, names: tuple[str, ...]) -> str:
    return next((name for name in names if name in table.column_names), "")


def _texts(table: pa.Table, *names: str) -> list[str]:
    name = _first(table, names)
    if not name:
        return [""] * table.num_rows
    return ["" if value is None else str(value) for value in table.column(name).to_pylist()]


def _numbers(table: pa.Table, *names: str) -> np.ndarray:
    name = _first(table, names)
    if not name:
        return np.full(table.num_rows, np.nan)
    values = table.column(name).to_pandas()
    return pd.to_numeric(values.astype("object"), errors="coerce").to_numpy(dtype=float, na_value=np.nan)


def _lists(table: pa.Table, *names: str) -> list[str]:
    """A column of lists, of texts or of structures with an accession, each joined by ``;``."""
    name = _first(table, names)
    if not name:
        return [""] * table.num_rows
    return [join(_accession(item) for item in cell or ()) for cell in table.column(name).to_pylist()]


def _accession(item: Any) -> str:
    if isinstance(item, dict):
        item = next((item[key] for key in ("accession", "protein_accession", "name") if item.get(key)), "")
    return str(item or "").strip()


def _explode(frame: pd.DataFrame, table: pa.Table) -> tuple[pd.DataFrame, int]:
    """One row per label with an intensity, and the count of features without any."""
    rows, labels, values = [], [], []
    nothing = 0
    for row, cell in enumerate(table.column("intensities").to_pylist()):
        measured = [item for item in cell or () if (item.get("intensity") or 0) != 0]
        nothing += not measured
        for item in measured:
            rows.append(row)
            labels.append(next((str(item[key]) for key in _LABEL if item.get(key)), ""))
            values.append(float(item["intensity"]))
    return frame.iloc[rows].reset_index(drop=True).assign(label=labels, intensity=values), nothing


def _check(frame: pd.DataFrame, source: Source, nothing: int) -> None:
    if frame.empty:
        raise InputError(
            "The file holds no intensity above zero.",
            where=source.where,
            found=f"{nothing} features without an intensity",
            advice="check that the export is complete",
        )
    bad = frame[~np.isfinite(frame["intensity"]) | (frame["intensity"] < 0)]
    if len(bad):
        raise InputError(
            "An intensity is negative or infinite.",
            where=f"{source.where}, run '{bad['run'].iloc[0]}', peptide '{bad['modified_sequence'].iloc[0]}'",
            found=f"{bad['intensity'].iloc[0]}" + (f" and {len(bad) - 1} more" if len(bad) > 1 else ""),
            expected="intensities on a linear scale",
            advice="convert the search result again",
        )


def _version(schema: pa.Schema) -> str:
    metadata = schema.metadata or {}
    return next(
        (metadata[k].decode("utf-8", "replace") for k in (b"qpx_version", b"quantmsio_version") if k in metadata), ""
    )
