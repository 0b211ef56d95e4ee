"""How a loop is declared: by the types of its arguments, so that it is compiled before it is called."""

import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import numba
from numba import types

Loop = TypeVar("Loop", bound=Callable[..., Any])

VOID = types.void
INT64 = types.int64
FLOAT32 = types.float32
FLOAT64 = types.float64
BOOL = types.boolean
UINT8 = types.uint8
UINT16 = types.uint16
UINT32 = types.uint32


def reads(dtype: Any, axes: int = 1) -> Any:
    """An aligned C-contiguous array that the loop does not write to; it may be read-only."""
    return types.Array(dtype, axes, "C", readonly=True)


def writes(dtype: Any, axes: int = 1) -> Any:
    """An aligned C-contiguous array that the loop writes to."""
    return types.Array(dtype, axes, "C")


def loop(answer: Any, *arguments: Any, any_order: bool = False) -> Callable[[Loop], Loop]:
    """Declare a loop by the type of its answer and of its arguments.

    Parameters
    ----------
    any_order : bool
        Additions may be done in another order.  Only for sums that are exact, or the bits depend on the processor.
    """
    flags = {"reassoc"} if any_order else False

    def declared(function: Loop) -> Loop:
        made: Loop = _dispatcher(function, flags)
        made.declared = answer(*arguments)  # type: ignore[attr-defined]
        return made

    return declared


def helper(function: Loop) -> Loop:
    """Declare a function that loops of the same module call, and that is compiled into them."""
    made: Loop = numba.njit(nogil=True, error_model="numpy")(function)
    return made


def is_kept(made: Any) -> bool:
    """Whether there is machine code of a loop on the disk that is newer than its source, or no folder for any."""
    if made.stats.cache_path is None:
        return True
    source = Path(made.py_func.__code__.co_filename)
    return any(index.stat().st_mtime >= source.stat().st_mtime for index in _indexes(made))


def compile_declared(made: Any) -> None:
    """Load the machine code of a loop from the disk, or compile it, and refuse all other types from then on.

    Raises
    ------
    OSError
        When what lies on the disk cannot be read.  What cannot be written there is compiled all the same.
    """
    if made.overloads:
        return
    try:
        made.compile(made.declared.args)
    except OSError:
        # Numba keeps machine code after it has taken it into use.
        if not made.overloads:
            raise
    made.disable_compile()
    if not is_kept(made):
        # The source is the same, and only looks newer.  Where that cannot be noted it is looked at again next time.
        with suppress(OSError):
            for index in _indexes(made):
                index.touch()


def _indexes(made: Any) -> list[Path]:
    """The files that say which machine code of a loop there is for this Python."""
    python, source = f"py{sys.version_info.major}{sys.version_info.minor}", Path(made.py_func.__code__.co_filename)
    return list(Path(made.stats.cache_path).glob(f"{source.stem}.{made.py_func.__qualname__}-*{python}.nbi"))


def _dispatcher(function: Any, flags: Any) -> Any:
    options = {"nogil": True, "error_model": "numpy", "fastmath": flags}
    try:
        return numba.njit(cache=True, **options)(function)
    except RuntimeError:  # no folder to keep machine code in: each process compiles for itself
        return numba.njit(**options)(function)
