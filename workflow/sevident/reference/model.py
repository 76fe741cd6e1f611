"""Fitting the scoring model on labelled studies.

The model has few parameters and each is a median or a small regression: four studies of small EVs carry no more.
Every study (and every class in it) weighs the same, whatever its number of samples; studies of one laboratory are
left out together.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from sevident.errors import InputError
from sevident.scoring import neighbours
from sevident.scoring.model import Alternatives, Anchors, Calibration, ScoreModel
from sevident.scoring.prominence import ProminenceSettings
from sevident.scoring.scales import anchors_of, log_odds, raw_quantities
from sevident.scoring.signature import Quantities, Signature, compute
from sevident.scoring.verdict import small_ev_log_odds

#: panels whose prominences make an axis; the vesicle axis holds the families that quantitative studies find enriched
AXES = {
    "vesicle": ["tetraspanins", "escrt", "g_proteins", "kugeratski_include"],
    "serum": ["serum", "lipoprotein", "immunoglobulin"],
    "secreted": ["secreted_ecm"],
    "intracellular": ["nucleus", "mitochondrion", "er_golgi"],
}
#: panels whose mass fractions make an axis; a protein in panels of two axes counts for the first
SHARES = {
    "vesicle": ["tetraspanins", "syntenin", "escrt", "g_proteins", "kugeratski_include"],
    "soluble": ["serum", "lipoprotein", "immunoglobulin", "bovine_serum", "secreted_ecm"],
    "intracellular": ["nucleus", "mitochondrion", "er_golgi", "ribosome"],
}
#: panels whose share of mass speaks against a verdict
WITNESSES = {"blood": ["immunoglobulin", "erythrocyte"]}
ALTERNATIVE_AXES = ["serum", "secreted", "intracellular"]
#: C of the logistic regressions: with few studies a class, steep boundaries would fit the studies, not the classes
SHRINKAGE = 0.1
EV = "small_ev"
OTHERS = ("secretome", "serum", "cell_debris")
#: one protein in ten thousand by mass: about the least share that a run of a thousand proteins resolves
SHARE_FLOOR = 1e-4


def draft(slope: float = 0.0) -> ScoreModel:
    """A model that holds the definitions alone, enough to compute signatures."""
    none = Anchors(0.0, 0.5, 1.0)
    empty = Alternatives(ALTERNATIVE_AXES, [], [], [], [], [])
    return ScoreModel(
        ProminenceSettings(), AXES, SHARES, slope, none, none, none, SHARE_FLOOR, empty, witnesses=WITNESSES
    )


def signature_of(fractions: pd.DataFrame, members: pd.DataFrame, draws: int = 0, seed: int = 0) -> Signature:
    """Signature of labelled samples: ``fractions`` is gene x sample (mass fractions), ``members`` panel, gene,
    weight.
    """
    study, matches = study_of(fractions, members)
    return compute(study, matches, members, draft(), draws=draws, seed=seed)


def study_of(fractions: pd.DataFrame, members: pd.DataFrame) -> tuple[Quantities, pd.DataFrame]:
    """The matrices of labelled samples, genes sorted, and which genes are which panel members."""
    fractions = fractions.sort_index()
    mass = fractions.where(fractions > 0).to_numpy(dtype=float)
    ranks = fractions.where(fractions > 0).rank(ascending=False).to_numpy(dtype=float)
    genes = [str(g) for g in fractions.index]
    matches = members.loc[members["gene"].isin(set(genes)), ["panel", "gene"]]
    study = Quantities(genes, [str(s) for s in fractions.columns], ranks, mass)
    return study, matches.assign(protein_group=matches["gene"])


def fit(signature: Signature, labels: pd.DataFrame) -> ScoreModel:
    """Fit on labelled samples: scales, alternatives, calibration and domain.

    The calibration leaves each laboratory of these samples out in turn, so that a model that is judged on a laboratory
    was calibrated without it as well. Labels and errors as in ``fit_scales``.
    """
    model = fit_scales(signature, labels)
    known = labels["sample_class"].isin([EV, *OTHERS]).to_numpy()
    reference = coordinates_of(signature, labels)[known]
    return replace(
        model,
        alternatives=_fit_alternatives(signature, labels),
        calibration=calibrate(left_out_log_odds(signature, labels), labels),
        domain_limit=neighbours.domain_limit(reference),
    )


def coordinates_of(signature: Signature, labels: pd.DataFrame) -> pd.DataFrame:
    """study, laboratory, reference_class and the coordinates of ``neighbours`` of every sample, rows as ``labels``."""
    frame = labels[["study", "laboratory"]].assign(reference_class=labels["sample_class"])
    points = neighbours.coordinates(signature, draft())
    return frame.assign(**dict(zip(neighbours.COORDINATES, points.T, strict=True)))


def left_out_log_odds(signature: Signature, labels: pd.DataFrame) -> np.ndarray:
    """(samples,) uncalibrated log-odds of small EVs by axes that were fitted without the sample's laboratory; NaN where
    the other laboratories lack a class."""
    out = np.full(len(labels), np.nan)
    for laboratory in sorted(labels["laboratory"].unique()):
        mine = (labels["laboratory"] == laboratory).to_numpy()
        try:
            model = fit_scales(subset(signature, ~mine), labels[~mine].reset_index(drop=True))
        except InputError:
            continue
        values = raw_quantities(subset(signature, mine), model)
        out[mine] = small_ev_log_odds({q: log_odds(v[:, 0], anchors_of(q, model)) for q, v in values.items()})
    return out


def calibrate(odds: np.ndarray, labels: pd.DataFrame) -> Calibration:
    """The straight line on the log-odds under which left-out probabilities match the labels best (Platt 1999).

    Every class and study weighs the same. No correction where fewer than two laboratories of small EVs or of others
    could be left out.
    """
    from sklearn.linear_model import LogisticRegression

    rows = labels["sample_class"].isin([EV, *OTHERS]).to_numpy() & np.isfinite(odds)
    truth = (labels["sample_class"] == EV).to_numpy()[rows]
    laboratories = labels.loc[rows, "laboratory"].to_numpy()
    if min(len(set(laboratories[truth])), len(set(laboratories[~truth]))) < 2:
        return Calibration()
    weight = study_balanced_weights(labels)[rows]
    regression = LogisticRegression(C=SHRINKAGE, tol=1e-10, max_iter=5000)
    regression.fit(odds[rows, None], truth, sample_weight=weight / weight.mean())
    slope = float(regression.coef_[0, 0])
    return Calibration(round(slope, 5), round(float(regression.intercept_[0]), 5)) if slope > 0 else Calibration()


def fit_scales(signature: Signature, labels: pd.DataFrame) -> ScoreModel:
    """The scales of identity and purity alone.

    ``labels`` has one row per sample of the signature: sample_id, study, laboratory, sample_class. Samples whose
    class is none of the four are not used. InputError when a class has no study, or when small EVs do not stand
    above the others.
    """
    known = labels["sample_class"].isin([EV, *OTHERS]).to_numpy()
    for name in (EV, *OTHERS):
        if not (labels["sample_class"] == name).any():
            raise InputError(
                f"no labelled sample of class {name}",
                expected="at least one study of each of small_ev, secretome, serum and cell_debris",
            )
    other = known & (labels["sample_class"] != EV).to_numpy()
    weight = study_balanced_weights(labels)
    vesicle, inside = signature.axes["vesicle"][:, 0], signature.axes["intracellular"][:, 0]
    slope = float((weight * vesicle * inside)[other].sum() / (weight * inside**2)[other].sum())

    model = draft(slope)
    values = {name: column[:, 0] for name, column in raw_quantities(signature, model).items()}
    axis_of = {"purity_soluble": "soluble", "purity_intracellular": "intracellular"}
    rivals = {"identity": OTHERS, "purity_soluble": ("secretome", "serum"), "purity_intracellular": ("cell_debris",)}
    anchors = {}
    for quantity, classes in rivals.items():
        low = max(class_median(values[quantity], labels, name) for name in classes)
        high = class_median(values[quantity], labels, EV)
        if not high > low:
            raise InputError(
                f"the labelled small-EV samples do not stand above the others in {quantity}",
                found=f"median {high:.3g} against {low:.3g}",
                advice="check the labels, and that the quantities of each study are on a linear scale",
            )
        half = (low + high) / 2
        if quantity in axis_of:
            half = _half_and_half(signature, labels, axis_of[quantity], classes, model.share_floor)
        try:
            anchors[quantity] = Anchors(round(low, 6), round(half, 6), round(high, 6))
        except ValueError as error:
            raise InputError(f"the labelled studies give no scale for {quantity}", found=str(error)) from None
    return replace(
        model,
        expected_slope=round(slope, 6),
        identity=anchors["identity"],
        purity_soluble=anchors["purity_soluble"],
        purity_intracellular=anchors["purity_intracellular"],
    )


def _half_and_half(
    signature: Signature, labels: pd.DataFrame, axis: str, rivals: tuple[str, ...], floor: float
) -> float:
    """log2 ratio of vesicle to ``axis`` share in a half-and-half mixture, by mass, of the median small-EV
    preparation and the median rival; of several rivals the one whose mixture shows the highest ratio."""
    vesicle, other = signature.shares["vesicle"][:, 0], signature.shares[axis][:, 0]
    return max(
        float(
            np.log2(
                ((class_median(vesicle, labels, EV) + class_median(vesicle, labels, rival)) / 2 + floor)
                / ((class_median(other, labels, EV) + class_median(other, labels, rival)) / 2 + floor)
            )
        )
        for rival in rivals
    )


def _fit_alternatives(signature: Signature, labels: pd.DataFrame) -> Alternatives:
    from sklearn.linear_model import LogisticRegression

    rows = labels["sample_class"].isin(OTHERS).to_numpy()
    weight = study_balanced_weights(labels)
    features = np.column_stack([signature.axes[axis][:, 0] for axis in ALTERNATIVE_AXES])[rows]
    mean, scale = features.mean(axis=0), features.std(axis=0)
    regression = LogisticRegression(C=SHRINKAGE, max_iter=5000, tol=1e-10)
    balanced = weight[rows] / weight[rows].mean()
    regression.fit((features - mean) / scale, labels.loc[rows, "sample_class"], sample_weight=balanced)
    return Alternatives(
        axes=ALTERNATIVE_AXES,
        mean=[round(float(x), 6) for x in mean],
        scale=[round(float(x), 6) for x in scale],
        classes=[str(c) for c in regression.classes_],
        intercepts=[round(float(x), 5) for x in regression.intercept_],
        coefficients=[[round(float(x), 5) for x in row] for row in regression.coef_],
    )


def class_median(values: np.ndarray, labels: pd.DataFrame, name: str) -> float:
    """Median over studies of the study's median: every study of a class weighs the same."""
    mine = (labels["sample_class"] == name).to_numpy()
    own, studies = values[mine], labels["study"].to_numpy(dtype=object)[mine]
    # plain numpy: this runs some ten thousand times in an evaluation
    return float(np.median([np.median(own[studies == study]) for study in set(studies)]))


def study_balanced_weights(labels: pd.DataFrame) -> np.ndarray:
    """Weights with which every class weighs the same and, in a class, every study; they sum to 1 over known classes."""
    known = labels["sample_class"].isin([EV, *OTHERS])
    per_study = labels.groupby(["study", "sample_class"])["study"].transform("size")
    weight = (1.0 / per_study).where(known, 0.0)
    per_class = weight.groupby(labels["sample_class"]).transform("sum")
    weight = (weight / per_class.where(per_class > 0, 1.0)).fillna(0.0)
    return (weight / weight.sum()).to_numpy()


def balanced_auc(values: np.ndarray, labels: pd.DataFrame, against: tuple[str, ...]) -> float:
    """Area under the ROC curve of small EVs against classes, every study and class weighing the same."""
    from sklearn.metrics import roc_auc_score

    rows = labels["sample_class"].isin([EV, *against]).to_numpy()
    if not {EV} < set(labels.loc[rows, "sample_class"]):
        return float("nan")
    return float(
        roc_auc_score(
            labels.loc[rows, "sample_class"] == EV, values[rows], sample_weight=study_balanced_weights(labels)[rows]
        )
    )


def subset(signature: Signature, rows: np.ndarray) -> Signature:
    """The signature of the samples that the mask ``rows`` keeps."""
    return Signature(
        [s for s, keep in zip(signature.samples, rows, strict=True) if keep],
        {name: column[rows] for name, column in signature.panels.items()},
        {name: column[rows] for name, column in signature.axes.items()},
        {name: column[rows] for name, column in signature.shares.items()},
    )
