rule quantify:
    input:
        samples=CONFIG["samples"],
        proteins=rules.ingest.output.proteins,
        features=rules.ingest.output.features,
        fasta=searched_databases,
        sequences=CONFIG["species_sequences"],
    output:
        abundance=f"{TABLES}/abundance.parquet",
        species=report(
            f"{TABLES}/species.tsv",
            caption="../report/species.rst",
            category="Tables",
            labels={"table": "species", "one row per": "sample and species"},
        ),
        inference=report(
            f"{TABLES}/inference.tsv",
            caption="../report/inference.rst",
            category="Tables",
            labels={"table": "inference", "one row per": "input and protein"},
        ),
        warnings=f"{WARNINGS}/quantify.tsv",
    log:
        f"{LOGS}/quantify.log",
    benchmark:
        f"{BENCHMARKS}/quantify.tsv"
    conda:
        "../../envs/sevident.yaml"
    threads: 1
    resources:
        mem_mb=memory_of_tables,
        runtime=duration(20, per_mb=0.01),
    params:
        settings=quantify_settings,
        configured=configured_quantities,
        fingerprint=fingerprint("panels"),
        version=sevident.__version__,
    message:
        "quantifying the proteins of each sample"
    shell:
        "python -m sevident quantify --settings {params.settings:q} --samples {input.samples:q}"
        " --proteins {input.proteins:q} --features {input.features:q}"
        " --abundance {output.abundance:q} --species {output.species:q}"
        " --inference {output.inference:q} --warnings {output.warnings:q} 2> {log:q}"
