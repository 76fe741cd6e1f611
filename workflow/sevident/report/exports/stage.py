"""The export step: reads the study's tables, writes each format into the folder of exports."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

#: every file of the folder, and what the metadata say of it
FILES = {
    "scores.json": "scores, intervals, verdicts, reasons and contributions of every sample",
    "sevident_scores_mqc.json": "MultiQC custom content: table of scores and verdicts",
    "sevident_general_mqc.json": "MultiQC custom content: general statistics",
    "sevident_composition_mqc.json": "MultiQC custom content: composition by compartment",
    "study.mzQC": "quality metrics of every sample, mzQC 1.0",
    "sevident.obo": "definitions of the quality metrics",
    "proteins.mzTab": "protein groups and their shares of protein mass, mzTab 1.0",
    "misev_checklist.tsv": "what MISEV2018 asks authors to state, and which of it these data answer",
    "tables.xlsx": "the study's tables in one workbook",
    "ro-crate-metadata.json": "RO-Crate metadata of these files",
}


def run(
    settings: Mapping[str, Any],
    sheet: str | Path,
    tables: str | Path,
    warnings: Sequence[str | Path],
    sources: Sequence[str | Path],
    output: str | Path,
) -> None:
    """Write all exports of a study into the folder ``output``, and the RO-Crate metadata about them last.

    ``settings``: ``study`` (name) and ``config`` (the resolved configuration); the other arguments as for the report.
    Raises InputError when a table or a source cannot be read, ConfigurationError for a bad SOURCE_DATE_EPOCH.
    """
    from sevident import __version__
    from sevident.report import data, provenance
    from sevident.report.exports import checklist, crate, multiqc, mzqc, mztab, scores_json, vocabulary, workbook
    from sevident.report.exports.study import Source, Study
    from sevident.samples import read_samples
    from sevident.tables import to_tsv, write_atomically

    config, folder = settings["config"], Path(output)
    formats = {Path(item["path"]): str(item["format"]) for item in config["inputs"]}
    samples = read_samples(sheet, inputs=[item["name"] for item in config["inputs"]])
    time, _ = provenance.timestamp(os.environ)
    study = Study(
        name=str(settings["study"]),
        data=data.load(Path(tables), [Path(w) for w in warnings], samples),
        tables=Path(tables),
        config=config,
        sources=[
            Source(path, *_checksum(path, provenance.checksum), formats.get(path, ""))
            for path in dict.fromkeys((Path(sheet), *map(Path, sources)))
        ],
        time=time.replace(" UTC", "+00:00").replace(" ", "T"),
        version=__version__,
    )
    answers = checklist.table(study)
    texts: dict[str, str] = {
        "scores.json": scores_json.write(study),
        **multiqc.write(study),
        "study.mzQC": mzqc.write(study),
        vocabulary.FILE: vocabulary.obo(__version__),
        "misev_checklist.tsv": to_tsv(answers),
    }
    for name, text in texts.items():
        write_atomically(folder / name, _writer([text]))
    write_atomically(folder / "proteins.mzTab", _writer(f"{line}\n" for line in mztab.lines(study)))
    write_atomically(folder / "tables.xlsx", lambda part: workbook.write(study, answers, part))
    written = {folder / name: text for name, text in FILES.items() if name != crate.FILE}
    write_atomically(folder / crate.FILE, _writer([crate.write(study, written)]))


def _writer(chunks: Iterable[str]) -> Callable[[Path], None]:
    def write(part: Path) -> None:
        with part.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(chunks)

    return write


def _checksum(path: Path, of_file: Callable[[Path], tuple[str, int]]) -> tuple[str, int]:
    """Checksum and size; a folder (some engines write one) has those of its files, in the order of their names."""
    if not path.is_dir():
        return of_file(path)
    import hashlib

    digest, total = hashlib.sha256(), 0
    for file in sorted(p for p in path.rglob("*") if p.is_file()):
        own, size = of_file(file)
        digest.update(f"{own}  {file.relative_to(path).as_posix()}\n".encode())
        total += size
    return digest.hexdigest(), total
