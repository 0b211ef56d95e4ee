"""Processes that help another one, and are killed; and the other one."""

import gc
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import psutil

from prep_core.io import GuardedReader
from prep_core.kernels.loading import loaded
from prep_core.kernels.loops.histogram import float_bins
from tests.engine.conftest import ROOT
from tests.io.guarded.processes import WORKER, children, wait_until
from tests.io.guarded.test_guarded_failures import SMALL, busy
from tests.io.test_segment import kept
from tests.reliability.aftermath import are_gone, with_temporary, wrong

COMPILER = b"prep_core.kernels"
LOADS = "from prep_core.kernels.loading import loaded; print(len(loaded(aside=True)), 'loops')"
KEPT_IN = "from prep_core.kernels.loops.histogram import float_bins; print(float_bins.stats.cache_path)"
LATE = 600.0
"""Seconds for compiling on a busy machine."""


def decoder(folder: Path, turn: int) -> list[str]:
    """Kill the process that reads, in the middle of a file; then give the next file to the same reader."""
    others, segments = set(children(WORKER, os.getpid())), kept()

    def own() -> list[int]:
        return sorted(set(children(WORKER, os.getpid())) - others)

    with GuardedReader() as reader:
        attempt, pid = busy(reader, own)
        os.kill(pid, signal.SIGKILL)
        told = str(attempt.end())
        # An error holds what was asked, by its traceback, as long as somebody holds the error.
        del attempt
        gc.collect()
        (scan,) = reader.load(SMALL)
        once = len(own()) == 1
    return wrong(
        {
            f"it said {told!r}": told.startswith("big.dcm made its decoder crash (SIGKILL); it is corrupt or hostile"),
            "the next file is not what it is": scan.data.shape == (2, 3),
            "there is not one process for another": once,
            "a process lives on": own() == [],
            "memory of a file is held": kept() == segments,
        }
    )


def compiler(folder: Path, turn: int) -> list[str]:
    """Kill the process that compiles; who waits for it compiles what is missing."""
    program, process = _compiling(folder, turn)
    process.kill()
    told = program.communicate(timeout=LATE)[0]
    return wrong(
        {
            f"the program ended with {program.returncode}: {told}": program.returncode == 0,
            f"it said {told!r}": told.strip() == f"{loops_declared()} loops",
            **_nothing_is_left(folder, turn, process),
        }
    )


def compiling(folder: Path, turn: int) -> list[str]:
    """Kill the program that waits; the process that compiles for it has to notice."""
    program, process = _compiling(folder, turn)
    program.kill()
    program.communicate()
    return wrong(_nothing_is_left(folder, turn, process))


def _compiling(folder: Path, turn: int) -> tuple["subprocess.Popen[str]", psutil.Process]:
    """A program that waits for its loops, and the process that compiles them for it."""
    program = loading(folder, turn)
    wait_until(lambda: bool(children(COMPILER, program.pid)), LATE)
    (pid,) = children(COMPILER, program.pid)
    return program, psutil.Process(pid)


def loading(folder: Path, turn: int) -> "subprocess.Popen[str]":
    """A program that loads the loops, of which those of one module are not compiled yet."""
    machine_code = folder / f"code{turn}"
    without_some_loops(folder, machine_code)
    own = {**with_temporary(folder / f"tmp{turn}"), "NUMBA_CACHE_DIR": str(machine_code)}
    command = [sys.executable, "-c", LOADS]
    return subprocess.Popen(command, cwd=ROOT, env=own, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def without_some_loops(folder: Path, machine_code: Path) -> None:
    """Put machine code into a new folder for all loops but those of one module."""
    shutil.copytree(_all_compiled(folder), machine_code)
    for file in machine_code.rglob("histogram*.nb*"):
        file.unlink()


def _all_compiled(folder: Path) -> Path:
    """Machine code of all loops, from where this program keeps it; put there once."""
    machine_code = folder / "code"
    if not machine_code.exists():
        loaded(aside=False)
        own = {**os.environ, "NUMBA_CACHE_DIR": str(machine_code)}
        asked = subprocess.run(
            [sys.executable, "-c", KEPT_IN], cwd=ROOT, env=own, check=True, capture_output=True, text=True
        )
        shutil.copytree(float_bins.stats.cache_path, asked.stdout.strip(), dirs_exist_ok=True)
    return machine_code


def loops_declared() -> int:
    """How many loops the sources declare."""
    sources = (ROOT / "prep_core" / "kernels" / "loops").glob("*.py")
    return sum(line.startswith("@loop(") for source in sources for line in source.read_text().splitlines())


def _nothing_is_left(folder: Path, turn: int, process: psutil.Process) -> dict[str, bool]:
    temporary, halves = folder / f"tmp{turn}", list((folder / f"code{turn}").rglob("*.tmp.*"))
    return {
        "the process that compiles lives on": are_gone([process]),
        f"half-written machine code is left: {halves}": not halves,
        f"temporary files are left: {sorted(temporary.iterdir())}": not any(temporary.iterdir()),
    }
