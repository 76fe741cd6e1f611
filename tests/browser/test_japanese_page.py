"""The Japanese page in a browser: quiet, sorted and filtered in its own words, no column one sign wide, printed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sevident.report.text import catalogue
from sevident.report.text_en import ENGLISH
from tests.browser import synthetic
from tests.browser.conftest import MANY, Pages, draw

pytestmark = pytest.mark.browser
T = catalogue("ja")
#: texts of cells that break into lines of fewer than two signs on average
NARROW = """() => {
  document.querySelectorAll("details").forEach(d => { d.open = true; });
  const narrow = [];
  document.querySelectorAll("th, td").forEach(cell => {
    const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const told = walker.currentNode.data.trim();
      if (!/^[ぁ-んァ-ン一-龥ー]{4,}$/.test(told)) continue;
      const range = document.createRange();
      range.selectNodeContents(walker.currentNode);
      const lines = new Set(Array.from(range.getClientRects(), r => Math.round(r.top))).size;
      if (lines && told.length / lines < 2) narrow.push(told);
    }
  });
  return narrow;
}"""


@pytest.fixture(scope="module")
def japanese(tmp_path_factory: pytest.TempPathFactory) -> Pages:
    """Reports in Japanese: plain, with hostile names, and of many samples."""
    kinds: dict[str, dict[str, Any]] = {
        "plain": {"samples": 12, "specification": True, "release": True, "cloud": True, "truth": True},
        "hostile": {"samples": 14, "names": synthetic.HOSTILE, "simulated": True, "release": True},
        "many": {"samples": MANY, "names": synthetic.HOSTILE, "specification": True, "release": True},
    }
    return Pages(tmp_path_factory, kinds, "ja")


@pytest.fixture
def opened(browser: Any, japanese: dict[str, Path]) -> Iterator[Callable[..., Any]]:
    contexts = []

    def make(name: str, width: int = 1440) -> Any:
        context = browser.new_context(viewport={"width": width, "height": 900}, locale="ja-JP")
        contexts.append(context)
        tab = context.new_page()
        tab.noise = []
        tab.on("console", lambda m: tab.noise.append(m.text))
        tab.on("pageerror", lambda e: tab.noise.append(str(e)))
        tab.on("request", lambda r: tab.noise.append(r.url) if r.url != japanese[name].as_uri() else None)
        tab.goto(japanese[name].as_uri())
        draw(tab)
        return tab

    yield make
    for context in contexts:
        context.close()


@pytest.mark.parametrize("name", ["plain", "hostile", "many"])
@pytest.mark.parametrize("width", [1440, 390])
def test_quiet_and_no_wider_than_the_window(opened: Callable[..., Any], name: str, width: int) -> None:
    tab = opened(name, width)
    assert tab.noise == []
    assert tab.evaluate("document.documentElement.lang") == "ja"
    assert tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert tab.evaluate(NARROW) == []
    assert tab.evaluate("window.hacked") is None


def test_the_words_of_the_script_are_japanese(opened: Callable[..., Any]) -> None:
    tab = opened("plain")
    controls = tab.locator("#verdict-controls")
    assert T("control.search") in controls.inner_text()
    assert T("control.shown", shown=12, total=12) in controls.inner_text()
    controls.locator("input").fill("donor1_rep2")
    assert T("control.shown", shown=1, total=12) in controls.inner_text()
    controls.locator("button").click()
    head = tab.locator("#verdict-table th[data-col='4'] button")
    assert head.get_attribute("title") == T("control.sort", column=T("verdicts.identity"))
    head.click()
    values = tab.locator("#verdict-table tbody tr td:nth-child(5)").evaluate_all("c => c.map(e => Number(e.dataset.v))")
    assert values == sorted(values, reverse=True)


def test_one_sample_at_a_time_is_japanese(opened: Callable[..., Any]) -> None:
    tab = opened("many")
    # what is not near the window has no inner text until it is laid out
    tab.evaluate("document.querySelectorAll('main *').forEach(e => { e.style.contentVisibility = 'visible'; })")
    quoted = tab.locator("#one-sample-tables [lang=en]").all_inner_texts()
    assert quoted
    assert all(told.startswith(T("page.as_in_table")) for told in quoted)
    tab.evaluate("document.querySelectorAll('[lang=en] [lang=en], :not(html)[lang=en]').forEach(e => e.remove())")
    shown = tab.locator("main").inner_text()
    assert T("control.sample") in shown
    assert T("paging.next") in tab.locator(".paging").first.inner_text()
    words = {w for w in ENGLISH.values() if re.fullmatch(r"[A-Z][a-z]+ [a-z ]{6,}", w)}
    assert len(words) > 50
    assert {w for w in words if w in shown} == set()


def test_figures_speak_japanese(opened: Callable[..., Any]) -> None:
    tab = opened("plain")
    told = " ".join(tab.locator(".plot svg text").all_text_contents())
    for key in ("why.map.x", "why.families.colour", "panel.tetraspanins", "compartment.vesicular", "truth.x"):
        assert T(key) in told, key
    assert "Tetraspanins" not in told


def test_print_has_signatures_and_its_page_numbers(opened: Callable[..., Any], tmp_path: Path) -> None:
    tab = opened("plain")
    tab.emulate_media(media="print")
    table = tab.locator("#signatures table")
    assert table.locator("tbody th").all_inner_texts() == ["作成", "照査", "承認"]
    tab.pdf(path=tmp_path / "ja.pdf", prefer_css_page_size=True)
    assert (tmp_path / "ja.pdf").stat().st_size > 50_000
    style = tab.locator("style").first.text_content()
    assert f'content: "{T("print.page")} " counter(page)' in style
