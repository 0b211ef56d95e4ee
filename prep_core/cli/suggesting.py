"""The command `suggest`: a recipe to begin with, for one scan."""

import argparse
import sys
from pathlib import Path

from prep_core.batch import loaded
from prep_core.cli.options import answers_of, reader_of
from prep_core.cli.outcome import ALL_FAILED, DONE, complain, tell, write_output
from prep_core.suggesting import suggest


def suggest_recipe(options: argparse.Namespace) -> int:
    """Write a recipe whose comments are the reasons, for the first scan in the path."""
    scans = loaded([options.path], reader_of(options), **answers_of(options))
    found = next(scans)
    if found.scan is None:
        return complain(ALL_FAILED, found.error)
    try:
        suggestion = suggest(found.scan)
    except ValueError as error:
        return complain(ALL_FAILED, str(error))
    if next(scans, None):
        tell(f"{options.path} holds several scans; this is for the first, {found.scan.name}")
    if options.output:
        write_output(Path(options.output), suggestion.to_yaml().encode())
        tell(suggestion.taken_as)
    else:
        sys.stdout.write(suggestion.to_yaml())
    if waiting := suggestion.recipe.waiting:
        tell(f"line {', '.join(map(str, waiting))} waits for its training set: measure it with fit before apply")
    return DONE
