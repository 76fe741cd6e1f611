"""From peptides to proteins, from runs to samples and from intensities to shares: pure functions on tables.

``peptides`` takes the peptide table apart, ``fdr`` judges error rates, ``inference`` and ``grouping`` say which protein
group a peptide counts for, ``rollup`` decides whether the engine's protein table stays and sums it anew where not.
``database`` holds the searched sequences, ``scan`` the peptide table in DuckDB, ``sequences`` where peptides occur;
``species`` and ``origin`` sort them by species and take other species off, ``ibaq`` makes iBAQ and Top3, ``ions`` joins
the ions of samples for ``lfq``.
``runs`` takes the long protein table apart, ``merge`` joins the runs of a sample (fractions and technical replicates),
``abundance`` turns summed intensities into mass and molar fractions, ``lfq`` shifts samples onto one scale for lot
comparison alone, ``checks`` finds tables that were edited after the search (imputed, filtered, normalised).
"""
