"""The page in English: lists, paging, print, signatures, the model card, remarks on the tables' own language."""

from __future__ import annotations

ENGLISH_FORM: dict[str, str] = {
    # how words and sentences are strung together
    "list.comma": ", ",
    "list.semicolon": "; ",
    "list.sentences": " ",
    "list.stop": ".",
    "list.rest": "{names}, +{n}",
    "list.colon": "{name}: {text}",
    "list.unit": "{value} {unit}",
    # text of the tables on a page in another language
    "page.tables_language": (
        "Sentences marked [EN] stand in the tables, in English, and are shown as they are; numbers are the same in all "
        "languages."
    ),
    "page.as_in_table": "[EN]",
    # what the summary says of lots, processes and risks
    "know.lots.one": "{n} value of a lot lies outside its control limits (see Lots).",
    "know.lots.other": "{n} values of lots lie outside their control limits (see Lots).",
    "know.processes": "Processes {pair}: {result} (see Comparability of processes).",
    "know.pairs": "{count} pairs of processes: {result} (see Comparability of processes).",
    "know.risks.one": "{n} item of risk was found with moderate or strong evidence (see Risks): {items}.",
    "know.risks.other": (
        "{n} items of risk were found with moderate or strong evidence (see Risks), among them: {items}."
    ),
    "warnings.original": "In the table",
    "sheet.group": "group",
    "sheet.lot": "lot",
    "sheet.process": "process",
    "sheet.replicate": "replicate",
    "stage.configuration": "configuration",
    "stage.samples": "sample sheet",
    "stage.ingest": "reading",
    "stage.quantify": "quantities",
    "stage.profile": "marker profile",
    "stage.score": "scores",
    "stage.release": "release",
    # tables of many rows
    "paging.label": "Rows of the table",
    "paging.shown": "rows {first} to {last} of {total}",
    "paging.previous": "Previous",
    "paging.next": "Next",
    "paging.print": "All {total} rows are printed.",
    "figure.save": "Save the figure (SVG)",
    "control.verdicts_page": "{shown} of {total} samples fit",
    # print
    "print.page": "Page",
    "print.of": "of",
    "print.running": "sEVident {version} · {study} · {time}",
    "print.note": "In print all folded parts are open and all rows of the tables are shown.",
    "print.note_as_opened": (
        "A study of this size would fill hundreds of sheets: of the folded parts only those that were opened on the "
        "page are printed, with all rows of their tables. Open what is to be printed."
    ),
    "section.signatures": "Signatures of the quality unit",
    "signatures.intro": (
        "To be filled in on paper. The signatures confirm that this report was read and judged by people; sEVident "
        "makes no decision on release."
    ),
    "signatures.table": "Signatures",
    "signatures.role": "Role",
    "signatures.name": "Name",
    "signatures.date": "Date",
    "signatures.signature": "Signature",
    "signatures.prepared": "Prepared",
    "signatures.reviewed": "Reviewed",
    "signatures.approved": "Approved",
    # model card
    "section.card": "Model card",
    "card.intro": "What the scoring model was fitted on, how it was judged, and where it fails.",
    "card.facts": "Facts of the scoring model",
    "card.fact": "Fact",
    "card.value": "Value",
    "card.version": "Version of the model's format",
    "card.samples": "Labelled samples it was fitted on",
    "card.samples_of": "of these, {label}",
    "card.samples_from.one": "{samples} from {n} study",
    "card.samples_from.other": "{samples} from {n} studies",
    "card.absent": (
        "The file model_card.md is not among the reference resources of this installation: how the model was judged "
        "cannot be shown here."
    ),
    "card.original": "The card itself, as the program that made the model wrote it (in English)",
    # glossary of the new sections
    "glossary.no_value.term": "—",
    "glossary.no_value.text": "No value: it was not measured, or cannot be had. It is never a zero.",
    "glossary.lot.term": "Lot",
    "glossary.lot.text": "What was made in one run of production; the sample sheet says which samples belong to a lot.",
    "glossary.control_limits.term": "Control limits",
    "glossary.control_limits.text": "The range in which a lot's mean is expected when nothing has changed.",
    "glossary.equivalence_margin.term": "Equivalence margin",
    "glossary.equivalence_margin.text": "The largest difference between two processes that counts as no difference.",
    "glossary.cv.term": "CV",
    "glossary.cv.text": "Coefficient of variation: standard deviation in per cent of the mean.",
    "glossary.sd.term": "SD",
    "glossary.sd.text": "Standard deviation.",
}
