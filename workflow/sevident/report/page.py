"""The page: everything that is shown, put into the templates, with style, scripts and figures inlined."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from sevident.report import charts, heatmaps, markers, sections, species
from sevident.report.data import MANY_SAMPLES, ReportData
from sevident.report.methods import Methods
from sevident.report.provenance import Provenance
from sevident.report.summary import summarise
from sevident.report.text import RESULT_SYMBOLS, STATUS_SYMBOLS, VERDICT_SYMBOLS, Catalogue
from sevident.tables import ROLES, VERDICTS

_HERE = Path(__file__).parent
ASSETS = _HERE / "assets"
PLOTLY = ASSETS / "plotly-cartesian.min.js"
_SECTIONS = (
    *("summary", "verdicts", "why", "species", "truth", "specification", "warnings"),
    *("methods", "provenance", "glossary"),
)
# In JSON these only ever stand inside strings, where the escape means the same; without them no text can end the script
# element, open a comment in it, or break a line of JavaScript (WHATWG HTML, contents of script elements).
_SCRIPT_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


@dataclass(frozen=True)
class Script:
    """An inline script and the hash by which the page's policy allows it."""

    text: Markup
    policy: str


def plotly_version() -> str:
    """Version of the plotly.js bundle that the package carries, from its first lines."""
    with PLOTLY.open(encoding="utf-8") as handle:
        head = handle.read(400)
    match = re.search(r"plotly\.js \(cartesian - minified\) v(\S+)", head)
    if not match:
        raise ValueError(f"{PLOTLY} does not begin as the plotly.js cartesian bundle does")
    return match[1]


def embedded(text: str) -> Markup:
    """JSON text made safe to stand in a script element."""
    for sign, escape in _SCRIPT_ESCAPES.items():
        text = text.replace(sign, escape)
    return Markup(text)  # noqa: S704  (every sign that HTML could read is escaped above)


def script(path: Path) -> Script:
    """An asset as an inline script. The package's own files only: trusted, but they must not hold the closing tag."""
    text = path.read_text(encoding="utf-8").strip()
    if re.search(r"</script|<!--", text, re.IGNORECASE):
        raise ValueError(f"{path} cannot be inlined: it holds a tag that would end the script")
    # HTML parsers read CR LF as LF, and the hash is over what they read
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    digest = base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
    return Script(Markup(text), f"'sha256-{digest}'")  # noqa: S704  (a file of the package)


def environment() -> jinja2.Environment:
    """Jinja2 with autoescaping for every template, and an error for a name that does not exist."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(
    data: ReportData,
    *,
    study: str,
    organism: str,
    configured: Sequence[str],
    warning_files: int,
    panel_order: Sequence[str],
    methods: Methods,
    provenance: Provenance,
    t: Catalogue,
) -> str:
    """The page as HTML text.

    ``organism`` is the study's, ``configured`` are the release specifications named in the configuration,
    ``panel_order`` the panels in the order of the registry. Pure: the same arguments give the same text.
    """
    figures = {
        "families": heatmaps.families(data, panel_order, t),
        "paired": heatmaps.paired(data, panel_order, t),
        "composition": charts.composition(data, t),
        "map": charts.identity_purity(data, t),
    }
    truth = charts.truth(data, t)
    drawn = [f for f in (*figures.values(), truth) if f is not None and f.json]
    scripts = [script(PLOTLY)] if drawn else []
    scripts.append(script(ASSETS / "report.js"))
    context: dict[str, Any] = {
        "t": t,
        "study": study,
        "toc": [(name, t(f"section.{name}")) for name in _SECTIONS],
        "style": Markup((ASSETS / "report.css").read_text(encoding="utf-8")),  # noqa: S704  (a file of the package)
        "scripts": scripts,
        "policy": _policy(scripts),
        "data": data,
        "simulated": sections.simulated(data),
        "summary": summarise(data, study, t),
        "verdict_rows": sections.verdict_rows(data, t),
        "classes": [t(f"class.{c}") for c in sections.CLASSES],
        "verdicts": [(v, VERDICT_SYMBOLS[v], t(f"verdict.{v}"), t(f"meaning.{v}")) for v in VERDICTS],
        "figures": figures,
        "truth": truth,
        "drawn": [(f.name, embedded(f.json)) for f in drawn],
        "measured": sections.measured(data, t),
        "species": species.section(data, organism, t),
        "marker_overview": markers.overview(data, t),
        "categories": markers.categories(data, t),
        "statuses": [(s, STATUS_SYMBOLS[s], t(f"status.{s}"), t(f"status_meaning.{s}")) for s in STATUS_SYMBOLS],
        "status_symbols": STATUS_SYMBOLS,
        "accounts": markers.accounts(data, t),
        "compact": embedded(markers.compact(data, t)) if data.many else "",
        "many_limit": MANY_SAMPLES,
        "specification": sections.specification(data, list(configured), t),
        "warning_levels": sections.warning_levels(data, t),
        "warning_files": warning_files,
        "methods": methods,
        "provenance": provenance,
        "glossary": t.under("glossary"),
        "strings": embedded(json.dumps(_script_strings(data, t), ensure_ascii=False, sort_keys=True)),
    }
    return environment().get_template("page.html.jinja").render(context)


def _policy(scripts: Sequence[Script]) -> str:
    """Content security policy: nothing is loaded from anywhere, and only the page's own scripts run."""
    allowed = " ".join(s.policy for s in scripts)
    return (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src {allowed}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _script_strings(data: ReportData, t: Catalogue) -> Mapping[str, object]:
    """Words and signs that the script needs."""
    found = {s.role for s in data.sheet.samples}
    return {
        "search": t("control.search"),
        "verdict": t("control.verdict"),
        "role": t("control.role"),
        "all": t("control.all"),
        "shown": t("control.shown", shown="{shown}", total="{total}"),
        "reset": t("control.reset"),
        "sort": t("control.sort", column="{column}"),
        "sample": t("control.sample"),
        "verdicts": [[v, f"{VERDICT_SYMBOLS[v]} {t(f'verdict.{v}')}"] for v in VERDICTS],
        "roles": [[r, t(f"role.{r}")] for r in ROLES if r in found],
        "statuses": {s: [STATUS_SYMBOLS[s], t(f"status.{s}")] for s in STATUS_SYMBOLS},
        "results": RESULT_SYMBOLS,
        "gene": t("why.markers.gene"),
        "accession": t("why.markers.accession"),
        "status": t("specification.result"),
        "percentile": t("why.markers.percentile"),
        "quantity": t("why.accounts.quantity"),
        "term": t("why.accounts.term"),
        "value": t("why.accounts.value"),
        "contribution": t("why.accounts.contribution"),
        "text": t("why.accounts.text"),
        "markers": t("why.markers.table", title="{title}"),
        "account": t("why.accounts.table", sample="{sample}"),
        "noAccount": t("why.accounts.sample_empty"),
    }
