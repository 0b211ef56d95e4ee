"""A folder with recipes and scans for the command line to work on, and a place that it may write to."""

import hashlib
import shutil
from pathlib import Path

import numpy as np

from prep_core.bundle import to_file_bytes
from prep_core.line import Line
from prep_core.recipe import Recipe
from prep_core.run import fit
from tests.fuzz.recipe_texts import GOLDENS
from tests.strategies import unit_scan

GREY = "prep: 1\nname: grey\nsteps:\n- {step: percentile_clip, low: 1, high: 99}\n- {step: zscore}\n"
NAMES = ("a\nb", "\x1b[31m", "\udcff", "<b>&", "=1+1", "con", "%s{}", "-o")
"""What files can be called where any byte may be in a name."""

WAITING = "prep: 1\nsteps:\n- {step: zscore, over: dataset}\n"


def filled(folder: Path) -> Path:
    """`folder` with what the arguments name below "in", and an empty "out"."""
    given = folder / "in"
    (given / "folder").mkdir(parents=True)
    (given / "names").mkdir()
    (given / "good.yaml").write_text(GREY)
    (given / "fit.yaml").write_text(WAITING)
    (given / "broken.yaml").write_text("prep: 1\nsteps: [{step: clip, low: 5, high: 1}]\n")
    (given / "latin.yaml").write_bytes(b"prep: 1\nname: \xe9\nsteps: []\n")
    shutil.copy(GOLDENS / "oct_fitted.yaml", given / "locked.yaml")
    mean = fit(
        Recipe((Line("standardize_map", over="dataset", per="pixel"),)), [unit_scan("YX"), unit_scan("YX", seed=1)]
    )
    (given / "bundle.zip").write_bytes(to_file_bytes(mean))
    volume = np.random.default_rng(0).normal(100, 20, (3, 20, 24)).astype(np.float32)
    np.save(given / "scan.npy", volume)
    np.save(given / "flat.npy", volume[0])
    np.save(given / "folder" / "a.npy", volume[1])
    np.save(given / "folder" / "b.npy", volume[2])
    for name in NAMES:
        np.save(given / "names" / f"{name}.npy", volume[0])
    (given / "cut.nii.gz").write_bytes(b"\x1f\x8b\x08\0\0")
    (given / "bare.raw").write_bytes(volume[:1, :10, :12].astype(np.int16).tobytes())
    (given / "list.csv").write_text("path,split\nfolder/a.npy,train\nfolder/b.npy,validation\n")
    (given / "odd.csv").write_text('path,split\n"=1+1",train\n../../x,train\n')
    (folder / "out").mkdir()
    return folder


def emptied(folder: Path) -> None:
    """Let "out" be as it was."""
    shutil.rmtree(folder / "out")
    (folder / "out").mkdir()


def outside(folder: Path) -> str:
    """A digest of all that is there except below "out"."""
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if folder / "out" not in path.parents:
            found.update(bytes(path.relative_to(folder)) + b"\0")
            found.update(path.read_bytes() if path.is_file() else b"")
    return found.hexdigest()
