"""Both forms of a kernel: the NumPy function, and the compiled loop."""

from collections.abc import Callable
from functools import cache
from typing import Any

from prep_core.kernels.switch import Compiled


@cache
def _compiled() -> Compiled:
    return Compiled("compiled")


def twins(kernel: Callable[..., Any]) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """The NumPy function and the loop of `kernel`."""
    plain: Callable[..., Any] = kernel.__wrapped__
    loop = _compiled().get(f"{plain.__module__.rpartition('.')[2]}.{plain.__name__}")
    assert loop is not None
    return plain, loop
