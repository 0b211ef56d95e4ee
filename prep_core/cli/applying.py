"""The command `apply`: write every scan, processed, with its provenance."""

import argparse
from pathlib import Path

from prep_core.batch import Outcome, apply_all
from prep_core.cli.options import answers_of, engine_of, read_recipe, reader_of
from prep_core.cli.outcome import exit_code, tell
from prep_core.line import RecipeError


def apply_recipe(options: argparse.Namespace) -> int:
    recipe = read_recipe(options.recipe)
    if recipe.waiting:
        i = recipe.waiting[0]
        step = recipe.lines[i - 1].step
        raise RecipeError(f"line {i}: {step} is measured over a dataset; fit the recipe on the training scans first")
    outcomes: list[Outcome] = []
    read, answers = reader_of(options), answers_of(options)
    with engine_of(options) as engine:
        for outcome in apply_all(
            recipe, options.path, Path(options.output), options.format, options.resume, read, engine, **answers
        ):
            outcomes.append(outcome)
            tell(_told(outcome))
    return exit_code([outcome.ok for outcome in outcomes])


def _told(outcome: Outcome) -> str:
    if outcome.error:
        return f"failed: {outcome.error}"
    return f"kept: {outcome.file}" if outcome.kept else outcome.file
