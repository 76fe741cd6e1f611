"""What an evaluation says, as sections of text and tables; the model card and the evaluation page show the same."""

from __future__ import annotations

import math

import pandas as pd

from sevident.reference import asked, trials
from sevident.reference.composition_card import CompositionJudgement
from sevident.reference.evaluation import OWN, Judgement
from sevident.reference.measures import AGAINST, calibration_error, decisions
from sevident.reference.model import EV, OTHERS
from sevident.reference.section import CLASS_TITLES, Section, or_none, percent, rows_of, three
from sevident.scoring.model import ScoreModel
from sevident.scoring.verdict import ALTERNATIVE_LIMIT, BLOOD_LIMIT

_WITHOUT_FLUID = "the same without the protein-rich fractions of ascites"


def sections(
    model: ScoreModel,
    judgement: Judgement,
    labels: pd.DataFrame,
    composition: CompositionJudgement | None = None,
) -> list[Section]:
    """All sections in the order of reading; every frame row by row with ``labels``. Of the composition, which has a
    section of its own in the card, only the lines that were asked for.
    """
    return [
        _what(labels),
        *asked.sections(judgement, composition),
        _auc(judgement),
        _verdicts(judgement),
        _confusion(judgement),
        _calibration(judgement),
        trials.ladders(judgement),
        trials.pairs(judgement),
        trials.mixtures(judgement),
        trials.mixtures_beside(judgement),
        trials.beside(judgement),
        trials.damages(judgement),
        trials.redrawn(judgement),
        trials.learning(judgement),
        _studies(judgement),
        *([_plasma(judgement)] if len(judgement.plasma) else []),
        _silac(judgement),
        _parameters(model),
        _limits(),
    ]


def _what(labels: pd.DataFrame) -> Section:
    used = labels["sample_class"].isin([EV, *OTHERS])
    studies, laboratories = (labels.loc[used, column].nunique() for column in ("study", "laboratory"))
    return Section(
        "what",
        "What was fitted and how it was judged",
        (
            "Identity is the excess of vesicle-marker prominence over what intracellular material explains; purity is "
            "two log ratios of protein mass (soluble and intracellular). Each lies on a logistic scale between two "
            "reference medians. The probability of small EVs is a calibrated combination of the two, and a logistic "
            "regression on three axes names the alternative. The formulas are in workflow/sevident/scoring.",
            f"Fitted on {int(used.sum())} labelled samples of {studies} public studies from {laboratories} "
            "laboratories; every study of a class weighs the same. Samples whose label is contested, and fluids that "
            "hold vesicles of their own, are not fitted.",
            "Each laboratory in turn is left out, the model is fitted and calibrated on the others (the calibration "
            "leaves laboratories out again inside them), and the laboratory's samples are scored in absolute mode, "
            "without the references of their own study.",
        ),
    )


def _auc(j: Judgement) -> Section:
    rows = []
    sources: list[str] = []
    for _, row in j.auc.iterrows():
        name = row["quantity"]
        if name not in OWN:
            sources.append(f"{len(sources) + 1}. {name}: {row['source']}.")
            name = f"{name} [{len(sources)}]"
        cells = [f"{row[a]:.3f} ({row[a + '_low']:.2f} to {row[a + '_high']:.2f})" for a in AGAINST]
        rows.append((name, *cells))
    return Section(
        "auc",
        "Area under the ROC curve, small EVs against the rest",
        ("Every study and class weighs the same. In brackets the 90% interval of a bootstrap over studies.",),
        ("quantity", *(CLASS_TITLES.get(a, a) for a in AGAINST)),
        rows,
        (
            "Purity asks a narrower question than identity: each axis is meant against its own kind of contaminant "
            "only. The numbered rows are formulas from elsewhere, re-implemented from their description:",
            *sources,
        ),
    )


def _verdicts(j: Judgement) -> Section:
    told = decisions(j.results)
    rows = [
        ("labelled samples decided", percent(told["decided"])),
        ("decided samples whose verdict is their label", percent(told["right"])),
        ("decided samples told rightly as small EVs or as none", percent(told["told"])),
        ("secretome, serum and lysate samples called small_ev", percent(told["harmful"])),
        ("calibration error of p_small_ev (10 bins)", three(calibration_error(j.calibration))),
    ]
    remarks = []
    # the one study whose label and material are known to differ is told apart; the lines above count it as labelled
    fluid = j.results["study"].eq("ascites_ev") & j.results["sample_class"].eq("secretome")
    if fluid.any():
        rows.insert(2, (_WITHOUT_FLUID, percent(decisions(j.results[~fluid])["right"])))
        remarks.append(
            "The protein-rich fractions of ascites are labelled secretome, but they are a body fluid: serum proteins, "
            "lipoproteins and immunoglobulins make up nine tenths of their protein, and the verdict says serum."
        )
    return Section(
        "verdicts",
        "Verdicts",
        (
            "With the intervals that the workflow asks for. In all rows but that of samples called small_ev every "
            "study "
            "of a class weighs the same.",
        ),
        ("", "share"),
        rows,
        remarks,
    )


def _confusion(j: Judgement) -> Section:
    verdicts = (EV, *OTHERS, "indeterminate")
    rows = []
    for kind in (EV, *OTHERS):
        part = j.results[j.results["sample_class"] == kind]
        given = part.loc[part["verdict"] != "indeterminate", "verdict"]
        right, told = (given == kind).sum(), ((given == EV) == (kind == EV)).sum()
        counts = (str(int((part["verdict"] == v).sum())) for v in verdicts)
        rows.append((CLASS_TITLES[kind], *counts, f"{right} of {len(given)}", f"{told} of {len(given)}"))
    return Section(
        "confusion",
        "Labels and verdicts",
        (
            "Numbers of samples; rows are labels, columns verdicts. Right: decided samples with the verdict of their "
            "label; right as EVs or not: those of which the verdict says truly whether they are small EVs, which is "
            "what "
            "a user must not be misled in.",
        ),
        ("label", *verdicts, "right", "right as EVs or not"),
        rows,
        tuple(
            f"{CLASS_TITLES[str(kind)]}: " + ", ".join(f"{r.reason_code} {r.samples}" for r in rows_of(part)) + "."
            for kind, part in j.reasons[j.reasons["sample_class"].isin([EV, *OTHERS])].groupby("sample_class")
        ),
    )


def _calibration(j: Judgement) -> Section:
    rows = [
        (
            f"{r.low:.1f} to {r.high:.1f}",
            str(r.samples),
            percent(r.weight),
            *(or_none(x) for x in (r.mean_probability, r.observed)),
        )
        for r in rows_of(j.calibration)
    ]
    return Section(
        "calibration",
        "Calibration",
        ("Probabilities of small EVs on laboratories left out, against how often the label says small EVs.",),
        ("p_small_ev", "samples", "weight", "mean probability", "observed"),
        rows,
    )


def _studies(j: Judgement) -> Section:
    rows = [
        (
            r.study,
            r.sample_class,
            str(r.samples),
            *(f"{x:.2f}" for x in (r.identity, r.purity_soluble, r.purity_intracellular, r.p_small_ev)),
            percent(r.decided),
            "-" if math.isnan(r.right) else percent(r.right),
            str(r.small_ev),
        )
        for r in rows_of(j.verdicts)
    ]
    columns = ("study", "class", "samples", "identity", "soluble purity", "intracellular purity", "p_small_ev")
    return Section(
        "studies",
        "Estimates by study",
        ("Medians of the left-out estimates; the last column counts the verdicts small_ev.",),
        (*columns, "decided", "right of decided", "called small_ev"),
        rows,
    )


def _plasma(j: Judgement) -> Section:
    return Section(
        "plasma",
        "Plasma preparations beside their authors' clusters",
        (
            "Vallejo 2023 (Sci Data 10:837): 105 preparations from plasma by nine methods, none of them fitted. "
            "Spearman correlation over the preparations with the mass share of the proteins that their authors "
            "sorted as vesicular (clusters C10 and C11), with and without haemoglobin, which haemolysis sets free: it "
            f"is {j.plasma['haemoglobin'].iloc[0]:.0%} of those clusters' mass in the median preparation. For one part "
            "of "
            "haemoglobin the preparations hold from "
            f"{j.plasma['membrane_low'].iloc[0]:.4f} to {j.plasma['membrane_high'].iloc[0]:.2f} parts of red-cell "
            "membrane proteins by mass (10th to 90th percentile; band 3, stomatin, glycophorin A, spectrins, ankyrin, "
            "protein 4.2): no constant companion of vesicles.",
        ),
        ("quantity", "clusters", "without haemoglobin"),
        [(r.quantity, three(r.clusters), three(r.without_haemoglobin)) for r in rows_of(j.plasma)],
    )


def _silac(j: Judgement) -> Section:
    if j.silac.empty:
        return Section("silac", "Weights against measured ratios", ("The study of ratios was not there.",))
    counts = j.silac.groupby(["panel", "agrees"]).size().unstack(fill_value=0)
    names = [n for n in ("yes", "no", "excepted", "not scored", "no value") if n in counts.columns]
    return Section(
        "silac",
        "Weights against measured ratios",
        (
            "Whether the sign of a marker's weight is that of its median log2 ratio of exosomes to cells over 14 lines "
            "(Kugeratski 2021 Nat Cell Biol 23:631-641, Supplementary Table 2). The markers were proposed from these "
            "ratios: agreement checks the registry, it is no independent evidence.",
        ),
        ("panel", *names),
        [(str(panel), *(str(int(row[n])) for n in names)) for panel, row in counts.iterrows()],
    )


def _parameters(model: ScoreModel) -> Section:
    rows = [
        (name, f"{a.low:.3f}", f"{a.half:.3f}", f"{a.high:.3f}", unit)
        for name, a, unit in (
            ("identity", model.identity, "excess prominence"),
            ("purity_soluble", model.purity_soluble, "log2 ratio of shares"),
            ("purity_intracellular", model.purity_intracellular, "log2 ratio of shares"),
        )
    ]
    return Section(
        "parameters",
        "Parameters",
        (),
        ("quantity", "scores 0.1 at", "0.5 at", "0.9 at", "unit"),
        rows,
        (
            f"Expected vesicle prominence per unit of intracellular prominence: {model.expected_slope:.3f}. "
            f"Calibration: log-odds = {model.calibration.intercept:.3f} + {model.calibration.slope:.3f} z, where z are "
            "the log-odds of identity, capped at nine times the odds of the poorer purity. A sample lies outside the "
            f"domain when the nearest labelled sample is farther than {model.domain_limit:.2f}.",
        ),
    )


def _limits() -> Section:
    return Section(
        "limits",
        "Limits",
        (),
        remarks=(
            "Small EVs come from few studies: the intervals cover the choice of proteins and of reference samples, not "
            "how much the next laboratory may differ.",
            "Panels, axes, least weight and limits were chosen while looking at these same left-out results, so the "
            "numbers above are optimistic: only the fitted parameters and the calibration are unseen. Fresh "
            "studies are "
            "the real test.",
            f"Of the verdict's rules these were added after seeing which samples were wrong: an alternative needs "
            f"{ALTERNATIVE_LIMIT:.0%} of the alternatives' probability (before: half); a sample is not called "
            f"secretome "
            f"when blood proteins make up more than {BLOOD_LIMIT:.0%} of its protein mass (plaque tissue was "
            f"called so); "
            "intracellular purity must reach 0.5 by its estimate, where its whole interval had to (that of soluble "
            "purity still must); a table of 20 to 99 proteins may be called secretome or serum when half of "
            "its mass is soluble protein.",
            "That a protein counts with no better rank than its share of mass is worth was added after seeing that "
            "vesicles of ascites in HDL kept an identity of 0.89 down to 5%, since 46 abundant proteins hardly move "
            "the ranks. It leaves the areas above within 0.003 of what they were, and one sample in a hundred is "
            "decided less.",
            "How strongly the calibration is shrunk was chosen on these results too: shrunk as the regression of the "
            "alternatives is; with ten times less shrinkage the area against cell debris was 0.949 and the calibration "
            "error 0.024.",
            "Of what may be left of a study's own references four rules were tried on mixtures, each written down "
            "before "
            "its results were seen. One that takes the sum over an axis instead of the median protein refused four of "
            "the twelve recognised samples of microglial exosomes; one that lets the comparison only lower left as "
            "many "
            "thin mixtures as without it. That of soluble protein the whole interval must clear was added as a fifth.",
            "The calibration was fitted without references: beside those of its own study p_small_ev is raised by the "
            "comparison, and is no calibrated frequency.",
            "The probability of small EVs presumes that the four classes are equally likely beforehand.",
            "Secretome labels of some studies are inferred from their descriptions.",
            "Vesicles from blood or ascites carry soluble protein: they score high on identity, low on soluble purity, "
            "and most are not called small_ev.",
            "Identity saturates in plasma preparations that hold many abundant vesicle markers, and organelle proteins "
            "rise there with the vesicles, so that what is subtracted for them costs some agreement with the authors' "
            "clusters. Less subtraction would cost the distinction from lysates, so it was left.",
        ),
    )
