"""Memory that runs out."""

import gzip
import resource
import subprocess
import sys
from pathlib import Path

import numpy as np

from prep_core.io import GuardedReader, Limits, ReadError, encode
from prep_core.scan import Scan
from tests.engine.conftest import ROOT
from tests.io.guarded.processes import workers
from tests.io.test_segment import kept
from tests.reliability.aftermath import is_sentence, with_temporary, wrong

RECIPE = "prep: 1\nname: memory\nsteps:\n- {step: zscore}\n"
FEW, ENOUGH = 100_000_000, 3 << 29
"""Bytes that a reader may take for a file, and all that a batch and each process below it may."""


def reader(folder: Path, turn: int) -> list[str]:
    """Read a scan that takes more memory than it may, and then one that does not."""
    before, segments = workers(), kept()
    zeros = np.zeros((100, 1000, 1000), np.int16)
    packed = gzip.compress(gzip.decompress(encode(Scan(zeros, "ZYX"), "nii.gz")), 1)
    told = ""
    with GuardedReader(limits=Limits(memory_bytes=FEW, ratio=2000)) as guarded:
        try:
            guarded.load(packed, name="large.nii.gz")
        except ReadError as refusal:
            told = str(refusal)
        (scan,) = guarded.load(encode(Scan(zeros[0, :4, :5], "YX"), "npy"))
    return wrong(
        {
            f"it said {told!r}": "takes more memory than the limit memory_bytes = 100,000,000" in told,
            "the next file is not what it is": scan.data.shape == (4, 5),
            "a process lives on": workers() == before,
            "memory of a file is held": kept() == segments,
        }
    )


def worker(folder: Path, turn: int) -> list[str]:
    """A batch of three scans, of which one is too large for the memory that the system gives a process."""
    scans, out = folder / "scans", folder / f"out{turn}"
    if not scans.exists():
        scans.mkdir()
        (folder / "memory.yaml").write_text(RECIPE)
        for name, planes in (("a", 3), ("b", 400), ("c", 3)):
            np.save(scans / f"{name}.npy", np.zeros((planes, 512, 512), np.float32) + np.arange(512, dtype=np.float32))
    call = ["apply", str(folder / "memory.yaml"), str(scans), "-o", str(out), "--format", "npy", "--axes", "ZYX"]
    process = subprocess.run(
        [sys.executable, "-m", "prep_core", *call, "--workers", "2"],
        cwd=ROOT,
        env=with_temporary(folder / f"tmp{turn}"),
        preexec_fn=_with_little_memory,
        capture_output=True,
        text=True,
        check=False,
    )
    made = sorted(file.name for file in out.glob("*.npy"))
    return wrong(
        {
            f"it ended with {process.returncode}: {process.stderr[-300:]}": process.returncode == 8,
            f"it said {process.stderr!r}": is_sentence(process.stderr) and "memory" in process.stderr,
            f"it made {made}": made == ["a.npy", "c.npy"],
            "temporary files are left": not any((folder / f"tmp{turn}").iterdir()),
        }
    )


def _with_little_memory() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (ENOUGH, ENOUGH))
