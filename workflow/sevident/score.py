"""The score stage: from abundances and marker profiles to identity, purity, class probabilities and a verdict."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from sevident import panels, tables
from sevident.samples import Sample, read_samples
from sevident.scoring import model as models
from sevident.scoring import neighbours as near
from sevident.scoring import subtypes as kinds
from sevident.scoring.explain import left_of_references, reasons, terms
from sevident.scoring.judgement import judge_samples
from sevident.scoring.misev import minimum
from sevident.scoring.paired import Group, remainders, shifted_log_odds
from sevident.scoring.scales import REFERENCES_OF, raw_quantities
from sevident.scoring.signature import compute, quantities, share_rows

#: an interval is stretched by this where the table was imputed, stripped or filtered: what is gone cannot be resampled
WIDEN = 1.5
WIDENING_CODES = frozenset(
    {"imputed", "no_blanks", "albumin_removed", "contaminants_removed", "rows_filtered", "quantile_normalised"}
)
#: members that weigh less mark their axis hardly better than chance: they are reported, not scored
LEAST_WEIGHT = 0.3
#: organisms for which the registry holds panels by symbol
ORGANISMS_WITH_PANELS = frozenset({"human", "mouse", "rat"})


@dataclass(frozen=True)
class Scored:
    """Results of ``score_samples``: frames by tables.SCORES, CONTRIBUTIONS, SUBTYPES and NEIGHBOURS."""

    scores: pd.DataFrame
    contributions: pd.DataFrame
    subtypes: pd.DataFrame
    neighbours: pd.DataFrame


def run(
    settings: dict,
    sheet: Path,
    abundance: Path,
    markers: Path,
    families: Path,
    compartments: Path,
    warnings_in: list[Path],
    resources: Path,
    scores: Path,
    contributions: Path,
    subtypes: Path,
    neighbours: Path,
    warnings: Path,
) -> dict[str, int]:
    """Read the tables, score every sample, write SCORES, CONTRIBUTIONS, SUBTYPES, NEIGHBOURS and the stage's warnings;
    returns verdict counts.
    """
    samples = read_samples(sheet, inputs=[i["name"] for i in settings["inputs"]]).samples
    notes = pd.concat([tables.read_table(p, tables.WARNINGS) for p in warnings_in] or [tables.empty(tables.WARNINGS)])
    registry = panels.load(resources / "panels")
    result = score_samples(
        samples,
        tables.read_table(abundance, tables.ABUNDANCE),
        tables.read_table(markers, tables.MARKERS),
        tables.read_table(compartments, tables.COMPARTMENTS),
        registry,
        models.load(resources / "reference" / "model.json"),
        organism=settings["organism"],
        draws=settings["bootstrap"],
        seed=settings["seed"],
        less_certain=affected_samples(notes, samples),
        reference=near.read_reference(resources / "reference" / near.FILE),
    )
    tables.write_table(result.scores, tables.SCORES, scores)
    tables.write_table(result.contributions, tables.CONTRIBUTIONS, contributions)
    tables.write_table(result.subtypes, tables.SUBTYPES, subtypes)
    tables.write_table(result.neighbours, tables.NEIGHBOURS, neighbours)
    tables.write_table(pd.DataFrame(stage_warnings(result.scores)), tables.WARNINGS, warnings)
    return {str(k): int(v) for k, v in result.scores["verdict"].value_counts().items()}


def affected_samples(notes: pd.DataFrame, samples: list[Sample]) -> set[str]:
    """Samples whose intervals are widened: those that a widening warning names, or whose input it names."""
    subjects = set(notes.loc[notes["code"].isin(WIDENING_CODES), "subject"])
    return {s.name for s in samples if s.name in subjects or any(name in subjects for name, _ in s.runs)}


def stage_warnings(scores: pd.DataFrame) -> list[dict[str, object]]:
    """Warnings of the stage: what the reader must know about the verdicts as a whole."""
    out = []
    undecided = scores[scores["verdict"] == "indeterminate"]
    if len(undecided):
        message = f"{len(undecided)} of {len(scores)} samples are not decidable; each verdict's reason says why"
        out.append(tables.warning("score", "warning", "indeterminate", "study", message, len(undecided)))
    absolute = scores[(scores["reference_mode"] == "absolute") & (scores["role"] == "preparation")]
    if len(absolute):
        message = (
            f"{len(absolute)} preparations have no source fluid, conditioned medium or producer lysate in their "
            "reference_group and are judged against the reference studies alone"
        )
        out.append(tables.warning("score", "info", "no_reference_supplied", "study", message, len(absolute)))
    return out


def score_samples(
    samples: list[Sample],
    abundance: pd.DataFrame,
    markers: pd.DataFrame,
    compartments: pd.DataFrame,
    registry: panels.Registry,
    model: models.ScoreModel,
    *,
    organism: str,
    draws: int,
    seed: int,
    less_certain: set[str],
    reference: pd.DataFrame | None = None,
) -> Scored:
    """Score samples. Pure: frames in (tables.ABUNDANCE, MARKERS, COMPARTMENTS), frames out.

    ``reference``: the labelled samples among which neighbours are sought (``neighbours.REFERENCE``).
    Intervals are 90 %, from ``draws`` bootstrap draws over proteins and, in paired mode, over the reference samples.
    """
    names = [s.name for s in samples]
    groups = abundance.drop_duplicates("protein_group")[["protein_group", "accessions", "genes", "organism"]]
    matches = panels.match(groups, registry, organism)
    study = quantities(abundance, names)
    weights = member_weights(registry)
    signature = compute(study, matches, weights, model, draws, seed)
    values = raw_quantities(signature, model)
    groups_by_sample = groups_of(samples)
    everyone = range(len(samples))
    rows = share_rows(study, matches, weights, model)
    floor = model.share_floor
    left = remainders(study.mass, rows, everyone, groups_by_sample, floor=floor, draws=draws, seed=seed)
    z, shifts = shifted_log_odds(values, left, everyone, groups_by_sample, model, seed)
    analytes = abundance[abundance["mass_fraction"].notna()].groupby("sample").size()
    unexplained = compartments[compartments["compartment"] == "unexplained"].set_index("sample")["mass_fraction"]
    judged = judge_samples(
        signature,
        z,
        model,
        proteins=analytes.reindex(names, fill_value=0).to_numpy(),
        known_mass=1.0 - unexplained.reindex(names).fillna(1.0).to_numpy(dtype=float),
        widen=np.array([WIDEN if name in less_certain else 1.0 for name in names]),
        organism=organism,
        organism_has_panels=organism in ORGANISMS_WITH_PANELS,
        reference=reference,
        left=left,
    )

    titles = dict(zip(registry.index["panel"], registry.index["title"], strict=True))
    misev = minimum(markers, names)
    best = best_markers(markers, model.axes["vesicle"])
    told: list[str] = []
    contributions: list[dict[str, object]] = []
    for i, (name, why) in enumerate(zip(names, judged["why"], strict=True)):
        group = groups_by_sample[i]
        mine = {q: float(shifts[q][i]) for q in shifts if group.of(q)}
        roles = {q: group.roles(q) for q in mine}
        sentences = reasons(why, signature, i, model, misev[name], best.get(name, ""), mine, roles, titles)
        sentences[-1:-1] = left_of_references(judged.iloc[i], roles)
        told.append(" | ".join(sentences))
        contributions += [{"sample": name, **asdict(term)} for term in terms(signature, values, i, model, mine, titles)]
    compared = [any(group.of(q) for q in REFERENCES_OF) for group in groups_by_sample]
    scores = judged.drop(columns=["why", "p_small_ev_low", "p_small_ev_high"]).assign(
        role=[s.role for s in samples],
        reference_mode=np.where(compared, "paired", "absolute"),
        reasons=told,
        misev_minimum=[misev[name] for name in names],
        proteins=analytes.reindex(names, fill_value=0).to_numpy(),
    )
    return Scored(
        tables.conform(scores, tables.SCORES),
        tables.conform(pd.DataFrame(contributions), tables.CONTRIBUTIONS),
        kinds.table(study, matches, markers, registry, model.prominence, draws, seed),
        near.table(signature, model, tables.empty(near.REFERENCE) if reference is None else reference),
    )


def member_weights(registry: panels.Registry) -> pd.DataFrame:
    """panel, gene, weight of every member that counts in scores (LEAST_WEIGHT or more), each gene once a panel.

    Exploratory panels never count, whatever their members weigh.
    """
    exploratory = registry.index.loc[registry.index["axis"] == "exploratory", "panel"]
    counts = (registry.members["weight"] >= LEAST_WEIGHT) & ~registry.members["panel"].isin(exploratory)
    members = registry.members.loc[counts, ["panel", "gene", "weight"]]
    return members.drop_duplicates(["panel", "gene"]).reset_index(drop=True)


def groups_of(samples: list[Sample]) -> list[Group]:
    """The references of each sample's own group. Only preparations and qualified references are compared; references
    themselves are scored absolutely.
    """
    roles_of: dict[str, dict[str, list[int]]] = {}
    for i, sample in enumerate(samples):
        if sample.reference_group:
            roles_of.setdefault(sample.reference_group, {}).setdefault(sample.role, []).append(i)
    judged = ("preparation", "qualified_reference")
    return [Group(s.name, roles_of.get(s.reference_group, {}) if s.role in judged else {}) for s in samples]


def best_markers(markers: pd.DataFrame, vesicle_panels: list[str]) -> dict[str, str]:
    """sample -> 'GENE (more abundant than x of the proteins)': the marker with the largest weight times rank
    percentile.
    """
    seen = markers[(markers["status"] == "detected") & markers["panel"].isin(vesicle_panels) & (markers["weight"] > 0)]
    # a clear marker at a middling rank says more than a doubtful one at the top
    seen = seen.assign(worth=seen["weight"] * seen["rank_percentile"])
    seen = seen.sort_values(["sample", "worth", "gene"], ascending=[True, False, True], kind="stable")
    first = seen.drop_duplicates("sample")
    return {
        str(s): f"{g} (more abundant than {p:.0%} of the proteins)"
        for s, g, p in zip(first["sample"], first["gene"], first["rank_percentile"], strict=True)
    }
