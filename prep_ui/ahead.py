"""What is imported before the first page is drawn, and what after it.

A thread of the server imports this module while the first browser loads its own scripts.  `prep_ui/main.py` imports it
before anything else, and so waits until that thread is done: a module is imported by one thread at a time.

All of it is taken out of garbage collection.  Streamlit collects all generations after each rerun: walking through the
objects of large packages every time costs about 0.1 s of CPU and holds up the screen; frozen, they cost nothing.
"""

import gc
import threading
from collections.abc import Sequence
from functools import cache
from importlib import import_module

from prep_core.kernels.loading import collector_paused
from prep_core.kernels.switch import compiled

PAGE = (
    "prep_ui.facts",
    "prep_ui.places",
    "prep_ui.safety.sign_in",
    "prep_ui.session.reloaded",
    "prep_ui.inspecting.welcome",
    "prep_ui.inspecting.noticed",
    "prep_ui.inspecting.distributions",
    "prep_ui.opening.corrections",
    "prep_ui.opening.reading",
    "prep_ui.opening.upload",
    "prep_ui.planes.sampling",
    "prep_ui.planes.volume_view",
)
"""What the first page needs."""

LATER = ("scipy.interpolate", "scipy.stats")
"""Of what pages need, that which the first one does not, and which takes 0.3 s."""


@cache
def follow() -> None:
    """Import `LATER` and load the compiled kernels in a thread, once for the process; their objects are frozen, too."""
    threading.Thread(target=_follow, name="prep later").start()


def _follow() -> None:
    _imported(LATER)
    compiled().begin(gc.freeze)


def _imported(names: Sequence[str]) -> None:
    """Import modules and freeze what they made; collections meanwhile would find nothing."""
    with collector_paused():
        for name in names:
            import_module(name)
        gc.freeze()


_imported(PAGE)
