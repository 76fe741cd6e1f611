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
#: our quantities that are compared with the measure
QUANTITIES = ("identity", "purity_soluble", "p_small_ev")
#: haemoglobin chains by symbol: alpha, beta, gamma, delta, epsilon, zeta, mu, theta
HAEMOGLOBIN = r"^HB(?:A[12]?|B|G[12]|D|E1|Z|M|Q1)$"


def agreement(studies: Path, results: pd.DataFrame) -> pd.DataFrame:
    """Spearman correlation of each of QUANTITIES in ``results`` with the share of the vesicle clusters over the
    preparations: quantity, clusters (as the authors sorted them), without_haemoglobin; no row where the study is not
    there. Column haemoglobin, the same in every row, is its part of the clusters' mass in the median preparation.
    """
    from scipy.stats import spearmanr

    columns = ["quantity", "clusters", "without_haemoglobin", "haemoglobin"]
    mine = results[results["study"] == STUDY]
    path = studies / STUDY / FILE
    if mine.empty or not path.is_file():
        return pd.DataFrame(columns=columns)
    table = pd.read_excel(path)
    samples = [str(s).split("/", 1)[1] for s in mine["sample_id"]]
    shares = [vesicle_share(table, samples, haemoglobin=counted) for counted in (True, False)]
    part = float(np.median(1.0 - shares[1] / shares[0]))
    rows = [(q, *(float(spearmanr(mine[q], share).statistic) for share in shares), part) for q in QUANTITIES]
    return pd.DataFrame(rows, columns=columns)


def vesicle_share(table: pd.DataFrame, columns: list[str], *, haemoglobin: bool = True) -> np.ndarray:
    """Share of the vesicle clusters, with or without haemoglobin, in the summed quantity of each column; columns are
    found whatever their blanks."""
    plain = {" ".join(str(name).split()): name for name in table.columns}
    quantities = table[[plain[" ".join(name.split())] for name in columns]].apply(pd.to_numeric, errors="coerce")
    inside = table[plain["Cluster"]].astype("str").str.strip().isin(VESICLE_CLUSTERS)
    if not haemoglobin:
        gene = table[plain["Gene names"]].fillna("").astype("str").str.split(r"[;\s]", regex=True).str[0]
        inside &= ~gene.str.fullmatch(HAEMOGLOBIN)
    return (quantities[inside].sum() / quantities.sum()).to_numpy(dtype=float)
