"""Which scans stand out, in sets where the answer is known."""

from dataclasses import replace

import numpy as np
import pytest

from prep_core.inspection import Summary, inspect
from prep_core.quality.outliers import robust_z, standing_out
from prep_core.scan import Scan, Source, voxel_affine


def summary(name: str, data: np.ndarray, **facts: object) -> Summary:
    return inspect(Scan(data, "ZYX"[-data.ndim :], voxel_affine(), name=name, **facts))


def ct(seed: int, shift: float = 0.0, scale: float = 1.0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    tissue = np.concatenate([rng.normal(m, 30, 300) for m in (-950, -800, 40, 400)])
    return ((tissue + shift) * scale).astype(np.float32).reshape(30, 40)


def test_scans_of_one_kind_do_not_stand_out() -> None:
    alike = [summary(f"{i}", ct(i), unit="HU", modality="CT") for i in range(6)]
    assert standing_out(alike) == ((),) * 6


@pytest.mark.parametrize(("shift", "scale"), [(1024, 1), (0, 0.001), (1000, 1 / 2000)])
def test_shifted_and_rescaled_values_stand_out(shift: float, scale: float) -> None:
    scans = [summary(f"{i}", ct(i), unit="HU", modality="CT") for i in range(5)]
    found = standing_out([*scans, summary("odd", ct(9, shift, scale), unit="HU", modality="CT")])
    assert found[:5] == ((),) * 5
    assert any("robust SD" in reason for reason in found[5])


def test_gain_is_compared_as_a_factor_where_scans_span_decades() -> None:
    rng = np.random.default_rng(0)
    power = [
        summary(f"{i}", (10 ** rng.uniform(0, 5, (60, 60)) * g).astype(np.float32))
        for i, g in enumerate((1, 1.1, 0.9, 1.05))
    ]
    weak = summary("weak", (10 ** rng.uniform(0, 5, (60, 60)) / 50).astype(np.float32))
    found = standing_out([*power, weak])
    assert found[:4] == ((),) * 4
    assert "below that of the set" in found[4][0], "on a linear scale a fiftieth of a small median is no distance"


def test_another_unit_modality_shape_and_voxel_size_are_named() -> None:
    data = np.arange(1200, dtype=np.float32).reshape(30, 40)
    usual = [summary(f"{i}", data, unit="HU", modality="CT") for i in range(3)]
    odd = replace(
        usual[0], name="odd", unit="dB", modality="MR", shape=(20, 60), spacing=(2.0, 2.0), spacing_known=True
    )
    reasons = standing_out([*usual, odd])[3]
    for word in (
        "unit dB, most have HU",
        "modality MR, most have CT",
        "shape 20 x 60, most have 30 x 40",
        "voxel size 2 x 2 mm",
    ):
        assert any(reason.startswith(word) for reason in reasons), word


def test_units_that_differ_without_a_majority_are_told_for_both_and_sizes_are_not() -> None:
    one = summary("one", np.ones((8, 8), np.float32), unit="HU")
    two = summary("two", np.ones((9, 9), np.float32), unit="dB")
    assert standing_out([one, two]) == (
        ("unit HU, and no unit is that of most",),
        ("unit dB, and no unit is that of most",),
    )


def test_the_same_bytes_twice_are_named_and_two_scans_of_one_file_are_not() -> None:
    data = np.random.default_rng(0).normal(size=(2, 16, 16)).astype(np.float32)
    first, second = (
        Scan(d, "YX", voxel_affine(), name=n, source=Source(sha256="ab")) for d, n in zip(data, "pq", strict=True)
    )
    copy = replace(first, name="copy")
    assert standing_out([inspect(first), inspect(second), inspect(copy)]) == ((), (), ("the same bytes as p",))


def test_robust_z_is_the_distance_over_the_scaled_median_deviation() -> None:
    values = np.array([1.0, 2.0, 3.0, 4.0, 100.0])
    # median 3, deviations 2 1 0 1 97, their median 1
    assert robust_z(values, 0.0).tolist() == pytest.approx([-2 / 1.4826, -1 / 1.4826, 0, 1 / 1.4826, 97 / 1.4826])
    assert robust_z(np.array([5.0, 5.0, 5.1]), 1.0).tolist() == pytest.approx([0, 0, 0.1])
    assert robust_z(np.zeros(3), 0.0).tolist() == [0, 0, 0]


def test_nearly_equal_scans_need_a_real_difference() -> None:
    base = np.linspace(0.0, 100.0, 1600, dtype=np.float32).reshape(40, 40) - 50
    near = 3.5 * 0.02 * 98  # robust standard deviations, of 2 % of the distance from p1 to p99 each
    for shift, stands_out in ((0.9 * near, False), (1.1 * near, True)):
        scans = [summary(f"{i}", base) for i in range(4)] + [summary("odd", base + np.float32(shift))]
        assert bool(standing_out(scans)[4]) is stands_out
    assert standing_out([]) == ()
