import numpy as np
import pytest

from prep_core.measure import Moments


@pytest.mark.parametrize("offset", [0.0, 1e6])
def test_equals_numpy_in_float64(offset: float) -> None:
    values = (np.random.default_rng(0).normal(0, 3, 700_001) + offset).astype(np.float32)
    moments = Moments()
    for part in np.array_split(values, 7):
        moments.update(part)
    wide = values.astype(np.float64)
    assert moments.count == values.size
    assert moments.finish() == pytest.approx({"mean": wide.mean(), "std": wide.std()}, rel=1e-12)


def test_merging_equals_pooling() -> None:
    rng = np.random.default_rng(1)
    parts = [rng.normal(i, 2, n).astype(np.float32) for i, n in enumerate((5, 0, 300_000, 17))]
    first, *others = [Moments() for _ in parts]
    for moments, part in zip((first, *others), parts, strict=True):
        moments.update(part)
    for other in others:
        first.merge(other)
    pool = np.concatenate(parts).astype(np.float64)
    assert first.count == pool.size
    assert first.finish() == pytest.approx({"mean": pool.mean(), "std": pool.std()}, rel=1e-12)
