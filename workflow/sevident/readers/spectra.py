"""The hits of spectra, as the XML formats list them, gathered and handed to the roll-up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from sevident.errors import InputError
from sevident.identifiers import split_identifiers
from sevident.readers import qvalues
from sevident.readers.base import InputSpec, ReadResult
from sevident.readers.rollup import Observations, each, group_name, roll_up


@dataclass
class Hits:
    """Hits of spectra, one entry per peptide that the engine proposes for a spectrum.

    ``headers``: identifier to FASTA header; ``lengths``: identifier to residues; ``q_names``, ``group_q_name``: what
    the q-values are called in the file, the best first; empty when there are none.
    """

    where: str
    headers: Mapping[str, str] = field(default_factory=dict)
    lengths: Mapping[str, float] = field(default_factory=dict)
    q_names: list[str] = field(default_factory=list)
    group_q_name: str = ""
    engine: str = ""
    version: str = ""
    rows: list[tuple[Any, ...]] = field(default_factory=list)

    @property
    def q_name(self) -> str:
        return self.q_names[0] if self.q_names else ""

    def add(
        self,
        *,
        run: str,
        sequence: tuple[str, str],
        charge: object,
        ids: str,
        is_decoy: bool,
        hit: str,
        q_value: float,
        members: str = "",
        group_q: float = float("nan"),
        spectra: float = 1.0,
        score: tuple[int, float] | None = None,
    ) -> None:
        """One hit: its run, (bare, modified) sequence, charge, proteins, and whether it counts.

        ``ids`` and ``members`` (the engine's own group, when it names one) are joined by ``;``; ``hit`` is empty,
        lower_rank or failed, as in ``rollup``; ``score`` as ``scores.best`` gives it.
        """
        kind, value = score or (None, np.nan)
        self.rows.append((run, *sequence, charge, ids, is_decoy, hit, q_value, members, group_q, spectra, value, kind))

    def add_q_name(self, name: str) -> None:
        """Note what a q-value is called."""
        if name not in self.q_names:
            self.q_names.append(name)

    def frame(self) -> pd.DataFrame:
        """The hits as observations for the roll-up."""
        names = ["run", "peptide", "modified_sequence", "charge", "ids", "is_decoy", "hit", "q_value", "members"]
        frame = pd.DataFrame(self.rows, columns=[*names, "group_q", "spectra", "score", "kind"])
        if frame.empty:
            raise InputError(
                "The file holds no identified spectrum.",
                where=self.where,
                expected="hits of spectra: peptides with their proteins",
                advice="export the result again with its identifications, or give another file of the search",
            )
        kinds = pd.to_numeric(frame.pop("kind"), errors="coerce")
        # two kinds of scores cannot be put in one order; and what does not count must not compete with what does
        frame["score"] = frame["score"].where((kinds == kinds.min()) & (frame["hit"] == ""))
        frame["charge"] = pd.to_numeric(frame["charge"], errors="coerce").astype("float64")
        frame["members"] = frame["members"].where(frame["members"] != "", frame["ids"])
        frame["group"] = each(group_name, frame["members"])
        frame["headers"] = each(self._headers, frame["members"])
        frame["length"] = each(self._length, frame["members"])
        frame["evidence"] = np.where(frame["hit"] == "", "ms2", "unknown")
        return frame

    def _headers(self, members: str) -> str:
        return ";".join(found for one in split_identifiers(members) if (found := self.headers.get(one, "")))

    def _length(self, members: str) -> float:
        pieces = split_identifiers(members)
        return self.lengths.get(pieces[0], np.nan) if pieces else np.nan


def roll_up_hits(hits: Hits, spec: InputSpec, warnings: list[dict[str, object]]) -> ReadResult:
    """Features and proteins of the hits, with remarks on what they are. Raises InputError when nothing is left."""
    frame = hits.frame()
    for column, name in (("q_value", hits.q_name), ("group_q", hits.group_q_name)):
        remark = qvalues.remark(frame[column], name, spec)
        if remark:
            warnings.append(remark)
            frame[column] = np.nan
    text = "The format holds identifications without quantities; spectra are counted, and intensities are empty."
    warnings.append(spec.warn("info", "spectral_counts_only", text))
    warnings += without_q_values(frame, hits.where, spec)
    facts: dict[str, object] = {
        "level": "psm",
        "quantity": "spectra",
        "quantities_offered": ["spectra"],
        "q_columns": [name for name in (hits.q_name, hits.group_q_name) if name],
        "version": hits.version,
    }
    found = Observations(
        frame,
        hits.where,
        "hits of spectra",
        q_name=hits.q_name or "q-value",
        group_q_name=hits.group_q_name or "protein q-value",
    )
    return roll_up(found, spec, warnings, hits.engine or "unknown", **facts)


def without_q_values(frame: pd.DataFrame, where: str, spec: InputSpec) -> list[dict[str, object]]:
    """A warning when the hits that count carry no q-value, with what the decoys among them tell about the error rate.

    The error rate is decoys over targets (Elias and Gygi 2007, Nat Methods 4:207, for a database of as many decoys as
    targets). Where the hits have scores the error rates are computed from them later; else it is told, not applied.
    """
    counting = frame[(frame["hit"] == "") & frame["ids"].ne("")]
    if counting["q_value"].notna().any() or counting["group_q"].notna().any():
        return []
    decoys, targets = int(counting["is_decoy"].sum()), int((~counting["is_decoy"].astype("bool")).sum())
    text = f"The file carries no q-values, so its {targets} hits of real proteins are taken as they are"
    if decoys and targets and "score" in counting and counting["score"].notna().any():
        text = f"The file carries no q-values; {targets} hits are judged by the scores of {decoys} decoys beside them."
    elif decoys and targets:
        text += (
            f"; {decoys} decoys stand beside them: about {min(decoys / targets, 1):.1%} are wrong, if the search had "
            "as many decoys as proteins."
        )
    else:
        text += "; filter them at 1 % before they are exported, if that has not been done."
    return [spec.warn("warning", "no_q_values", text, targets)]
