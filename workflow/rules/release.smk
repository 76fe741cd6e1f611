rule release:
    input:
        samples=CONFIG["samples"],
        scores=rules.score.output.scores,
        families=rules.profile.output.families,
        markers=rules.profile.output.markers,
        compartments=rules.profile.output.compartments,
        specifications=CONFIG["specifications"],
    output:
        specification=report(
            f"{TABLES}/specification.tsv",
            caption="../report/specification.rst",
            category="Tables",
            labels={"table": "specification", "one row per": "sample and criterion"},
        ),
        warnings=f"{WARNINGS}/release.tsv",
    log:
        f"{LOGS}/release.log",
    benchmark:
        f"{BENCHMARKS}/release.tsv"
    conda:
        "../../envs/sevident.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000, per_input_mb=60),
        runtime=30,
    params:
        settings=as_json(
            study=CONFIG["study"],
            organism=CONFIG["organism"],
            inputs=[{"name": name} for name in INPUTS],
        ),
        fingerprint=fingerprint("panels"),
        version=sevident.__version__,
    message:
        "holding the preparations against the specifications"
    shell:
        "python -m sevident release --settings {params.settings:q} --samples {input.samples:q}"
        " --scores {input.scores:q} --families {input.families:q} --markers {input.markers:q}"
        " --compartments {input.compartments:q} --specifications {input.specifications:q}"
        " --specification {output.specification:q} --warnings {output.warnings:q} 2> {log:q}"
