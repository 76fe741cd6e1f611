"""mzQC 1.0: the scores as quality metrics, one set of runs per sample.

Format: Bielow C et al. 2024, Communicating mass spectrometry quality information in mzQC with Python, R, and Java
(J Am Soc Mass Spectrom 35:1875-1882). Written through pymzqc, the format's own library.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from sevident.report.exports import crate, vocabulary
from sevident.report.exports.study import Source, Study, plain

#: what a search result is, in PSI-MS; what is not listed is a table
_FORMATS = {
    "mzidentml": ("MS:1002073", "mzIdentML format"),
    "pepxml": ("MS:1001421", "pepXML format"),
    "protxml": ("MS:1001422", "protXML format"),
    "idxml": ("MS:1002823", "idXML"),
    "mztab": ("MS:1002601", "mzTab"),
}
_TABLE = ("MS:1000914", "tab delimited text format")
_OTHER = ("MS:1001040", "intermediate analysis format")
_TEXTS = (".tsv", ".txt", ".csv", ".gz", ".xz")
_SOFTWARE = ("MS:1001456", "analysis software")


def write(study: Study) -> str:
    """The file's text. A sample that was not scored has no metrics and is left out; the page counts it."""
    from mzqc import MZQCFile as m

    results = [s for s in study.sources if s.format]
    files = [m.InputFile(file_uri(s), s.path.name, _format(s, m)) for s in results]
    software = m.AnalysisSoftware(*_SOFTWARE, value="sEVident", version=study.version, uri=f"file:{quote(crate.FILE)}")
    sets = []
    for name in study.data.names:
        if name in study.data.unscored:
            continue
        metrics = _metrics(study.data.scores.loc[name], m)
        sets.append(m.SetQuality(m.MetaDataParameters(name, files, [software]), metrics))
    vocabularies = [
        m.ControlledVocabulary("Proteomics Standards Initiative Mass Spectrometry Ontology", _PSI_MS),
        m.ControlledVocabulary("Unit Ontology", _UO),
        m.ControlledVocabulary("sEVident quality metrics", f"file:{vocabulary.FILE}", study.version),
    ]
    text = m.JsonSerialisable.to_json(
        m.MzQcFile(
            study.time,
            "1.0.0",
            description=f"Identity and purity of small-EV preparations in the study {study.name}",
            setQualities=sets,
            controlledVocabularies=vocabularies,
        ),
        readability=1,
    )
    return str(text) + "\n"


_PSI_MS = "https://purl.obolibrary.org/obo/ms.obo"
_UO = "https://purl.obolibrary.org/obo/uo.obo"


def file_uri(source: Source) -> str:
    """A URI for a file: its path as configured, so that the document is the same wherever the study is moved."""
    return f"file:{quote(source.path.as_posix())}"


def _format(source: Source, m: Any) -> Any:
    kind = _FORMATS.get(source.format) or (_TABLE if source.path.suffix.lower() in _TEXTS else _OTHER)
    return m.CvParameter(*kind)


def _metrics(row: Any, m: Any) -> list[Any]:
    out = []
    for term in vocabulary.terms():
        value: Any = plain(row[term.column])
        if term.interval:
            value = [plain(row[f"{term.column}_{end}"]) for end in ("low", "high")]
        if value in (None, "") or (term.interval and None in value):
            continue  # mzQC has no null: a metric that could not be computed is not in the file
        unit = m.CvParameter(*term.unit) if term.unit else ""
        out.append(m.QualityMetric(term.accession, term.name, value=value, unit=unit))
    return out
