"""Cases as files, the run of a Python that may know nothing of this project, and how far its results are from ours."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from prep_core.export import export
from tests.export.cases import CASES, Case

THERE = Path(__file__).parent / "targets" / "run_there.py"


def write_cases(folder: Path, targets: Sequence[str]) -> None:
    """Write each case, exported to those of `targets` that can do it."""
    for number, case in enumerate(CASES):
        for target in set(targets) & set(case.targets):
            text = export(case.recipe, target).text
            record = {"target": target, "text": text, "axes": case.axes, "spacing": case.spacing}
            place = folder / f"{number:02d}_{target}"
            place.with_suffix(".json").write_text(json.dumps(record), "utf-8")
            np.save(place.with_suffix(".npy"), case.array())


def run_there(python: str, folder: Path, *options: str) -> None:
    """Run the cases in `folder` by another Python."""
    subprocess.run([python, *options, str(THERE), str(folder)], check=True, cwd=folder)


def difference(folder: Path, case: Case, target: str) -> float:
    """The largest absolute difference of a result from that of the recipe."""
    result = np.load(folder / f"{CASES.index(case):02d}_{target}.result.npy")
    expected = case.expected()
    assert result.size == expected.size, (case.name, target, result.shape, expected.shape)
    assert result.dtype == np.float32, (case.name, target, result.dtype)
    assert np.array_equal(np.isnan(result.ravel()), np.isnan(expected.ravel())), (case.name, target)
    return float(np.nanmax(np.abs(result.ravel().astype(np.float64) - expected.ravel())))


THIS = sys.executable
