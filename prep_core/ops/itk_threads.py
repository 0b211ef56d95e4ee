"""SimpleITK on one thread, for filters whose last bits depend on how many share the work."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

import SimpleITK

_ALONE = Lock()


@contextmanager
def one_thread() -> Iterator[None]:
    """Run SimpleITK on one thread inside the block, also the filters that its filters make.

    Notes
    -----
    ``filter.SetNumberOfThreads(1)`` is not enough: N4 builds other filters as it runs, and these read the number of
    the whole process.  That number is set back at the end, so blocks of several threads wait for each other.
    """
    with _ALONE:
        before = SimpleITK.ProcessObject.GetGlobalDefaultNumberOfThreads()
        SimpleITK.ProcessObject.SetGlobalDefaultNumberOfThreads(1)
        try:
            yield
        finally:
            SimpleITK.ProcessObject.SetGlobalDefaultNumberOfThreads(before)
