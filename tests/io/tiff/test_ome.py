"""OME-XML in a TIFF: sizes, units, channels, and what an unknown hand may have put there."""

import io
from typing import Any

import numpy as np
import pytest
import tifffile

from prep_core.io import ReadError, load
from prep_core.io.tiff.ome import parse
from prep_core.scan import Scan

BLOCK = np.arange(120, dtype=np.uint16).reshape(5, 4, 6)
PIXELS = (
    '<Image ID="Image:{n}"><Pixels ID="Pixels:{n}" DimensionOrder="XYZCT" Type="uint16" SizeX="6" SizeY="4" SizeZ="5" '
    'SizeC="1" SizeT="1" {sizes}><Channel ID="Channel:{n}" Name="{name}"/><TiffData IFD="{ifd}" PlaneCount="5">'
    "{uuid}</TiffData></Pixels></Image>"
)
SIZES = 'PhysicalSizeX="0.5" PhysicalSizeY="0.25" PhysicalSizeZ="2"'


def header(*images: str, before: str = "", root: str = "") -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>{before}<OME {root}>{"".join(images)}</OME>'


def image(n: int = 0, sizes: str = SIZES, name: str = "DAPI", uuid: str = "") -> str:
    return PIXELS.format(n=n, sizes=sizes, name=name, ifd=5 * n, uuid=uuid)


def scans(xml: str, pages: Any = BLOCK, **words: Any) -> list[Scan]:
    stream = io.BytesIO()
    tifffile.imwrite(stream, pages, description=xml.encode(), metadata=None, photometric="minisblack")
    return load(stream.getvalue(), name="cells.ome.tif", **words)


def told(scan: Scan, words: str) -> bool:
    return any(words in w for w in scan.source.warnings)


@pytest.mark.parametrize(
    ("unit", "mm"),
    [("", 1e-3), ("µm", 1e-3), ("nm", 1e-6), ("mm", 1), ("cm", 10), ("m", 1e3), ("Å", 1e-7), ("in", 25.4)],
)
def test_each_unit_of_length(unit: str, mm: float) -> None:
    units = "".join(f' PhysicalSize{a}Unit="{unit}"' for a in "XYZ") if unit else ""
    (scan,) = scans(header(image(sizes=SIZES + units)))
    np.testing.assert_allclose(scan.spacing, (2 * mm, 0.25 * mm, 0.5 * mm))
    assert (scan.spacing_known, scan.axes, scan.source.format) == (True, "ZYX", "OME-TIFF")
    np.testing.assert_array_equal(scan.data, BLOCK)


@pytest.mark.parametrize("unit", ["pixel", "reference frame", "furlong"])
def test_units_that_are_no_length_leave_the_size_unknown(unit: str) -> None:
    (scan,) = scans(header(image(sizes=SIZES + "".join(f' PhysicalSize{a}Unit="{unit}"' for a in "XYZ"))))
    assert not scan.spacing_known
    assert told(scan, "voxel size is unknown")


@pytest.mark.parametrize(
    "depth", ["", 'PhysicalSizeZ="0"', 'PhysicalSizeZ="-1"', 'PhysicalSizeZ="NaN"', 'PhysicalSizeZ="x"']
)
def test_a_stack_without_depth_says_what_is_known(depth: str) -> None:
    (scan,) = scans(header(image(sizes=f'PhysicalSizeX="0.5" PhysicalSizeY="0.25" {depth}')))
    assert (scan.spacing, scan.spacing_known) == ((1.0, 1.0, 1.0), False)
    assert told(scan, "known only in part (y 0.00025 mm, x 0.0005 mm): the file does not say z")


def test_each_image_has_its_own_sizes_and_channel() -> None:
    other = 'PhysicalSizeX="3" PhysicalSizeY="3" PhysicalSizeZ="9"'
    xml = header(image(0), image(1, other, "GFP"))
    first, second = scans(xml, np.concatenate([BLOCK, BLOCK + 500]))
    np.testing.assert_allclose((first.spacing, second.spacing), ((0.002, 0.00025, 0.0005), (0.009, 0.003, 0.003)))
    np.testing.assert_array_equal(second.data, BLOCK + 500)


def test_channels_and_the_time_between_frames() -> None:
    stream = io.BytesIO()
    data = np.arange(2 * 3 * 24, dtype=np.uint8).reshape(2, 3, 4, 6)
    words = {"axes": "TCYX", "Channel": {"Name": ["DAPI", "GFP\t488", "n" * 99]}, "TimeIncrement": 250}
    tifffile.imwrite(stream, data, ome=True, photometric="minisblack", metadata={**words, "TimeIncrementUnit": "ms"})
    (scan,) = load(stream.getvalue(), name="film.ome.tif")
    assert (scan.axes, scan.channels) == ("TCYX", ("DAPI", "GFP 488", "n" * 40))
    assert scan.source.facts["interval_s"] == 0.25
    np.testing.assert_array_equal(scan.data, data)


def test_colours_of_an_ome_tiff() -> None:
    stream = io.BytesIO()
    data = np.random.default_rng(0).integers(0, 255, (8, 9, 3), dtype=np.uint8)
    tifffile.imwrite(stream, data, ome=True, photometric="rgb", metadata={"PhysicalSizeX": 2, "PhysicalSizeY": 4})
    (scan,) = load(stream.getvalue(), name="colours.ome.tif")
    assert (scan.axes, scan.channels, scan.spacing) == ("CYX", ("R", "G", "B"), (0.004, 0.002))
    np.testing.assert_array_equal(scan.data, np.moveaxis(data, -1, 0))


def test_a_pyramid() -> None:
    stream = io.BytesIO()
    plane = np.arange(64 * 96, dtype=np.uint16).reshape(64, 96)
    with tifffile.TiffWriter(stream, ome=True) as out:
        out.write(plane, subifds=1, metadata={"axes": "YX", "PhysicalSizeX": 1, "PhysicalSizeY": 1})
        out.write(plane[::2, ::2], subfiletype=1)
    (scan,) = load(stream.getvalue(), name="slide.ome.tif")
    np.testing.assert_array_equal(scan.data, plane)
    assert told(scan, "pyramid")


@pytest.mark.parametrize(
    "before",
    [
        '<!DOCTYPE OME [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
        '<!DOCTYPE OME [<!ENTITY secret SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE OME [<!ENTITY % outside SYSTEM "http://127.0.0.1/x.dtd"> %outside;]>',
    ],
)
def test_entities_are_never_expanded(before: str) -> None:
    (scan,) = scans(header(image(), before=before), axes="ZYX")
    assert told(scan, "OME-XML metadata declares entities")
    assert (scan.source.format, scan.spacing_known) == ("TIFF", False)
    np.testing.assert_array_equal(scan.data, BLOCK)


def test_a_damaged_header_is_told() -> None:
    (scan,) = scans(header(image()).replace("</Image>", ""), axes="ZYX")
    assert told(scan, "OME-XML metadata is damaged")
    np.testing.assert_array_equal(scan.data, BLOCK)


@pytest.mark.parametrize(
    "uuids",
    [
        ('<UUID FileName="a.ome.tif">urn:uuid:1</UUID>', '<UUID FileName="b.ome.tif">urn:uuid:2</UUID>'),
        ('<UUID FileName="../secret.tif">urn:uuid:1</UUID>',),
        ('<UUID FileName="C:\\secret.tif">urn:uuid:1</UUID>',),
        ('<UUID FileName="b.ome.tif">urn:uuid:2</UUID>',),
    ],
)
def test_planes_in_other_files_are_never_opened(uuids: tuple[str, ...]) -> None:
    xml = header(*(image(i, uuid=u) for i, u in enumerate(uuids)), root='UUID="urn:uuid:1"')
    with pytest.raises(ReadError, match=r"cells\.ome\.tif refers to external companion files"):
        scans(xml)


def test_planes_of_the_file_itself() -> None:
    (scan,) = scans(header(image(uuid='<UUID FileName="a.ome.tif">urn:uuid:1</UUID>'), root='UUID="urn:uuid:1"'))
    assert (scan.axes, scan.spacing_known) == ("ZYX", True)


def test_pages_that_the_header_promises_and_the_file_has_not() -> None:
    with pytest.raises(ReadError, match=r"cells\.ome\.tif has no page 3 of a stack"):
        scans(header(image()), BLOCK[:3])


def test_sizes_that_are_not_those_of_the_pictures_are_not_used() -> None:
    (scan,) = scans(header(image(), image(1)), BLOCK, axes="ZYX")
    assert not scan.spacing_known
    assert told(scan, "not those of the file")


def test_metadata_in_a_companion_file() -> None:
    (scan,) = scans(header('<BinaryOnly MetadataFile="cells.companion.ome" UUID="urn:uuid:1"/>'), axes="ZYX")
    assert told(scan, "companion file, which is not opened")


def test_a_header_cannot_ask_for_memory() -> None:
    xml = header(image().replace("<Channel ", '<Channel SamplesPerPixel="4000000000" '))
    assert parse("cells.ome.tif", xml).images[0].channels == ("DAPI",)
