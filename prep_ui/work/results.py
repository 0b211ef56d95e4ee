"""What was computed before, by what it was computed from: bounded in number and in bytes."""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from itertools import count
from threading import Lock
from types import MappingProxyType
from typing import Any, TypeVar
from weakref import WeakSet

import numpy as np

from prep_core.memory import owner_of

T = TypeVar("T")


class Room:
    """Bytes that the answers of all sessions may hold together; the longest unused go first, whosever they are."""

    def __init__(self, budget: int) -> None:
        self.uses = count()
        self._budget = budget
        self._sharing: WeakSet[Results] = WeakSet()
        self._lock = Lock()

    def share(self, results: "Results") -> None:
        """Let `results` have a part of it, for as long as somebody holds them."""
        with self._lock:
            self._sharing.add(results)

    def make(self) -> None:
        """Let go what there is no room for.  The answer that was used last stays in any case."""
        with self._lock:
            sharing = [results for results in self._sharing if len(results)]
            while sum(results.held for results in sharing) > self._budget and sum(map(len, sharing)) > 1:
                min(sharing, key=lambda results: results.unused_since).let_go()
                sharing = [results for results in sharing if len(results)]


class Results:
    """Answers by key; the longest unused go first.  Several threads may share it.

    Parameters
    ----------
    most : int
        How many are kept.
    budget : int
        Bytes that all of them may hold.  The newest stays in any case.
    room : Room, optional
        What others hold, too.
    fewer : mapping, optional
        By the first word of a kind, which is what stands before the colon of a key, how many of a kind are kept.
    """

    def __init__(
        self, most: int, budget: int, room: Room | None = None, fewer: Mapping[str, int] = MappingProxyType({})
    ) -> None:
        self._most = most
        self._fewer = fewer
        self._budget = budget
        self._room = room
        self._uses = room.uses if room else count()
        self._known: OrderedDict[str, tuple[Any, int, int]] = OrderedDict()
        self._lock = Lock()
        if room:
            room.share(self)

    def __contains__(self, key: str) -> bool:
        with self._lock:
            return key in self._known

    def __len__(self) -> int:
        return len(self._known)

    @property
    def held(self) -> int:
        """Bytes."""
        with self._lock:
            return self._held()

    @property
    def unused_since(self) -> int:
        """When the longest unused answer was used: a number that grows with every use of any."""
        with self._lock:
            return next((use for *_, use in self._known.values()), 0)

    def let_go(self) -> None:
        """Let the longest unused answer go."""
        with self._lock:
            if self._known:
                self._known.popitem(last=False)

    def get(self, key: str) -> Any | None:
        """The answer of that key, or None where there is none any more."""
        with self._lock:
            if key not in self._known:
                return None
            answer, size, _ = self._known.pop(key)
            self._known[key] = answer, size, next(self._uses)
            return answer

    def put(self, key: str, answer: Any) -> None:
        """Keep `answer`, and let go what there is no room for."""
        size = bytes_in(answer)
        with self._lock:
            self._known.pop(key, None)
            self._known[key] = answer, size, next(self._uses)
            self._keep_few_like(key)
            while len(self._known) > 1 and (len(self._known) > self._most or self._held() > self._budget):
                self._known.popitem(last=False)
        if self._room:
            self._room.make()

    def once(self, key: str, make: Callable[[], T]) -> T:
        """The answer of that key, which `make` gives where there is none (any more)."""
        known: T | None = self.get(key)
        if known is None:
            known = make()
            self.put(key, known)
        return known

    def drop(self, start: str) -> None:
        """Let go every answer whose key starts so."""
        with self._lock:
            for key in [key for key in self._known if key.startswith(start)]:
                del self._known[key]

    def _keep_few_like(self, key: str) -> None:
        kind = key.partition(":")[0]
        alike = [other for other in self._known if other.startswith(f"{kind}:")]
        for other in alike[: -self._fewer.get(kind.partition(" ")[0], self._most)]:
            del self._known[other]

    def _held(self) -> int:
        return sum(size for _, size, _ in self._known.values())


def bytes_in(thing: Any) -> int:
    """Bytes of the arrays, bytes and texts that `thing` holds, in containers and dataclasses; each array once.

    A view counts as the array that it keeps in memory.
    """
    return sum({id(owner): _size(owner) for owner in map(owner_of, _parts(thing))}.values())


def _size(part: Any) -> int:
    return int(part.nbytes) if isinstance(part, np.ndarray) else len(part)


def _parts(thing: Any) -> Iterator[Any]:
    if isinstance(thing, np.ndarray | bytes | str):
        yield thing
    elif isinstance(thing, Mapping):
        for value in thing.values():
            yield from _parts(value)
    elif isinstance(thing, tuple | list):
        for value in thing:
            yield from _parts(value)
    elif is_dataclass(thing) and not isinstance(thing, type):
        for field in fields(thing):
            yield from _parts(getattr(thing, field.name))
