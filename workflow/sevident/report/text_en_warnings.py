"""What each warning means, by its code, in English.

The tables hold whole sentences in English, with their numbers, and the English page shows those. A page in another
language shows the entry of the code, translated, and the table's sentence beneath it, marked as English. ``{subject}``
is what the warning is about, ``{count}`` its count.
"""

from __future__ import annotations

_SHEET_AND_INPUT: dict[str, str] = {
    "warning.no_memberships": (
        "The reference holds no memberships: every protein counts whole for one compartment, and actin, annexins and "
        "other proteins that are partly vesicular do not count as vesicular."
    ),
    "warning.organism_without_panels": (
        "The marker registry has no accessions for this organism. Markers are found by gene symbol alone, and "
        "differently named genes are missed."
    ),
    "warning.sheet_column_unread": "A column of the sample sheet is not read. Its name resembles one that is.",
    "warning.sheet_delimiter": "The sample sheet is not separated by tabs; it was read with the separator found.",
    "warning.sheet_encoding": "The sample sheet is not in UTF-8; it was read in the encoding found.",
    "warning.sheet_sdrf": "The sample sheet is in the SDRF-Proteomics format ({count} rows) and was translated.",
    "warning.no_preparation": "No sample has the role “preparation”: nothing is judged.",
    "warning.long_name": "The sample name has {count} characters; such a name is hard to show.",
    "warning.unused_reference": "This reference sample is compared with no preparation: none is in its group.",
    "warning.runs_left_out": "{count} runs of the input are not named in the sample sheet and were left out.",
    "warning.runs_not_in_sheet": "{count} runs of the tables are not named in the sample sheet and were left out.",
    "warning.format_recognised": "The format of the input was recognised by its content.",
    "warning.normalised_quantity": "The quantities of the input were normalised by the search engine.",
    "warning.normalisation_unknown": "The input does not say whether its quantities were normalised.",
    "warning.quantity_maybe_normalised": "The quantities of the input may have been normalised by the search engine.",
    "warning.quantity_from_ibaq": "The input has no plain intensities; iBAQ values were used.",
    "warning.single_run": "The input does not tell its runs apart; it is read as one run.",
    "warning.spectral_counts_only": "The input has no intensities; spectral counts are used.",
    "warning.counts_missing": "Counts of peptides or spectra are missing for {count} runs.",
    "warning.channels": "The input is multiplexed; each of {count} labels is read as a run of its own.",
    "warning.reporter_ions": "The input holds reporter ions; each of {count} labels is read as a run of its own.",
    "warning.reporter_ions_ignored": "The input holds reporter ions, which were not read.",
    "warning.ratios_not_read": "The input states ratios, which are no amounts and were not read.",
    "warning.study_variables_as_runs": "The input gives amounts of groups of runs only; each group is read as one run.",
    "warning.runs_are_fractions": "The columns of the input may be fractions of one sample.",
    "warning.runs_are_raw_files": "Runs are named by raw file; {count} were matched to the sample sheet.",
    "warning.no_quantity": "The input holds no quantities.",
    "warning.identifications_only": "The input holds identifications without quantities.",
    "warning.scale_assumed": "The values are taken to be on a linear scale.",
    "warning.looks_logarithmic": "The values look as if they were logarithms; state their scale in the configuration.",
    "warning.spreadsheet_errors": "{count} cells hold an error of a spreadsheet and are read as missing.",
    "warning.perseus_rows": "{count} annotation rows of Perseus are skipped.",
    "warning.scores_unusable": "The scores of the engine could not be read as numbers and are not used.",
    "warning.short_rows": "{count} rows have fewer cells than the header; what is missing is read as empty.",
    "warning.ms1_and_ms2": "The input holds precursor and fragment areas; they are not added together.",
    "warning.standards": "{count} rows are of standards and are not read as the sample's own.",
    "warning.fragment_rows": "The input has one row per fragment ion.",
    "warning.fragments_excluded": "{count} fragment rows are marked as excluded from quantification and not counted.",
}

_ROWS: dict[str, str] = {
    "warning.decoys_removed": "{count} decoy entries were left out.",
    "warning.decoys_like_targets": "{count} decoy rows have the sequence of a target and were left out.",
    "warning.no_decoys": "The input holds no decoys; its error rate cannot be checked.",
    "warning.no_contaminants": "The input marks no contaminants; they may have been removed before.",
    "warning.only_by_site_removed": "{count} entries identified only by a modification site were left out.",
    "warning.not_master_removed": "{count} entries that repeat the protein of their group were left out.",
    "warning.details_removed": "{count} rows that repeat a protein of a group were left out.",
    "warning.rows_without_protein": "{count} rows without a protein were left out.",
    "warning.rows_without_peptide": "{count} peptide rows without a sequence were left out.",
    "warning.rows_without_quantity": "{count} rows have no quantity; they count as not measured.",
    "warning.precursors_without_quantity": "{count} precursor rows have no quantity and were left out.",
    "warning.peptides_without_quantity": "{count} peptides have no quantity; they count as not measured.",
    "warning.peptides_without_protein": "{count} peptides belong to no protein and were left out.",
    "warning.peptides_of_other_proteins": "{count} peptides belong to proteins that are not in the table of proteins.",
    "warning.peptides_not_read": "The peptides of the input could not be read; proteins are used as they are.",
    "warning.spectra_of_several_rows": "{count} spectra stand in several rows and count once.",
    "warning.repeated_intensity": "{count} rows repeat an intensity that another row holds; it counts once.",
    "warning.several_intensities": "{count} precursors have several intensities in one run; the largest counts.",
    "warning.duplicated_precursors": "{count} precursors stand in several rows of one run.",
    "warning.impossible_intensity": "{count} intensities are impossible (negative or infinite) and count as missing.",
    "warning.identifier_repeated": "{count} identifiers of protein groups stand in several rows.",
    "warning.identifiers_with_two_meanings": "{count} identifiers mean different proteins in different inputs.",
    "warning.alternatives": "{count} proteins are shared by several groups.",
    "warning.alternatives_differ": "{count} alternative proteins differ in their values.",
    "warning.genes_missing": "{count} protein groups carry no gene symbol; they are matched by accession alone.",
    "warning.not_in_fasta": "{count} protein groups are not in the database that was given.",
    "warning.accessions_not_in_fasta": "{count} accessions are not in the database that was given.",
    "warning.contaminants_process": "{count} protein groups are tagged as contaminants of the process.",
    "warning.contaminants_serum": "{count} protein groups are tagged as proteins of culture serum.",
    "warning.contaminants_ambiguous": "{count} protein groups are tagged as contaminants of ambiguous origin.",
    "warning.contaminant_tags_differ": "{count} protein groups are tagged differently in different inputs.",
    "warning.proteins_of_probability_zero": "{count} proteins have a probability of zero and were left out.",
}

_ERROR_RATES: dict[str, str] = {
    "warning.no_threshold": "The file states no threshold; all identifications are read.",
    "warning.no_q_value": "The input holds no q-values of peptides.",
    "warning.no_q_values": "The input holds no q-values; {count} identifications are unfiltered.",
    "warning.no_group_q_value": "The input holds no q-values of protein groups.",
    "warning.q_values_unusable": "{count} q-values lie outside 0 to 1 and are not used.",
    "warning.hits_of_lower_rank": "{count} rows are not the best hit of their spectrum and do not count.",
    "warning.hits_below_threshold": "{count} rows are below the threshold of the file and do not count.",
    "warning.peptides_over_q_value": "{count} peptide rows are above the limit of the q-value and do not count.",
    "warning.precursors_over_q_value": "{count} precursor rows are above the limit of the q-value and were left out.",
    "warning.groups_over_q_value": "{count} rows of groups are above the limit of the q-value and do not count.",
    "warning.proteins_over_q_value": "{count} proteins are above the limit of the q-value.",
    "warning.peptide_error_rate": "Peptides are held to the error rate of the configuration; {count} rows were lost.",
    "warning.protein_error_rate": "Protein groups are held to the configured error rate; {count} groups were lost.",
    "warning.no_peptide_error_rate": "No error rate of peptides is asked for, or none can be judged.",
    "warning.no_protein_error_rate": "No error rate of protein groups is asked for; all of them are used.",
    "warning.protein_error_rate_unknown": "The error rate of protein groups cannot be judged: no decoys with scores.",
    "warning.few_peptides_for_error_rate": "In {count} runs there are too few peptides for the error rate asked for.",
    "warning.error_rate_of_engine": "The error rate is the search engine's; it cannot be checked here.",
    "warning.proteins_of_engine": "Protein groups are those of the search engine.",
    "warning.proteins_from_peptides": "The proteins were made from the peptides of the input.",
    "warning.proteins_rolled_up": "The amounts of {count} protein groups were added up from their peptides.",
    "warning.proteins_inferred": "{count} protein groups were inferred from peptides by parsimony.",
    "warning.protein_inference": "{count} protein groups were inferred from peptides by parsimony.",
    "warning.razor_peptides": "{count} peptides fit several groups and count for the one with most peptides.",
}

_MEASURED: dict[str, str] = {
    "warning.imputed": (
        "Missing values of this table seem to have been imputed. What stands there at low intensity may not have been "
        "measured; intervals are widened."
    ),
    "warning.no_blanks": (
        "The table has no blanks where blanks are expected. The absence of a marker cannot be judged from it."
    ),
    "warning.rows_filtered": "The table seems to be cut down to a part of its proteins; shares and ranks say less.",
    "warning.albumin_removed": "Albumin is missing from the table although other serum proteins are in it.",
    "warning.contaminants_removed": "Contaminants seem to have been removed from the table.",
    "warning.quantile_normalised": "The runs seem to be quantile normalised, which hides changes of composition.",
    "warning.equal_totals": "The runs have equal totals: they were scaled to one sum.",
    "warning.equal_medians": "The runs have equal medians: they were normalised, which hides changes of composition.",
    "warning.few_proteins": "Only {count} protein groups were measured in this sample; absence says nothing there.",
    "warning.empty_sample": "No protein was measured in this sample; nothing can be said about it.",
    "warning.process_contaminants": "{count} protein groups are process contaminants and no part of the composition.",
    "warning.spectral_counts": "{count} samples have no intensities; their shares are those of spectral counts.",
    "warning.no_sequence_lengths": "The inputs give no sequence lengths, so there are no molar shares.",
    "warning.no_lengths": "Sequence lengths are unknown, so there are no molar shares.",
    "warning.molar_basis": "Molar shares rest on the lengths or observable peptides of {count} protein groups.",
    "warning.sequence_length_filled": "{count} protein groups have no length; the median length was used for them.",
    "warning.observable_peptides_filled": "{count} protein groups have no observable peptides; a number was filled in.",
    "warning.replicates_averaged": "{count} samples have technical replicates; geometric means are used.",
    "warning.fractions_added": "{count} samples consist of fractions, which were added up.",
    "warning.inputs_joined": "{count} samples draw on several inputs, which were joined by protein group.",
    "warning.measured_in_part_of_replicates": "{count} values rest on a part of the technical replicates.",
    "warning.directlfq_not_installed": "directLFQ is not installed, so lots cannot be compared by normalised amounts.",
    "warning.lfq_not_settled": "The label-free quantities of {count} runs did not settle.",
    "warning.lfq_without_common_peptides": "{count} values have no peptides in common with other runs.",
    "warning.no_own_sequences": "The databases lack sequences of the study's organism; species cannot be told apart.",
    "warning.other_species_taken_off": "{count} protein groups were relieved of the peptides of other species.",
    "warning.only_other_species": "{count} protein groups were of another species alone.",
    "warning.groups_of_two_species": "{count} protein groups hold proteins of two species.",
    "warning.serum_load_bovine": "Bovine protein was found in {count} samples (see Species).",
    "warning.bovine_not_searched": "{count} samples were not searched for bovine protein; their serum load is unknown.",
    "warning.platelet_proteins": (
        "Platelet proteins are high in sample {subject}. They may come from platelets or from human platelet lysate in "
        "the medium; no peptide tells which. Compare with the medium alone."
    ),
    "warning.markers_found": "{count} markers of the registry were found.",
    "warning.members_not_listed": "{count} marker entries are not listed one by one.",
    "warning.no_marker_matched": "None of {count} protein groups is a marker of any panel; nothing can be judged.",
    "warning.groups_not_matchable": "{count} protein groups have neither gene symbol nor accession and match no panel.",
    "warning.mostly_unexplained": "Most of the protein mass of sample {subject} belongs to no compartment.",
}

_JUDGED: dict[str, str] = {
    "warning.indeterminate": "{count} samples are not decidable; each verdict's reason says why.",
    "warning.no_reference_supplied": (
        "{count} preparations have no reference of their own study and are judged against public references alone."
    ),
    "warning.outside_domain": "{count} samples lie outside what the reference studies have shown.",
    "warning.no_specification": "The configuration names no specification: nothing was held against criteria.",
    "warning.not_tested": "{count} results of {subject} are not tested: the sample sheet has no measurement.",
    "warning.samples_without_lot": "{count} samples have no lot and take no part in the comparison of lots.",
    "warning.samples_without_process": "{count} samples have no process and take no part in the comparison.",
    "warning.lfq_absent": "There are no amounts that are comparable between samples, so shares are compared instead.",
    "warning.one_process": "There are not two processes, so nothing was compared.",
    "warning.one_lot": "There is one lot: nothing can be said about how much lots differ.",
    "warning.lots_of_several_processes": (
        "The lots are of {count} processes: the variation between lots holds the difference between processes."
    ),
    "warning.lots_without_replicates": (
        "No lot has two samples: variation between lots holds the variation within lots as well."
    ),
    "warning.few_qualified_lots": (
        "{count} qualified lots are too few for control limits; limits are taken from all lots."
    ),
    "warning.lot_out_of_control": "Lot {subject} lies outside its control limits in {count} quantities.",
    "warning.no_source_cell": "No source cell is declared: signs of cells are listed and not judged.",
    "warning.source_cell_unknown": "Nothing is known of what to expect of the declared source cell.",
    # shown for a code that has no entry of its own
    "warning.unknown": "A remark of the stage; see the sentence in the table.",
}

ENGLISH_WARNINGS: dict[str, str] = {**_SHEET_AND_INPUT, **_ROWS, **_ERROR_RATES, **_MEASURED, **_JUDGED}
