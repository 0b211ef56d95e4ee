"""Run every exported case in the library that it is for, and write the table of differences into docs/export.md.

    python -m tests.export.targets.check [--environment FOLDER]

The environment is made where there is none: about 2 GB.  The examples of docs/training.md run in it too.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import tomllib
import venv
from pathlib import Path

from prep_core.export import TARGETS
from tests.export.cases import CASES, Case
from tests.export.running import difference, run_there, write_cases
from tests.training_examples import examples

ROOT = Path(__file__).resolve().parents[3]
HERE = Path(__file__).parent
PAGE = ROOT / "docs" / "export.md"
BEGIN, END = "<!-- targets: begin -->\n", "<!-- targets: end -->"
MOST = 1e-5
"""The largest difference that passes; single precision and values near 1 make 1e-7 of every rounding."""


def prepared(environment: Path) -> str:
    """The Python of an environment with all libraries."""
    python = environment / ("Scripts" if os.name == "nt" else "bin") / "python"
    if not python.exists():
        venv.create(environment, with_pip=True)
        needs = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
        pip = [str(python), "-m", "pip", "install", "--quiet"]
        subprocess.run([*pip, "-r", str(HERE / "requirements.txt"), *needs], check=True)
        subprocess.run([*pip, "--no-deps", "-r", str(HERE / "requirements-alone.txt")], check=True)
    return str(python)


def cell(folder: Path, case: Case, target: str) -> str:
    if target not in case.targets:
        return "refused"
    found = difference(folder, case, target)
    if found > MOST:
        raise SystemExit(f"{case.name} for {target}: differs by {found:g}, more than {MOST:g}")
    return f"{found:.1e}" if found else "0"


def table(folder: Path) -> str:
    rows = [["recipe", *TARGETS], ["---", *["---:"] * len(TARGETS)]]
    rows += [[case.name, *(cell(folder, case, target) for target in TARGETS)] for case in CASES]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--environment", type=Path, help="a folder; default: a temporary one")
    given = parser.parse_args().environment
    with tempfile.TemporaryDirectory() as temporary:
        python = prepared((given or Path(temporary) / "environment").resolve())
        cases = Path(temporary) / "cases"
        cases.mkdir()
        write_cases(cases, list(TARGETS))
        run_there(python, cases)
        found = table(cases)
        for name, code in examples().items():
            subprocess.run([python, "-c", code], check=True, cwd=temporary, env={**os.environ, "PYTHONPATH": str(ROOT)})
            sys.stdout.write(f"docs/training.md, {name}: ran\n")
    before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    PAGE.write_text(f"{before}{BEGIN}{found}{END}{rest.partition(END)[2]}", "utf-8")
    sys.stdout.write(found)


if __name__ == "__main__":
    main()
