"""Every public file is read, or refused for a reason that stands here.

The table of all of them: ``pytest -s tests/unit/test_every_public_file.py``.

No intensity is lost: ``SOURCES`` names the columns of the quantitative tables whose every row counts or is counted in a
warning; there the sum of each run is that of the source, to 1e-9 relative. Where rows of one peak repeat its area
(``feature``: the columns that tell one peak from another), both sums are over distinct peaks, and the rows that repeat
one are as many as the warning says. The other files are checked in the test of each reader.
"""

from __future__ import annotations

import csv
import gzip
import math
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

import pytest

from sevident import readers
from sevident.errors import SevidentError
from sevident.inspect import look
from sevident.readers.base import InputSpec, strip_run


@dataclass
class Long:
    """A table with a row per feature: its delimiter, the columns of the run and of the quantity, and of the feature."""

    delimiter: str
    run: str
    quantity: str
    feature: tuple[str, ...] = ()


@dataclass
class Wide:
    """A table with a column per run, whose name is behind the pattern's first group; rows to leave out by a pattern."""

    delimiter: str
    columns: str
    decoys: str = ""


SOURCES: dict[str, Long | Wide] = {
    "formats/proteome_discoverer/msstatsconvert_psm.csv": Long(
        ",", "Spectrum.File", "Precursor.Area", ("Sequence", "Modifications", "Charge", "Protein.Group.Accessions")
    ),
    "formats/other/quantms_PXD040438_msstats_in.csv": Long(",", "Reference", "Intensity"),
    "formats/maxquant/msstatsconvert_evidence.csv": Long(",", "Raw.file", "Intensity"),
    "formats/proteome_discoverer/proteobench_PeptideGroups.txt": Wide("\t", r"Abundance: (.+)"),
    "formats/proteome_discoverer/wrProteo_tinyPD_allProteins.txt.gz": Wide("\t", r"Abundance (S.+)"),
    "formats/diann/msqrob2_spikein_pg_matrix.tsv": Wide("\t", r"(.+\.(?:raw|mzML|d|wiff))"),
    "studies/plaque_tissue/report.pg_matrix.tsv": Wide("\t", r"(.+\.(?:raw|mzML|d|wiff))"),
}

# file -> a word of the reason
REFUSED = {
    "formats/diann/PXD019909-DIA.sdrf.tsv": "SDRF",  # a sample sheet
    "formats/diann/PXD036609.sdrf.tsv": "SDRF",
    "formats/fragpipe/picked_fragpipe.zip": "exactly one file",  # an archive of 27 tables
    "formats/maxquant/msqrob2_cptac_parameters.txt": "not recognised",  # settings of the search
    "formats/maxquant/msqrob2_cptac_summary.txt": "not recognised",  # a summary per raw file
    "formats/mzid/psmutils_peaks.mzid": "no identified spectrum",  # a list of proteins alone
    "formats/mztab/psi_Cytidine.mzTab": "metabolomics",
    "formats/mztab/psi_MTBLS2.mztab": "metabolomics",
    "formats/mztab/psi_faahKO.mzTab": "metabolomics",
    "formats/mztab/psi_lipidomics-HFD-LD-study-PL-DG-SM.mzTab": "metabolomics",
    "formats/mztab/psi_lipidomics-HFD-LD-study-TG.mzTab": "metabolomics",
    "formats/mztab/pyteomics_test_mztab2.mztab": "metabolomics",
    # tables without an identifier that auto could know; `matrix` reads them when told their columns
    "formats/other/alphabase_reference_pg_fragpipe.parquet": "not recognised",
    "formats/other/alphabase_reference_pg_maxquant.2024.parquet": "not recognised",
    "formats/other/omicscope_general.xlsx": "not recognised",
    "formats/other/wrProteo_proline_pxd001819.xlsx": "not recognised",
    "formats/spectronaut/alphabase_pg18_reference.parquet": "not recognised",  # sites of modifications
    "studies/blood_ev_public/log2_lfq.csv": "not recognised",
    "studies/lipoproteins/Lpa_isolation.xlsx": "not recognised",
    "studies/plasma_ev_methods/abundance_matrix.xlsx": "not recognised",
    # one spectrum with a q-value of 1
    "formats/sage/psmutils_results.sage.parquet": "No peptide",
    "formats/sage/psmutils_results.sage.tsv": "No peptide",
    # descriptions of samples and lists of markers
    "studies/breast_exosome/sample_metadata.csv": "not recognised",
    "studies/candida_ev/yeast-expdesign.txt": "not recognised",
    "studies/endothelial_secretome/sample_info_131-153.xlsx": "not recognised",
    "studies/plasma_cohort/marker_list.xlsx": "not recognised",
    "studies/plasma_ev_methods/validated_ev_markers.xlsx": "not recognised",
    # log2 ratios: no quantity that could be a share
    "studies/exosome_silac_14_lines/gradient_sec_uc.tsv": "negative",
    "studies/exosome_silac_14_lines/uc_14_lines.tsv": "negative",
}


@pytest.mark.shared
def test_every_public_file_is_read_or_refused_with_its_reason(shared_data: Path) -> None:
    files = sorted(p for folder in ("formats/*/*", "studies/*/*") for p in shared_data.glob(folder) if p.is_file())
    assert len(files) > 90
    wrong = []
    for path in files:
        name = path.relative_to(shared_data).as_posix()
        try:
            facts = look(path)
            counts = f"{len(facts.runs)} runs, {facts.protein_groups} protein groups, {facts.features} features"
            said = f"{facts.format}: {counts}"
            fine = name not in REFUSED and bool(facts.runs) and facts.protein_groups > 0
        except SevidentError as error:
            said = f"refused: {error.problem}"
            fine = name in REFUSED and REFUSED[name] in str(error)
        print(f"{name:75s} {said}")
        if not fine:
            wrong.append(f"{name}: {said}")
    assert not wrong, "\n".join(wrong)
    missing = set(REFUSED) - {p.relative_to(shared_data).as_posix() for p in files}
    assert not missing


def source_sums(path: Path, how: Long | Wide) -> tuple[dict[str, float], int]:
    """The sum of each run, read from the plain text, and the rows that repeat a peak (not in the sums)."""
    opener = gzip.open if path.suffix == ".gz" else open
    values: dict[str, list[float]] = defaultdict(list)
    peaks: Counter[tuple[str, ...]] = Counter()
    with opener(path, "rt", newline="", encoding="utf-8-sig") as handle:
        for row in csv.DictReader(handle, delimiter=how.delimiter):
            if isinstance(how, Long):
                cells = {row[how.run]: row[how.quantity]}
            else:
                cells = {match[1]: row[name] for name in row if (match := re.fullmatch(how.columns, name or ""))}
            for run, text in cells.items():
                if text in {"", "NA", "NaN"}:
                    continue
                peak = (run, *(row[name] for name in how.feature), text) if isinstance(how, Long) else ()
                peaks[peak] += 1
                if not (isinstance(how, Long) and how.feature) or peaks[peak] == 1:
                    values[strip_run(run)].append(float(text))
    repeated = sum(count - 1 for count in peaks.values()) if isinstance(how, Long) and how.feature else 0
    return {run: math.fsum(of_run) for run, of_run in values.items()}, repeated


@pytest.mark.shared
@pytest.mark.parametrize("name", SOURCES)
def test_no_intensity_is_lost(shared_data: Path, name: str) -> None:
    path, how = shared_data / name, SOURCES[name]
    expected, repeated = source_sums(path, how)
    result = readers.read(InputSpec("main", path, organism="human"))
    told = {str(w["code"]): w for w in result.warnings}
    lost = {code for code in told if code in {"decoys_removed", "rows_without_protein", "peptides_over_q_value"}}
    found = result.proteins.groupby("run")["intensity"].sum()
    if lost or result.features is not None:  # the features keep what does not count towards a protein
        assert result.features is not None, f"{lost} in a table of proteins"
        found = result.features.groupby("run")["intensity"].sum()
    assert set(found.index) == set(expected)
    for run, total in expected.items():
        assert found[run] == pytest.approx(total, rel=1e-9), run
        print(f"{name:75s} {run}: {total:.10g}")
    assert (told["repeated_intensity"]["count"] if "repeated_intensity" in told else 0) == repeated
