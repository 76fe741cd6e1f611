"""The engine's score of a peptide: filled where it grows with quality, one kind per file, null elsewhere."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest

from sevident import readers
from sevident.readers import scores
from sevident.readers.base import Grid, InputSpec

# file -> the column or term of the score, and the largest value in the file (counted apart from the readers)
FILES = {
    "formats/maxquant/msstatsconvert_evidence.csv": "Score",
    "formats/spectronaut/alphapeptstats_results.tsv": "EG.Cscore",
    "formats/proteome_discoverer/msstatsconvert_psm.csv": "IonScore",
    "studies/milk_ev/DB search psm_IP_CD9 POOL_1.csv": "-10lgP",
}


@pytest.mark.shared
@pytest.mark.parametrize("file", FILES)
def test_scores_of_tables(shared_data: Path, file: str) -> None:
    result = readers.read(InputSpec("main", shared_data / file, organism="human"))
    assert result.features is not None
    with (shared_data / file).open(newline="", encoding="utf-8-sig") as handle:
        rows = csv.DictReader(handle, delimiter="\t" if file.endswith("tsv") else ",")
        written = [float(row[FILES[file]]) for row in rows if row[FILES[file]] not in {"", "NA", "NaN"}]
    found = result.features["score"].dropna()
    assert len(found) and found.max() == max(written) and set(found) <= set(written)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("file", "decoys_too"),
    [
        ("formats/mzid/psi_55merge_mascot_full_1.1.mzid.gz", False),  # Mascot:score; its decoys carry no usual prefix
        ("formats/tpp/crema_msfragger.pepxml", True),  # hyperscore
    ],
)
def test_scores_of_xml(shared_data: Path, file: str, decoys_too: bool) -> None:
    features = readers.read(InputSpec("main", shared_data / file)).features
    assert features is not None
    counted = features["evidence"] == "ms2"
    assert counted.any() and features.loc[counted, "score"].notna().all()
    # hits of lower rank and those that failed the file's own threshold must not compete with the others
    assert features.loc[~counted, "score"].isna().all()
    assert features.loc[features["is_decoy"], "score"].notna().any() == decoys_too


def test_the_best_kind_of_score_is_taken() -> None:
    terms = [("Mascot:score", "MS:1001171", "30.5"), ("percolator:score", "MS:1001492", "1.5")]
    assert scores.best(terms) == (0, 1.5)
    assert scores.best([("Mascot:expectation value", "MS:1001172", "0.1")]) is None
    assert scores.best([("hyperscore", None, "nan"), ("xcorr", None, "2.5")]) == (scores.rank("xcorr"), 2.5)
    assert scores.best([("xcorr", None, "much")]) is None
    assert scores.rank("X!Tandem:expect", "MS:1001330") is None


def test_a_column_that_holds_text_is_told_and_not_used() -> None:
    frame = pd.DataFrame({0: ["12.5", "much"]}, index=[2, 3])
    warnings: list[dict[str, object]] = []
    spec = InputSpec("main", Path("a.txt"))
    assert pd.isna(scores.of_column(Grid(frame, ["Score"], "a.txt"), spec, warnings, "Score")).all()
    assert warnings[0]["code"] == "scores_unusable"
    assert pd.isna(scores.of_column(Grid(frame, ["Other"], "a.txt"), spec, warnings, "Score")).all()
    assert len(warnings) == 1
