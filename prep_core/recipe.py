"""A recipe: steps in order, with every number written out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from prep_core.arrays import Array
from prep_core.line import Line, RecipeError, digest
from prep_core.lock.lock import Lock
from prep_core.memory import owner_of
from prep_core.recipe_yaml import MAX_LINES, checked_text, parsed, written
from prep_core.scan import Scan, voxel_affine
from prep_core.together import run_together


@dataclass(frozen=True)
class Recipe:
    """Lines in order, a name, what it was fitted on, and the lock that `fit` put on it."""

    lines: tuple[Line, ...] = ()
    name: str = "recipe"
    modality: str = ""
    trained_on: Mapping[str, Any] | None = None
    lock: Lock | None = None

    def __post_init__(self) -> None:
        checked_text("name", self.name)
        checked_text("modality", self.modality)
        if len(self.lines) > MAX_LINES:
            raise RecipeError(f"a recipe may have {MAX_LINES} lines, this has {len(self.lines)}")
        for i, line in enumerate(self.lines):
            if line.fitted and line.fitted.after != digest(self.lines[:i]):
                raise RecipeError(f"line {i + 1}: {line.step} was fitted below other lines; fit the recipe again")

    @classmethod
    def from_yaml(cls, text: str | bytes, arrays: Mapping[str, Array] | None = None) -> Self:
        """Read a recipe.

        Parameters
        ----------
        arrays : mapping, optional
            By their sha256, the arrays that fitted lines name; a bundle holds them.

        Raises
        ------
        RecipeError
            For text that is no recipe; the complaint names line, step, parameter, rule and value.
        """
        return cls(**parsed(text, arrays or {}))

    def to_yaml(self) -> str:
        """Write the recipe with every default; reading it back gives an equal recipe, bit for bit."""
        return written(self.lines, self.name, self.modality, self.trained_on, self.lock)

    @property
    def arrays(self) -> dict[str, Array]:
        """By their sha256, the arrays that lie beside the YAML."""
        return {a.sha256: a for line in self.lines if line.fitted for a in line.fitted.arrays.values()}

    @property
    def waiting(self) -> tuple[int, ...]:
        """The lines, counted from 1, that are to be measured over a dataset and are not fitted yet."""
        return tuple(i for i, line in enumerate(self.lines, start=1) if line.needs_fit)

    @property
    def digest(self) -> str:
        """16 hex digits that name what the lines do, whatever the recipe is called."""
        return digest(self.lines)

    def edited(self, lines: Iterable[Line]) -> Self:
        """This recipe with other lines.  Numbers fitted below lines that changed are no longer true, so they go.

        The lock is on all lines: it goes with any change.
        """
        kept: list[Line] = []
        for line in lines:
            stale = line.fitted and line.fitted.after != digest(kept)
            kept.append(replace(line, fitted=None) if stale else line)
        trained_on = self.trained_on if any(line.fitted for line in kept) else None
        lock = self.lock if tuple(kept) == self.lines else None
        return replace(self, lines=tuple(kept), trained_on=trained_on, lock=lock)

    def __call__(
        self,
        array: ArrayLike,
        axes: str = "ZYX",
        spacing: Sequence[float] | None = None,
        *,
        unit: str = "a.u.",
        modality: str = "",
        valid: NDArray[np.bool_] | None = None,
        channels: Sequence[str] = (),
    ) -> NDArray[Any]:
        """Apply the recipe to a bare array: the same bytes as `apply` on a scan of these values.

        Parameters
        ----------
        array : (axes) array_like
            An ndarray, or what `numpy.asarray` makes one of: a torch tensor on the CPU.
        axes : str
            Which axes `array` has: letters of "TCZYX", in that order, ending in "YX".
        spacing : sequence of float, optional
            Voxel size in mm, in the order of the axes Z, Y, X that there are.
        modality : str
            A DICOM code; by default that of the recipe.
        valid : (axes) bool ndarray, optional
            False where a voxel is padding.  NaN and infinity never count.
        channels : sequence of str
            Names of the C axis.

        Returns
        -------
        ndarray
            A new, writeable array: float32 after the first line.

        Raises
        ------
        ValueError
            For axes or a spacing that do not fit the array.
        StepError
            When a line has no answer for these values, or waits for its training set.
        """
        data = np.asarray(array)
        scan = Scan(
            data,
            axes,
            _affine(axes, spacing),
            spacing is not None,
            unit,
            modality or self.modality or "OT",
            np.array(True) if valid is None else valid & np.isfinite(data),
            channels=tuple(channels),
        )
        return _writeable(run_together(self.lines, scan, counted=False).scan.data, data)


def _writeable(pixels: NDArray[Any], given: NDArray[Any]) -> NDArray[Any]:
    """`pixels` as an array that can be written to; a copy only where `given` or something else may hold them, too."""
    owner = owner_of(pixels)
    is_alone = owner.flags.owndata and owner.flags.writeable and not np.may_share_memory(owner, given)
    if is_alone and owner.flags.c_contiguous and pixels.flags.c_contiguous and owner.nbytes == pixels.nbytes:
        given_away: NDArray[Any] = owner.view(pixels.dtype).reshape(pixels.shape)
        return given_away
    return np.array(pixels, order="C")


def _affine(axes: str, spacing: Sequence[float] | None) -> NDArray[np.float64]:
    if spacing is None:
        return voxel_affine()
    spatial = [axis for axis in axes if axis in "ZYX"]
    if len(spacing) != len(spatial):
        raise ValueError(f"spacing must have a length for each of {', '.join(spatial)}, got {tuple(spacing)}")
    return voxel_affine(tuple(float(length) for length in spacing))
