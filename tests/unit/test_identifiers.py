"""Identifiers: tags, accessions, genes, organisms, FASTA databases."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from sevident.errors import InputError
from sevident.identifiers import (
    gene_of_description,
    looks_like_accession,
    organism_of,
    parse_genes,
    parse_identifier,
    read_fasta,
    split_headers,
    split_identifiers,
    strip_isoform,
)


@pytest.mark.parametrize(
    ("text", "accession", "entry_name", "organism", "contaminant", "decoy"),
    [
        ("sp|P21926|CD9_HUMAN", "P21926", "CD9_HUMAN", "human", False, False),
        ("tr|A0A024RBG1|A0A024RBG1_MOUSE", "A0A024RBG1", "A0A024RBG1_MOUSE", "mouse", False, False),
        ("P21926", "P21926", "", "", False, False),
        ("P21926-2", "P21926-2", "", "", False, False),
        ("CON__P02768-1", "P02768-1", "", "", True, False),
        ("CON_P00761", "P00761", "", "", True, False),
        ("sp|Cont_P00722|BGAL_ECOLI", "P00722", "BGAL_ECOLI", "Escherichia coli", True, False),
        ("contam_sp|P02769|ALBU_BOVIN", "P02769", "ALBU_BOVIN", "bovine", True, False),
        ("sp|CONTAMINANT_P02768-1|CONTAMINANT_ALBU_HUMAN", "P02768-1", "ALBU_HUMAN", "human", True, False),
        ("CONTAMINANT_P04040", "P04040", "", "", True, False),
        ("P02768-cRAP", "P02768", "", "", True, False),
        ("P02769-cRAP-B6E", "P02769", "", "", True, False),
        ("sp|cRAP002|P02768|ALBU_HUMAN", "P02768", "ALBU_HUMAN", "human", True, False),
        ("conta|P00761|TRYP_PIG", "P00761", "TRYP_PIG", "pig", True, False),
        ("CON__ENSEMBL:ENSBTAP00000007350", "ENSBTAP00000007350", "", "bovine", True, False),
        ("CON__REFSEQ:XP_986630", "XP_986630", "", "", True, False),
        ("CON__H-INV:HIT000016045", "HIT000016045", "", "", True, False),
        ("REV__sp|A6NL46|YF016_HUMAN", "A6NL46", "YF016_HUMAN", "human", False, True),
        ("REV__CON__Q9Z2K1", "Q9Z2K1", "", "", True, True),
        ("rev_contam_sp|P02769|ALBU_BOVIN", "P02769", "ALBU_BOVIN", "bovine", True, True),
        ("rev_sp|P21926|CD9_HUMAN", "P21926", "CD9_HUMAN", "human", False, True),
        ("DECOY_sp|P21926|CD9_HUMAN", "P21926", "CD9_HUMAN", "human", False, True),
        ("XXX_sp|P21926|CD9_HUMAN", "P21926", "CD9_HUMAN", "human", False, True),
        ("sp|P21926|CD9_HUMAN_REVERSED", "P21926", "CD9_HUMAN", "human", False, True),
        ("sp|REV__P21926|CD9_HUMAN", "P21926", "CD9_HUMAN", "human", False, True),
        ("sp|rev_P21926|CD9_HUMAN", "P21926", "CD9_HUMAN", "human", False, True),
        ("sp|P21926_REVERSED|CD9_HUMAN", "P21926", "CD9_HUMAN", "human", False, True),
        ("sp|P21926|CD9_HUMAN:reversed", "P21926", "CD9_HUMAN", "human", False, True),
        ("###REV###P21926", "P21926", "", "", False, True),
        ("###RND###sp|P21926|CD9_HUMAN", "P21926", "CD9_HUMAN", "human", False, True),
        ("#DECOY#sp|P21926|CD9_HUMAN", "P21926", "CD9_HUMAN", "human", False, True),
        ("##P21926", "P21926", "", "", False, True),
        ("RRRRRsp|P21926|CD9_HUMAN", "P21926", "CD9_HUMAN", "human", False, True),
        ("DECOY0_sp|P21926|CD9_HUMAN", "P21926", "CD9_HUMAN", "human", False, True),
        ("decoy_CONTAMINANT_P02768", "P02768", "", "", True, True),
        ("sp|P04618|REV_HV1H2", "P04618", "REV_HV1H2", "", False, False),  # the Rev protein of HIV-1
        ("rev_sp|P04618|REV_HV1H2", "P04618", "REV_HV1H2", "", False, True),
        ("REV__P04618", "P04618", "", "", False, True),
        ("UPS|Q06830ups|PRDX1_HUMAN_UPS", "Q06830", "PRDX1_HUMAN_UPS", "human", False, False),
        ("1433T_RAT", "1433T_RAT", "1433T_RAT", "rat", False, False),
        ("trFE_BOVIN", "trFE_BOVIN", "trFE_BOVIN", "bovine", False, False),
        ("P04275|VWF_HUMAN", "P04275", "VWF_HUMAN", "human", False, False),
        ("ENSP00000377550", "ENSP00000377550", "", "", False, False),
        ("", "", "", "", False, False),
    ],
)
def test_identifiers_are_taken_apart(
    text: str, accession: str, entry_name: str, organism: str, contaminant: bool, decoy: bool
) -> None:
    found = parse_identifier(text)
    assert (found.accession, found.entry_name, found.organism) == (accession, entry_name, organism)
    assert (found.contaminant, found.decoy) == (contaminant, decoy)


def test_a_header_gives_gene_and_organism() -> None:
    found = parse_identifier(
        ">sp|P19097|FAS2_YEAST Fatty acid synthase subunit alpha OS=Saccharomyces cerevisiae "
        "(strain ATCC 204508 / S288c) OX=559292 GN=FAS2 PE=1 SV=2"
    )
    assert (found.accession, found.gene, found.organism) == ("P19097", "FAS2", "yeast")
    isoform = parse_identifier("sp|Q5VT66-2|MARC1-2_HUMAN Isoform of Q5VT66 OS=Homo sapiens OX=9606 GN=MARC1 PE=1")
    assert (isoform.accession, isoform.base, isoform.gene, isoform.organism) == ("Q5VT66-2", "Q5VT66", "MARC1", "human")
    maxquant = parse_identifier(">CON__P00978 SWISS-PROT:P00978 (Bos taurus) AMBP protein precursor")
    assert (maxquant.accession, maxquant.organism, maxquant.contaminant) == ("P00978", "bovine", True)


@pytest.mark.parametrize(
    ("keys", "organism"),
    [
        ({"os": "Homo sapiens"}, "human"),
        ({"os": "Candida albicans (strain SC5314 / ATCC MYA-2876)"}, "Candida albicans"),
        ({"os": "Homo", "entry_name": "CD9_HUMAN"}, "human"),  # a spreadsheet cut the header off
        ({"os": "Homo"}, ""),
        ({"ox": "9940"}, "sheep"),
        ({"ox": "-1"}, ""),
        ({"entry_name": "X_ZZZZZ"}, ""),
        ({}, ""),
    ],
)
def test_organisms(keys: dict[str, str], organism: str) -> None:
    assert organism_of(**keys) == organism


@pytest.mark.parametrize(
    ("text", "genes"),
    [
        ("MAGOHB;MAGOH", ["MAGOHB", "MAGOH"]),
        ("TIMM13 TIM13B TIMM13A TIM13B", ["TIMM13", "TIM13B", "TIMM13A"]),
        ("EBF1, EBF3", ["EBF1", "EBF3"]),
        ("1-Mar", ["1-Mar"]),  # left as it is: the panels' aliases know it
        ("nan", []),
        ("", []),
        (";;", []),
    ],
)
def test_gene_lists(text: str, genes: list[str]) -> None:
    assert parse_genes(text) == genes


def test_groups_and_headers_split_only_where_they_should() -> None:
    assert split_identifiers("P1;P2 ; ") == ["P1", "P2"]
    assert split_identifiers("P21926, P60033") == ["P21926", "P60033"]
    assert split_identifiers("P21926 P60033") == ["P21926", "P60033"]
    assert split_identifiers("Streptavidin (S.avidinii)") == ["Streptavidin (S.avidinii)"]
    assert split_identifiers(";") == []
    headers = "sp|P01876|IGHA1_HUMAN Ig heavy; constant OS=Homo sapiens GN=IGHA1;tr|Q96K68|Q96K68_HUMAN cDNA"
    assert [h[:9] for h in split_headers(headers)] == ["sp|P01876", "tr|Q96K68"]
    assert gene_of_description("von Willebrand factor OS=Homo sapiens OX=9606 GN=VWF PE=1 SV=4") == "VWF"
    assert gene_of_description("von Willebrand factor") == ""


def test_accessions() -> None:
    assert looks_like_accession("P21926") and looks_like_accession("A0A024RBG1-2")
    assert not looks_like_accession("CD9") and not looks_like_accession("NUD4B_HUMAN")
    assert strip_isoform("P21926-2") == "P21926"
    assert strip_isoform("HLA-1") == "HLA-1"  # not an accession


FASTA = """>sp|P21926|CD9_HUMAN CD9 antigen OS=Homo sapiens OX=9606 GN=CD9 PE=1 SV=4
MPVKGGTKCIKYLLFGFNFIFWLAG
IAVLAIGLWLRFDSQTK
>contam_sp|P02769|ALBU_BOVIN Albumin OS=Bos taurus OX=9913 GN=ALB PE=1 SV=4
MKWVTFISLLLLFSSAYS*
>rev_sp|P21926|CD9_HUMAN CD9 antigen
KTQSDFRLWLGIALVAI
"""


@pytest.mark.parametrize("packed", [False, True])
def test_fasta(tmp_path: Path, packed: bool) -> None:
    path = tmp_path / ("db.fasta.gz" if packed else "db.fasta")
    path.write_bytes(gzip.compress(FASTA.encode()) if packed else FASTA.encode())
    found = read_fasta(path)
    assert list(found) == ["P21926", "P02769"]
    assert (found["P21926"].gene, found["P21926"].organism, found["P21926"].length) == ("CD9", "human", 42)
    assert found["P02769"].length == 18  # the stop sign is no residue
    assert found["P02769"].organism == "bovine"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("Protein IDs\tGene names\nP1\tA\n", ["does not look like", "begins with '>'"]),
        (">rev_sp|P1|A_HUMAN x\nMK\n", ["holds no protein"]),
    ],
)
def test_what_is_no_fasta_is_refused(tmp_path: Path, content: str, words: list[str]) -> None:
    path = tmp_path / "db.fasta"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_fasta(path)
    assert str(path) in str(error.value)
    assert all(word in str(error.value) for word in words)


def test_contaminant_libraries_are_read(shared_data: Path) -> None:
    folder = shared_data / "references" / "contaminants"
    universal = read_fasta(folder / "hao_0602_Universal_Contaminants.fasta")
    assert universal["P02769"].organism == "bovine"
    assert universal["P00761"].organism == "pig"
    assert "P02768" in read_fasta(folder / "camprotR_cRAP_20190401.fasta.gz")
