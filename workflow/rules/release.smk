rule release:
    input:
        samples=CONFIG["samples"],
        proteins=rules.ingest.output.proteins,
        abundance=rules.quantify.output.abundance,
        species=rules.quantify.output.species,
        scores=rules.score.output.scores,
        families=rules.profile.output.families,
        markers=rules.profile.output.markers,
        compartments=rules.profile.output.compartments,
        specifications=CONFIG["specifications"],
        fasta=searched_databases,
    output:
        specification=report(
            f"{TABLES}/specification.tsv",
            caption="../report/specification.rst",
            category="Tables",
            labels={"table": "specification", "one row per": "sample or lot, and criterion"},
        ),
        source_cell=report(
            f"{TABLES}/source_cell.tsv",
            caption="../report/source_cell.rst",
            category="Tables",
            labels={"table": "source cell", "one row per": "sample and panel"},
        ),
        lots=report(
            f"{TABLES}/lots.tsv",
            caption="../report/lots.rst",
            category="Tables",
            labels={"table": "lots", "one row per": "study or lot, and quantity"},
        ),
        comparability=report(
            f"{TABLES}/comparability.tsv",
            caption="../report/comparability.rst",
            category="Tables",
            labels={"table": "comparability", "one row per": "pair of processes, and quantity"},
        ),
        risks=report(
            f"{TABLES}/risks.tsv",
            caption="../report/risks.rst",
            category="Tables",
            labels={"table": "risks", "one row per": "sample and item"},
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
        runtime=duration(10, per_mb=0.002),
    params:
        settings=release_settings,
        configured=configured_release,
        fingerprint=fingerprint("panels"),
        version=sevident.__version__,
    message:
        "holding the preparations against the specifications and gathering the risks"
    shell:
        "python -m sevident release --settings {params.settings:q} --samples {input.samples:q}"
        " --proteins {input.proteins:q} --abundance {input.abundance:q} --species {input.species:q}"
        " --scores {input.scores:q} --families {input.families:q} --markers {input.markers:q}"
        " --compartments {input.compartments:q} --specifications {input.specifications:q}"
        " --specification {output.specification:q} --source-cell {output.source_cell:q} --lots {output.lots:q}"
        " --comparability {output.comparability:q} --risks {output.risks:q}"
        " --warnings {output.warnings:q} 2> {log:q}"
