"""A headless Chromium, found on the path; tests skip with the reason where there is none."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser import synthetic

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MANY = 104  #: samples of a study that is shown as a large one, with two pages of its longer tables
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


def draw(tab: Any) -> None:
    """Have every figure of an opened page drawn, as they are when they come near the window."""
    for box in tab.locator(".plot").all():
        box.scroll_into_view_if_needed()
    # not by wait_for_function: the page's policy forbids what that needs as soon as it has to wait
    tab.locator(".plot:not([data-drawn])").first.wait_for(state="detached")
    tab.evaluate("window.scrollTo(0, 0)")


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """A running browser of playwright."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip(f"no Chromium on the path ({', '.join(NAMES)})")
    with playwright.sync_playwright() as running:
        chromium = running.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield chromium
        chromium.close()


class Pages(dict[str, Path]):
    """Reports, each written when it is asked for: two workers share the tests and need not write all of them twice."""

    def __init__(self, factory: pytest.TempPathFactory, kinds: dict[str, dict[str, Any]], language: str = "en") -> None:
        super().__init__()
        self._factory, self._kinds, self._language = factory, kinds, language

    def __missing__(self, name: str) -> Path:
        made = synthetic.write(self._factory.mktemp(name), **self._kinds[name])
        made.settings["language"] = self._language
        self[name] = made.report()
        return self[name]


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Pages:
    """Reports to look at: a plain study, one with hostile names and truth, an empty one, one of many samples."""
    os.environ.setdefault("SOURCE_DATE_EPOCH", "1700000000")
    empty = ("markers", "families", "compartments", "contributions", "abundance", "proteins", "scores")
    kinds: dict[str, dict[str, Any]] = {
        "plain": {"samples": 12, "specification": True, "release": True, "cloud": True},
        "hostile": {"samples": 14, "names": synthetic.HOSTILE, "truth": True, "simulated": True, "release": True},
        "empty": {"samples": 3, "references": False, "warnings": False, "empty": empty},
        "many": {"samples": MANY, "names": synthetic.HOSTILE, "specification": True, "release": True},
    }
    return Pages(tmp_path_factory, kinds)
