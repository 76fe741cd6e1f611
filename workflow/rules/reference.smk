rule reference:
    """On request only: rebuild the reference profiles and the model card from labelled public studies."""
    input:
        labels=reference_source("labels"),
        studies=reference_source("studies"),
    output:
        directory("results/reference"),
    log:
        "results/logs/reference.log",
    benchmark:
        "results/benchmarks/reference.tsv"
    conda:
        "../../envs/sevident.yaml"
    threads: 1
    resources:
        mem_mb=memory(4000),
        runtime=120,
    params:
        version=sevident.__version__,
    message:
        "rebuilding the reference profiles"
    shell:
        "python -m sevident reference --labels {input.labels:q} --studies {input.studies:q} --output {output:q} 2> {log:q}"
