"""A tally counts alike as a list and as a table."""

import numpy as np
import pytest

from prep_core.measure.tally import Tally

RNG = np.random.default_rng(1)


def tallied(size: int, parts: list[np.ndarray]) -> tuple[list[int], list[int]]:
    """Each place as often as it comes, by two tallies that are merged."""
    one, other = Tally(size), Tally(size)
    for i, places in enumerate(parts):
        (one, other)[i % 2].add(places, np.ones(places.size, np.int64))
    one.merge(other)
    places, counts = one.found()
    return places.tolist(), counts.tolist()


@pytest.mark.parametrize("size", [40, 10_000])
def test_counts_what_unique_counts(size: int) -> None:
    parts = [RNG.integers(0, 40, n) for n in (3, 30, 0, 500)]
    places, counts = np.unique(np.concatenate(parts), return_counts=True)
    assert tallied(size, parts) == (places.tolist(), counts.tolist())
    assert tallied(size, []) == ([], [])


def test_large_counts_are_exact() -> None:
    tally = Tally(4)
    for _ in range(3):
        tally.add(np.array([2, 2]), np.array([2**60, 1]))
    assert [found.tolist() for found in tally.found()] == [[2], [3 * 2**60 + 3]]


def test_takes_the_room_of_what_was_counted() -> None:
    tally = Tally(1 << 40)
    tally.add(np.array([1 << 39]), np.array([7]))
    assert [found.tolist() for found in tally.found()] == [[1 << 39], [7]]
