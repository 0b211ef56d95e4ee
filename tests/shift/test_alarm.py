"""The alarm rings for another range and other units, and is silent for more of the same."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from prep_core.line import Line
from prep_core.recipe import Recipe
from prep_core.run import fit
from prep_core.scan import Scan
from prep_core.shift.alarm import DISTANCE, FAR_FROM_ONE, Shift, warnings_of
from tests.shift.scans import CT, OCT, changed, chest, compared, decibels, retina, uptake

CHESTS = [chest(seed) for seed in range(6)]
RETINAS = [retina(seed) for seed in range(6)]
LOCKED = {
    "four CT": fit(CT, CHESTS[:4]),
    "one CT": fit(CT, CHESTS[:1]),
    "four OCT": fit(OCT, RETINAS[:4]),
    "one OCT": fit(OCT, RETINAS[:1]),
}
OTHER_CT = {
    "stored values": lambda data: data + 1024,
    "shifted down": lambda data: data - 1024,
    "thousandths": lambda data: data / 1000,
    "0..1": lambda data: (data + 1024) / 4095,
}
OTHER_OCT = {"amplitude": np.sqrt, "gain of 20 dB": lambda data: data * 100, "0..255": lambda data: data * 255}


def of(what: str, found: tuple[Shift, ...], line: int) -> Shift:
    (one,) = (shift for shift in found if (shift.what, shift.line) == (what, line))
    return one


@pytest.mark.parametrize("name", LOCKED)
def test_it_is_silent_for_training_scans_and_for_more_of_the_same(name: str) -> None:
    for scan in CHESTS if name.endswith("CT") and "OCT" not in name else RETINAS:
        assert warnings_of(compared(LOCKED[name], scan)) == []


@pytest.mark.parametrize("name", ["four CT", "one CT"])
@pytest.mark.parametrize("change", OTHER_CT.values(), ids=OTHER_CT)
def test_it_rings_for_a_ct_in_other_units(name: str, change: Callable) -> None:
    found = compared(LOCKED[name], changed(CHESTS[5], change))
    assert of(DISTANCE, found, 0).warning.startswith("the scan has values that lie ")
    assert warnings_of(found)[0] == of(DISTANCE, found, 0).warning


@pytest.mark.parametrize("name", ["four CT", "one CT"])
def test_it_rings_for_a_pet_called_ct(name: str) -> None:
    assert of(DISTANCE, compared(LOCKED[name], uptake(CHESTS[5])), 0).warning


@pytest.mark.parametrize("name", ["four OCT", "one OCT"])
@pytest.mark.parametrize("change", OTHER_OCT.values(), ids=OTHER_OCT)
def test_it_rings_for_oct_on_another_scale(name: str, change: Callable) -> None:
    assert of(DISTANCE, compared(LOCKED[name], changed(RETINAS[5], change)), 1).warning


def test_decibels_fed_to_a_recipe_for_power_ring_with_numbers() -> None:
    found = compared(LOCKED["four OCT"], decibels(RETINAS[5]))
    assert of(DISTANCE, found, 0).found > 10
    lost = of("at_floor", found, 1)
    assert (lost.found, lost.limit) == (1.0, pytest.approx(0.05, abs=0.01))
    assert warnings_of(found) == [of(DISTANCE, found, 0).warning, lost.warning]
    assert "line 1: decibel counts 100 % of the voxels as at_floor, in training 0.0" in lost.warning


def test_the_numbers_of_a_shift_are_those_of_numpy() -> None:
    recipe = fit(
        Recipe((Line("clip", {"low": 0, "high": 10}), Line("minmax", over="dataset"))), [flat(0, 8), flat(1, 9)]
    )
    found = compared(recipe, flat(2, 12))
    share = of("clipped_high", found, 1)
    assert share == Shift(1, "clipped_high", 0.2, 0.0, 0.05, share.warning)
    assert "20 % of the voxels as clipped_high, in training 0 % and at most 0 % (limit 5 %)" in share.warning
    moved = of(DISTANCE, found, 0)
    spread = 4.5 / 1.349
    values = [np.arcsinh((np.linspace(low, high, 2001) - 4.5) / spread) for low, high in ((2, 12), (0, 8))]
    assert moved.found == pytest.approx(np.abs(values[0] - values[1]).mean(), rel=0.15)
    assert "median 7, in training 4.5; from 2 to 12, in training from 0 to 9" in moved.warning


def flat(low: float, high: float) -> Scan:
    return Scan(np.linspace(low, high, 61 * 40, dtype=np.float32).reshape(61, 40), "YX")


def test_beside_one_training_scan_the_limits_are_the_stated_ones() -> None:
    found = compared(LOCKED["one CT"], CHESTS[1])
    assert (of(DISTANCE, found, 0).limit, of(DISTANCE, found, 0).training) == (FAR_FROM_ONE, None)
    assert of(DISTANCE, found, 3).limit == 1.0
    assert of("clipped_high", found, 1).limit == pytest.approx(of("clipped_high", found, 1).found + 0.1, abs=0.01)


def test_what_holds_nothing_to_compare_is_told() -> None:
    """Measured inside the foreground, which a constant scan has not; applying it needs none."""
    constant = changed(CHESTS[0], np.zeros_like)
    found = compared(LOCKED["four CT"], constant)
    assert of(DISTANCE, found, 3).found is None
    assert "line 3: zscore works inside the foreground, and the scan is constant" in of(DISTANCE, found, 3).warning


def test_without_a_lock_nothing_is_compared() -> None:
    assert compared(replace(LOCKED["four CT"], lock=None), uptake(CHESTS[5])) == ()
