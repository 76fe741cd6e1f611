"""Every public file is read, or refused for a reason that stands here.

The table of all of them: ``pytest -s tests/unit/test_every_public_file.py``.

The counts of rows and the sums of intensities are checked against independent counts in the test of each reader.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from sevident.errors import SevidentError
from sevident.inspect import look

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
