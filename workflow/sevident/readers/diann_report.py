"""DIA-NN's long report, of any size: scanned by DuckDB and Arrow in pieces, one run after the other.

The columns are described in ``readers/diann.py``. The first pass looks at every row (what passes the filters, which
runs and groups there are), the second one sorts and sums the rows of each run and writes them at once. Text is handled
as numbers throughout. So time grows with the rows and memory hardly: it holds one run, the distinct peptides and the
protein groups. A report whose rows are not in the order of its runs is first sorted by DuckDB, within its memory limit.
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
from sevident.readers.groups import Groups, describe
from sevident.readers.source import Source
from sevident.streams import Blocks, Lexicon, Writer, coded, constant, stretches

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
_FILTERED = ("run", "file", "channel", "group", "quantity", "q", "group_q", "decoy")
# Sort keys are packed into one number: group (24 bits), modified sequence (32 bits), charge (6 bits).
_CHARGE_BITS, _SEQUENCE_BITS = 6, 32
_MANY = 4096  # changes of the run in one batch; with more, the rows are in no order of runs


def write(source: Source, spec: InputSpec, proteins: str | Path, features: str | Path) -> list[dict[str, object]]:
    """Read a long report and write its two tables; returns the warnings. Raises InputError; then nothing is written."""
    warnings: list[dict[str, object]] = []
    sinks = [(proteins, tables.PROTEINS), (features, tables.FEATURES)]
    with tempfile.TemporaryDirectory(prefix="sevident-") as folder, ExitStack() as stack:
        report = stack.enter_context(Report(source, Path(folder), spec.memory_limit))
        report.check_values()
        if not report.group_q:
            text = "The report holds no q-value of protein groups; groups are kept by their precursors alone."
            warnings.append(spec.warn("warning", "no_group_q_value", text))
        survey = _Survey(report)
        warnings += survey.remarks(spec)
        names, remarks = survey.name_runs(spec)
        described, more = survey.describe(spec)
        warnings += remarks + more
        if survey.scattered:
            report.sort_by_run()
        order = sorted(names)
        if names == order and not survey.scattered:
            writers = [stack.enter_context(Writer(path, table)) for path, table in sinks]
            _Runs(report, survey, names, described, spec).write(*writers)
            return warnings
        parts = [Path(folder) / f"{table.name}.parquet" for _, table in sinks]
        with ExitStack() as unordered:
            writers = [
                unordered.enter_context(Writer(part, table, by_piece=True, compression="lz4"))
                for part, (_, table) in zip(parts, sinks, strict=True)
            ]
            _Runs(report, survey, names, described, spec).write(*writers)
        for part, (path, table) in zip(parts, sinks, strict=True):
            writer = stack.enter_context(Writer(path, table))
            with Blocks(part, table) as blocks:
                for run in order:
                    writer.write(blocks.read(run))
    return warnings


class _Rows:
    """One batch with its text as numbers (of the survey's lexicons) and the fate of each row."""

    def __init__(self, batch: pa.RecordBatch, lexicons: dict[str, Lexicon], *, group_q: bool) -> None:
        self._batch = batch
        self._lexicons = lexicons
        group, run = self.text("group"), self.text("run")
        # a report without run names has those of files; the two kinds are told apart by the sign
        self.run = np.where(run > 0, run, -self.text("file"))
        self.channel = self.text("channel")
        self.quantity = self.number("quantity")
        self.q, self.group_q = self.number("q"), self.number("group_q")
        fate = np.full(batch.num_rows, _KEPT, dtype=np.int8)
        fate[~(self.quantity > 0)] = _ZERO
        fate[(group == 0) | (self.run == 0)] = _NAMELESS
        if group_q:
            fate[~(self.group_q <= Q_VALUE)] = _GROUP
        fate[~(self.q <= Q_VALUE)] = _PRECURSOR
        fate[self.number("decoy") == 1] = _DECOY
        self.fate, self.kept = fate, fate == _KEPT

    def text(self, role: str) -> NDArray[np.int64]:
        if role not in self._batch.schema.names:
            return np.zeros(self._batch.num_rows, dtype=np.int64)
        return self._lexicons.setdefault(role, Lexicon()).codes(self._batch.column(role))

    def number(self, role: str) -> NDArray[np.float64]:
        if role not in self._batch.schema.names:
            return np.full(self._batch.num_rows, np.nan)
        column = self._batch.column(role)
        if pa.types.is_boolean(column.type):
            column = column.cast(pa.int8())
        return column.to_numpy(zero_copy_only=False).astype(np.float64)

    def pairs(self) -> NDArray[np.int64]:
        """Run and channel of the kept rows as one number."""
        return (self.run[self.kept] << _SEQUENCE_BITS) + self.channel[self.kept]


class _Survey:
    """The first pass: counts and sums by fate, the runs in the order of the file, the facts of the groups."""

    def __init__(self, report: Report) -> None:
        self.lexicons: dict[str, Lexicon] = {}
        self.group_q = report.group_q
        self.runs: dict[int, int] = {}  # (run, channel) as one number to its place in the file's order
        self.scattered = False
        self._counts, self._sums = np.zeros(len(_FATES) + 1, dtype=np.int64), np.zeros(len(_FATES) + 1)
        self._first: dict[str, NDArray[np.int64]] = {}
        self._more: dict[str, set[tuple[int, int]]] = {}
        self._path = report.source.where
        self._last = -1
        facts = ("ids", "names", "genes")
        for batch in report.batches(*_FILTERED, *facts, "modified"):
            rows = _Rows(batch, self.lexicons, group_q=bool(report.group_q))
            self._counts += np.bincount(rows.fate, minlength=len(self._counts))
            weights = np.nan_to_num(rows.quantity)
            self._sums += np.bincount(rows.fate, weights=weights, minlength=len(self._sums))
            self._note_runs(rows.pairs())
            group = rows.text("group")[rows.kept]
            for fact in facts:
                self._note_fact(fact, group, rows.text(fact)[rows.kept])
            rows.text("modified")  # the second pass sorts by the place of each text among all

    def _note_runs(self, pairs: NDArray[np.int64]) -> None:
        if np.count_nonzero(pairs[1:] != pairs[:-1]) > _MANY:
            self.scattered = True
            pairs = np.unique(pairs)
        for _, _, pair in stretches(pairs):
            if pair != self._last and pair in self.runs:
                self.scattered = True
            self.runs.setdefault(pair, len(self.runs))
            self._last = pair

    def _note_fact(self, fact: str, group: NDArray[np.int64], value: NDArray[np.int64]) -> None:
        """Nearly always a group's rows agree: what differs from the first value is kept aside."""
        first = self._first.get(fact, np.zeros(0, dtype=np.int64))
        size = len(self.lexicons["group"])
        if len(first) < size:
            first = np.concatenate([first, np.full(size - len(first), -1)])
        new = first[group] < 0
        if new.any():
            first[group[new]] = value[new]
        self._first[fact] = first
        odd = first[group] != value
        if odd.any():
            pairs = np.unique((group[odd] << _SEQUENCE_BITS) + value[odd])
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
    """The second pass: the rows of each run, sorted, and their sums per protein group."""

    def __init__(
        self, report: Report, survey: _Survey, names: list[str], described: pd.DataFrame, spec: InputSpec
    ) -> None:
        self._report, self._survey, self._spec = report, survey, spec
        self._names = pa.array(names, pa.string())
        self._group = np.full(len(survey.lexicons["group"]), -1, dtype=np.int64)  # to the row of described
        self._group[described["code"]] = np.arange(len(described))
        self._facts = {
            column: pa.array(described[column].astype("str").tolist(), pa.string())
            for column in ("protein_group", "accessions", "genes", "organism", "contaminant")
        }
        self._lengths = described["sequence_length"].to_numpy(dtype=np.float64)
        modified = survey.lexicons.get("modified")
        self._sequence = modified.ranks() if modified else np.zeros(1, dtype=np.int64)

    def write(self, proteins: Writer, features: Writer) -> None:
        """Write the runs in the order of the file."""
        lexicons = self._survey.lexicons
        carried: dict[str, NDArray] | None = None
        for batch in self._report.batches(*_FILTERED, "peptide", "modified", "charge"):
            rows = _Rows(batch, lexicons, group_q=bool(self._survey.group_q))
            kept = rows.kept
            part = {
                "pair": rows.pairs(),
                "group": self._group[rows.text("group")[kept]],
                "modified": rows.text("modified")[kept],
                "peptide": rows.text("peptide")[kept],
                "charge": np.nan_to_num(rows.number("charge")[kept], nan=-1).astype(np.int64),
                "intensity": rows.quantity[kept],
                "q": rows.q[kept],
                "group_q": rows.group_q[kept] if self._survey.group_q else np.zeros(int(kept.sum())),
            }
            if carried is not None:
                part = {name: np.concatenate([carried[name], values]) for name, values in part.items()}
            pieces = list(stretches(part["pair"]))
            done = pieces[-1][0] if pieces else 0  # the last run may go on in the next batch
            carried = {name: values[done:] for name, values in part.items()}
            self._write({name: values[:done] for name, values in part.items()}, proteins, features)
        if carried is not None:
            self._write(carried, proteins, features)

    def _write(self, rows: dict[str, NDArray], proteins: Writer, features: Writer) -> None:
        sorted_rows, sums = [], []
        for start, end, pair in stretches(rows["pair"]):
            run = {name: values[start:end] for name, values in rows.items()}
            order = self._order(run)
            run = {name: values[order] for name, values in run.items()}
            number = self._survey.runs[pair]
            sums.append(self._sum(run, number))
            sorted_rows.append(run | {"run": np.full(end - start, number)})
        if not sums:
            return
        together = {name: np.concatenate([run[name] for run in sorted_rows]) for name in sorted_rows[0]}
        features.write(self._features(together))
        proteins.write(self._proteins({name: np.concatenate([run[name] for run in sums]) for name in sums[0]}))

    def _order(self, run: dict[str, NDArray]) -> NDArray[np.int64]:
        """The order of the table's key; rows that are alike in it by what is left, so that no order of rows shows."""
        key = (run["group"] << (_SEQUENCE_BITS + _CHARGE_BITS)) + (self._sequence[run["modified"]] << _CHARGE_BITS)
        key += np.clip(run["charge"], 0, (1 << _CHARGE_BITS) - 1)
        order = np.argsort(key, kind="stable")
        ordered = key[order]
        if (ordered[1:] == ordered[:-1]).any():
            peptides = self._survey.lexicons["peptide"].ranks()[run["peptide"]]
            order = np.lexsort((run["group_q"], run["q"], run["intensity"], peptides, run["charge"], key))
        return order

    def _sum(self, run: dict[str, NDArray], number: int) -> dict[str, NDArray]:
        """Per group: the precursors' summed quantity, the count of distinct sequences, the least q-value."""
        group = run["group"]
        starts = np.flatnonzero(np.concatenate([[True], group[1:] != group[:-1]]))
        pairs = np.sort((group << _SEQUENCE_BITS) + run["peptide"])
        distinct = pairs[np.concatenate([[True], pairs[1:] != pairs[:-1]])] >> _SEQUENCE_BITS
        here = group[starts]
        return {
            "run": np.full(len(here), number),
            "group": here,
            "intensity": np.add.reduceat(run["intensity"], starts),
            "peptides": np.diff(np.append(np.searchsorted(distinct, here), len(distinct))),
            "q": np.minimum.reduceat(run["group_q"], starts),
        }

    def _features(self, rows: dict[str, NDArray]) -> pa.Table:
        n = len(rows["run"])
        modified = self._survey.lexicons.get("modified")
        columns = {
            "input": constant(self._spec.name, n),
            "run": coded(rows["run"], self._names),
            "peptide": coded(rows["peptide"], self._survey.lexicons["peptide"].words),
            "modified_sequence": coded(rows["modified"], modified.words) if modified else constant("", n),
            "charge": pa.array(rows["charge"], mask=rows["charge"] < 0),
            "proteins": coded(rows["group"], self._facts["accessions"]),
            "protein_group": coded(rows["group"], self._facts["protein_group"]),
            "genes": coded(rows["group"], self._facts["genes"]),
            "intensity": pa.array(rows["intensity"]),
            "spectra": pa.nulls(n, pa.int64()),
            "score": pa.nulls(n, pa.float64()),
            "q_value": pa.array(rows["q"]),
            "is_decoy": pa.array(np.zeros(n, dtype=bool)),
            "evidence": constant("ms2", n),
        }
        return pa.table(columns)

    def _proteins(self, rows: dict[str, NDArray]) -> pa.Table:
        n = len(rows["run"])
        lengths = self._lengths[rows["group"]]
        columns = {
            "input": constant(self._spec.name, n),
            "run": coded(rows["run"], self._names),
            **{column: coded(rows["group"], words) for column, words in self._facts.items()},
            "evidence": constant("ms2", n),
            "intensity": pa.array(rows["intensity"]),
            "peptides": pa.array(rows["peptides"]),
            "spectra": pa.nulls(n, pa.int64()),
            "q_value": pa.array(rows["q"]),
            "sequence_length": pa.array(lengths, mask=np.isnan(lengths)),
        }
        return pa.table(columns)
