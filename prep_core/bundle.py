"""A bundle: a recipe and the arrays that its fitted lines name, in one .zip file.

It holds recipe.yaml, and arrays/SHA256.npy for each array, named by the digest of its own bytes.  Members are stored
as they are, in the order of their names and with a fixed date, so that equal recipes give equal bytes everywhere.
"""

import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Mapping

import numpy as np

from prep_core.arrays import Array
from prep_core.line import Line, RecipeError
from prep_core.recipe import Recipe
from prep_core.strict_yaml import MAX_BYTES

RECIPE = "recipe.yaml"
MAX_ARRAYS = 200
MAX_UNPACKED = 2**31
"""Bytes of all members together: the mean and the spread of four images of 2^26 voxels."""
_FREE = 2**26
_MAX_RATIO = 50
"""Above `_FREE` bytes, members may not be larger than this many times the file: no measured image packs so well."""

_ARRAY = re.compile(r"arrays/([0-9a-f]{64})\.npy")
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 1


def from_file_bytes(data: bytes, most: int = MAX_UNPACKED) -> Recipe:
    """Read a recipe from the bytes of a file: YAML or a bundle, by content.

    Parameters
    ----------
    most : int
        How many bytes a bundle may hold.

    Raises
    ------
    RecipeError
        For what is neither; the complaint is one sentence.
    """
    return from_bundle(data, most) if data.startswith(_ZIP) else Recipe.from_yaml(data)


def to_file_bytes(recipe: Recipe) -> bytes:
    """What is written to a file: YAML, or a bundle where the recipe has arrays."""
    return to_bundle(recipe) if recipe.arrays else recipe.to_yaml().encode()


def to_bundle(recipe: Recipe) -> bytes:
    """`recipe` with its arrays as a .zip file, the same bytes each time.

    Raises
    ------
    RecipeError
        For more or larger arrays than `from_bundle` reads.
    """
    arrays = {f"arrays/{sha256}.npy": array.npy for sha256, array in recipe.arrays.items()}
    members = {**arrays, RECIPE: recipe.to_yaml().encode()}
    _refuse_size(len(arrays), sum(map(len, members.values())), MAX_UNPACKED)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(members):
            archive.writestr(_info(name), members[name])
    return file.getvalue()


def from_bundle(data: bytes, most: int = MAX_UNPACKED) -> Recipe:
    """Read a recipe and its arrays from the bytes of a .zip file that holds `most` bytes at most.

    Raises
    ------
    RecipeError
        For a file that is damaged, too large, or holds anything else; and as `Recipe.from_yaml`.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _refuse_members(archive.infolist(), len(data), most)
            members = {info.filename: archive.read(info) for info in archive.infolist()}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeDecodeError) as error:
        raise RecipeError(f"the bundle is damaged ({str(error) or 'it ends too early'}); copy it again") from None
    if RECIPE not in members:
        raise RecipeError(f"the bundle holds no {RECIPE}; a bundle is the .zip that fit wrote")
    text = members.pop(RECIPE)
    recipe = Recipe.from_yaml(text, {_digest(name): _array(name, file) for name, file in members.items()})
    _refuse_unnamed(members, recipe)
    return recipe


def refuse_name(name: str, recipe: Recipe) -> None:
    """Complain about a name of YAML for a recipe that will have arrays, before anything is measured.

    Raises
    ------
    RecipeError
        Naming the line that is measured as an array, and a name that serves.
    """
    stem, dot, ending = name.rpartition(".")
    if dot + ending.lower() not in (".yaml", ".yml"):
        return
    for i, line in enumerate(recipe.lines, start=1):
        if line.over == "dataset" and _has_arrays(line):
            raise RecipeError(
                f"line {i}: {line.step} is measured as arrays, which YAML cannot hold; name the output {stem}.zip"
            )


def _has_arrays(line: Line) -> bool:
    """Whether the numbers of `line` are images or curves, as it shows on a few made-up voxels."""
    if line.spec.measure is None or line.per == "pixel":
        return line.per == "pixel"
    accumulator = line.spec.measure(**line.spec.arguments(line.spec.measure, line.params))
    voxels = np.linspace(1, 2, 1000, dtype=np.float32)
    accumulator.update(voxels)
    while accumulator.again():
        accumulator.update(voxels)
    return any(np.ndim(number) > 0 for number in accumulator.finish().values())


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    info.create_system, info.external_attr = 3, 0o644 << 16
    return info


def _refuse_members(members: list[zipfile.ZipInfo], packed: int, most: int) -> None:
    """Complain about what a member is called and says of itself, before any is unpacked."""
    names = [info.filename for info in members]
    for info in members:
        if info.filename != RECIPE and not _ARRAY.fullmatch(info.filename):
            raise RecipeError(
                f"the bundle holds {info.filename[:80]!r}; a bundle holds {RECIPE} and arrays/SHA256.npy, nothing else"
            )
        if names.count(info.filename) > 1:
            raise RecipeError(f"the bundle holds {info.filename} twice; open the .zip that fit wrote")
        if not 0 <= info.header_offset < packed:
            raise RecipeError(f"the bundle is damaged ({info.filename} lies outside the file); copy it again")
        if info.flag_bits & _ENCRYPTED or info.compress_type not in _METHODS:
            raise RecipeError(f"the bundle holds {info.filename} encrypted or packed in an unusual way; zip it plainly")
        if info.filename == RECIPE and info.file_size > MAX_BYTES:
            raise RecipeError(f"a recipe may have {MAX_BYTES} bytes, {RECIPE} in the bundle has {info.file_size}")
    unpacked = sum(info.file_size for info in members)
    _refuse_size(len(names), unpacked, most)
    if unpacked > max(_FREE, _MAX_RATIO * packed):
        raise RecipeError(
            f"the bundle has {packed} bytes and says it holds {unpacked}, more than {_MAX_RATIO} times as many; "
            "zip it without compression"
        )


def _refuse_size(count: int, unpacked: int, most: int) -> None:
    if count > MAX_ARRAYS + 1:
        raise RecipeError(f"a bundle may hold {MAX_ARRAYS} arrays, this has {count - 1}; split the recipe")
    if unpacked > most:
        raise RecipeError(
            f"a bundle may hold {most} bytes, this has {unpacked}; measure smaller images: "
            "put a resample or a crop above the lines that are measured per pixel"
        )


def _digest(name: str) -> str:
    return name.removeprefix("arrays/").removesuffix(".npy")


def _array(name: str, file: bytes) -> Array:
    if hashlib.sha256(file).hexdigest() != _digest(name):
        raise RecipeError(f"{name} in the bundle has other bytes than its name says; copy the bundle again")
    try:
        return Array.from_npy(file)
    except ValueError as error:
        raise RecipeError(f"{name} in the bundle {error}") from None


def _refuse_unnamed(members: Mapping[str, bytes], recipe: Recipe) -> None:
    unnamed = [name for name in members if _digest(name) not in recipe.arrays]
    if unnamed:
        raise RecipeError(f"the bundle holds {unnamed[0]}, which no line of the recipe names; remove it")
