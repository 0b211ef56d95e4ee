"""The command `verify`: does this machine still give the recipe's recorded answers?"""

import argparse
import sys

from prep_core.cli.options import read_recipe
from prep_core.cli.outcome import DONE, WRONG, complain
from prep_core.lock.verifying import verify


def verify_recipe(options: argparse.Namespace) -> int:
    verdict = verify(read_recipe(options.recipe))
    if not verdict.ok:
        return complain(WRONG, verdict.message)
    sys.stdout.write(f"{verdict.message}\n")
    return DONE
