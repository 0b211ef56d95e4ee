"""A recipe in the words of the programs that people train with, and what these cannot say."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from prep_core.export.bioimageio import to_bioimageio
from prep_core.export.exported import Exported, ExportError
from prep_core.export.monai import to_monai
from prep_core.export.nnunet import to_nnunet
from prep_core.export.python import to_python
from prep_core.export.torchio import to_torchio
from prep_core.recipe import Recipe

__all__ = ["TARGETS", "ExportError", "Exported", "export"]

TARGETS: Mapping[str, Callable[[Recipe], Exported]] = MappingProxyType(
    {
        "python": to_python,
        "monai": to_monai,
        "torchio": to_torchio,
        "nnunet": to_nnunet,
        "bioimageio": to_bioimageio,
    }
)


def export(recipe: Recipe, to: str) -> Exported:
    """`recipe` in the words of a target.

    Parameters
    ----------
    to : {"python", "monai", "torchio", "nnunet", "bioimageio"}

    Raises
    ------
    ExportError
        Naming each line that the target cannot do exactly, and each that waits for its training set.
    """
    return TARGETS[to](recipe)
