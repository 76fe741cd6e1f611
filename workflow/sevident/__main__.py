"""``python -m sevident`` is the command ``sevident``."""

import sys

from .cli import main

if __name__ == "__main__":
    sys.exit(main())
