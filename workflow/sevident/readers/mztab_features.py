"""Peptides and spectra of an mzTab file (sections PEP and PSM) as features.

| section, column | used as |
|---|---|
| PSM PSM_ID | rows of one PSM_ID (one per protein of the peptide) are one spectrum |
| - spectra_ref | run: that of the first spectrum named |
| - sequence, modifications, charge | peptide, modified_sequence (opt_global_cv_MS:1000889 where given), charge |
| - accession | proteins; protein_group: the group of PRT that holds the first of them |
| - search_engine_score[n], where it is a q-value (``qvalues.py``); else opt_global_q-value | q_value |
| - search_engine_score[n], where it grows with quality (``scores.py``) | score |
| - opt_global_cv_MS:1002217_decoy_peptide = 1, usual prefixes of all proteins | is_decoy |
| PEP peptide_abundance_assay[n], else peptide_abundance_study_variable[n] | intensity, in the runs of the proteins |
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import pandas as pd

from sevident.errors import InputError
from sevident.identifiers import parse_identifier, split_identifiers
from sevident.readers import qvalues, scores
from sevident.readers.base import Grid, InputSpec, ReadResult
from sevident.readers.mztab_channels import Channels, amounts, channels_of
from sevident.readers.mztab_sections import Sections, numbered_columns, parameter, references
from sevident.readers.numbers import parse_numbers
from sevident.readers.peptidoforms import modified_sequence, proteins_of_hit
from sevident.readers.rollup import Observations, bare_sequence, each, roll_up

_Term = tuple[str, "str | None", int]  # the name and accession of a score, and its column
_PEPTIDOFORM = "opt_global_cv_MS:1000889_peptidoform_sequence"
_DECOY = "opt_global_cv_MS:1002217_decoy_peptide"
_OF_PROTEINS = ("genes_missing", "not_in_fasta", "contaminants_")  # remarks that the section of proteins has made


def features_of(
    sections: Sections,
    groups: Mapping[str, tuple[str, str]],
    channels: Channels,
    spec: InputSpec,
    warnings: list[dict[str, object]],
) -> ReadResult | None:
    """The features of a file with proteins, and their roll-up, for its counts; None without PEP and PSM.

    ``groups``: a protein as written to the name and the FASTA header of its group.
    """
    if not sections.grids.keys() & {"PEP", "PSM"}:
        return None
    found = observations(sections, spec, warnings, channels)
    if found.frame.empty:
        return None
    first = each(lambda ids: next((one for one in ids.split(";") if one in groups), ""), found.frame["ids"])
    found.frame["group"] = first.map({one: name for one, (name, _) in groups.items()}).fillna("")
    found.frame["headers"] = first.map({one: text for one, (_, text) in groups.items()}).fillna("")
    foreign = int(((first == "") & ~found.frame["is_decoy"].astype("bool")).sum())
    if foreign:
        text = f"{foreign} spectra or peptides are of proteins that the section of proteins does not list."
        warnings.append(spec.warn("info", "peptides_of_other_proteins", text, foreign))
    remarks: list[dict[str, object]] = []
    result = roll_up(found, spec, remarks, "")
    warnings += [remark for remark in remarks if not str(remark["code"]).startswith(_OF_PROTEINS)]
    return result


def observations(
    sections: Sections, spec: InputSpec, warnings: list[dict[str, object]], of_proteins: Channels | None = None
) -> Observations:
    """Peptides with amounts (PEP) and spectra (PSM). ``of_proteins``: the runs that peptides must have, too."""
    frames, q_name = [], ""
    if "PEP" in sections.grids:
        frames.append(_peptides(sections, of_proteins, spec, warnings))
    if "PSM" in sections.grids:
        frame, q_name = _spectra(sections, spec, warnings)
        frames.append(frame)
    found = pd.concat(frames, ignore_index=True)
    if found.empty and of_proteins is None:
        raise InputError(
            "The file holds neither proteins, nor spectra, nor peptides with amounts.",
            where=sections.where,
            expected="a section PRT or PSM, or PEP with columns peptide_abundance_assay[n]",
            advice="export the file again with its proteins",
        )
    return Observations(found, sections.where, "spectra", q_name=q_name or "q-value")


def _peptides(
    sections: Sections, of_proteins: Channels | None, spec: InputSpec, warnings: list[dict[str, object]]
) -> pd.DataFrame:
    """PEP, one row per peptide and run with an amount."""
    grid = sections.grids["PEP"]
    channels = channels_of(sections, grid, "peptide", spec, warnings if of_proteins is None else [])
    same_runs = of_proteins is None or of_proteins.kind == channels.kind
    if not channels.quantified or grid.find("accession") is None or not same_runs:
        text = "The section of peptides (PEP) is not read: it has no amounts in the runs of the proteins."
        warnings.append(spec.warn("info", "peptides_not_read", text, len(grid.frame)))
        return pd.DataFrame(columns=["run", "ids", "is_decoy", "intensity"])
    values = amounts(grid, channels)
    frame = _sequences(grid).assign(ids=_identifiers(grid))
    key = frame[["modified_sequence", "charge"]].assign(
        **{f"v{k}": values[:, k] for k in range(values.shape[1])},
        **{name: grid.text(grid.find(name)) for name in ("retention_time", "mass_to_charge", "spectra_ref")},
    )
    rows = key.groupby(list(key.columns), dropna=False, sort=False).ngroup().to_numpy()
    frame = _merge_rows(frame, rows)
    first = np.unique(rows, return_index=True)[1]
    values = values[first]
    row, k = np.nonzero(~np.isnan(values))
    names = np.array([channel.name for channel in channels.listed], dtype=object)
    return frame.iloc[row].assign(run=names[k], intensity=values[row, k]).reset_index(drop=True)


def _spectra(sections: Sections, spec: InputSpec, warnings: list[dict[str, object]]) -> tuple[pd.DataFrame, str]:
    """PSM, one row per spectrum; and the name of its q-value."""
    grid = sections.grids["PSM"]
    runs = sections.runs()
    if grid.find("accession") is None or grid.find("sequence") is None:
        raise InputError(
            "The section of spectra (PSM) lacks a needed column.",
            where=grid.where,
            found=", ".join(grid.header[:12]),
            expected="accession and sequence",
            advice="give the file as the search engine wrote it",
        )
    numbers = [next(iter(references(text, "ms_run")), 0) for text in grid.text(grid.find("spectra_ref"))]
    alone = next(iter(runs.values())) if len(runs) == 1 else ""
    terms = _terms(sections, grid)
    q_name, q_values = _q_values(terms, grid, spec, warnings)
    frame = _sequences(grid).assign(
        run=[runs.get(n, f"ms_run[{n}]") if n else alone for n in numbers],
        ids=_identifiers(grid),
        q_value=q_values,
        score=_scores(terms, grid, spec, warnings),
        stated=[flag in {"1", "true"} for flag in grid.text(grid.find(_DECOY))],
    )
    ids = grid.text(grid.find("PSM_ID"))
    key = frame[["run", "modified_sequence", "charge"]].assign(
        id=[text or f"row {i}" for i, text in enumerate(ids)], spectrum=grid.text(grid.find("spectra_ref"))
    )
    rows = key.groupby(list(key.columns), dropna=False, sort=False).ngroup().to_numpy()
    merged = _merge_rows(frame, rows)
    if len(merged) < len(frame):
        text = f"{len(frame)} rows of PSM are {len(merged)} spectra: a peptide of several proteins has a row for each."
        warnings.append(spec.warn("info", "spectra_of_several_rows", text, len(merged)))
    return merged.assign(spectra=1.0, evidence="ms2"), q_name


def _merge_rows(frame: pd.DataFrame, rows: np.ndarray) -> pd.DataFrame:
    """One row per spectrum or peptide, with the proteins of all its rows."""
    proteins: dict[int, list[tuple[str, bool]]] = {}
    stated = frame["stated"].tolist() if "stated" in frame else [False] * len(frame)
    for row, ids, decoy in zip(rows, frame["ids"], stated, strict=True):
        proteins.setdefault(int(row), []).extend((one, decoy or parse_identifier(one).decoy) for one in ids)
    merged = frame.drop(columns=["stated"], errors="ignore")[~pd.Series(rows, index=frame.index).duplicated()]
    joined = [proteins_of_hit(proteins.get(row, [])) for row in range(len(merged))]
    return merged.assign(ids=[ids for ids, _ in joined], is_decoy=[decoy for _, decoy in joined]).reset_index(drop=True)


def _identifiers(grid: Grid) -> pd.Series:
    return pd.Series([split_identifiers(text) for text in grid.text(grid.find("accession"))], dtype="object")


def _sequences(grid: Grid) -> pd.DataFrame:
    """Bare and modified sequence and charge of every row."""
    sequences = grid.text(grid.find("sequence"))
    forms = grid.text(grid.find(_PEPTIDOFORM))
    changes = grid.text(grid.find("modifications"))
    modified = [
        form or modified_text(sequence, change)
        for form, sequence, change in zip(forms, sequences, changes, strict=True)
    ]
    charge = grid.find("charge")
    return pd.DataFrame(
        {
            "peptide": [bare_sequence(text or form) for text, form in zip(sequences, modified, strict=True)],
            "modified_sequence": modified,
            "charge": np.full(len(grid.frame), np.nan) if charge is None else parse_numbers(grid, [charge])[:, 0],
        }
    )


def modified_text(sequence: str, modifications: str) -> str:
    """A sequence with mzTab's modifications (``3-UNIMOD:4,0-UNIMOD:1``); of ``3|4-UNIMOD:21`` the first place.

    What cannot be placed (a form that the specification does not know) stands behind the sequence in braces.
    """
    found, other = [], []
    for text in re.split(r",(?![^\[]*\])", modifications):
        match = re.fullmatch(r"(\d+)(?:\[[^\]]*\])?(?:\|\d+(?:\[[^\]]*\])?)*-(.+)", text.strip())
        if match:
            found.append((int(match[1]), match[2]))
        elif text.strip() and text.strip() != "0":
            other.append(text.strip())
    return modified_sequence(sequence, found) + (f"{{{','.join(other)}}}" if other else "")


def _terms(sections: Sections, grid: Grid) -> list[_Term]:
    """The columns of scores with what the metadata calls them, and the optional columns, which name themselves."""
    declared = sections.numbered("psm_search_engine_score")
    found: list[_Term] = []
    for n, position in sorted(numbered_columns(grid, "search_engine_score").items()):
        accession, name, _ = parameter(declared.get(n, ""))
        found.append((name, accession, position))
    for position, column in enumerate(grid.header):
        if match := re.match(r"opt_global_(?:cv_(MS:\d+)_)?(.+)", column):
            found.append((match[2], match[1], position))
    return found


def _scores(terms: list[_Term], grid: Grid, spec: InputSpec, warnings: list[dict[str, object]]) -> np.ndarray:
    """The best of the scores that grow with quality; nan without one."""
    ranked = [
        (place, column) for name, accession, column in terms if (place := scores.rank(name, accession)) is not None
    ]
    return scores.of_column(grid, spec, warnings, *(grid.header[column] for _, column in sorted(ranked)[:1]))


def _q_values(
    terms: list[_Term], grid: Grid, spec: InputSpec, warnings: list[dict[str, object]]
) -> tuple[str, np.ndarray]:
    """The best of the declared scores; where none is a q-value, an optional column that is called one."""
    chosen = qvalues.best("hit", terms)
    nothing = np.full(len(grid.frame), np.nan)
    if chosen is None:
        return "", nothing
    values = parse_numbers(grid, [int(str(chosen[1]))])[:, 0]
    remark = qvalues.remark(values.tolist(), chosen[0], spec)
    if remark:
        warnings.append(remark)
        return "", nothing
    return chosen[0], values
