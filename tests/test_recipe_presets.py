"""Presets: each gives, on a scan of its kind, what the program or paper that it names gives."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache, partial
from urllib.parse import urlparse

import numpy as np
import pytest
from astropy.visualization import AsinhStretch, PercentileInterval
from csbdeep.utils import normalize
from intensity_normalization import Modality, NyulNormalizer, WhiteStripeNormalizer, create_image
from skimage.filters import threshold_otsu

from docs.presets_table import FILE, text
from prep_core.recipe import Recipe
from prep_core.recipe_presets import RECIPE_PRESETS, RecipePreset, fitting_first
from prep_core.run import apply, fit
from prep_core.samples import load_sample
from prep_core.scan import Scan

Array = np.ndarray
Formula = Callable[[list[Array]], Array]
"""From the values of two training scans to what becomes of the first."""


@cache
def part_of(name: str, start: int) -> Scan:
    """Some pixels of a sample, all valid; of a volume two slices."""
    scan = load_sample(name)
    data = scan.data[..., start : start + 60, 60:120]
    data = data[start // 4 : start // 4 + 2] if scan.axes == "ZYX" else data
    return replace(scan, data=np.ascontiguousarray(data), valid=np.array(True))


def made(modality: str, dtype: str, axes: str = "YX", **facts: str) -> tuple[Scan, Scan]:
    """Two scans of a kind of which no sample is built in."""
    rng = np.random.default_rng(3)
    values = rng.lognormal(3, 1, (2, *((40,) * len(axes)), 2))
    parts = values[..., 0] * np.exp(1j * values[..., 1]) if dtype == "complex64" else np.minimum(values[..., 0], 255)
    one, other = (Scan(part.astype(dtype), axes, modality=modality, **facts) for part in parts)
    return one, other


def pair(name: str) -> tuple[Scan, Scan]:
    return part_of(name, 60), part_of(name, 40)


def between(low: float, high: float, top: float = 1.0) -> Formula:
    return lambda scans: np.clip((scans[0] - low) / (high - low), 0, 1) * top


def in_front(values: Array) -> Array:
    """Otsu's bright class; of integers, which scikit-image counts value by value as well."""
    return np.asarray(values > threshold_otsu(values.astype(np.int64)))


def nnunet_ct(scans: list[Array]) -> Array:
    body = np.concatenate([values[in_front(values)] for values in scans])
    return (np.clip(scans[0], *np.percentile(body, (0.5, 99.5))) - body.mean()) / body.std()


def per_image(scans: list[Array]) -> Array:
    return (scans[0] - scans[0].mean()) / scans[0].std()


def nonzero(scans: list[Array]) -> Array:
    inside = scans[0][scans[0] != 0]
    return np.where(scans[0] != 0, (scans[0] - inside.mean()) / inside.std(), 0)


def white_stripe(scans: list[Array]) -> Array:
    front = create_image(np.where(in_front(scans[0]), scans[0], 0))
    stripe = WhiteStripeNormalizer(modality=Modality.T1)
    stripe.fit(front)
    return np.asarray(stripe.transform(create_image(scans[0])).get_data())


def nyul(scans: list[Array]) -> Array:
    fronts = [create_image(np.where(in_front(values), values, 0)) for values in scans]
    landmarks = NyulNormalizer()
    landmarks.fit_population(fronts)
    # The package measures a scan where it is above 0, and so cannot say what becomes of the ground.
    return np.where(in_front(scans[0]), landmarks.transform(fronts[0]).get_data(), np.nan)


def medsam(scans: list[Array]) -> Array:
    x = scans[0]
    clipped = np.clip(x, *np.percentile(x[x > 0], (0.5, 99.5)))
    return np.where(x == 0, 0, (clipped - clipped.min()) / (clipped.max() - clipped.min()) * 255)


def bmode(scans: list[Array]) -> Array:
    envelope = np.abs(scans[0])
    return np.clip(20 * np.log10(envelope / envelope.max()) + 40, 0, 40) / 40


def decibel(scans: list[Array]) -> Array:
    reference = np.percentile(np.concatenate([np.abs(values).ravel() ** 2 for values in scans]), 99.9)
    return np.clip(10 * np.log10(np.abs(scans[0]) ** 2 / reference) / 50 + 1, 0, 1)


def per_channel_of_all(scans: list[Array]) -> Array:
    channels = np.stack(scans).astype(np.float64)  # scans, T, C, y, x
    mean, std = (f(channels, axis=(0, 1, 3, 4), keepdims=True)[0] for f in (np.mean, np.std))
    return np.asarray((scans[0] - mean) / std)


def percentiles(low: float, high: float) -> Formula:
    return lambda scans: normalize(scans[0], low, high, eps=0, dtype=np.float64)


def astropy_asinh(scans: list[Array]) -> Array:
    return np.asarray((AsinhStretch(0.1) + PercentileInterval(99.5))(scans[0]))


CASES: Mapping[str, tuple[Callable[[], tuple[Scan, Scan]], Formula]] = {
    "nnunet_ct": (partial(pair, "ct_chest"), nnunet_ct),
    "monai_lung_nodule": (partial(pair, "ct_chest"), between(-1024, 300)),
    "monai_abdomen": (partial(pair, "ct_chest"), between(-175, 250)),
    "monai_spleen": (partial(pair, "ct_chest"), between(-57, 164)),
    "medsam_ct": (partial(pair, "ct_chest"), between(-160, 240, 255)),
    "torchxrayvision": (partial(made, "DX", "uint8"), lambda scans: (2 * scans[0] / 255 - 1) * 1024),
    "nnunet_zscore": (partial(pair, "mr_brain_bias"), per_image),
    "monai_brats": (partial(pair, "mr_two_volumes"), nonzero),
    "white_stripe_t1": (partial(pair, "mr_brain_bias"), white_stripe),
    "nyul": (partial(pair, "mr_brain_bias"), nyul),
    "medsam_other": (partial(pair, "mr_two_volumes"), medsam),
    "ultrasound_bmode": (partial(made, "US", "complex64"), bmode),
    "echonet_dynamic": (partial(pair, "us_echo"), per_channel_of_all),
    "oct_decibel": (partial(pair, "oct_simulated"), decibel),
    "cellpose": (partial(pair, "fluorescence_nuclei"), percentiles(1, 99)),
    "stardist": (partial(pair, "fluorescence_nuclei"), percentiles(1, 99.8)),
    "sentinel2": (partial(pair, "satellite_sentinel2"), lambda scans: np.clip(scans[0] / 10000, 0, 1)),
    "sentinel2_baseline_04": (
        partial(pair, "satellite_sentinel2"),
        lambda scans: np.clip((scans[0].astype(float) - 1000) / 10000, 0, 1),
    ),
    "astropy_asinh": (partial(made, "AST", "float32"), astropy_asinh),
}


def test_every_preset_has_a_formula() -> None:
    assert list(CASES) == list(RECIPE_PRESETS)


@pytest.mark.parametrize("key", CASES)
def test_a_preset_is_the_formula_of_its_source(key: str) -> None:
    scans, formula = CASES[key][0](), CASES[key][1]
    preset = RECIPE_PRESETS[key]
    assert preset.fits(scans[0])
    recipe = fit(preset.recipe, scans) if preset.recipe.waiting else preset.recipe
    wanted = formula([scan.data if np.iscomplexobj(scan.data) else scan.data.astype(np.float64) for scan in scans])
    ours = apply(recipe, scans[0]).data
    assert ours.std() > 0
    told = ~np.isnan(wanted)
    assert told.mean() > 0.2
    np.testing.assert_allclose(ours[told], wanted[told], atol=2e-6 * max(1, np.nanmax(np.abs(wanted))), rtol=0)


@pytest.mark.parametrize("preset", RECIPE_PRESETS.values(), ids=RECIPE_PRESETS)
def test_a_preset_says_where_it_is_from_and_why(preset: RecipePreset) -> None:
    assert urlparse(preset.link).scheme == "https"
    assert preset.source.endswith(".")
    assert all(reason.endswith(".") for reason in preset.reasons)
    assert Recipe.from_yaml(preset.to_yaml()) == preset.recipe
    assert preset.link in preset.to_yaml()


def test_those_that_fit_come_first_and_none_is_lost() -> None:
    fitting, others = fitting_first(load_sample("ct_chest"))
    assert [preset.key for preset in fitting] == [
        "nnunet_ct",
        "monai_lung_nodule",
        "monai_abdomen",
        "monai_spleen",
        "medsam_ct",
    ]
    assert {preset.key for preset in (*fitting, *others)} == set(RECIPE_PRESETS)
    assert len(fitting) + len(others) == len(RECIPE_PRESETS)


def test_8_bit_echoes_are_offered_no_logarithm_and_raw_ones_are() -> None:
    raw, compressed = made("US", "complex64")[0], made("US", "uint8")[0]
    assert "ultrasound_bmode" in [preset.key for preset in fitting_first(raw)[0]]
    assert "ultrasound_bmode" not in [preset.key for preset in fitting_first(compressed)[0]]


def test_the_page_is_written_from_the_table() -> None:
    assert FILE.read_text("utf-8") == text(), "run python -m docs.presets_table"
