"""Bare numbers: every value as NumPy wrote it, and never read unless the form fits the file exactly."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prep_core.io import AxesNeeded, FormNeeded, Limits, RawForm, ReadError, encode, load
from prep_core.io.raw_binary import EXTENSIONS, guesses
from prep_core.io.raw_form import TYPES
from prep_core.scan import Scan

VALUES = np.arange(-30, 30, dtype=np.int16).reshape(3, 4, 5)
FORM = RawForm("int16", (3, 4, 5))


@given(
    dtype=st.sampled_from(TYPES),
    shape=st.lists(st.integers(1, 5), min_size=2, max_size=5),
    order=st.sampled_from(["little", "big"]),
    header=st.integers(0, 40),
    seed=st.integers(0, 2**16),
)
def test_every_number_is_as_it_was_written(dtype: str, shape: list[int], order: Any, header: int, seed: int) -> None:
    values = np.random.default_rng(seed).integers(0, 100, shape).astype(dtype)
    data = b"h" * header + values.astype(values.dtype.newbyteorder("<" if order == "little" else ">")).tobytes()
    form = RawForm(dtype, tuple(shape), order, header)
    (scan,) = load(data, name="scan.raw", raw=form, axes="TCZYX"[-len(shape) :])
    np.testing.assert_array_equal(scan.data, values)
    assert scan.data.dtype == np.dtype(dtype)
    assert (scan.spacing_known, scan.source.format, scan.name) == (False, "raw numbers", "scan")
    assert any(f"{header} bytes at its beginning" in w for w in scan.source.warnings) == (header > 0)


@pytest.mark.parametrize("name", sorted(f"scan{end}" for end in EXTENSIONS))
def test_a_form_is_asked_for(name: str) -> None:
    with pytest.raises(
        FormNeeded, match=rf"{name} has 120 bytes .* --raw TYPE:ZxYxX, such as --raw int16:44x"
    ) as asked:
        load(VALUES.tobytes(), name=name)
    assert asked.value.size == 120


@pytest.mark.parametrize(
    ("form", "words"),
    [
        (RawForm("int16", (4, 4, 5)), r"scan\.raw is too short: int16:4x4x5 .* needs 160 bytes, found 120;"),
        (RawForm("int16", (3, 4, 5), header=1), r"too short: .* header of 1 bytes needs 121 bytes, found 120"),
        (RawForm("int16", (2, 4, 5)), r"too long: .* needs 80 bytes, found 120, 40 over; .* with :40 at the end"),
        (
            RawForm("int8", (3, 4, 5), header=8),
            r"too long: .* needs 68 bytes, found 120, 52 over; .* with :60 at the end",
        ),
    ],
)
def test_a_form_that_does_not_fit_is_refused(form: RawForm, words: str) -> None:
    with pytest.raises(ReadError, match=words):
        load(VALUES.tobytes(), name="scan.raw", raw=form, axes="ZYX")


def test_a_form_above_the_limits_is_refused_before_the_file_is_read() -> None:
    with pytest.raises(ReadError, match="limit voxels"):
        load(VALUES.tobytes(), name="scan.raw", raw=RawForm("int16", (2**20, 2**20)))
    with pytest.raises(ReadError, match="limit voxels = 59"):
        load(VALUES.tobytes(), name="scan.raw", raw=FORM, axes="ZYX", limits=Limits(voxels=59))


def test_axes_are_asked_for_above_two() -> None:
    with pytest.raises(AxesNeeded, match="3 x 4 x 5"):
        load(VALUES.tobytes(), name="scan.raw", raw=FORM)
    (plane,) = load(VALUES.tobytes(), name="scan.raw", raw=RawForm("int16", (12, 5)))
    assert plane.axes == "YX"
    (turned,) = load(VALUES.tobytes(), name="scan.raw", raw=FORM, axes="YXC")
    np.testing.assert_array_equal(turned.data, VALUES.transpose(2, 0, 1))


def test_any_unknown_file_is_read_with_a_form_and_a_known_one_is_not() -> None:
    (scan,) = load(VALUES.tobytes(), name="scan.xyz", raw=FORM, axes="ZYX")
    np.testing.assert_array_equal(scan.data, VALUES)
    known = encode(Scan(VALUES, "ZYX"), "nrrd")
    (scan,) = load(known, name="scan.nrrd", raw=RawForm("uint8", (len(known), 1)))
    assert scan.source.format == "NRRD"


def test_first_numbers_that_look_like_a_format_are_numbers() -> None:
    data = b"BM" + bytes(118)
    (scan,) = load(data, name="scan.img", raw=FORM, axes="ZYX")
    np.testing.assert_array_equal(scan.data.ravel(), np.frombuffer(data, "<i2"))


@given(
    dtype=st.sampled_from(["uint8", "int16", "float32"]),
    planes=st.integers(1, 300),
    side=st.sampled_from([64, 256, 512]),
)
def test_guesses_fit_the_size_exactly(dtype: str, planes: int, side: int) -> None:
    size = planes * side * side * np.dtype(dtype).itemsize
    found = guesses(size)
    assert 1 <= len(found) <= 4
    assert all(RawForm.parse(text).size == size for text in found)


@pytest.mark.parametrize(
    ("size", "first"),
    [(256**3, "uint8:256x256x256"), (2 * 100**3, "int16:100x100x100"), (4 * 37**3, "float32:37x37x37")],
)
def test_a_cube_is_guessed_first(size: int, first: str) -> None:
    assert guesses(size)[0] == first


@pytest.mark.parametrize("size", [1, 7, 120, 1009, 2**31 - 1])
def test_a_size_that_fits_nothing_usual_gives_no_guess(size: int) -> None:
    assert guesses(size) == []


def test_an_empty_file_is_empty() -> None:
    with pytest.raises(ReadError, match=r"scan\.raw is empty"):
        load(b"", name="scan.raw", raw=FORM)
