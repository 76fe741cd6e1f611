"""How the scores do on laboratories that the model never saw: everything that the model card and the evaluation page
tell.

Samples are scored in absolute mode, without the references of their own study, the harder case; what those add is told
apart (``Judgement.beside`` and ``mixtures``).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from sevident.panels import Registry
from sevident.reference import ladders, learning, measures, plasma, silac
from sevident.reference.beside import Bench, own_references
from sevident.reference.damage import DAMAGES, damaged, effect
from sevident.reference.formulas import FORMULAS
from sevident.reference.heldout import held_out, models_left_out, redrawn, reference_samples
from sevident.reference.model import signature_of
from sevident.scoring.model import ScoreModel

DRAWS = 200
SEED = 1
#: seeds with which the verdicts are drawn again
MORE_SEEDS = (2, 3, 4)
#: our quantities in the table of formulas
OWN = ("identity", "purity_soluble", "purity_intracellular", "p_small_ev")


@dataclass(frozen=True)
class Judgement:
    """The results of an evaluation; each frame by the function that its comment names."""

    results: pd.DataFrame  # heldout.held_out, rows as the labels
    auc: pd.DataFrame  # measures.auc_table
    verdicts: pd.DataFrame  # measures.verdicts_by_study
    reasons: pd.DataFrame  # measures.reasons
    calibration: pd.DataFrame  # measures.calibration_table
    ladders: pd.DataFrame  # ladders.across_studies
    pairs: pd.DataFrame  # ladders.within_studies
    damages: pd.DataFrame  # kind of damage, identity_within, called_small_ev
    mixtures: pd.DataFrame  # ladders.mixture_verdicts
    beside: pd.DataFrame  # beside.own_references
    redrawn: pd.DataFrame  # heldout.redrawn, the first row of SEED, then MORE_SEEDS
    learning: pd.DataFrame  # learning.curve
    silac: pd.DataFrame  # silac.agreement
    plasma: pd.DataFrame  # plasma.agreement
    plasma_curve: pd.DataFrame  # plasma.curve
    samples: pd.DataFrame  # heldout.reference_samples


def judge(
    fractions: pd.DataFrame,
    labels: pd.DataFrame,
    members: pd.DataFrame,
    registry: Registry,
    model: ScoreModel,
    studies: Path,
) -> Judgement:
    """Evaluate on labelled samples (``fractions`` gene x sample, mass fractions; ``labels`` one row per sample).

    ``members`` are those that count in scores; the formulas take every member of the registry. ``studies`` is the
    folder in which further studies are looked for (``silac``, ``plasma``).
    """
    signature = signature_of(fractions, members, draws=DRAWS, seed=SEED)
    proteins = fractions.notna().sum().to_numpy()
    models = models_left_out(signature, labels)
    results = held_out(models, signature, labels, proteins)
    damages = []
    for how, title in DAMAGES.items():
        table = damaged(fractions, how)
        other = signature_of(table, members, draws=DRAWS, seed=SEED)
        after = held_out(models, other, labels, table.notna().sum().to_numpy())
        damages.append({"damage": title, **effect(results, after)})
    again = (signature_of(fractions, members, draws=DRAWS, seed=seed) for seed in MORE_SEEDS)
    columns = {name: ("sEVident", results[name].to_numpy()) for name in OWN}
    columns |= {f.name: (f.source, f.function(fractions, registry.members)) for f in FORMULAS}
    return Judgement(
        results=results,
        auc=measures.auc_table(columns, labels, SEED),
        verdicts=measures.verdicts_by_study(results),
        reasons=measures.reasons(results),
        calibration=measures.calibration_table(results, labels),
        ladders=ladders.across_studies(fractions, labels, members, model),
        pairs=ladders.within_studies(fractions, labels, members, model, SEED),
        damages=pd.DataFrame(damages),
        mixtures=ladders.mixture_verdicts(models, fractions, labels, members, DRAWS, SEED),
        beside=own_references(models, fractions, labels, Bench(fractions, members, DRAWS, SEED, signature), results),
        redrawn=redrawn(models, again, labels, proteins, results),
        learning=learning.curve(signature, labels, proteins, SEED),
        silac=silac.agreement(studies, registry),
        plasma=plasma.agreement(studies, results),
        plasma_curve=plasma.curve(studies, signature, labels, SEED),
        samples=reference_samples(results, signature, labels, proteins),
    )
