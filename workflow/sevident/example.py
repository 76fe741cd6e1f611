"""The embedded example: a simulated dilution ladder of small EVs in secretome, in plasma and in cell lysate.

100, 75, 50, 25, 10 and 0 % small EVs (share of protein mass), three replicates each, three ladders, in the layout of
MaxQuant's proteinGroups.txt. Nothing here was measured: compositions are drawn from the class statistics of public
studies (resources/reference), and every run, sample and study name says `simulated`.

The random numbers are uniform ones of numpy's PCG64, turned into others here: numpy may change its other distributions
from version to version (NEP 19). So the same seed gives the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sevident.errors import ConfigurationError
from sevident.tables import write_atomically

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

SEED = 1
PERCENTS = (100, 75, 50, 25, 10, 0)
REPLICATES = (1, 2, 3)
# ladder -> (class of the statistics, role of its 0 % samples, share of mass that is bovine serum of the medium)
LADDERS = {
    "secretome": ("secretome", "conditioned_medium", 0.020),
    "plasma": ("serum", "source_fluid", 0.0),
    "lysate": ("cell_debris", "producer_lysate", 0.004),
}
EV_BOVINE_SHARE = 0.003  # cultured EVs carry a little of the medium's serum along; none in the plasma ladder
# How many of the most abundant proteins of each class are in the simulated search; and, so that there are faint ones
# that few runs show, every TAIL-th of the next three times as many
DEPTH = {"small_ev": 630, "secretome": 490, "serum": 210, "cell_debris": 630}
TAIL = 22
# markers that the page explains, whatever their abundance (MISEV2018, Table 3; J Extracell Vesicles 2018;7:1535750)
MARKERS = (
    *("CD9", "CD63", "CD81", "CD82", "CD47", "BSG", "ITGB1", "ITGA2", "ITGA3", "ITGA6", "ITGAV", "LAMP1", "LAMP2"),
    *("ADAM10", "NT5E", "CD59", "GNAI2", "GNB1", "TSG101", "PDCD6IP", "SDCBP", "FLOT1", "FLOT2", "VPS4A", "VPS4B"),
    *("CHMP4B", "CHMP2A", "EHD1", "EHD4", "RHOA", "ANXA1", "ANXA2", "ANXA5", "ANXA11", "HSPA8", "HSPA1A", "RAB10"),
    *("RAB7A", "APOA1", "APOA2", "APOB", "ALB", "CANX", "HSPA5", "HSP90B1", "HSPD1", "IMMT", "CYC1", "VDAC1"),
    *("LMNA", "LMNB1", "H4C1", "ACTN4", "FN1", "COL1A1", "COL1A2", "SPARC", "LGALS3BP", "MFGE8", "TIMP1", "GAPDH"),
)
# keratins of the operator's skin are process contaminants here, not analytes
NOT_ANALYTES = r"^(?:KRT\d|KRTAP|FLG|HRNR|DCD|DSP|DSG1|JUP|GAG-|POL$)"
# Variation, in log10 units. Between replicates of one preparation: the spread inside the studies, within limits;
# of a measured intensity: 0.06 is a coefficient of variation of 14 %; of the amount injected.
BIOLOGICAL_SD = (0.05, 0.15)
TECHNICAL_SD = 0.06
LOAD_SD = 0.05
LOADED = 2.0e8  # summed intensity of a run, in the detector's arbitrary units
# A protein is picked with probability 1/2 at this log10 intensity; the logistic's width is the steepness of the limit
HALF_PICKED = 3.55
PICKED_WIDTH = 0.16
LOWEST, DECADES = 3.0, 4.0  # log10 intensity of the lowest signal, and the decades above it with all peptides seen


# Made-up measurements of the preparations: 2e10 particles per microgram of protein where all is small EV
MEASUREMENTS = ("particles_per_ml", "protein_ug_per_ml", "size_mode_nm", "endotoxin_eu_per_ml", "sterility")
PARTICLES_PER_ML = 1e12
PROTEIN_UG_PER_ML = "50"
SIZE_NM = 110


@dataclass(frozen=True)
class Row:
    """What proteinGroups.txt says of a protein group beside its numbers."""

    ids: str
    length: int
    header: str = ""
    name: str = ""
    gene: str = ""
    contaminant: bool = False
    reverse: bool = False


@dataclass(frozen=True)
class Foreign:
    """A group that is not a human analyte; without an entry name it has no header, as those of MaxQuant's own list."""

    ids: str
    length: int  # residues
    share: float  # of the source's mass (bovine), or of the run's (reagent, skin)
    source: str  # bovine (follows the medium) | reagent (in every run) | skin (varies from run to run)
    entry: str = ""
    name: str = ""
    gene: str = ""

    def row(self) -> Row:
        """What proteinGroups.txt says of it; everything with CON__ carries the mark of a contaminant."""
        species = "Bos taurus OX=9913" if self.entry.endswith("_BOVIN") else "Homo sapiens OX=9606"
        symbol = f" GN={self.gene}" if self.gene else ""
        header = f"sp|{self.ids.split(';')[0]}|{self.entry} {self.name} OS={species}{symbol}" if self.entry else ""
        return Row(self.ids, self.length, header, self.name, self.gene, contaminant="CON__" in self.ids)


# Accessions and lengths: UniProt.
FOREIGN = (
    Foreign("CON__P00761", 231, 0.012, "reagent"),  # trypsin, pig
    Foreign("P04264;CON__P04264", 644, 0.0040, "skin", "K2C1_HUMAN", "Keratin, type II cytoskeletal 1", "KRT1"),
    Foreign("P35527;CON__P35527", 623, 0.0020, "skin", "K1C9_HUMAN", "Keratin, type I cytoskeletal 9", "KRT9"),
    Foreign("P13645;CON__P13645", 584, 0.0025, "skin", "K1C10_HUMAN", "Keratin, type I cytoskeletal 10", "KRT10"),
    Foreign("CON__P35908", 639, 0.0015, "skin"),  # keratin 2
    Foreign("CON__P02769", 607, 0.62, "bovine"),  # serum albumin
    Foreign("CON__P12763", 359, 0.14, "bovine"),  # fetuin-A
    Foreign("CON__P34955", 416, 0.06, "bovine"),  # alpha-1-antiproteinase
    Foreign("CON__Q2UVX4", 1661, 0.05, "bovine"),  # complement C3
    Foreign("CON__P15497", 265, 0.04, "bovine"),  # apolipoprotein A-I
    Foreign("P02081", 145, 0.05, "bovine", "HBBF_BOVIN", "Hemoglobin fetal subunit beta"),
    Foreign("Q58D62", 387, 0.04, "bovine", "FETUB_BOVIN", "Fetuin-B", "FETUB"),
)
DECOYS = 12
# the contaminant list that MaxQuant ships holds human albumin: its group carries the mark of a contaminant
ALBUMIN_IDS = "P02768;CON__P02768-1"


def run(output: str | Path, seed: int = SEED, resources: str | Path | None = None) -> None:
    """Write the example's proteinGroups.txt and samples.tsv into folder ``output``.

    ``resources`` is the folder that holds reference/class_statistics.tsv and reference/proteins.tsv (default: the
    checkout's). Raises ConfigurationError when they are missing.
    """
    folder = Path(resources) if resources is not None else Path(__file__).resolve().parents[2] / "resources"
    statistics, proteins = read_reference(folder / "reference")
    design = runs()
    write_text(Path(output) / "proteinGroups.txt", protein_groups(statistics, proteins, design, seed))
    write_text(Path(output) / "samples.tsv", sample_sheet(design))


def read_reference(folder: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The class statistics and the facts per protein. Raises ConfigurationError when a file is missing."""
    import pandas as pd

    for name in ("class_statistics.tsv", "proteins.tsv"):
        if not (folder / name).is_file():
            raise ConfigurationError(
                "the example cannot be made: a table of the reference is missing",
                where=str(folder / name),
                advice="name the folder resources/ of the workflow, or rebuild it with `sevident reference`",
            )
    statistics = pd.read_csv(folder / "class_statistics.tsv", sep="\t", keep_default_na=False, na_values=[""])
    proteins = pd.read_csv(folder / "proteins.tsv", sep="\t", keep_default_na=False, na_values=[""])
    return statistics, proteins


@dataclass(frozen=True)
class Run:
    """One simulated run: ``percent`` of the protein mass is small EV, the rest is the ladder's other component."""

    ladder: str
    percent: int
    replicate: int

    @property
    def name(self) -> str:
        return f"simulated_{self.ladder}_{self.percent}_{self.replicate}"


def runs() -> list[Run]:
    """The runs of all ladders, purest first."""
    return [Run(ladder, percent, replicate) for ladder in LADDERS for percent in PERCENTS for replicate in REPLICATES]


def sample_sheet(design: list[Run]) -> str:
    """The sample sheet as TSV: a lot is one mixture of one ladder, its 0 % samples are the ladder's reference.

    The process is what the small EVs were mixed with. Measurements are made up by formula (see ``measurements``).
    """
    columns = [
        *("sample", "input", "run", "role", "reference_group", "lot", "process", "replicate"),
        *("simulated", "truth_small_ev_percent", "truth_other", *MEASUREMENTS),
    ]
    lines = ["\t".join(columns)]
    for r in design:
        role = LADDERS[r.ladder][1] if r.percent == 0 else "preparation"
        group, lot = f"simulated_{r.ladder}", f"simulated_{r.ladder}_{r.percent}"
        known = [r.name, "main", r.name, role, group, lot, group, str(r.replicate)]
        lines.append("\t".join([*known, "yes", str(r.percent), r.ladder, *measurements(r)]))
    return "\n".join(lines) + "\n"


def measurements(r: Run) -> list[str]:
    """Made-up measurements of a preparation, in the order of MEASUREMENTS; empty where nothing is to be tested.

    Particles follow the share of small EVs, with 4 % between replicates; endotoxin is given as a limit of the assay, as
    a number above the example's limit, or not at all, so that each kind of result is there to be seen.
    """
    if r.percent == 0:
        return [""] * len(MEASUREMENTS)
    particles = PARTICLES_PER_ML * r.percent / 100 * (1 + 0.04 * (r.replicate - 2))
    size = SIZE_NM + (100 - r.percent) // 4
    endotoxin, sterility = {"secretome": ("<0.05", "no growth"), "plasma": ("", "no growth")}.get(r.ladder, ("0.8", ""))
    return [f"{particles:.3g}", PROTEIN_UG_PER_ML, str(size), endotoxin, sterility]


class Draws:
    """Random numbers from uniform ones; each use names its own stream, so that one change does not move the others."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def uniform(self, stream: str, *shape: int) -> np.ndarray:
        import numpy as np

        key = [self.seed, *stream.encode("utf-8")]
        return np.random.Generator(np.random.PCG64(key)).random(shape)

    def normal(self, stream: str, *shape: int) -> np.ndarray:
        from scipy.special import ndtri

        return ndtri(self.uniform(stream, *shape) * (1 - 2e-12) + 1e-12)


def choose_proteins(statistics: pd.DataFrame, proteins: pd.DataFrame) -> pd.DataFrame:
    """The proteins of the simulated search, sorted by accession: DEPTH and MARKERS, as far as all facts are known.

    Columns: gene, uniprot_human, entry_name, sequence_length, protein_name, then for each class its share
    (typical_fraction, scaled to sum 1 over the chosen proteins; 0 where the class has none) and its spread,
    `sd_<class>`.
    """
    known = proteins.dropna(subset=["uniprot_human", "entry_name", "sequence_length"])
    known = known[~known["gene"].str.match(NOT_ANALYTES)].sort_values("gene").drop_duplicates("uniprot_human")
    usable = statistics[statistics["gene"].isin(set(known["gene"]))]
    usable = usable.sort_values(["typical_fraction", "gene"], ascending=[False, True], kind="stable")
    chosen = set(MARKERS)
    for name, depth in DEPTH.items():
        genes = usable.loc[usable["sample_class"].eq(name), "gene"]
        chosen |= {*genes.iloc[:depth], *genes.iloc[depth : 4 * depth : TAIL]}
    out = known[known["gene"].isin(chosen)].sort_values("uniprot_human", kind="stable").reset_index(drop=True)
    low, high = BIOLOGICAL_SD
    for name in DEPTH:
        own = usable[usable["sample_class"].eq(name)].set_index("gene")
        share = out["gene"].map(own["typical_fraction"]).fillna(0.0)
        out[name] = share / share.sum()
        out[f"sd_{name}"] = out["gene"].map(own["sd_within"]).fillna(high).clip(low, high)
    return out


def compositions(chosen: pd.DataFrame, draws: Draws) -> dict[tuple[str, int], np.ndarray]:
    """Mass fractions per class and replicate: the class's composition, varied by log-normal draws, sum 1."""
    out = {}
    for name in DEPTH:
        for replicate in REPLICATES:
            noise = draws.normal(f"biology {name} {replicate}", len(chosen))
            mass = chosen[name].to_numpy() * 10 ** (chosen[f"sd_{name}"].to_numpy() * noise)
            out[name, replicate] = mass / mass.sum()
    return out


def mixture(r: Run, parts: dict[tuple[str, int], np.ndarray]) -> tuple[np.ndarray, float]:
    """Mass fractions of the human proteins in run ``r`` (sum 1), and the bovine mass on top as a share of them."""
    other, _, bovine = LADDERS[r.ladder]
    ev = r.percent / 100
    own_bovine = EV_BOVINE_SHARE if r.ladder != "plasma" else 0.0
    human = ev * parts["small_ev", r.replicate] + (1 - ev) * parts[other, r.replicate]
    return human, ev * own_bovine + (1 - ev) * bovine


def protein_groups(statistics: pd.DataFrame, proteins: pd.DataFrame, design: list[Run], seed: int) -> str:
    """The text of proteinGroups.txt for the runs of ``design``; rows sorted by identifier."""
    import numpy as np

    draws = Draws(seed)
    chosen = choose_proteins(statistics, proteins)
    parts = compositions(chosen, draws)
    human, bovine = zip(*(mixture(r, parts) for r in design), strict=True)
    shares = np.vstack([np.array(human).T, _foreign_shares(np.array(bovine), len(design), draws)])
    lengths = np.array([*chosen["sequence_length"], *(f.length for f in FOREIGN)], dtype=float)
    intensity, peptides, spectra = acquire(shares, lengths, draws)
    decoys, decoy_values = _decoys(chosen, design, draws)
    rows = [*_human_rows(chosen), *(f.row() for f in FOREIGN)]
    rows += decoys
    intensity = np.vstack([intensity, decoy_values[0]])
    peptides = np.vstack([peptides, decoy_values[1]])
    spectra = np.vstack([spectra, decoy_values[2]])
    seen = intensity.max(axis=1) > 0
    order = sorted((i for i in range(len(rows)) if seen[i]), key=lambda i: rows[i].ids)
    lines = ["\t".join(_header(design))]
    for number, i in enumerate(order):
        lines.append("\t".join(_line(rows[i], number, intensity[i], peptides[i], spectra[i])))
    return "\n".join(lines) + "\n"


def _foreign_shares(bovine: np.ndarray, count: int, draws: Draws) -> np.ndarray:
    """Shares of the run's mass of FOREIGN, row x run. Skin varies tenfold from run to run."""
    import numpy as np

    skin = 10 ** (0.5 * draws.normal("skin", count))
    scale = {"bovine": bovine, "reagent": np.ones(count), "skin": skin}
    return np.array([f.share * scale[f.source] for f in FOREIGN])


def acquire(shares: np.ndarray, lengths: np.ndarray, draws: Draws) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What the instrument and the search make of mass shares (protein x run): intensities, peptides, MS/MS counts.

    A protein is missing with a probability that falls with its log intensity (logistic); then all three are 0. The
    number of peptides grows with the intensity up to the observable ones, about one per twelve residues.
    """
    import numpy as np

    load = LOADED * 10 ** (LOAD_SD * draws.normal("load", shares.shape[1]))
    noise = TECHNICAL_SD * draws.normal("technical", *shares.shape)
    log_intensity = np.log10(np.maximum(shares, 1e-12)) + np.log10(load) + noise
    picked = draws.uniform("picked", *shares.shape) < 1 / (1 + np.exp(-(log_intensity - HALF_PICKED) / PICKED_WIDTH))
    intensity = np.where(picked, 10**log_intensity, 0.0)
    observable = np.maximum(1.0, np.round(lengths / 12.0))[:, None]
    depth = np.clip((log_intensity - LOWEST) / DECADES, 0.0, 1.0) ** 1.3
    spread = np.sqrt(observable * depth * (1 - depth))
    peptides = np.round(observable * depth + spread * draws.normal("peptides", *shares.shape))
    peptides = np.where(picked, np.clip(peptides, 1, observable), 0).astype(int)
    mean = peptides * (0.4 + 2.0 * depth)
    spectra = np.round(mean + np.sqrt(mean) * draws.normal("spectra", *shares.shape))
    spectra = np.where(picked, np.maximum(spectra, 0), 0).astype(int)
    return intensity, peptides, spectra


def _human_rows(chosen: pd.DataFrame) -> list[Row]:
    out = []
    columns = ["uniprot_human", "entry_name", "sequence_length", "protein_name", "gene"]
    for accession, entry, length, named, gene in chosen[columns].itertuples(index=False, name=None):
        name = named if isinstance(named, str) else ""
        header = f"sp|{accession}|{entry} {name} OS=Homo sapiens OX=9606 GN={gene}"
        albumin = ALBUMIN_IDS.startswith(accession)
        out.append(Row(ALBUMIN_IDS if albumin else accession, int(length), header, name, gene, albumin))
    return out


def _decoys(chosen: pd.DataFrame, design: list[Run], draws: Draws) -> tuple[list[Row], list[np.ndarray]]:
    """DECOYS reversed proteins, each seen with one peptide near the limit in about a sixth of the runs."""
    import numpy as np

    origin = chosen.iloc[:: max(1, len(chosen) // DECOYS)].iloc[:DECOYS]
    shape = (len(origin), len(design))
    seen = draws.uniform("decoys seen", *shape) < 1 / 6
    seen[:, 0] |= ~seen.any(axis=1)
    log_intensity = HALF_PICKED + 0.15 + 0.2 * draws.normal("decoys", *shape)
    values = [np.where(seen, 10**log_intensity, 0.0), seen.astype(int), seen.astype(int)]
    facts = zip(origin["uniprot_human"], origin["sequence_length"], strict=True)
    rows = [Row(f"REV__{accession}", int(length), reverse=True) for accession, length in facts]
    return rows, values


def _header(design: list[Run]) -> list[str]:
    names = [r.name for r in design]
    return [
        *("Protein IDs", "Majority protein IDs", "Peptide counts (all)", "Peptide counts (razor+unique)"),
        *("Peptide counts (unique)", "Protein names", "Gene names", "Fasta headers", "Number of proteins"),
        *("Peptides", "Razor + unique peptides", "Unique peptides"),
        *(f"Razor + unique peptides {n}" for n in names),
        *("Mol. weight [kDa]", "Sequence length", "Q-value", "Score"),
        *(f"Identification type {n}" for n in names),
        "Intensity",
        *(f"Intensity {n}" for n in names),
        *(f"MS/MS count {n}" for n in names),
        *("MS/MS count", "Only identified by site", "Reverse", "Potential contaminant", "id"),
    ]


def _line(row: Row, number: int, intensity: np.ndarray, peptides: np.ndarray, spectra: np.ndarray) -> list[str]:
    """One row. The group's peptides are those of its richest run and one in eight more that only other runs show."""
    members = row.ids.count(";") + 1
    total = int(peptides.max()) + int(peptides.max()) // 8
    counts = ";".join([str(total)] * members)
    weight = row.length * 0.1105  # kDa; the mean residue weighs about 110.5 Da
    score = -2.0 if row.reverse else min(323.31, 5.7 * total)
    kind = ["" if p == 0 else "By MS/MS" if s > 0 else "By matching" for p, s in zip(peptides, spectra, strict=True)]
    return [
        *(row.ids, row.ids, counts, counts, counts, row.name, row.gene, row.header, str(members)),
        *([str(total)] * 3),
        *map(str, peptides),
        *(f"{weight:.5g}", str(row.length), "0.0098" if row.reverse else "0", f"{score:.5g}"),
        *kind,
        five_digits(float(intensity.sum())),
        *map(five_digits, intensity),
        *map(str, spectra),
        *(str(int(spectra.sum())), "", "+" if row.reverse else "", "+" if row.contaminant else "", str(number)),
    ]


def five_digits(value: float) -> str:
    """A quantity with five significant digits, without exponent, as MaxQuant writes it; 0 for nothing."""
    return f"{float(f'{value:.5g}'):.0f}" if value >= 1e4 else f"{value:.5g}"


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 text with unix line ends, atomically."""
    write_atomically(path, lambda part: part.write_text(text, encoding="utf-8", newline=""))
