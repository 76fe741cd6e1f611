"""The report in Japanese: complete, with the same numbers, and honest about what stays English."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator
from lxml import html
from tests.browser import synthetic

from sevident.report import grid, numbers, phrases, sentences, text
from sevident.report.text_en import ENGLISH
from sevident.report.text_ja import JAPANESE
from sevident.report.text_ja_phrases import JAPANESE_PHRASES

REPORT = synthetic.CHECKOUT / "workflow" / "sevident" / "report"
TOPICS = sorted(p.stem.removeprefix("text_en") for p in REPORT.glob("text_en*.py"))
JAPANESE_SIGNS = re.compile(r"[\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff]")
#: names, formulas and signs that Japanese writes as English does
SAME = {
    *("list.comma", "list.semicolon", "list.sentences", "list.stop", "list.colon", "list.unit"),
    *("why.markers.cell", "measured.ms2", "unit.log2", "amount.share", "print.of", "print.running"),
    "subtypes.figure.percent",
    *("provenance.version", "provenance.checksum", "glossary.misev2018.term"),
    *("panel.hsp60", "panel.hsp70", "panel.hsp90"),
}
T, EN = text.catalogue("ja"), text.catalogue("en")


def written(language: str, topic: str) -> dict[str, str]:
    """Keys and strings that stand in one file of a language."""
    module = import_module(f"sevident.report.text_{language}{topic}")
    source = Path(module.__file__ or "").read_text(encoding="utf-8")
    return {k: text.CATALOGUES[language][k] for k in re.findall(r'^    "([^"]+)": ', source, re.M)}


def fields(words: str) -> set[str]:
    return set(re.findall(r"\{(\w*)\}", words))


# -- the catalogues ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("topic", TOPICS)
def test_each_file_has_its_counterpart_with_the_same_keys_and_fields(topic: str) -> None:
    english, japanese = written("en", topic), written("ja", topic)
    assert english
    for key, words in english.items():
        assert fields(JAPANESE[key]) == fields(words) or key.endswith(".one"), key
    # Japanese has no plural: what is said of one may be left to the sentence for many
    assert {k for k in english if not k.endswith(".one")} <= set(japanese) <= set(english)


def test_the_singular_needs_nothing_that_callers_of_the_plural_do_not_give() -> None:
    for key in (k for k in ENGLISH if k.endswith(".one")):
        assert fields(JAPANESE[key]) <= fields(ENGLISH[key]) | {"n"}, key
        assert fields(JAPANESE[f"{key.removesuffix('.one')}.other"]) >= {"n"}, key


def test_no_string_is_left_in_english() -> None:
    assert {k for k, words in JAPANESE.items() if not JAPANESE_SIGNS.search(words)} - SAME == set()
    assert set(ENGLISH) >= SAME, "the list of names has only keys that exist"
    english = {k for k in JAPANESE if JAPANESE[k] == ENGLISH[k]}
    assert english <= SAME


def test_japanese_is_written_in_one_way() -> None:
    for key, words in JAPANESE.items():
        assert not re.search(r"[，．｡､]", words), key
        assert not re.search(r"です|ます[。、]|でしょう", words), f"{key}: the style is that of a report"
        assert words.count("（") == words.count("）"), key
        assert words.count("「") == words.count("」"), key
        assert not re.search(r"[\u3041-\u9fff][,;:](?:\s|$)", words), f"{key}: signs of English text"


def test_the_terms_of_the_field() -> None:
    told = "".join(JAPANESE.values())
    for term in (
        "細胞外小胞",
        "小型細胞外小胞",
        "テトラスパニン",
        "純度",
        "規格",
        "同等性",
        "不純物",
        "日本再生医療学会",
    ):
        assert term in told, term
    assert [T(f"signatures.{role}") for role in ("prepared", "reviewed", "approved")] == ["作成", "照査", "承認"]


# -- sentences of the tables ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("source", list(JAPANESE_PHRASES), ids=lambda s: s[:40])
def test_phrases_use_the_fields_of_their_sentence(source: str) -> None:
    words = JAPANESE_PHRASES[source]
    assert fields(words) <= fields(source)
    assert {f for f in fields(source) if re.fullmatch(r"n\d*", f)} <= fields(words), "no number is lost"
    assert JAPANESE_SIGNS.search(words) or not re.search("[A-Za-z]{2}", re.sub(r"{\w+}", "", words)) or words == "log2"


SENTENCES = [
    ("0.62 does not meet at least 0.8", "0.62は0.8以上を満たさない"),
    ("the interval 0.4 (0.1 to 0.9) crosses the limit: at least 0.5", "区間0.4（0.1～0.9）が規格値をまたぐ：0.5以上"),
    (
        "1.2e+10 meets at least 1e+09 and at most 1e+12 particles/ml",
        "1.2e+10は1e+09以上1e+12 particles/ml 以下を満たす",
    ),
    (
        "'pass' is 'pass' or 'not detected'; worst of 2 of 3 samples",
        "「pass」は「pass」又は「not detected」に該当する；3試料のうち2試料中の最も悪い値",
    ),
    ("0.04 meets at most 0.05 (given as below 0.04)", "0.04は0.05以下を満たす（0.04未満と記載）"),
    ("release criteria: 1 fail (purity), 2 pass", "出荷判定の項目：不適合1（purity）、適合2"),
    (
        "1.5-fold higher; the 90% interval -0.20 to +1.30 log2 holds both no change and one beyond the margin "
        "of ±0.50; about 7 lots a side would decide",
        "1.5倍に上昇；90%区間（-0.20～+1.30、log2）が、変化なしとマージン±0.50を超える変化の両方を含む；"
        "各製法およそ7ロットで判断できる",
    ),
    (
        "of 9 attributes 7 are equivalent, 1 different, 1 inconclusive; different: Annexins 2.1-fold lower",
        "9項目中、同等7、相違1、結論保留1；相違：アネキシンが2.1分の1に低下",
    ),
    ("3.1 lies above the limit 2.7 of 5 qualified lots", "3.1は適格性確認済み5ロットによる上限2.7を上回る"),
    (
        "3 of 12 detected (CD46, CD55, CD59), 0.4% of the protein mass; 2 not searched.",
        "12のうち3を検出（CD46, CD55, CD59）、タンパク質質量の0.4%；検索対象外2。",
    ),
    (
        "no viral sequences are known to have been searched; nothing can be said.",
        "ウイルスの配列が検索されたか不明である；何も言えない。",
    ),
    (
        "purity 0.31 (90% interval 0.20 to 0.45) on a scale where 0.5 is the middle; share of protein mass: serum "
        "12%, secreted ecm 3%.",
        "純度0.31（90%区間0.20～0.45、尺度の中点は0.5）；タンパク質質量に占める割合：血清タンパク質12%、"
        "分泌・マトリックスタンパク質3%。",
    ),
    (
        "136 of 171 quantities vary between 15 lots by more than 1.5-fold; most: Immunoglobulins, PTK7.",
        "171の量のうち136が、15ロット間で1.5倍を超えて異なる；大きい順：免疫グロブリン、PTK7。",
    ),
    (
        "identity >0.99 (90% interval 0.98 to >0.99)",
        "同一性>0.99（90%区間0.98～>0.99）",
    ),
    (
        "MISEV2018 minimum (presence of categories 1 and 2, a negative control assessed): met",
        "MISEV2018 最低要件（カテゴリー1及び2の存在、陰性対照の評価）：充足",
    ),
]


@pytest.mark.parametrize(("stated", "expected"), SENTENCES, ids=lambda s: s[:30])
def test_sentences_of_the_tables_are_said_with_their_numbers(stated: str, expected: str) -> None:
    assert T.said(stated) == expected
    digits = re.findall(r"\d+(?:\.\d+)?", stated.replace("90% interval", ""))
    assert sorted(re.findall(r"\d+(?:\.\d+)?", re.sub("90%区間|分の1", "", expected))) == sorted(digits)
    assert EN.said(stated) == stated, "the English page shows the tables' own sentence"


def test_what_is_no_phrase_as_a_whole_is_quoted_in_english() -> None:
    for stated in ("a sentence nobody knows", "0.62 does not meet at least 0.8; a sentence nobody knows"):
        assert T.said(stated) is None
        assert T.stated(stated) == f"{T('page.as_in_table')} {stated}"
        assert grid.said(stated, T) == grid.Cell(stated, lang="en")
    assert grid.said("0.62 does not meet at least 0.8", T).lang == ""
    assert grid.said("", T) == grid.Cell("")


def test_names_within_sentences_stay_as_they_are() -> None:
    for name in synthetic.HOSTILE:
        said = T.said(f"expected present: speaks for the declared source {name}")
        assert said is not None
        assert name in said
    assert T.said("x" * 5000) is None


def test_a_long_foreign_text_is_given_up_soon() -> None:
    book = phrases.Phrasebook({"{a} of {b} in {c}": "{c}の{b}の{a}"}, ("。", "；", "、"))
    assert book.say("a, " * 400) is None
    assert book.say("1 of 2 in 3; 4 of 5 in 6.") == "3の2の1；6の5の4。"


def test_reasons_are_said_or_made_from_the_numbers() -> None:
    quantities = ("identity", "purity_soluble", "purity_intracellular")
    row = {f"{q}{tail}": 0.9 for q in quantities for tail in ("", "_low", "_high")}
    row |= {"verdict": "small_ev", "p_small_ev": 0.9, "proteins": 900, "misev_minimum": "yes"}
    row["reason_code"] = "small_ev_clear"
    said = sentences.reasons({**row, "reasons": "strongest vesicle panel: Tetraspanins, prominence 0.91"}, None, T)
    assert said == ["最も強い小胞パネル：テトラスパニン、顕著度0.91"]
    made = sentences.reasons({**row, "reasons": "words of a later version"}, None, T)
    interval = {"identity": "0.90", "identity_low": "0.90", "identity_high": "0.90"}
    assert made[0] == T("reason.small_ev_clear", p_small_ev="0.90", purity_limit="0.50", **interval)
    assert made[1] == T("reason.misev.yes")


# -- numbers ----------------------------------------------------------------------------------------------------------


def test_signs_between_digits_follow_the_reader() -> None:
    assert numbers.whole(1234567) == "1\u202f234\u202f567"
    with numbers.written_for("ja"):
        assert numbers.whole(1234567) == "1,234,567"
        assert numbers.between("0.1", "0.9") == "0.1～0.9"
        assert numbers.score(0.123) == "0.12"
    assert numbers.between("0.1", "0.9") == "0.1 – 0.9"
    with numbers.written_for("a language to come"):
        assert numbers.whole(1234) == "1\u202f234"


# -- the page ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def trees(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, html.HtmlElement]:
    """The same study as a page of each language."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1700000000")
        names = synthetic.HOSTILE
        folder = tmp_path_factory.mktemp("languages")
        made = synthetic.write(folder, 15, names=names, specification=True, release=True, cloud=True, truth=True)
        out = {}
        for language in ("en", "ja"):
            made.settings["language"] = language
            page = made.report(f"{language}.html").read_text(encoding="utf-8")
            out[language] = html.document_fromstring(page)
        return out


def test_the_page_says_its_language(trees: Mapping[str, html.HtmlElement]) -> None:
    assert trees["ja"].get("lang") == "ja"
    assert trees["en"].get("lang") == "en"
    assert [h.text_content() for h in trees["ja"].xpath("//h2")][:3] == ["要約", "判定", "判定の根拠"]


def test_no_sentence_of_the_english_catalogue_is_on_the_page(trees: Mapping[str, html.HtmlElement]) -> None:
    tree = html.document_fromstring(html.tostring(trees["ja"], encoding="unicode"))
    for element in tree.xpath("//style|//script[not(@type)]|//*[@lang='en']"):
        element.drop_tree()
    told = " ".join(tree.text_content().split())
    attributes = " ".join(tree.xpath("//@aria-label"))
    pieces = {
        piece.strip()
        for words in ENGLISH.values()
        for piece in re.split(r"\{\w+\}", words)
        if len(piece.strip()) >= 12 and " " in piece.strip()
    }
    assert len(pieces) > 600
    names = {"Extracellular Vesicles, 2018", "MISEV2018 Table 3"}
    found = {p for p in pieces if p in told or p in attributes}
    assert {p for p in found if not any(name in p for name in names)} == set()


def test_what_stays_english_is_marked_and_told_once(trees: Mapping[str, html.HtmlElement]) -> None:
    marked = trees["ja"].xpath("//*[@lang='en'][not(ancestor-or-self::*[@class='cardtext'])]")
    assert marked
    assert all(e.text_content().startswith("［英文］") for e in marked)
    assert sum(T("page.tables_language") in p.text_content() for p in trees["ja"].xpath("//p")) == 1
    assert not trees["en"].xpath("//td/span[@lang='en']")


def test_numbers_are_those_of_the_english_page(trees: Mapping[str, html.HtmlElement]) -> None:
    cells = {language: tree.xpath("//td[@data-v]") for language, tree in trees.items()}
    assert len(cells["en"]) == len(cells["ja"]) > 1000
    for english, japanese in zip(cells["en"], cells["ja"], strict=True):
        assert english.get("data-v") == japanese.get("data-v")
        told = [
            re.findall(r"\d+", c.text_content().replace("\u202f", "").replace(",", "")) for c in (english, japanese)
        ]
        assert told[0] == told[1], (english.text_content(), japanese.text_content())


def test_names_are_text_in_japanese_too(trees: Mapping[str, html.HtmlElement]) -> None:
    shown = [b.text_content() for b in trees["ja"].xpath("//table[@id='verdict-table']//bdi[@class='sample']")]
    assert set(synthetic.HOSTILE) <= set(shown)
    assert not trees["ja"].xpath("//img|//script[contains(., 'window.hacked')][not(@type)]|//td//b[text()='bold']")


def test_the_configuration_takes_both_languages_and_no_other() -> None:
    schema = yaml.safe_load((synthetic.CHECKOUT / "workflow/schemas/config.schema.yaml").read_text(encoding="utf-8"))
    check = Draft202012Validator(schema["properties"]["report"])
    assert [check.is_valid({"language": word}) for word in ("en", "ja", "jp", "")] == [True, True, False, False]
    assert schema["properties"]["report"]["properties"]["language"]["enum"] == sorted(text.CATALOGUES)
