"""DIA-NN's long report, of any size: read once in pieces by Arrow, put aside as numbers, and written run after run.

The columns are described in ``readers/diann.py``. Every row is looked at once: what passes the filters, which runs and
groups there are. Text becomes numbers at once, and the rows that are kept go to a temporary file run by run
(``streams.Spill``), about 26 bytes a row. From there the runs come in the order of their names, whatever the order of
the report's rows was; each is sorted, summed and written. So time grows with the rows and memory hardly: it holds a few
pieces, the distinct peptides and the protein groups.
"""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from sevident import tables
from sevident.errors import InputError
from sevident.identifiers import join, read_fasta, split_identifiers
from sevident.readers.base import InputSpec, unique_runs
from sevident.readers.diann_scan import Report
from sevident.readers.groups import Groups, describe, is_decoy
from sevident.readers.source import Source
from sevident.streams import Lexicon, Spill, Writer, ahead, coded, constant, distinct, steady_memory, stretches

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

Q_VALUE = 0.01  # DIA-NN's README: reports are meant to be filtered at 1 %
# What becomes of a row that is not kept: the first that fits.
_KEPT = 0
_FATES = (
    ("decoy", "decoys_removed", "decoy precursors"),
    ("precursor", "precursors_over_q_value", f"precursor rows with Q.Value above {Q_VALUE}"),
    ("group", "groups_over_q_value", f"precursor rows with {{group_q}} above {Q_VALUE}"),
    ("nameless", "rows_without_protein", "precursor rows without a protein group or a run"),
    ("zero", "precursors_without_quantity", "precursor rows without a quantity"),
)
_DECOY, _PRECURSOR, _GROUP, _NAMELESS, _ZERO = range(1, 6)
_FACTS = ("ids", "names", "genes")
_FILTERED = ("run", "file", "channel", "group", "quantity", "q", "group_q", "decoy")
# Sort keys are packed into one number: group (24 bits), modified sequence (32 bits), charge (6 bits).
_CHARGE_BITS, _SEQUENCE_BITS = 6, 32


def write(source: Source, spec: InputSpec, proteins: str | Path, features: str | Path) -> list[dict[str, object]]:
    """Read a long report and write its two tables; returns the warnings. Raises InputError; then nothing is written."""
    warnings: list[dict[str, object]] = []
    with steady_memory(), tempfile.TemporaryDirectory(prefix="sevident-") as folder, ExitStack() as stack:
        report = stack.enter_context(Report(source, Path(folder), spec.memory_limit))
        if not report.group_q:
            text = "The report holds no q-value of protein groups; groups are kept by their precursors alone."
            warnings.append(spec.warn("warning", "no_group_q_value", text))
        spill = stack.enter_context(Spill(Path(folder) / "precursors", _kinds(report)))
        survey = _Survey(report, spill)
        warnings += survey.remarks(spec)
        names, remarks = survey.name_runs(spec)
        described, more = survey.describe(spec)
        warnings += remarks + more
        writers = [
            stack.enter_context(Writer(path, table))
            for path, table in ((proteins, tables.PROTEINS), (features, tables.FEATURES))
        ]
        runs = _Runs(survey, names, described, spec)
        for number in sorted(range(len(names)), key=names.__getitem__):
            runs.write(number, spill.read(number), *writers)
    return warnings


def _kinds(report: Report) -> dict[str, str]:
    """The columns that are put aside, and their types: quantities as exactly as the report has them, not more."""
    kinds = dict.fromkeys(("group", "peptide", "modified", "charge"), "int32")
    numbers = {"intensity": "quantity", "q": "q"} | ({"group_q": "group_q"} if report.group_q else {})
    return kinds | {name: "float32" if report.is_single(role) else "float64" for name, role in numbers.items()}


class _Rows:
    """One batch with its text as numbers (of the survey's lexicons) and the fate of each row."""

    def __init__(
        self, batch: pa.RecordBatch, lexicons: dict[str, Lexicon], decoys: _DecoyNames, *, group_q: bool
    ) -> None:
        self._batch = batch
        self._lexicons = lexicons
        self.possible = True  # numbers are neither negative nor infinite
        self.group, run = self.text("group"), self.text("run")
        # a report without run names has those of files; the two kinds are told apart by the sign
        self.run = np.where(run > 0, run, -self.text("file"))
        self.channel = self.text("channel")
        self.quantity = self.number("quantity")
        self.q, self.group_q = self.number("q"), self.number("group_q")
        fate = np.full(batch.num_rows, _KEPT, dtype=np.int8)
        fate[~(self.quantity > 0)] = _ZERO
        fate[(self.group == 0) | (self.run == 0)] = _NAMELESS
        if group_q:
            fate[~(self.group_q <= Q_VALUE)] = _GROUP
        fate[~(self.q <= Q_VALUE)] = _PRECURSOR
        fate[(self.number("decoy") == 1) | decoys.among(self.group, lexicons.get("group"))] = _DECOY
        self.fate, self.kept = fate, np.flatnonzero(fate == _KEPT)

    def text(self, role: str) -> NDArray[np.int32]:
        if role not in self._batch.schema.names:
            return np.zeros(self._batch.num_rows, dtype=np.int32)
        return self._lexicons.setdefault(role, Lexicon()).codes(self._batch.column(role))

    def text_near(self, role: str, guesses: NDArray[np.int32]) -> NDArray[np.int32]:
        """As ``text``, where the numbers are mostly known; see ``Lexicon.codes_near``."""
        if role not in self._batch.schema.names:
            return np.zeros(self._batch.num_rows, dtype=np.int32)
        return self._lexicons.setdefault(role, Lexicon()).codes_near(self._batch.column(role), guesses)

    def number(self, role: str) -> NDArray[np.float64]:
        if role not in self._batch.schema.names:
            return np.full(self._batch.num_rows, np.nan)
        column = self._batch.column(role)
        if pa.types.is_boolean(column.type):
            column = column.cast(pa.int8())
        values = column.to_numpy(zero_copy_only=False).astype(np.float64)
        if len(values):
            low, high = values.min(), values.max()
            if np.isnan(low):
                low, high = np.fmin.reduce(values), np.fmax.reduce(values)
            self.possible &= not (low < 0 or np.isinf(high))
        return values

    def pairs(self) -> NDArray[np.int64]:
        """Run and channel of the kept rows as one number."""
        return (self.run.take(self.kept).astype(np.int64) << _SEQUENCE_BITS) + self.channel.take(self.kept)


class _DecoyNames:
    """Which protein groups are decoys by their names, as when the FASTA given to DIA-NN held the decoys of a search."""

    def __init__(self) -> None:
        self._known = np.zeros(0, dtype=bool)

    def among(self, group: NDArray[np.int32], lexicon: Lexicon | None) -> NDArray[np.bool_]:
        if lexicon is not None and len(self._known) < len(lexicon):
            new = lexicon.words.slice(len(self._known)).to_pylist()
            self._known = np.concatenate([self._known, np.array([is_decoy(name) for name in new], dtype=bool)])
        return self._known.take(group) if self._known.any() else np.zeros(len(group), dtype=bool)


class _Survey:
    """The look at every row: counts and sums by fate, the runs in the order of the file, the facts of the groups.

    The rows that are kept go to ``spill``, by the number of their run.
    """

    def __init__(self, report: Report, spill: Spill) -> None:
        self.lexicons: dict[str, Lexicon] = {}
        self.group_q = report.group_q
        self.runs: dict[int, int] = {}  # (run, channel) as one number to its place in the file's order
        self._spill = spill
        self._counts, self._sums = np.zeros(len(_FATES) + 1, dtype=np.int64), np.zeros(len(_FATES) + 1)
        self._first: dict[str, NDArray[np.int32]] = {}
        self._more: dict[str, set[tuple[int, int]]] = {}
        self._form = np.zeros(0, dtype=np.int32)  # of each peptide, the modified sequence that it had last
        self._path = report.source.where
        decoys = _DecoyNames()
        for batch in ahead(report.batches(*_FILTERED, *_FACTS, "peptide", "modified", "charge")):
            rows = _Rows(batch, self.lexicons, decoys, group_q=bool(report.group_q))
            left = np.flatnonzero(rows.fate != _KEPT)
            self._counts += np.bincount(rows.fate[left], minlength=len(self._counts))
            lost = np.nan_to_num(rows.quantity[left])
            self._sums += np.bincount(rows.fate[left], weights=lost, minlength=len(self._sums))
            self._counts[_KEPT] += len(rows.kept)
            self._sums[_KEPT] += rows.quantity.take(rows.kept).sum()
            group = rows.group.take(rows.kept)
            for fact in _FACTS:
                self._note_fact(fact, group, rows.text(fact).take(rows.kept))
            self._put_aside(rows, group)
            if not rows.possible:
                report.check_values()
        if not self._counts.sum():
            report.check_values()

    def _modified(self, rows: _Rows, peptide: NDArray[np.int32]) -> NDArray[np.int32]:
        """The modified sequences: long texts, and nearly always those that the peptides had in the run before."""
        self._form = np.append(self._form, np.zeros(len(self.lexicons["peptide"]) - len(self._form), dtype=np.int32))
        modified = rows.text_near("modified", self._form.take(peptide))
        self._form[peptide] = modified
        return modified

    def _put_aside(self, rows: _Rows, group: NDArray[np.int32]) -> None:
        kept, peptide = rows.kept, rows.text("peptide")
        columns: dict[str, NDArray] = {
            "group": group,
            "peptide": peptide.take(kept),
            "modified": self._modified(rows, peptide).take(kept),
            "charge": np.nan_to_num(rows.number("charge").take(kept), nan=-1),
            "intensity": rows.quantity.take(kept),
            "q": rows.q.take(kept),
            "group_q": rows.group_q.take(kept),
        }
        pairs = rows.pairs()
        pieces = list(stretches(pairs))
        if len(pieces) > len(set(pairs[[start for start, _, _ in pieces]].tolist())):
            order = np.argsort(pairs, kind="stable")  # rows in no order of runs: few large pieces, not many small ones
            columns = {name: values.take(order) for name, values in columns.items()}
            pieces = list(stretches(pairs[order]))
        for start, end, pair in pieces:
            number = self.runs.setdefault(pair, len(self.runs))
            self._spill.add(number, {name: values[start:end] for name, values in columns.items()})

    def _note_fact(self, fact: str, group: NDArray[np.int32], value: NDArray[np.int32]) -> None:
        """Nearly always a group's rows agree: what differs from the first value is kept aside."""
        first = self._first.get(fact, np.zeros(0, dtype=np.int32))
        size = len(self.lexicons["group"])
        if len(first) < size:
            first = np.concatenate([first, np.full(size - len(first), -1, dtype=np.int32)])
        new = first.take(group) < 0
        if new.any():
            first[group[new]] = value[new]
        self._first[fact] = first
        odd = first.take(group) != value
        if odd.any():
            pairs = np.unique((group[odd].astype(np.int64) << _SEQUENCE_BITS) + value[odd])
            known = self._more.setdefault(fact, set())
            known.update(zip((pairs >> _SEQUENCE_BITS).tolist(), (pairs & 0xFFFFFFFF).tolist(), strict=True))

    def remarks(self, spec: InputSpec) -> list[dict[str, object]]:
        """A warning per kind of row that is left out. Raises InputError when none is left."""
        everything = float(self._sums.sum())
        remarks, said = [], []
        for number, (fate, code, what) in enumerate(_FATES, start=1):
            count = int(self._counts[number])
            if not count:
                continue
            share = float(self._sums[number]) / everything if everything else 0.0
            what = what.format(group_q=self.group_q)  # noqa: PLW2901
            text = f"{count} {what} are left out; they hold {share:.2%} of the summed intensity."
            remarks.append(spec.warn("warning" if fate == "nameless" else "info", code, text, count))
            said.append(f"{count} {fate}")
        if not self._counts[_KEPT]:
            raise InputError(
                "No precursor passes the filters.",
                where=self._path,
                found=", ".join(said),
                expected=f"precursors with Q.Value and {self.group_q or 'protein q-value'} of at most {Q_VALUE}",
                advice="give the main report of the search, not a part of it or a report of decoys",
            )
        return remarks

    def name_runs(self, spec: InputSpec) -> tuple[list[str], list[dict[str, object]]]:
        """One name per run, in the order of the file; the channel is added where the search was multiplexed."""
        keys = [(pair >> _SEQUENCE_BITS, pair & 0xFFFFFFFF) for pair in self.runs]
        if min(run for run, _ in keys) < 0 < max(run for run, _ in keys):  # else they would be runs of their own
            raise InputError(
                "Some rows of the report name no run, others do.",
                where=f"{self._path}, column 'Run'",
                expected="the run in every row",
                advice="give DIA-NN's own file; it may have been edited",
            )
        raw = [self._word("run", run) if run > 0 else self._word("file", -run) for run, _ in keys]
        known = sorted(set(raw))
        named = dict(zip(known, unique_runs(known), strict=True))
        channels = sorted({self._word("channel", channel) for _, channel in keys} - {""})
        if len(channels) < 2:
            return [named[name] for name in raw], []
        listed = ", ".join(channels)
        text = f"The search is multiplexed: each run is split by channel ({listed}) and named <run>-<channel>."
        names = [
            named[name] + (f"-{self._word('channel', channel)}" if channel else "")
            for name, (_, channel) in zip(raw, keys, strict=True)
        ]
        return names, [spec.warn("info", "channels", text, len(channels))]

    def _word(self, role: str, number: int) -> str:
        return str(self.lexicons[role].words[number]) if number else ""

    def describe(self, spec: InputSpec) -> tuple[pd.DataFrame, list[dict[str, object]]]:
        """The facts of each group (see ``groups.describe``), in the order of their names; ``code``: its number."""
        groups = np.flatnonzero(self._first["ids"] >= 0)
        names = self.lexicons["group"].words.take(pa.array(groups)).to_pylist()
        order = sorted(range(len(groups)), key=names.__getitem__)
        found = {fact: self._texts(fact) for fact in self._first}
        codes = [int(groups[i]) for i in order]
        ids = [join(piece for text in found["ids"][code] for piece in split_identifiers(text)) for code in codes]
        described, remarks = describe(
            Groups(
                ids=[names[i] for i in order],
                genes=[_first_text(found["genes"][code]) for code in codes],
                also=ids,
                entry_names=[_first_text(found["names"][code]) for code in codes],
            ),
            spec,
            read_fasta(spec.fasta) if spec.fasta else None,
        )
        described.insert(0, "protein_group", [names[i] for i in order])
        return described.assign(code=codes), remarks

    def _texts(self, fact: str) -> dict[int, list[str]]:
        """Per group the distinct texts of a fact, sorted."""
        first = self._first[fact]
        values: dict[int, set[int]] = {int(group): {int(first[group])} for group in np.flatnonzero(first >= 0)}
        for group, value in self._more.get(fact, ()):
            values[group].add(value)
        words = self.lexicons[fact].words.to_pylist() if fact in self.lexicons else [""]
        return {group: sorted(words[number] for number in numbers) for group, numbers in values.items()}


def _first_text(texts: list[str]) -> str:
    return next((text for text in texts if text), "")


class _Runs:
    """The rows of each run, sorted, and their sums per protein group."""

    def __init__(self, survey: _Survey, names: list[str], described: pd.DataFrame, spec: InputSpec) -> None:
        self._survey, self._spec = survey, spec
        self._names = names
        self._group = np.full(len(survey.lexicons["group"]), -1, dtype=np.int64)  # to the row of described
        self._group[described["code"]] = np.arange(len(described))
        self._facts = {
            column: distinct(pa.array(described[column].astype("str").tolist(), pa.string()))
            for column in ("protein_group", "accessions", "genes", "organism", "contaminant")
        }
        self._lengths = described["sequence_length"].to_numpy(dtype=np.float64)
        modified = survey.lexicons.get("modified")
        self._sequence = modified.ranks() if modified else np.zeros(1, dtype=np.int64)
        self._peptide: NDArray[np.int64] | None = None  # ranks, made when they are needed

    def write(self, number: int, rows: dict[str, NDArray], proteins: Writer, features: Writer) -> None:
        """Write one run, the ``number``-th of the file."""
        run = rows | {"group": self._group.take(rows["group"]), "charge": rows["charge"].astype(np.int64)}
        order = self._order(run)
        run = {name: values.take(order) for name, values in run.items()}
        run["intensity"], run["q"] = run["intensity"].astype(np.float64), run["q"].astype(np.float64)
        features.write(self._features(run, self._names[number]))
        proteins.write(self._proteins(self._sum(run), self._names[number]))

    def _order(self, run: dict[str, NDArray]) -> NDArray[np.int64]:
        """The order of the table's key; rows that are alike in it by what is left, so that no order of rows shows."""
        key = (run["group"] << (_SEQUENCE_BITS + _CHARGE_BITS)) + (self._sequence.take(run["modified"]) << _CHARGE_BITS)
        key += np.clip(run["charge"], 0, (1 << _CHARGE_BITS) - 1)
        order = np.argsort(key)
        ordered = key.take(order)
        if (ordered[1:] == ordered[:-1]).any():
            if self._peptide is None:
                self._peptide = self._survey.lexicons["peptide"].ranks()
            ties = [run[name] for name in ("group_q", "q", "intensity") if name in run]
            order = np.lexsort((*ties, self._peptide[run["peptide"]], run["charge"], key))
        return order

    def _sum(self, run: dict[str, NDArray]) -> dict[str, NDArray]:
        """Per group: the precursors' summed quantity, the count of distinct sequences, the least q-value."""
        group = run["group"]
        starts = np.flatnonzero(np.concatenate([[True], group[1:] != group[:-1]]))
        pairs = np.sort((group << _SEQUENCE_BITS) + run["peptide"])
        distinct = pairs[np.concatenate([[True], pairs[1:] != pairs[:-1]])] >> _SEQUENCE_BITS
        here = group[starts]
        return {
            "group": here,
            "intensity": np.add.reduceat(run["intensity"], starts),
            "peptides": np.diff(np.append(np.searchsorted(distinct, here), len(distinct))),
            "q": np.minimum.reduceat(run["group_q"], starts) if "group_q" in run else np.zeros(len(here)),
        }

    def _fact(self, column: str, group: NDArray[np.int64]) -> pa.DictionaryArray:
        places, words = self._facts[column]
        return coded(places.take(group), words)

    def _features(self, rows: dict[str, NDArray], run: str) -> pa.Table:
        n = len(rows["group"])
        modified = self._survey.lexicons.get("modified")
        columns = {
            "input": constant(self._spec.name, n),
            "run": constant(run, n),
            "peptide": coded(rows["peptide"], self._survey.lexicons["peptide"].words),
            "modified_sequence": coded(rows["modified"], modified.words) if modified else constant("", n),
            "charge": pa.array(rows["charge"], mask=rows["charge"] < 0),
            "proteins": self._fact("accessions", rows["group"]),
            "protein_group": self._fact("protein_group", rows["group"]),
            "genes": self._fact("genes", rows["group"]),
            "intensity": pa.array(rows["intensity"]),
            "spectra": pa.nulls(n, pa.int64()),
            "score": pa.nulls(n, pa.float64()),
            "q_value": pa.array(rows["q"]),
            "is_decoy": pa.array(np.zeros(n, dtype=bool)),
            "evidence": constant("ms2", n),
        }
        return pa.table(columns)

    def _proteins(self, rows: dict[str, NDArray], run: str) -> pa.Table:
        n = len(rows["group"])
        lengths = self._lengths[rows["group"]]
        columns = {
            "input": constant(self._spec.name, n),
            "run": constant(run, n),
            **{column: self._fact(column, rows["group"]) for column in self._facts},
            "evidence": constant("ms2", n),
            "intensity": pa.array(rows["intensity"]),
            "peptides": pa.array(rows["peptides"]),
            "spectra": pa.nulls(n, pa.int64()),
            "q_value": pa.array(rows["q"], pa.float64()),
            "sequence_length": pa.array(lengths, mask=np.isnan(lengths)),
        }
        return pa.table(columns)
