"""MATLAB 5: numbers, classes and parts, against what SciPy wrote and what the format says."""

import io
import struct
import zlib
from typing import Any

import numpy as np
import pytest
import scipy.io
import scipy.sparse
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from prep_core.io import AxesNeeded, Limits, PartNeeded, ReadError, load
from prep_core.scan import Scan

RAMP = np.arange(12.0).reshape(3, 4)
TYPES = ("bool", "i1", "u1", "i2", "u2", ">i2", "i4", "u4", "i8", "u8", "f4", "f8", "c8", "c16")
HEADER = b"MATLAB 5.0 MAT-file, Platform: GLNXA64".ljust(124)


def saved(variables: dict[str, Any], packed: bool = True) -> bytes:
    stream = io.BytesIO()
    scipy.io.savemat(stream, variables, do_compression=packed)
    return stream.getvalue()


def one(data: bytes, **answers: Any) -> Scan:
    (scan,) = load(data, name="run.mat", **answers)
    return scan


@given(
    st.sampled_from(TYPES).flatmap(lambda t: hnp.arrays(t, st.tuples(st.integers(2, 4), st.integers(2, 5)))),
    st.booleans(),
)
def test_what_scipy_saved_comes_back(array: Any, packed: bool) -> None:
    if not np.isfinite(array).any():
        array = np.ones_like(array)
    scan = one(saved({"image": array}, packed))
    assert scan.data.dtype == array.dtype.newbyteorder("=")
    np.testing.assert_array_equal(scan.data, array)
    assert (scan.axes, scan.name, scan.source.format) == ("YX", "run", "MATLAB 5")


def element(order: str, kind: int, body: bytes) -> bytes:
    return struct.pack(f"{order}II", kind, len(body)) + body + bytes(-len(body) % 8)


def by_hand(
    order: str, kind: int, stored: int, numbers: bytes, flags: int = 0, shape: tuple[int, ...] = (2, 3)
) -> bytes:
    """A file of one array, of a class of MATLAB and a type of storage."""
    head = element(order, 6, struct.pack(f"{order}II", kind | flags << 8, 0))
    head += element(order, 5, struct.pack(f"{order}{len(shape)}i", *shape)) + element(order, 1, b"image")
    matrix = element(order, 14, head + element(order, stored, numbers))
    return HEADER + struct.pack(f"{order}H2s", 0x0100, b"IM" if order == "<" else b"MI") + matrix


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(
    ("kind", "stored", "code", "dtype"),
    [
        (6, 2, "B", "float64"),
        (6, 3, "h", "float64"),
        (6, 5, "i", "float64"),
        (6, 9, "d", "float64"),
        (7, 4, "H", "float32"),
        (10, 2, "B", "int16"),
        (13, 6, "I", "uint32"),
    ],
)
def test_doubles_are_kept_in_small_types_and_columns_come_first(
    order: str, kind: int, stored: int, code: str, dtype: str
) -> None:
    data = by_hand(order, kind, stored, struct.pack(f"{order}6{code}", 1, 2, 3, 4, 5, 6))
    scan = one(data)
    assert (str(scan.data.dtype), scan.data.tolist()) == (dtype, [[1, 3, 5], [2, 4, 6]])
    assert bool(scan.source.converted) == (np.dtype(code) != dtype)
    np.testing.assert_array_equal(scipy.io.loadmat(io.BytesIO(data))["image"], scan.data)


def test_small_numbers_stand_inside_of_a_tag() -> None:
    small = saved({"im": np.array([[1, 2], [3, 4]], "u1")}, packed=False)
    assert len(small) < 128 + 8 + 16 + 16 + 16 + 8 + 1
    assert one(small).data.tolist() == [[1, 2], [3, 4]]


def test_a_stack_is_asked_about_with_rows_first() -> None:
    array = np.arange(60, dtype="u2").reshape(3, 4, 5)
    with pytest.raises(AxesNeeded, match=r"3 x 4 x 5, rows first as MATLAB counts.* --axes YXZ") as asked:
        one(saved({"stack": array}))
    assert asked.value.choices == ("YXZ", "YXT", "YXC")
    for axes, place in (("YXZ", "ZYX"), ("YXC", "CYX")):
        scan = one(saved({"stack": array}), axes=axes)
        assert scan.axes == place
        np.testing.assert_array_equal(scan.data, array.transpose(2, 0, 1))


MIXED = {
    "image": RAMP,
    "large": np.zeros((5, 6), "u2"),
    "title": "hello",
    "info": {"a": RAMP},
    "cells": np.array([1, "a"], object),
    "few": scipy.sparse.eye(5).tocsc(),
    "profile": np.arange(9),
    "six": np.zeros((2,) * 6),
}


def test_several_arrays_are_asked_about() -> None:
    with pytest.raises(
        PartNeeded, match=r"holds 2 arrays .*: large \(5 x 6 uint16\), image \(3 x 4 float64\)"
    ) as asked:
        one(saved(MIXED))
    assert [part.name for part in asked.value.parts] == ["large", "image"]
    scan = one(saved(MIXED), part="image")
    np.testing.assert_array_equal(scan.data, RAMP)
    assert scan.name == "run-image"
    assert any("4 variables" in words for words in scan.source.warnings)
    with pytest.raises(PartNeeded, match="has no part 'title'"):
        one(saved(MIXED), part="title")


@pytest.mark.parametrize("name", ["title", "info", "cells", "few", "profile", "six"])
def test_no_array_of_numbers_is_refused(name: str) -> None:
    with pytest.raises(ReadError, match=r"run\.mat holds no plain array of numbers"):
        one(saved({name: MIXED[name]}))


GOOD = by_hand("<", 9, 2, bytes(range(6)))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (GOOD[:100], "header is not whole"),
        (GOOD[:140], "truncated"),
        (GOOD[:-8], "truncated"),
        (GOOD + b"\1\0\0\0\0\0\0\0", "element of MATLAB type 1 stands alone"),
        (GOOD[:126] + b"XX" + GOOD[128:], "header is not whole"),
        (by_hand("<", 9, 2, bytes(5)), "contradict its head"),
        (by_hand("<", 9, 2, bytes(7)), "contradict its head"),
        (by_hand("<", 9, 9, bytes(48)), "contradict its head"),
        (by_hand("<", 9, 14, bytes(6)), "contradict its head"),
        (by_hand("<", 9, 2, bytes(6), flags=8), "contradict its head"),
        (by_hand("<", 9, 2, bytes(6), shape=(2, -3)), "no plain array of numbers"),
        (by_hand("<", 9, 2, bytes(6), shape=(2,)), "dimensions of a variable"),
        (by_hand("<", 9, 2, bytes(6), shape=(2**15, 2**15)), "limit voxels"),
        (by_hand("<", 9, 2, bytes(9000)), "longer than its numbers"),
    ],
)
def test_what_contradicts_itself_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(ReadError, match=words):
        one(data)


def compressed(inside: bytes, declared: int | None = None) -> bytes:
    """A variable in a zlib stream, that may declare another length."""
    body = inside if declared is None else inside[:4] + struct.pack("<I", declared) + inside[8:]
    packed = zlib.compress(body, 9)
    return GOOD[:128] + struct.pack("<II", 15, len(packed)) + packed


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (compressed(GOOD[128:] + bytes(2**26)), "corrupt: expected"),
        (compressed(GOOD[128:], 2**30), "longer than its numbers"),
        (compressed(GOOD[128:], 4000), "truncated: expected 4008 unpacked bytes"),
        (compressed(bytes(64)), "is no matrix"),
        (compressed(GOOD[128:])[:-3] + b"xyz", "cannot be unpacked"),
        (GOOD[:128] + struct.pack("<II", 15, 8) + b"not zlib", "cannot be unpacked"),
        (compressed(by_hand("<", 9, 2, bytes(2**24), shape=(2**12, 2**12))[128:]), "limit ratio"),
    ],
)
def test_compressed_variables_that_lie_are_refused(data: bytes, words: str) -> None:
    with pytest.raises(ReadError, match=words):
        load(data, name="lie.mat", limits=Limits(ratio_from=2**20))


def test_more_variables_than_the_limit_are_refused() -> None:
    many = GOOD[:128] + GOOD[128:] * 20
    with pytest.raises(ReadError, match="limit members = 10"):
        load(many, limits=Limits(members=10))
