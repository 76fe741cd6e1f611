"""Species of peptides: the index with I = L, loads, human-consistent quantities, and databases that do not fit."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sevident import tables
from sevident.cli import RESOURCES
from sevident.errors import InputError
from sevident.quantification import database, ibaq, origin, sequences, species
from sevident.quantification.database import Database, Protein
from sevident.quantification.scan import Source
from sevident.quantify import run


@dataclass(frozen=True)
class Row:
    sample: str
    run: str
    input: str = "main"
    extra: dict[str, str] = field(default_factory=dict)


def held(**proteins: str) -> Database:
    """A database of ``organism_name=SEQUENCE``; the organism ``process`` makes a process contaminant."""
    entries = []
    for name, sequence in proteins.items():
        organism = name.split("_")[0]
        entries.append(Protein(name, "", "" if organism == "unknown" else organism, organism == "process", sequence))
    return Database(tuple(entries))


def features(rows: Sequence[tuple[str, str, str, float]], **columns: object) -> pd.DataFrame:
    """FEATURES of (run, peptide, protein group, intensity)."""
    frame = pd.DataFrame(rows, columns=["run", "peptide", "protein_group", "intensity"])
    return tables.conform(frame.assign(**({"input": "main", "is_decoy": False} | columns)), tables.FEATURES)


def proteins_of(peptides: pd.DataFrame, **organisms: str) -> pd.DataFrame:
    """PROTEINS that are the sums of the peptides; groups not named are human."""
    sums = peptides.groupby(["input", "run", "protein_group"], as_index=False)["intensity"].sum()
    groups = sums["protein_group"]
    return tables.conform(
        sums.assign(
            accessions=groups,
            organism=[organisms.get(g, "human") for g in groups],
            contaminant="none",
            evidence="ms2",
        ),
        tables.PROTEINS,
    )


HUMAN = "MAAGLVEDKTTSELVPKSHAREDPEPTIDEK"
BOVINE = "MAAGIVEDKTTSGLVPKSHAREDQQPTIDEK"
#          shared (I = L)  human-only / bovine-only  shared "SHAR" is short


def test_isoleucine_and_leucine_are_one_and_missed_cleavages_count() -> None:
    words = ["AAGIVEDK", "TTSELVPK", "TTSGLVPK", "MAAGLVEDKTTSELVPK", "TTSEIVPKSHAR", "NOWHEREK"]
    index = species.index(words, held(human_1=HUMAN, bovine_1=BOVINE), "human")
    kinds = dict(zip(index.peptides, index.species, strict=True))
    assert kinds == {
        "AAGIVEDK": "bovine;human",  # after the first methionine, and I = L
        "TTSELVPK": "human",
        "TTSGLVPK": "bovine",
        "MAAGLVEDKTTSELVPK": "human",
        "TTSEIVPKSHAR": "human",
        "NOWHEREK": "",
    }


def test_an_occurrence_that_trypsin_cannot_make_counts_only_without_a_better_one() -> None:
    database = held(human_1="KPEPTLDEKAA", bovine_1="GGGPEPTLDEKAA", bovine_2="AAHALFTRYPTLCAA")
    index = species.index(["PEPTIDEK", "HALFTRYPT"], database, "human")
    # human after K; in the bovine protein after G: no peptide of trypsin. The half-tryptic one occurs in bovine alone.
    assert dict(zip(index.peptides, index.species, strict=True)) == {"PEPTIDEK": "human", "HALFTRYPT": "bovine"}


def test_located_as_by_looking_at_every_place() -> None:
    rng = random.Random(3)  # noqa: S311
    proteins = ["".join(rng.choices("AKRILMGP", k=rng.randint(1, 60))) for _ in range(60)]
    words = sorted({p[i : i + n] for p in proteins for i in range(0, len(p), 3) for n in (6, 7, 9) if len(p) >= i + n})
    found = sequences.locate([*words, "AKRI", "ßßßßßßß", ""], [*proteins, "", "ÄAKRILMG"])
    pairs = set(zip(found.peptide.tolist(), found.protein.tolist(), strict=True))
    expected = set()
    for w, word in enumerate(words):
        plain, places = sequences.equate(word), {}
        for p, protein in enumerate(proteins):
            text = sequences.equate(protein)
            for at in (i for i in range(len(text)) if text.startswith(plain, i)):
                begins = at == 0 or text[at - 1] in "KR" or (at == 1 and text[0] == "M")
                ends = plain[-1] in "KR" or at + len(plain) == len(text)
                places.setdefault(begins and ends, set()).add(p)
        expected |= {(w, p) for p in places.get(True, places.get(False, set()))}
    assert {(w, p) for w, p in pairs if p < len(proteins)} == expected


def analysed(
    peptides: pd.DataFrame, databases: dict[str, Database], further: Database | None = None, **organisms: str
) -> tuple[pd.DataFrame, origin.Origin, dict[str, dict]]:
    rows = [Row(f"s_{run}", run) for run in sorted(peptides["run"].unique())]
    table = proteins_of(peptides, **organisms)
    out = origin.analyse(table, Source(frame=peptides), rows, "human", databases, further)
    return out.table.set_index(["sample", "species"]), out, {str(w["code"]): w for w in out.warnings}


def test_loads_by_hand() -> None:
    peptides = features(
        [
            ("r", "TTSELVPK", "human_1", 30.0),
            ("r", "AAGLVEDK", "human_1", 40.0),  # shared
            ("r", "EDPEPTIDEK", "human_1", 30.0),
            ("r", "TTSGLVPK", "bovine_1", 20.0),
        ]
    )
    table, out, said = analysed(peptides, {"main": held(human_1=HUMAN, bovine_1=BOVINE)}, bovine_1="bovine")
    cow = table.loc[("s_r", "bovine")]
    assert cow["status"] == "searched"
    assert cow["peptides"] == 1
    assert cow["intensity_share"] == pytest.approx(20 / 80)
    assert cow["shared_share"] == pytest.approx(40 / 120)
    # human: TTSELVPK and EDPEPTIDEK of two specific theoretical peptides, 60 / 2; bovine: 20 / 2 (EDQQPTIDEK not seen)
    assert cow["apportioned_share"] == pytest.approx((20 + 40 / 4) / 120)
    assert said["serum_load_bovine"]["count"] == 1
    # of the shared peptide a quarter is taken off the human group, and nothing off the bovine one
    amounts = out.proteins.set_index("protein_group")["intensity"]
    assert amounts["human_1"] == pytest.approx(90.0)
    assert amounts["bovine_1"] == 20.0
    assert said["other_species_taken_off"]["count"] == 1


def test_the_serum_load_is_the_apportioned_share() -> None:
    shares = {"intensity_share": [0.4, 0.1, 0.0], "apportioned_share": [0.2, 0.3, 0.0], "shared_share": 0.5}
    rows = pd.DataFrame({"sample": ["a", "b", "c"], "species": "bovine", "status": "searched", **shares})
    (said,) = origin._remarks(tables.conform(rows, tables.SPECIES), "human")
    assert (said["code"], said["count"]) == ("serum_load_bovine", 2)
    assert "in 2 of 3 samples: 25.0%" in str(said["message"])
    assert "'b' (30.0%)" in str(said["message"])


def test_a_protein_that_species_share_in_full_stays_whole() -> None:
    same = "AAGLVEDKTTSELVPK"
    database = held(human_actin=same, bovine_actin=same, human_1="GGGHHHSSSK", bovine_1="GGGHHHTTTK")
    peptides = features(
        [("r", "AAGLVEDK", "human_actin", 8.0), ("r", "GGGHHHSSSK", "human_1", 1.0), ("r", "GGGHHHTTTK", "b", 1.0)]
    )
    table, out, _ = analysed(peptides, {"main": database}, b="bovine")
    assert out.proteins.set_index("protein_group")["intensity"]["human_actin"] == 8.0
    assert table.loc[("s_r", "bovine"), "apportioned_share"] == 0.5  # what cannot be divided counts for neither


def test_a_human_group_of_bovine_peptides_alone_is_not_measured() -> None:
    peptides = features([("r", "TTSGLVPK", "human_1", 5.0), ("q", "TTSELVPK", "human_1", 5.0)])
    _, out, said = analysed(peptides, {"main": held(human_1=HUMAN, bovine_1=BOVINE)})
    amounts = out.proteins.set_index("run")["intensity"]
    assert np.isnan(amounts["r"])
    assert amounts["q"] == 5.0
    assert said["only_other_species"]["level"] == "warning"
    assert said["only_other_species"]["count"] == 1


def test_not_searched_is_said_and_bounded_by_sequences_that_were_given() -> None:
    peptides = features([("r", "TTSELVPK", "human_1", 30.0), ("r", "AAGLVEDK", "human_1", 10.0)])
    table, out, said = analysed(peptides, {"main": held(human_1=HUMAN)})
    cow = table.loc[("s_r", "bovine")]
    assert cow["status"] == "not_searched"
    assert pd.isna(cow["intensity_share"]) and pd.isna(cow["shared_share"]) and pd.isna(cow["peptides"])
    assert "none were given" in cow["note"]
    assert said["bovine_not_searched"]["count"] == 1
    table, out, said = analysed(peptides, {"main": held(human_1=HUMAN)}, held(bovine_1=BOVINE))
    cow = table.loc[("s_r", "bovine")]
    assert cow["status"] == "not_searched"
    assert pd.isna(cow["intensity_share"])
    assert cow["shared_share"] == pytest.approx(0.25)
    assert "at most 25.0%" in str(said["bovine_not_searched"]["message"])
    assert out.proteins["intensity"].tolist() == [40.0]  # a bound is no measurement; nothing is taken off


def test_bovine_trypsin_is_no_search_for_bovine_serum() -> None:
    peptides = features([("r", "TTSELVPK", "human_1", 3.0), ("r", "GGGHHHSSSK", "trypsin", 100.0)])
    table, _, _ = analysed(peptides, {"main": held(human_1=HUMAN, process_trypsin="GGGHHHSSSK")})
    assert table.loc[("s_r", "bovine"), "status"] == "not_searched"
    assert table.loc[("s_r", "human"), "intensity_share"] == 1.0


def test_contaminants_that_the_engine_searched_on_its_own_speak_by_their_groups() -> None:
    peptides = features([("r", "TTSELVPK", "human_1", 30.0), ("r", "TTSGLVPK", "CON__P02769", 10.0)])
    table, _, _ = analysed(peptides, {"main": held(human_1=HUMAN)}, **{"CON__P02769": "bovine"})
    assert table.loc[("s_r", "bovine"), "status"] == "searched"
    assert table.loc[("s_r", "bovine"), "intensity_share"] == pytest.approx(0.25)


def test_without_peptides_protein_groups_speak() -> None:
    table = proteins_of(
        features([("r", "X", "A", 60.0), ("r", "X", "B", 20.0), ("r", "X", "AB", 20.0)]), B="bovine", AB="human;bovine"
    )
    out = origin.analyse(table, None, [Row("s", "r")], "human", {})
    cow = out.table.set_index("species").loc["bovine"]
    assert (cow["intensity_share"], cow["shared_share"]) == (0.25, 0.2)
    assert pd.isna(cow["peptides"])
    assert "protein groups" in cow["note"]
    said = {w["code"]: w for w in out.warnings}
    assert said["groups_of_two_species"]["count"] == 1
    pd.testing.assert_frame_equal(out.proteins, table)


def test_sequences_of_another_species_alone_sort_nothing() -> None:
    peptides = features([("r", "AAGLVEDK", "human_1", 30.0)])
    table, out, said = analysed(peptides, {}, held(bovine_1=BOVINE))
    assert said["no_own_sequences"]["level"] == "warning"
    assert table.loc[("s_r", "human"), "intensity_share"] == 1.0
    assert out.proteins["intensity"].tolist() == [30.0]


def test_null_runs_and_decoys_speak_for_nothing() -> None:
    peptides = features([("r", "TTSELVPK", "human_1", float("nan")), ("q", "TTSELVPK", "human_1", 2.0)])
    decoy = features([("q", "TTSGLVPK", "bovine_1", 5.0)], is_decoy=True)
    both = pd.concat([peptides, decoy], ignore_index=True)
    rows = [Row("empty", "r"), Row("s", "q")]
    database = {"main": held(human_1=HUMAN, bovine_1=BOVINE)}
    out = origin.analyse(proteins_of(peptides), Source(frame=both), rows, "human", database)
    table = out.table.set_index(["sample", "species"])
    assert table.loc[("s", "bovine"), "intensity_share"] == 0.0
    assert pd.isna(table.loc[("empty", "bovine"), "intensity_share"])
    assert pd.isna(table.loc[("empty", "human"), "intensity_share"])


def mixture(
    human: Sequence[Protein], bovine: Sequence[Protein], seed: int, shares: Sequence[float]
) -> tuple[pd.DataFrame, dict[str, str]]:
    """Peptides of human proteins (run 'pure'), and with bovine ones that make ``shares`` of the intensity; and the
    organisms of the groups. A peptide of both stands in the human group, as a search would report it.

    Amounts of proteins and responses of peptides are log-normal; four tenths of the peptides are never seen.
    """
    rng = np.random.default_rng(seed)
    words = sorted(
        {w for p in (*human, *bovine) for w in ibaq.digest(sequences.equate(p.sequence)) if 7 <= len(w) <= 30}
    )
    response = {w: float(np.exp(rng.normal(0, 1))) for w in words if rng.random() < 0.6}
    group: dict[str, str] = {}
    amounts: list[dict[str, float]] = []
    for part in (human, bovine):
        sums: dict[str, float] = {}
        for protein in part:
            amount = float(np.exp(rng.normal(0, 1.5)))
            for w in ibaq.digest(sequences.equate(protein.sequence)):
                if w in response:
                    group.setdefault(w, protein.accession)
                    sums[w] = sums.get(w, 0.0) + amount * response[w]
        amounts.append(sums)
    own, other = amounts
    rows = [("pure", w, group[w], v) for w, v in own.items()]
    for share in shares:
        scale = share / (1 - share) * sum(own.values()) / sum(other.values())
        both = {w: own.get(w, 0.0) + scale * other.get(w, 0.0) for w in sorted({*own, *other})}
        rows += [(f"mix {share}", w, group[w], v) for w, v in both.items()]
    return features(rows), {p.accession: "bovine" for p in bovine}


def recovered(human: list[Protein], bovine: list[Protein], seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """For each mixture its loads; human groups x runs of what is left to them."""
    peptides, organisms = mixture(human, bovine, seed, SHARES)
    table, out, _ = analysed(peptides, {"main": Database((*human, *bovine))}, **organisms)
    loads = pd.DataFrame({s: table.loc[(f"s_mix {s}", "bovine")] for s in SHARES}).T
    amounts = out.proteins[~out.proteins["protein_group"].isin(list(organisms))]
    return loads, amounts.pivot(index="protein_group", columns="run", values="intensity").dropna(subset="pure")


SHARES = (0.05, 0.2, 0.5)


def relatives(seed: int) -> tuple[list[Protein], list[Protein]]:
    """Human proteins and bovine ones that differ from them in 1 to 40 % of their residues."""
    rng = random.Random(seed)  # noqa: S311
    letters, odds = "ACDEFGHIKLMNPQRSTVWY", [8, 1, 5, 7, 4, 7, 2, 6, 6, 10, 2, 4, 5, 4, 5, 7, 5, 7, 1, 3]
    human, bovine = [], []
    for i in range(100):
        text = "M" + "".join(rng.choices(letters, odds, k=rng.randint(150, 600)))
        human.append(Protein(f"H{i}", "", "human", False, text))
        if i % 2:
            rate = rng.uniform(0.01, 0.4)
            other = "".join(rng.choices(letters, odds)[0] if rng.random() < rate else a for a in text)
            bovine.append(Protein(f"B{i}", "", "bovine", False, other))
    return human, bovine


@pytest.mark.parametrize("seed", range(2))
def test_a_mixture_is_recovered(seed: int) -> None:
    loads, amounts = recovered(*relatives(seed), seed)
    for share in SHARES:
        # what the shared peptides hold is missing from the specific share; dividing them brings it back
        assert loads.loc[share, "intensity_share"] == pytest.approx(share, abs=0.05)
        assert loads.loc[share, "apportioned_share"] == pytest.approx(share, abs=0.02)
        change = amounts[f"mix {share}"] / amounts["pure"] - 1
        assert abs(amounts[f"mix {share}"].sum() / amounts["pure"].sum() - 1) < 0.02
        assert change.abs().median() < 0.02


@pytest.fixture(scope="module")
def real(shared_data: Path) -> tuple[list[Protein], list[Protein]]:
    """Human standard proteins and bovine proteins of culture serum, from public contaminant lists."""
    folder = shared_data / "references" / "contaminants"
    lists = [
        database.read(folder / name, "human").proteins
        for name in ("camprotR_cRAP_20190401.fasta.gz", "hao_0602_Cell_Culture_Contaminants.fasta")
    ]
    entries = [p for part in lists for p in part if not p.process]
    return [p for p in entries if p.organism == "human"], [p for p in entries if p.organism == "bovine"]


@pytest.mark.shared
@pytest.mark.parametrize("seed", range(4))
def test_a_mixture_of_real_proteins_is_recovered(real: tuple[list[Protein], list[Protein]], seed: int) -> None:
    human, bovine = real
    assert len(human) > 50 and len(bovine) > 190
    loads, amounts = recovered(human, bovine, seed)
    for share in SHARES:
        assert loads.loc[share, "apportioned_share"] == pytest.approx(share, abs=0.02)
        change = (amounts[f"mix {share}"] / amounts["pure"] - 1).abs()
        assert abs(amounts[f"mix {share}"].sum() / amounts["pure"].sum() - 1) < 0.02
        assert (change < 0.02).mean() >= 0.85  # the rest are short conserved proteins (cyclophilin A, IGF2)


def test_the_order_of_rows_changes_nothing() -> None:
    human, bovine = relatives(1)
    peptides, organisms = mixture(human[:30], bovine[:15], 1, (0.2,))
    table = proteins_of(peptides, **organisms)
    rows = [Row("a", "pure"), Row("b", "mix 0.2")]
    base = {"main": Database((*human, *bovine))}
    first = origin.analyse(table, Source(frame=peptides), rows, "human", base)
    for seed in range(3):
        mixed = peptides.sample(frac=1, random_state=seed).reset_index(drop=True)
        mixed = mixed.astype({"peptide": "category", "run": "category", "protein_group": "category"})
        shuffled = table.sample(frac=1, random_state=seed).reset_index(drop=True)
        again = origin.analyse(shuffled, Source(frame=mixed), rows[::-1], "human", base)
        pd.testing.assert_frame_equal(again.table, first.table, check_exact=True)
        pd.testing.assert_frame_equal(
            tables.conform(again.proteins, tables.PROTEINS), tables.conform(first.proteins, tables.PROTEINS),
            check_exact=True,
        )  # fmt: skip


def fasta(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_a_database_is_read_with_tags_decoys_and_stops(tmp_path: Path) -> None:
    text = (
        ">sp|P04264|K2C1_HUMAN Keratin OS=Homo sapiens OX=9606 GN=KRT1\nMSRQFSSR\n"
        ">sp|Cont_P04264|K2C1_HUMAN Keratin OS=Homo sapiens OX=9606 GN=KRT1\nMSRQFSSR\n"
        ">sp|Cont_P02769|ALBU_BOVIN Albumin OS=Bos taurus OX=9913 GN=ALB\nmkwvtf*\n"
        ">rev_sp|P1|X_HUMAN decoy\nKKKK\n>CON__P00761 trypsin\nIVGGYTCK\n>my_protein\nPEPTIDEK\n"
    )
    read = database.read(fasta(tmp_path / "a b[1].fasta", text), "human")
    assert [(p.accession, p.organism, p.process) for p in read.proteins] == [
        ("P04264", "human", True),
        ("P02769", "bovine", False),
        ("P00761", "pig", True),
        ("my_protein", "", False),
    ]
    assert read.proteins[1].sequence == "MKWVTF"
    assert read.organisms() == {"bovine": 1}
    for bad in ("", "protein\tr1\nA\t1\n", ">rev_sp|P1|X_HUMAN\nKKK\n", ">sp|P12345|X_HUMAN\n"):
        with pytest.raises(InputError, match=r"FASTA|empty"):
            database.read(fasta(tmp_path / "bad.fasta", bad))


def test_a_database_that_was_not_searched_is_refused() -> None:
    plain = [Protein(f"P{10000 + i}", f"X{i}_HUMAN", "human", False, "PEPTIDEK") for i in range(8)]
    base = Database((*plain, Protein("Q99999-2", "", "human", False, "PEPTIDEK")))
    names = [f"P{10000 + i}" for i in range(8)]
    kinds = ["none"] * 10
    # isoforms, entry names, words that are no identifiers, and tagged contaminants
    assert (
        database.check_match("main", [*names[:6], "P10006-3", "X7_HUMAN", "Q99999", "7"], kinds, base, "a.fasta") == []
    )
    assert database.check_match("main", ["P02769"] * 20, ["serum"] * 20, base, "a.fasta") == []
    found = database.check_match("main", [*names, "Q99999-2", "O00000"], kinds, base, "a.fasta")
    assert (found[0]["level"], found[0]["count"]) == ("warning", 1)
    assert "10.0%" in str(found[0]["message"])
    with pytest.raises(InputError) as error:
        database.check_match("main", [*names[:7], "O00000;O00001", "O00002"], kinds[:9], base, "a.fasta")
    text = str(error.value)
    assert "3 of 10" in text and "a.fasta" in text and "9 human" in text and "main" in text
    assert "leave `fasta` empty" in text


def test_platelets_are_remarked_on_in_human_preparations_alone() -> None:
    shares = {"ev": 0.02, "clean": 0.001, "plasma": 0.02}
    roles = {"ev": "preparation", "clean": "preparation", "plasma": "source_fluid"}
    assert [w["subject"] for w in origin.platelets(shares, roles, "human")] == ["ev"]
    assert origin.platelets(shares, roles, "mouse") == []


def test_the_stage_sorts_species_and_counts_observable_peptides(tmp_path: Path) -> None:
    peptides = features(
        [
            ("r", "TTSELVPK", "P10000", 30.0),
            ("r", "AAGLVEDK", "P10000", 40.0),
            ("r", "EDPEPTIDEK", "P10000", 30.0),
            ("r", "TTSGLVPK", "P20000", 20.0),
            ("r", "EDQQPTIDEK", "P20000", 20.0),
        ],
        q_value=0.001,
        spectra=1,
        evidence="ms2",
    )
    table = proteins_of(peptides, P20000="bovine").assign(q_value=0.001)
    tables.write_table(table, tables.PROTEINS, tmp_path / "proteins.parquet")
    tables.write_table(peptides, tables.FEATURES, tmp_path / "features.parquet")
    (tmp_path / "samples.tsv").write_text("sample\trun\ns\tr\n", encoding="utf-8")
    path = fasta(
        tmp_path / "db.fasta",
        f">sp|P10000|A_HUMAN OS=Homo sapiens\n{HUMAN}\n>sp|P20000|A_BOVIN OS=Bos taurus\n{BOVINE}\n",
    )
    settings = {"organism": "human", "inputs": [{"name": "main", "fasta": str(path)}], "sequences": []}
    names = ("samples.tsv", "proteins.parquet", "features.parquet")
    results = [tmp_path / name for name in ("abundance.parquet", "species.tsv", "inference.tsv", "warnings.tsv")]
    run(settings, *(tmp_path / name for name in names), RESOURCES, *results)
    cow = tables.read_table(results[1], tables.SPECIES).set_index("species").loc["bovine"]
    assert cow["intensity_share"] == pytest.approx(0.4)
    frame = tables.read_table(results[0], tables.ABUNDANCE).set_index("protein_group")
    # human: 60 / 2 specific per peptide against 40 / 2; of the shared peptide 3/5 are human: 60 + 24 = 84
    assert frame["mass_fraction"].to_dict() == pytest.approx({"P10000": 84 / 124, "P20000": 40 / 124})
    # MAAGLVEDK, TTSELVPK, EDPEPTIDEK: three observable peptides in each protein
    assert frame["ibaq"].to_dict() == pytest.approx({"P10000": 28.0, "P20000": 40 / 3})
    assert frame.loc["P10000", "top3"] == pytest.approx(28.0)
    assert np.isnan(frame.loc["P20000", "top3"])
    found = tables.read_table(results[3], tables.WARNINGS).set_index("code")
    assert "iBAQ" in found.loc["molar_basis", "message"]
