"""MaxQuant proteinGroups of several generations, against independent counts; and how one can be broken."""

from __future__ import annotations

import csv
import gzip
import io
import math
import re
from pathlib import Path

import pytest

from sevident import readers, tables
from sevident.errors import InputError
from sevident.readers.base import InputSpec, ReadResult

HEADER = [
    "Protein IDs",
    "Majority protein IDs",
    "Gene names",
    "Fasta headers",
    "Peptides",
    "Razor + unique peptides",
    "Unique peptides",
    "Razor + unique peptides A",
    "Razor + unique peptides B",
    "Sequence length",
    "Q-value",
    "Score",
    "Identification type A",
    "Identification type B",
    "Intensity",
    "Intensity A",
    "Intensity B",
    "LFQ intensity A",
    "LFQ intensity B",
    "MS/MS count A",
    "MS/MS count B",
    "Only identified by site",
    "Reverse",
    "Potential contaminant",
    "id",
]
CD9 = (
    "P21926;Q00001\tP21926\tCD9\tsp|P21926|CD9_HUMAN CD9 antigen OS=Homo sapiens OX=9606 GN=CD9"
    "\t3\t3\t3\t2\t1\t228\t0\t50\tBy MS/MS\tBy matching\t300\t100\t200\t1\t2\t4\t0\t\t\t\t0"
)
ALB = "CON__P02769\tCON__P02769\t\t\t9\t9\t9\t5\t4\t607\t0\t99\tBy MS/MS\t\t70\t70\t0\t1\t0\t5\t0\t\t\t+\t1"
DECOY = "REV__P1\tREV__P1\tCD9\t\t1\t1\t1\t1\t0\t10\t0.5\t1\tBy MS/MS\t\t30\t30\t0\t0\t0\t1\t0\t\t+\t\t2"
SITE = "P60033\tP60033\tCD81\t\t1\t1\t1\t1\t0\t236\t0\t5\tBy MS/MS\t\t10\t10\t0\t0\t0\t1\t0\t+\t\t\t3"


def table(*rows: str, header: list[str] | None = None) -> str:
    return "\n".join(["\t".join(header or HEADER), *rows]) + "\n"


def read(tmp_path: Path, content: str | bytes, **settings: object) -> ReadResult:
    path = tmp_path / "proteinGroups.txt"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return readers.read(InputSpec.from_settings({"path": str(path), "organism": "human", **settings}))


def codes(result: ReadResult) -> dict[str, object]:
    return {str(w["code"]): w["count"] for w in result.warnings}


def test_a_small_table(tmp_path: Path) -> None:
    result = read(tmp_path, table(CD9, ALB, DECOY, SITE))
    frame = result.proteins
    assert list(frame.columns) == list(tables.PROTEINS.columns)
    assert frame[["run", "protein_group"]].to_numpy().tolist() == [
        ["A", "CON__P02769"],
        ["A", "P21926"],
        ["B", "CON__P02769"],
        ["B", "P21926"],
    ]
    cd9 = frame[frame["protein_group"] == "P21926"].set_index("run")
    assert cd9["intensity"].to_dict() == {"A": 100, "B": 200}
    assert cd9["evidence"].to_dict() == {"A": "ms2", "B": "matched"}
    assert cd9["peptides"].to_dict() == {"A": 2, "B": 1}
    assert cd9["spectra"].to_dict() == {"A": 4, "B": 0}
    assert cd9.iloc[0][["accessions", "genes", "organism", "contaminant"]].tolist() == [
        "P21926",
        "CD9",
        "human",
        "none",
    ]
    assert (cd9["sequence_length"] == 228).all() and (cd9["q_value"] == 0).all()
    albumin = frame[frame["protein_group"] == "CON__P02769"].set_index("run")
    assert albumin["accessions"].unique().tolist() == ["P02769"]
    assert albumin.iloc[0][["organism", "contaminant"]].tolist() == ["bovine", "serum"]
    assert math.isnan(albumin.loc["B", "intensity"])  # zero is not measured, but the row stays
    assert albumin.loc["B", "evidence"] == "unknown"
    assert codes(result)["decoys_removed"] == 1 and codes(result)["only_by_site_removed"] == 1
    message = next(w["message"] for w in result.warnings if w["code"] == "decoys_removed")
    assert "7.32%" in str(message)  # 30 of 410
    assert result.features is None and result.engine == "MaxQuant"


def dotted(name: str) -> str:
    """A header as R's read.csv makes it."""
    return re.sub(r"[^A-Za-z0-9_]", ".", name)


@pytest.mark.parametrize("style", ["dotted", "comma", "crlf", "utf-16", "mark", "gzip", "upper", "1.3"])
def test_generations_and_wrappings_are_one(tmp_path: Path, style: str) -> None:
    plain = read(tmp_path, table(CD9, ALB, DECOY, SITE)).proteins
    text = table(CD9, ALB, DECOY, SITE)
    content: str | bytes = {
        "dotted": table(CD9, ALB, DECOY, SITE, header=[dotted(name) for name in HEADER]),
        "comma": text.replace(",", "").replace("\t", ","),
        "crlf": text.replace("\n", "\r\n"),
        "utf-16": text.encode("utf-16"),
        "mark": "\ufeff" + text,
        "gzip": gzip.compress(text.encode()),
        "upper": text.replace("Gene names", "Gene Names").replace("MS/MS count", "MS/MS Count"),
        "1.3": text.replace("Potential contaminant", "Contaminant"),
    }[style]
    assert read(tmp_path, content).proteins.equals(plain)


def test_european_decimals(tmp_path: Path) -> None:
    text = table(CD9.replace("\t100\t", "\t100,5\t"), ALB)
    frame = read(tmp_path, text).proteins
    assert frame["intensity"].max() == 200 and 100.5 in frame["intensity"].tolist()


def without(*names: str) -> str:
    rows = [row.split("\t") for row in table(CD9, ALB).splitlines()]
    keep = [i for i, name in enumerate(rows[0]) if name not in names]
    return "\n".join("\t".join(row[i] for i in keep) for row in rows) + "\n"


def test_lfq_is_taken_where_there_is_no_intensity(tmp_path: Path) -> None:
    result = read(tmp_path, without("Intensity", "Intensity A", "Intensity B"))
    assert result.proteins["intensity"].dropna().tolist() == [1, 1, 2]
    assert "normalised_quantity" in codes(result)


def test_ibaq_is_turned_back_into_intensity(tmp_path: Path) -> None:
    text = without("Intensity", "Intensity A", "Intensity B")
    text = (
        text.replace("LFQ intensity A", "iBAQ A").replace("LFQ intensity B", "iBAQ B").replace("Score", "iBAQ peptides")
    )
    result = read(tmp_path, text)
    assert sorted(result.proteins["intensity"].dropna()) == [50, 99, 100]
    assert "quantity_from_ibaq" in codes(result)


def test_a_search_without_experiments_is_one_run(tmp_path: Path) -> None:
    text = without("Intensity A", "Intensity B", "LFQ intensity A", "LFQ intensity B").replace("\tid", "\tPeptide IDs")
    result = read(tmp_path, text)
    assert result.proteins["run"].unique().tolist() == ["Intensity"]
    assert result.proteins["intensity"].tolist() == [70, 300]


def labelled(quantities: dict[str, tuple[float, float, float]], *more: str) -> str:
    """The table with columns of labels: of each the values of CD9, albumin and a decoy."""
    names = [name for name in HEADER if not re.match(r"(?:LFQ i|I)ntensity ", name)]
    keep = [HEADER.index(name) for name in names]
    rows = [[*(row.split("\t")[i] for i in keep)] for row in (CD9, ALB, DECOY)]
    for values in quantities.values():
        for row, value in zip(rows, values, strict=True):
            row.append(f"{value:g}")
    return table(*("\t".join([*row, *("1" for _ in more)]) for row in rows), header=[*names, *quantities, *more])


def test_reporter_ions_are_runs(tmp_path: Path) -> None:
    totals = {f"Reporter intensity corrected {n}": (10.0 * n, 20.0, 3.0) for n in (1, 2)}
    of_a = {f"Reporter intensity corrected {n} A": (4.0 * n, 20.0, 3.0) for n in (1, 2)}
    of_b = {f"Reporter intensity corrected {n} B": (6.0 * n, 0.0, 3.0) for n in (1, 2)}
    other = {"Reporter intensity 1": (7.0, 7.0, 7.0), "Reporter intensity 1 A": (7.0, 7.0, 7.0)}
    counts = {"Reporter intensity count 1 A": (3.0, 3.0, 3.0)}
    result = read(tmp_path, labelled(totals | of_a | of_b | other | counts))
    frame = result.proteins.set_index(["protein_group", "run"])
    assert frame["intensity"].unstack()["1 A"].to_dict() == {"CON__P02769": 20, "P21926": 4}
    assert frame.loc["P21926", "intensity"].to_dict() == {"1 A": 4, "1 B": 6, "2 A": 8, "2 B": 12}
    assert frame.loc["P21926", "peptides"].to_dict() == {"1 A": 2, "1 B": 1, "2 A": 2, "2 B": 1}
    assert frame.loc["CON__P02769", "peptides"].to_dict() == {"1 A": 5, "1 B": 0, "2 A": 5, "2 B": 0}
    assert (frame.loc["P21926", "evidence"] == "ms2").all() and frame["spectra"].isna().all()
    assert codes(result)["reporter_ions"] == 4 and codes(result)["decoys_removed"] == 1
    assert result.quantity == result.quantities_offered[0] == "Reporter intensity corrected"


def test_reporter_ions_of_older_versions_and_without_experiments(tmp_path: Path) -> None:
    result = read(tmp_path, labelled({f"Reporter intensity {n}": (n + 1.0, 2.0, 3.0) for n in range(3)}))
    frame = result.proteins.set_index(["protein_group", "run"])
    assert frame.loc["P21926", "intensity"].to_dict() == {"0": 1, "1": 2, "2": 3}
    assert (frame.loc["P21926", "peptides"] == 3).all()  # of the whole table
    assert result.quantity == "Reporter intensity"
    twice = {"Reporter intensity 1": (1.0, 1.0, 1.0), "Reporter intensity  1": (1.0, 1.0, 1.0)}
    with pytest.raises(InputError, match="present twice"):
        read(tmp_path, labelled(twice))
    with pytest.raises(InputError, match="negative"):
        read(tmp_path, labelled({"Reporter intensity 1": (-1.0, 1.0, 1.0)}))


def test_labels_of_silac_are_runs(tmp_path: Path) -> None:
    values = {"Intensity A": (5.0, 9.0, 1.0), "Intensity L A": (2.0, 9.0, 1.0), "Intensity H A": (3.0, 0.0, 0.0)}
    ratio = "Ratio H/L normalized A"
    result = read(tmp_path, labelled({"Intensity L": (2.0, 9.0, 1.0), "Intensity H": (3.0, 0.0, 0.0)} | values, ratio))
    frame = result.proteins.set_index(["protein_group", "run"])
    assert frame.loc["P21926", "intensity"].to_dict() == {"H A": 3, "L A": 2}
    assert frame.loc["P21926", "peptides"].to_dict() == {"H A": 2, "L A": 2}
    assert codes(result)["channels"] == 2
    alone = read(tmp_path, labelled({"Intensity L": (2.0, 9.0, 1.0), "Intensity H": (3.0, 0.0, 0.0)}, "Ratio H/L"))
    assert set(alone.proteins["run"]) == {"L", "H"}
    # without ratios they are experiments of these names
    plain = read(tmp_path, labelled({"Intensity L": (2.0, 9.0, 1.0), "Intensity H": (3.0, 0.0, 0.0)}))
    assert set(plain.proteins["run"]) == {"L", "H"} and "channels" not in codes(plain)


def test_pieces_of_rows_that_a_spreadsheet_broke(tmp_path: Path) -> None:
    piece = "\t".join(["67;1124468;1124469", "63779;139360", "94", "160;9606"] + [""] * (len(HEADER) - 4))
    result = read(tmp_path, table(CD9, piece, ALB))
    assert result.proteins["protein_group"].unique().tolist() == ["CON__P02769", "P21926"]
    remark = next(w for w in result.warnings if w["code"] == "rows_without_protein")
    assert remark["count"] == 1 and remark["level"] == "warning" and "spreadsheet" in str(remark["message"])
    # a protein that is called by a number has an intensity
    numbered = read(tmp_path, table(CD9.replace("P21926;Q00001\tP21926", "4502693\t4502693"), ALB))
    assert "4502693" in numbered.proteins["protein_group"].tolist()


def test_genes_from_headers_and_from_the_database(tmp_path: Path) -> None:
    text = without("Gene names")
    result = read(tmp_path, text)
    genes = result.proteins.drop_duplicates("protein_group").set_index("protein_group")["genes"]
    assert genes.to_dict() == {"CON__P02769": "", "P21926": "CD9"}
    assert codes(result)["genes_missing"] == 1
    fasta = tmp_path / "db.fasta"
    fasta.write_text(
        ">sp|P02769|ALBU_BOVIN Albumin OS=Bos taurus OX=9913 GN=ALB PE=1\nMKWV\n"
        ">sp|P21926|CD9_HUMAN CD9 OS=Homo sapiens OX=9606 GN=CD9 PE=1\nMPVK\n"
    )
    filled = read(tmp_path, without("Gene names", "Fasta headers", "Sequence length"), fasta=str(fasta))
    one = filled.proteins.drop_duplicates("protein_group").set_index("protein_group")
    assert one["genes"].to_dict() == {"CON__P02769": "ALB", "P21926": "CD9"}
    assert one["organism"].to_dict() == {"CON__P02769": "bovine", "P21926": "human"}
    assert (one["sequence_length"] == 4).all()
    assert "genes_missing" not in codes(filled) and "not_in_fasta" not in codes(filled)


def test_a_wrong_database_is_noticed(tmp_path: Path) -> None:
    fasta = tmp_path / "db.fasta"
    fasta.write_text(">sp|Q99999|X_HUMAN x\nMKWV\n")
    result = read(tmp_path, table(CD9, ALB), fasta=str(fasta))
    remark = next(w for w in result.warnings if w["code"] == "not_in_fasta")
    assert remark["level"] == "warning" and remark["count"] == 2


def test_what_was_removed_before_is_said(tmp_path: Path) -> None:
    result = read(tmp_path, table(CD9, CD9.replace("P21926", "P60033")))
    assert {"no_decoys", "no_contaminants"} <= set(codes(result))


def test_rows_without_a_name_and_repeated_names(tmp_path: Path) -> None:
    nameless = CD9.replace("P21926;Q00001\tP21926", "\t")
    result = read(tmp_path, table(CD9, CD9, nameless, ALB))
    assert codes(result)["rows_without_protein"] == 1
    assert codes(result)["identifier_repeated"] == 1
    assert result.proteins["protein_group"].unique().tolist() == ["CON__P02769", "P21926", "P21926#2"]


def test_a_decoy_inside_a_real_group_is_taken_out(tmp_path: Path) -> None:
    result = read(tmp_path, table(CD9.replace("\tP21926\t", "\tP21926;REV__Q9H446\t"), ALB))
    assert "P21926" in result.proteins["accessions"].tolist()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (table(CD9.replace("\t100\t", "\t-100\t")), ["negative", "line 2, column 'Intensity A'", "-100"]),
        (table(CD9, ALB.replace("\t70\t0\t1", "\tinf\t0\t1")), ["infinite", "line 3, column 'Intensity A'"]),
        (table(CD9, ALB.replace("\t70\t0\t1", "\tlots\t0\t1")), ["holds text", "line 3", "'lots'"]),
        (table(CD9).replace("Intensity B", "Intensity A"), ["present twice", "(column 16)", "(column 17)"]),
        (table(DECOY), ["No protein is left", "1 decoy"]),
        (table(SITE), ["No protein is left"]),
        (table(), ["header but no rows"]),
        (
            without("Intensity", "Intensity A", "Intensity B", "LFQ intensity A", "LFQ intensity B"),
            ["not MaxQuant", "`format: maxquant`"],
        ),
        (table(CD9)[:-30], ["middle of a row"]),
    ],
)
def test_broken_tables(tmp_path: Path, content: str, words: list[str]) -> None:
    with pytest.raises(InputError) as error:
        read(tmp_path, content, format="maxquant")
    assert "proteinGroups.txt" in str(error.value)
    for word in words:
        assert word in str(error.value)


# ---- real tables, counted independently with the csv module --------------------------------------------------------


def counted(path: Path, prefix: str) -> tuple[int, dict[str, float]]:
    """Groups that should stay, and the sum of each run's quantity over them."""
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8-sig")
    delimiter = "\t" if "\t" in text.split("\n", 1)[0] else ","
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    header = [re.sub(r"[^a-z0-9]+", " ", name.lower()).strip() for name in rows[0]]
    exact = rows[0]

    def cell(row: list[str], name: str) -> str:
        return row[header.index(name)] if name in header and header.index(name) < len(row) else ""

    columns = {
        name[len(prefix) + 1 :]: i
        for i, name in enumerate(exact)
        if re.match(re.escape(prefix).replace("\\ ", "[ .]") + "[ .]", name)
    }
    kept, sums = 0, dict.fromkeys(columns, 0.0)
    for row in rows[1:]:
        ids = cell(row, "majority protein ids") or cell(row, "protein ids")
        if (
            not ids
            or re.fullmatch(r"[\d;]+", ids)  # the rest of a row that a spreadsheet broke
            or ids.startswith("REV__")
            or cell(row, "reverse") == "+"
            or cell(row, "only identified by site") == "+"
        ):
            continue
        kept += 1
        for run, i in columns.items():
            value = float(row[i] or "nan")
            sums[run] += 0 if math.isnan(value) else value
    return kept, sums


@pytest.mark.parametrize(
    ("file", "prefix", "groups", "runs"),
    [
        ("formats/maxquant/ProtE_proteinGroups.txt", "Intensity", 85, 8),
        ("formats/maxquant/alphapeptstats_proteinGroups.txt", "Intensity", 802, 10),
        ("formats/maxquant/lfqanalyst_proteinGroups.txt", "Intensity", 1424, 15),
        ("formats/maxquant/msstatsconvert_proteinGroups.csv", "Intensity", 4, 15),
        ("formats/maxquant/protdata_proteinGroups.txt", "Intensity", 269, 2),
        ("formats/maxquant/wrProteo_proteinGroupsMaxQuant1.txt.gz", "LFQ intensity", 302, 9),
        ("formats/maxquant/wrProteo_pxd001819_proteinGroups.txt.gz", "LFQ intensity", 1084, 27),
        ("studies/breast_exosome/proteinGroups.csv", "Intensity", 866, 12),
        ("studies/candida_ev/proteinGroups.txt", "Intensity", 1968, 8),
        ("studies/hela_fractions/DDA_Borner_short.txt", "Intensity", 1990, 21),
    ],
)
def test_real_tables(shared_data: Path, file: str, prefix: str, groups: int, runs: int) -> None:
    result = readers.read(InputSpec("main", shared_data / file, organism="human"))
    frame = result.proteins
    kept, sums = counted(shared_data / file, prefix)
    assert kept == groups == frame["protein_group"].nunique()
    assert len(sums) == runs and set(sums) == set(frame["run"])
    assert len(frame) == groups * runs  # one row per group and run, measured or not
    measured = frame.groupby("run")["intensity"].sum()
    assert {run: pytest.approx(total, rel=1e-12) for run, total in sums.items()} == measured.to_dict()
    assert set(frame["contaminant"]) <= set(tables.CONTAMINANT_CLASSES)
    assert set(frame["evidence"]) <= set(tables.EVIDENCE_KINDS)
    assert not frame["accessions"].str.contains("CON__|REV__").any()


def test_real_contaminants(shared_data: Path) -> None:
    spec = InputSpec("main", shared_data / "formats/maxquant/alphapeptstats_proteinGroups.txt", organism="human")
    frame = readers.read(spec).proteins.drop_duplicates("protein_group").set_index("accessions")
    albumin = frame[frame.index.str.startswith("P02768")]
    assert albumin["contaminant"].tolist() == ["serum"]
    assert (frame["contaminant"] != "none").sum() >= 29  # MaxQuant marks 31, two of them identified by site or decoys
    counts = readers.read(spec).warnings
    assert {w["code"]: w["count"] for w in counts}["decoys_removed"] == 13


def test_the_breast_study(shared_data: Path) -> None:
    result = readers.read(InputSpec("main", shared_data / "studies/breast_exosome/proteinGroups.csv", organism="human"))
    frame = result.proteins
    run = frame[frame["run"] == "07_MDA_1_A"].set_index("genes")
    assert run.loc["CD9", "evidence"] == "ms2" and run.loc["CD9", "peptides"] > 0
    assert "CD63" not in run.index and "ALB" not in run.index
    assert {"no_decoys", "no_contaminants"} <= {w["code"] for w in result.warnings}


def test_speed(shared_data: Path) -> None:
    import time

    spec = InputSpec("main", shared_data / "studies/breast_exosome/proteinGroups.csv", organism="human")
    readers.read(spec)
    start = time.process_time()
    readers.read(spec)
    assert time.process_time() - start < 1.5
