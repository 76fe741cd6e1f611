"""An outer measure that the model is not fitted on: plasma-EV preparations whose authors sorted the proteins.

Source: Vallejo 2023, Sci Data 10:837: 105 preparations by nine methods, and clusters of proteins by their behaviour
over the preparations; clusters C10 and C11 are the vesicle ones. Their share of a preparation is the measure.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

STUDY, FILE = "plasma_ev_methods", "abundance_matrix.xlsx"
VESICLE_CLUSTERS = ("C10", "C11")


def agreement(studies: Path, results: pd.DataFrame) -> dict[str, float]:
    """Quantity of ``results`` -> Spearman correlation with the share of the vesicle clusters over the preparations;
    empty where the study is not there."""
    from scipy.stats import spearmanr

    mine = results[results["study"] == STUDY]
    path = studies / STUDY / FILE
    if mine.empty or not path.is_file():
        return {}
    share = vesicle_share(pd.read_excel(path), [str(s).split("/", 1)[1] for s in mine["sample_id"]])
    return {
        quantity: float(spearmanr(mine[quantity], share).statistic)
        for quantity in ("identity", "purity_soluble", "p_small_ev")
    }


def vesicle_share(table: pd.DataFrame, columns: list[str]) -> np.ndarray:
    """Share of the vesicle clusters in the summed quantity of each column; columns are found whatever their blanks."""
    plain = {" ".join(str(name).split()): name for name in table.columns}
    quantities = table[[plain[" ".join(name.split())] for name in columns]].apply(pd.to_numeric, errors="coerce")
    inside = table[plain["Cluster"]].astype("str").str.strip().isin(VESICLE_CLUSTERS)
    return (quantities[inside].sum() / quantities.sum()).to_numpy(dtype=float)
