"""Zarr stores: every voxel as the zarr library wrote it."""

import io
import json
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prep_core.batch import parts_in
from prep_core.io import AxesNeeded, PartNeeded, load
from tests.io.zarr.stores import RNG, SHARDS, VALUES, WAYS, array, read


@pytest.mark.parametrize("how", WAYS.values(), ids=WAYS)
def test_every_voxel_is_as_it_was_written(how: dict[str, Any]) -> None:
    scan = read(array(VALUES, **how))
    np.testing.assert_array_equal(scan.data, VALUES)
    assert (scan.axes, scan.data.dtype, scan.name, scan.source.warnings) == ("ZYX", np.int16, "cells", ())


@pytest.mark.parametrize("dtype", ["bool", "u1", ">i2", "<u4", ">i8", "f2", ">f4", "f8", "c8"])
@pytest.mark.parametrize("form", [2, 3])
def test_every_type_of_numbers(dtype: str, form: int) -> None:
    values = RNG.integers(0, 100, (5, 9, 11)).astype(dtype)
    scan = read(array(values, zarr_format=form))
    np.testing.assert_array_equal(scan.data, values)
    assert scan.data.dtype == values.dtype.newbyteorder("=")


@given(
    shape=st.tuples(*[st.integers(1, 9)] * 3),
    chunks=st.tuples(*[st.integers(1, 4)] * 3),
    inner=st.tuples(*[st.integers(1, 3)] * 3),
    form=st.sampled_from(["v2", "v3", "shards"]),
)
def test_any_division_into_chunks(shape: Any, chunks: Any, inner: Any, form: str) -> None:
    values = np.arange(1, 1 + int(np.prod(shape)), dtype=np.uint16).reshape(shape)
    shards = {"shards": tuple(a * b for a, b in zip(chunks, inner, strict=True))} if form == "shards" else {}
    files = array(values, chunks=chunks, zarr_format=2 if form == "v2" else 3, **shards)
    scan = read(files)
    np.testing.assert_array_equal(scan.data, values)
    assert scan.source.warnings == ()


def test_the_same_scan_from_a_folder_an_upload_and_archives(tmp_path: Path) -> None:
    files = array(VALUES, zarr_format=2, attributes={"_ARRAY_DIMENSIONS": ["z", "y", "x"]})
    (wanted,) = load(files)
    for name, data in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    zipped, tarred = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.write(tmp_path / "cells.zarr" / ".zarray", ".zarray")
        for name, data in files.items():
            archive.writestr(name.removeprefix("cells.zarr/"), data) if not name.endswith(".zarray") else None
    with tarfile.open(fileobj=tarred, mode="w:gz") as packed:
        packed.add(tmp_path / "cells.zarr", "cells.zarr")
    assert parts_in(str(tmp_path)) == [str(tmp_path / "cells.zarr")]
    sources: list[Any] = [tmp_path, tmp_path / "cells.zarr", {n.replace("/", "\\"): d for n, d in files.items()}]
    found = [load(s) for s in sources] + [load(zipped.getvalue(), name="cells.zarr.zip"), load(tarred.getvalue())]
    for (scan,) in found:
        np.testing.assert_array_equal(scan.data, VALUES)
        assert (scan.name, scan.axes, scan.source.sha256) == ("cells", "ZYX", wanted.source.sha256)


@pytest.mark.parametrize(("how", "total"), [({"zarr_format": 2}, 36), ({"zarr_format": 3}, 36), (SHARDS, 36)])
def test_missing_chunks_are_the_fill_value_and_told(how: dict[str, Any], total: int) -> None:
    files = array(VALUES, **how, fill_value=-7)
    first = next(n for n in files if n.endswith(("/0.0.0", "/c/0/0/0")))
    expected = VALUES.copy()
    size = (8, 16, 16) if how is SHARDS else (4, 8, 8)
    expected[tuple(slice(n) for n in size)] = -7
    scan = read({n: d for n, d in files.items() if n != first})
    np.testing.assert_array_equal(scan.data, expected)
    (told,) = scan.source.warnings
    assert told.startswith(
        f"{8 if how is SHARDS else 1} of {total} chunks are missing: their voxels have the fill value"
    )
    assert told.endswith(", -7")


def test_chunks_that_are_missing_inside_of_a_shard_are_counted() -> None:
    values = np.zeros((8, 16, 16), np.int16)
    values[:4, :8, :8] = 5
    scan = read(array(values, **SHARDS, fill_value=0))
    np.testing.assert_array_equal(scan.data, values)
    assert scan.source.warnings[0].startswith("7 of 8 chunks are missing")


def test_consolidated_copies_are_not_believed() -> None:
    files = array(VALUES, zarr_format=2)
    lie = json.dumps({"metadata": {".zarray": {"shape": [1, 1, 1]}}, "zarr_consolidated_format": 1}).encode()
    np.testing.assert_array_equal(read({**files, "cells.zarr/.zmetadata": lie}).data, VALUES)


def test_version_3_wins_where_a_store_has_the_metadata_of_both() -> None:
    older = {n: d for n, d in array(VALUES[:2], zarr_format=2).items() if n.endswith(".zarray")}
    np.testing.assert_array_equal(read(array(VALUES, zarr_format=3) | older).data, VALUES)


NAMES = ["depth", "row", "column"]


@pytest.mark.parametrize(
    ("form", "how"), [(3, {"dimension_names": NAMES}), (2, {"attributes": {"_ARRAY_DIMENSIONS": NAMES}})]
)
def test_axes_by_plain_words(form: int, how: dict[str, Any]) -> None:
    (scan,) = load(array(VALUES, zarr_format=form, **how))
    assert (scan.axes, scan.spacing_known) == ("ZYX", False)
    (turned,) = load(array(VALUES, zarr_format=3, dimension_names=["x", "time", "y"]))
    np.testing.assert_array_equal(turned.data, VALUES.transpose(1, 2, 0))
    assert turned.axes == "TYX"


@pytest.mark.parametrize("names", [None, ["a", "y", "x"], ["y", "y", "x"], ["z", None, "x"]])
def test_axes_without_plain_words_are_asked_for(names: Any) -> None:
    with pytest.raises(AxesNeeded, match="10 x 21 x 30"):
        load(array(VALUES, zarr_format=3, dimension_names=names))


def test_a_group_of_arrays_asks_which() -> None:
    files = array(VALUES, path="a") | array(VALUES[:4], path="deep/b") | array(VALUES[0, 0], path="line", chunks=(8,))
    files["cells.zarr/zarr.json"] = b'{"zarr_format": 3, "node_type": "group"}'
    with pytest.raises(
        PartNeeded, match=r"2 arrays .*: a \(10 x 21 x 30 int16\), deep/b .*; say which .* --part a"
    ) as asked:
        load(files)
    assert [(p.name, p.shape, p.dtype) for p in asked.value.parts] == [
        ("a", (10, 21, 30), "int16"),
        ("deep/b", (4, 21, 30), "int16"),
    ]
    scan = read(files, part="deep/b")
    np.testing.assert_array_equal(scan.data, VALUES[:4])
    assert scan.name == "cells-deep-b"
    with pytest.raises(PartNeeded, match="has no part 'c'; it holds 2 arrays"):
        read(files, part="c")
    one = {n: d for n, d in files.items() if "/deep/" not in n}
    np.testing.assert_array_equal(read(one).data, VALUES)


def test_packed_numbers_become_values() -> None:
    scan = read(array(VALUES, zarr_format=2, attributes={"scale_factor": 0.5, "add_offset": 10.0}))
    np.testing.assert_array_equal(scan.data, VALUES * 0.5 + 10)
    assert scan.source.converted == ("stored int16 numbers became float32: scale_factor 0.5, add_offset 10.0",)
