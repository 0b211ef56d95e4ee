"""python -m prep_core: the recipe without the screen.  Data goes to stdout, progress and complaints to stderr."""

import argparse
from collections.abc import Sequence
from typing import Any, NoReturn

from prep_core.cli.applying import apply_recipe
from prep_core.cli.checking import add_check_options, check_recipe
from prep_core.cli.commands import inspect_scans, show_steps
from prep_core.cli.diffing import add_diff_options, diff_recipes
from prep_core.cli.explaining import explain_recipe
from prep_core.cli.exporting import add_export_options, export_recipe
from prep_core.cli.fitting import fit_recipe
from prep_core.cli.options import add_answers, add_engine
from prep_core.cli.outcome import INTERRUPTED, WRONG, CallError, complain, printable
from prep_core.cli.presets import add_preset_options, show_presets
from prep_core.cli.suggesting import suggest_recipe
from prep_core.cli.training import add_training_options
from prep_core.cli.verifying import verify_recipe
from prep_core.io import FORMATS
from prep_core.line import RecipeError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 2 wrong call or recipe, 3 all failed, 8 some, 9 interrupted."""
    options = parser_of_all().parse_args(arguments)
    try:
        code: int = options.run(options)
    except (RecipeError, CallError) as error:
        return complain(WRONG, str(error))
    except OSError as error:
        return complain(WRONG, f"cannot write {error.filename}: {error.strerror}")
    except KeyboardInterrupt:
        return complain(INTERRUPTED, "interrupted; what is written is whole, and the same command goes on")
    return code


class _Parser(argparse.ArgumentParser):
    """Complains about an argument in one line, whatever it holds."""

    def error(self, message: str) -> NoReturn:
        super().error(printable(message))


def parser_of_all() -> argparse.ArgumentParser:
    """What the command line takes: a parser with one of its own for each command."""
    parser = _Parser("python -m prep_core", description="Preprocessing recipes, replayed exactly.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    steps = _command(commands, "steps", show_steps, "every step, or one with its parameters, limits and units")
    steps.add_argument("name", nargs="?", metavar="NAME")
    steps.add_argument("--json", action="store_true", help="as JSON")
    look = _command(commands, "inspect", inspect_scans, "what each scan is: shape, unit, range, decades, findings")
    look.add_argument("--json", action="store_true", help="as JSON")
    check = _command(commands, "check", check_recipe, "0 if the recipe is valid, else the complaint; warnings too")
    add_check_options(check)
    explain = _command(commands, "explain", explain_recipe, "the recipe with comments that say what each line does")
    begin = _command(commands, "suggest", suggest_recipe, "a recipe for this scan, each line with its reason")
    begin.add_argument("path", metavar="PATH", help="a file, a folder of slices, or an archive")
    begin.add_argument("-o", "--output", metavar="RECIPE", help="where the recipe goes; default: to standard output")
    add_answers(begin)
    known = _command(commands, "presets", show_presets, "recipes of known programs and papers, or one by its key")
    add_preset_options(known)
    measure = _command(commands, "fit", fit_recipe, "measure dataset lines on these training scans and freeze them")
    run = _command(commands, "apply", apply_recipe, "write every scan, processed, with its provenance")
    test = _command(commands, "verify", verify_recipe, "does this machine still give the recipe's recorded answers?")
    write = _command(commands, "export", export_recipe, "the recipe in the words of another program, numbers frozen")
    add_export_options(write)
    add_diff_options(_command(commands, "diff", diff_recipes, "what is different between two recipes"))
    for command in (check, explain, measure, run, test, write):
        command.add_argument("recipe", metavar="RECIPE", help="a recipe file (YAML), or a bundle (.zip)")
    for command in (look, measure, run):
        command.add_argument("path", nargs="+", metavar="PATH", help="a file, a folder or an archive")
        add_answers(command)
    for command in (measure, run):
        add_engine(command)
    add_training_options(measure)
    measure.add_argument("-o", "--output", required=True, metavar="RECIPE", help="where the fitted recipe goes")
    run.add_argument("-o", "--output", required=True, metavar="DIR", help="where the results go")
    run.add_argument("--resume", action="store_true", help="keep results that are there and were made in the same way")
    run.add_argument("--format", choices=FORMATS, default=FORMATS[0], help="default: %(default)s")
    return parser


def _command(commands: Any, name: str, run: Any, words: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=words, description=words)
    parser.set_defaults(run=run)
    return parser
