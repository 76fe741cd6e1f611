"""Why a verdict was given, in English: one sentence per rule of the verdict, then the facts that stand beside it.

The table of scores holds these sentences in English, and the English page shows those. A page in another language is
made from the entries here, translated, and the numbers of the tables.
"""

from __future__ import annotations

ENGLISH_REASONS: dict[str, str] = {
    "reason.small_ev_clear": (
        "probability of small EVs {p_small_ev}, its whole 90% interval and both purities at or above {purity_limit}; "
        "identity {identity} (90% interval {identity_low} to {identity_high})"
    ),
    "reason.purity_doubt": (
        "vesicle markers are clear, probability of small EVs {p_small_ev}, but purity is in doubt: from "
        "soluble protein {soluble} ({soluble_low} to {soluble_high}), from intracellular protein {inside} "
        "({inside_low} to {inside_high}); both must reach {purity_limit}"
    ),
    "reason.reference_left": (
        "vesicle markers are clear, probability of small EVs {p_small_ev}, but more than {left_limit}% of the study's "
        "own source fluid, medium or lysate is left"
    ),
    "reason.identity_spans_limit": (
        "probability of small EVs {p_small_ev}: with its 90% interval it does not settle the question; identity "
        "{identity} (90% interval {identity_low} to {identity_high})"
    ),
    "reason.alternative_clear": (
        "identity {identity} (90% interval {identity_low} to {identity_high}) lies below {limit}; of the "
        "alternatives “{verdict}” is the most probable (probability {p})"
    ),
    "reason.no_alternative": (
        "identity {identity} (90% interval {identity_low} to {identity_high}) lies below {limit}, but no "
        "alternative stands out"
    ),
    "reason.too_few_proteins": (
        "only {proteins} protein groups are quantified; below {least} the absence of a marker means nothing"
    ),
    "reason.organism_without_panels": "there are no marker panels for the organism of this study",
    "reason.little_known_mass": (
        "the panels know less than {least_mass}% of the protein mass: is the organism right, are there gene symbols?"
    ),
    "reason.outside_domain": (
        "no labelled sample of the reference is like this one: the nearest lies farther away than the reference reaches"
    ),
    "reason.blood_in_secretome": (
        "identity {identity} (90% interval {identity_low} to {identity_high}) lies below {limit}, but immunoglobulins "
        "and erythrocyte proteins make up more than {blood_limit}% of the protein mass, which no conditioned medium "
        "without human serum holds: a tissue or a body fluid?"
    ),
    # shown for a rule that has no entry of its own
    "reason.unknown": "identity {identity} (90% interval {identity_low} to {identity_high})",
    "reason.strongest": "strongest vesicle panel: {panel}, prominence {value}",
    "reason.shares": "share of protein mass: vesicular {vesicle}%, soluble {soluble}%, intracellular {inside}%",
    "reason.reference_raises": "comparison with the study's own references raises {quantity} ({value} log-odds)",
    "reason.reference_lowers": "comparison with the study's own references lowers {quantity} ({value} log-odds)",
    "reason.reference_is_silent": "comparison with the study's own references does not change {quantity}",
    "reason.left_soluble": (
        "of the soluble protein of the study's own source fluid or medium {left_soluble}% (90% interval "
        "{left_soluble_low} to {left_soluble_high}%) is left per unit of protein mass"
    ),
    "reason.left_intracellular": (
        "of the intracellular protein of the study's own lysate {left_intracellular}% (90% interval "
        "{left_intracellular_low} to {left_intracellular_high}%) is left per unit of protein mass"
    ),
    "reason.misev.yes": ("MISEV2018 minimum (presence of categories 1 and 2, a negative control assessed): met"),
    "reason.misev.no": ("MISEV2018 minimum (presence of categories 1 and 2, a negative control assessed): not met"),
    "reason.misev.not_assessable": (
        "MISEV2018 minimum (presence of categories 1 and 2, a negative control assessed): not assessable"
    ),
    # the summands of a score
    "contribution.vesicle": "prominence of {panel} (vesicle markers), 0 to 1",
    "contribution.intracellular": "prominence of {panel} (what intracellular material would bring along), 0 to 1",
    "contribution.scale": "where the scale has its middle",
    "contribution.own_reference": "difference to the references of the same group",
    "contribution.vesicle_share": "vesicle share of protein mass",
    "contribution.soluble_share": "soluble share of protein mass",
    "contribution.intracellular_share": "intracellular share of protein mass",
    "term.scale": "scale",
    "term.own_reference": "own reference",
    "term.vesicle_share": "vesicle share",
    "term.soluble_share": "soluble share",
    "term.intracellular_share": "intracellular share",
    # why a marker is not assessable or not searched
    "note.lacking": "the searched database does not hold it",
    "note.process": "listed as a process contaminant only",
    "note.seldom": "seldom yields peptides that a search can find",
    "note.few": "fewer than 100 protein groups in this sample",
    "note.not_held": "no run of the input holds it and no database was given",
    "note.imputed": "the value was imputed; nothing was measured",
}
