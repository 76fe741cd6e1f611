"""A second language: every word comes from the catalogues, and what the tables say in English is marked or made anew.

The second language of these tests is English with every letter replaced: what still reads as English on such a page
did not come from a catalogue.
"""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from lxml import html
from tests.browser import synthetic

from sevident import panels, tables
from sevident.profiling.absence import NOTES
from sevident.report import page, sentences, text
from sevident.report.text_en import ENGLISH
from sevident.scoring import verdict

PACKAGE = synthetic.CHECKOUT / "workflow" / "sevident"
# the page of the evaluation is about the model, for whoever rebuilds it, and in English as the model card is
_ENGLISH_ONLY = {"evaluation.html.jinja"}
TEMPLATES = sorted(p for p in (PACKAGE / "report" / "templates").glob("*.jinja") if p.name not in _ENGLISH_ONLY)
CATALOGUE_FILES = sorted((PACKAGE / "report").glob("text_*.py"))
_SHIFT = str.maketrans(string.ascii_letters, "жбцдефгхийклмнопярстувшчызЖБЦДЕФГХИЙКЛМНОПЯРСТУВШЧЫЗ")
#: what reads as letters and is no word of a language: names in the tables, of files, of the field's lists
_NAMES = re.compile(
    r"[\w/.-]+\.(tsv|yaml|txt|md|json)|MSC_\w+|GENE\d+|synthetic|example|sEVident|L0\d|SEC|UC|donor\d|log2?|https?\S+|"
    r"reference_\d+|study \d|laboratory \d|maxquant|human|mouse|bovine|msc|per ml|UTC|small ev percent|\bother\b"
)


def shifted(template: str) -> str:
    """The template with its letters replaced and its fields kept."""
    pieces = re.split(r"(\{\w*\})", template)
    return "".join(p if p.startswith("{") else p.translate(_SHIFT) for p in pieces)


@pytest.fixture
def other(monkeypatch: pytest.MonkeyPatch) -> Iterator[text.Catalogue]:
    strings = {key: shifted(words) for key, words in ENGLISH.items()}
    monkeypatch.setitem(text.CATALOGUES, "xx", strings)
    yield text.Catalogue("xx", strings)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.name)
def test_templates_hold_no_words(path: Path) -> None:
    bare = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", " ", path.read_text(encoding="utf-8"), flags=re.S)
    # a tag may hold a jinja expression with a sign of comparison; those are gone by now
    assert not re.findall(r"[^\W\d_]{2,}", re.sub(r"<[^>]*>", " ", bare))
    for words in re.findall(r"(?:aria-label|title|alt|placeholder)=\"([^\"]*)\"", bare):
        assert not words.strip()


def test_the_script_holds_no_words() -> None:
    code = (page.ASSETS / "report.js").read_text(encoding="utf-8")
    code = re.sub(r"/\*.*?\*/", "", code, flags=re.S)
    literals = [a or b for a, b in re.findall(r'"((?:[^"\\\n]|\\.)*)"|\'((?:[^\'\\\n]|\\.)*)\'', code)]
    # selectors, attributes and names of events have no blank between two plain words
    sentences_in_code = [
        s for s in literals if re.search(r"[A-Za-z]{2,} [A-Za-z]{2,}", s) and not re.search(r"[.#\[]", s)
    ]
    assert [s for s in sentences_in_code if s not in ("use strict", "grid sortable")] == []


def test_a_page_of_another_language_has_no_english_of_its_own(
    tmp_path: Path, other: text.Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    made = synthetic.write(tmp_path, 12, specification=True, release=True, cloud=True, truth=True)
    made.settings["language"] = "xx"
    tree = html.document_fromstring(made.report().read_text(encoding="utf-8"))
    for element in tree.xpath(
        "//style|//script|//pre|//*[@lang='en']|//section[@id='provenance']|//ol[@class='sources']"
    ):
        element.getparent().remove(element)
    heads = tree.xpath("//h1|//h2|//h3|//caption|//summary|//thead//th|//figcaption|//label|//li|//dt|//dd")
    heads += tree.xpath("//p|//noscript|//nav//a|//table[@id='verdict-table']//td")
    english = set()
    for element in heads:
        told = " ".join(element.text_content().split())
        told = _NAMES.sub(" ", re.sub(re.escape(other("page.as_in_table")) + r" [^)]*", " ", told))
        english |= set(re.findall(r"\b[A-Za-z]{3,}\b", told))
    assert " ".join(sorted(english)) == "", "words that no catalogue holds"
    assert tree.xpath("//p[contains(@class,'banner')]"), "the reader is told of sentences that stay English"


def test_sentences_of_the_tables_are_marked(tmp_path: Path, other: text.Catalogue) -> None:
    made = synthetic.write(tmp_path, 12, specification=True, release=True)
    made.settings["language"] = "xx"
    tree = html.document_fromstring(made.report().read_text(encoding="utf-8"))
    marked = [e.text_content() for e in tree.xpath("//td/span[@lang='en']")]
    assert any("The table holds no albumin" in m for m in marked), "the warning's own sentence is kept"
    assert all(m.startswith(other("page.as_in_table")) for m in marked)
    english = html.document_fromstring(synthetic.write(tmp_path / "en", 4, release=True).report().read_text("utf-8"))
    assert not english.xpath("//td/span[@lang='en']")


# -- reasons, warnings, notes -----------------------------------------------------------------------------------------


def codes_in_the_package() -> set[str]:
    """Codes of warnings that stand as words in the calls that make them."""
    stages = {"configuration", "samples", "ingest", "quantify", "profile", "score", "release", "study", "comparability"}
    found = set()
    for path in PACKAGE.rglob("*.py"):
        if path.relative_to(PACKAGE).parts[0] in ("report", "reference"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name not in ("warning", "warn", "Fate", "_tell"):
                continue
            words = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
            found |= {w for w in words if re.fullmatch(r"[a-z]\w*", w) and w not in {*stages, *tables.WARNING_LEVELS}}
    return found


def test_every_code_of_a_warning_has_its_words() -> None:
    codes = codes_in_the_package()
    assert len(codes) > 90
    assert {c for c in codes if f"warning.{c}" not in ENGLISH} == set()


def test_warnings_speak_the_language_of_the_page(other: text.Catalogue) -> None:
    row = {"code": "few_proteins", "subject": "a", "count": 1234.0, "message": "Fewer than 100."}
    assert sentences.warning(row, text.catalogue("en")) == "Fewer than 100."
    assert sentences.warning(row, other) == other("warning.few_proteins", count="1\u202f234", subject="a")
    odd = {"code": "brand_new", "subject": "", "count": float("nan"), "message": "x"}
    assert sentences.warning(odd, other) == other("warning.unknown", count="", subject="")


def test_every_rule_of_the_verdict_has_its_words() -> None:
    row = dict.fromkeys(("identity", "purity_soluble", "purity_intracellular"), 0.5)
    row |= {f"{q}{tail}": 0.4 for q in list(row) for tail in ("_low", "_high")}
    base = {**row, "p_serum": 0.8, "verdict": "serum", "proteins": 80, "misev_minimum": "no"}
    t = text.catalogue("en")
    codes = [k.removeprefix("reason.") for k in ENGLISH if k.startswith("reason.") and k.count(".") == 1]
    rules = verdict.REASON_CODES
    assert set(rules) <= set(codes)
    told = {code: sentences.made({**base, "reason_code": code}, None, t) for code in rules}
    assert len({first for first, *_ in told.values()}) == len(rules)
    assert all(rest == [t("reason.misev.no")] for _, *rest in told.values())
    assert "80" in told["too_few_proteins"][0]
    assert "0.80" in told["alternative_clear"][0]
    assert t("verdict.serum") in told["alternative_clear"][0]
    unknown = sentences.made({**base, "reason_code": "a_rule_to_come"}, None, t)
    assert unknown[0] == t("reason.unknown", identity="0.50", identity_low="0.40", identity_high="0.40")


def test_reasons_are_made_from_the_numbers_of_the_tables(other: text.Catalogue) -> None:
    contributions = pd.DataFrame(
        [
            ("identity", "tetraspanins", 0.7, 2.0),
            ("identity", "escrt", 0.4, 1.0),
            ("identity", "nucleus", 0.9, -1.0),
            ("identity", "scale", -1.0, 1.0),
            ("identity", "own_reference", -0.5, -0.5),
            ("purity_soluble", "vesicle_share", 0.061, 1.0),
            ("purity_soluble", "soluble_share", 0.02, 1.0),
            ("purity_intracellular", "intracellular_share", 0.033, 1.0),
        ],
        columns=["quantity", "term", "value", "contribution"],
    )
    quantities = ("identity", "purity_soluble", "purity_intracellular")
    row = {f"{q}{tail}": 0.9 for q in quantities for tail in ("", "_low", "_high")}
    row |= {"verdict": "small_ev", "p_small_ev": 0.9, "proteins": 900, "misev_minimum": "yes", "reasons": "in English"}
    row["reason_code"] = "small_ev_clear"
    assert sentences.reasons(row, contributions, text.catalogue("en")) == ["in English"]
    told = sentences.reasons(row, contributions, other)
    assert told[1] == other("reason.strongest", panel=other("panel.tetraspanins"), value="0.70")
    assert told[2] == other("reason.shares", vesicle="6.1", soluble="2.0", inside="3.3")
    assert told[3] == other("reason.reference_lowers", quantity=other("quantity.identity"), value="−0.50")
    assert told[4] == other("reason.misev.yes")
    beside = {f"reference_left_soluble{tail}": value for tail, value in (("", 0.18), ("_low", 0.1), ("_high", 1.25))}
    told = sentences.reasons({**row, **beside, "reference_left_intracellular": float("nan")}, contributions, other)
    words = {"left_soluble": "18", "left_soluble_low": "10", "left_soluble_high": "125"}
    assert told[4:] == [other("reason.left_soluble", **words), other("reason.misev.yes")]
    assert sentences.reasons({**row, "reasons": None}, contributions, other) == []


def test_notes_contributions_and_titles(other: text.Catalogue) -> None:
    t = text.catalogue("en")
    assert [sentences.note(n, t) for n in NOTES[1:]] == list(NOTES[1:]), (
        "the English catalogue says what the tables say"
    )
    assert all(sentences.note(n, other) != n for n in NOTES[1:])
    assert sentences.note("a note to come", other) == "a note to come"
    titles = {"escrt": "ESCRT", "nucleus": "Nucleus"}
    row = {"quantity": "identity", "term": "nucleus", "contribution": -1.0, "text": "as the table says"}
    assert sentences.contribution(row, titles, t) == "as the table says"
    panel = other("panel.nucleus")
    assert sentences.contribution(row, titles, other) == other("contribution.intracellular", panel=panel)
    assert sentences.contribution({**row, "term": "scale"}, titles, other) == other("contribution.scale")
    assert sentences.contribution({**row, "term": "to_come"}, titles, other) == "as the table says"
    assert sentences.term("nucleus", titles, other) == panel
    assert sentences.term("scale", titles, t) == "scale"


def test_panels_are_called_as_the_registry_calls_them() -> None:
    registry = panels.load(synthetic.RESOURCES / "panels")
    titles = dict(zip(registry.index["panel"], registry.index["title"], strict=True))
    assert {p: ENGLISH.get(f"panel.{p}") for p in titles} == titles


@pytest.mark.parametrize("path", CATALOGUE_FILES, ids=lambda p: p.name)
def test_catalogue_files_are_small_and_no_key_stands_twice(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert source.count("\n") < 400
    keys = re.findall(r'^    "([^"]+)": ', source, re.M)
    assert len(keys) == len(set(keys))


def test_no_key_stands_in_two_files() -> None:
    english = [p for p in CATALOGUE_FILES if p.name.startswith("text_en")]
    keys = [k for p in english for k in re.findall(r'^    "([^"]+)": ', p.read_text(encoding="utf-8"), re.M)]
    assert len(keys) == len(set(keys)) == len(ENGLISH)


@pytest.mark.parametrize("language", sorted(set(text.CATALOGUES)))
def test_catalogues_have_the_same_keys_and_fields(language: str) -> None:
    strings = text.CATALOGUES[language]
    assert set(strings) == set(ENGLISH)
    for key, words in ENGLISH.items():
        assert set(re.findall(r"\{(\w*)\}", strings[key])) <= set(re.findall(r"\{(\w*)\}", words)), key
