"""MSstats, Skyline, AlphaDIA, AlphaPept, Percolator, mokapot, QPX: against plain counts, and how they can be broken."""

from __future__ import annotations

import csv
import gzip
import math
import re
from collections import defaultdict
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from broken_files import BROKEN, DAMAGED, VARIANTS, Example, Rows, text_of

from sevident import readers
from sevident.errors import InputError
from sevident.readers.base import InputSpec, ReadResult
from sevident.readers.rollup import bare_sequence
from sevident.readers.source import Source, read_head

MSSTATS: Rows = [
    [
        *("ProteinName", "PeptideSequence", "PrecursorCharge", "FragmentIon", "ProductCharge", "IsotopeLabelType"),
        *("Condition", "BioReplicate", "Run", "Intensity", "Reference"),
    ],
    *(
        [protein, peptide, charge, "NA", "0", "L", "plasma", "1", run, intensity, f"{run}_file.mzML"]
        for protein, peptide, charge, run, intensity in (
            ("sp|P21926|CD9_HUMAN", ".(Acetyl)AAC(Carbamidomethyl)K", "2", "1", "100.5"),
            ("sp|P21926|CD9_HUMAN", ".(Acetyl)AAC(Carbamidomethyl)K", "3", "1", "10.25"),
            ("sp|P21926|CD9_HUMAN", "DDEK", "2", "2", "20.5"),
            ("sp|CONTAMINANT_P02769|CONTAMINANT_ALBU_BOVIN;sp|P02768|ALBU_HUMAN", "LLLK", "2", "1", "7.75"),
            ("sp|P60033|CD81_HUMAN", "GGGK", "2", "2", "0.0"),
            ("DECOY_sp|P60033|CD81_HUMAN", "KGGG", "2", "2", "3.5"),
        )
    ),
]
SKYLINE: Rows = [
    [
        *("Protein Name", "Peptide Modified Sequence", "Precursor Charge", "Fragment Ion", "Product Charge"),
        *("Isotope Label Type", "Condition", "BioReplicate", "File Name", "Area", "Standard Type", "Truncated"),
        "Detection Q Value",
    ],
    *(
        [protein, peptide, "2", ion, "1", "light", "c", "1", f"{run}.raw", area, "", "FALSE", q]
        for protein, peptide, ion, run, area, q in (
            ("sp|P21926|CD9_HUMAN", "AAC[+57.0]K", "y3", "a", "100.5", "0.001"),
            ("sp|P21926|CD9_HUMAN", "AAC[+57.0]K", "y4", "a", "10.25", "0.001"),
            ("sp|P21926|CD9_HUMAN", "AAC[+57.0]K", "y3", "b", "#N/A", "0.900"),
            ("sp|P21926|CD9_HUMAN", "DDEK", "y3", "b", "5.5", "0.002"),
            ("sp|P21926|CD9_HUMAN", "LLLK", "y3", "a", "3.25", "0.200"),
            ("sp|P60033|CD81_HUMAN", "GGGK", "y2", "a", "1.5", "0.010"),
            ("Decoys", "KGGG", "y2", "a", "50.5", "0.001"),
        )
    ),
]
ALPHADIA: Rows = [
    ["pg", "a", "b"],
    ["P21926", "100.5", "20.25"],
    ["P0DP23;P0DP24", "0.0", "5.5"],
    ["rev_P60033", "3.5", "0.0"],
]
PRECURSORS: Rows = [
    [
        *("raw.name", "pg.name", "pg.proteins", "pg.genes", "precursor.sequence", "precursor.mods"),
        *("precursor.mod_sites", "precursor.charge", "precursor.intensity", "precursor.qval", "pg.qval"),
        *("precursor.decoy", "precursor.channel"),
    ],
    ["a", "P21926", "P21926", "CD9", "AACK", "Oxidation@M", "2", "2", "100.5", "0.001", "0.001", "0", "0"],
    ["a", "P21926", "P21926", "CD9", "DDEK", "", "", "2", "10.25", "0.001", "0.001", "0", "0"],
    ["b", "P21926", "P21926", "CD9", "DDEK", "", "", "3", "5.5", "0.050", "0.001", "0", "0"],
    ["b", "P60033", "P60033", "CD81", "GGGK", "", "", "2", "7.5", "0.001", "0.500", "0", "0"],
    ["b", "P0DP23", "P0DP23;P0DP24", "CALM1", "LLLK", "", "", "2", "2.5", "0.001", "0.010", "0", "0"],
    ["b", "P60033", "P60033", "CD81", "KGGG", "", "", "2", "1.5", "0.001", "0.001", "1", "0"],
]
ALPHAPEPT: Rows = [
    ["", "A_LFQ", "B_LFQ", "A", "B"],
    ["sp|P21926|CD9_HUMAN", "90.5", "80.5", "100.5", "20.25"],
    ["sp|P0DP23|CALM1_HUMAN,sp|P0DP24|CALM2_HUMAN", "1.5", "2.5", "", "5.5"],
    ["REV__sp|P60033|CD81_HUMAN", "1.5", "2.5", "3.5", "4.5"],
]
PERCOLATOR: Rows = [
    ["ProteinId", "ProteinGroupId", "q-value", "posterior_error_prob", "peptideIds"],
    ["sp|P21926|CD9_HUMAN", "1", "0.0003", "0.0001", "AAC[57.02]K DDEK AACK"],
    ["sp|P0DP23|CALM1_HUMAN,sp|P0DP24|CALM2_HUMAN", "2", "0.0100", "0.0001", "LLLK"],
    ["sp|P60033|CD81_HUMAN", "3", "0.2000", "0.9000", "GGGK KGGG"],
]
MOKAPOT: Rows = [
    ["mokapot protein group", "best peptide", "stripped sequence", "score", "mokapot q-value", "mokapot PEP"],
    ["sp|P21926|CD9_HUMAN", "K.AAC[57.02]K.D", "AACK", "5.5", "0.0003", "0.0001"],
    ["sp|P0DP23|CALM1_HUMAN, sp|P0DP24|CALM2_HUMAN", "LLLK", "LLLK", "4.5", "0.0100", "0.0001"],
    ["sp|P60033|CD81_HUMAN", "GGGK", "GGGK", "0.5", "0.2000", "0.9"],
]
# AlphaPept's table is known by its nameless first column: it cannot be given in another order, nor get one in front
TABLES = {
    "msstats": MSSTATS,
    "skyline": SKYLINE,
    "alphadia": ALPHADIA,
    "alphadia precursors": PRECURSORS,
    "alphapept": ALPHAPEPT,
    "percolator": PERCOLATOR,
    "mokapot": MOKAPOT,
}
FIXED = {"alphadia", "alphapept"}


def read(path: Path, content: str | bytes | Rows, **settings: object) -> ReadResult:
    path = path / "any [1] name"
    content = text_of(content) if isinstance(content, list) else content
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return readers.read(InputSpec.from_settings({"path": str(path), "organism": "human", **settings}))


def format_of(name: str) -> str:
    return {"mokapot": "percolator"}.get(name, name.split(maxsplit=1)[0])


def codes(result: ReadResult) -> dict[str, object]:
    return {str(w["code"]): w["count"] for w in result.warnings}


def sums(result: ReadResult, column: str = "intensity") -> dict[tuple[str, str], float]:
    frame = result.proteins.set_index(["run", "protein_group"])[column]
    return {key: float(value) for key, value in frame.dropna().items()}  # type: ignore[misc]


def test_msstats(tmp_path: Path) -> None:
    result = read(tmp_path, MSSTATS)
    albumin = "contam_P02769;P02768"
    assert sums(result) == {("1_file", "P21926"): 110.75, ("2_file", "P21926"): 20.5, ("1_file", albumin): 7.75}
    assert sums(result, "peptides")[("1_file", "P21926")] == 1 and result.proteins["spectra"].isna().all()
    assert set(result.proteins.loc[result.proteins["protein_group"] == albumin, "contaminant"]) == {"ambiguous"}
    assert result.features is not None
    assert sorted(set(result.features["peptide"])) == ["AACK", "DDEK", "KGGG", "LLLK"]
    assert (codes(result)["decoys_removed"], codes(result)["rows_without_quantity"]) == (1, 1)


def test_msstats_without_reference_names_runs_by_run(tmp_path: Path) -> None:
    result = read(tmp_path, [row[:-1] for row in MSSTATS])
    assert set(result.proteins["run"]) == {"1", "2"}


def test_msstats_of_reporter_ions(tmp_path: Path) -> None:
    names = ["ProteinName", "PeptideSequence", "Charge", "PSM", "Mixture", "TechRepMixture", "Run", "Channel"]
    rows = [
        [*names, "BioReplicate", "Condition", "Intensity"],
        ["sp|P21926|CD9_HUMAN", "AACK", "2", "AACK_2", "1", "1", "f1.raw", "126", "1", "x", "10.5"],
        ["sp|P21926|CD9_HUMAN", "AACK", "2", "AACK_2", "1", "1", "f1.raw", "127N", "2", "x", "2.5"],
    ]
    assert sums(read(tmp_path, rows)) == {("f1-126", "P21926"): 10.5, ("f1-127N", "P21926"): 2.5}


def test_skyline(tmp_path: Path) -> None:
    result = read(tmp_path, SKYLINE)
    assert sums(result) == {("a", "P21926"): 110.75, ("b", "P21926"): 5.5, ("a", "P60033"): 1.5}
    assert len(result.proteins) == 4  # every target was looked for in every run
    assert sums(result, "peptides") == {("a", "P21926"): 1, ("b", "P21926"): 1, ("a", "P60033"): 1, ("b", "P60033"): 0}
    found = codes(result)
    assert (found["decoys_removed"], found["rows_without_quantity"], found["peptides_over_q_value"]) == (1, 1, 1)
    evidence = result.proteins.set_index(["run", "protein_group"])["evidence"]
    assert evidence[("a", "P21926")] == "ms2" and evidence[("b", "P60033")] == "unknown"


def test_skyline_in_other_spellings(tmp_path: Path) -> None:
    plain = read(tmp_path, SKYLINE).proteins
    for sign in ("", "."):
        assert read(tmp_path, [[name.replace(" ", sign) for name in SKYLINE[0]], *SKYLINE[1:]]).proteins.equals(plain)


def test_skyline_labels_standards_and_levels(tmp_path: Path) -> None:
    at, ion, kind = (SKYLINE[0].index(name) for name in ("Isotope Label Type", "Fragment Ion", "Standard Type"))
    rows = [list(row) for row in SKYLINE]
    rows[2][at] = "heavy"
    rows[4][ion] = "precursor"
    rows[6][kind] = "iRT"
    result = read(tmp_path, rows)
    assert sums(result)[("a-heavy", "P21926")] == 10.25 and sums(result)[("a-light", "P21926")] == 100.5
    found = codes(result)
    assert (found["channels"], found["standards"], found["ms1_and_ms2"]) == (2, 1, 1)


def test_alphadia(tmp_path: Path) -> None:
    result = read(tmp_path, ALPHADIA)
    assert sums(result) == {("a", "P21926"): 100.5, ("b", "P21926"): 20.25, ("b", "P0DP23;P0DP24"): 5.5}
    assert len(result.proteins) == 4 and codes(result)["decoys_removed"] == 1
    assert "normalised_quantity" in codes(result)
    newer = read(tmp_path, [["pg.name", "a", "b"], *ALPHADIA[1:]])
    assert newer.proteins.equals(result.proteins)


def test_alphadia_precursors(tmp_path: Path) -> None:
    result = read(tmp_path, PRECURSORS)
    assert sums(result) == {("a", "P21926"): 110.75, ("b", "P0DP23"): 2.5}
    assert sums(result, "peptides") == {("a", "P21926"): 2, ("b", "P0DP23"): 1}
    found = codes(result)
    assert (found["decoys_removed"], found["peptides_over_q_value"], found["groups_over_q_value"]) == (1, 1, 1)
    assert result.features is not None and len(result.features) == 6
    assert result.features.loc[result.features["peptide"] == "LLLK", "proteins"].tolist() == ["P0DP23;P0DP24"]
    assert "AACK[Oxidation@M|2]" in set(result.features["modified_sequence"])
    frame = pd.DataFrame(PRECURSORS[1:], columns=PRECURSORS[0])
    numbers = ["precursor.charge", "precursor.intensity", "precursor.qval", "pg.qval", "precursor.decoy"]
    frame[numbers] = frame[numbers].apply(pd.to_numeric)
    path = tmp_path / "precursors.parquet"
    pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), path)
    assert readers.read(InputSpec("main", path, organism="human")).proteins.equals(result.proteins)


def test_tables_of_alphadia_that_are_not_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="AlphaDIA 1"):
        read(tmp_path, "run\tpg\tsequence\tmod_seq_charge_hash\tintensity\na\tP1\tAK\t1\t2.5\n")
    with pytest.raises(InputError, match="matrix of precursors"):
        read(tmp_path, "pg.name\tprecursor.sequence\tprecursor.mod_seq_charge_hash\ta\nP1\tAK\t1\t2.5\n")


def test_alphapept(tmp_path: Path) -> None:
    result = read(tmp_path, ALPHAPEPT)
    assert sums(result) == {("A", "P21926"): 100.5, ("B", "P21926"): 20.25, ("B", "P0DP23;P0DP24"): 5.5}
    assert codes(result)["decoys_removed"] == 1
    only_lfq = read(tmp_path, [row[:3] for row in ALPHAPEPT])
    assert sums(only_lfq)[("A", "P21926")] == 90.5 and "normalised_quantity" in codes(only_lfq)
    # one run without a column of its own name: two kinds of quantities are not mixed, and no run is lost
    assert read(tmp_path, [row[:4] for row in ALPHAPEPT]).proteins.equals(only_lfq.proteins)


@pytest.mark.parametrize(("table", "peptides"), [(PERCOLATOR, {"P21926": 2.0, "P0DP23;P0DP24": 1.0}), (MOKAPOT, {})])
def test_identifications(tmp_path: Path, table: Rows, peptides: dict[str, float]) -> None:
    result = read(tmp_path, table, name="urine")
    frame = result.proteins.set_index("protein_group")
    assert set(frame.index) == {"P21926", "P0DP23;P0DP24"} and set(frame["run"]) == {"urine"}
    assert frame["intensity"].isna().all() and frame["spectra"].isna().all()
    assert {k: float(v) for k, v in frame["peptides"].dropna().items()} == peptides
    assert frame["q_value"].to_dict() == {"P21926": 0.0003, "P0DP23;P0DP24": 0.01}
    assert (codes(result)["identifications_only"], codes(result)["proteins_over_q_value"]) == (3, 1)
    assert result.features is not None and len(result.features) == (6 if peptides else 3)
    assert {"AACK", "LLLK", "GGGK"} <= set(result.features["peptide"])


def test_tables_of_spectra_are_told(tmp_path: Path) -> None:
    rows = "PSMId\tscore\tq-value\tposterior_error_prob\tpeptide\tproteinIds\n1\t2\t0.1\t0.1\tK.AK.D\tP1\n"
    with pytest.raises(InputError, match="spectra or peptides of Percolator"):
        read(tmp_path, rows)


@pytest.mark.parametrize("kind", VARIANTS)
@pytest.mark.parametrize("name", TABLES)
def test_wrappings(tmp_path: Path, name: str, kind: str) -> None:
    rows = TABLES[name]
    changed = VARIANTS[kind](Example.of("", rows))
    if name in FIXED and kind in ("unknown columns", "columns in another order", "latin-1"):
        # a protein matrix has runs in every further column: text there is refused, and the order is the recognition
        with pytest.raises(InputError):
            read(tmp_path, changed, format=name)
        return
    result, plain = read(tmp_path, changed), read(tmp_path, rows)
    assert result.proteins.equals(plain.proteins)
    assert (result.features is None) == (plain.features is None)
    assert result.features is None or plain.features is None or result.features.equals(plain.features)


@pytest.mark.parametrize("kind", DAMAGED)
@pytest.mark.parametrize("name", TABLES)
def test_damages(tmp_path: Path, name: str, kind: str) -> None:
    with pytest.raises(InputError) as error:
        read(tmp_path, BROKEN[kind][0](Example.of("", TABLES[name])), format=format_of(name))
    assert "any [1] name" in str(error.value)


@pytest.mark.parametrize("name", TABLES)
def test_only_decoys(tmp_path: Path, name: str) -> None:
    columns = ("ProteinName", "Protein Name", "pg", "pg.name", "", "ProteinId", "mokapot protein group")
    rows = TABLES[name]
    at = next(i for i, column in enumerate(rows[0]) if column in columns)
    decoys = [[*row[:at], "DECOY_sp|P60033|CD81_HUMAN", *row[at + 1 :]] for row in rows[1:]]
    with pytest.raises(InputError, match="decoy"):
        read(tmp_path, [rows[0], *decoys])


@pytest.mark.parametrize(
    ("name", "column", "cell", "words"),
    [
        ("msstats", "Intensity", "many", ["line 2, column 'Intensity'", "'many'"]),
        ("msstats", "Intensity", "-1", ["negative", "line 2"]),
        ("skyline", "Area", "inf", ["infinite", "line 2"]),
        ("skyline", "Detection Q Value", "low", ["line 2, column 'Detection Q Value'"]),
        ("alphadia", "a", "many", ["line 2, column 'a'"]),
        ("alphadia precursors", "precursor.intensity", "-5", ["negative", "line 2"]),
        ("alphapept", "A", "x", ["line 2, column 'A'"]),
        ("percolator", "q-value", "low", ["line 2, column 'q-value'"]),
    ],
)
def test_cells_that_are_no_numbers(tmp_path: Path, name: str, column: str, cell: str, words: list[str]) -> None:
    rows = [list(row) for row in TABLES[name]]
    rows[1][rows[0].index(column)] = cell
    with pytest.raises(InputError) as error:
        read(tmp_path, rows)
    for word in words:
        assert word in str(error.value)


@pytest.mark.parametrize(
    ("name", "column", "like"),
    [
        ("msstats", "Condition", "Intensity"),
        ("skyline", "Condition", "Area"),
        ("alphadia", "b", "a"),
        ("alphadia precursors", "precursor.mods", "precursor.sequence"),
        ("alphapept", "B", "A"),
        ("percolator", "posterior_error_prob", "q-value"),
        ("mokapot", "mokapot PEP", "mokapot q-value"),
    ],
)
def test_a_column_that_stands_twice(tmp_path: Path, name: str, column: str, like: str) -> None:
    rows = [[like if cell == column else cell for cell in TABLES[name][0]], *TABLES[name][1:]]
    with pytest.raises(InputError, match="present twice"):
        read(tmp_path, rows, format=format_of(name))


def test_folders(tmp_path: Path) -> None:
    for name in ("msstats", "skyline", "alphadia", "alphapept", "percolator", "qpx"):
        with pytest.raises(InputError, match="this is a folder"):
            readers.read(InputSpec("main", tmp_path, format=name))


def test_bare_sequences() -> None:
    for written in ("K.AC[+57.02]DE.R", "_AC[160]DE_", "A(ac)C(Carbamidomethyl (C))DE", "n[42.01]ACDE", "-.ACDE.-"):
        assert bare_sequence(written) == "ACDE"
    assert bare_sequence("AcDE2") == "ACDE" and bare_sequence("[+42]-AC{Hex}DE") == "ACDE"


# QPX: no public file is at hand; the files are made by the two specifications


def features_of_today() -> dict[str, list]:
    """The columns of the present schema, two structures among them."""
    return {
        "feature_id": [1, 2, 3, 4, 5, 6],
        "sequence": ["AACK", "AACK", "DDEK", "LLLK", "GGGK", "KGGG"],
        "peptidoform": ["AAC[UNIMOD:4]K", "AAC[UNIMOD:4]K", "DDEK", "LLLK", "GGGK", "KGGG"],
        "charge": [2, 2, 2, 2, 2, 2],
        "is_decoy": [False, False, False, False, False, True],
        "run_file_name": ["a", "b", "a", "a", "a", "a"],
        "pg_accessions": [
            [{"accession": "P21926", "start": 1, "end": 4}],
            [{"accession": "P21926", "start": 1, "end": 4}],
            [{"accession": "P21926", "start": 9, "end": 12}],
            [{"accession": "P0DP24", "start": 1, "end": 4}, {"accession": "P0DP23", "start": 1, "end": 4}],
            None,
            [{"accession": "DECOY_P60033", "start": 1, "end": 4}],
        ],
        "anchor_protein": ["P21926", "P21926", "P21926", "P0DP23", None, "DECOY_P60033"],
        "gg_names": [["CD9"], ["CD9"], ["CD9"], ["CALM1"], None, None],
        "peptide_qvalue": [0.001, 0.001, 0.05, 0.001, 0.001, 0.001],
        "intensities": [
            [{"label": "LFQ", "intensity": 100.5}],
            [{"label": "LFQ", "intensity": 20.25}],
            [{"label": "LFQ", "intensity": 3.5}],
            [{"label": "LFQ", "intensity": 5.5}],
            [{"label": "LFQ", "intensity": 1.5}],
            [{"label": "LFQ", "intensity": 2.5}],
        ],
    }


def read_features(tmp_path: Path, columns: dict[str, list], version: str = "1.0") -> ReadResult:
    table = pa.table(columns).replace_schema_metadata({"qpx_version": version})
    path = tmp_path / "study.feature.parquet"
    pq.write_table(table, path)
    return readers.read(InputSpec("main", path, organism="human"))


def test_qpx(tmp_path: Path) -> None:
    result = read_features(tmp_path, features_of_today())
    assert (result.engine, result.version) == ("QPX", "1.0")
    assert sums(result) == {("a", "P21926"): 100.5, ("b", "P21926"): 20.25, ("a", "P0DP23;P0DP24"): 5.5}
    frame = result.proteins.set_index(["run", "protein_group"])
    assert frame.loc[("a", "P0DP23;P0DP24"), ["accessions", "genes"]].tolist() == ["P0DP23;P0DP24", "CALM1"]
    assert result.features is not None and len(result.features) == 6 and result.features["intensity"].sum() == 133.75
    found = codes(result)
    assert (found["decoys_removed"], found["peptides_over_q_value"], found["rows_without_protein"]) == (1, 1, 1)


def test_qpx_of_the_predecessor(tmp_path: Path) -> None:
    now = features_of_today()
    columns = {name: now[name] for name in ("sequence", "peptidoform")} | {
        "precursor_charge": now["charge"],
        "is_decoy": [int(value) for value in now["is_decoy"]],
        "reference_file_name": now["run_file_name"],
        "pg_accessions": [["P21926"], ["P21926"], ["P21926"], ["P0DP23", "P0DP24"], None, ["DECOY_P60033"]],
        "gene_names": now["gg_names"],
        "global_qvalue": now["peptide_qvalue"],
        "intensity": [100.5, 20.25, 3.5, 5.5, 1.5, 2.5],
        "channel": ["LABEL FREE SAMPLE"] * 6,
    }
    assert read_features(tmp_path, columns).proteins.equals(read_features(tmp_path, now).proteins)


def test_qpx_channels_and_missing_intensities(tmp_path: Path) -> None:
    columns = features_of_today()
    columns["intensities"] = [
        [{"label": "126", "intensity": 1.5}, {"label": "127N", "intensity": 2.5}],
        [],
        None,
        [{"label": "126", "intensity": 0.0}],
        None,
        [{"label": "126", "intensity": 9.5}],
    ]
    result = read_features(tmp_path, columns)
    assert sums(result) == {("a-126", "P21926"): 1.5, ("a-127N", "P21926"): 2.5}
    assert codes(result)["rows_without_quantity"] == 4


@pytest.mark.parametrize("kind", ["negative", "infinite", "nothing", "empty", "only decoys", "cut off"])
def test_broken_qpx(tmp_path: Path, kind: str) -> None:
    columns = features_of_today()
    if kind in ("negative", "infinite"):
        columns["intensities"][1] = [{"label": "LFQ", "intensity": -1.0 if kind == "negative" else math.inf}]
    elif kind == "nothing":
        columns["intensities"] = [[{"label": "LFQ", "intensity": 0.0}]] * 6
    elif kind == "only decoys":
        columns["is_decoy"] = [True] * 6
    table = pa.table(columns)
    path = tmp_path / "x.parquet"
    pq.write_table(table.slice(0, 0) if kind == "empty" else table, path)
    if kind == "cut off":
        path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(InputError) as error:
        readers.read(InputSpec("main", path))
    assert "x.parquet" in str(error.value)


def test_other_qpx_files_are_told(tmp_path: Path) -> None:
    columns = {name: features_of_today()[name] for name in ("sequence", "peptidoform", "is_decoy")}
    with pytest.raises(InputError, match="QPX file of spectra"):
        read_features(tmp_path, columns)


# the public files, counted with the csv module


def records(path: Path, delimiter: str) -> list[dict[str, str]]:
    raw = path.read_bytes()
    raw = gzip.decompress(raw) if raw.startswith(b"\x1f\x8b") else raw
    return list(csv.DictReader(raw.decode().splitlines(), delimiter=delimiter))


def totals(rows: list[dict[str, str]], run: str, value: str) -> dict[str, float]:
    found: dict[str, list[float]] = defaultdict(list)
    for row in rows:
        if row[value] not in ("", "#N/A", "NA"):
            found[re.sub(r"\.(?:raw|mzML)$", "", row[run])].append(float(row[value]))
    return {name: math.fsum(values) for name, values in found.items()}


@pytest.mark.parametrize(
    ("file", "run", "value", "protein", "runs", "groups", "features"),
    [
        ("quantms_PXD040438_msstats_in.csv", "Reference", "Intensity", "ProteinName", 2, 400, 5006),
        ("wrProteo_OpenMS_tiny.csv.gz", "Reference", "Intensity", "ProteinName", 6, 23, 3783),
        ("msstatsconvert_skyline.csv", "File.Name", "Area", "Protein.Name", 15, 5, 705),
    ],
)
def test_public_long_tables(
    shared_data: Path, file: str, run: str, value: str, protein: str, runs: int, groups: int, features: int
) -> None:
    path = shared_data / "formats" / "other" / file
    result = readers.read(InputSpec("main", path, organism="human"))
    rows = records(path, ",")
    sums_ = totals(rows, run, value)
    found = result.proteins.groupby("run")["intensity"].sum()
    assert len(sums_) == runs == len(found)
    for name, total in sums_.items():
        assert found[name] == pytest.approx(total, rel=1e-9)
    assert result.proteins["protein_group"].nunique() == len({row[protein] for row in rows}) == groups
    assert result.features is not None and len(result.features) == features
    assert result.features["intensity"].sum() == pytest.approx(math.fsum(sums_.values()), rel=1e-9)


@pytest.mark.parametrize(
    ("file", "delimiter", "runs", "groups", "decoys"),
    [("alphadia_1.10.4_pg_matrix.tsv", "\t", 6, 9364, 0), ("alphapept_0.5.0_pg_matrix.csv", ",", 2, 3743, 38)],
)
def test_public_matrices(shared_data: Path, file: str, delimiter: str, runs: int, groups: int, decoys: int) -> None:
    path = shared_data / "formats" / "other" / file
    result = readers.read(InputSpec("main", path, organism="human"))
    rows = records(path, delimiter)
    first = next(iter(rows[0]))
    kept = [row for row in rows if not row[first].startswith("REV__")]
    names = [name for name in rows[0] if name != first and not name.endswith("_LFQ")]
    assert len(names) == runs and len(rows) - len(kept) == decoys
    assert result.proteins["protein_group"].nunique() == len(kept) == groups
    found = result.proteins.groupby("run")["intensity"].sum()
    for name in names:
        assert found[name] == pytest.approx(math.fsum(float(row[name] or 0) for row in kept), rel=1e-9)
    assert codes(result).get("decoys_removed", 0) == decoys


def test_public_identifications(shared_data: Path) -> None:
    path = shared_data / "formats" / "other" / "mokapot_percolator.proteins.txt"
    result = readers.read(InputSpec("main", path, organism="human"))
    rows = records(path, "\t")
    kept = [row for row in rows if float(row["q-value"]) <= 0.01]
    assert len(rows) == 7802 and len(kept) == 3645 == len(result.proteins)
    distinct = sum(len({re.sub(r"\[[^]]*\]", "", p) for p in row["peptideIds"].split()}) for row in kept)
    assert result.proteins["peptides"].sum() == distinct
    members = sum(row["ProteinId"].count(",") + 1 for row in kept)
    assert int(result.proteins["accessions"].str.count(";").sum()) + len(kept) == members
    assert result.features is not None
    assert len(result.features) == sum(len(set(row["peptideIds"].split())) for row in rows)


MATRIX = {
    "alphabase_reference_pg_fragpipe.parquet": ({}, 20, 10),
    "alphabase_reference_pg_maxquant.2024.parquet": ({"columns": {"protein": "uniprot_ids"}}, 312, 9),
    "wrProteo_proline_pxd001819.xlsx": (
        {
            "sheet": "Protein sets",
            "columns": {"protein": "accession", "gene": "gene_name", "runs": "abundance_.*"},
        },
        27,
        1186,
    ),
}


@pytest.mark.parametrize("file", MATRIX)
def test_public_tables_that_the_matrix_reader_reads(shared_data: Path, file: str) -> None:
    settings, runs, groups = MATRIX[file]
    path = shared_data / "formats" / "other" / file
    with pytest.raises(InputError, match="format: matrix"):  # no engine's own table: it must be asked for
        readers.detect(path)
    result = readers.read(InputSpec.from_settings({"path": str(path), "format": "matrix", **settings}))
    assert result.proteins["run"].nunique() == runs and result.proteins["protein_group"].nunique() == groups
    assert result.proteins["intensity"].sum() > 0


def test_a_public_workbook_that_is_refused(shared_data: Path) -> None:
    # its quantities stand on one sheet and the names of their proteins on another: rows cannot be trusted to agree
    path = shared_data / "formats" / "other" / "omicscope_general.xlsx"
    with pytest.raises(InputError, match="not recognised"):
        readers.detect(path)
    with pytest.raises(InputError, match="no column that names the proteins or genes"):
        readers.read(InputSpec("main", path, format="matrix"))


def test_every_public_file_is_claimed_by_one_reader_at_most(shared_data: Path) -> None:
    mine = {"fragpipe", "sage", "msstats", "skyline", "alphadia", "alphapept", "percolator", "qpx"}
    checked = 0
    for path in sorted((shared_data / "formats").rglob("*")) + sorted((shared_data / "studies").rglob("*.*sv")):
        if not path.is_file() or path.suffix == ".zip":
            continue
        head = read_head(Source(path))
        claims = [name for name in readers.FORMATS if name != "matrix" and readers.module(name).sniff(head)]
        assert len(claims) <= 1 or not mine & set(claims), f"{path.name}: {claims}"
        checked += 1
    assert checked > 80
