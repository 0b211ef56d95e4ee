"""What is noticed about real scans: all of it, and nothing else."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from prep_core.inspection import inspect
from prep_core.io import load
from prep_core.samples import load_sample, names
from prep_core.scan import Finding

SAMPLES = {
    "ct_chest": ["padding", "saturated_high"],
    "ct_simulated": ["saturated_high"],
    "xray_simulated": [],
    "oct_simulated": ["complex_values", "wide_range"],
    "mr_brain_bias": ["anisotropic", "bias_field"],
    "mr_simulated": ["bias_field"],
    "us_phantom": ["log_compressed", "background"],
    "us_echo": ["colour", "lossy", "log_compressed", "background", "perhaps_burned_in"],
    "fluorescence_nuclei": ["eight_bits"],
    "phase_cell": [],
    # Its values above 1024 are all even: they were float16 once.
    "satellite_sentinel2": ["gaps"],
    "mr_two_volumes": ["background", "several_volumes", "bias_field"],
}

SHARED: dict[str, tuple[dict[str, Any], list[str]]] = {
    "ct/lidc_chest_dicom": ({}, ["padding", "saturated_high"]),
    "mr/pd_axial_dicom": ({}, ["padding", "anisotropic"]),
    "fluorescence/nuclei_zstack_24x256x256.ome.tif": ({"modality": "MIC"}, ["gaps"]),
    "oct/spectralis_bscan_linear_float32.tif": ({"modality": "OPT"}, ["wide_range", "exact_zeros", "saturated_high"]),
    "oct/spectralis_slo.tif": ({}, ["uneven_light"]),
    "phase/bacteria_phase_movie_7x512x512.tif": ({"modality": "MIC", "axes": "TYX"}, []),
    "xray/chest_cr_mono1_j2k.dcm": ({}, ["monochrome1"]),
    "astro/hst_acs_47tuc_512.fits.gz": ({"part": "SCI"}, ["bright_tail"]),
    "astro/sdo_aia171_128.fits": ({}, ["negatives", "bright_tail"]),
}


def findings(name: str) -> dict[str, Finding]:
    return {finding.name: finding for finding in inspect(load_sample(name)).findings}


def test_every_sample_is_listed() -> None:
    assert tuple(SAMPLES) == names()


@pytest.mark.parametrize("name", names())
def test_a_sample_has_exactly_these_findings(name: str) -> None:
    assert list(findings(name)) == SAMPLES[name]


@pytest.mark.shared_data
@pytest.mark.parametrize("name", SHARED)
def test_a_scan_beside_the_project_has_exactly_these_findings(name: str, shared_data: Path) -> None:
    answers, expected = SHARED[name]
    (scan,) = load(shared_data / name, **answers)
    assert [finding.name for finding in inspect(scan).findings] == expected


def test_the_numbers_are_those_of_the_files() -> None:
    data = load_sample("ct_chest").data
    assert f"{np.count_nonzero(data == 3071)} of " in findings("ct_chest")["saturated_high"].evidence
    data = load_sample("fluorescence_nuclei").data
    assert f"from {data.min()} to {data.max()} only" in findings("fluorescence_nuclei")["eight_bits"].evidence
    share = np.mean(load_sample("mr_two_volumes").data <= 8)
    assert f"{share:.1%}".replace("%", " %") in findings("mr_two_volumes")["background"].evidence


def test_the_bias_of_the_brain_is_that_of_n4() -> None:
    # SimpleITK's N4 (50 iterations on 3 levels) on the same shrunk copy and mask gives p98 over p2 = 1.71.
    assert "factor of 1.71 (p98" in findings("mr_brain_bias")["bias_field"].evidence
