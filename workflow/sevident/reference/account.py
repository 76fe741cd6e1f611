"""What an evaluation says, as sections of text and tables; the model card and the evaluation page show the same."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pandas as pd

from sevident.reference import trials
from sevident.reference.evaluation import OWN, Judgement
from sevident.reference.ladders import ESTIMATES
from sevident.reference.measures import AGAINST, calibration_error, decisions
from sevident.reference.model import EV, OTHERS
from sevident.reference.section import CLASS_TITLES, Section, or_none, percent, rows_of, three
from sevident.scoring.model import ScoreModel
from sevident.scoring.verdict import ALTERNATIVE_LIMIT, BLOOD_LIMIT

_WITHOUT_FLUID = "the same without the protein-rich fractions of ascites"


def sections(model: ScoreModel, judgement: Judgement, labels: pd.DataFrame) -> list[Section]:
    """All sections in the order of reading; every frame row by row with ``labels``."""
    return [
        _what(labels),
        _requirements(judgement),
        _auc(judgement),
        _verdicts(judgement),
        _confusion(judgement),
        _calibration(judgement),
        trials.ladders(judgement),
        trials.pairs(judgement),
        trials.mixtures(judgement),
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


def _requirements(j: Judgement) -> Section:
    told = decisions(j.results)
    auc: Any = j.auc.set_index("quantity")
    rivals = auc.drop(index=list(OWN))["all"].max()
    error = calibration_error(j.calibration)
    ladder = (j.ladders[list(ESTIMATES)] >= 0.99).mean()
    rows = [
        _line("AUC of p_small_ev, all classes", auc.loc["p_small_ev", "all"], 0.97, three),
        *(_line(f"AUC of p_small_ev against {CLASS_TITLES[c]}", auc.loc["p_small_ev", c], 0.95, three) for c in OTHERS),
        (
            "best formula from elsewhere, AUC",
            three(rivals),
            "lower",
            "yes" if rivals < auc.loc["p_small_ev", "all"] else "no",
        ),
        _line("samples decided", told["decided"], 0.8, percent),
        _line("decided samples that are right", told["right"], 0.95, percent),
        _line("others called small_ev", told["harmful"], 0.01, percent, most=True),
        _line("calibration error", error, 0.06, three, most=True),
        _line("ladders in which identity follows the share (Spearman 0.99)", ladder["identity"], 1.0, percent),
        _line("identity within 0.1 in damaged tables, the least", j.damages["identity_within"].min(), 0.9, percent),
        _line("damaged tables: others called small_ev", j.damages["called_small_ev"].max(), 0, str, most=True),
    ]
    for r in rows_of(j.plasma[j.plasma["quantity"] == "identity"]):
        title = "plasma preparations, not fitted: Spearman of identity with the authors' vesicle clusters"
        rows.append(_line(title, r.clusters, 0.92, three))
    studies = j.verdicts.groupby("sample_class")["study"].nunique()
    return Section(
        "requirements",
        "What was asked and what is reached",
        (),
        ("line", "reached", "asked", "met"),
        rows,
        (
            "What would close the lines that are not met: conditioned media and body fluids other than blood, measured "
            "beside small EVs and lysate of the same source in more laboratories (secretome comes from "
            f"{studies.get('secretome', 0)} studies, small EVs from {studies.get(EV, 0)}); tissue lysates; and "
            f"for small "
            "EVs from blood and ascites, preparations whose purity was measured by something other than mass "
            "spectrometry.",
        ),
    )


def _line(
    title: str, value: float, limit: float, shown: Callable[[float], str], *, most: bool = False
) -> tuple[str, str, str, str]:
    met = value <= limit if most else value >= limit
    return title, shown(value), f"at {'most' if most else 'least'} {shown(limit)}", "yes" if met else "no"


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
            "With the intervals that the workflow asks for. In the first two rows every study of a class weighs the "
            "same.",
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
        rows.append((CLASS_TITLES[kind], *(str(int((part["verdict"] == v).sum())) for v in verdicts)))
    return Section(
        "confusion",
        "Labels and verdicts",
        ("Numbers of samples; rows are labels, columns verdicts.",),
        ("label", *verdicts),
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
            f"is {j.plasma['haemoglobin'].iloc[0]:.0%} of those clusters' mass in the median preparation.",
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
            "The probability of small EVs presumes that the four classes are equally likely beforehand.",
            "Secretome labels of some studies are inferred from their descriptions.",
            "Vesicles from blood or ascites carry soluble protein: they score high on identity, low on soluble purity, "
            "and most are not called small_ev.",
            "Identity saturates in plasma preparations that hold many abundant vesicle markers, and organelle proteins "
            "rise there with the vesicles, so that what is subtracted for them costs some agreement with the authors' "
            "clusters. Less subtraction would cost the distinction from lysates, so it was left.",
        ),
    )
