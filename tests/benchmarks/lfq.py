"""LFQ: sEVident from the peptide table, directlfq-rs alone and the original directlfq.

The peers get the same ions as a wide table (ion x run), which is made before the clock starts; sEVident
reads the peptide table and makes its own. directlfq-rs alone is called as its users call it, with a data frame. The
peers normalise between samples in their own way, so their numbers are not compared; that the numbers agree without
normalisation is shown in the tests.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.benchmarks import synthetic

PREPARE = synthetic.wide


def directlfq_rs(folder: Path) -> dict[str, float]:
    import pandas as pd
    from directlfq_rs import quantify_dataframe

    quantify_dataframe(pd.read_parquet(folder / "wide.parquet"))
    return {}


def directlfq(folder: Path) -> dict[str, float]:
    import pandas as pd
    from directlfq import config, normalization, utils
    from directlfq import protein_intensity_estimation as estimation

    config.set_global_protein_and_ion_id(protein_id="protein", quant_id="ion")
    config.set_log_processed_proteins(log_processed_proteins=False)
    config.set_compile_normalized_ion_table(compile_normalized_ion_table=False)
    config.check_wether_to_copy_numpy_arrays_derived_from_pandas()
    frame = utils.sort_input_df_by_protein_and_quant_id(pd.read_parquet(folder / "wide.parquet"))
    table = utils.remove_allnan_rows_input_df(utils.index_and_log_transform_input_df(frame))
    table = normalization.NormalizationManagerSamplesOnSelectedProteins(
        table, num_samples_quadratic=50, selected_proteins_file=None
    ).complete_dataframe
    estimation.estimate_protein_intensities(table, 1, 10, 1)
    return {}


def ours(folder: Path) -> dict[str, float]:
    from sevident import tables
    from sevident.quantification import ions, lfq, merge, runs
    from sevident.quantification.scan import Source
    from sevident.quantify import read_compact
    from sevident.samples import read_samples

    proteins = read_compact(folder / "p.parquet", tables.PROTEINS)
    taken = runs.take_apart(proteins)
    known = ions.groups_of(proteins, taken)
    del proteins
    samples = read_samples(folder / "samples.tsv", inputs=["main"])
    joined = merge.combine(taken, samples.rows)
    roles = [sample.role for sample in samples.samples]
    peptides = Source(path=folder / "f.parquet", inputs=("main",))
    parts = ions.of_samples(peptides, known, samples.rows, taken.groups["contaminant"].ne("process").to_numpy())
    lfq.log2_lfq(joined.quantity, roles, parts)
    return {}


MOST = {"directlfq": 200}  # runs; beyond it takes hours
WAYS: dict[str, Callable[[Path], dict[str, float]]] = {
    "directlfq-rs alone": directlfq_rs,
    "directlfq": directlfq,
    "sEVident": ours,
}
