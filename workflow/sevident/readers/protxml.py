"""protXML, as ProteinProphet writes it (``.prot.xml``, ``.protXML``).

Source of the meanings: the schema protXML_v7.xsd of the Trans-Proteomic Pipeline (tools.proteomecenter.org) and
Nesvizhskii and others 2003, Anal Chem 75:4646. Read through pyteomics.

| element, attribute | used as |
|---|---|
| protein_summary_header source_files | run: the file's name, when there is one; else that of summary_xml |
| protein protein_name, indistinguishable_protein | protein_group, accessions: the proteins that cannot be told apart |
| - annotation protein_description | genes, organism |
| - probability, protein_summary_data_filter | q_value: ProteinProphet's false positive error rate, see below |
| - parameter prot_length | sequence_length |
| peptide peptide_sequence, charge, modified_peptide | features |
| - n_instances | spectra |
| - is_contributing_evidence = N | features only, counted |

The q-value of a protein is the error rate that the file states for the highest of its minimum probabilities that the
protein reaches. Proteins above an error rate of 1 %, and those of probability 0 (all their peptides are explained by
another protein), do not reach the proteins. A peptide that stands under several proteins is one feature, with the
protein where its weight is largest. The format names no runs of single spectra and holds no quantities (those of
StPeter, XPRESS and ASAPRatio are not read): intensity is null.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sevident.identifiers import parse_identifier
from sevident.readers.base import InputSpec, ReadResult, strip_run
from sevident.readers.peptidoforms import header
from sevident.readers.rollup import bare_sequence
from sevident.readers.source import Source
from sevident.readers.spectra import Hits, roll_up_hits
from sevident.readers.xml import elements, explain_root, items, local_name, number, opened, sniffs

FORMAT = "protxml"
TITLE = "a protXML file (.prot.xml)"

sniff = sniffs("protein_summary")
explain = explain_root


def read(source: Source, spec: InputSpec) -> ReadResult:
    """Read every peptide of every protein. Raises InputError."""
    with opened(source) as path:
        summary = _summary(path, source)
        warnings: list[dict[str, object]] = []
        hits = _hits(path, summary, spec, warnings)
    hits.engine, hits.version = "ProteinProphet", summary.version
    if summary.sources > 1:
        text = (
            f"protXML does not say from which of its {summary.sources} files a peptide is; all are one run, "
            f"'{summary.run}'. Give the pepXML for the runs."
        )
        warnings.append(spec.warn("warning", "single_run", text, summary.sources))
    return roll_up_hits(hits, spec, warnings)


@dataclass
class _Summary:
    where: str
    run: str
    sources: int = 0
    version: str = ""
    error_rates: list[tuple[float, float]] = field(default_factory=list)  # minimum probability, error rate

    def q_value(self, probability: float) -> float:
        """The error rate at the highest minimum probability that is reached; 1 below all of them, nan without any."""
        if not self.error_rates:
            return float("nan")
        reached = [(least, rate) for least, rate in self.error_rates if least <= probability]
        return max(reached)[1] if reached else 1.0


def _summary(path: Path, source: Source) -> _Summary:
    where = source.where
    found = _Summary(where, _plain(source.path.name))
    wanted = ("protein_summary_data_filter", "program_details", "protein_summary_header", "protein_summary")
    for element in elements(path, wanted, where, discard=["protein_group"]):
        name = local_name(element)
        if name == "protein_summary_data_filter":
            rate = [number(element.get(key), where, key) for key in ("min_probability", "false_positive_error_rate")]
            found.error_rates.append((rate[0], rate[1]))
        elif name == "program_details":
            found.version = element.get("version") or ""
        elif name == "protein_summary_header":
            files = re.findall(r"\S.*?\.(?:pep\.xml|pepXML|xml)\b", element.get("source_files") or "", re.IGNORECASE)
            found.sources = len(files)
            if len(files) == 1:
                found.run = _plain(files[0])
        elif found.sources != 1 and element.get("summary_xml"):
            found.run = _plain(element.get("summary_xml"))
    return found


def _plain(name: str) -> str:
    return re.sub(r"\.(?:(?:pep|prot)\.?)?xml$", "", strip_run(name), flags=re.IGNORECASE) or name


@dataclass
class _Peptide:
    weight: float
    run: str
    sequence: tuple[str, str]
    charge: float
    ids: list[str]
    members: str
    group_q: float
    spectra: float
    hit: str


def _hits(path: Path, summary: _Summary, spec: InputSpec, warnings: list[dict[str, object]]) -> Hits:
    from pyteomics import protxml

    hits = Hits(summary.where, headers={}, lengths={})
    hits.group_q_name = "false_positive_error_rate" if summary.error_rates else ""
    peptides: dict[tuple[str, float], _Peptide] = {}
    nothing = 0
    with protxml.ProtXML(str(path), use_index=False) as reader:
        for group in items(reader, summary.where):
            for protein in group.get("protein", ()):
                members = _members(protein, hits)
                probability = number(protein.get("probability", 0), summary.where, "probability")
                nothing += probability == 0
                q_value = summary.q_value(probability)
                for peptide in protein.get("peptide", ()):
                    _add(peptides, peptide, members, q_value if probability > 0 else 1.0, summary)
    for one in peptides.values():
        ids = list(dict.fromkeys([*one.members.split(";"), *one.ids]))
        decoy = all(parse_identifier(name).decoy for name in ids)
        hits.add(
            run=one.run,
            sequence=one.sequence,
            charge=one.charge,
            ids=";".join(ids if decoy else (name for name in ids if not parse_identifier(name).decoy)),
            is_decoy=decoy,
            hit=one.hit,
            q_value=float("nan"),
            members=one.members,
            group_q=one.group_q,
            spectra=one.spectra,
        )
    if nothing:
        text = (
            f"{nothing} proteins have a probability of 0: other proteins explain all their peptides; they do not count."
        )
        warnings.append(spec.warn("info", "proteins_of_probability_zero", text, nothing))
    return hits


def _members(protein: dict[str, Any], hits: Hits) -> str:
    """The proteins that cannot be told apart, the named one first."""
    names = []
    for one in (protein, *protein.get("indistinguishable_protein", ())):
        words = str(one.get("protein_name") or "").split(None, 1)
        if not words:
            continue
        names.append(words[0])
        description = one.get("protein_description") or (one.get("annotation") or {}).get("protein_description") or ""
        if words[0] not in hits.headers:
            hits.headers[words[0]] = header(words[0], str(description))  # type: ignore[index]
        parameters = one.get("parameter")
        length = one.get("prot_length") or (parameters.get("prot_length") if isinstance(parameters, dict) else None)
        if length:
            hits.lengths[words[0]] = number(length, hits.where, "prot_length")  # type: ignore[index]
    return ";".join(dict.fromkeys(names))


def _add(
    peptides: dict[tuple[str, float], _Peptide],
    peptide: dict[str, Any],
    members: str,
    group_q: float,
    summary: _Summary,
) -> None:
    """Keep a peptide once: its proteins together, its group the one where its weight is largest."""
    sequence = str(peptide.get("peptide_sequence") or "")
    modified = str(peptide.get("modified_peptide") or sequence)
    charge = number(peptide.get("charge", "nan"), summary.where, "charge")
    weight = number(peptide.get("weight", 1), summary.where, "weight")
    others = [
        str(parent.get("protein_name") or "").split()[0]
        for parent in peptide.get("peptide_parent_protein", ())
        if str(parent.get("protein_name") or "").strip()
    ]
    found = _Peptide(
        weight,
        summary.run,
        (bare_sequence(sequence), modified),
        charge,
        [*members.split(";"), *others],
        members,
        group_q,
        number(peptide.get("n_instances", 1), summary.where, "n_instances"),
        "" if peptide.get("is_contributing_evidence", True) else "failed",
    )
    known = peptides.get((modified, charge))
    if known is None:
        peptides[modified, charge] = found
        return
    better, other = (
        (found, known) if (found.hit == "", found.weight) > (known.hit == "", known.weight) else (known, found)
    )
    better.ids = list(dict.fromkeys([*known.ids, *found.ids]))
    better.spectra = max(better.spectra, other.spectra)
    peptides[modified, charge] = better
