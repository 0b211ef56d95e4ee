"""A recipe as a list of transforms: the library's own where it has the same, else the line as an embedded function."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from prep_core.export.exported import CannotSayError, Exported, ExportError, named, title, unfit
from prep_core.export.functions import Function
from prep_core.export.lines import function_of, groups
from prep_core.export.python import notes_of
from prep_core.export.source import file_of, names_in
from prep_core.line import Line
from prep_core.recipe import Recipe


@dataclass(frozen=True)
class Native:
    """Transforms of the library that do what a line does.

    Attributes
    ----------
    calls : tuple of str
        In order, each an expression.
    note : str
        What is a little different, to follow the name of the step.
    pads : bool
        Whether it adds voxels that count as any other afterwards.
    """

    calls: tuple[str, ...]
    note: str = ""
    pads: bool = False


@dataclass(frozen=True)
class Library:
    """What a library is to an export.

    Attributes
    ----------
    native : mapping
        By the name of a step, a function from its line to `Native`, or None where this line needs a function.
    instead : mapping
        By the name of a step, why a transform of the library that seems to do the same is not taken.
    helpers : mapping
        The source of `through_numpy(image, function)`, which turns the library's images to arrays and back, and of what
        else its transforms call.
    embed, cast : str
        How a function becomes a transform ({} is its name), and what makes pixels float32.
    compose : str
        What makes one transform of a list.
    spacing : bool
        Whether its images tell a function their voxel size.
    """

    name: str
    native: Mapping[str, Callable[[Line], Native | None]]
    instead: Mapping[str, str]
    helpers: Mapping[str, str]
    embed: str
    cast: str
    compose: str
    spacing: bool


def composed(recipe: Recipe, library: Library) -> Exported:
    """The recipe as one transform called `preprocess`.

    Raises
    ------
    ExportError
        Naming each line that the library cannot do exactly.
    """
    calls, functions, notes, reasons = _parts(recipe, library)
    if reasons := unfit(recipe) or reasons:
        raise ExportError(library.name, reasons)
    every = [
        *notes_of(recipe, functions),
        f"NaN must not occur: the transforms of {library.name} do not leave it out.",
        *notes,
    ]
    cast = [] if recipe.lines and recipe.lines[0].spec.takes_complex else [f"{library.cast},"]
    body = "".join(f"        {call}\n" for call in [*cast, *calls])
    tail = f"preprocess = {library.compose}(\n    [\n{body}    ]\n)\n"
    helpers = [source for name, source in library.helpers.items() if name in names_in(tail)]
    head = "\n".join([title(recipe), *every])
    text = file_of(head, [*(f.source for f in functions), *helpers], tail)
    return Exported(text, ".py", tuple(every))


def _parts(recipe: Recipe, library: Library) -> tuple[list[str], list[Function], list[str], list[str]]:
    """The transforms, the functions that they need, and what to say of them; the reasons why there are none."""
    calls: list[str] = []
    functions: list[Function] = []
    notes: list[str] = []
    reasons: list[str] = []
    padded = 0
    for start, group in groups(recipe.lines):
        try:
            native, function = _part(start, group, library, padded)
        except CannotSayError as error:
            reasons.append(named(start, group[0], str(error)))
            continue
        functions += [function] if function else []
        padded = start if native.pads else padded
        calls += [f"{call},  # line {start}: {group[0].step}" for call in native.calls]
        notes += [f"Line {start}: {group[0].step} {native.note}."] if native.note else []
    return calls, functions, notes, reasons


def _part(start: int, group: tuple[Line, ...], library: Library, padded: int) -> tuple[Native, Function | None]:
    """The library's own transforms, or one that calls a function; `padded` is the line that added voxels, if any."""
    native, function = _native(group, library), None
    looks = any(line.measures for line in group)
    if native is None:
        function = _function(start, group, library)
        native = Native((library.embed.format(function.name),), library.instead.get(group[0].step, ""))
        looks = "valid" in function.asks
    if padded and looks:
        raise CannotSayError(f"would take the voxels that line {padded} adds for tissue; put it above that line")
    return native, function


def _native(group: tuple[Line, ...], library: Library) -> Native | None:
    line = group[0]
    if len(group) > 1 or line.step not in library.native or line.needs_fit:
        return None
    return library.native[line.step](line)


def _function(start: int, group: tuple[Line, ...], library: Library) -> Function:
    line = group[0]
    if line.spec.domain == "grid":
        raise CannotSayError(f"moves the grid, and {library.name} has no transform that puts it at the same place")
    named_channels = [line.params.get(word, "") for word in ("names", "a", "b")]
    if any(not name.strip().isdigit() for names in named_channels if names for name in names.split(",")):
        raise CannotSayError(f"names channels, and images of {library.name} have only numbers; name them by number")
    if not library.spacing and any(map(_needs_spacing, group)):
        raise CannotSayError(
            f"needs the voxel size, which functions of {library.name} do not see; say lengths_in: px where it has that"
        )
    return function_of(start, group)


def _needs_spacing(line: Line) -> bool:
    return "spacing" in line.spec.asks and line.params.get("lengths_in") != "px"
