"""The fault table:  python -m tests.reliability [--kills 20] [--seed 1]

Ends with 1 where a fault left something half-written, or where the run after it gave other bytes.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.reliability import faults
from tests.reliability.faults import Found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="where the studies go; default: a temporary folder")
    parser.add_argument("--kills-only", action="store_true", help="leave out the other faults")
    args = parser.parse_args()
    found: list[Found] = []

    def tell(one: Found) -> None:
        found.append(one)
        words = "ok" if one.good else f"NOT OK; half-written: {one.half_written}; second run: {one.second_run}"
        print(f"{one.fault:<26}{words:<6}{one.message}", flush=True)

    with tempfile.TemporaryDirectory(prefix="sevident-faults-", dir=args.folder) as name:
        folder = Path(name)
        base = faults.prepare(folder)
        print(f"an undisturbed run: {base.seconds:.1f} s, {len(base.results)} results\n")
        print(f"{'fault':<26}{'':<6}what was said")
        for number in range(args.kills):
            tell(faults.killed(base, folder, args.seed + number))
        if not args.kills_only and faults.can_mount(folder):
            for stage in ("ingest_input", "ingest", "quantify", "score", "report", "export"):
                tell(faults.disk_full(base, folder, stage))
            tell(faults.full_from_the_start(base, folder))
            tell(faults.read_only(base, folder))
        elif not args.kills_only:
            print("disk full, read-only: left out, a tmpfs cannot be mounted here")
        for fault in () if args.kills_only else (faults.input_removed, faults.interrupted, faults.two_at_once):
            tell(fault(base, folder))
    good = sum(one.good for one in found)
    print(f"\n{good} of {len(found)} faults: nothing half-written, and the next run gives the same bytes")
    return 0 if good == len(found) else 1


if __name__ == "__main__":
    sys.exit(main())
