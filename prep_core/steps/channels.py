"""Steps that choose and combine channels."""

from prep_core.ops.channels import bands, selection
from prep_core.steps.step import Step

STEPS = (
    Step("select_channels", "channels", selection.select_channels, domain="channels", rule=selection.names_rule),
    Step(
        "to_grey",
        "channels",
        selection.to_grey,
        domain="channels",
        unit=selection.grey_unit,
        rule=selection.weights_rule,
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
