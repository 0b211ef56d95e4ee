"""Ctrl-C in a terminal, and the death of the main process: no worker outlives either."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import psutil

from tests.engine.conftest import ROOT
from tests.interrupts import heed_interrupts

SLOW = "prep: 1\nsteps:\n- {step: nlm, distance: 21}\n"
PROGRAM = """
from pathlib import Path
from prep_core.engine import Processes
from tests.engine.tasks import Sleep

with Processes(2) as engine:
    list(engine.each(Sleep(Path("at_work")), range(9)))
"""


def started(folder: Path, *arguments: str) -> "subprocess.Popen[str]":
    """Python in a process group of its own, as a terminal starts it."""
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        start_new_session=True,
        preexec_fn=heed_interrupts,
        stderr=subprocess.PIPE,
        text=True,
    )


def await_work(process: "subprocess.Popen[str]", is_at_work: Callable[[], bool]) -> list[psutil.Process]:
    """All processes that `process` started, once work has begun."""
    deadline = time.monotonic() + 300
    while not is_at_work():
        assert process.poll() is None, process.communicate()[1]
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return psutil.Process(process.pid).children(recursive=True)


def left_of(processes: list[psutil.Process]) -> list[psutil.Process]:
    return psutil.wait_procs(processes, timeout=20)[1]


def test_ctrl_c_ends_a_batch_and_its_workers_cleanly(tmp_path: Path) -> None:
    for n in range(8):
        np.save(tmp_path / f"scan{n}.npy", np.full((3, 160, 160), n, np.float32))
    (tmp_path / "slow.yaml").write_text(SLOW)
    scans = [f"scan{n}.npy" for n in range(8)]
    options = ["-o", "out", "--format", "npy", "--axes", "ZYX", "--workers", "2"]
    process = started(tmp_path, "-m", "prep_core", "apply", "slow.yaml", *scans, *options)
    out = tmp_path / "out"
    at_work = await_work(process, (out / "scan0.npy").exists)
    # Two workers, and what reads files for each of them.
    assert len(at_work) >= 4
    os.killpg(process.pid, signal.SIGINT)
    said = process.communicate(timeout=60)[1]
    assert process.returncode == 9, said
    assert "interrupted" in said
    assert "Traceback" not in said
    assert left_of(at_work) == []
    results = list(out.glob("*.npy"))
    assert [np.load(file).shape for file in results] == [(3, 160, 160)] * len(results)
    assert len(results) < 8


def test_workers_end_in_the_middle_of_a_task_when_the_main_process_is_killed(tmp_path: Path) -> None:
    folder = tmp_path / "at_work"
    folder.mkdir()
    process = started(tmp_path, "-c", PROGRAM)
    at_work = await_work(process, lambda: len(list(folder.iterdir())) == 2)
    assert {str(worker.pid) for worker in at_work} >= {file.name for file in folder.iterdir()}
    process.kill()
    process.communicate(timeout=60)
    assert left_of(at_work) == []
