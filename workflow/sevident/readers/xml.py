"""XML of the identification formats: refused when it is unsafe, streamed, and unpacked before it is read.

A document type declaration is where entities come from (billion laughs, external files), and none of our formats has
one: such a file is refused before anything of it is expanded. The parser that looks is the one that reads (libxml2),
so that the two cannot see different files. pyteomics' parsers are opened without their index of byte offsets: it is
found by name, so that two spectra of one name would be one, and it is read from a file beside the data when there is
one.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lxml import etree

from sevident.errors import InputError
from sevident.readers.source import Head, Source

# as strict as libxml2 can be: no entities, no network, no document type, its own limits on depth and size
_STRICT: dict[str, Any] = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}
_OTHER = {
    "mzML": "this is raw data (mzML); give the result of the search",
    "indexedmzML": "this is raw data (mzML); give the result of the search",
    "mzXML": "this is raw data (mzXML); give the result of the search",
    "mzData": "this is raw data (mzData); give the result of the search",
    "MzQuantML": "this is mzQuantML, which few programs write; give mzTab or a table of proteins",
    "bioml": "this is X!Tandem's own XML; convert it to mzIdentML or pepXML (Tandem2XML of the TPP)",
    "featureMap": "this is an OpenMS featureXML; export mzTab (MzTabExporter) and give that",
    "consensusXML": "this is an OpenMS consensusXML; export mzTab (MzTabExporter) and give that",
    "mascot_search_results": "this is Mascot's own XML; export mzIdentML from Mascot and give that",
    "html": "this is a web page, not a search result; download the file itself",
}


def root_name(head: Head) -> str:
    """The name of the document's root element, without prefix; nothing when the file is no XML."""
    if head.kind != "xml":
        return ""
    text = re.sub(r"<!--.*?-->|<\?.*?\?>", "", "\n".join(head.source.lines), flags=re.DOTALL)
    match = re.search(r"<(?:!DOCTYPE\s+)?(?:[\w.-]+:)?([A-Za-z_][\w.-]*)", text)
    return match[1] if match else ""


def sniffs(*roots: str) -> Callable[[Head], bool]:
    """The ``sniff`` of a format: whether the root element has one of its names."""
    return lambda head: root_name(head) in roots


def explain_root(head: Head) -> str:
    """What an XML file of another format is, for the message of a refusal."""
    return _OTHER.get(root_name(head), "")


@contextmanager
def opened(source: Source) -> Iterator[Path]:
    """A path at which the XML lies unpacked and checked, in a folder of its own that is removed afterwards.

    Raises InputError for a document type declaration, and for what is not XML.
    """
    with tempfile.TemporaryDirectory(prefix="sevident-") as folder:
        path = Path(folder) / "content.xml"
        if source.packing:
            source.unpack(path)
        else:
            path.symlink_to(source.path.resolve())
        _refuse_unsafe(path, source.where)
        yield path


def _refuse_unsafe(path: Path, where: str) -> None:
    try:
        with path.open("rb") as handle:
            for _, element in etree.iterparse(handle, events=("start",), **_STRICT):
                if element.getroottree().docinfo.internalDTD is None:
                    return
                raise InputError(
                    "The XML file carries a document type declaration, which can hide other files or endless text.",
                    where=where,
                    found=str(element.getroottree().docinfo.doctype)[:120],
                    expected="an XML file without <!DOCTYPE and <!ENTITY, as the formats of search results prescribe",
                    advice="do not trust the file; export the result again from the search engine",
                )
    except etree.XMLSyntaxError as error:
        raise damaged(where, error) from error


def damaged(where: str, error: Exception) -> InputError:
    """The error for a file that is no well-formed XML: cut off, edited, or in another encoding than it says."""
    line = getattr(error, "lineno", None)
    reason = re.sub(r" \(<?[^()]*content\.xml[^()]*\)$", "", str(error.args[0] if error.args else error))
    return InputError(
        "The XML file is damaged or was cut off.",
        where=where + (f", line {line}" if line else ""),
        found=reason[:200],
        expected="a complete XML file in the encoding that its first line names",
        advice="copy or export it again; do not edit it by hand",
    )


def elements(path: Path, wanted: Iterable[str], where: str, discard: Iterable[str] = ()) -> Iterator[etree._Element]:
    """The elements of the given local names, each when it is complete; it is emptied after use.

    ``discard`` names large elements that are not needed, so that they do not pile up in memory.
    """
    wanted = set(wanted)
    tags = [f"{{*}}{name}" for name in (*wanted, *discard)]
    try:
        with path.open("rb") as handle:
            parser = etree.iterparse(
                handle, events=("end",), tag=tags, remove_comments=True, remove_pis=True, **_STRICT
            )
            for _, element in parser:
                if local_name(element) in wanted:
                    yield element
                element.clear()
                parent = element.getparent()
                while parent is not None and element.getprevious() is not None:
                    del parent[0]
    except etree.XMLSyntaxError as error:
        raise damaged(where, error) from error


def local_name(element: etree._Element) -> str:
    """An element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def children(element: etree._Element, name: str) -> list[etree._Element]:
    """The descendants of that local name, in the order of the file."""
    return list(element.iterfind(f".//{{*}}{name}"))


def attribute(element: etree._Element, name: str, where: str) -> str:
    """A needed attribute. Raises InputError with the line when it is absent."""
    value = element.get(name)
    if value is None:
        raise InputError(
            f"An element <{local_name(element)}> has no attribute '{name}'.",
            where=f"{where}, line {element.sourceline}",
            expected=f"'{name}', which the format prescribes",
            advice="export the file again from the search engine",
        )
    return str(value)


def items(reader: Any, where: str) -> Iterator[dict[str, Any]]:
    """What one of pyteomics' parsers yields; whatever it stumbles over becomes an InputError."""
    from pyteomics.auxiliary import PyteomicsError

    try:
        yield from reader
    except etree.XMLSyntaxError as error:
        raise damaged(where, error) from error
    except (PyteomicsError, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise InputError(
            "An entry of the XML file is not as its format prescribes.",
            where=where,
            found=f"{type(error).__name__}: {str(error).splitlines()[0][:200] if str(error) else ''}",
            expected="the file as the search engine wrote it (decimal points, every needed attribute)",
            advice="export it again from the search engine; do not edit it by hand",
        ) from error


def number(value: object, where: str, what: str) -> float:
    """A number of the file. Raises InputError for text (a decimal comma, say)."""
    try:
        return float(str(value))
    except ValueError as error:
        raise InputError(
            f"A value of {what} is not a number.",
            where=where,
            found=f"'{str(value)[:60]}'",
            expected="a number with a decimal point",
            advice="export the file again from the search engine",
        ) from error


def truth(value: str, where: str, what: str) -> bool:
    """A truth value of the file (xsd:boolean, in any case). Raises InputError for anything else."""
    word = value.strip().lower()
    if word not in {"true", "false", "1", "0"}:
        raise InputError(
            f"A value of {what} is neither true nor false.",
            where=where,
            found=f"'{value[:60]}'",
            expected="true or false",
            advice="export the file again from the search engine",
        )
    return word in {"true", "1"}
