"""What the steps of the family scale are compared with."""

from collections.abc import Callable

import numpy as np
from astropy.stats import sigma_clip
from csbdeep.utils import normalize
from intensity_normalization import Modality, NyulNormalizer, WhiteStripeNormalizer, create_image
from scipy.ndimage import gaussian_filter
from scipy.stats import gaussian_kde, iqr, median_abs_deviation
from skimage.exposure import match_histograms

from prep_core.line import Line
from prep_core.recipe import Recipe
from prep_core.run import apply, fit
from prep_core.scan import Scan
from tests.ops.scale.tissues import BRAINS, CT, DECADES, brain
from tests.oracles.oracle import Oracle
from tests.oracles.shading import like_standardized

SHADES = gaussian_filter(np.random.default_rng(5).gamma(4, 12, (3, 60, 70)), (0, 1, 1)).astype(np.float32)


def after(step: str, values: np.ndarray, inside: str = "", **params: object) -> np.ndarray:
    """What `step` makes of `values`, measured over them alone."""
    recipe = Recipe((Line(step, params, inside=inside),))
    scan = Scan(values, "ZYX")
    return apply(fit(recipe, [scan]) if recipe.lines[0].needs_fit else recipe, scan).data.astype(np.float64)


def measured(step: str, values: np.ndarray, **params: object) -> dict[str, float]:
    fitted = fit(Recipe((Line(step, params, over="dataset"),)), [Scan(values, "ZYX")]).lines[0].fitted
    return dict(fitted.numbers)


def over_both(difference: Callable[[np.ndarray], np.ndarray]) -> Callable[[], float]:
    """The largest difference on CT as int16 and on floats over seven decades, both as float64 for the oracle."""
    return lambda: max(float(np.abs(difference(values)).max()) for values in (CT, DECADES))


def relative(ours: np.ndarray, theirs: np.ndarray) -> np.ndarray:
    return (ours - theirs) / np.maximum(np.abs(theirs), 1)


def like_minmax(values: np.ndarray) -> np.ndarray:
    x = values.astype(np.float64)
    return after("minmax", values, out_low=-1.0) - (-1 + 2 * (x - x.min()) / (x.max() - x.min()))


def like_csbdeep(values: np.ndarray) -> np.ndarray:
    theirs = normalize(values.astype(np.float64), 3, 99.8, eps=0, dtype=np.float64)
    return relative(after("percentile_rescale", values, low=3.0, high=99.8, clip=False), theirs)


def like_monai(values: np.ndarray) -> np.ndarray:
    """ScaleIntensityRangePercentiles: (x - a_min) / (a_max - a_min) * (b_max - b_min) + b_min, then clip."""
    x = values.astype(np.float64)
    a_min, a_max = np.percentile(x, (1, 99.8))
    theirs = np.clip((x - a_min) / (a_max - a_min) * (3 - -1) + -1, -1, 3)
    return after("percentile_rescale", values, out_low=-1.0, out_high=3.0) - theirs


def like_percentile(values: np.ndarray) -> np.ndarray:
    numbers = measured("percentile_rescale", values, low=1.0, high=99.8)
    return np.array([numbers["low"], numbers["high"]]) - np.percentile(values.astype(np.float64), (1, 99.8))


def like_clip(values: np.ndarray) -> np.ndarray:
    low, high = np.percentile(values.astype(np.float64), (0.5, 99.5)).astype(np.float32)
    return after("percentile_clip", values) - np.clip(values.astype(np.float32), low, high)


def like_zscore(values: np.ndarray) -> np.ndarray:
    x = values.astype(np.float64)
    return relative(after("zscore", values), (x - x.mean()) / x.std())


def like_sigma_formula(values: np.ndarray) -> np.ndarray:
    x = values.astype(np.float64)
    theirs = np.clip(x, x.mean() - 2 * x.std(), x.mean() + 2 * x.std())
    return relative(after("sigma_clip", values, sigmas=2.0), theirs)


def like_astropy(values: np.ndarray) -> np.ndarray:
    x = values.astype(np.float64)
    _, low, high = sigma_clip(x, sigma=1.5, maxiters=1, cenfunc="mean", masked=False, return_bounds=True)
    ours = after("sigma_clip", values, sigmas=1.5)
    return relative(np.array([ours.min(), ours.max()]), np.array([max(low, x.min()), min(high, x.max())]))


def like_mad(values: np.ndarray) -> np.ndarray:
    x = values.astype(np.float64)
    return relative(
        after("robust_zscore", values), (x - np.median(x)) / median_abs_deviation(x, axis=None, scale="normal")
    )


def like_iqr(values: np.ndarray) -> np.ndarray:
    x = values.astype(np.float64)
    return relative(after("robust_zscore", values, spread="iqr"), (x - np.median(x)) / (iqr(x) / 1.349))


def like_median() -> float:
    background = np.float32(np.median(gaussian_filter(SHADES, (0, 1.5, 1.5))))
    ours = after("background_scale", SHADES, statistic="median", smooth_sigma=1.5, factor=2.0)
    return float(np.abs(ours - SHADES / (background * np.float32(2))).max())


def like_kde() -> float:
    """How many bins the mode is from the highest point of SciPy's density, at points a fifth of a bin apart."""
    smooth = gaussian_filter(SHADES, (0, 1, 1)).astype(np.float64).ravel()
    numbers = measured("background_scale", SHADES)
    width = 0.9 * iqr(smooth) / 1.349 * smooth.size**-0.2
    points = np.arange(np.percentile(smooth, 30), np.percentile(smooth, 55), numbers["bin_width"] / 5)
    density = gaussian_kde(smooth, width / smooth.std(ddof=1))(points)
    return float(abs(numbers["background"] - points[density.argmax()]) / numbers["bin_width"])


def like_white_stripe(contrast: str) -> Callable[[], float]:
    def difference() -> float:
        theirs = WhiteStripeNormalizer(modality=Modality(contrast)).fit_transform(create_image(BRAINS[0]))
        ours = after("white_stripe", BRAINS[0], inside="positive", contrast=contrast)
        return float(np.abs(ours - theirs.get_data()).max())

    return difference


def like_nyul() -> float:
    """Fitted on three scans; applied to one of them and to one that was not there, as float32 and as integers."""
    theirs = NyulNormalizer()
    theirs.fit_population([create_image(values) for values in BRAINS])
    fitted = fit(Recipe((Line("nyul", inside="positive"),)), [Scan(values, "ZYX") for values in BRAINS])
    other = brain(9)
    return max(
        float(np.abs(apply(fitted, Scan(values, "ZYX")).data - theirs.transform(create_image(values)).get_data()).max())
        for values in (BRAINS[1], other, other.round().astype(np.int16))
    )


def like_nnunet() -> float:
    """CTNormalization: clip to the percentiles, subtract the mean, divide by max(std, 1e-8), all of the foreground."""
    training = [CT, (CT * 0.8).astype(np.int16)]
    foreground = np.concatenate([x[x > 0] for x in training]).astype(np.float64)
    low, high = np.percentile(foreground, (0.5, 99.5))
    theirs = (np.clip(CT.astype(np.float64), low, high) - foreground.mean()) / max(foreground.std(), 1e-8)
    fitted = fit(Recipe((Line("ct_foreground", inside="positive"),)), [Scan(x, "ZYX") for x in training])
    return float(np.abs(apply(fitted, Scan(CT, "ZYX")).data - theirs).max())


def bins_from_scikit_image(source: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """How far each voxel is from match_histograms, in bins of 1/256 of the reference's range."""
    fitted = fit(Recipe((Line("match_histogram"),)), [Scan(reference, "ZYX")])
    theirs = match_histograms(source, reference)
    return np.abs(apply(fitted, Scan(source, "ZYX")).data - theirs) / np.ptp(reference) * 256


def like_match_histograms() -> float:
    pairs = ((DECADES, DECADES[::-1] ** 0.7), (CT, (CT // 3 + 40).astype(np.int16)))
    return max(float(bins_from_scikit_image(*pair).max()) for pair in pairs)


def like_match_histograms_over_gaps() -> float:
    """Beside a gap the rank of one voxel is several bins wide."""
    return float(np.percentile(bins_from_scikit_image(BRAINS[0], BRAINS[1]), 99.9))


BINS = "difference, in bins of 1/256 of the range"

ORACLES: tuple[Oracle, ...] = (
    Oracle("minmax", "formula (x - min) / (max - min), in float64", over_both(like_minmax), 1e-6),
    Oracle(
        "percentile_rescale", "NumPy percentile", over_both(like_percentile), 0.0, "largest difference of a percentile"
    ),
    Oracle("percentile_rescale", "CSBDeep normalize, eps 0", over_both(like_csbdeep), 1e-6),
    Oracle("percentile_rescale", "MONAI ScaleIntensityRangePercentiles, its formula", over_both(like_monai), 1e-6),
    Oracle("percentile_clip", "NumPy percentile and clip", over_both(like_clip), 0.0),
    Oracle("zscore", "nnU-Net and MONAI NormalizeIntensity, their formula", over_both(like_zscore), 1e-6),
    Oracle("sigma_clip", "formula clip(x, mean +- sigmas std), in float64", over_both(like_sigma_formula), 1e-6),
    Oracle(
        "sigma_clip",
        "Astropy sigma_clip, one iteration",
        over_both(like_astropy),
        1e-6,
        "largest relative difference of a limit",
    ),
    Oracle("robust_zscore", "SciPy median_abs_deviation, scale normal", over_both(like_mad), 1e-6),
    Oracle("robust_zscore", "SciPy iqr over 1.349", over_both(like_iqr), 1e-6),
    Oracle("background_scale", "NumPy median after SciPy gaussian_filter", like_median, 0.0),
    Oracle("background_scale", "SciPy gaussian_kde", like_kde, 1.0, "distance of the mode, in bins"),
    *(
        Oracle(
            "white_stripe",
            f"intensity-normalization WhiteStripe, {contrast}",
            like_white_stripe(contrast),
            1e-3,
            "largest difference, in standard deviations",
        )
        for contrast in ("t1", "t2", "flair", "pd")
    ),
    Oracle("nyul", "intensity-normalization Nyul", like_nyul, 1e-4),
    Oracle("ct_foreground", "nnU-Net CTNormalization, its formula", like_nnunet, 1e-6),
    Oracle("match_histogram", "scikit-image match_histograms", like_match_histograms, 1.0, f"largest {BINS}"),
    Oracle(
        "match_histogram",
        "scikit-image match_histograms, over gaps",
        like_match_histograms_over_gaps,
        1.0,
        f"99.9th percentile of the {BINS}",
    ),
    Oracle("standardize_map", "NumPy mean and std over the scans", like_standardized("std", 0.0), 1e-5),
    Oracle("standardize_map", "NumPy mean and ptp, at least a floor", like_standardized("range", 90.0), 1e-5),
)
