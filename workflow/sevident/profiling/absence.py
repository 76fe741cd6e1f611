"""What it means that a marker was not seen.

Not detected, not searched and not assessable are three things. In this order:

1. seen: ``detected``;
2. the searched database (FASTA), where it is given, lacks the protein: ``not_searched``;
3. the protein is in the table only as a process contaminant: ``not_assessable``;
4. the registry says that the protein seldom yields peptides (CD63, CD81): ``not_assessable``;
5. fewer than 100 protein groups were quantified in the sample: ``not_assessable``, nothing is absent from so few;
6. no FASTA, and no run of the input holds the protein: ``not_searched``, it may not have been in the database;
7. otherwise it was looked for and not found: ``not_detected``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..quantification.checks import FEWEST_PROTEINS
from ..tables import STATUSES

if TYPE_CHECKING:
    from numpy.typing import NDArray

DETECTED, NOT_DETECTED, NOT_SEARCHED, NOT_ASSESSABLE = (
    STATUSES.index(s) for s in ("detected", "not_detected", "not_searched", "not_assessable")
)
NOTES = (
    "",
    "the searched database does not hold it",
    "listed as a process contaminant only",
    "seldom yields peptides that a search can find",
    f"fewer than {FEWEST_PROTEINS} protein groups in this sample",
    "no run of the input holds it and no database was given",
    "the value was imputed; nothing was measured",
)
_LACKING, _PROCESS, _SELDOM, _FEW, _NOT_HELD, _IMPUTED = range(1, 7)


def judge(
    *,
    detected: NDArray[np.bool_],
    imputed: NDArray[np.bool_],
    process_only: NDArray[np.bool_],
    in_database: NDArray[np.int8],
    in_table: NDArray[np.bool_],
    seldom: NDArray[np.bool_],
    counts: NDArray[np.int64],
) -> tuple[NDArray[np.int8], NDArray[np.int8]]:
    """Status (index into STATUSES) and note (index into NOTES), members x samples.

    ``detected``, ``imputed`` (has an imputed value alone), ``in_table`` and ``in_database`` (1 = holds it, 0 = lacks
    it, -1 = no database given) are members x samples; ``process_only`` and ``seldom`` have one entry per member,
    ``counts`` (quantified analyte groups) one per sample.
    """
    missing = ~detected
    # from the last rule to the first: each overwrites the ones after it
    rules = (
        (imputed, NOT_DETECTED, _IMPUTED),
        (~in_table & (in_database < 0), NOT_SEARCHED, _NOT_HELD),
        (np.broadcast_to(counts < FEWEST_PROTEINS, detected.shape), NOT_ASSESSABLE, _FEW),
        (np.broadcast_to(seldom[:, None], detected.shape), NOT_ASSESSABLE, _SELDOM),
        (np.broadcast_to(process_only[:, None], detected.shape), NOT_ASSESSABLE, _PROCESS),
        (in_database == 0, NOT_SEARCHED, _LACKING),
    )
    status = np.where(detected, DETECTED, NOT_DETECTED).astype("int8")
    note = np.zeros(detected.shape, dtype="int8")
    for holds, meaning, why in rules:
        here = missing & holds
        status[here] = meaning
        note[here] = why
    return status, note
