"""The page in English: lots, comparability, risks, source cell, subtypes, nearest reference samples, agreement."""

from __future__ import annotations

_LOTS: dict[str, str] = {
    "section.lots": "Lots",
    "lots.intro": (
        "How much preparations differ from lot to lot, set against how much samples of one lot differ. Values are on "
        "the scale named in the column “Scale”. Ranges are 90% intervals."
    ),
    "lots.no_table": (
        "The table lots.tsv is absent: the release stage of this run did not write it, so lots were not compared."
    ),
    "lots.no_lots": (
        "No preparation has an entry in the column “lot” of the sample sheet, so there are no lots to compare."
    ),
    "lots.one_lot": (
        "All preparations with a lot belong to one lot, so nothing can be said about differences between lots."
    ),
    "lots.no_rows": "The lots table holds no rows although several lots are named; see the warnings of that stage.",
    "lots.told": "{lots} lots with {samples} samples were compared in {quantities} quantities.",
    "lots.out.one": "{n} value of a lot lies outside its control limits; it is listed below.",
    "lots.out.other": "{n} values of lots lie outside their control limits; they are listed below.",
    "lots.none_out": "No value of a lot lies outside its control limits.",
    "lots.open.one": "{n} value of a lot could not be held against control limits; its reason is in the table.",
    "lots.open.other": "{n} values of lots could not be held against control limits; their reasons are in the tables.",
    "lots.outside.title": "Lots outside their control limits",
    "lots.outside.table": "Values of lots outside their control limits, with the proteins that set the lot apart",
    "lots.outside.empty": "No lot has a value outside its control limits, among those that could be assessed.",
    "lots.components.title": "Variance within and between lots",
    "lots.components.table": "Variance components per quantity",
    "lots.components.empty": "The lots table holds no variance components.",
    "lots.chart.title": "Control chart",
    "lots.chart.caption": (
        "Each lot's mean with its 90% interval, lots in the order of their names. Dashed lines: control limits. Solid "
        "line: mean of the study. Filled: within the limits. Hollow square: outside. Cross: could not be assessed."
    ),
    "lots.chart.table": "Means of the lots with their control limits: scores and the whole proteome",
    "lots.chart.empty": "The lots table holds no score of a single lot, so there is no control chart.",
    "lots.more.title": "Families, compartments and proteins by lot",
    "lots.more.table": "Means of the lots with their control limits: families, compartments and proteins",
    "lots.more.empty": "The lots table holds no family, compartment or protein of a single lot.",
    "lots.left_out": (
        "{shown} of {total} rows are shown, those furthest from the middle of their limits first. All of them are in "
        "the file lots.tsv."
    ),
    "lots.left_out_components": (
        "{shown} of {total} rows are shown, the largest variance between lots first among proteins. All of them are in "
        "the file lots.tsv."
    ),
    "lots.lot": "Lot",
    "lots.lots": "Lots",
    "lots.samples": "Samples",
    "lots.quantity": "Quantity",
    "lots.kind": "Kind",
    "lots.unit": "Scale",
    "lots.estimate": "Mean",
    "lots.range": "90% interval",
    "lots.sd_between": "SD between lots",
    "lots.sd_within": "SD within lots",
    "lots.cv_between": "CV between lots, %",
    "lots.cv_range": "90% interval of that CV, %",
    "lots.cv_within": "CV within lots, %",
    "lots.limits": "Control limits",
    "lots.limits_from": "Limits from",
    "lots.status": "Status",
    "lots.reason": "Reason",
    "lots.proteins": "Proteins that set it apart (log2 difference)",
    "limits_from.qualified": "qualified lots",
    "limits_from.all": "all lots",
    "limits_from.": "too few lots for limits",
    "control.in_control": "within limits",
    "control.out_of_control": "outside limits",
    "control.not_assessable": "not assessable",
    "kind.score": "score",
    "kind.family": "marker family",
    "kind.compartment": "compartment",
    "kind.protein": "protein",
    "kind.proteome": "whole proteome",
    "kind.overall": "overall",
    "unit.log2": "log2",
    "unit.logit": "log-odds",
    "unit.share": "share",
    "unit.score": "score from 0 to 1",
    "unit.lots": "lots",
    "unit.comparisons": "comparisons",
    "unit.difference of mean prominence (-1 to 1)": "difference of prominence",
    "unit.share of protein mass": "share of protein mass",
    "unit.share of the signal": "share of the signal",
    "unit.share of quantities": "share of quantities",
    # shares are written in per cent
    "amount.share": "{value}%",
    "amount.share of protein mass": "{value}% of protein mass",
    "amount.share of the signal": "{value}% of the signal",
    "amount.share of quantities": "{value}% of quantities",
}

_COMPARABILITY: dict[str, str] = {
    "section.comparability": "Comparability of processes",
    "comparability.intro": (
        "Two processes are called equivalent when the whole 90% interval of their difference lies within the margin "
        "(two one-sided tests at 5%). A difference that is not shown is not equivalence: what is not decided is "
        "called inconclusive."
    ),
    "comparability.no_table": (
        "The table comparability.tsv is absent: the release stage of this run did not write it, so processes were not "
        "compared."
    ),
    "comparability.no_process": (
        "No preparation has an entry in the column “process” of the sample sheet, so there are no processes to compare."
    ),
    "comparability.one_process": (
        "All preparations with a process belong to the process “{process}”; a comparison needs two."
    ),
    "comparability.no_rows": (
        "The comparability table holds no rows although several processes are named; see the warnings of the release "
        "stage."
    ),
    "comparability.pair": "{b} against {a}",
    "comparability.overall": "Overall: {result} ({reason}).",
    "comparability.counts": (
        "{n} quantities besides single proteins: {equivalent} equivalent, {different} different, {inconclusive} "
        "inconclusive."
    ),
    "comparability.proteins": (
        "{n} proteins: {equivalent} equivalent, {different} different, {inconclusive} inconclusive."
    ),
    "comparability.no_proteins": "The table holds no single proteins for this pair.",
    "comparability.table": "Equivalence of {pair}: scores, families and compartments",
    "comparability.empty": "The table holds no score, family or compartment for this pair.",
    "comparability.figure.title": "Intervals against margins: {pair}",
    "comparability.figure.caption": (
        "Difference of the processes, b ({b}) minus a ({a}), with its 90% interval, in units of its margin, so that "
        "all quantities share one axis: the dashed lines at −1 and +1 are the margins. Circle: equivalent. Square: "
        "different. Cross: inconclusive."
    ),
    "comparability.figure.beyond": "Arrowhead at the edge: the difference lies beyond the axis; the table has it.",
    "comparability.axis": "difference divided by its margin",
    "comparability.figure.empty": "No quantity of this pair has both difference and margin, so nothing can be drawn.",
    "comparability.proteins.table": "Proteins called different: {pair}",
    "comparability.proteins.empty": "No single protein is called different between these processes.",
    "comparability.left_out": (
        "{shown} of {total} rows are shown, the largest differences first. All of them are in the file "
        "comparability.tsv."
    ),
    "comparability.quantity": "Quantity",
    "comparability.kind": "Kind",
    "comparability.unit": "Scale",
    "comparability.lots": "Lots (a; b)",
    "comparability.samples": "Samples (a; b)",
    "comparability.difference": "Difference b − a",
    "comparability.range": "90% interval",
    "comparability.margin": "Margin, ±",
    "comparability.p_equivalence": "p of equivalence, adjusted",
    "comparability.p_difference": "p of difference, adjusted",
    "comparability.needed": "Lots a side that would decide (estimate)",
    "comparability.result": "Result",
    "comparability.reason": "Reason",
    "equivalence.equivalent": "equivalent",
    "equivalence.different": "different",
    "equivalence.inconclusive": "inconclusive",
}

_RISKS: dict[str, str] = {
    "section.risks": "Risks",
    "risks.intro": (
        "The five kinds of risk that the position paper of the Japanese Society for Regenerative Medicine names, and "
        "what the measured proteins say about each. Proteins give hints, never an all-clear: “not found” means not "
        "found by mass spectrometry. Each item states what it cannot show and how strong the evidence is that "
        "something is there: weak, moderate or strong by conventions of sEVident, which are no grades of danger and no "
        "limits of safety."
    ),
    "risks.no_table": (
        "The table risks.tsv is absent: the release stage of this run did not write it, so nothing is said about risks "
        "here. That is not an all-clear."
    ),
    "risks.no_rows": (
        "The risks table holds no rows: no risk was looked at; see the warnings of the release stage. That is not an "
        "all-clear."
    ),
    "risks.none_of_kind": "The table holds no item for this kind of risk: it was not looked at, which is no all-clear.",
    "risk.infection": "Transmission of infection",
    "risk.immune_reaction": "Immune reactions",
    "risk.other_components": "Components other than small EVs",
    "risk.variability": "Variability between lots",
    "risk.distribution": "Distribution in the body",
    "risk_meaning.infection": (
        "Hints of viruses and other agents in the measured proteins. Tests for sterility, mycoplasma, virus and "
        "endotoxin are separate and are not replaced."
    ),
    "risk_meaning.immune_reaction": (
        "Proteins that may start or shape an immune reaction, such as foreign species, HLA or complement."
    ),
    "risk_meaning.other_components": (
        "Protein of serum, of cells, of matrix and of other particles that came along with the vesicles."
    ),
    "risk_meaning.variability": "How much lots and samples of this study differ among themselves.",
    "risk_meaning.distribution": (
        "Surface proteins that may steer where vesicles go in the body. The proteome does not show where they go."
    ),
    "risks.found.one": "Found once, counted over all samples and items.",
    "risks.found.other": "Found {n} times, counted over all samples and items.",
    "risks.overview.table": "{risk}: items over all samples",
    "risks.samples.table": "{risk}: what was seen, sample by sample",
    "risks.samples.summary": "Sample by sample",
    "risks.on_demand": (
        "With {n} samples, more than {limit}, the items of each sample stand in its own detail view (section Why, "
        "Account of each sample)."
    ),
    "risks.study": "whole study",
    "risks.item": "Item",
    "risks.sample": "Sample",
    "risks.status": "Status",
    "risks.strength": "Evidence",
    "risks.strongest": "Strongest evidence",
    "risks.highest": "Highest value (90% interval)",
    "risks.found_in": "Found",
    "risks.otherwise": "Else",
    "risks.value": "Value",
    "risks.range": "90% interval",
    "risks.detected": "Proteins",
    "risks.text": "What was seen",
    "risks.limits": "What this cannot show",
    "risks.source": "Source",
    "risk_status.found": "found",
    "risk_status.not_found": "not found",
    "risk_status.not_searched": "not searched",
    "risk_status.not_assessable": "not assessable",
    "risk_status.not_tested": "not tested",
    "strength.none": "none",
    "strength.weak": "weak",
    "strength.moderate": "moderate",
    "strength.strong": "strong",
}

_CELLS: dict[str, str] = {
    "section.source_cell": "Source cell",
    "source_cell.intro": (
        "Proteins that are typical of a source cell, and whether they speak for or against the source that the "
        "configuration declares. They tell a cell type at best, never a donor or a cell bank."
    ),
    "source_cell.no_table": (
        "The table source_cell.tsv is absent: the release stage of this run did not write it, so nothing is known here "
        "about the source cell."
    ),
    "source_cell.no_rows": (
        "The source cell table holds no rows: no panel of a source cell could be measured in this study."
    ),
    "source_cell.declared": "Declared source: {source}.",
    "source_cell.undeclared": (
        "No source cell is declared (configuration key “source_cell”), so nothing is expected and the signs below are "
        "for information."
    ),
    "source_cell.overview": "Panels of source cells over all samples: number of samples by sign",
    "source_cell.table": "Panels of source cells, sample by sample",
    "source_cell.on_demand": (
        "With {n} samples, more than {limit}, the panels of each sample stand in its own detail view (section Why, "
        "Account of each sample)."
    ),
    "source_cell.sample": "Sample",
    "source_cell.panel": "Panel",
    "source_cell.expectation": "Expected",
    "source_cell.members": "Members",
    "source_cell.detected": "Detected",
    "source_cell.not_assessable": "Not assessable",
    "source_cell.best": "Best member",
    "source_cell.share": "Share of protein mass, %",
    "source_cell.sign": "Speaks",
    "source_cell.text": "In words",
    "source_cell.source": "Source",
    "expectation.present": "present",
    "expectation.absent": "absent",
    "expectation.none": "nothing",
    "sign.for": "for",
    "sign.against": "against",
    "sign.neutral": "neither",
    "sign.not_assessable": "not assessable",
    "section.subtypes": "Subtypes (exploratory)",
    "subtypes.intro": (
        "Exploratory. Which kinds of vesicle or particle the proteins resemble more. No agreed protein marker tells "
        "these kinds apart, so the values are for orientation alone and are never part of a verdict."
    ),
    "subtypes.no_table": (
        "The table subtypes.tsv is absent: the scoring stage of this run did not write it, so nothing is known here "
        "about subtypes."
    ),
    "subtypes.no_rows": "The subtypes table holds no rows: no panel of a subtype could be measured in this study.",
    "subtypes.overview": "Subtypes over all samples",
    "subtypes.table": "Subtypes, sample by sample (exploratory)",
    "subtypes.figure.percent": "{unit}, %",
    "subtypes.figure.title": "Subtypes with 90% intervals (exploratory)",
    "subtypes.figure.caption": (
        "One row per sample, one panel per comparison, with the 90% interval. Samples without a sign could not be "
        "assessed; the table says why. Exploratory: never part of a verdict."
    ),
    "subtypes.figure.empty": "No subtype could be assessed in any sample; the table says why.",
    "subtypes.on_demand": (
        "With {n} samples, more than {limit}, the values of each sample stand in its own detail view (section Why, "
        "Account of each sample)."
    ),
    "subtypes.sample": "Sample",
    "subtypes.subtype": "Comparison",
    "subtypes.value": "Value",
    "subtypes.range": "90% interval",
    "subtypes.unit": "Unit",
    "subtypes.members": "Members seen",
    "subtypes.status": "Status",
    "subtypes.note": "Note",
    "subtypes.source": "Source",
    "subtypes.assessed": "Samples assessed",
    "subtypes.median": "Median",
    "subtypes.span": "Lowest to highest",
    "subtype_status.assessed": "assessed",
    "subtype_status.not_assessable": "not assessable",
}

_NEAREST: dict[str, str] = {
    "neighbours.title": "Nearest reference samples of {sample}",
    "neighbours.intro": (
        "The labelled public samples whose proteins lie nearest to each sample are listed in its account: they help to "
        "read a verdict. Their labels never enter it; where even the nearest is too far away, no verdict is given."
    ),
    "neighbours.no_table": (
        "The table neighbours.tsv is absent: the scoring stage of this run did not write it, so no nearest reference "
        "samples can be shown."
    ),
    "neighbours.no_rows": "The neighbours table holds no rows: no sample could be placed among the reference samples.",
    "neighbours.sample_empty": "No nearest reference samples were written for this sample.",
    "neighbours.place": "Place",
    "neighbours.study": "Study",
    "neighbours.class": "Labelled as",
    "neighbours.subclass": "Kind",
    "neighbours.distance": "Distance",
    "neighbours.identity": "Identity",
    "neighbours.purity": "Purity",
    "cloud.name": "public reference: {label}",
    "cloud.caption": (
        "Small pale signs: {n} labelled public samples of {studies} studies, each scored by a model that never saw its "
        "laboratory. They show where such material lies; they are no limits."
    ),
    "cloud.no_table": (
        "The cloud of public reference samples is not drawn: the file scored_samples.tsv is not among the reference "
        "resources of this installation."
    ),
    "cloud.no_rows": "The cloud of public reference samples is not drawn: its file holds no sample with both scores.",
    "cloud.table": "Public reference samples of the figure",
    "cloud.summary": "Numbers of the public reference samples",
    "cloud.sample": "Reference sample",
    "cloud.study": "Study",
    "cloud.laboratory": "Laboratory",
    "cloud.class": "Labelled as",
    "cloud.subclass": "Kind",
    "section.agreement": "Agreement of replicates",
    "agreement.intro": (
        "Samples of one role, group, lot and process are replicates of each other. The closer their scores, the less a "
        "verdict hangs on one measurement."
    ),
    "agreement.none": (
        "No two samples share role, reference group, lot and process and differ in the column “replicate”, so there "
        "are no replicates to compare."
    ),
    "agreement.not_scored": "No sample was scored, so the scores of replicates cannot be compared.",
    "agreement.same": "In {k} of {n} groups of replicates all samples have the same verdict.",
    "agreement.alone.one": "{n} sample has no replicate and is not compared: {names}.",
    "agreement.alone.other": "{n} samples have no replicate and are not compared: {names}.",
    "agreement.title": "Scores of replicates",
    "agreement.caption": (
        "One column per group of replicates, in the order of the sample sheet; each sign is a sample with its 90% "
        "interval. Numbers are those of the table."
    ),
    "agreement.table": "Scores of replicates by group",
    "agreement.group": "Group",
    "agreement.samples": "Samples",
    "agreement.verdicts": "Verdicts",
    "agreement.identity": "Identity, lowest to highest",
    "agreement.purity": "Purity, lowest to highest",
    "agreement.shared": "Proteins in all, % of those in any",
    "agreement.correlation": "Rank correlation of mass shares (median of pairs)",
    "agreement.many": (
        "With {n} samples, more than {limit}, proteins of replicates are not compared on the page: those two columns "
        "are left out."
    ),
}

ENGLISH_RELEASE: dict[str, str] = {**_LOTS, **_COMPARABILITY, **_RISKS, **_CELLS, **_NEAREST}
