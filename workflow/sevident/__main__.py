"""``python -m sevident`` is the command ``sevident``."""

from .cli import command

if __name__ == "__main__":
    command()
