"""Contaminants: what an entry of a contaminant list is, and that nothing is lost or taken for serum wrongly."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from sevident.contaminants import classify, classify_group, known_organism, organisms
from sevident.identifiers import parse_identifier, split_identifiers
from sevident.tables import CONTAMINANT_CLASSES


def group(text: str, **keys: object) -> str:
    members = [parse_identifier(piece) for piece in split_identifiers(text)]
    return classify_group(members, study=str(keys.pop("study", "human")), **keys)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("P21926", "none"),
        ("P02768", "none"),  # human albumin that nobody tagged is an analyte
        ("CON__P02768-1", "serum"),
        ("P02768-cRAP", "serum"),
        ("P02768;P02768-cRAP", "serum"),
        ("CON__P02769", "serum"),
        ("P02769-cRAP-B6E", "serum"),
        ("contam_sp|P02769|ALBU_BOVIN", "serum"),
        ("CON__ENSEMBL:ENSBTAP00000007350", "serum"),
        ("P00761", "process"),  # porcine trypsin, tagged or not
        ("CON__P00761", "process"),
        ("P00761;CON__P00761", "process"),
        ("Cont_Q7M135", "process"),
        ("CON__P35527", "process"),  # KRT9
        ("P04264;CON__P04264", "process"),
        ("P04264", "none"),  # KRT1 without a tag: in skin it is the sample
        ("CON__P05783", "ambiguous"),  # KRT18, MISEV2018 category 4d
        ("CON__P02662", "process"),  # casein of blocking reagents
        ("contam_sp|Q02958|KRA61_SHEEP", "process"),
        ("CONTAMINANT_P04040", "ambiguous"),  # catalase: UPS standard and a protein of every cell
        ("P07996;CON__Q28194", "ambiguous"),  # human THBS1 led, bovine behind it
        ("P06396;CON__Q3SX14", "ambiguous"),
        ("CON__Q3SX14;P06396", "ambiguous"),
        ("contam_sp|P01868|IGHG1_MOUSE", "process"),  # an antibody of the bench
        ("CON__REFSEQ:XP_986630", "process"),
        ("CON__Streptavidin (S.avidinii)", "process"),
    ],
)
def test_classes_of_a_human_study(text: str, kind: str) -> None:
    assert group(text) == kind


def test_the_study_decides_what_is_foreign() -> None:
    assert group("P00760", study="bovine") == "none"  # bovine trypsin in a bovine study may be the sample's
    assert group("P00760", study="human") == "process"
    assert group("contam_sp|P60712|ACTB_BOVIN", study="bovine") == "ambiguous"
    assert group("contam_sp|P60712|ACTB_BOVIN", study="human") == "serum"
    assert group("contam_sp|P01868|IGHG1_MOUSE", study="mouse") == "serum"


def test_a_flag_without_a_prefix_tags() -> None:
    assert group("sp|P02768|ALBU_HUMAN", flagged=True) == "serum"
    assert group("sp|P21926|CD9_HUMAN", flagged=True) == "ambiguous"
    assert classify_group([], flagged=True) == "ambiguous"
    assert classify_group([], flagged=False) == "none"


def test_further_proteins_count_only_when_they_are_the_same_protein() -> None:
    tagged = [parse_identifier("CONTAMINANT_P02768-1")]
    assert group("P02768", also=tagged) == "serum"
    assert group("P21926", also=tagged) == "none"


def test_a_gene_decides_where_the_accession_is_unknown() -> None:
    unknown = parse_identifier("CON__A0A0X0X0X0")
    assert classify(unknown, tagged=True, gene="KRT5") == "process"
    assert classify(unknown, tagged=True, gene="Krt19") == "ambiguous"
    assert classify(unknown, tagged=True, gene="TF") == "serum"
    assert classify(unknown, tagged=True, gene="CD9") == "ambiguous"
    assert classify(unknown, tagged=False, gene="KRT5") == "none"


def test_organisms_of_a_group() -> None:
    members = [parse_identifier(piece) for piece in ("sp|P07996|TSP1_HUMAN", "CON__Q28194", "Q00000")]
    assert organisms(members) == "human;bovine"
    assert known_organism("P02769") == "bovine"
    assert known_organism("P02768-1") == "human"
    assert known_organism("P21926") == ""


def test_every_entry_of_the_public_lists_gets_a_sensible_class(shared_data: Path) -> None:
    """The classes agree with the sources of contamination that Frankenfield et al. give."""
    table = pd.read_csv(
        shared_data / "references" / "contaminants" / "alphapeptstats_contaminations.txt", sep="\t", dtype="str"
    )
    wrong = []
    for accession, entry, source in zip(
        table["Uniprot ID"], table["Entry name"], table["Source of Contamination"], strict=True
    ):
        found = parse_identifier(f"CON__{accession}")
        kind = classify(found, tagged=True, study="human")
        assert kind in CONTAMINANT_CLASSES
        if "FBS" in source and kind not in {"serum", "process"}:
            wrong.append((accession, entry, source, kind))
        if re.search("skin|wool|Enzyme|enzyme|Latex", source) and kind == "serum":
            wrong.append((accession, entry, source, kind))
        if accession.startswith("AAAA"):
            continue  # two tag sequences that are no UniProt entries
        if kind == "none":
            wrong.append((accession, entry, source, kind))
    assert not wrong


def test_the_maxquant_list_is_known(shared_data: Path) -> None:
    path = shared_data / "references" / "contaminants" / "alphabase_contaminants.fasta"
    headers = [line[1:] for line in path.read_text(encoding="utf-8").splitlines() if line.startswith(">")]
    members = [parse_identifier(header.split()[0].replace("CON_", "CON__")) for header in headers]
    kinds = pd.Series([classify(member, tagged=True, study="human") for member in members]).value_counts()
    bovine = sum("Bos taurus" in header for header in headers)
    assert kinds["ambiguous"] < 25  # the simple keratins
    assert kinds["serum"] >= bovine - 10  # less the bovine keratin, trypsins and milk proteins
