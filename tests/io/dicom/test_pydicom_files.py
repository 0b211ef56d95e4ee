"""Every file that pydicom and pydicom-data bring: read as another library reads it, or refused for a known reason."""

import gzip
import re
import warnings
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import data_store
import numpy as np
import pydicom
import pytest
import SimpleITK
from numpy.typing import NDArray

from prep_core.io import ReadError, load
from prep_core.scan import Scan

BUNDLED = Path(pydicom.__file__).parent / "data"
MORE = Path(data_store.__file__).parent / "data"
FOLDERS = (BUNDLED / "test_files", BUNDLED / "charset_files", BUNDLED / "palettes", MORE)
FILES = {
    f"{folder.name}/{file.relative_to(folder).as_posix()}": file
    for folder in FOLDERS
    for file in sorted(folder.rglob("*"))
    if file.is_file() and "__pycache__" not in file.parts and file.suffix != ".py"
}

PLAN = r"RT (Ion )?Plan Storage\): a treatment plan or record; choose its dose or its images$"
CONTENTS = r"Media Storage Directory Storage\): a table of contents; choose the folder that it lies in$"
NO_FORMAT = r"is of no format that is read here"
EMPTIED = r"its pixels were taken out or cut off; choose the images of the series$"
REFUSED: Mapping[str, str] = {
    r"DICOMDIR[^/]*": rf"has no pixels \(it is: {CONTENTS}",
    r"TINY_ALPHA/.*/IM0000..": rf"has no pixels \(it is: CT Image Storage\): {EMPTIED}",
    r"ExplVR_(Big|Lit)EndNoMeta\.dcm|rtplan(_truncated)?\.dcm": rf"has no pixels \(it is: {PLAN}",
    r"reportsi.*\.dcm|test-SR\.dcm": r"has no pixels \(it is: [\w ]+ SR Storage\): a report",
    r"rtstruct\.dcm": r"has no pixels \(it is: RT Structure Set Storage\): contours; .*make a mask",
    r"waveform_ecg\.dcm": r"has no pixels \(it is: 12-lead ECG Waveform Storage\): a signal over time",
    r"no_meta_group_length\.dcm": rf"has no pixels \(it is: RT Image Storage\): {EMPTIED}",
    r"UN_sequence\.dcm": rf"has no pixels \(it is: CT Image Storage\): {EMPTIED}",
    r"priv_SQ\.dcm|chrSQEncoding1?\.dcm": rf"has no pixels \(it is: MR Image Storage\): {EMPTIED}",
    r"chr(Jap|Kor).*\.dcm": rf"has no pixels \(it is: Computed Radiography Image Storage\): {EMPTIED}",
    r"empty_charset_LEI\.dcm": rf"has no pixels \(it is: of no known kind\): {EMPTIED}",
    r"emri_small_jpeg_2k_lossless_too_short\.dcm": rf"has no pixels \(it is: Enhanced MR Image Storage\): {EMPTIED}",
    r"(hotiron|pet|hotmetalblue|pet20step|spring|summer|fall|winter)\.dcm": r"Storage\): a table of colours",
    r"meta_missing_tsyntax\.dcm|nested_priv_SQ\.dcm": r"has no voxels: its size is 1 x 0 x 0",
    r"MR_truncated\.dcm": r"is truncated: expected 8192 bytes of pixels, found 8130",
    r"JPEG2000-embedded-sequence-delimiter\.dcm": r"JPEG 2000 is 1024 x 3722445056, but its tags declare 1024 x 256",
    r"badVR\.dcm": r"has a NumberOfFrames that is not a number; repair its header$",
    r"no_meta\.dcm": r"is not a DICOM file: it lacks the DICM mark",
    r".*\.(txt|dump|icc|json|md)|.*README": NO_FORMAT,
}
"""Names of files, and why each of them is refused."""

BROKEN_IN_ITK = re.compile(
    # 16 and 32 bits of RLE colours, big-endian palettes and doses, single frames of a dose, gzip.
    r"SC_rgb_rle_(16|32)bit.*|OBXXXX1A_expb.*|rtdose_expb.*|rtdose.*_1frame\.dcm|zipMR\.gz"
)
SLOW_IN_ITK = ("color3d_jpeg_baseline.dcm", "SC_rgb_jpeg.dcm")
"""Compared with another decoder, in one frame."""

TWINS: Mapping[str, str] = {
    "SC_rgb_rle_16bit.dcm": "SC_rgb_16bit.dcm",
    "SC_rgb_rle_16bit_2frame.dcm": "SC_rgb_16bit_2frame.dcm",
    "SC_rgb_rle_32bit.dcm": "SC_rgb_32bit.dcm",
    "SC_rgb_rle_32bit_2frame.dcm": "SC_rgb_32bit_2frame.dcm",
    "rtdose_expb.dcm": "rtdose.dcm",
    "rtdose_expb_1frame.dcm": "rtdose_1frame.dcm",
    "rtdose_rle.dcm": "rtdose.dcm",
    "rtdose_rle_1frame.dcm": "rtdose_1frame.dcm",
    "zipMR.gz": "MR_small.dcm",
    "JPEG2000.dcm": "JPEG2000_UNC.dcm",
    "MR2_J2KR.dcm": "MR2_UNCR.dcm",
    "RG1_J2KR.dcm": "RG1_UNCR.dcm",
    "RG3_J2KR.dcm": "RG3_UNCR.dcm",
    "US1_J2KR.dcm": "US1_UNCR.dcm",
    "693_J2KR.dcm": "693_UNCR.dcm",
    "emri_small_RLE.dcm": "emri_small.dcm",
    "emri_small_jpeg_ls_lossless.dcm": "emri_small.dcm",
    "emri_small_jpeg_2k_lossless.dcm": "emri_small.dcm",
    "emri_small_big_endian.dcm": "emri_small.dcm",
    "MR_small_RLE.dcm": "MR_small.dcm",
    "MR_small_bigendian.dcm": "MR_small.dcm",
    "MR_small_jp2klossless.dcm": "MR_small.dcm",
    "MR_small_jpeg_ls_lossless.dcm": "MR_small.dcm",
    "liver_expb.dcm": "liver.dcm",
    "OBXXXX1A_rle.dcm": "OBXXXX1A.dcm",
    "OBXXXX1A_expb.dcm": "OBXXXX1A.dcm",
    "gdcm-US-ALOKA-16_big.dcm": "gdcm-US-ALOKA-16.dcm",
}
"""The same pixels in two transfer syntaxes."""


def reason(name: str) -> str:
    found = [why for pattern, why in REFUSED.items() if re.fullmatch(rf"(.*/)?({pattern})", name)]
    assert len(found) < 2, f"{name} is refused for {found}"
    return found[0] if found else ""


READ = [name for name in FILES if not reason(name)]


def one(name: str) -> Scan:
    (scan,) = load(FILES[name])
    return scan


def path_of(name: str) -> str:
    (found,) = (key for key in FILES if key.split("/")[-1] == name)
    return found


def tags_of(name: str) -> pydicom.Dataset:
    """The tags of a file; pydicom warns of what is odd about many of them."""
    data = FILES[name].read_bytes()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ds = pydicom.dcmread(BytesIO(gzip.decompress(data) if name.endswith(".gz") else data), force=True)
        ds.decode()
    return ds


def by_itk(name: str, ds: pydicom.Dataset, scan: Scan) -> NDArray[Any]:
    """The values that SimpleITK reads, with colours where a scan has them, and known differences undone."""
    found: NDArray[Any] = SimpleITK.GetArrayFromImage(SimpleITK.ReadImage(FILES[name]))
    found = np.moveaxis(found, -1, -3) if "C" in scan.axes else found
    if scan.display_inverted:
        # It turns the stored numbers of MONOCHROME1 before slope and intercept.
        low, high = (float(ds.get("RescaleSlope", 1)) * end for end in (0, 2**ds.BitsStored - 1))
        found = low + high + 2 * float(ds.get("RescaleIntercept", 0)) - found
    if ds.get("Modality") == "SEG":
        found = found // 255
    if ds.get("Modality") == "RTDOSE":
        found = found * float(ds.DoseGridScaling)
    if "ModalityLUTSequence" in ds:
        (table,) = ds.ModalityLUTSequence
        entries, first, _ = table.LUTDescriptor
        found = np.asarray(table.LUTData)[np.clip(found.astype(int) - first, 0, entries - 1)]
    return found.reshape(scan.data.shape)


def test_nothing_is_left_out() -> None:
    assert len(FILES) > 270
    assert all(any(re.fullmatch(rf"(.*/)?({pattern})", name) for name in FILES) for pattern in REFUSED)


@pytest.mark.parametrize("name", [name for name in FILES if reason(name)])
def test_refused_with_the_reason(name: str) -> None:
    with pytest.raises(ReadError, match=reason(name)) as refused:
        load(FILES[name])
    assert str(FILES[name].parent) not in str(refused.value)


@pytest.mark.parametrize("name", READ)
def test_read_as_simpleitk_reads_it_and_nothing_about_a_person_is_kept(name: str) -> None:
    scan, ds = one(name), tags_of(name)
    told = repr((scan.source, scan.findings)).lower()
    words = (str(ds.get(k) or "") for k in ("PatientName", "PatientID", "StudyDate", "SOPInstanceUID", "StationName"))
    assert [word for word in words if len(word) > 3 and word.lower() in told] == []
    if name.split("/")[-1] in SLOW_IN_ITK:
        at = scan.size("T") // 2
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            frame = pydicom.pixels.pixel_array(ds, index=at, decoding_plugin="pillow")
        np.testing.assert_array_equal(np.moveaxis(scan.data.reshape(-1, *scan.data.shape[-3:])[at], 0, -1), frame)
    elif not BROKEN_IN_ITK.fullmatch(name.split("/")[-1]):
        compare(name, scan, by_itk(name, ds, scan))


def compare(name: str, scan: Scan, found: NDArray[Any]) -> None:
    if scan.source.facts["photometric"] == "PALETTE COLOR" and found.dtype == np.uint8:
        # SimpleITK keeps the higher byte of a palette of 16 bits.
        np.testing.assert_array_equal(scan.data >> 8, found)
    elif scan.source.facts.get("sop_class") == "Enhanced CT Image Storage":
        # SimpleITK leaves frames in the order of the file.
        np.testing.assert_array_equal(scan.data, found[::-1])
    elif name.split("/")[-1] in ("JPEG-lossy.dcm", "JPGExtended.dcm"):
        np.testing.assert_allclose(scan.data.astype(int), one(path_of("JPEG-LL.dcm")).data, atol=40)
    else:
        check = np.testing.assert_array_equal if scan.data.dtype.kind in "iu" else np.testing.assert_allclose
        check(scan.data, found)


@pytest.mark.parametrize("name", TWINS)
def test_the_same_pixels_in_another_syntax_are_the_same_values(name: str) -> None:
    np.testing.assert_array_equal(one(path_of(name)).data, one(path_of(TWINS[name])).data)


def test_a_dose_of_one_frame_is_scaled() -> None:
    ds = tags_of(path_of("rtdose_1frame.dcm"))
    expected = np.frombuffer(ds.PixelData, "<u4").reshape(10, 10) * float(ds.DoseGridScaling)
    np.testing.assert_allclose(one(path_of("rtdose_1frame.dcm")).data, expected, rtol=1e-7)
