"""Runs a module by a clock that a file moves: python -m tests.reliability.shifted_clock FILE MODULE ARGUMENT...

The file holds the seconds by which the time of the day is off; they may change while the module runs.
"""

import runpy
import sys
import time
from collections.abc import Callable
from pathlib import Path


def shifted(clock: Callable[[], float], file: Path) -> Callable[[], float]:
    """`clock`, off by as many seconds as `file` says at the moment."""
    return lambda: clock() + float(file.read_text())


def main() -> None:
    file, module, *arguments = sys.argv[1:]
    time.time = shifted(time.time, Path(file))
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
