"""The checked configuration, places, settings and input functions that the files of rules share."""

import functools
import hashlib
import json
import logging
import math
import os
import re
import shutil
import sys
import tempfile
import time
from pathlib import Path

# The package stands beside the rules; where the rules alone were fetched, the installed package serves.
PACKAGE = Path(workflow.current_basedir.get_path_or_uri(secret_free=True)).parent
if (PACKAGE / "sevident").is_dir() and str(PACKAGE) not in sys.path:
    sys.path.insert(0, str(PACKAGE))

import sevident
from sevident import configuration, progress
from sevident.cli import RESOURCES
from sevident.errors import ConfigurationError, SevidentError
from sevident.report.exports.stage import FILES as EXPORTS
from sevident.samples import read_samples

STARTED = time.time()


def is_news(record):
    """The stages speak for themselves, a line each; a dry run, which runs none, shows Snakemake's own words."""
    return workflow.dryrun or progress.is_news(record)


logging.getLogger("snakemake.logging").addFilter(is_news)


def checked(raw):
    """The configuration with its defaults. What is wrong with it or the sample sheet ends Snakemake with our message."""
    sources = [Path(path) for path in workflow.configfiles]
    source = ", ".join(map(shown, sources)) or "the configuration"
    try:
        # Snakemake has read the files already, and of a key that stands in one twice it kept the last
        for path in sources:
            configuration.parse(path)
        settings = configuration.resolve(raw, source)
        # a workflow that uses this one as a module may make the files first
        check_paths(settings, source)
        if workflow.modifier.is_main_snakefile():
            configuration.check_files(settings, source)
        if Path(settings["samples"]).is_file():
            read_samples(settings["samples"], [item["name"] for item in settings["inputs"]])
    except SevidentError as error:
        raise SystemExit(str(error)) from None
    return settings


def check_paths(settings, source):
    """Snakemake takes braces in a path for wildcards, and a command takes a leading '-' for an option."""
    for key, path in configuration.files(settings):
        if set("{}\n\r") & set(path) or path.startswith("-"):
            raise ConfigurationError(
                "a path of the configuration cannot be used",
                where=f"{source}, key '{key}'",
                found=repr(path),
                expected="a path without '{', '}' and line breaks that does not begin with '-'",
                advice="rename the file, or write './' before it" if path.startswith("-") else "rename the file",
            )


def nearest(folder):
    """The folder itself or the nearest one above it that exists."""
    return next(path for path in (Path(folder), *Path(folder).absolute().parents) if path.exists())


def check_writable(folder):
    """The results can be written, and there is room for them; said before anything runs."""
    there = nearest(folder)
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        error = ConfigurationError(
            "the results cannot be written",
            where=shown(there),
            found="a read-only file system, or a folder of somebody else" if there.is_dir() else "a file, not a folder",
            advice="run in a folder of your own, or name one: snakemake --directory FOLDER",
        )
        raise SystemExit(str(error))
    full = list(full_disks())
    if full:
        raise SystemExit("\n".join(full))


def full_disks():
    """What to say of disks without room: a stage's own message may have found none in its log."""
    for what, folder in {"results": nearest(RESULTS), "temporary files": tempfile.gettempdir()}.items():
        if shutil.disk_usage(folder).free < 1_000_000:
            yield f"sEVident: No space left on the disk of the {what} ({shown(folder)}); make room and run again"


def shown(path):
    """A path as short as it can be said: relative where it lies below the working directory."""
    path = Path(path)
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


def check_python():
    """Executors that submit jobs put the path of Python into a command line without quotation marks."""
    if workflow.non_local_exec and len(sys.executable.split()) > 1:
        error = ConfigurationError(
            "jobs cannot be submitted with this Python: there is a blank in its path",
            found=sys.executable,
            advice="install sEVident in a folder whose path holds no blank; the study's own folder may hold one",
        )
        raise SystemExit(str(error))


onstart:
    check_python()


CONFIG = checked(config)
INPUTS = {item["name"]: item for item in CONFIG["inputs"]}
RESULTS = f"results/{CONFIG['study']}"
TABLES = f"{RESULTS}/tables"
WARNINGS = f"{RESULTS}/warnings"
LOGS = f"{RESULTS}/logs"
BENCHMARKS = f"{RESULTS}/benchmarks"
if workflow.modifier.is_main_snakefile():
    check_writable(RESULTS)

# A job runs in the Python that runs Snakemake, activated or not, or in its conda environment, which comes before it. This
# goes by the process environment and not by `params`, so that a checkout that was moved has nothing to do again.
for name, first in {"PATH": Path(sys.executable).parent, "PYTHONPATH": PACKAGE}.items():
    os.environ[name] = os.pathsep.join(filter(None, [str(first), os.environ.get(name)]))


def as_json(**settings):
    """Settings for the command line. A stage gets only what it needs, so that nothing else makes it run again."""
    return json.dumps(settings, sort_keys=True, ensure_ascii=False)


@functools.cache
def fingerprint(*folders, rooms=("",)):
    """A checksum of what a stage is besides its input: folders of the package's own data, and rooms of its code.

    A change of them makes it run again, whether the version was raised or not. ``rooms``: sub-packages whose code the
    stage runs, beside the modules that all stages share; every room where none is named.
    """
    package = Path(sevident.__file__).parent
    files = [path for folder in folders for path in (RESOURCES / folder).glob("*.*")]
    files += package.glob("*.py")
    files += [path for room in rooms for path in (package / room).rglob("*.*") if "__pycache__" not in path.parts]
    digest = hashlib.sha256()
    for path in sorted(set(files)):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def memory(base, per_input_mb=0.0):
    """Memory in MB for a job: a base and a share per MB of input, more at each further attempt."""

    def mem_mb(wildcards, input, attempt):
        return int((base + per_input_mb * input.size_mb) * attempt)

    return mem_mb


def memory_of_tables(wildcards, input, attempt):
    """Memory in MB for a stage that holds the protein tables, and the features a part at a time.

    Of a thousand samples with 5,000 protein groups each, markers and scores take a hundred times what the compressed
    protein tables do on the disk.
    """
    proteins, features = (
        sum(Path(path).stat().st_size for path in ([files] if isinstance(files, str) else files)) / 1e6
        for files in (input.proteins, input.features)
    )
    return int((1500 + 100 * proteins + 6 * features) * attempt)


def memory_of_reading(wildcards, input, attempt):
    """Memory in MB for reading a search result: what the configuration allows for scanning, and a share per MB of the file.

    A report of DIA-NN is read in a stream, whatever its size. A table of proteins by runs takes up to 36 times its size:
    most of its cells are zeros, two characters long.
    """
    item = INPUTS[wildcards.source]
    streamed = item["format"] == "diann" or item["path"].endswith(".parquet")
    share = (2 if streamed else 30) * input.size_mb
    return int((1000 + configuration.memory_mb(CONFIG["memory_limit"]) + share) * attempt)


def duration(base, per_mb):
    """Minutes for a job: a base and a share per MB of search results, more at each further attempt.

    Of the search results that the job goes back to, and not of its input: where several stages are one job of a cluster,
    the input of the later ones does not exist when the job is submitted, and their time would be left out.
    """

    def runtime(wildcards, attempt):
        names = [wildcards.source] if wildcards.get("source") else INPUTS
        paths = [Path(INPUTS[name]["path"]) for name in names]
        # what a workflow around this one has yet to make has no size
        size = sum(path.stat().st_size for path in paths if path.is_file())
        return math.ceil((base + per_mb * size / 1e6) * attempt)

    return runtime


def search_results(wildcards):
    return INPUTS[wildcards.source]["path"]


def searched_database(wildcards):
    return INPUTS[wildcards.source]["fasta"] or []


def searched_databases(wildcards):
    return [item["fasta"] for item in INPUTS.values() if item["fasta"]]


def per_input(ending):
    """One file per input, in the order of the configuration."""
    return expand(f"{RESULTS}/inputs/{{source}}.{ending}", source=INPUTS)


# Snakemake leaves out of its comparison with the last run what a function derives from the input files. So the settings
# that name such files go together with a parameter that holds the rest. The memory limit changes no result.
def configured_input(wildcards):
    return INPUTS[wildcards.source] | {"organism": CONFIG["organism"]}


def input_settings(wildcards, input):
    files = {"path": input.results, "fasta": str(input.fasta) or None}
    return as_json(**configured_input(wildcards) | files | {"memory_limit": CONFIG["memory_limit"]})


def configured_quantities(wildcards):
    return {"organism": CONFIG["organism"], "fdr": CONFIG["fdr"], "inputs": list(INPUTS)}


def inputs_with_databases(input):
    databases = iter(input.fasta)
    return [
        {"name": name, "path": item["path"], "fasta": next(databases) if item["fasta"] else None}
        for name, item in INPUTS.items()
    ]


def quantify_settings(wildcards, input):
    paths = {"inputs": inputs_with_databases(input), "sequences": list(input.sequences)}
    return as_json(**configured_quantities(wildcards) | paths)


def profile_settings(wildcards, input):
    return as_json(organism=CONFIG["organism"], inputs=inputs_with_databases(input))


def configured_release(wildcards):
    keys = ("study", "organism", "source_cell", "lots", "comparability")
    return {key: CONFIG[key] for key in keys} | {"inputs": list(INPUTS)}


def release_settings(wildcards, input):
    return as_json(**configured_release(wildcards) | {"inputs": inputs_with_databases(input)})


def folder_of_tables(wildcards, input):
    return str(Path(input.scores).parent)


def folder_of_exports(wildcards, output):
    return str(Path(output[0]).parent)


def reference_source(key):
    """Input function for the sources of the reference profiles, which nothing else needs."""

    def source(wildcards):
        if CONFIG["reference"][key]:
            return CONFIG["reference"][key]
        error = ConfigurationError(
            "the reference profiles cannot be rebuilt",
            where=f"key 'reference.{key}'",
            found="nothing",
            advice="snakemake reference --config 'reference={labels: LABELS.tsv, studies: FOLDER}'",
        )
        raise SystemExit(str(error))

    return source
