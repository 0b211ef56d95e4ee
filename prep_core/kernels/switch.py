"""Which of the two a kernel is: the NumPy function, or the compiled loop."""

import logging
import os
import threading
from collections.abc import Callable, Mapping
from functools import cache, wraps
from typing import ParamSpec, TypeVar

from prep_core.kernels.loading import Loop, loaded

P = ParamSpec("P")
R = TypeVar("R")

VARIABLE = "PREP_KERNELS"
MODES = ("auto", "plain", "compiled")
FEWEST = 1 << 22
"""Elements, of all calls together, that are worth loading the loops for."""

_log = logging.getLogger(__name__)


def kernel(twin: Callable[P, R]) -> Callable[P, R]:
    """A NumPy function that gives way to the loop of its name, once that is there.

    The first argument is an array.  Arrays are aligned and C-contiguous, and of the types of the loop; numbers too.
    """
    name = f"{twin.__module__.rpartition('.')[2]}.{twin.__name__}"

    @wraps(twin)
    def either(*args: P.args, **kwargs: P.kwargs) -> R:
        loop = compiled().get(name, args[0].size)  # type: ignore[attr-defined]
        answer: R = twin(*args, **kwargs) if loop is None else loop(*args, **kwargs)
        return answer

    return either


class Compiled:
    """The compiled loops by name, loaded once by a thread of their own.

    Parameters
    ----------
    mode : {"auto", "plain", "compiled"}
        auto: from when they are loaded on, which large work begins; plain: never; compiled: who asks waits for them.
    """

    def __init__(self, mode: str) -> None:
        self._mode = mode
        self._loops: Mapping[str, Loop] = {}
        self._seen = 0
        self._begun = threading.Lock()
        self._ended = threading.Event()

    def get(self, name: str, size: int = FEWEST) -> Loop | None:
        """The loop for an array of `size` elements, or None where the NumPy function has to do it."""
        if self._mode == "plain":
            return None
        if not self._ended.is_set():
            self._seen += size
            if self._seen >= FEWEST:
                self.begin()
        return self._waited_for(name) if self._mode == "compiled" else self._loops.get(name)

    def begin(self, then: Callable[[], object] = lambda: None) -> None:
        """Begin to load them, unless that was begun before; `then` is called when they are there."""
        if self._mode != "plain" and self._begun.acquire(blocking=False):
            threading.Thread(target=self._load, args=(then,), name="prep kernels").start()

    def _waited_for(self, name: str) -> Loop:
        self.begin()
        self._ended.wait()
        if name not in self._loops:
            raise RuntimeError(f"{VARIABLE} is compiled, and {name} is not; see the log, or set it to plain")
        return self._loops[name]

    def _load(self, then: Callable[[], object]) -> None:
        try:
            self._loops = loaded(aside=self._mode == "auto")
            then()
        except ImportError as error:
            _log.warning("computes with NumPy alone, which is slower: Numba is not there (%s)", error)
        finally:
            self._ended.set()


@cache
def compiled() -> Compiled:
    """The loops of this process, as the environment variable PREP_KERNELS says.

    Raises
    ------
    ValueError
        For another word than auto, plain or compiled.
    """
    mode = os.environ.get(VARIABLE) or "auto"
    if mode not in MODES:
        raise ValueError(f"{VARIABLE} must be one of {', '.join(MODES)}, got {mode!r}")
    return Compiled(mode)
