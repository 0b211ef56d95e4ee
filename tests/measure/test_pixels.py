"""Numbers for each pixel, against NumPy on the pooled images, whatever the order and the grouping."""

import math
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from prep_core.measure import Answered, PixelExtremes, PixelMoments, PixelStack, Together, median_of
from prep_core.measure.exact_images import ExactImages
from tests.measure.portions import exact_moments, same, sent

Images = Sequence[np.ndarray]


def images(count: int = 7, shape: tuple[int, ...] = (2, 5, 6), seed: int = 0) -> list[np.ndarray]:
    """Images with a large offset, of which one pixel was never measured, one once, and others now and then."""
    rng = np.random.default_rng(seed)
    found = [rng.normal(1e4, 3, shape).astype(np.float32) for _ in range(count)]
    for i, image in enumerate(found):
        image[..., 0, 0] = np.nan
        image[..., 0, 1] = image[..., 0, 1] if i == 2 else np.nan
        image[rng.uniform(size=shape) < 0.2] = np.nan
    found[2][..., 0, 1] = 7
    return found


def both(taken: Images) -> dict[str, np.ndarray]:
    answers = {}
    for make in (PixelMoments, PixelExtremes):
        accumulator = make()
        for image in taken:
            accumulator.update(image)
        assert not accumulator.again()
        assert accumulator.count == sum(int(np.isfinite(image).sum()) for image in taken)
        answers |= accumulator.finish()
    return answers


def numpy_says(taken: Images) -> dict[str, np.ndarray]:
    pool = np.ma.masked_invalid(np.stack(taken).astype(np.float64))
    found = {"mean": pool.mean(0), "std": pool.std(0), "low": pool.min(0), "high": pool.max(0)}
    return {name: values.filled(np.nan) for name, values in found.items()}


def test_equal_numpy_on_the_pool() -> None:
    ours, theirs = both(images()), numpy_says(images())
    for name in ("low", "high"):
        assert np.array_equal(ours[name], theirs[name], equal_nan=True)
    assert ours["mean"] == pytest.approx(theirs["mean"], rel=1e-7, nan_ok=True)
    assert ours["std"] == pytest.approx(theirs["std"], rel=1e-6, abs=1e-9, nan_ok=True)


@given(stack=hnp.arrays(np.float32, (4, 3), elements=st.floats(width=32, allow_nan=False, allow_infinity=False)))
@example(
    stack=np.float32(
        [[1e4, 2.0**-149, 3e38], [1e4, 0, 3e38], [1e4, 0, -3e38], [np.nextafter(np.float32(1e4), np.float32(0)), 0, 1]]
    )
)
def test_are_the_fractions_rounded_to_float32(stack: np.ndarray) -> None:
    found = both(list(stack))
    for pixel, values in enumerate(stack.T):
        mean, variance = exact_moments(values)
        for name, wanted in (("mean", float(mean)), ("std", math.sqrt(variance))):
            # Half of the last bit, and what a second rounding may add.
            # Above 2^127 the last bit stays as it is, and beyond the largest float32 there is none to tell it by.
            near = 0.5000001 * float(np.spacing(min(np.float32(abs(wanted)), np.float32(2.0**127))))
            assert abs(float(found[name][pixel]) - wanted) <= near


def test_the_blocks_of_a_large_image_add_up() -> None:
    rng = np.random.default_rng(4)
    taken = [(10 ** rng.uniform(-4, 4, (300, 700))).astype(np.float32) for _ in range(3)]
    ours, theirs = both(taken), numpy_says(taken)
    np.testing.assert_allclose(ours["mean"], theirs["mean"], rtol=1e-7)
    np.testing.assert_allclose(ours["std"], theirs["std"], rtol=1e-6)


def test_a_hundred_images_carry_from_level_to_level() -> None:
    taken = [np.full((1, 2), value, np.float32) for value in (3.4e38, 65535.99609375)] * 50
    taken += [np.float32([[1e-30, -1.0]])]
    found = both(taken)
    for pixel in range(2):
        mean, variance = exact_moments(np.stack(taken)[:, 0, pixel])
        assert found["mean"][0, pixel] == np.float32(mean)
        assert found["std"][0, pixel] == np.float32(math.sqrt(variance))


def test_a_pixel_that_nothing_measured_has_no_number_and_one_that_was_measured_once_has() -> None:
    found = both(images())
    for values in found.values():
        assert np.isnan(values[:, 0, 0]).all()
    assert (found["mean"][:, 0, 1] == 7).all()
    assert (found["std"][:, 0, 1] == 0).all()


@given(order=st.permutations(range(7)), cut=st.integers(0, 7))
def test_merged_in_any_order_and_grouping_is_the_same(order: list[int], cut: int) -> None:
    taken = images()
    taken[1][:, 3, 3], taken[4][:, 3, 3] = 0.0, -0.0
    for make in (PixelMoments, PixelExtremes, lambda: Together(PixelMoments(), PixelExtremes())):
        whole, first, second = make(), make(), make()
        for image in taken:
            whole.update(image)
        for place, i in enumerate(order):
            (first if place < cut else second).update(taken[i])
        first = sent(first)
        first.merge(sent(second))
        assert first.count == whole.count
        assert same(first.finish(), whole.finish())


def test_values_near_the_ends_of_float32_do_not_overflow() -> None:
    found = both([np.full((2, 2), value, np.float32) for value in (3e38, -3e38)])
    assert (found["mean"] == 0).all()
    assert found["std"] == pytest.approx(np.full((2, 2), 3e38), rel=1e-6)


@pytest.mark.parametrize("make", [PixelMoments, PixelExtremes, lambda: PixelStack(10**6)])
def test_images_of_two_shapes_are_refused(make: Callable[[], PixelMoments]) -> None:
    one, other = make(), make()
    one.update(np.zeros((4, 5)))
    other.update(np.zeros((5, 4)))
    words = "measured for each pixel, over images of 4 x 5 and of 5 x 4; bring them to one grid"
    with pytest.raises(ValueError, match=words):
        one.update(np.zeros((5, 4)))
    with pytest.raises(ValueError, match=words):
        one.merge(other)


def test_images_that_agree_in_all_but_the_last_bits_have_their_spread() -> None:
    taken = [np.full((1, 1), 2**24 - 1, np.float32)] * 100 + [np.full((1, 1), 2**24 - 3, np.float32)]
    _, variance = exact_moments(np.stack(taken).ravel())
    assert both(taken)["std"][0, 0] == np.float32(math.sqrt(variance))


def test_sums_of_58_bits_are_carried_in_whole() -> None:
    sums = ExactImages(1)
    sums.add(slice(None), np.array([2.0**32 - 1]))
    for _ in range(25):
        sums.merge(sums)
    sums.add(slice(None), np.array([1.0]))
    high, low = sums.total(slice(None))
    assert int(high[0]) + int(low[0]) == 2**25 * (2**32 - 1) + 1


@pytest.mark.parametrize("make", [PixelMoments, PixelExtremes, lambda: PixelStack(10**6)])
def test_images_that_do_not_count_alike_are_refused(make: Callable[[], PixelMoments]) -> None:
    with pytest.raises(ValueError, match="each image counts once; got one that counts 3 times"):
        make().update(np.zeros((4, 5)), 3)


@pytest.mark.parametrize("count", [1, 6, 7])
def test_the_median_equals_numpy(count: int) -> None:
    taken = images(9)[:count]
    pool = np.ma.masked_invalid(np.stack(taken).astype(np.float64))
    wanted = np.ma.median(pool, axis=0).filled(np.nan).astype(np.float32)
    assert np.array_equal(median_of(taken), wanted, equal_nan=True)


def test_a_stack_does_not_depend_on_the_order() -> None:
    one, other = PixelStack(10**6), PixelStack(10**6)
    for image in images():
        one.update(image)
    for image in reversed(images()):
        part = PixelStack(10**6)
        part.update(image)
        other.merge(part)
    first, second = one.finish(), other.finish()
    assert [i.tobytes() for i in first["images"]] == [i.tobytes() for i in second["images"]]
    assert first["shape"] == second["shape"] == (2, 5, 6)
    assert one.count == other.count


def test_a_stack_keeps_what_shrink_makes_and_refuses_more_than_it_may_hold() -> None:
    stack = PixelStack(2 * 25 * 4, lambda image: image[::2, ::2])
    for _ in range(2):
        stack.update(np.zeros((10, 10), np.float32))
    assert stack.finish()["images"][0].shape == (5, 5)
    with pytest.raises(ValueError, match=r"at most 2 of 10 x 10 .* there are more; fit it on fewer scans"):
        stack.update(np.zeros((10, 10), np.float32))


def test_an_answer_is_computed_from_the_numbers_of_another() -> None:
    ours = Answered(("span",), PixelExtremes(), lambda numbers: {"span": numbers["high"] - numbers["low"]})
    other = Answered(("span",), PixelExtremes(), lambda numbers: numbers)
    ours.update(np.zeros((2, 2)))
    other.update(np.full((2, 2), 3.0))
    ours.merge(other)
    assert (ours.names, ours.count, ours.again()) == (("span",), 8, False)
    assert (ours.finish()["span"] == 3).all()
