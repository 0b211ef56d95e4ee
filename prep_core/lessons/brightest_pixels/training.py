"""A small network that learns A-scans, once on a linear scale and once in dB."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from prep_core.lessons.brightest_pixels.depth_scans import depth_edges, intensity, retina, with_decay
from prep_core.lessons.lesson import Chart, Curve, Picture, Shown, Table, Tell
from prep_core.lessons.thinned_plane import pixel_aspect
from prep_core.line import Line
from prep_core.recipe import Recipe
from prep_core.run import apply, fit
from prep_core.scan import Scan

Floats = NDArray[np.float64]

TRAINING = (1, 2, 3)
"""Seeds of the scans that are learned; the one that is shown is none of them."""

HIDDEN, ROUNDS, EACH = 12, 60, 32
"""Hidden units; passes over all A-scans; A-scans in each step of the optimiser."""

NAMES: Mapping[str, str] = MappingProxyType({"linear": "learned on linear", "db": "learned on dB"})


@dataclass(frozen=True)
class Learned:
    """What a network answers for the scan that it has not seen: (depth, A-scans) in dB, 0 to -kept."""

    answer: Floats
    error: Floats
    loss: float


def train(scan: Scan | None, tell: Tell, *, decay: float, kept: float, bands: int) -> Shown:
    """Learn A-scans on both scales, and compare both in dB."""
    learned, unseen = _training_and_unseen(scan, decay)
    ends = Line("rescale_range", {"in_low": -kept, "in_high": 0.0, "out_low": 0.0, "out_high": 1.0})
    recipes = {
        "linear": fit(Recipe((Line("minmax", over="dataset"),)), learned),
        "db": fit(Recipe((Line("decibel", {"percentile": 99.9}, over="dataset"), ends)), learned),
    }
    truth = _decibels(recipes["db"], unseen, kept)
    found = {}
    for i, (name, recipe) in enumerate(recipes.items()):
        rows = np.concatenate([apply(recipe, one).data.T for one in learned])
        answer, loss = _answered(rows, apply(recipe, unseen).data.T, _half(tell, i / 2, NAMES[name]))
        levels = _intensities(answer, recipes, unseen, kept) if name == "linear" else kept * (answer.clip(0, 1) - 1)
        found[name] = Learned(levels, _rms(levels - truth, 1), loss)
    return _told(found, truth, unseen, kept, bands, own=scan is not None)


def _training_and_unseen(scan: Scan | None, decay: float) -> tuple[list[Scan], Scan]:
    """Intensities: those of a scan of one's own are its columns by turns."""
    if scan is None:
        return [intensity(retina(decay, seed, 96)) for seed in TRAINING], intensity(retina(decay))
    own = intensity(with_decay(scan, decay))
    if not own.all_valid:
        own = _without_padding(own)
    odd, even = (replace(own, data=own.data[:, i::2], valid=own.valid[:, i::2]) for i in (1, 0))
    return [odd], even


def _without_padding(scan: Scan) -> Scan:
    """The rows and columns that hold no padding: first the columns that are half valid, then the rows all valid."""
    columns = scan.valid.mean(axis=0) >= 0.5
    rows = scan.valid[:, columns].all(axis=1)
    if rows.sum() < 16 or columns.sum() < 16:
        raise ValueError(f"scan {scan.name}: too much of its middle plane is padding to train on; crop it first")
    return replace(scan, data=scan.data[rows][:, columns], valid=scan.valid[rows][:, columns])


def _half(tell: Tell, start: float, name: str) -> Tell:
    return lambda share, words: tell(start + share / 2, f"{name}: {words}")


def _answered(rows: NDArray[np.float32], unseen: NDArray[np.float32], tell: Tell) -> tuple[Floats, float]:
    """What a network that has learned `rows` makes of `unseen`, as (depth, A-scans), and its loss there."""
    # It takes seconds to import, which only those who train have to wait for.
    from sklearn.neural_network import MLPRegressor

    network = MLPRegressor(
        hidden_layer_sizes=(HIDDEN,), learning_rate_init=3e-3, batch_size=min(EACH, len(rows)), random_state=0
    )
    for i in range(ROUNDS):
        network.partial_fit(rows, rows)
        tell((i + 1) / ROUNDS, f"pass {i + 1} of {ROUNDS}, loss {network.loss_:.3g}")
    answer = network.predict(unseen).astype(np.float64)
    return answer.T, float(np.mean(np.square(answer - unseen)))


def _decibels(recipe: Recipe, scan: Scan, kept: float) -> Floats:
    levels: Floats = kept * (apply(recipe, scan).data.astype(np.float64) - 1)
    return levels


def _intensities(answer: Floats, recipes: Mapping[str, Recipe], scan: Scan, kept: float) -> Floats:
    """Answers on the linear scale, turned back into intensities and then into dB by the other recipe."""
    fitted = recipes["linear"].lines[0].fitted
    if fitted is None:
        raise RuntimeError("the linear recipe was not fitted")
    low, high = (float(np.squeeze(fitted.numbers[name])) for name in ("low", "high"))
    again = (answer * (high - low) + low).astype(np.float32)
    return _decibels(recipes["db"], replace(scan, data=again), kept)


def _rms(values: Floats, axis: int | None = None) -> Floats:
    found: Floats = np.sqrt(np.mean(np.square(values), axis=axis))
    return found


def _told(found: Mapping[str, Learned], truth: Floats, scan: Scan, kept: float, bands: int, *, own: bool) -> Shown:
    edges, unit = depth_edges(scan, bands)
    parts = np.array_split(np.arange(len(truth)), bands)
    rows = []
    numbers: dict[str, float] = {}
    for name, one in found.items():
        errors = [float(_rms((one.answer - truth)[part])) for part in parts]
        rows.append(errors)
        numbers |= {f"{name}_first": errors[0], f"{name}_deepest": errors[-1], f"{name}_all": float(_rms(one.error))}
        numbers[f"{name}_loss"] = one.loss
    names = [f"{low:.3g}–{high:.3g}" for low, high in pairwise(edges)]
    return Shown(
        _happened(numbers, bands, truth.shape, own),
        numbers,
        (_pictures(found, truth, scan, kept),),
        (_chart(found, edges, unit),),
        (
            Table(
                "Error of the network (rms, dB)",
                (f"depth ({unit})", *NAMES.values()),
                tuple(zip(names, *rows, strict=True)),
            ),
        ),
    )


def _pictures(found: Mapping[str, Learned], truth: Floats, scan: Scan, kept: float) -> tuple[Picture, ...]:
    drawn = [("not seen before", truth), *((NAMES[name], one.answer) for name, one in found.items())]
    return tuple(Picture(name, values, -kept, 0.0, "dB", aspect=pixel_aspect(scan)) for name, values in drawn)


def _chart(found: Mapping[str, Learned], edges: Sequence[float], unit: str) -> Chart:
    curves = []
    for name, one in found.items():
        places = np.linspace(0, edges[-1], len(one.error), endpoint=False)
        curves.append(Curve(NAMES[name], places, one.error))
    return Chart("Error by depth, both compared in dB", f"depth ({unit})", "rms error (dB)", tuple(curves))


def _happened(numbers: dict[str, float], bands: int, shape: tuple[int, ...], own: bool) -> tuple[str, ...]:
    split = " (it learned every other column of this picture)" if own else ""
    better = numbers["db_deepest"] < numbers["linear_deepest"]
    return (
        f"The network squeezes each A-scan of {shape[0]} values through {HIDDEN} numbers and answers with the A-scan "
        f"again; it saw those it learns {ROUNDS} times, and none of the {shape[1]} here{split}. Both are compared in "
        "dB, error = √(Σ (answer − truth)² / n); an answer of 0 or less has no logarithm and counts as cut off.",
        f"In the deepest of {bands} bands the error is {numbers['linear_deepest']:.1f} dB for the one that learned on "
        f"the linear scale and {numbers['db_deepest']:.1f} dB for the one that learned on dB; in the first band "
        f"{numbers['linear_first']:.1f} dB and {numbers['db_first']:.1f} dB.",
        f"Its own loss did not tell: {numbers['linear_loss']:.2g} on the linear scale, {numbers['db_loss']:.2g} in dB. "
        + (
            "The small one belongs to the network that lost the deep layers."
            if better and numbers["linear_loss"] < numbers["db_loss"]
            else "Losses on two scales cannot be compared."
        ),
        "Not shown: neither can learn speckle, which no 12 numbers hold; fully developed speckle alone spreads by "
        "5.6 dB. A larger network, or more time, changes the figures and not the shares of the gradient.",
    )
