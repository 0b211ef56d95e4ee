import numpy as np
import pytest

from prep_core.kernels.curve import by_curve, by_two_curves, curve, curve_of_curve
from tests.kernels.odd_values import any_bits, same_bits
from tests.kernels.twins import twins

RANDOM = np.random.default_rng(0)
PLACES = {
    "even": np.linspace(-100, 200, 257),
    "two": [0.0, 1.0],
    "crowded": np.sort(np.concatenate([RANDOM.normal(0, 1e-6, 500), [-1e4, 1e4]])),
    "double at the ends": [0, 0, 0, 1, 2, 5, 9, 20, 20],
    "double within": [0, 1, 1, 1, 5, 5, 9],
    "far apart": [-3e38, 0, 3e38],
    "next to each other": np.array([1, 2, 3]) * 1e-45,
    "many": np.sort(RANDOM.normal(0, 50, 20_000)),
}


def values_at(places: np.ndarray) -> np.ndarray:
    """What a curve is asked: any floats, its own points, and what lies beside and beyond them."""
    own = np.asarray(places, np.float32)
    beside = np.concatenate([own, np.nextafter(own, np.float32(np.inf)), np.nextafter(own, np.float32(-np.inf))])
    between = np.linspace(places[0], places[-1], 501).astype(np.float32)
    return np.concatenate([any_bits(777), beside[:3000], between])


def by_both(kernel, monkeypatch: pytest.MonkeyPatch, work) -> tuple[np.ndarray, np.ndarray]:
    results = []
    for form in twins(kernel):
        monkeypatch.setattr(f"prep_core.kernels.curve.{kernel.__name__}", form)
        results.append(work())
    return results[0], results[1]


def interpolated(image: np.ndarray, places: np.ndarray, values: np.ndarray) -> np.ndarray:
    with np.errstate(all="ignore"):
        return np.interp(image.astype(float), np.asarray(places, float), values)


@pytest.mark.parametrize("name", PLACES)
def test_both_forms_are_numpys_interp_to_the_bit(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    places = PLACES[name]
    image, values = values_at(places), np.cumsum(np.linspace(0.1, 2, len(places)) % 0.7)
    wanted = interpolated(image, places, values).astype(np.float32)
    for got in by_both(curve, monkeypatch, lambda: by_curve(image, places, values)):
        assert same_bits(got, wanted)


@pytest.mark.parametrize("name", PLACES)
def test_beyond_the_ends_the_last_rising_pieces_go_on(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    places = np.asarray(PLACES[name], float)
    image, values = values_at(places), np.cumsum(np.linspace(0.1, 2, len(places)) % 0.7)
    rises = np.flatnonzero(np.diff(places) > 0)[[0, -1]]
    first, last = np.diff(values)[rises] / np.diff(places)[rises]
    with np.errstate(all="ignore"):
        more = first * np.minimum(image - places[0], 0) + last * np.maximum(image - places[-1], 0)
        wanted = (interpolated(image, places, values) + more).astype(np.float32)
    for got in by_both(curve, monkeypatch, lambda: by_curve(image, places, values, beyond=True)):
        assert same_bits(got, wanted)


@pytest.mark.parametrize("inner", ["even", "double at the ends", "many"])
@pytest.mark.parametrize("outer", ["even", "double at the ends", "double within", "crowded"])
def test_two_curves_are_two_interps_without_rounding_between(
    inner: str, outer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    points, places = PLACES[inner], PLACES[outer]
    image, values = values_at(points), np.linspace(-150, 250, len(points))
    results = np.linspace(3, -8, len(places))
    wanted = interpolated(interpolated(image, points, values), places, results).astype(np.float32)
    for got in by_both(curve_of_curve, monkeypatch, lambda: by_two_curves(image, (points, values), (places, results))):
        assert same_bits(got, wanted)


def test_a_curve_by_hand() -> None:
    image = np.array([[-5, 0, 1, 2], [3, 4, 9, np.nan]], np.float32)
    got = by_curve(image, [0, 2, 4], [10, 20, 60])
    assert got[:, :3].tolist() == [[10, 10, 15], [40, 60, 60]]
    assert got[0, 3] == 20
    assert np.isnan(got[1, 3])
    assert by_curve(image, [0, 2, 4], [10, 20, 60], beyond=True)[:, 0].tolist() == [-15, 40]
    assert by_curve(image, [0, 2, 4], [10, 20, 60], beyond=True)[1, 2] == 160


def test_any_strides_dtypes_and_sizes_are_taken() -> None:
    image = np.arange(60, dtype=np.int16).reshape(3, 4, 5)[::-1, :, ::2]
    assert by_curve(image, [0, 60], [0, 30]).tolist() == (image / 2).tolist()
    assert by_curve(np.zeros((0, 4), np.float32), [0, 1], [0, 1]).shape == (0, 4)


def test_several_threads_give_the_same_bits() -> None:
    image = np.resize(values_at(PLACES["even"]), 1 << 21)
    values = np.linspace(0, 1, 257)
    got = by_curve(image, PLACES["even"], values)
    assert same_bits(got, interpolated(image, PLACES["even"], values).astype(np.float32))
