"""The command `explain`: a recipe with a comment on each line."""

import argparse
import sys

from prep_core.cli.options import read_recipe
from prep_core.cli.outcome import DONE
from prep_core.explained import explained
from prep_core.lint import about_recipe


def explain_recipe(options: argparse.Namespace) -> int:
    recipe = read_recipe(options.recipe)
    sys.stdout.write(explained(recipe, about_recipe(recipe).unit))
    return DONE
