"""Scans and steps in words and in records, as the command line prints them."""

from typing import Any

from prep_core.inspection import Summary
from prep_core.param import Field
from prep_core.steps import Step


def summary_text(s: Summary) -> str:
    """What a scan is, over several lines."""
    size = " x ".join(map(str, s.shape))
    spacing = " x ".join(f"{v:.4g}" for v in s.spacing) + " mm" if s.spacing_known else "voxel size unknown"
    decades = "no positive value" if s.decades is None else f"{s.decades:.2f} decades"
    marks = ", ".join(f"p{p} {v:.6g}" for p, v in s.percentiles.items())
    lines = [
        f"{s.name}: {s.modality}, {s.axes} {size}, {s.dtype}, {s.unit}, {spacing}",
        f"  {s.min:.6g} … {s.max:.6g} {s.unit}, {decades}, mean {s.mean:.6g}, std {s.std:.6g}",
        f"  {marks}",
        f"  zeros {s.zeros:.2%}, negatives {s.negatives:.2%}, padding or not finite {s.invalid:.2%}",
        f"  {s.format or 'made here'}{f', read by {s.reader}' if s.reader else ''}",
        *(f"  converted: {words}" for words in s.converted),
        *(f"  {f.level}: {f.evidence} {f.advice}" for f in s.findings),
        *(f"  warning: {words}" for words in s.warnings),
    ]
    return "\n".join(lines) + "\n"


def step_record(step: Step) -> dict[str, Any]:
    """A step as JSON holds it."""
    return {
        "name": step.name,
        "family": step.family,
        "domain": step.domain,
        "help": step.help,
        "measured": step.measure is not None,
        "population": {word: list(choices) for word, choices in step.population.items()},
        "params": [_param_record(field) for field in step.fields.values()],
    }


def _param_record(field: Field) -> dict[str, Any]:
    return {
        "name": field.name,
        "type": field.kind,
        "default": field.default,
        "limits": field.p.limits,
        "soft": field.p.soft,
        "unit": field.p.unit,
        "choices": list(field.choices),
        "help": field.p.help,
    }


def step_text(step: Step, whole: bool) -> str:
    """A step in a line, or with its parameters."""
    if not whole:
        return f"{step.name:20} {step.help}"
    params = [f"  {f.name} = {f.default}   {f.rule}\n      {f.p.help}" for f in step.fields.values()]
    words = ", ".join(f"{word} = {' | '.join(choices)}" for word, choices in step.population.items())
    return "\n".join(
        [
            f"{step.name} ({step.family}, {step.domain})",
            f"  {step.help}",
            *params,
            *([f"  {words}"] if words else []),
        ]
    )
