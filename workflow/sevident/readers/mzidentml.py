"""mzIdentML 1.1 and 1.2, as X!Tandem's converter, Mascot, MS-GF+, OpenMS, PEAKS and others write it.

Source of the meanings: "mzIdentML: exchange format for peptides and proteins identified from mass spectra", versions
1.1.1 and 1.2.0 (psidev.info/mzidentml), and psi-ms.obo for the terms. Read in one pass of lxml: pyteomics, which takes
longer for its dictionaries than the whole reading takes here, is what the tests compare with (its ``DataFrame`` keeps
the first hit of a spectrum alone).

| element | used as |
|---|---|
| SpectraData location | run; the file name without folder and ending |
| SpectrumIdentificationItem | one spectrum each; every rank is kept in the features |
| - rank > 1 | features only, counted |
| - passThreshold = false | features only, counted; not looked at where the protocol says "no threshold" |
| - chargeState, peptide_ref | charge; peptide, modified_sequence |
| - PeptideEvidenceRef | proteins, with DBSequence accession, description (genes, organism) and length |
| - q-value (``qvalues.py``: MS:1002354, MS:1001491, MS:1002054 ...) | q_value; above 1 % features only, counted |
| - a score that grows with quality (``scores.py``: MS:1001171, MS:1002252, MS:1001331 ...) | score |
| PeptideEvidence isDecoy, decoy DB accession regexp (MS:1001283), usual prefixes | is_decoy, when all proteins are |
| ProteinAmbiguityGroup | protein_group: the proteins of the first passing group that names the hit |
| - passThreshold of its hypotheses, MS:1002415 | a group that fails takes its hits with it: features only |
| - q-value (MS:1002373, MS:1001869 ...) | q-value of the group |

A hit of no group is counted for the proteins it names. The format holds no quantities: intensity is null, spectra are
counted.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sevident.errors import InputError
from sevident.identifiers import parse_identifier
from sevident.readers import qvalues, scores
from sevident.readers.base import InputSpec, ReadResult, runs_by_name
from sevident.readers.peptidoforms import header, modified_sequence, proteins_of_hit
from sevident.readers.source import Source
from sevident.readers.spectra import Hits, roll_up_hits
from sevident.readers.xml import (
    attribute,
    children,
    elements,
    explain_root,
    local_name,
    number,
    opened,
    sniffs,
    truth,
)

if TYPE_CHECKING:
    from lxml import etree

# run, hit, peptide, evidence (references), charge, whether of lower rank, passThreshold, q-value, rank and score
_Row = tuple[str, str, str, tuple[str, ...], float, bool, bool, float, "tuple[int, float] | None"]

FORMAT = "mzidentml"
TITLE = "an mzIdentML file (.mzid, version 1.1 or 1.2)"
_NO_THRESHOLD = "MS:1001494"
_DECOY_REGEX = "MS:1001283"
_DESCRIPTION = "MS:1001088"
_GROUP_PASSES = "MS:1002415"
_LEADING = {"MS:1002401", "MS:1002403", "MS:1001591"}  # leading protein, group representative, anchor protein
_MODIFICATION = ("UNIMOD:", "MOD:", "XLMOD:")
_RESULT = "SpectrumIdentificationResult"
_LISTS = (
    *("AnalysisSoftware", "SearchDatabase", "SpectraData", "DBSequence", "Peptide", "PeptideEvidence"),
    *("SpectrumIdentificationProtocol", "ProteinDetectionProtocol", "ProteinAmbiguityGroup"),
)

sniff = sniffs("MzIdentML", "mzIdentML")
explain = explain_root


def read(source: Source, spec: InputSpec) -> ReadResult:
    """Read every hit of every spectrum. Raises InputError."""
    with opened(source) as path:
        _check_version(path, source.where)
        lists, spectra = _Lists(source.where), _Spectra(source.where)
        for element in elements(path, (*_LISTS, _RESULT), source.where):
            (spectra if local_name(element) == _RESULT else lists).add(element)
    warnings: list[dict[str, object]] = []
    hits = _hits(spectra, lists, spec, warnings)
    hits.engine, hits.version = lists.software[0] if lists.software else ("", "")
    return roll_up_hits(hits, spec, warnings)


def _check_version(path: Path, where: str) -> None:
    text = path.open("rb").read(1 << 14).replace(b"\x00", b"").decode("latin-1")
    match = re.search(r"<(?:\w+:)?(m|M)zIdentML\b[^>]*?\bversion\s*=\s*[\"']([^\"']*)[\"']", text)
    if match and (match[1] == "m" or not re.match(r"1\.[1-9]", match[2])):
        raise InputError(
            "This version of mzIdentML cannot be read.",
            where=where,
            found=f"version {match[2]}",
            expected="version 1.1 or 1.2",
            advice="export the result again with a newer version of the search engine or converter",
        )


@dataclass
class _Group:
    ids: str
    header: str
    passes: bool
    q_value: float


@dataclass
class _Lists:
    """What the hits refer to, by identifier."""

    where: str
    software: list[tuple[str, str]] = field(default_factory=list)
    runs: dict[str, str] = field(default_factory=dict)
    decoy_regex: list[re.Pattern[str]] = field(default_factory=list)
    proteins: dict[str, str] = field(default_factory=dict)  # DBSequence to accession
    headers: dict[str, str] = field(default_factory=dict)  # accession to FASTA header
    lengths: dict[str, float] = field(default_factory=dict)
    peptides: dict[str, tuple[str, str]] = field(default_factory=dict)  # bare and modified sequence
    evidence: dict[str, tuple[str, bool]] = field(default_factory=dict)  # DBSequence, decoy
    thresholds: dict[str, list[bool]] = field(default_factory=dict)  # protocol: whether each sets one
    groups: dict[str, _Group] = field(default_factory=dict)  # hit to group
    group_q_name: str = ""

    def add(self, element: etree._Element) -> None:
        getattr(self, "_" + local_name(element))(element)

    def _id(self, element: etree._Element) -> str:
        return attribute(element, "id", self.where)

    def _AnalysisSoftware(self, element: etree._Element) -> None:
        names = [param.get("name", "") for name in children(element, "SoftwareName") for param in name]
        name = next((n for n in names if n), "") or element.get("name") or ""
        self.software.append((name.replace("\\", ""), element.get("version") or ""))

    def _SearchDatabase(self, element: etree._Element) -> None:
        for param in children(element, "cvParam"):
            if param.get("accession") == _DECOY_REGEX and param.get("value"):
                try:
                    self.decoy_regex.append(re.compile(param.get("value")))
                except re.error as error:
                    raise InputError(
                        "The file's regular expression for decoys cannot be used.",
                        where=f"{self.where}, line {param.sourceline}",
                        found=f"'{param.get('value')}': {error}",
                        advice="correct the value of 'decoy DB accession regexp' (MS:1001283)",
                    ) from error

    def _SpectraData(self, element: etree._Element) -> None:
        self.runs[self._id(element)] = element.get("location") or element.get("name") or self._id(element)

    def _DBSequence(self, element: etree._Element) -> None:
        accession = attribute(element, "accession", self.where).strip()
        self.proteins[self._id(element)] = accession
        if element.get("length"):
            self.lengths[accession] = number(element.get("length"), self.where, "DBSequence length")
        for param in children(element, "cvParam"):
            if param.get("accession") == _DESCRIPTION:
                self.headers[accession] = header(accession, param.get("value") or "")

    def _Peptide(self, element: etree._Element) -> None:
        texts = children(element, "PeptideSequence")
        sequence = (texts[0].text or "").strip().upper() if texts else ""
        changes = [
            (int(number(m.get("location") or 0, self.where, "Modification location")), _modification(m))
            for m in children(element, "Modification")
        ]
        changes += [
            (
                int(number(m.get("location") or 0, self.where, "SubstitutionModification location")),
                f"{m.get('originalResidue', '')}->{m.get('replacementResidue', '')}",
            )
            for m in children(element, "SubstitutionModification")
        ]
        self.peptides[self._id(element)] = (sequence, modified_sequence(sequence, changes))

    def _PeptideEvidence(self, element: etree._Element) -> None:
        decoy = (element.get("isDecoy") or "").lower() in {"true", "1"}
        self.evidence[self._id(element)] = (attribute(element, "dBSequence_ref", self.where), decoy)

    def _SpectrumIdentificationProtocol(self, element: etree._Element) -> None:
        self._threshold("hits", element)

    def _ProteinDetectionProtocol(self, element: etree._Element) -> None:
        self._threshold("groups", element)

    def _threshold(self, level: str, element: etree._Element) -> None:
        terms = [param.get("accession") for t in children(element, "Threshold") for param in children(t, "cvParam")]
        self.thresholds.setdefault(level, []).append(_NO_THRESHOLD not in terms)

    def has_threshold(self, level: str) -> bool:
        """Whether passThreshold means something: a protocol sets a threshold, or does not say that it sets none."""
        return any(self.thresholds.get(level, [True]))

    def _ProteinAmbiguityGroup(self, element: etree._Element) -> None:
        members = []
        for hypothesis in children(element, "ProteinDetectionHypothesis"):
            terms = {param.get("accession") for param in children(hypothesis, "cvParam")}
            # the reference is optional; the peptides that speak for the protein name it, too
            references = [hypothesis.get("dBSequence_ref")] if hypothesis.get("dBSequence_ref") else []
            for one in () if references else children(hypothesis, "PeptideHypothesis"):
                name = attribute(one, "peptideEvidence_ref", self.where)
                if name not in self.evidence:
                    raise _dangling(self.where, "PeptideEvidence", name)
                references.append(self.evidence[name][0])
            members += [(not terms & _LEADING, self.protein(reference)) for reference in dict.fromkeys(references)]
        ids = [name for _, name in sorted(members, key=lambda member: member[0])]
        params = children(element, "cvParam")
        stated_scores = [(p.get("name", ""), p.get("accession"), p.get("value")) for p in params]
        found = qvalues.best("group", stated_scores)
        q_value = number(found[1], self.where, found[0]) if found else float("nan")
        self.group_q_name = self.group_q_name or (found[0] if found else "")
        stated = [p.get("value", "").lower() for p in params if p.get("accession") == _GROUP_PASSES]
        passing = [h.get("passThreshold", "true").lower() for h in children(element, "ProteinDetectionHypothesis")]
        passes = "false" not in stated and any(text in {"true", "1"} for text in passing)
        group = _Group(";".join(dict.fromkeys(ids)), self.header(ids), passes, q_value)
        for reference in children(element, "SpectrumIdentificationItemRef"):
            hit = attribute(reference, "spectrumIdentificationItem_ref", self.where)
            known = self.groups.get(hit)
            if known is None or (group.passes and not known.passes):
                self.groups[hit] = group

    def header(self, ids: Iterable[str]) -> str:
        return ";".join(found for one in dict.fromkeys(ids) if (found := self.headers.get(one, "")))

    def protein(self, reference: str) -> str:
        if reference not in self.proteins:
            raise _dangling(self.where, "DBSequence", reference)
        return self.proteins[reference]

    def is_decoy(self, accession: str) -> bool:
        """By the file's own expression for decoys, or by a usual prefix."""
        return any(regex.search(accession) for regex in self.decoy_regex) or parse_identifier(accession).decoy


def _dangling(where: str, kind: str, reference: str) -> InputError:
    return InputError(
        f"The file refers to a {kind} that it does not hold.",
        where=where,
        found=f"'{reference}'",
        advice="the file was cut or put together by hand; export it again from the search engine",
    )


def _modification(element: etree._Element) -> str:
    for param in children(element, "cvParam"):
        if (param.get("accession") or "").startswith(_MODIFICATION):
            return str(param.get("name") or param.get("accession"))
    delta = element.get("monoisotopicMassDelta") or element.get("avgMassDelta")
    try:
        return f"{float(delta):+.4f}" if delta else "unknown modification"
    except ValueError:
        return str(delta)


class _Spectra:
    """The hits of spectra as they stand; what they refer to is looked up when the whole file is known."""

    def __init__(self, where: str) -> None:
        self.where = where
        self.rows: list[_Row] = []
        self._sets: dict[tuple[str, ...], tuple[str, ...]] = {}  # so that equal lists of references are one
        self._q_ranks: dict[tuple[str, str], int] = {}
        self.q_names: dict[str, int] = {}

    def add(self, result: etree._Element) -> None:
        """A SpectrumIdentificationResult."""
        run = sys.intern(attribute(result, "spectraData_ref", self.where))
        for item in result:
            if local_name(item) == "SpectrumIdentificationItem":
                self.rows.append(self._row(run, item))

    def _row(self, run: str, item: etree._Element) -> _Row:
        refs, terms = [], []
        for child in item:
            name = local_name(child)
            if name == "PeptideEvidenceRef":
                refs.append(attribute(child, "peptideEvidence_ref", self.where))
            elif name in {"cvParam", "userParam"} and child.get("value"):
                terms.append((child.get("name") or "", child.get("accession") or "", child.get("value")))
        evidence = tuple(refs)
        charge = item.get("chargeState")
        return (
            run,
            item.get("id") or "",
            sys.intern(attribute(item, "peptide_ref", self.where)),
            self._sets.setdefault(evidence, evidence),
            float("nan") if charge is None else number(charge, self.where, "chargeState"),
            number(item.get("rank") or 1, self.where, "rank") > 1,
            truth(item.get("passThreshold") or "true", self.where, "passThreshold"),
            self._q_value(terms),
            scores.best(terms),
        )

    def _q_value(self, terms: list[tuple[str, str, str]]) -> float:
        """The hit's best q-value; nan when it has none."""
        best, value, name = qvalues.NONE, "", ""
        for one, accession, text in terms:
            rank = self._q_ranks.get((one, accession))
            if rank is None:
                rank = self._q_ranks[one, accession] = qvalues.rank("hit", one, accession)
            if rank < best:
                best, value, name = rank, text, one
        if best == qvalues.NONE:
            return float("nan")
        self.q_names[name] = best
        return number(value, self.where, name)


def _hits(spectra: _Spectra, lists: _Lists, spec: InputSpec, warnings: list[dict[str, object]]) -> Hits:
    names = runs_by_name(lists.runs.values())
    runs = {reference: names[location] for reference, location in lists.runs.items()}
    evidence = _resolved(lists)
    by_threshold, groups_by_threshold = lists.has_threshold("hits"), lists.has_threshold("groups")
    hits = Hits(lists.where, headers=lists.headers, lengths=lists.lengths)
    hits.group_q_name = lists.group_q_name
    hits.q_names = sorted(spectra.q_names, key=lambda name: spectra.q_names[name])
    joined: dict[tuple[str, ...], tuple[str, bool]] = {}
    for run, name, peptide, refs, charge, lower, passes, q_value, score in spectra.rows:
        if run not in runs:
            raise _dangling(lists.where, "SpectraData", run)
        if peptide not in lists.peptides:
            raise _dangling(lists.where, "Peptide", peptide)
        if refs not in joined:
            joined[refs] = _proteins(refs, evidence, lists.where)
        ids, decoy = joined[refs]
        group = lists.groups.get(name)
        failed = (by_threshold and not passes) or (group is not None and groups_by_threshold and not group.passes)
        hits.add(
            run=runs[run],
            sequence=lists.peptides[peptide],
            charge=charge,
            ids=ids,
            is_decoy=decoy,
            hit="lower_rank" if lower else "failed" if failed else "",
            q_value=q_value,
            members=group.ids if group is not None and not decoy else "",
            group_q=group.q_value if group is not None else float("nan"),
            score=score,
        )
    if not by_threshold:
        text = "The file states that no threshold was set; passThreshold is not looked at, and all first hits count."
        warnings.append(spec.warn("info", "no_threshold", text))
    return hits


def _resolved(lists: _Lists) -> dict[str, tuple[str, bool]]:
    """Evidence to accession and decoy."""
    decoys = {accession: lists.is_decoy(accession) for accession in set(lists.proteins.values())}
    found = {}
    for name, (reference, decoy) in lists.evidence.items():
        accession = lists.protein(reference)
        found[name] = (accession, decoy or decoys[accession])
    return found


def _proteins(refs: tuple[str, ...], evidence: dict[str, tuple[str, bool]], where: str) -> tuple[str, bool]:
    missing = next((one for one in refs if one not in evidence), None)
    if missing is not None:
        raise _dangling(where, "PeptideEvidence", missing)
    return proteins_of_hit([evidence[one] for one in refs])
