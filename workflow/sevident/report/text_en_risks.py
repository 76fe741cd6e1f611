"""The items of the five risks, and what mass spectrometry cannot show of each, in English.

The table of risks holds these words; a page in another language shows them from here, translated.
"""

from __future__ import annotations

ENGLISH_RISKS: dict[str, str] = {
    "risk_item.virus": "Viral proteins",
    "risk_item.mycoplasma": "Mycoplasma proteins",
    "risk_item.bacteria": "Bacterial proteins",
    "risk_item.fungi": "Fungal proteins",
    "risk_item.other_organism": "Proteins of further organisms",
    "risk_item.xenogeneic_protein": "Protein of other animals than cattle",
    "risk_item.bovine_protein": "Bovine protein",
    "risk_item.hla": "HLA class I and II",
    "risk_item.costimulation": "Costimulatory molecules",
    "risk_item.immunoglobulin": "Immunoglobulins",
    "risk_item.complement": "Complement",
    "risk_item.complement_regulators": "Membrane regulators of complement (protective)",
    "risk_item.cytokines": "Cytokines and growth factors",
    "risk_item.proteases": "Proteases",
    "risk_item.platelet_proteins": "Platelet proteins",
    "risk_item.erythrocyte_proteins": "Erythrocyte proteins",
    "risk_item.tissue_factor": "Tissue factor and phosphatidylserine",
    "risk_item.soluble_protein": "Soluble protein that came along",
    "risk_item.intracellular_protein": "Intracellular protein that came along",
    "risk_item.between_lots": "Variation between lots",
    "risk_item.lots_out_of_control": "Lots outside the control limits",
    "risk_item.processes": "Comparability of processes",
    "risk_item.organ_integrins": "Integrins linked to organs",
    "risk_item.adhesion": "Adhesion molecules",
    "risk_limits.virus": (
        "Only what was searched can be found, and faint proteins are missed: absence is no proof of viral "
        "safety, and a protein is no infectious particle. Viral safety is shown by tests of source material, "
        "adventitious agents and virus removal."
    ),
    "risk_limits.mycoplasma": (
        "Only what was searched can be found, and faint proteins are missed: this replaces no mycoplasma test "
        "by culture, indicator cells or nucleic acid."
    ),
    "risk_limits.bacteria": (
        "Only what was searched can be found, and faint proteins are missed: this is no sterility test and no "
        "endotoxin test. Bacterial protein may also come from recombinant reagents."
    ),
    "risk_limits.fungi": (
        "Only what was searched can be found, and faint proteins are missed: this is no sterility test. Yeast "
        "protein may also come from recombinant reagents or medium."
    ),
    "risk_limits.other_organism": (
        "Only what was searched can be found, and faint proteins are missed: organisms are told by name "
        "alone, and these names belong to no kind that is known here."
    ),
    "risk_limits.xenogeneic_protein": (
        "Sequences that animals share with the study's organism cannot be told apart. No amount of it is "
        "known to be safe, or to cause a reaction."
    ),
    "risk_limits.bovine_protein": (
        "A share of the protein signal, not an amount per dose, and no measurement of residual albumin; "
        "antibodies against it are not seen."
    ),
    "risk_limits.hla": (
        "Alleles, densities on the vesicles, donor matching and alloantibodies are not seen; alleles share peptides."
    ),
    "risk_limits.costimulation": "Absence may be depth alone: these proteins are faint. Function is not seen.",
    "risk_limits.immunoglobulin": (
        "What the antibodies bind, and whether they sit on vesicles or beside them, is not seen."
    ),
    "risk_limits.complement": (
        "Presence is not activation: fragments, deposition on vesicles and haemolysis need assays of their own."
    ),
    "risk_limits.complement_regulators": (
        "CD46, CD55 and CD59 protect membranes: found is no risk, and not found no proof that protection is missing."
    ),
    "risk_limits.cytokines": (
        "Cytokines act in amounts far below what discovery proteomics sees: not found means little; "
        "immunoassays decide it."
    ),
    "risk_limits.proteases": "Presence is not activity: zymogens and inhibited enzymes look the same.",
    "risk_limits.platelet_proteins": (
        "Human platelet lysate in the medium, platelets in blood and the vesicles' own proteins cannot be "
        "told apart: all are human. Process blanks of fresh medium can."
    ),
    "risk_limits.erythrocyte_proteins": (
        "Haemoglobin of a finger, of haemolysis and of serum look the same where the species is human."
    ),
    "risk_limits.tissue_factor": (
        "Lipids are not seen: binders of phosphatidylserine are an indirect sign of it. Procoagulant activity "
        "needs a clotting or thrombin generation assay."
    ),
    "risk_limits.soluble_protein": (
        "Protein bound to the vesicles (corona) and protein beside them cannot be told apart; amounts per "
        "dose, lipids and nucleic acids are not seen."
    ),
    "risk_limits.intracellular_protein": "Debris and large vesicles cannot be told apart; nucleic acids are not seen.",
    "risk_limits.between_lots": (
        "Only the protein composition is compared: potency, particle number, lipids and RNA may vary all the same."
    ),
    "risk_limits.lots_out_of_control": "Control limits say what is usual, not what is acceptable.",
    "risk_limits.processes": (
        "Equivalent proteomes are one part of comparability; potency, stability and safety have to be shown as well."
    ),
    "risk_limits.organ_integrins": (
        "Exploratory: found with tumour exosomes in mice. Where other vesicles go depends on much else, and "
        "is measured by biodistribution studies alone."
    ),
    "risk_limits.adhesion": (
        "Exploratory: no rule leads from these proteins to an organ. Orientation and glycans are not seen."
    ),
}
