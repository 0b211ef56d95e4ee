"""What is asked of arrays without going through all of them, and memory that is used again."""

import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from prep_core import Recipe
from prep_core.memory import UsedAgain, all_true, used_again
from prep_core.run import apply
from prep_core.scan import Scan

MASK = np.ones((3, 4), bool)
HOLE = MASK.copy()
HOLE[2, 3] = False


@pytest.mark.parametrize(
    "mask",
    [
        MASK,
        HOLE,
        HOLE[:2],
        HOLE.T[::2],
        *(np.broadcast_to(np.bool_(one), shape) for one in (0, 1) for shape in ((), (2, 3), (0, 3))),
    ],
)
def test_all_true_says_what_numpy_says(mask: np.ndarray) -> None:
    assert all_true(mask) is bool(mask.all())


SHAPE = (4, 5, 6)
SIZE = 4 * 4 * 5 * 6

HOLDERS = (
    lambda array: array,
    lambda array: array[1:2],
    lambda array: array.T[::2].view(np.int32),
    lambda array: array.flat,
    lambda array: np.nditer(array),
    lambda array: memoryview(array),
    lambda array: np.frombuffer(array, np.uint8),
    lambda array: np.asarray(memoryview(array)),
    lambda array: np.ctypeslib.as_ctypes(array),
    lambda array: iter(array),
    lambda array: {"pixels": array},
)


def place_of(array: np.ndarray) -> int:
    return array.ctypes.data


def test_memory_that_nothing_shows_is_used_again() -> None:
    memory = UsedAgain(SIZE, 2 * SIZE)
    array = memory.empty(SHAPE)
    before = place_of(array)
    del array
    again = memory.empty(SHAPE[::-1])
    assert place_of(again) == before
    assert again.shape == SHAPE[::-1]
    assert again.dtype == np.float32
    assert again.flags.c_contiguous
    assert again.flags.writeable


@pytest.mark.parametrize("hold", HOLDERS)
def test_memory_that_something_shows_is_left_alone(hold: Callable[[np.ndarray], Any]) -> None:
    memory = UsedAgain(SIZE, 4 * SIZE)
    array = memory.empty(SHAPE)
    before = place_of(array)
    held = hold(array)
    del array
    assert place_of(memory.empty(SHAPE)) != before
    del held
    others = [memory.empty(SHAPE) for _ in range(2)]
    assert before in map(place_of, others)


def test_only_memory_of_the_same_size_is_used_again() -> None:
    memory = UsedAgain(4, 8 * SIZE)
    before = place_of(memory.empty(SHAPE))
    other = memory.empty((4, 5, 5))
    assert place_of(other) != before
    assert place_of(memory.empty(SHAPE)) == before


@pytest.mark.parametrize("size", [SIZE - 4, 3 * SIZE])
def test_nothing_is_kept_of_what_is_small_or_too_large(size: int) -> None:
    memory = UsedAgain(SIZE, 2 * SIZE)
    array = memory.empty((size // 4,))
    assert array.flags.owndata
    assert array.size == size // 4


def test_no_more_is_kept_than_is_allowed() -> None:
    memory = UsedAgain(SIZE, 2 * SIZE)
    held = [memory.empty(SHAPE) for _ in range(5)]
    places = [place_of(array) for array in held]
    assert len(set(places)) == 5
    held.clear()
    again = [memory.empty(SHAPE) for _ in range(2)]
    assert {place_of(array) for array in again} == set(places[3:])


def test_what_was_let_go_is_not_used_again() -> None:
    memory = UsedAgain(SIZE, 2 * SIZE)
    held = memory.empty(SHAPE)
    memory.let_go()
    owner = weakref.ref(held.base)
    assert owner() is not None
    del held
    assert owner() is None


def test_threads_never_share_memory() -> None:
    memory = UsedAgain(SIZE, 4 * SIZE)

    def own(number: int) -> bool:
        for _ in range(300):
            array = memory.empty(SHAPE)
            array[...] = number
            if not (array == number).all():
                return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(own, range(8)))


def test_a_result_that_is_held_keeps_its_voxels(monkeypatch: pytest.MonkeyPatch) -> None:
    memory = UsedAgain(4, 1 << 20)
    monkeypatch.setattr("prep_core.flow.used_again", lambda: memory)
    recipe = Recipe.from_yaml("prep: 1\nname: r\nsteps:\n- {step: window, center: 0.5, width: 1}")
    images = np.random.default_rng(0).random((6, 8, 9), dtype=np.float32)
    scans = [apply(recipe, Scan(image, "YX")) for image in images]
    arrays = [recipe(image, axes="YX") for image in images]
    for image, scan, array in zip(images, scans, arrays, strict=True):
        np.testing.assert_array_equal(scan.data, image)
        np.testing.assert_array_equal(array, image)


def test_all_of_a_process_use_the_same_memory() -> None:
    assert used_again() is used_again()
