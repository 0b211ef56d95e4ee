"""Headers that damage has made senseless, as the fuzz script found them: each is refused in one sentence."""

import pytest

from prep_core.io import ReadError, load
from tests.fuzz.seeds import nrrd


def npy(header: str) -> bytes:
    """Version 1.0 of the format, with any text for a header."""
    text = header.encode("latin-1")
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text + bytes(64)


@pytest.mark.parametrize(
    "header",
    [
        "{'descr': '<i2', 'fortran_order': False, 'shape': (2, 3",
        "{'descr': '''<i2",
        "{'descr': '<i2', 'fortran_order': False, 'shape': (2L, 3L), ",
        "{'descr': '<i2'}",
        "{'descr': 'nonsense', 'fortran_order': False, 'shape': (2, 3)}",
        "(" * 300,
        "",
    ],
)
def test_a_npy_header_that_is_no_dictionary_is_refused(header: str) -> None:
    with pytest.raises(ReadError, match=r"^a\.npy cannot be decoded as a NumPy npy header \(\w+\): it is truncated"):
        load(npy(header), name="a.npy")


def test_a_whole_npy_header_is_read() -> None:
    (scan,) = load(npy("{'descr': '<i2', 'fortran_order': False, 'shape': (2, 3), }"), name="a.npy")
    assert scan.data.shape == (2, 3)


@pytest.mark.parametrize("directions", ["none none (0,0,2)", "(0.5,0,0) none none", "(1,0,0) (0,1,0) (0,0,1) (1,1,1)"])
def test_an_nrrd_has_two_or_three_directions(directions: str) -> None:
    data = nrrd("raw").replace(b"(0.5,0,0) (0,0.75,0) (0,0,2)", directions.encode())
    with pytest.raises(ReadError, match=r"^a\.nrrd has [14] axes with space directions; an image has 2 or 3: repair"):
        load(data, name="a.nrrd")
