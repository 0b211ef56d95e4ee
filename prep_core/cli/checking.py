"""The command `check`: is this recipe valid, and does it say what is meant?"""

import argparse
import sys
from collections.abc import Iterator

from prep_core.batch import loaded
from prep_core.cli.options import read_recipe, reader_of
from prep_core.cli.outcome import DONE, CallError
from prep_core.inspection import inspect
from prep_core.lint import About, about_recipe, about_scan, lint
from prep_core.recipe import Recipe


def add_check_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--scan", metavar="PATH", help="a scan that the recipe is for: warnings then know its values")
    parser.add_argument(
        "--smallest", type=float, metavar="MM", help="size of the smallest lesion that must stay visible"
    )
    parser.set_defaults(limit=[])


def check_recipe(options: argparse.Namespace) -> int:
    recipe = read_recipe(options.recipe)
    note = f"; waits for fit: line {', '.join(map(str, recipe.waiting))}" if recipe.waiting else ""
    sys.stdout.write(f"valid: {len(recipe.lines)} lines, digest {recipe.digest}{note}\n")
    told = dict.fromkeys(str(concern) for about in _known(recipe, options) for concern in lint(recipe, about))
    sys.stdout.writelines(f"warning: {concern}\n" for concern in told)
    return DONE


def _known(recipe: Recipe, options: argparse.Namespace) -> Iterator[About]:
    if options.scan is None:
        yield about_recipe(recipe, options.smallest)
        return
    for found in loaded([options.scan], reader_of(options)):
        if found.scan is None:
            raise CallError(found.error)
        yield about_scan(inspect(found.scan), options.smallest)
