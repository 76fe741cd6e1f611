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
        fingerprint=fingerprint("panels"),
        version=sevident.__version__,
    message:
        "rebuilding the reference profiles"
    shell:
        "python -m sevident reference --labels {input.labels:q} --studies {input.studies:q} --output {output:q} 2> {log:q}"


rule evaluate:
    """On request only: judge the scores on labelled public studies, each laboratory left out in turn."""
    input:
        labels=reference_source("labels"),
        studies=reference_source("studies"),
    output:
        directory("results/evaluation"),
    log:
        "results/logs/evaluation.log",
    benchmark:
        "results/benchmarks/evaluation.tsv"
    conda:
        "../../envs/sevident.yaml"
    threads: 1
    resources:
        mem_mb=memory(4000),
        runtime=120,
    params:
        fingerprint=fingerprint("panels"),
        version=sevident.__version__,
    message:
        "judging the scores on laboratories left out"
    shell:
        "python -m sevident evaluate --labels {input.labels:q} --studies {input.studies:q} --output {output:q} 2> {log:q}"
