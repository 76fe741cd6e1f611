"""The page in a browser: quiet, offline, sortable, drawn, narrow, and readable without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sevident.report.text import catalogue
from tests.browser import synthetic
from tests.browser.conftest import MANY, draw

pytestmark = pytest.mark.browser
T = catalogue("en")
FIGURES = {"plain": 8, "hostile": 9, "empty": 0, "many": 7}


class View:
    """An opened page and everything that it said or asked for."""

    def __init__(self, context: Any, path: Path) -> None:
        self.said: list[str] = []
        self.asked: list[str] = []
        self.tab = context.new_page()
        self.tab.on("console", lambda m: self.said.append(f"{m.type}: {m.text}"))
        self.tab.on("pageerror", lambda e: self.said.append(str(e)))
        self.tab.on("request", lambda r: self.asked.append(r.url))
        self.url = path.as_uri()
        self.tab.goto(self.url)
        if context.scripts:
            draw(self.tab)

    def texts(self, selector: str) -> list[str]:
        return self.tab.locator(selector).all_inner_texts()


@pytest.fixture
def open_page(browser: Any, pages: dict[str, Path]) -> Iterator[Callable[..., View]]:
    contexts = []

    def make(name: str, *, width: int = 1440, scripts: bool = True) -> View:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=scripts, offline=False, locale="en-GB"
        )
        context.scripts = scripts
        contexts.append(context)
        return View(context, pages[name])

    yield make
    for context in contexts:
        context.close()


@pytest.mark.parametrize("name", list(FIGURES))
def test_quiet_and_offline(open_page: Callable[..., View], name: str) -> None:
    view = open_page(name)
    assert view.tab.locator(".plot .main-svg").count() >= FIGURES[name]
    assert view.tab.locator(".plot").count() == FIGURES[name]
    assert view.said == []
    assert view.asked == [view.url]
    assert view.tab.evaluate("window.hacked") is None


def test_policy_stops_requests_and_foreign_scripts(open_page: Callable[..., View]) -> None:
    view = open_page("plain")
    outcome = view.tab.evaluate(
        """async () => {
            const blocked = [];
            document.addEventListener("securitypolicyviolation", e => blocked.push(e.effectiveDirective));
            await fetch("https://example.invalid/x").catch(() => {});
            const image = new Image(); image.src = "https://example.invalid/x.png"; document.body.appendChild(image);
            const script = document.createElement("script"); script.textContent = "window.hacked = 1";
            document.body.appendChild(script);
            document.body.insertAdjacentHTML("beforeend", "<p onclick='window.hacked = 1' id='trap'>x</p>");
            document.getElementById("trap").click();
            await new Promise(done => setTimeout(done, 200));
            return {blocked, hacked: window.hacked};
        }"""
    )
    assert {"connect-src", "img-src", "script-src-elem", "script-src-attr"} <= set(outcome["blocked"])
    assert outcome.get("hacked") is None


def test_hostile_names_are_shown_in_figures_as_they_are(open_page: Callable[..., View]) -> None:
    view = open_page("hostile")
    ticks = view.tab.locator("#plot-composition .ytick text").evaluate_all("es => es.map(e => e.textContent)")
    short = [name for name in synthetic.HOSTILE if len(name) <= 28]
    assert set(short) <= {t.replace("\u00a0", " ") for t in ticks}
    assert view.tab.locator(".plot a").count() == 0, "no name became a link"


def test_sorting_by_number_and_by_word(open_page: Callable[..., View]) -> None:
    view = open_page("plain")
    head = view.tab.locator("#verdict-table th", has_text="Identity")
    numbers = "#verdict-table tbody tr td:nth-of-type(4)"

    def values() -> list[float]:
        return [float(v) for v in view.tab.locator(numbers).evaluate_all("es => es.map(e => e.dataset.v)")]

    start = values()
    assert head.get_attribute("aria-sort") == "none"
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "descending"
    assert values() == sorted(start, reverse=True)
    head.locator("button").press("Enter")
    assert head.get_attribute("aria-sort") == "ascending"
    assert values() == sorted(start)
    other = view.tab.locator("#verdict-table th", has_text="Verdict").first
    other.locator("button").click()
    assert head.get_attribute("aria-sort") == "none"
    words = [" ".join(w.split()) for w in view.texts("#verdict-table tbody tr td:nth-of-type(3)")]
    plain = [w.split(" ", 1)[1] for w in words]
    assert len(set(plain)) == 5
    assert plain == sorted(plain, key=str.casefold), "by the word, not by its sign"


def test_narrow_rows_are_cards_that_need_no_sideways_scroll(open_page: Callable[..., View]) -> None:
    view = open_page("hostile", width=390)
    table = view.tab.locator("#verdict-table")
    boxes = view.tab.locator(".scroll:visible:has(> table.cards)")
    assert boxes.count() > 5
    assert boxes.evaluate_all("es => es.filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.ariaLabel)") == []
    row = table.locator("tbody tr").first
    name, reasons = (row.locator(s).bounding_box() for s in ("th", "td.reasons"))
    assert reasons["y"] > name["y"] + name["height"], "reasons stand below"
    assert reasons["width"] > 250
    told = row.locator("td.iv").first.evaluate("e => getComputedStyle(e, '::before').content")
    assert told == f'"{T("verdicts.identity")}"'
    roles = table.evaluate("e => [...new Set([...e.querySelectorAll('tr, th, td')].map(x => x.getAttribute('role')))]")
    assert set(roles) == {"row", "columnheader", "rowheader", "cell"}
    assert table.locator("tbody tr:visible").count() == 12
    table.locator("th", has_text="Identity").locator("button").click()
    assert table.locator("th", has_text="Identity").get_attribute("aria-sort") == "descending"


def test_names_of_rows_stay_beside_a_narrow_figure(open_page: Callable[..., View]) -> None:
    view = open_page("plain", width=390)
    box, names = view.tab.locator("#figure-families .plotbox"), view.tab.locator("#plot-families .rownames div")
    start = names.bounding_box()
    assert start["x"] >= 0 and start["width"] < 140
    assert names.locator("span").count() > 10
    assert box.evaluate("e => { e.scrollLeft = 200; return e.scrollLeft; }") > 100
    assert names.bounding_box()["x"] == pytest.approx(start["x"], abs=1)
    wide = open_page("plain")
    assert wide.tab.locator(".rownames").count() == 0


def test_contents_mark_the_section_that_is_read(open_page: Callable[..., View]) -> None:
    view = open_page("plain")
    for name in ("methods", "verdicts"):
        view.tab.evaluate("name => document.getElementById(name).scrollIntoView({behavior: 'instant'})", name)
        view.tab.locator(f".toc a[href='#{name}'][aria-current]").wait_for()
        assert view.tab.locator(".toc a[aria-current]").count() == 1


def test_missing_numbers_sort_last(open_page: Callable[..., View]) -> None:
    view = open_page("plain")
    view.tab.locator("#numbers-families").evaluate("e => { e.closest('details').open = true; }")
    head = view.tab.locator("#numbers-families th[data-sort=num]").first
    cells = view.tab.locator("#numbers-families tbody tr td:nth-of-type(2)")
    for _ in range(2):
        head.locator("button").click()
        shown = cells.evaluate_all("es => es.map(e => e.dataset.v === undefined)")
        assert any(shown)
        assert shown == sorted(shown), "what was not measured stands below what was"


def test_filtering_by_word_verdict_and_role(open_page: Callable[..., View]) -> None:
    view = open_page("plain")
    rows = view.tab.locator("#verdict-table tbody tr:visible")
    controls = view.tab.locator("#verdict-controls")
    said = controls.locator("output")
    assert rows.count() == 12
    controls.locator("input").fill("donor2")
    found = rows.count()
    assert 0 < found < 12
    assert said.inner_text() == T("control.shown", shown=found, total=12)
    controls.locator("button").click()
    assert rows.count() == 12
    controls.locator("select").nth(0).select_option("small_ev")
    assert all(
        T("verdict.small_ev") in " ".join(r.split()) for r in rows.locator("td:nth-of-type(3)").all_inner_texts()
    )
    assert 0 < rows.count() < 12
    controls.locator("select").nth(0).select_option("")
    controls.locator("select").nth(1).select_option("producer_lysate")
    shown = {text.splitlines()[0] for text in rows.locator("td:nth-of-type(2)").all_inner_texts()}  # above the mode
    assert shown == {T("role.producer_lysate")}
    controls.locator("input").fill("no such words")
    assert rows.count() == 0
    assert said.inner_text() == T("control.shown", shown=0, total=12)


@pytest.mark.parametrize("name", list(FIGURES))
@pytest.mark.parametrize("width", [390, 1440])
def test_page_never_scrolls_sideways(open_page: Callable[..., View], name: str, width: int) -> None:
    view = open_page(name, width=width)
    view.tab.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    assert view.tab.evaluate("document.documentElement.scrollWidth") <= width
    spilt = view.tab.evaluate(
        """width => [...document.querySelectorAll('main p, main li, main h2, main h3, main summary, main dd')]
            .filter(e => !e.closest('.scroll, .plotbox') && e.getBoundingClientRect().right > width + 1)
            .map(e => e.textContent.slice(0, 80))""",
        width,
    )
    assert spilt == []


def test_reasons_are_in_sight_at_desk_width(open_page: Callable[..., View]) -> None:
    view = open_page("plain")
    box = view.tab.locator("#verdict-table").evaluate(
        "e => [e.getBoundingClientRect().right, e.closest('.scroll').getBoundingClientRect().right]"
    )
    assert box[0] <= box[1] + 1


@pytest.mark.parametrize("name", ["plain", "many"])
def test_readable_without_scripts(open_page: Callable[..., View], name: str) -> None:
    view = open_page(name, scripts=False)
    assert T("page.noscript") in view.tab.locator("body").inner_text()
    assert view.tab.locator("#verdict-table tbody tr:visible").count() == (12 if name == "plain" else MANY)
    assert view.tab.locator("#verdict-controls").is_hidden(), "no control that does nothing"
    notes = view.texts(".plot .needs-script")
    assert notes == [T("figure.noscript")] * FIGURES[name]
    empty = view.tab.locator(".plot").evaluate_all("es => es.filter(e => e.offsetHeight > 80).length")
    assert empty == 0, "no room is kept for what is not drawn"
    fold = view.tab.locator("#families details.numbers")
    assert not fold.locator("table").is_visible()
    fold.locator("summary").click()
    assert fold.locator("table").is_visible(), "folded numbers open without a script"
    if name == "many":
        assert T("why.many_noscript") in view.tab.locator("#accounts").inner_text()


def test_account_opens_from_the_verdict(open_page: Callable[..., View]) -> None:
    view = open_page("plain")
    account = view.tab.locator("#why-3 table").first  # the contributions; the nearest reference samples follow
    assert not account.is_visible()
    view.tab.locator("#s-3 a.facts").click()
    account.wait_for(state="visible")


def test_one_sample_at_a_time(open_page: Callable[..., View]) -> None:
    view = open_page("many")
    picker = view.tab.locator("#one-sample select")
    assert picker.locator("option").count() == MANY
    caption = view.tab.locator("#one-sample-tables caption").first
    for number in (0, 4, MANY - 1):
        picker.select_option(str(number))
        name = synthetic.HOSTILE[number] if number < len(synthetic.HOSTILE) else None
        if name:
            assert caption.text_content() == T("why.accounts.table", sample=name)
        folds = view.tab.locator("#one-sample-tables details")
        assert folds.count() == 12, "the twelve categories of MISEV2018"
        assert folds.first.locator("tbody tr").count() > 50
    assert view.tab.evaluate("window.hacked") is None


def test_a_figure_can_be_saved(open_page: Callable[..., View]) -> None:
    view = open_page("plain")
    with view.tab.expect_download() as saved:
        view.tab.locator("#figure-map button.save").click()
    assert saved.value.suggested_filename == "sevident_map.svg"
    assert Path(saved.value.path()).read_text(encoding="utf-8").startswith("<svg")
    assert view.asked[0] == view.url
    assert all(url.startswith(("blob:", "data:", view.url)) for url in view.asked)


def test_keyboard_focus_is_seen(open_page: Callable[..., View]) -> None:
    view = open_page("plain")
    view.tab.keyboard.press("Tab")
    assert view.tab.evaluate("document.activeElement.className") == "skip"
    assert view.tab.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    view.tab.locator("#verdict-table button").first.focus()
    view.tab.keyboard.press("Tab")
    assert view.tab.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_many_rows_are_paged_and_none_is_lost(open_page: Callable[..., View]) -> None:
    view = open_page("many")
    rows, bar = view.tab.locator("#verdict-table tbody tr:visible"), view.tab.locator("#verdicts .paging")
    assert rows.count() == 100
    assert bar.locator("output").inner_text() == T("paging.shown", first=1, last=100, total=MANY)
    bar.get_by_text(T("paging.next")).click()
    assert rows.count() == MANY - 100
    assert bar.get_by_text(T("paging.next")).is_disabled()
    view.tab.locator("#verdict-table th", has_text="Identity").locator("button").click()
    assert rows.count() == 100, "sorted anew, the first rows are shown"
    view.tab.locator("#verdict-controls select").nth(0).select_option("serum")
    assert 0 < rows.count() < 100
    assert bar.is_hidden()
    assert view.tab.locator("#verdict-table tbody tr").count() == MANY


def test_detail_of_one_sample_holds_its_further_tables(open_page: Callable[..., View]) -> None:
    view = open_page("many")
    view.tab.locator("#one-sample select").select_option("1")
    captions = [c.strip() for c in view.tab.locator("#one-sample-tables > .scroll caption").all_text_contents()]
    name = synthetic.HOSTILE[1]
    assert T("neighbours.title", sample=name) in captions
    for section in ("risks", "source_cell", "subtypes", "specification"):
        assert T("list.colon", name=T(f"section.{section}"), text=name) in captions
    nearest = view.tab.locator("#one-sample-tables > .scroll", has_text=T("neighbours.title", sample=name))
    assert nearest.locator("tbody tr").count() == 5
    assert nearest.locator("tbody tr td:nth-of-type(4)").first.get_attribute("data-v")
    assert view.tab.evaluate("window.hacked") is None


@pytest.mark.parametrize(("name", "width"), [("plain", 390), ("plain", 1440), ("many", 390), ("empty", 1440)])
def test_axe_finds_nothing_serious(browser: Any, pages: dict[str, Path], name: str, width: int) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core is not installed")
    # the page's policy forbids foreign scripts, axe among them
    context = browser.new_context(viewport={"width": width, "height": 900}, bypass_csp=True)
    context.scripts = True
    view = View(context, pages[name])
    if (name, width) == ("plain", 390):
        view.tab.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    # of what passes nothing is kept, which takes longer than to look
    found = axe.Axe().run(view.tab, options={"resultTypes": ["violations"]}).response["violations"]
    grave = [(v["id"], v["nodes"][0]["html"][:200]) for v in found if v["impact"] in ("serious", "critical")]
    context.close()
    assert grave == []


@pytest.mark.parametrize("name", ["plain", "hostile", "empty", "many"])
def test_print_is_a4_with_everything_open(open_page: Callable[..., View], name: str, tmp_path: Path) -> None:
    view = open_page(name)
    folded = view.tab.locator("details:not([open])").count()
    view.tab.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    view.tab.emulate_media(media="print")
    as_opened = name in ("hostile", "many") and view.tab.locator("body[data-print=as-opened]").count() == 1
    # a large study prints what the reader opened, and says so beside the signatures
    assert view.tab.locator("details:not([open])").count() == (folded if as_opened else 0)
    assert (name == "many") <= as_opened
    assert (
        view.tab.locator("#verdict-table tbody tr:visible").count()
        == view.tab.locator("#verdict-table tbody tr").count()
    )
    assert view.tab.locator("#signatures tbody tr:visible").count() == 3
    for control in ("nav.toc", ".controls", ".paging", "button.save"):
        assert view.tab.locator(f"{control}:visible").count() == 0
    view.tab.set_viewport_size({"width": 1032, "height": 700})  # the printable width of the sheet
    patterned = "() => [...document.querySelectorAll('.plot path')].filter(e => e.style.fill.startsWith('url')).length"
    assert view.tab.evaluate(patterned) == 0, "each would be a picture of its own in the file"
    cut = view.tab.evaluate(
        """() => [...document.querySelectorAll('main table, .plot')]
            .filter(e => e.getBoundingClientRect().width && e.getBoundingClientRect().right > 1034)
            .map(e => [e.id || (e.caption && e.caption.textContent.slice(0, 60)), e.getBoundingClientRect().right])"""
    )
    assert cut == [], "nothing is cut at the edge of the sheet"
    view.tab.emulate_media(media="screen")
    view.tab.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert view.tab.locator("details:not([open])").count() == folded
    assert view.tab.locator(".divided, .replaced").count() == 0
    assert (view.tab.evaluate(patterned) > 0) == (view.tab.locator("#plot-composition").count() > 0)
    sheet = view.tab.pdf(prefer_css_page_size=True, print_background=True)
    assert len(sheet) < 5_000_000
    boxes = {tuple(round(float(n)) for n in box) for box in re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", sheet)}
    assert boxes <= {(842, 595), (841, 595), (595, 842), (595, 841)}, "A4, and nothing else"
    assert boxes


def test_headings_lead_to_every_section(open_page: Callable[..., View]) -> None:
    view = open_page("plain")
    targets = view.tab.locator("nav.toc a").evaluate_all("es => es.map(e => e.getAttribute('href'))")
    assert len(targets) == 17
    for target in targets:
        assert view.tab.locator(f"{target} > h2").count() == 1


def test_hostile_names_print_and_show_as_text(open_page: Callable[..., View]) -> None:
    view = open_page("hostile")
    for section in ("subtypes", "source_cell", "risks", "agreement"):
        told = view.tab.locator(f"#{section}").evaluate("e => e.textContent")
        assert all(name in told for name in synthetic.HOSTILE[:8]), section
    assert view.tab.locator("main img, main iframe").count() == 0
