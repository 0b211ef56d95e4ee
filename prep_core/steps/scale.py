"""Steps that bring a scan to a common scale."""

from types import MappingProxyType

from prep_core.ops.scale import background, histogram_matching, landmarks, linear, robust, standardize, stripe
from prep_core.steps.step import ALIKE, MEASURED, Step, Words

FOREGROUND: Words = MappingProxyType({**MEASURED, "inside": ("foreground", "mask", "positive", "all")})
"""Like any measured step's words, but it is the foreground that is measured unless a line says otherwise."""

STEPS = (
    Step(
        "minmax",
        "scale",
        linear.minmax,
        measure=linear.extremes,
        words=ALIKE,
        unit="1",
        rule=linear.out_rule,
        check=linear.has_range,
    ),
    Step(
        "percentile_rescale",
        "scale",
        linear.percentile_rescale,
        measure=linear.rescale_percentiles,
        unit="1",
        rule=linear.percentile_rescale_rule,
        check=linear.has_range,
    ),
    Step(
        "percentile_clip",
        "scale",
        linear.percentile_clip,
        measure=linear.clip_percentiles,
        rule=linear.percentile_rule,
        check=linear.has_range,
        tally=robust.limited_tally,
    ),
    Step("zscore", "scale", linear.zscore, measure=linear.mean_and_std, unit="1", check=linear.has_spread),
    Step(
        "sigma_clip",
        "scale",
        robust.sigma_clip,
        measure=linear.mean_and_std,
        check=robust.has_width,
        tally=robust.limited_tally,
    ),
    Step(
        "robust_zscore",
        "scale",
        robust.robust_zscore,
        measure=robust.median_and_spread,
        unit="1",
        check=robust.has_robust_spread,
    ),
    Step(
        "background_scale",
        "scale",
        background.background_scale,
        measure=background.background_value,
        prepare=background.smoothed_planes,
        reach=background.smoothed_reach,
        unit="1",
        check=background.has_background,
    ),
    Step(
        "white_stripe",
        "scale",
        stripe.white_stripe,
        measure=stripe.stripe,
        words=FOREGROUND,
        unit="1",
        check=stripe.has_stripe,
    ),
    Step(
        "nyul",
        "scale",
        landmarks.nyul,
        measure=landmarks.standard_landmarks,
        own=landmarks.own_landmarks,
        words={**ALIKE, "over": ("dataset",), "inside": FOREGROUND["inside"]},
        unit="1",
        rule=linear.out_rule,
        check=landmarks.has_landmarks,
    ),
    Step(
        "ct_foreground",
        "scale",
        linear.ct_foreground,
        measure=linear.foreground_statistics,
        words={**FOREGROUND, "over": ("dataset",)},
        unit="1",
        rule=linear.percentile_rule,
        check=linear.has_foreground,
    ),
    Step(
        "match_histogram",
        "scale",
        histogram_matching.match_histogram,
        measure=histogram_matching.reference_distribution,
        own=histogram_matching.own_distribution,
        words={**MEASURED, "over": ("dataset",)},
        check=histogram_matching.has_distribution,
    ),
    Step(
        "standardize_map",
        "scale",
        standardize.standardize_map,
        measure=standardize.pixel_mean_and_spread,
        words={**ALIKE, "over": ("dataset",), "per": ("pixel",)},
        unit="1",
        check=standardize.has_divisors,
    ),
)
