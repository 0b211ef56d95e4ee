"""Write the table in docs/large.md, of what each step must see: python -m docs.large_table."""

from pathlib import Path

from prep_core.large import level
from prep_core.line import Line
from prep_core.steps import STEPS, Step

FILE = Path(__file__).parent / "large.md"

HEAD = "| step | works on | looks at |\n| --- | --- | --- |\n"


def text() -> str:
    """The whole page: what stands above the table, and the table as it is now."""
    above, *_ = FILE.read_text("utf-8").partition(HEAD)
    return above + HEAD + "".join(f"| `{step.name}` | {_on(step)} |\n" for step in STEPS.values())


def _on(step: Step) -> str:
    needed = level(Line(step.name))
    if needed == "whole":
        return "the whole scan | it changes the grid: crop or resample before, or read it whole"
    if step.domain == "channels":
        return "bands | all channels of a pixel"
    if needed == "planes":
        return f"planes | {'all pixels of a frame' if step.domain == 'voxel' else _all(step)}"
    if step.prepare:
        return "bands | rows around, for measuring"
    return f"bands | {'rows around' if step.reach else 'each voxel alone'}{_slices(step)}"


def _all(step: Step) -> str:
    if "extent" in step.fields:
        return "all of a plane; all slices with extent: volume"
    return "all of a plane" if step.domain == "plane" else "all slices"


def _slices(step: Step) -> str:
    return "; all slices with extent: volume" if "extent" in step.fields else ""


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
