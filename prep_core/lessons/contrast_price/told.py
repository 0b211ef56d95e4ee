"""What happened to a faint lesion, in words with the numbers put in."""

from collections.abc import Mapping

SAME = 0.02
"""Shares and ratios that differ by less are called the same."""

Numbers = Mapping[str, float]


def happened(numbers: Numbers, clip_limit: float, bins: int) -> tuple[str, ...]:
    """The paragraphs: CLAHE's gain, its price twice, the filters, and what is not shown."""
    gain, noise = numbers["lesion_gain"], numbers["noise_gain"]
    return (
        "CLAHE draws each grey level from the cumulative histogram of its tile, so contrast grows by the slope of that "
        f"curve: at most about max(1, clip limit · bins) = max(1, {clip_limit:g} · {bins}) = "
        f"{max(1, clip_limit * bins):.1f} times. Here the lesion's contrast becomes {gain:.2f} times what it was.",
        f"The noise beside it becomes {noise:.2f} times what it was. Contrast to noise = lesion / noise: "
        f"{numbers['cnr']:.2f} before, {numbers['cnr']:.2f} · {gain:.2f} / {noise:.2f} = "
        f"{numbers['cnr_raised']:.2f} after. {_verdict(numbers)}",
        "One value becomes many: pixels that were equal to 1 % of the range now lie up to "
        f"{100 * numbers['one_value']:.0f} % of it apart (5 to 95 percentile), as each tile has a "
        "curve of its own. A threshold in HU, or the mean of a region, no longer means what it did.",
        f"The three filters below are set to leave nearly the same noise: {_shares(numbers, 'noise')}. Of the lesion's "
        f"contrast they leave {_shares(numbers, 'lesion')}; of the strongest borders {_shares(numbers, 'borders')}. "
        f"{_preserved(numbers)}",
        "Not shown: whether a reader or a network finds the lesion. In a real scan it is put into the flattest bright "
        "place, and all texture there counts as noise; there contrast to noise can stay or even rise, as it does for a "
        "small lesion in the built-in chest CT under strong CLAHE. Only measuring tells.",
    )


def _shares(numbers: Numbers, what: str) -> str:
    gaussian, bilateral, tv = (100 * numbers[f"{what}_{name}"] for name in ("gaussian", "bilateral", "tv"))
    return f"Gaussian {gaussian:.0f} %, bilateral {bilateral:.0f} %, total variation {tv:.0f} %"


def _verdict(numbers: Numbers) -> str:
    ratio = numbers["cnr_raised"] / numbers["cnr"]
    if ratio < 1 - SAME:
        return "It falls: the picture looks clearer, and the lesion is harder to tell from the noise."
    if ratio > 1 + SAME:
        return "It rises here: the tile's curve is steeper at the lesion's values than at those around it."
    return "It stays: what can be told from the noise is the same as before."


def _preserved(numbers: Numbers) -> str:
    bilateral, tv = (_compared(numbers[f"lesion_{name}"], numbers["lesion_gaussian"]) for name in ("bilateral", "tv"))
    return (
        f"So of this lesion the bilateral filter keeps {bilateral} the blur, and total variation {tv} it. Both are "
        "called edge-preserving, which holds for borders of many times the noise; a faint rim is no edge to them."
    )


def _compared(share: float, other: float) -> str:
    if abs(share - other) <= SAME:
        return "as much as"
    return "more than" if share > other else "less than"
