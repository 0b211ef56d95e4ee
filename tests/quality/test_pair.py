"""The figures of two results, and which of two values is better."""

import numpy as np
import pytest

from prep_core.quality import figures
from prep_core.quality.meanings import MEANINGS, preferred
from prep_core.quality.pair import pair_figures
from prep_core.scan import Scan, voxel_affine

RNG = np.random.Generator(np.random.PCG64(5))
THREE = np.repeat([10.0, 50.0, 90.0], 192).reshape(24, 24)
"""Three tissues in bands of eight rows."""


def scan(data: np.ndarray, **more: object) -> Scan:
    return Scan(data.astype(np.float32), "YX", voxel_affine(), **more)


def test_tissues_are_those_on_which_both_agree() -> None:
    one = THREE + RNG.normal(0, 1, THREE.shape)
    other = one.copy()
    other[:4] = 90.0  # dark in A and bright in B: in no class
    both = pair_figures(scan(one), scan(other), pictures=False)
    assert both is not None
    found = {figure.name: figure for figure in both.own}
    dark, middle, bright = (np.zeros(THREE.shape, bool) for _ in range(3))
    dark[4:8] = middle[8:16] = bright[16:] = True
    first, second = one.astype(np.float32), other.astype(np.float32)
    assert found["SNR"].before == pytest.approx(figures.snr(first, bright, dark))
    assert found["CNR"].after == pytest.approx(figures.cnr(second, middle, bright, dark))
    assert found["CJV"].before == pytest.approx(figures.cjv(first, middle, bright))


def test_as_pictures_only_what_compares_them_is_scaled() -> None:
    one, other = scan(THREE), scan(3 * THREE + 7)
    found = pair_figures(one, other, pictures=True)
    assert found is not None
    assert found.agreement is not None
    assert found.agreement.rmse == pytest.approx(0, abs=1e-6)
    assert {f.name: f.after for f in found.own}["largest"] == 277
    assert found.chart.axis.unit == "1"
    assert all(shares.sum() == pytest.approx(1) for shares in found.chart.shares.values())


def test_on_other_grids_each_is_told_by_itself() -> None:
    found = pair_figures(scan(THREE), scan(THREE[:12]), pictures=False)
    assert found is not None
    assert (found.agreement, found.joint) == (None, None)
    assert "CJV" not in {figure.name for figure in found.own}


def test_padding_alone_has_no_figures() -> None:
    assert pair_figures(scan(THREE), scan(THREE, valid=np.zeros(THREE.shape, bool)), pictures=False) is None


@pytest.mark.parametrize(
    ("name", "first", "second", "best"),
    [
        ("SNR", 3.0, 5.0, 1),
        ("CJV", 0.4, 0.9, 0),
        ("mean", -2.0, 0.5, 1),
        ("std", 2.5, 0.5, 1),  # a factor of 2 is nearer to 1 than one of 2.5
        ("std", 2.0, 0.5, None),
        ("std", 0.0, 100.0, 1),
        ("SNR", 3.0, 3.0, None),
        ("SNR", None, 3.0, None),
        ("entropy", 1.0, 2.0, None),
    ],
)
def test_the_better_of_two(name: str, first: float | None, second: float | None, best: int | None) -> None:
    assert preferred(name, first, second) == best


def test_shares_say_how_they_are_computed() -> None:
    assert all(MEANINGS[kind].formula for kind in ("voxels", "range", "variance", "loss", "gradient"))
