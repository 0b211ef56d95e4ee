"""Everything that can be clicked, typed or dragged says what it does."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block, Element

from prep_core.line import Line
from prep_core.recipe import Recipe
from prep_ui.session import state as sessions
from tests.ui.dashboard import PAGES, npy, state, upload

EVERY_PAGE = (*PAGES.values(), "../pages/dataset.py")
DISPLAYS = frozenset({"markdown", "caption", "header", "subheader", "code", "metric", "imgs", "page_link"})
"""They may have a help and are no widgets."""

IN_A_SENTENCE = frozenset({"over", "pool", "per", "inside"})
"""Lists within a sentence that says what they mean: a label, beside which a help stands, would break it."""


def elements(block: Block) -> Iterator[Element]:
    for child in block.children.values():
        if isinstance(child, Block):
            yield from elements(child)
        else:
            yield child


def without_help(app: AppTest) -> list[str]:
    """Widgets that say nothing, by type and label."""
    return [
        f"{element.type} {getattr(element.proto, 'label', element.key)}"
        for element in elements(app._tree)
        if element.type not in DISPLAYS and hasattr(element.proto, "help") and not element.proto.help
        if getattr(element.proto, "label", "") not in IN_A_SENTENCE
    ]


def nothing(app: AppTest) -> None:
    """The dashboard as it opens."""


def lines(app: AppTest) -> None:
    """A window, which has presets, and a line that measures, with all that applying it offers."""
    sessions.set_recipe(state(app), Recipe((Line("window"), Line("zscore"))))
    app.switch_page(PAGES["recipe"]).run().button(key="recipe.apply").click().run()
    assert app.get_by_key("recipe.result.download") is not None


def own(app: AppTest) -> None:
    """An uploaded volume with a recipe that waits for its training set."""
    upload(app, "own.npy", npy(np.arange(4 * 256, dtype=np.float32).reshape(4, 16, 16)))
    app.button(key="inspect.open").click().run()
    sessions.set_recipe(state(app), Recipe((Line("zscore", over="dataset"),)))


@pytest.mark.parametrize("before", [nothing, lines, own], ids=lambda before: before.__name__)
def test_every_widget_has_help(app: AppTest, before: Callable[[AppTest], None]) -> None:
    before(app)
    found = {page: silent for page in EVERY_PAGE if (silent := without_help(app.switch_page(page).run()))}
    assert not app.exception
    assert found == {}


def test_what_is_asked_about_a_file_has_help(app: AppTest) -> None:
    upload(app, "own.npy", npy(np.zeros((4, 16, 16), np.float32)))
    assert without_help(app) == []
    upload(app, "bare.raw", bytes(512))
    assert "inspect.raw.dtype" in {box.key for box in app.selectbox}
    assert without_help(app) == []
