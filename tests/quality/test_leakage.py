"""What validation scans do to the numbers, with numbers worked out by hand and by NumPy."""

import numpy as np
import pytest

from prep_core.line import Line
from prep_core.quality.leakage import leaks
from prep_core.recipe import Recipe
from prep_core.samples.sets import SETS
from prep_core.scan import Scan, voxel_affine
from prep_core.training_set import InMemory


def image(data: np.ndarray) -> Scan:
    return Scan(data.astype(np.float32), "YX", voxel_affine())


def test_a_bright_validation_scan_moves_the_reference_and_lowers_every_value() -> None:
    dim, bright = image(np.full((4, 4), 10.0)), image(np.full((4, 4), 1000.0))
    line = Line("decibel", {"reference": "maximum", "quantity": "power"}, over="dataset")
    (leak,) = leaks(Recipe((line,)), InMemory([dim]), InMemory([bright]))
    (reference,) = leak.numbers
    assert (reference.clean, reference.leaked, reference.relative) == (10, 1000, 99)
    # 10 log10(10 / 10) = 0 dB, and 10 log10(10 / 1000) = -20 dB
    assert leak.output is not None
    assert (leak.output.amount, leak.output.unit, leak.output.steady) == (pytest.approx(-20), "dB", True)


def test_below_a_line_that_moved_numbers_are_those_of_the_moved_values() -> None:
    rng = np.random.default_rng(0)
    first, second, held = (rng.uniform(0, top, (30, 30)).astype(np.float32) for top in (1.0, 2.0, 4.0))
    recipe = Recipe((Line("minmax", over="dataset"), Line("zscore", over="dataset"), Line("clip")))
    low, standard = leaks(recipe, InMemory([image(first), image(second)]), InMemory([image(held)]))
    train, everyone = (
        np.concatenate([first, second]).astype(np.float64),
        np.concatenate([first, second, held]).astype(np.float64),
    )
    assert {n.name: n.leaked for n in low.numbers}["high"] == everyone.max()
    clean, leaked = ((values - values.min()) / np.ptp(values) for values in (train, everyone))
    mean = {n.name: n for n in standard.numbers}["mean"]
    assert (mean.clean, mean.leaked) == pytest.approx((clean.mean(), leaked.mean()), rel=1e-5)
    probe = np.percentile(clean, [10, 50, 90])
    change = (probe - leaked.mean()) / leaked.std() - (probe - clean.mean()) / clean.std()
    assert standard.output is not None
    assert standard.output.amount == pytest.approx(change[np.argmax(np.abs(change))], rel=1e-3)
    assert standard.output.percentile == ("p10", "p50", "p90")[int(np.argmax(np.abs(change)))]
    assert not standard.output.steady


def test_images_and_curves_say_how_far_they_move() -> None:
    ramp = np.arange(16.0).reshape(4, 4)
    training = [image(ramp - 1), image(ramp + 1)]
    (leak,) = leaks(Recipe((Line("standardize_map"),)), InMemory(training), InMemory([image(ramp + 9)]))
    mean = {a.name: a for a in leak.arrays}["mean"]
    # the mean of each pixel rises from r to r + 3, over a range of 15
    assert (mean.shape, mean.largest, mean.share) == ((4, 4), pytest.approx(3), pytest.approx(3 / 15))
    assert leak.output is None


@pytest.mark.parametrize("name", SETS)
def test_the_built_in_sets_show_a_leak(name: str) -> None:
    chosen = SETS[name]
    scans = chosen.make()
    held = {*chosen.validation, *chosen.test}
    training, others = ([s for i, s in enumerate(scans) if (i in held) is wanted] for wanted in (False, True))
    step = Line("decibel", over="dataset") if name == "oct_exposures" else Line("zscore", over="dataset")
    above = (Line("magnitude", {"power": 2}),) if name == "oct_exposures" else ()
    *_, leak = leaks(Recipe((*above, step)), InMemory(training), InMemory(others))
    assert abs(leak.numbers[0].relative or 0) > 0.2
    assert len({scan.source.sha256 for scan in scans}) == len(scans)
    assert [scan.data.tobytes() for scan in chosen.make()] == [scan.data.tobytes() for scan in scans]
