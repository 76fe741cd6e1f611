"""pepXML, as Comet, MSFragger, X!Tandem, PeptideProphet, iProphet and others write it (``.pep.xml``, ``.pepXML``).

Source of the meanings: the schema pepXML_v122.xsd of the Trans-Proteomic Pipeline (tools.proteomecenter.org). Read
through pyteomics, whose ``DataFrame`` keeps the first hit of a spectrum alone.

| element, attribute | used as |
|---|---|
| msms_run_summary base_name | run; the file name without folder and ending |
| search_hit | one spectrum each; every rank is kept in the features |
| - hit_rank > 1 | features only, counted |
| - is_rejected = 1 | features only, counted |
| - peptide, modified_peptide; assumed_charge | peptide, modified_sequence; charge |
| - protein, alternative_protein and their protein_descr | proteins (genes and organism from the descriptions) |
| - q-value among the search scores or analysis results (``qvalues.py``) | q_value; above 1 % features only, counted |
| - a search score that grows with quality (``scores.py``: xcorr, hyperscore, ionscore) | score |
| parameter decoy_prefix, usual decoy prefixes | is_decoy, when true of all proteins |

A probability of PeptideProphet is no q-value and is not turned into one. The format names no protein groups
(protein_group: all proteins of the hit) and holds no quantities: intensity is null, spectra are counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sevident.errors import InputError
from sevident.identifiers import parse_identifier
from sevident.readers import qvalues, scores, xml
from sevident.readers.base import InputSpec, ReadResult, runs_by_name
from sevident.readers.peptidoforms import header, proteins_of_hit
from sevident.readers.rollup import bare_sequence
from sevident.readers.source import Source
from sevident.readers.spectra import Hits, roll_up_hits

if TYPE_CHECKING:
    from lxml import etree

FORMAT = "pepxml"
TITLE = "a pepXML file (.pep.xml)"

sniff = xml.sniffs("msms_pipeline_analysis")
explain = xml.explain_root


def read(source: Source, spec: InputSpec) -> ReadResult:
    """Read every hit of every spectrum. Raises InputError."""
    with xml.opened(source) as path:
        summary = _summary(path, source.where)
        hits = _hits(path, summary)
    hits.engine, hits.version = summary.engine, summary.version
    return roll_up_hits(hits, spec, [])


@dataclass
class _Summary:
    """What stands around the spectra: runs with their counts of spectra in the order of the file, engine, prefix."""

    where: str
    runs: list[tuple[str, int]] = field(default_factory=list)
    engine: str = ""
    version: str = ""
    decoy_prefixes: tuple[str, ...] = ()

    def is_decoy(self, protein: str) -> bool:
        return protein.startswith(self.decoy_prefixes) or parse_identifier(protein).decoy


def _summary(path: Path, where: str) -> _Summary:
    found = _Summary(where)
    spectra = 0
    wanted = ("spectrum_query", "search_summary", "msms_run_summary")
    for element in xml.elements(path, wanted, where):
        name = xml.local_name(element)
        if name == "spectrum_query":
            spectra += 1
        elif name == "search_summary":
            _engine(element, found)
        else:
            found.runs.append((xml.attribute(element, "base_name", where), spectra))
            spectra = 0
    if spectra:
        raise InputError(
            "The pepXML file holds spectra outside of a run.",
            where=where,
            found=f"{spectra} <spectrum_query> outside of <msms_run_summary>",
            advice="export the file again from the search engine",
        )
    return found


def _engine(element: etree._Element, found: _Summary) -> None:
    engine, version = element.get("search_engine") or "", element.get("search_engine_version") or ""
    if not found.engine:
        # MSFragger calls itself X! Tandem, so that older programs take its files, and is truthful in its version
        found.engine, found.version = ("MSFragger", version) if version.startswith("MSFragger") else (engine, version)
    for parameter in xml.children(element, "parameter"):
        if parameter.get("name") in {"decoy_prefix", "decoy_tag"} and parameter.get("value"):
            found.decoy_prefixes = tuple(sorted({*found.decoy_prefixes, parameter.get("value")}))


def _hits(path: Path, summary: _Summary) -> Hits:
    from pyteomics import pepxml

    hits = Hits(summary.where, headers={})
    runs = _run_of_each(summary)
    with pepxml.PepXML(str(path), use_index=False) as reader:
        for query, run in zip(xml.items(reader, summary.where), runs, strict=True):
            found = list(query.get("search_hit", ()))
            for result in query.get("search_result", ()):  # several results of one spectrum are not merged by pyteomics
                found += result.get("search_hit", ())
            for hit in found:
                _add(hits, hit, query, run, summary)
    return hits


def _run_of_each(summary: _Summary) -> Iterator[str]:
    """The run of each spectrum, in the order of the file."""
    names = runs_by_name(name for name, _ in summary.runs)
    for base_name, spectra in summary.runs:
        yield from [names[base_name]] * spectra


def _add(hits: Hits, hit: dict[str, Any], query: dict[str, Any], run: str, summary: _Summary) -> None:
    proteins = []
    for protein in hit.get("proteins", ()):
        name, description = str(protein.get("protein") or ""), str(protein.get("protein_descr") or "")
        if name.startswith("BL_ORD_ID:") and description:  # a number of BLAST's; the identifier leads the description
            name = description.split(maxsplit=1)[0]
        words = name.split(None, 1)
        name, description = (words[0] if words else ""), description or (words[1] if len(words) > 1 else "")
        if not name:
            continue
        decoy = summary.is_decoy(name) or description.endswith(":reversed")
        proteins.append((name, decoy))
        if name not in hits.headers:
            hits.headers[name] = header(name, description)  # type: ignore[index]
    ids, decoy = proteins_of_hit(proteins)
    peptide = str(hit.get("peptide") or "")
    fate = ""
    if xml.number(hit.get("hit_rank", 1), hits.where, "hit_rank") > 1:
        fate = "lower_rank"
    elif hit.get("is_rejected"):
        fate = "failed"
    found = qvalues.best("hit", _scores(hit))
    if found:
        hits.add_q_name(found[0])
    charge = query.get("assumed_charge")
    hits.add(
        run=run,
        sequence=(bare_sequence(peptide), str(hit.get("modified_peptide") or peptide)),
        charge=None if charge is None else xml.number(charge, hits.where, "assumed_charge"),
        ids=ids,
        is_decoy=decoy,
        hit=fate,
        q_value=xml.number(found[1], hits.where, found[0]) if found else float("nan"),
        score=scores.best(_scores(hit)),
    )


def _scores(hit: dict[str, Any]) -> Iterator[tuple[str, str | None, object]]:
    """Names and values of the search scores and of the results of further analyses."""
    found = hit.get("search_score")
    if isinstance(found, dict):
        yield from ((str(name), None, value) for name, value in found.items())
    for analysis in hit.get("analysis_result", ()):
        for result in analysis.values() if isinstance(analysis, dict) else ():
            if isinstance(result, dict):
                yield from ((str(name), None, value) for name, value in result.items() if not isinstance(value, dict))
                inner = result.get("search_score_summary") or result.get("parameter")
                if isinstance(inner, dict):
                    yield from ((str(name), None, value) for name, value in inner.items())
