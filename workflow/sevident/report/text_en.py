"""The page in English: one catalogue, put together from a file per topic (``text_en_*``)."""

from __future__ import annotations

from sevident.report.text_en_annex import ENGLISH_ANNEX
from sevident.report.text_en_form import ENGLISH_FORM
from sevident.report.text_en_panels import ENGLISH_PANELS
from sevident.report.text_en_reasons import ENGLISH_REASONS
from sevident.report.text_en_release import ENGLISH_RELEASE
from sevident.report.text_en_risks import ENGLISH_RISKS
from sevident.report.text_en_warnings import ENGLISH_WARNINGS

ENGLISH: dict[str, str] = {
    # page
    "page.title": "sEVident report: {study}",
    "page.kicker": "Small extracellular vesicles: identity and purity from the proteome",
    "page.skip": "Skip to the verdicts",
    "page.contents": "Contents",
    "page.made": "Made {time} by sEVident {version}",
    "page.noscript": (
        "Scripts are switched off. All text and tables can be read; figures, sorting and filtering need scripts."
    ),
    "page.simulated": "Simulated data",
    "page.simulated_all": (
        "All {n} samples of this study are simulated. The page shows how sEVident works; it says nothing about "
        "any real preparation."
    ),
    "page.simulated_some": (
        "{k} of {n} samples are simulated. They are marked “simulated” and say nothing about a real preparation."
    ),
    "page.footer": (
        "sEVident {version}. This page loads nothing from elsewhere: text, figures and numbers are all in this file."
    ),
    # figure
    "figure.noscript": "The figure needs scripts. Its numbers are in the table beneath.",
    "figure.numbers": "Numbers of this figure",
    # section
    "section.summary": "Summary",
    "section.verdicts": "Verdicts",
    "section.why": "Why",
    "section.species": "Species",
    "section.truth": "Truth beside estimate",
    "section.specification": "Release specification",
    "section.warnings": "Warnings",
    "section.methods": "Methods",
    "section.provenance": "Provenance",
    "section.glossary": "Glossary",
    # verdict
    "verdict.small_ev": "small-EV preparation",
    "verdict.secretome": "soluble secretome",
    "verdict.serum": "serum-dominated",
    "verdict.cell_debris": "cell debris",
    "verdict.indeterminate": "not decidable",
    "verdict.": "not scored",
    # class
    "class.small_ev": "small EV",
    "class.secretome": "secretome",
    "class.serum": "serum",
    "class.cell_debris": "cell debris",
    # role
    "role.preparation": "preparation",
    "role.source_fluid": "source fluid",
    "role.conditioned_medium": "conditioned medium",
    "role.producer_lysate": "producer lysate",
    "role.process_blank": "process blank",
    "role.qualified_reference": "qualified reference",
    # mode
    "mode.paired": "paired",
    "mode.absolute": "absolute",
    # misev
    "misev.yes": "met",
    "misev.no": "not met",
    "misev.not_assessable": "not assessable",
    # status
    "status.detected": "detected",
    "status.not_detected": "not detected",
    "status.not_searched": "not searched",
    "status.not_assessable": "not assessable",
    # result
    "result.pass": "pass",
    "result.fail": "fail",
    "result.inconclusive": "inconclusive",
    "result.not_tested": "not tested",
    "result.not_assessable": "not assessable",
    # level
    "level.warning": "Warnings",
    "level.info": "Notes",
    # axis
    "axis.identity": "identity",
    "axis.soluble": "soluble",
    "axis.intracellular": "intracellular",
    "axis.species": "species",
    "axis.descriptive": "descriptive",
    "axis.exploratory": "exploratory",
    # quantity
    "quantity.identity": "identity",
    "quantity.purity_soluble": "purity from soluble protein",
    "quantity.purity_intracellular": "purity from intracellular protein",
    "quantity.verdict": "verdict",
    # summary
    "summary.judged.one": "This report judges {n} preparation of the study {study} from its measured proteins.",
    "summary.judged.other": "This report judges {n} preparations of the study {study} from their measured proteins.",
    "summary.none": (
        "No sample of the study {study} has the role “preparation”, so nothing is judged; the references are "
        "scored alone."
    ),
    "summary.verdicts": "Judged: {parts}.",
    "summary.as": "{n} as {verdict}",
    "summary.of_role": "{role}: {n}",
    "summary.part": "{n} {verdict}",
    "summary.and": "{first} and {last}",
    "summary.references.one": (
        "{n} further sample is a reference ({parts}); it is scored the same way and shown with its role."
    ),
    "summary.references.other": (
        "{n} further samples are references ({parts}); they are scored the same way and shown with their role."
    ),
    "summary.tiles": "Samples by verdict",
    "summary.tile_preparations": "{n} of {total} preparations",
    "summary.tile_references": "and {n} of {total} references",
    "summary.know": "What you must know before using a verdict",
    "summary.not_known": "What is not known",
    # know
    "know.meaning": (
        "A verdict says which kind of material the measured proteins resemble, and with what uncertainty. It "
        "does not prove that vesicles are present and does not speak about particle number, size, potency, "
        "safety or sterility."
    ),
    "know.interval": (
        "Ranges are 90% intervals. They show how far a score hangs on which proteins happened to be measured; "
        "they do not cover what another laboratory or another preparation would have given."
    ),
    "know.absolute.one": (
        "{n} preparation has no usable reference (source fluid, medium or lysate) of its own study. It is scored "
        "against public reference profiles only, which is weaker evidence."
    ),
    "know.absolute.other": (
        "{n} preparations have no usable reference (source fluid, medium or lysate) of their own study. They are "
        "scored against public reference profiles only, which is weaker evidence."
    ),
    "know.paired.one": "{n} preparation is compared with references of its own study (paired).",
    "know.paired.other": "{n} preparations are compared with references of their own study (paired).",
    "know.seen.one": (
        "{n} preparation lies so near to a labelled public sample that it is probably the same one (see Account of "
        "each sample): the model has learned from it, so its scores do not show how the model does on new samples."
    ),
    "know.seen.other": (
        "{n} preparations lie so near to a labelled public sample that they are probably the same ones (see Account of "
        "each sample): the model has learned from them, so their scores do not show how the model does on new samples."
    ),
    "know.indeterminate.one": (
        "{n} preparation is not decidable. That is a statement about the evidence, not a negative result."
    ),
    "know.indeterminate.other": (
        "{n} preparations are not decidable. That is a statement about the evidence, not a negative result."
    ),
    "know.unscored.one": "{n} sample of the sheet was not scored: {names}.",
    "know.unscored.other": "{n} samples of the sheet were not scored: {names}.",
    "know.misev.one": (
        "{n} preparation does not meet the MISEV2018 minimum (presence of markers): {names}. This minimum "
        "does not enter the verdict."
    ),
    "know.misev.other": (
        "{n} preparations do not meet the MISEV2018 minimum (presence of markers): {names}. This minimum "
        "does not enter the verdict."
    ),
    "know.misev_open.one": "For {n} preparation the MISEV2018 minimum cannot be assessed: {names}.",
    "know.misev_open.other": "For {n} preparations the MISEV2018 minimum cannot be assessed: {names}.",
    "know.specification": "Release specification {name}, lots as a whole: {parts} (see Release specification).",
    "know.fail.one": "{n} criterion of a release specification failed.",
    "know.fail.other": "{n} criteria of a release specification failed.",
    "know.warnings.one": "{n} warning was raised (see Warnings):",
    "know.warnings.other": "{n} warnings were raised (see Warnings):",
    "know.warnings_alike": "{first} ({n} warnings of this kind, the first of them here)",
    "know.warnings_rest.one": "{n} further warning.",
    "know.warnings_rest.other": "{n} further warnings.",
    "know.no_warnings": "No warning was raised.",
    # unknown
    "unknown.topology": (
        "Whether a protein sits in, on or beside a vesicle. Serum and matrix proteins may be bound to vesicles "
        "as a corona, so finding them is not in itself proof of impurity (Tóth et al. 2021)."
    ),
    "unknown.count": "How many particles there are and how large they are: measure them by other means.",
    "unknown.function": (
        "Whether the material works, is safe, sterile or free of endotoxin and virus: proteins do not tell."
    ),
    "unknown.platelet_lysate": (
        "For cells grown with human platelet lysate: which human serum and platelet proteins come from the "
        "medium. Species cannot separate them; only a medium-only control can."
    ),
    "unknown.missing.one": (
        "{n} marker entry (marker × sample) could not be assessed or was not searched; it counts neither for nor "
        "against."
    ),
    "unknown.missing.other": (
        "{n} marker entries (marker × sample) could not be assessed or were not searched; they count neither for "
        "nor against."
    ),
    "unknown.no_specification": (
        "Whether a lot meets a release specification: no result is at hand (see Release specification)."
    ),
    # verdicts
    "verdicts.intro": (
        "One row per sample of the sheet. Identity: how much the sample looks like small EVs. Purity: how little "
        "else it holds, the lower of two scores (against soluble and against intracellular protein). Both run "
        "from 0 to 1, with 90% intervals. The four probabilities add up to 1."
    ),
    "verdicts.caption": "Verdict, scores and reasons per sample",
    "verdicts.number": "No.",
    "verdicts.sample": "Sample",
    "verdicts.role": "Role and mode",
    "verdicts.verdict": "Verdict",
    "verdicts.identity": "Identity",
    "verdicts.purity": "Purity",
    "verdicts.probability": "Probability of being",
    "verdicts.misev": "MISEV2018 minimum",
    "verdicts.proteins": "Protein groups",
    "verdicts.reasons": "Reasons",
    "verdicts.empty": "The sample sheet holds no samples.",
    "verdicts.not_scored": "The scoring stage wrote no row for this sample; see the warnings.",
    "verdicts.no_reason": "The scoring stage gave no reason.",
    "verdicts.simulated": "simulated",
    "verdicts.details": "evidence",
    "verdicts.sheet": "sheet entry",
    "verdicts.more.one": "{n} more reason",
    "verdicts.more.other": "{n} more reasons",
    "verdicts.legend": "What the verdicts mean",
    "verdicts.criteria": "Criteria:",
    "verdicts.mode_paired": (
        "Reference mode, paired: compared with source fluid, medium or lysate of the same study; absolute: "
        "compared with public reference profiles only."
    ),
    "verdicts.misev_note": (
        "MISEV2018 minimum: a transmembrane or GPI-anchored marker (category 1) and a cytosolic one (category 2) "
        "detected, and a negative control (category 3 or 4) assessed. Presence alone: modern instruments find "
        "most of these markers even in plain plasma, so the minimum is no evidence of purity."
    ),
    # meaning
    "meaning.small_ev": "vesicle proteins stand out beyond what soluble, serum or cell material explains",
    "meaning.secretome": "secreted and matrix proteins outweigh the vesicle signature",
    "meaning.serum": "blood plasma or serum proteins outweigh the vesicle signature",
    "meaning.cell_debris": "proteins of nucleus, organelles and cytosol outweigh the vesicle signature",
    "meaning.indeterminate": "the evidence does not separate the classes; not a negative result",
    # control
    "control.search": "Find in table",
    "control.verdict": "Verdict",
    "control.role": "Role",
    "control.all": "all",
    "control.shown": "{shown} of {total} samples shown",
    "control.reset": "Show all",
    "control.sort": "Sort by {column}",
    "control.sort_by": "Sort by:",
    "control.sample": "Sample",
    # why
    "why.intro": (
        "The evidence behind the verdicts: marker families, composition, scores, single markers and each "
        "sample's own account."
    ),
    "why.grouped": (
        "With {n} samples the figure shows groups (preparations by verdict, references by role); each value is a "
        "median over the group."
    ),
    "why.grouped_mean": (
        "With {n} samples the figure shows groups (preparations by verdict, references by role); each value is a "
        "mean over the group."
    ),
    "why.families.title": "Marker families",
    "why.families.caption": (
        "Median rank percentile of the detected members of each family: 1 is the most abundant protein of the "
        "sample, 0 the least. Ranks travel between instruments better than shares do. Empty cells carry a sign: "
        "− no member detected, ∅ no member searched, ? not assessable. Families of the axes soluble and "
        "intracellular speak against purity; descriptive ones are shown without weight."
    ),
    "why.families.colour": "rank percentile",
    "why.families.table": (
        "Per family and sample: members detected of members listed, median rank percentile, log2 molar share"
    ),
    "why.families.empty": (
        "The families table holds no rows: no marker family could be matched to the proteins of this study."
    ),
    "why.family": "Family",
    "why.axis": "Axis",
    "why.paired.title": "Change against the study's own references",
    "why.paired.caption": (
        "Median log2 change of each family in the sample against the reference named on the axis. Blue: more "
        "than in the reference. Orange: less. Grey: no comparison, since no member was measured in both. "
        "Intracellular families rise against a biofluid, which holds almost none of them, and fall against the "
        "producing cells."
    ),
    "why.paired.colour": "log2 change",
    "why.paired.table": "log2 change per family, sample and reference",
    "why.paired.empty": (
        "No comparison could be made: no sample shares its reference_group with a source fluid, conditioned "
        "medium, producer lysate or process blank in which the families were measured."
    ),
    "why.against_role": "against {role}",
    "why.against": "{sample} vs {role}",
    "why.composition.title": "Composition",
    "why.composition.caption": (
        "Share of the summed protein intensity by compartment; what is found in vesicles and outside them, such as "
        "actin, is divided in fixed parts, so that cell lysates show a vesicular share too. Contaminants of the "
        "process (keratins, trypsin) are left out; serum proteins are not. The share of serum or matrix protein "
        "is a measure of what is co-isolated or bound, not proof of impurity."
    ),
    "why.composition.axis": "share of protein mass, %",
    "why.composition.table": "Share of protein mass in % with the 90% interval where there is one",
    "why.composition.empty": "The compartments table holds no rows: no protein could be assigned to a compartment.",
    "why.map.title": "Identity and purity",
    "why.map.caption": (
        "Each sample with its 90% intervals. Numbers are those of the verdict table. Filled signs are "
        "preparations, hollow ones references. Only the upper right corner speaks for a small-EV preparation."
    ),
    "why.map.x": "identity",
    "why.map.y": "purity",
    "why.map.table": "Scores with 90% intervals",
    "why.map.empty": "No sample was scored, so there is nothing to place.",
    "why.markers.title": "Markers by MISEV2018 category",
    "why.markers.intro": (
        "Categories of MISEV2018, Table 3 (Théry et al. 2018). The number beside + is the marker's rank "
        "percentile in the sample (100 = most abundant protein). Detection is not purity: read categories 1 and "
        "2 against 3, 4 and 5."
    ),
    "why.markers.legend": "Signs:",
    # status_meaning
    "status_meaning.detected": "measured in this sample",
    "status_meaning.not_detected": "searched for and not found",
    "status_meaning.not_searched": "not in the database searched, or in no run of the table: nothing can be said",
    "status_meaning.not_assessable": (
        "not found, but it seldom yields peptides (such as CD63 and CD81) or too few proteins were measured: "
        "absence proves nothing"
    ),
    # why
    "why.markers.overview": (
        "Markers detected of markers that could have been seen; “open” counts those not assessable or not searched"
    ),
    "why.misev_title": "MISEV2018 Table 3, category ",
    "why.markers.category": "Category",
    "why.markers.summary": "{detected} of {members} markers detected in at least one sample",
    "why.markers.table": "Markers of category {title}",
    "why.markers.gene": "Gene",
    "why.markers.accession": "Accession",
    "why.markers.empty": "The marker table holds no row of a MISEV2018 category, so there is nothing to show.",
    "why.markers.percentile": "percentile",
    "why.markers.cell": "{k} of {n}",
    "why.markers.blind": "{n} open",
    "why.accounts.title": "Account of each sample",
    "why.accounts.intro": (
        "What moved each score, strongest first. Contributions are in log-odds: positive raises the score, "
        "negative lowers it."
    ),
    "why.accounts.table": "Contributions to the scores of {sample}",
    "why.accounts.quantity": "Score",
    "why.accounts.term": "Term",
    "why.accounts.value": "Value",
    "why.accounts.contribution": "Contribution, log-odds",
    "why.accounts.text": "In words",
    "why.accounts.empty": "The contributions table holds no rows: the scoring stage gave no breakdown of its scores.",
    "why.accounts.sample_empty": "No breakdown was written for this sample.",
    "why.many": (
        "This study has {n} samples, more than {limit}: single markers and contributions are shown for one "
        "sample at a time, on request."
    ),
    "why.many_noscript": (
        "That needs scripts. The complete tables are markers.tsv and contributions.tsv in the study's folder of tables."
    ),
    "why.measured.title": "What was measured",
    "why.measured.caption": (
        "Protein groups that the numbers of each sample rest on; shares are of the summed intensity. "
        "Contaminants of the process (keratins, trypsin) are counted here and left out of all shares; proteins "
        "tagged as culture serum, or as either, stay in the shares, for how much of them there is, is the "
        "question."
    ),
    "why.measured.empty": "The abundance table holds no rows.",
    # measured
    "measured.groups": "Groups in table",
    "measured.analytes": "Quantified",
    "measured.ms2": "by own MS2",
    "measured.matched": "matched only",
    "measured.imputed": "imputed",
    "measured.unknown": "evidence unknown",
    "measured.process": "Process contaminants",
    "measured.process_share": "share, %",
    "measured.serum": "Culture serum",
    "measured.serum_share": "share, %",
    "measured.ambiguous": "Ambiguous origin",
    # severity
    "severity.release": "release",
    "severity.alert": "alert",
    "severity.information": "information",
    **ENGLISH_ANNEX,
    **ENGLISH_RELEASE,
    **ENGLISH_RISKS,
    **ENGLISH_REASONS,
    **ENGLISH_WARNINGS,
    **ENGLISH_PANELS,
    **ENGLISH_FORM,
}
