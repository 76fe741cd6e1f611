"""What the tables that the stages hand to each other hold: columns, kinds, order, and the words of controlled columns.

One place fixes every name. ``sevident.tables`` reads and writes by these contracts.
"""

from __future__ import annotations

from dataclasses import dataclass

# Values of controlled columns.
ROLES = (
    "preparation",
    "source_fluid",
    "conditioned_medium",
    "producer_lysate",
    "process_blank",
    "qualified_reference",
)
REFERENCE_ROLES = ("source_fluid", "conditioned_medium", "producer_lysate", "process_blank")
CONTAMINANT_CLASSES = ("none", "process", "serum", "ambiguous")
EVIDENCE_KINDS = ("ms2", "matched", "imputed", "unknown")
STATUSES = ("detected", "not_detected", "not_searched", "not_assessable")
VERDICTS = ("small_ev", "secretome", "serum", "cell_debris", "indeterminate")
WARNING_LEVELS = ("info", "warning")
RESULTS = ("pass", "fail", "inconclusive", "not_tested", "not_assessable")
EQUIVALENCE = ("equivalent", "different", "inconclusive")
RISK_KINDS = ("infection", "immune_reaction", "other_components", "variability", "distribution")
RISK_STATUSES = ("found", "not_found", "not_searched", "not_assessable", "not_tested")
CELL_SIGNS = ("for", "against", "neutral", "not_assessable")


@dataclass(frozen=True)
class Table:
    """A table's contract: ``columns`` maps each column to its kind (str, float, int, bool) in file order; ``key``
    sorts.
    """

    name: str
    columns: dict[str, str]
    key: tuple[str, ...]


FEATURES = Table(
    "features",
    {
        "input": "str",
        "run": "str",
        "peptide": "str",
        "modified_sequence": "str",
        "charge": "int",
        "proteins": "str",  # accessions joined by ';'
        "protein_group": "str",  # the engine's own group, where it gives one
        "genes": "str",
        "intensity": "float",  # linear, the engine's quantity before normalisation across runs
        "spectra": "int",
        "score": "float",  # the engine's, higher is better; what decoys and targets are told apart by
        "q_value": "float",
        "is_decoy": "bool",
        "evidence": "str",
    },
    ("input", "run", "protein_group", "modified_sequence", "charge", "peptide"),
)
PROTEINS = Table(
    "proteins",
    {
        "input": "str",
        "run": "str",
        "protein_group": "str",  # unique within an input: the engine's identifier of the group
        "accessions": "str",  # clean UniProt accessions (or the engine's identifiers) joined by ';', first = leading
        "genes": "str",  # gene symbols joined by ';' in order of the accessions, as the engine wrote them
        "organism": "str",  # human, mouse, rat, bovine, ... or several joined by ';', empty = unknown
        "contaminant": "str",  # CONTAMINANT_CLASSES
        "evidence": "str",  # EVIDENCE_KINDS
        "intensity": "float",  # linear scale; null = nothing measured (zero and missing alike)
        "peptides": "int",  # razor + unique peptides of the group in the run; null = the table does not say
        "spectra": "int",
        "q_value": "float",
        "sequence_length": "float",  # residues of the leading protein
    },
    ("input", "run", "protein_group"),
)
ABUNDANCE = Table(
    "abundance",
    {
        "sample": "str",
        "protein_group": "str",
        "accessions": "str",
        "genes": "str",
        "organism": "str",
        "contaminant": "str",
        "mass_fraction": "float",  # share of the sample's summed intensity; analyte proteins sum to 1, others are null
        "molar_fraction": "float",
        "ibaq": "float",  # intensity per theoretically observable peptide; null where the database is not given
        "top3": "float",  # mean intensity of the three most intense peptides; null for fewer, and without peptides
        "log2_lfq": "float",
        "rank": "float",  # 1 = most abundant analyte protein of the sample, then downwards; null where not quantified
        "peptides": "int",
        "evidence": "str",
    },
    ("sample", "protein_group"),
)
SPECIES = Table(
    "species",
    {
        "sample": "str",
        "species": "str",
        "peptides": "int",  # distinct peptides of this species alone; null where the input has no peptides
        "intensity_share": "float",  # of the intensity of peptides that one species alone holds
        "apportioned_share": "float",  # shared peptides divided among their species; for bovine: serum_load_bovine
        "shared_share": "float",  # intensity that other species may hold as well, over all of known species
        "status": "str",  # searched | not_searched
        "note": "str",
    },
    ("sample", "species"),
)
INFERENCE = Table(
    "inference",
    {
        "input": "str",
        "accession": "str",
        "status": "str",  # leading | indistinguishable | subset | subsumable
        "protein_group": "str",  # its own; empty for subset and subsumable
        "explained_by": "str",  # the groups that hold its peptides, joined by ' | '
        "peptides": "int",
        "unique": "int",  # peptides of its group that no other group has
        "reason": "str",
    },
    ("input", "accession"),
)
MARKERS = Table(
    "markers",
    {
        "sample": "str",
        "panel": "str",
        "gene": "str",
        "accession": "str",
        "direction": "str",  # positive | negative | neutral, as the panel says
        "weight": "float",
        "status": "str",  # STATUSES
        "protein_group": "str",
        "mass_fraction": "float",
        "molar_fraction": "float",
        "rank_percentile": "float",  # 1 = most abundant protein of the sample, 0 = least; null where not detected
        "peptides": "int",
        "evidence": "str",
        "log2_vs_source_fluid": "float",
        "log2_vs_conditioned_medium": "float",
        "log2_vs_producer_lysate": "float",
        "log2_vs_process_blank": "float",
        "note": "str",  # why it is not assessable or not searched
    },
    ("sample", "panel", "gene"),
)
FAMILIES = Table(
    "families",
    {
        "sample": "str",
        "panel": "str",
        "title": "str",
        "axis": "str",  # identity | soluble | intracellular | species | descriptive
        "members": "int",
        "detected": "int",
        "not_detected": "int",
        "not_searched": "int",
        "not_assessable": "int",
        "mass_fraction": "float",
        "molar_fraction": "float",
        "median_rank_percentile": "float",
        "best_member": "str",
        "best_rank_percentile": "float",
        "peptides": "int",
        "matched_only": "int",  # members seen by matching between runs alone
        "log2_vs_source_fluid": "float",
        "log2_vs_conditioned_medium": "float",
        "log2_vs_producer_lysate": "float",
        "log2_vs_process_blank": "float",
    },
    ("sample", "panel"),
)
COMPARTMENTS = Table(
    "compartments",
    {
        "sample": "str",
        "compartment": "str",
        "title": "str",
        "proteins": "int",
        "mass_fraction": "float",
        "mass_fraction_low": "float",
        "mass_fraction_high": "float",
        "molar_fraction": "float",
    },
    ("sample", "compartment"),
)
SCORES = Table(
    "scores",
    {
        "sample": "str",
        "role": "str",
        "reference_mode": "str",  # paired | absolute
        "identity": "float",
        "identity_low": "float",
        "identity_high": "float",
        "purity": "float",
        "purity_low": "float",
        "purity_high": "float",
        "purity_soluble": "float",
        "purity_soluble_low": "float",
        "purity_soluble_high": "float",
        "purity_intracellular": "float",
        "purity_intracellular_low": "float",
        "purity_intracellular_high": "float",
        # part of the group's own source fluid or medium, and of its lysate, that is left; null without one
        "reference_left_soluble": "float",
        "reference_left_soluble_low": "float",
        "reference_left_soluble_high": "float",
        "reference_left_intracellular": "float",
        "reference_left_intracellular_low": "float",
        "reference_left_intracellular_high": "float",
        "p_small_ev": "float",
        "p_secretome": "float",
        "p_serum": "float",
        "p_cell_debris": "float",
        "verdict": "str",  # VERDICTS
        "reason_code": "str",  # which rule gave the verdict, snake_case, stable; translations go by it
        "reasons": "str",  # short sentences joined by ' | '
        "misev_minimum": "str",  # yes | no | not_assessable
        "proteins": "int",  # analyte protein groups quantified in the sample
    },
    ("sample",),
)
CONTRIBUTIONS = Table(
    "contributions",
    {
        "sample": "str",
        "quantity": "str",  # identity | purity_soluble | purity_intracellular | verdict
        "term": "str",  # the feature or panel
        "value": "float",
        "contribution": "float",  # log-odds
        "text": "str",
    },
    ("sample", "quantity", "term"),
)
SPECIFICATION = Table(
    "specification",
    {
        "specification": "str",
        "level": "str",  # sample | lot: the lot's own result over its samples, or over the whole specification
        "lot": "str",
        "sample": "str",  # empty for results of a lot
        "criterion": "str",
        "title": "str",
        "quantity": "str",
        "value": "float",
        "low": "float",
        "high": "float",
        "limit": "str",
        "unit": "str",
        "severity": "str",  # release | alert | information
        "result": "str",  # RESULTS
        "reason": "str",
        "source": "str",
    },
    ("specification", "level", "lot", "sample", "criterion"),
)
SUBTYPES = Table(
    "subtypes",  # exploratory: never part of a verdict
    {
        "sample": "str",
        "subtype": "str",  # small_against_large | exosome_against_ectosome | vesicle_against_particle | platelet | ...
        "title": "str",
        "value": "float",  # in `unit`
        "low": "float",  # 90 % interval
        "high": "float",
        "unit": "str",  # log2 ratio, share, ...
        "detected": "int",  # members seen, both sides together
        "members": "int",
        "panels": "str",  # joined by ';'
        "status": "str",  # assessed | not_assessable
        "note": "str",
        "source": "str",
    },
    ("sample", "subtype"),
)
NEIGHBOURS = Table(
    "neighbours",  # the labelled samples of the reference that lie nearest, for the reader; never part of a verdict
    {
        "sample": "str",
        "place": "int",  # 1 = nearest
        "study": "str",
        "reference_class": "str",  # small_ev | secretome | serum | cell_debris
        "subclass": "str",
        "distance": "float",
        "identity": "float",
        "purity": "float",
    },
    ("sample", "place"),
)
SOURCE_CELL = Table(
    "source_cell",
    {
        "sample": "str",
        "declared": "str",  # the configuration's source_cell, empty where none is declared
        "panel": "str",
        "title": "str",
        "expectation": "str",  # present | absent | none, for the declared source
        "members": "int",
        "detected": "int",
        "not_assessable": "int",  # members that were not searched or could not have been seen
        "best_member": "str",
        "mass_fraction": "float",
        "sign": "str",  # CELL_SIGNS
        "text": "str",
        "source": "str",
    },
    ("sample", "panel"),
)
LOTS = Table(
    "lots",
    {
        "level": "str",  # study | lot
        "lot": "str",  # empty at level study
        "kind": "str",  # score | family | compartment | protein | proteome
        "quantity": "str",  # the column, panel, compartment or protein group
        "title": "str",
        "unit": "str",  # log2 | logit | ...: the scale that was analysed
        "lots": "int",
        "samples": "int",
        "estimate": "float",  # mean on that scale: of the study, or of the lot
        "low": "float",  # 90 % interval
        "high": "float",
        "sd_between": "float",  # variance components, at level study
        "sd_within": "float",
        "cv_between": "float",  # per cent, for positive linear quantities
        "cv_between_low": "float",
        "cv_between_high": "float",
        "cv_within": "float",
        "limit_low": "float",  # control limits, from qualified lots where there are any
        "limit_high": "float",
        "limits_from": "str",  # qualified | all | empty where there are too few
        "status": "str",  # in_control | out_of_control | not_assessable, at level lot
        "reason": "str",
        "proteins": "str",  # what sets a lot apart: protein groups with their log2 differences, joined by ' | '
    },
    ("level", "lot", "kind", "quantity"),
)
COMPARABILITY = Table(
    "comparability",
    {
        "process_a": "str",
        "process_b": "str",
        "kind": "str",  # score | family | compartment | protein | proteome | overall
        "quantity": "str",
        "title": "str",
        "unit": "str",
        "lots_a": "int",
        "lots_b": "int",
        "samples_a": "int",
        "samples_b": "int",
        "difference": "float",  # b minus a, on the scale `unit`
        "low": "float",  # 90 % interval: two one-sided tests at 5 %
        "high": "float",
        "margin": "float",
        "p_equivalence": "float",
        "p_equivalence_adjusted": "float",
        "p_difference": "float",
        "p_difference_adjusted": "float",
        "lots_needed": "int",  # a side, to decide; null where decided or not to be had
        "result": "str",  # EQUIVALENCE
        "reason": "str",
    },
    ("process_a", "process_b", "kind", "quantity"),
)
RISKS = Table(
    "risks",
    {
        "sample": "str",  # empty for a statement about the study
        "risk": "str",  # RISK_KINDS
        "item": "str",  # snake_case, stable
        "title": "str",
        "status": "str",  # RISK_STATUSES
        "strength": "str",  # none | weak | moderate | strong
        "value": "float",
        "low": "float",
        "high": "float",
        "unit": "str",
        "detected": "str",  # the proteins, joined by ';'
        "text": "str",  # what was seen
        "limits": "str",  # what mass spectrometry cannot say
        "panel": "str",
        "source": "str",
    },
    ("sample", "risk", "item"),
)
WARNINGS = Table(
    "warnings",
    {
        "stage": "str",
        "level": "str",  # WARNING_LEVELS
        "code": "str",  # snake_case, stable
        "subject": "str",  # sample, input or panel it is about
        "count": "int",
        "message": "str",  # one sentence for the reader of the report
    },
    ("stage", "level", "code", "subject", "message"),
)

ALL = {
    t.name: t
    for t in (
        FEATURES,
        PROTEINS,
        ABUNDANCE,
        SPECIES,
        INFERENCE,
        MARKERS,
        FAMILIES,
        COMPARTMENTS,
        SCORES,
        CONTRIBUTIONS,
        SUBTYPES,
        NEIGHBOURS,
        SPECIFICATION,
        SOURCE_CELL,
        LOTS,
        COMPARABILITY,
        RISKS,
        WARNINGS,
    )
}
