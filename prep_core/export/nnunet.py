"""A recipe as a fragment of nnU-Net's plans."""

import json
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from prep_core.export.exported import Exported, ExportError, named, unfit
from prep_core.export.scalars import whole_image
from prep_core.line import Line
from prep_core.recipe import Recipe

Plans = dict[str, Any]
Scheme = Callable[[Sequence[Line]], Plans | None]

_ONLY = (
    "it knows no line at all, zscore of each image, minmax of each image from 0 to 1, rescale by 255, ct_foreground, "
    "and clip or percentile_clip then zscore with frozen numbers; each followed by resample or not"
)
_CROP = "nnU-Net first cuts away margins that are 0 in all channels, and measures what is left."
_CHANNELS = "One channel is written; repeat the entry for each channel of the data set, which nnU-Net measures alone."
_SIZE = (
    "nnU-Net stretches the extent to whole voxels; where it is no multiple of the spacing, its voxels lie a little off."
)


def _named(scheme: str, properties: Mapping[str, float] | None = None) -> Plans:
    found: Plans = {"normalization_schemes": [scheme], "use_mask_for_norm": [False]}
    return found | ({"properties": dict(properties)} if properties else {})


def _nothing(lines: Sequence[Line]) -> Plans | None:
    return None if lines else _named("NoNormalization")


def _of_image(lines: Sequence[Line]) -> Plans | None:
    """What is measured on each image."""
    if [line.step for line in lines] not in (["zscore"], ["minmax"]) or not whole_image(lines[0], "all", "channel"):
        return None
    if lines[0].step == "zscore":
        return _named("ZScoreNormalization")
    in_unit_range = (lines[0].params["out_low"], lines[0].params["out_high"]) == (0, 1)
    return _named("RescaleTo01Normalization") if in_unit_range else None


def _of_colours(lines: Sequence[Line]) -> Plans | None:
    if [line.step for line in lines] != ["rescale"] or dict(lines[0].params) != {"subtract": 0, "divide": 255}:
        return None
    return _named("RGBTo01Normalization")


def _of_ct(lines: Sequence[Line]) -> Plans | None:
    """Frozen limits, then a frozen mean and standard deviation."""
    numbers: dict[str, Any] = {}
    for line in lines:
        numbers |= line.fitted.numbers if line.fitted else {}
    if [line.step for line in lines] == ["clip", "zscore"]:
        numbers |= {name: lines[0].params[name] for name in ("low", "high")}
    elif [line.step for line in lines] not in (["ct_foreground"], ["percentile_clip", "zscore"]):
        return None
    wanted = {"mean": "mean", "std": "std", "low": "percentile_00_5", "high": "percentile_99_5"}
    if not all(isinstance(numbers.get(name), float) for name in wanted):
        return None
    return _named("CTNormalization", {key: numbers[name] for name, key in wanted.items()})


_SCHEMES: tuple[Scheme, ...] = (_nothing, _of_image, _of_colours, _of_ct)

_RESAMPLING: Mapping[str, Any] = MappingProxyType(
    {
        "resampling_fn_data": "resample_data_or_seg_to_shape",
        "resampling_fn_data_kwargs": {"is_seg": False, "order": 1, "order_z": 0, "force_separate_z": False},
    }
)


def to_nnunet(recipe: Recipe) -> Exported:
    """The recipe as entries of nnUNetPlans.json.

    Raises
    ------
    ExportError
        Unless the recipe is what nnU-Net does.
    """
    last = recipe.lines[-1:]
    resample = last[0] if last and last[0].step == "resample" else None
    lines = recipe.lines[:-1] if resample else recipe.lines
    found = next((plans for scheme in _SCHEMES if (plans := scheme(lines))), None)
    if reasons := unfit(recipe) or _reasons(recipe, lines, resample, found):
        raise ExportError("nnU-Net", reasons)
    plans = found or {}
    properties = plans.pop("properties", None)
    grid = {"spacing": list(resample.params["spacing"]), **_RESAMPLING} if resample else {}
    text = {"configurations": {"3d_fullres": plans | grid}}
    if properties:
        text = {"foreground_intensity_properties_per_channel": {"0": properties}, **text}
    notes = [_CHANNELS, *([_CROP] if any(line.measures for line in lines) else []), *([_SIZE] if resample else [])]
    return Exported(json.dumps(text, indent=2) + "\n", ".json", tuple(notes))


def _reasons(recipe: Recipe, lines: Sequence[Line], resample: Line | None, found: Plans | None) -> list[str]:
    early = [
        named(i, line, "is not the last line, and nnU-Net normalises first and resamples afterwards")
        for i, line in enumerate(lines, start=1)
        if line.step == "resample"
    ]
    reasons = early or ([] if found else [_ONLY])
    if resample and (resample.params["interpolation"] != "linear" or resample.params["antialias"]):
        words = "is the same in nnU-Net only with interpolation linear and antialias off"
        reasons.append(named(len(recipe.lines), resample, words))
    return reasons
