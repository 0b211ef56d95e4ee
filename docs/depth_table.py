"""Print the README's table of depth against linear and dB values: python -m docs.depth_table.

The scan is the simulator's, with its defaults.  Linear is the intensity divided by its largest value, as "normalise to
[0, 1]" does it; dB is the recipe's: magnitude, then decibel relative to the 99.9th percentile.
"""

import sys

import numpy as np

from prep_core import Recipe, apply
from prep_core.samples.oct import simulate_oct

DEPTHS_MM = (0.58, 0.65, 0.75, 0.9, 1.1, 1.3, 1.6, 1.9)
RECIPE = "prep: 1\nsteps:\n- {step: magnitude, power: 2}\n- {step: decibel, percentile: 99.9}\n"


def table() -> str:
    """Rows of Markdown: depth, mean intensity as stored, linear, and mean level in dB."""
    scan = simulate_oct()
    intensity = np.square(np.abs(scan.data), dtype=np.float64)
    level = apply(Recipe.from_yaml(RECIPE), scan).data
    rows = ["| depth | intensity as stored | linear [0, 1] | dB relative to p99.9 |", "| ---: | ---: | ---: | ---: |"]
    for depth in DEPTHS_MM:
        at = slice(round(depth / scan.spacing[0]) - 3, round(depth / scan.spacing[0]) + 4)
        stored = intensity[at].mean()
        rows.append(f"| {depth:.2f} mm | {stored:.2e} | {stored / intensity.max():.6f} | {level[at].mean():.1f} |")
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    sys.stdout.write(table())
