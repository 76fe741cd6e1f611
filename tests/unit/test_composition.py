"""How proteins are divided among compartments, how the parts are learned, and how that is judged."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr

from sevident import panels
from sevident.errors import InputError
from sevident.profiling import compartments, memberships
from sevident.profiling.memberships import TARGETS, Division, Memberships, divide, effect_of_shifts, load
from sevident.reference import composition_card, composition_evaluation, labelled, profiles
from sevident.reference.labelled import Labelled

NAMES = ["serum", "vesicular", "cytoskeleton", "secreted_ecm", "unexplained"]
EMPTY = panels.Registry(pd.DataFrame(), pd.DataFrame(), {"ACTX": "ACTB"}, {}, {})


def learned(rows: dict[str, tuple[float, float, float]], **without: dict[str, float]) -> Memberships:
    """Memberships by gene: (vesicular, secreted_ecm, serum); ``without``: laboratory -> gene -> vesicular share."""
    shares = pd.DataFrame.from_dict(rows, orient="index", columns=list(TARGETS), dtype="float64")
    other = pd.DataFrame(without, index=shares.index, columns=list(without), dtype="float64")
    return Memberships(shares, other)


def divided(genes: dict[str, str], known: Memberships | None) -> pd.DataFrame:
    """Parts of groups, given as {genes: compartment by the panels}."""
    groups = pd.DataFrame({"genes": list(genes)})
    division = divide(groups, pd.Series(list(genes.values())), NAMES, known, EMPTY, "human")
    assert division.parts.min() >= 0
    assert division.parts.sum(axis=1) == pytest.approx(1.0)
    return pd.DataFrame(division.parts, index=list(genes), columns=NAMES)


KNOWN = learned({"ACTB": (0.6, 0.1, 0.0), "CD9": (0.9, 0.05, 0.0), "NEW": (0.5, 0.2, 0.1), "ALB": (0.9, 0.0, 0.0)})


def test_what_is_partly_vesicular_is_divided_and_the_rest_stays_where_the_panels_put_it() -> None:
    parts = divided({"ACTB": "cytoskeleton", "NEW": "unexplained", "CD9": "vesicular"}, KNOWN)
    assert parts.loc["ACTB"].to_dict() == pytest.approx(
        {"serum": 0, "vesicular": 0.6, "cytoskeleton": 0.3, "secreted_ecm": 0.1, "unexplained": 0}
    )
    assert parts.loc["NEW", ["vesicular", "secreted_ecm", "serum", "unexplained"]].tolist() == pytest.approx(
        [0.5, 0.2, 0.1, 0.2]
    )
    # membrane of cells has no compartment
    assert parts.loc["CD9", ["vesicular", "unexplained"]].tolist() == pytest.approx([0.9, 0.05])


def test_a_soluble_protein_keeps_its_compartment_whatever_the_reference_says() -> None:
    assert divided({"ALB": "serum"}, KNOWN).loc["ALB", "serum"] == 1.0


def test_what_the_reference_does_not_know_stays_whole() -> None:
    genes = {"ODD": "unexplained", "TSPAN99": "vesicular", "": "unexplained", "MYH9": "cytoskeleton"}
    for known in (None, KNOWN):
        parts = divided(genes, known)
        assert parts.to_numpy().max(axis=1).tolist() == [1.0] * 4
        assert parts.idxmax(axis=1).tolist() == list(genes.values())


def test_a_group_of_several_genes_takes_the_mean_of_those_known_and_synonyms_count() -> None:
    parts = divided({"ACTX;ODD;NEW": "cytoskeleton", "actx": "cytoskeleton"}, KNOWN)
    assert parts["vesicular"].tolist() == pytest.approx([0.55, 0.6])


def test_a_registry_without_a_compartment_gives_its_part_to_the_rest() -> None:
    groups = pd.DataFrame({"genes": ["NEW"]})
    division = divide(groups, pd.Series(["unexplained"]), ["vesicular", "unexplained"], KNOWN, EMPTY, "human")
    assert division.parts.tolist() == [[0.5, 0.5]]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.floats(0, 1))
def test_the_composition_of_a_mixture_is_the_mixture_of_compositions(seed: int, share: float) -> None:
    rng = np.random.default_rng(seed)
    parts = rng.dirichlet(np.ones(5), 30)
    one, other = (rng.dirichlet(np.full(30, 0.3)) for _ in range(2))
    division = Division(NAMES, parts, np.zeros((0, 30)))
    ends = compartments.shares(np.column_stack([one, other]), division)
    mixed = compartments.shares((share * one + (1 - share) * other)[:, None], division)[:, 0]
    assert mixed == pytest.approx(share * ends[:, 0] + (1 - share) * ends[:, 1], abs=1e-12)
    assert mixed.sum() == pytest.approx(1.0)
    assert mixed.min() >= 0


def test_intervals_widen_where_the_memberships_hang_on_one_laboratory() -> None:
    mass = np.full((200, 1), 1 / 200)
    groups = pd.DataFrame({"genes": ["ACTB"] * 200})
    place = pd.Series(["cytoskeleton"] * 200)

    def width(known: Memberships) -> float:
        division = divide(groups, place, NAMES, known, EMPTY, "human")
        low, high = compartments.intervals(mass, division, 1)
        assert low[1, 0] <= 0.6 <= high[1, 0]
        return float(high[1, 0] - low[1, 0])

    rows = {"ACTB": (0.6, 0.0, 0.0)}
    sure = width(learned(rows, a={"ACTB": 0.6}, b={"ACTB": 0.6}))
    unsure = width(learned(rows, a={"ACTB": 0.3}, b={"ACTB": 0.6}))
    # one of two laboratories moves the share by 0.3: a standard deviation of 0.3 times the root of (2 - 1) / 2
    assert sure < 0.01
    assert unsure == pytest.approx(2 * 1.645 * 0.3 * np.sqrt(0.5), rel=0.15)


def test_a_shift_changes_no_sum() -> None:
    known = learned({"ACTB": (0.6, 0.1, 0.0), "CD9": (1.0, 0.0, 0.0)}, a={"ACTB": 0.2, "CD9": 0.5}, b={"ACTB": np.nan})
    groups = pd.DataFrame({"genes": ["ACTB", "CD9", "ODD"]})
    division = divide(groups, pd.Series(["cytoskeleton", "vesicular", "unexplained"]), NAMES, known, EMPTY, "human")
    effect = effect_of_shifts(division)
    assert effect.shape == (2, 3, 5)
    assert effect.sum(axis=2) == pytest.approx(0.0)
    assert effect[0, 0].tolist() == pytest.approx([0, -0.4, 0.3, 0.1, 0])
    assert effect[0, 1].tolist() == pytest.approx([0, -0.5, 0, 0, 0.5])
    assert not effect[1].any()
    changed = division.parts + effect[0]
    assert changed.min() >= -1e-12


HEADER = "gene\tvesicular\tsecreted_ecm\tserum\tlaboratories\twithout_a\n"


def test_the_table_is_read_and_blanks_mean_no_change(tmp_path: Path) -> None:
    path = tmp_path / memberships.FILE
    assert load(path) is None
    path.write_text(HEADER + "ACTB\t0.6\t0\t0\t3\t\nNA\t0.1\t0\t0\t2\t0.2\n", encoding="utf-8")
    found = load(path)
    assert found is not None
    assert found.shares.index.tolist() == ["ACTB", "NA"]
    assert np.isnan(found.without.loc["ACTB", "a"])
    assert found.stretch == 1.0
    (tmp_path / memberships.FACTS).write_text(json.dumps({memberships.STRETCH: 1.2}), encoding="utf-8")
    again = load(path)
    assert again is not None
    assert again.stretch == 1.2


@pytest.mark.parametrize(
    "text",
    [
        "gene\tvesicular\nACTB\t0.5\n",
        HEADER + "ACTB\t1.5\t0\t0\t3\t\n",
        HEADER + "ACTB\t0.6\t0.6\t0\t3\t\n",
        HEADER + "ACTB\t\t0\t0\t3\t\n",
        HEADER + "ACTB\t0.1\t0\t0\t3\t-1\n",
        HEADER + "ACTB\t0.1\t0\t0\t3\t\nACTB\t0.1\t0\t0\t3\t\n",
        HEADER + "ACTB\tmany\t0\t0\t3\t\n",
        "",
    ],
)
def test_a_table_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / memberships.FILE
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="memberships"):
        load(path)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"interval_stretch": "wide"}', '{"interval_stretch": -1}', "NaN"])
def test_facts_without_a_factor_are_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / memberships.FILE).write_text(HEADER, encoding="utf-8")
    (tmp_path / memberships.FACTS).write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="factor"):
        load(tmp_path / memberships.FILE)


def test_the_shipped_table_says_what_biology_says(checkout: Path) -> None:
    found = load(checkout / "resources" / "reference" / memberships.FILE)
    assert found is not None
    vesicular = found.shares["vesicular"]
    assert vesicular["CD9"] > 0.8
    assert vesicular["SDCBP"] > 0.8
    assert 0.2 < vesicular["GAPDH"] < 0.6
    assert vesicular["ITGA2B"] > 0.9
    # a protein of organelles or of serum is not divided
    assert not {"ALB", "HSPA5", "APOB", "H2BC11"} & set(vesicular.index)
    assert found.without.shape[1] >= 10
    assert 0.5 <= found.stretch <= 2


# ---------------------------------------------------------------- learning

#: mass fractions of made-up studies: vesicles hold CD9 and half of the actin
PURE = {
    "vesicle": {"CD9": 0.5, "ACTB": 0.4, "ONLYA": 0.1},
    "cell": {"HSPA5": 0.3, "HSPD1": 0.3, "ACTB": 0.4},
    "fluid": {"ALB": 0.8, "APOB": 0.2},
    "medium": {"COL1A1": 0.9, "SECR": 0.1},
}


def study(name: str, mixtures: dict[str, tuple[str, str, dict[str, float]]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(samples, fractions) from {column: (class, subclass, {pure source: share})}, two repeats of each."""
    rows, columns = [], {}
    for column, (kind, subclass, parts) in mixtures.items():
        for repeat in "12":
            sample_id = f"{name}/{column}{repeat}"
            mass: dict[str, float] = {}
            for source, share in parts.items():
                for gene, value in PURE[source].items():
                    mass[gene] = mass.get(gene, 0.0) + share * value * (1.0 if repeat == "1" else 1.02)
            total = sum(mass.values())
            columns[sample_id] = {gene: value / total for gene, value in mass.items()}
            rows.append(
                {
                    "sample_id": sample_id,
                    "study": name,
                    "laboratory": name,
                    "sample_class": kind,
                    "subclass": subclass,
                    "reference_group": "g",
                    "organism": "human",
                    "search": f"{name}:all",
                    "imputed": False,
                }
            )
    return pd.DataFrame(rows), pd.DataFrame(columns)


def made_up() -> Labelled:
    paired = {
        "ev": ("small_ev", "small_ev", {"vesicle": 0.5, "fluid": 0.3, "cell": 0.2}),
        "lysate": ("cell_debris", "lysate", {"cell": 1.0}),
        "plasma": ("serum", "plasma", {"fluid": 1.0}),
        "medium": ("secretome", "secretome", {"medium": 0.8, "cell": 0.2}),
    }
    parts = [study("breast_exosome", paired), study("bv2_microglia", paired), study("urine", paired)]
    parts.append(study("plasma_ev_methods", {"x": ("unlabelled", "claimed_ev", {"fluid": 1.0})}))
    samples = pd.concat([p[0] for p in parts], ignore_index=True)
    fractions = pd.concat([p[1] for p in parts], axis=1).sort_index().rename_axis("gene")
    return Labelled(samples, fractions, pd.DataFrame(), pd.DataFrame(), [])


@pytest.fixture(scope="module")
def registry() -> panels.Registry:
    return panels.load()


def test_fluid_and_cells_are_taken_off_the_vesicles(registry: panels.Registry) -> None:
    found = profiles.profiles(profiles.means(made_up(), registry))
    vesicle = found.cleaning[found.cleaning["source"].eq("vesicle")]
    assert vesicle["fluid"].tolist() == pytest.approx([0.3] * 3, abs=0.01)
    assert vesicle["cell"].tolist() == pytest.approx([0.2] * 3, abs=0.01)
    assert found.profile["vesicle"][["CD9", "ACTB", "ONLYA"]].tolist() == pytest.approx([0.5, 0.4, 0.1], abs=0.01)
    assert found.profile.loc["ALB", "vesicle"] == 0
    assert found.profile.loc["SECR", "secretome"] == pytest.approx(0.1, abs=0.01)
    assert found.profile.loc["HSPA5", "secretome"] == pytest.approx(0.0, abs=1e-9)


def test_memberships_are_the_mixture_drawn_to_the_panels(registry: panels.Registry) -> None:
    study_means = profiles.means(made_up(), registry)
    shares = profiles.learn(study_means).shares
    trust = 3 / (3 + profiles.PRIOR)
    assert shares.loc["ACTB", "vesicular"] == pytest.approx(trust * 0.5, abs=0.01)
    assert shares.loc["CD9", "vesicular"] == pytest.approx(1.0)
    assert shares.loc["ONLYA", "vesicular"] == pytest.approx(trust)
    assert shares.loc["SECR", "secreted_ecm"] == pytest.approx(trust, abs=0.01)
    assert "ALB" not in shares.index
    # the study apart taught nothing
    assert "plasma_ev_methods" not in study_means.fractions.columns.get_level_values("laboratory")


def test_one_laboratory_alone_moves_little(registry: panels.Registry) -> None:
    data = made_up()
    data.fractions.loc["ONLYA", [c for c in data.fractions if not c.startswith("urine")]] = np.nan
    shares = profiles.learn(profiles.means(data, registry)).shares
    assert shares.loc["ONLYA", "vesicular"] == pytest.approx(1 / (1 + profiles.PRIOR))


def test_without_any_vesicles_the_panels_alone_speak(registry: panels.Registry) -> None:
    data = made_up()
    kept = ~data.samples["sample_class"].eq("small_ev")
    data = Labelled(data.samples[kept], data.fractions[data.samples.loc[kept, "sample_id"]], *[pd.DataFrame()] * 2, [])
    shares = profiles.learn(profiles.means(data, registry)).shares
    assert shares.loc["ACTB", "vesicular"] == 0


def test_what_is_written_is_what_is_read(registry: panels.Registry, tmp_path: Path) -> None:
    study_means = profiles.means(made_up(), registry)
    made = profiles.write(study_means, 1.25, tmp_path)
    first = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    found = load(tmp_path / memberships.FILE)
    assert found is not None
    assert found.stretch == 1.25
    assert found.shares["vesicular"].to_dict() == pytest.approx(
        made.shares["vesicular"][found.shares.index].to_dict(), abs=6e-4
    )
    assert list(found.without.columns) == ["breast_exosome", "bv2_microglia", "urine"]
    profiles.write(study_means, 1.25, tmp_path)
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == first
    facts = json.loads(first[memberships.FACTS])
    assert facts["not_used"] == ["plasma_ev_methods"]
    assert facts["laboratories"]["vesicle"] == ["breast_exosome", "bv2_microglia", "urine"]


# ---------------------------------------------------------------- judging


def test_ladders_are_straight_and_their_intervals_are_counted(registry: panels.Registry) -> None:
    held = composition_evaluation.Held(made_up(), registry)
    rungs = composition_evaluation.ladders(held)
    assert (rungs["estimate"] - rungs["line"]).abs().max() < 1e-12
    assert rungs["ladder"].nunique() == 3 * 6 + 3 * 12
    wide = composition_evaluation.coverage(rungs, 1000.0)
    assert (wide == 1.0).all()
    exact = rungs.assign(low=rungs["truth"] + 0.01, high=rungs["truth"] + 0.02, estimate=rungs["truth"] + 0.015)
    assert composition_evaluation.coverage(exact, 0.5).max() == 0.0


def test_the_factor_reaches_the_nominal_coverage() -> None:
    rng = np.random.default_rng(1)
    error = rng.normal(0, 0.02, 4000)
    rungs = pd.DataFrame({"ladder": "x", "truth": 0.5, "estimate": 0.5 + error})
    rungs = rungs.assign(low=rungs["estimate"] - 0.02, high=rungs["estimate"] + 0.02)
    # 90 % of a normal lie within 1.645 standard deviations
    assert composition_evaluation.calibration_of(rungs) == pytest.approx(1.645, abs=0.06)


def test_the_section_of_the_card_names_every_study_and_no_test_without_its_table(
    registry: panels.Registry, tmp_path: Path
) -> None:
    judged = composition_card.judge(made_up(), registry, tmp_path)
    lines = composition_card.section(judged)
    assert lines[0] == "## Composition"
    assert lines[-1] == ""
    text = "\n".join(lines)
    assert "| breast_exosome | small_ev | 2 |" in text
    assert "Spearman" not in text
    assert "nan" not in text


def test_the_authors_clusters_are_read_from_their_table(tmp_path: Path) -> None:
    study_name, file, column, _ = composition_evaluation.CLUSTER_TABLE
    (tmp_path / study_name).mkdir()
    table = pd.DataFrame(
        {
            column: ["C10", "C11", "C1"],
            "Gene names": ["CD9 MIC3", "HBB", "ALB"],
            "Protein IDs": ["P21926", "P68871", "P02768"],
            "A_1": [10.0, 20.0, 70.0],
            "A_2": [1e-8, 50.0, 50.0],
        }
    )
    table.to_excel(tmp_path / study_name / file, index=False)
    found = composition_evaluation.authors_clusters(tmp_path, {f"{study_name}/A_1", f"{study_name}/A_2"})
    assert found is not None
    assert found.whole.tolist() == pytest.approx([0.3, 0.5])
    assert found.without_haemoglobin.tolist() == pytest.approx([0.1, 0.0])


# ---------------------------------------------------------------- real data


def test_the_shipped_memberships_follow_the_authors_clusters_of_a_study_apart(
    studies: Path, checkout: Path, tmp_path: Path, registry: panels.Registry
) -> None:
    name = composition_evaluation.CLUSTER_TABLE[0]
    labels = pd.read_csv(studies / "samples.tsv", sep="\t", dtype="str", keep_default_na=False)
    labels[labels["study"].eq(name)].to_csv(tmp_path / "samples.tsv", sep="\t", index=False)
    data = labelled.load(tmp_path / "samples.tsv", studies)
    clusters = composition_evaluation.authors_clusters(studies, set(data.fractions.columns))
    assert clusters is not None
    assert len(clusters.whole) == 105
    known = load(checkout / "resources" / "reference" / memberships.FILE)
    place = profiles.compartments_of(list(data.fractions.index), registry)
    groups = pd.DataFrame({"genes": data.fractions.index})
    names = list(compartments.names(registry.index))
    division = divide(groups, place.reset_index(drop=True), names, known, registry, "human")
    mass = data.fractions[clusters.whole.index].fillna(0.0).to_numpy()
    vesicular = compartments.shares(mass, division)[names.index("vesicular")]
    # the clusters hold haemoglobin, which is kept whole here: the model card says what dividing it would give
    assert spearmanr(vesicular, clusters.whole).statistic >= 0.8
