rule score:
    input:
        samples=CONFIG["samples"],
        abundance=rules.quantify.output.abundance,
        markers=rules.profile.output.markers,
        families=rules.profile.output.families,
        compartments=rules.profile.output.compartments,
        warnings=[rules.ingest.output.warnings, rules.quantify.output.warnings, rules.profile.output.warnings],
    output:
        scores=report(
            f"{TABLES}/scores.tsv",
            caption="../report/scores.rst",
            category="Tables",
            labels={"table": "scores", "one row per": "sample"},
        ),
        contributions=report(
            f"{TABLES}/contributions.tsv",
            caption="../report/contributions.rst",
            category="Tables",
            labels={"table": "contributions", "one row per": "sample, quantity and term"},
        ),
        subtypes=report(
            f"{TABLES}/subtypes.tsv",
            caption="../report/subtypes.rst",
            category="Tables",
            labels={"table": "subtypes", "one row per": "sample and exploratory axis"},
        ),
        neighbours=report(
            f"{TABLES}/neighbours.tsv",
            caption="../report/neighbours.rst",
            category="Tables",
            labels={"table": "neighbours", "one row per": "sample and nearest reference sample"},
        ),
        warnings=f"{WARNINGS}/score.tsv",
    log:
        f"{LOGS}/score.log",
    benchmark:
        f"{BENCHMARKS}/score.tsv"
    conda:
        "../../envs/sevident.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000, per_input_mb=60),
        runtime=duration(10, per_mb=0.002),
    params:
        settings=as_json(
            organism=CONFIG["organism"],
            inputs=[{"name": name} for name in INPUTS],
            bootstrap=CONFIG["bootstrap"],
            seed=CONFIG["seed"],
        ),
        fingerprint=fingerprint("panels", "reference"),
        version=sevident.__version__,
    message:
        "scoring identity and purity"
    shell:
        "python -m sevident score --settings {params.settings:q} --samples {input.samples:q}"
        " --abundance {input.abundance:q} --markers {input.markers:q} --families {input.families:q}"
        " --compartments {input.compartments:q} --warnings-in {input.warnings:q}"
        " --scores {output.scores:q} --contributions {output.contributions:q}"
        " --subtypes {output.subtypes:q} --neighbours {output.neighbours:q}"
        " --warnings {output.warnings:q} 2> {log:q}"
