"""Make an environment with the libraries that the project is compared with: python -m tests.benchmarks.peers.make.

It takes about 6 GB of disk on Linux, nearly all of it for Torch.
"""

import argparse
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
FOLDER = Path.home() / ".cache" / "prep-peers"
LOADS = "import ants, csbdeep.utils, fastdigest, intensity_normalization, monai.transforms, torchio, numba, prep_core"


def python_of(folder: Path) -> Path:
    """The interpreter of an environment, whether it is there or not."""
    return folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def is_there(folder: Path) -> bool:
    """Whether every peer can be loaded there, and the project too."""
    python = python_of(folder)
    return python.exists() and subprocess.run([python, "-c", LOADS], cwd=ROOT, capture_output=True).returncode == 0


def make(folder: Path) -> None:
    """Make the environment, or bring the one that is there to the versions of today.

    Raises
    ------
    SystemExit
        Where something cannot be installed; pip has said what.
    """
    if not python_of(folder).exists():
        venv.create(folder, with_pip=True, symlinks=sys.platform != "win32")
    _install(folder, ROOT / "requirements.txt")
    _install(folder, HERE / "requirements.txt", "--no-deps")
    if not is_there(folder):
        raise SystemExit(f"{folder}: not everything can be loaded; run {python_of(folder)} -c '{LOADS}' to see why")


def _install(folder: Path, requirements: Path, *options: str) -> None:
    call = [python_of(folder), "-m", "pip", "install", "--disable-pip-version-check", "--quiet", *options]
    if subprocess.run([*call, "-r", requirements], stdout=sys.stderr).returncode:
        raise SystemExit(f"{folder}: pip could not install {requirements}; see above")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER, help=f"by default {FOLDER}")
    make(parser.parse_args().folder)


if __name__ == "__main__":
    main()
