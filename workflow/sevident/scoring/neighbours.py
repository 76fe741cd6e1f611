"""The labelled samples of the reference that lie nearest to a sample, and how far the reference reaches.

The labels of the nearest samples never enter a verdict; that even the nearest is too far does (``domain_limit``).

Coordinates are the scoring axes: four prominences and the two log2 ratios of the purities. Each is divided by its
robust spread over the reference (1.4826 median absolute deviation of the medians of studies and classes, so that a
study of 300 samples does not set the scale), and the distance is the root mean square of the differences: about 1 is
what typical studies of different classes lie apart.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from sevident import tables
from sevident.errors import ConfigurationError
from sevident.scoring.model import ScoreModel
from sevident.scoring.scales import raw_quantities
from sevident.scoring.signature import Signature

FILE = "scored_samples.tsv"
PROMINENCES = ("vesicle", "serum", "secreted", "intracellular")
COORDINATES = (*(f"axis_{name}" for name in PROMINENCES), "ratio_soluble", "ratio_intracellular")
#: columns of the reference's samples, in file order; the estimates are those of models that never saw the laboratory
COLUMNS = {
    "sample_id": "str",
    "study": "str",
    "laboratory": "str",
    "reference_class": "str",
    "subclass": "str",
    "identity": "float",
    "purity": "float",
    "purity_soluble": "float",
    "purity_intracellular": "float",
    "p_small_ev": "float",
    "proteins": "int",
    **dict.fromkeys(COORDINATES, "float"),
}
REFERENCE = tables.Table("scored_samples", COLUMNS, ("sample_id",))
PLACES = 5
MAD_TO_SD = 1.4826  # of a normal distribution; Rousseeuw and Croux, J Am Stat Assoc 1993;88:1273


def coordinates(signature: Signature, model: ScoreModel) -> np.ndarray:
    """(samples, len(COORDINATES)) estimates of a signature."""
    ratios = raw_quantities(signature, model)
    columns = [signature.axes[name][:, 0] for name in PROMINENCES]
    columns += [ratios[name][:, 0] for name in ("purity_soluble", "purity_intracellular")]
    return np.column_stack(columns)


def read_reference(path: Path) -> pd.DataFrame:
    """The reference's samples; no rows where the file is missing. ConfigurationError where columns are missing."""
    if not path.is_file():
        return tables.empty(REFERENCE)
    header = path.open(encoding="utf-8").readline().rstrip("\n").split("\t")
    lacking = [name for name in COLUMNS if name not in header]
    if lacking:
        raise ConfigurationError(
            "the table of the reference's samples lacks columns",
            where=str(path),
            found=", ".join(header),
            expected=", ".join(COLUMNS),
            advice="rebuild it with `sevident reference`",
        )
    return tables.read_table(path, REFERENCE)


def spread(reference: pd.DataFrame) -> np.ndarray:
    """Robust spread of each coordinate over the medians of studies and classes; 1 where there is none."""
    medians = reference.groupby(["study", "reference_class"])[list(COORDINATES)].median().to_numpy(dtype=float)
    mad = MAD_TO_SD * np.median(np.abs(medians - np.median(medians, axis=0)), axis=0)
    return np.where(mad > 0, mad, 1.0)


def distances(signature: Signature, model: ScoreModel, reference: pd.DataFrame) -> np.ndarray:
    """(samples, rows of ``reference``) distances."""
    scale = spread(reference)
    known = reference[list(COORDINATES)].to_numpy(dtype=float) / scale
    own = coordinates(signature, model) / scale
    # one coordinate at a time: (samples x reference) stays small in memory
    total = np.zeros((own.shape[0], known.shape[0]))
    for i in range(own.shape[1]):
        total += np.subtract.outer(own[:, i], known[:, i]) ** 2
    return np.sqrt(total / own.shape[1])


def domain_limit(reference: pd.DataFrame) -> float | None:
    """The farthest that any sample of the reference lies from the nearest one of another laboratory.

    What lies farther from all of them is unlike anything that was there to learn from. None for a single laboratory.
    """
    known = reference[list(COORDINATES)].to_numpy(dtype=float) / spread(reference)
    laboratory = reference["laboratory"].to_numpy()
    farthest = 0.0
    for name in sorted(set(laboratory)):
        mine = laboratory == name
        if mine.all():
            return None
        apart = np.sqrt(np.mean((known[mine][:, None] - known[~mine][None]) ** 2, axis=2)).min(axis=1)
        farthest = max(farthest, float(apart.max()))
    return round(farthest, 4)


def table(signature: Signature, model: ScoreModel, reference: pd.DataFrame) -> pd.DataFrame:
    """tables.NEIGHBOURS: the PLACES nearest reference samples of every sample that holds a protein of the axes."""
    if reference.empty:
        return tables.empty(tables.NEIGHBOURS)
    apart = distances(signature, model, reference)
    holds = np.flatnonzero(np.any([values[:, 0] > 0 for values in signature.axes.values()], axis=0))
    order = np.argsort(apart[holds], axis=1, kind="stable")[:, :PLACES]
    places = order.shape[1]
    near = reference.iloc[order.ravel()].reset_index(drop=True)
    frame = near[["study", "reference_class", "subclass", "identity", "purity"]].assign(
        sample=np.repeat(np.array(signature.samples, dtype=object)[holds], places),
        place=np.tile(np.arange(1, places + 1), len(holds)),
        distance=np.take_along_axis(apart[holds], order, axis=1).ravel(),
    )
    return tables.conform(frame, tables.NEIGHBOURS)
