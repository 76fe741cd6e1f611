"""The configuration: read, checked against workflow/schemas/config.schema.yaml, defaults filled in.

The schema holds names, kinds, limits, defaults and a plain description of each key; this module turns a violation into
a message that names the key, the value found and the values allowed. No pandas here: the command line and the Snakefile
read the configuration each time they start.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from .errors import ConfigurationError, did_you_mean
from .tables import warning

SCHEMA = Path(__file__).resolve().parents[1] / "schemas" / "config.schema.yaml"
# Organisms whose orthologues the marker panels hold (resources/panels: uniprot_human, uniprot_mouse, uniprot_rat).
ORGANISMS_WITH_PANELS = ("human", "mouse", "rat")

_KINDS = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "array": "a list",
    "object": "a block of keys",
}
# Names of organisms that mean the same; the names on the right are those of the tables.
_ORGANISMS = {"homo sapiens": "human", "mus musculus": "mouse", "rattus norvegicus": "rat", "bos taurus": "bovine"}
# What the parser complains of, at the next key, where a colon is missing.
_NO_COLON = ("expected ':'", "mapping values", "document start")
# Words that YAML takes for something else than text (https://yaml.org/type/bool.html; dates and numbers likewise).
_QUOTE = "put the value in quotation marks, so that YAML takes it for text"


def load(path: str | Path) -> dict[str, Any]:
    """The checked configuration in file ``path``, with its defaults; the files that it names exist.

    Raises ConfigurationError, naming file, line or key, for anything that cannot be used.
    """
    config = resolve(parse(path), str(path))
    check_files(config, str(path))
    return config


def parse(path: str | Path) -> dict[str, Any]:
    """What stands in a YAML file, unchecked but for its form: a mapping, with no key twice."""
    import yaml

    source = str(path)
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ConfigurationError(
            "the configuration file does not exist", where=source, advice=_in_folder(Path(path))
        ) from None
    except UnicodeDecodeError:
        raise ConfigurationError(
            "the configuration file is not a text file", where=source, expected="YAML in UTF-8"
        ) from None
    except OSError as error:
        raise ConfigurationError(
            "the configuration file cannot be read", where=source, found=error.strerror or str(error)
        ) from None
    try:
        content = yaml.load(text, Loader=_loader())  # noqa: S506  (derived from SafeLoader)
    except yaml.MarkedYAMLError as error:
        raise _yaml_error(error, text, source) from None
    except yaml.YAMLError as error:
        raise ConfigurationError(
            "the configuration file is not YAML", where=source, found=" ".join(str(error).split())
        ) from None
    if content is None:
        raise ConfigurationError(
            "the configuration file is empty", where=source, expected="at least study, samples and inputs"
        )
    return content


def resolve(raw: Mapping[str, Any], source: str) -> dict[str, Any]:
    """The configuration with its defaults, checked; ``source`` is what messages call it (a file name).

    A pure function: the files that the configuration names are not looked for (see ``check_files``). Raises
    ConfigurationError for the first problem in the order of the schema.
    """
    if not isinstance(raw, Mapping):
        raise ConfigurationError(
            "the configuration is not a block of keys",
            where=source,
            found=_shown(raw),
            expected="lines such as 'study: my_study'",
        )
    schema = _schema()
    config = _filled(copy.deepcopy(dict(raw)), schema)
    for problem in _problems(config, schema, source):
        raise problem
    config = _whole_numbers(config, schema)
    _check_names(config["inputs"], source)
    organism = " ".join(config["organism"].casefold().split())
    config["organism"] = _ORGANISMS.get(organism, organism)
    return config


def check_files(config: Mapping[str, Any], source: str) -> None:
    """Raise ConfigurationError when a file that the resolved configuration names does not exist."""
    for key, name in files(config):
        path = Path(name)
        if path.is_file():
            continue
        raise ConfigurationError(
            "a file named in the configuration does not exist",
            where=f"{source}, key '{key}'",
            found=f"{name}{' (a folder)' if path.is_dir() else ''}, looked for in the working directory {Path.cwd()}",
            expected="the path of a file, relative to the working directory or absolute",
            advice=_in_folder(path),
        )


def files(config: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Key and path of each file that the resolved configuration names."""
    yield "samples", config["samples"]
    for number, item in enumerate(config["inputs"]):
        yield f"inputs[{number}].path", item["path"]
        if item["fasta"]:
            yield f"inputs[{number}].fasta", item["fasta"]
    for number, name in enumerate(config["specifications"]):
        yield f"specifications[{number}]", name
    for number, name in enumerate(config["species_sequences"]):
        yield f"species_sequences[{number}]", name


def remarks(config: Mapping[str, Any]) -> list[dict[str, object]]:
    """What is allowed and worth saying about a resolved configuration, as rows for the WARNINGS table."""
    organism = config["organism"]
    if organism in ORGANISMS_WITH_PANELS:
        return []
    message = (
        f"There are no marker panels for {organism}; markers are looked up by gene symbol alone. "
        f"Panels exist for {', '.join(ORGANISMS_WITH_PANELS)}."
    )
    return [warning("configuration", "warning", "organism_without_panels", organism, message)]


def memory_mb(limit: str) -> int:
    """A memory limit such as '2GB' or '800 MB' in megabytes (1 GB = 1000 MB)."""
    number, unit = limit[:-2], limit[-2:]
    return int(number) * (1000 if unit == "GB" else 1)


@cache
def _schema() -> dict[str, Any]:
    import yaml

    return yaml.safe_load(SCHEMA.read_text(encoding="utf-8"))


@cache
def _loader() -> type:
    import yaml

    class UniqueKeys(yaml.SafeLoader):
        """SafeLoader that refuses a key that stands twice: plain YAML would keep the last and drop the others."""

    def mapping(loader: yaml.SafeLoader, node: yaml.MappingNode) -> dict:
        seen: dict[str, yaml.Node] = {}
        for key, _ in node.value:
            name = str(key.value)
            if name in seen and name != "<<":
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key '{name}' a second time (first in line {seen[name].start_mark.line + 1})",
                    key.start_mark,
                )  # fmt: skip
            seen[name] = key
        loader.flatten_mapping(node)
        return loader.construct_mapping(node, deep=True)

    UniqueKeys.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, mapping)
    return UniqueKeys


def _yaml_error(error: Any, text: str, source: str) -> ConfigurationError:
    """The parser's complaint in plain words, with the line that it stumbled over."""
    mark = error.problem_mark or error.context_mark
    lines = text.splitlines()
    number = min(mark.line, len(lines) - 1) if mark else 0
    problem = " ".join(str(error.problem or error).split())
    line, advice = lines[number], "check indentation and quotation marks"
    found = f"{problem}: {line.strip()[:80]!r}" if line.strip() else problem
    if "\t" in line[: len(line) - len(line.lstrip())] or "'\\t'" in problem:
        found, advice = "a tab at the beginning of the line", "indent with spaces; YAML does not allow tabs"
    elif "a second time" in problem:
        found, advice = problem, "keep one of the two"
    elif any(p in problem for p in _NO_COLON) and (bare := _without_colon(lines, number)) is not None:
        # the parser complains where it meets the next key
        return ConfigurationError(
            "the configuration file is not YAML",
            where=f"{source}, line {bare + 1}",
            found=repr(lines[bare].strip()[:80]),
            advice="write 'key: value', with a blank after the colon",
        )
    elif "mapping values are not allowed" in problem:
        found = repr(line.strip()[:80])
        advice = "look for a wrong indentation, or put a value that holds a colon in quotation marks"
    where = f"{source}, line {mark.line + 1}, column {mark.column + 1}" if mark else source
    return ConfigurationError("the configuration file is not YAML", where=where, found=found, advice=advice)


def _without_colon(lines: list[str], number: int) -> int | None:
    """The last line before line ``number`` that says anything, if it holds no colon and begins no list item."""
    for before in range(number - 1, -1, -1):
        said = lines[before].strip()
        if said and not said.startswith("#"):
            return None if ":" in said or said.startswith("-") else before
    return None


def _filled(value: Any, schema: Mapping[str, Any]) -> Any:
    """``value`` with the schema's defaults in place of absent keys; an empty key counts as absent where one exists.

    Values of the wrong kind are left for the validation to refuse.
    """
    if isinstance(value, dict) and "properties" in schema:
        out = {}
        for key, rule in schema["properties"].items():
            given = value.get(key)
            if given is None and "default" in rule:
                given = copy.deepcopy(rule["default"])
            if given is not None or key in value or "default" in rule:
                out[key] = _filled(given, rule)
        return out | {k: v for k, v in value.items() if k not in out}
    if isinstance(value, list) and "items" in schema:
        return [_filled(item, schema["items"]) for item in value]
    return value


def _problems(config: Mapping[str, Any], schema: Mapping[str, Any], source: str) -> Iterator[ConfigurationError]:
    from jsonschema import Draft202012Validator

    # an unknown key goes first: a key written wrongly is often also a key that is missing
    order = {"additionalProperties": 0, "required": 1}
    keys = list(schema["properties"])

    def rank(error: Any) -> tuple:
        path = list(error.absolute_path)
        return order.get(error.validator, 2), keys.index(path[0]) if path else 0, [str(p) for p in path], error.message

    for error in sorted(Draft202012Validator(schema).iter_errors(config), key=rank):
        yield _explained(error, source)


def _explained(error: Any, source: str) -> ConfigurationError:
    path = _key_path(error.absolute_path)
    if error.validator == "additionalProperties":
        known = list(error.schema["properties"])
        unknown = next(k for k in error.instance if k not in known)
        return ConfigurationError(
            "the configuration has a key that is not known",
            where=f"{source}, key '{_joined(path, unknown)}'",
            found=repr(unknown),
            expected=", ".join(known),
            advice=did_you_mean(str(unknown), known),
        )
    if error.validator == "required":
        missing = next(k for k in error.validator_value if k not in error.instance)
        return ConfigurationError(
            "the configuration lacks a key",
            where=f"{source}, key '{_joined(path, missing)}'",
            expected=error.schema["properties"][missing].get("description"),
            advice=f"add the line '{missing}: ...'",
        )
    rule, value = error.schema, error.instance
    allowed = [v for v in rule.get("enum", []) if v is not None]
    advice = None
    if allowed:
        advice = did_you_mean(str(value), allowed)
    elif error.validator == "type" and "string" in _kinds(rule) and not isinstance(value, (dict, list, type(None))):
        advice = _QUOTE
    return ConfigurationError(
        "a value of the configuration is not allowed",
        where=f"{source}, key '{path}'",
        found=_shown(value),
        expected=", ".join(map(str, allowed)) if allowed else _described(rule),
        advice=advice,
    )


def _kinds(rule: Mapping[str, Any]) -> list[str]:
    kinds = rule.get("type", [])
    return [kinds] if isinstance(kinds, str) else list(kinds)


def _described(rule: Mapping[str, Any]) -> str:
    kind = next((_KINDS[k] for k in _kinds(rule) if k in _KINDS), "")
    text = rule.get("description", "")
    if "minimum" in rule:
        kind += f" from {rule['minimum']} to {rule['maximum']}"
    if text.startswith("a "):
        return text
    return f"{kind}: {text}" if kind and text else kind or text


def _shown(value: Any) -> str:
    kinds = {
        bool: "yes or no",
        int: "a number",
        float: "a number",
        str: "text",
        list: "a list",
        dict: "a block of keys",
    }
    if value is None:
        return "nothing"
    kind = kinds.get(type(value), f"a {type(value).__name__}")  # YAML also makes dates
    if isinstance(value, str):
        return repr(value[:120]) if value else "an empty text"
    if isinstance(value, (list, dict)):
        return kind if value else f"{kind}, empty"
    return f"{value} ({kind})"


def _key_path(path: Any) -> str:
    text = ""
    for part in path:
        text = f"{text}[{part}]" if isinstance(part, int) else _joined(text, part)
    return text


def _joined(path: str, key: object) -> str:
    return f"{path}.{key}" if path else str(key)


def _whole_numbers(value: Any, schema: Mapping[str, Any]) -> Any:
    """JSON schema takes 200.0 for an integer; the stages want an int."""
    if isinstance(value, dict):
        return {k: _whole_numbers(v, schema.get("properties", {}).get(k, {})) for k, v in value.items()}
    return int(value) if schema.get("type") == "integer" and isinstance(value, float) else value


def _check_names(inputs: list[dict[str, Any]], source: str) -> None:
    """Names of inputs name files too, and some file systems do not tell upper from lower case."""
    seen: dict[str, int] = {}
    for number, item in enumerate(inputs):
        other = seen.setdefault(item["name"].casefold(), number)
        if other != number:
            raise ConfigurationError(
                "two inputs of the configuration have the same name",
                where=f"{source}, keys 'inputs[{other}].name' and 'inputs[{number}].name'",
                found=repr(item["name"]),
                expected="a name of its own for each input (an input without a name is called 'main')",
            )


def _in_folder(path: Path) -> str:
    """Advice that names the file of the same folder that is most alike, or the folder that is missing."""
    folder = path.parent
    if not folder.is_dir():
        return f"there is no folder {folder}"
    there = sorted(p.name for p in folder.iterdir() if p.is_file() and not p.name.startswith("."))
    return did_you_mean(path.name, there) if there else f"there are no files in {folder}"
