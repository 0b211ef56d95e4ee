"""Recipe files of strangers: each is a recipe or one sentence, at once, and what was read comes back from its YAML."""

import random
import time
from dataclasses import replace
from functools import partial

from prep_core.bundle import from_file_bytes, to_file_bytes
from prep_core.line import RecipeError
from prep_core.recipe import Recipe
from tests.fuzz.part import Part, Seen, numbered
from tests.fuzz.readers import is_sentence
from tests.fuzz.recipe_texts import any_text

SEED = "recipes"
LONGEST, LONGEST_OF_LARGE, LARGE = 1.0, 5.0, 100_000
"""Seconds of work that are not too many, on a text and on one of that many bytes, which names thousands of scans."""

LONG = 1000
"""Characters above which nobody reads a sentence."""


def judged(text: bytes, case: str = "") -> Seen:
    """Read `text` as a file, and say what came of it."""
    start = time.process_time()
    try:
        recipe = from_file_bytes(text)
    except RecipeError as error:
        outcome, words = "refused" if is_answer(str(error)) else "bad sentence", str(error)
    except Exception as fault:  # noqa: BLE001 - whatever it is, it is what is looked for
        outcome, words = "mistake of ours", repr(fault)
    else:
        outcome, words = "read", ""
    seconds = time.process_time() - start
    if outcome == "read" and not comes_back(recipe):
        outcome, words = "does not come back", repr(text[:300])
    return Seen(case, outcome, words[:LONG], seconds, outcome not in ("read", "refused"))


def is_answer(words: str) -> bool:
    """Whether a complaint can be shown: a sentence that is not too long to be read."""
    return is_sentence(words) and len(words) <= LONG


def comes_back(recipe: Recipe) -> bool:
    """Whether a recipe is the same after it was written and read, and its bytes are."""
    written = to_file_bytes(recipe)
    again = from_file_bytes(written)
    return again == recipe and again.digest == recipe.digest and to_file_bytes(again) == written


def repeat(case: str) -> Seen:
    """The text of that number; here one that takes long fails as well."""
    text = any_text(random.Random(f"{SEED}/{case}"))
    seen = judged(text, case)
    allowed = LONGEST if len(text) < LARGE else LONGEST_OF_LARGE
    return replace(seen, outcome="slow", failed=True) if seen.seconds > allowed else seen


PART = Part(
    "texts",
    f"each a recipe that comes back, or a sentence, in {LONGEST:.0f} s of work; over {LARGE // 1000} kB in "
    f"{LONGEST_OF_LARGE:.0f} s",
    200.0,
    partial(numbered, repeat),
    repeat,
)
