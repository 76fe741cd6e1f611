"""Specifications: what passes, what fails, what was not tested, lots, units, and what a broken file says."""

from __future__ import annotations

import math
from pathlib import Path

import pandas as pd
import pytest

from sevident import panels, tables
from sevident.errors import ConfigurationError, SampleSheetError
from sevident.release import measurements, quantities
from sevident.release.judging import findings, judge, mean_of, of_lot, verdict
from sevident.release.measurements import Value, check_numbers, number, same_unit, stem, unit_of
from sevident.release.quantities import Known, Quantity
from sevident.release.specification import NO_SOURCE, Criterion, load
from sevident.samples import read_samples

SHARE = Quantity("score.identity", "score", "identity", lowest=0, highest=1)
COUNT = Quantity("family.misev_1a.detected", "family", "misev_1a", "detected", "proteins", 0, 5, worst=True)
KNOWN = Known(
    panels={"misev_1a": 5, "tetraspanins": 33, "bovine_serum": 119},
    compartments={"serum", "bovine_serum", "unexplained"},
    genes={"CD9", "CD63", "GOLGA2", "ALB"},
    aliases={"GM130": "GOLGA2"},
    sheet_columns=frozenset({"endotoxin_eu_per_ml", "particles_per_ml", "sterility", "operator"}),
)
INDEX = pd.DataFrame(
    {"panel": ["misev_1a", "bovine_serum", "serum"], "compartment": ["", "bovine_serum", "serum"]}, dtype="str"
)
SHEET = """sample\tlot\trole\tendotoxin_eu_per_ml\tsterility\tparticles_per_ml\tprotein_ug_per_ml
a\tL1\t\t0.1\tNo Growth\t2e10\t2
b\tL1\t\t\tno growth\t4e10\t4
c\tL2\t\t<0.05\tgrowth\t\t
d\t\t\t\t\t1e10\t
medium\t\tconditioned_medium\tabc\t\t\t
"""


def written(tmp_path: Path, body: str, name: str = "spec.yaml") -> Path:
    path = tmp_path / name
    path.write_text(body, encoding="utf-8")
    return path


def sheet_of(tmp_path: Path, text: str = SHEET):
    return read_samples(written(tmp_path, text, "samples.tsv"))


def rows_of(sheet, sample: str) -> list:
    return [row for row in sheet.rows if row.sample == sample]


def spec_of(tmp_path: Path, *criteria: str, known: Known = KNOWN):
    lines = "\n".join(f"  - {{{c}}}" for c in criteria)
    return load(written(tmp_path, f"specification: demo\ncriteria:\n{lines}\n"), known)


def findings_of(tmp_path: Path, text: str = SHEET):
    def row(sample: str, **more: object) -> dict:
        return {"sample": sample, **more}

    names = ("a", "b", "c", "d")
    scores = [
        row("a", identity=0.6, identity_low=0.4, identity_high=0.8, misev_minimum="yes"),
        row("b", identity=0.9, identity_low=0.8, identity_high=0.95, misev_minimum="no"),
        row("c", misev_minimum="not_assessable"),
        row("d", identity=0.9, identity_low=0.85, identity_high=0.95, misev_minimum="yes"),
    ]
    families = [
        *(
            row(s, panel="misev_1a", members=5, detected=n, not_detected=5 - n)
            for s, n in zip(names, (3, 1, 0, 4), strict=True)
        ),
        *(row(s, panel="bovine_serum", members=119, detected=0, not_detected=0, not_searched=119) for s in names),
        *(row(s, panel="serum", members=2, detected=1, not_detected=1) for s in names),
    ]
    families[2] |= {"not_detected": 0, "not_searched": 5}
    shares = [
        row(s, compartment=c, mass_fraction=v, mass_fraction_low=v, mass_fraction_high=v)
        for s, v in zip(names, (0.2, 0.05, 0.3, 0.1), strict=True)
        for c in ("serum", "bovine_serum")
    ]
    seen = [
        row("a", panel="tetraspanins", gene="CD9", status="detected", mass_fraction=0.002, rank_percentile=0.9),
        row("b", panel="tetraspanins", gene="CD9", status="not_detected"),
        row("a", panel="bovine_serum", gene="ALB", status="detected", mass_fraction=0.9),
        row("a", panel="misev_3a", gene="ALB", status="not_detected"),
        row("c", panel="tetraspanins", gene="CD9", status="not_searched"),
        row("d", panel="tetraspanins", gene="CD9", status="not_assessable"),
    ]
    kinds = [
        row("a", species="bovine", apportioned_share=0.02, status="searched"),
        row("b", species="bovine", status="not_searched"),
    ]
    return findings(
        sheet_of(tmp_path, text),
        INDEX,
        {"CD9", "ALB"},
        scores=tables.conform(pd.DataFrame(scores), tables.SCORES),
        families=tables.conform(pd.DataFrame(families), tables.FAMILIES),
        compartments=tables.conform(pd.DataFrame(shares), tables.COMPARTMENTS),
        markers=tables.conform(pd.DataFrame(seen), tables.MARKERS),
        species=tables.conform(pd.DataFrame(kinds), tables.SPECIES),
    )


ALL_KINDS = (
    "id: identity, quantity: score.identity, at_least: 0.5, rule: interval",
    "id: serum, quantity: compartment.serum, at_most: 0.1, rule: estimate, severity: alert",
    "id: bovine, quantity: compartment.bovine_serum, at_most: 0.1, severity: alert",
    "id: cow, quantity: species.bovine, at_most: 0.01, severity: alert",
    "id: members, quantity: family.misev_1a.detected, at_least: 2",
    "id: cd9, quantity: marker.CD9, at_least: 0.001, severity: information",
    "id: cd9_seen, quantity: marker.cd9.detected, at_least: 1, severity: information",
    "id: minimum, quantity: misev_minimum, at_least: 1",
    "id: endotoxin, quantity: measurement.endotoxin_eu_per_ml, at_most: 0.5, unit: EU/ml",
    "id: sterility, quantity: measurement.sterility, equals: [no growth, sterile]",
    "id: ratio, quantity: measurement.particles_per_ug_protein, at_least: 9.0e+9, unit: particles/µg",
)


def results(frame: pd.DataFrame, level: str, name: str) -> dict[str, str]:
    own = frame[frame["level"].eq(level) & frame["lot" if level == "lot" else "sample"].eq(name)]
    return dict(zip(own["criterion"], own["result"], strict=True))


def test_every_kind_of_result_of_a_sample(tmp_path: Path) -> None:
    frame = judge(spec_of(tmp_path, *ALL_KINDS), findings_of(tmp_path))
    assert results(frame, "sample", "a") == {
        "identity": "inconclusive",
        "serum": "fail",
        "bovine": "not_assessable",
        "cow": "fail",
        "members": "pass",
        "cd9": "pass",
        "cd9_seen": "pass",
        "minimum": "pass",
        "endotoxin": "pass",
        "sterility": "pass",
        "ratio": "pass",
    }
    b, c, d = (results(frame, "sample", s) for s in "bcd")
    assert (b["identity"], b["cow"], b["cd9"], b["cd9_seen"], b["minimum"], b["endotoxin"]) == (
        *("pass", "not_assessable", "fail", "fail", "fail"),
        "not_tested",
    )
    assert (c["identity"], c["members"], c["cd9_seen"], c["minimum"]) == ("not_assessable",) * 4
    assert (c["endotoxin"], c["sterility"], c["ratio"]) == ("pass", "fail", "not_tested")
    assert d["cd9"] == "not_assessable"
    assert "medium" not in set(frame["sample"])
    assert set(frame["source"]) == {NO_SOURCE, ""}
    reason = frame.loc[frame["criterion"].eq("bovine"), "reason"].iloc[0]
    assert "no protein of bovine_serum was searched" in reason


def test_a_lot_is_judged_on_its_samples_together(tmp_path: Path) -> None:
    frame = judge(spec_of(tmp_path, *ALL_KINDS), findings_of(tmp_path))
    lot = frame[frame["level"].eq("lot") & frame["lot"].eq("L1")].set_index("criterion")
    assert (lot["sample"] == "").all()
    assert lot.loc["identity", "value"] == pytest.approx(0.75)
    assert lot.loc["identity", "result"] == "inconclusive"
    # counts, yes or no and words: the worst sample
    assert (lot.loc["members", "value"], lot.loc["members", "result"]) == (1, "fail")
    assert lot.loc["minimum", "result"] == "fail"
    assert lot.loc["sterility", "result"] == "pass"
    # a test made on one sample counts for the lot, and the reason says on how many
    assert lot.loc["endotoxin", "result"] == "pass"
    assert "one of 2 samples" in lot.loc["endotoxin", "reason"]
    assert lot.loc["ratio", "value"] == pytest.approx(1e10)
    assert "computed from particles_per_ml and protein_ug_per_ml" in lot.loc["ratio", "reason"]
    assert lot.loc["overall", "result"] == "fail"
    assert "2 fail (members, minimum)" in lot.loc["overall", "reason"]
    assert "alert criteria: " in lot.loc["overall", "reason"]


@pytest.mark.parametrize(
    ("criteria", "lot", "overall"),
    [
        ((ALL_KINDS[8],), "L1", "pass"),
        ((ALL_KINDS[8], ALL_KINDS[10]), "L2", "not_tested"),  # ratio was not measured
        ((ALL_KINDS[9], ALL_KINDS[10]), "L2", "fail"),  # a failure is graver than a test that was not made
        ((ALL_KINDS[4], ALL_KINDS[8]), "L2", "not_assessable"),
        ((ALL_KINDS[0], ALL_KINDS[8]), "L1", "inconclusive"),
        ((ALL_KINDS[1],), "L1", "not_assessable"),  # no release criterion: nothing can be released
    ],
)
def test_overall_never_hides_what_was_not_tested(tmp_path: Path, criteria: tuple, lot: str, overall: str) -> None:
    frame = judge(spec_of(tmp_path, *criteria), findings_of(tmp_path))
    assert results(frame, "lot", lot)["overall"] == overall
    if criteria == (ALL_KINDS[8], ALL_KINDS[10]):
        reason = frame.loc[frame["lot"].eq("L2") & frame["criterion"].eq("overall"), "reason"].iloc[0]
        assert reason == "release criteria: 1 not tested (ratio), 1 pass"


def test_a_sample_without_a_lot_has_its_own_overall_row(tmp_path: Path) -> None:
    frame = judge(spec_of(tmp_path, ALL_KINDS[8]), findings_of(tmp_path))
    assert results(frame, "sample", "d")["overall"] == "not_tested"
    assert "overall" not in results(frame, "sample", "a")
    assert set(frame.loc[frame["level"].eq("lot"), "lot"]) == {"L1", "L2"}


def test_the_mean_of_a_lot_joins_spread_and_intervals() -> None:
    # by hand: t(0.95, 2) = 2.919986, sd 0.1, n 3; the samples' own half-width 0.05 is not averaged away
    values = [Value(v, v - 0.05, v + 0.05) for v in (0.4, 0.5, 0.6)]
    joined = mean_of(values, SHARE)
    half = math.hypot(2.919986 * 0.1 / math.sqrt(3), 0.05)
    assert (joined.value, joined.low, joined.high) == pytest.approx((0.5, 0.5 - half, 0.5 + half), abs=1e-6)
    assert mean_of(values[:1], SHARE) == values[0]
    near_the_end = mean_of([Value(0.9, 0.7, 1.0), Value(1.0, 0.9, 1.0)], SHARE)
    assert near_the_end.high == 1.0
    same = mean_of([Value(0.3, 0.3, 0.3)] * 4, SHARE)
    assert (same.low, same.high) == (0.3, 0.3)


def test_ten_samples_with_wide_intervals_do_not_make_a_narrow_lot() -> None:
    joined = mean_of([Value(0.55, 0.45, 0.65)] * 10, SHARE)
    criterion = Criterion("i", "i", SHARE, at_least=0.5)
    assert verdict(joined, criterion)[0] == "inconclusive"


def test_the_worst_sample_counts_where_every_sample_must_meet_a_count() -> None:
    criterion = Criterion("n", "n", COUNT, at_least=3)
    values = {"a": Value(5, 5, 5), "b": Value(2, 2, 2), "c": Value(absent="not_assessable", why="few")}
    value, result, reason = of_lot(criterion, values)
    assert (value.value, result) == (2, "fail")
    assert "worst of 2 of 3 samples" in reason
    assert of_lot(criterion, {"c": values["c"]})[1:] == ("not_assessable", "few")


@pytest.mark.parametrize(
    ("value", "rule", "result"),
    [
        (Value(0.5, 0.5, 0.5), "interval", "pass"),
        (Value(0.6, 0.4, 0.8), "interval", "inconclusive"),
        (Value(0.6, 0.4, 0.8), "estimate", "pass"),
        (Value(0.3, 0.2, 0.49), "interval", "fail"),
        (Value(), "interval", "not_assessable"),
        (Value(absent="not_tested", why="w"), "interval", "not_tested"),
    ],
)
def test_the_interval_rule(value: Value, rule: str, result: str) -> None:
    assert verdict(value, Criterion("i", "i", SHARE, at_least=0.5, rule=rule))[0] == result


# ---------------------------------------------------------------- measurements


@pytest.mark.parametrize(
    ("column", "unit"),
    [
        ("particles_per_ml", "particles/ml"),
        ("particles_per_ug_protein", "particles/ug"),
        ("protein_ug_per_ml", "ug/ml"),
        ("endotoxin_eu_per_ml", "EU/ml"),
        ("residual_bsa_ng_per_ug_protein", "ng/ug"),
        ("size_mode_nm", "nm"),
        ("viability_percent", "%"),
        ("sterility", ""),
        ("ph", ""),
        ("final_ph", "pH"),
        ("zeta_potential_mv", "mV"),
        ("operator", ""),
    ],
)
def test_a_column_says_its_unit(column: str, unit: str) -> None:
    assert unit_of(column) == unit
    assert same_unit(unit, unit)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("particles per microgram", "particles/ug", True),
        ("particles/µg", "particles/μg", True),
        ("/ml", "particles/ml", True),
        ("1/mL", "particles/ml", True),
        ("EU/mL", "EU/ml", True),
        ("IU/ml", "EU/ml", False),
        ("ng/ml", "ug/ml", False),
        ("micrograms per millilitre", "ug/ml", True),
        ("%", "percent", True),
    ],
)
def test_units_are_compared_in_one_spelling(one: str, other: str, same: bool) -> None:
    assert same_unit(one, other) is same


def test_stems() -> None:
    assert stem("endotoxin_eu_per_ml") == stem("endotoxin_iu_per_ml") == "endotoxin"
    assert stem("sterility") == "sterility"
    assert stem("particles_per_ml") == ""


def cell(tmp_path: Path, text: str, column: str = "endotoxin_eu_per_ml") -> Value:
    sheet = sheet_of(tmp_path, f"sample\t{column}\nx\t{text}\n")
    return number(sheet.rows, column)


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("0.1", (0.1, 0.1, 0.1)),
        ("2.1e10", (2.1e10, 2.1e10, 2.1e10)),
        ("<0.05", (0.05, 0, 0.05)),
        ("< 0.05", (0.05, 0, 0.05)),
        ("<=0.05", (0.05, 0, 0.05)),
        (">1e9", (1e9, 1e9, math.inf)),
    ],
)
def test_numbers_and_limits_of_an_assay(tmp_path: Path, text: str, bounds: tuple) -> None:
    value = cell(tmp_path, text)
    assert (value.value, value.low, value.high) == bounds


def test_a_limit_of_an_assay_stays_an_interval_under_any_rule() -> None:
    quantity = Quantity("measurement.endotoxin_eu_per_ml", "measurement", "endotoxin_eu_per_ml", unit="EU/ml", lowest=0)
    below = Value(5.0, 0.0, 5.0, note="given as below 5")
    for rule in ("interval", "estimate"):
        assert verdict(below, Criterion("e", "e", quantity, at_most=0.5, rule=rule))[0] == "inconclusive"
        assert verdict(below, Criterion("e", "e", quantity, at_most=5, rule=rule))[0] == "pass"
    above = Value(10.0, 10.0, math.inf, note="given as above 10")
    assert verdict(above, Criterion("e", "e", quantity, at_most=0.5))[0] == "fail"


@pytest.mark.parametrize("text", ["", "NA", "n/a", "not tested", "pending", "Not_Tested"])
def test_cells_that_say_that_nothing_was_tested(tmp_path: Path, text: str) -> None:
    assert cell(tmp_path, text).absent == "not_tested"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("abc", "'abc'"),
        ("0,05", "decimal comma"),
        ("1,000,000", "number"),
        ("n.d.", "leave the cell empty where it was not measured"),
        ("1e999", "'1e999'"),
        ("inf", "'inf'"),
        ("0.1 EU/ml", "a number in EU/ml"),
        ("-3", "negative"),
    ],
)
def test_text_where_a_number_is_due_names_sheet_line_and_column(tmp_path: Path, text: str, word: str) -> None:
    sheet = sheet_of(tmp_path, f"sample\tendotoxin_eu_per_ml\nw\t0.1\nx\t{text}\n")
    with pytest.raises(SampleSheetError) as refusal:
        check_numbers(sheet, ["endotoxin_eu_per_ml"], ["preparation"])
    said = str(refusal.value)
    assert "samples.tsv, line 3, column 'endotoxin_eu_per_ml'" in said
    assert word in said


def test_columns_that_no_criterion_uses_may_hold_anything(tmp_path: Path) -> None:
    spec = spec_of(tmp_path, ALL_KINDS[8])
    assert spec.number_columns == ["endotoxin_eu_per_ml"]
    check_numbers(sheet_of(tmp_path), spec.number_columns, ["preparation"])  # the medium's 'abc' is not judged
    with pytest.raises(SampleSheetError):
        check_numbers(sheet_of(tmp_path), spec.number_columns, ["conditioned_medium"])


def test_the_parts_of_the_ratio_are_checked_too(tmp_path: Path) -> None:
    spec = spec_of(tmp_path, ALL_KINDS[10])
    assert spec.number_columns == ["particles_per_ug_protein", "particles_per_ml", "protein_ug_per_ml"]


def test_the_ratio_is_computed_given_or_missing(tmp_path: Path) -> None:
    head = "sample\tparticles_per_ml\tprotein_ug_per_ml\tparticles_per_ug_protein\n"
    sheet = sheet_of(tmp_path, head + "a\t2e10\t<4\t\nb\t2e10\t\t\nc\t2e10\t0\t\nd\t1\t1\t7\ne\t\t\t\n")
    column = measurements.DERIVED
    a = number(rows_of(sheet, "a"), column)
    assert (a.value, a.low, a.high) == (5e9, 5e9, math.inf)  # protein below 4 may be next to none
    assert "given as below 4" in a.note
    assert number(rows_of(sheet, "b"), column).why.startswith("neither particles_per_ug_protein nor protein_ug_per_ml")
    assert number(rows_of(sheet, "c"), column).absent == "not_assessable"
    assert number(rows_of(sheet, "d"), column).value == 7
    assert number(rows_of(sheet, "e"), column).absent == "not_tested"


def test_rows_of_a_sample_that_differ_give_their_range(tmp_path: Path) -> None:
    text = "sample\trun\tparticles_per_ml\nx\t1\t1e10\nx\t2\t3e10\nx\t3\t\ny\t4\t5\n"
    value = number(rows_of(sheet_of(tmp_path, text), "x"), "particles_per_ml")
    assert (value.value, value.low, value.high) == (2e10, 1e10, 3e10)
    assert "mean of 2 entries" in value.note


# ---------------------------------------------------------------- broken files

BROKEN = [
    ("criteria: []", "has no criteria"),
    ("- a list", "has no criteria"),
    ("", "empty"),
    ("criteria: [{id: x, quantity: score.identity}", "not YAML"),
    ("criteria: [{id: x, quantity: score.identity, at_least: 1, id: y}]", "a second time"),
    ("criteria: [{id: x, quantity: score.identity}]", "no limit"),
    ("criteria: [{id: x, quantity: score.identiy, at_least: 1}]", "did you mean 'identity'"),
    ("criteria: [{id: x, quantity: family.tetraspanin.detected, at_least: 1}]", "did you mean 'tetraspanins'"),
    ("criteria: [{id: x, quantity: family.tetraspanins.detectd, at_least: 1}]", "did you mean 'detected'"),
    ("criteria: [{id: x, quantity: compartment.serun, at_least: 1}]", "did you mean 'serum'"),
    ("criteria: [{id: x, quantity: species.bovin, at_most: 0.1}]", "did you mean 'bovine'"),
    ("criteria: [{id: x, quantity: marker.CD9X, at_least: 0.1}]", "did you mean 'CD9'"),
    ("criteria: [{id: x, quantity: marker.CD9.detectd, at_least: 1}]", "did you mean 'detected'"),
    ("criteria: [{id: x, quantity: measurement.particle_per_ml, at_least: 1}]", "did you mean 'particles_per_ml'"),
    ("criteria: [{id: x, quantity: measurement., at_least: 1}]", "unknown quantity 'measurement.'"),
    ("criteria: [{id: x, quantity: scores.identity, at_least: 1}]", "did you mean 'score'"),
    ("criteria: [{id: x, quantity: score.identity, at_least: high}]", "at_least is not a number"),
    ("criteria: [{id: x, quantity: score.identity, at_least: yes}]", "at_least is not a number"),
    ("criteria: [{id: x, quantity: score.identity, at_least: .inf}]", "at_least is not a number"),
    ("criteria: [{id: x, quantity: score.identity, at_least: 1, at_most: 0}]", "exclude every value"),
    ("criteria: [{id: x, quantity: score.identity, at_least: 1, rule: strict}]", "unknown rule"),
    ("criteria: [{id: x, quantity: score.identity, at_least: 1, severity: relase}]", "did you mean 'release'"),
    ("criteria: [{id: x, quantity: score.identity, at_least: 1, severty: alert}]", "did you mean 'severity'"),
    ("criteria: [{quantity: score.identity, at_least: 1}]", "has no id"),
    ("criteria: [{id: x, at_least: 1}]", "has no quantity"),
    ("criteria: [{id: overall, quantity: score.identity, at_least: 1}]", "the id 'overall' is taken"),
    (
        "criteria: [{id: x, quantity: misev_minimum, at_least: 1}, {id: x, quantity: misev_minimum, at_least: 1}]",
        "twice",
    ),
    ("criterai: [{id: x}]\ncriteria: [{id: x, quantity: misev_minimum, at_least: 1}]", "did you mean 'criteria'"),
    ("criteria: [word]", "not a mapping"),
    # units
    (
        "criteria: [{id: x, quantity: measurement.endotoxin_eu_per_ml, at_most: 1, unit: IU/ml}]",
        "unit 'IU/ml' for column 'endotoxin_eu_per_ml', whose name says EU/ml",
    ),
    (
        "criteria: [{id: x, quantity: measurement.endotoxin_iu_per_ml, at_most: 1}]",
        "the column 'endotoxin_eu_per_ml' in the sample sheet",
    ),
    ("criteria: [{id: x, quantity: compartment.serum, at_most: 5, unit: '%'}]", "write 5% as 0.05"),
    ("criteria: [{id: x, quantity: family.misev_1a.detected, at_least: 1, unit: ng}]", "proteins, or no unit"),
    # limits that cannot be met, or always are
    ("criteria: [{id: x, quantity: compartment.serum, at_most: 5}]", "was 0.05 meant?"),
    ("criteria: [{id: x, quantity: score.p_small_ev, at_least: -0.1}]", "expected: a number from 0 to 1"),
    ("criteria: [{id: x, quantity: family.misev_1a.detected, at_least: 6}]", "the panel misev_1a has 5 members"),
    ("criteria: [{id: x, quantity: family.misev_1a.detected, at_most: -1}]", "at_most -1"),
    ("criteria: [{id: x, quantity: measurement.particles_per_ml, at_least: -1}]", "expected: 0 or more"),
    ("criteria: [{id: x, quantity: marker.CD9.detected, at_least: 2}]", "expected: a number from 0 to 1"),
    # words
    ("criteria: [{id: x, quantity: measurement.sterility, equals: yes}]", "equals is not a word"),
    ("criteria: [{id: x, quantity: measurement.sterility, equals: []}]", "equals is not a word"),
    ("criteria: [{id: x, quantity: measurement.sterility, equals: a, at_most: 1}]", "words and limits"),
    ("criteria: [{id: x, quantity: score.identity, equals: a}]", "equals is for qualitative tests alone"),
    ("criteria: [{id: x, quantity: measurement.endotoxin_eu_per_ml, equals: a}]", "a number in EU/ml"),
    ("criteria: [{id: x, quantity: measurement.sterility, equals: [n/a]}]", "nothing was tested"),
]


@pytest.mark.parametrize(("body", "word"), BROKEN)
def test_broken_specifications_are_refused_in_words(tmp_path: Path, body: str, word: str) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        load(written(tmp_path, body), KNOWN)
    assert word in str(refusal.value)
    assert "spec.yaml" in str(refusal.value)
    assert "configuration" not in refusal.value.problem


def test_broken_specifications_say_different_things(tmp_path: Path) -> None:
    said = set()
    for body, _ in BROKEN:
        with pytest.raises(ConfigurationError) as refusal:
            load(written(tmp_path, body), KNOWN)
        error = refusal.value
        said.add((error.problem, error.found, error.expected, error.advice))
    assert len(said) >= len(BROKEN) - 2


def test_a_missing_specification_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="does not exist"):
        load(tmp_path / "none.yaml", KNOWN)


def test_an_assay_that_the_sheet_does_not_have_is_not_tested_and_no_error(tmp_path: Path) -> None:
    spec = spec_of(tmp_path, "id: x, quantity: measurement.nitric_oxide_uptake, at_least: 2")
    assert results(judge(spec, findings_of(tmp_path)), "lot", "L1") == {"x": "not_tested", "overall": "not_tested"}


def test_a_marker_is_that_of_the_study_and_not_of_cattle(tmp_path: Path) -> None:
    spec = spec_of(tmp_path, "id: x, quantity: marker.ALB, at_most: 0.1")
    frame = judge(spec, findings_of(tmp_path))
    assert frame.loc[frame["sample"].eq("a"), "value"].tolist() == [0.0]


def test_previous_symbols_and_exponents_are_understood(tmp_path: Path) -> None:
    spec = spec_of(tmp_path, "id: x, quantity: marker.GM130, at_most: 1e-3")
    assert (spec.criteria[0].quantity.name, spec.criteria[0].at_most) == ("GOLGA2", 0.001)


def test_unit_of_the_column_is_shown_where_the_criterion_names_none(tmp_path: Path) -> None:
    spec = spec_of(tmp_path, "id: x, quantity: measurement.endotoxin_eu_per_ml, at_most: 0.5")
    assert spec.criteria[0].limit == "at most 0.5 EU/ml"


def test_hostile_texts_are_data(tmp_path: Path) -> None:
    spec = spec_of(tmp_path, "id: '=1+1', title: '<script>', quantity: measurement.sterility, equals: '=cmd|x'")
    frame = judge(spec, findings_of(tmp_path))
    assert set(frame["criterion"]) == {"=1+1", "overall"}
    assert "'=1+1" in tables.to_tsv(frame)


# ---------------------------------------------------------------- the shipped files


def shipped() -> list[Path]:
    found = sorted((Path(__file__).resolve().parents[2] / "config" / "specifications").glob("*.yaml"))
    assert {p.name for p in found} >= {"misev2018.yaml", "msc_sev_example.yaml"}
    return found


def real_known() -> Known:
    registry = panels.load()
    return Known(
        panels={str(k): int(v) for k, v in registry.members["panel"].value_counts().items()},
        compartments={str(c) for c in registry.index["compartment"]},
        genes={str(g) for g in registry.members["gene"]},
        aliases=registry.aliases,
    )


@pytest.mark.parametrize("path", shipped(), ids=lambda p: p.stem)
def test_the_shipped_specifications_are_sound(path: Path) -> None:
    spec = load(path, real_known())
    assert spec.name == path.stem
    papers = (
        "Thery 2018 J Extracell Vesicles",
        "World J Stem Cells 2025;17(10):110445",
        "Signal Transduct Target Ther",
    )
    for criterion in spec.criteria:
        assert criterion.source == NO_SOURCE or criterion.source.startswith(papers), criterion.id


def test_the_example_specification_covers_what_release_needs() -> None:
    spec = load(next(p for p in shipped() if p.stem == "msc_sev_example"), real_known())
    assert "xample" in spec.title
    asked = " ".join(c.quantity.text for c in spec.criteria)
    for word in (
        *("particles_per_ml", "particles_per_ug_protein", "size_mode_nm", "sterility", "endotoxin", "mycoplasma"),
        *("residual_bsa", "potency", "score.identity", "score.purity", "tetraspanins", "marker.CANX", "marker.GM130"),
    ):
        assert word in asked, word
    assert {c.severity for c in spec.criteria} == {"release", "alert", "information"}


def test_kinds_of_quantities_are_all_documented() -> None:
    text = quantities.__doc__ or ""
    for kind in quantities.KINDS:
        assert kind in text
