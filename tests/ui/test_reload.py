"""What a reload keeps, what it says that it cannot keep, and that sessions do not see each other."""

from dataclasses import replace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from prep_core.line import Line
from prep_core.recipe import Recipe
from prep_ui.session import link
from prep_ui.session import state as sessions
from prep_ui.session.reloaded import SENTENCES
from prep_ui.session.store import scan_store
from tests.ui.dashboard import add_step, address, go, npy, opened, reloaded, state, upload, words

LINES = Recipe((Line("window"), Line("gamma"), Line("minmax")))


def lost(app: AppTest) -> list[str]:
    return [words(info) for info in app.info if "loaded again" in words(info) or "address" in words(info)]


def test_lines_that_are_switched_off_come_back_at_their_places(app: AppTest) -> None:
    sessions.set_recipe(state(app), LINES)
    for place in (0, 2):
        sessions.edit(state(app), state(app).cards[place].uid, lambda card: replace(card, on=False))
    state(app).selected = state(app).cards[1].uid
    fresh = reloaded(go(app, "tune"))
    assert [(card.line, card.on) for card in state(fresh).cards] == [(card.line, card.on) for card in state(app).cards]
    assert state(fresh).selected == state(fresh).cards[1].uid
    assert not state(fresh).history.past
    assert lost(fresh) == []


def test_a_scan_of_ones_own_is_missed_until_the_remark_is_put_away(app: AppTest) -> None:
    assert "lost" not in address(app)
    upload(app, "secret_name.npy", npy(np.eye(32, dtype=np.float32)))
    sessions.set_recipe(state(app), LINES)
    go(app, "tune")
    assert "secret" not in str(address(app))
    fresh = reloaded(app)
    assert lost(fresh) == ["Scans of your own are not kept when a page is loaded again: open them again on Inspect."]
    assert sessions.recipe(state(fresh)) == LINES
    assert lost(reloaded(fresh)) == lost(fresh)
    fresh.button(key="reload.close").click().run()
    assert lost(fresh) == []
    assert "lost" not in address(fresh)


def test_two_sessions_share_neither_recipe_nor_scans_nor_what_was_measured() -> None:
    one, other = opened(), opened()
    mine, theirs = np.full((16, 16), 3, np.float32), np.full((16, 16), 5, np.float32)
    mine[0, 0], theirs[0, 0] = 0, 1
    for app, values in ((one, mine), (other, theirs)):
        upload(app, "scan.npy", npy(values))
        sessions.set_recipe(state(app), Recipe((Line("zscore"),)))
        go(app, "tune")
    assert state(one).opened[0].key != state(other).opened[0].key
    for app, values in ((one, mine), (other, theirs)):
        scan = sessions.current(state(app))
        assert scan is not None
        assert np.array_equal(scan.data, values)
        (measured,) = (found for known in state(app).known.values() for found in known.values())
        assert measured.numbers["mean"] == pytest.approx(values.mean(dtype=np.float64))
    sessions.add_line(state(one), Line("gamma"))
    sessions.choose(state(one), 1)
    scan_store().drop(state(one).opened[0].key)
    other.run()
    assert not other.exception
    assert [card.line.step for card in state(other).cards] == ["zscore"]
    assert state(other).chosen == 0
    assert not other.warning


def test_everything_that_an_address_cannot_hold_has_a_sentence() -> None:
    assert tuple(SENTENCES) == (*link.CANNOT_HOLD, link.DAMAGED)


def test_undo_goes_on_after_other_pages_were_looked_at(app: AppTest) -> None:
    add_step(go(app, "tune"), "window")
    add_step(app, "clahe")
    go(app, "compare")
    go(app, "recipe")
    go(app, "tune").button(key="tune.undo").click().run()
    assert [card.line.step for card in state(app).cards] == ["window"]
    go(app, "inspect")
    go(app, "tune").button(key="tune.redo").click().run()
    assert [card.line.step for card in state(app).cards] == ["window", "clahe"]
