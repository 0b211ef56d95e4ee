"""All that is told in figures of two results: of each by itself, and of one against the other."""

from dataclasses import dataclass

from prep_core.quality.overlaid import Overlaid, ends_of, linear_axis, shares_on
from prep_core.quality.rows import Figure, classes_of_both, own_rows, tissue_rows
from prep_core.quality.two import Agreement, Joint, agreement, as_picture, joint, on_one_grid
from prep_core.scan import Scan


@dataclass(frozen=True, eq=False)
class PairFigures:
    """The figures of two results.

    Attributes
    ----------
    own : of the first and the second; SNR, CNR and CJV only where both are on one grid and their classes agree
    chart : the histograms of "A" and "B" on one axis
    agreement, joint : of the second against the first; None where they have no voxel in common
    """

    own: tuple[Figure, ...]
    chart: Overlaid
    agreement: Agreement | None
    joint: Joint | None


def pair_figures(one: Scan, other: Scan, pictures: bool) -> PairFigures | None:
    """The figures of two results; None where one of them has no valid voxel.

    Parameters
    ----------
    pictures : bool
        Whether they are compared as pictures from 0 to 1 (`two.as_picture`); their own figures stay as they are.
    """
    if not (one.valid.any() and other.valid.any()):
        return None
    own = own_rows(one, other)
    apart = bool(on_one_grid(one, other))
    labels = None if apart else classes_of_both(one, other)
    own = own if labels is None else (*own, *tissue_rows(one, other, labels))
    if pictures:
        one, other = as_picture(one), as_picture(other)
    axis = linear_axis([ends_of(one), ends_of(other)], one.unit)
    chart = Overlaid(axis, {"A": shares_on(axis, one), "B": shares_on(axis, other)})
    if apart:
        return PairFigures(own, chart, None, None)
    return PairFigures(own, chart, agreement(one, other), joint(one, other))
