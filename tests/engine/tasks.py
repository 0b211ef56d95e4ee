"""What the engines are given to do: functions that a worker process can import."""

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import SimpleITK
from numpy.typing import NDArray

from prep_core.engine.threads import VARIABLES


def square(number: int) -> int:
    return number * number


def process_id(_: int) -> int:
    return os.getpid()


def slow_process_id(_: int) -> int:
    time.sleep(0.05)
    return os.getpid()


def interrupt_oneself(_: int) -> int:
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(0.01)
    return os.getpid()


def refuse_seven(number: int) -> int:
    if number == 7:
        raise ValueError("seven is refused")
    return number


class Odd(Exception):
    """Cannot be rebuilt from its arguments."""

    def __init__(self, first: int, second: int) -> None:
        super().__init__(f"{first} and {second}")


def raise_odd(_: int) -> int:
    raise Odd(1, 2)


def answer_what_cannot_travel(_: int) -> object:
    return lambda: None


def die_of_three(number: int) -> int:
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


@dataclass(frozen=True)
class DiesOnce:
    """Kills its process at the first look at `deadly`."""

    deadly: int
    folder: Path

    def __call__(self, number: int) -> int:
        mark = self.folder / str(number)
        if number == self.deadly and not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGSEGV)
        return number


@dataclass(frozen=True)
class TimesLarge:
    """Carries an array of megabytes, as a pass over a training set does."""

    large: NDArray[np.float64]

    def __call__(self, number: int) -> NDArray[np.float64]:
        return self.large * number


@dataclass(frozen=True)
class Sleep:
    """Leaves the number of its process in a folder, and sleeps."""

    folder: Path

    def __call__(self, _: int) -> None:
        (self.folder / str(os.getpid())).touch()
        time.sleep(600)


def threads(_: int) -> tuple[int, dict[str, str]]:
    """How many threads ITK may start, and what other libraries were told when they were loaded."""
    told = {name: os.environ.get(name, "") for name in VARIABLES}
    return SimpleITK.ProcessObject.GetGlobalDefaultNumberOfThreads(), told
