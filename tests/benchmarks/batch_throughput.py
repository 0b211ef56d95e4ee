"""Scans a second, and memory, of `apply` with 1 and 2 workers in one run: python -m tests.benchmarks.batch_throughput.

Each half of the scans goes through both, the second half in the other order, so that a busy machine slows both alike.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import psutil

RECIPE = """prep: 1
steps:
- {step: percentile_clip, low: 0.5, high: 99.5}
- {step: gaussian, sigma: 1}
- {step: zscore, inside: foreground}
"""
ROUNDS = ((0, 1), (0, 2), (1, 2), (1, 1))
"""Which half of the scans, and how many workers."""

EVERY = 0.1
"""Seconds between two looks at memory."""


def make(folder: Path, scans: int, seed: int) -> None:
    """Small volumes of 16-bit integers, each another one."""
    folder.mkdir()
    rng = np.random.default_rng(seed)
    z, y, x = np.mgrid[:16, :64, :64]
    ball = 400 * np.exp(-((z - 8) ** 2 / 40 + (y - 32) ** 2 / 300 + (x - 32) ** 2 / 300))
    for n in range(scans):
        np.save(
            folder / f"scan{n:04}.npy", (ball * rng.uniform(0.5, 2) + rng.normal(0, 20, ball.shape)).astype(np.int16)
        )


def run(call: list[str]) -> tuple[float, Counter[str]]:
    """The seconds that a command takes, and the largest resident memory of each kind of its processes."""
    start = time.perf_counter()
    process = psutil.Popen(call, stderr=subprocess.DEVNULL)
    peaks: Counter[str] = Counter()
    while process.poll() is None:
        for one in [process, *process.children(recursive=True)]:
            try:
                kind = _kind(one, process)
                peaks[kind] = max(peaks[kind], one.memory_info().rss)
            except psutil.Error:
                continue
        time.sleep(EVERY)
    if process.returncode:
        raise SystemExit(f"{' '.join(call[:6])} ... ended with {process.returncode}")
    return time.perf_counter() - start, peaks


def _kind(one: psutil.Process, main: psutil.Process) -> str:
    words = " ".join(one.cmdline())
    if one == main:
        return "main"
    return "decoder" if "guarded" in words else "worker" if "spawn_main" in words else "tracker"


def measured(scans: int) -> tuple[dict[int, float], dict[int, Counter[str]]]:
    """By number of workers: the seconds for all `scans`, and the largest resident memory of each kind of process."""
    seconds: dict[int, float] = defaultdict(float)
    peaks: dict[int, Counter[str]] = defaultdict(Counter)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "recipe.yaml").write_text(RECIPE)
        for half in (0, 1):
            make(folder / f"scans{half}", scans // 2, half)
        for half, workers in ROUNDS:
            out = ["-o", str(folder / f"out{half}{workers}"), "--axes", "ZYX", "--spacing", "3,1,1"]
            recipe_and_scans = [str(folder / "recipe.yaml"), str(folder / f"scans{half}")]
            call = [sys.executable, "-m", "prep_core", "apply", *recipe_and_scans, *out, "--workers", str(workers)]
            took, peak = run(call)
            seconds[workers] += took
            peaks[workers] |= peak
    return seconds, peaks


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--scans", type=int, default=1000)
    scans = parser.parse_args().scans
    seconds, peaks = measured(scans)
    for workers, took in seconds.items():
        memory = ", ".join(f"{kind} {peak / 2**20:.0f} MiB" for kind, peak in sorted(peaks[workers].items()))
        sys.stdout.write(f"{workers} workers: {scans / took:6.1f} scans/s; peak resident memory: {memory}\n")
    sys.stdout.write(f"2 workers are {seconds[1] / seconds[2]:.2f} times as fast as 1\n")


if __name__ == "__main__":
    main()
