"""The methods, written out of the configuration and of the scoring model that were used, with their sources."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sevident.report import numbers
from sevident.report.card import Card, card
from sevident.report.data import ReportData
from sevident.report.text import Catalogue
from sevident.scoring import model as models
from sevident.scoring import verdict as rules
from sevident.scoring.model import ScoreModel
from sevident.scoring.scales import PAIRED_WEIGHT


@dataclass(frozen=True)
class Source:
    """A publication. ``url`` is the only kind of link that leaves the page: followed on a click, never loaded."""

    key: str
    text: str
    url: str


# Each was read, in full or in the part that is cited; see the page's methods for what it is cited for.
SOURCES = (
    Source(
        "misev2018",
        "Théry C, Witwer KW, et al. Minimal information for studies of extracellular vesicles 2018 (MISEV2018). "
        "J Extracell Vesicles 2018;7:1535750.",
        "https://doi.org/10.1080/20013078.2018.1535750",
    ),
    Source(
        "kugeratski",
        "Kugeratski FG, Hodge K, Lilla S, et al. Nat Cell Biol 2021;23:631–641 "
        "(exosomes of 14 cell lines against their cells, by SILAC).",
        "https://doi.org/10.1038/s41556-021-00693-y",
    ),
    Source(
        "jsrm",
        "Japanese Society for Regenerative Medicine. Considerations on the preparation of, and therapy with, exosomes "
        "and the like. 10 March 2021 (in Japanese).",
        "",
    ),
    Source(
        "wisniewski",
        "Wiśniewski JR, et al. Mol Cell Proteomics 2014;13:3497–3506 (total protein approach).",
        "https://doi.org/10.1074/mcp.M113.037309",
    ),
    Source("rubin", "Rubin DB. Ann Stat 1981;9:130 (the Bayesian bootstrap).", ""),
    Source(
        "toth",
        "Tóth EÁ, et al. J Extracell Vesicles 2021 (protein corona of extracellular vesicles in blood plasma).",
        "https://doi.org/10.1002/jev2.12140",
    ),
)


@dataclass(frozen=True)
class Paragraph:
    """A heading and its sentences, each with the numbers of the sources it rests on."""

    title: str
    sentences: list[tuple[str, list[int]]]


@dataclass(frozen=True)
class Methods:
    """``rule`` is the rule of the verdict; ``card`` the model card beside the model, None without one."""

    rule: str
    paragraphs: list[Paragraph]
    sources: list[tuple[int, Source]]
    card: Card | None


def write(config: Mapping[str, Any], data: ReportData, resources: Path, t: Catalogue) -> Methods:
    """The methods of this run. ``resources`` is the folder of panels and reference.

    Raises ConfigurationError when the scoring model cannot be read.
    """
    model = models.load(resources / "reference" / "model.json")
    used: list[str] = []

    def said(key: str, *cited: str, **values: object) -> tuple[str, list[int]]:
        used.extend(c for c in cited if c not in used)
        return t(f"methods.{key}", **values), [used.index(c) + 1 for c in cited]

    rule = t(
        "methods.verdict",
        probability=rules.PROBABILITY_LIMIT,
        purity=rules.PURITY_LIMIT,
        left=_percent(rules.LEFT_LIMIT),
        identity=rules.IDENTITY_LIMIT,
        share=_percent(rules.ALTERNATIVE_LIMIT),
    )
    paragraphs = [
        Paragraph(t("methods.input.title"), [said("input", **_input(config, data, t)), said("zero")]),
        Paragraph(t("methods.quantity.title"), [said("mass", "wisniewski"), said("molar"), said("untouched")]),
        Paragraph(
            t("methods.panels.title"),
            [
                said("panels", "misev2018", "jsrm", "kugeratski", n=data.families["panel"].nunique()),
                said("absence"),
                said("compartments"),
            ],
        ),
        Paragraph(
            t("methods.scores.title"),
            _scores(said, model, dict(zip(data.families["panel"], data.families["title"], strict=True)), t),
        ),
        Paragraph(
            t("methods.intervals.title"),
            [
                said(
                    "intervals",
                    "rubin",
                    draws=numbers.whole(config.get("bootstrap")),
                    seed=config.get("seed", numbers.MISSING),
                ),
                said("widened"),
            ],
        ),
        Paragraph(
            t("methods.verdict.title"),
            [
                (rule, []),
                said(
                    "least",
                    proteins=rules.LEAST_PROTEINS,
                    few=rules.LEAST_FOR_BULK,
                    bulk=_percent(rules.BULK_SHARE),
                    mass=_percent(rules.LEAST_KNOWN_MASS),
                    blood=_percent(rules.BLOOD_LIMIT),
                ),
                *([] if model.domain_limit is None else [said("domain", limit=numbers.decimal(model.domain_limit))]),
                said("misev", "misev2018"),
                said("corona", "toth"),
            ],
        ),
    ]
    sources = [(i, next(s for s in SOURCES if s.key == key)) for i, key in enumerate(used, start=1)]
    path = resources / "reference" / "model_card.md"
    made = None
    if path.is_file():
        made = card(path.read_text(encoding="utf-8"), models.FORMAT_VERSION, sample_counts(model), t)
    return Methods(rule, paragraphs, sources, made)


def _percent(share: float) -> str:
    """Of a limit, without the sign, which languages set differently."""
    return numbers.whole(100 * share)


def _input(config: Mapping[str, Any], data: ReportData, t: Catalogue) -> dict[str, object]:
    inputs = config.get("inputs") or []
    formats = sorted({str(i.get("format", "auto")) for i in inputs})
    fasta = sum(bool(i.get("fasta")) for i in inputs)
    return {
        "inputs": numbers.whole(len(inputs)),
        "formats": t.joined(formats) or numbers.MISSING,
        "samples": numbers.whole(len(data.names)),
        "organism": config.get("organism", numbers.MISSING),
        "fasta": t("methods.fasta", n=numbers.whole(fasta)) if fasta else t("methods.no_fasta"),
    }


def _scores(said: Any, model: ScoreModel, titles: Mapping[str, str], t: Catalogue) -> list[tuple[str, list[int]]]:
    def named(panels: list[str]) -> str:
        return t.joined((t.title("panel", p, titles.get(p, "")) for p in panels), "semicolon")

    settings = model.prominence
    counts = sample_counts(model)
    small = counts.get("small_ev", (0, 0))
    out = [
        said(
            "prominence",
            n0=f"{settings.n0:g}",
            top=f"{settings.top:g}",
            power=f"{settings.power:g}",
            top_share=f"{100 * settings.top_share:g}",
            least_share=f"{100 * settings.least_share:g}",
        ),
        said(
            "identity",
            vesicle=named(model.axes.get("vesicle", [])),
            inside=named(model.axes.get("intracellular", [])),
            slope=numbers.decimal(model.expected_slope, 3),
            low=numbers.decimal(model.identity.low, 3),
            half=numbers.decimal(model.identity.half, 3),
            high=numbers.decimal(model.identity.high, 3),
        ),
        said(
            "purity",
            soluble=named(model.shares.get("soluble", [])),
            inside=named(model.shares.get("intracellular", [])),
            s_low=numbers.decimal(model.purity_soluble.low),
            s_half=numbers.decimal(model.purity_soluble.half),
            s_high=numbers.decimal(model.purity_soluble.high),
            i_low=numbers.decimal(model.purity_intracellular.low),
            i_half=numbers.decimal(model.purity_intracellular.half),
            i_high=numbers.decimal(model.purity_intracellular.high),
        ),
        said("paired", weight=f"{PAIRED_WEIGHT:g}"),
        said("classes"),
    ]
    if counts:
        samples = sum(n for n, _ in counts.values())
        out.append(
            said(
                "reference",
                samples=numbers.whole(samples),
                small=numbers.whole(small[0]),
                studies=numbers.whole(small[1]),
            )
        )
    return out


def sample_counts(model: ScoreModel) -> dict[str, tuple[int, int]]:
    """class -> (samples, studies) that the model was fitted on, from its provenance; empty when it does not say."""
    out: dict[str, tuple[int, int]] = {}
    listed = model.provenance.get("samples")
    for key, count in listed.items() if isinstance(listed, Mapping) else ():
        match = re.fullmatch(r".*: (\w+)", str(key))
        if match:
            samples, studies = out.get(match[1], (0, 0))
            out[match[1]] = (samples + int(count), studies + 1)
    return out
