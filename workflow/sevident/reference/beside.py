"""Labelled samples and mixtures judged beside references of their own study, by models that never saw the laboratory of
the small EVs: what the comparison with a study's own material is worth.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
import pandas as pd

from sevident.reference.heldout import scored
from sevident.reference.model import EV, OTHERS, signature_of, study_of, subset
from sevident.scoring.model import ScoreModel
from sevident.scoring.paired import Group, remainders, shifted_log_odds
from sevident.scoring.scales import raw_quantities
from sevident.scoring.signature import Signature, share_rows
from sevident.scoring.verdict import LEFT_LIMIT

#: as what a labelled sample serves as reference
ROLE_OF = {"secretome": "conditioned_medium", "serum": "source_fluid", "cell_debris": "producer_lysate"}
COLUMNS = [
    *(
        "study",
        "sample_class",
        "other",
        "samples",
        "references",
        "identity_above",
        "purity_above",
        "not_above",
        "not_above_impure",
    ),
    *("small_ev_absolute", "small_ev", "left", "left_low", "left_high"),
]


class Bench:
    """Samples and their references in one table, from which some are judged beside others.

    ``fractions``: gene x sample, mass fractions, columns counted from 0; ``members`` panel, gene, weight; ``signature``
    of the samples with these draws and this seed, where it is known already.
    """

    def __init__(
        self,
        fractions: pd.DataFrame,
        members: pd.DataFrame,
        draws: int,
        seed: int,
        signature: Signature | None = None,
    ) -> None:
        self.draws, self.seed = draws, seed
        self.signature = signature or signature_of(fractions, members, draws=draws, seed=seed)
        self._study, self._matches = study_of(fractions, members)
        self._members = members

    def judged(
        self,
        columns: Sequence[int],
        groups: Sequence[Group],
        model: ScoreModel,
        proteins: np.ndarray,
        reference: pd.DataFrame,
    ) -> pd.DataFrame:
        """``scored`` of the samples in ``columns`` (rising) beside their ``groups``; one row each, in this order."""
        rows = share_rows(self._study, self._matches, self._members, model)
        floor = model.share_floor
        left = remainders(self._study.mass, rows, columns, groups, floor=floor, draws=self.draws, seed=self.seed)
        odds, _ = shifted_log_odds(raw_quantities(self.signature, model), left, columns, groups, model, self.seed)
        chosen = np.zeros(len(self.signature.samples), dtype=bool)
        chosen[list(columns)] = True
        return scored(subset(self.signature, chosen), model, proteins, reference, odds, left)


def own_references(
    models: dict[str, tuple[ScoreModel, pd.DataFrame]],
    fractions: pd.DataFrame,
    labels: pd.DataFrame,
    bench: Bench,
    results: pd.DataFrame,
) -> pd.DataFrame:
    """The samples of every study that holds other material of the same reference group, judged beside it as if they
    were preparations: small EVs, and also what is none and must not be taken for such.

    ``bench`` holds the labelled samples; ``results`` are those of ``held_out``, absolute, by which the references are
    judged. One row per study, class of the samples and class of the references, the sample itself not among them
    (COLUMNS): identity_above and purity_above count the samples that score above every reference of their group,
    not_above those that do not in one of the two, and not_above_impure those of them that show as impure: more than
    LEFT_LIMIT of the references is left. small_ev and small_ev_absolute are called small_ev with and without the
    references; left: median, lowest and highest part of the references left.
    """
    proteins = fractions.notna().sum().to_numpy()
    purity = results[["purity_soluble", "purity_intracellular"]].min(axis=1)
    rows = []
    for study, part in labels.groupby("study", sort=True):
        for kind, other in product((EV, *OTHERS), OTHERS):
            columns: list[int] = []
            mates: list[list[int]] = []
            for i in part.index[part["sample_class"] == kind]:
                group = labels.loc[i, "reference_group"]
                same = part["reference_group"].eq(group) & part["sample_class"].eq(other) & (part.index != i)
                if group and same.any():
                    columns.append(int(i))
                    mates.append([int(j) for j in part.index[same]])
            if not columns:
                continue
            model, reference = models[str(part["laboratory"].iloc[0])]
            groups = [
                Group(str(labels.loc[i, "sample_id"]), {ROLE_OF[other]: own})
                for i, own in zip(columns, mates, strict=True)
            ]
            judged = bench.judged(columns, groups, model, proteins[columns], reference)
            judged["purity"] = judged[["purity_soluble", "purity_intracellular"]].min(axis=1)
            above = {
                name: np.array([v > known.iloc[m].max() for v, m in zip(judged[name], mates, strict=True)])
                for name, known in (("identity", results["identity"]), ("purity", purity))
            }
            below = ~(above["identity"] & above["purity"])
            axis = "intracellular" if other == "cell_debris" else "soluble"
            left = judged[f"reference_left_{axis}"]
            rows.append(
                {
                    "study": study,
                    "sample_class": kind,
                    "other": other,
                    "samples": len(columns),
                    "references": len({j for m in mates for j in m}),
                    **{f"{name}_above": int(flags.sum()) for name, flags in above.items()},
                    "not_above": int(below.sum()),
                    "not_above_impure": int((left > LEFT_LIMIT)[below].sum()),
                    "small_ev_absolute": int((results["verdict"].iloc[columns] == EV).sum()),
                    "small_ev": int((judged["verdict"] == EV).sum()),
                    "left": left.median(),
                    "left_low": left.min(),
                    "left_high": left.max(),
                }
            )
    return pd.DataFrame(rows, columns=COLUMNS)
