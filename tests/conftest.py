"""What all tests share: where the checkout is, and the public studies that may stand beside it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

# as in an installation without the tools of development, one of which brings the slower defusedxml
os.environ.setdefault("OPENPYXL_DEFUSEDXML", "False")

CHECKOUT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def checkout() -> Path:
    """The root of the checkout."""
    return CHECKOUT


@pytest.fixture(scope="session")
def shared_data(checkout: Path) -> Path:
    """The folder of public studies beside the checkout; tests that need it skip where it is absent."""
    folder = checkout.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("public studies are not beside the checkout (../shared/data)")
    return folder


@pytest.fixture(scope="session")
def studies(shared_data: Path) -> Path:
    """The folder of labelled public studies."""
    return shared_data / "studies"
