"""What a step is: its functions, and what the runner must know about them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from inspect import Parameter, signature
from types import MappingProxyType
from typing import Any, Literal

from numpy.typing import NDArray

from prep_core.kernels.mapped import Operation
from prep_core.measure import INSIDE, POOL, Accumulator
from prep_core.ops.image import Image
from prep_core.param import Field, fields_of, parse_all
from prep_core.scan import Scan

Domain = Literal["voxel", "plane", "volume", "channels", "grid"]
Family = Literal["values", "scale", "contrast", "fields", "noise", "masks", "artifacts", "grid", "channels"]
Params = Mapping[str, Any]
Tally = Mapping[str, float]
Reach = Callable[[Params, int, Sequence[float] | None], int]
Words = Mapping[str, tuple[str, ...]]
Formula = Callable[[Mapping[str, Any], Params], Sequence[Operation]]

NOTHING: Words = MappingProxyType({})
MEASURED: Words = MappingProxyType(
    {"over": ("image", "dataset"), "pool": POOL, "per": ("all", "channel", "frame", "plane"), "inside": INSIDE}
)
"""The words of a population and the choices of each, the default first, for a step that measures."""

ALIKE: Words = MappingProxyType({word: choices for word, choices in MEASURED.items() if word != "pool"})
"""The same without pool, for numbers that each scan has one voice in, however many voxels it has."""


@dataclass(frozen=True)
class Step:
    """One verb: its functions, and what the runner must know about them.

    Attributes
    ----------
    apply : gets what its positional parameters ask for by name, and its keywords from the recipe
        image : float32 pixels of the domain; numbers : what was measured; spacing : voxel size in mm in the order of
        the image's axes, None where unknown; inside : the voxels that the word `inside` chooses, a mask of the
        image's shape; valid : the voxels that are not padding, likewise; out : where the pixels are wanted,
        C-contiguous, and they may be those of the image: a step that writes there answers with it.
    formula : the operations of `prep_core.kernels.formula` that `apply` carries out, from numbers and parameters, so
        that a chain of such lines is one calculation; none where these parameters call for something else
    domain : the shape that `apply` works on
        "voxel" (pointwise, any shape), "plane" (y, x), "volume" (z, y, x), or "channels" and "grid" (Scan -> Scan).
    gives : whether the answer of `apply` is pixels, a mask (the pixels stay), or a pair of both
    measure : makes an empty accumulator for the numbers that `apply` needs
    own : makes one for numbers that are measured on the scan at hand, even where those of `measure` are frozen
    prepare : makes the pixels that are measured from (image, valid), where they are not the image itself; `apply` never
        sees them
    words : the words of the population that a line has, each with its choices; by default all that measuring needs
    unit : the unit of the result; None keeps it, a function answers by parameters and old unit
    rule : complains about parameters that do not go together
    check : complains about measured numbers that `apply` cannot use
    legal : the closed interval of values that `apply` has an answer for
    tally : what happened, in numbers for the provenance, from the scan before, the scan after and the parameters
    distinct : arrays, by name, of which the tally has the number of different values: such numbers do not add up
    reach : rows beyond a row that `apply`, or `prepare`, looks at for it, at most, from the parameters, the number of
        spatial axes (2 or 3) and the voxel size along them; where it is None, all of them
    takes_complex, turns_display : whether it has an answer for complex values; whether it undoes MONOCHROME1
    """

    name: str
    family: Family
    apply: Callable[..., Any]
    formula: Formula | None = None
    domain: Domain = "voxel"
    gives: Literal["pixels", "mask", "both"] = "pixels"
    measure: Callable[..., Accumulator] | None = None
    own: Callable[..., Accumulator] | None = None
    prepare: Callable[..., Image] | None = None
    words: Words | None = None
    unit: str | Callable[[Params, str], str] | None = None
    rule: Callable[[Params], str | None] | None = None
    check: Callable[[Mapping[str, Any]], str | None] | None = None
    legal: Callable[[Params], tuple[float, float]] | None = None
    tally: Callable[[Scan, Scan, Params], Tally] | None = None
    distinct: Callable[[Scan, Scan], Mapping[str, NDArray[Any]]] | None = None
    reach: Reach | None = None
    takes_complex: bool = False
    turns_display: bool = False

    @cached_property
    def population(self) -> Words:
        """The words over, pool, per and inside that a line of this step has, with their choices, the default first."""
        if self.words is not None:
            return self.words
        return MEASURED if self.measure else NOTHING

    @cached_property
    def fields(self) -> dict[str, Field]:
        functions = [f for f in (self.measure, self.own, self.prepare) if f]
        return {name: field for f in (*functions, self.apply) for name, field in fields_of(f).items()}

    @cached_property
    def measuring(self) -> frozenset[str]:
        """The parameters that its numbers depend on; the others only say what becomes of the numbers."""
        return frozenset(name for f in (self.measure, self.own, self.prepare) if f for name in fields_of(f))

    @property
    def doc(self) -> str:
        return self.apply.__doc__ or ""

    @property
    def help(self) -> str:
        """The first sentence of the docstring."""
        return " ".join(self.doc.split("\n\n")[0].split())

    def parse(self, raw: Params) -> dict[str, Any]:
        """`raw` with every default written out.

        Raises
        ------
        ValueError
            For an unknown name, a value that its field refuses, or values that do not go together.
        """
        params = parse_all(self.fields, raw)
        if self.rule and (complaint := self.rule(params)):
            raise ValueError(complaint)
        return params

    def domain_of(self, params: Params) -> Domain:
        """The domain with these parameters: those that have an `extent` choose between plane and volume."""
        chosen: Domain = params.get("extent", self.domain)
        return chosen

    def unit_after(self, params: Params, unit: str) -> str:
        return self.unit(params, unit) if callable(self.unit) else self.unit or unit

    def arguments(self, function: Callable[..., Any], params: Params) -> dict[str, Any]:
        """Those of `params` that `function`, one of this step, takes."""
        return {name: params[name] for name in fields_of(function)}

    @cached_property
    def asks(self) -> frozenset[str]:
        """What `apply` wants to be given besides its parameters: image, numbers, spacing, inside, valid, out, told."""
        kinds = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
        return frozenset(p.name for p in signature(self.apply).parameters.values() if p.kind in kinds)

    def looks_beyond(self, params: Params) -> bool:
        """Whether a plane of the result depends on more than the same plane and measured numbers."""
        return self.domain_of(params) in ("volume", "channels", "grid") or "inside" in self.asks
