"""Read every file of the corpus, each in a process of its own, and print what its judge says, a line of JSON a case.

    python -m tests.corpus.one_by_one FOLDER

FOLDER holds the unpacked corpus with its manifest.json, and judge.py beside it.
"""

import importlib.util
import json
import os
import resource
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from prep_core.io import AxesNeeded, ReadError, load
from prep_core.scan import Scan

CANARIES = ("PHICANARY",)
FINE = "fine"
OFF_GRID = 0.05
"""How far, in voxels, a point may lie from the centre of the voxel that the corpus means by it."""


def judge_in(folder: Path) -> ModuleType:
    """The judge that comes with the corpus."""
    spec = importlib.util.spec_from_file_location("corpus_judge", folder / "judge.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def opened(path: Path) -> list[Scan]:
    """The scans at `path`; a stack that does not say what its third axis is, is one of slices."""
    try:
        return load(path)
    except AxesNeeded as question:
        if len(question.shape) == 3:
            return load(path, axes="ZYX")
        raise


def told(scan: Scan) -> list[str]:
    """All that a user hears about a scan besides its pixels."""
    findings = [f"{f.name} {f.evidence} {f.advice}" for f in scan.findings]
    return [*scan.source.warnings, *findings]


def outcome(judge: ModuleType, path: Path) -> tuple[Any, str]:
    """What reading `path` comes to, in the words of the judge, and all text that comes with it."""
    before, start = _memory(), time.monotonic()
    try:
        scans = opened(path)
    except ReadError as error:
        return judge.Outcome(error=str(error), seconds=time.monotonic() - start, extra_mb=_memory() - before), str(
            error
        )
    seconds, memory = time.monotonic() - start, _memory() - before
    first = scans[0]
    z = first.spacing[0] if "Z" in first.axes else float(np.linalg.norm(first.affine[:3, 0]))
    found = judge.Outcome(
        warnings=[words for scan in scans for words in told(scan)],
        size=[first.size("X"), first.size("Y"), first.size("Z") if "Z" in first.axes else first.size("T")],
        spacing=[first.spacing[-1], first.spacing[-2], z],
        value_ijk=lambda i, j, k, channel: _at(first, i, j, k, channel),
        value_lps=lambda x, y, z, channel: _at_point(scans, (x, y, z), channel),
        seconds=seconds,
        extra_mb=memory,
    )
    return found, repr([(scan.source, scan.findings, scan.channels, scan.unit) for scan in scans])


def _memory() -> float:
    """The most that this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _at(scan: Scan, i: int, j: int, k: int, channel: int | None) -> Any:
    at = {"X": i, "Y": j, "Z": k, "T": 0 if "Z" in scan.axes else k, "C": channel or 0}
    if any(not 0 <= at[axis] < scan.size(axis) for axis in scan.axes):
        raise IndexError(f"{at} is outside of {scan.axes} {scan.data.shape}")
    value = scan.data[tuple(at[axis] for axis in scan.axes)]
    # The corpus names the magnitude of complex numbers; ours are kept as they are, and that is told.
    return abs(value) if np.iscomplexobj(value) else value


def _at_point(scans: list[Scan], point: tuple[float, float, float], channel: int | None) -> Any:
    for scan in scans:
        z, y, x = (np.linalg.inv(scan.affine) @ (*point, 1.0))[:3]
        near = np.round((z, y, x))
        inside = all(0 <= n < scan.size(axis) for n, axis in zip(near, "ZYX", strict=True))
        if inside and np.abs(near - (z, y, x)).max() < OFF_GRID:
            return _at(scan, int(near[2]), int(near[1]), int(near[0]), channel)
    raise IndexError(f"no voxel lies at {point} mm")


def verdict(judge: ModuleType, folder: Path, case: dict[str, Any]) -> str:
    """An empty text for a case that behaves as the corpus says, or what is wrong."""
    found, text = outcome(judge, folder / case["file"])
    leaks = [canary for canary in (*CANARIES, str(folder)) if canary in text]
    ok, why = judge.judge(case, found)
    return f"{', '.join(leaks)} in {text[:300]}" if leaks else "" if ok else why


def in_child(work: Callable[[], str]) -> str:
    """What `work` returns in a process of its own, or how that process ended."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.write(writing, (work() or FINE).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as stream:
        answer = stream.read().decode()
    _, status = os.waitpid(child, 0)
    return answer.removeprefix(FINE) if answer else f"the process died with status {status}"


def main(folder: Path) -> None:
    judge = judge_in(folder)
    for case in judge.cases(folder):
        if case["kind"] != "recipe":
            why = in_child(partial(verdict, judge, folder, case))
            sys.stdout.write(json.dumps([case["id"], why]) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
