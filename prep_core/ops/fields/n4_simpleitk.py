"""N4 by SimpleITK."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from typing import Any

import numpy as np
import SimpleITK

from prep_core.ops.fields.evening import Mask
from prep_core.ops.fields.n4_settings import NO_FIELD, Settings, complaint
from prep_core.ops.image import Image, Told
from prep_core.ops.itk_threads import one_thread


def field_of_simpleitk(image: Image, mask: Mask, factors: Sequence[int], settings: Settings, told: Told) -> Image:
    """The field at every voxel of `image`, of 2 or 3 axes."""
    full = SimpleITK.GetImageFromArray(image)
    small, small_mask = (
        SimpleITK.Shrink(each, factors[::-1]) for each in (full, SimpleITK.GetImageFromArray(mask.astype(np.uint8)))
    )
    seen = SimpleITK.GetArrayFromImage(small)[SimpleITK.GetArrayFromImage(small_mask) > 0]
    if wrong := complaint(seen, factors, settings.rounds):
        raise ValueError(wrong)
    n4_filter = _filter(image.ndim, settings)
    with one_thread():
        _execute(n4_filter, small, small_mask, settings.rounds, told)
        log_field: Image = SimpleITK.GetArrayFromImage(n4_filter.GetLogBiasFieldAsImage(full))
    if not np.isfinite(log_field).all():
        raise ValueError(NO_FIELD)
    return np.exp(log_field)


def _filter(axes: int, settings: Settings) -> Any:
    n4_filter = SimpleITK.N4BiasFieldCorrectionImageFilter()
    n4_filter.SetMaximumNumberOfIterations([settings.iterations] * settings.levels)
    n4_filter.SetConvergenceThreshold(settings.convergence)
    n4_filter.SetBiasFieldFullWidthAtHalfMaximum(settings.fwhm)
    n4_filter.SetWienerFilterNoise(settings.wiener)
    n4_filter.SetNumberOfHistogramBins(settings.bins)
    n4_filter.SetNumberOfControlPoints([settings.control_points] * axes)
    n4_filter.SetSplineOrder(settings.order)
    return n4_filter


class _Stop(Exception):
    """Makes a command fail."""


@contextmanager
def _stop_unprinted() -> Iterator[None]:
    """Keep SimpleITK from printing the traceback of a `_Stop`, which is no fault.

    Where several threads do this and one ends first, a hook stays that hands all else on.
    """
    before = sys.excepthook
    sys.excepthook = lambda kind, fault, place: None if kind is _Stop else before(kind, fault, place)
    try:
        yield
    finally:
        sys.excepthook = before


def _execute(n4_filter: Any, image: Any, mask: Any, rounds: int, told: Told) -> None:
    """Run the filter.  What `told` raises ends it: N4 does not listen to ``Abort``, but to a command that fails."""
    stopped: list[BaseException] = []
    done = count(1)

    def after_iteration() -> None:
        try:
            told(next(done), rounds)
        except BaseException as reason:  # noqa: BLE001 - it is raised where the filter has ended
            stopped.append(reason)
            raise _Stop from None

    n4_filter.AddCommand(SimpleITK.sitkIterationEvent, after_iteration)
    try:
        with _stop_unprinted():
            n4_filter.Execute(image, mask)
    except RuntimeError as fault:
        # SimpleITK says only that a command failed.
        raise (stopped[0] if stopped else fault) from None
    finally:
        n4_filter.RemoveAllCommands()
