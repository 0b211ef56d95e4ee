"""Write docs/steps.md and its pictures from the table of steps: python -m docs.steps_reference [STEP ...].

Everything is read off the declarations: the words from the docstrings, the parameters from the signatures, the
comparisons from tests/oracles.  With names, only the pictures of these steps are drawn anew.
"""

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from docs.steps_pictures import draw
from prep_core.lint import RULES
from prep_core.param import Field
from prep_core.steps import STEPS, Step
from tests.oracles.catalogue import ORACLES
from tests.oracles.oracle import Oracle

HERE = Path(__file__).parent
FILE = HERE / "steps.md"
PICTURES = HERE / "steps"

HEAD = """# Steps

Written by `python -m docs.steps_reference` from `prep_core.steps.STEPS` and `tests/oracles`.  Statistics are in
float64 and pixels in float32; padding and voxels that are not finite are never measured.  *Measured* in the last
table of a step is the difference found when this page was written; *tolerance* is what the tests allow.

The words of a line that measures: **over** whom (this image, or the training data set, whose numbers are then frozen in
the recipe), **pool** how the scans of a data set count together (each of their voxels alike, or each of the scans,
however many voxels it has), **per** what (all voxels together, each channel, frame, plane, or pixel), **inside** which
voxels (all, positive, the foreground by Otsu, the mask that a line above made).
"""

FAMILIES = {
    "values": "Values: what a number says",
    "scale": "Scale: numbers measured on a population",
    "contrast": "Contrast",
    "fields": "Fields: bias, shading, illumination",
    "noise": "Noise",
    "masks": "Masks: which voxels",
    "artifacts": "Artifacts",
    "grid": "Grid: where the voxels are",
    "channels": "Channels",
}


Measure = Callable[[Oracle], str]


def measured(oracle: Oracle) -> str:
    """The difference found on this machine, to two digits."""
    return f"{oracle.difference():.1e}"


def text(measure: Measure = measured) -> str:
    """The whole page; `measure` writes the last column of the comparisons."""
    parts = [HEAD, _contents()]
    for family, title in FAMILIES.items():
        parts.append(f"\n# {title}\n")
        parts += [_section(step, measure) for step in STEPS.values() if step.family == family]
    return "".join(parts) + _lint()


def _contents() -> str:
    rows = (
        f"- {title.split(':')[0]}: "
        + ", ".join(f"[`{s.name}`](#{s.name})" for s in STEPS.values() if s.family == family)
        for family, title in FAMILIES.items()
    )
    return "\n" + "\n".join(rows) + "\n"


def _section(step: Step, measure: Measure) -> str:
    blocks = [f"## {step.name}", *_words(step.doc), f"![before and after {step.name}](steps/{step.name}.jpg)"]
    blocks += [_facts(step), _parameters(step), _oracles(step, measure)]
    return "\n" + "\n\n".join(block for block in blocks if block) + "\n"


def _words(doc: str) -> Iterator[str]:
    """Summary, notes, errors and references of a docstring as Markdown."""
    head, *rest = re.split(r"\n\n? *(\w+)\n *-{3,}\n", doc)
    yield _paragraphs(head)
    sections = dict(zip(rest[::2], rest[1::2], strict=True))
    if "Notes" in sections:
        yield _paragraphs(sections["Notes"])
    if "Raises" in sections:
        yield "**Refuses:** " + " ".join(re.sub(r"^ *ValueError\n", "", sections["Raises"]).split())
    if "References" in sections:
        listed = re.sub(r"^ *\.\. \[\d+\] ", "\0", sections["References"], flags=re.MULTILINE).strip("\0 ")
        yield "**Source:** " + "; ".join(" ".join(one.split()) for one in listed.split("\0"))


def _paragraphs(raw: str) -> str:
    lines = [line.strip() for line in raw.strip().splitlines()]
    return re.sub(r" ?\[\d+\]_", "", "\n".join(lines)).replace("``", "`")


def _facts(step: Step) -> str:
    words = [f"**{word}** {', '.join(choices)}" for word, choices in step.population.items()]
    works = {
        "voxel": "voxel by voxel",
        "plane": "on each plane",
        "volume": "on each volume",
        "channels": "across channels",
        "grid": "on the whole scan",
    }[step.domain]
    return "  \n".join([f"Works {works}.", *([f"Population: {'; '.join(words)}."] if words else [])])


def _parameters(step: Step) -> str:
    if not step.fields:
        return ""
    rows = ["| parameter | default | must be | what it means |", "| --- | --- | --- | --- |"]
    return "\n".join(rows + [_parameter(field) for field in step.fields.values()])


def _parameter(field: Field) -> str:
    default = f"`{field.default}`" if field.default != "" else "empty"
    when = f" Matters when {field.p.when[0]} is {field.p.when[1]}." if field.p.when else ""
    return f"| `{field.name}` | {default} | {field.rule} | {field.p.help}{when} |".replace("||", "|")


def _oracles(step: Step, measure: Measure) -> str:
    rows = ["| compared with | figure | tolerance | measured |", "| --- | --- | ---: | ---: |"]
    for oracle in ORACLES:
        if oracle.step == step.name:
            rows.append(f"| {oracle.against} | {oracle.figure} | {oracle.tolerance:.2g} | {measure(oracle)} |")
    return "\n".join(rows)


def _lint() -> str:
    rows = [
        "\n# What `check` warns of\n",
        "| rule | warns when | because | source |",
        "| --- | --- | --- | --- |",
        *(f"| `{rule.name}` | {rule.meaning} | {rule.reason} | {rule.source} |" for rule in RULES),
    ]
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    PICTURES.mkdir(exist_ok=True)
    for name in sys.argv[1:] or STEPS:
        (PICTURES / f"{name}.jpg").write_bytes(draw(name))
    FILE.write_text(text(), encoding="utf-8")
