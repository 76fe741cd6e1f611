"""Whether the registry's weights agree in sign with measured ratios of exosomes to cells.

Source of the ratios: Kugeratski 2021 Nat Cell Biol 23:631-641, Supplementary Table 2: log2 SILAC ratio of exosomes to a
cell standard in 14 lines, three replicates each. The two panels were proposed from these same ratios, so that agreement
shows that the registry was written down rightly; it is no independent evidence.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pandas as pd

from sevident.panels import Registry, resolve

STUDY, FILE = "exosome_silac_14_lines", "uc_14_lines.tsv"
PANELS = ("kugeratski_include", "kugeratski_exclude")
#: proposed as a marker, but it leaves the vesicles in a density gradient (same source, Supplementary Table 3)
EXCEPTED = ("LGALS3BP",)
SIGN = {"positive": 1, "negative": -1}


def agreement(studies: Path, registry: Registry) -> pd.DataFrame:
    """Per member of PANELS: panel, gene, direction, weight, median_log2 (over lines), lines, lines_positive, agrees.

    ``agrees`` is 'yes', 'no', or why it was not asked: 'excepted', 'not scored' (neutral in the registry), 'no value'.
    No rows where the study is not there.
    """
    path = studies / STUDY / FILE
    columns = ["panel", "gene", "direction", "weight", "median_log2", "lines", "lines_positive", "agrees"]
    if not path.is_file():
        return pd.DataFrame(columns=columns)
    lines = _lines(path, registry)
    rows = []
    members = registry.members[registry.members["panel"].isin(PANELS)]
    for member in members.itertuples():
        gene = str(member.gene)
        values: Any = lines.loc[gene].dropna() if gene in lines.index else pd.Series(dtype=float)
        median = float(values.median()) if len(values) else float("nan")
        rows.append(
            {
                "panel": member.panel,
                "gene": member.gene,
                "direction": member.direction,
                "weight": member.weight,
                "median_log2": median,
                "lines": len(values),
                "lines_positive": int((values > 0).sum()),
                "agrees": _answer(gene, str(member.direction), median),
            }
        )
    return pd.DataFrame(rows, columns=columns)


def _lines(path: Path, registry: Registry) -> pd.DataFrame:
    """gene x line: median of the replicates of each line; rows of one gene take their median."""
    table = pd.read_csv(path, sep="\t", dtype="str", keep_default_na=False)
    replicates = table.filter(regex=r"_\d$").apply(pd.to_numeric, errors="coerce")
    by_line = replicates.T.groupby(replicates.columns.str.replace(r"_\d$", "", regex=True)).median().T
    # a row of several proteins counts for each of them
    genes = table["gene"].str.split(";").explode()
    genes = genes[genes.str.strip() != ""].map(lambda symbol: resolve(symbol, registry, "human"))
    return by_line.loc[genes.index].groupby(genes.to_numpy()).median()


def _answer(gene: str, direction: str, median: float) -> str:
    if gene in EXCEPTED:
        return "excepted"
    if direction not in SIGN:
        return "not scored"
    if math.isnan(median):
        return "no value"
    return "yes" if SIGN[direction] * median > 0 else "no"
