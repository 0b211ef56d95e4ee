"""What happened in "Why the network learned only the brightest pixels", with the numbers put in."""

from collections.abc import Mapping

FAR, LITTLE = 10.0, 1e-3
"""Times as much of the loss, above which dB is said to help; share of it, below which a band is said to be lost."""


def happened(numbers: Mapping[str, float], bands: int, kept: float) -> tuple[str, ...]:
    """Paragraphs."""
    return (
        "Loss = Σ (answer − y)² / n, and its gradient by one answer is 2 · (answer − y) / n. Before training the "
        "answers are about 0, so a pixel counts with y² in the loss and with |y| in the gradient, and a share is "
        "Σ y² of its pixels / Σ y² of all.",
        f"The intensities I span {numbers['decades']:.1f} decades (powers of ten, between the 0.1 and the 99.9 "
        f"percentile). Linear, y = (I − min) / (max − min): the brightest {numbers['brightest_pixels']:.1%} of the "
        f"pixels hold {numbers['linear_brightest_loss']:.1%} of the loss and "
        f"{numbers['linear_brightest_gradient']:.1%} of the gradient. The deepest of the {bands} bands holds "
        f"{_share(numbers['linear_deepest_loss'])} of the loss.",
        f"In dB, y = 1 + 10 · log10(I / I99.9) / {kept:g}, cut off at 0 and 1: the same pixels hold "
        f"{numbers['db_brightest_loss']:.1%} of the loss, and the deepest band {_share(numbers['db_deepest_loss'])} "
        f"(with equal shares it would be {1 / bands:.1%}). Cut off to black are {numbers['black']:.1%} of the pixels.",
        _verdict(numbers),
        "Not shown: the logarithm lifts noise as well as tissue, so choose how many dB to keep by where the noise "
        "begins. And a loss with weights by depth, or one step standardize_map, would change the shares too.",
    )


def _share(share: float) -> str:
    """A share in percent; as a power of ten where it would read as nothing."""
    return f"{share:.1%}" if share >= 5e-4 or share == 0 else f"{100 * share:.1e} %"


def _verdict(numbers: Mapping[str, float]) -> str:
    deep_linear, deep_db = numbers["linear_deepest_loss"], numbers["db_deepest_loss"]
    if deep_db > max(FAR * deep_linear, LITTLE):
        return (
            "The optimiser spends its steps where the gradient is. In dB the deepest band weighs "
            f"{_times(deep_db, deep_linear)} as much of the loss as on the linear scale. A network on the linear scale "
            "may answer 0 for all deep layers, and its loss will look excellent."
        )
    if deep_linear > LITTLE:
        return (
            "Here the popular statement does not hold: the deepest band has its share on the linear scale as well. "
            "These values span few powers of ten, as those of ultrasound do after the machine took a logarithm; "
            "a second logarithm gains nothing."
        )
    return (
        "Here dB does not help the deepest band either: what lies below the reference by more than "
        "the dB kept is black. Keep more dB, as far as the noise."
    )


def _times(much: float, little: float) -> str:
    if little == 0:
        return "something, and not 0,"
    return f"{float(f'{much / little:.2g}'):,.9g} times"
