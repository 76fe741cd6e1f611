"""A synthetic but plausible study for the report: all tables by their contracts, of any size, hostile names on request.

Nothing here is measured. Panels and genes are those of the registry, so that titles and sizes are the real ones.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sevident import panels, tables
from tests.browser import synthetic_release as release_tables

CHECKOUT = Path(__file__).resolve().parents[2]
RESOURCES = CHECKOUT / "resources"
CLASSES = ("small_ev", "secretome", "serum", "cell_debris")
#: names that break pages: markup, script ends, template syntax, plotly's HTML, numbers, right-to-left text, length
HOSTILE = (
    '<script>window.hacked = 1</script>"',
    "</script><img src=x onerror=window.hacked=1>",
    "{{ 7 * 7 }}{% raw %}",
    "<b>bold</b> & <a href='javascript:window.hacked=1'>go</a>",
    "<!-- <script>",
    "2024-01-31",
    "1",
    "=cmd|' /C calc'!A0",
    "../../x",
    "\U0001f9ec 細胞外小胞 試料１",
    "שלום מדגם",
    "$\\alpha$ %{x} ${y}",
    "x" * 180 + "_200 characters_end",
    "\"onmouseover='window.hacked=1'",
)
_KINDS = ("small_ev", "small_ev", "small_ev", "secretome", "serum", "cell_debris", "indeterminate")


@dataclass(frozen=True)
class Study:
    """Where the files of a synthetic study lie, and the settings to report it with."""

    folder: Path
    sheet: Path
    tables: Path
    warnings: list[Path]
    sources: list[Path]
    settings: dict[str, Any]
    resources: Path = RESOURCES

    def report(self, name: str = "report.html") -> Path:
        """Write the page and return its path."""
        from sevident.report import stage

        output = self.folder / name
        stage.run(self.settings, self.sheet, self.tables, self.warnings, self.resources, self.sources, output)
        return output


def write(
    folder: Path,
    samples: int = 12,
    *,
    names: tuple[str, ...] = (),
    references: bool = True,
    truth: bool = False,
    simulated: bool = False,
    specification: bool = False,
    warnings: bool = True,
    release: bool = False,
    cloud: bool = False,
    empty: tuple[str, ...] = (),
    seed: int = 1,
) -> Study:
    """Write a study of ``samples`` samples into ``folder``; the tables named in ``empty`` get no rows.

    ``release`` adds the tables of release and of the exploratory parts, ``cloud`` a reference cloud.
    """
    rng = np.random.default_rng(seed)
    registry = panels.load(RESOURCES / "panels")
    sheet = _sheet(samples, names, references, truth, simulated)
    kinds = {r["sample"]: r["_kind"] for r in sheet}
    frames = {
        "scores": _scores(sheet, rng),
        "markers": (markers := _markers(registry, sheet, rng)),
        "families": _families(registry, markers, sheet, rng),
        "compartments": _compartments(kinds, rng),
        "contributions": _contributions(kinds, rng),
        "specification": release_tables.specification(sheet) if specification else None,
        "abundance": _abundance(kinds, rng),
        "proteins": _proteins(sheet, rng),
        "species": species(list(kinds)),
    }
    if release:
        drawn = np.random.default_rng(seed + 1)
        prepared = [r["sample"] for r in sheet if (r["role"] or "preparation") == "preparation"]
        frames |= {
            "lots": release_tables.lots(sheet, drawn),
            "comparability": release_tables.comparability(drawn),
            "risks": release_tables.risks(prepared, drawn),
            "source_cell": release_tables.source_cell(prepared, drawn),
            "subtypes": release_tables.subtypes(list(kinds), drawn),
            "neighbours": release_tables.neighbours(list(kinds), drawn),
        }
    resources = RESOURCES
    if cloud:
        resources = folder / "resources"
        shutil.copytree(RESOURCES, resources, ignore=shutil.ignore_patterns("example", "scored_samples.tsv"))
        release_tables.cloud(resources / "reference" / "scored_samples.tsv", np.random.default_rng(seed + 2))
    target = folder / "tables"
    for name, frame in frames.items():
        table = tables.ALL[name]
        ending = "parquet" if name in ("abundance", "proteins") else "tsv"
        content = tables.empty(table) if frame is None or name in empty else frame
        tables.write_table(content, table, target / f"{name}.{ending}")
    columns = [c for c in sheet[0] if not c.startswith("_")]
    text = "\n".join(
        "\t".join(_quoted(str(r[c])) for c in columns) for r in [dict(zip(columns, columns, strict=True)), *sheet]
    )
    path = folder / "samples.tsv"
    path.write_text(text + "\n", encoding="utf-8")
    source = folder / "proteinGroups.txt"
    source.write_text("Protein IDs\tIntensity a\nP1\t1\n", encoding="utf-8")
    files = []
    for stage, rows in _warnings(kinds).items():
        file = folder / "warnings" / f"{stage}.tsv"
        tables.write_table(pd.DataFrame(rows if warnings else []), tables.WARNINGS, file)
        files.append(file)
    config = {
        "study": "synthetic",
        "samples": "config/samples.tsv",
        "organism": "human",
        "inputs": [{"name": "main", "path": "data/proteinGroups.txt", "format": "maxquant", "fasta": None}],
        "specifications": ["config/specifications/example.yaml"] if specification else [],
        "report": {"language": "en"},
        "bootstrap": 240,
        "seed": 7,
    }
    settings = {"study": "synthetic", "language": "en", "config": config}
    return Study(folder, path, target, files, [source], settings, resources)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if '"' in text else text


def _sheet(
    samples: int, names: tuple[str, ...], references: bool, truth: bool, simulated: bool
) -> list[dict[str, str]]:
    rows = []
    roles = ("source_fluid", "conditioned_medium", "producer_lysate", "qualified_reference")
    for i in range(samples):
        reference = references and samples >= 4 and i >= samples - max(2, samples // 6)
        role = roles[i % len(roles)] if reference else ("preparation" if i % 3 else "")
        kind = _KINDS[i % len(_KINDS)]
        if reference:
            kind = {"source_fluid": "serum", "conditioned_medium": "secretome", "producer_lysate": "cell_debris"}.get(
                role, kind
            )
        name = (
            names[i] if i < len(names) else f"MSC_{'EV' if not reference else 'ref'}_donor{i // 3 + 1}_rep{i % 3 + 1}"
        )
        row = {
            "sample": name,
            "input": "main",
            "run": f"run {i + 1}",
            "role": role,
            "reference_group": f"donor{i // 6 + 1}" if references else "",
            "lot": f"L{i // 3 + 1:02d}",
            "process": "SEC" if i % 2 else "UC",
            "replicate": str(i % 3 + 1),
            "_kind": kind,
        }
        if simulated:
            row["simulated"] = "yes"
        if truth:
            share = {"small_ev": 90, "indeterminate": 50, "secretome": 10, "serum": 5, "cell_debris": 0}[kind]
            row["truth_small_ev_percent"] = str(share) if i else "unclear"
            row["truth_other"] = ("plasma", "secretome", "lysate")[i % 3]
        rows.append(row)
    return rows


def _scores(sheet: list[dict[str, str]], rng: np.random.Generator) -> pd.DataFrame:
    centre = {"small_ev": (0.93, 0.88), "secretome": (0.1, 0.2), "serum": (0.12, 0.03), "cell_debris": (0.15, 0.1)}
    centre["indeterminate"] = (0.52, 0.35)
    rows = []
    for i, r in enumerate(sheet):
        kind = r["_kind"]
        row: dict[str, object] = {"sample": r["sample"], "role": r["role"] or "preparation", "verdict": kind}
        row["reference_mode"] = "paired" if r["reference_group"] and i % 4 else "absolute"
        at, pure = centre[kind]
        for quantity, middle in (
            ("identity", at),
            ("purity", pure),
            ("purity_soluble", pure),
            ("purity_intracellular", min(pure + 0.05, 0.99)),
        ):
            value = float(np.clip(middle + rng.normal(0, 0.03), 0.0005, 0.9995))
            row[quantity] = value
            row[f"{quantity}_low"] = max(value - rng.uniform(0.02, 0.15), 0.0)
            row[f"{quantity}_high"] = min(value + rng.uniform(0.02, 0.15), 1.0)
        weights = np.array([1.0 if c == kind else 0.05 for c in CLASSES]) * rng.uniform(0.6, 1.0, 4)
        row |= {f"p_{c}": w for c, w in zip(CLASSES, weights / weights.sum(), strict=True)}
        row["misev_minimum"] = ("yes", "yes", "no", "not_assessable")[i % 4] if kind != "small_ev" else "yes"
        row["proteins"] = int(rng.integers(300, 4200))
        row["reason_code"] = {"small_ev": "small_ev_clear", "indeterminate": "identity_spans_limit"}.get(
            kind, "alternative_clear"
        )
        row["reasons"] = (
            f"identity {row['identity']:.2f} (90% interval {row['identity_low']:.2f} to {row['identity_high']:.2f}) "
            "lies above 0.5 and purity is at least 0.3 on both axes | strongest vesicle panel: tetraspanins, prominence"
            " 0.78; best marker CD9 (more abundant than 97% of the proteins) | share of protein mass: vesicular 6.1%, "
            "soluble 2.0%, intracellular 3.3% | "
            "MISEV2018 minimum (presence of categories 1 and 2, a negative control assessed): met"
        )
        rows.append(row)
    return pd.DataFrame(rows)


def _markers(registry: panels.Registry, sheet: list[dict[str, str]], rng: np.random.Generator) -> pd.DataFrame:
    members = registry.members.drop_duplicates(["panel", "gene"])
    parts = []
    for r in sheet:
        part = members[["panel", "gene", "direction", "weight"]].copy()
        draw = rng.random(len(part))
        likely = {"small_ev": 0.75, "indeterminate": 0.55}.get(r["_kind"], 0.35)
        status = np.where(draw < likely, "detected", np.where(draw < 0.9, "not_detected", "not_searched"))
        seldom = members["assessable"].eq("seldom").to_numpy()
        part["status"] = np.where(seldom & (status == "not_detected"), "not_assessable", status)
        part["sample"] = r["sample"]
        part["accession"] = members["uniprot_human"]
        part["rank_percentile"] = np.where(part["status"] == "detected", rng.beta(3, 1.5, len(part)), np.nan)
        part["note"] = part["status"].map(
            {"not_assessable": "seldom yields peptides", "not_searched": "no run of the input holds it"}
        )
        parts.append(part)
    return tables.conform(pd.concat(parts), tables.MARKERS)


def _families(
    registry: panels.Registry, markers: pd.DataFrame, sheet: list[dict[str, str]], rng: np.random.Generator
) -> pd.DataFrame:
    index = registry.index.set_index("panel")
    out = markers.groupby(["sample", "panel"])["status"].value_counts().unstack(fill_value=0).reset_index()
    levels = markers.groupby(["sample", "panel"])["rank_percentile"].median().reset_index(name="median_rank_percentile")
    out = out.merge(levels, on=["sample", "panel"])
    out["members"] = out[list(tables.STATUSES)].sum(axis=1)
    out["title"] = out["panel"].map(index["title"])
    out["axis"] = out["panel"].map(index["axis"])
    out["molar_fraction"] = 10 ** rng.uniform(-5, -1, len(out))
    out["mass_fraction"] = out["molar_fraction"]
    # one family that was searched and never found, one that was never searched
    for panel, status in (("erythrocyte", "not_detected"), ("bovine_serum", "not_searched")):
        rows = out["panel"].eq(panel)
        out.loc[rows, list(tables.STATUSES)] = 0
        out.loc[rows, status] = out.loc[rows, "members"]
        out.loc[rows, ["median_rank_percentile", "molar_fraction", "mass_fraction"]] = np.nan
    prepared = {r["sample"] for r in sheet if (r["role"] or "preparation") == "preparation" and r["reference_group"]}
    present = {r["role"] for r in sheet}
    sign = {"identity": 3.0, "soluble": -4.0, "intracellular": -1.0}
    for role in tables.REFERENCE_ROLES:
        values = out["axis"].map(sign).fillna(0.0) + rng.normal(0, 1, len(out))
        out[f"log2_vs_{role}"] = values.where(out["sample"].isin(prepared) & (role in present))
    return tables.conform(out, tables.FAMILIES)


def _compartments(kinds: dict[str, str], rng: np.random.Generator) -> pd.DataFrame:
    titles = {
        "vesicular": "Proteins of small vesicles",
        "serum": "Serum proteins",
        "lipoprotein": "Lipoproteins",
        "immunoglobulin": "Immunoglobulins",
        "secreted_ecm": "Secreted and matrix proteins",
        "nucleus": "Nucleus",
        "mitochondrion": "Mitochondrion",
        "er_golgi": "ER and Golgi",
        "ribosome": "Ribosome",
        "proteasome": "Proteasome",
        "cytosol": "Cytosol",
        "cytoskeleton": "Cytoskeleton",
        "bovine_serum": "Bovine serum",
        "unexplained": "Not in any compartment panel",
    }
    strong = {
        "small_ev": ("vesicular", "cytosol", "cytoskeleton"),
        "secretome": ("secreted_ecm", "serum"),
        "serum": ("serum", "immunoglobulin", "lipoprotein"),
        "cell_debris": ("nucleus", "cytosol", "ribosome"),
        "indeterminate": ("vesicular", "serum"),
    }
    rows = []
    for sample, kind in kinds.items():
        shares = rng.dirichlet([6.0 if c in strong[kind] else 2.0 if c == "unexplained" else 0.4 for c in titles])
        for (compartment, title), share in zip(titles.items(), shares, strict=True):
            spread = share * rng.uniform(0.05, 0.4)
            rows.append(
                {
                    "sample": sample,
                    "compartment": compartment,
                    "title": title,
                    "proteins": int(rng.integers(0, 300)),
                    "mass_fraction": share,
                    "mass_fraction_low": max(share - spread, 0),
                    "mass_fraction_high": min(share + spread, 1),
                    "molar_fraction": share,
                }
            )
    return pd.DataFrame(rows)


def _contributions(kinds: dict[str, str], rng: np.random.Generator) -> pd.DataFrame:
    terms = {
        "identity": (
            "tetraspanins",
            "escrt",
            "g_proteins",
            "kugeratski_include",
            "nucleus",
            "mitochondrion",
            "er_golgi",
            "scale",
        ),
        "purity_soluble": ("vesicle_share", "soluble_share", "scale", "own_reference"),
        "purity_intracellular": ("vesicle_share", "intracellular_share", "scale"),
    }
    rows = [
        {
            "sample": sample,
            "quantity": quantity,
            "term": term,
            "value": float(rng.uniform(0, 1)),
            "contribution": float(rng.normal(1 if kind == "small_ev" else -1, 2)),
            "text": f"prominence of {term} (vesicle markers), 0 to 1",
        }
        for sample, kind in kinds.items()
        for quantity, names in terms.items()
        for term in names
    ]
    return pd.DataFrame(rows)


def _abundance(kinds: dict[str, str], rng: np.random.Generator) -> pd.DataFrame:
    rows = []
    for sample in kinds:
        for k, contaminant in enumerate(["none"] * 20 + ["process"] * 3 + ["serum"] * 2):
            rows.append(
                {
                    "sample": sample,
                    "protein_group": f"P{k:05d}",
                    "contaminant": contaminant,
                    "mass_fraction": np.nan if contaminant == "process" or k == 19 else rng.random(),
                    "evidence": "matched" if k % 5 == 0 else "ms2",
                }
            )
    return pd.DataFrame(rows)


def _proteins(sheet: list[dict[str, str]], rng: np.random.Generator) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "input": "main",
                "run": r["run"],
                "protein_group": f"P{k:05d}",
                "contaminant": contaminant,
                "evidence": "ms2",
                "intensity": float(rng.integers(1, 1000)) if k != 19 else np.nan,
            }
            for r in sheet
            for k, contaminant in enumerate(["none"] * 20 + ["process"] * 3 + ["serum"] * 2)
        ]
    )


def species(names: list[str], other: str = "mouse") -> pd.DataFrame:
    """Bovine shares by sample: found, searched and none found, nothing measured, bounded only, unknown, and again."""
    nan = np.nan
    bovine = (
        ("searched", 12, 0.0625, 0.071, 0.15, ""),
        ("searched", 0, 0.0, 0.0, 0.14, ""),
        ("searched", 0, nan, nan, nan, ""),
        ("not_searched", nan, nan, nan, 0.17, "no bovine sequences were searched; the shared peptides are the most"),
        ("not_searched", nan, nan, nan, nan, "no bovine sequences were searched, and none were given"),
        ("searched", nan, 0.0002, 0.0002, 0.0, "by the organisms of protein groups"),
    )
    columns = ("status", "peptides", "intensity_share", "apportioned_share", "shared_share", "note")
    rows: list[dict[str, object]] = []
    for i, name in enumerate(names):
        one = dict(zip(columns, bovine[i % len(bovine)], strict=True))
        rest = {c: 1 - one[c] for c in ("intensity_share", "apportioned_share")}  # type: ignore[operator]
        rows.append({"sample": name, "species": "bovine", **one})
        rows.append({"sample": name, "species": "human", **one, **rest, "status": "searched", "peptides": 900})
        rows.append({"sample": name, "species": other, **one, "note": ""})
    return pd.DataFrame(rows)


def _warnings(kinds: dict[str, str]) -> dict[str, list[dict[str, object]]]:
    first = next(iter(kinds))
    warning = tables.warning
    return {
        "ingest": [
            warning(
                "ingest",
                "warning",
                "albumin_removed",
                "main",
                "The table holds no albumin; it seems to be filtered away.",
                1,
            ),
            warning(
                "ingest", "info", "rows_left_out", "main", "Rows of runs that are not in the sheet were left out.", 1234
            ),
        ],
        "quantify": [warning("quantify", "info", "no_lengths", first, "Lengths are unknown; molar shares are empty.")],
        "profile": [
            warning("profile", "warning", "few_proteins", first, "Fewer than 100 protein groups in this sample.", 80)
        ],
        "score": [],
        "release": [],
    }
