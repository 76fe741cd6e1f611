"""mzIdentML, pepXML, protXML and idXML, against counts by XPath; and how they can be broken or be malicious."""

# ruff: noqa: E501 (elements of XML are long, and broken lines would hide what they test)

from __future__ import annotations

import gzip
import lzma
import re
from pathlib import Path

import pandas as pd
import pytest
from lxml import etree

from sevident import readers, tables
from sevident.errors import InputError
from sevident.identifiers import parse_identifier
from sevident.readers import qvalues
from sevident.readers.base import InputSpec, ReadResult
from sevident.readers.peptidoforms import header, modified_sequence
from sevident.readers.source import Source, read_head
from sevident.readers.xml import damaged, root_name

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


def mzid(
    hits: str = "",
    *,
    threshold: str = '<cvParam accession="MS:1002354" name="PSM-level q-value" cvRef="PSI-MS" value="0.01"/>',
    groups: str = "",
    database: str = "",
    version: str = "1.1.0",
) -> str:
    """A search of two runs: CD9 and ALB, a decoy by attribute, one by prefix; ``hits`` are further results."""
    return f"""{DECLARATION}<MzIdentML id="x" version="{version}" xmlns="http://psidev.info/psi/pi/mzIdentML/1.1">
<AnalysisSoftwareList><AnalysisSoftware id="S" name="Search" version="3.1"><SoftwareName>
 <cvParam accession="MS:1001476" name="X\\!Tandem" cvRef="PSI-MS"/></SoftwareName></AnalysisSoftware></AnalysisSoftwareList>
<SequenceCollection>
 <DBSequence id="D1" accession="sp|P21926|CD9_HUMAN" length="228" searchDatabase_ref="DB"><cvParam
  accession="MS:1001088" name="protein description" cvRef="PSI-MS" value="CD9 antigen OS=Homo sapiens OX=9606 GN=CD9"/>
 </DBSequence>
 <DBSequence id="D2" accession="sp|P02768|ALBU_HUMAN" length="609" searchDatabase_ref="DB"><cvParam
  accession="MS:1001088" name="protein description" cvRef="PSI-MS"
  value="sp|P02768|ALBU_HUMAN Albumin OS=Homo sapiens GN=ALB"/></DBSequence>
 <DBSequence id="D3" accession="rev_sp|P60033|CD81_HUMAN" searchDatabase_ref="DB"/>
 <DBSequence id="D4" accession="SHD123" searchDatabase_ref="DB"/>
 <Peptide id="P1"><PeptideSequence>AACK</PeptideSequence><Modification location="3" monoisotopicMassDelta="57.02">
  <cvParam accession="UNIMOD:4" name="Carbamidomethyl" cvRef="UNIMOD"/></Modification></Peptide>
 <Peptide id="P2"><PeptideSequence>DDEK</PeptideSequence><Modification location="0" monoisotopicMassDelta="42.0106"/></Peptide>
 <PeptideEvidence id="E1" dBSequence_ref="D1" peptide_ref="P1" isDecoy="false"/>
 <PeptideEvidence id="E2" dBSequence_ref="D2" peptide_ref="P2" isDecoy="false"/>
 <PeptideEvidence id="E3" dBSequence_ref="D3" peptide_ref="P2" isDecoy="false"/>
 <PeptideEvidence id="E4" dBSequence_ref="D2" peptide_ref="P2" isDecoy="true"/>
 <PeptideEvidence id="E5" dBSequence_ref="D4" peptide_ref="P2" isDecoy="false"/>
</SequenceCollection>
<AnalysisProtocolCollection><SpectrumIdentificationProtocol id="SP"><Threshold>{threshold}</Threshold>
</SpectrumIdentificationProtocol></AnalysisProtocolCollection>
<DataCollection><Inputs><SearchDatabase id="DB" location="db.fasta">{database}</SearchDatabase>
 <SpectraData id="R1" location="file:///C:/data/run 1.mzML"/><SpectraData id="R2" location="D:\\data\\run2.raw"/></Inputs>
<AnalysisData><SpectrumIdentificationList id="L">
{result("1", "R1", item("1a", "P1", "E1"), item("1b", "P2", "E2", rank=2))}
{result("2", "R1", item("2a", "P1", "E1", q="0.005"), item("2b", "P2", "E2 E3", q="0.005"))}
{result("3", "R2", item("3a", "P2", "E3"), item("3b", "P2", "E4"))}
{result("4", "R2", item("4a", "P2", "E2", passing="false"), item("4b", "P1", "E1 E2", q="0.02"))}
{result("5", "R2", item("5a", "P2", "E2", charge=3))}
{hits}</SpectrumIdentificationList>{groups}</AnalysisData></DataCollection></MzIdentML>
"""


def item(
    name: str, peptide: str, evidence: str, *, rank: int = 1, passing: str = "true", q: str = "0.001", charge: int = 2
) -> str:
    refs = "".join(f'<PeptideEvidenceRef peptideEvidence_ref="{one}"/>' for one in evidence.split())
    score = f'<cvParam accession="MS:1002354" name="PSM-level q-value" cvRef="PSI-MS" value="{q}"/>' if q else ""
    return (
        f'<SpectrumIdentificationItem id="{name}" rank="{rank}" passThreshold="{passing}" peptide_ref="{peptide}" '
        f'chargeState="{charge}" experimentalMassToCharge="400.5">{refs}{score}'
        '<cvParam accession="MS:9999999" name="a term of the future" cvRef="PSI-MS" value="7"/></SpectrumIdentificationItem>'
    )


def result(name: str, run: str, *items: str) -> str:
    return f'<SpectrumIdentificationResult id="{name}" spectrumID="scan={name}" spectraData_ref="{run}">{"".join(items)}</SpectrumIdentificationResult>'


def pepxml(hits: str = "") -> str:
    return f"""{DECLARATION}<msms_pipeline_analysis xmlns="http://regis-web.systemsbiology.net/pepXML">
<msms_run_summary base_name="/data/run1" raw_data=".mzML">
<search_summary base_name="/data/run1" search_engine="X! Tandem" search_engine_version="MSFragger-3.5" search_id="1">
<parameter name="decoy_prefix" value="DD_"/></search_summary>
{query("run1.1.1.2", search_hit("AACK", "sp|P21926|CD9_HUMAN"), search_hit("DDEK", "sp|P02768|ALBU_HUMAN", rank=2))}
{query("run1.2.2.2", search_hit("DDEK", "sp|P02768|ALBU_HUMAN", "rev_sp|P60033|CD81_HUMAN"))}
</msms_run_summary><msms_run_summary base_name="/data/run2.mzML">
<search_summary base_name="/data/run2" search_engine="Comet" search_id="1"/>
{query("run1.1.1.2", search_hit("DDEK", "DD_sp|P02768|ALBU_HUMAN"))}
{query("run1.1.1.2", search_hit("DDEK", "sp|P02768|ALBU_HUMAN", more='is_rejected="1"'))}
{query("run2.3.3.2", search_hit("DDEK", "sp|P02768|ALBU_HUMAN", q="0.2"))}
{query("run2.4.4.2", search_hit("AACK", "sp|P21926|CD9_HUMAN"))}
{hits}</msms_run_summary></msms_pipeline_analysis>
"""


def query(spectrum: str, *hits: str) -> str:
    return f'<spectrum_query spectrum="{spectrum}" assumed_charge="2" index="1"><search_result>{"".join(hits)}</search_result></spectrum_query>'


def search_hit(peptide: str, *proteins: str, rank: int = 1, q: str = "0.001", more: str = "") -> str:
    gene = {"sp|P21926|CD9_HUMAN": "CD9", "sp|P02768|ALBU_HUMAN": "ALB"}.get(proteins[0], "")
    others = "".join(f'<alternative_protein protein="{one}"/>' for one in proteins[1:])
    return (
        f'<search_hit hit_rank="{rank}" peptide="{peptide}" protein="{proteins[0]}" {more} '
        f'protein_descr="A protein OS=Homo sapiens OX=9606 GN={gene}" num_tot_proteins="{len(proteins)}">{others}'
        f'<search_score name="hyperscore" value="9"/><search_score name="q-value" value="{q}"/></search_hit>'
    )


PROTXML = f"""{DECLARATION}<protein_summary xmlns="http://regis-web.systemsbiology.net/protXML" summary_xml="/x/all.prot.xml">
<protein_summary_header source_files="/data/run1.pep.xml"><program_details analysis="proteinprophet" version="TPP v6">
<proteinprophet_details>
<protein_summary_data_filter min_probability="0.00" false_positive_error_rate="0.300"/>
<protein_summary_data_filter min_probability="0.90" false_positive_error_rate="0.008"/>
<protein_summary_data_filter min_probability="0.99" false_positive_error_rate="0.001"/>
</proteinprophet_details></program_details></protein_summary_header>
<protein_group group_number="1" probability="1.0">
<protein protein_name="sp|P21926|CD9_HUMAN" n_indistinguishable_proteins="2" probability="0.95" group_sibling_id="a">
<parameter name="prot_length" value="228"/>
<annotation protein_description="CD9 antigen OS=Homo sapiens OX=9606 GN=CD9"/>
<indistinguishable_protein protein_name="sp|P21926-2|CD9_HUMAN"/>
<peptide peptide_sequence="AACK" charge="2" weight="1.00" n_instances="3" is_contributing_evidence="Y"/>
<peptide peptide_sequence="AACK" charge="3" weight="1.00" n_instances="2" is_contributing_evidence="Y"/>
<peptide peptide_sequence="GGGK" charge="2" weight="0.40" n_instances="5" is_contributing_evidence="Y">
<peptide_parent_protein protein_name="sp|P02768|ALBU_HUMAN"/></peptide>
<peptide peptide_sequence="LLLK" charge="2" weight="1.00" n_instances="7" is_contributing_evidence="N"/></protein></protein_group>
<protein_group group_number="2" probability="1.0">
<protein protein_name="sp|P02768|ALBU_HUMAN" n_indistinguishable_proteins="1" probability="1.0" group_sibling_id="a">
<annotation protein_description="Albumin OS=Homo sapiens OX=9606 GN=ALB"/>
<peptide peptide_sequence="GGGK" charge="2" weight="0.60" n_instances="5" is_contributing_evidence="Y"/>
<peptide peptide_sequence="DDEK" charge="2" weight="1.00" n_instances="1" is_contributing_evidence="Y"/></protein>
<protein protein_name="sp|P60033|CD81_HUMAN" n_indistinguishable_proteins="1" probability="0.5" group_sibling_id="b">
<peptide peptide_sequence="SSSK" charge="2" weight="1.00" n_instances="1" is_contributing_evidence="Y"/></protein>
<protein protein_name="DECOY_sp|P1|X_HUMAN" n_indistinguishable_proteins="1" probability="0.99" group_sibling_id="c">
<peptide peptide_sequence="WWWK" charge="2" weight="1.00" n_instances="4" is_contributing_evidence="Y"/></protein>
<protein protein_name="sp|Q99999|SUB_HUMAN" n_indistinguishable_proteins="1" probability="0.0" group_sibling_id="d">
<peptide peptide_sequence="YYYK" charge="2" weight="0.00" n_instances="1" is_contributing_evidence="Y"/></protein></protein_group>
</protein_summary>
"""


def idxml(hits: str = "") -> str:
    return f"""{DECLARATION}<IdXML version="1.5">
<SearchParameters id="SP_0" db="x.fasta" db_version="" taxonomy="" mass_type="monoisotopic" charges="" enzyme="trypsin"
 missed_cleavages="1" precursor_peak_tolerance="10" peak_mass_tolerance="0.02"/>
<IdentificationRun date="2024-01-01T00:00:00" search_engine="Comet" search_engine_version="2023" search_parameters_ref="SP_0">
<ProteinIdentification score_type="q-value" higher_score_better="false" significance_threshold="0">
<ProteinHit id="PH_0" accession="sp|P21926|CD9_HUMAN" score="0.001" sequence="MPVK"><UserParam type="string" name="Description"
 value="CD9 antigen OS=Homo sapiens OX=9606 GN=CD9"/><UserParam type="string" name="target_decoy" value="target"/></ProteinHit>
<ProteinHit id="PH_1" accession="sp|P02768|ALBU_HUMAN" score="0.002" sequence=""><UserParam type="string" name="target_decoy" value="target"/></ProteinHit>
<ProteinHit id="PH_2" accession="weird" score="0.5" sequence=""><UserParam type="string" name="target_decoy" value="decoy"/></ProteinHit>
<ProteinHit id="PH_3" accession="sp|P60033|CD81_HUMAN" score="0.3" sequence=""><UserParam type="string" name="target_decoy" value="target"/></ProteinHit>
<UserParam type="stringList" name="spectra_data" value="[/data/run1.mzML, /data/run2.mzML]"/>
<UserParam type="string" name="indistinguishable_proteins_0" value="0.99,PH_0"/>
</ProteinIdentification>
{identification(0, peptide_hit("AAC(Carbamidomethyl)K", 0.001, "PH_0"), peptide_hit("DDEK", 0.004, "PH_1"))}
{identification(1, peptide_hit(".(Acetyl)DDEK", 0.001, "PH_1 PH_2", decoy="target+decoy"))}
{identification(1, peptide_hit("DDEK", 0.001, "PH_2", decoy="decoy"))}
{identification(1, peptide_hit("DDEK", 0.05, "PH_1"))}
{identification(1, peptide_hit("SSSK", 0.001, "PH_3"))}
{hits}</IdentificationRun></IdXML>
"""


def identification(index: int, *hits: str) -> str:
    return (
        '<PeptideIdentification score_type="q-value" higher_score_better="false" significance_threshold="0" MZ="500" RT="10" '
        f'spectrum_reference="scan=1">{"".join(hits)}<UserParam type="int" name="id_merge_index" value="{index}"/></PeptideIdentification>'
    )


def peptide_hit(sequence: str, q: float | str, refs: str, decoy: str = "target") -> str:
    return (
        f'<PeptideHit score="{q}" sequence="{sequence}" charge="2" aa_before="K" aa_after="A" start="1" end="4" protein_refs="{refs}">'
        f'<UserParam type="string" name="target_decoy" value="{decoy}"/></PeptideHit>'
    )


FILES = {"mzidentml": mzid(), "pepxml": pepxml(), "protxml": PROTXML, "idxml": idxml()}


def read(tmp_path: Path, content: str | bytes, name: str = "result [1]", **settings: object) -> ReadResult:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return readers.read(InputSpec.from_settings({"path": str(path), "organism": "human", **settings}))


def refused(tmp_path: Path, content: str | bytes, name: str = "result") -> str:
    with pytest.raises(InputError) as caught:
        read(tmp_path, content, name)
    assert str(tmp_path) in str(caught.value) and "content.xml" not in str(caught.value)
    return str(caught.value)


def codes(result: ReadResult) -> dict[str, object]:
    return {str(w["code"]): w["count"] for w in result.warnings}


def counts(result: ReadResult, column: str = "spectra") -> dict[tuple[str, str], float]:
    return result.proteins.set_index(["run", "protein_group"])[column].to_dict()


# --- what the formats mean


def test_mzidentml(tmp_path: Path) -> None:
    result = read(tmp_path, mzid())
    assert counts(result) == {("run 1", "P21926"): 2, ("run 1", "P02768"): 1, ("run2", "P02768"): 1}
    assert counts(result, "peptides") == {("run 1", "P21926"): 1, ("run 1", "P02768"): 1, ("run2", "P02768"): 1}
    assert result.proteins["intensity"].isna().all() and (result.proteins["evidence"] == "ms2").all()
    assert result.proteins.set_index("protein_group").loc["P21926", "genes"] == "CD9"
    assert set(result.proteins["organism"]) == {"human"} and set(result.proteins["sequence_length"]) == {228, 609}
    features = result.features
    assert features["spectra"].sum() == 9 and features.loc[features["is_decoy"], "spectra"].sum() == 2
    assert {"AAC[Carbamidomethyl]K", "[+42.0106]-DDEK"} == set(features["modified_sequence"])
    assert set(features["charge"]) == {2, 3}
    assert features.loc[features["evidence"] == "unknown", "spectra"].sum() == 2  # rank 2, and below the threshold
    found = codes(result)
    assert found["hits_of_lower_rank"] == 1 and found["hits_below_threshold"] == 1
    assert found["decoys_removed"] == 2 and found["peptides_over_q_value"] == 1
    assert (result.engine, result.version, result.level) == ("X!Tandem", "3.1", "psm")
    assert result.q_columns == ["PSM-level q-value"]
    both = features[features["proteins"] == "P21926;P02768"]
    assert both["q_value"].tolist() == [0.02] and both["protein_group"].tolist() == ["P21926;P02768"]


def test_mzidentml_decoys_by_expression(tmp_path: Path) -> None:
    extra = result("6", "R1", item("6a", "P2", "E5"))
    assert ("run 1", "SHD123") in counts(read(tmp_path, mzid(extra)))
    term = '<cvParam accession="MS:1001283" name="decoy DB accession regexp" cvRef="PSI-MS" value="^SHD"/>'
    assert codes(read(tmp_path, mzid(extra, database=term)))["decoys_removed"] == 3
    assert "expression" in refused(tmp_path, mzid(extra, database=term.replace("^SHD", "^(SHD")))


def test_mzidentml_without_threshold(tmp_path: Path) -> None:
    text = mzid(threshold='<cvParam accession="MS:1001494" name="no threshold" cvRef="PSI-MS"/>')
    result = read(tmp_path, text.replace('passThreshold="true"', 'passThreshold="false"'))
    assert counts(result)["run2", "P02768"] == 2 and "no_threshold" in codes(result)
    none = mzid().replace('passThreshold="true"', 'passThreshold="false"')
    assert "No peptide" in refused(tmp_path, none)


GROUPS = """<ProteinDetectionList id="PL"><ProteinAmbiguityGroup id="G0">
<ProteinDetectionHypothesis id="H0" dBSequence_ref="D1" passThreshold="false"><PeptideHypothesis peptideEvidence_ref="E1">
<SpectrumIdentificationItemRef spectrumIdentificationItem_ref="2a"/></PeptideHypothesis></ProteinDetectionHypothesis>
</ProteinAmbiguityGroup><ProteinAmbiguityGroup id="G1">
<ProteinDetectionHypothesis id="H1" passThreshold="true"><PeptideHypothesis peptideEvidence_ref="E1">
<SpectrumIdentificationItemRef spectrumIdentificationItem_ref="1a"/>
<SpectrumIdentificationItemRef spectrumIdentificationItem_ref="2a"/></PeptideHypothesis></ProteinDetectionHypothesis>
<ProteinDetectionHypothesis id="H2" dBSequence_ref="D2" passThreshold="true">
<cvParam accession="MS:1002401" name="leading protein" cvRef="PSI-MS"/></ProteinDetectionHypothesis>
<cvParam accession="MS:1002415" name="protein group passes threshold" cvRef="PSI-MS" value="PASSES"/>
<cvParam accession="MS:1002373" name="protein group-level q-value" cvRef="PSI-MS" value="0.004"/>
</ProteinAmbiguityGroup></ProteinDetectionList>"""


def test_mzidentml_groups(tmp_path: Path) -> None:
    result = read(tmp_path, mzid(groups=GROUPS.replace("PASSES", "true"), version="1.2.0"))
    # the leading protein first, all members kept; the group that passes wins over the one that fails
    assert counts(result)["run 1", "P02768;P21926"] == 2
    assert result.proteins.set_index("protein_group").loc["P02768;P21926", "q_value"] == 0.004
    assert counts(result)["run 1", "P02768"] == 1  # a hit of no group
    failing = read(tmp_path, mzid(groups=GROUPS.replace("PASSES", "false"), version="1.2.0"))
    assert codes(failing)["hits_below_threshold"] == 3 and ("run 1", "P02768;P21926") not in counts(failing)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('peptide_ref="P1" chargeState', 'peptide_ref="gone" chargeState', "Peptide"),
        ('peptideEvidence_ref="E1"', 'peptideEvidence_ref="gone"', "PeptideEvidence"),
        ('dBSequence_ref="D1"', 'dBSequence_ref="gone"', "DBSequence"),
        ('spectraData_ref="R1"', 'spectraData_ref="gone"', "SpectraData"),
        ('dBSequence_ref="D1"', "", "dBSequence_ref"),
        ('value="0.005"', 'value="0,005"', "0,005"),
        ('rank="2"', 'rank="2,0"', "decimal"),
        ('version="1.1.0" xmlns', 'version="1.0.0" xmlns', "1.0.0"),
    ],
)
def test_mzidentml_that_does_not_hold_together(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in mzid()
    assert message in refused(tmp_path, mzid().replace(old, new))


def test_pepxml(tmp_path: Path) -> None:
    result = read(tmp_path, pepxml())
    assert counts(result) == {("run1", "P21926"): 1, ("run1", "P02768"): 1, ("run2", "P21926"): 1}
    features = result.features
    assert features["spectra"].sum() == 7 and features.loc[features["is_decoy"], "spectra"].sum() == 1
    found = codes(result)
    assert found["hits_of_lower_rank"] == 1 and found["hits_below_threshold"] == 1
    assert found["peptides_over_q_value"] == 1 and found["decoys_removed"] == 1 and "no_q_values" not in found
    assert set(result.proteins["genes"]) == {"CD9", "ALB"} and set(result.proteins["organism"]) == {"human"}
    assert (result.engine, result.version) == ("MSFragger", "MSFragger-3.5")


def test_pepxml_of_several_results_per_spectrum_and_of_no_hits(tmp_path: Path) -> None:
    hit = search_hit("AACK", "sp|P21926|CD9_HUMAN")
    several = f'<spectrum_query spectrum="a" assumed_charge="2"><search_result>{hit}</search_result><search_result>{hit}</search_result></spectrum_query>'
    nothing = '<spectrum_query spectrum="b" assumed_charge="2"><search_result/></spectrum_query>'
    assert counts(read(tmp_path, pepxml(several + nothing)))["run2", "P21926"] == 3


def test_pepxml_without_q_values(tmp_path: Path) -> None:
    result = read(tmp_path, pepxml().replace('name="q-value"', 'name="expect"'))
    assert codes(result)["no_q_values"] == 4
    assert "1 decoys" in next(str(w["message"]) for w in result.warnings if w["code"] == "no_q_values")
    assert result.features["q_value"].isna().all() and result.q_columns == []


def test_pepxml_q_values_that_are_none(tmp_path: Path) -> None:
    result = read(tmp_path, pepxml(query("c", search_hit("AACK", "sp|P21926|CD9_HUMAN", q="35.5"))))
    assert codes(result)["q_values_unusable"] == 1 and result.features["q_value"].isna().all()


def test_spectra_outside_of_a_run_are_refused(tmp_path: Path) -> None:
    outside = pepxml().replace("</msms_pipeline_analysis>", query("c") + "</msms_pipeline_analysis>")
    assert "outside" in refused(tmp_path, outside)


def test_protxml(tmp_path: Path) -> None:
    result = read(tmp_path, PROTXML)
    assert counts(result) == {("run1", "P21926;P21926-2"): 5, ("run1", "P02768"): 6}
    assert counts(result, "peptides") == {("run1", "P21926;P21926-2"): 1, ("run1", "P02768"): 2}
    assert counts(result, "q_value") == {("run1", "P21926;P21926-2"): 0.008, ("run1", "P02768"): 0.001}
    assert result.proteins.set_index("protein_group")["genes"].to_dict() == {"P21926;P21926-2": "CD9", "P02768": "ALB"}
    assert result.proteins.set_index("protein_group").loc["P21926;P21926-2", "sequence_length"] == 228
    features = result.features
    assert features["spectra"].sum() == 3 + 2 + 5 + 7 + 1 + 1 + 4 + 1  # GGGK stands under two proteins and counts once
    assert features.loc[features["peptide"] == "GGGK", "proteins"].tolist() == ["P02768;P21926;P21926-2"]
    found = codes(result)
    assert found["decoys_removed"] == 1 and found["hits_below_threshold"] == 1
    assert found["groups_over_q_value"] == 2 and found["proteins_of_probability_zero"] == 1
    several = read(tmp_path, PROTXML.replace('"/data/run1.pep.xml"', '"/data/run1.pep.xml /data/run2.pep.xml"'))
    assert set(several.proteins["run"]) == {"all"} and codes(several)["single_run"] == 2


def test_idxml(tmp_path: Path) -> None:
    result = read(tmp_path, idxml())
    assert counts(result) == {("run1", "P21926"): 1, ("run2", "P02768"): 1}
    features = result.features
    assert features["spectra"].sum() == 6 and features.loc[features["is_decoy"], "spectra"].sum() == 1
    assert set(features["peptide"]) == {"AACK", "DDEK", "SSSK"}
    assert ".(Acetyl)DDEK" in set(features["modified_sequence"])
    found = codes(result)
    assert found["hits_of_lower_rank"] == 1 and found["decoys_removed"] == 1
    assert found["peptides_over_q_value"] == 1 and found["groups_over_q_value"] == 1
    assert (result.engine, result.version) == ("Comet", "2023")
    assert counts(result, "q_value") == {("run1", "P21926"): 0.001, ("run2", "P02768"): 0.002}
    assert result.proteins.set_index("protein_group").loc["P21926", ["genes", "sequence_length"]].tolist() == ["CD9", 4]


def test_idxml_groups(tmp_path: Path) -> None:
    result = read(tmp_path, idxml().replace('value="0.99,PH_0"', 'value="0.99,PH_0,PH_1"'))
    assert set(result.proteins["protein_group"]) == {"P21926;P02768"}
    assert counts(result) == {("run1", "P21926;P02768"): 1, ("run2", "P21926;P02768"): 1}


# --- recognition


@pytest.mark.parametrize("name", FILES)
def test_recognition(tmp_path: Path, name: str) -> None:
    path = tmp_path / "any name.csv"
    path.write_text(FILES[name], encoding="utf-8")
    assert readers.detect(path) == name
    path.write_text(FILES[name].replace(DECLARATION, "<!-- a <comment> -->\n<?style x?>\n"), encoding="utf-8")
    assert readers.detect(path) == name


@pytest.mark.parametrize("root", ["mzML", "indexedmzML", "bioml", "featureMap", "consensusXML", "html", "foo"])
def test_other_xml_is_named_and_refused(tmp_path: Path, root: str) -> None:
    message = refused(tmp_path, f"{DECLARATION}<{root}><a/></{root}>")
    assert "XML" in message
    if root != "foo":
        assert root.replace("indexed", "").lower()[:4] in message.lower() or "Tandem" in message or "page" in message


def test_a_wrong_format_in_the_configuration(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="format: pepxml"):
        read(tmp_path, pepxml(), format="mzidentml")


# --- malice

BOMB = (
    '<!DOCTYPE {root} [<!ENTITY a "ha"><!ENTITY b "'
    + "&a;" * 10
    + '">'
    + "".join(f'<!ENTITY {y} "{f"&{x};" * 10}">' for x, y in zip("bcdefghij", "cdefghijk", strict=True))
    + "]>"
)
MALICE = {
    "billion laughs": BOMB,
    "external entity": '<!DOCTYPE {root} [<!ENTITY k SYSTEM "file:///etc/passwd">]>',
    "external document type": '<!DOCTYPE {root} SYSTEM "http://127.0.0.1:9/evil.dtd">',
    "parameter entity": '<!DOCTYPE {root} [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>',
    "empty document type": "<!DOCTYPE {root}>",
}


@pytest.mark.parametrize("attack", MALICE)
@pytest.mark.parametrize("name", FILES)
def test_entities_are_refused(tmp_path: Path, name: str, attack: str) -> None:
    root = root_name(read_head(Source(_write(tmp_path, FILES[name]))))
    text = FILES[name].replace(DECLARATION, DECLARATION + MALICE[attack].replace("{root}", root))
    for used in (
        text,
        text.replace("AACK", "&k;", 1),
        re.sub(r'accession="sp|protein="sp|protein_name="sp', lambda m: m[0] + "&k;", text),
    ):
        message = refused(tmp_path, used)
        assert "document type declaration" in message or "damaged" in message
        assert "root:" not in message


def _write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "plain"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", FILES)
def test_depth_is_limited(tmp_path: Path, name: str) -> None:
    closing = FILES[name].rindex("</")
    deep = FILES[name][:closing] + "<a>" * 3000 + "</a>" * 3000 + FILES[name][closing:]
    assert "damaged" in refused(tmp_path, deep)


# --- damage and dialects

WRAPPINGS = {
    "gzip": lambda text: gzip.compress(text.encode()),
    "xz": lambda text: lzma.compress(text.encode()),
    "byte order mark": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "windows line ends": lambda text: text.replace("\n", "\r\n").encode(),
    "latin-1": lambda text: text.replace("UTF-8", "ISO-8859-1").replace("antigen", "antigène").encode("latin-1"),
    "utf-16": lambda text: text.replace("UTF-8", "UTF-16").encode("utf-16"),
    "one line": lambda text: text.replace("\n", " ").encode(),
    "a comment": lambda text: text.replace(DECLARATION, DECLARATION + "<!-- made by hand -->").encode(),
    "no declaration": lambda text: text.replace(DECLARATION, "").encode(),
    "unknown elements": lambda text: (
        re.sub(r"(<(?:DBSequence|search_hit|protein|PeptideHit)\b)", r'\1 new="1"', text)
        .replace("</protein_summary_header>", "</protein_summary_header><novelty a='b'><c/></novelty>")
        .encode()
    ),
}


@pytest.mark.parametrize("wrapping", WRAPPINGS)
@pytest.mark.parametrize("name", FILES)
def test_wrappings_change_nothing(tmp_path: Path, name: str, wrapping: str) -> None:
    expected = read(tmp_path, FILES[name])
    found = read(tmp_path, WRAPPINGS[wrapping](FILES[name]))  # type: ignore[no-untyped-call]
    pd.testing.assert_frame_equal(found.proteins, expected.proteins)
    pd.testing.assert_frame_equal(found.features, expected.features)


@pytest.mark.parametrize("name", FILES)
def test_attributes_in_another_order(tmp_path: Path, name: str) -> None:
    tree = etree.fromstring(FILES[name].encode())
    for element in tree.iter(etree.Element):
        attributes = sorted(element.attrib.items(), reverse=True)
        element.attrib.clear()
        element.attrib.update(attributes)
    expected = read(tmp_path, FILES[name])
    pd.testing.assert_frame_equal(read(tmp_path, etree.tostring(tree)).proteins, expected.proteins)


@pytest.mark.parametrize("name", FILES)
def test_every_cut_is_noticed(tmp_path: Path, name: str) -> None:
    data = FILES[name].encode()
    root = data.index(b"<", len(DECLARATION) + 1)
    for end in [*range(root + 40, len(data) - 2, max(1, len(data) // 40)), data.rindex(b"</")]:
        refused(tmp_path, data[:end])


@pytest.mark.parametrize("name", FILES)
def test_damage(tmp_path: Path, name: str) -> None:
    text = FILES[name]
    assert "damaged" in refused(tmp_path, text.replace("Homo", "Hömo").encode("latin-1"))  # says UTF-8
    refused(tmp_path, text.encode().replace(b"Homo", b"Ho\x00mo"))
    assert "damaged" in refused(tmp_path, text.encode().replace(b"Homo", b"Ho\x01mo"))
    assert "damaged" in refused(
        tmp_path, re.sub(r'\b(?:score|charge|rank|hit_rank)="', lambda m: m[0] + '2" ' + m[0], text)
    )  # twice
    packed = gzip.compress(text.encode())
    assert "cut off" in refused(tmp_path, packed[: len(packed) // 2])
    assert "cut off" in refused(tmp_path, packed[:-6] + b"\x00\x00\x00\x00\x00\x00")
    assert "0 bytes" in refused(tmp_path, b"")
    (tmp_path / "folder").mkdir()
    with pytest.raises(InputError, match="folder"):
        readers.read(InputSpec.from_settings({"path": str(tmp_path / "folder")}))


DECIMALS = {
    "mzidentml": mzid().replace('value="0.001"', 'value="0,001"'),
    "pepxml": pepxml().replace('value="0.001"', 'value="0,001"'),
    "protxml": PROTXML.replace('probability="0.95"', 'probability="0,95"'),
    "idxml": idxml().replace('score="0.001"', 'score="0,001"'),
}


@pytest.mark.parametrize("name", FILES)
def test_decimal_commas_are_refused(tmp_path: Path, name: str) -> None:
    assert "0,0" in (message := refused(tmp_path, DECIMALS[name])) or "0,95" in message


def only_decoys(text: str) -> str:
    text = text.replace('isDecoy="false"', 'isDecoy="true"').replace('value="target"', 'value="decoy"')
    text = text.replace('value="target+decoy"', 'value="decoy"')
    return re.sub(r'(protein|protein_name)="sp\|', r'\1="DECOY_sp|', text)


@pytest.mark.parametrize("name", FILES)
def test_only_decoys(tmp_path: Path, name: str) -> None:
    assert "decoy" in refused(tmp_path, only_decoys(FILES[name]))


EMPTY = {
    "mzidentml": re.sub(
        r"<SpectrumIdentificationResult .*</SpectrumIdentificationResult>", "", mzid(), flags=re.DOTALL
    ),
    "pepxml": re.sub(r"<spectrum_query.*?</spectrum_query>", "", pepxml(), flags=re.DOTALL),
    "protxml": re.sub(r"<protein_group.*</protein_group>", "", PROTXML, flags=re.DOTALL),
    "idxml": re.sub(r"<PeptideIdentification.*</PeptideIdentification>", "", idxml(), flags=re.DOTALL),
}


@pytest.mark.parametrize("name", FILES)
def test_nothing_identified(tmp_path: Path, name: str) -> None:
    assert "no identified spectrum" in refused(tmp_path, EMPTY[name])


@pytest.mark.parametrize("name", FILES)
def test_the_tables_keep_their_contract(tmp_path: Path, name: str) -> None:
    result = read(tmp_path, FILES[name])
    assert list(result.proteins.columns) == list(tables.PROTEINS.columns)
    assert list(result.features.columns) == list(tables.FEATURES.columns)
    assert not result.proteins.duplicated(["run", "protein_group"]).any()
    pd.testing.assert_frame_equal(read(tmp_path, FILES[name]).features, result.features)


# --- small parts


def test_modified_sequences_and_headers() -> None:
    assert (
        modified_sequence("ACDE", [(0, "Acetyl"), (2, "a"), (2, "b"), (5, "Amidated")])
        == "[Acetyl]-AC[a][b]DE-[Amidated]"
    )
    assert modified_sequence("ACDE", []) == "ACDE"
    assert header("P21926", "") == ""
    assert header("P21926", "CD9 antigen GN=CD9") == "db|P21926| CD9 antigen GN=CD9"
    assert header("A", "[tr|A|B_HUMAN name]") == "tr|A|B_HUMAN name"
    assert header("IPI1.1", "IPI:IPI1.1|SWISS-PROT:O43707 Gene_Symbol=ACTN4 x").startswith("db|IPI1.1| IPI:")


def test_identifiers_of_two_fields() -> None:
    texts = ("gi|3212198", "psu|NC_LIV_020800", "Rnd1psu|NC_LIV_1", "P21926|CD9_HUMAN", "YCR088W|ABP1")
    found = [parse_identifier(text).accession for text in texts]
    assert found == ["3212198", "NC_LIV_020800", "NC_LIV_1", "P21926", "YCR088W"]


def test_which_scores_are_q_values() -> None:
    assert qvalues.rank("hit", "PSM-level q-value") < qvalues.rank("hit", "FDRScore") < qvalues.NONE
    assert qvalues.rank("hit", "a new name", "MS:1001491") < qvalues.NONE
    assert qvalues.rank("hit", "local FDR", "MS:1001250") == qvalues.NONE
    assert qvalues.rank("hit", "Posterior Error Probability") == qvalues.NONE
    assert qvalues.best("group", [("x", None, 1), ("protein-level q-value", None, 2)]) == ("protein-level q-value", 2)
    assert qvalues.best("group", [("x", None, 1)]) is None


def test_a_damaged_file_names_its_line() -> None:
    assert "line 3" in str(damaged("f", etree.XMLSyntaxError("x", 1, 3, 4)))


# --- the public files

MZID = [
    "openms_3runs.mzid",
    "psi_55merge_mascot_full_1.1.mzid.gz",
    "psi_55merge_tandem_1.1.mzid",
    "pyteomics_test.mzid",
]
PEPXML = ["crema_msfragger.pepxml", "psmutils_PXD035029_head.pepXML.gz", "pyteomics_test.pep.xml"]


def tree_of(path: Path) -> etree._ElementTree:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rb") as handle:
        return etree.parse(handle)


def number_of(tree: etree._ElementTree, xpath: str) -> int:
    return int(tree.xpath(f"count({xpath})"))


@pytest.mark.shared
@pytest.mark.parametrize("name", MZID)
def test_public_mzidentml(shared_data: Path, name: str) -> None:
    path = shared_data / "formats" / "mzid" / name
    result = readers.read(InputSpec.from_settings({"path": str(path)}))
    tree = tree_of(path)
    hits = number_of(tree, "//*[local-name()='SpectrumIdentificationItem']")
    assert result.features["spectra"].sum() == hits
    lower = number_of(tree, "//*[local-name()='SpectrumIdentificationItem'][@rank>1]")
    assert codes(result).get("hits_of_lower_rank", 0) == lower - _decoys_of_lower_rank(tree)
    expected = {
        "openms_3runs.mzid": (12, 9, 3),
        "psi_55merge_mascot_full_1.1.mzid.gz": (2308, 4, 0),
        "psi_55merge_tandem_1.1.mzid": (170, 46, 124),
        "pyteomics_test.mzid": (22, None, None),
    }[name]
    assert hits == expected[0]
    if expected[1] is not None:
        assert result.proteins["spectra"].sum() == expected[1]
        assert result.features.loc[result.features["is_decoy"], "spectra"].sum() == expected[2]


def _decoys_of_lower_rank(tree: etree._ElementTree) -> int:
    decoy = set(tree.xpath("//*[local-name()='PeptideEvidence'][@isDecoy='true']/@id"))
    count = 0
    for one in tree.xpath("//*[local-name()='SpectrumIdentificationItem'][@rank>1]"):
        count += set(one.xpath("*[local-name()='PeptideEvidenceRef']/@peptideEvidence_ref")) <= decoy
    return count


@pytest.mark.shared
def test_public_mzidentml_runs_and_groups(shared_data: Path) -> None:
    folder = shared_data / "formats" / "mzid"
    three = readers.read(InputSpec.from_settings({"path": str(folder / "openms_3runs.mzid")}))
    assert sorted(three.proteins["run"].unique()) == ["file1", "file2", "file3"]
    assert set(three.proteins["genes"]) <= {"pyrB", "slyD"}
    mascot = readers.read(InputSpec.from_settings({"path": str(folder / "psi_55merge_mascot_full_1.1.mzid.gz")}))
    # the file's own two groups, of 3 and 1 spectra
    assert counts(mascot) == {("55merge", "NC_LIV_020800"): 3, ("55merge", "NC_LIV_105380"): 1}
    hand = readers.read(InputSpec.from_settings({"path": str(folder / "pyteomics_test.mzid")}))
    assert set(hand.proteins["run"]) == {"Fraction_X"} and "ACTN4" in set(hand.proteins["genes"])
    assert not any("SHD" in group for group in hand.proteins["protein_group"])  # decoys by the file's own expression
    with pytest.raises(InputError, match="no identified spectrum"):
        readers.read(InputSpec.from_settings({"path": str(folder / "psmutils_peaks.mzid")}))


@pytest.mark.shared
@pytest.mark.parametrize("name", PEPXML)
def test_public_pepxml(shared_data: Path, name: str) -> None:
    path = shared_data / "formats" / "tpp" / name
    result = readers.read(InputSpec.from_settings({"path": str(path)}))
    tree = tree_of(path)
    hits = number_of(tree, "//*[local-name()='search_hit']")
    assert result.features["spectra"].sum() == hits == {PEPXML[0]: 99, PEPXML[1]: 182, PEPXML[2]: 6}[name]
    decoys = {PEPXML[0]: 5, PEPXML[1]: 0, PEPXML[2]: 2}[name]  # rev_, none, and ':reversed' behind the description
    assert result.features.loc[result.features["is_decoy"], "spectra"].sum() == decoys
    lower = codes(result).get("hits_of_lower_rank", 0)
    assert result.proteins["spectra"].sum() == hits - decoys - lower
    peptides = set(tree.xpath("//*[local-name()='search_hit']/@peptide"))
    assert set(result.features["peptide"]) == peptides


@pytest.mark.shared
def test_public_protxml(shared_data: Path) -> None:
    path = shared_data / "formats" / "tpp" / "openms_input_2.protXML"
    result = readers.read(InputSpec.from_settings({"path": str(path)}))
    tree = tree_of(path)
    unique = {
        (
            "".join(one.xpath("*/@modified_peptide")) or one.get("peptide_sequence"),
            one.get("charge"),
        ): float(one.get("n_instances"))
        for one in tree.xpath("//*[local-name()='peptide']")
    }
    assert result.features["spectra"].sum() == sum(unique.values()) and len(result.features) == len(unique)
    # the error rate falls to 1 % at a probability of 0.95: six proteins reach it
    assert (
        result.proteins["protein_group"].nunique()
        == number_of(tree, "//*[local-name()='protein'][@probability>=0.95]")
        == 6
    )
    assert set(result.proteins["run"]) == {"LR4_all_probs"} and set(result.proteins["organism"]) == {"rat"}
    stated = {
        p.get("protein_name").split("|")[0]: int(p.get("total_number_peptides"))
        for p in tree.xpath("//*[local-name()='protein']")
    }
    left_out = {"P35435", "Q06647"}  # they have peptides that ProteinProphet itself does not count as evidence
    for group, spectra in result.proteins.set_index("protein_group")["spectra"].items():
        assert spectra == stated[group] or group in left_out
