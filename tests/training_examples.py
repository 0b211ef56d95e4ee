"""The programs that docs/training.md shows."""

import re
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "docs" / "training.md"
BEFORE = """
import numpy as np
from prep_core import Recipe, Scan, fit
from prep_core.line import Line

lines = (Line("percentile_clip"), Line("zscore", over="dataset"))
rng = np.random.default_rng(0)
volumes = [rng.normal(100, 20, (4, 16, 16)).astype(np.float32) for _ in range(4)]
with open("fitted.yaml", "w") as file:
    file.write(fit(Recipe(lines), [Scan(v, "ZYX") for v in volumes]).to_yaml())
for number, volume in enumerate(volumes):
    np.save(f"volume_{number}.npy", volume)
"""
"""What the reader has: a fitted recipe, and volumes."""


def examples() -> dict[str, str]:
    """By the title above it, each program of the page, which runs in an empty folder."""
    found = re.findall(r"^## (.*?)\n.*?```python\n(.*?)```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    return {title: BEFORE + code for title, code in found}
