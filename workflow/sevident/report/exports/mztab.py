"""mzTab 1.0, summary of quantification: one row per protein group, one study variable per sample.

Format: Griss J et al. 2014, Mol Cell Proteomics 13:2765-2775; specification document mzTab 1.0.0, sections 6.2 and 6.3.
The abundance of a protein group is its share of the sample's protein mass, as in ``tables/abundance.parquet``.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sevident.report.exports.mzqc import file_uri
from sevident.report.exports.study import Study

if TYPE_CHECKING:
    import pandas as pd

NULL = "null"
#: NCBI Taxonomy identifiers and names of the organisms that the readers tell apart
TAXA = {
    "human": ("9606", "Homo sapiens"),
    "mouse": ("10090", "Mus musculus"),
    "rat": ("10116", "Rattus norvegicus"),
    "bovine": ("9913", "Bos taurus"),
}
_COLUMNS = (
    *("accession", "description", "taxid", "species", "database", "database_version", "search_engine"),
    *("best_search_engine_score[1]", "ambiguity_members", "modifications"),
)
_OPTIONAL = ("opt_global_protein_group", "opt_global_genes", "opt_global_contaminant")


def lines(study: Study) -> Iterator[str]:
    """The file line by line, without line ends."""
    groups, shares = _protein_groups(study)
    names = study.data.names
    yield from _metadata(study)
    yield ""
    variables = [
        f"protein_abundance_{kind}study_variable[{i}]"
        for i in range(1, len(names) + 1)
        for kind in ("", "stdev_", "std_error_")
    ]
    yield "\t".join(("PRH", *_COLUMNS, *variables, *_OPTIONAL))
    matrix = shares.to_numpy()
    for i, group in enumerate(groups.to_dict("records")):
        members = [a for a in str(group["accessions"]).split(";") if a] or [str(group["protein_group"])]
        taxid, species = TAXA.get(str(group["organism"]), (NULL, str(group["organism"])))
        fixed = [
            *(members[0], NULL, taxid, species, NULL, NULL, NULL),
            _number(group["q_value"], 6),
            ",".join(members[1:]),
            NULL,
        ]
        quantities = [cell for value in matrix[i] for cell in (_number(value, 10), NULL, NULL)]
        more = (group["protein_group"], group["genes"], group["contaminant"])
        yield "\t".join(("PRT", *(_text(v) for v in fixed), *quantities, *(_text(v) for v in more)))


def _metadata(study: Study) -> Iterator[str]:
    yield "MTD\tmzTab-version\t1.0.0"
    yield "MTD\tmzTab-mode\tSummary"
    yield "MTD\tmzTab-type\tQuantification"
    yield f"MTD\tmzTab-ID\t{_text(study.name)}"
    yield f"MTD\tdescription\t{_text(f'sEVident {study.version}: shares of protein mass in the study {study.name}')}"
    yield f"MTD\tsoftware[1]\t[MS, MS:1001456, analysis software, sEVident {study.version}]"
    yield "MTD\tprotein_search_engine_score[1]\t[MS, MS:1001869, protein-level q-value, ]"
    # the results do not say what was searched for, and the format asks for an entry
    yield "MTD\tfixed_mod[1]\t[, , not known to sEVident, ]"
    yield "MTD\tvariable_mod[1]\t[, , not known to sEVident, ]"
    yield "MTD\tprotein-quantification_unit\t[, , share of the protein mass of the sample, ]"
    for i, source in enumerate((s for s in study.sources if s.format), 1):
        yield f"MTD\tms_run[{i}]-location\t{_text(file_uri(source))}"
    for i, name in enumerate(study.data.names, 1):
        yield f"MTD\tstudy_variable[{i}]-description\t{_text(name)}"


def _protein_groups(study: Study) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Protein groups that were quantified anywhere with their best q-value, and their shares, groups x samples."""
    import pandas as pd

    wanted = ["sample", "protein_group", "accessions", "genes", "organism", "contaminant", "mass_fraction"]
    rows = pd.read_parquet(study.tables / "abundance.parquet", columns=wanted)
    rows = rows[rows["mass_fraction"].notna()]
    groups = rows.drop_duplicates("protein_group").sort_values("protein_group")[wanted[1:-1]].reset_index(drop=True)
    shares = rows.pivot(index="protein_group", columns="sample", values="mass_fraction")
    shares = shares.reindex(index=groups["protein_group"], columns=study.data.names)
    proteins = pd.read_parquet(study.tables / "proteins.parquet", columns=["protein_group", "q_value"])
    groups["q_value"] = groups["protein_group"].map(proteins.groupby("protein_group")["q_value"].min())
    return groups, shares


def _number(value: float, digits: int) -> str:
    return NULL if math.isnan(value) else f"{value:.{digits}g}"


def _text(value: object) -> str:
    """A cell: no tab or line break can be told in the format; empty is null."""
    clean = " ".join(str(value).replace("\t", " ").splitlines()).strip() if value is not None else ""
    return clean or NULL
