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

from sevident.report import (
    agreement,
    charts,
    comparability,
    detail,
    grid,
    heatmaps,
    identity_map,
    lots,
    markers,
    numbers,
    risks,
    sections,
    source_cell,
    species,
    specification,
    subtypes,
)
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
    *(
        "summary",
        "verdicts",
        "why",
        "species",
        "source_cell",
        "subtypes",
        "truth",
        "agreement",
        "specification",
        "lots",
    ),
    *("comparability", "risks", "warnings", "methods", "card", "provenance", "glossary"),
)
# the first of the blocks of data, which stand at the end of the page
_DATA_FOLLOW = '<script type="application/json" id="strings">'
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
        "map": identity_map.identity_purity(data, t),
    }
    truth = charts.truth(data, t)
    parts = {
        "source_cell": source_cell.section(data, t),
        "subtypes": subtypes.section(data, t),
        "agreement": agreement.section(data, t),
        "lots": lots.section(data, t),
        "comparability": comparability.section(data, t),
        "risks": risks.section(data, t),
    }
    further = [p.figure for section in parts.values() for p in section.parts]
    drawn = [f for f in (*figures.values(), truth, *further) if f is not None and f.json]
    nearest = detail.neighbours(data, t)
    first = script(ASSETS / "head.js")
    library = script(PLOTLY) if drawn else None
    own = script(ASSETS / "report.js")
    context: dict[str, Any] = {
        "t": t,
        "body": grid.body,
        "breaking": grid.breaking,
        "page_rows": grid.PAGE_ROWS,
        "study": study,
        "toc": [(name, t(f"section.{name}")) for name in _SECTIONS],
        "style": Markup((ASSETS / "report.css").read_text(encoding="utf-8")),  # noqa: S704  (a file of the package)
        "print_style": Markup(_running(study, provenance, t)),  # noqa: S704  (its strings are escaped as CSS)
        "library": library,
        "own": own,
        "first": first,
        "policy": _policy([s for s in (first, library, own) if s]),
        "data": data,
        "simulated": sections.simulated(data),
        "summary": summarise(data, study, t),
        "verdict_rows": sections.verdict_rows(data, t),
        "verdict_heads": sections.verdict_headings(t),
        "classes": [t(f"class.{c}") for c in sections.CLASSES],
        "verdicts": [(v, VERDICT_SYMBOLS[v], t(f"verdict.{v}"), t(f"meaning.{v}")) for v in VERDICTS],
        "figures": figures,
        "truth": truth,
        "parts": parts,
        "cloud": identity_map.cloud_grid(data, t),
        "nearest": nearest,
        "drawn": [(f.name, embedded(f.json)) for f in drawn],
        "measured": sections.measured(data, t),
        "species": species.section(data, organism, t),
        "marker_overview": markers.overview(data, t),
        "categories": markers.categories(data, t),
        "statuses": [(s, STATUS_SYMBOLS[s], t(f"status.{s}"), t(f"status_meaning.{s}")) for s in STATUS_SYMBOLS],
        "status_symbols": STATUS_SYMBOLS,
        "accounts": markers.accounts(data, t),
        "compact": embedded(markers.compact(data, _of_samples(data, nearest, configured, t), t)) if data.many else "",
        "many_limit": MANY_SAMPLES,
        "specification": specification.section(data, list(configured), t),
        "warning_levels": sections.warning_levels(data, t),
        "warning_files": warning_files,
        "methods": methods,
        "provenance": provenance,
        "glossary": _glossary(t),
        "strings": embedded(json.dumps(_script_strings(data, t), ensure_ascii=False, sort_keys=True)),
    }
    return _unbroken(environment().get_template("page.html.jinja").render(context))


def _unbroken(html: str) -> str:
    """The page with the term that it is about never broken at its hyphen; what is read or copied stays the same.

    In the text of its elements only: in the attributes a tag ends before the next one begins, and what scripts read
    stands after the mark.
    """
    start, end = html.index("<body"), html.index(_DATA_FOLLOW)
    text = re.sub(r"small-EVs?(?=[^<>]*<)", r'<span class="nb">\g<0></span>', html[start:end], flags=re.IGNORECASE)
    return html[:start] + text + html[end:]


def _of_samples(
    data: ReportData, nearest: detail.SampleTable, configured: Sequence[str], t: Catalogue
) -> list[detail.SampleTable]:
    """The tables that the detail view shows of one sample, where there are too many samples to write them all out."""
    return [
        nearest,
        risks.sample_table(data, t),
        source_cell.sample_table(data, t),
        subtypes.sample_table(data, t),
        specification.sample_table(data, list(configured), t),
    ]


def _running(study: str, provenance: Provenance, t: Catalogue) -> str:
    """The style of printed pages: A4, what the report is at the top, the number of the page at the foot."""
    running = grid.css_string(t("print.running", version=provenance.version, study=study, time=provenance.time))
    page, of = grid.css_string(t("print.page") + " "), grid.css_string(f" {t('print.of')} ")
    look = "font: 8pt sans-serif; color: #4a5560;"
    boxes = (
        f"@top-left {{ content: {running}; {look} }} "
        f"@bottom-right {{ content: {page} counter(page) {of} counter(pages); {look} }}"
    )
    return f"@page {{ size: A4 landscape; margin: 14mm 12mm 14mm 12mm; {boxes} }}"


def _glossary(t: Catalogue) -> list[tuple[str, str]]:
    """(term, meaning) in the order of the catalogue."""
    entries = t.under("glossary")
    names = [key.removesuffix(".term") for key in entries if key.endswith(".term")]
    return [(entries[f"{name}.term"], entries[f"{name}.text"]) for name in names]


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
        "sortBy": t("control.sort_by"),
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
        "missing": numbers.MISSING,
        "asInTable": t("page.as_in_table"),
        "save": t("figure.save"),
        "pageRows": grid.PAGE_ROWS,
        "pageCards": grid.PAGE_CARDS,
        "rows": t("paging.label"),
        "rowsShown": t("paging.shown", first="{first}", last="{last}", total="{total}"),
        "previous": t("paging.previous"),
        "next": t("paging.next"),
    }
