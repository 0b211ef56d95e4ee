"""NIfTI in its odd forms, against nibabel and against headers written by hand."""

import gzip
from typing import Any

import nibabel
import numpy as np
import pytest
from numpy.typing import NDArray

from prep_core.io import ReadError, load
from prep_core.scan import Scan

BLOCK = np.arange(60, dtype=np.int16).reshape(3, 4, 5)
RAS = np.array([[2.0, 0, 0, -10], [0, 3, 0, 20], [0, 0, 4, 30], [0, 0, 0, 1]])
FIELDS = nibabel.Nifti1Header().structarr.dtype.fields


def image(xyz: NDArray[Any], affine: NDArray[Any] = RAS, kind: Any = nibabel.Nifti1Image) -> Any:
    made = kind(xyz, affine, dtype=xyz.dtype)
    made.header.set_xyzt_units("mm", "sec")
    return made


def with_field(data: bytes, name: str, value: Any) -> bytes:
    """A NIfTI-1 with another number in its header, which no library would write."""
    kind, at = FIELDS[name][:2]
    raw = bytearray(data)
    raw[at : at + kind.itemsize] = (
        np.array(value, kind.base if kind.shape else kind).tobytes().ljust(kind.itemsize, b"\0")
    )
    return bytes(raw)


def one(data: bytes, name: str = "volume.nii") -> Scan:
    (scan,) = load(data, name=name)
    return scan


def told(scan: Scan, words: str) -> bool:
    return any(words in w for w in scan.source.warnings)


@pytest.mark.parametrize("kind", [nibabel.Nifti1Image, nibabel.Nifti2Image])
@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("dtype", ["u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f4", "f8", "c8", "c16"])
def test_every_type_and_byte_order(kind: Any, order: str, dtype: str) -> None:
    data = BLOCK.astype(dtype) * (1 + 2j if dtype[0] == "c" else 1)
    header = (nibabel.Nifti1Header if kind is nibabel.Nifti1Image else nibabel.Nifti2Header)(endianness=order)
    header.set_data_dtype(np.dtype(dtype).newbyteorder(order))
    scan = one(kind(data.astype(dtype).T, RAS, header).to_bytes())
    assert (scan.data.dtype, scan.data.dtype.isnative, scan.axes) == (np.dtype(dtype), True, "ZYX")
    np.testing.assert_array_equal(scan.data, data)
    np.testing.assert_allclose(scan.origin, (10, -20, 30))


def test_a_fifth_dimension_is_channels() -> None:
    data = np.arange(3 * 2 * 60, dtype=np.float32).reshape(3, 2, 3, 4, 5)
    made = image(data.T)
    made.header.set_intent("vector")
    scan = one(made.to_bytes())
    assert scan.axes == "TCZYX"
    np.testing.assert_array_equal(scan.data, data.swapaxes(0, 1))
    still = one(image(data[:, :1].T).to_bytes())
    assert still.axes == "CZYX"
    np.testing.assert_array_equal(still.data, data[:, 0])
    assert told(still, "fifth dimension has no intent")


def test_six_dimensions_are_refused() -> None:
    with pytest.raises(ReadError, match="6 dimensions"):
        one(image(np.zeros((2, 2, 2, 2, 2, 2), np.uint8)).to_bytes())


@pytest.mark.parametrize("names", ["RGB", "RGBA"])
def test_colours(names: str) -> None:
    data = np.random.default_rng(0).integers(0, 255, (3, 4, 5, len(names)), dtype=np.uint8)
    packed = data.view([(n, "u1") for n in names])[..., 0]
    made = nibabel.Nifti1Image(packed.T, RAS)
    scan = one(with_field(made.to_bytes(), "scl_slope", 2))
    assert (scan.axes, scan.channels) == ("CZYX", ("R", "G", "B"))
    np.testing.assert_array_equal(scan.data, np.moveaxis(data[..., :3], -1, 0))
    assert any("alpha" in words for words in scan.source.converted) == (names == "RGBA")


def test_scaling_is_told_as_a_conversion() -> None:
    raw = with_field(with_field(image(BLOCK.T).to_bytes(), "scl_slope", 2), "scl_inter", -1000)
    scan = one(raw)
    np.testing.assert_array_equal(scan.data, BLOCK * 2 - 1000)
    assert scan.source.converted == ("stored int16 numbers became int16: slope 2, intercept -1000",)
    assert one(image(BLOCK.T).to_bytes()).source.converted == ()


def test_complex_values_are_scaled_in_both_parts() -> None:
    data = (BLOCK * (1 - 2j)).astype(np.complex64)
    raw = with_field(with_field(image(data.T).to_bytes(), "scl_slope", 2), "scl_inter", 3)
    scan = one(raw)
    assert scan.data.dtype == np.complex64
    np.testing.assert_array_equal(scan.data, BLOCK * 2 + 3 + 1j * (BLOCK * -4 + 3))


def test_float128_is_refused_by_name() -> None:
    raw = with_field(with_field(image(BLOCK.T).to_bytes(), "datatype", 1536), "bitpix", 128)
    with pytest.raises(ReadError, match=r"unsupported datatype 1536 \(float128\); convert it to float64"):
        one(raw)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("vox_offset", 1e9, "truncated: expected .* found"),
        ("vox_offset", -400, "vox_offset of -400"),
        ("vox_offset", np.nan, "vox_offset of nan"),
        ("vox_offset", np.inf, "vox_offset of inf"),
        ("dim", [3, 5, -4, 3, 1, 1, 1, 1], "every dimension must be above zero"),
        ("dim", [3, 5, 0, 3, 1, 1, 1, 1], "every dimension must be above zero"),
        ("dim", [0, 5, 4, 3, 1, 1, 1, 1], "declares 0 dimensions"),
        ("dim", [99, 5, 4, 3, 1, 1, 1, 1], "declares 99 dimensions"),
        ("dim", [3, 32767, 32767, 32767, 1, 1, 1, 1], "limit voxels"),
        ("dim", [3, 5, 4, 4, 1, 1, 1, 1], "truncated: expected 512 bytes"),
    ],
)
def test_headers_that_lie_are_refused(field: str, value: Any, words: str) -> None:
    with pytest.raises(ReadError, match=rf"volume\.nii .*{words}"):
        one(with_field(image(BLOCK.T).to_bytes(), field, value))


def test_the_header_is_never_read_as_voxels() -> None:
    scan = one(with_field(image(BLOCK.T).to_bytes(), "vox_offset", 0))
    np.testing.assert_array_equal(scan.data, BLOCK)
    assert told(scan, "vox_offset 0 lies inside the header; 352 is used")


@pytest.mark.parametrize("code", [1, 7, 2048, 4096])
def test_other_datatypes_are_refused_by_their_number(code: int) -> None:
    with pytest.raises(ReadError, match=rf"volume\.nii .*datatype {code}"):
        one(with_field(image(BLOCK.T).to_bytes(), "datatype", code))


def test_a_qform_with_negative_sizes_is_refused() -> None:
    made = image(BLOCK.T)
    made.set_qform(RAS, 1)
    made.set_sform(None, 0)
    with pytest.raises(ReadError, match=r"volume\.nii .*NIfTI orientation"):
        one(with_field(made.to_bytes(), "pixdim", [1, -2, 3, 4, 0, 0, 0, 0]))


@pytest.mark.parametrize(("unit", "mm"), [(1, 1000), (2, 1), (3, 0.001), (0, 1), (5, 1)])
def test_units_of_length(unit: int, mm: float) -> None:
    scan = one(with_field(image(BLOCK.T).to_bytes(), "xyzt_units", unit))
    np.testing.assert_allclose(scan.spacing, (4 * mm, 3 * mm, 2 * mm))
    np.testing.assert_allclose(scan.origin, (10 * mm, -20 * mm, 30 * mm))
    assert told(scan, "sizes are taken for millimetres") == (unit in (0, 5))
    assert scan.spacing_known


@pytest.mark.parametrize(("unit", "seconds"), [(8, 2.5), (16, 0.0025), (24, 2.5e-6), (0, None), (40, None)])
def test_units_of_time(unit: int, seconds: float | None) -> None:
    made = image(np.stack([BLOCK, BLOCK]).T)
    made.header["pixdim"][4] = 2.5
    scan = one(with_field(made.to_bytes(), "xyzt_units", 2 + unit))
    assert scan.source.facts.get("interval_s") == pytest.approx(seconds)
    assert told(scan, "measured in ppm, not in time") == (unit == 40)


def both(sform: NDArray[Any], qform: NDArray[Any]) -> Scan:
    made = image(BLOCK.T, sform)
    made.set_sform(sform, 1)
    made.set_qform(qform, 1)
    return one(made.to_bytes())


def test_qform_and_sform_that_disagree() -> None:
    moved = RAS.copy()
    moved[0, 3] += 20
    scan = both(RAS, moved)
    np.testing.assert_allclose(scan.origin, (10, -20, 30))
    assert told(scan, "qform and sform differ by up to 20.0 mm; the sform is used")
    assert not told(both(RAS, RAS), "differ")


def test_a_small_turn_is_told_by_how_far_it_moves_a_corner() -> None:
    turn = np.eye(4)
    turn[:2, :2] = [[np.cos(0.02), -np.sin(0.02)], [np.sin(0.02), np.cos(0.02)]]
    turned = RAS @ turn
    turned[:3, :3] = turn[:3, :3] @ RAS[:3, :3]
    corners = [np.array([i, j, k, 1]) for i in (0, 4) for j in (0, 3) for k in (0, 2)]
    furthest = max(np.linalg.norm((RAS - turned) @ corner) for corner in corners)
    assert told(both(RAS, turned), f"differ by up to {furthest:.1f} mm")


def test_a_qform_that_cannot_be_used_does_not_matter_beside_an_sform() -> None:
    made = image(BLOCK.T)
    made.set_sform(RAS, 1)
    raw = made.to_bytes()
    for name, value in (("qform_code", 1), ("quatern_b", 5), ("quatern_c", 5)):
        raw = with_field(raw, name, value)
    scan = one(raw)
    np.testing.assert_allclose(scan.origin, (10, -20, 30))
    assert told(scan, "its qform cannot be used")


def test_a_qfac_of_zero_counts_as_one() -> None:
    made = image(BLOCK.T)
    made.set_qform(RAS, 1)
    made.set_sform(None, 0)
    sizes = made.header["pixdim"].copy()
    sizes[0] = 0
    scan = one(with_field(made.to_bytes(), "pixdim", sizes))
    np.testing.assert_allclose(scan.affine @ [2, 3, 4, 1], (2, -29, 38, 1), atol=1e-5)
    assert told(scan, "qfac (pixdim[0]) is 0")


def test_slices_shifted_by_a_tilted_gantry_are_read_and_told() -> None:
    tilted = RAS.copy()
    tilted[1, 2] = 1.5
    scan = one(image(BLOCK.T, tilted).to_bytes())
    np.testing.assert_allclose((scan.affine @ [1, 0, 0, 1])[:3], (10, -21.5, 34))
    np.testing.assert_allclose(scan.spacing, (np.hypot(4, 1.5), 3, 2))
    assert told(scan, "slices are shifted against each other (shear 0.351")


def test_pixels_that_are_no_rectangles_are_refused() -> None:
    skewed = RAS.copy()
    skewed[0, 1] = 1.0
    with pytest.raises(ReadError, match=r"volume\.nii has sheared axes in plane \(cosine 0\.316"):
        one(image(BLOCK.T, skewed).to_bytes())


@pytest.mark.parametrize("magic", [b"ni1\0", b"\0\0\0\0"])
def test_one_half_of_a_pair_names_the_other(magic: bytes) -> None:
    raw = bytearray(image(BLOCK.T).to_bytes())[:352]
    raw[344:348] = magic
    with pytest.raises(ReadError, match=r"brain\.hdr is only the header .* in brain\.img, which is missing"):
        one(bytes(raw), "brain.hdr")


def test_texts_of_header_and_extensions_are_never_kept() -> None:
    made = image(BLOCK.T)
    for name in ("descrip", "aux_file", "intent_name", "db_name"):
        made.header[name] = b"PHICANARY"
    made.header.extensions.append(nibabel.nifti1.Nifti1Extension(6, b"prep PHICANARY"))
    made.header.extensions.append(nibabel.nifti1.Nifti1Extension(4, b"PHICANARY"))
    scan = one(made.to_bytes())
    np.testing.assert_array_equal(scan.data, BLOCK)
    assert "PHICANARY" not in repr((scan.source, scan.name, scan.channels))


def test_a_comment_of_others_is_passed_over_on_the_way_to_ours() -> None:
    made = image(BLOCK.T)
    made.header["descrip"] = b"prep"
    made.header.extensions.append(nibabel.nifti1.Nifti1Extension(6, b"{not ours}"))
    ours = b'prep {"axes": "ZYX", "unit": "HU", "spacing": "known"}'
    made.header.extensions.append(nibabel.nifti1.Nifti1Extension(6, ours))
    assert one(made.to_bytes()).unit == "HU"


def test_facts_of_the_header() -> None:
    made = image(BLOCK.T)
    made.header["cal_min"], made.header["cal_max"] = -100, 300
    made.header.set_dim_info(freq=1, phase=0, slice=2)
    facts = one(made.to_bytes()).source.facts
    assert (facts["cal_min"], facts["cal_max"]) == (-100, 300)
    assert (facts["frequency_axis"], facts["phase_axis"], facts["slice_axis"]) == ("y", "x", "z")


def test_several_gzip_members_are_one_file() -> None:
    raw = image(BLOCK.T).to_bytes()
    scan = one(gzip.compress(raw[:400]) + gzip.compress(raw[400:]), "volume.nii.gz")
    np.testing.assert_array_equal(scan.data, BLOCK)
