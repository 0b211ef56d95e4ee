"""The header of a .npy file is a dictionary of Python, and anything else is refused in one sentence."""

import pytest

from prep_core.io import ReadError, load


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
def test_a_damaged_header_is_refused(header: str) -> None:
    with pytest.raises(ReadError, match=r"^a\.npy cannot be decoded as a NumPy npy header \(\w+\): it is truncated"):
        load(npy(header), name="a.npy")


def test_a_whole_header_is_read() -> None:
    (scan,) = load(npy("{'descr': '<i2', 'fortran_order': False, 'shape': (2, 3), }"), name="a.npy")
    assert scan.data.shape == (2, 3)
