"""Public files of every format, cut short and mutated: each is read as before, or refused with a SevidentError.

Every mutation runs under one guard: no other exception, no hang, nothing written outside the folder of the test, no
secret of another file in the tables, tables by their contract. The seeds are fixed, so that a failure repeats.
"""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import lzma
import os
import random
import re
import shutil
import signal
import string
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from lxml import etree

from sevident import readers, tables
from sevident.errors import SevidentError
from sevident.readers.base import InputSpec, ReadResult

ROWS = 40  # of a table that are kept
ELEMENTS = 12  # of an XML list that are kept
SECONDS = 10.0  # what a file of this size may take
SECRET = "TOPSECRETCONTENT"  # noqa: S105 (what no file may pull into the tables)

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
BYTES, CELLS, NODES = 12, 16, 20  # random mutations per file

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
        return Base(name, _parquet(_qpx()), [], "parquet", settings)
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
        return Base(name, _parquet(pa.Table.from_pandas(frame, preserve_index=False)), rows, "parquet", settings)
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


def _parquet(table: pa.Table) -> bytes:
    out = io.BytesIO()
    pq.write_table(table, out)
    return out.getvalue()


# The guard


class Hang(BaseException):
    """Not an Exception, so that no reader can take it for a damaged file."""


_writes: list[str] | None = None


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if _writes is None:
        return
    if event == "open" and isinstance(arguments[0], str | bytes | Path) and isinstance(arguments[2], int):
        if arguments[2] & 0b11 or arguments[2] & 0o100:  # to write, or to create
            _writes.append(str(arguments[0]))
    elif event in {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.symlink", "os.link", "os.truncate"}:
        _writes.append(str(arguments[1 if event in {"os.rename", "os.symlink", "os.link"} else 0]))
    elif event.split(".", maxsplit=1)[0] in {"subprocess", "socket", "webbrowser", "ftplib", "urllib"}:
        _writes.append(event)


sys.addaudithook(_audit)


class Guard:
    """Reads mutations one by one in a folder of its own, and gathers what breaks the property."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.wrong, self.count, self.refused = folder, [], 0, 0
        self.scratch, self.here = folder / "scratch", folder / "here"
        self.scratch.mkdir()
        self.here.mkdir()
        (folder / "secret.txt").write_text(SECRET)
        monkeypatch.setenv("TMPDIR", str(self.scratch))
        monkeypatch.setattr(tempfile, "tempdir", str(self.scratch))
        monkeypatch.chdir(self.here)

    def read(self, what: str, content: bytes, name: str = "file", **settings: Any) -> ReadResult | SevidentError | None:
        """The result or the refusal; None when the property is broken (and told so)."""
        path = self.folder / name
        path.write_bytes(content)
        try:
            return self.open(what, path, **settings)
        finally:
            path.unlink()

    def open(self, what: str, path: Path, **settings: Any) -> ReadResult | SevidentError | None:
        self.count += 1
        answer: ReadResult | SevidentError
        try:
            with _watched() as writes:
                answer = self._read(InputSpec("main", path, **{"organism": "human", **settings}))
            _check(answer)
        except SevidentError as error:
            self.refused += 1
            answer = error
            if str(path) not in str(error) or len(str(error)) > 5_000:
                self.tell(what, f"an error that does not name the file, or endless: {str(error)[:300]}")
        except (Exception, Hang) as error:
            self.tell(what, f"{type(error).__name__}: {str(error)[:300]}")
            return None
        if SECRET in str(answer):
            self.tell(what, "the content of another file came in")
        # a module that is imported for the first time leaves its bytecode beside it
        written = [name for name in writes if "__pycache__" not in Path(name).parts and name != os.devnull]
        outside = [name for name in written if not str(Path(name).absolute()).startswith(str(self.folder))]
        left = [*self.scratch.iterdir(), *self.here.iterdir()]
        if outside or left:
            self.tell(what, f"written outside {outside[:3]}, left behind {left[:3]}")
            shutil.rmtree(self.scratch)
            self.scratch.mkdir()
        return answer

    def _read(self, spec: InputSpec) -> ReadResult:
        """By turns as the workflow does it, into files, and into memory."""
        if self.count % 2 or spec.format == "matrix":
            return readers.read(spec)
        with tempfile.TemporaryDirectory() as folder:
            paths = [Path(folder) / "proteins.parquet", Path(folder) / "features.parquet"]
            remarks = readers.write(spec, *paths)
            proteins = tables.read_table(paths[0], tables.PROTEINS)
            features = tables.read_table(paths[1], tables.FEATURES)
            return ReadResult(proteins, features, remarks, "")

    def tell(self, what: str, problem: str) -> None:
        self.wrong.append(f"{what}: {problem}")

    def done(self, least: int) -> None:
        assert not self.wrong, f"{len(self.wrong)} of {self.count}:\n" + "\n".join(self.wrong)
        assert self.count >= least, f"only {self.count} mutations were tried, {least} are planned"


@contextmanager
def _watched() -> Iterator[list[str]]:
    def stop(*_: object) -> None:
        raise Hang(f"not done within {SECONDS:g} s")

    global _writes  # noqa: PLW0603 (an audit hook cannot be removed, only told to be silent)
    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    _writes = writes = []
    try:
        yield writes
    finally:
        _writes = None
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _check(result: ReadResult) -> None:
    """The tables are as the stages behind expect them, whatever the file was."""
    frame = tables.conform(result.proteins, tables.PROTEINS)
    assert list(result.proteins.columns) == list(tables.PROTEINS.columns)
    assert len(frame), "no proteins"
    assert not frame.duplicated(list(tables.PROTEINS.key)).any(), "a protein group twice"
    assert (frame["protein_group"] != "").all(), "a group without name"
    assert (frame["run"] != "").all(), "a run without name"
    values = frame["intensity"].dropna()
    assert (values > 0).all() and np.isfinite(values).all(), "intensities that are none"
    if result.features is not None:
        features = tables.conform(result.features, tables.FEATURES)
        values = features["intensity"].dropna()
        assert np.isfinite(values).all() and (values >= 0).all(), "intensities of features"
    remarks = tables.conform(pd.DataFrame(result.warnings), tables.WARNINGS)
    assert remarks["level"].isin(tables.WARNING_LEVELS).all() and (remarks["message"] != "").all()


def sums(result: ReadResult) -> dict[str, tuple[float, ...]]:
    """Per run: rows, detected rows and the sum of the proteins' intensities; peptides and their sum."""
    out = {}
    for run, rows in result.proteins.groupby("run"):
        out[str(run)] = (len(rows), int(rows["intensity"].notna().sum()), round(float(rows["intensity"].sum()), 3))
    if result.features is not None:
        for run, rows in result.features.groupby("run"):
            out[f"features of {run}"] = (len(rows), round(float(rows["intensity"].sum()), 3))
    return out


def told(result: ReadResult) -> set[tuple[str, str]]:
    """The warnings, to see whether a mutation is told."""
    return {(str(w["code"]), str(w["message"])) for w in result.warnings}


@pytest.fixture
def guard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Guard:
    return Guard(tmp_path, monkeypatch)


def unharmed(guard: Guard, file: Base) -> ReadResult:
    result = guard.read("unharmed", file.content, **file.settings)
    assert isinstance(result, ReadResult), f"{guard.wrong} {result}"
    return result


def compare(
    guard: Guard, what: str, first: ReadResult, other: ReadResult | SevidentError | None, *, must: bool
) -> None:
    """``must``: the file has to be read; else it may be refused, but never be read differently."""
    if isinstance(other, SevidentError):
        if must:
            guard.tell(what, f"refused: {other}")
    elif other is not None and sums(other) != sums(first):
        guard.tell(what, f"other sums: {sorted(set(sums(first).items()) ^ set(sums(other).items()))[:4]}")


# Tables


def _sectioned(file: Base) -> bool:
    return file.rows[0][0] == "MTD"


def _columns(file: Base, change: Callable[[list[str], int], list[str]]) -> Rows:
    """The rows, changed each; in mzTab within each section, without metadata and the marks in front."""
    if not _sectioned(file):
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


def _widened(file: Base, count: int, word: str = "yes") -> Rows:
    opt = "opt_global_" if _sectioned(file) else ""
    return _columns(file, lambda row, i: row + [word if i else f"{opt}zz{n}" for n in range(count)])


def _european(rows: Rows) -> Rows:
    pattern = re.compile(r"-?\d+\.\d+(?:[eE][+-]?\d+)?")
    return [[c.replace(".", ",") if pattern.fullmatch(c) else c for c in row] for row in rows]


def _workbook(rows: Rows) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append([re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", cell) or None for cell in row])
    book.save(out)
    return out.getvalue()


def _zip(content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", content)
    return out.getvalue()


def _mixed(file: Base, seed: str) -> Rows:
    order: dict[int, list[int]] = {}

    def change(row: list[str], _: int) -> list[str]:
        places = order.setdefault(len(row), file.seed(seed).sample(range(len(row)), len(row)))
        return [row[p] for p in places]

    return _columns(file, change)


@pytest.mark.shared
@pytest.mark.parametrize("name", TABLES)
def test_harmless_changes_of_tables(guard: Guard, shared_data: Path, name: str) -> None:
    file = base(shared_data, name)
    first, text = unharmed(guard, file), file.content
    mztab = _sectioned(file)
    same: dict[str, bytes] = {
        "gzip": gzip.compress(text),
        "xz": lzma.compress(text),
        "bzip2": bz2.compress(text),
        "zip": _zip(text),
        "UTF-16": text.decode().encode("utf-16"),
        "UTF-16 without mark": text.decode().encode("utf-16-le"),
        "Latin-1": file.text(_widened(file, 2, "Müller")).encode("latin-1", errors="replace"),
        "byte order mark": b"\xef\xbb\xbf" + text,
        "Windows line ends": text.replace(b"\n", b"\r\n"),
        "old Macintosh line ends": text.replace(b"\n", b"\r"),
        "no last line end": text.rstrip(b"\n"),
        "shuffled columns": file.text(_mixed(file, "a")).encode(),
        "shuffled otherwise": file.text(_mixed(file, "b")).encode(),
        "unknown columns": file.text(_widened(file, 3)).encode(),
        "unknown and shuffled": Base(name, b"", _mixed(file, "c"), file.delimiter, {}).text().encode(),
        "blank lines": text + b"\n\n",
    }
    if name in {"maxquant", "diann", "sage", "peaks", "mztab"}:
        same["10,000 columns"] = file.text(_widened(file, 10_000)).encode()
    # where every unknown column is a run, a further column of text is refused
    wide = name in {"diann matrix", "alphadia", "alphapept"}
    for what, content in same.items():
        # AlphaPept's identifiers stand in a column without a name, so that its place is all that tells it
        if name == "alphapept" and "shuffled" in what:
            continue
        must = not (wide and what in {"Latin-1", "unknown columns", "unknown and shuffled"})
        compare(guard, what, first, guard.read(what, content, **file.settings), must=must)
    for ending in ("xlsx", "parquet", "mzid", "zip", "gz", "exe"):
        answer = guard.read(f"named .{ending}", text, f"file [1] ü.{ending}", **file.settings)
        compare(guard, f"named .{ending}", first, answer, must=True)
    either = {
        "European decimals, semicolons": file.text(_european(file.rows), ";").encode(),
        "European decimals, tabs": file.text(_european(file.rows), "\t").encode(),
        "commas": file.text(delimiter=",").encode(),
        "semicolons": file.text(delimiter=";").encode(),
        "all quoted": file.text(delimiter=",", quoting=csv.QUOTE_ALL).encode(),
        "bars": file.text(delimiter="|").encode(),
        "spaces": text.replace(file.delimiter.encode(), b" "),
        "header twice": file.text([file.rows[0], *file.rows]).encode(),
        "header again behind": file.text([*file.rows, file.rows[0]]).encode(),
        "workbook": _workbook(file.rows),
        "lines before": b"exported by me\n\n" + text,
    }
    for what, content in either.items():
        if mztab and what.startswith(("header", "lines")):
            continue
        # where names hold blanks themselves, or are empty, blanks as delimiters make another table that may be sound
        if what == "spaces" and any(" " in cell or not cell for cell in file.rows[0]):
            continue
        compare(guard, what, first, guard.read(what, content, **file.settings), must=False)
    guard.done(30)


@pytest.mark.shared
@pytest.mark.parametrize("name", TABLES)
def test_damaged_tables(guard: Guard, shared_data: Path, name: str) -> None:
    file = base(shared_data, name)
    first, text, chance = unharmed(guard, file), file.content, file.seed("damaged")
    lines = text.decode().rstrip("\n").split("\n")
    last = lines[-1]
    refused = {
        "cut in a row": "\n".join([*lines[:-1], last[: max(1, last.find(file.delimiter, len(last) // 3))]]).encode(),
        "zero bytes": b"",
        "blank": b"\n \n",
        "zeros": b"\x00" * 4096,
        "header alone": file.text(file.rows[:1]).encode(),
        "broken gzip": gzip.compress(text)[:-30],
        "gzip of noise": b"\x1f\x8b" + chance.randbytes(300),
        "zip of noise": b"PK\x03\x04" + chance.randbytes(300),
        "noise": b"\xff" + chance.randbytes(1500),
    }
    for what, content in refused.items():
        answer = guard.read(what, content, **file.settings)
        if isinstance(answer, ReadResult) and sums(answer) != sums(first) and not told(answer) - told(first):
            guard.tell(what, "read without a word")
    folder = guard.folder / "folder.txt"
    folder.mkdir(exist_ok=True)
    assert isinstance(guard.open("a folder", folder, **file.settings), SevidentError)
    assert isinstance(guard.open("absent", guard.folder / "absent.txt", **file.settings), SevidentError)
    for i in range(6):
        guard.read(f"cut at byte {i}", text[: chance.randrange(len(text))], **file.settings)
    for i, header in enumerate([p for p, cell in enumerate(file.rows[0]) if cell][:10]):
        renamed = [[f"renamed {i}" if p == header else c for p, c in enumerate(file.rows[0])], *file.rows[1:]]
        guard.read(f"renamed '{file.rows[0][header]}'", file.text(renamed).encode(), **file.settings)
        if i < 4:
            twice = [[*row, row[header] if header < len(row) else ""] for row in file.rows]
            guard.read(f"twice '{file.rows[0][header]}'", file.text(twice).encode(), **file.settings)
            gone = [[c for p, c in enumerate(row) if p != header] for row in file.rows]
            guard.read(f"without '{file.rows[0][header]}'", file.text(gone).encode(), **file.settings)
    for prefix in ("REV__", "DECOY_"):
        decoys = re.sub(r"\b([OPQ]\d[A-Z0-9]{3}\d|[A-NR-Z]\d(?:[A-Z][A-Z0-9]{2}\d)+)\b", rf"{prefix}\1", text.decode())
        guard.read(f"only decoys, {prefix}", decoys.encode(), **file.settings)
    for format_ in readers.FORMATS:
        answer = guard.read(f"format: {format_}", text, format=format_)
        ours = name.split(" ", maxsplit=1)[0]
        if format_ == ours:
            compare(guard, f"format: {format_}", first, answer, must=True)
    guard.done(44)


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


@pytest.mark.shared
@pytest.mark.parametrize("name", TABLES)
def test_tables_with_a_wrong_cell(guard: Guard, shared_data: Path, name: str) -> None:
    """A cell of a row, a column or the header holds something else; then no protein goes without a word."""
    file = base(shared_data, name)
    first, chance = unharmed(guard, file), file.seed("cells")
    groups = len(first.proteins)
    for i in range(CELLS):
        rows = [list(row) for row in file.rows]
        row = chance.choice([0, *range(1, len(rows)), *range(1, len(rows))])
        column, junk = chance.randrange(len(rows[row])), JUNK[chance.randrange(len(JUNK))]
        every = chance.random() < 0.2
        for at in range(1, len(rows)) if every else (row,):
            if column < len(rows[at]):
                rows[at][column] = junk
        raw = "\n".join(file.delimiter.join(cells) for cells in rows) + "\n"
        what = f"{i}: {junk[:12]!r} in row {'all' if every else row}, column {column}"
        content = (raw if i % 2 else file.text(rows)).encode("utf-8", errors="surrogatepass")
        answer = guard.read(what, content, **file.settings)
        if (
            isinstance(answer, ReadResult)
            and len(answer.proteins) < groups
            and row
            and not every
            and told(answer) == told(first)
        ):
            guard.tell(what, f"{groups - len(answer.proteins)} rows of proteins went without a word")
    guard.done(CELLS)


# Bytes


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


@pytest.mark.shared
@pytest.mark.parametrize("name", CORPUS)
def test_random_bytes(guard: Guard, shared_data: Path, name: str) -> None:
    file = base(shared_data, name)
    chance = file.seed("bytes")
    for i in range(BYTES):
        content = scrambled(file.content, chance)
        guard.read(f"bytes {i}", content, **file.settings)
        if i % 5 == 0:  # most of a file is behind its beginning, by which it is recognised
            start = scrambled(file.content[:600], chance) + file.content[600:]
            guard.read(f"bytes {i} at the start", start, **file.settings)
            guard.read(f"bytes {i} of a gzip", scrambled(gzip.compress(content), chance), **file.settings)
    if name in TABLES:
        book = _workbook(file.rows)
        for i in range(5):
            guard.read(f"bytes {i} of a workbook", scrambled(book, chance), **file.settings)
    guard.done(BYTES)


# XML

LAUGHS = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
DOCTYPES = {
    "external entity": '<!DOCTYPE r [<!ENTITY x SYSTEM "file://{secret}">]>',
    "external parameter entity": '<!DOCTYPE r [<!ENTITY % x SYSTEM "file://{secret}"> %x;]>',
    "external type": '<!DOCTYPE r SYSTEM "file://{secret}">',
    "network": '<!DOCTYPE r [<!ENTITY x SYSTEM "http://127.0.0.1:9/x">]>',
    "billion laughs": f'<!DOCTYPE r [<!ENTITY l0 "ha">{LAUGHS}]>',
    "quadratic": f'<!DOCTYPE r [<!ENTITY x "{"a" * 100_000}">]>',
}


@pytest.mark.shared
@pytest.mark.parametrize("name", XML)
def test_changed_xml(guard: Guard, shared_data: Path, name: str) -> None:
    file = base(shared_data, name)
    first, text, chance = unharmed(guard, file), file.content.decode(), file.seed("xml")
    bare = re.sub(r"^<\?xml[^>]*\?>\s*", "", text)
    root = etree.fromstring(file.content)
    for element in root.iter(etree.Element):
        pairs = list(element.attrib.items())
        element.attrib.clear()
        element.attrib.update(pairs[::-1])
        element.set("unknown", "Müller")
    same = {
        "gzip": gzip.compress(file.content),
        "zip": _zip(file.content),
        "byte order mark": b"\xef\xbb\xbf" + file.content,
        "Windows line ends": file.content.replace(b"\n", b"\r\n"),
        "UTF-16": ('<?xml version="1.0" encoding="UTF-16"?>\n' + bare).encode("utf-16"),
        "no declaration": bare.encode(),
        "comments": text.replace("?>", "?>\n<!-- <a & b> -->", 1).encode(),
        "attributes shuffled, one more": etree.tostring(root, encoding="ISO-8859-1", xml_declaration=True),
    }
    for what, content in same.items():
        must = what != "attributes shuffled, one more" or name != "protxml"
        compare(guard, what, first, guard.read(what, content), must=must)
    for ending in ("xlsx", "parquet", "txt", "csv", "gz"):
        compare(guard, ending, first, guard.read(ending, file.content, f"file.{ending}"), must=True)
    end = file.content.rstrip().rfind(b"</")
    cuts = [file.content[: chance.randrange(40, end)] for _ in range(12)]
    open_tag = bare.index(">") + 1
    refused = {f"cut {i}": cut for i, cut in enumerate(cuts)}
    refused |= {f"cut {i} in a gzip": gzip.compress(cut) for i, cut in enumerate(cuts[:3])}
    refused |= {"broken gzip": gzip.compress(file.content)[:-50], "twice": file.content + bare.encode(), "zero": b""}
    for what, doctype in DOCTYPES.items():
        head = '<?xml version="1.0"?>\n' + doctype.replace("{secret}", str(guard.folder / "secret.txt")) + "\n"
        use = "&l9;" if "laughs" in what else "&x;"
        refused[what] = (head + bare[:open_tag] + use + bare[open_tag:]).encode()
        refused[f"{what}, unused"] = (head + bare).encode()
        attribute = re.sub(r'="[^"]*"(?=[^<]*>\s*</)', f'="{use}"', bare, count=3)
        refused[f"{what}, in an attribute"] = (head + attribute).encode()
    for what, content in refused.items():
        if not isinstance(guard.read(what, content), SevidentError):
            guard.tell(what, "was read")
    for format_ in readers.FORMATS:
        guard.read(f"format: {format_}", file.content, format=format_)
    guard.read("European decimals", re.sub(r'="(-?\d+)\.(\d+)"', r'="\1,\2"', text).encode())
    guard.read("Latin-1 that says UTF-8", text.replace('="', '="ü', 3).encode("latin-1"))
    guard.done(60)


@pytest.mark.shared
@pytest.mark.parametrize("name", XML)
def test_xml_with_wrong_elements(guard: Guard, shared_data: Path, name: str) -> None:
    """Elements removed, renamed, doubled or moved, attributes removed or filled with something else."""
    file = base(shared_data, name)
    chance = file.seed("nodes")
    for i in range(NODES):
        root = etree.fromstring(file.content)
        kinds: dict[str, list[Any]] = {}
        for node in root.iter(etree.Element):
            kinds.setdefault(node.tag, []).append(node)
        nodes = kinds[chance.choice(list(kinds))]
        nodes = nodes if chance.random() < 0.3 else [chance.choice(nodes)]
        kind, junk = chance.randrange(6), chance.choice([j for j in JUNK if not re.search(r"[\x00-\x08]", j)])
        key = chance.choice(list(nodes[0].attrib) or ["none"])
        for node in nodes:
            parent = node.getparent()
            if kind == 0 and parent is not None:
                parent.remove(node)
            elif kind == 1:
                node.tag = node.tag + "x"
            elif kind == 2 and parent is not None:
                parent.append(etree.fromstring(etree.tostring(node)))
            elif kind == 3:
                node.attrib.pop(key, None)
            else:
                node.set(key, junk)
        guard.read(f"{i}: {nodes[0].tag.split('}')[-1]} {kind} {key} {junk[:12]!r}", etree.tostring(root))
    guard.done(NODES)


# Parquet


@pytest.mark.shared
@pytest.mark.parametrize("name", PARQUET)
def test_changed_parquet(guard: Guard, shared_data: Path, name: str) -> None:
    """Columns dropped, doubled, renamed, emptied, of another kind; and the file cut."""
    file = base(shared_data, name)
    first, chance = unharmed(guard, file), file.seed("parquet")
    table = pq.read_table(io.BytesIO(file.content))
    names = table.column_names
    mixed = chance.sample(names, len(names))
    compare(guard, "shuffled", first, guard.read("shuffled", _parquet(table.select(mixed))), must=True)
    wide = table.append_column("unknown", [["ü"] * len(table)])
    compare(guard, "unknown column", first, guard.read("unknown column", _parquet(wide)), must=True)
    compare(guard, "named .tsv", first, guard.read("named .tsv", file.content, "a.tsv"), must=True)
    for what, content in {"cut": file.content[:-40], "start": file.content[:60], "mark": b"PAR1", "zero": b""}.items():
        assert isinstance(guard.read(what, content), SevidentError)
    assert isinstance(guard.read("no rows", _parquet(table.slice(0, 0))), SevidentError)
    others = {
        "null": pa.nulls(len(table)),
        "text": pa.array(list(string.ascii_letters[: len(table)])),
        "minus": pa.array([-1.0] * len(table)),
        "inf": pa.array([float("inf")] * len(table)),
        "nan": pa.array([float("nan")] * len(table)),
        "lists": pa.array([[1]] * len(table)),
        "bytes": pa.array([b"\xff"] * len(table)),
        "truth": pa.array([True] * len(table)),
        "times": pa.array(pd.date_range("2020-01-01", periods=len(table))),
    }
    for column in names[:14]:
        guard.read(f"without {column}", _parquet(table.drop_columns([column])))
        guard.read(f"renamed {column}", _parquet(table.rename_columns([f"x{n}" if n == column else n for n in names])))
        for what in chance.sample(sorted(others), 3):
            changed = table.set_column(names.index(column), column, others[what])
            guard.read(f"{what} in {column}", _parquet(changed))
    for format_ in readers.FORMATS:
        guard.read(f"format: {format_}", file.content, format=format_)
    guard.done(60)


def test_every_format_has_a_file() -> None:
    assert {name.split(" ", maxsplit=1)[0] for name in CORPUS} == set(readers.FORMATS)


def test_there_are_enough_mutations() -> None:
    """Each test asserts that it tried at least as many as stand here."""
    planned = len(TABLES) * (30 + 44 + CELLS) + len(CORPUS) * BYTES + len(XML) * (60 + NODES) + len(PARQUET) * 60
    assert planned > 2000
