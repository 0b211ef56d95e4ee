"""The command `fit`: measure the dataset lines of a recipe on training scans, and freeze them."""

import argparse
from pathlib import Path

from prep_core.batch import TrainingFiles, Unreadable, parts_in
from prep_core.bundle import refuse_name, to_file_bytes
from prep_core.cli.options import answers_of, engine_of, read_recipe, reader_of
from prep_core.cli.outcome import ALL_FAILED, DONE, WRONG, complain, tell
from prep_core.io import write_atomic
from prep_core.recipe import Recipe
from prep_core.run import StepError, fit


def fit_recipe(options: argparse.Namespace) -> int:
    recipe = read_recipe(options.recipe)
    if not any(line.over == "dataset" for line in recipe.lines):
        return complain(WRONG, "nothing to fit: no line of the recipe says over: dataset")
    refuse_name(options.output, recipe)
    parts = [part for path in options.path for part in parts_in(path)]
    with engine_of(options) as engine:
        training = TrainingFiles(parts, reader_of(options), engine, answers_of(options))
        try:
            fitted = fit(recipe, training)
        except Unreadable as error:
            return complain(ALL_FAILED, f"{error}; nothing was fitted: a training set must be whole")
        except StepError as error:
            return complain(ALL_FAILED, str(error))
    write_atomic(Path(options.output), to_file_bytes(fitted))
    _tell_numbers(fitted)
    return DONE


def _tell_numbers(fitted: Recipe) -> None:
    for i, line in enumerate(fitted.lines, start=1):
        if line.fitted:
            images = {name: " x ".join(map(str, array.data.shape)) for name, array in line.fitted.arrays.items()}
            numbers = ", ".join(f"{name} {value}" for name, value in {**line.fitted.numbers, **images}.items())
            tell(f"line {i}: {line.step} {numbers} ({line.fitted.scans} scans, {line.fitted.voxels} voxels)")
