"""Signs of the source cell: the rules, the panels behind them, and what is never claimed."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest

from sevident import panels, tables
from sevident.release import source_cell
from sevident.release.source_cell import EXPECTED, PANELS, _Seen, assess, sign_of
from sevident.samples import Sample

NEW_PANELS = (
    *("msc_further", "leukocyte", "endothelial", "risk_hla", "risk_costimulation", "risk_complement"),
    *("risk_complement_regulators", "risk_coagulation", "risk_ps_binders", "risk_proteases", "risk_distribution"),
    "risk_adhesion",
)


@pytest.fixture(scope="module")
def registry() -> panels.Registry:
    return panels.load()


@pytest.mark.parametrize(
    ("detected", "absent", "decisive", "expectation", "sign"),
    [
        (3, 0, 3, "present", "for"),
        (2, 2, 0, "present", "for"),
        (1, 1, 1, "present", "neutral"),
        (1, 0, 1, "present", "neutral"),
        (1, 2, 1, "present", "neutral"),
        (0, 3, 0, "present", "against"),
        (0, 1, 0, "present", "not_assessable"),
        (0, 0, 0, "present", "not_assessable"),
        (0, 5, 0, "absent", "for"),
        (0, 1, 0, "absent", "not_assessable"),
        (1, 5, 1, "absent", "neutral"),
        (2, 3, 2, "absent", "against"),
        (3, 3, 1, "absent", "neutral"),
        (1, 0, 1, "absent", "neutral"),
        (4, 0, 4, "none", "neutral"),
        (0, 4, 0, "none", "neutral"),
        (0, 0, 0, "none", "not_assessable"),
    ],
)
def test_the_rules(detected: int, absent: int, decisive: int, expectation: str, sign: str) -> None:
    assert sign_of(_Seen(9, detected, absent, decisive, 0.1), expectation) == sign
    assert sign in tables.CELL_SIGNS


def measured(registry: panels.Registry, sample: str, seen: dict[str, tuple[str, ...]]) -> tuple[pd.DataFrame, ...]:
    """Families and markers of a sample in which ``seen`` was detected and all other members were looked for."""
    families, markers = [], []
    for panel in PANELS:
        genes = registry.members.loc[registry.members["panel"].eq(panel), "gene"].tolist()
        mine = seen.get(panel, ())
        assert set(mine) <= set(genes)
        families.append(
            {
                "sample": sample,
                "panel": panel,
                "members": len(genes),
                "detected": len(mine),
                "not_detected": len(genes) - len(mine),
                "not_searched": 0,
                "not_assessable": 0,
                "mass_fraction": 0.01 * len(mine),
                "best_member": mine[0] if mine else "",
                "best_rank_percentile": 0.4 if mine else None,
            }
        )
        markers += [{"sample": sample, "panel": panel, "gene": g, "status": "detected"} for g in mine]
    return tables.conform(pd.DataFrame(families), tables.FAMILIES), tables.conform(
        pd.DataFrame(markers), tables.MARKERS
    )


def signs(registry: panels.Registry, declared: str, **seen: tuple[str, ...]) -> dict[str, str]:
    samples = [Sample("x", "preparation", "", "", "", "", {}, []), Sample("m", "conditioned_medium", *[""] * 4, {}, [])]
    table, _ = assess(samples, *measured(registry, "x", seen), registry.index, declared)
    assert set(table["sample"]) == {"x"}
    return dict(zip(table["panel"], table["sign"], strict=True))


def test_msc_and_what_speaks_against_them(registry: panels.Registry) -> None:
    pure = signs(registry, "msc", msc_positive=("ENG", "NT5E", "THY1"), msc_further=("CD44", "NRP1"))
    assert set(pure.values()) == {"for"}
    blood = signs(registry, "msc", leukocyte=("PTPRC", "CD53"), platelet=("PF4", "ITGA2B"), erythrocyte=("HBA1",))
    assert (blood["msc_positive"], blood["leukocyte"], blood["platelet"]) == ("against",) * 3
    assert (blood["erythrocyte"], blood["endothelial"]) == ("neutral", "for")


def test_what_serum_or_other_cells_explain_does_not_speak_against_a_source(registry: panels.Registry) -> None:
    serum = {"erythrocyte": ("HBA1", "HBB", "BLVRB"), "leukocyte": ("CD14",), "endothelial": ("PECAM1", "VWF")}
    found = signs(registry, "msc", **serum)
    assert {found[panel] for panel in serum} == {"neutral"}
    assert signs(registry, "msc", erythrocyte=("HBA1", "SLC4A1", "SPTA1"))["erythrocyte"] == "against"
    for panel, genes in source_cell.EXPLAINED.items():
        assert genes <= set(registry.members.loc[registry.members["panel"].eq(panel), "gene"]), panel


def test_case_of_the_declared_source_does_not_matter(registry: panels.Registry) -> None:
    assert signs(registry, " MSC ", msc_positive=("ENG", "NT5E", "THY1"))["msc_positive"] == "for"


@pytest.mark.parametrize(("declared", "code"), [("", "no_source_cell"), ("mcs", "source_cell_unknown")])
def test_without_a_known_source_signs_are_listed_and_not_judged(
    registry: panels.Registry, declared: str, code: str
) -> None:
    frames = measured(registry, "x", {"msc_positive": ("ENG",)})
    table, notes = assess([Sample("x", "preparation", *[""] * 4, {}, [])], *frames, registry.index, declared)
    assert set(table["sign"]) == {"neutral"}
    assert set(table["expectation"]) == {"none"}
    assert [n["code"] for n in notes] == [code]
    if declared:
        assert "did you mean 'msc'" in str(notes[0]["message"])


def test_the_text_says_what_was_seen_and_what_it_is_not(registry: panels.Registry) -> None:
    frames = measured(registry, "x", {"msc_positive": ("ENG", "NT5E"), "platelet": ("PF4", "PPBP")})
    table, _ = assess([Sample("x", "preparation", *[""] * 4, {}, [])], *frames, registry.index, "msc")
    text = dict(zip(table["panel"], table["text"], strict=True))
    assert (
        "2 of 3 members that could have been seen were detected (ENG, NT5E), 2% of the protein mass"
        in (text["msc_positive"])
    )
    assert "flow cytometry" in text["msc_positive"]
    assert "platelet lysate" in text["platelet"]
    assert "platelet lysate" not in text["erythrocyte"]
    assert (table["source"] != "").all()


def test_expectations_name_panels() -> None:
    for expected in EXPECTED.values():
        assert set(expected) <= set(PANELS)
        assert set(expected.values()) <= {"present", "absent"}
    # a source's own panels are never expected to be absent
    assert all(EXPECTED[name].get(name, "present") == "present" for name in EXPECTED)


def test_no_source_cell_word_claims_a_percentage_of_cells() -> None:
    assert "not a percentage of cells" in source_cell.CAVEAT


# ---------------------------------------------------------------- the panels


def test_new_panels_are_exploratory_and_never_score(registry: panels.Registry) -> None:
    index = registry.index.set_index("panel")
    for panel in NEW_PANELS:
        assert index.loc[panel, "axis"] == "exploratory"
        assert index.loc[panel, "group"] in ("source_cell", "risk")
        assert index.loc[panel, "compartment"] == ""
        own = registry.members[registry.members["panel"].eq(panel)]
        assert (own["direction"] == "neutral").all() and (own["weight"] == 0).all()
        assert (own["uniprot_human"] != "").all()


def test_accessions_agree_with_every_other_panel_and_the_reference_proteome(
    registry: panels.Registry, checkout: Path
) -> None:
    with (checkout / "resources" / "reference" / "proteins.tsv").open(encoding="utf-8") as handle:
        known = {r["gene"]: r["uniprot_human"] for r in csv.DictReader(handle, delimiter="\t") if r["uniprot_human"]}
    new = registry.members[registry.members["panel"].isin(NEW_PANELS)]
    other = registry.members[~registry.members["panel"].isin([*NEW_PANELS, *panels.SPECIES_PANELS])]
    elsewhere = dict(zip(other["gene"], other["uniprot_human"], strict=True))
    compared = 0
    for gene, accession in zip(new["gene"], new["uniprot_human"], strict=True):
        for source in (known, elsewhere):
            if source.get(gene):
                assert source[gene] == accession, gene
                compared += 1
    assert compared > 120
    # each gene has one accession, each accession one gene
    pairs = set(zip(new["gene"], new["uniprot_human"], strict=True))
    assert len({g for g, _ in pairs}) == len({a for _, a in pairs}) == len(pairs)


@pytest.mark.shared
def test_accessions_agree_with_what_search_engines_wrote(registry: panels.Registry, studies: Path) -> None:
    genes: dict[str, set[str]] = {}
    for path, key, symbol in (
        (studies / "skin_lysate" / "report.pg_matrix.tsv", "Protein.Group", "Genes"),
        (studies / "plasma_cohort" / "report.pg_matrix.tsv", "Protein.Group", "Genes"),
    ):
        if not path.is_file():
            continue
        table = pd.read_csv(path, sep="\t", usecols=[key, symbol], dtype="str").dropna()
        for accession, gene in zip(table[key], table[symbol], strict=True):
            if ";" not in accession + gene:
                genes.setdefault(accession.split("-")[0], set()).add(gene.upper())
    new = registry.members[registry.members["panel"].isin(NEW_PANELS)]
    compared = {a for a in new["uniprot_human"] if a in genes}
    for gene, accession in zip(new["gene"], new["uniprot_human"], strict=True):
        assert accession not in genes or gene in genes[accession], (gene, accession, genes[accession])
    assert len(compared) >= 30


@pytest.mark.shared
def test_proteases_are_in_the_matrisome(registry: panels.Registry, shared_data: Path) -> None:
    with (shared_data / "references" / "matrisome_hs_masterlist.csv").open(encoding="latin-1") as handle:
        rows = {row["Gene Symbol"]: row for row in csv.DictReader(handle)}
    own = registry.members[registry.members["panel"].eq("risk_proteases")]
    for gene, accession in zip(own["gene"], own["uniprot_human"], strict=True):
        assert rows[gene]["Category"] == "ECM Regulators"
        assert accession in rows[gene]["UniProt_IDs"].split(":")
