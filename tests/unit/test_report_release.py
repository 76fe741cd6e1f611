"""The sections on release and the exploratory parts: every number is that of its table, no gap is silent."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from lxml import html
from tests.browser import synthetic, synthetic_release

from sevident import tables
from sevident.errors import InputError
from sevident.report import card, comparability, grid, numbers
from sevident.report.text import catalogue
from sevident.samples import read_samples

T = catalogue("en")
TABLES = ("lots", "comparability", "risks", "source_cell", "subtypes", "neighbours")


def parse(path: Path) -> html.HtmlElement:
    return html.document_fromstring(path.read_text(encoding="utf-8"))


def text_of(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def values(table: html.HtmlElement, column: str) -> list[float | None]:
    """Exact numbers of a column, by its heading."""
    heads = [text_of(h) for h in table.xpath("./thead/tr/th")]
    place = heads.index(column)
    stated = [row.xpath("./*")[place].get("data-v") for row in table.xpath("./tbody/tr")]
    return [None if v is None else float(v) for v in stated]


def close(shown: list[float | None], stated: pd.Series) -> None:
    expected = [None if numbers.missing(v) else float(v) for v in stated]
    assert [v is None for v in shown] == [v is None for v in expected]
    assert [v for v in shown if v is not None] == pytest.approx([v for v in expected if v is not None], rel=1e-9)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> synthetic.Study:
    return synthetic.write(tmp_path_factory.mktemp("release"), 12, specification=True, release=True, cloud=True)


@pytest.fixture(scope="module")
def tree(study: synthetic.Study) -> html.HtmlElement:
    return parse(study.report())


def read(study: synthetic.Study, name: str) -> pd.DataFrame:
    return tables.read_table(study.tables / f"{name}.tsv", tables.ALL[name])


def captioned(tree: html.HtmlElement, caption: str) -> html.HtmlElement:
    (found,) = [t for t in tree.iter("table") if text_of(t.find("caption")) == caption]
    return found


def test_variance_components_are_those_of_the_table(study: synthetic.Study, tree: html.HtmlElement) -> None:
    stated = read(study, "lots").query("level == 'study'")
    table = captioned(tree, T("lots.components.table"))
    columns = ("samples", "estimate", "sd_between", "sd_within", "cv_between", "cv_within")
    for column in columns:
        close(values(table, T(f"lots.{column}")), stated[column])
    close(values(table, T("lots.range")), stated["low"])
    close(values(table, T("lots.limits")), stated["limit_low"])


def test_lots_outside_their_limits_come_first_with_their_proteins(
    study: synthetic.Study, tree: html.HtmlElement
) -> None:
    stated = read(study, "lots").query("status == 'out_of_control'")
    assert len(stated) == 4
    table = captioned(tree, T("lots.outside.table"))
    close(values(table, T("lots.estimate")), stated["estimate"])
    assert all("ALB (P02768) +3.10; CD9 (P21926) -2.20" in text_of(r) for r in table.xpath("./tbody/tr"))
    drawn = json.loads(tree.xpath("//script[@id='json-lots']")[0].text)["data"]
    shown = sorted(y for trace in drawn for y in trace["y"])
    charted = read(study, "lots").query("level == 'lot' and kind in ('score', 'proteome')")
    assert shown == pytest.approx(sorted(charted["estimate"]), abs=5e-5)
    assert T("lots.open", n=3) in text_of(tree.xpath("//section[@id='lots']")[0])


def test_intervals_of_processes_are_those_of_the_table(study: synthetic.Study, tree: html.HtmlElement) -> None:
    stated = read(study, "comparability")
    whole = stated[~stated["kind"].isin(["protein", "overall"])]
    table = tree.xpath("//table[@id='numbers-comparability-1']")[0]
    for key, column in (
        ("difference", "difference"),
        ("range", "low"),
        ("margin", "margin"),
        ("needed", "lots_needed"),
    ):
        close(values(table, T(f"comparability.{key}")), whole[column])
    close(values(table, T("comparability.p_equivalence")), whole["p_equivalence_adjusted"])
    drawn = json.loads(tree.xpath("//script[@id='json-comparability-1']")[0].text)["data"]
    scaled = sorted(x for trace in drawn for x in trace["x"])
    assert scaled == pytest.approx(sorted(whole["difference"] / whole["margin"]), abs=5e-5)
    section = text_of(tree.xpath("//section[@id='comparability']")[0])
    assert T("comparability.left_out", shown=100, total=120) in section, "what is not listed is counted"
    assert T("comparability.counts", n=6, equivalent=2, different=2, inconclusive=2) in section


def test_risks_are_counted_and_their_limits_said(study: synthetic.Study, tree: html.HtmlElement) -> None:
    stated = read(study, "risks")
    section = tree.xpath("//section[@id='risks']")[0]
    for kind in tables.RISK_KINDS:
        part = stated[stated["risk"].eq(kind)]
        if part.empty:
            assert T("risks.none_of_kind") in text_of(section)
            continue
        table = captioned(tree, T("risks.overview.table", risk=T(f"risk.{kind}")))
        items = list(part.groupby("item", sort=False))
        close(values(table, T("risks.found_in")), pd.Series([(p["status"] == "found").sum() for _, p in items]))
        for row, (_, rows) in zip(table.xpath("./tbody/tr"), items, strict=True):
            assert rows["limits"].iloc[0] in text_of(row)
    listed = captioned(tree, T("risks.samples.table", risk=T("risk.other_components")))
    close(values(listed, T("risks.value")), stated[stated["risk"].eq("other_components")]["value"])


def test_source_cell_subtypes_and_neighbours(study: synthetic.Study, tree: html.HtmlElement) -> None:
    cells = read(study, "source_cell").set_index(["sample", "panel"])
    table = captioned(tree, T("source_cell.table"))
    names = [text_of(r.xpath("./th")[0]) for r in table.xpath("./tbody/tr")]
    order = cells.loc[list(dict.fromkeys(names))]
    close(values(table, T("source_cell.share")), order["mass_fraction"])
    subtypes = read(study, "subtypes").set_index("sample")
    table = tree.xpath("//table[@id='numbers-subtypes']")[0]
    names = [text_of(r.xpath("./th")[0]) for r in table.xpath("./tbody/tr")]
    close(values(table, T("subtypes.value")), subtypes.loc[list(dict.fromkeys(names))]["value"])
    drawn = json.loads(tree.xpath("//script[@id='json-subtypes']")[0].text)["data"]
    shares = subtypes[subtypes["unit"].eq("share of protein mass")]["value"].dropna()
    points = [x for trace in drawn for x in trace["x"]]
    assert len(shares) and all(any(abs(x - 100 * v) < 1e-3 for x in points) for v in shares), (
        "per cent, as in the table"
    )
    assert text_of(tree.xpath("//section[@id='subtypes']/h2")[0]).endswith("(exploratory)")
    near = read(study, "neighbours")
    for name, part in near.groupby("sample"):
        table = captioned(tree, T("neighbours.title", sample=name))
        for key in ("distance", "identity", "purity"):
            close(values(table, T(f"neighbours.{key}")), part.sort_values("place")[key])


def test_specification_is_judged_by_lot_and_by_sample(study: synthetic.Study, tree: html.HtmlElement) -> None:
    stated = read(study, "specification")
    section = tree.xpath("//section[@id='specification']")[0]
    assert len(section.xpath(".//details//tbody/tr")) == len(stated)
    overview = section.xpath(".//table[@id='specification-overview']")[0]
    counted = sum(float(c.get("data-v")) for c in overview.xpath(".//td[@data-v]"))
    assert counted == (stated["level"].eq("sample") & stated["criterion"].ne("overall")).sum()
    assert len(overview.xpath("./tbody/tr/td[1][@class='r-fail']")) == stated["lot"].nunique(), "the lot as a whole"
    shown = [c.get("data-v") for c in section.xpath(".//details//tbody/tr/td[3]") if c.get("data-v")]
    assert len(shown) == stated["value"].notna().sum()


def test_the_cloud_is_drawn_or_its_absence_explained(
    study: synthetic.Study, tree: html.HtmlElement, tmp_path: Path
) -> None:
    cloud = pd.read_csv(study.resources / "reference" / "scored_samples.tsv", sep="\t").dropna(subset=["identity"])
    drawn = json.loads(tree.xpath("//script[@id='json-map']")[0].text)["data"]
    pale = [x for trace in drawn if "customdata" not in trace for x in trace["x"]]
    assert sorted(pale) == pytest.approx(sorted(cloud["identity"]), abs=5e-5)
    rows = tree.xpath("//table[@id='numbers-cloud']/tbody/tr")
    assert len(rows) == len(cloud) == 119, "a sample without a score is no point"
    assert T("cloud.caption", n=119, studies=7) in text_of(tree.xpath("//figure[@id='figure-map']")[0])
    plain = synthetic.write(tmp_path, 3, references=False)
    plain_resources = tmp_path / "resources"
    for name in ("panels", "reference"):
        (plain_resources / name).mkdir(parents=True)
        for file in (synthetic.RESOURCES / name).iterdir():
            if file.name != "scored_samples.tsv":
                (plain_resources / name / file.name).write_bytes(file.read_bytes())
    told = parse(synthetic.Study(**{**plain.__dict__, "resources": plain_resources}).report())
    assert T("cloud.no_table") in text_of(told.xpath("//figure[@id='figure-map']")[0])
    (plain_resources / "reference" / "scored_samples.tsv").write_text("sample_id\tstudy\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"(?s)lacks a column.*laboratory"):
        synthetic.Study(**{**plain.__dict__, "resources": plain_resources}).report()


def test_empty_and_absent_tables_say_why(tmp_path: Path) -> None:
    made = synthetic.write(tmp_path, 4, references=False, release=True, empty=TABLES)
    tree = parse(made.report())
    for name in ("lots", "comparability", "risks", "source_cell", "subtypes"):
        told = [text_of(p) for p in tree.xpath(f"//section[@id='{name}']//p[@class='empty']")]
        assert told == [T(f"{name}.no_rows")], name
    assert T("neighbours.no_rows") in text_of(tree.xpath("//section[@id='accounts']")[0])
    rows = read(made, "risks")
    stranger = pd.DataFrame([{"sample": "stranger", "risk": "infection", "item": "virus"}])
    tables.write_table(
        tables.conform(pd.concat([rows, stranger]), tables.RISKS), tables.RISKS, made.tables / "risks.tsv"
    )
    with pytest.raises(InputError, match=r"(?s)sample sheet does not have.*'stranger'"):
        made.report()


def test_the_card_is_read_as_blocks() -> None:
    text = (
        "# Card\n\nMade by **us** with `code`, <b>no</b>\nHTML.\n\n## Part\n\n| a | b |\n|---|---|\n| 1 | x |\n\n"
        "1. one\n2. two\n   more\n\n- item"
    )
    blocks = card.blocks(text)
    assert [b.kind for b in blocks] == ["heading", "text", "heading", "table", "numbered", "items"]
    assert [b.level for b in blocks if b.kind == "heading"] == [3, 4]
    assert blocks[1].text == "Made by us with code, <b>no</b> HTML."
    assert [[c.text for c in row] for row in blocks[3].table.rows] == [["1", "x"]]
    assert blocks[4].items == ["one", "two more"]


def test_the_card_of_the_model_is_on_the_page(tree: html.HtmlElement) -> None:
    section = tree.xpath("//section[@id='card']")[0]
    source = (synthetic.RESOURCES / "reference" / "model_card.md").read_text(encoding="utf-8")
    tables_in_card = source.count("\n|---")
    assert len(section.xpath(".//details//table")) == tables_in_card > 2
    assert "**" not in section.text_content()


def test_samples_that_the_model_knows_are_named_in_the_summary(tmp_path: Path) -> None:
    study = synthetic.write(tmp_path, 12, release=True)
    told = text_of(parse(study.report()).xpath("//section[@id='summary']")[0])
    assert "the model has learned" not in told
    near = read(study, "neighbours")
    prepared = {s.name for s in read_samples(study.sheet).samples if s.role == "preparation"}
    chosen = sorted(prepared)[:2]
    near.loc[near["sample"].isin(chosen) & near["place"].eq(1), "distance"] = 0.004
    tables.write_table(near, tables.NEIGHBOURS, study.tables / "neighbours.tsv")
    assert T("know.seen", n=2) in text_of(parse(study.report()).xpath("//section[@id='summary']")[0])


def test_css_strings_end_nowhere() -> None:
    assert grid.css_string("a b1") == '"a b1"'
    assert grid.css_string('"; } x') == '"\\22 \\3b  \\7d  x"'
    assert grid.css_string("</style>\n") == '"\\3c \\2f style\\3e \\a "'


def test_a_difference_beyond_the_axis_stays_in_sight() -> None:
    rows = synthetic_release.comparability(np.random.default_rng(1), proteins=0)
    rows = rows[~rows["kind"].eq("overall")].reset_index(drop=True)
    rows.loc[0, ["difference", "low", "high", "result"]] = [40.0, 39.0, 41.0, "different"]
    drawn = comparability.intervals(1, "SEC", "UC", "UC against SEC", rows, T)
    figure = json.loads(drawn.json)
    (trace,) = [d for d in figure["data"] if d["name"] == T("equivalence.different")]
    k = trace["customdata"].index(40.0)
    assert trace["x"][k] <= figure["layout"]["xaxis"]["range"][1]
    assert trace["marker"]["symbol"][k] == "triangle-right"
    assert "square" in trace["marker"]["symbol"], "what lies within keeps its sign"
    assert T("comparability.figure.beyond") in drawn.captions
