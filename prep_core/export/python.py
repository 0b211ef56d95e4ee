"""A recipe as a script with NumPy, and SciPy, scikit-image and SimpleITK where a step needs them."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from prep_core.export.exported import Exported, ExportError, title, unfit
from prep_core.export.functions import Function
from prep_core.export.lines import functions_of
from prep_core.export.source import file_of
from prep_core.recipe import Recipe

_OPTIONAL: Mapping[str, str] = MappingProxyType({"orientation": '"SPL"', "channels": "()"})


def to_python(recipe: Recipe) -> Exported:
    """The recipe as a function `preprocess(array, axes, spacing)` that does the same arithmetic.

    Raises
    ------
    ExportError
        Naming each line that cannot be written.
    """
    functions, reasons = functions_of(recipe.lines)
    if reasons := unfit(recipe) or reasons:
        raise ExportError("a script", reasons)
    notes = tuple(notes_of(recipe, functions))
    head = f"{title(recipe)}\nIt gives what the recipe gives on the same array, with its numbers frozen.\n"
    text = file_of("\n".join([head, *notes]), [f.source for f in functions], _preprocess(functions))
    return Exported(text, ".py", notes)


def notes_of(recipe: Recipe, functions: Sequence[Function]) -> list[str]:
    """What any export of code says of a recipe."""
    notes = []
    if any(line.measures or "valid" in line.spec.asks for line in recipe.lines):
        notes.append("Padding that a file names is unknown to an array: every finite value counts.")
    if calls := [function.name for function in functions if function.calls_prep_core]:
        notes.append(f"prep_core must be installed: it is called by {', '.join(calls)}.")
    return notes


def _preprocess(functions: Sequence[Function]) -> str:
    asked = {name for function in functions for name in function.asks}
    more = [f"{name}={default}" for name, default in _OPTIONAL.items() if name in asked]
    words = [
        "The recipe on an array whose axes are letters of TCZYX; spacing is in mm, for each of z, y, x that it has."
    ]
    if "orientation" in asked:
        words.append("orientation says where the axes z, y, x point to: L or R, P or A, S or I.")
    if "channels" in asked:
        words.append("channels are the names of the axis C.")
    doc = "\n\n    ".join([words[0], " ".join(words[1:])]).rstrip() + ("\n    " if words[1:] else "")
    cut = ["    orientation = orientation[-spatial_axes(axes) :]"] if "orientation" in asked else []
    calls = [f"    {', '.join(f.gives)} = {f.name}({', '.join(f.asks)})" for f in functions]
    arguments = ", ".join(["array", 'axes="ZYX"', "spacing=None", *more])
    return "\n".join(
        [
            f"def preprocess({arguments}):",
            f'    """{doc}"""',
            "    image = np.asarray(array)",
            "    valid = np.isfinite(image)",
            *cut,
            *calls,
            "    return image",
            "",
        ]
    )
