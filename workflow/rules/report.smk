report: "../report/workflow.rst"


rule report:
    input:
        samples=CONFIG["samples"],
        proteins=rules.ingest.output.proteins,
        abundance=rules.quantify.output.abundance,
        score=rules.score.output,
        species=rules.quantify.output.species,
        markers=rules.profile.output.markers,
        families=rules.profile.output.families,
        compartments=rules.profile.output.compartments,
        scores=rules.score.output.scores,
        contributions=rules.score.output.contributions,
        specification=rules.release.output.specification,
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
        runtime=30,
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


onsuccess:
    page = Path(rules.report.output.page)
    if page.is_file():
        print(f"sEVident: the report is {page.resolve()}", file=sys.stderr)


onerror:
    print(f"sEVident: stopped by an error; the message above stands in {LOGS}/ too", file=sys.stderr)
