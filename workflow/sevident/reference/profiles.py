"""Profiles of what a preparation is mixed from, and what they say about where a protein belongs.

Four sources make up a preparation: small vesicles, cells and their debris, the secretome of cultured cells, and blood
plasma or a fluid like it. Each has a reference profile, the mass fractions of its proteins: the mean over laboratories,
every laboratory weighing the same.

No preparation of vesicles is pure. Its profile is what is left of the preparation after the source fluid and the cells
are taken off (of the same search where it holds them, else the mean profiles): as much fluid as explains its soluble
proteins (serum, lipoprotein, immunoglobulin, secreted), then as much cell as explains its organelle proteins (nucleus,
mitochondrion, ER and Golgi, ribosome). So a protein counts as vesicular by its enrichment against the producing cell
and the source fluid. Preparations from blood count too, though their purity is unknown, where enough is left of them:
they alone tell of platelets and red cells. Secretomes are cleaned of fluid and cells in the same way.

The membership of a protein in a source is its share in a mixture of equal parts of the four: the posterior probability
of the source in a finite mixture with known components and equal weights (McLachlan G, Peel D. Finite mixture models.
Wiley 2000), evaluated once and kept. It is drawn towards what the panels say as if two further laboratories had said so
(a conjugate, Dirichlet prior): what one laboratory alone has seen, perhaps because of its cell type, moves it little.

How far memberships hang on single laboratories is told by leaving each out (jackknife; Efron B, Tibshirani RJ. An
introduction to the bootstrap. Chapman and Hall 1993, chapter 11).
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sevident import panels
from sevident.profiling import compartments
from sevident.profiling.memberships import (
    COLUMNS,
    DIVIDED,
    FACTS,
    FILE,
    STRETCH,
    UNEXPLAINED,
    VESICULAR,
    WITHOUT,
    Memberships,
)
from sevident.reference.statistics import source_of, write_text
from sevident.tables import to_tsv

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sevident.reference.labelled import Labelled

Key = tuple[str, str, str]  # laboratory, search, source

#: studies that only judge the composition and never teach it
TEST_STUDIES = ("plasma_ev_methods",)
SOURCES = ("vesicle", "cell", "secretome", "fluid")
BLOOD = ("serum", "lipoprotein", "immunoglobulin")
SOLUBLE = (*BLOOD, "secreted_ecm")
ORGANELLES = ("nucleus", "mitochondrion", "er_golgi", "ribosome")
#: laboratories' worth of trust in the panels
PRIOR = 2.0
#: of a preparation of which less than this is left, little more than noise is left
LEAST_LEFT = 0.03
#: a medium or fluid with more blood protein than this is a fluid like plasma (ascites), not a secretome
PLASMA_LIKE = 0.5
#: least vesicular, secreted or serum share that a gene must have to be listed
LEAST_SHARE = 0.01


@dataclass(frozen=True)
class Means:
    """Mean mass fractions of the samples of one search and source.

    ``fractions``: gene x (laboratory, search, source), 0 = not measured; ``place``: the gene's compartment by the
    panels.
    """

    fractions: pd.DataFrame
    place: pd.Series


@dataclass(frozen=True)
class Profiles:
    """``profile``: gene x SOURCES (mass fractions). ``laboratories``: in how many each gene was measured. ``cleaning``:
    search, source, fluid and cell (what was taken off) and left (share of the preparation), used (yes or no).
    """

    profile: pd.DataFrame
    laboratories: pd.Series
    cleaning: pd.DataFrame


def means(data: Labelled, registry: panels.Registry) -> Means:
    """The mean of every search and source of the labelled studies; TEST_STUDIES are left out."""
    samples = data.samples
    source = pd.Series("", index=samples.index, dtype="str")
    source = source.mask(samples["sample_class"].eq("small_ev") | samples["subclass"].eq("claimed_ev"), "vesicle")
    for name, label in (("cell", "cell_debris"), ("secretome", "secretome"), ("fluid", "serum")):
        source = source.mask(samples["sample_class"].eq(label), name)
    used = source.ne("") & ~samples["study"].isin(TEST_STUDIES)
    values = data.fractions[samples.loc[used, "sample_id"]].fillna(0.0)
    keys = [samples.loc[used, "laboratory"], samples.loc[used, "search"], source[used]]
    names = ["laboratory", "search", "source"]
    table = values.T.groupby([k.to_numpy() for k in keys], sort=True).mean().T
    table.columns = table.columns.set_names(names)
    place = compartments_of(list(values.index), registry)
    # a medium that is mostly blood protein is a fluid like plasma
    blood = table[place.isin(BLOOD).to_numpy()].sum() > PLASMA_LIKE
    columns = [(key[0], key[1], "fluid") if key[2] == "secretome" and blood[key] else key for key in _keys(table)]
    table.columns = pd.MultiIndex.from_tuples(columns, names=names)
    return Means(table, place)


def _keys(fractions: pd.DataFrame) -> list[Key]:
    return [(str(key[0]), str(key[1]), str(key[2])) for key in fractions.columns]


def compartments_of(genes: list[str], registry: panels.Registry) -> pd.Series:
    """The compartment of each human gene by the panels, ``unexplained`` where none lists it."""
    groups = pd.DataFrame({"protein_group": genes, "accessions": "", "genes": genes, "organism": "human"})
    place = compartments.assign(groups, registry.index, panels.match(groups, registry, "human"), "human")
    return pd.Series(place.to_numpy(), index=pd.Index(genes, name="gene"))


def profiles(study_means: Means, leave_out: Collection[str] = ()) -> Profiles:
    """The four reference profiles from all laboratories but those to ``leave_out``."""
    kept = [key for key in _keys(study_means.fractions) if key[0] not in leave_out]
    values = dict(zip(kept, study_means.fractions[kept].to_numpy().T, strict=True))
    blood, soluble, organelle, divided = (
        study_means.place.isin(those).to_numpy() for those in (BLOOD, SOLUBLE, ORGANELLES, DIVIDED)
    )
    nothing = np.zeros(len(study_means.place))
    mean = {name: _mean({key: v for key, v in values.items() if key[2] == name}, nothing) for name in ("fluid", "cell")}
    cleaned: dict[str, dict[Key, NDArray[np.float64]]] = {"vesicle": {}, "secretome": {}}
    rows: list[dict[str, object]] = []
    for key in kept:
        laboratory, search, kind = key
        if kind not in cleaned:
            continue
        left = values[key]
        taken: dict[str, float] = {}
        # what a secretome secretes is its own: blood proteins alone say how much fluid is in it
        for name, anchors in (("fluid", soluble if kind == "vesicle" else blood), ("cell", organelle)):
            source = values.get((laboratory, search, name), mean[name])
            left, taken[name] = _without(left, source, anchors)
        left = np.where(divided, left, 0.0) if kind == "vesicle" else left
        rest = float(left.sum())
        used = rest >= LEAST_LEFT
        rows.append({"search": search, "source": kind, **taken, "left": rest, "used": "yes" if used else "no"})
        if used:
            cleaned[kind][key] = left / rest
    table = pd.DataFrame(
        {
            "vesicle": _mean(cleaned["vesicle"], nothing),
            "cell": mean["cell"],
            "secretome": _mean(cleaned["secretome"], nothing),
            "fluid": mean["fluid"],
        },
        index=study_means.place.index,
    )
    seen = nothing.copy()
    for laboratory in sorted({key[0] for key in kept}):
        seen += np.any([v > 0 for key, v in values.items() if key[0] == laboratory], axis=0)
    return Profiles(table, pd.Series(seen, index=table.index), pd.DataFrame(rows))


def _without(
    sample: NDArray[np.float64], source: NDArray[np.float64], anchors: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], float]:
    """What is left of a sample when as much of a source is taken off as its ``anchors`` hold, and how much that is."""
    there = float(source[anchors].sum())
    amount = min(float(sample[anchors].sum()) / there, 1.0) if there > 0 else 0.0
    return np.maximum(sample - amount * source, 0.0), amount


def _mean(columns: dict[Key, NDArray[np.float64]], nothing: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean over laboratories of the mean over their searches; ``nothing`` where there is none."""
    by_laboratory: dict[str, list[NDArray[np.float64]]] = {}
    for key in sorted(columns):
        by_laboratory.setdefault(key[0], []).append(columns[key])
    return np.mean([np.mean(those, axis=0) for those in by_laboratory.values()], axis=0) if columns else nothing


def memberships(found: Profiles, place: pd.Series) -> pd.DataFrame:
    """gene x vesicular, secreted_ecm, serum, laboratories: shares for the genes whose compartment is in DIVIDED.

    With n laboratories that measured the gene, the mixture counts n and the panels count PRIOR. To the panels a
    vesicular protein is vesicular, and every other one is what they say, or unexplained. Secreted and serum parts
    are kept for vesicular proteins and for those that no panel lists; other proteins keep them in their compartment.
    """
    divided = place.isin(DIVIDED)
    profile = found.profile[divided]
    total = profile.sum(axis=1)
    posterior = profile.div(total.where(total > 0), axis=0).fillna(0.0)
    count = found.laboratories.reindex(profile.index).astype("float64")
    trust = count / (count + PRIOR)
    own = place[divided]
    prior = own.eq(VESICULAR).astype("float64")
    moves = own.isin([VESICULAR, UNEXPLAINED]).astype("float64")
    return pd.DataFrame(
        {
            VESICULAR: trust * posterior["vesicle"] + (1 - trust) * prior,
            "secreted_ecm": trust * posterior["secretome"] * moves,
            "serum": trust * posterior["fluid"] * moves,
            "laboratories": count.astype("int64"),
        }
    )


def learn(study_means: Means, leave_out: Collection[str] = (), stretch: float = 1.0) -> Memberships:
    """Memberships from all laboratories but those to ``leave_out``, each of the others left out in turn as well.

    ``stretch`` of intervals is measured elsewhere (``composition_evaluation``) and only carried here.
    """
    estimate = memberships(profiles(study_means, leave_out), study_means.place)
    present = sorted(set(study_means.fractions.columns.get_level_values("laboratory")) - set(leave_out))
    without = {
        name: memberships(profiles(study_means, {*leave_out, name}), study_means.place)[VESICULAR] for name in present
    }
    return Memberships(estimate, pd.DataFrame(without, index=estimate.index, columns=present), stretch)


def write(study_means: Means, stretch: float, output: str | Path) -> Memberships:
    """Learn the memberships; write memberships.tsv and memberships.json (where they come from) into ``output``."""
    learned = learn(study_means, stretch=stretch)
    write_text(Path(output) / FILE, to_tsv(table(learned)))
    facts = provenance(study_means, profiles(study_means)) | {STRETCH: stretch}
    text = json.dumps(facts, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    write_text(Path(output) / FACTS, text)
    return learned


def table(learned: Memberships) -> pd.DataFrame:
    """The rows of memberships.tsv: three digits after the point; what a laboratory does not change is left blank.

    Unlisted proteins of which less than LEAST_SHARE would move are not listed: they stay unexplained.
    """
    shares = learned.shares.round(3)
    without = learned.without.round(3)
    without = without.where(without.sub(shares[VESICULAR], axis=0).abs() >= 0.0015)
    listed = (shares.drop(columns="laboratories") >= LEAST_SHARE).any(axis=1)
    out = shares.join(without.rename(columns=lambda name: f"{WITHOUT}{name}"))[listed]
    out = out.rename_axis("gene").reset_index().sort_values("gene", kind="stable")
    return out[[*COLUMNS, *[c for c in out.columns if c.startswith(WITHOUT)]]]


def provenance(study_means: Means, found: Profiles) -> dict[str, object]:
    """What the memberships come from: studies with source, laboratories by source, what was taken off; no dates."""
    columns = study_means.fractions.columns
    sources = columns.get_level_values("source")
    searches = columns.get_level_values("search")
    cleaning = found.cleaning.round(3).sort_values(["search", "source"], kind="stable")
    return {
        "what": "share of the mass of each gene that is vesicular, secreted or serum; made by `sevident reference`",
        "method": (__doc__ or "").strip(),
        "laboratories": {
            name: sorted(set(columns[sources == name].get_level_values("laboratory"))) for name in SOURCES
        },
        "studies": {study: source_of(study) for study in sorted({s.partition(":")[0] for s in searches})},
        "not_used": list(TEST_STUDIES),
        "prior": PRIOR,
        "cleaning": cleaning.to_dict(orient="records"),
    }
