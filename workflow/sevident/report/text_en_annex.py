"""The page in English: what follows the evidence, from truth beside estimate to the glossary."""

from __future__ import annotations

ENGLISH_ANNEX: dict[str, str] = {
    # species
    "species.intro": (
        "How much of each sample is protein of another species, in per cent of intensity. Estimate: peptides of one "
        "species alone, and shared peptides divided among their species in the proportion that those peptides make "
        "likely. Own peptides: the same without any shared peptide. Shared peptides: what this and another species "
        "may both hold, of all peptides of known species. Where a species was not searched, that is the most that "
        "can be of it among what was identified, and its true share is unknown, not zero."
    ),
    "species.load": (
        "The estimate for bovine is the serum load (serum_load_bovine): protein left by bovine culture serum."
    ),
    "species.title_serum": "Bovine: serum load",
    "species.title_other": "Other species: {species}",
    "species.caption": "Share of {species} protein per sample",
    "species.caption_note": "Share of {species} protein per sample. For all of them: {note}",
    "species.sample": "Sample",
    "species.estimate": "Estimate, %",
    "species.status": "Status",
    "species.own": "Own peptides, %",
    "species.shared": "Shared peptides, % (upper bound)",
    "species.peptides": "Own peptides, count",
    "species.note": "Note",
    "species.searched": "searched",
    "species.none_found": "searched, none found",
    "species.unmeasured": "searched, nothing measured",
    "species.not_searched": "not searched",
    "species.no_row": "no entry in the table",
    "species.found.one": (
        "Bovine protein was found in {k} of {n} sample searched for it: {median}% in the median of these, "
        "most in {sample} ({most}%)."
    ),
    "species.found.other": (
        "Bovine protein was found in {k} of {n} samples searched for it: {median}% in the median of these, "
        "most in {sample} ({most}%)."
    ),
    "species.none.one": "{n} sample was searched for bovine protein, and none was found.",
    "species.none.other": "{n} samples were searched for bovine protein, and none was found.",
    "species.silent.one": "{n} sample was searched for bovine protein, but nothing was measured in it.",
    "species.silent.other": "{n} samples were searched for bovine protein, but nothing was measured in them.",
    "species.blind.one": (
        "{n} sample was not searched for bovine protein: its serum load is unknown, which is not zero."
    ),
    "species.blind.other": (
        "{n} samples were not searched for bovine protein: their serum load is unknown, which is not zero."
    ),
    "species.platelets.one": (
        "Platelet proteins are high in {n} sample ({names}). If the cells grew with human platelet lysate, these may "
        "come from the medium: that is human protein, and no share on this page can show it; compare with the "
        "medium alone."
    ),
    "species.platelets.other": (
        "Platelet proteins are high in {n} samples ({names}). If the cells grew with human platelet lysate, these may "
        "come from the medium: that is human protein, and no share on this page can show it; compare with the "
        "medium alone."
    ),
    "species.no_table": (
        "The table species.tsv is absent: this study was quantified by a version that did not write it, so nothing "
        "is known here about protein of other species; run the workflow again."
    ),
    "species.no_rows": "The species table holds no rows: no sample was sorted by species.",
    "species.only_own": (
        "The species table knows no species but the study's own ({organism}), so nothing can be told apart."
    ),
    "species.nothing_searched": (
        "No sequences of a species other than the study's own ({organism}) were searched, so protein of other "
        "species, such as bovine serum, cannot be seen: its share is unknown, not zero. Search again with the bovine "
        "proteins of a contaminant list."
    ),
    # truth
    "truth.intro": ("What the sample sheet states each sample to be, beside what was estimated without looking at it."),
    "truth.none": (
        "The sample sheet has no column “truth” or “truth_small_ev_percent”, so nothing can be set beside the "
        "estimates."
    ),
    "truth.title": "Scores against the true share of small EVs",
    "truth.caption": (
        "Horizontal: true share of small EVs in per cent of protein. Vertical: identity and purity with 90% "
        "intervals, and the probability of a small-EV preparation. The scores are not shares: they should rise "
        "with the truth, not equal it."
    ),
    "truth.x": "true share of small EVs, %",
    "truth.y": "score or probability",
    "truth.p": "Probability of small EV",
    "truth.table": "Truth and estimate per sample",
    "truth.column": "True: {name}",
    "truth.stated": "Stated truth",
    "truth.no_number": (
        "No sample has a number in the column “truth_small_ev_percent”, so there is no plot; the table shows "
        "what is stated."
    ),
    "truth.unreadable.one": "{n} entry is not a number and is left out of the plot; it stands in the table.",
    "truth.unreadable.other": "{n} entries are not numbers and are left out of the plot; they stand in the table.",
    "truth.agree": (
        "Samples whose truth is stated as one of the verdicts: {n}; of these {k} have that verdict and {open} are not "
        "decidable. Samples whose truth is stated in other words: {other}."
    ),
    # specification
    "specification.intro": (
        "Results against the acceptance criteria named in the configuration. Criteria of the severity “release” decide "
        "about a lot as a whole; “alert” and “information” stand beside them. Inconclusive: the interval reaches "
        "across the limit. Not tested: no measurement was given. Not assessable: the sample's proteome cannot tell."
    ),
    "specification.caption": "{specification}, lot {lot}",
    "specification.no_lot": "(no lot named)",
    "specification.none": (
        "No release specification is named in the configuration (key “specifications”), so no lot was held "
        "against acceptance criteria."
    ),
    "specification.no_table": (
        "The table specification.tsv is absent: the release stage was not run, so no lot was held against "
        "acceptance criteria."
    ),
    "specification.no_rows": (
        "A release specification is configured ({names}) but the release stage wrote no result. See its warnings "
        "for the reason."
    ),
    "specification.overview": (
        "Results by lot: result of the whole lot, and number of results (each sample of a lot is judged by itself)"
    ),
    "specification.overall": "Lot as a whole",
    "specification.name": "Specification",
    "specification.lot_name": "Lot",
    "specification.level": "Judged",
    "specification.on_demand": (
        "With {n} samples the results of each sample stand in its own detail view (section Why, Account of each "
        "sample); here are those of the lots."
    ),
    "specification.sample_empty": "No specification was applied to this sample.",
    "level_of.sample": "sample",
    "level_of.lot": "lot",
    "level_of.whole_lot": "whole lot",
    "level_of.whole_sample": "whole sample",
    "specification.lot": "Specification and lot",
    "specification.failed": "Failed",
    "specification.sample": "Sample",
    "specification.criterion": "Criterion",
    "specification.value": "Value",
    "specification.range": "90% interval",
    "specification.limit": "Limit",
    "specification.severity": "Severity",
    "specification.result": "Result",
    "specification.reason": "Reason",
    "specification.source": "Source of the limit",
    # warnings
    "warnings.intro": (
        "Everything that the stages found remarkable, complete. Warnings may change how a verdict is to be read; "
        "notes explain."
    ),
    "warnings.none": "No stage raised a warning or a note. {n} warning tables were read.",
    "warnings.level_none": "None.",
    "warnings.caption": "{level} of the stage “{stage}”",
    "warnings.subject": "About",
    "warnings.count": "Count",
    "warnings.message": "What",
    "warnings.code": "Code",
    # methods
    "methods.intro": "What was done, with the settings of this run.",
    "methods.sources": "Sources",
    "methods.card_heading": "How the scoring model was judged",
    "methods.card": "Model card: what the scoring model was fitted on and how it was judged",
    "methods.card_absent": "There is no model card beside the scoring model.",
    "methods.input.title": "Input",
    "methods.input": (
        "{inputs} search result(s), format setting {formats}, gave {samples} sample(s) of the organism "
        "{organism}. {fasta}"
    ),
    "methods.fasta": (
        "The searched database was given for {n} of them, so that a protein that was not searched for is known as such."
    ),
    "methods.no_fasta": (
        "The searched database was not given: a protein that stands in no run of the table is taken as not "
        "searched, not as absent."
    ),
    "methods.zero": "Zero and missing intensities are both taken as not measured. Nothing is imputed by sEVident.",
    "methods.quantity.title": "Quantities",
    "methods.mass": (
        "Mass share: a protein group's part of the summed intensity of its sample, process contaminants left out."
    ),
    "methods.molar": (
        "Molar share: intensity divided by the length of the leading protein, normalised in the same way."
    ),
    "methods.untouched": (
        "Composition is judged on un-normalised intensities, since median or quantile normalisation would hide a "
        "change of composition."
    ),
    "methods.panels.title": "Marker families",
    "methods.panels": (
        "{n} marker families were measured: the categories of MISEV2018 Table 3, the families that the position paper "
        "of the Japanese Society for Regenerative Medicine names, compartments, and lists from quantitative studies. "
        "The weight of a marker follows how far it is enriched in small EVs against the producing cells, where that "
        "was measured."
    ),
    "methods.absence": (
        "A marker that was not seen is called not detected, not searched or not assessable. Markers that seldom "
        "yield peptides, such as CD63 and CD81, are never counted as absent."
    ),
    "methods.compartments": (
        "For the composition the panels give each protein group a compartment; of what is found in vesicles and "
        "outside them (actin, annexins, glycolytic enzymes, integrins) a fixed part, learned from labelled studies, "
        "counts as vesicular: the part that would come from the vesicles in a mixture of equal parts of vesicles, "
        "cells, secretome and plasma. Soluble proteins, those of organelles and those of red cells are not divided: "
        "they count whole as what they are. The parts are the same in every sample, so mixing two "
        "samples mixes their compositions, and a cell lysate, too, shows a vesicular share (12 to 20%; neat plasma "
        "0.1%), beside which that of a preparation is to be read. The 90% intervals cover which proteins happened to "
        "be measured and how much the parts hang on single laboratories of the reference, widened until they held "
        "for laboratories left out; what no panel and no reference profile explains is shown as such."
    ),
    "methods.scores.title": "Scores",
    "methods.prominence": (
        "Prominence of a family: a member of rank r counts max(0, 1 − ln r / ln {n0}); the most prominent "
        "members, up to a summed weight of {top}, are averaged (power mean, exponent {power}). A protein never counts "
        "with a better rank than its share of protein mass is worth: {top_share}% for rank 1, {least_share}% for "
        "rank {n0}, a straight line between them on logarithmic scales."
    ),
    "methods.identity": (
        "Identity: mean prominence of {vesicle}, minus {slope} times the mean prominence of {inside}, on a "
        "logistic scale: 0.1 at {low} (the highest median of the other classes in the reference), 0.5 at {half}, "
        "0.9 at {high} (the median of small EVs in the reference)."
    ),
    "methods.purity": (
        "Purity: log2 ratio of the vesicular mass share to that of soluble protein ({soluble}), scale 0.1 at "
        "{s_low}, 0.5 at {s_half}, 0.9 at {s_high}; and to that of intracellular protein ({inside}), scale 0.1 "
        "at {i_low}, 0.5 at {i_half}, 0.9 at {i_high}; 0.5 is what a half-and-half mixture by protein mass would "
        "show. The two are never pooled; the lower one is shown as purity. Markers of low weight are reported, "
        "not scored."
    ),
    "methods.paired": (
        "Where the sample's reference_group holds a source fluid, conditioned medium or producer lysate (paired "
        "mode), the difference to it, limited to the distance of the two medians, moves the log-odds by {weight} "
        "of its own weight. What is left of such a reference: the median, over its soluble proteins (fluid, medium) or "
        "its intracellular proteins (lysate), of their share of protein mass in the sample by that in the references; "
        "a half-and-half mixture keeps at least half. References with too few proteins to tell this raise no score. "
        "Otherwise the mode is absolute."
    ),
    "methods.classes": (
        "Probability of small EVs: the log-odds of identity, capped at nine times the odds of the lower purity, then "
        "calibrated (Platt: a straight line on the log-odds) on laboratories left out; the four classes count as "
        "equally likely. The rest is divided among secretome, serum and cell debris by a multinomial logistic "
        "regression on soluble and intracellular prominences."
    ),
    "methods.reference": (
        "The scales rest on {samples} labelled public samples; of these {small} are small EVs, from {studies} "
        "studies only. How much the next laboratory may differ is not in the intervals."
    ),
    "methods.intervals.title": "Intervals",
    "methods.intervals": (
        "90% intervals of the scores come from {draws} draws of a Bayesian bootstrap over the members of the "
        "families and the proteins of the shares (random seed {seed}); in paired mode the reference samples are "
        "resampled too."
    ),
    "methods.widened": (
        "Where a table was imputed, filtered or stripped of contaminants, intervals are stretched; the warnings say so."
    ),
    "methods.verdict.title": "Verdict",
    "methods.verdict": (
        "Small-EV preparation: the whole 90% interval of the probability of small EVs is at or above {probability}, "
        "that of soluble purity at or above {purity}, and intracellular purity reaches {purity}; in paired mode, no "
        "more than {left}% of the references is left (soluble protein: the whole interval). "
        "Soluble secretome, serum-dominated or cell debris: the whole 90% interval "
        "of identity lies below {identity}, the probability of small EVs lies below {probability}, and this one of the "
        "three has at least {share}% of their probability. Anything else is not decidable. Every doubt leads away "
        "from small-EV preparation."
    ),
    "methods.least": (
        "Below {proteins} protein groups only soluble secretome or serum-dominated can be named, and only if at least "
        "{bulk}% of the protein mass is soluble protein; below {few} protein groups no verdict is given, nor where "
        "the families know less than {mass}% of the protein mass. A sample with more than {blood}% immunoglobulin "
        "and erythrocyte protein is not called soluble secretome."
    ),
    "methods.domain": (
        "Nor is a verdict given where the nearest labelled sample of the reference lies farther away than {limit}, the "
        "farthest that any labelled sample lies from the nearest one of another laboratory (distance over the scoring "
        "axes; about 1 is what typical studies of different classes lie apart)."
    ),
    "methods.misev": "The MISEV2018 minimum is reported beside the verdict and does not enter it.",
    "methods.corona": (
        "Serum proteins found with vesicles may be bound to their surface; they are reported as co-isolated or bound."
    ),
    # provenance
    "provenance.intro": (
        "With these files, this configuration and these versions the page can be made again, byte for byte apart "
        "from the time."
    ),
    "provenance.time": "Time of making",
    "provenance.time_fixed": "{time} (set by SOURCE_DATE_EPOCH)",
    "provenance.version": "sEVident",
    "provenance.software": "Software",
    "provenance.software_caption": "Versions of the software used for this page",
    "provenance.component": "Component",
    "provenance.release": "Version",
    "provenance.files": "Files",
    "provenance.files_caption": "Input files with their SHA-256 checksums",
    "provenance.files_empty": "No input file was named to the report, so no checksum can be shown.",
    "provenance.file": "File",
    "provenance.kind": "Kind",
    "provenance.size": "Size",
    "provenance.checksum": "SHA-256",
    "provenance.source": "input",
    "provenance.sheet": "sample sheet",
    "provenance.resource": "resource",
    "provenance.many_files": "{n} files",
    "provenance.configuration": "Configuration",
    "provenance.configuration_note": "As resolved, defaults filled in.",
    "provenance.absent": "not installed",
    # glossary
    "glossary.ev.term": "EV",
    "glossary.ev.text": "Extracellular vesicle: a particle released from cells, bounded by a lipid bilayer.",
    "glossary.small_ev.term": "Small EV",
    "glossary.small_ev.text": (
        "EVs of about 100 nm and less, whatever their origin in the cell. “Exosome” means only those from "
        "multivesicular bodies."
    ),
    "glossary.secretome.term": "Secretome",
    "glossary.secretome.text": "What cells release as soluble protein, together with extracellular matrix.",
    "glossary.identity.term": "Identity",
    "glossary.identity.text": (
        "Score from 0 to 1: how far vesicle proteins stand out beyond what cell material of the same sample explains."
    ),
    "glossary.purity.term": "Purity",
    "glossary.purity.text": (
        "Score from 0 to 1: the lower of purity from soluble protein and purity from intracellular protein."
    ),
    "glossary.serum_load.term": "Serum load",
    "glossary.serum_load.text": (
        "Estimated share of bovine protein in the intensity of a sample (serum_load_bovine), shared peptides divided "
        "among their species."
    ),
    "glossary.rank_percentile.term": "Rank percentile",
    "glossary.rank_percentile.text": (
        "A protein's place in the abundance order of its sample, from 1 (most abundant) to 0 (least)."
    ),
    "glossary.mass_share.term": "Mass share",
    "glossary.mass_share.text": (
        "A protein's part of the summed intensity of all proteins of a sample, process contaminants left out."
    ),
    "glossary.molar_share.term": "Molar share",
    "glossary.molar_share.text": "The same after dividing each intensity by the length of the protein.",
    "glossary.log2_change.term": "log2 change",
    "glossary.log2_change.text": "Difference of log2 shares: +1 is twice as much, −1 half as much.",
    "glossary.log_odds.term": "Log-odds",
    "glossary.log_odds.text": "ln(p / (1 − p)); 0 is p = 0.5, +2.2 is p = 0.9, −2.2 is p = 0.1.",
    "glossary.protein_group.term": "Protein group",
    "glossary.protein_group.text": "Proteins that the peptides found cannot tell apart, counted as one.",
    "glossary.matched_between_runs.term": "Matched between runs",
    "glossary.matched_between_runs.text": (
        "A peptide recognised by mass and time only, because another run identified it."
    ),
    "glossary.ms2.term": "MS2",
    "glossary.ms2.text": "Fragment spectrum. “By own MS2”: the peptide was identified in the sample itself.",
    "glossary.family.term": "Marker family (panel)",
    "glossary.family.text": (
        "A list of proteins that tell the same thing, such as tetraspanins; each has its published source."
    ),
    "glossary.compartment.term": "Compartment",
    "glossary.compartment.text": (
        "Where the protein of a sample belongs: vesicles, serum, matrix, or a part of the cell. The shares of all "
        "compartments add up to 100%."
    ),
    "glossary.probability.term": "Probability of being ...",
    "glossary.probability.text": (
        "How likely each of four kinds of material is by the scoring model, if all four were equally common. How well "
        "these probabilities held for laboratories that the model had not seen is in the model card."
    ),
    "glossary.misev2018.term": "MISEV2018",
    "glossary.misev2018.text": (
        "Minimal Information for Studies of Extracellular Vesicles, 2018: guidelines of the International "
        "Society for Extracellular Vesicles."
    ),
    "glossary.reference_mode.term": "Reference mode",
    "glossary.reference_mode.text": (
        "paired: compared with material of the same study; absolute: with public reference profiles only."
    ),
    "glossary.interval.term": "90% interval",
    "glossary.interval.text": (
        "Of a score or a share: the range in which it falls in nine of ten reweightings (bootstrap) of the proteins it "
        "rests on. Of the mean of a lot or the difference of two processes: a confidence interval."
    ),
    "glossary.prominence.term": "Prominence",
    "glossary.prominence.text": (
        "How near the top of a sample's abundance order the members of a marker family stand, from 0 to 1."
    ),
    "glossary.co_isolated.term": "Co-isolated",
    "glossary.co_isolated.text": (
        "Collected with the vesicles without being part of them, or bound to their surface; the proteome does "
        "not tell which."
    ),
}
