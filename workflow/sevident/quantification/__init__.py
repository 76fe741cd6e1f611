"""From runs to samples and from intensities to shares: pure functions on tables.

``runs`` takes the long protein table apart, ``merge`` joins the runs of a sample (fractions and technical replicates),
``abundance`` turns summed intensities into mass and molar fractions, ``lfq`` shifts samples onto one scale for lot
comparison alone, ``checks`` finds tables that were edited after the search (imputed, filtered, normalised).
"""
