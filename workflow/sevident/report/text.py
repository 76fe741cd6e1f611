"""The words of the page, one catalogue per language, and nothing else: no HTML, no numbers of a study.

``{name}`` is filled in by the caller. A key that ends in ``.one`` is the singular of the key that ends in ``.other``;
the caller names the key without the ending and gives ``n``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sevident.errors import ConfigurationError, did_you_mean
from sevident.report.phrases import Phrasebook
from sevident.report.text_en import ENGLISH
from sevident.report.text_ja import JAPANESE
from sevident.report.text_ja_phrases import JAPANESE_PHRASES

CATALOGUES: dict[str, Mapping[str, str]] = {"en": ENGLISH, "ja": JAPANESE}
#: sentences of the tables, by language of the page
PHRASES: dict[str, Mapping[str, str]] = {"ja": JAPANESE_PHRASES}
#: the language of the sentences and titles that the stages write into the tables
TABLES_SPEAK = "en"
#: what the tables say in words of the catalogue, and what they call by the words of a code
_SAID_IN_TABLES = ("panel", "compartment", "quantity", "kind", "unit", "note", "risk_item", "risk_limits", "reason")
_CODES_IN_TABLES = ("compartment", "quantity", "role", "axis")
#: signs that carry a meaning beside the words, the same in every language
VERDICT_SYMBOLS = {"small_ev": "●", "secretome": "▲", "serum": "■", "cell_debris": "◆", "indeterminate": "✱"}
STATUS_SYMBOLS = {"detected": "+", "not_detected": "−", "not_searched": "∅", "not_assessable": "?"}
EQUIVALENCE_SYMBOLS = {"equivalent": "✓", "different": "✗", "inconclusive": "≈"}
CONTROL_SYMBOLS = {"in_control": "✓", "out_of_control": "✗", "not_assessable": "?"}
RISK_SYMBOLS = {"found": "+", "not_found": "−", "not_searched": "∅", "not_assessable": "?", "not_tested": "–"}
SIGN_SYMBOLS = {"for": "+", "against": "✗", "neutral": "≈", "not_assessable": "?"}
RESULT_SYMBOLS = {"pass": "✓", "fail": "✗", "inconclusive": "≈", "not_tested": "–", "not_assessable": "?"}


class Catalogue:
    """The strings of one language; call it with a key and the values to fill in."""

    def __init__(self, language: str, strings: Mapping[str, str]) -> None:
        self.language = language
        self._strings = strings
        self._phrases = _phrasebook(strings, PHRASES[language]) if language in PHRASES else None

    def __call__(self, key: str, /, **values: object) -> str:
        """The string; KeyError for a key that the catalogue does not have."""
        if key not in self._strings and "n" in values:
            key = f"{key}.one" if str(values["n"]) == "1" else f"{key}.other"
        return self._strings[key].format(**values)

    def known(self, prefix: str, name: str) -> str:
        """The word for a controlled value (``prefix.name``), or the value itself when the catalogue has none."""
        return self._strings.get(f"{prefix}.{name}", name)

    @property
    def as_tables(self) -> bool:
        """True when the page speaks the language of the tables, whose sentences are then shown as they stand."""
        return self.language == TABLES_SPEAK

    def has(self, key: str) -> bool:
        """True when the catalogue has the key."""
        return key in self._strings

    def title(self, prefix: str, name: str, stated: str) -> str:
        """What the table calls a thing, on a page of its language; else the catalogue's name, where there is one."""
        stated = stated or name.replace("_", " ")
        return stated if self.as_tables else self._strings.get(f"{prefix}.{name}") or self.said(stated) or stated

    def said(self, sentence: str) -> str | None:
        """A sentence of the tables in the language of the page, None where it cannot be said in it."""
        if self.as_tables or not sentence:
            return sentence
        return self._phrases.say(sentence) if self._phrases else None

    def cited(self, sources: Iterable[str]) -> str:
        """Citations of the tables, each once; those of works in the language of the page are said in it."""
        named = (self.said(one) or one for source in sources if source for one in source.split("; "))
        return self.joined(dict.fromkeys(named), "semicolon")

    def stated(self, sentence: str) -> str:
        """A sentence of the tables within one of the page, marked where it stays in the language of the tables."""
        said = self.said(sentence)
        return f"{self('page.as_in_table')} {sentence}" if said is None else said

    def joined(self, parts: Iterable[str], sign: str = "comma") -> str:
        """Words strung together as the language does it; ``sign``: comma, semicolon, sentences."""
        return self._strings[f"list.{sign}"].join(parts)

    def under(self, prefix: str) -> dict[str, str]:
        """All strings whose key begins with ``prefix.``, by the rest of the key, in catalogue order."""
        start = f"{prefix}."
        return {k.removeprefix(start): v for k, v in self._strings.items() if k.startswith(start)}


def _phrasebook(strings: Mapping[str, str], phrases: Mapping[str, str]) -> Phrasebook:
    """The phrases of a language, with what both catalogues hold in full and the words of codes."""
    known = {
        words: strings[key]
        for key, words in ENGLISH.items()
        if key.split(".")[0] in _SAID_IN_TABLES and key in strings and "{" not in words
    }
    codes = {
        key.split(".", 1)[1].replace("_", " "): words
        for key, words in strings.items()
        if key.split(".")[0] in _CODES_IN_TABLES
    }
    signs = (strings["list.stop"], strings["list.semicolon"], strings["list.comma"])
    return Phrasebook({**codes, **known, **phrases}, signs)


def catalogue(language: str) -> Catalogue:
    """The catalogue of a language. Raises ConfigurationError when there is none."""
    if language not in CATALOGUES:
        raise ConfigurationError(
            "the report does not speak this language",
            where="configuration, key 'report: language'",
            found=repr(language),
            expected=", ".join(CATALOGUES),
            advice=did_you_mean(str(language), CATALOGUES),
        )
    return Catalogue(language, CATALOGUES[language])
