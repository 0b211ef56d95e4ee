"""HDF5 and MATLAB 7.3: numbers, parts, axes and attributes, against arrays that h5py wrote."""

from collections.abc import Callable
from typing import Any

import h5py
import imagecodecs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from prep_core.io import AxesNeeded, PartNeeded, ReadError, load
from prep_core.scan import Scan
from tests.io.hdf5.files import hdf5, holding, matlab73, raw_chunk

RAMP = np.arange(12).reshape(3, 4)
TYPES = ("bool", "<i2", ">i2", "u1", ">u4", "<i8", ">f4", "<f8", "<f2", "<c8", ">c16")
PACKED = (
    {},
    {"chunks": (2, 3)},
    {"chunks": (2, 3), "compression": "gzip"},
    {"chunks": (2, 3), "compression": "lzf"},
    {"chunks": (2, 3), "compression": "gzip", "shuffle": True, "fletcher32": True},
    {"chunks": (2, 3), "compression": "lzf", "shuffle": True},
    {"chunks": (2, 3), "fletcher32": True},
    {"chunks": (2, 3), "shuffle": True},
)


def one(data: bytes, **answers: Any) -> Scan:
    (scan,) = load(data, name="run.h5", **answers)
    return scan


@given(
    st.sampled_from(TYPES).flatmap(
        lambda t: hnp.arrays(t, st.tuples(st.integers(2, 5), st.integers(3, 7)), elements=hnp.from_dtype(np.dtype(t)))
    ),
    st.sampled_from(PACKED),
)
def test_what_h5py_wrote_comes_back(array: Any, options: dict[str, Any]) -> None:
    if not np.isfinite(array).any():
        array = np.ones_like(array)
    scan = one(holding({"a": array}, **options))
    assert scan.data.dtype == array.dtype.newbyteorder("=")
    np.testing.assert_array_equal(scan.data, array)
    assert scan.source.format == "HDF5"
    assert f"h5py {h5py.__version__}" in scan.source.reader


@pytest.mark.parametrize(
    ("code", "encode", "name"), [(32015, imagecodecs.zstd_encode, "zstd"), (32001, imagecodecs.blosc_encode, "blosc")]
)
def test_filters_that_h5py_does_not_have(code: int, encode: Callable[[bytes], bytes], name: str) -> None:
    array = np.arange(64 * 64, dtype="<u2").reshape(64, 64)
    scan = one(raw_chunk((64, 64), encode(array.tobytes()), "<u2", code=code))
    np.testing.assert_array_equal(scan.data, array)
    assert scan.source.facts["filters"] == [name]


def test_a_chunk_that_left_its_filter_out() -> None:
    scan = one(raw_chunk((3, 4), bytes(range(12)), mask=1, compression="gzip"))
    assert scan.data.ravel().tolist() == list(range(12))


@pytest.mark.parametrize("offset", [0, 512, 1024, 2048, 4096])
def test_a_block_of_the_user_before_it(offset: int) -> None:
    scan = one(hdf5(lambda f: f.create_dataset("a", data=RAMP), userblock_size=offset))
    np.testing.assert_array_equal(scan.data, RAMP)


def several(file: Any) -> None:
    file["small"] = RAMP.astype("i2")
    file["deep/er/large"] = np.zeros((5, 6), "f4")
    file["deep/loop"] = file["/"]
    file["deep/soft"] = h5py.SoftLink("/small")
    file["nowhere"] = h5py.SoftLink("/missing")
    file["again"] = file["small"]
    file["profile"] = np.arange(9)
    file["row"] = np.ones((1, 9))
    file["number"] = 4.0
    file["words"] = np.array([[b"a", b"b"], [b"c", b"d"]])
    file["table"] = np.zeros((3, 3), [("t", "f4"), ("n", "i2")])
    file["pointers"] = np.array([[file.ref] * 2] * 2, h5py.ref_dtype)
    file["six"] = np.zeros((2,) * 6)
    file["nothing"] = h5py.Empty("f4")


def test_several_arrays_are_asked_about() -> None:
    with pytest.raises(
        PartNeeded, match=r"holds 2 arrays that can be images: deep/er/large \(5 x 6 float32\)"
    ) as asked:
        one(hdf5(several))
    assert [(p.name, p.shape, p.dtype) for p in asked.value.parts] == [
        ("deep/er/large", (5, 6), "float32"),
        ("again", (3, 4), "int16"),
    ]


@pytest.mark.parametrize(("part", "shape"), [("deep/er/large", (5, 6)), ("/deep/er/large", (5, 6)), ("again", (3, 4))])
def test_a_part_is_chosen(part: str, shape: tuple[int, int]) -> None:
    scan = one(hdf5(several), part=part)
    assert (scan.data.shape, scan.name) == (shape, f"run-{part.split('/')[-1]}")
    assert scan.source.facts["part"] == part.strip("/")
    with pytest.raises(PartNeeded, match="has no part 'profile'"):
        one(hdf5(several), part="profile")


def test_nothing_to_see_is_refused() -> None:
    with pytest.raises(ReadError, match="holds no array of numbers"):
        one(holding({"profile": np.arange(9)}))


def labelled(file: Any, words: tuple[str, ...]) -> None:
    made = file.create_dataset(
        "a", data=np.arange(24).reshape((2, 3, 4)[-len(words) :] if len(words) < 4 else (1, 2, 3, 4))
    )
    for dim, word in zip(made.dims, words, strict=True):
        dim.label = word


@pytest.mark.parametrize(
    ("words", "axes", "shape"),
    [
        (("z", "y", "x"), "ZYX", (2, 3, 4)),
        (("time", "row", "column"), "TYX", (2, 3, 4)),
        (("y", "x", "channel"), "CYX", (4, 2, 3)),
        (("T", "C", "Y", "X"), "TCYX", (1, 2, 3, 4)),
    ],
)
def test_axes_from_labels(words: tuple[str, ...], axes: str, shape: tuple[int, ...]) -> None:
    scan = one(hdf5(lambda f: labelled(f, words)))
    assert (scan.axes, scan.data.shape) == (axes, shape)


@pytest.mark.parametrize("words", [("a", "y", "x"), ("z", "z", "x"), ("", "y", "x")])
def test_labels_that_say_too_little_are_asked_about(words: tuple[str, ...]) -> None:
    with pytest.raises(AxesNeeded, match="3 axes of lengths 2 x 3 x 4"):
        one(hdf5(lambda f: labelled(f, words)))


def netcdf(file: Any) -> None:
    made = file.create_dataset("field", data=np.arange(24, dtype="i2").reshape(2, 3, 4))
    made.attrs.update({"_FillValue": np.int16(5), "scale_factor": 0.5, "units": "K"})
    for i, (word, length) in enumerate((("time", 2), ("lat", 3), ("lon", 4))):
        file[word] = np.arange(float(length))
        file[word].make_scale(word)
        made.dims[i].attach_scale(file[word])


def test_dimension_scales_fill_value_and_unit_of_netcdf() -> None:
    scan = one(hdf5(netcdf))
    assert (scan.axes, scan.unit, scan.data.dtype) == ("TYX", "K", np.int16)
    assert np.argwhere(~scan.valid).tolist() == [[0, 1, 1]]
    assert any("_FillValue 5" in w for w in scan.source.warnings)
    assert any("scale_factor 0.5, which were not applied" in w for w in scan.source.warnings)


def attributes(**words: Any) -> bytes:
    def fill(file: Any) -> None:
        file.create_dataset("a", data=np.zeros((4, 5, 6), "u1")).attrs.update(words)

    return hdf5(fill)


def test_nexus_and_ilastik_and_true_colour() -> None:
    def nexus(file: Any) -> None:
        file["entry/data"] = np.zeros((4, 5, 6), "u1")
        file["entry"].attrs.update({"signal": "data", "axes": ["frame", "y", "x"]})

    tags = '{"axes": [{"key": "z"}, {"key": "y"}, {"key": "x"}]}'
    colour = {"IMAGE_SUBCLASS": np.bytes_("IMAGE_TRUECOLOR"), "INTERLACE_MODE": np.bytes_("INTERLACE_PIXEL")}
    found = [one(data).axes for data in (hdf5(nexus), attributes(axistags=tags), attributes(**colour))]
    assert found == ["TYX", "ZYX", "CYX"]


@pytest.mark.parametrize(
    ("size", "spacing"),
    [([2.0, 0.5, 0.25], (0.002, 0.0005, 0.00025)), ([2.0, 0.0, 0.25], None), ([2.0, 0.5], None), ("2 um", None)],
)
def test_element_size(size: Any, spacing: tuple[float, ...] | None) -> None:
    scan = one(attributes(element_size_um=size), axes="ZYX")
    assert scan.spacing_known == (spacing is not None)
    np.testing.assert_allclose(scan.spacing, spacing or (1, 1, 1))


def test_matlab_counts_rows_first() -> None:
    array = np.arange(24, dtype="u2").reshape(2, 3, 4)
    data = matlab73({"stack": (array, "uint16"), "title": (np.zeros((2, 9), "u2"), "char")})
    with pytest.raises(AxesNeeded, match=r"2 x 3 x 4, rows first as MATLAB counts.* --axes YXC") as asked:
        one(data)
    assert asked.value.choices == ("YXC", "YXZ", "YXT")
    scan = one(data, axes="YXZ")
    assert (scan.axes, scan.source.format) == ("ZYX", "MATLAB 7.3")
    np.testing.assert_array_equal(scan.data, array.transpose(2, 0, 1))
    assert any("rows first" in words for words in scan.source.converted)


def test_matlab_picture_truth_and_complex_numbers() -> None:
    pair = np.zeros((3, 4), [("real", "f8"), ("imag", "f8")])
    pair["real"], pair["imag"] = RAMP, -RAMP
    arrays = {"m": (RAMP > 5, "logical"), "c": (pair, "double"), "f": (RAMP * 0.5, "double")}
    for part, expected in {"m": RAMP > 5, "c": RAMP - 1j * RAMP, "f": RAMP * 0.5}.items():
        data = {k: (np.asarray(a, "u1") if kind == "logical" else a, kind) for k, (a, kind) in arrays.items()}
        scan = one(matlab73(data), part=part)
        assert scan.data.dtype == expected.dtype
        np.testing.assert_array_equal(scan.data, expected)
