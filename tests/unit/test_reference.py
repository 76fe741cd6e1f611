"""The labelled studies, their gene symbols, and the class statistics derived from them."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sevident.errors import InputError
from sevident.reference import annotation, labelled, statistics
from sevident.reference.labelled import LABEL_COLUMNS, Labelled

HEADER = "\t".join(LABEL_COLUMNS)


def write_study(root: Path, name: str, file: str, text: str) -> None:
    (root / name).mkdir(parents=True, exist_ok=True)
    (root / name / file).write_text(text, encoding="utf-8")


def labels_of(root: Path, *rows: tuple[str, ...]) -> Path:
    path = root / "samples.tsv"
    path.write_text("\n".join([HEADER, *("\t".join(row) for row in rows)]) + "\n", encoding="utf-8")
    return path


def row(study: str, column: str, sample_class: str, file: str = "t.tsv", scale: str = "linear", gene: str = "Gene"):
    return (study, file, column, sample_class, "g", "human", scale, "", gene, study)


@pytest.fixture
def small(tmp_path: Path) -> tuple[Path, Path]:
    """Two tiny studies: FragPipe-like with contaminants, and log2 with lists, dates, synonyms and a mark in front."""
    write_study(
        tmp_path,
        "one",
        "t.tsv",
        "Protein\tProtein ID\tGene\tOrganism\tEV 1\tCM 1\n"
        "sp|O00560|SDCBP_HUMAN\tO00560\tSDCBP\tHomo sapiens\t30\t0\n"
        "sp|P02768|ALBU_HUMAN\tP02768\tALB\tHomo sapiens\t10\t50\n"
        "sp|Q15019|SEPT2_HUMAN\tQ15019\tSEPTIN2\tHomo sapiens\t20\t25\n"
        "sp|P02769|ALBU_BOVIN\tP02769\tALB\tBos taurus\t40\t25\n"
        "contam_sp|P00761|TRYP_PIG\tP00761\t\tSus scrofa\t900\t900\n"
        "contam_sp|P04264|K2C1_HUMAN\tP04264\tKRT1\tHomo sapiens\t900\t900\n"
        "rev_sp|O00560|SDCBP_HUMAN\tO00560\tSDCBP\tHomo sapiens\t900\t900\n",
    )
    write_study(
        tmp_path,
        "two",
        "t.csv",
        "﻿Majority protein IDs;Gene names;LFQ a;LFQ b\nO00560;SDCBP SYCL;3;0\nQ15019-2,Q15019;2-Sep;3;4\n".replace(
            ",", "|"
        )
        + "P02768|CON__P02768-1;ALB;2;\n"
        + "REV__P02768;;9;9\n",
    )
    labels = labels_of(
        tmp_path,
        row("one", "EV 1", "sev"),
        row("one", "CM 1", "secretome"),
        row("two", "LFQ a", "sev", "t.csv", "log2", "Gene names"),
        row("two", "LFQ b", "lysate", "t.csv", "log2", "Gene names"),
    )
    return labels, tmp_path


def test_small_studies_give_fractions_of_the_untouched_sum(small):
    data = labelled.load(*small)
    # 30 of 100: bovine albumin counts in the sum and is no gene row; trypsin, keratin and the decoy count nowhere
    assert data.fractions.loc["SDCBP", "one/EV 1"] == pytest.approx(0.3)
    assert data.fractions.loc["ALB", "one/EV 1"] == pytest.approx(0.1)
    assert "KRT1" not in data.fractions.index
    assert math.isnan(data.fractions.loc["SDCBP", "one/CM 1"])
    # log2: 8 of 20, and a zero is missing
    assert data.fractions.loc["SDCBP", "two/LFQ a"] == pytest.approx(8 / 20)
    assert math.isnan(data.fractions.loc["SDCBP", "two/LFQ b"])
    # the date that a spreadsheet made of SEPT2 is undone by the accession
    assert data.fractions.loc["SEPTIN2", "two/LFQ a"] == pytest.approx(8 / 20)


def test_classes_and_counts_of_what_was_left_out(small):
    data = labelled.load(*small)
    classes = data.samples.set_index("sample_id")["sample_class"].to_dict()
    assert classes == {
        "one/EV 1": "small_ev",
        "one/CM 1": "secretome",
        "two/LFQ a": "small_ev",
        "two/LFQ b": "cell_debris",
    }
    counts = {(w["subject"], w["code"]): w["count"] for w in data.warnings}
    assert counts["one/t.tsv", "decoy_rows"] == 1
    assert counts["one/t.tsv", "process_rows"] == 2
    assert counts["one/t.tsv", "bovine_rows"] == 1
    assert counts["two/t.csv", "decoy_rows"] == 1


def test_the_order_of_labels_and_rows_does_not_matter(small, tmp_path):
    labels, studies = small
    expected = labelled.load(labels, studies)
    lines = labels.read_text(encoding="utf-8").splitlines()
    turned = tmp_path / "turned.tsv"
    turned.write_text("\n".join([lines[0], *reversed(lines[1:])]) + "\n", encoding="utf-8")
    table = (studies / "one" / "t.tsv").read_text(encoding="utf-8").splitlines()
    write_study(studies, "one", "t.tsv", "\n".join([table[0], *reversed(table[1:])]) + "\n")
    again = labelled.load(turned, studies)
    pd.testing.assert_frame_equal(again.fractions, expected.fractions)
    pd.testing.assert_frame_equal(again.samples, expected.samples)
    pd.testing.assert_frame_equal(again.proteins, expected.proteins)


def test_every_unresolved_column_is_named_at_once(small):
    labels, studies = small
    labels = labels_of(studies, row("one", "EV 9", "sev"), row("one", "Medium", "secretome"), row("one", "CM 1", "sev"))
    with pytest.raises(InputError) as error:
        labelled.load(labels, studies)
    assert "2 labelled columns" in str(error.value)
    assert "EV 9" in str(error.value) and "Medium" in str(error.value)


def test_case_and_spaces_of_a_column_are_forgiven_unless_ambiguous():
    assert labelled.resolve_columns(["VLDL 004"], [" vldl  004", "x"]) == ([" vldl  004"], [])
    assert labelled.resolve_columns(["a"], ["A", "a "]) == ([], ["a"])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"sample_class": "exosome"}, "classes that are not known"),
        ({"scale": "ln"}, "scale of a labelled study"),
        ({"gene_column": "Symbol"}, "gene column is not in the table"),
        ({"file": "none.tsv"}, "lacks a file"),
        ({"column": "Gene"}, "not a number"),
    ],
)
def test_labels_that_cannot_be_used_are_refused(small, change, message):
    _, studies = small
    values = dict(zip(LABEL_COLUMNS, row("one", "EV 1", "sev"), strict=True)) | change
    labels = labels_of(studies, tuple(values[c] for c in LABEL_COLUMNS))
    with pytest.raises(InputError, match=message):
        labelled.load(labels, studies)


def test_a_sample_labelled_twice_is_refused(small):
    _, studies = small
    labels = labels_of(studies, row("one", "EV 1", "sev"), row("one", "EV 1", "lysate"))
    with pytest.raises(InputError, match="labelled twice"):
        labelled.load(labels, studies)


def test_a_label_table_without_its_columns_is_refused(tmp_path):
    path = tmp_path / "samples.tsv"
    path.write_text("study\tfile\n", encoding="utf-8")
    with pytest.raises(InputError, match="lacks columns"):
        labelled.load(path, tmp_path)


def test_urine_is_no_serum(tmp_path):
    write_study(tmp_path, "urine", "t.tsv", "Gene\tu\nALB\t1\n")
    data = labelled.load(labels_of(tmp_path, row("urine", "u", "source_fluid")), tmp_path)
    assert data.samples["sample_class"].tolist() == ["other_fluid"]


def annotated(**columns: list[str]) -> annotation.Annotation:
    table = pd.DataFrame({k.replace("_", " "): v for k, v in columns.items()}, dtype="str")
    return annotation.annotate(table, "Gene names", "human", "test")


def test_of_a_list_the_first_symbol_counts_that_stands_alone_somewhere():
    one = annotated(Majority_protein_IDs=["P04406"], Gene_names=["GAPDH"])
    two = annotated(Majority_protein_IDs=["V9HVZ4"], Gene_names=["HEL-S-162eP;GAPDH"])
    assert annotation.harmonise([one, two])[1].tolist() == ["GAPDH"]


def test_an_old_symbol_takes_the_current_one_of_its_accession():
    old = annotated(Majority_protein_IDs=["Q9ZZZ9"], Gene_names=["OLDNAME1"])
    new = annotated(Majority_protein_IDs=["Q9ZZZ9"], Gene_names=["NEWNAME1"])
    plain = annotated(Gene_names=["OLDNAME1"])
    for symbols in annotation.harmonise([old, new, new, plain]):
        assert symbols.tolist() == ["NEWNAME1"]


def test_lists_do_not_vote_on_symbols():
    group = annotated(Majority_protein_IDs=["P15085;P15086"], Gene_names=["CPA1;CPB1"])
    own = annotated(Majority_protein_IDs=["P15086", "P15085"], Gene_names=["CPB1", "CPA1"])
    assert annotation.harmonise([group, own])[0].tolist() == ["CPA1"]


def test_human_albumin_beside_its_contaminant_entry_is_an_analyte():
    found = annotated(
        Majority_protein_IDs=["P02768;CON__P02768-1", "CON__P02769", "P04264;CON__P04264", "REV__P02768"],
        Gene_names=["ALB", "", "KRT1", ""],
        Potential_contaminant=["+", "+", "+", ""],
    )
    assert found.kind.tolist() == ["analyte", "process", "process", "decoy"]


def synthetic(values: dict[str, dict[str, list[float]]], classes: dict[str, str]) -> Labelled:
    """Labelled samples of one class from study -> gene -> values; each study is one search."""
    columns, samples = {}, []
    for study, genes in values.items():
        count = len(next(iter(genes.values())))
        for i in range(count):
            columns[f"{study}/{i}"] = {g: v[i] for g, v in genes.items()}
            samples.append((f"{study}/{i}", study, study, classes[study], "sev", study, False))
    names = ["sample_id", "study", "laboratory", "sample_class", "subclass", "search", "imputed"]
    table = pd.DataFrame(samples, columns=names)
    table["subclass"] = table["sample_class"].map({"small_ev": "small_ev", "cell_debris": "lysate"})
    fractions = pd.DataFrame(columns).sort_index().rename_axis("gene")
    found = fractions.notna()
    assessable = found.T.groupby(table["search"].to_numpy()).any().T
    return Labelled(table, fractions, assessable, pd.DataFrame(), [])


NAN = float("nan")


def test_studies_weigh_the_same_whatever_their_size():
    data = synthetic(
        {"a": {"G": [1e-2] * 30}, "b": {"G": [1e-4, NAN]}, "c": {"G": [1e-3, 1e-3]}},
        {"a": "small_ev", "b": "small_ev", "c": "small_ev"},
    )
    got = statistics.class_statistics(data).set_index("gene").loc["G"]
    assert got["median_log10"] == pytest.approx(-3)
    assert got["detection"] == pytest.approx((1 + 0.5 + 1) / 3)
    assert got["sd_between"] == pytest.approx(np.std([-2, -4, -3], ddof=1))
    assert got["typical_fraction"] == pytest.approx(1e-3)


def test_what_a_study_never_found_counts_neither_way():
    """Albumin that authors removed is not an absence."""
    data = synthetic(
        {
            "a": {"ALB": [NAN, NAN], "G": [0.1, 0.1]},
            "b": {"ALB": [0.1, NAN], "G": [0.1, 0.1]},
            "c": {"ALB": [0.1, 0.1], "G": [0.1, 0.1]},
        },
        {"a": "small_ev", "b": "small_ev", "c": "small_ev"},
    )
    got = statistics.class_statistics(data).set_index("gene").loc["ALB"]
    assert (got["studies"], got["studies_assessable"], got["studies_detected"]) == (3, 2, 2)
    assert got["detection"] == pytest.approx(0.75)
    assert got["samples_assessable"] == 4


def test_found_in_the_search_but_not_in_the_class_counts_as_absent():
    values = {"a": {"G": [0.1, 0.1]}, "b": {"G": [0.1, NAN]}}
    data = synthetic(values, {"a": "small_ev", "b": "small_ev"})
    # the second sample of b is a lysate of the same search; its absence there counts
    data.samples.loc[data.samples["sample_id"].eq("b/1"), ["sample_class", "subclass"]] = ["cell_debris", "lysate"]
    got = statistics.class_statistics(data)
    assert got.loc[got["sample_class"].eq("small_ev"), "detection"].tolist() == [1.0]
    assert got.loc[got["sample_class"].eq("cell_debris")].empty


def test_a_gene_of_one_study_needs_enough_samples():
    data = synthetic(
        {
            "a": {"RARE": [0.1, *[NAN] * 7], "OFTEN": [0.1] * 4 + [NAN] * 4, "BOTH": [0.1] * 8},
            "b": {"RARE": [NAN], "OFTEN": [NAN], "BOTH": [0.1]},
        },
        {"a": "small_ev", "b": "small_ev"},
    )
    assert statistics.class_statistics(data)["gene"].tolist() == ["BOTH", "OFTEN"]


def test_a_study_without_a_source_is_refused():
    with pytest.raises(InputError, match="no source"):
        statistics.source_of("my_study")


@pytest.fixture(scope="module")
def public(studies: Path) -> Labelled:
    return labelled.load(studies / "samples.tsv", studies)


@pytest.mark.shared
class TestPublicStudies:
    def test_every_labelled_sample_is_there_with_its_class(self, public, studies):
        sheet = pd.read_csv(studies / "samples.tsv", sep="\t", dtype="str", keep_default_na=False)
        assert len(public.samples) == len(sheet)
        assert list(public.fractions.columns) == public.samples["sample_id"].tolist()
        expected = sheet["sample_class"].value_counts()
        counts = public.samples["sample_class"].value_counts()
        assert counts["small_ev"] == expected["sev"]
        assert counts["secretome"] == expected["secretome"]
        assert counts["cell_debris"] == expected["lysate"] + expected["cell_debris"]
        assert counts["unlabelled"] == expected["claimed_ev"] + expected["other"]
        assert counts["serum"] + counts["other_fluid"] == expected["source_fluid"] + expected["lipoprotein"]
        assert counts["other_fluid"] == sheet["study"].eq("urine").sum()

    def test_fractions_are_fractions(self, public):
        assert not public.fractions.le(0).any().any()
        assert public.fractions.sum().max() <= 1 + 1e-9
        assert public.fractions.sum().min() > 0.5
        assert public.fractions.notna().any().all()
        assert public.fractions.index.is_unique and public.fractions.index.is_monotonic_increasing

    @pytest.mark.parametrize(("gene", "seen"), [("SDCBP", (11, 11, 1)), ("CD81", (11, 11, 0)), ("ALB", (0, 0, 0))])
    def test_ascites(self, public, gene, seen):
        """Detection per preparation: U ultracentrifugation, S size exclusion, B the discarded protein-rich fraction."""
        if gene not in public.fractions.index:
            pytest.fail(f"{gene} is in no study")
        counts = []
        for prefix in "USB":
            own = public.fractions.filter(regex=rf"^ascites_ev/{prefix}\d+$")
            assert own.shape[1] == 11
            counts.append(int(own.loc[gene].notna().sum()))
        assert tuple(counts) == seen

    def test_removed_albumin_is_not_assessable(self, public):
        searches = public.samples.drop_duplicates("search").set_index("study")["search"]
        assert not public.assessable.loc["ALB", searches["ascites_ev"]]
        assert not public.assessable.loc["ALB", searches["breast_exosome"]]
        assert not public.assessable.loc["ALB", "msc_secretome:lysate"]
        assert public.assessable.loc["ALB", "plasma_cohort:plasma"]

    def test_imputed_table_is_noticed(self, public):
        assert set(public.samples.loc[public.samples["imputed"], "study"]) == {"bv2_microglia"}

    def test_accessions_and_mouse_symbols_become_human_symbols(self, public):
        mouse = public.fractions.filter(regex="^bv2_microglia/")
        assert mouse.loc["SDCBP"].notna().all()
        assert "GAPDH" in public.fractions.filter(regex="^blood_ev_public/PXD019566").dropna(how="all").index
        assert not [g for g in public.fractions.index if ";" in g or g != g.upper() or g in ("", "NAN")]

    def test_facts_per_protein(self, public):
        facts = public.proteins.set_index("gene")
        assert facts.loc["ALB", ["accession", "entry_name"]].tolist() == ["P02768", "ALBU_HUMAN"]
        assert facts.loc["ALB", "sequence_length"] == 609
        assert facts.loc["CD9", "accession"] == "P21926"

    def test_committed_statistics_are_those_of_the_studies(self, public, checkout):
        """Fails when the code or the studies changed and `sevident reference` was not run."""
        from sevident.tables import to_tsv

        derived = statistics.class_statistics(public)
        folder = checkout / "resources" / "reference"
        assert (folder / "class_statistics.tsv").read_text(encoding="utf-8") == to_tsv(statistics.rounded(derived))
        assert (folder / "proteins.tsv").read_text(encoding="utf-8") == to_tsv(statistics.proteins(public, derived))


@pytest.fixture(scope="module")
def committed(checkout: Path) -> pd.DataFrame:
    return pd.read_csv(checkout / "resources" / "reference" / "class_statistics.tsv", sep="\t", keep_default_na=False)


def test_committed_statistics_look_like_their_classes(committed):
    def top(name: str, count: int) -> set[str]:
        own = committed[committed["sample_class"].eq(name)].sort_values("typical_fraction", ascending=False)
        return set(own["gene"].iloc[:count])

    assert {"ACTB", "HSPA8", "PDCD6IP", "SDCBP", "CD9"} <= top("small_ev", 40)
    assert {"FN1", "SPARC", "THBS1"} <= top("secretome", 40)
    assert {"ALB", "APOA1", "TF", "APOB"} <= top("serum", 40)
    assert {"VIM", "H4C1", "LMNA"} <= top("cell_debris", 40)


def test_committed_provenance_names_every_study_without_machine_paths(checkout, committed):
    text = (checkout / "resources" / "reference" / "provenance.json").read_text(encoding="utf-8")
    facts = json.loads(text)
    assert all(entry["title"] and entry["citation"] for entry in facts["studies"])
    named = {entry["study"] for entry in facts["studies"]}
    for name, entry in facts["classes"].items():
        assert set(entry["studies"]) <= named
        assert entry["genes"] == committed["sample_class"].eq(name).sum()
    assert "/work" not in text and "/tmp" not in text  # noqa: S108
