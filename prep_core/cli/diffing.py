"""The command `diff`: what is different between two recipes?"""

import argparse
import sys

from prep_core.cli.options import read_recipe
from prep_core.cli.outcome import DONE
from prep_core.diffing import RecipeDiff, diff, sentences, unified
from prep_core.provenance import to_json


def add_diff_options(parser: argparse.ArgumentParser) -> None:
    for name in ("first", "second"):
        parser.add_argument(name, metavar="RECIPE", help="a recipe file (YAML), or a bundle (.zip)")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--unified", action="store_true", help="as a unified diff of both recipes with every default")
    form.add_argument("--json", action="store_true", help="as JSON")


def diff_recipes(options: argparse.Namespace) -> int:
    """Print the differences; having some is no failure, so the exit code is that of a command that was done."""
    first, second = read_recipe(options.first), read_recipe(options.second)
    if options.unified:
        sys.stdout.write(unified(first, second, (options.first, options.second)))
        return DONE
    found = diff(first, second)
    sys.stdout.write(to_json(found.plain()) if options.json else _text(found))
    return DONE


def _text(found: RecipeDiff) -> str:
    if found.same:
        return "same\n"
    same_lines = ["same lines: both give the same bytes"] if found.same_lines else []
    return "\n".join([*sentences(found), *same_lines]) + "\n"
