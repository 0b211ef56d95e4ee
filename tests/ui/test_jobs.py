"""Work beside the session: progress, an answer, a fault, a stop at once, and one piece of work at a time."""

from concurrent.futures import CancelledError
from threading import Event

import numpy as np
import pytest

from prep_core.inspection import inspect
from prep_core.line import Line
from prep_core.preview import whole
from prep_core.recipe import Recipe
from prep_core.run import apply
from prep_core.scan import Scan
from prep_ui.work.job import Job, Stage, Tell
from prep_ui.work.plane_run import on_plane, prepared
from prep_ui.work.results import Results, Room, bytes_in
from prep_ui.work.running import in_words


def someone_waits() -> bool:
    return True


def test_the_answer_and_the_progress_are_those_of_the_work() -> None:
    def work(tell: Tell) -> int:
        tell(Stage("counting", 2, 3, "planes"))
        return 7

    job = Job("key", work, someone_waits)
    assert job.wait(10)
    assert (job.result(), job.now, job.succeeded) == (7, Stage("counting", 2, 3, "planes"), True)


def test_a_fault_is_raised_where_the_answer_is_asked_for() -> None:
    def work(tell: Tell) -> None:
        raise ValueError("line 1: no answer")

    job = Job("key", work, someone_waits)
    assert job.wait(10)
    assert not job.succeeded
    with pytest.raises(ValueError, match="line 1: no answer"):
        job.result()


@pytest.mark.parametrize("leaves", [True, False], ids=["the session ended", "cancelled"])
def test_work_stops_at_its_next_stage(leaves: bool) -> None:
    looked, go = Event(), Event()
    seen, waiting = [], [True]

    def work(tell: Tell) -> None:
        for i in range(3):
            tell(Stage("looking", i))
            seen.append(i)
            looked.set()
            assert go.wait(10)

    job = Job("key", work, lambda: waiting[0])
    assert looked.wait(10)
    assert not job.finished
    if leaves:
        waiting[0] = False
    else:
        job.stop()
        assert job.finished, "nobody waits for a call that cannot be interrupted"
        assert not job.ended
    go.set()
    assert job.wait_for_end(10)
    assert job.forgotten == leaves, "a session that comes back begins anew"
    with pytest.raises(CancelledError):
        job.result()
    assert seen == [0]


def test_an_answer_that_is_there_outlives_a_stop_and_one_that_comes_too_late_is_dropped() -> None:
    soon = Job("key", lambda tell: 1, someone_waits)
    assert soon.wait_for_end(10)
    soon.stop()
    assert soon.result() == 1
    go = Event()
    late = Job("key", lambda tell: go.wait(10), someone_waits)
    late.stop()
    go.set()
    assert late.wait_for_end(10)
    assert not late.succeeded


def test_work_waits_for_the_thread_of_what_it_takes_the_place_of() -> None:
    go, order = Event(), []

    def slow(tell: Tell) -> None:
        assert go.wait(10)
        order.append("first")

    first = Job("first", slow, someone_waits)
    first.stop()
    never = Job("never", lambda tell: order.append("never"), someone_waits, after=first)
    never.stop()
    last = Job("last", lambda tell: order.append("last"), someone_waits, after=never)
    assert last.now.what == "waiting for stopped work to end"
    go.set()
    assert last.wait(10)
    assert order == ["first", "last"]


def test_planes_and_lines_are_told_and_a_told_stop_goes_through() -> None:
    scan = Scan(np.random.default_rng(0).normal(size=(3, 8, 8)).astype(np.float32), "ZYX")
    told = []
    list(whole((Line("median"), Line("minmax")), scan, first=4, told=lambda *place: told.append(place)))
    assert told == [(4, 0, 0), (4, 1, 3), (4, 2, 3), (4, 3, 3), (5, 0, 0)]

    def stop(n: int, done: int, of: int) -> None:
        if done:
            raise CancelledError

    with pytest.raises(CancelledError):
        list(whole((Line("median"),), scan, told=stop))


@pytest.mark.parametrize(
    ("stage", "seconds", "left", "words"),
    [
        (Stage("line 2 of 3: median", 40, 300, "planes"), 3.2, 20.8, "Line 2 of 3: median, 40 of 300 planes, 3 s, "),
        (Stage("line 1 of 1: n4"), 130.0, None, "Line 1 of 1: n4, 2 min"),
        (Stage("computing", 0.25, 1), 1.0, None, "Computing, 1 s"),
    ],
)
def test_progress_in_words(stage: Stage, seconds: float, left: float | None, words: str) -> None:
    rest = "about 21 s left for this" if left else ""
    assert in_words(stage, seconds, left) == words + rest


def test_the_time_left_is_that_of_equal_parts() -> None:
    go = Event()

    def work(tell: Tell) -> None:
        tell(Stage("counting", 1, 4, "planes"))
        assert go.wait(10)

    job = Job("key", work, someone_waits)
    while job.now.done != 1:
        go.wait(0.01)
    before, left, after = job.seconds, job.seconds_left, job.seconds
    go.set()
    assert left is not None
    assert 0 <= left <= 3 * after
    assert before <= after


def test_answers_make_room_by_number_and_by_bytes() -> None:
    few = Results(3, 10**9)
    for i in range(5):
        few.put(str(i), i)
    assert [str(i) in few for i in range(5)] == [False, False, True, True, True]
    small = Results(100, 1000)
    for i in range(4):
        small.put(str(i), np.zeros(100, np.float32))
        assert small.get("0") is not None, "what is used stays"
    assert ["0" in small, "1" in small, "2" in small, "3" in small] == [True, False, False, True]
    assert small.held == 800
    small.put("large", bytes(5000))
    assert (len(small), small.held) == (1, 5000)


def test_of_some_kinds_fewer_are_kept() -> None:
    results = Results(10, 10**9, fewer={"plane": 2})
    for key in ("plane tune:a", "lines:a", "plane tune:b", "plane pair:a", "planes:a", "plane tune:c"):
        results.put(key, key)
        results.get("plane tune:a")
    kept = [key for key in ("a", "b", "c") if f"plane tune:{key}" in results]
    assert kept == ["a", "c"], "what was used last stays, and the newest"
    assert all(key in results for key in ("lines:a", "plane pair:a", "planes:a"))


def test_sessions_share_room_and_the_longest_unused_goes_whosever_it_is() -> None:
    room = Room(1000)
    mine, yours = (Results(10, 10**9, room) for _ in range(2))
    mine.put("a", bytes(400))
    yours.put("b", bytes(400))
    assert mine.get("a") is not None
    mine.put("c", bytes(400))
    assert ["a" in mine, "b" in yours, "c" in mine] == [True, False, True]
    yours.put("large", bytes(5000))
    assert [len(mine), len(yours)] == [0, 1], "what was just computed stays"


def test_a_session_that_ended_holds_no_room() -> None:
    room = Room(1000)
    gone, here = (Results(10, 10**9, room) for _ in range(2))
    gone.put("a", bytes(900))
    del gone
    here.put("b", bytes(500))
    here.put("c", bytes(400))
    assert ["b" in here, "c" in here] == [True, True]


def test_bytes_are_counted_in_whatever_holds_them_and_each_array_once() -> None:
    scan = Scan(np.ones((2, 8, 8), np.float32), "ZYX")
    alone = bytes_in(scan)
    assert scan.data.nbytes + scan.valid.nbytes <= alone < scan.data.nbytes + scan.valid.nbytes + 1000
    assert bytes_in((scan, [scan], {"again": scan})) == alone
    assert bytes_in(inspect(scan)) > 0


def test_a_view_counts_as_the_array_that_it_keeps_in_memory() -> None:
    volume = np.ones((16, 8, 8), np.float32)
    assert bytes_in(volume[3]) == bytes_in((volume[3], volume[4])) == volume.nbytes
    assert bytes_in(np.broadcast_to(np.float32(1), (1000, 1000))) == 4


@pytest.mark.parametrize("lines", [(Line("gaussian", {"extent": "volume", "lengths_in": "px"}),), (Line("gamma"),)])
def test_the_answer_for_a_plane_keeps_no_volume_in_memory(lines: tuple[Line, ...]) -> None:
    values = np.random.default_rng(0).uniform(0, 1, (16, 8, 8)).astype(np.float32)
    values[0, 0, 0] = np.nan
    scan = Scan(values, "ZYX", mask=np.ones(values.shape, bool))
    ready = prepared("scan", scan, lines, {}, Results(9, 10**9), lambda stage: None)
    (found,) = on_plane(ready, scan, {"Z": 3}).done
    full = apply(Recipe(lines), scan).take({"Z": 3})
    np.testing.assert_array_equal(found.done.scan.data, full.data)
    np.testing.assert_array_equal(found.done.scan.valid, full.valid)
    assert bytes_in(found.done.scan) < values.nbytes / 2
