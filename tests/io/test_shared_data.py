"""The real scans beside the project, against what other readers measured in them."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from prep_core.io import load
from prep_core.scan import Scan

pytestmark = pytest.mark.shared_data

PERCENTILES = {"p0_1": 0.1, "p50": 50, "p99_9": 99.9}
AXES = {
    "ct/lidc_chest_dicom": "ZYX",
    "fluorescence/nuclei_2d_dsb2018.tif": "YX",
    "fluorescence/nuclei_zstack_24x256x256.ome.tif": "ZYX",
    "mr/brain_t1gd_bias.nrrd": "ZYX",
    "mr/example4d.nii.gz": "TZYX",
    "mr/pd_axial_dicom": "ZYX",
    "oct/spectralis_bscan_linear_float32.tif": "YX",
    "oct/spectralis_slo.tif": "YX",
    "phase/bacteria_phase_movie_7x512x512.tif": "TYX",
    "phase/quantitative_phase_cell.png": "YX",
    "satellite/sentinel2_B02_B03_B04_B08_300x300_uint16.tif": "CYX",
    "us/phantom_linear_probe_12frames.mha": "ZYX",
    "xray/chest_cr_mono1_j2k.dcm": "YX",
}
ASTRONOMY = ("astro/hst_acs_47tuc_512.fits.gz", "astro/sdo_aia171_128.fits")
RESCALED = ("ct/lidc_chest_dicom",)
"""SimpleITK makes int32 of what int16 holds."""


def one(path: Path) -> Scan:
    (scan,) = load(path)
    return scan


def expected(folder: Path, item: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "expected.json").read_text())[item]
    return found


@pytest.mark.parametrize("item", AXES)
def test_shape_type_and_values(item: str, shared_data: Path) -> None:
    scan, known = one(shared_data / item), expected(shared_data, item)
    assert (scan.axes, list(scan.data.shape)) == (AXES[item], known["shape"])
    assert str(scan.data.dtype) == ("int16" if item in RESCALED else known["dtype"])
    assert (scan.data.min(), scan.data.max()) == (known["min"], known["max"])
    np.testing.assert_allclose(scan.data.mean(dtype=np.float64), known["mean"], rtol=1e-6)
    for name, percent in PERCENTILES.items():
        np.testing.assert_allclose(np.percentile(scan.data, percent), known[name], rtol=1e-6)


@pytest.mark.parametrize("item", [i for i in AXES if i.startswith(("ct", "mr"))])
def test_spacing_and_direction(item: str, shared_data: Path) -> None:
    scan, known = one(shared_data / item), expected(shared_data, item)
    assert scan.spacing_known
    np.testing.assert_allclose(scan.spacing[::-1], known["spacing"][:3], rtol=2e-5)
    size = int(len(known["direction"]) ** 0.5)
    direction = np.reshape(known["direction"], (size, size))[:3, :3]
    np.testing.assert_allclose(scan.direction[:, ::-1], direction, atol=1e-4)


def test_every_item_is_looked_at(shared_data: Path) -> None:
    items = set(json.loads((shared_data / "expected.json").read_text()))
    assert items - {"us/echo_30frames_jpeg_ybr.dcm"} == {*AXES, *ASTRONOMY}


@pytest.mark.parametrize("item", ASTRONOMY)
def test_astronomy(item: str, shared_data: Path) -> None:
    scan, known = load(shared_data / item)[0], expected(shared_data, item)
    assert (scan.axes, list(scan.data.shape), scan.source.facts["hdu"]) == ("YX", known["shape"], known["hdu"])
    assert scan.data.dtype == np.dtype(known["dtype"]).newbyteorder("=")
    assert (scan.data.min(), scan.data.max()) == (known["min"], known["max"])
    np.testing.assert_allclose(scan.data.mean(dtype=np.float64), known["mean"], rtol=1e-6)
    for name, percent in PERCENTILES.items():
        np.testing.assert_allclose(np.percentile(scan.data, percent), known[name], rtol=1e-6)
    np.testing.assert_allclose(100 * (scan.data < 0).mean(), known["neg_pct"], atol=0.005)
    assert (scan.modality, scan.spacing_known, scan.valid.all()) == ("AST", False, True)


def test_the_facts_and_flags_of_a_hubble_picture(shared_data: Path) -> None:
    star, flags = load(shared_data / "astro" / "hst_acs_47tuc_512.fits.gz")
    assert (star.name, flags.name) == ("hst_acs_47tuc_512-SCI", "hst_acs_47tuc_512-DQ")
    assert (star.unit, flags.unit, flags.data.dtype) == ("ELECTRONS", "a.u.", np.int16)
    assert {star.source.facts[key] for key in ("TELESCOP", "FILTER1", "EXPTIME")} == {"HST", "F606W", 60.0}
    assert "NGC104" not in repr(star)


def test_ct_in_anatomical_order_without_its_padding(shared_data: Path) -> None:
    scan = one(shared_data / "ct" / "lidc_chest_dicom")
    assert (scan.unit, scan.modality, scan.spacing[0]) == ("HU", "CT", 2.5)
    # Neighbours in anatomical order resemble each other; in the order of the names they do not.
    apart = np.abs(np.diff(scan.data.astype(float), axis=0)).mean(axis=(1, 2))
    assert apart.max() < 2 * np.median(apart)
    np.testing.assert_allclose(1 - scan.valid.mean(), 0.21, atol=0.01)
    np.testing.assert_array_equal(scan.valid, scan.data != -2048)
    assert len(scan.source.facts["windows"]) == 2


def test_mr_slices_lie_where_their_positions_say(shared_data: Path) -> None:
    scan = one(shared_data / "mr" / "pd_axial_dicom")
    np.testing.assert_allclose(scan.spacing[0], 6.997, atol=5e-4)
    assert scan.source.facts["windows"] == []
    assert any("width 0" in w for w in scan.source.warnings)
    np.testing.assert_array_equal(scan.valid, scan.data != 0)


def test_a_radiograph_keeps_its_stored_values(shared_data: Path) -> None:
    scan = one(shared_data / "xray" / "chest_cr_mono1_j2k.dcm")
    assert (scan.data.min(), scan.data.max()) == (874, 26479)
    assert scan.display_inverted
    assert not scan.spacing_known
    assert "high = 32767" in scan.findings[0].advice


def test_an_echo_film_in_colour(shared_data: Path) -> None:
    scan = one(shared_data / "us" / "echo_30frames_jpeg_ybr.dcm")
    assert (scan.axes, scan.data.shape, scan.channels) == ("TCYX", (30, 3, 240, 320), ("R", "G", "B"))
    assert scan.data.dtype == np.uint8
    known = expected(shared_data, "us/echo_30frames_jpeg_ybr.dcm")["sitk"]
    np.testing.assert_allclose(scan.data.mean(), known["mean"], atol=0.1)
    assert abs(int(scan.data.max()) - known["max"]) <= 4


def test_the_sizes_of_an_ome_tiff(shared_data: Path) -> None:
    scan = one(shared_data / "fluorescence" / "nuclei_zstack_24x256x256.ome.tif")
    assert scan.spacing_known
    assert all(1e-5 < s < 1e-2 for s in scan.spacing)
