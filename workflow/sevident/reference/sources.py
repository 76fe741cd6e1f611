"""Where the labelled studies come from: title, citation and accession, as far as they are known."""

from __future__ import annotations


def _source(title: str, citation: str, accession: str = "") -> dict[str, str]:
    return {"title": title, "citation": citation, "accession": accession}


SOURCES: dict[str, dict[str, str]] = {
    "ascites_ev": _source(
        "EVs of ovarian-cancer ascites by ultracentrifugation and size exclusion, and the protein-rich fraction",
        "Vyhlidalova Kotrbova et al. 2023, J Extracell Vesicles",
        "PXD041751",
    ),
    "blood_ev_public": _source(
        "Cell-culture small EVs, and blood preparations claimed as EVs",
        "ProteomeXchange projects PXD019566, PXD020629, PXD024216, searched again",
        "PXD019566, PXD020629, PXD024216",
    ),
    "breast_exosome": _source("EVs of MCF10A and MDA-MB-231", "ProteomeXchange project PXD056161", "PXD056161"),
    "bv2_microglia": _source(
        "Mouse BV2 microglia: EVs by size exclusion against the producing cells",
        "Santiago et al. 2023, Mol Cell Proteomics",
    ),
    "cancer_cell_secretome": _source(
        "Conditioned medium of cancer cell lines, spectral counts", "public re-analysis; class label is a guess"
    ),
    "cord_blood_ev": _source(
        "Cord blood: EV fractions by size exclusion, and the plasma", "public table without a known publication"
    ),
    "endothelial_secretome": _source("Conditioned medium and lysates of endothelial cells", "Stepanov et al. 2024"),
    "hela_fractions": _source("HeLa pellets of 1,000 to 80,000 g, and cytosol", "Borner laboratory"),
    "lipoproteins": _source("VLDL, LDL, HDL and Lp(a) fractions", "Bergstrom"),
    "msc_secretome": _source("Conditioned medium and lysates of six mesenchymal cell types", "Lobov et al."),
    "osteogenic_lysate": _source("Osteoblast and valve cells, lysates", "Lobov et al."),
    "plaque_tissue": _source("Human atherosclerotic plaque tissue", "Lobov et al."),
    "plasma_cohort": _source("Neat plasma", "Geyer et al. 2019, EMBO Mol Med 11:e10427", "PXD011749"),
    "plasma_ev_methods": _source(
        "Plasma-EV preparations by nine isolation methods", "Vallejo et al. 2023, Sci Data 10:837"
    ),
    "skin_lysate": _source("Skin cells, lysates", "ProteomeXchange project PXD019909", "PXD019909"),
    "urine": _source("Whole urine", "public table without a known publication"),
}
