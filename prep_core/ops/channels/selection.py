"""Steps that choose channels and that make one of several."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray

from prep_core.ops.scans import carried, in_float32, refuse_too_many
from prep_core.param import P
from prep_core.scan import Scan

_ADDS_TO_ONE = 1e-6
_MOST_LISTED = 30
"""Channels of which a sentence gives the names: a hyperspectral scan has hundreds."""


def names_rule(params: Mapping[str, Any]) -> str | None:
    """A complaint, unless `names` names at least one channel between every two commas."""
    if all(_split(params["names"])):
        return None
    return f"names must be channels with a comma between them, as B08, B04 or 3, 2, got {params['names'][:60]!r}"


def select_channels(
    scan: Scan,
    *,
    names: Annotated[
        str,
        P("Channels to keep, with a comma between them: names, or numbers from 0; the order is that of the result."),
    ] = "0",
) -> Scan:
    """Keep some channels, in the order in which they are named.

    Parameters
    ----------
    scan : Scan
        With an axis C.

    Returns
    -------
    Scan
        float32; the axis C stays, also for one channel.  Validity, mask and names go with their channels.

    Raises
    ------
    ValueError
        For a scan without channels, and a channel that it does not have; the sentence lists those there are.

    Notes
    -----
    A name counts as written, else without regard to case; a number counts where no channel has it as its name, so
    that 488 is the laser line and 0 the first channel.  A channel may be named twice.  One whose name has a comma is
    chosen by its number.
    """
    at = [channel_at(scan, name) for name in _split(names)]
    axis = scan.axes.index("C")
    refuse_too_many((*scan.data.shape[:axis], len(at), *scan.data.shape[axis + 1 :]), "name fewer channels")
    chosen = carried(in_float32(scan), lambda array: np.take(array, at, axis))
    return replace(chosen, channels=tuple(scan.channels[i] for i in at) if scan.channels else ())


def weights_rule(params: Mapping[str, Any]) -> str | None:
    """A complaint, if every weight is 0."""
    if params["method"] != "weights" or any(params["weights"]):
        return None
    return "weights must not all be 0"


def to_grey(
    scan: Scan,
    *,
    method: Annotated[
        Literal["weights", "mean", "first"],
        P("weights adds three channels by what each is worth; mean takes all alike; first keeps channel 0 alone."),
    ] = "weights",
    weights: Annotated[
        tuple[float, float, float],
        P(
            "What red, green and blue are worth; the default is how bright they look (luma).",
            (-10, 10),
            soft=(0, 1),
            when=("method", "weights"),
            parts=("red", "green", "blue"),
        ),
    ] = (0.2125, 0.7154, 0.0721),
) -> Scan:
    """Make one grey picture of the channels: w0 red + w1 green + w2 blue.

    Parameters
    ----------
    scan : Scan
        With three channels for `weights`, any number for the others.  One without the axis C is grey already and stays.

    Returns
    -------
    Scan
        float32, without the axis C; in the same unit where the weights add to 1, else in "a.u.".

    Raises
    ------
    ValueError
        For weights and another number of channels than three.

    Notes
    -----
    The sum is formed in float64.  The default weights are those of `skimage.color.rgb2gray` [1]_, from the primaries
    of ITU-R BT.709 [2]_; those of BT.601, as PIL and most JPEG software use them, are 0.299, 0.587, 0.114.

    A pixel is valid where all channels are that have a weight, and in the mask where any of them is.

    References
    ----------
    .. [1] van der Walt et al. 2014, "scikit-image", PeerJ 2:e453.
    .. [2] Poynton 1997, "Frequently asked questions about color", question 9.
    """
    if "C" not in scan.axes:
        return in_float32(scan)
    shares = _shares(scan, method, weights)
    parts = [channel_of(scan, i) for i in shares]
    with np.errstate(invalid="ignore"):  # infinite pixels that are not valid
        grey = sum(share * part.data.astype(np.float64) for share, part in zip(shares.values(), parts, strict=True))
    return one_of(parts, np.asarray(grey))


def grey_unit(params: Mapping[str, Any], unit: str) -> str:
    """A weighted mean keeps the unit, another sum has none."""
    kept = params["method"] != "weights" or abs(sum(params["weights"]) - 1) <= _ADDS_TO_ONE
    return unit if kept else "a.u."


def channel_at(scan: Scan, name: str) -> int:
    """The index along C of the channel called `name`, or of that number.

    Raises
    ------
    ValueError
        For a scan without channels, and for a name that none has or several have.
    """
    refuse_no_channels(scan)
    exact = [i for i, own in enumerate(scan.channels) if own == name]
    found = exact or [i for i, own in enumerate(scan.channels) if own.casefold() == name.casefold()]
    if len(found) > 1:
        raise ValueError(f"finds {len(found)} channels called {name}; say one by its number, from {found}")
    if found:
        return found[0]
    if name.isascii() and name.isdigit() and int(name) < scan.size("C"):
        return int(name)
    raise ValueError(f"finds no channel {name[:60]}; there are {channels_there(scan)}")


def refuse_no_channels(scan: Scan) -> None:
    if "C" not in scan.axes:
        raise ValueError(f"needs channels, and this scan has none (its axes are {scan.axes}); remove this line")


def channels_there(scan: Scan) -> str:
    """The channels of `scan` in words."""
    numbers = f"0 to {scan.size('C') - 1}"
    names = ", ".join(scan.channels[:_MOST_LISTED]) + (", ..." if len(scan.channels) > _MOST_LISTED else "")
    return f"{names} (or {numbers})" if names else f"numbers {numbers}, and no names"


def channel_of(scan: Scan, at: int) -> Scan:
    """One channel, in float32 and without the axis C."""
    cut = (slice(None),) * scan.axes.index("C") + (at,)
    axes = scan.axes.replace("C", "")
    mask = None if scan.mask is None else scan.mask[cut]
    return in_float32(replace(scan, data=scan.data[cut], valid=scan.valid[cut], mask=mask, axes=axes, channels=()))


def one_of(parts: Sequence[Scan], pixels: NDArray[np.float64]) -> Scan:
    """A scan with `pixels`, which were computed from `parts`: valid where all are, in the mask where any is."""
    valid = np.logical_and.reduce([part.valid for part in parts])
    masks = [part.mask for part in parts if part.mask is not None]
    return in_float32(replace(parts[0], data=pixels, valid=valid, mask=np.logical_or.reduce(masks) if masks else None))


def _shares(scan: Scan, method: str, weights: Sequence[float]) -> dict[int, float]:
    """What each channel that counts is worth, by its index."""
    count = scan.size("C")
    if method == "first":
        return {0: 1.0}
    if method == "mean":
        return dict.fromkeys(range(count), 1 / count)
    if count != len(weights):
        raise ValueError(
            f"has weights for 3 channels, and this scan has {count}: {channels_there(scan)}; "
            "choose three by select_channels, or method: mean"
        )
    return {i: weight for i, weight in enumerate(weights) if weight}


def _split(names: str) -> list[str]:
    return [name.strip() for name in names.split(",")]
