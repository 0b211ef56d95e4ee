"""Small batches to try the coordinator on."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prep_core import Recipe
from prep_core.batch import Outcome, apply_all
from prep_core.batch.aside import ASIDE

RECIPE = Recipe.from_yaml("prep: 1\nname: double\nsteps:\n- {step: clip, low: 0, high: 1}\n- {step: zscore}\n")


def image(seed: int, shape: tuple[int, ...] = (8, 9)) -> NDArray[np.float32]:
    return np.random.default_rng(seed).uniform(-0.5, 1.5, shape).astype(np.float32)


def write_scans(folder: Path, names: Iterable[str]) -> list[str]:
    """An array for each of the names, which may have folders; all different."""
    paths = [folder / f"{name}.npy" for name in names]
    for seed, path in enumerate(paths):
        path.parent.mkdir(parents=True, exist_ok=True)
        np.save(path, image(seed))
    return [str(path) for path in paths]


def run(paths: Iterable[str], out: Path, recipe: Recipe = RECIPE, **words: Any) -> list[Outcome]:
    return list(apply_all(recipe, paths, out, "npy", **words))


def files(folder: Path) -> dict[str, bytes]:
    """Everything under its final name; what waits for one lies in the folder aside."""
    named = {path.relative_to(folder): path for path in folder.rglob("*") if path.is_file()}
    return {str(name): path.read_bytes() for name, path in named.items() if name.parts[0] != ASIDE}


class Backwards:
    """An engine that answers the last task first."""

    def each(self, task: Callable[[Any], Any], items: Iterable[Any]) -> Iterator[tuple[int, Any]]:
        for place, item in reversed(list(enumerate(items))):
            yield place, task(item)
