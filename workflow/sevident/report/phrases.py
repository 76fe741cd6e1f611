"""Sentences of the tables said in another language, with their numbers.

Stages write sentences such as ``0.62 does not meet at least 0.8``: fixed words around numbers and names. A book of
phrases holds each of them twice, as a template in the language of the tables and as one in the language of the page:

    "{n} does not meet {limit_}": "{n}は{limit_}を満たさない"

The fields take what stands in the sentence: ``{n}``, ``{n1}``, ... a number; ``{title}`` a name, said in the other
language where the book knows it, ``{titles}`` several; ``{unit}`` and ``{limit_}`` text without brackets, ``{word}``
without quotes; ``{..._}`` a part that is a phrase itself; any other field text as it stands. A sentence may be strung
together from phrases by full stops, semicolons and commas. What is not a phrase as a whole is not said at all: half a
sentence in each language helps nobody.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

_FIELD = re.compile(r"\{(\w+)\}")
_COUNTED = re.compile(r"n\d*")
_NUMBER = r"[-+−±<>]?(?:\d+(?:[.,]\d+)*(?:e[-+]?\d+)?|nan|inf)"
#: what fields of these names hold; all others any text
_TAKEN = {"unit": "[^();]+?", "limit_": "[^()]+?", "word": "[^']+?"}
#: sentences are put together from few parts; longer text is somebody's own
_LONGEST = 1500


class Phrasebook:
    """The phrases from one language into another; ``signs`` are those that stand for ``. ``, ``; `` and ``, ``."""

    def __init__(self, phrases: Mapping[str, str], signs: tuple[str, str, str]) -> None:
        self._exact = {source.casefold(): words for source, words in phrases.items() if "{" not in source}
        templates = [(_pattern(source), words) for source, words in phrases.items() if "{" in source]
        # the more a template says itself, the less its fields can take that belongs to another
        self._templates = sorted(templates, key=lambda pair: -len(re.sub(r"\(\?P.*?\)", "", pair[0].pattern)))
        self._separators = tuple(zip((". ", "; ", ", "), signs, strict=True))
        self._stop = signs[0]
        self._known = lru_cache(maxsize=20_000)(self._find)

    def say(self, sentence: str) -> str | None:
        """The sentence in the other language; None where the book does not hold all of it."""
        return self._known(sentence.strip()) if 0 < len(sentence) <= _LONGEST else None

    def _find(self, text: str) -> str | None:
        if (whole := self._exact.get(text.casefold())) is not None:
            return whole
        if text.endswith("."):
            inner = self._known(text[:-1])
            return None if inner is None else f"{inner}{self._stop}"
        # first between sentences: a field of any text would take the next sentence with it
        *stops, comma = self._separators
        for pair in stops:
            if (said := self._parted(text, *pair)) is not None:
                return said
        for pattern, words in self._templates:
            if (match := pattern.fullmatch(text)) and (said := self._filled(words, match.groupdict())) is not None:
                return said
        return self._parted(text, *comma)

    def _parted(self, text: str, separator: str, sign: str) -> str | None:
        """Two phrases with a sign between them; either may be two itself."""
        at = text.find(separator)
        while at >= 0:
            first = self._known(text[:at])
            if first is not None and (rest := self._known(text[at + len(separator) :])) is not None:
                return f"{first}{sign}{rest}"
            at = text.find(separator, at + 1)
        return None

    def _filled(self, words: str, fields: Mapping[str, str]) -> str | None:
        out = {}
        for name, stated in fields.items():
            if name.endswith("_"):
                said = self._known(stated)
                if said is None:
                    return None
                out[name] = said
            elif name == "titles":
                out[name] = self._separators[2][1].join(self._title(one) for one in stated.split(", "))
            else:
                out[name] = self._title(stated) if name == "title" else stated
        return words.format(**out)

    def _title(self, stated: str) -> str:
        """A name said in the other language, or as it is: genes have no other name."""
        return self._known(stated) or stated


def _pattern(source: str) -> re.Pattern[str]:
    """The template as a pattern; a field that comes twice is the same text twice."""
    out, seen = "", set()
    for i, piece in enumerate(_FIELD.split(source)):
        if i % 2 == 0:
            out += re.escape(piece)
        elif piece in seen:
            out += f"(?P={piece})"
        else:
            seen.add(piece)
            taken = _NUMBER if _COUNTED.fullmatch(piece) else _TAKEN.get(piece, ".+?")
            out += f"(?P<{piece}>{taken})"
    return re.compile(out, re.DOTALL | re.IGNORECASE)
