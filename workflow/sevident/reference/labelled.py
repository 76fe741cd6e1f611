"""Labelled public studies as one matrix: gene x sample, linear mass fractions, with the class of every sample.

A study is one or several tables as their authors published them; ``samples.tsv`` beside them says which column is which
sample, of which class. The quantity is the one that the labelled column holds: nothing is normalised across samples.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from sevident.errors import InputError, did_you_mean
from sevident.readers.source import stamp
from sevident.reference.annotation import Annotation, annotate, harmonise
from sevident.tables import warning

if TYPE_CHECKING:
    import pandas as pd

LABEL_COLUMNS = (
    "study",
    "file",
    "column",
    "sample_class",
    "reference_group",
    "organism",
    "scale",
    "note",
    "gene_column",
    "laboratory",
)
# The label's class -> (our class, subclass). A source fluid is serum only where it is blood plasma: see OTHER_FLUIDS.
CLASSES = {
    "sev": ("small_ev", "small_ev"),
    "secretome": ("secretome", "secretome"),
    "lysate": ("cell_debris", "lysate"),
    "cell_debris": ("cell_debris", "cell_fraction"),
    "source_fluid": ("serum", "plasma"),
    "lipoprotein": ("serum", "lipoprotein"),
    "claimed_ev": ("unlabelled", "claimed_ev"),
    "other": ("unlabelled", "other"),
}
# Whole urine is a source fluid that holds EVs of its own and is neither plasma nor serum.
OTHER_FLUIDS = ("urine",)
# A table in which (nearly) nothing is missing was imputed, or restricted to complete rows.
IMPUTED_MISSING_SHARE = 0.001


@dataclass(frozen=True)
class Labelled:
    """Labelled samples and what they hold.

    ``samples``: one row per sample: sample_id, study, laboratory, sample_class (small_ev, secretome, serum,
    cell_debris, other_fluid, unlabelled), reference_group, organism, scale, then subclass, search (samples with one
    `search` were searched together: what the search found in none of them is not assessable there), imputed (the table
    has no gaps).
    ``fractions``: gene (upper-case, human style) x sample_id; share of the sample's summed intensity over all rows but
    decoys and process contaminants (so a column sums to at most 1: rows without a gene and bovine rows count in the
    sum); NaN = not measured.
    ``assessable``: gene x search, whether the search found the gene in any of its samples.
    ``proteins``: gene, accession, entry_name, sequence_length, protein_name as the human tables give them.
    ``warnings``: rows for the WARNINGS table: what was left out, with counts.
    """

    samples: pd.DataFrame
    fractions: pd.DataFrame
    assessable: pd.DataFrame
    proteins: pd.DataFrame
    warnings: list[dict[str, object]]


def load(labels: str | Path, studies: str | Path) -> Labelled:
    """Read every labelled study.

    ``labels`` is the TSV of labels (LABEL_COLUMNS), ``studies`` the folder with one sub-folder per study. Raises
    InputError when a label names a file, sheet, column, class or scale that cannot be found; all unresolved columns are
    listed in one error.
    """
    import pandas as pd

    sheet = read_labels(Path(labels))
    notes: list[dict[str, object]] = []
    unresolved: list[str] = []
    parts: list[tuple[pd.DataFrame, Annotation, pd.DataFrame]] = []
    # files are read in the order of their names, so that the order of the labels does not matter
    for (study, file), rows in sheet.groupby(["study", "file"], sort=True):
        table, name = read_published(Path(studies) / str(study), str(file))
        columns, missing = resolve_columns(list(rows["column"]), list(table.columns))
        if missing:
            unresolved += [f"{study}/{file}: '{c}' ({did_you_mean(c, table.columns)})" for c in missing]
            continue
        annotation = annotate(table, rows["gene_column"].iloc[0], rows["organism"].iloc[0], f"{study}/{name}")
        values = linear(table[columns], rows["scale"].iloc[0], f"{study}/{name}")
        values.columns = pd.Index(rows["sample_id"])
        parts.append((rows, annotation, values))
    if unresolved:
        raise InputError(
            f"{len(unresolved)} labelled columns are not in their tables",
            where=str(labels),
            found="; ".join(unresolved[:20]),
            expected="the column's name as in the table's header",
            advice="correct the column names in the label table",
        )
    genes = harmonise([annotation for _, annotation, _ in parts])
    blocks = []
    for (rows, annotation, values), symbols in zip(parts, genes, strict=True):
        fractions, counts = gene_fractions(values, annotation.kind, symbols)
        blocks.append(fractions)
        subject = f"{rows['study'].iloc[0]}/{rows['file'].iloc[0]}"
        notes += [
            warning("reference", "info", code, subject, f"{n} rows of {subject}: {text}", n)
            for code, (n, text) in counts.items()
            if n
        ]
    fractions = pd.concat(blocks, axis=1, sort=True).rename_axis(index="gene", columns="sample_id")
    samples = sheet.drop_duplicates("sample_id").copy()
    samples = samples.sort_values("sample_id", kind="stable").reset_index(drop=True)
    fractions = fractions[samples["sample_id"]].sort_index()
    samples["search"] = searches(sheet).reindex(samples["sample_id"]).to_numpy()
    measured = fractions.notna()
    assessable = measured.T.groupby(samples["search"].to_numpy()).any().T.rename_axis(columns="search")
    samples["imputed"] = samples["search"].map(imputed_searches(measured, assessable, samples)).to_numpy()
    keep = [
        "sample_id",
        "study",
        "laboratory",
        "sample_class",
        "reference_group",
        "organism",
        "scale",
        "subclass",
        "search",
        "imputed",
    ]
    return Labelled(samples[keep], fractions, assessable, protein_facts(parts, genes), notes)


def read_labels(path: Path) -> pd.DataFrame:
    """The label table with sample_id (study/column or study/file/column, unique), class and subclass.

    Raises InputError when columns are missing, classes are unknown or a sample is labelled twice.
    """
    import pandas as pd

    if not path.is_file():
        raise InputError("the table of labels is not there", where=str(path), expected="a TSV with one row per sample")
    sheet = pd.read_csv(path, sep="\t", dtype="str", keep_default_na=False, encoding="utf-8-sig")
    missing = [c for c in LABEL_COLUMNS if c not in sheet.columns]
    if missing:
        raise InputError(
            "the table of labels lacks columns",
            where=str(path),
            found=", ".join(sheet.columns),
            expected=", ".join(LABEL_COLUMNS),
        )
    unknown = sorted(set(sheet["sample_class"]) - set(CLASSES))
    if unknown:
        raise InputError(
            "the table of labels holds classes that are not known",
            where=f"{path}, column sample_class",
            found=", ".join(unknown),
            expected=", ".join(CLASSES),
        )
    # the folder and the ending of a run say nothing about the sample
    short = sheet["column"].str.replace(r"^.*[\\/](?=[^\\/]*\.[A-Za-z]+$)", "", regex=True).str.strip()
    stem = sheet["file"].str.replace(r"\.[A-Za-z]+(?:#.*)?$", "", regex=True)
    several = sheet.groupby("study")["file"].transform("nunique") > 1
    sheet["sample_id"] = sheet["study"] + "/" + (stem + "/").where(several, "") + short
    twice = sheet.loc[sheet["sample_id"].duplicated(), "sample_id"]
    if len(twice):
        raise InputError(
            "samples are labelled twice",
            where=str(path),
            found=", ".join(twice.iloc[:10]),
            expected="one row per study, file and column",
        )
    label = sheet["sample_class"].copy()
    sheet["sample_class"] = label.map(lambda c: CLASSES[c][0])
    sheet["subclass"] = label.map(lambda c: CLASSES[c][1])
    other = label.eq("source_fluid") & sheet["study"].isin(OTHER_FLUIDS)
    sheet.loc[other, "sample_class"] = "other_fluid"
    sheet.loc[other, "subclass"] = sheet.loc[other, "study"]
    return sheet


def read_published(folder: Path, file: str) -> tuple[pd.DataFrame, str]:
    """One published table as text cells, and its name; ``file`` may be ``name.xlsx#Sheet``. Raises InputError.

    The delimiter is the one that occurs most in the header (tab, comma or semicolon). Perseus' annotation rows
    (``#!{``) are left out.
    """
    import pandas as pd

    name, _, sheet_name = file.partition("#")
    path = folder / name
    if not path.is_file():
        raise InputError("a labelled study lacks a file", where=str(path), advice="see the label table, column file")
    if path.suffix == ".xlsx":
        table = _workbook(path, stamp(path), sheet_name)
    else:
        with path.open(encoding="utf-8-sig") as handle:
            header = handle.readline()
        delimiter = max("\t,;", key=header.count)
        table = pd.read_csv(path, sep=delimiter, dtype="str", keep_default_na=False, encoding="utf-8-sig")
    annotation_rows = table.iloc[:, 0].str.startswith("#!{")
    return table[~annotation_rows].reset_index(drop=True), name


@lru_cache(maxsize=2)
def _workbook(path: Path, _: tuple[int, ...], sheet: str) -> pd.DataFrame:
    """A sheet as text cells. It is asked for by who labels and by who compares, and takes long to be read."""
    import pandas as pd

    with pd.ExcelFile(path, engine="openpyxl") as book:
        if sheet and sheet not in book.sheet_names:
            raise InputError(
                "the workbook has no such sheet",
                where=str(path),
                found=sheet,
                expected=", ".join(map(str, book.sheet_names)),
            )
        table = pd.read_excel(book, sheet_name=sheet or 0, dtype="object")
    table.columns = pd.Index([str(c) for c in table.columns])
    return table.map(lambda cell: "" if pd.isna(cell) else str(cell))


def resolve_columns(wanted: list[str], present: list[str]) -> tuple[list[str], list[str]]:
    """The table's columns for the labelled ones: the same name, else the only one alike but for case and spaces.

    Returns (columns in the order of ``wanted``, labels without a column).
    """

    def plain(text: str) -> str:
        return " ".join(text.split()).casefold()

    alike: dict[str, list[str]] = {}
    for column in present:
        alike.setdefault(plain(column), []).append(column)
    found, missing = [], []
    for label in wanted:
        candidates = [label] if label in present else alike.get(plain(label), [])
        if len(candidates) == 1:
            found.append(candidates[0])
        else:
            missing.append(label)
    return found, missing


def linear(values: pd.DataFrame, scale: str, where: str) -> pd.DataFrame:
    """Cells as linear quantities; empty, zero and negative are NaN (nothing was measured). Raises InputError.

    Scales: linear, percent, spectral_count_share (any linear quantity: only shares of a column's sum are used), log2
    (a zero stands for "missing" in published log2 tables).
    """
    import numpy as np
    import pandas as pd

    blank = ("", "nan", "na", "n/a", "#n/a", "-")
    numbers = {}
    for column in values.columns:
        text = values[column].str.strip()
        number = pd.to_numeric(text.mask(text.str.lower().isin(blank)), errors="coerce")
        wrong = text[number.isna() & ~text.str.lower().isin(blank)]
        if len(wrong):
            raise InputError(
                "a quantity is not a number",
                where=f"{where}, column '{column}', row {wrong.index[0] + 2}",
                found=repr(wrong.iloc[0]),
                expected="a number with a decimal point, or an empty cell",
            )
        numbers[column] = number.astype("float64")
    frame = pd.DataFrame(numbers, index=values.index)
    frame = frame.where(frame > 0)
    if scale == "log2":
        return frame.apply(np.exp2)
    if scale in ("linear", "percent", "spectral_count_share"):
        return frame
    raise InputError(
        "the scale of a labelled study is not known",
        where=where,
        found=scale,
        expected="linear, percent, spectral_count_share or log2",
    )


def gene_fractions(
    values: pd.DataFrame, kind: pd.Series, symbols: pd.Series
) -> tuple[pd.DataFrame, dict[str, tuple[int, str]]]:
    """Gene x sample mass fractions of one table, and the counts of rows that are left out.

    ``values`` row x sample (linear, NaN = not measured), ``kind`` per row as in ``Annotation.kind``, ``symbols`` the
    gene per row ('' = none). Rows of one gene are summed. The sum of a sample takes every analyte and bovine row.
    """
    counted = kind.isin(["analyte", "bovine"])
    total = values[counted].sum(axis=0)
    used = kind.eq("analyte") & symbols.ne("")
    shares = values[used].div(total.where(total > 0), axis=1)
    fractions = shares.groupby(symbols[used].to_numpy(), sort=True).sum(min_count=1)
    counts = {
        "decoy_rows": (int(kind.eq("decoy").sum()), "decoys, left out"),
        "process_rows": (int(kind.eq("process").sum()), "process contaminants, left out"),
        "repeated_rows": (int(kind.eq("repeat").sum()), "further proteins of a group already counted, left out"),
        "bovine_rows": (int(kind.eq("bovine").sum()), "bovine serum, counted in the sum only"),
        "rows_without_gene": (
            int((kind.eq("analyte") & symbols.eq("")).sum()),
            "no gene symbol, counted in the sum only",
        ),
        "rows_joined": (int(used.sum() - symbols[used].nunique()), "same gene as another row, added to it"),
    }
    return fractions, counts


def searches(sheet: pd.DataFrame) -> pd.Series:
    """The search of each sample: sample_id -> name. Samples of one search share one list of proteins.

    Tables of a study with the same classes (one lysate table per cell type, say) count as one search, unless the
    columns carry ProteomeXchange accessions: then each project is its own.
    """
    import pandas as pd

    classes = sheet.groupby(["study", "file"])["subclass"].agg(lambda c: "+".join(sorted(set(c))))
    name = [f"{study}:{classes[(study, file)]}" for study, file in zip(sheet["study"], sheet["file"], strict=True)]
    project = sheet["column"].str.extract(r"^(PXD\d{6})_", expand=False)
    joined = (sheet["study"] + ":" + project).fillna(pd.Series(name, index=sheet.index))
    out = sheet["sample_id"].to_frame().assign(search=joined)
    return out.set_index("sample_id")["search"]


def imputed_searches(measured: pd.DataFrame, assessable: pd.DataFrame, samples: pd.DataFrame) -> dict[str, bool]:
    """Whether a search of at least five samples has (nearly) no gap among the genes it found at all."""
    out = {}
    for search, ids in samples.groupby("search")["sample_id"]:
        cells = measured.loc[assessable[search], ids].to_numpy()
        out[str(search)] = len(ids) >= 5 and 1.0 - cells.mean() < IMPUTED_MISSING_SHARE
    return out


def protein_facts(parts: list[tuple[pd.DataFrame, Annotation, pd.DataFrame]], genes: list[pd.Series]) -> pd.DataFrame:
    """gene, accession, entry_name, sequence_length, protein_name of human genes.

    The value that most tables give (ties: the first in alphabetical order); empty where no table says.
    """
    import pandas as pd

    rows = [
        pd.DataFrame(
            {
                "gene": symbols,
                "accession": annotation.accession,
                "entry_name": annotation.entry,
                "sequence_length": annotation.length,
                "protein_name": annotation.name,
            }
        )[annotation.kind.eq("analyte") & symbols.ne("")]
        for (labels, annotation, _), symbols in zip(parts, genes, strict=True)
        if labels["organism"].iloc[0] == "human"
    ]
    facts = pd.concat(rows, ignore_index=True)
    # an accession of six letters is a reviewed or at least old entry: prefer it to the ten-letter ones
    facts["minor"] = facts["accession"].str.len().ne(6) | facts["accession"].eq("")
    out = pd.DataFrame(index=pd.Index(sorted(facts["gene"].unique()), name="gene"))
    out["accession"] = _most_frequent(facts[facts["accession"].ne("")], ["minor", "accession"])["accession"]
    facts = facts.merge(out["accession"].rename("chosen"), left_on="gene", right_index=True, how="left")
    own = facts[facts["accession"].eq(facts["chosen"])]
    for column in ("entry_name", "sequence_length", "protein_name"):
        known = own[own[column].notna() & own[column].ne("")]
        out[column] = _most_frequent(known, [column])[column]
    out["sequence_length"] = pd.to_numeric(out["sequence_length"])
    text = ["accession", "entry_name", "protein_name"]
    out[text] = out[text].fillna("")
    return out.reset_index()


def _most_frequent(facts: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Per gene the combination of ``columns`` that occurs most; a `minor` one only when there is no other."""
    counts = facts.groupby(["gene", *columns]).size().rename("n").reset_index()
    first = [c for c in columns if c == "minor"]
    counts = counts.sort_values(
        ["gene", *first, "n", *columns], ascending=[True, *[True] * len(first), False, *[True] * len(columns)]
    )
    return counts.drop_duplicates("gene").set_index("gene")
