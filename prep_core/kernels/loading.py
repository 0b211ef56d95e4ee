"""Loading the loops: machine code from the disk, which a process of its own makes where there is none."""

import gc
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from prep_core.kernels import loops

Loop = Callable[..., Any]

ROOT = Path(__file__).resolve().parents[2]
"""Where `prep_core` is imported from."""

_ONE_AT_A_TIME = threading.Lock()
"""Numba refuses a type for a loop that another thread has just compiled for that type."""

_LOOK = 0.2
"""Seconds from one look at the other process to the next."""


def loaded(aside: bool) -> dict[str, Loop]:
    """Every loop by name, compiled; none where the program ends meanwhile.

    Parameters
    ----------
    aside : bool
        Compile in a process of its own: Numba holds up all other threads of the one it compiles in.
    """
    with _ONE_AT_A_TIME:
        return _loaded(aside)


def _loaded(aside: bool) -> dict[str, Loop]:
    with _collector_paused():
        declared = import_module(f"{loops.__name__}.declared")
        found = _declared()
    if aside and not all(map(declared.is_kept, found.values())):
        _compile_aside()
    with _collector_paused():
        for loop in found.values():
            if not _program_runs():
                return {}
            declared.compile_declared(loop)
    return found


def _declared() -> dict[str, Loop]:
    modules = [module.name for module in iter_modules(loops.__path__)]
    return {
        f"{module}.{name}": loop
        for module in modules
        for name, loop in vars(import_module(f"{loops.__name__}.{module}")).items()
        if hasattr(loop, "declared")
    }


def _compile_aside() -> None:
    """Let another process fill the folder of machine code; where it fails, the loops are compiled here."""
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    environment, quiet = {**os.environ, "PYTHONPATH": path}, subprocess.DEVNULL
    command = (sys.executable, "-m", "prep_core.kernels")
    with subprocess.Popen(command, env=environment, stdin=quiet, stdout=quiet, stderr=quiet) as other:  # noqa: S603
        while other.poll() is None:
            if not _program_runs():
                other.kill()
            try:
                other.wait(_LOOK)
            except subprocess.TimeoutExpired:
                continue


def _program_runs() -> bool:
    return threading.main_thread().is_alive()


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Numba makes 200,000 objects: to look through them again and again would hold up all other threads."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
