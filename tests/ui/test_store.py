"""What sessions may keep: each within its bound, all within theirs, and nothing longer than the session lives."""

import gc
import weakref
from dataclasses import replace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from prep_core.scan import Scan
from prep_ui.session import scans
from prep_ui.session.app_state import AppState
from prep_ui.session.bounds import Bounds
from prep_ui.session.store import NoRoomError, ScanStore, Shelf, reader
from tests.ui.dashboard import npy, state, upload

MEGABYTE = 1 << 20


def megabyte(seed: int, name: str = "") -> Scan:
    return Scan(np.full((1024, 1024), seed, np.uint8), "YX", name=name)


def of_megabytes(scans: int, session: int) -> ScanStore:
    return ScanStore(Bounds(scans=scans * MEGABYTE, session=session * MEGABYTE))


def test_the_longest_unused_scan_of_a_session_makes_room() -> None:
    store, shelf = of_megabytes(9, 3), Shelf()
    keys = [store.put(shelf, megabyte(i)) for i in range(3)]
    assert store.get(keys[0]) is not None
    store.put(shelf, megabyte(3))
    assert store.get(keys[1]) is None
    assert store.get(keys[0]) is not None
    assert shelf.held == 3 * MEGABYTE


def test_no_scan_makes_room_for_one_of_somebody_else() -> None:
    store, mine, theirs = of_megabytes(4, 3), Shelf(), Shelf()
    keys = [store.put(mine, megabyte(i)) for i in range(3)]
    first = store.put(theirs, megabyte(3))
    # Their own makes room, as long as that is enough.
    second = store.put(theirs, megabyte(4))
    assert [store.has(key) for key in (*keys, first, second)] == [True, True, True, False, True]
    large = Scan(np.ones((2, 1024, 1024), np.uint8), "ZYX", name="large.npy")
    with pytest.raises(
        NoRoomError, match=r"^large\.npy was not opened: it takes 2\.1 MB .*other sessions take 3\.15 MB"
    ):
        store.put(theirs, large)
    assert store.has(second)
    store.drop(keys[1])
    assert store.get(store.put(theirs, large)) is large
    assert not store.has(second)


def test_a_scan_above_the_bound_of_a_session_is_refused_with_what_raises_it() -> None:
    store, shelf = of_megabytes(9, 1), Shelf()
    key = store.put(shelf, megabyte(0))
    large = Scan(np.ones((1024, 1025), np.uint8), "YX", name="large")
    with pytest.raises(
        NoRoomError, match=rf"1\.05 MB of memory, .*PREP_MEMORY=\"scans={9 * MEGABYTE} session={1024 * 1025}\"$"
    ):
        store.put(shelf, large)
    assert store.has(key)


def test_scans_of_one_upload_make_no_room_for_each_other() -> None:
    store, shelf = of_megabytes(9, 2), Shelf()
    keys = [store.put(shelf, megabyte(i)) for i in range(2)]
    with pytest.raises(
        NoRoomError, match=r"those opened with it take 2\.1 MB of the 2\.1 MB .*; open fewer at a time$"
    ):
        store.put(shelf, megabyte(2), keep=keys)
    assert store.has(store.put(shelf, megabyte(2), keep=keys[1:]))
    assert [store.has(key) for key in keys] == [False, True]


def test_a_corrected_scan_takes_the_place_of_the_one_before() -> None:
    store, shelf = of_megabytes(2, 2), Shelf()
    other, key = store.put(shelf, megabyte(0)), store.put(shelf, megabyte(1))
    scan = store.get(key)
    assert scan is not None
    fresh = store.put(shelf, replace(scan, unit="HU"), instead_of=key)
    assert [store.has(each) for each in (other, key, fresh)] == [True, False, True]


def test_what_is_not_valid_counts_too() -> None:
    store, shelf = of_megabytes(9, 9), Shelf()
    store.put(shelf, Scan(np.ones((4, 4), np.float32), "YX", valid=np.eye(4, dtype=bool)))
    assert shelf.held == 4 * 4 * 4 + 4 * 4


def test_scans_go_with_the_session() -> None:
    store, session = of_megabytes(2, 2), AppState()
    scan = megabyte(0)
    key, seen = store.put(session.shelf, scan), weakref.ref(scan.data)
    del scan
    gc.collect()
    assert seen() is not None
    del session
    gc.collect()
    assert seen() is None
    assert not store.has(key)
    assert store.has(store.put(Shelf(), Scan(np.ones((2, 1024, 1024), np.uint8), "ZYX")))


def test_keys_cannot_be_guessed() -> None:
    store, shelf = of_megabytes(9, 9), Shelf()
    scan = megabyte(0)
    assert store.put(shelf, scan) != store.put(shelf, scan)


def test_a_page_says_what_there_is_no_room_for_and_opens_the_rest(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = of_megabytes(2, 2)
    monkeypatch.setattr(scans, "scan_store", lambda: small)
    somebody_else = Shelf()
    small.put(somebody_else, megabyte(0))
    upload(app, "large.npy", npy(np.ones((1024, 512), np.float32)))
    assert "large was not opened: it takes 2.1 MB" in app.error[0].value.replace("\\", "")
    assert "wait until others close theirs" in app.error[0].value
    assert state(app).opened[0].sample
    del somebody_else
    gc.collect()
    upload(app, "large.npy", npy(np.ones((1024, 512), np.float32)))
    assert not app.error
    assert state(app).opened[0].key


def test_the_environment_sets_the_bounds() -> None:
    assert Bounds.of("") == Bounds()
    assert Bounds.of(" scans=7 answers=5") == Bounds(scans=7, answers=5)
    for wrong in ("scans", "scans=0", "scans=-1", "scans=4G", "room=4", "scans=²"):
        with pytest.raises(ValueError, match=r"^PREP_MEMORY: a bound is NAME=BYTES, with one of scans, session, answ"):
            Bounds.of(wrong)


def test_the_environment_changes_the_limits_of_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    reader().close()
    reader.clear()
    monkeypatch.setenv("PREP_LIMITS", "voxels=5 seconds=7")
    with reader() as bounded:
        assert (bounded.limits.voxels, bounded.limits.seconds) == (5, 7)
    reader.clear()
