"""The page as a whole: what it holds, that it holds nothing else, and that its numbers are those of the tables."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest
from lxml import html
from plotly import graph_objects
from tests.browser import synthetic

from sevident import tables
from sevident.errors import ConfigurationError, InputError
from sevident.report import figures, numbers
from sevident.report.text import STATUS_SYMBOLS, catalogue
from sevident.samples import read_samples

T = catalogue("en")


def parse(path: Path) -> html.HtmlElement:
    return html.document_fromstring(path.read_text(encoding="utf-8"))


def text_of(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


@pytest.fixture(scope="module", autouse=True)
def fixed_time() -> object:
    before = os.environ.get("SOURCE_DATE_EPOCH")
    os.environ["SOURCE_DATE_EPOCH"] = "1700000000"
    yield
    if before is None:
        del os.environ["SOURCE_DATE_EPOCH"]
    else:
        os.environ["SOURCE_DATE_EPOCH"] = before


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> synthetic.Study:
    return synthetic.write(tmp_path_factory.mktemp("study"), 12, specification=True, release=True, cloud=True)


@pytest.fixture(scope="module")
def page(study: synthetic.Study) -> html.HtmlElement:
    started = time.process_time()
    path = study.report()
    # of the processor, since other tests run beside; the benchmark measures the time that passes
    assert time.process_time() - started < 4, "a page of 12 samples is written in 4 s"
    assert path.stat().st_size < 4_000_000
    return parse(path)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> html.HtmlElement:
    folder = tmp_path_factory.mktemp("hostile")
    made = synthetic.write(
        folder, 14, names=synthetic.HOSTILE, truth=True, simulated=True, specification=True, release=True
    )
    warnings = [
        tables.warning(
            "score", "warning", "evil", "<script>alert(1)</script>", "<img src=http://evil.example/x> & co", 1
        )
    ]
    tables.write_table(tables.conform(warnings, tables.WARNINGS), tables.WARNINGS, made.warnings[-1])
    kinds = synthetic.species(list(synthetic.HOSTILE), other="<script>alert(2)</script>").replace(
        "by the organisms of protein groups", "<img src=http://evil.example/y>"
    )
    tables.write_table(kinds, tables.SPECIES, made.tables / "species.tsv")
    platelets = [
        tables.warning("quantify", "warning", "platelet_proteins", name, "Platelet proteins.")
        for name in (synthetic.HOSTILE[0], synthetic.HOSTILE[2])
    ]
    tables.write_table(tables.conform(platelets, tables.WARNINGS), tables.WARNINGS, made.warnings[1])
    made.settings["config"]["samples"] = "</pre><script>alert(1)</script>"
    return parse(made.report())


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> html.HtmlElement:
    names = ("markers", "families", "compartments", "contributions", "abundance", "proteins", "scores", "species")
    folder = tmp_path_factory.mktemp("empty")
    return parse(synthetic.write(folder, 3, references=False, warnings=False, empty=names).report())


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> tuple[synthetic.Study, Path]:
    made = synthetic.write(tmp_path_factory.mktemp("many"), 61, names=synthetic.HOSTILE)
    return made, made.report()


# -- numbers ----------------------------------------------------------------------------------------------------------


def test_verdict_table_holds_the_scores(study: synthetic.Study, page: html.HtmlElement) -> None:
    scores = tables.read_table(study.tables / "scores.tsv", tables.SCORES).set_index("sample")
    rows = page.xpath("//table[@id='verdict-table']/tbody/tr")
    names = [s.name for s in read_samples(study.sheet).samples]
    assert [text_of(r.xpath("./th/bdi")[0]) for r in rows] == names, "every sample, in the order of the sheet"
    classes = ("p_small_ev", "p_secretome", "p_serum", "p_cell_debris")
    for row, name in zip(rows, names, strict=True):
        cells = row.xpath("./td")
        stated = scores.loc[name]
        shown = [float(c.get("data-v")) for c in (cells[3], cells[4], *cells[5:9])]
        expected = [stated[c] for c in ("identity", "purity", *classes)]
        assert shown == pytest.approx(expected, rel=1e-9)
        assert [text_of(c) for c in cells[5:9]] == [numbers.score(stated[c]) for c in classes]
        for cell, quantity in ((cells[3], "identity"), (cells[4], "purity")):
            low, high = (numbers.score(stated[f"{quantity}_{end}"]) for end in ("low", "high"))
            assert text_of(cell) == f"{numbers.score(stated[quantity])} {low} – {high}"
        assert T(f"verdict.{stated['verdict']}") in text_of(cells[2])
        assert text_of(cells[1]) == f"{T('role.' + stated['role'])} {T('mode.' + stated['reference_mode'])}"
        assert text_of(cells[9]) == T(f"misev.{stated['misev_minimum']}")
        assert int(cells[10].get("data-v")) == stated["proteins"]
        for reason in stated["reasons"].split(" | "):
            assert " ".join(reason.split()) in text_of(cells[11])


def test_summary_counts_the_verdicts(study: synthetic.Study, page: html.HtmlElement) -> None:
    scores = tables.read_table(study.tables / "scores.tsv", tables.SCORES)
    counts = scores[scores["role"] == "preparation"]["verdict"].value_counts()
    lead = text_of(page.xpath("//p[@class='lead']")[0])
    assert f"judges {counts.sum()} preparations" in lead
    for verdict, n in counts.items():
        assert T("summary.as", n=n, verdict=T(f"verdict.{verdict}")) in lead
    tiles = [int(text_of(p).split()[-1]) for p in page.xpath("//li[contains(@class,'tile')]/p[@class='count']")]
    assert tiles == [int(counts.get(v, 0)) for v in tables.VERDICTS]


def test_warnings_of_the_summary_add_up(page: html.HtmlElement) -> None:
    first = page.xpath("//section[@id='summary']//div[@class='box'][1]/ul/li[1]")[0]
    stated, alike = int(first.text.split()[0]), re.compile(r"\((\d+) warnings of this kind")
    counted = [
        re.match(r"(\d+) further warning", text_of(i)) or alike.search(text_of(i)) for i in first.xpath("./ul/li")
    ]
    assert stated == sum(int(found[1]) if found else 1 for found in counted)
    warned = page.xpath("//section[@id='warnings']//h3[contains(@class, 'level-warning')]")
    assert text_of(warned[0]).endswith(f"({stated})")


def test_cards_carry_the_headings_of_their_columns(page: html.HtmlElement) -> None:
    """On narrow screens each cell stands under the heading that its column has on wide ones."""
    cards = page.xpath("//table[contains(@class, 'cards')]")
    assert len(cards) > 20
    for table in cards:
        escaped = dict(re.findall(r'--h(\d+):"((?:[^"])*)"', table.get("style")))
        heads = {n: re.sub(r"\\([0-9a-f]+) ", lambda m: chr(int(m[1], 16)), h) for n, h in escaped.items()}
        columns = {int(h.get("data-col")): text_of(h) for h in table.xpath("./thead//th[@data-col]")}
        named = {place: words for place, words in columns.items() if place}
        assert {int(n) - 1: " ".join(words.split()) for n, words in heads.items() if int(n) - 1 in named} == named
    wide = page.xpath("//table[contains(@class, 'grid')][count(./thead/tr/th) > 3][not(contains(@class, 'cards'))]")
    assert all(t.xpath(".//thead//th[contains(@class, 'name')]") for t in wide), "only those read across are none"


def test_composition_and_families_hold_their_tables(study: synthetic.Study, page: html.HtmlElement) -> None:
    compartments = tables.read_table(study.tables / "compartments.tsv", tables.COMPARTMENTS)
    heads = [text_of(h) for h in page.xpath("//table[@id='numbers-composition']/thead//th")][1:]
    titles = dict(zip(compartments["title"], compartments["compartment"], strict=True))
    wide = compartments.pivot(index="sample", columns="compartment", values="mass_fraction")
    for row in page.xpath("//table[@id='numbers-composition']/tbody/tr"):
        shown = [float(c.get("data-v")) for c in row.xpath("./td")]
        assert shown == pytest.approx([wide.loc[text_of(row.xpath("./th")[0]), titles[h]] for h in heads], rel=1e-9)

    families = tables.read_table(study.tables / "families.tsv", tables.FAMILIES).set_index(["title", "sample"])
    heads = [text_of(h) for h in page.xpath("//table[@id='numbers-families']/thead//th")][2:]
    rows = page.xpath("//table[@id='numbers-families']/tbody/tr")
    assert len(rows) == families.index.get_level_values(0).nunique()
    for row in rows:
        for sample, cell in zip(heads, row.xpath("./td")[1:], strict=True):
            entry = families.loc[(text_of(row.xpath("./th")[0]), sample)]
            assert cell.text.startswith(f"{entry['detected']} of {entry['members']} · ")
            stated = cell.get("data-v")
            assert (stated is None) == numbers.missing(entry["median_rank_percentile"])
            if stated:
                assert float(stated) == pytest.approx(entry["median_rank_percentile"], rel=1e-9)


def test_figures_draw_what_their_tables_say(study: synthetic.Study, page: html.HtmlElement) -> None:
    families = tables.read_table(study.tables / "families.tsv", tables.FAMILIES)
    figure = json.loads(page.xpath("//script[@id='json-families']")[0].text)
    drawn = sorted(v for line in figure["data"][0]["z"] for v in line if v is not None)
    stated = sorted(families["median_rank_percentile"].dropna())
    assert drawn == pytest.approx(stated, abs=5e-5)
    scores = tables.read_table(study.tables / "scores.tsv", tables.SCORES)
    figure = json.loads(page.xpath("//script[@id='json-map']")[0].text)
    own = [trace for trace in figure["data"] if "customdata" in trace]
    assert sorted(x for trace in own for x in trace["x"]) == pytest.approx(sorted(scores["identity"]), abs=5e-5)


def test_absences_are_three_things(study: synthetic.Study, page: html.HtmlElement) -> None:
    markers = tables.read_table(study.tables / "markers.tsv", tables.MARKERS)
    sign_of = {status: STATUS_SYMBOLS[status] for status in tables.STATUSES}
    assert len(set(sign_of.values())) == 4
    names = [s.name for s in read_samples(study.sheet).samples]
    shown = 0
    for table in page.xpath("//table[@data-panel]"):
        part = markers[markers["panel"] == table.get("data-panel")].set_index(["gene", "sample"]).to_dict("index")
        for row in table.xpath("./tbody/tr"):
            gene = text_of(row.xpath("./th")[0])
            for sample, cell in zip(names, row.xpath("./td")[1:], strict=True):
                entry = part[gene, sample]
                told = text_of(cell).split()
                assert told[0] == sign_of[entry["status"]]
                if entry["status"] == "detected":
                    assert told[1:] == [str(round(100 * entry["rank_percentile"]))]
                else:
                    assert cell.get("title").startswith(T(f"status.{entry['status']}"))
                shown += 1
    assert shown == markers["panel"].str.startswith("misev_").sum(), "no marker of a category is left out"
    legend = text_of(page.xpath("//p[@class='legendline']")[0])
    assert all(sign in legend and T(f"status.{status}") in legend for status, sign in sign_of.items())


def test_species_shares_are_those_of_the_table(study: synthetic.Study, page: html.HtmlElement) -> None:
    stated = tables.read_table(study.tables / "species.tsv", tables.SPECIES).set_index(["species", "sample"])
    names = [s.name for s in read_samples(study.sheet).samples]
    titles = [text_of(h) for h in page.xpath("//section[@id='species']/h3")]
    assert titles == [T("species.title_serum"), T("species.title_other", species="mouse")], "not the study's own"
    columns = {1: "apportioned_share", 3: "intensity_share", 4: "shared_share", 5: "peptides"}
    for kind, grid in zip(("bovine", "mouse"), page.xpath("//section[@id='species']//table"), strict=True):
        rows = grid.xpath("./tbody/tr")
        assert [text_of(r.xpath("./th")[0]) for r in rows] == names
        for row, name in zip(rows, names, strict=True):
            entry, cells = stated.loc[(kind, name)], row.xpath("./*")
            for place, column in columns.items():
                value = cells[place].get("data-v")
                assert (value is None) == numbers.missing(entry[column])
                if value is not None:
                    assert float(value) == pytest.approx(entry[column], rel=1e-9)
                    shown = text_of(cells[place]).removeprefix("≤ ")
                    assert shown == (numbers.whole if column == "peptides" else numbers.percent)(entry[column])
            assert [text_of(c) for c in cells[6:]] == ([entry["note"]] if kind == "bovine" else []), "none for mouse"
    assert page.xpath("//nav//a[@href='#species']")


def test_not_searched_is_not_zero(page: html.HtmlElement) -> None:
    def row(number: int) -> list[str]:
        return [text_of(c) for c in page.xpath(f"//table[@id='species-1']/tbody/tr[{number}]/td")][:5]

    none = "∅ " + T("species.not_searched")
    assert row(1) == ["7.1", T("species.searched"), "6.2", "15.0", "12"]
    assert row(2) == ["0", T("species.none_found"), "0", "14.0", "0"]
    assert row(3) == ["—", T("species.unmeasured"), "—", "—", "0"]
    assert row(4) == [none, none, "—", "≤ 17.0", "—"], "the upper bound alone"
    assert row(5) == [none, none, "—", "—", "—"]
    assert row(6)[:2] == ["<0.1", T("species.searched")]
    told = text_of(page.xpath("//section[@id='species']")[0])
    # of twelve samples four are not searched, two not measured, and four of the others hold bovine protein
    shares = {"median": "3.6", "most": "7.1"}
    assert T("species.found", n=6, k=4, sample="MSC_EV_donor1_rep1", **shares) in told
    assert T("species.silent", n=2) in told
    assert T("species.blind", n=4) in told
    assert "platelet" not in told


def test_species_that_nobody_looked_for_are_said_to_be_unknown(tmp_path: Path) -> None:
    made = synthetic.write(tmp_path, 3, references=False)
    path = made.tables / "species.tsv"

    def told() -> tuple[str, int]:
        section = parse(made.report()).xpath("//section[@id='species']")[0]
        return " ".join(text_of(p) for p in section.xpath("./p[@class='empty']")), len(section.xpath(".//table"))

    table = tables.read_table(path, tables.SPECIES)
    shares = ["peptides", "intensity_share", "apportioned_share", "shared_share"]
    foreign = table["species"].ne("human")
    table.loc[foreign, "status"] = "not_searched"
    table.loc[foreign, shares] = None
    tables.write_table(table, tables.SPECIES, path)
    assert told() == (T("species.nothing_searched", organism="human"), 0)
    table.loc[foreign, "shared_share"] = 0.2
    tables.write_table(table, tables.SPECIES, path)
    assert told() == (T("species.nothing_searched", organism="human"), 2), "the upper bounds are shown"
    one_note = table.assign(status="searched", note="by <b>groups</b>")
    tables.write_table(one_note, tables.SPECIES, path)
    captions = parse(made.report()).xpath("//section[@id='species']//caption")
    expected = [T("species.caption_note", species=name, note="by <b>groups</b>") for name in ("bovine", "mouse")]
    assert [c.text_content() for c in captions] == expected, "what holds of all samples is said once"
    tables.write_table(table[~foreign], tables.SPECIES, path)
    assert told() == (T("species.only_own", organism="human"), 0)
    path.unlink()
    assert told() == (T("species.no_table"), 0)
    tables.write_table(table.assign(sample="stranger"), tables.SPECIES, path)
    with pytest.raises(InputError, match=r"(?s)sample sheet does not have.*'stranger'"):
        made.report()


def test_every_warning_is_shown(study: synthetic.Study, page: html.HtmlElement) -> None:
    section = text_of(page.xpath("//section[@id='warnings']")[0])
    for path in study.warnings:
        for row in tables.read_table(path, tables.WARNINGS).to_dict("records"):
            assert row["message"] in section
            assert row["code"] in section
            assert row["subject"] in section
    assert "Warnings (2)" in section
    assert "Notes (2)" in section


def test_methods_take_their_numbers_from_the_configuration(page: html.HtmlElement) -> None:
    methods = text_of(page.xpath("//section[@id='methods']")[0])
    assert "240 draws" in methods
    assert "random seed 7" in methods
    assert "maxquant" in methods
    assert page.xpath("//section[@id='methods']//a[@href='https://doi.org/10.1080/20013078.2018.1535750']")


# -- nothing but the page ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("which", ["page", "hostile", "empty"])
def test_nothing_is_requested_from_elsewhere(which: str, request: pytest.FixtureRequest) -> None:
    tree = request.getfixturevalue(which)
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        assert element.tag not in {"img", "iframe", "link", "object", "embed", "form", "base", "audio", "video", "svg"}
        for name, value in element.attrib.items():
            assert not name.startswith("on"), f"{element.tag} has {name}"
            assert name not in {"src", "srcset", "action", "data", "background", "ping", "formaction"}
            if name == "href":
                assert element.tag == "a"
                assert value.startswith(("#", "https://doi.org/")), value
            if name == "style":
                assert "url(" not in value
    style = "".join(s.text for s in tree.iter("style"))
    assert "url(" not in style
    assert "@import" not in style
    assert "http" not in style


@pytest.mark.parametrize("which", ["page", "hostile", "empty"])
def test_policy_allows_the_pages_own_scripts_alone(which: str, request: pytest.FixtureRequest) -> None:
    tree = request.getfixturevalue(which)
    policy = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert "default-src 'none'" in policy
    assert "connect-src" not in policy, "the default, none, holds"
    run = [s for s in tree.iter("script") if s.get("type") != "application/json"]
    assert len(run) == (2 if which == "empty" else 3), "no plotting library without a figure"
    hashes = [base64.b64encode(hashlib.sha256(s.text.encode()).digest()).decode() for s in run]
    assert re.findall(r"'sha256-([^']+)'", policy) == hashes
    for data in tree.xpath("//script[@type='application/json']"):
        assert not set("<>&\u2028\u2029") & set(data.text)
        json.loads(data.text)


@pytest.mark.parametrize("which", ["page", "hostile"])
def test_figures_fit_the_schema_of_plotly(which: str, request: pytest.FixtureRequest) -> None:
    found = request.getfixturevalue(which).xpath("//script[starts-with(@id, 'json-')]")
    assert len(found) >= 7
    for figure in found:
        content = json.loads(figure.text)
        # ValueError names a property that does not exist or a value that does not fit
        graph_objects.Figure({"data": content["data"], "layout": content["layout"]})
        graph_objects.Figure(layout=content["layout"] | content.get("narrow", {}))
        assert all({"type"} < set(trace) for trace in content["data"])


def test_figures_of_another_schema_are_found() -> None:
    wrong = json.loads(figures.as_json([figures.trace("scatter", x=[1], colour="red")], figures.layout(100)))
    with pytest.raises(ValueError, match="colour"):
        graph_objects.Figure(wrong)


def test_hostile_names_are_text(hostile: html.HtmlElement) -> None:
    shown = [b.text_content() for b in hostile.xpath("//table[@id='verdict-table']//bdi[@class='sample']")]
    assert shown == list(synthetic.HOSTILE)
    heads = [
        b.text_content() for b in hostile.xpath("//table[@id='numbers-families']//th[contains(@class,'name')]/bdi")
    ]
    assert heads == list(synthetic.HOSTILE)
    warnings = hostile.xpath("//section[@id='warnings']")[0].text_content()
    assert "<script>alert(1)</script>" in warnings
    assert "<img src=http://evil.example/x> & co" in warnings
    assert "</pre><script>alert(1)</script>" in hostile.xpath("//pre[@id='configuration']")[0].text
    species = hostile.xpath("//section[@id='species']")[0]
    assert [b.text_content() for b in species.xpath("(.//table)[1]/tbody/tr/th/bdi")] == list(synthetic.HOSTILE)
    assert species.xpath("./h3/bdi")[1].text_content() == T("species.title_other", species="<script>alert(2)</script>")
    assert "<img src=http://evil.example/y>" in species.text_content()
    listed = f"{synthetic.HOSTILE[0]}, {synthetic.HOSTILE[2]}"
    assert T("species.platelets", n=2, names=listed) in species.text_content()
    figure = hostile.xpath("//script[@id='json-map']")[0].text
    names = {d[0] for trace in json.loads(figure)["data"] for d in trace.get("customdata", [])}
    assert not any("<" in n or "$" in n for n in names), "plotly reads tags and formulas in its labels"
    assert "&lt;!-- &lt;script&gt;" in names


def test_page_is_the_same_bytes_again(study: synthetic.Study) -> None:
    code = (
        "import sys, json; from pathlib import Path; from sevident.report import stage; a = json.load(sys.stdin);"
        "stage.run(a['settings'], a['sheet'], a['tables'], a['warnings'], a['resources'], a['sources'], a['output'])"
    )
    pages = []
    for seed in ("1", "2"):
        output = study.folder / f"again_{seed}.html"
        task = {
            "settings": study.settings,
            "sheet": str(study.sheet),
            "tables": str(study.tables),
            "warnings": [str(w) for w in study.warnings],
            "resources": str(study.resources),
            "sources": [str(s) for s in study.sources],
            "output": str(output),
        }
        environment = {**os.environ, "PYTHONHASHSEED": seed, "SOURCE_DATE_EPOCH": "1700000000"}
        subprocess.run([sys.executable, "-c", code], input=json.dumps(task), text=True, check=True, env=environment)
        pages.append(output.read_bytes())
    assert pages[0] == pages[1]
    assert b"2023-11-14 22:13:20 UTC" in pages[0]


# -- what is missing --------------------------------------------------------------------------------------------------


def test_empty_tables_say_why(empty: html.HtmlElement) -> None:
    for section, key in (
        ("families", "why.families.empty"),
        ("paired", "why.paired.empty"),
        ("composition", "why.composition.empty"),
        ("map", "why.map.empty"),
        ("markers", "why.markers.empty"),
        ("accounts", "why.accounts.empty"),
        ("measured", "why.measured.empty"),
        ("species", "species.no_rows"),
        ("truth", "truth.none"),
        ("specification", "specification.none"),
        ("source_cell", "source_cell.no_table"),
        ("subtypes", "subtypes.no_table"),
        ("agreement", "agreement.not_scored"),
        ("lots", "lots.no_table"),
        ("comparability", "comparability.no_table"),
        ("risks", "risks.no_table"),
    ):
        told = [text_of(p) for p in empty.xpath(f"//section[@id='{section}']//p[@class='empty']")]
        assert told == [T(key)], section
    assert T("warnings.none", n=5) in text_of(empty.xpath("//section[@id='warnings']")[0])
    rows = empty.xpath("//table[@id='verdict-table']/tbody/tr")
    assert len(rows) == 3, "a sample without a score keeps its row"
    assert all(T("verdicts.not_scored") in text_of(r) for r in rows)
    assert "3 samples of the sheet were not scored" in text_of(empty.xpath("//section[@id='summary']")[0])


def test_no_specification_has_three_reasons(tmp_path: Path) -> None:
    made = synthetic.write(tmp_path, 2, references=False)
    (made.tables / "specification.tsv").unlink()
    made.settings["config"]["specifications"] = ["config/specifications/mine.yaml"]
    assert T("specification.no_table") in text_of(parse(made.report()))
    tables.write_table(tables.empty(tables.SPECIFICATION), tables.SPECIFICATION, made.tables / "specification.tsv")
    assert T("specification.no_rows", names="config/specifications/mine.yaml") in text_of(parse(made.report()))


def test_missing_and_foreign_tables_are_errors(tmp_path: Path) -> None:
    made = synthetic.write(tmp_path, 3)
    scores = made.tables / "scores.tsv"
    kept = scores.read_text(encoding="utf-8")
    scores.unlink()
    with pytest.raises(InputError, match=r"(?s)table of the study is missing.*scores\.tsv"):
        made.report()
    scores.write_text(kept.replace("MSC_EV_donor1_rep2", "stranger"), encoding="utf-8")
    with pytest.raises(InputError, match=r"(?s)sample sheet does not have.*'stranger'"):
        made.report()
    assert not (tmp_path / "report.html").exists(), "nothing half-written remains"
    scores.write_text(kept, encoding="utf-8")
    made.settings["language"] = "tlh"
    with pytest.raises(ConfigurationError, match=r"(?s)language.*'tlh'"):
        made.report()


# -- many samples -----------------------------------------------------------------------------------------------------


def test_many_samples_stay_small_and_complete(many: tuple[synthetic.Study, Path]) -> None:
    made, path = many
    assert path.stat().st_size < 4_000_000
    tree = parse(path)
    assert len(tree.xpath("//table[@id='verdict-table']/tbody/tr")) == 61
    assert not tree.xpath("//table[@data-panel]")
    note = [text_of(p) for p in tree.xpath("//section[@id='accounts']//p[contains(@class,'needs-script')]")]
    assert note == [T("why.many_noscript")]
    content = json.loads(tree.xpath("//script[@id='compact']")[0].text)
    names = [s.name for s in read_samples(made.sheet).samples]
    assert content["samples"] == names
    markers = tables.read_table(made.tables / "markers.tsv", tables.MARKERS)
    codes = {"not_detected": "--", "not_searched": "//", "not_assessable": "??"}
    seen = 0
    for panel in content["panels"]:
        part = markers[markers["panel"] == panel["panel"]].set_index(["gene", "sample"]).to_dict("index")
        for gene, line in zip(panel["genes"], panel["cells"], strict=True):
            assert len(line) == 122
            for i, name in enumerate(names[:15]):
                entry = part[gene, name]
                level = "" if entry["status"] != "detected" else f"{round(100 * entry['rank_percentile']):02d}"
                assert line[2 * i : 2 * i + 2] == (codes.get(entry["status"]) or level.replace("100", "**"))
                seen += 1
    assert seen == 15 * markers[markers["panel"].str.startswith("misev_")].groupby(["panel", "gene"]).ngroups
    contributions = tables.read_table(made.tables / "contributions.tsv", tables.CONTRIBUTIONS)
    assert sum(map(len, content["contributions"])) == len(contributions)


# -- form -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("which", ["page", "hostile", "empty"])
def test_structure_is_accessible(which: str, request: pytest.FixtureRequest) -> None:
    tree = request.getfixturevalue(which)
    assert tree.get("lang") == "en"
    levels = [int(h.tag[1]) for h in tree.xpath("//h1|//h2|//h3|//h4")]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(b - a <= 1 for a, b in pairwise(levels)), "no level is left out"
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    for value in tree.xpath("//@aria-labelledby|//@aria-describedby|//a[starts-with(@href,'#')]/@href"):
        assert value.removeprefix("#") in ids, value
    for table in tree.iter("table"):
        assert table.find("caption") is not None
        assert all(th.get("scope") in {"col", "row", "colgroup"} for th in table.iter("th"))
        assert all(len(r.xpath("./th")) == 1 for r in table.xpath("./tbody/tr")), "every row has its header"
    for figure in tree.iter("figure"):
        assert text_of(figure.find("figcaption")) or figure.xpath(".//p[@class='empty']")
        assert figure.xpath(".//details//table") or figure.xpath(".//p[@class='empty']"), "numbers beside each figure"
    assert tree.xpath("//a[@class='skip']/@href") == ["#verdicts"]


def test_truth_and_simulation_are_said(page: html.HtmlElement, hostile: html.HtmlElement) -> None:
    assert not page.xpath("//p[contains(@class,'banner') and not(contains(@class,'plain'))]")
    banner = hostile.xpath("//p[@class='banner']")[0]
    assert "All 14 samples of this study are simulated" in text_of(banner)
    assert hostile.findtext(".//title").startswith("[Simulated data]")
    truth = hostile.xpath("//section[@id='truth']")[0]
    assert len(truth.xpath(".//table[@id='numbers-truth']/tbody/tr")) == 14
    assert T("truth.unreadable", n=1) in text_of(truth)
    drawn = json.loads(hostile.xpath("//script[@id='json-truth']")[0].text)["data"]
    assert sum(len(trace["x"]) for trace in drawn) == 3 * 13, "three quantities of the thirteen samples with a number"
