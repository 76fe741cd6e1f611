rule ingest_input:
    input:
        results=search_results,
        fasta=searched_database,
    output:
        proteins=f"{RESULTS}/inputs/{{source}}.proteins.parquet",
        features=f"{RESULTS}/inputs/{{source}}.features.parquet",
        warnings=f"{RESULTS}/inputs/{{source}}.warnings.tsv",
    log:
        f"{LOGS}/ingest_input.{{source}}.log",
    benchmark:
        f"{BENCHMARKS}/ingest_input.{{source}}.tsv"
    # of this rule, and not of the workflow, which may hold several studies
    wildcard_constraints:
        source="|".join(map(re.escape, INPUTS)),
    conda:
        "../../envs/sevident.yaml"
    threads: 1
    resources:
        mem_mb=memory_of_reading,
        runtime=duration(20, per_mb=0.02),
    params:
        settings=input_settings,
        configured=configured_input,
        fingerprint=fingerprint(rooms=("readers",)),
        version=sevident.__version__,
    message:
        "reading the search results of {wildcards.source}"
    shell:
        "python -m sevident ingest-input --settings {params.settings:q}"
        " --output-proteins {output.proteins:q} --output-features {output.features:q}"
        " --warnings {output.warnings:q} 2> {log:q}"


rule ingest:
    input:
        samples=CONFIG["samples"],
        proteins=per_input("proteins.parquet"),
        features=per_input("features.parquet"),
        warnings=per_input("warnings.tsv"),
    output:
        proteins=f"{TABLES}/proteins.parquet",
        features=f"{TABLES}/features.parquet",
        warnings=f"{WARNINGS}/ingest.tsv",
    log:
        f"{LOGS}/ingest.log",
    benchmark:
        f"{BENCHMARKS}/ingest.tsv"
    conda:
        "../../envs/sevident.yaml"
    threads: 1
    resources:
        mem_mb=memory_of_tables,
        runtime=duration(10, per_mb=0.002),
    params:
        settings=as_json(inputs=list(INPUTS)),
        fingerprint=fingerprint(rooms=("readers",)),
        version=sevident.__version__,
    message:
        "joining the inputs with the sample sheet"
    shell:
        "python -m sevident ingest --settings {params.settings:q} --samples {input.samples:q}"
        " --inputs-proteins {input.proteins:q} --inputs-features {input.features:q}"
        " --inputs-warnings {input.warnings:q} --proteins {output.proteins:q} --features {output.features:q}"
        " --warnings {output.warnings:q} 2> {log:q}"
