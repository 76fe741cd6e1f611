"""Public files of every format, cut short, and what may happen to them: the operators of the tests of mutations.

The seeds are fixed, so that a failure repeats.
"""

from __future__ import annotations

import csv
import gzip
import io
import random
import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from lxml import etree

ROWS = 40  # of a table that are kept
ELEMENTS = 12  # of an XML list that are kept

Rows = list[list[str]]

# name -> path below the public data, delimiter ("" for XML, "parquet"), settings
CORPUS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "maxquant": ("formats/maxquant/ProtE_proteinGroups.txt", "\t", {}),
    "maxquant peptides": ("formats/maxquant/directlfq_peptides.txt", "\t", {}),
    "maxquant evidence": ("formats/maxquant/msstatsconvert_evidence.csv", ",", {}),
    "diann": ("formats/diann/alphabase_1.8.1_report_head.tsv", "\t", {}),
    "diann matrix": ("formats/diann/msqrob2_spikein_pg_matrix.tsv", "\t", {}),
    "fragpipe": ("formats/fragpipe/celegans_combined_protein.tsv", "\t", {}),
    "fragpipe peptide": ("formats/fragpipe/protpipe_combined_peptide.tsv", "\t", {}),
    "sage": ("formats/sage/proteobench_lfq.tsv", "\t", {}),
    "msstats": ("formats/other/quantms_PXD040438_msstats_in.csv", ",", {}),
    "skyline": ("formats/other/msstatsconvert_skyline.csv", ",", {}),
    "alphadia": ("formats/other/alphadia_1.10.4_pg_matrix.tsv", "\t", {}),
    "alphapept": ("formats/other/alphapept_0.5.0_pg_matrix.csv", ",", {}),
    "percolator": ("formats/other/mokapot_percolator.proteins.txt", "\t", {}),
    "spectronaut": ("formats/spectronaut/msstatsconvert_long.csv", ",", {}),
    "spectronaut pivot": ("formats/spectronaut/pivot_mouse_ovary_ecm.xls", "\t", {}),
    "proteome_discoverer": ("formats/proteome_discoverer/wrProteo_tinyPD_allProteins.txt.gz", "\t", {}),
    "proteome_discoverer peptides": ("formats/proteome_discoverer/proteobench_PeptideGroups.txt", "\t", {}),
    "peaks": ("studies/milk_ev/DB search psm_IP_CD9 POOL_1.csv", ",", {}),
    "peaks proteins": ("studies/endothelial_secretome/lysate_HCA_peaks.csv", ",", {}),
    "matrix": ("formats/diann/msqrob2_spikein_pg_matrix.tsv", "\t", {"format": "matrix"}),
    "mztab": ("formats/mztab/openms_labelfree.mzTab", "mztab", {}),
    "mztab identification": ("formats/mztab/psi_SILAC_CQI.mzTab", "mztab", {}),
    "mzidentml": ("formats/mzid/pyteomics_test.mzid", "", {}),
    "mzidentml of runs": ("formats/mzid/openms_3runs.mzid", "", {}),
    "pepxml": ("formats/tpp/psmutils_PXD035029_head.pepXML.gz", "", {}),
    "pepxml crema": ("formats/tpp/crema_msfragger.pepxml", "", {}),
    "protxml": ("formats/tpp/openms_input_2.protXML", "", {}),
    "idxml": ("", "", {}),
    "qpx": ("", "parquet", {}),
    "diann parquet": ("formats/diann/alphabase_1.8.1_report_head.tsv", "parquet", {}),
}
TABLES = [name for name, (_, kind, _) in CORPUS.items() if kind not in ("", "parquet")]
XML = [name for name, (_, kind, _) in CORPUS.items() if not kind]
PARQUET = [name for name, (_, kind, _) in CORPUS.items() if kind == "parquet"]

IDXML = """<?xml version="1.0" encoding="UTF-8"?>
<IdXML version="1.5">
<SearchParameters id="SP_0" db="db" db_version="" taxonomy="" mass_type="monoisotopic" charges="2" enzyme="trypsin"
 missed_cleavages="1" precursor_peak_tolerance="10" precursor_peak_tolerance_ppm="true" peak_mass_tolerance="0.1"
 peak_mass_tolerance_ppm="false"/>
<IdentificationRun date="2020-01-01T00:00:00" search_engine="Comet" search_engine_version="2020"
 search_parameters_ref="SP_0">
<ProteinIdentification score_type="q-value" higher_score_better="false" significance_threshold="0">
<ProteinHit id="PH_0" accession="sp|P21926|CD9_HUMAN" score="0.001" sequence="MPVKGG"/>
<ProteinHit id="PH_1" accession="sp|P02768|ALBU_HUMAN" score="0.002" sequence=""/>
<UserParam type="stringList" name="spectra_data" value="[a.mzML]"/>
</ProteinIdentification>
{hits}</IdentificationRun></IdXML>
"""
IDXML_HIT = """<PeptideIdentification score_type="q-value" higher_score_better="false" significance_threshold="0"
 MZ="{mz}.5" RT="{mz}" spectrum_reference="scan={mz}">
<PeptideHit score="0.001" sequence="AAC(Carbamidomethyl)DE{tail}K" charge="2" aa_before="K" aa_after="G"
 protein_refs="PH_{which}"><UserParam type="string" name="target_decoy" value="target"/></PeptideHit>
</PeptideIdentification>
"""


@dataclass
class Base:
    """A file as it is before the mutations: its bytes, its cells (of a table), and what its tables add up to."""

    name: str
    content: bytes
    rows: Rows
    delimiter: str
    settings: dict[str, Any]

    def text(self, rows: Rows | None = None, delimiter: str = "", quoting: Any = csv.QUOTE_MINIMAL) -> str:
        out = io.StringIO()
        writer = csv.writer(out, delimiter=delimiter or self.delimiter, lineterminator="\n", quoting=quoting)
        writer.writerows(self.rows if rows is None else rows)
        return out.getvalue()

    def seed(self, kind: str) -> random.Random:
        return random.Random(zlib.crc32(f"{self.name}/{kind}".encode()))  # noqa: S311 (repeatable on purpose)


@cache
def base(data: Path, name: str) -> Base:
    path, delimiter, settings = CORPUS[name]
    if name == "idxml":
        hits = "".join(IDXML_HIT.format(mz=400 + i, tail="AGHK"[i % 4], which=i % 2) for i in range(ELEMENTS))
        return Base(name, IDXML.format(hits=hits).encode(), [], "", settings)
    if name == "qpx":
        return Base(name, as_parquet(_qpx()), [], "parquet", settings)
    content = (data / path).read_bytes()
    content = gzip.decompress(content) if path.endswith(".gz") else content
    if not delimiter:
        return Base(name, _cut_xml(content), [], "", settings)
    text = content.decode("utf-8-sig", errors="replace").replace("\r\n", "\n").replace("\r", "\n")
    if delimiter == "mztab":
        rows = _cut_mztab(text)
    else:
        source = csv.reader(io.StringIO(text), delimiter="\t" if delimiter == "parquet" else delimiter)
        rows = [row for row, _ in zip(source, range(ROWS + 1), strict=False)]
    if delimiter == "parquet":
        frame = pd.DataFrame(rows[1:], columns=rows[0])
        for column in frame.columns:
            numbers = pd.to_numeric(frame[column], errors="coerce")
            frame[column] = numbers if numbers.notna().all() else frame[column]
        return Base(name, as_parquet(pa.Table.from_pandas(frame, preserve_index=False)), rows, "parquet", settings)
    made = Base(name, b"", rows, "\t" if delimiter == "mztab" else delimiter, settings)
    made.content = made.text().encode()
    return made


def _cut_mztab(text: str) -> Rows:
    rows = [line.split("\t") for line in text.split("\n") if line.strip() and not line.startswith("COM")]
    kept: Rows = []
    for row in rows:
        if row[0] == "MTD" or sum(other[0] == row[0] for other in kept) < ROWS:
            kept.append(row)
    return kept


def _cut_xml(content: bytes) -> bytes:
    root = etree.fromstring(content)
    for tag in ("SpectrumIdentificationResult", "spectrum_query", "protein_group"):
        for element in list(root.iterfind(f".//{{*}}{tag}"))[ELEMENTS:]:
            element.getparent().remove(element)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def _qpx() -> pa.Table:
    proteins, count = ["P21926", "P02768", "P08962"], ROWS
    return pa.table(
        {
            "sequence": [f"AAC{'DEFGHIKLMN'[i % 10]}K" for i in range(count)],
            "peptidoform": [f"AAC{'DEFGHIKLMN'[i % 10]}K" for i in range(count)],
            "charge": [2 + i // 20 for i in range(count)],
            "is_decoy": [i == 7 for i in range(count)],
            "run_file_name": ["ab"[i // 10 % 2] for i in range(count)],
            "pg_accessions": [[{"accession": proteins[i % 3], "start": 1, "end": 5}] for i in range(count)],
            "anchor_protein": [proteins[i % 3] for i in range(count)],
            "gg_names": [["CD9"] if i % 3 == 0 else None for i in range(count)],
            "peptide_qvalue": [0.001] * count,
            "intensities": [[{"label": "LFQ", "intensity": 100.5 + i}] for i in range(count)],
        }
    ).replace_schema_metadata({"qpx_version": "1.0"})


def as_parquet(table: pa.Table) -> bytes:
    out = io.BytesIO()
    pq.write_table(table, out)
    return out.getvalue()


def sectioned(file: Base) -> bool:
    return file.rows[0][0] == "MTD"


def change_rows(file: Base, change: Callable[[list[str], int], list[str]]) -> Rows:
    """The rows, changed each; in mzTab within each section, without metadata and the marks in front."""
    if not sectioned(file):
        return [change(row, i) for i, row in enumerate(file.rows)]
    headers = {row[0]: row for row in file.rows if row[0].endswith("H")}
    out = []
    for i, row in enumerate(file.rows):
        if row[0] == "MTD":
            out.append(row)
            continue
        width = len(headers[row[0] if row[0].endswith("H") else {"PRT": "PRH", "PEP": "PEH", "PSM": "PSH"}[row[0]]])
        cells = [*row, *["null"] * (width - len(row))][1:]
        out.append([row[0], *change(cells, 0 if row[0].endswith("H") else i)])
    return out


def widened(file: Base, count: int, word: str = "yes") -> Rows:
    opt = "opt_global_" if sectioned(file) else ""
    return change_rows(file, lambda row, i: row + [word if i else f"{opt}zz{n}" for n in range(count)])


def european(rows: Rows) -> Rows:
    pattern = re.compile(r"-?\d+\.\d+(?:[eE][+-]?\d+)?")
    return [[c.replace(".", ",") if pattern.fullmatch(c) else c for c in row] for row in rows]


def workbook(rows: Rows) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append([re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", cell) or None for cell in row])
    book.save(out)
    return out.getvalue()


def zipped(content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", content)
    return out.getvalue()


def reordered(file: Base, seed: str) -> Rows:
    order: dict[int, list[int]] = {}

    def change(row: list[str], _: int) -> list[str]:
        places = order.setdefault(len(row), file.seed(seed).sample(range(len(row)), len(row)))
        return [row[p] for p in places]

    return change_rows(file, change)


JUNK = ("", " ", "nan", "NaN", "inf", "-inf", "1e999", "-5", "0", "x", "#N/A", "#DIV/0!", "1,234.5", "1.234,5", "null")
JUNK += (
    "9" * 400,
    '"',
    '"\n',
    "'",
    "\t",
    ";",
    ";;",
    "\x00",
    "=1+1",
    "1e-400",
    "True",
    "+",
    "µ",
    "\ud7ff",
    "(",
    "[",
    "|",
)
JUNK += ("sp|P02768", "REV__P02768", "CON__P02768", ";P02768", "P02768;", "0x1F", "1_000", "2020-01-01", "A" * 140_000)
JUNK += ("[1]", "a[999999999]", "[, , , ]", "-1", "1.5", "٣", "²", "--", "C:\\", "a/b", "\\", "%s", "{0}")


def scrambled(content: bytes, chance: random.Random) -> bytes:
    """Some bytes flipped, inserted, deleted, doubled or cut off."""
    data = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        at, kind = chance.randrange(max(1, len(data))), chance.randrange(6)
        if kind == 0 and data:
            data[at] ^= 1 << chance.randrange(8)
        elif kind == 1:
            data[at:at] = chance.randbytes(chance.choice((1, 4, 40)))
        elif kind == 2:
            del data[at : at + chance.choice((1, 4, 400))]
        elif kind == 3:
            data[at:at] = data[at : at + chance.choice((5, 500))]
        elif kind == 4:
            data[at:at] = chance.choice((b'"', b"\n", b"\t", b"\x00", b"<", b"&", b"\xff", b"\r", b","))
        elif chance.random() < 0.2:
            del data[at:]
    return bytes(data)


LAUGHS = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
DOCTYPES = {
    "external entity": '<!DOCTYPE r [<!ENTITY x SYSTEM "file://{secret}">]>',
    "external parameter entity": '<!DOCTYPE r [<!ENTITY % x SYSTEM "file://{secret}"> %x;]>',
    "external type": '<!DOCTYPE r SYSTEM "file://{secret}">',
    "network": '<!DOCTYPE r [<!ENTITY x SYSTEM "http://127.0.0.1:9/x">]>',
    "billion laughs": f'<!DOCTYPE r [<!ENTITY l0 "ha">{LAUGHS}]>',
    "quadratic": f'<!DOCTYPE r [<!ENTITY x "{"a" * 100_000}">]>',
}
