"""How fast, and in how much memory, an mzIdentML file is read.

    python -m tests.benchmarks.mzidentml [--megabytes 40] [--repeat 3] [--folder DIR]

Two synthetic files: one with protein groups, as Mascot writes it (ten hits of each spectrum, many proteins of a short
peptide), and one without, as MS-GF+ does. For each, in a process of its own and the best of ``--repeat`` times: the
floor (pyteomics yields every spectrum, without references, index and vocabulary, and nothing is done with it), and the
stage ``ingest-input``, which also resolves the references and writes the tables. Packages are imported beforehand.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path

_PACKAGE = str(Path(__file__).resolve().parents[2] / "workflow")
_MEASURE = """
import json, resource, sys, time
sys.path.insert(0, {package!r})
import duckdb, pandas, pyarrow.parquet
from pyteomics import mzid
from sevident import ingest
from sevident.readers import mzidentml
path, folder = {path!r}, {folder!r}
start = time.perf_counter(), time.process_time()
{work}
took = time.perf_counter() - start[0], time.process_time() - start[1]
print(json.dumps([*took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, rows]))
"""
FLOOR = """
class NoVocabulary:
    relationship = ()
    def __getitem__(self, accession):
        return self
with mzid.MzIdentML(path, retrieve_refs=False, use_index=False, cv=NoVocabulary()) as reader:
    rows = sum(len(result["SpectrumIdentificationItem"]) for result in reader)
"""
READ = """
ingest.run_input({"name": "main", "path": path, "format": "mzidentml", "organism": "human"},
                 folder + "/p.parquet", folder + "/f.parquet", folder + "/w.tsv")
rows = pyarrow.parquet.read_metadata(folder + "/f.parquet").num_rows
"""
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<MzIdentML id="" version="1.1.0" xmlns="http://psidev.info/psi/pi/mzIdentML/1.1" creationDate="2026-01-01T00:00:00">
<AnalysisSoftwareList><AnalysisSoftware id="AS" version="1"><SoftwareName>
<cvParam accession="MS:1001207" name="Mascot" cvRef="PSI-MS"/></SoftwareName></AnalysisSoftware></AnalysisSoftwareList>
<SequenceCollection>
"""
_PROTEIN = """<DBSequence id="D{n}" length="400" searchDatabase_ref="SDB" accession="P{n:05d}">
<Seq>{sequence}</Seq>
<cvParam accession="MS:1001088" name="protein description" cvRef="PSI-MS"
 value="Protein {n} OS=Homo sapiens OX=9606 GN=G{n}"/>
</DBSequence>
"""
_PEPTIDE = """<Peptide id="P{n}"><PeptideSequence>{sequence}</PeptideSequence>
<Modification location="1" residues="A" monoisotopicMassDelta="57.021464">
<cvParam accession="UNIMOD:4" name="Carbamidomethyl" cvRef="UNIMOD"/></Modification></Peptide>
"""
_EVIDENCE = """<PeptideEvidence id="E{n}_{protein}" start="217" end="239" pre="K" post="L" peptide_ref="P{n}"
 isDecoy="{decoy}" dBSequence_ref="D{protein}"/>
"""
_HIT = """<SpectrumIdentificationItem id="S{spectrum}_{rank}" calculatedMassToCharge="405.209226" chargeState="2"
 experimentalMassToCharge="404.175" peptide_ref="P{n}" rank="{rank}" passThreshold="true">
{evidence}<cvParam accession="MS:1001171" name="mascot:score" cvRef="PSI-MS" value="{score:.2f}"/>
<cvParam accession="MS:1001172" name="mascot:expectation value" cvRef="PSI-MS" value="0.0082976068314"/>
<cvParam accession="MS:1001363" name="peptide unique to one protein" cvRef="PSI-MS"/>
</SpectrumIdentificationItem>
"""
_RESULT = """<SpectrumIdentificationResult id="R{spectrum}" spectrumID="index={spectrum}" spectraData_ref="SD">
{hits}<cvParam accession="MS:1001371" name="mascot:identity threshold" cvRef="PSI-MS" value="44"/>
<cvParam accession="MS:1000796" name="spectrum title" cvRef="PSI-MS" value="run.{spectrum}.{spectrum}.2.dta"/>
</SpectrumIdentificationResult>
"""
_PROTOCOL = """</SequenceCollection><AnalysisProtocolCollection><SpectrumIdentificationProtocol id="SIP">
<Threshold><cvParam accession="MS:1001316" name="mascot:SigThreshold" cvRef="PSI-MS" value="0.05"/></Threshold>
</SpectrumIdentificationProtocol></AnalysisProtocolCollection>
<DataCollection><Inputs><SpectraData id="SD" location="run.mzML"/></Inputs><AnalysisData>
<SpectrumIdentificationList id="SIL">
"""
_GROUP = """<ProteinAmbiguityGroup id="G{n}"><ProteinDetectionHypothesis id="H{n}" dBSequence_ref="D{n}"
 passThreshold="true"><PeptideHypothesis peptideEvidence_ref="E{peptide}_{n}">
{items}</PeptideHypothesis></ProteinDetectionHypothesis></ProteinAmbiguityGroup>
"""
_PROTEINS, _PEPTIDES, _RANKS = 4000, 8000, 10


def write_file(path: Path, megabytes: int, *, groups: bool) -> None:
    """A synthetic file of about that size; a third of it is what stands before the spectra."""
    chance = random.Random(1)  # noqa: S311 (repeatable on purpose)
    letters = "ACDEFGHIKLMNPQRSTVWY"
    proteins = {n: sorted(chance.sample(range(_PROTEINS), chance.choice((1, 1, 2, 6)))) for n in range(_PEPTIDES)}
    hits_of: dict[int, list[str]] = {}
    with path.open("w", encoding="utf-8") as out:
        out.write(_HEAD)
        out.writelines(_PROTEIN.format(n=n, sequence="".join(chance.choices(letters, k=400))) for n in range(_PROTEINS))
        out.writelines(
            _PEPTIDE.format(n=n, sequence="".join(chance.choices(letters, k=12)) + "K") for n in range(_PEPTIDES)
        )
        for n, of_peptide in proteins.items():
            decoy = str(n % 2 == 1).lower()
            out.writelines(_EVIDENCE.format(n=n, protein=protein, decoy=decoy) for protein in of_peptide)
        out.write(_PROTOCOL)
        spectrum = 0
        while out.tell() < megabytes << 20:
            hits = []
            for rank in range(1, _RANKS + 1):
                n = chance.randrange(_PEPTIDES)
                evidence = "".join(f'<PeptideEvidenceRef peptideEvidence_ref="E{n}_{p}"/>\n' for p in proteins[n])
                hits.append(_HIT.format(spectrum=spectrum, rank=rank, n=n, evidence=evidence, score=90 - 5 * rank))
                if rank == 1:
                    hits_of.setdefault(n, []).append(f"S{spectrum}_1")
            out.write(_RESULT.format(spectrum=spectrum, hits="".join(hits)))
            spectrum += 1
        out.write("</SpectrumIdentificationList>\n")
        if groups:
            out.write('<ProteinDetectionList id="PDL">\n')
            for n, items in hits_of.items():
                text = "".join(f'<SpectrumIdentificationItemRef spectrumIdentificationItem_ref="{i}"/>' for i in items)
                out.write(_GROUP.format(n=proteins[n][0], peptide=n, items=text))
            out.write("</ProteinDetectionList>\n")
        out.write("</AnalysisData></DataCollection></MzIdentML>\n")


def measure(work: str, path: Path, repeat: int) -> list[float]:
    """Least seconds, least seconds of processor, largest memory (MB) and rows of runs of some code, a process each."""
    code = _MEASURE.format(package=_PACKAGE, path=str(path), folder=str(path.parent), work=work)
    found = []
    for _ in range(repeat):
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        found.append(json.loads(done.stdout.splitlines()[-1]))
    took, busy, memory, rows = zip(*found, strict=True)
    return [min(took), min(busy), max(memory), rows[0]]


def main() -> None:
    """Print one line per file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--megabytes", type=int, default=40)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="where the files go; default: a temporary folder")
    args = parser.parse_args()
    titles = ("groups", "MB of file", "hits", "floor s", "cpu s", "MB", "rows", "read s", "cpu s", "MB", "ratio")
    print("".join(f"{title:>11}" for title in (*titles, "cpu ratio")))
    for groups in (True, False):
        with tempfile.TemporaryDirectory(prefix="sevident-benchmark-", dir=args.folder) as folder:
            path = Path(folder) / "synthetic.mzid"
            write_file(path, args.megabytes, groups=groups)
            floor, took = (measure(work, path, args.repeat) for work in (FLOOR, READ))
            line = ["yes" if groups else "no", f"{path.stat().st_size / (1 << 20):.1f}", f"{floor[3]}"]
            line += [f"{floor[0]:.2f}", f"{floor[1]:.2f}", f"{floor[2]:.0f}", f"{took[3]}"]
            line += [f"{took[0]:.2f}", f"{took[1]:.2f}", f"{took[2]:.0f}"]
            line += [f"{took[0] / floor[0]:.2f}", f"{took[1] / floor[1]:.2f}"]
            print("".join(f"{cell:>11}" for cell in line), flush=True)


if __name__ == "__main__":
    main()
