"""Memory that processes share: nobody changes it, and it goes when the last one lets go."""

import io
import os
import socket
from pathlib import Path

import numpy as np
import pytest

from prep_core.io import load
from prep_core.io.segment import AT_ONCE, Draft, Segment, borrowed, lend
from tests.fuzz.seeds import npy

DATA = bytes(range(256)) * 40


def kept() -> int:
    """How many descriptors and mappings of segments this process holds."""
    names = []
    for place in Path("/proc/self/fd").iterdir():
        # The descriptor of this listing is gone by the time it is looked at.
        if place.exists():
            names.append(os.readlink(place))
    return sum("memfd:prep" in name for name in [*names, *Path("/proc/self/maps").read_text().splitlines()])


def test_the_bytes_are_those_of_the_parts() -> None:
    segment = Segment.of([DATA[:7], b"", DATA[7:]])
    assert (len(segment), bytes(segment.view)) == (len(DATA), DATA)
    assert len(Segment.of([])) == len(Segment.of([]).view) == 0


def test_nobody_can_change_it() -> None:
    segment = Segment.of([DATA])
    with pytest.raises(PermissionError):
        os.pwrite(segment.descriptor, b"x", 0)
    with pytest.raises(PermissionError):
        os.truncate(segment.descriptor, 0)
    assert segment.view.readonly
    assert not np.frombuffer(segment.view, np.uint8).flags.writeable
    assert bytes(segment.view) == DATA


def test_each_stream_reads_and_seeks_by_itself_as_bytes_do() -> None:
    segment, same = Segment.of([DATA]), io.BytesIO(DATA)
    one, other = segment.open(), segment.open()
    assert other.read(5) == DATA[:5]
    for offset, whence in ((3, 0), (4, 1), (-9, 2), (10, 2), (0, 0)):
        assert one.seek(offset, whence) == same.seek(offset, whence)
        assert (one.read(6), one.tell()) == (same.read(6), same.tell())
    assert other.read(5) == DATA[5:10]
    with pytest.raises(ValueError, match="a place must be 0 or more, got -1"):
        segment.open().seek(-1)


def test_it_goes_with_the_last_who_looks() -> None:
    before = kept()
    segment = Segment.of([DATA])
    array = np.frombuffer(segment.view, np.uint8)
    assert kept() > before
    del segment
    assert array.tobytes() == DATA
    del array
    assert kept() == before


def test_what_is_given_up_half_written_is_gone() -> None:
    before = kept()
    with Draft() as draft:
        draft.append(DATA)
        assert kept() > before
    assert kept() == before


def test_the_place_of_an_array_is_told_only_where_all_of_it_lies() -> None:
    segment = Segment.of([DATA])
    whole = np.frombuffer(segment.view, np.uint8)
    assert segment.place_of(whole) == 0
    assert segment.place_of(whole[64:128].view(np.float32)) == 64
    assert segment.place_of(whole[::2]) is None
    assert segment.place_of(whole.copy()) is None
    assert segment.place_of(np.frombuffer(Segment.of([DATA]).view, np.uint8)) is None


def test_more_than_one_message_of_them_can_be_lent() -> None:
    before = kept()
    here, there = socket.socketpair()
    with here, there:
        lent = [Segment.of([b"%d" % i]) for i in range(AT_ONCE + 3)]
        lend(here, lent)
        found = borrowed(there, [str(i) for i in range(len(lent))])
        assert [(bytes(s.view), s.sha256) for s in found] == [(b"%d" % i, str(i)) for i in range(len(lent))]
        here.close()
        with pytest.raises(EOFError):
            borrowed(there, [""])
    del lent, found
    assert kept() == before


def test_a_scan_is_read_from_where_it_lies() -> None:
    array = np.arange(600, dtype=np.float32).reshape(20, 30)
    data = npy(array)
    segment = Segment.of([data])
    (scan,) = load({"a.npy": segment})
    (same,) = load({"a.npy": data})
    assert segment.place_of(scan.data) == len(data) - array.nbytes
    assert (scan.source, scan.findings, scan.data.tobytes()) == (same.source, same.findings, same.data.tobytes())
    (alone,) = load(segment, name="a.npy")
    assert (alone.name, alone.source) == (same.name, same.source)
