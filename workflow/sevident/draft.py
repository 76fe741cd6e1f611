"""A first ``config.yaml`` and ``samples.tsv`` for a set of search results: ``sevident samplesheet``.

What a run is cannot be known from its name; what can be guessed is written down for the user to correct. The rules, for
names without folder and ending, case does not matter, ``_``, ``-``, ``.`` and blanks separate:

| in the name | guess |
|---|---|
| ``F01``, ``fr3``, ``frac_2``, ``fraction12`` | fraction, if the rest of the name comes with two or more fractions |
| ``rep2``, ``replicate_2``, ``R1``, ``br3``, ``bio2`` | replicate; the run stays a sample of its own |
| ``tech2``, ``techrep2``, ``tr1``, ``inj3``, ``injection1`` | technical replicate: the same rest is one sample |
| a number at the end | replicate, if the rest of the name comes with two or more numbers |

Runs of one sample are added up when they are fractions and averaged when they are technical replicates, so both are
guessed only where two runs or more agree in the rest of their names. Roles stay empty, which means ``preparation``.
"""

from __future__ import annotations

import csv
import io
import json
import re
import shlex
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from .errors import SevidentError
from .inspect import Facts, look
from .readers.base import strip_run
from .tables import write_atomically

CHECKOUT = Path(__file__).resolve().parents[2]
_END = r"(?=$|[_\-. ])"
_START = r"(?:^|(?<=[_\-. ]))"
_NUMBER = r"[_\-. ]?0*(\d{1,4})"
_FRACTION = re.compile(rf"{_START}(?:f|fr|frac|fraction){_NUMBER}{_END}", re.IGNORECASE)
_TECHNICAL = re.compile(rf"{_START}(?:tech|techrep|tr|inj|injection){_NUMBER}{_END}", re.IGNORECASE)
_REPLICATE = re.compile(rf"{_START}(?:r|rep|repl|replicate|br|bio|biorep){_NUMBER}{_END}", re.IGNORECASE)
_LAST_NUMBER = re.compile(r"[_\-. ]0*(\d{1,4})$")
_NAMELESS = "Intensity"  # what the readers call the one run of a search without experiments
_COLUMNS = ("sample", "input", "run", "role", "reference_group", "lot", "process", "replicate")
_ENDINGS = re.compile(r"\.(?:gz|xz|bz2|zip|txt|tsv|csv|xlsx|xls|parquet|mzid|mztab|xml|pepxml|protxml)$", re.IGNORECASE)


@dataclass(frozen=True)
class Guess:
    """One row of the drafted sample sheet."""

    sample: str
    input: str
    run: str
    fraction: str = ""
    replicate: str = ""


def guess_samples(runs: Sequence[str], input_name: str = "main") -> list[Guess]:
    """Samples, fractions and replicates of run names, by the rules above; in the order of the runs. Pure."""
    plain = {run: strip_run(run) or run for run in runs}
    fractions = _agreeing(plain, _FRACTION)
    stems = {run: fractions[run][0] if run in fractions else name for run, name in plain.items()}
    technical = _agreeing(stems, _TECHNICAL, also=fractions)
    stems = {run: technical[run][0] if run in technical else name for run, name in stems.items()}
    last = _agreeing(stems, _LAST_NUMBER, also=fractions)
    guesses = []
    for run in runs:
        said = _REPLICATE.search(stems[run])
        replicate = technical[run][1] if run in technical else said[1] if said else last[run][1] if run in last else ""
        guesses.append(Guess(stems[run], input_name, run, fractions[run][1] if run in fractions else "", replicate))
    return guesses


def _agreeing(
    names: dict[str, str], pattern: re.Pattern[str], also: dict[str, tuple[str, str]] | None = None
) -> dict[str, tuple[str, str]]:
    """Run to (rest of the name, number), for runs whose rest comes with two different numbers or more.

    ``also``: fractions found before, which tell apart runs that are otherwise alike.
    """
    found: dict[str, tuple[str, str]] = {}
    for run, name in names.items():
        matches = list(pattern.finditer(name))
        if matches:
            match = matches[-1]
            rest = name[: match.start()].rstrip("_-. ") + name[match.end() :]
            found[run] = (rest.strip("_-. "), match[1])
    numbers = defaultdict(set)
    rows = Counter((rest, number, (also or {}).get(run, ("", ""))[1]) for run, (rest, number) in found.items())
    for rest, number in found.values():
        numbers[rest].add(number)
    twice = {rest for (rest, _, _), count in rows.items() if count > 1}
    return {run: pair for run, pair in found.items() if pair[0] and len(numbers[pair[0]]) > 1 and pair[0] not in twice}


def name_inputs(paths: Sequence[str | Path]) -> list[str]:
    """A name per file, fit for the configuration; ``main`` when there is one."""
    if len(paths) == 1:
        return ["main"]
    stems = []
    for path in paths:
        stem = Path(path).name
        while (shorter := _ENDINGS.sub("", stem)) != stem and shorter:
            stem = shorter
        stems.append(_fit(stem, "input"))
    names: list[str] = []
    for stem in stems:
        name, number = stem, 2
        while name.casefold() in {other.casefold() for other in names}:
            name, number = f"{stem[:90]}_{number}", number + 1
        names.append(name)
    return names


def _fit(text: str, otherwise: str) -> str:
    """Text as a name of the configuration: letters, digits, '.', '_' and '-', at most 100, no sign at the beginning."""
    return re.sub(r"[^A-Za-z0-9._-]+", "_", text).strip("._-")[:100] or otherwise


def guess_rows(files: Sequence[tuple[str, Sequence[str]]]) -> list[Guess]:
    """The rows for several inputs (name, runs): runs that have one name in several inputs are samples of their own.

    Two engines side by side must not be averaged unasked. An input whose one run has no name of its own is called by
    its input.
    """
    named = [
        (run, name, name if len(files) > 1 and list(runs) == [_NAMELESS] else run)
        for name, runs in files
        for run in runs
    ]
    labels = [label for _, _, label in named]
    if len(set(labels)) == len(labels):  # fractions and replicates may be spread over files, one run in each
        guesses = guess_samples(labels)
    else:
        guesses = [guess for _, runs in files for guess in guess_samples(runs)]
    rows = [replace(guess, input=name, run=run) for guess, (run, name, _) in zip(guesses, named, strict=True)]
    inputs = defaultdict(set)
    for row in rows:
        inputs[row.sample, row.fraction, row.replicate].add(row.input)
    double = {sample for (sample, _, _), names in inputs.items() if len(names) > 1}
    return [replace(row, sample=f"{row.sample} ({row.input})") if row.sample in double else row for row in rows]


def samples_text(rows: Sequence[Guess]) -> str:
    """The sample sheet as text; the columns that are left to the user are empty."""
    fractions = any(row.fraction for row in rows)
    out = io.StringIO()
    writer = csv.writer(out, delimiter="\t", lineterminator="\n")
    writer.writerow([*_COLUMNS, *(["fraction"] if fractions else [])])
    for row in rows:
        cells = [row.sample, row.input, row.run, "", "", "", "", row.replicate]
        writer.writerow(cells + ([row.fraction] if fractions else []))
    return out.getvalue()


def config_text(study: str, samples: str, organism: str, inputs: Sequence[tuple[str, Facts]]) -> str:
    """The configuration as YAML with comments; values are quoted, since file names are free text."""
    lines = [
        "# Drafted by `sevident samplesheet`; config/README.md explains every key. Please check:",
        "#  - organism: guessed from the proteins",
        "#  - in the sample sheet the column role is empty, and an empty role means `preparation` (it is judged). Set",
        "#    source_fluid, conditioned_medium, producer_lysate, process_blank or qualified_reference where a sample",
        "#    is one of these, and give samples that belong together one reference_group.",
        "#  - sample, fraction and replicate were guessed from the names of the runs. Rows of one sample are added up",
        "#    (different fractions) or averaged (the same fraction). Fractions to be judged one by one, such as those",
        "#    of a size-exclusion column, need a sample name each and no fraction.",
        f"study: {study}",
        f"samples: {_quoted(samples)}",
        f"organism: {_quoted(organism or 'human')}" + ("" if organism else " # not told by the files"),
        "inputs:",
    ]
    for name, facts in inputs:
        lines += [f"  - name: {name}", f"    path: {_quoted(facts.path)}"]
        title = re.sub(r"\s+", " ", facts.title)
        lines.append(f"    format: {facts.settings.get('format', 'auto')} # {title}")
        if "scale" in facts.settings:
            lines.append(f"    scale: {facts.settings['scale']} # guessed: the values look like logarithms")
        lines.append("    # fasta: the searched database, if there is one: tells `not searched` from `not detected`")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # a JSON string is a YAML string


def run(paths: Sequence[Path], output: Path, *, force: bool = False) -> None:
    """Look at the files and write ``config.yaml`` and ``samples.tsv`` to ``output``; print what comes next.

    Raises SevidentError when a file is refused or a draft would overwrite a file; then nothing is written.
    """
    config, sheet = output / "config.yaml", output / "samples.tsv"
    there = [str(path) for path in (config, sheet) if path.exists()]
    if there and not force:
        raise SevidentError(
            "the drafts would overwrite files",
            where=", ".join(there),
            advice="name another folder with --output, or give --force",
        )
    names = name_inputs(paths)
    found = [(name, look(path)) for name, path in zip(names, paths, strict=True)]
    organisms = Counter(facts.organism for _, facts in found if facts.organism)
    organism = organisms.most_common(1)[0][0] if organisms else ""
    rows = guess_rows([(name, facts.runs) for name, facts in found])
    study = _fit(output.resolve().name if output.name not in {"", ".", "config"} else Path.cwd().name, "study")
    text = config_text(study, str(sheet), organism, found)
    write_atomically(sheet, lambda part: part.write_text(samples_text(rows), encoding="utf-8", newline=""))
    write_atomically(config, lambda part: part.write_text(text, encoding="utf-8", newline=""))
    samples = {row.sample for row in rows}
    fractions = {row.sample for row in rows if row.fraction}
    print(f"wrote      {config}\nwrote      {sheet}")
    print(
        f"samples    {len(samples)} in {len(rows)} runs"
        + (f", {len(fractions)} of them in fractions" * bool(fractions))
    )
    print(f"to do      fill in the column role of {sheet} (an empty role means preparation), then:")
    print(f"           {next_command(config)}")


def next_command(config: Path) -> str:
    """The command that runs the workflow on a configuration, from the working directory."""
    words = ["snakemake"]
    if not Path("Snakefile").is_file():
        words += ["-s", str(CHECKOUT / "Snakefile")]
    words += ["--cores", "8"]
    if config != Path("config/config.yaml"):
        words += ["--configfile", str(config)]
    return shlex.join(words)
