"""FragPipe (MSFragger, Philosopher, IonQuant): ``combined_protein.tsv`` of both layouts and ``protein.tsv``.

The tables of peptides, ions and spectra are in ``fragpipe_peptides.py``. Source of the meanings: "Guide to FragPipe
results" (fragpipe.nesvilab.org/docs/tutorial_fragpipe_outputs.html). Names are compared without case, dots and blanks.

| column | used as |
|---|---|
| Protein ID, else the accession in Protein | protein_group; with Indistinguishable Proteins: accessions |
| Gene, old: Gene Names; Organism; Protein Length or Length | genes, organism, sequence_length |
| <run> Intensity, old: <run> Razor Intensity | intensity, of the razor peptides |
| <run> MaxLFQ Intensity, where there is neither | intensity, with a remark |
| <run> Spectral Count, old: <run> Razor Spectral Count | spectra, of the razor peptides |
| Razor Peptides, only in protein.tsv | peptides |
| protein.tsv: Razor Intensity, Razor Spectral Count | the one run of the table, named like the input |
| protein.tsv: the columns behind Indistinguishable Proteins | TMT or iTRAQ: each channel is a run |

Razor throughout: every peptide counts for one protein, so that intensities and counts of a run add up. ``Total``
columns count a shared peptide for each of its proteins, ``Unique`` ones leave it out. IonQuant normalises all its
intensities across runs unless that is switched off, and the table does not say whether it was. An intensity without a
spectrum in the run is ``matched`` (IonQuant's match between runs); the old layout knows no matching, there it is
``unknown``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sevident.identifiers import parse_identifier, read_fasta
from sevident.readers.base import Grid, InputSpec, ReadResult, normalise, require_runs
from sevident.readers.grids import read_grid
from sevident.readers.groups import Fate, Groups, describe, is_decoy, leave_out, long_proteins, told, unique_names
from sevident.readers.numbers import not_negative, parse_numbers
from sevident.readers.source import Head, Source, read_head

if TYPE_CHECKING:
    from numpy.typing import NDArray

FORMAT = "fragpipe"
TITLE = "a FragPipe table (combined_protein, protein, combined_peptide, combined_ion, peptide, ion, psm)"
ENGINE = "FragPipe"
_QUANTITIES = (
    "Intensity", "Unique Intensity", "Total Intensity", "Razor Intensity",
    "MaxLFQ Intensity", "MaxLFQ Unique Intensity", "MaxLFQ Total Intensity",
    "Spectral Count", "Unique Spectral Count", "Total Spectral Count", "Razor Spectral Count",
)  # fmt: skip
# the columns of numbers of protein.tsv, ion.tsv, peptide.tsv and psm.tsv; wherever they stand, they are no channels
_NUMBERS = re.compile(
    r"group|subgroup|length|(?:percent )?coverage|(?:protein |top peptide |peptideprophet )?probability|"
    r"(?:total|unique|razor) peptides|(?:total |unique |razor )?(?:spectral count|intensity)|charges?|peptide length|"
    r"(?:protein )?(?:start|end)|retention|(?:observed|calibrated observed|calculated peptide|delta) mass|"
    r"(?:observed |calibrated observed |calculated )?m z|spectralsim|rtscore|expectation|hyperscore|nextscore|q ?value|"
    r"number of (?:enzymatic termini|missed cleavages)|ion mobility|compensation voltage|purity|"
    r"best score with(?:out)? delta mass|glycan (?:score|q value)|.* best localization"
)
_TOTALS = re.compile(r"(?:combined|summarized)(?:\s.*)?", re.IGNORECASE)
_LEAST_CHANNELS = 4  # the smallest kit that FragPipe quantifies per spectrum is the 4-plex iTRAQ


def sniff(head: Head) -> bool:
    """Whether the columns are those of one of FragPipe's tables."""
    return layout(head.columns) != ""


def explain(head: Head) -> str:
    """What another FragPipe table is, for the message of a refusal."""
    if head.has("index", "numberpsm", "referenceintensity"):
        return "this is a report of TMT-Integrator, on a logarithmic scale: give protein.tsv of each plex"
    if head.has("peptide sequence", "protein id", "light intensity"):
        return "this is a table of labelled pairs (SILAC); give combined_protein.tsv of a label-free search"
    return ""


def layout(columns: list[str]) -> str:
    """combined_protein, protein, combined_peptide, peptide, psm, or nothing; ``columns`` are normalised."""
    have = set(columns)
    per_run = [name for name in columns if re.fullmatch(r".+ (?:intensity|spectral count)", name)]
    if not {"protein", "protein id", "entry name"} <= have:
        return ""
    if {"spectrum", "spectrum file", "peptide", "charge"} <= have:
        return "psm"
    if have & {"peptide", "peptide sequence", "sequence"} and have & {"mapped proteins", "prev aa"}:
        return "peptide" if "spectral count" in have else "combined_peptide" if per_run else ""
    if "protein probability" not in have or "light intensity" in have:
        return ""
    if {"razor intensity", "razor spectral count"} <= have or {"razor peptides", "unique peptides"} <= have:
        return "protein"
    return "combined_protein" if any(not _TOTALS.fullmatch(name) for name in per_run) else ""


def read(source: Source, spec: InputSpec) -> ReadResult:
    """Read one of FragPipe's tables; wide ones give a row per group and run. Raises InputError."""
    kind = layout(read_head(source, sheet=spec.sheet, skip_rows=spec.skip_rows).columns)
    if kind in ("combined_peptide", "peptide", "psm"):
        from sevident.readers.fragpipe_peptides import read_peptides

        return read_peptides(source, spec, kind)
    grid = read_grid(source, skip_rows=spec.skip_rows, sheet=spec.sheet)
    warnings: list[dict[str, object]] = grid.short_rows_remarks(spec)
    table = _one_run(grid, spec, warnings) if kind == "protein" else _many_runs(grid, spec, warnings)
    leading = grid.text(grid.find("Protein"))
    identifiers = [
        i or parse_identifier(p).accession for i, p in zip(grid.text(grid.find("Protein ID")), leading, strict=True)
    ]
    keep, remarks = leave_out(
        [
            Fate(np.array([is_decoy(name) for name in leading]), "decoys_removed", "decoy groups"),
            Fate(
                np.array([not name for name in identifiers]),
                "rows_without_protein",
                "rows without a protein identifier",
                "warning",
            ),
        ],
        table.values["intensity"],
        spec,
        grid.where,
    )
    warnings += remarks
    facts = offered(grid)
    grid = Grid(grid.frame[keep], grid.header, grid.where)
    described, remarks = describe(_groups(grid), spec, read_fasta(spec.fasta) if spec.fasta else None)
    names, repeated = unique_names([name for name, kept in zip(identifiers, keep, strict=True) if kept], spec)
    described.insert(0, "protein_group", names)
    proteins = long_proteins(spec, table.runs, described, {name: array[keep] for name, array in table.values.items()})
    return ReadResult(
        proteins, None, warnings + remarks + repeated, ENGINE, level="protein", quantity=table.quantity, **facts
    )


@dataclass
class Wide:
    """The runs of a table of proteins, its arrays (groups x runs: intensity, evidence ...) and the quantity's name."""

    runs: list[str]
    values: dict[str, NDArray]
    quantity: str


def offered(grid: Grid) -> dict[str, Any]:
    """The quantities and q-values that the table has, as facts of a result."""
    names = [name for name in _QUANTITIES if per_run(grid, name)]
    single = [name for name in _QUANTITIES if grid.find(name) is not None]
    return {
        "quantities_offered": [f"<run> {name}" for name in names] + single,
        "q_columns": [name for name in grid.header if normalise(name) in ("qvalue", "q value")],
    }


def per_run(grid: Grid, quantity: str) -> dict[str, int]:
    """Run to column, for the columns ``<run> <quantity>``, the totals over all runs left out.

    A column belongs to the longest quantity that it ends in: ``A MaxLFQ Intensity`` is no ``Intensity`` of a run
    ``A MaxLFQ``. FragPipe allows no blanks in the names of experiments.
    """
    longer = r"(?:Unique|Total|Razor|MaxLFQ|MaxLFQ[\s._]+Unique|MaxLFQ[\s._]+Total)"
    pattern = re.compile(r"(?P<run>.+?)[\s._]+" + re.sub(" ", r"[\\s._]+", quantity), re.IGNORECASE)
    found: dict[str, int] = {}
    for position, name in enumerate(grid.header):
        match = pattern.fullmatch(name)
        if not match or _TOTALS.fullmatch(match["run"]):
            continue
        run = match["run"].strip()
        if re.search(rf"(?:^|[\s._]){longer}$|[\s.]MaxLFQ[\s.]", run, re.IGNORECASE):
            continue
        if run in found:
            raise grid.twice([found[run], position])
        found[run] = position
    return found


def quantity_per_run(
    grid: Grid, spec: InputSpec, warnings: list[dict[str, object]]
) -> tuple[list[str], NDArray, NDArray | None, str]:
    """The runs of a combined table, their intensities and spectral counts (rows x runs), and the quantity's name.

    Without intensities the quantity is ``Spectral Count``. Raises InputError where there is neither, for text and for
    negative values.
    """
    razor = "Razor " if per_run(grid, "Razor Spectral Count") else ""
    spectra = per_run(grid, f"{razor}Spectral Count")
    quantity = ""
    columns: dict[str, int] = {}
    for quantity in (f"{razor}Intensity", "Intensity", "MaxLFQ Intensity", "Razor Intensity"):
        columns = per_run(grid, quantity)
        if columns:
            break
    runs = list(dict.fromkeys([*columns, *spectra]))
    require_runs(runs, grid.where, "columns '<run> Intensity' or '<run> Spectral Count'", grid.header)
    intensity = _numbers(grid, columns, runs)
    if quantity == "MaxLFQ Intensity" and columns:
        text = "The table has no '<run> Intensity' columns; '<run> MaxLFQ Intensity' is used, normalised across runs."
        warnings.append(spec.warn("info", "normalised_quantity", text))
    elif not columns:
        text = "The table has no intensities, only spectral counts."
        warnings.append(spec.warn("info", "spectral_counts_only", text))
        quantity = f"{razor}Spectral Count"
    elif not razor:
        text = (
            f"'<run> {quantity}' is used, which IonQuant normalises across runs unless that is switched off; the table "
            "does not say whether it was."
        )
        warnings.append(spec.warn("info", "quantity_maybe_normalised", text))
    if columns and spectra and set(columns) - set(spectra):
        missing = [run for run in columns if run not in spectra]
        text = f"{len(missing)} runs have intensities but no spectral counts: {', '.join(missing[:5])}."
        warnings.append(spec.warn("warning", "counts_missing", text, len(missing)))
    return runs, intensity, _numbers(grid, spectra, runs) if spectra else None, f"<run> {quantity}"


def _numbers(grid: Grid, columns: dict[str, int], runs: list[str]) -> NDArray:
    """The columns as (rows, runs), nan for a run that has none; zero intensities become nan later."""
    out = np.full((len(grid.frame), len(runs)), np.nan)
    present = [(k, columns[run]) for k, run in enumerate(runs) if run in columns]
    out[:, [k for k, _ in present]] = not_negative(grid, [at for _, at in present], "FragPipe")
    return out


def _many_runs(grid: Grid, spec: InputSpec, warnings: list[dict[str, object]]) -> Wide:
    runs, intensity, spectra, quantity = quantity_per_run(grid, spec, warnings)
    intensity[intensity == 0] = np.nan
    values = {"intensity": intensity, "evidence": _evidence(intensity, spectra, matching="Razor" not in quantity)}
    if spectra is not None:
        values["spectra"] = spectra
    return Wide(runs, values, quantity)


def _one_run(grid: Grid, spec: InputSpec, warnings: list[dict[str, object]]) -> Wide:
    """protein.tsv: the channels of a plex, or one run that the table does not name."""
    position = grid.find("Razor Peptides")
    peptides = None if position is None else not_negative(grid, [position], "FragPipe")
    found = channels(grid, "Indistinguishable Proteins")
    if found:
        warnings.append(channels_remark(spec, list(found)))
        intensity = not_negative(grid, list(found.values()), "FragPipe")
        intensity[intensity == 0] = np.nan
        seen = ~np.isnan(intensity)
        values = {"intensity": intensity, "evidence": told(seen, "ms2")}
        if peptides is not None:
            values["peptides"] = np.where(seen, peptides, 0)
        return Wide(list(found), values, "<channel>")
    warnings.append(single_run_remark(spec))
    position = grid.find("Razor Intensity")
    intensity = (
        np.full((len(grid.frame), 1), np.nan) if position is None else not_negative(grid, [position], "FragPipe")
    )
    intensity[intensity == 0] = np.nan
    count = grid.find("Razor Spectral Count")
    spectra = None if count is None else not_negative(grid, [count], "FragPipe")
    values = {"intensity": intensity, "evidence": _evidence(intensity, spectra, matching=False)}
    if peptides is not None:
        values["peptides"] = peptides
    if spectra is not None:
        values["spectra"] = spectra
    return Wide([spec.name], values, "Razor Intensity")


def channels(grid: Grid, anchor: str) -> dict[str, int]:
    """The reporter-ion channels of a table: the columns of numbers behind ``anchor``, by name.

    Later versions write ``Intensity <channel>`` beside resolution and noise. Fewer than four columns are none.
    """
    start = grid.find(anchor)
    if start is None:
        return {}
    behind = [
        i
        for i, name in enumerate(grid.header)
        if i > start and name and not _NUMBERS.fullmatch(normalise(name)) and _is_numeric(grid, i)
    ]
    marked = [i for i in behind if normalise(grid.header[i]).startswith("intensity ")]
    names = {i: re.sub(r"^Intensity[\s._]+", "", grid.header[i], flags=re.IGNORECASE) for i in (marked or behind)}
    if len(names) < _LEAST_CHANNELS:
        return {}
    found: dict[str, int] = {}
    for position, name in names.items():
        if name in found:
            raise grid.twice([found[name], position])
        found[name] = position
    return found


def _is_numeric(grid: Grid, position: int) -> bool:
    values = grid.frame[position].head(200).tolist()
    cells = [text for value in values if (text := str(value).strip()) not in {"", "None", "nan"}]
    return bool(cells) and all(re.fullmatch(r"[\d.,]+(?:[eE][+-]?\d+)?", cell) for cell in cells)


def channels_remark(spec: InputSpec, runs: list[str]) -> dict[str, object]:
    """The remark on reporter ions that are read as runs."""
    text = (
        f"The table holds {len(runs)} reporter-ion channels (TMT, iTRAQ); each is read as a run. Reporter ions "
        "compress differences between channels, and a plex counts its peptides once for all channels."
    )
    return spec.warn("info", "reporter_ions", text, len(runs))


def single_run_remark(spec: InputSpec) -> dict[str, object]:
    """The remark on a table that names no run."""
    text = f"The table names no run; it is read as one run that is named like the input, '{spec.name}'."
    return spec.warn("info", "single_run", text)


def _evidence(intensity: NDArray, spectra: NDArray | None, *, matching: bool) -> NDArray:
    evidence = np.full(intensity.shape, "unknown", dtype=object)
    if spectra is not None:
        measured = ~np.isnan(intensity)
        evidence[np.nan_to_num(spectra) > 0] = "ms2"
        if matching:
            evidence[measured & (spectra == 0)] = "matched"
    return evidence


def _groups(grid: Grid) -> Groups:
    leading = grid.text(grid.find("Protein"))
    others = grid.text(grid.find("Indistinguishable Proteins"))
    genes = grid.text(grid.find("Gene", "Gene Names"))
    length = grid.find("Protein Length", "Length")
    residues = parse_numbers(grid, [length])[:, 0] if length is not None else np.full(len(leading), np.nan)
    return Groups(
        ids=[members(p, o) for p, o in zip(leading, others, strict=True)],
        genes=genes,
        headers=headers(leading, grid.text(grid.find("Organism")), genes),
        lengths=[None if np.isnan(n) or n == 0 else float(n) for n in residues],
    )


def members(leading: str, others: str) -> str:
    """A protein and a list of others, which FragPipe separates by a comma, joined by ``;``."""
    return ";".join(piece for piece in (leading, *re.split(r"[,;]\s*", others)) if piece.strip())


def headers(leading: list[str], organisms: list[str], genes: list[str]) -> list[str]:
    """FASTA headers put together from the columns, so that organism and gene are read as from any header."""
    return [
        f"{name} OS={organism}" + (f" GN={gene}" if gene else "") if "|" in name and organism else ""
        for name, organism, gene in zip(leading, organisms, genes, strict=True)
    ]
