from snakemake.utils import min_version

min_version("9.20")


# another configuration replaces the example's instead of being laid over it: a key left out must not come from there
if not workflow.overwrite_configfiles:

    configfile: "config/config.yaml"


include: "workflow/rules/common.smk"
include: "workflow/rules/ingest.smk"
include: "workflow/rules/quantify.smk"
include: "workflow/rules/profile.smk"
include: "workflow/rules/score.smk"
include: "workflow/rules/release.smk"
include: "workflow/rules/report.smk"
include: "workflow/rules/reference.smk"


rule all:
    default_target: True
    input:
        rules.report.output,
        rules.export.output,
        rules.quantify.output,
        rules.profile.output,
        rules.score.output,
        rules.release.output,
