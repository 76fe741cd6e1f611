"""sEVident's own quality metrics as controlled-vocabulary terms, and the OBO file that defines them.

mzQC asks that every metric be a term of a vocabulary named in the file. The terms of PSI-MS and UO that are used are
checked against those vocabularies by a test.
"""

from __future__ import annotations

from dataclasses import dataclass

PREFIX = "SEV"
FILE = "sevident.obo"


@dataclass(frozen=True)
class Term:
    """A term; ``unit`` is a UO term or None; ``column`` the column of the table of scores, ``interval`` its kind."""

    accession: str
    name: str
    definition: str
    column: str
    interval: bool = False
    unit: tuple[str, str] | None = None


FRACTION = ("UO:0000191", "fraction")
COUNT = ("UO:0000189", "count unit")
_DEFINITIONS = (
    ("identity", "small-EV identity", "Evidence that vesicle-borne proteins are present beyond what soluble or "
     "intracellular material would show at this depth; 0 to 1.", FRACTION, True),
    ("purity", "small-EV purity", "The poorer of soluble and intracellular purity; 0 to 1.", FRACTION, True),
    ("purity_soluble", "small-EV soluble purity", "Freedom from serum, lipoprotein, immunoglobulin, secreted and "
     "matrix proteins per unit of vesicular protein; 0 to 1.", FRACTION, True),
    ("purity_intracellular", "small-EV intracellular purity", "Freedom from nuclear, mitochondrial and ER or Golgi "
     "proteins per unit of vesicular protein; 0 to 1.", FRACTION, True),
    ("p_small_ev", "probability of a small-EV preparation", "Calibrated probability of the class.", FRACTION, False),
    ("p_secretome", "probability of soluble secretome", "Calibrated probability of the class.", FRACTION, False),
    ("p_serum", "probability of serum", "Calibrated probability of the class.", FRACTION, False),
    ("p_cell_debris", "probability of cell debris", "Calibrated probability of the class.", FRACTION, False),
    ("verdict", "small-EV verdict", "One of small_ev, secretome, serum, cell_debris, indeterminate.", None, False),
    ("misev_minimum", "MISEV2018 minimum protein evidence", "One transmembrane or GPI-anchored and one cytosolic "
     "marker detected and one negative control assessed: yes, no or not_assessable.", None, False),
    ("proteins", "number of quantified analyte protein groups", "Protein groups of the sample that are no process "
     "contaminants.", COUNT, False),
)  # fmt: skip


def terms() -> list[Term]:
    """All metrics. A score with an interval is followed by a term for its 90% interval; numbers never change."""
    out = []
    for i, (column, name, text, unit, interval) in enumerate(_DEFINITIONS):
        out.append(Term(f"{PREFIX}:{2 * i + 1:07d}", name, text, column, unit=unit))
        if interval:
            told = f"Lower and upper bound of the 90% interval of {name}."
            out.append(Term(f"{PREFIX}:{2 * i + 2:07d}", f"{name}, 90% interval", told, column, True, unit))
    return out


def obo(version: str) -> str:
    """The vocabulary as OBO 1.2 text."""
    lines = ["format-version: 1.2", f"data-version: {version}", "ontology: sevident"]
    for term in terms():
        lines += ["", "[Term]", f"id: {term.accession}", f"name: {term.name}", f'def: "{term.definition}" []']
        if term.unit:
            lines.append(f"relationship: has_units {term.unit[0]} ! {term.unit[1]}")
    lines += ["", "[Typedef]", "id: has_units", "name: has_units"]
    return "\n".join(lines) + "\n"
