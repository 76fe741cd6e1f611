"""How long the report takes to write, how large it is, and how soon it answers in a browser.

    python -m tests.benchmarks.page --samples 12 1000

Writing is timed with the tables on disk, without the start of Python. In the browser the clock runs from the start of
loading until the page is loaded, its verdict table is filtered and the detail view of one sample is open. What the page
must hold is printed beside what was measured; the command fails where it does not.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from tests.browser import synthetic
from tests.browser.conftest import ARGUMENTS, NAMES

#: samples -> (seconds to write, megabytes); above the last, the last holds
LIMITS = {12: (4.0, 4.0), 1000: (40.0, 25.0)}
INTERACTIVE = 3.0


def limits(samples: int) -> tuple[float, float]:
    """(seconds, megabytes) that a page of so many samples may take."""
    return LIMITS[12] if samples <= 12 else LIMITS[1000]


def answers(page: Path, samples: int) -> tuple[float, float] | None:
    """Seconds until the page is loaded, its verdicts filtered, and one sample's detail open, by the clock and of the
    page's own thread (which other work on the machine does not lengthen); None where there is no browser.
    """
    path = next(filter(None, map(shutil.which, NAMES)), None)
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return None
    if path is None:
        return None
    with sync_playwright() as running:
        browser = running.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        tab = browser.new_page(viewport={"width": 1440, "height": 900})
        inside = tab.context.new_cdp_session(tab)
        inside.send("Performance.enable", {"timeDomain": "threadTicks"})
        started = time.perf_counter()
        tab.goto(page.as_uri())
        controls = tab.locator("#verdict-controls select")
        controls.nth(0).select_option("small_ev")
        # the page says how many rows fit; asking each row whether it can be seen takes longer than filtering them
        tab.locator("#verdict-table tbody tr[hidden]").first.wait_for(state="attached")
        if tab.locator("#one-sample select").count():
            tab.locator("#one-sample select").select_option(str(samples // 2))
            tab.locator("#one-sample-tables table").first.wait_for()
        else:
            tab.locator("#verdict-table tbody tr:visible a.facts").first.click()
            tab.locator("details.account[open] table").first.wait_for()
        seconds = time.perf_counter() - started
        metrics = {m["name"]: m["value"] for m in inside.send("Performance.getMetrics")["metrics"]}
        browser.close()
    return seconds, metrics["TaskDuration"]


def measure(samples: int, folder: Path) -> bool:
    """Print what a page of so many samples takes; False where it is more than it may."""
    study = synthetic.write(folder, samples, specification=True, release=True, cloud=True)
    used, started = time.process_time(), time.perf_counter()
    page = study.report()
    seconds, of_processor = time.perf_counter() - started, time.process_time() - used
    size = page.stat().st_size / 1e6
    most_seconds, most_size = limits(samples)
    browser = answers(page, samples)
    shown = "no browser"
    if browser is not None:
        shown = f"{browser[0]:.2f} s ({browser[1]:.2f} s of its thread; limit {INTERACTIVE:.0f})"
    print(
        f"{samples:5d} samples: written in {seconds:.2f} s ({of_processor:.2f} s of processor; "
        f"limit {most_seconds:.0f}); "
        f"{size:.1f} MB (limit {most_size:.0f}); interactive after {shown}"
    )
    return seconds <= most_seconds and size <= most_size and (browser is None or browser[0] <= INTERACTIVE)


def main() -> int:
    """Measure pages of the sizes that are asked for; 1 where one is over its limits."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", type=int, nargs="+", default=[12, 1000])
    os.environ.setdefault("SOURCE_DATE_EPOCH", "1700000000")
    held = []
    for samples in parser.parse_args().samples:
        with tempfile.TemporaryDirectory() as folder:
            held.append(measure(samples, Path(folder)))
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
