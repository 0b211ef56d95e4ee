"""Write docs/findings.md, the table of all findings, from the table of rules: python -m docs.findings_table."""

from pathlib import Path

from prep_core.findings import QUICK, RULES, THOROUGH, Rule

FILE = Path(__file__).parent / "findings.md"

HEAD = """# Findings: what has already been done to these pixels

Written from `prep_core.findings.RULES` by `python -m docs.findings_table`.  A warning is for what goes wrong without
it.  Readers add findings of their own about the file (padding, missing slices, inverted display).
"""

COLUMNS = ("name", "level", "fires when", "threshold", "source of the threshold", "advice", "step")


def text() -> str:
    """The whole page."""
    on_load = "\n## On every scan that is loaded\n\n" + _rows(QUICK)
    on_inspection = "\n## When a scan is inspected\n\n" + _rows(THOROUGH)
    return f"{HEAD}\n{len(RULES)} rules.\n{on_load}{on_inspection}"


def _rows(rules: tuple[Rule, ...]) -> str:
    lines = [COLUMNS, ("---",) * len(COLUMNS), *map(_cells, rules)]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def _cells(rule: Rule) -> tuple[str, ...]:
    step = f"`{rule.step}`" if rule.step else ""
    return f"`{rule.name}`", rule.level, rule.meaning, rule.threshold, rule.source, rule.advice, step


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
