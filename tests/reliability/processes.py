"""What the processes of a server take: memory, processor, threads, open files."""

from collections.abc import Iterable

import psutil

MEBIBYTE = 2**20


def server(url: str = "") -> psutil.Process:
    """The dashboard that this process started at `url`, or the only one.

    Raises
    ------
    RuntimeError
        Where there is none, or more than one.
    """
    words = {"streamlit", url.rpartition(":")[2]} - {""}
    found = [child for child in psutil.Process().children() if words <= set(child.cmdline())]
    if len(found) != 1:
        raise RuntimeError(
            f"expected one server{' at ' * bool(url)}{url} among the children of this process, found {len(found)}"
        )
    return found[0]


def browsers() -> list[psutil.Process]:
    """The driver of the browser that this process started, and all below it."""
    drivers = [child for child in psutil.Process().children() if "run-driver" in child.cmdline()]
    return [process for driver in drivers for process in tree(driver)]


def tree(root: psutil.Process) -> list[psutil.Process]:
    return [root, *root.children(recursive=True)]


def resident(processes: Iterable[psutil.Process]) -> int:
    """Bytes of all of them; one that ended meanwhile has none."""
    return sum(process.memory_info().rss for process in processes if process.is_running())


def seconds(processes: Iterable[psutil.Process]) -> float:
    """Of processor, of all of them until now."""
    return sum(times.user + times.system for times in (process.cpu_times() for process in processes))
