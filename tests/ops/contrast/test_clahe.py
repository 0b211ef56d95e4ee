from pathlib import Path

import numpy as np
import pydicom
import pytest
import tifffile
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.ndimage import gaussian_filter
from scipy.optimize import brentq
from skimage.exposure import equalize_adapthist

import prep_core
from prep_core.kernels.clahe import clip_counts
from prep_core.ops.contrast.clahe import clahe, clahe_rule
from prep_core.ops.contrast.clahe_fast import clahe_fast
from prep_core.param import fields_of

CT_CHEST = Path(prep_core.__file__).parent / "samples" / "ct_chest"
PHASE_MOVIE = Path(__file__).parents[3] / "shared" / "data" / "phase" / "bacteria_phase_movie_7x512x512.tif"
ENGINES = ("skimage", "fast")
UNIT = {"low": 0.0, "high": 1.0}


def textured(shape=(200, 300), seed=0):
    """Fine grain on coarse shading, between 0 and 1."""
    noise = np.random.default_rng(seed).normal(size=shape)
    mixed = gaussian_filter(noise, 2) * 6 + gaussian_filter(noise[::-1], 30) * 60
    image = ((mixed - mixed.min()) / np.ptp(mixed)).astype(np.float32)
    image.flags.writeable = False
    return image


def ct_plane():
    headers = [pydicom.dcmread(path) for path in CT_CHEST.iterdir()]
    middle = sorted(headers, key=lambda header: header.ImagePositionPatient[2])[22]
    return middle.pixel_array.astype(np.float32) - 1024, {"low": -1000.0, "high": 400.0}


def phase_plane():
    plane = tifffile.imread(PHASE_MOVIE)[0].astype(np.float32)
    return plane, {"low": float(np.percentile(plane, 0.1)), "high": float(np.percentile(plane, 99.9))}


REAL = [ct_plane] + ([phase_plane] if PHASE_MOVIE.exists() else [])


def difference(image, numbers, **parameters):
    """Correlation and mean absolute difference between the two engines."""
    slow, fast = (clahe(image, numbers, engine=engine, **parameters) for engine in ENGINES)
    return np.corrcoef(slow.ravel(), fast.ravel())[0, 1], np.abs(slow - fast).mean()


@pytest.mark.parametrize("parameters", [{}, {"tile": 31}, {"clip_limit": 0.05, "bins": 64}, {"clip_limit": 0.0}])
def test_engine_skimage_is_scikit_image_on_the_rescaled_input(parameters):
    image = textured() * 4000 - 1500
    scaled = np.clip((image + 1000) / 3000, 0, 1).astype(np.float32)
    named = {"kernel_size": 64} | {{"tile": "kernel_size", "bins": "nbins"}.get(k, k): v for k, v in parameters.items()}
    result = clahe(image, {"low": -1000.0, "high": 2000.0}, **parameters)
    np.testing.assert_array_equal(result, equalize_adapthist(scaled, **named))


@pytest.mark.parametrize("width", [3, 4, 20])
def test_a_volume_is_equalised_in_boxes_and_never_taken_for_a_colour_picture(width):
    volume = textured((12, 16, 20))[..., :width]
    turned = np.moveaxis(volume, 2, 0)
    expected = np.moveaxis(equalize_adapthist(turned, kernel_size=(min(6, width), 6, 6)), 0, 2)
    one_grey_level = 1 / (2**14 - 1)  # the sums run in another order
    np.testing.assert_allclose(clahe(volume, UNIT, tile=6, extent="volume"), expected, atol=1.1 * one_grey_level)


@pytest.mark.parametrize("parameters", [{}, {"bins": 1024}, {"clip_limit": 0.03}, {"clip_limit": 0.001}])
def test_engine_fast_agrees_with_scikit_image_on_texture(parameters):
    correlation, mean_difference = difference(textured(), UNIT, **parameters)
    assert correlation >= 0.995
    assert mean_difference < 0.01


@pytest.mark.parametrize("plane", REAL)
def test_engine_fast_agrees_with_scikit_image_on_real_scans(plane):
    correlation, mean_difference = difference(*plane())
    assert correlation >= 0.995
    assert mean_difference < 0.01


def test_one_tile_of_engine_fast_by_hand():
    # Levels 0 1/3 2/3 1 hold 4 2 2 0 of 8 pixels; 2 may stay, so 2 are shared out: 2 2 2 2.
    image = np.array([[0, 0, 0, 0], [1 / 3, 1 / 3, 2 / 3, 2 / 3]], np.float32)
    np.testing.assert_allclose(clahe_fast(image, tile=8, clip_limit=0.25, bins=4), image * 0.75 + 0.25, atol=1e-6)


def test_engine_fast_keeps_values_apart_that_share_a_level():
    ramp = np.linspace(0, 1, 64 * 64, dtype=np.float32).reshape(64, 64)
    result = clahe(ramp, UNIT, engine="fast", bins=16)
    assert (np.diff(result.ravel()) > 0).all()


def test_engine_fast_treats_left_and_right_alike():
    image = textured((128, 192))
    mirrored = clahe(image[::-1, ::-1], UNIT, engine="fast")[::-1, ::-1]
    np.testing.assert_allclose(mirrored, clahe(image, UNIT, engine="fast"), atol=1e-6)


@given(arrays(np.int64, (12,), elements=st.integers(0, 50)), st.integers(1, 50))
def test_excess_counts_are_shared_out_like_water(counts, most):
    def filled(rise):
        return np.minimum(np.minimum(counts, most) + rise, most)

    total = min(counts.sum(), most * counts.size)
    rise = brentq(lambda rise: filled(rise).sum() - total, 0, most) if counts.max() > most else 0
    np.testing.assert_allclose(clip_counts(counts[None], most)[0], filled(rise), atol=1e-6)


@pytest.mark.parametrize("engine", ENGINES)
def test_how_hot_a_clipped_pixel_is_does_not_matter(engine):
    saturated = textured().copy()
    saturated[40, 50] = 1
    hot = saturated.copy()
    hot[40, 50] = 1e6
    cold, warm = (clahe(image, UNIT, engine=engine) for image in (saturated, hot))
    assert np.abs(cold - warm).max() < 1e-6


def test_a_hot_pixel_moves_nothing_two_tiles_away_with_engine_fast():
    image = textured((256, 256)) * np.float32(0.5)
    hot = image.copy()
    hot[10, 10] = 1e6
    before, after = (clahe(each, UNIT, engine="fast", tile=32) for each in (image, hot))
    np.testing.assert_array_equal(after[64:], before[64:])
    np.testing.assert_array_equal(after[:, 64:], before[:, 64:])
    rest = np.ones(image.shape, bool)
    rest[10, 10] = False
    assert np.abs(after - before)[rest].max() < 2 / 32**2


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("shape", [(1, 1), (3, 5), (1, 90), (65, 2), (64, 64)])
def test_small_images_give_finite_values_between_0_and_1(engine, shape):
    result = clahe(textured(shape=(65, 90))[: shape[0], : shape[1]], UNIT, engine=engine)
    assert result.shape == shape
    assert result.dtype == np.float32
    assert result.min() >= 0
    assert result.max() <= 1


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("value", "expected"), [(-3000, 0.0), (0, 0.5), (3000, 1.0), (np.inf, 1.0), (-np.inf, 0.0)])
def test_a_constant_image_is_only_rescaled(engine, value, expected):
    image = np.full((70, 70), value, np.float32)
    np.testing.assert_array_equal(clahe(image, {"low": -1000.0, "high": 1000.0}, engine=engine), expected)


def test_contrast_in_the_last_row_alone_is_equalised():
    image = np.zeros((300, 300), np.float32)
    image[-1] = 1
    settings = {"tile": 64, "clip_limit": 0.01, "bins": 256}
    np.testing.assert_array_equal(clahe(image, UNIT, engine="fast", **settings), clahe_fast(image, **settings))


@pytest.mark.parametrize("engine", ENGINES)
def test_nan_stays_nan_and_takes_part_as_low(engine):
    image = textured().copy()
    image[20:30, 20:30] = np.nan
    result = clahe(image, UNIT, engine=engine)
    np.testing.assert_array_equal(np.isnan(result), np.isnan(image))
    there = ~np.isnan(image)
    filled = clahe(np.nan_to_num(image, nan=0.0), UNIT, engine=engine)
    np.testing.assert_array_equal(result[there], filled[there])


@pytest.mark.parametrize("engine", ENGINES)
def test_the_same_input_gives_the_same_bytes(engine):
    image = textured()
    once = clahe(image, UNIT, engine=engine).tobytes()
    assert clahe(image, UNIT, engine=engine).tobytes() == once


@pytest.mark.parametrize("engine", ENGINES)
@given(
    clip_limit=st.floats(0, 1),
    tile=st.integers(4, 4096),
    bins=st.sampled_from([2, 3, 100, 256, 4096]),
    low=st.floats(-1000, 1000),
    span=st.floats(0.001, 1000),
    image=arrays(np.float32, (9, 14), elements=st.floats(-2000, 2000, width=32) | st.floats(width=32)),
)
def test_every_legal_input_gives_a_value_between_0_and_1(engine, clip_limit, tile, bins, low, span, image):
    numbers = {"low": low, "high": low + span}
    result = clahe(image, numbers, engine=engine, tile=tile, clip_limit=clip_limit, bins=bins)
    there = ~np.isnan(image)
    assert ((result[there] >= 0) & (result[there] <= 1)).all()


@pytest.mark.parametrize("over_itself", [False, True])
def test_engine_fast_writes_where_it_is_asked_to(over_itself):
    image = np.random.default_rng(2).random((70, 90), dtype=np.float32)
    image[3, 4] = np.nan
    valid = np.ones(image.shape, bool)
    valid[:9] = False
    expected = clahe(image, UNIT, valid, engine="fast")
    out = image if over_itself else np.empty_like(image)
    np.testing.assert_array_equal(clahe(image, UNIT, valid, out, engine="fast"), expected)
    whole = np.random.default_rng(3).random((70, 90), dtype=np.float32)
    assert clahe(whole, UNIT, None, out, engine="fast") is out


def test_engine_fast_refuses_a_volume():
    complaint = "extent volume needs engine skimage, got engine fast"
    assert clahe_rule({"engine": "fast", "extent": "volume"}) == complaint
    assert clahe_rule({"engine": "fast", "extent": "plane"}) is None
    assert clahe_rule({"engine": "skimage", "extent": "volume"}) is None
    with pytest.raises(ValueError, match=complaint):
        clahe(textured((8, 8, 8)), UNIT, engine="fast", extent="volume")


@pytest.mark.parametrize(("extent", "shape"), [("plane", (4, 8, 8)), ("volume", (8, 8))])
def test_an_image_of_the_wrong_shape_is_refused(extent, shape):
    with pytest.raises(ValueError, match=f"extent {extent} works on . axes, got an image of shape"):
        clahe(textured(shape), UNIT, extent=extent)


def test_a_range_without_width_is_refused():
    with pytest.raises(ValueError, match="low below high, got low 5 and high 5"):
        clahe(textured(), {"low": 5.0, "high": 5.0})


def test_every_parameter_is_explained():
    fields = fields_of(clahe)
    assert list(fields) == ["tile", "clip_limit", "bins", "engine", "extent"]
    assert all(field.p.help.endswith(".") for field in fields.values())
