report: "../report/workflow.rst"


rule report:
    input:
        samples=CONFIG["samples"],
        proteins=rules.ingest.output.proteins,
        abundance=rules.quantify.output.abundance,
        species=rules.quantify.output.species,
        markers=rules.profile.output.markers,
        families=rules.profile.output.families,
        compartments=rules.profile.output.compartments,
        scores=rules.score.output.scores,
        contributions=rules.score.output.contributions,
        subtypes=rules.score.output.subtypes,
        neighbours=rules.score.output.neighbours,
        specification=rules.release.output.specification,
        source_cell=rules.release.output.source_cell,
        lots=rules.release.output.lots,
        comparability=rules.release.output.comparability,
        risks=rules.release.output.risks,
        warnings=[
            rules.ingest.output.warnings,
            rules.quantify.output.warnings,
            rules.profile.output.warnings,
            rules.score.output.warnings,
            rules.release.output.warnings,
        ],
        sources=[path for _, path in configuration.files(CONFIG)],
    output:
        page=report(
            f"{RESULTS}/report.html",
            caption="../report/report.rst",
            category="Report",
            labels={"page": "sEVident report", "study": CONFIG["study"]},
        ),
    log:
        f"{LOGS}/report.log",
    benchmark:
        f"{BENCHMARKS}/report.tsv"
    conda:
        "../../envs/sevident.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000, per_input_mb=60),
        runtime=duration(10, per_mb=0.002),
    params:
        settings=as_json(study=CONFIG["study"], language=CONFIG["report"]["language"], config=CONFIG),
        tables=folder_of_tables,
        fingerprint=fingerprint("panels", "reference"),
        version=sevident.__version__,
    message:
        "writing the report"
    shell:
        "python -m sevident report --settings {params.settings:q} --samples {input.samples:q} --tables {params.tables:q}"
        " --warnings {input.warnings:q} --sources {input.sources:q}"
        " --output {output.page:q} 2> {log:q}"


rule export:
    input:
        samples=CONFIG["samples"],
        proteins=rules.ingest.output.proteins,
        scores=rules.score.output.scores,
        tables=[
            rules.quantify.output,
            rules.profile.output,
            rules.score.output,
            rules.release.output,
        ],
        warnings=rules.report.input.warnings,
        sources=rules.report.input.sources,
    output:
        [
            report(
                f"{RESULTS}/exports/{name}",
                caption="../report/exports.rst",
                category="Exports",
                labels={"file": name, "holds": what},
            )
            for name, what in EXPORTS.items()
        ],
    log:
        f"{LOGS}/export.log",
    benchmark:
        f"{BENCHMARKS}/export.tsv"
    conda:
        "../../envs/sevident.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000, per_input_mb=60),
        runtime=duration(10, per_mb=0.002),
    params:
        settings=as_json(study=CONFIG["study"], config=CONFIG),
        tables=folder_of_tables,
        folder=folder_of_exports,
        fingerprint=fingerprint(),
        version=sevident.__version__,
    message:
        "writing the exports"
    shell:
        "python -m sevident export --settings {params.settings:q} --samples {input.samples:q} --tables {params.tables:q}"
        " --warnings {input.warnings:q} --sources {input.sources:q}"
        " --output {params.folder:q} 2> {log:q}"


onsuccess:
    page = Path(rules.report.output.page)
    scores = Path(rules.score.output.scores)
    if page.is_file() and scores.is_file():
        print(progress.closing(scores, page), file=sys.stderr)


onerror:
    for line in full_disks():
        print(line, file=sys.stderr)
    print(progress.failures(Path(LOGS), STARTED), file=sys.stderr)
