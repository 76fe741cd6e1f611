"""The columns of amounts of an mzTab file and the runs that they stand for."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sevident.readers.base import Grid, InputSpec
from sevident.readers.mztab_sections import Sections, numbered_columns, parameter, references
from sevident.readers.numbers import positive

# a ratio compares samples, a logarithm of whatever base is no amount: PRIDE:0000395 "Ratio" and the like
_NO_AMOUNT = re.compile(r"\bratio|\blog", re.IGNORECASE)


@dataclass
class Channel:
    """A run of the result: its name, its column of amounts (None: identified alone), the numbers of its ms_runs."""

    name: str
    column: int | None
    ms_runs: list[int]


@dataclass
class Channels:
    """The runs of a section. ``kind``: assay, study_variable or ms_run; ``unit``: of the amounts, in words."""

    kind: str
    by_number: dict[int, Channel]
    unit: str = ""

    @property
    def quantified(self) -> bool:
        return self.kind != "ms_run"

    @property
    def listed(self) -> list[Channel]:
        return list(self.by_number.values())


def channels_of(
    sections: Sections, grid: Grid, what: str, spec: InputSpec, warnings: list[dict[str, object]]
) -> Channels:
    """The runs of a section's amounts. ``what``: protein or peptide."""
    assays = numbered_columns(grid, f"{what}_abundance_assay")
    variables = numbered_columns(grid, f"{what}_abundance_study_variable")
    unit = parameter(sections.metadata.get(f"{what}-quantification_unit", ""))[1]
    if (assays or variables) and _NO_AMOUNT.search(unit):
        text = (
            f"The abundances are of the unit '{unit}': they compare samples with each other and tell nothing about the "
            "amounts of proteins within one. They are not read; spectra are counted."
        )
        warnings.append(spec.warn("warning", "ratios_not_read", text, len(assays or variables)))
        assays, variables = {}, {}
    if assays:
        return Channels("assay", _assays(sections, assays, spec, warnings), unit)
    if variables:
        return Channels("study_variable", _variables(sections, variables, spec, warnings), unit)
    counted = [*numbered_columns(grid, "num_psms_ms_run"), *numbered_columns(grid, "num_peptides_distinct_ms_run")]
    names = sections.runs() or {n: f"ms_run[{n}]" for n in sorted(set(counted) or {1})}
    return Channels("ms_run", {n: Channel(name, None, [n]) for n, name in names.items()})


def _assays(
    sections: Sections, columns: dict[int, int], spec: InputSpec, warnings: list[dict[str, object]]
) -> dict[int, Channel]:
    runs = sections.runs()
    of_assay = {n: references(sections.metadata.get(f"assay[{n}]-ms_run_ref", ""), "ms_run") for n in columns}
    sharing = [tuple(ms_runs) for ms_runs in of_assay.values() if ms_runs]
    channels: dict[int, Channel] = {}
    multiplexed = 0
    for n, column in sorted(columns.items()):
        ms_runs = of_assay[n]
        name = runs.get(ms_runs[0], f"ms_run[{ms_runs[0]}]") if len(ms_runs) == 1 else f"assay[{n}]"
        if len(ms_runs) == 1 and sharing.count(tuple(ms_runs)) > 1:
            reagent = parameter(sections.metadata.get(f"assay[{n}]-quantification_reagent", ""))[1]
            name, multiplexed = f"{name}-{reagent or f'assay[{n}]'}", multiplexed + 1
        channels[n] = Channel(name, column, ms_runs)
    names = [channel.name for channel in channels.values()]
    for n, channel in channels.items():
        if names.count(channel.name) > 1:  # two assays of one run and reagent
            channel.name = f"{channel.name}-assay[{n}]"
    if multiplexed:
        text = "Assays share runs (labels): each is named <run>-<reagent>, and its spectra are those of the whole run."
        warnings.append(spec.warn("info", "channels", text, multiplexed))
    return channels


def _variables(
    sections: Sections, columns: dict[int, int], spec: InputSpec, warnings: list[dict[str, object]]
) -> dict[int, Channel]:
    described = sections.numbered("study_variable", "description")
    names = {n: described.get(n) or f"study_variable[{n}]" for n in sorted(columns)}
    once = {n: name if list(names.values()).count(name) == 1 else f"study_variable[{n}]" for n, name in names.items()}
    text = (
        f"The file gives no abundances of single runs, only means of {len(once)} study variables, which are read as "
        f"runs: {', '.join(list(once.values())[:6])}."
    )
    warnings.append(spec.warn("warning", "study_variables_as_runs", text, len(once)))
    return {n: Channel(name, columns[n], []) for n, name in once.items()}


def amounts(grid: Grid, channels: Channels) -> NDArray:
    """Amounts as (rows, channels), nan where nothing was measured. Raises InputError for text and negative numbers."""
    positions = [channel.column for channel in channels.listed if channel.column is not None]
    if not positions:
        return np.full((len(grid.frame), len(channels.by_number)), np.nan)
    values = positive(grid, positions, "the engine")
    return values
