"""The claims of "The mean image": what a map per pixel leaves of an edge, and what it draws where nothing is."""

import numpy as np
import pytest
from scipy.ndimage import binary_dilation, binary_erosion
from sklearn.preprocessing import StandardScaler

from prep_core.lessons import LESSONS
from prep_core.lessons.mean_image.disc_pictures import Pictures, disc, simulated
from prep_core.lessons.mean_image.filter_bank import FILTERS, pooled
from prep_core.samples import load_sample
from prep_core.scan import Scan

LESSON = LESSONS["mean-image"]


def cnr(values: np.ndarray, where: np.ndarray) -> float:
    inner = values[where & ~binary_erosion(where, iterations=4)]
    outer = values[binary_dilation(where, iterations=4) & ~where]
    return float(abs(inner.mean() - outer.mean()) / np.sqrt((inner.var() + outer.var()) / 2))


def by_hand(pictures: Pictures, floor: float) -> dict[str, np.ndarray]:
    """The moved picture after each normalisation, by NumPy and scikit-learn."""
    stack = np.stack([one.data for one in pictures.training]).astype(np.float64)
    moved = pictures.moved.data.astype(np.float64)
    scaler = StandardScaler().fit(stack.reshape(len(stack), -1))
    assert scaler.scale_ is not None
    std = np.maximum(scaler.scale_.reshape(64, 64), floor)
    mean = scaler.mean_.reshape(64, 64)
    return {
        "fixed": (moved - 127.5) / 127.5,
        "range": (moved - mean) / np.maximum(np.ptp(stack, axis=0), floor),
        "std": (moved - mean) / std,
        "channel": (moved - stack.mean()) / stack.std(),
    }


@pytest.mark.parametrize(
    ("discs", "jitter", "shift", "floor"), [(50.0, 0, 8, 5.0), (90.0, 4, 20, 5.0), (20.0, 0, 0, 100.0)]
)
def test_the_pictures_and_their_contrast_are_those_of_scikit_learn(
    discs: float, jitter: int, shift: int, floor: float
) -> None:
    pictures = simulated(discs / 100, jitter, shift)
    shown = LESSON.shown(discs=discs, jitter=jitter, shift=shift, std_floor=floor)
    for (name, expected), picture in zip(by_hand(pictures, floor).items(), shown.pictures[1], strict=True):
        assert picture.image == pytest.approx(expected, abs=2e-5, rel=1e-5)
        assert shown.numbers[f"moved_{name}"] == pytest.approx(cnr(expected, disc(shift)), rel=1e-4)
        assert shown.numbers[f"largest_{name}"] == pytest.approx(expected.max(), rel=1e-5)


def test_half_the_pictures_with_a_disc_make_its_spread_by_hand() -> None:
    """Two groups of equal size whose means lie 227.5 apart: half of that, and the noise of 0 to 30 and 230 to 255."""
    spread = np.sqrt((227.5 / 2) ** 2 + ((31**2 - 1) / 12 + (26**2 - 1) / 12) / 2)
    numbers = LESSON.shown(discs=50.0).numbers
    assert numbers["divisor_inside"] == pytest.approx(spread, rel=0.01)
    assert numbers["divisor_outside"] == pytest.approx(np.sqrt((31**2 - 1) / 12), rel=0.02)
    assert numbers["mean_inside"] == pytest.approx((15 + 242.5) / 2, rel=0.01)


def test_one_straight_line_for_all_pixels_keeps_the_contrast_and_a_map_takes_it() -> None:
    numbers = LESSON.shown().numbers
    for name in ("fixed", "channel"):
        assert numbers[f"home_{name}"] == pytest.approx(numbers["home_stored"], rel=1e-4)
    for name in ("range", "std"):
        assert numbers[f"home_{name}"] < numbers["home_stored"] / 10


def test_what_moves_is_many_spreads_high_and_leaves_a_hole() -> None:
    shown = LESSON.shown(**LESSON.breaks)
    numbers = shown.numbers
    assert numbers["largest_std"] > 20 > numbers["largest_channel"]
    assert numbers["ghost_std"] > 10 * numbers["ghost_channel"]
    hole = shown.pictures[0][3].image[disc()]
    assert hole.mean() == pytest.approx((15 - (0.1 * 15 + 0.9 * 242.5)) / numbers["divisor_inside"], rel=0.02)


def test_a_high_floor_makes_the_map_one_number() -> None:
    numbers = LESSON.shown(std_floor=1000.0).numbers
    assert numbers["divisor_inside"] == numbers["divisor_outside"] == 1000
    assert numbers["largest_std"] < 1


@pytest.mark.parametrize("name", ["us_phantom", "us_echo"])
def test_it_holds_on_the_frames_of_a_film(name: str) -> None:
    numbers = LESSON.shown(load_sample(name)).numbers
    assert numbers["home_channel"] == pytest.approx(numbers["home_stored"], rel=1e-3)
    assert numbers["home_std"] < numbers["home_stored"] / 2
    assert numbers["ghost_std"] > 1
    assert numbers["ghost_stored"] == 0


def test_an_own_stack_is_taken_frame_by_frame_without_its_padding() -> None:
    rng = np.random.default_rng(0)
    values = rng.integers(0, 20, (10, 40, 30)).astype(np.int16)
    values[:, 10:25, 8:20] += 500
    valid = np.ones(values.shape, bool)
    values[..., 26:], valid[..., 26:] = 30000, False
    shown = LESSON.shown(Scan(values, "ZYX", valid=valid), shift=0)
    assert shown.pictures[0][1].title == "mean"
    others = np.delete(values, 5, axis=0)[..., :26].mean(axis=0)
    assert shown.pictures[0][1].image[:, :26] == pytest.approx(others, rel=1e-5)
    assert np.isnan(shown.pictures[1][0].image[:, 26:]).all()
    assert "over 9 pictures" in shown.happened[0]


@pytest.mark.parametrize(
    ("scan", "complaint"),
    [
        (Scan(np.ones((7, 20, 20), np.float32), "TYX"), "at least 8 frames or planes, this has 7"),
        (Scan(np.ones((9, 20, 20), np.complex64), "TYX"), "values are complex"),
        (Scan(np.ones((9, 20, 20), np.float32), "TYX"), "is 1 everywhere"),
    ],
)
def test_what_is_no_set_of_pictures_is_refused(scan: Scan, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        LESSON.shown(scan)


def test_filters_do_not_know_the_place() -> None:
    images = np.zeros((2, 64, 64), np.float32)
    images[0, 20:28, 20:28] = 1
    images[1, 30:38, 35:43] = 1
    one, other = pooled(images)
    assert one.shape == (2 * FILTERS,)
    assert one == pytest.approx(other, abs=1e-5)


def test_a_map_takes_from_filters_what_they_know() -> None:
    told: list[float] = []
    train = LESSON.train
    assert train is not None
    numbers = train(None, lambda share, words: told.append(share), **LESSON.parse(LESSON.breaks)).numbers
    assert told == sorted(told)
    assert told[-1] == 1
    assert numbers["pixels_fixed_home"] == numbers["filters_fixed_home"] == 1
    assert numbers["pixels_fixed_moved"] < 0.6
    assert numbers["filters_fixed_moved"] == numbers["filters_channel_moved"] == 1
    assert numbers["filters_std_moved"] < 0.6


def test_frames_that_nobody_labelled_are_not_learned() -> None:
    train = LESSON.train
    assert train is not None
    with pytest.raises(ValueError, match="choose the lesson's own pictures"):
        train(Scan(np.ones((9, 20, 20), np.float32), "TYX"), lambda share, words: None, **LESSON.parse({}))
