"""``scores.json``: every sample's scores, intervals, verdict, reasons and what they are made of, for other programs."""

from __future__ import annotations

import json
from typing import Any

from sevident.contracts import CONTRIBUTIONS, SCORES
from sevident.report.exports.study import Study, plain

#: changes when a key is renamed or removed, not when one is added
FORMAT_VERSION = 1
_TEXT = {"reasons"}


def write(study: Study) -> str:
    """The file's text. Missing values are null; ``interval`` is the 90% interval [low, high]."""
    content = {
        "format": "sEVident scores",
        "format_version": FORMAT_VERSION,
        "study": study.name,
        "sevident_version": study.version,
        "created": study.time,
        "interval": 0.9,
        "samples": [_sample(study, name) for name in study.data.names],
    }
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _sample(study: Study, name: str) -> dict[str, Any]:
    row = study.data.scores.loc[name]
    out: dict[str, Any] = {"sample": name}
    if name in study.data.unscored:
        out["scored"] = False
        return out
    for column in SCORES.columns:
        if column in ("sample", *_TEXT) or column.endswith(("_low", "_high")):
            continue
        value = plain(row[column])
        low, high = f"{column}_low", f"{column}_high"
        out[column] = (
            {"value": value, "interval": [plain(row[low]), plain(row[high])]} if low in SCORES.columns else value
        )
    out["reasons"] = [part for part in str(row["reasons"]).split(" | ") if part]
    mine = study.data.contributions[study.data.contributions["sample"] == name]
    columns = [c for c in CONTRIBUTIONS.columns if c != "sample"]
    out["contributions"] = [{c: plain(r[c]) for c in columns} for r in mine[columns].to_dict("records")]
    return out
