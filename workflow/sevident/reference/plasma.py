"""An outer measure that the model is not fitted on: plasma-EV preparations whose authors sorted the proteins.

Source: Vallejo 2023, Sci Data 10:837: 105 preparations by nine methods, and clusters of proteins by their behaviour
over the preparations; clusters C10 and C11 are the vesicle ones. Their share of a preparation is the measure.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from sevident.errors import InputError
from sevident.reference.learning import draws_of_laboratories
from sevident.reference.model import fit_scales, subset
from sevident.scoring.scales import raw_quantities
from sevident.scoring.signature import Signature

STUDY, FILE = "plasma_ev_methods", "abundance_matrix.xlsx"
VESICLE_CLUSTERS = ("C10", "C11")
#: our quantities that are compared with the measure
QUANTITIES = ("identity", "purity_soluble", "p_small_ev")
#: haemoglobin chains by symbol: alpha, beta, gamma, delta, epsilon, zeta, mu, theta
HAEMOGLOBIN = r"^HB(?:A[12]?|B|G[12]|D|E1|Z|M|Q1)$"
#: the red cell's membrane and its skeleton: band 3, stomatin, glycophorin A, spectrins, ankyrin, protein 4.2
RED_CELL_MEMBRANE = r"^(?:SLC4A1|STOM|GYPA|SPTA1|SPTB|ANK1|EPB42)$"


def agreement(studies: Path, results: pd.DataFrame) -> pd.DataFrame:
    """Spearman correlation of each of QUANTITIES in ``results`` with the share of the vesicle clusters over the
    preparations: quantity, clusters (as the authors sorted them), without_haemoglobin; no row where the study is not
    there. The same in every row are haemoglobin, its part of the clusters' mass in the median preparation, and
    membrane_low, membrane_high: mass of RED_CELL_MEMBRANE by that of haemoglobin, 10th and 90th percentile of the
    preparations. Were haemoglobin carried by vesicles of red cells, it would come with their membrane.
    """
    from scipy.stats import spearmanr

    columns = ["quantity", "clusters", "without_haemoglobin", "haemoglobin", "membrane_low", "membrane_high"]
    mine = results[results["study"] == STUDY]
    path = studies / STUDY / FILE
    if mine.empty or not path.is_file():
        return pd.DataFrame(columns=columns)
    table = pd.read_excel(path)
    samples = [str(s).split("/", 1)[1] for s in mine["sample_id"]]
    shares = [vesicle_share(table, samples, haemoglobin=counted) for counted in (True, False)]
    part = float(np.median(1.0 - shares[1] / shares[0]))
    ends = np.nanquantile(membrane_per_haemoglobin(table, samples), [0.1, 0.9])
    rows = [(q, *(float(spearmanr(mine[q], share).statistic) for share in shares), part, *ends) for q in QUANTITIES]
    return pd.DataFrame(rows, columns=columns)


def curve(studies: Path, signature: Signature, labels: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Spearman correlation of identity with the share of the vesicle clusters by the number of laboratories that the
    scales are fitted on, drawn as in ``learning.curve``: laboratories, repeat, clusters; no row where the study is not
    there.
    """
    from scipy.stats import spearmanr

    rows: list[tuple[int, int, float]] = []
    mine = (labels["study"] == STUDY).to_numpy()
    path = studies / STUDY / FILE
    if mine.any() and path.is_file():
        samples = [str(s).split("/", 1)[1] for s in labels.loc[mine, "sample_id"]]
        share = vesicle_share(pd.read_excel(path), samples)
        for size, repeat, chosen in draws_of_laboratories(labels, seed):
            rows_in = labels["laboratory"].isin(chosen).to_numpy()
            try:
                model = fit_scales(subset(signature, rows_in), labels[rows_in].reset_index(drop=True))
            except InputError:  # small EVs that do not stand above the others: no scale, as in ``learning.curve``
                continue
            excess = raw_quantities(subset(signature, mine), model)["identity"][:, 0]
            rows.append((size, repeat, float(spearmanr(excess, share).statistic)))
    return pd.DataFrame(rows, columns=["laboratories", "repeat", "clusters"])


def vesicle_share(table: pd.DataFrame, columns: list[str], *, haemoglobin: bool = True) -> np.ndarray:
    """Share of the vesicle clusters, with or without haemoglobin, in the summed quantity of each column; columns are
    found whatever their blanks."""
    quantities = _quantities(table, columns)
    inside = _column(table, "Cluster").astype("str").str.strip().isin(VESICLE_CLUSTERS)
    if not haemoglobin:
        inside &= ~_genes(table).str.fullmatch(HAEMOGLOBIN)
    return (quantities[inside].sum() / quantities.sum()).to_numpy(dtype=float)


def membrane_per_haemoglobin(table: pd.DataFrame, columns: list[str]) -> np.ndarray:
    """Quantity of RED_CELL_MEMBRANE by that of haemoglobin in each column; NaN where there is no haemoglobin."""
    quantities, genes = _quantities(table, columns), _genes(table)
    membrane, within = (quantities[genes.str.fullmatch(p)].sum() for p in (RED_CELL_MEMBRANE, HAEMOGLOBIN))
    return (membrane / within.where(within > 0)).to_numpy(dtype=float)


def _column(table: pd.DataFrame, name: str) -> pd.Series:
    return table[{" ".join(str(c).split()): c for c in table.columns}[" ".join(name.split())]]


def _quantities(table: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame({i: pd.to_numeric(_column(table, name), errors="coerce") for i, name in enumerate(columns)})


def _genes(table: pd.DataFrame) -> pd.Series:
    """The first symbol of each row."""
    return _column(table, "Gene names").fillna("").astype("str").str.split(r"[;\s]", regex=True).str[0]
