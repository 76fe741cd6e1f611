"""The configuration: defaults, and for each way of getting it wrong a message that says where and what."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from sevident import configuration
from sevident.errors import ConfigurationError

MINIMAL = "study: mine\nsamples: samples.tsv\ninputs:\n  - path: proteinGroups.txt\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory that holds the two files of MINIMAL."""
    (tmp_path / "samples.tsv").write_text("sample\na\n")
    (tmp_path / "proteinGroups.txt").write_text("Protein IDs\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def load(text: str | bytes) -> dict:
    path = Path("config.yaml")
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return configuration.load(path)


def refusal(text: str | bytes) -> ConfigurationError:
    with pytest.raises(ConfigurationError) as caught:
        load(text)
    assert "config.yaml" in (caught.value.where or "")
    return caught.value


def test_defaults_are_filled_in(folder: Path) -> None:
    assert load(MINIMAL) == {
        "study": "mine",
        "samples": "samples.tsv",
        "organism": "human",
        "inputs": [
            {
                "name": "main",
                "path": "proteinGroups.txt",
                "format": "auto",
                "fasta": None,
                "columns": {"protein": None, "gene": None, "description": None, "runs": None},
                "scale": "linear",
                "sheet": None,
                "skip_rows": 0,
            }
        ],
        "specifications": [],
        "source_cell": "",
        "lots": {"families": [], "least_lots": 5, "most_proteins": 10},
        "comparability": {
            "processes": [],
            "margin_log2": 0.5,
            "margin_logit": 0.693,
            "margin_protein_log2": 1,
            "margins": {},
            "alpha": 0.05,
            "least_lots": 3,
            "power": 0.8,
            "most_lots": 100,
            "families": [],
        },
        "species_sequences": [],
        "fdr": {"peptide": 0.01, "protein": 0.01},
        "report": {"language": "en"},
        "reference": {"labels": None, "studies": None},
        "bootstrap": 200,
        "seed": 1,
        "memory_limit": "2GB",
    }


def test_resolving_twice_changes_nothing(folder: Path) -> None:
    once = load(MINIMAL)
    assert configuration.resolve(once, "again") == once


def test_resolving_does_not_touch_what_it_is_given(folder: Path) -> None:
    raw = yaml.safe_load(MINIMAL)
    first, second = configuration.resolve(raw, "x"), configuration.resolve(raw, "x")
    first["inputs"][0]["columns"]["gene"] = "Gene"
    first["report"]["language"] = "xx"
    assert raw == yaml.safe_load(MINIMAL)
    assert second["inputs"][0]["columns"]["gene"] is None
    assert configuration.resolve(raw, "x")["report"] == {"language": "en"}


def test_an_empty_key_means_its_default(folder: Path) -> None:
    config = load(MINIMAL + "    columns:\n    scale:\nreport:\nseed:\nspecifications:\n")
    assert config["report"] == {"language": "en"}
    assert config["seed"] == 1
    assert config["inputs"][0]["scale"] == "linear"
    assert config["inputs"][0]["columns"] == {"protein": None, "gene": None, "description": None, "runs": None}


def test_byte_order_mark_and_windows_lines(folder: Path) -> None:
    assert load(b"\xef\xbb\xbf" + MINIMAL.replace("\n", "\r\n").encode())["study"] == "mine"


def test_whole_numbers_are_whole(folder: Path) -> None:
    bootstrap = load(MINIMAL + "bootstrap: 300.0\n")["bootstrap"]
    assert bootstrap == 300
    assert isinstance(bootstrap, int)


@pytest.mark.parametrize(
    ("text", "problem", "where", "words"),
    [
        ("", "empty", "", "study"),
        ("# nothing\n", "empty", "", "study"),
        ("- study\n- samples\n", "block of keys", "", "a list"),
        ("mine\n", "block of keys", "", "'mine'"),
        (MINIMAL.replace("study", "studdy"), "not known", "'studdy'", "did you mean 'study'?"),
        (MINIMAL + "    scales: log2\n", "not known", "'inputs[0].scales'", "did you mean 'scale'?"),
        (MINIMAL + "    columns: {genes: x}\n", "not known", "'inputs[0].columns.genes'", "did you mean 'gene'?"),
        (MINIMAL + "report: {lang: en}\n", "not known", "'report.lang'", "language"),
        (MINIMAL + "7: x\n", "not known", "'7'", "study"),
        (MINIMAL.replace("study: mine", ""), "lacks", "'study'", "study: ..."),
        (MINIMAL.replace("- path: proteinGroups.txt", "- name: a"), "lacks", "'inputs[0].path'", "search engine"),
        (MINIMAL + "    scale: ln\n", "not allowed", "'inputs[0].scale'", "linear, log2, log10, percent"),
        (MINIMAL + "    scale: 2\n", "not allowed", "'inputs[0].scale'", "2 (a number)"),
        (MINIMAL + "    format: maxqant\n", "not allowed", "'inputs[0].format'", "did you mean 'maxquant'?"),
        (MINIMAL + "    skip_rows: -1\n", "not allowed", "'inputs[0].skip_rows'", "from 0 to 1000"),
        (MINIMAL + "    skip_rows: yes\n", "not allowed", "'inputs[0].skip_rows'", "True (yes or no)"),
        (MINIMAL + "    sheet: 1\n", "not allowed", "'inputs[0].sheet'", "quotation marks"),
        (MINIMAL.replace("mine", "2024"), "not allowed", "'study'", "quotation marks"),
        (MINIMAL.replace("mine", "2024-01-01"), "not allowed", "'study'", "quotation marks"),
        (MINIMAL.replace("mine", "no"), "not allowed", "'study'", "quotation marks"),
        (MINIMAL.replace("mine", "my study"), "not allowed", "'study'", "letters, digits"),
        (MINIMAL.replace("mine", "../up"), "not allowed", "'study'", "'../up'"),
        (MINIMAL.replace("mine", '".."'), "not allowed", "'study'", "letters, digits"),
        (MINIMAL.replace("mine", '"a\\n"'), "not allowed", "'study'", "letters, digits"),
        (MINIMAL.replace("mine", "ストudy"), "not allowed", "'study'", "letters, digits"),
        (MINIMAL.replace("mine", "x" * 101), "not allowed", "'study'", "letters, digits"),
        (MINIMAL + "    name: a/b\n", "not allowed", "'inputs[0].name'", "'a/b'"),
        (MINIMAL.replace("- path: proteinGroups.txt", "- x"), "not allowed", "'inputs[0]'", "with at least a path"),
        (MINIMAL.replace("  - path", "    path"), "not allowed", "'inputs'", "a list of search results"),
        (MINIMAL.partition("inputs")[0] + "inputs: []\n", "not allowed", "'inputs'", "a list, empty"),
        (MINIMAL.partition("inputs")[0] + "inputs:\n", "not allowed", "'inputs'", "nothing"),
        (MINIMAL.replace("proteinGroups.txt", ""), "not allowed", "'inputs[0].path'", "nothing"),
        (MINIMAL + "fdr: {peptide: 5}\n", "not allowed", "'fdr.peptide'", "a number from 0.0001 to 1"),
        (MINIMAL + "fdr: {protein: 0}\n", "not allowed", "'fdr.protein'", "0 (a number)"),
        (MINIMAL + "fdr: {proteins: 0.01}\n", "not known", "'fdr.proteins'", "did you mean 'protein'?"),
        (MINIMAL + "fdr: 1%\n", "not allowed", "'fdr'", "a block of accepted error rates"),
        (MINIMAL + "bootstrap: many\n", "not allowed", "'bootstrap'", "a whole number from 20 to 10000"),
        (MINIMAL + "seed: 1.5\n", "not allowed", "'seed'", "1.5 (a number)"),
        (MINIMAL + "memory_limit: lots\n", "not allowed", "'memory_limit'", "2GB"),
        (MINIMAL + "report: {language: fr}\n", "not allowed", "'report.language'", "en"),
        (MINIMAL + "specifications: spec.yaml\n", "not allowed", "'specifications'", "a list of paths"),
        (MINIMAL + "  - path: samples.tsv\n", "same name", "'inputs[1].name'", "'main'"),
        (MINIMAL + "  - {path: samples.tsv, name: MAIN}\n", "same name", "'inputs[1].name'", "a name of its own"),
    ],
)
def test_what_is_wrong_is_said(folder: Path, text: str, problem: str, where: str, words: str) -> None:
    error = refusal(text)
    assert problem in error.problem
    assert where in (error.where or "")
    assert words in str(error)


@pytest.mark.parametrize(
    ("text", "where", "words"),
    [
        (MINIMAL.replace("  - path", "\t- path"), "line 4, column 1", "spaces"),
        (MINIMAL + "study: other\n", "line 5, column 1", "'study' a second time (first in line 1)"),
        (MINIMAL + "    path: other\n", "line 5, column 5", "'path' a second time (first in line 4)"),
        ("study mine\n# ok\nsamples: x\n", "line 1", "blank after the colon"),
        (MINIMAL.replace("inputs:", "inputs"), "line 3", "blank after the colon"),
        ("study: a: b\n", "line 1, column 9", "quotation marks"),
        ("inputs: [a\nstudy: b\n", "line 2", "indentation and quotation marks"),
        ("study: 'mine\n", "line 2", "quotation marks"),
        ("study: *mine\n", "line 1", "alias"),
        ("study: !!python/object/apply:os.system [ls]\n", "line 1", "python/object"),
        ("study: a\n---\nstudy: b\n", "line 2", "document"),
    ],
)
def test_what_is_not_yaml_is_said(folder: Path, text: str, where: str, words: str) -> None:
    error = refusal(text)
    assert "not YAML" in error.problem
    assert where in (error.where or "")
    assert words in str(error)


def test_binary_and_foreign_encodings(folder: Path) -> None:
    assert "text file" in refusal(b"study: \xff\xfe\x00").problem
    assert "not YAML" in refusal(b"study: a\x00b\n").problem


def test_the_configuration_itself_is_missing(folder: Path) -> None:
    Path("config.yml").write_text(MINIMAL)
    with pytest.raises(ConfigurationError, match=r"does not exist[\s\S]*did you mean 'config.yml'"):
        configuration.load("confg.yml")
    with pytest.raises(ConfigurationError, match="there is no folder nowhere"):
        configuration.load("nowhere/config.yaml")
    with pytest.raises(ConfigurationError, match="cannot be read"):
        configuration.load(".")


def test_missing_files_are_named_with_their_key_and_the_nearest_file(folder: Path) -> None:
    error = refusal(MINIMAL.replace("proteinGroups", "proteinGroup"))
    assert "key 'inputs[0].path'" in (error.where or "")
    assert str(folder) in (error.found or "")
    assert error.advice == "did you mean 'proteinGroups.txt'?"
    assert "key 'samples'" in (refusal(MINIMAL.replace("samples.tsv", "s.tsv")).where or "")
    assert "key 'inputs[0].fasta'" in (refusal(MINIMAL + "    fasta: x.fasta\n").where or "")
    assert "key 'specifications[0]'" in (refusal(MINIMAL + "specifications: [x.yaml]\n").where or "")
    assert "(a folder)" in (refusal(MINIMAL.replace("samples.tsv", ".")).found or "")
    assert "there is no folder gone" in (refusal(MINIMAL.replace("samples.tsv", "gone/s.tsv")).advice or "")


def test_an_organism_without_panels_is_remarked_on(folder: Path) -> None:
    assert configuration.remarks(load(MINIMAL)) == []
    assert configuration.remarks(load(MINIMAL + "organism: Mouse\n")) == []
    assert load(MINIMAL + "organism: Homo  sapiens\n")["organism"] == "human"
    (row,) = configuration.remarks(load(MINIMAL + "organism: axolotl\n"))
    assert row["code"] == "organism_without_panels"
    assert "axolotl" in str(row["message"])


@pytest.mark.parametrize(("text", "mb"), [("2GB", 2000), ("800 MB", 800), ("1MB", 1)])
def test_memory_limit(text: str, mb: int) -> None:
    assert configuration.memory_mb(text) == mb


def test_the_schema_is_one_and_its_defaults_obey_it() -> None:
    schema = yaml.safe_load(configuration.SCHEMA.read_text())
    Draft202012Validator.check_schema(schema)

    def walk(rule: dict) -> None:
        assert rule.get("description"), rule
        if "default" in rule:
            Draft202012Validator(rule).validate(rule["default"])
        for inner in rule.get("properties", {}).values():
            walk(inner)
        if "items" in rule:
            walk(rule["items"])

    walk(schema)
