"""Write docs/presets.md, the list of all recipe presets, from their table: python -m docs.presets_table."""

from collections.abc import Iterator
from pathlib import Path

from prep_core.explained import population
from prep_core.recipe_presets import RECIPE_PRESETS, RecipePreset
from prep_core.suggesting import Reasoned

FILE = Path(__file__).parent / "presets.md"

HEAD = """# Presets: recipes under names that people know

Written from `prep_core.recipe_presets.RECIPE_PRESETS` by `python -m docs.presets_table`.  On the page Tune they stand
under *Start from*; `python -m prep_core presets KEY -o recipe.yaml` writes one.

Only preprocessing of intensities is here, and only where the steps do exactly what the source does: a test computes
each formula with NumPy, or with the package itself, and compares.  Voxel size and orientation are left to you: put
`resample` and `reorient` above.
"""


def text() -> str:
    """The whole page."""
    return HEAD + "".join("".join(f"{row}\n" for row in _section(preset)) for preset in RECIPE_PRESETS.values())


def _section(preset: RecipePreset) -> Iterator[str]:
    yield from ("", f"## {preset.name}", "")
    yield from (f"`{preset.key}`, for {preset.suits}.", "", f"{preset.source} [Source]({preset.link})", "")
    yield from (_item(i, reasoned) for i, reasoned in enumerate(preset.lines, start=1))


def _item(number: int, reasoned: Reasoned) -> str:
    line = reasoned.line
    values = [f"{name} {value}" for name, value in line.params.items() if value != line.spec.fields[name].default]
    step = f"[`{line.step}`](steps.md#{line.step})"
    who = population(line)
    return f"{number}. {' '.join([step, ', '.join(values)]).strip()}. {reasoned.reason}{f' {who}' if who else ''}"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
