"""The command that writes a recipe in the words of another program."""

import argparse
import sys
from pathlib import Path

from prep_core.cli.options import read_recipe
from prep_core.cli.outcome import DONE, tell, write_output
from prep_core.export import TARGETS, export


def add_export_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--to", required=True, choices=TARGETS, help="who is to carry out the recipe")
    parser.add_argument("-o", "--output", metavar="FILE", help="where the text goes; default: to standard output")


def export_recipe(options: argparse.Namespace) -> int:
    """Write the text, and tell what the target cannot say; a recipe that it cannot do is refused."""
    exported = export(read_recipe(options.recipe), options.to)
    if options.output:
        write_output(Path(options.output), exported.text.encode())
    else:
        sys.stdout.write(exported.text)
    for note in exported.notes:
        tell(note)
    return DONE
