"""NRRD and MetaImage in their odd forms, written by hand."""

import bz2
from pathlib import Path

import numpy as np
import pytest
import SimpleITK

from prep_core.io import ReadError, load
from prep_core.scan import Scan

BLOCK = np.arange(60, dtype=np.uint8).reshape(3, 4, 5)
DIRECTIONS = "space directions: (0.5,0,0) (0,0.75,0) (0,0,2)\nspace origin: (1,2,3)\n"


def nrrd(*lines: str, data: np.ndarray = BLOCK, body: bytes | None = None, encoding: str = "raw") -> bytes:
    sizes = " ".join(map(str, data.shape[::-1]))
    head = f"NRRD0005\ntype: uchar\ndimension: {data.ndim}\nsizes: {sizes}\nencoding: {encoding}\n"
    return (head + "".join(lines)).encode() + b"\n" + (data.tobytes() if body is None else body)


def mha(*lines: str, data: np.ndarray = BLOCK) -> bytes:
    sizes = " ".join(map(str, data.shape[::-1]))
    head = f"NDims = {data.ndim}\nDimSize = {sizes}\nElementType = MET_UCHAR\nElementSpacing = 0.5 0.75 2\n"
    return ("".join(f"{line}\n" for line in lines) + head + "ElementDataFile = LOCAL\n").encode() + data.tobytes()


def one(data: bytes, name: str = "volume") -> Scan:
    (scan,) = load(data, name=name)
    return scan


def told(scan: Scan, words: str) -> bool:
    return any(words in w for w in scan.source.warnings)


@pytest.mark.parametrize(
    ("units", "mm"), [('"mm" "mm" "mm"', 1), ('"um" "um" "um"', 1e-3), ('"m" "m" "m"', 1e3), ('"apples" "" ""', 1)]
)
def test_units_of_an_nrrd(units: str, mm: float) -> None:
    scan = one(nrrd("space: left-posterior-superior\n", f"space units: {units}\n", DIRECTIONS))
    np.testing.assert_allclose(scan.spacing, (2 * mm, 0.75 * mm, 0.5 * mm))
    np.testing.assert_allclose(scan.origin, (mm, 2 * mm, 3 * mm))
    assert told(scan, "taken for millimetres") == ("apples" in units)
    plain = one(nrrd("spacings: 0.5 0.75 2\n", f"units: {units}\n"))
    np.testing.assert_allclose(plain.spacing, (2 * mm, 0.75 * mm, 0.5 * mm))


@pytest.mark.parametrize(
    "kinds", ["", "kinds: ??? ??? ???\n", "kinds: domain domain domain\n", "kinds: space space space\n"]
)
def test_kinds_that_say_nothing(kinds: str) -> None:
    scan = one(nrrd("space: LPS\n", kinds, DIRECTIONS))
    assert scan.axes == "ZYX"
    np.testing.assert_array_equal(scan.data, BLOCK)


def test_a_space_with_time() -> None:
    film = np.stack([BLOCK, BLOCK + 100])
    steps = "space directions: (-0.5,0,0,0) (0,-0.75,0,0) (0,0,2,0) (0,0,0,1)\nspace origin: (1,2,3,0)\n"
    scan = one(nrrd("space: right-anterior-superior-time\n", steps, data=film))
    assert (scan.axes, scan.spacing) == ("TZYX", (2.0, 0.75, 0.5))
    np.testing.assert_array_equal(scan.data, film)
    np.testing.assert_allclose((scan.affine @ [1, 1, 1, 1])[:3], (-0.5, -1.25, 5))


@pytest.mark.parametrize(("kind", "count"), [("RGB-color", 3), ("RGBA-color", 4), ("vector", 3)])
def test_colours_of_an_nrrd(kind: str, count: int) -> None:
    data = np.arange(3 * 4 * 5 * count, dtype=np.uint8).reshape(3, 4, 5, count)
    scan = one(
        nrrd(
            "space: LPS\n",
            f"kinds: {kind} domain domain domain\n",
            DIRECTIONS.replace(": (0.5", ": none (0.5"),
            data=data,
        )
    )
    assert (scan.axes, scan.channels) == ("CZYX", () if kind == "vector" else ("R", "G", "B"))
    np.testing.assert_array_equal(scan.data, np.moveaxis(data[..., :3], -1, 0))
    assert told(scan, "alpha") == (count == 4)
    assert len(scan.source.converted) == (count == 4)


def test_complex_parts_of_an_nrrd_are_no_channels() -> None:
    data = np.zeros((3, 4, 2), np.uint8)
    with pytest.raises(ReadError, match="real and imaginary"):
        one(nrrd("kinds: complex domain domain\n", data=data))


def test_quantised_numbers_are_told() -> None:
    assert told(one(nrrd("old min: -3\n", "old max: 7\n", "space: LPS\n", DIRECTIONS)), "old min, old max")


def test_bzip2_of_one_stream_and_of_several() -> None:
    raw = BLOCK.tobytes()
    for body in (bz2.compress(raw), bz2.compress(raw[:17]) + bz2.compress(raw[17:])):
        np.testing.assert_array_equal(one(nrrd(body=body, encoding="bzip2")).data, BLOCK)


@pytest.mark.parametrize("cut", [1, 5, 30])
def test_a_bzip2_without_its_end_is_refused(cut: int) -> None:
    with pytest.raises(ReadError, match=r"v\.nrrd .*(truncated|corrupt)"):
        one(nrrd(body=bz2.compress(BLOCK.tobytes())[:-cut], encoding="bzip2"), "v.nrrd")


def test_more_bzip2_than_announced_is_refused() -> None:
    with pytest.raises(ReadError, match=r"v\.nrrd is corrupt: expected 60 unpacked bytes, found more"):
        one(nrrd(body=bz2.compress(BLOCK.tobytes() + b"x"), encoding="bzip2"), "v.nrrd")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("ObjectType = Tube", "no image"),
        ("BinaryData = False", "as text"),
        ("HeaderSize = 7", "HeaderSize"),
    ],
)
def test_a_metaimage_that_is_refused(line: str, words: str) -> None:
    with pytest.raises(ReadError, match=words):
        one(mha(line) if line.startswith("Obj") else mha("ObjectType = Image", line))


@pytest.mark.parametrize(("unit", "mm"), [("mm", 1), ("um", 1e-3), ("cm", 10), ("?", 1)])
def test_units_of_a_metaimage(unit: str, mm: float) -> None:
    scan = one(mha("ObjectType = Image", f"DistanceUnits = {unit}", "Offset = 1 2 3"))
    np.testing.assert_allclose(scan.spacing, (2 * mm, 0.75 * mm, 0.5 * mm))
    np.testing.assert_allclose(scan.origin, (mm, 2 * mm, 3 * mm))


def test_a_line_of_values_that_nobody_applies_is_told(tmp_path: Path) -> None:
    raw = mha("ObjectType = Image", "ElementToIntensityFunctionSlope = 2", "ElementToIntensityFunctionOffset = 5")
    (tmp_path / "v.mha").write_bytes(raw)
    scan = one(raw)
    np.testing.assert_array_equal(scan.data, SimpleITK.GetArrayFromImage(SimpleITK.ReadImage(str(tmp_path / "v.mha"))))
    assert told(scan, "slope or offset")
    assert not told(one(mha("ObjectType = Image")), "slope")


def test_channels_of_a_metaimage_as_simpleitk_writes_them(tmp_path: Path) -> None:
    data = np.arange(240, dtype=np.int16).reshape(3, 4, 5, 4)
    SimpleITK.WriteImage(SimpleITK.GetImageFromArray(data, isVector=True), str(tmp_path / "v.mha"))
    (scan,) = load(tmp_path / "v.mha")
    assert scan.axes == "CZYX"
    np.testing.assert_array_equal(scan.data, np.moveaxis(data, -1, 0))
