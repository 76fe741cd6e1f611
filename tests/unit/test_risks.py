"""The five risks: what is found, what was not searched, how strong the evidence is, and what is never claimed."""

from __future__ import annotations

import math
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sevident import panels, tables
from sevident.release import organisms, risk_items, risks
from sevident.release.risks import organism_strength, panel_strength
from sevident.samples import read_samples

SHEET = "sample\trole\tlot\nx\tpreparation\tL1\nq\tqualified_reference\tL2\nmedium\tconditioned_medium\t\n"
USED = [i.key for i in (*risk_items.PANELS, *risk_items.DISTRIBUTION)] + ["risk_coagulation", "risk_ps_binders"]


@pytest.fixture(scope="module")
def registry() -> panels.Registry:
    return panels.load()


class Study:
    """Tables of a study in which nothing was found; tests put in what they look for."""

    def __init__(self, registry: panels.Registry, folder: Path) -> None:
        path = folder / "samples.tsv"
        path.write_text(SHEET, encoding="utf-8")
        self.sheet = read_samples(path, ["main"])
        self.index = registry.index
        self.counts = registry.members["panel"].value_counts()
        self.families = {(s, p): self.family(s, p) for s in ("x", "q") for p in USED}
        self.markers: list[dict] = []
        self.abundance: list[dict] = []
        self.species: list[dict] = []
        self.scores = [{"sample": s} for s in ("x", "q")]
        self.compartments: list[dict] = []
        self.lots: list[dict] = []
        self.comparability: list[dict] = []
        self.searched: dict[str, frozenset[str]] = {"main": frozenset({"human"})}

    def family(self, sample: str, panel: str) -> dict:
        members = int(self.counts[panel])
        return {
            **{"sample": sample, "panel": panel, "members": members, "detected": 0, "not_detected": members},
            **{"not_searched": 0, "not_assessable": 0, "mass_fraction": 0.0, "matched_only": 0},
        }

    def found(self, panel: str, *genes: str, share: float, matched_only: int = 0) -> None:
        row = self.families["x", panel]
        row |= {"detected": len(genes), "not_detected": row["members"] - len(genes), "mass_fraction": share}
        row["matched_only"] = matched_only
        self.markers += [{"sample": "x", "panel": panel, "gene": g, "status": "detected"} for g in genes]

    def group(self, name: str, organism: str, contaminant: str = "none", share: float | None = 0.001) -> None:
        row = {"sample": "x", "protein_group": name, "organism": organism, "contaminant": contaminant}
        self.abundance.append(row | {"genes": "", "mass_fraction": share, "peptides": 2})

    def assess(self, organism: str = "human") -> pd.DataFrame:
        return risks.assess(
            self.sheet,
            self.index,
            self.searched,
            organism,
            scores=tables.conform(pd.DataFrame(self.scores), tables.SCORES),
            families=tables.conform(pd.DataFrame(list(self.families.values())), tables.FAMILIES),
            compartments=tables.conform(pd.DataFrame(self.compartments), tables.COMPARTMENTS),
            markers=tables.conform(pd.DataFrame(self.markers), tables.MARKERS),
            abundance=tables.conform(pd.DataFrame(self.abundance), tables.ABUNDANCE),
            species=tables.conform(pd.DataFrame(self.species), tables.SPECIES),
            lots=tables.conform(pd.DataFrame(self.lots), tables.LOTS),
            comparability=tables.conform(pd.DataFrame(self.comparability), tables.COMPARABILITY),
        )

    def row(self, item: str, sample: str = "x", organism: str = "human") -> pd.Series:
        table = self.assess(organism)
        own = table[table["item"].eq(item) & table["sample"].eq(sample)]
        assert len(own) == 1
        return own.iloc[0]


@pytest.fixture
def study(registry: panels.Registry, tmp_path: Path) -> Study:
    return Study(registry, tmp_path)


def test_all_five_risks_for_every_preparation_and_for_the_study(study: Study) -> None:
    table = study.assess()
    assert set(table["risk"]) == set(tables.RISK_KINDS)
    assert set(table["sample"]) == {"x", "q", ""}
    assert set(table.loc[table["sample"].eq(""), "risk"]) == {"variability"}
    assert not table.duplicated(["sample", "risk", "item"]).any()
    assert set(table["status"]) <= set(tables.RISK_STATUSES)
    assert set(table["strength"]) <= {"none", "weak", "moderate", "strong"}
    for column in ("title", "text", "limits", "source"):
        assert (table[column] != "").all(), column
    # nothing found is never evidence
    assert set(table.loc[table["status"].ne("found"), "strength"]) == {"none"}


def test_no_sentence_claims_anything_clinical(study: Study) -> None:
    table = study.assess()
    text = " ".join(table["text"]) + " ".join(table["limits"])
    for word in ("safe to", "is safe", "is unsafe", "patient", "toxic", "dangerous", "harmless"):
        assert word not in text, word


# ---------------------------------------------------------------- infection


def test_what_was_not_searched_is_said_and_not_called_absent(study: Study) -> None:
    table = study.assess().set_index(["sample", "item"])
    for item in ("virus", "mycoplasma", "bacteria", "fungi", "xenogeneic_protein"):
        assert table.loc[("x", item), "status"] == "not_searched"
        assert math.isnan(table.loc[("x", item), "value"])


def test_searched_and_not_found(study: Study) -> None:
    study.searched = {"main": frozenset({"human", "Mesomycoplasma hyorhinis", "Human adenovirus 5"})}
    row = study.row("mycoplasma")
    assert (row["status"], row["value"]) == ("not_found", 0)
    assert "Mesomycoplasma hyorhinis" in row["text"]
    assert study.row("virus")["status"] == "not_found"
    assert study.row("bacteria")["status"] == "not_searched"
    assert "no mycoplasma test" in row["limits"]


@pytest.mark.parametrize(("groups", "strength"), [(1, "weak"), (2, "moderate"), (5, "strong")])
def test_mycoplasma_found(study: Study, groups: int, strength: str) -> None:
    for i in range(groups):
        study.group(f"P{i}", "Mycoplasma hyorhinis", share=1e-6)
    row = study.row("mycoplasma")
    assert (row["status"], row["strength"]) == ("found", strength)
    assert f"{groups} of Mycoplasma hyorhinis" in row["text"]
    assert row["detected"].split(";") == [f"P{i}" for i in range(groups)]
    assert study.row("mycoplasma", "q")["status"] == "not_searched"


def test_groups_of_many_organisms_do_not_add_up_to_one() -> None:
    assert organism_strength({"Staphylococcus aureus": 1, "Bacillus subtilis": 1, "Escherichia coli": 1}) == "weak"
    assert organism_strength({}) == "none"


def test_reagents_shared_and_own_groups_are_no_infection(study: Study) -> None:
    study.group("trypsin", "pig", contaminant="process")
    study.group("lysC", "Lysobacter enzymogenes", contaminant="process")
    study.group("actin", "human;Staphylococcus aureus")
    study.group("ALB", "bovine")
    study.group("unknown", "")
    study.group("faint", "Candida albicans", share=None)
    table = study.assess().set_index(["sample", "item"])
    for item in ("bacteria", "fungi", "xenogeneic_protein", "other_organism"):
        assert table.loc[("x", item), "status"] == "not_searched", item


def test_an_organism_of_no_known_genus_is_kept(study: Study) -> None:
    study.group("P1", "Tobacco hornworm")
    row = study.row("other_organism")
    assert (row["status"], row["strength"]) == ("found", "weak")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Human immunodeficiency virus 1", "virus"),
        ("Bovine viral diarrhea virus", "virus"),
        ("Enterobacteria phage T4", "virus"),
        ("Acholeplasma laidlawii", "mycoplasma"),
        ("Mycoplasmopsis arginini", "mycoplasma"),
        ("Staphylococcus aureus", "bacteria"),
        ("[Clostridium] symbiosum", "bacteria"),
        ("Candida albicans", "fungi"),
        ("yeast", "fungi"),
        ("mouse", "animal"),
        ("Oryctolagus cuniculus", "animal"),
        ("Arabidopsis thaliana", "other"),
        ("", "other"),
    ],
)
def test_kinds_of_organisms(name: str, kind: str) -> None:
    assert organisms.kind(name) == kind


def test_searched_organisms_come_from_the_table_and_the_database(tmp_path: Path) -> None:
    columns = {
        "input": ["main", "main", "main", "second"],
        "organism": ["human", "pig", "human;Candida albicans", "mouse"],
        "contaminant": ["none", "process", "none", "none"],
    }
    path = tmp_path / "proteins.parquet"
    pq.write_table(pa.table(columns), path)
    fasta = tmp_path / "db.fasta"
    fasta.write_text(
        ">sp|P21926|CD9_HUMAN CD9 antigen OS=Homo sapiens OX=9606 GN=CD9\nMK\n"
        ">sp|P0A6F5|CH60_MYCHY Chaperonin OS=Mesomycoplasma hyorhinis OX=2100\nMK\n"
        ">sp|P00761|TRYP_PIG Trypsin OS=Sus scrofa OX=9823\nMK\n"
        ">sp|P0C1U8|SSPA_STAAU Glutamyl endopeptidase OS=Staphylococcus aureus OX=1280\nMK\n",
        encoding="utf-8",
    )
    found = organisms.searched(path, [{"name": "main", "fasta": str(fasta)}, {"name": "second", "fasta": None}])
    assert found["main"] == {"human", "Candida albicans", "Mesomycoplasma hyorhinis"}
    assert found["second"] == {"mouse"}


# ---------------------------------------------------------------- immune reaction


@pytest.mark.parametrize(
    ("share", "status", "strength"),
    [(0.0, "not_found", "none"), (0.0005, "found", "weak"), (0.005, "found", "moderate"), (0.02, "found", "strong")],
)
def test_bovine_protein_by_its_apportioned_share(study: Study, share: float, status: str, strength: str) -> None:
    study.species = [{"sample": "x", "species": "bovine", "status": "searched", "apportioned_share": share}]
    row = study.row("bovine_protein")
    assert (row["status"], row["strength"], row["value"]) == (status, strength, share)


def test_bovine_protein_that_was_not_searched_has_an_upper_bound_at_most(study: Study) -> None:
    assert study.row("bovine_protein")["status"] == "not_searched"
    study.species = [{"sample": "x", "species": "bovine", "status": "not_searched", "shared_share": 0.3}]
    row = study.row("bovine_protein")
    assert (row["status"], row["high"]) == ("not_searched", 0.3)
    assert math.isnan(row["value"])
    assert "At most 30%" in row["text"]
    assert study.row("bovine_protein", organism="bovine")["status"] == "not_assessable"


def test_protein_of_other_animals(study: Study) -> None:
    study.group("P1", "mouse", share=0.02)
    assert study.row("xenogeneic_protein")["status"] == "found"
    assert study.row("xenogeneic_protein", organism="mouse")["status"] == "not_found"  # human was searched


@pytest.mark.parametrize(
    ("detected", "share", "matched", "strength"),
    [
        (0, 0.0, False, "none"),
        (1, 0.5, False, "weak"),
        (5, 0.0009, False, "weak"),
        (2, 0.001, False, "moderate"),
        (2, 0.5, False, "moderate"),
        (3, 0.01, False, "strong"),
        (3, 0.01, True, "weak"),
        (3, math.nan, False, "weak"),
    ],
)
def test_strength_of_a_panel(detected: int, share: float, matched: bool, strength: str) -> None:
    assert panel_strength(detected, share, matched_only=matched) == strength


def test_panels_name_what_was_seen_with_panel_and_source(study: Study) -> None:
    study.found("risk_hla", "HLA-A", "B2M", "HLA-DRA", share=0.02)
    row = study.row("hla")
    assert (row["status"], row["strength"], row["value"], row["panel"]) == ("found", "strong", 0.02, "risk_hla")
    assert row["detected"] == "B2M;HLA-A;HLA-DRA"
    assert "3 of 12 detected" in row["text"]
    assert "Thery 2018" in row["source"]
    assert study.row("complement")["status"] == "not_found"


def test_members_seen_by_matching_alone_are_weak(study: Study) -> None:
    study.found("risk_hla", "HLA-A", "B2M", "HLA-DRA", share=0.02, matched_only=3)
    assert study.row("hla")["strength"] == "weak"


def test_absence_is_three_things(study: Study) -> None:
    study.families["x", "misev_5a"] |= {"not_detected": 0, "not_searched": 23}
    study.families["x", "risk_costimulation"] |= {"not_detected": 0, "not_assessable": 3}
    del study.families["x", "risk_adhesion"]
    assert study.row("cytokines")["status"] == "not_searched"
    assert study.row("costimulation")["status"] == "not_assessable"
    assert study.row("adhesion")["status"] == "not_assessable"
    assert study.row("proteases")["status"] == "not_found"


# ---------------------------------------------------------------- other components


@pytest.mark.parametrize(
    ("factor", "binders", "strength"),
    [
        ((), (), "none"),
        (("TFPI",), (), "weak"),
        ((), ("ANXA5",), "weak"),
        (("F3",), (), "moderate"),
        (("F3",), ("ANXA5", "MFGE8"), "strong"),
    ],
)
def test_tissue_factor_counts_with_binders_of_phosphatidylserine(
    study: Study, factor: tuple, binders: tuple, strength: str
) -> None:
    if factor:
        study.found("risk_coagulation", *factor, share=1e-5)
    if binders:
        study.found("risk_ps_binders", *binders, share=1e-2)
    row = study.row("tissue_factor")
    assert row["strength"] == strength
    assert row["status"] == ("found" if factor or binders else "not_found")
    assert ("F3) was not detected" in row["text"]) is (strength == "weak")
    assert "Silachev" in row["source"]


@pytest.mark.parametrize(
    ("score", "strength"),
    [((0.9, 0.8, 0.95), "none"), ((0.6, 0.4, 0.8), "weak"), ((0.4, 0.2, 0.6), "moderate"), ((0.2, 0.1, 0.4), "strong")],
)
def test_soluble_protein_by_the_purity_score(study: Study, score: tuple, strength: str) -> None:
    value, low, high = score
    study.scores[0] |= {"purity_soluble": value, "purity_soluble_low": low, "purity_soluble_high": high}
    study.compartments = [{"sample": "x", "compartment": "serum", "mass_fraction": 0.25}]
    row = study.row("soluble_protein")
    assert (row["strength"], row["value"], row["low"], row["high"]) == (strength, *score)
    assert "serum 25%" in row["text"]
    assert study.row("soluble_protein", "q")["status"] == "not_assessable"


def test_platelet_proteins_carry_the_caveat_of_platelet_lysate(study: Study) -> None:
    study.found("platelet", "PF4", "PPBP", "ITGA2B", share=0.02)
    row = study.row("platelet_proteins")
    assert row["strength"] == "strong"
    assert "Human platelet lysate" in row["limits"]
    assert "Bianchetti 2021" in row["source"]


# ---------------------------------------------------------------- variability and distribution


def lot_rows(wide: int, narrow: int) -> list[dict]:
    spread = [1.0] * wide + [0.1] * narrow
    base = {"level": "study", "kind": "family", "unit": "log2", "lots": 6}
    return [base | {"quantity": f"q{i}", "title": f"Q{i}", "sd_between": s} for i, s in enumerate(spread)]


@pytest.mark.parametrize(
    ("wide", "narrow", "strength"), [(0, 20, "none"), (1, 19, "weak"), (2, 18, "moderate"), (10, 10, "strong")]
)
def test_variation_between_lots(study: Study, wide: int, narrow: int, strength: str) -> None:
    study.lots = lot_rows(wide, narrow)
    row = study.row("between_lots", "")
    assert row["strength"] == strength
    assert f"{wide} of 20 quantities vary between 6 lots" in row["text"]


def test_without_lots_and_processes_variability_is_not_tested(study: Study) -> None:
    table = study.assess()
    assert set(table.loc[table["risk"].eq("variability"), "status"]) == {"not_tested"}


@pytest.mark.parametrize(("out", "strength"), [(0, "none"), (1, "moderate"), (2, "strong")])
def test_lots_out_of_control(study: Study, out: int, strength: str) -> None:
    study.lots = [
        {"level": "lot", "lot": f"L{i}", "quantity": "q", "status": "out_of_control" if i < out else "in_control"}
        for i in range(6)
    ]
    row = study.row("lots_out_of_control", "")
    assert (row["strength"], row["value"]) == (strength, out)


@pytest.mark.parametrize(
    ("result", "status", "strength"),
    [
        ("equivalent", "not_found", "none"),
        ("different", "found", "strong"),
        ("inconclusive", "not_assessable", "none"),
    ],
)
def test_comparability_of_processes(study: Study, result: str, status: str, strength: str) -> None:
    base = {"process_a": "old", "process_b": "new"}
    study.comparability = [
        base | {"kind": "overall", "quantity": "overall", "result": result},
        base | {"kind": "family", "quantity": "escrt", "result": "different"},
    ]
    row = study.row("processes", "")
    assert (row["status"], row["strength"]) == (status, strength)
    assert row["text"] == f"old against new: 1 {result}."


def test_distribution_is_exploratory_and_never_strong(study: Study) -> None:
    study.found("risk_distribution", "ITGA6", "ITGB4", "ITGAV", share=0.5)
    row = study.row("organ_integrins")
    assert row["strength"] == "weak"
    assert "Both halves seen of ITGA6/ITGB4 (lung)." in row["text"]
    assert "liver" not in row["text"]
    assert row["limits"].startswith("Exploratory")
    assert "Hoshino 2015" in row["source"]


def test_every_item_belongs_to_a_risk_and_a_panel(registry: panels.Registry) -> None:
    known = set(registry.index["panel"])
    for item in (*risk_items.PANELS, *risk_items.DISTRIBUTION, risk_items.TISSUE_FACTOR_ITEM):
        assert item.key in known
        assert item.risk in tables.RISK_KINDS
        assert item.limits
    used = [i.key for i in (*risk_items.PANELS, *risk_items.DISTRIBUTION)]
    assert len(used) == len(set(used))
