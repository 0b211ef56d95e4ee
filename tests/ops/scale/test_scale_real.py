"""Brain MR as scanners give it, against the package that others use."""

from pathlib import Path

import numpy as np
import pytest
from intensity_normalization import Modality, NyulNormalizer, WhiteStripeNormalizer, create_image

from prep_core import load
from prep_core.line import Line
from prep_core.recipe import Recipe
from prep_core.run import apply, fit
from prep_core.scan import Scan

pytestmark = pytest.mark.shared_data


@pytest.fixture(scope="module")
def brain(shared_data: Path) -> Scan:
    """T1 with a bias field and an enhancing tumour, int16; every second pixel, for the sake of the peer's time."""
    scan = load(shared_data / "mr" / "brain_t1gd_bias.nrrd")[0]
    return Scan(scan.data[:, ::2, ::2], scan.axes)


@pytest.mark.parametrize("contrast", ["t1", "pd", "flair"])
def test_white_stripe_agrees(brain: Scan, contrast: str) -> None:
    theirs = WhiteStripeNormalizer(modality=Modality(contrast)).fit_transform(
        create_image(brain.data.astype(np.float64))
    )
    ours = apply(Recipe((Line("white_stripe", {"contrast": contrast}, inside="positive"),)), brain)
    assert np.abs(ours.data - theirs.get_data()).max() < 1e-3


def test_nyul_agrees_over_two_real_scans(brain: Scan, shared_data: Path) -> None:
    density = load(shared_data / "mr" / "pd_axial_dicom")[0]
    density = Scan(density.data, density.axes)
    peer = NyulNormalizer()
    peer.fit_population([create_image(scan.data.astype(np.float64)) for scan in (brain, density)])
    fitted = fit(Recipe((Line("nyul", inside="positive"),)), [brain, density])
    for scan in (brain, density):
        theirs = peer.transform(create_image(scan.data.astype(np.float64))).get_data()
        assert np.abs(apply(fitted, scan).data - theirs).max() < 1e-4


def test_the_background_of_every_frame_of_a_movie_becomes_one(shared_data: Path) -> None:
    movie = load(shared_data / "phase" / "bacteria_phase_movie_7x512x512.tif")[0]
    result = apply(Recipe((Line("background_scale", per="frame"),)), movie)
    assert np.median(result.data, axis=(1, 2)) == pytest.approx(np.ones(7), abs=0.05)
