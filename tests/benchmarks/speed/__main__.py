"""How fast the project is, against others and against its own limits: python -m tests.benchmarks.speed [--write].

Runs each part in a process of its own and prints what it finds.  --write keeps the figures in docs/speed and writes
docs/speed.md.  Let nothing else run meanwhile.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.benchmarks.peers import make
from tests.benchmarks.speed import chart, kept, page
from tests.benchmarks.speed.plan import PARTS


def ran(name: str, python: Path, quick: bool) -> dict[str, Any] | None:
    """The figures of one part; None where it ended with an error."""
    environment = {**os.environ, "PREP_KERNELS": PARTS[name].kernels}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "figures.json"
        call = [python, "-m", "tests.benchmarks.speed.part", name, file, *(["--quick"] if quick else [])]
        if code := subprocess.run(call, cwd=kept.ROOT, env=environment, stdout=sys.stderr).returncode:
            sys.stderr.write(f"  ended with exit code {code}\n")
            return None
        figures: dict[str, Any] = json.loads(file.read_text("utf-8"))
        return figures


def redraw() -> None:
    """Write page and chart from the figures that are kept."""
    known = kept.read()
    page.FILE.write_text(page.text(known), "utf-8")
    chart.FILE.write_bytes(chart.svg([row for part in known.values() for row in part.rows]))


def measure(names: list[str], peers: Path, quick: bool, write: bool) -> None:
    """Run the parts one after the other.

    Raises
    ------
    SystemExit
        At the end, where parts failed; figures of the others are written, and theirs from before stay.
    """
    if any(PARTS[name].with_peers for name in names) and not make.is_there(peers):
        sys.stderr.write(f"installing the peers in {peers}\n")
        make.make(peers)
    failed = []
    for name in names:
        sys.stderr.write(f"{name}\n")
        python = make.python_of(peers) if PARTS[name].with_peers else Path(sys.executable)
        figures = ran(name, python, quick)
        if figures is None:
            failed.append(name)
        elif write:
            kept.write(name, figures)
            redraw()
    if failed:
        raise SystemExit(f"parts that ended with an error, see above: {', '.join(failed)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", choices=PARTS, help="one part, or several by several --only")
    parser.add_argument("--write", action="store_true", help="keep the figures, and write docs/speed.md")
    parser.add_argument("--quick", action="store_true", help="smallest sizes alone, to see whether every row works")
    parser.add_argument(
        "--redraw", action="store_true", help="write docs/speed.md from the figures kept, measure nothing"
    )
    parser.add_argument("--peers", type=Path, default=make.FOLDER, help=f"their environment, by default {make.FOLDER}")
    asked = parser.parse_args()
    if asked.quick and asked.write:
        parser.error("--quick goes without --write: docs/speed.md holds all sizes")
    if asked.redraw:
        redraw()
    else:
        measure(asked.only or list(PARTS), asked.peers, asked.quick, asked.write)


if __name__ == "__main__":
    main()
