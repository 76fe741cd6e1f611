"""RO-Crate 1.1 metadata: what lies in the folder of exports, what it was made from, by what and when.

Format: Soiland-Reyes S et al. 2022, Packaging research artefacts with RO-Crate, Data Science 5:97-138; specification
https://w3id.org/ro/crate/1.1. The folder of exports is the crate; the page and the tables lie one folder above.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sevident.report.exports.study import Study
from sevident.report.provenance import checksum

FILE = "ro-crate-metadata.json"
_SPECIFICATION = "https://w3id.org/ro/crate/1.1"
_MEDIA = {
    ".json": "application/json",
    ".mzqc": "application/json",
    ".mztab": "text/tab-separated-values",
    ".tsv": "text/tab-separated-values",
    ".obo": "text/plain",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def write(study: Study, files: dict[Path, str]) -> str:
    """The metadata file's text. ``files``: each exported file and what it is."""
    parts = [_part(path, text) for path, text in sorted(files.items())]
    sources = [
        {
            "@id": f"#source-{i}",
            "@type": "CreativeWork",
            "name": source.path.as_posix(),
            "description": "search result" if source.format else "sample sheet, database or specification",
            "identifier": f"sha256:{source.sha256}",
            "contentSize": str(source.size),
        }
        for i, source in enumerate(study.sources, 1)
    ]
    software = {
        "@id": "#sevident",
        "@type": "SoftwareApplication",
        "name": "sEVident",
        "softwareVersion": study.version,
        "description": "Identity and purity of small extracellular vesicles from proteomics search results",
    }
    run = {
        "@id": "#run",
        "@type": "CreateAction",
        "name": f"sEVident on the study {study.name}",
        "endTime": study.time,
        "instrument": {"@id": software["@id"]},
        "object": [{"@id": s["@id"]} for s in sources],
        "result": [{"@id": p["@id"]} for p in parts],
    }
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": f"sEVident: {study.name}",
        "description": (
            f"Identity and purity of {len(study.data.preparations)} preparations of small extracellular vesicles, "
            "judged from their proteomes, in the formats of other tools. The report and the tables that these files "
            "were made from lie in the folder above."
        ),
        "datePublished": study.time,
        # whose data these are, and what may be done with them, only their owner can say
        "license": "not stated: to be set by the owner of the data",
        "hasPart": [{"@id": p["@id"]} for p in parts],
        "mentions": {"@id": run["@id"]},
    }
    descriptor = {
        "@id": FILE,
        "@type": "CreativeWork",
        "about": {"@id": "./"},
        "conformsTo": {"@id": _SPECIFICATION},
    }
    graph: list[dict[str, Any]] = [descriptor, root, *parts, run, software, *sources]
    content = {"@context": f"{_SPECIFICATION}/context", "@graph": graph}
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _part(path: Path, text: str) -> dict[str, Any]:
    digest, size = checksum(path)
    return {
        "@id": quote(path.name),
        "@type": "File",
        "name": path.name,
        "description": text,
        "encodingFormat": _MEDIA.get(path.suffix.lower(), "application/octet-stream"),
        "contentSize": str(size),
        "sha256": digest,
    }
