"""The command ``sevident``: one subcommand per stage, and ``inspect``, ``samplesheet``, ``check``, ``example``,
``reference`` and ``evaluate`` beside them.

The modules of the stages, and pandas with them, are imported only when their subcommand runs. An error that a user can
act on is printed as it is and ends with exit code 1; anything else is a defect and keeps its traceback.
"""

from __future__ import annotations

import argparse
import errno
import importlib
import json
import os
import signal
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from . import __version__, log, progress
from .errors import ConfigurationError, SevidentError

RESOURCES = Path(__file__).resolve().parents[2] / "resources"


class Option(NamedTuple):
    """An option that takes a path; ``many`` of them, or one that may be left out for its ``default``."""

    flag: str
    help: str
    many: bool = False
    default: Path | None = None


class Stage(NamedTuple):
    """A subcommand that calls ``module.function`` with the settings and its options, in their order here."""

    module: str
    function: str
    help: str
    options: tuple[Option, ...]


# What the machine may refuse: space, rights, a file that is not there.
_REFUSALS = (errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOENT)

_SAMPLES = Option("--samples", "the sample sheet")
_WARNINGS = Option("--warnings", "warnings of the stage, to be written")
_RESOURCES = Option("--resources", "folder of panels and reference profiles", default=RESOURCES)

STAGES = {
    "ingest-input": Stage(
        "ingest",
        "run_input",
        "read one search result",
        (
            Option("--output-proteins", "protein table of the input, to be written"),
            Option("--output-features", "peptide table of the input, to be written"),
            _WARNINGS,
        ),
    ),
    "ingest": Stage(
        "ingest",
        "run",
        "join the inputs with the sample sheet",
        (
            _SAMPLES,
            Option("--inputs-proteins", "protein tables, in the order of the inputs", many=True),
            Option("--inputs-features", "peptide tables, in the order of the inputs", many=True),
            Option("--inputs-warnings", "warnings, in the order of the inputs", many=True),
            Option("--proteins", "protein table of the study, to be written"),
            Option("--features", "peptide table of the study, to be written"),
            _WARNINGS,
        ),
    ),
    "quantify": Stage(
        "quantify",
        "run",
        "quantify the proteins of each sample",
        (
            _SAMPLES,
            Option("--proteins", "protein table"),
            Option("--features", "peptide table"),
            _RESOURCES,
            Option("--abundance", "abundance table, to be written"),
            Option("--species", "table of species, to be written"),
            Option("--inference", "table of inferred proteins, to be written"),
            _WARNINGS,
        ),
    ),
    "profile": Stage(
        "profile",
        "run",
        "measure the marker families and compartments",
        (
            _SAMPLES,
            Option("--abundance", "abundance table"),
            Option("--proteins", "protein table"),
            _RESOURCES,
            Option("--markers", "table of markers, to be written"),
            Option("--families", "table of marker families, to be written"),
            Option("--compartments", "table of compartments, to be written"),
            _WARNINGS,
        ),
    ),
    "score": Stage(
        "score",
        "run",
        "score identity and purity",
        (
            _SAMPLES,
            Option("--abundance", "abundance table"),
            Option("--markers", "table of markers"),
            Option("--families", "table of marker families"),
            Option("--compartments", "table of compartments"),
            Option("--warnings-in", "warnings of the earlier stages", many=True),
            _RESOURCES,
            Option("--scores", "table of scores, to be written"),
            Option("--contributions", "table of contributions to the scores, to be written"),
            Option("--subtypes", "table of exploratory subtype axes, to be written"),
            Option("--neighbours", "table of the nearest reference samples, to be written"),
            _WARNINGS,
        ),
    ),
    "release": Stage(
        "release.stage",
        "run",
        "hold the preparations against specifications, compare lots and processes, gather the risks",
        (
            _SAMPLES,
            Option("--proteins", "protein table"),
            Option("--abundance", "abundance table"),
            Option("--species", "table of species"),
            Option("--scores", "table of scores"),
            Option("--families", "table of marker families"),
            Option("--markers", "table of markers"),
            Option("--compartments", "table of compartments"),
            Option("--specifications", "specifications (YAML), or none", many=True),
            _RESOURCES,
            Option("--specification", "table of results, to be written"),
            Option("--source-cell", "table of signs of the source cell, to be written"),
            Option("--lots", "table of lots, to be written"),
            Option("--comparability", "table of comparability, to be written"),
            Option("--risks", "table of risks, to be written"),
            _WARNINGS,
        ),
    ),
    "report": Stage(
        "report.stage",
        "run",
        "write the report",
        (
            _SAMPLES,
            Option("--tables", "folder of the study's tables"),
            Option("--warnings", "warnings of the stages", many=True),
            _RESOURCES,
            Option("--sources", "files whose checksums the report states", many=True),
            Option("--output", "the page, to be written"),
        ),
    ),
    "export": Stage(
        "report.exports.stage",
        "run",
        "write the study in the formats of other tools",
        (
            _SAMPLES,
            Option("--tables", "folder of the study's tables"),
            Option("--warnings", "warnings of the stages", many=True),
            Option("--sources", "files whose checksums the metadata state", many=True),
            Option("--output", "folder of exports, to be written"),
        ),
    ),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code: 0, or 1 after an error whose message went to standard error."""
    args = _parser().parse_args(arguments)
    debug = getattr(args, "debug", False)
    try:
        log.start(getattr(args, "log", None), debug=debug)
        code = args.run(args) or 0
        sys.stdout.flush()  # a reader that is gone shows here and not after the end
        return code
    except SevidentError as error:
        return _refuse(error, debug)
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("sevident"):
            raise
        message = f"the Python package '{error.name}' is not installed for {sys.executable}\n  do:       make setup"
        return _refuse(SevidentError(message), debug)
    except BrokenPipeError:  # whoever reads the output, such as `head`, has enough of it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for what is flushed at the end
        return 1
    except OSError as error:
        # the machine's refusals are said plainly, with the file; a file of our own that is missing is a defect
        ours = error.filename and Path(str(error.filename)).is_relative_to(Path(__file__).parent)
        if ours or error.errno not in _REFUSALS:
            raise
        # libraries that write for us do not always say where
        where = str(error.filename) if error.filename else None
        found = error.strerror if error.filename else str(error)
        return _refuse(SevidentError("a file cannot be read or written", where=where, found=found), debug)
    except MemoryError:
        problem = "the memory does not suffice"
        advice = (
            "lower the key 'memory_limit', or run on a machine with more; on a cluster the job is tried again with more"
        )
        return _refuse(SevidentError(problem, advice=advice), debug)
    except Exception as error:
        refusal = _refusal_of_duckdb(error)
        if refusal is None:
            raise
        return _refuse(refusal, debug)
    except KeyboardInterrupt:
        log.LOGGER.error("interrupted; nothing half-written is left")
        return 128 + signal.SIGINT
    finally:
        log.stop()


def command() -> None:
    """``main`` as a process of its own, which ends at once: all is written by then, and a user need not wait until
    every library has been taken apart again.
    """
    code = main()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):  # whoever read it is gone
            stream.flush()
    os._exit(code)


def _refusal_of_duckdb(error: Exception) -> SevidentError | None:
    """What the machine refused DuckDB, which has errors of its own for it; None for any other error."""
    duckdb = sys.modules.get("duckdb")
    if duckdb is None or not isinstance(error, (duckdb.IOException, duckdb.OutOfMemoryException)):
        return None
    advice = (
        f"make room on the disk of the temporary files ({tempfile.gettempdir()}), name another one by the "
        "environment variable TMPDIR, or raise the key 'memory_limit'"
    )
    return SevidentError(
        "a large table needs more memory or disk than there is", found=str(error).splitlines()[0], advice=advice
    )


def _refuse(error: SevidentError, debug: bool) -> int:
    log.LOGGER.error(str(error))
    if debug:
        log.LOGGER.debug("where it happened", exc_info=True)
    return 1


def _parser() -> argparse.ArgumentParser:
    # before the subcommand or after it: a default of the one would overrule what the other was given
    common = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    common.add_argument("--debug", action="store_true", help="show where an error happened")
    common.add_argument("--log", metavar="FILE", help="write the log to this file too")
    parser = argparse.ArgumentParser(
        prog="sevident",
        description="Is this really a small-EV preparation? The stages of sEVident, one by one; "
        "'snakemake' runs them all.",
        parents=[common],
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"sevident {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def add(name: str, text: str, run: Any) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=text, description=text, parents=[common], allow_abbrev=False)
        command.set_defaults(run=run)
        return command

    look = add("inspect", "say what search results are and what would be used of them", _inspect)
    look.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="search result")
    look.add_argument("--organism", default="", help="organism of the study; default: that of most proteins")
    look.add_argument("--json", action="store_true", help="print JSON")
    draft = add("samplesheet", "draft a configuration and a sample sheet for search results", _samplesheet)
    draft.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="search result")
    draft.add_argument(
        "--output", type=Path, metavar="DIR", default=Path("config"), help="folder to write to; default: %(default)s"
    )
    draft.add_argument("--force", action="store_true", help="overwrite a configuration and a sample sheet")
    check = add("check", "check a configuration and its sample sheet, and say what would be run", _check)
    check.add_argument("--config", metavar="FILE", default="config/config.yaml", help="default: %(default)s")
    for name, stage in STAGES.items():
        command = add(name, stage.help, _run_stage)
        command.set_defaults(stage=stage, name=name)
        command.add_argument("--settings", required=True, metavar="JSON", help="settings as JSON, or @FILE with them")
        for option in stage.options:
            command.add_argument(
                option.flag,
                metavar="PATH",
                type=Path,
                help=option.help,
                nargs="*" if option.many else None,
                required=option.default is None,
                default=option.default,
            )
    example = add("example", "write the embedded example study", _example)
    example.add_argument("--output", required=True, type=Path, metavar="DIR", help="folder to write it to")
    example.add_argument("--seed", type=int, default=1, help="start of the random numbers; default: %(default)s")
    for name, text, run in (
        ("reference", "rebuild the reference profiles from labelled studies", _reference),
        ("evaluate", "judge the scores on labelled studies, each laboratory left out in turn", _evaluate),
    ):
        command = add(name, text, run)
        command.add_argument("--labels", required=True, type=Path, metavar="TSV", help="table that labels the samples")
        command.add_argument("--studies", required=True, type=Path, metavar="DIR", help="folder of the studies")
        command.add_argument("--output", required=True, type=Path, metavar="DIR", help="folder to write to")
    return parser


def _run_stage(args: argparse.Namespace) -> None:
    stage: Stage = args.stage
    settings = read_settings(args.settings)
    names = [option.flag[2:].replace("-", "_") for option in stage.options]
    values = {name: getattr(args, name) for name in names}
    module = importlib.import_module(f".{stage.module}", __package__)
    getattr(module, stage.function)(settings, *values.values())
    if _WARNINGS in stage.options:
        log.log_table(args.warnings)
    print(progress.line(args.name, values), flush=True)
    log.LOGGER.info("the stage took %s", log.cost())


def read_settings(text: str) -> dict[str, Any]:
    """Settings from JSON text, or from the file that ``@path`` names. Raises ConfigurationError when it is no such."""
    source = "--settings"
    if text.startswith("@"):
        source = text[1:]
        try:
            text = Path(source).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigurationError("the settings cannot be read", where=source, found=str(error)) from None
    try:
        settings = json.loads(text)
    except json.JSONDecodeError as error:
        raise ConfigurationError(
            "the settings are not JSON",
            where=f"{source}, line {error.lineno}, column {error.colno}",
            found=text[max(0, error.pos - 20) : error.pos + 20],
            expected=error.msg,
        ) from None
    if not isinstance(settings, dict):
        raise ConfigurationError(
            "the settings are not a JSON object", where=source, found=text[:60], expected='{"name": value, ...}'
        )
    return settings


def _check(args: argparse.Namespace) -> None:
    from . import configuration
    from .samples import read_samples
    from .tables import ROLES

    config = configuration.load(args.config)
    sheet = read_samples(config["samples"], [item["name"] for item in config["inputs"]])
    print(f"study      {config['study']} ({config['organism']})")
    for item in config["inputs"]:
        fasta = f", searched in {item['fasta']}" if item["fasta"] else ""
        print(f"input      {item['name']}: {item['path']} (format {item['format']}{fasta})")
    counts = {role: len(sheet.with_role(role)) for role in ROLES}
    said = ", ".join(f"{count} {role}" for role, count in counts.items() if count)
    print(f"samples    {len(sheet.samples)} in {len(sheet.rows)} runs: {said}")
    groups = {s.reference_group for s in sheet.samples if s.reference_group}
    print(f"groups     {len(groups)}")
    if config["specifications"]:
        from .release.stage import check

        for name, spec in zip(config["specifications"], check(config["specifications"], sheet, RESOURCES), strict=True):
            print(f"release    {name}: {len(spec.criteria)} criteria")
    print(f"results    results/{config['study']}/report.html")
    log.log_rows(configuration.remarks(config) + sheet.warnings)


def _inspect(args: argparse.Namespace) -> int:
    from . import inspect

    debug = getattr(args, "debug", False)
    return inspect.run(args.paths, args.organism, as_json=args.json, debug=debug)


def _samplesheet(args: argparse.Namespace) -> None:
    from . import draft

    draft.run(args.paths, args.output, force=args.force)


def _example(args: argparse.Namespace) -> None:
    from . import example

    example.run(args.output, args.seed)


def _reference(args: argparse.Namespace) -> None:
    from .reference import stage

    stage.run(args.labels, args.studies, args.output)


def _evaluate(args: argparse.Namespace) -> None:
    from .reference import stage

    stage.evaluate(args.labels, args.studies, args.output)
