"""Messages between two processes: what goes in comes out bit for bit, and what is no message is refused."""

import io
import math
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prep_core.io import (
    Answers,
    AxesNeeded,
    FormNeeded,
    Limits,
    Part,
    PartNeeded,
    Question,
    RawForm,
    ReadError,
    Series,
)
from prep_core.io.guarded.wire import ERRORS, Fault, Request, WireError, receive, send
from prep_core.scan import Finding, Scan, Source
from tests.io.volumes import scans

SMALL = Scan(np.arange(6, dtype=np.int16).reshape(2, 3), "YX", name="small")


def sent(message: object) -> bytes:
    """`message` as it stands on the wire."""
    kept = io.BytesIO()
    stream = io.BufferedWriter(kept)
    send(stream, message)
    stream.detach()
    return kept.getvalue()


def received(data: bytes, largest: int = 1 << 20) -> Any:
    return receive(io.BufferedReader(io.BytesIO(data)), largest)


def differences(a: Any, b: Any, at: str = "it") -> Iterator[str]:
    """Where two values differ in type or content; NaN equals NaN, and arrays count by their bytes."""
    if type(a) is not type(b):
        yield f"{at}: {type(a).__name__} and {type(b).__name__}"
    elif isinstance(a, np.ndarray | np.generic):
        if (a.dtype, a.shape) != (b.dtype, b.shape) or a.tobytes() != b.tobytes():
            yield f"{at}: {a!r} and {b!r}"
    elif is_dataclass(a):
        for f in fields(a):
            yield from differences(getattr(a, f.name), getattr(b, f.name), f"{at}.{f.name}")
    elif isinstance(a, dict):
        yield from differences(list(a.items()), list(b.items()), at)
    elif isinstance(a, list | tuple):
        yield from [] if len(a) == len(b) else [f"{at}: {len(a)} and {len(b)} entries"]
        for i, (one, other) in enumerate(zip(a, b, strict=False)):
            yield from differences(one, other, f"{at}[{i}]")
    elif a != b and not (isinstance(a, float) and math.isnan(a) and math.isnan(b)):
        yield f"{at}: {a!r} and {b!r}"


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text() | st.binary(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text() | st.integers(), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(PLAIN)
def test_plain_values_keep_type_and_content(value: Any) -> None:
    assert list(differences(received(sent(value)), value)) == []


@given(scans(), PLAIN, st.booleans())
def test_every_field_of_a_scan_survives(scan: Scan, fact: Any, masked: bool) -> None:
    facts = {"fact": fact, "tag": "array", "half": np.float16(0.1), "number": {"number": 1}}
    finding = Finding("f", "warning", "Seen.", "Do.", "clip", {"low": -math.inf, "names": ["a"]})
    half = np.arange(scan.data.size).reshape(scan.data.shape) % 2 == 0
    given = replace(
        scan,
        valid=half if masked else scan.valid,
        mask=~half if masked else None,
        source=Source("ab" * 32, "X", "x 1.0", facts, ("odd",), ("scaled",)),
        findings=(finding, finding),
        display_inverted=masked,
        modality="OPT",
        name="\udc80 name",
    )
    assert list(differences(received(sent([given])), [given])) == []


@pytest.mark.parametrize("dtype", ["<i2", ">u4", "<f2", ">f8", "<c8", ">c16", "?", "<u8"])
def test_every_type_and_layout_of_an_array_survives(dtype: str) -> None:
    base = np.arange(24).reshape(2, 3, 4).astype(dtype)
    for array in (base, base.T, base[:, ::2, 1:3], base[:0], base[0, 0, 0], np.broadcast_to(base[0, 0, 1], (2, 1, 5))):
        assert list(differences(received(sent(array)), array)) == []


def test_what_arrives_cannot_be_written() -> None:
    (scan,) = received(sent([SMALL]))
    assert not scan.data.flags.writeable
    assert not received(sent(np.zeros(3))).flags.writeable


def test_a_mask_that_is_true_everywhere_takes_one_byte() -> None:
    data = np.zeros((500, 400), np.uint8)
    whole, one = Scan(data, "YX"), Scan(data[:1, :1], "YX")
    assert 0 <= len(sent(whole)) - len(sent(one)) - (data.size - 1) < 20
    assert received(sent(whole)).valid.strides == (0, 0)


ERROR = {
    ReadError("a.nii is cut; get a fresh copy"): {},
    Question("what?"): {},
    AxesNeeded("which axes?", (3, 4, 5), "int16", ("ZYX", "TYX")): {
        "shape": (3, 4, 5),
        "dtype": "int16",
        "choices": ("ZYX", "TYX"),
    },
    PartNeeded("which part?", (Part("a/b", (4, 5), "float32"),)): {"parts": (Part("a/b", (4, 5), "float32"),)},
    FormNeeded("which form?", 12345): {"size": 12345},
}


@pytest.mark.parametrize(("error", "attributes"), ERROR.items(), ids=lambda e: type(e).__name__)
def test_errors_come_back_as_themselves(error: ReadError, attributes: Mapping[str, Any]) -> None:
    back = received(sent(error))
    assert type(back) is type(error)
    assert (str(back), vars(back)) == (str(error), attributes)


def test_no_kind_of_error_is_forgotten() -> None:
    def below(kind: type[Any]) -> set[type[Any]]:
        return {kind}.union(*map(below, kind.__subclasses__()))

    own = {kind for kind in below(ReadError) if kind.__module__.startswith("prep_core")}
    assert own == set(ERRORS.values()) == {type(error) for error in ERROR}


@pytest.mark.parametrize("source", [{"a/b": b"xyz", "c": b""}, Series("/a", ("b/c.dcm", "d.dcm"), "a-series1", 3)])
def test_a_request_survives(source: Mapping[str, bytes] | Series) -> None:
    answers = Answers("YXC", (1.0, 0.1, 0.3), "HU", "CT", "a/b", RawForm("int16", (2, 3), "big", 5))
    request = Request(source, None, answers, Limits(seconds=3, voxels=2**60))
    assert list(differences(received(sent(request)), request)) == []


def test_a_read_only_mapping_arrives_as_a_dict() -> None:
    assert received(sent(MappingProxyType({"a": 1}))) == {"a": 1}


class Unknown(ReadError):
    """A kind of error that the wire does not know."""


@pytest.mark.parametrize("value", [object(), {1, 2}, [SMALL, 1j], ValueError("no"), Unknown("no"), np.dtype("i2")])
def test_anything_else_is_not_sent_at_all(value: object) -> None:
    kept = io.BytesIO()
    stream = io.BufferedWriter(kept)
    with pytest.raises(TypeError):
        send(stream, value)
    stream.flush()
    assert kept.getvalue() == b""


@pytest.mark.parametrize("cut", range(0, len(sent([SMALL])), 7))
def test_a_message_that_is_cut_is_the_end(cut: int) -> None:
    with pytest.raises(EOFError):
        received(sent([SMALL])[:cut])


def framed(header: str) -> bytes:
    return b"prep" + len(header).to_bytes(8, "little") + header.encode()


@pytest.mark.parametrize(
    "data",
    [
        b"Segmentation fault, and more words",
        b"prep" + b"\xff" * 40,
        framed("{"),
        framed("[" * 100_000),
        framed('{"Path": {"a": 1}}'),
        framed('{"Source": {"sha": 1}}'),
        framed('{"tuple": 5}'),
        framed('{"a": 1, "b": 2}'),
        framed('{"bytes": 99999999999}'),
        framed('{"bytes": -1}'),
        framed('{"ReadError": {"words": "x"}}'),
        framed('{"Scan": {"data": 5, "axes": "YX"}}'),
        *(
            framed(f'{{"array": {{"dtype": "{dtype}", "shape": {shape}, "repeats": {repeats}}}}}') + bytes(64)
            for dtype, shape, repeats in (
                ("O", [2], "false"),
                ("V8", [2], "false"),
                ("i2", [-2], "false"),
                ("i2", [2**40], "false"),
                ("i2", [2**40], "true"),
                ("i2", [2**40, 2**40], "false"),
                ("no type", [2], "false"),
            )
        ),
    ],
    ids=lambda data: data[12:60].decode("latin-1"),
)
def test_what_is_no_message_is_refused(data: bytes) -> None:
    with pytest.raises(WireError):
        received(data)


@given(st.integers(0, len(sent([SMALL])) - 1), st.integers(1, 255))
def test_a_damaged_message_is_refused_or_another_message(at: int, change: int) -> None:
    data = bytearray(sent([SMALL]))
    data[at] ^= change
    try:
        received(bytes(data))
    except (WireError, EOFError) as refused:
        assert at < len(data) - SMALL.data.nbytes - 16 * 8 - 1, refused


def test_a_fault_names_our_lines_and_no_words() -> None:
    try:
        received(b"secret words that are no message")
    except WireError as fault:
        told = Fault.of(fault)
    assert told.kind == "WireError"
    assert [where.partition(":")[0] for where in told.where] == ["prep_core.io.guarded.wire"]
    assert "secret" not in repr(told)
