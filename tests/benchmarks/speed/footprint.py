"""Memory of one task, in a process of its own: python -m tests.benchmarks.speed.footprint TASK FILE prints bytes."""

import resource
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from prep_core import Recipe, Scan, apply, inspect, load
from prep_ui.work import compute
from tests.benchmarks.speed.arrays import mr, scan_of

FIVE_STEPS = """
- {step: decibel, reference: percentile, percentile: 99.9}
- {step: clip, low: -60, high: 0}
- {step: gaussian, sigma: 1, lengths_in: px, extent: plane}
- {step: percentile_rescale, low: 1, high: 99.8}
- step: zscore
"""
POINTWISE = """
- {step: percentile_rescale, low: 1, high: 99.8}
- {step: gamma, gamma: 0.7}
- {step: rescale_range, in_low: 0, in_high: 1, out_low: -1, out_high: 1}
- step: zscore
"""
SMALL, LARGE = 64, 256
"""Sides of the cubes for the chain of pointwise steps: one to load what is needed, one to measure."""

STATUS, RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def inspected(file: Path) -> int:
    """Load a scan as the page Inspect does, and summarise it, with the packages of the dashboard loaded."""
    scan = _loaded(file)
    compute.grey_range(scan.take({"Z": scan.size("Z") // 2}))
    inspect(scan)
    return peak()


def applied(file: Path) -> int:
    """Load a scan and apply five lines."""
    apply(recipe(FIVE_STEPS), _loaded(file))
    return peak()


def pointwise(_: Path) -> int:
    """What a chain of pointwise lines takes on top of the volume that goes in and the one that comes out."""
    chain = recipe(POINTWISE)
    apply(chain, scan_of(mr(SMALL)))
    scan = scan_of(mr(LARGE))
    reset_peak()
    before = peak()
    result = apply(chain, scan)
    return peak() - before - result.data.nbytes


def recipe(lines: str) -> Recipe:
    return Recipe.from_yaml(f"prep: 1\nname: speed\nsteps:{lines}")


def peak() -> int:
    """The most memory that this process had resident since it started, or since `reset_peak`."""
    if STATUS.exists():
        # Not by getrusage, which begins with what the process that started this one had.
        line = next(line for line in STATUS.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def reset_peak() -> None:
    """Let `peak` begin with what is resident now, where the system can."""
    if RESET.exists():
        RESET.write_text("5")


def _loaded(file: Path) -> Scan:
    (scan,) = load(file, axes="ZYX", spacing=(1.0, 1.0, 1.0))
    return scan


TASKS: Mapping[str, Callable[[Path], int]] = {"inspect": inspected, "apply": applied, "pointwise": pointwise}

if __name__ == "__main__":
    sys.stdout.write(f"{TASKS[sys.argv[1]](Path(sys.argv[2]))}\n")
