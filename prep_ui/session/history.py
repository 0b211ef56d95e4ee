"""Undo and redo, as values: what was before, and what was taken back."""

from dataclasses import dataclass
from typing import Generic, TypeVar

DEPTH = 20
"""Changes that can be taken back."""

T = TypeVar("T")


@dataclass(frozen=True)
class History(Generic[T]):
    """Versions before the one in use, the oldest first, and versions after it, the nearest first."""

    past: tuple[T, ...] = ()
    future: tuple[T, ...] = ()


def recorded(history: History[T], before: T) -> History[T]:
    """With `before` as the last version; what was taken back before is gone, as another way was chosen."""
    return History((*history.past, before)[-DEPTH:])


def undone(history: History[T], now: T) -> tuple[History[T], T]:
    """One version back, and that version; `now` can be had again.  Without a version before it, `now` stays."""
    if not history.past:
        return history, now
    return History(history.past[:-1], (now, *history.future)), history.past[-1]


def redone(history: History[T], now: T) -> tuple[History[T], T]:
    """One version forward, and that version.  Without a version after it, `now` stays."""
    if not history.future:
        return history, now
    return History((*history.past, now), history.future[1:]), history.future[0]
