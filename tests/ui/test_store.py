import numpy as np
import pytest

from prep_core.scan import Scan
from prep_ui.session.store import ScanStore, reader


def megabyte(seed: int) -> Scan:
    return Scan(np.full((1024, 1024), seed, np.uint8), "YX")


def test_the_longest_unused_scan_makes_room() -> None:
    store = ScanStore(budget=3 << 20)
    keys = [store.put(megabyte(i)) for i in range(3)]
    assert store.get(keys[0]) is not None
    store.put(megabyte(3))
    assert store.get(keys[1]) is None
    assert store.get(keys[0]) is not None


def test_one_scan_may_be_larger_than_the_budget_and_is_gone_when_dropped() -> None:
    store = ScanStore(budget=1)
    key = store.put(megabyte(0))
    assert store.get(key) is not None
    store.drop(key)
    assert store.get(key) is None


def test_keys_cannot_be_guessed() -> None:
    store = ScanStore(budget=1 << 30)
    scan = megabyte(0)
    assert store.put(scan) != store.put(scan)


def test_the_environment_changes_the_limits_of_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    reader().close()
    reader.clear()
    monkeypatch.setenv("PREP_LIMITS", "voxels=5 seconds=7")
    with reader() as bounded:
        assert (bounded.limits.voxels, bounded.limits.seconds) == (5, 7)
    reader.clear()
