"""Batches whose processes are killed."""

import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import psutil

from prep_core.batch.aside import ASIDE
from tests.batch.batches import files
from tests.batch.test_kills import RECIPE, unpainted
from tests.engine.conftest import ROOT
from tests.reliability.aftermath import are_gone, below, is_sentence, with_temporary, wrong

SCANS, SIDE = 12, 192
LATE = 300.0
"""Seconds that a batch may take on a busy machine."""


def worker(folder: Path, turn: int) -> list[str]:
    """Kill one of two workers; the scan that it had is done once more."""
    process, at_work = at_work_on(folder, turn)
    workers = [child for child in at_work if "spawn_main" in " ".join(child.cmdline())]
    workers[turn % len(workers)].kill()
    told = process.communicate(timeout=LATE)[0]
    out = results(folder, turn)
    return wrong(
        {
            f"the batch ended with {process.returncode}: {told[-300:]}": process.returncode == 0,
            "there were two workers": len(workers) == 2,
            f"no sentence: {told[-300:]}": is_sentence(told),
            "the results are other ones": files(out) == files(undisturbed(folder)),
            **nothing_is_left(folder, turn, at_work),
        }
    )


def batch(folder: Path, turn: int) -> list[str]:
    """Kill the batch alone, so that those below it have to notice; then give its command once more."""
    process, at_work = at_work_on(folder, turn)
    process.kill()
    process.communicate()
    wanted, out = files(undisturbed(folder)), results(folder, turn)
    halves = [name for name, data in files(out).items() if unpainted(name, data) != unpainted(name, wanted[name])]
    orphans = not are_gone(at_work)
    again = started(folder, turn)
    told = again.communicate(timeout=LATE)[0]
    return wrong(
        {
            "the batch was over before it was killed": len(files(out)) > 0 and process.returncode == -9,
            f"half-written: {halves}": not halves,
            "processes live on": not orphans,
            f"the second command ended with {again.returncode}: {told[-300:]}": again.returncode == 0,
            "the results are other ones": files(out) == wanted,
            **nothing_is_left(folder, turn, []),
        }
    )


def nothing_is_left(folder: Path, turn: int, at_work: list[psutil.Process]) -> dict[str, bool]:
    temporary = folder / f"tmp{turn}"
    return {
        "a process lives on": are_gone(at_work),
        "the folder of unfinished files is left": not (results(folder, turn) / ASIDE).exists(),
        f"temporary files are left: {sorted(temporary.iterdir())}": not any(temporary.iterdir()),
    }


def at_work_on(folder: Path, turn: int) -> "tuple[subprocess.Popen[str], list[psutil.Process]]":
    """A batch that has written some of its results, each turn at another moment, and all that it has started."""
    undisturbed(folder)
    process = started(folder, turn)
    out, deadline = results(folder, turn), time.monotonic() + LATE
    while len(list(out.glob("*.npy"))) < 1 + turn % (SCANS // 2):
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"the batch did not begin: {process.communicate()[0]}")
        time.sleep(0.005)
    return process, below(process.pid)


def undisturbed(folder: Path) -> Path:
    """What a batch makes of some scans when nobody disturbs it; made once."""
    out = folder / "undisturbed"
    if not out.exists():
        (folder / "scans").mkdir()
        rng = np.random.default_rng(5)
        for i in range(SCANS):
            np.save(folder / "scans" / f"s{i:02d}.npy", rng.normal(i % 7, 1, (SIDE, SIDE)).astype(np.float32))
        (folder / "slow.yaml").write_text(RECIPE)
        process = subprocess.run(command(folder, out), cwd=ROOT, capture_output=True, text=True, check=False)
        if process.returncode != 0:
            raise RuntimeError(f"nobody disturbed the batch, and it ended with {process.stderr}")
    return out


def results(folder: Path, turn: int) -> Path:
    return folder / f"out{turn}"


def started(folder: Path, turn: int) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [*command(folder, results(folder, turn)), "--resume", "--workers", "2"],
        cwd=ROOT,
        env=with_temporary(folder / f"tmp{turn}"),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def command(folder: Path, out: Path) -> list[str]:
    paths = ["apply", str(folder / "slow.yaml"), str(folder / "scans"), "-o", str(out), "--format", "npy"]
    return [sys.executable, "-m", "prep_core", *paths]
