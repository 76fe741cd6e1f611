"""mzTab 1.0 of proteomics: identification and quantification, summary and complete.

Source of the meanings: "mzTab: exchange format for proteomics and metabolomics results", version 1.0.0
(psidev.info/mztab; Griss and others 2014, Mol Cell Proteomics 13:2765). Files of metabolomics (mzTab-M 2.0, and 1.0
with small molecules alone) are refused.

| section, column | used as |
|---|---|
| MTD ms_run[n]-location | run; the file name without folder and ending |
| PRT accession, ambiguity_members | protein_group, accessions |
| - description, taxid | genes (GN=), organism |
| - protein_abundance_assay[n] | intensity; run: the assay's ms_run, with the reagent where several assays share one |
| - protein_abundance_study_variable[n] | intensity where there are no assays; run: its description |
| - num_psms_ms_run[n], num_peptides_distinct_ms_run[n] | spectra, peptides; counted from PSM where absent |
| - best_search_engine_score[n], where it is a q-value (``qvalues.py``) | q_value |
| - opt_global_result_type | protein_details and general_protein_group repeat the groups and are left out, counted |
| PSM | one spectrum per PSM_ID, however many rows (proteins) it has: ``mztab_features.py`` |
| PEP peptide_abundance_assay[n] (or study_variable) | intensity of features |

Abundances that are ratios or logarithms (protein-quantification_unit) say nothing about amounts within a sample: they
are not read, and spectra are counted. Without PRT, proteins are rolled up from PEP or PSM.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from sevident.identifiers import read_fasta, split_identifiers
from sevident.readers import qvalues
from sevident.readers.base import Grid, InputSpec, ReadResult
from sevident.readers.groups import Fate, Groups, describe, is_decoy, leave_out, long_proteins, told, unique_names
from sevident.readers.mztab_channels import Channels, amounts, channels_of
from sevident.readers.mztab_features import features_of, observations
from sevident.readers.mztab_sections import Sections, numbered_columns, parameter, read_sections
from sevident.readers.numbers import parse_numbers, refuse
from sevident.readers.peptidoforms import header
from sevident.readers.rollup import group_name, roll_up
from sevident.readers.source import Head, Source
from sevident.readers.spectra import without_q_values

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

FORMAT = "mztab"
TITLE = "an mzTab file of proteomics (version 1.0)"
_MARK = re.compile(r'"?MTD"?[\t,; ]+"?mzTab-')
_DECOY = ("opt_global_cv_PRIDE:0000303_decoy_hit", "opt_global_cv_MS:1002217_decoy_protein", "opt_global_decoy")


def sniff(head: Head) -> bool:
    """Whether one of the first lines is a line of mzTab's metadata (in any version and with any delimiter)."""
    return head.kind == "text" and any(_MARK.match(line) for line in head.source.lines)


def explain(head: Head) -> str:
    """What a part of an mzTab file is, for the message of a refusal."""
    starts = {line[:4] for line in head.source.lines} if head.kind == "text" else set()
    if starts & {"PRH\t", "PSH\t", "PEH\t"}:
        return "this is a part of an mzTab file without its metadata (MTD); give the whole file"
    return ""


def read(source: Source, spec: InputSpec) -> ReadResult:
    """Read proteins and peptides; one row per group and run, null where nothing was measured. Raises InputError."""
    sections = read_sections(source)
    warnings: list[dict[str, object]] = []
    if sections.short_rows:
        text = f"{sections.short_rows} rows have fewer cells than their header; the missing ones are read as empty."
        warnings.append(spec.warn("warning", "short_rows", text, sections.short_rows))
    engine, version = _software(sections)
    if "PRT" not in sections.grids:
        return _without_proteins(sections, spec, warnings, engine, version)
    grid = sections.grids["PRT"]
    channels = channels_of(sections, grid, "protein", spec, warnings)
    if not channels.quantified:
        text = "The file holds identifications without amounts; spectra are counted, and intensities are empty."
        warnings.append(spec.warn("info", "spectral_counts_only", text))
    intensity = amounts(grid, channels)
    grid, intensity, groups = _groups(grid, intensity, spec, warnings)
    peptides = features_of(sections, groups.index, channels, spec, warnings)
    described, remarks = describe(
        Groups(ids=groups.ids, headers=groups.headers, taxa=grid.text(grid.find("taxid"))),
        spec,
        read_fasta(spec.fasta) if spec.fasta else None,
    )
    warnings += remarks
    described.insert(0, "protein_group", groups.names)
    q_name, q_values = _q_values(sections, grid, spec, warnings)
    described["q_value"] = q_values
    values = _counts(sections, grid, channels, groups, peptides)
    values["intensity"] = intensity
    values["evidence"] = _evidence(intensity, values["spectra"], channels.quantified)
    proteins = long_proteins(spec, [channel.name for channel in channels.listed], described, values)
    facts = _facts(channels.quantified, channels.unit, q_name)
    features = peptides.features if peptides is not None else None
    return ReadResult(proteins, features, warnings, engine, version, level="protein", **facts)


def _without_proteins(
    sections: Sections, spec: InputSpec, warnings: list[dict[str, object]], engine: str, version: str
) -> ReadResult:
    found = observations(sections, spec, warnings)
    text = "The file has no section of proteins; they are rolled up from its peptides."
    warnings.append(spec.warn("info", "proteins_from_peptides", text))
    quantified = "intensity" in found.frame and bool(found.frame["intensity"].notna().any())
    if not quantified:
        warnings += without_q_values(found.frame.assign(hit="", group_q=np.nan), found.where, spec)
    unit = parameter(sections.metadata.get("peptide-quantification_unit", ""))[1]
    q_name = found.q_name if found.frame["q_value"].notna().any() else ""
    facts = _facts(quantified, unit, q_name)
    return roll_up(found, spec, warnings, engine, version=version, level="peptide" if quantified else "psm", **facts)


def _facts(quantified: bool, unit: str, q_name: str) -> dict[str, Any]:
    quantity = (unit or "abundance") if quantified else "spectra"
    offered = [quantity, "spectra"] if quantified else [quantity]
    return {"quantity": quantity, "quantities_offered": offered, "q_columns": [q_name] if q_name else []}


def _software(sections: Sections) -> tuple[str, str]:
    for _, text in sorted(sections.numbered("software").items()):
        _, name, value = parameter(text)
        if value and name.lower() in {"analysis software", "data processing software"}:  # a term that says nothing
            return value, ""
        if name:
            return name, value
    return "unknown", ""


@dataclass
class _Groups:
    """Per row of PRT: proteins as written, name, FASTA header; ``index``: name and header of each protein's group."""

    ids: list[str]
    names: list[str]
    headers: list[str]
    index: dict[str, tuple[str, str]] = field(default_factory=dict)


def _groups(
    grid: Grid, intensity: NDArray, spec: InputSpec, warnings: list[dict[str, object]]
) -> tuple[Grid, NDArray, _Groups]:
    """The rows that are groups of real proteins, with their proteins."""
    accessions = grid.text(grid.find("accession"))
    ambiguous = grid.text(grid.find("ambiguity_members"))
    own = [split_identifiers(text) for text in accessions]
    also = [[piece.strip() for piece in re.split(r"[,;]", text) if piece.strip()] for text in ambiguous]
    ids = [list(dict.fromkeys([*first, *more])) for first, more in zip(own, also, strict=True)]
    joined = [";".join(members) for members in ids]
    decoy = np.array([is_decoy(text) for text in joined])
    for name in _DECOY:
        decoy |= np.array([flag in {"1", "true"} for flag in grid.text(grid.find(name))])
    keep, remarks = leave_out(
        [
            Fate(decoy, "decoys_removed", "decoy rows"),
            Fate(
                np.array([not text for text in joined]), "rows_without_protein", "rows without an accession", "warning"
            ),
            Fate(_details(grid, own, ids, intensity), "details_removed", "rows that repeat a protein of a group"),
        ],
        intensity,
        spec,
        grid.where,
    )
    warnings += remarks
    kept = [text for text, wanted in zip(joined, keep, strict=True) if wanted]
    descriptions = [text for text, wanted in zip(grid.text(grid.find("description")), keep, strict=True) if wanted]
    names, remarks = unique_names([group_name(text) for text in kept], spec)
    warnings += remarks
    headers = [header(text.split(";")[0], description) for text, description in zip(kept, descriptions, strict=True)]
    groups = _Groups(kept, names, headers)
    for text, name, found in zip(kept, names, headers, strict=True):
        for piece in text.split(";"):
            groups.index.setdefault(piece, (name, found))
    return Grid(grid.frame[keep], grid.header, grid.where), intensity[keep], groups


def _details(grid: Grid, own: list[list[str]], ids: list[list[str]], intensity: NDArray) -> NDArray:
    """Rows that repeat what another row holds: OpenMS lists every protein beside its group.

    Without OpenMS's own mark (opt_global_result_type), a row without an abundance repeats another one when that one
    names its accession among more proteins, or is the same and comes earlier or has an abundance.
    """
    kinds = grid.text(grid.find("opt_global_result_type"))
    groups = {"indistinguishable_protein_group", "single_protein", "protein_group"}
    if any(kind in groups for kind in kinds):
        return np.array([kind in {"protein_details", "general_protein_group"} for kind in kinds])
    measured = ~np.isnan(intensity).all(axis=1)
    best: dict[str, tuple[bool, int, int]] = {}  # of each accession, the row that stands for it
    for i, members in enumerate(ids):
        for piece in members:
            rank = (bool(measured[i]), len(members), -i)
            best[piece] = max(best.get(piece, rank), rank)
    repeated = []
    for i, members in enumerate(ids):
        wider = [best[piece] for piece in own[i]]
        stands = any(rank == (bool(measured[i]), len(members), -i) for rank in wider)
        repeated.append(bool(wider) and not measured[i] and not stands and len(members) == len(own[i]))
    return np.array(repeated)


def _q_values(
    sections: Sections, grid: Grid, spec: InputSpec, warnings: list[dict[str, object]]
) -> tuple[str, NDArray]:
    scores = sections.numbered("protein_search_engine_score")
    columns = numbered_columns(grid, "best_search_engine_score")
    terms = {n: parameter(scores[n]) for n in columns if n in scores}
    found = qvalues.best("group", [(name, accession, n) for n, (accession, name, _) in sorted(terms.items())])
    nothing = np.full(len(grid.frame), np.nan)
    if found is None:
        return "", nothing
    values = parse_numbers(grid, [columns[int(str(found[1]))]])[:, 0]
    remark = qvalues.remark(values.tolist(), found[0], spec)
    if remark:
        warnings.append(remark)
        return "", nothing
    return found[0], values


def _counts(
    sections: Sections, grid: Grid, channels: Channels, groups: _Groups, peptides: ReadResult | None
) -> dict[str, NDArray]:
    """Spectra and distinct peptides per group and channel: the file's own counts, else those of its PSM section.

    Distinct peptides of a channel of several runs cannot be had from counts per run: null.
    """
    runs = sections.runs()
    counted = peptides.proteins if peptides is not None and "PSM" in sections.grids else None
    out = {}
    for quantity, column in (("spectra", "num_psms_ms_run"), ("peptides", "num_peptides_distinct_ms_run")):
        columns = numbered_columns(grid, column)
        parsed = parse_numbers(grid, list(columns.values()))
        refuse(
            grid, parsed < 0, list(columns.values()), "A count is negative.", expected="0 or more", advice="correct it"
        )
        stated = dict(zip(columns, parsed.T, strict=True)) if not np.isnan(parsed).all() else {}
        by_run = _by_run(counted, quantity, groups.names) if counted is not None and not stated else {}
        values = np.full((len(grid.frame), len(channels.by_number)), np.nan)
        for k, channel in enumerate(channels.listed):
            if quantity == "peptides" and len(channel.ms_runs) != 1:
                continue
            parts = [stated[n] for n in channel.ms_runs if n in stated]
            if not stated and counted is not None:
                names = [runs.get(n, f"ms_run[{n}]") for n in channel.ms_runs]
                parts = [by_run.get(name, np.zeros(len(groups.names))) for name in names]
            if parts:
                nothing = np.isnan(parts).all(axis=0)
                values[:, k] = np.where(nothing, np.nan, np.nansum(parts, axis=0))
        out[quantity] = values
    return out


def _by_run(counted: pd.DataFrame, quantity: str, groups: list[str]) -> dict[str, NDArray]:
    """Of each run the counts of the groups, zero where it has none."""
    wide = counted.pivot(index="protein_group", columns="run", values=quantity).reindex(groups).astype("float64")
    return {str(run): wide[run].fillna(0).to_numpy() for run in wide.columns}


def _evidence(intensity: NDArray, spectra: NDArray, quantified: bool) -> NDArray:
    """ms2 where spectra were counted; matched where an amount has none; unknown where nothing is told."""
    evidence = told(spectra > 0, "ms2")
    if quantified:
        evidence[~np.isnan(intensity) & (spectra == 0)] = "matched"
    return evidence
