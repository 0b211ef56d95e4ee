"""The suggestion for a scan, worked out once."""

import streamlit as st

from prep_core.scan import Scan
from prep_core.suggesting import Suggestion, suggest
from prep_ui.work.compute import summary


@st.cache_resource(show_spinner="Looking for a recipe", scope="session", max_entries=8)
def suggested(identity: str, _scan: Scan) -> Suggestion:
    """A recipe for the scan called `identity`, each line with its reason.

    Raises
    ------
    ValueError
        For a scan without one valid voxel.
    """
    return suggest(_scan, summary(identity, _scan).findings)
