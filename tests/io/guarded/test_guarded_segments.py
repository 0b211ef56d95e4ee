"""Large files that a reading process looks at where they lie: the same scans, and nothing is left behind."""

import gc
import hashlib
import json
import os
import signal
from collections.abc import Iterator
from io import BufferedReader, BufferedWriter, BytesIO
from typing import Any

import numpy as np
import pytest

from prep_core.io import SHARED_FROM, AxesNeeded, Limits, ReadError, Segment, load
from prep_core.io.guarded import reader as reader_module
from prep_core.io.guarded.reader import GuardedReader
from prep_core.io.guarded.wire import WireError, receive, send
from tests.fuzz.seeds import SEEDS, npy
from tests.io.guarded.processes import heavy, is_alive, processor_seconds, wait_until, workers
from tests.io.guarded.test_guarded import outcome
from tests.io.guarded.test_guarded_failures import Attempt
from tests.io.guarded.test_wire import differences, framed
from tests.io.test_segment import kept

VOLUME = np.arange(3 * 40 * 50, dtype=np.int16).reshape(3, 40, 50)


@pytest.fixture(scope="module")
def shared() -> Iterator[GuardedReader]:
    with GuardedReader(limits=Limits(seconds=30)) as reader:
        yield reader


@pytest.fixture(autouse=True)
def nothing_left() -> Iterator[None]:
    gc.collect()
    before = kept()
    yield
    gc.collect()
    assert kept() == before


@pytest.mark.parametrize("format", SEEDS)
def test_scans_of_every_format_are_the_same(shared: GuardedReader, format: str) -> None:
    seed = SEEDS[format]()
    files = seed if isinstance(seed, dict) else {"seed": seed}
    segments = {name: Segment.of([data]) for name, data in files.items()}
    assert list(differences(outcome(shared.load, segments), outcome(load, files))) == []


@pytest.mark.parametrize("kind", ["<f4", ">f4", "<c8", "F"])
def test_arrays_that_may_stay_where_they_lie_do(shared: GuardedReader, kind: str) -> None:
    array = np.asfortranarray(VOLUME) if kind == "F" else VOLUME.astype(kind)
    data = npy(array)
    segment = Segment.of([data])
    (scan,) = shared.load({"a.npy": segment}, axes="ZYX")
    (here,) = load({"a.npy": data}, axes="ZYX")
    assert list(differences(scan, here)) == []
    assert (segment.place_of(scan.data) is not None) == kind.startswith("<")
    assert not scan.data.flags.writeable


@pytest.mark.parametrize("place", [[0, -4], [0, 2], [0, 36], [0, 2**70], [1, 0], [-1, 0], ["a", 0], [0]], ids=str)
def test_a_place_where_no_array_can_be_is_refused(place: list[Any]) -> None:
    segment = Segment.of([bytes(40)])

    def told(at: list[Any]) -> Any:
        form = {"dtype": "<i4", "shape": [2], "repeats": False, "place": at}
        return receive(BufferedReader(BytesIO(framed(json.dumps({"array": form})))), 100, [segment])

    assert told([0, 32]).tolist() == [0, 0]
    with pytest.raises(WireError):
        told(place)


def test_a_small_part_of_a_large_segment_is_copied_out() -> None:
    segment = Segment.of([bytes(range(200))])
    whole = np.frombuffer(segment.view, np.uint8)
    for size, stays in ((100, True), (99, False)):
        kept = BytesIO()
        stream = BufferedWriter(kept)
        send(stream, whole[50 : 50 + size], [segment])
        stream.detach()
        back = receive(BufferedReader(BytesIO(kept.getvalue())), 200, [segment])
        assert back.tobytes() == whole[50 : 50 + size].tobytes()
        assert (segment.place_of(back) == 50) is stays


def test_the_digest_of_who_wrote_it_is_taken_over(shared: GuardedReader) -> None:
    data = npy(VOLUME)
    (plain,) = shared.load({"a.npy": Segment.of([data])}, axes="ZYX")
    told = Segment.of([data])
    told.sha256 = "ab" * 32
    (scan,) = shared.load({"a.npy": told}, axes="ZYX")
    assert plain.source.sha256 == hashlib.sha256(data).hexdigest()
    assert scan.source.sha256 == "ab" * 32


def test_a_question_leaves_the_bytes_for_the_answer(shared: GuardedReader) -> None:
    segment = Segment.of([npy(VOLUME)])
    for _ in range(2):
        with pytest.raises(AxesNeeded):
            shared.load({"a.npy": segment})
    (scan,) = shared.load({"a.npy": segment}, axes="TYX")
    assert scan.data.tobytes() == VOLUME.tobytes()


def test_large_bytes_go_as_a_segment(shared: GuardedReader) -> None:
    array = np.arange(SHARED_FROM // 4, dtype=np.float32).reshape(1024, -1)
    assert reader_module._sent(b"small") == b"small"
    assert isinstance(reader_module._sent(npy(array)), Segment)
    for source in (npy(array), {"a.npy": npy(array)}):
        (scan,) = shared.load(source)
        assert scan.data.tobytes() == array.tobytes()


def test_systems_without_segments_send_bytes_through_the_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("prep_core.io.guarded.child.IS_THERE", False)
    monkeypatch.setattr("prep_core.io.guarded.reader.IS_THERE", False)
    array = np.arange(SHARED_FROM // 4, dtype=np.float32).reshape(1024, -1)
    with GuardedReader() as reader:
        (scan,) = reader.load(npy(array))
    assert scan.data.tobytes() == array.tobytes()


def test_a_process_that_is_killed_leaves_nothing_behind() -> None:
    others = workers()
    segment: Any = Segment.of([heavy()])
    with GuardedReader(limits=Limits(decoded_bytes=2**40, ratio=2**30)) as reader:
        reader.load(npy())
        (pid,) = (pid for pid in workers() if pid not in others)
        before = processor_seconds(pid)
        attempt = Attempt(reader, segment)
        wait_until(lambda: processor_seconds(pid) > before + 0.2)
        os.kill(pid, signal.SIGKILL)
        assert isinstance(attempt.end(), ReadError)
        assert not is_alive(pid)
        # Its bytes are whole, for whoever reads them next.
        assert bytes(segment.view) == heavy()
        assert reader.load(npy())[0].data.size
