"""Errors that a user can act on.

Every error names where it was found, what was found, what was expected and what to do. The command line and the
Snakefile print them as they are and end with exit code 1; anything else is a defect of sEVident and keeps its
traceback.
"""

from __future__ import annotations

from collections.abc import Iterable

_LONGEST = 900  # characters of one part of a message; what a file holds (a name, a cell) may have any length


def clip(text: str, longest: int = _LONGEST) -> str:
    """The text, or, where it is longer than that, its beginning and end with a word on what is left out between."""
    if len(text) <= longest:
        return text
    end = longest // 4
    start = longest - end - len(" [... 1,000,000 characters ...] ")
    return f"{text[:start]} [... {len(text) - start - end:,} characters ...] {text[-end:]}"


class SevidentError(Exception):
    """A problem of the input, the configuration or the environment, in words for the user.

    Parameters are all text: ``problem`` (what is wrong), ``where`` (file, line, column, key), ``found``, ``expected``,
    ``advice`` (what to do). Parts left out are not printed, and long ones lose their middle.
    """

    def __init__(
        self,
        problem: str,
        *,
        where: str | None = None,
        found: str | None = None,
        expected: str | None = None,
        advice: str | None = None,
    ) -> None:
        self.problem = clip(problem)
        self.where = where and clip(where)
        self.found = found and clip(found)
        self.expected = expected and clip(expected)
        self.advice = advice and clip(advice)
        super().__init__(self.render())

    def render(self) -> str:
        """The message as a small block of labelled lines."""
        lines = [self.problem]
        for label, text in (
            ("where", self.where),
            ("found", self.found),
            ("expected", self.expected),
            ("do", self.advice),
        ):
            if text:
                lines.append(f"  {label + ':':<10}{text}")
        return "\n".join(lines)


class ConfigurationError(SevidentError):
    """The configuration file or a specification is not usable."""


class SampleSheetError(SevidentError):
    """The sample sheet is not usable, or does not fit the inputs."""


class InputError(SevidentError):
    """A search result cannot be read as what it is said, or seems, to be."""


class PanelError(SevidentError):
    """The marker registry is not consistent."""


def nearest(word: str, known: Iterable[str], *, cutoff: float = 60.0) -> str | None:
    """The known word most like ``word``, or None when nothing is alike.

    Similarity is rapidfuzz's WRatio on lower-cased words (0..100); ``cutoff`` is the least that counts as alike.
    """
    from rapidfuzz import fuzz, process

    choices = [str(k) for k in known]
    hit = process.extractOne(str(word), choices, scorer=fuzz.WRatio, processor=str.lower, score_cutoff=cutoff)
    return hit[0] if hit else None


def did_you_mean(word: str, known: Iterable[str], *, most: int = 8) -> str:
    """Advice naming the nearest known word, or listing the first ``most`` known words."""
    choices = [str(k) for k in known]
    hit = nearest(word, choices)
    if hit:
        return f"did you mean '{hit}'?"
    shown = ", ".join(choices[:most])
    return f"known are: {shown}{' ...' if len(choices) > most else ''}"
