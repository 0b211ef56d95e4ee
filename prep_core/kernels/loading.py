"""Loading the loops: machine code from the disk, which a process of its own makes where there is none."""

import gc
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from prep_core.kernels import loops

Loop = Callable[..., Any]

_log = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parents[2]
"""Where `prep_core` is imported from."""

_ONE_AT_A_TIME = threading.Lock()
"""Numba refuses a type for a loop that another thread has just compiled for that type."""

BESIDE = "--beside"
"""Says that the program that waits holds the other end of standard input."""

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
    with collector_paused():
        declared = import_module(f"{loops.__name__}.declared")
        found = _declared()
    if aside and not all(map(declared.is_kept, found.values())):
        _compile_aside()
    with collector_paused():
        for loop in found.values():
            if not _program_runs():
                return {}
            declared.compile_declared(loop)
    if aside:
        _tell_of_unkept([loop for loop in found.values() if not declared.is_kept(loop)])
    return found


def _tell_of_unkept(unkept: Sequence[Any]) -> None:
    if unkept:
        _log.warning(
            "%d compiled loops cannot be kept in %s, so each start compiles them anew: "
            "make room there, or name another folder by NUMBA_CACHE_DIR",
            len(unkept),
            unkept[0].stats.cache_path,
        )


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
    command, pipe = (sys.executable, "-m", "prep_core.kernels", BESIDE), subprocess.PIPE
    with subprocess.Popen(command, env=environment, stdin=pipe, stdout=quiet, stderr=quiet) as other:  # noqa: S603
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
def collector_paused() -> Iterator[None]:
    """Meanwhile look for no garbage.

    Imports and Numba make 200,000 objects: to look through them again and again would hold up all other threads.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
