"""Fuzz parts of the program for as long as they are to be tried: `python -m tests.fuzz DICOM recipes`.

Without names, all parts.  What is done is kept in docs/reliability/fuzzing.jsonl; a run that was stopped goes on.
Cases that fail are printed, with what repeats them: `python -m tests.fuzz --repeat DICOM dicom-rle/1234`.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.fuzz.kept import go_on
from tests.fuzz.parts import PARTS, said

KEPT = Path(__file__).resolve().parents[2] / "docs" / "reliability" / "fuzzing.jsonl"


def main(arguments: Sequence[str]) -> int:
    """Run from the command line; 1 when anything failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; default: all")
    parser.add_argument("--repeat", nargs=2, metavar=("PART", "CASE"), help="only this case")
    parser.add_argument("--kept", type=Path, default=KEPT, metavar="FILE", help="default: %(default)s")
    options = parser.parse_args(arguments)
    if unknown := [name for name in options.parts if name not in PARTS]:
        parser.error(f"there is no part {unknown[0]!r}; the parts are {', '.join(PARTS)}")
    if options.repeat:
        part, case = options.repeat
        seen = PARTS[part].repeat(case)
        sys.stdout.write(said(part, seen))
        return int(seen.failed)
    failed = 0
    for name in options.parts or PARTS:
        for seen in go_on(options.kept, name, PARTS[name]):
            sys.stdout.write(said(name, seen))
            failed += 1
        sys.stdout.write(f"{name}: done\n")
        sys.stdout.flush()
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
