"""Values on another grid: SimpleITK's within rounding, however the work is divided and the array lies in memory."""

from itertools import pairwise

import numpy as np
import pytest
import SimpleITK
from scipy.ndimage import gaussian_filter

from prep_core.export.embedded.between import linear_between, spline_between
from prep_core.kernels import parts
from prep_core.ops.grid import antialiasing, interpolating
from prep_core.ops.grid.antialiasing import gaussian
from prep_core.ops.grid.interpolating import Axis, interpolated
from prep_core.ops.lines import mirrored

THEIRS = {"linear": SimpleITK.sitkLinear, "bspline": SimpleITK.sitkBSpline}
OURS = {"linear": linear_between, "bspline": spline_between}
SHAPES = ((9, 24, 21), (3, 9, 9), (1, 8, 9), (3, 1, 40), (30, 40))
STEPS = ((1.3, 0.45, 0.52), (6.1, 2.3, 1.9), (0.7, 1.0, 1.0), (1.0, 0.6, 2.5), (1.1, 0.7, 1.3), (1.0, 1.0, 1.0))
EPSILON = float(np.finfo(np.float32).eps)


def axes(shape: tuple[int, ...], step: tuple[float, ...]) -> list[Axis]:
    made = []
    for n, each in zip(shape, step[-len(shape) :], strict=True):
        size = max(1, round(n / each))
        made.append(Axis(size, (n - 1 - (size - 1) * each) / 2, each))
    return made


def drawn(shape: tuple[int, ...]) -> np.ndarray:
    return np.random.default_rng(0).normal(0, 100, shape).astype(np.float32)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("kind", THEIRS)
def test_values_are_those_of_simpleitk_within_rounding(
    kind: str, shape: tuple[int, ...], step: tuple[float, ...]
) -> None:
    old, new = drawn(shape), axes(shape, step)
    theirs = SimpleITK.Resample(
        SimpleITK.GetImageFromArray(old),
        [axis.size for axis in new[::-1]],
        interpolator=THEIRS[kind],
        outputOrigin=[axis.first for axis in new[::-1]],
        outputSpacing=[axis.step for axis in new[::-1]],
        useNearestNeighborExtrapolator=True,
    )
    furthest = np.abs(interpolated(old, new, kind) - SimpleITK.GetArrayFromImage(theirs)).max()
    assert furthest <= {"linear": 1, "bspline": 2}[kind] * EPSILON * np.abs(old).max()


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("kind", OURS)
def test_the_exported_functions_give_the_same_bits(kind: str, shape: tuple[int, ...], step: tuple[float, ...]) -> None:
    old, new = drawn(shape), axes(shape, step)
    old.flat[::3] = -0.0
    exported = OURS[kind](old, [a.size for a in new], [a.first for a in new], [a.step for a in new])
    assert exported.tobytes() == interpolated(old, new, kind).tobytes()


@pytest.mark.parametrize("kind", THEIRS)
def test_an_array_that_lies_otherwise_gives_the_same_bytes(kind: str) -> None:
    old = drawn((6, 10, 12))
    new = axes(old.shape, (1.4, 0.7, 1.1))
    wanted = interpolated(old, new, kind).tobytes()
    for other in (np.asfortranarray(old), np.repeat(old, 2, axis=2)[:, :, ::2], old[::-1].copy()[::-1]):
        assert not other.flags.c_contiguous
        assert interpolated(other, new, kind).tobytes() == wanted
        assert gaussian(other, (1.0, 0.0, 2.0)).tobytes() == gaussian(old, (1.0, 0.0, 2.0)).tobytes()


@pytest.mark.parametrize(
    ("shape", "step", "calls"),
    [
        ((9, 24, 21), STEPS[0], {"linear": 1, "bspline": 2, "gaussian": 3}),
        ((9, 24, 21), STEPS[1], {"linear": 1, "bspline": 2, "gaussian": 3}),
        ((60, 40), STEPS[0], {"linear": 1, "bspline": 1, "gaussian": 2}),
    ],
)
def test_bytes_do_not_depend_on_how_many_share_the_work(
    monkeypatch: pytest.MonkeyPatch, shape: tuple[int, ...], step: tuple[float, ...], calls: dict[str, int]
) -> None:
    old = drawn(shape)
    new, sigma = axes(shape, step), (0.7, 2.0, 1.1)[: len(shape)]
    alone = [interpolated(old, new, kind) for kind in THEIRS] + [gaussian(old, sigma)]
    shares: list[int] = []

    def in_five(size: int, work, fewest: int) -> None:
        ends = np.linspace(0, size, 6).astype(int).tolist()
        shares.append(size)
        for start, stop in pairwise(ends):
            work(slice(start, stop))

    for module in (interpolating, antialiasing):
        monkeypatch.setattr(module, "in_parts", in_five)
    shared = [interpolated(old, new, kind) for kind in THEIRS] + [gaussian(old, sigma)]
    assert len(shares) == sum(calls.values())
    assert [each.tobytes() for each in shared] == [each.tobytes() for each in alone]


def test_threads_share_a_large_volume(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "_cores", lambda: 2)
    old = drawn((130, 130, 130))
    new = axes(old.shape, (1.0, 1.0, 1.0))
    np.testing.assert_array_equal(interpolated(old, new, "linear"), old)
    np.testing.assert_array_equal(interpolated(old, new, "bspline"), old)


@pytest.mark.parametrize("sigma", [(0.5, 0.5, 0.5), (2.3, 0.0, 7.7), (0.0, 12.3, 0.3)])
@pytest.mark.parametrize("shape", SHAPES)
def test_the_gaussian_has_the_bits_of_scipy(shape: tuple[int, ...], sigma: tuple[float, ...]) -> None:
    old = drawn(shape)
    kept = old.copy()
    own = sigma[-len(shape) :]
    assert gaussian(old, own).tobytes() == gaussian_filter(old, own, mode="mirror").tobytes()
    assert old.tobytes() == kept.tobytes()


@pytest.mark.parametrize("n", [1, 2, 3, 7])
def test_a_line_goes_on_as_numpy_pads_it(n: int) -> None:
    wanted = np.arange(n) if n == 1 else np.pad(np.arange(n), 20, mode="reflect")
    index = np.arange(0 if n == 1 else -20, n if n == 1 else n + 20)
    assert mirrored(index, n).tolist() == wanted.tolist()
    assert (mirrored(np.arange(-9, 9), 1) == 0).all()
