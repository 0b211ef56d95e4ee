"""OME-Zarr, with its metadata written by hand as the specification has them: axes, sizes, channels, levels, plates."""

import json
from typing import Any

import numpy as np
import pytest

from prep_core.io import AxesNeeded, PartNeeded, ReadError, load
from prep_core.scan import Scan
from tests.io.zarr.stores import Files, array, multiscale, picture

VALUES = np.arange(4 * 6 * 8, dtype=np.uint16).reshape(4, 6, 8)
SIZES = {"0": [2.0, 0.5, 0.25], "1": [2.0, 1.0, 0.5], "2": [2.0, 2.0, 1.0]}


def one(files: Files, **answers: Any) -> Scan:
    (scan,) = load(files, **answers)
    return scan


def with_transforms(own: list[dict[str, Any]], whole: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    scale = multiscale({"0": [1.0, 1.0, 1.0]})
    scale["datasets"][0]["coordinateTransformations"] = own
    return {**scale, **({"coordinateTransformations": whole} if whole else {})}


@pytest.mark.parametrize("form", [2, 3])
def test_the_full_size_is_read_and_the_others_are_told(form: int) -> None:
    scales = {"multiscales": [multiscale(SIZES)]}
    attributes = scales if form == 2 else {"ome": {**scales, "version": "0.5"}}
    files = picture(VALUES, attributes, levels=3, form=form)
    scan = one(files)
    np.testing.assert_array_equal(scan.data, VALUES)
    assert (scan.name, scan.axes, scan.spacing_known, scan.source.format) == ("cells", "ZYX", True, "OME-Zarr")
    np.testing.assert_allclose(scan.spacing, [0.002, 0.0005, 0.00025])
    assert scan.source.warnings == ("2 smaller levels of resolution were not read (1, 2); part names one",)
    assert scan.source.facts["ome_version"] == ("0.4" if form == 2 else "0.5")
    smaller = one(files, part="1")
    np.testing.assert_array_equal(smaller.data, VALUES[:, ::2, ::2])
    np.testing.assert_allclose(smaller.spacing, [0.002, 0.001, 0.0005])
    assert smaller.name == "cells-1"


@pytest.mark.parametrize(
    ("axes", "wanted"), [("tczyx", "TCZYX"), ("czyx", "CZYX"), ("tyx", "TYX"), ("xyz", "ZYX"), ("yx", "YX")]
)
def test_axes_by_name(axes: str, wanted: str) -> None:
    values = np.arange(2 ** len(axes), dtype=np.uint8).reshape([2] * len(axes))
    scan = one(picture(values, {"multiscales": [multiscale({"0": [1.0] * len(axes)}, axes)]}))
    order = [axes.upper().index(a) for a in wanted]
    np.testing.assert_array_equal(scan.data, values.transpose(order))
    assert scan.axes == wanted


@pytest.mark.parametrize(
    ("axes", "wanted"),
    [
        (
            [{"name": "when", "type": "time"}, {"name": "dye", "type": "channel"}, {"name": "y"}, {"name": "x"}],
            "TCYX",
        ),
        ([{"name": "time", "type": "time"}, *({"name": n, "type": "space"} for n in ("depth", "up", "right"))], "TZYX"),
        (
            [{"name": "t"}, {"name": "c"}, {"name": "up", "type": "space"}, {"name": "right", "type": "space"}],
            "TCYX",
        ),
        (["c", "z", "y", "x"], "CZYX"),
    ],
)
def test_axes_by_type_and_as_plain_names(axes: Any, wanted: str) -> None:
    scale = {**multiscale({"0": [1.0] * 4}, "czyx"), "axes": axes}
    assert one(picture(np.zeros((2, 2, 2, 2), np.uint8), {"multiscales": [scale]})).axes == wanted


def test_the_first_versions_had_five_axes_without_names() -> None:
    scale = {"version": "0.1", "datasets": [{"path": "0"}]}
    scan = one(picture(np.ones((1, 2, 3, 4, 5), np.uint8), {"multiscales": [scale]}))
    assert (scan.axes, scan.spacing_known) == ("TCZYX", False)
    assert "the voxel size is unknown: its metadata have no scale" in scan.source.warnings


def test_axes_that_have_no_letter_are_asked_for() -> None:
    scale = {**multiscale({"0": [1.0] * 3}), "axes": [{"name": n} for n in ("angle", "y", "x")]}
    files = picture(VALUES, {"multiscales": [scale]})
    with pytest.raises(AxesNeeded, match="4 x 6 x 8"):
        one(files)
    assert one(files, axes="TYX").axes == "TYX"


@pytest.mark.parametrize(
    ("unit", "mm"), [("micrometer", 1e-3), ("nanometer", 1e-6), ("millimeter", 1.0), ("meter", 1e3), ("angstrom", 1e-7)]
)
def test_units_of_length(unit: str, mm: float) -> None:
    scan = one(picture(VALUES, {"multiscales": [multiscale({"0": [3.0, 2.0, 1.0]}, unit=unit)]}))
    np.testing.assert_allclose(scan.spacing, np.array([3, 2, 1]) * mm)


@pytest.mark.parametrize(
    ("scale", "unit", "why"),
    [
        ([3.0, 2.0, 1.0], None, "no unit of length for every axis"),
        ([3.0, 2.0, 1.0], "parsec of a kind", "no unit of length for every axis"),
        ([0.0, 2.0, 1.0], "micrometer", "a scale in its metadata is no size"),
        ([2.0, 1.0], "micrometer", "not understood"),
        (["3", 2.0, 1.0], "micrometer", "not understood"),
    ],
)
def test_a_voxel_size_that_is_not_said_is_unknown(scale: Any, unit: str | None, why: str) -> None:
    scan = one(picture(VALUES, {"multiscales": [multiscale({"0": scale}, unit=unit)]}))
    assert (scan.spacing_known, scan.spacing) == (False, (1.0, 1.0, 1.0))
    assert any(w.startswith("the voxel size is unknown") and why in w for w in scan.source.warnings)


def test_the_whole_picture_is_scaled_and_moved_after_its_level() -> None:
    own = [{"type": "scale", "scale": [4, 2, 1]}, {"type": "translation", "translation": [10, 20, 30]}]
    whole = [{"type": "scale", "scale": [10, 10, 10]}, {"type": "translation", "translation": [1, 2, 3]}]
    scan = one(picture(VALUES, {"multiscales": [with_transforms(own, whole)]}))
    # By hand: ((index * 4) + 10) * 10 + 1 micrometres along z, and so on.
    np.testing.assert_allclose(scan.spacing, [0.040, 0.020, 0.010])
    np.testing.assert_allclose(scan.origin, [0.303, 0.202, 0.101])
    at = scan.affine @ [2, 3, 5, 1]
    np.testing.assert_allclose(at[:3], [0.303 + 5 * 0.010, 0.202 + 3 * 0.020, 0.101 + 2 * 0.040])


def test_a_transformation_of_an_unknown_kind_is_told() -> None:
    scan = one(picture(VALUES, {"multiscales": [with_transforms([{"type": "affine", "path": "/etc/passwd"}])]}))
    assert not scan.spacing_known
    assert any("a coordinate transformation that is not understood" in w for w in scan.source.warnings)


@pytest.mark.parametrize(
    ("labels", "names"),
    [
        (["DAPI", "GFP"], ("DAPI", "GFP")),
        (["DA\x07PI\n", "a|b"], ("DA PI", "a b")),
        (["same", "same"], ("same", "same-2")),
        ([None, "GFP"], ("C0", "GFP")),
        (["x" * 500, "GFP"], ("x" * 40, "GFP")),
        (["one", "two", "three"], ()),
    ],
)
def test_names_of_channels(labels: list[Any], names: tuple[str, ...]) -> None:
    attributes = {
        "multiscales": [multiscale({"0": [1.0] * 3}, "cyx")],
        "omero": {"channels": [{"label": label} if label else {} for label in labels]},
    }
    assert one(picture(VALUES[:2], attributes)).channels == names


def test_label_pictures_are_read_only_when_asked_for() -> None:
    scales = {"multiscales": [multiscale({"0": [1.0, 1.0, 1.0]})]}
    files = picture(VALUES, scales) | picture(VALUES // 9, scales, root="cells.ome.zarr/labels/nuclei")
    np.testing.assert_array_equal(one(files).data, VALUES)
    for part in ("labels/nuclei", "labels/nuclei/0"):
        np.testing.assert_array_equal(one(files, part=part).data, VALUES // 9)


@pytest.mark.parametrize("paths", [("0", "1"), ("A/1/0", "A/1/1", "B/12/0")])
def test_a_plate_and_a_file_of_several_pictures_ask_which(paths: tuple[str, ...]) -> None:
    scales = {"multiscales": [multiscale({"0": [1.0, 1.0, 1.0]})]}
    files: Files = {"plate.zarr/.zgroup": b"{}", "plate.zarr/.zattrs": b'{"bioformats2raw.layout": 3, "plate": {}}'}
    for i, path in enumerate(paths):
        files |= picture(VALUES + i, scales, root=f"plate.zarr/{path}")
    with pytest.raises(PartNeeded, match=rf"plate\.zarr holds {len(paths)} arrays") as asked:
        load(files)
    assert [p.name for p in asked.value.parts] == [f"{path}/0" for path in paths]
    for i, part in enumerate(asked.value.parts):
        np.testing.assert_array_equal(one(files, part=part.name).data, VALUES + i)


def test_a_level_that_the_metadata_name_must_be_there() -> None:
    files = picture(VALUES, {"multiscales": [multiscale({"full": [1.0, 1.0, 1.0]})]})
    with pytest.raises(ReadError, match=r"lacks the array full that its metadata name"):
        load(files)


ODD = [None, 5, "x", [], {}, [[]], [{}], [{"datasets": 3}], [{"datasets": [{"path": 3}]}], [{"datasets": [{}]}]]


@pytest.mark.parametrize("scales", ODD, ids=str)
@pytest.mark.parametrize("key", ["multiscales", "ome"])
def test_metadata_of_another_shape_leave_a_plain_array(scales: Any, key: str) -> None:
    files = array(VALUES, path="0", zarr_format=2) | {"cells.zarr/.zattrs": json.dumps({key: scales}).encode()}
    scan = one(files, axes="ZYX")
    np.testing.assert_array_equal(scan.data, VALUES)
    assert scan.source.format == "Zarr"
