"""What is looked at after every fault."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

import psutil

LATEST = 20.0
"""Seconds within which a process that nobody needs any more is gone."""


def wrong(claims: Mapping[str, object]) -> list[str]:
    """The claims that do not hold."""
    return [words for words, holds in claims.items() if not holds]


def are_gone(processes: Iterable[psutil.Process]) -> bool:
    """Whether none of them lives on."""
    return not psutil.wait_procs(list(processes), timeout=LATEST)[1]


def below(pid: int) -> list[psutil.Process]:
    """All that a process has started, and what that has."""
    return psutil.Process(pid).children(recursive=True)


def is_sentence(told: str) -> bool:
    """Whether somebody was spared the inside of the program."""
    return bool(told.strip()) and "Traceback" not in told and "None" not in told


def with_temporary(folder: Path) -> dict[str, str]:
    """The environment for a program that keeps its temporary files in `folder`, which is made."""
    folder.mkdir(exist_ok=True)
    return {**os.environ, "TMPDIR": str(folder)}
