"""Recipes as strangers write them: the grammar of a recipe with right and wrong words, and real files damaged.

All chance comes from one `random.Random`, so that a number repeats a text, and Hypothesis can steer it.
"""

import random
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from prep_core.param import Field
from prep_core.recipe_presets import RECIPE_PRESETS
from prep_core.steps import STEPS
from tests.fuzz.hostile_words import ENCODINGS, HEADS, KEYS, NUMBERS, TAILS, WORDS
from tests.fuzz.mutations import mutated
from tests.fuzz.recipe_bombs import bombs

GOLDENS = Path(__file__).resolve().parents[1] / "goldens" / "recipes"

NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")


def structured(chance: random.Random) -> bytes:
    """A text by the grammar: most of it right, so that reading comes far."""
    head, tail = (chance.choice(words) if chance.random() < 0.15 else "" for words in (HEADS, TAILS))
    parts = [f"prep: {_odd(chance, '1', 0.03)}", *_top(chance), _steps(chance)]
    if chance.random() < 0.1:
        chance.shuffle(parts)
    if chance.random() < 0.05:
        parts.append(chance.choice(parts))
    return _encoded(chance, head + "\n".join(parts) + tail)


def damaged(chance: random.Random) -> bytes:
    """A real recipe with bytes, numbers or words that others stand for."""
    real = chance.choice(real_recipes())
    if chance.random() < 0.5:
        return mutated(real, str(chance.getrandbits(64)))
    text = real.decode()
    for _ in range(chance.randint(1, 3)):
        places = list(NUMBER.finditer(text)) if chance.random() < 0.5 else list(re.finditer(r"[^\s:,]+", text))
        old = chance.choice(places or [re.match("", text)])
        text = text[: old.start()] + _hostile(chance) + text[old.end() :]
    return _encoded(chance, text)


def bomb(chance: random.Random) -> bytes:
    """A text that is small and would be large, or is large where a recipe is small."""
    return chance.choice(bombs(chance.choice((3, 12, 13, 200, 3000, 50_000))))


KINDS = (structured, damaged, bomb)
WEIGHTS = (12, 8, 1)


def any_text(chance: random.Random) -> bytes:
    """A text of one of the kinds."""
    (kind,) = chance.choices(KINDS, WEIGHTS)
    return kind(chance)


@cache
def real_recipes() -> tuple[bytes, ...]:
    """Recipes as the program wrote them: fitted and locked ones, and those of the presets."""
    goldens = sorted(GOLDENS.glob("*.yaml"))
    return (
        *(file.read_bytes() for file in goldens),
        *(preset.to_yaml().encode() for preset in RECIPE_PRESETS.values()),
    )


def _top(chance: random.Random) -> list[str]:
    said = {
        "name": _odd(chance, "mine", 0.3),
        "modality": _odd(chance, "CT", 0.2),
        "trained_on": _odd(chance, "{scans: 3, digest: sha256:ab, members: [0123456789abcdef]}", 0.4),
        "lock": _hostile(chance),
        chance.choice(KEYS): _hostile(chance),
    }
    likely = (0.5, 0.3, 0.15, 0.03, 0.03)
    return [f"{key}: {value}" for (key, value), p in zip(said.items(), likely, strict=True) if chance.random() < p]


def _steps(chance: random.Random) -> str:
    if chance.random() < 0.04:
        return f"steps: {_hostile(chance)}"
    lines = [_line(chance) for _ in range(chance.choice((0, 1, 1, 2, 3, 6)))]
    if chance.random() < 0.5:
        return "steps: [" + ", ".join(f"{{{', '.join(line)}}}" for line in lines) + "]"
    return "steps:\n" + "\n".join("- " + "\n  ".join(line) for line in lines)


def _line(chance: random.Random) -> list[str]:
    step = chance.choice(sorted(STEPS))
    spec = STEPS[step]
    said = [f"{name}: {_odd(chance, _right(chance, field), 0.05)}" for name, field in spec.fields.items()]
    said = [words for words in said if chance.random() < 0.7]
    for word in ("over", "per", "inside", "pool"):
        if word in spec.population and chance.random() < 0.4:
            said.append(f"{word}: {_odd(chance, chance.choice(spec.population[word]), 0.08)}")
    if chance.random() < 0.05:
        said.append(f"{chance.choice(KEYS)}: {_hostile(chance)}")
    if chance.random() < 0.1:
        counts = (_odd(chance, str(chance.randrange(9)), 0.2) for _ in range(3))
        said.append("fitted: {{numbers: {{mean: {}}}, scans: {}, voxels: {}, after: 4f53cda18c2baa0c}}".format(*counts))
    return [f"step: {_odd(chance, step, 0.03)}", *said]


def _right(chance: random.Random, field: Field) -> str:
    """A value that the law of `field` allows, as YAML."""
    if field.choices:
        return str(chance.choice(field.choices)).lower() if field.type is bool else str(chance.choice(field.choices))
    if field.type is bool:
        return chance.choice(("true", "false"))
    if field.type is str:
        return f"'{field.default}'"
    low, high = field.p.limits or (0.0, 1.0)
    if field.length:
        return f"[{', '.join(repr(chance.uniform(low, high)) for _ in range(field.length))}]"
    if field.type is int:
        return str(chance.randint(int(low), int(high)))
    return repr(chance.choice((float(low), float(high), chance.uniform(low, high))))


def _odd(chance: random.Random, right: str, share: float) -> str:
    """`right`, or something else in that share of cases."""
    return _hostile(chance) if chance.random() < share else right


def _hostile(chance: random.Random) -> str:
    pool: Sequence[str] = chance.choice((NUMBERS, WORDS))
    return chance.choice(pool)


def _encoded(chance: random.Random, text: str) -> bytes:
    encoding = chance.choice(ENCODINGS) if chance.random() < 0.08 else "utf-8"
    return text.encode(encoding, "replace")
