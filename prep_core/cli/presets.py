"""The command `presets`: recipes under names that people know."""

import argparse
import sys
from pathlib import Path

from prep_core.cli.outcome import DONE, WRONG, complain, tell, write_output
from prep_core.recipe_presets import RECIPE_PRESETS, RecipePreset


def add_preset_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("key", nargs="?", metavar="KEY", help="which one to write; without it they are listed")
    parser.add_argument("-o", "--output", metavar="RECIPE", help="where the recipe goes; default: to standard output")


def show_presets(options: argparse.Namespace) -> int:
    """List the presets, or write one as a recipe with its reasons and its source."""
    if not options.key:
        sys.stdout.write("".join(map(_listed, RECIPE_PRESETS.values())))
        return DONE
    if options.key not in RECIPE_PRESETS:
        return complain(WRONG, f"unknown preset {options.key!r}; there are {', '.join(RECIPE_PRESETS)}")
    preset = RECIPE_PRESETS[options.key]
    if options.output:
        write_output(Path(options.output), preset.to_yaml().encode())
    else:
        sys.stdout.write(preset.to_yaml())
    if waiting := preset.recipe.waiting:
        tell(f"line {', '.join(map(str, waiting))} waits for its training set: measure it with fit before apply")
    return DONE


def _listed(preset: RecipePreset) -> str:
    steps = ", ".join(reasoned.line.step for reasoned in preset.lines)
    return f"{preset.key}\n  {preset.name}: {preset.suits}\n  {steps}\n  {preset.link}\n"
