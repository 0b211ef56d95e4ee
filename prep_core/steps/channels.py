"""Steps that choose and combine channels."""

from prep_core.ops import bands, channels
from prep_core.steps.step import Step

STEPS = (
    Step("select_channels", "channels", channels.select_channels, domain="channels", rule=channels.names_rule),
    Step(
        "to_grey", "channels", channels.to_grey, domain="channels", unit=channels.grey_unit, rule=channels.weights_rule
    ),
    Step(
        "band_index",
        "channels",
        bands.band_index,
        domain="channels",
        unit="1",
        rule=bands.index_rule,
        tally=bands.band_index_tally,
    ),
)
