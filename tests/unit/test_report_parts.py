"""The parts of the page: numbers, the catalogue of words, safe embedding, provenance, colours, the plotly bundle."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plotly.offline import get_plotlyjs_version
from tests.browser import synthetic

from sevident.errors import ConfigurationError, InputError
from sevident.report import charts, figures, grid, heatmaps, numbers, page, provenance, text
from sevident.report.text_en import ENGLISH

REPORT = synthetic.CHECKOUT / "workflow" / "sevident" / "report"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.0, "<0.01"),
        (0.0049, "<0.01"),
        (0.005, "0.01"),
        (0.5, "0.50"),
        (0.9949, "0.99"),
        (0.995, ">0.99"),
        (1.0, ">0.99"),
        (None, "—"),
        (float("nan"), "—"),
    ],
)
def test_scores_never_read_as_certain(value: float | None, written: str) -> None:
    assert numbers.score(value) == written


@pytest.mark.parametrize(
    ("value", "written"), [(0.0, "0"), (0.0004, "<0.1"), (0.0005, "0.1"), (0.123, "12.3"), (1.0, "100.0")]
)
def test_shares_that_are_not_zero_never_read_as_zero(value: float, written: str) -> None:
    assert numbers.percent(value) == written


def test_large_measurements_are_written_out() -> None:
    assert numbers.significant(-9999.4) == "−9999"
    assert numbers.significant(1_557_123.0) == "1\u202f557\u202f000"
    assert numbers.significant(-15_571.0) == "−15\u202f570"


def test_per_cent_is_written_in_one_way() -> None:
    said = {f"{name} {key}": words for name, book in text.CATALOGUES.items() for key, words in book.items()}
    said |= {f"ja {words}": words for pair in text.PHRASES["ja"].items() for words in pair}
    assert len(said) > 2000
    assert [key for key, words in said.items() if re.search(r"[\d}]\s+%", words)] == []


def test_the_term_of_the_page_is_never_broken_and_reads_the_same() -> None:
    head, data = (
        "<head><title>small-EV</title></head>",
        '<script type="application/json" id="strings">"small-EV"</script>',
    )
    body = '<body><p title="small-EV">Small-EV, <b>not small-EVs</b> &lt;small-EV</p>'
    done = page._unbroken(head + body + data)
    assert done.startswith(head) and done.endswith(data) and '<p title="small-EV">' in done
    assert done.count('<span class="nb">') == 3
    assert re.sub("<[^>]*>", "", done) == re.sub("<[^>]*>", "", head + body + data)


def test_names_may_break_after_underscores_and_read_the_same() -> None:
    assert grid.breaking("a_<b>_c") == "a_<wbr>&lt;b&gt;_<wbr>c"


def test_tints_stand_for_patterns_and_differ() -> None:
    told = [figures.tint(*look) for look in figures.COMPARTMENT_FILLS.values()]
    assert len(set(told)) == len(told)
    assert figures.tint("#000000", "") == "#000000"


def test_other_numbers() -> None:
    assert numbers.signed(-1.234) == "−1.23"
    assert numbers.signed(0.001) == "0.00"
    assert numbers.signed(-0.001) == "0.00"
    assert numbers.whole(1234567) == "1\u202f234\u202f567"
    assert numbers.size(999) == "999 B"
    assert numbers.size(1_500_041) == "1.5 MB"
    assert numbers.significant(0.000012345) == "1.234e−05"
    assert numbers.exact(None) == ""


@given(st.floats(0, 1))
def test_exact_numbers_can_be_read_back(value: float) -> None:
    assert float(numbers.exact(value)) == pytest.approx(value, rel=1e-9, abs=1e-300)


@given(st.text())
def test_embedded_json_is_inert_and_unchanged(content: str) -> None:
    safe = page.embedded(json.dumps({"name": content}, ensure_ascii=False))
    assert not set("<>&\u2028\u2029") & set(str(safe))
    assert json.loads(str(safe)) == {"name": content}


@given(st.text())
def test_labels_of_figures_are_inert(content: str) -> None:
    for made in (figures.label(content), figures.full_label(content), figures.first_words(content)):
        assert not set("<>$") & set(made)


def test_an_asset_cannot_end_its_script(tmp_path: Path) -> None:
    bad = tmp_path / "bad.js"
    bad.write_text("var a = '</SCRIPT>';", encoding="utf-8")
    with pytest.raises(ValueError, match="cannot be inlined"):
        page.script(bad)


def test_language_must_be_known() -> None:
    with pytest.raises(ConfigurationError, match=r"(?s)does not speak.*'tlh'.*en"):
        text.catalogue("tlh")


def test_catalogue_picks_the_number() -> None:
    t = text.catalogue("en")
    assert t("know.indeterminate", n=1).startswith("1 preparation is")
    assert t("know.indeterminate", n=2).startswith("2 preparations are")
    assert t.known("verdict", "small_ev") == "small-EV preparation"
    assert t.known("verdict", "brand_new") == "brand_new"
    with pytest.raises(KeyError):
        t("no.such.key")


def test_every_key_that_is_used_exists() -> None:
    sources = [*REPORT.glob("*.py"), *(REPORT / "templates").glob("*.jinja")]
    used = {k for p in sources for k in re.findall(r"""\bt\(\s*["']([a-z_.A-Z]+)["']""", p.read_text(encoding="utf-8"))}
    assert len(used) > 100
    missing = {k for k in used if k not in ENGLISH and f"{k}.other" not in ENGLISH and not k.endswith(".")}
    assert missing == set()
    singles = {k.removesuffix(".one") for k in ENGLISH if k.endswith(".one")}
    assert singles == {k.removesuffix(".other") for k in ENGLISH if k.endswith(".other")}


def test_words_do_not_claim_too_much() -> None:
    words = " ".join(ENGLISH.values()).casefold()
    for claim in ("guarantee", "proves that", "certified", "misev2023", "95 %"):
        assert claim not in words


def test_bundle_is_plotlys_own_and_of_the_right_version() -> None:
    assert page.plotly_version() == get_plotlyjs_version()
    # SHA-256 of plotly-cartesian.min.js in the npm package plotly.js-cartesian-dist-min 4.1.1
    digest = hashlib.sha256(page.PLOTLY.read_bytes()).hexdigest()
    assert digest == "79542150855a52c567260e3137095dbe2b744e6d702a5cabe67da246942fba7a"
    licence = (page.ASSETS / "plotly-cartesian.LICENSE.txt").read_text(encoding="utf-8")
    assert "MIT" in licence
    assert "Plotly" in licence


def test_provenance_states_checksums_and_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = synthetic.write(tmp_path, 2, references=False)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    t = text.catalogue("en")
    found = provenance.collect(
        made.settings["config"], made.sheet, [made.sheet, *made.sources], synthetic.RESOURCES, "0", t
    )
    assert found.time == "1970-01-02 00:00:00 UTC"
    assert "SOURCE_DATE_EPOCH" in found.time_note
    listed = {row[0].text: row for row in found.files.rows}
    assert list(listed)[:2] == [str(made.sheet), str(made.sources[0])], "the sheet once, then the inputs"
    for path in (made.sheet, made.sources[0]):
        assert listed[str(path)][3].text == hashlib.sha256(path.read_bytes()).hexdigest()
        assert listed[str(path)][2].value == str(path.stat().st_size)
    assert any(name.startswith(str(synthetic.RESOURCES / "panels")) for name in listed)
    assert "bootstrap: 240" in found.configuration
    versions = {row[0].text: row[1].text for row in found.software.rows}
    assert versions["pandas"][0].isdigit()


def test_checksum_of_a_folder_follows_names_and_contents(tmp_path: Path) -> None:
    t = text.catalogue("en")

    def digest() -> str:
        rows = provenance.collect({}, sheet, [folder], tmp_path / "none", "0", t).files.rows
        return rows[1][3].text

    sheet, folder = tmp_path / "s.tsv", tmp_path / "d"
    sheet.write_text("x", encoding="utf-8")
    folder.mkdir()
    (folder / "a").write_text("1", encoding="utf-8")
    first = digest()
    (folder / "a").rename(folder / "b")
    second = digest()
    (folder / "b").write_text("2", encoding="utf-8")
    assert len({first, second, digest()}) == 3


def test_bad_times_and_files_are_errors(tmp_path: Path) -> None:
    for stated in ("yesterday", "1.5", "99999999999999999999"):
        with pytest.raises(ConfigurationError, match="SOURCE_DATE_EPOCH"):
            provenance.timestamp({"SOURCE_DATE_EPOCH": stated})
    now, fixed = provenance.timestamp({})
    assert not fixed
    stamp = datetime.strptime(now, "%Y-%m-%d %H:%M:%S UTC").replace(tzinfo=UTC)
    assert abs((datetime.now(UTC) - stamp).total_seconds()) < 60
    with pytest.raises(InputError, match="cannot be read"):
        provenance.checksum(tmp_path / "absent")


@pytest.mark.parametrize(
    ("said", "share"),
    [
        ("50", 50.0),
        (" 12,5 % ", 12.5),
        ("0", 0.0),
        ("100", 100.0),
        ("101", None),
        ("-1", None),
        ("nan", None),
        ("", None),
    ],
)
def test_true_shares(said: str, share: float | None) -> None:
    assert charts.share_of(said) == share


def test_absence_of_a_family() -> None:
    counts = dict.fromkeys(("not_detected", "not_assessable", "not_searched"), 0)
    assert heatmaps._absence({**counts, "not_detected": 1, "not_searched": 5}) == "not_detected"
    assert heatmaps._absence({**counts, "not_assessable": 1, "not_searched": 5}) == "not_assessable"
    assert heatmaps._absence({**counts, "not_searched": 5}) == "not_searched"


def _luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_text_stands_out_from_every_ground() -> None:
    style = (page.ASSETS / "report.css").read_text(encoding="utf-8")
    colours = dict(re.findall(r"--(\w+): (#[0-9a-fA-F]{6})", style))
    tints = re.findall(r"--t: (#[0-9a-fA-F]{6})", style)
    assert len(tints) == 5
    grounds = [colours["paper"], colours["ground"], colours["faint"], "#e9edf1", "#fff3d6", "#f2f6f9", *tints]
    for ink in (colours["ink"], colours["soft"], colours["accent"]):
        for ground in grounds:
            light, dark = sorted((_luminance(ink), _luminance(ground)), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5, (ink, ground)


def test_verdicts_differ_in_sign_as_well_as_colour() -> None:
    assert len(set(text.VERDICT_SYMBOLS.values())) == 5
    assert len({figures.VERDICT_MARKERS[v] for v in text.VERDICT_SYMBOLS}) == 5
    assert len(set(figures.COMPARTMENT_FILLS.values())) == len(figures.COMPARTMENT_FILLS)


def test_a_heading_of_a_panel_takes_the_lines_it_needs() -> None:
    assert figures.wrapped("Exosomes against ectosomes", 24) == "Exosomes against<br>ectosomes"
    assert figures.wrapped("小型EV（大型EVと対比）", 12) == "小型EV（大型<br>EVと対比）"
    assert figures.wrapped("<b> $x$", 24) == "&lt;b&gt; &#36;x&#36;"
