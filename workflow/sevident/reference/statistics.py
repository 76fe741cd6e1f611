"""Class statistics: how often and how abundantly each gene occurs in small EVs, secretome, plasma and cell lysate.

Every study weighs the same, whatever its number of samples: a study with 318 plasma samples must not speak louder than
one with six. What a search found in none of its samples is not assessable there and counts neither way: several authors
removed albumin and keratins before they published.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

from sevident.reference import labelled as labelled_studies
from sevident.reference.sources import SOURCES
from sevident.tables import to_tsv, write_atomically

if TYPE_CHECKING:
    import pandas as pd

    from sevident.reference.labelled import Labelled

# class -> subclasses of the labels that stand for it: neat plasma for serum, whole lysates for cell debris
CLASS_SAMPLES = {
    "small_ev": ("small_ev",),
    "secretome": ("secretome",),
    "serum": ("plasma",),
    "cell_debris": ("lysate",),
}
STATISTICS_COLUMNS = (
    "sample_class",
    "gene",
    "studies",
    "studies_assessable",
    "studies_detected",
    "laboratories_detected",
    "samples_assessable",
    "samples_detected",
    "detection",
    "median_log10",
    "sd_within",
    "sd_between",
    "typical_fraction",
)
MAD_TO_SD = 1.4826  # of a normal distribution; Rousseeuw and Croux, J Am Stat Assoc 1993;88:1273
LEAST_FOR_SPREAD = 3  # samples of a study in which a gene is detected, for a spread within it
LEAST_STUDIES = 2
ENOUGH_DETECTION = 0.5  # a gene of one study only is kept when it is found in half of at least LEAST_SAMPLES samples
LEAST_SAMPLES = 6


def class_statistics(data: Labelled) -> pd.DataFrame:
    """Per class and gene the columns STATISTICS_COLUMNS, sorted by class and gene.

    ``studies``: studies of the class; ``studies_assessable``: those whose search found the gene in any sample (of any
    class); ``detection``: mean over the assessable studies of the share of samples with a value (studies with imputed
    tables do not count; null when there is no other); ``median_log10``: median over studies of the study's median log10
    mass fraction, given detected; ``sd_within``: median over studies of the robust standard deviation (1.4826 MAD) of
    log10 mass fraction inside the study, from studies with three values or more; ``sd_between``: standard deviation of
    the study medians (two studies or more); ``typical_fraction``: the class's composition, as
    the median over all studies of the study's mean mass fraction (absent and not assessable count as 0, so that what
    one study alone holds does not enter). Genes of one study only are kept when detected in at least half of at least
    six samples.
    """
    import pandas as pd

    parts = [_one_class(data, name, subclasses) for name, subclasses in CLASS_SAMPLES.items()]
    out = pd.concat(parts, ignore_index=True)
    frequent = (out["samples_assessable"] >= LEAST_SAMPLES) & (
        out["samples_detected"] >= LEAST_SAMPLES * ENOUGH_DETECTION
    )
    frequent &= out["samples_detected"] >= ENOUGH_DETECTION * out["samples_assessable"]
    out = out[(out["studies_detected"] >= LEAST_STUDIES) | frequent]
    return out.sort_values(["sample_class", "gene"], kind="stable").reset_index(drop=True)[list(STATISTICS_COLUMNS)]


def _one_class(data: Labelled, name: str, subclasses: tuple[str, ...]) -> pd.DataFrame:
    import numpy as np
    import pandas as pd

    samples = data.samples[data.samples["sample_class"].eq(name) & data.samples["subclass"].isin(subclasses)]
    studies = sorted(samples["study"].unique())
    genes = data.fractions.index
    assessable, counts, totals, medians, spreads, detections, means = {}, {}, {}, {}, {}, {}, {}
    for study in studies:
        own = samples[samples["study"].eq(study)]
        values = np.log10(data.fractions[own["sample_id"]].to_numpy())
        measured = np.isfinite(values)
        # a sample counts for a gene only where its own search found the gene at all
        possible = data.assessable[own["search"]].to_numpy()
        detected = measured.sum(axis=1)
        assessable[study] = possible.any(axis=1)
        counts[study] = detected
        totals[study] = possible.sum(axis=1)
        middle = _median(values)
        medians[study] = middle
        spread = MAD_TO_SD * _median(np.abs(values - middle[:, None]))
        spreads[study] = np.where(detected >= LEAST_FOR_SPREAD, spread, np.nan)
        share = np.divide(detected, totals[study], out=np.full(len(genes), np.nan), where=totals[study] > 0)
        means[study] = np.where(measured, 10.0 ** np.where(measured, values, 0.0), 0.0).mean(axis=1)
        detections[study] = np.full(len(genes), np.nan) if own["imputed"].all() else share
    found = pd.DataFrame(counts, index=genes).gt(0)
    laboratory = samples.drop_duplicates("study").set_index("study")["laboratory"]
    middle_table = pd.DataFrame(medians, index=genes)
    out = pd.DataFrame(
        {
            "sample_class": name,
            "gene": genes,
            "studies": len(studies),
            "studies_assessable": pd.DataFrame(assessable, index=genes).sum(axis=1),
            "studies_detected": found.sum(axis=1),
            "laboratories_detected": found.T.groupby(laboratory.reindex(found.columns).to_numpy()).any().sum(axis=0),
            "samples_assessable": pd.DataFrame(totals, index=genes).sum(axis=1),
            "samples_detected": pd.DataFrame(counts, index=genes).sum(axis=1),
            "detection": pd.DataFrame(detections, index=genes).mean(axis=1),
            "median_log10": middle_table.median(axis=1),
            "sd_within": pd.DataFrame(spreads, index=genes).median(axis=1),
            "sd_between": middle_table.std(axis=1, ddof=1),
            "typical_fraction": pd.DataFrame(means, index=genes).median(axis=1),
        },
        index=genes,
    )
    return out[out["samples_detected"] > 0].reset_index(drop=True)


def _median(values):
    """Row-wise median that leaves NaN out and is NaN for rows without a value, without warnings."""
    import numpy as np

    out = np.full(len(values), np.nan)
    some = np.isfinite(values).any(axis=1)
    out[some] = np.nanmedian(values[some], axis=1)
    return out


def build(labels: str | Path, studies: str | Path, output: str | Path) -> Labelled:
    """Derive and write class_statistics.tsv, proteins.tsv and provenance.json into ``output``; returns what was read.

    Raises InputError when a labelled study cannot be read, or has no source in SOURCES.
    """
    data = labelled_studies.load(labels, studies)
    statistics = class_statistics(data)
    write_text(Path(output) / "class_statistics.tsv", to_tsv(rounded(statistics)))
    write_text(Path(output) / "proteins.tsv", to_tsv(proteins(data, statistics)))
    facts = provenance(data, statistics, Path(labels), Path(studies))
    write_text(Path(output) / "provenance.json", json.dumps(facts, indent=1, ensure_ascii=False, sort_keys=True) + "\n")
    return data


def rounded(statistics: pd.DataFrame) -> pd.DataFrame:
    """Three decimals (of a logarithm) and three digits are far below any spread, and keep the file small."""
    fractions = statistics["typical_fraction"].map(lambda x: float(f"{x:.3g}"))
    return statistics.assign(typical_fraction=fractions).round(
        dict.fromkeys(("detection", "median_log10", "sd_within", "sd_between"), 3)
    )


def proteins(data: Labelled, statistics: pd.DataFrame) -> pd.DataFrame:
    """gene, uniprot_human, entry_name, sequence_length, protein_name of the genes of ``statistics``."""
    facts = data.proteins[data.proteins["gene"].isin(set(statistics["gene"]))].copy()
    facts["sequence_length"] = facts["sequence_length"].round().astype("Int64")
    facts = facts.rename(columns={"accession": "uniprot_human"})
    columns = ["gene", "uniprot_human", "entry_name", "sequence_length", "protein_name"]
    return facts.sort_values("gene", kind="stable")[columns]


def provenance(data: Labelled, statistics: pd.DataFrame, labels: Path, studies: Path) -> dict[str, object]:
    """What the statistics come from: studies with source, counts of samples, checksums of the files; no dates."""
    listed = labelled_studies.read_labels(labels)
    entries = []
    for study, rows in data.samples.groupby("study"):
        files = sorted(set(listed.loc[listed["study"].eq(study), "file"]))
        entries.append(
            {
                "study": study,
                **source_of(str(study)),
                "laboratory": rows["laboratory"].iloc[0],
                "organism": ", ".join(sorted(set(rows["organism"]))),
                "samples": {str(k): int(v) for k, v in rows["subclass"].value_counts().sort_index().items()},
                "imputed_searches": sorted(set(rows.loc[rows["imputed"], "search"])),
                "files": {f: _sha256(studies / str(study) / f.partition("#")[0]) for f in files},
            }
        )
    used = {c: data.samples["sample_class"].eq(c) & data.samples["subclass"].isin(s) for c, s in CLASS_SAMPLES.items()}
    return {
        "what": "statistics of log10 mass fractions per class and gene, every study weighing the same",
        "method": (class_statistics.__doc__ or "").strip(),
        "labels_sha256": _sha256(labels),
        "classes": {
            name: {
                "subclasses": list(CLASS_SAMPLES[name]),
                "studies": sorted(set(data.samples.loc[rows, "study"])),
                "laboratories": sorted(set(data.samples.loc[rows, "laboratory"])),
                "samples": int(rows.sum()),
                "genes": int(statistics["sample_class"].eq(name).sum()),
            }
            for name, rows in used.items()
        },
        "studies": entries,
        "protein_facts": "accession, length and name as in the studies' tables; origin UniProt (CC BY 4.0)",
    }


def source_of(study: str) -> dict[str, str]:
    """title, citation and accession of a study. Raises InputError for a study without a stated source."""
    from sevident.errors import InputError

    if study not in SOURCES:
        raise InputError(
            "a labelled study has no source",
            where="sevident/reference/sources.py",
            found=study,
            expected=", ".join(SOURCES),
            advice="add title, citation and accession of the study before its numbers enter the reference",
        )
    return SOURCES[study]


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 text with unix line ends, atomically."""
    write_atomically(path, lambda part: part.write_text(text, encoding="utf-8", newline=""))
