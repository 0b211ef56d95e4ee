"""A run that is killed at any moment leaves whole files only, and what is resumed ends as if nothing had happened."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from prep_core.batch.aside import ASIDE
from prep_core.batch.places import THUMBNAILS
from prep_core.batch.thumbnail import facts_in
from prep_core.cli import main
from tests.batch.batches import files
from tests.interrupts import heed_interrupts

SCANS, KILLS = 40, 5
RECIPE = """prep: 1
name: slow
steps:
- {step: threshold_mask, low: 0.2, high: 20}
- {step: median, size: 9}
- {step: zscore, inside: mask}
"""


def call(folder: Path, out: Path) -> list[str]:
    return ["apply", str(folder / "slow.yaml"), str(folder / "scans"), "-o", str(out), "--format", "npy"]


def unpainted(name: str, content: bytes) -> object:
    """What of a file is the same before the report gives all thumbnails one range of greys."""
    return facts_in(content) if name.startswith(THUMBNAILS) else content


def stopped_at(words: list[str], made: int, share: float, by: signal.Signals) -> int:
    """Run the command, stop it and its children, and give its exit code.

    It is stopped once it has told of so many scans that were not kept, or of all, after a share of the time that one
    takes.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "prep_core", *words, "--resume"],
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=heed_interrupts,
    )
    assert process.stderr is not None
    with process.stderr as told:
        before = now = time.monotonic()
        left = SCANS + 1
        while made and left and (line := told.readline()):
            made, left = made - (not line.startswith(b"kept: ")), left - 1
            before, now = now, time.monotonic()
        time.sleep(share * (now - before))
        os.killpg(process.pid, by)
        told.read()
    return process.wait()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty scans and a broken one, and what an undisturbed run makes of them."""
    folder = tmp_path_factory.mktemp("kills")
    (folder / "slow.yaml").write_text(RECIPE)
    (folder / "scans").mkdir()
    rng = np.random.default_rng(5)
    for i in range(SCANS):
        np.save(folder / "scans" / f"s{i:02d}.npy", rng.normal(i % 7, 1, (96, 128)).astype(np.float32))
    (folder / "scans" / "broken.npy").write_bytes(b"\x93NUMPY nothing")
    assert main(call(folder, folder / "undisturbed")) == 8
    assert len(files(folder / "undisturbed")) == 4 * SCANS + 3
    return folder


def refuse_halves(out: Path, wanted: Mapping[str, bytes]) -> None:
    for name, content in files(out).items():
        assert unpainted(name, content) == unpainted(name, wanted[name]), f"{name} is not whole"


def test_killed_at_five_moments_and_resumed(folder: Path, tmp_path: Path) -> None:
    wanted = files(folder / "undisturbed")
    moments = random.Random(11)
    kills = 0
    for made in [0, *(moments.randint(2, 5) for _ in range(KILLS - 2)), SCANS]:
        code = stopped_at(call(folder, tmp_path), made, moments.random(), signal.SIGKILL)
        kills += code == -signal.SIGKILL
        refuse_halves(tmp_path, wanted)
    assert kills > KILLS / 2
    assert main([*call(folder, tmp_path), "--resume"]) == 8
    assert files(tmp_path) == wanted
    assert not (tmp_path / ASIDE).exists()


def test_interrupted_by_the_keyboard(folder: Path, tmp_path: Path) -> None:
    """A terminal sends its signal to the whole group."""
    assert stopped_at(call(folder, tmp_path), 3, 0, signal.SIGINT) == 9
    refuse_halves(tmp_path, files(folder / "undisturbed"))
    assert not (tmp_path / ASIDE).exists()
    assert not (tmp_path / "report.json").exists()
