"""Groups of samples, for figures of studies that are too large to show every sample."""

from __future__ import annotations

from dataclasses import dataclass

from sevident.report.data import ReportData
from sevident.report.text import Catalogue
from sevident.tables import ROLES, VERDICTS


@dataclass(frozen=True)
class Group:
    """One or several samples that a figure shows as one column or bar."""

    label: str
    samples: list[str]


def groups_of(data: ReportData, t: Catalogue) -> list[Group]:
    """Every sample by itself; or, when there are many, preparations by verdict and references by role."""
    if not data.many:
        return [Group(name, [name]) for name in data.names]
    out = []
    for verdict in (*VERDICTS, ""):
        members = [s.name for s in data.preparations if data.verdict(s.name) == verdict]
        if members:
            out.append(Group(f"{t.known('verdict', verdict)} ({len(members)})", members))
    for role in ROLES[1:]:
        members = [s.name for s in data.sheet.samples if s.role == role]
        if members:
            out.append(Group(f"{t.known('role', role)} ({len(members)})", members))
    return out
