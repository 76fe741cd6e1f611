rule profile:
    input:
        samples=CONFIG["samples"],
        abundance=rules.quantify.output.abundance,
        proteins=rules.ingest.output.proteins,
        fasta=searched_databases,
    output:
        markers=report(
            f"{TABLES}/markers.tsv",
            caption="../report/markers.rst",
            category="Tables",
            labels={"table": "markers", "one row per": "sample, panel and gene"},
        ),
        families=report(
            f"{TABLES}/families.tsv",
            caption="../report/families.rst",
            category="Tables",
            labels={"table": "marker families", "one row per": "sample and panel"},
        ),
        compartments=report(
            f"{TABLES}/compartments.tsv",
            caption="../report/compartments.rst",
            category="Tables",
            labels={"table": "compartments", "one row per": "sample and compartment"},
        ),
        warnings=f"{WARNINGS}/profile.tsv",
    log:
        f"{LOGS}/profile.log",
    benchmark:
        f"{BENCHMARKS}/profile.tsv"
    conda:
        "../../envs/sevident.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000, per_input_mb=60),
        runtime=duration(10, per_mb=0.002),
    params:
        settings=profile_settings,
        organism=CONFIG["organism"],
        inputs=list(INPUTS),
        fingerprint=fingerprint("panels", "reference"),
        version=sevident.__version__,
    message:
        "measuring the marker families"
    shell:
        "python -m sevident profile --settings {params.settings:q} --samples {input.samples:q}"
        " --abundance {input.abundance:q} --proteins {input.proteins:q}"
        " --markers {output.markers:q} --families {output.families:q} --compartments {output.compartments:q}"
        " --warnings {output.warnings:q} 2> {log:q}"
