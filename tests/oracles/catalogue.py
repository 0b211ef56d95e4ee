"""All comparisons, by family, in the order of the menu."""

from tests.oracles import artifacts, channels, contrast, fields, grid, masks, noise, scale, values

ORACLES = (
    *values.ORACLES,
    *scale.ORACLES,
    *contrast.ORACLES,
    *fields.ORACLES,
    *noise.ORACLES,
    *masks.ORACLES,
    *artifacts.ORACLES,
    *grid.ORACLES,
    *channels.ORACLES,
)
