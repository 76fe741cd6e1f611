"""OpenMS idXML (``.idXML``).

Source of the meanings: the schema IdXML_1_5.xsd and the class IdXMLFile of OpenMS (github.com/OpenMS/OpenMS). Read
through pyteomics, whose ``DataFrame`` keeps the first hit of a spectrum alone.

| element, attribute | used as |
|---|---|
| ProteinIdentification spectra_data, id_merge_index of the spectrum | run; the file name without folder and ending |
| PeptideIdentification file_origin | run, where spectra_data is absent |
| PeptideHit | one spectrum each; all are kept in the features |
| - not the best score of its spectrum | features only, counted |
| - sequence, charge | modified_sequence, peptide; charge |
| - protein_refs; ProteinHit accession, Description | proteins; genes, organism |
| - target_decoy, usual decoy prefixes | is_decoy; "target+decoy" is none |
| - score where higher_score_better is true | score |
| - score where score_type is a q-value, else one of the UserParams | q_value; above 1 % features only, counted |
| UserParam indistinguishable_proteins_N | protein_group of the hits whose first protein it names |
| ProteinHit score, where the protein score_type is a q-value | q-value of the group |

The format holds no quantities: intensity is null, spectra are counted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sevident.identifiers import parse_identifier
from sevident.readers import qvalues, xml
from sevident.readers.base import InputSpec, ReadResult, runs_by_name
from sevident.readers.peptidoforms import header, proteins_of_hit
from sevident.readers.rollup import bare_sequence
from sevident.readers.source import Source
from sevident.readers.spectra import Hits, roll_up_hits

if TYPE_CHECKING:
    from lxml import etree

FORMAT = "idxml"
TITLE = "an OpenMS idXML file"

sniff = xml.sniffs("IdXML")
explain = xml.explain_root


def read(source: Source, spec: InputSpec) -> ReadResult:
    """Read every hit of every spectrum. Raises InputError."""
    with xml.opened(source) as path:
        lists = _Lists(source.where)
        for element in xml.elements(
            path, ("IdentificationRun", "ProteinIdentification", "PeptideIdentification"), source.where
        ):
            lists.add(element)
        hits = _hits(path, lists)
    hits.engine, hits.version = lists.software
    return roll_up_hits(hits, spec, [])


@dataclass
class _Lists:
    """What the hits refer to; identifiers of proteins are unique in a file."""

    where: str
    software: tuple[str, str] = ("", "")
    proteins: dict[str, str] = field(default_factory=dict)
    decoys: dict[str, bool] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    lengths: dict[str, float] = field(default_factory=dict)
    members: dict[str, str] = field(default_factory=dict)  # accession to its group
    group_q: dict[str, float] = field(default_factory=dict)
    group_q_name: str = ""
    files: list[str] = field(default_factory=list)  # of the identification run that is being read
    runs: list[tuple[list[str], int]] = field(default_factory=list)  # files and count of spectra of each of them
    spectra: int = 0

    def add(self, element: etree._Element) -> None:
        name = xml.local_name(element)
        if name == "PeptideIdentification":
            self.spectra += 1
        elif name == "ProteinIdentification":
            self._add_proteins(element)
        else:
            if not self.software[0]:
                self.software = (element.get("search_engine") or "", element.get("search_engine_version") or "")
            self.runs.append((self.files, self.spectra))
            self.files, self.spectra = [], 0

    def _add_proteins(self, element: etree._Element) -> None:
        q_name = element.get("score_type") or ""
        is_q = qvalues.best("group", [(q_name, None, 0)]) is not None
        self.group_q_name = self.group_q_name or (q_name if is_q else "")
        for hit in xml.children(element, "ProteinHit"):
            accession = xml.attribute(hit, "accession", self.where)
            params = {p.get("name"): p.get("value") or "" for p in xml.children(hit, "UserParam")}
            self.proteins[xml.attribute(hit, "id", self.where)] = accession
            self.decoys[accession] = _says_decoy(params.get("target_decoy", "")) or parse_identifier(accession).decoy
            self.headers[accession] = header(accession, params.get("Description", ""))
            if sequence := hit.get("sequence"):
                self.lengths[accession] = float(len(sequence))
            if is_q:
                self.group_q[accession] = xml.number(hit.get("score"), self.where, q_name)
        for param in xml.children(element, "UserParam"):
            name, value = param.get("name") or "", param.get("value") or ""
            if name == "spectra_data":
                self.files = [piece.strip() for piece in value.strip("[] ").split(",") if piece.strip()]
            elif re.fullmatch(r"indistinguishable_proteins_\d+", name):
                names = [self.proteins[ref] for ref in value.split(",")[1:] if ref in self.proteins]
                for one in names:
                    self.members[one] = ";".join(names)


def _says_decoy(text: str) -> bool:
    return text.strip().lower() == "decoy"


def _hits(path: Path, lists: _Lists) -> Hits:
    from pyteomics.openms import idxml

    hits = Hits(lists.where, headers=lists.headers, lengths=lists.lengths, group_q_name=lists.group_q_name)
    owners = [(number_, files) for number_, (files, count) in enumerate(lists.runs, 1) for _ in range(count)]
    waiting: list[str] = []
    with idxml.IDXML(str(path), retrieve_refs=False, use_index=False) as reader:
        for spectrum, (run_number, files) in zip(xml.items(reader, lists.where), owners, strict=True):
            run = _file_of(spectrum, files, f"run {run_number}", lists.where)
            higher = str(spectrum.get("higher_score_better", "true")).lower() in {"true", "1"}
            found = spectrum.get("PeptideHit") or ()
            scores = [xml.number(hit.get("score", 0), lists.where, "score") for hit in found]
            first = scores.index(max(scores) if higher else min(scores)) if scores else 0
            for i, hit in enumerate(found):
                waiting.append(run)
                score = (0, scores[i]) if higher else None
                _add(hits, hit, spectrum, run, "" if i == first else "lower_rank", score, lists)
    names = runs_by_name(waiting)
    hits.rows = [(names[row[0]], *row[1:]) for row in hits.rows]
    return hits


def _file_of(spectrum: dict[str, Any], files: list[str], otherwise: str, where: str) -> str:
    if len(files) == 1:
        return files[0]
    index = spectrum.get("id_merge_index")
    if files and index is not None and 0 <= int(xml.number(index, where, "id_merge_index")) < len(files):
        return files[int(xml.number(index, where, "id_merge_index"))]
    return str(spectrum.get("file_origin") or otherwise)


def _add(
    hits: Hits,
    hit: dict[str, Any],
    spectrum: dict[str, Any],
    run: str,
    fate: str,
    score: tuple[int, float] | None,
    lists: _Lists,
) -> None:
    names = [lists.proteins[ref] for ref in str(hit.get("protein_refs") or "").split() if ref in lists.proteins]
    stated = str(hit.get("target_decoy") or "")
    ids, decoy = proteins_of_hit([(name, lists.decoys[name]) for name in names])
    sequence = str(hit.get("sequence") or "")
    scores = [(str(spectrum.get("score_type") or ""), None, hit.get("score"))]
    scores += [(str(name), None, value) for name, value in hit.items() if isinstance(value, int | float | str)]
    found = qvalues.best("hit", scores)
    if found:
        hits.add_q_name(found[0])
    first = ids.split(";")[0]
    hits.add(
        run=run,
        sequence=(bare_sequence(sequence.replace(".", "")), sequence),
        charge=hit.get("charge"),
        ids=ids,
        is_decoy=decoy or _says_decoy(stated),
        hit=fate,
        score=score,
        q_value=xml.number(found[1], lists.where, found[0]) if found else float("nan"),
        members=lists.members.get(first, ""),
        group_q=lists.group_q.get(first, float("nan")),
    )
