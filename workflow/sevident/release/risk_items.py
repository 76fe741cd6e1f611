"""The five risks of the position paper, item by item: what is looked at, and what mass spectrometry cannot say of it.

The risks are those of the Japanese Society for Regenerative Medicine, "Considerations on the preparation of, and
therapy with, exosomes and the like" (10 March 2021), section 3. The items are ours: what a proteome can contribute to
each. None is a clinical claim, and no limit here is one of safety.
"""

from __future__ import annotations

from dataclasses import dataclass

PAPER = "JSRM 2021 Considerations on the preparation of, and therapy with, exosomes and the like, section 3"
MYCOPLASMA = "Drexler 2002 Cytotechnology 39:75-90"
BOVINE = "Frankenfield 2022 J Proteome Res 21:2104-2113"
CO_ISOLATED = "Forteza-Genestra 2020 Cells 9:422"
TISSUE_FACTOR = "Silachev 2019 Cells 8:258"
PLATELET_LYSATE = "Bianchetti 2021 Front Cell Dev Biol 9:650490"
QUALITY = "Takakura 2024 Pharm Res 41:1573-1594"


@dataclass(frozen=True)
class Item:
    """One statement. ``key`` is the panel, score or kind of organism that it rests on."""

    risk: str
    item: str
    title: str
    key: str
    limits: str
    source: str = ""  # empty: the panel's own


_SEARCHED = "Only what was searched can be found, and faint proteins are missed: "
ORGANISMS = (
    Item(
        "infection",
        "virus",
        "Viral proteins",
        "virus",
        _SEARCHED
        + "absence is no proof of viral safety, and a protein is no infectious particle. Viral safety is shown "
        "by tests of source material, adventitious agents and virus removal.",
        PAPER,
    ),
    Item(
        "infection",
        "mycoplasma",
        "Mycoplasma proteins",
        "mycoplasma",
        _SEARCHED + "this replaces no mycoplasma test by culture, indicator cells or nucleic acid.",
        MYCOPLASMA,
    ),
    Item(
        "infection",
        "bacteria",
        "Bacterial proteins",
        "bacteria",
        _SEARCHED + "this is no sterility test and no endotoxin test. Bacterial protein may also come from recombinant "
        "reagents.",
        PAPER,
    ),
    Item(
        "infection",
        "fungi",
        "Fungal proteins",
        "fungi",
        _SEARCHED + "this is no sterility test. Yeast protein may also come from recombinant reagents or medium.",
        PAPER,
    ),
    Item(
        "infection",
        "other_organism",
        "Proteins of further organisms",
        "other",
        _SEARCHED + "organisms are told by name alone, and these names belong to no kind that is known here.",
        PAPER,
    ),
)
XENOGENEIC = Item(
    "immune_reaction",
    "xenogeneic_protein",
    "Protein of other animals than cattle",
    "animal",
    "Sequences that animals share with the study's organism cannot be told apart. No amount of it is known to be safe, "
    "or to cause a reaction.",
    PAPER,
)
BOVINE_PROTEIN = Item(
    "immune_reaction",
    "bovine_protein",
    "Bovine protein",
    "bovine",
    "A share of the protein signal, not an amount per dose, and no measurement of residual albumin; antibodies against "
    "it are not seen.",
    BOVINE,
)
PANELS = (
    Item(
        "immune_reaction",
        "hla",
        "HLA class I and II",
        "risk_hla",
        "Alleles, densities on the vesicles, donor matching and alloantibodies are not seen; alleles share peptides.",
    ),
    Item(
        "immune_reaction",
        "costimulation",
        "Costimulatory molecules",
        "risk_costimulation",
        "Absence may be depth alone: these proteins are faint. Function is not seen.",
    ),
    Item(
        "immune_reaction",
        "immunoglobulin",
        "Immunoglobulins",
        "immunoglobulin",
        "What the antibodies bind, and whether they sit on vesicles or beside them, is not seen.",
    ),
    Item(
        "immune_reaction",
        "complement",
        "Complement",
        "risk_complement",
        "Presence is not activation: fragments, deposition on vesicles and haemolysis need assays of their own.",
    ),
    Item(
        "immune_reaction",
        "complement_regulators",
        "Membrane regulators of complement (protective)",
        "risk_complement_regulators",
        "CD46, CD55 and CD59 protect membranes: found is no risk, and not found no proof that protection is missing.",
    ),
    Item(
        "other_components",
        "cytokines",
        "Cytokines and growth factors",
        "misev_5a",
        "Cytokines act in amounts far below what discovery proteomics sees: not found means little; immunoassays "
        "decide it.",
    ),
    Item(
        "other_components",
        "proteases",
        "Proteases",
        "risk_proteases",
        "Presence is not activity: zymogens and inhibited enzymes look the same.",
    ),
    Item(
        "other_components",
        "platelet_proteins",
        "Platelet proteins",
        "platelet",
        "Human platelet lysate in the medium, platelets in blood and the vesicles' own proteins cannot be told apart: "
        "all are human. Process blanks of fresh medium can.",
        PLATELET_LYSATE,
    ),
    Item(
        "other_components",
        "erythrocyte_proteins",
        "Erythrocyte proteins",
        "erythrocyte",
        "Haemoglobin of a finger, of haemolysis and of serum look the same where the species is human.",
    ),
)
TISSUE_FACTOR_ITEM = Item(
    "other_components",
    "tissue_factor",
    "Tissue factor and phosphatidylserine",
    "risk_coagulation",
    "Lipids are not seen: binders of phosphatidylserine are an indirect sign of it. Procoagulant activity needs a "
    "clotting or thrombin generation assay.",
    TISSUE_FACTOR,
)
SCORES = (
    Item(
        "other_components",
        "soluble_protein",
        "Soluble protein that came along",
        "purity_soluble",
        "Protein bound to the vesicles (corona) and protein beside them cannot be told apart; amounts per dose, lipids "
        "and nucleic acids are not seen.",
        CO_ISOLATED,
    ),
    Item(
        "other_components",
        "intracellular_protein",
        "Intracellular protein that came along",
        "purity_intracellular",
        "Debris and large vesicles cannot be told apart; nucleic acids are not seen.",
        CO_ISOLATED,
    ),
)
LOTS = Item(
    "variability",
    "between_lots",
    "Variation between lots",
    "lots",
    "Only the protein composition is compared: potency, particle number, lipids and RNA may vary all the same.",
    QUALITY,
)
LOTS_OUT = Item(
    "variability",
    "lots_out_of_control",
    "Lots outside the control limits",
    "lots",
    "Control limits say what is usual, not what is acceptable.",
    QUALITY,
)
PROCESSES = Item(
    "variability",
    "processes",
    "Comparability of processes",
    "comparability",
    "Equivalent proteomes are one part of comparability; potency, stability and safety have to be shown as well.",
    QUALITY,
)
DISTRIBUTION = (
    Item(
        "distribution",
        "organ_integrins",
        "Integrins linked to organs",
        "risk_distribution",
        "Exploratory: found with tumour exosomes in mice. Where other vesicles go depends on much else, and is "
        "measured by biodistribution studies alone.",
    ),
    Item(
        "distribution",
        "adhesion",
        "Adhesion molecules",
        "risk_adhesion",
        "Exploratory: no rule leads from these proteins to an organ. Orientation and glycans are not seen.",
    ),
)
