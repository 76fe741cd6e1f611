"""A run needs no network: it succeeds in a network namespace without any interface."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import LONGEST

pytestmark = pytest.mark.workflow

_CUT_OFF = ("unshare", "--map-root-user", "--net")
_REACH = "import socket; socket.create_connection(('127.0.0.1', 9), 1)"


def test_a_run_without_network(checkout: Path, study: Path) -> None:
    if not shutil.which("unshare") or subprocess.run([*_CUT_OFF, "true"], capture_output=True, check=False).returncode:
        pytest.skip("network namespaces are not to be had here")
    # not even the loopback interface is up
    reach = subprocess.run([*_CUT_OFF, sys.executable, "-c", _REACH], capture_output=True, text=True, check=False)
    assert "Network is unreachable" in reach.stderr
    program = Path(sys.executable).parent / "snakemake"
    command = [*_CUT_OFF, program, "--snakefile", checkout / "Snakefile", "--cores", "2"]
    done = subprocess.run(command, cwd=study, capture_output=True, text=True, check=False, timeout=LONGEST)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (study / "results" / "small" / "report.html").is_file()


def test_the_page_asks_for_nothing(first_run: tuple[Path, str]) -> None:
    """No script, style, picture or font of the page comes from elsewhere."""
    page = (first_run[0] / "results" / "small" / "report.html").read_text(encoding="utf-8")
    for tag in ('<script src="', "<link ", '<img src="http', "@import", "url(http", "<iframe"):
        assert tag not in page, tag
