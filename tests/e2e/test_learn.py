"""A teacher's way: a link opens a lesson with its settings, in large type, with a handout, and on to Tune."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from prep_core.lessons import LESSONS
from prep_ui.learn.handout import Handed, handout
from tests.e2e.conftest import settled

LESSON = LESSONS["zero-decibel"]


def test_a_link_a_handout_and_an_own_scan(app: Page, tmp_path: Path) -> None:
    app.goto(f"/learn?lesson={LESSON.key}&set.gain=20&large=1")
    settled(app)
    expect(app.get_by_text("= 13.01 dB")).to_be_visible()
    expect(app.get_by_test_id("stTopNavLink").first).to_be_hidden()
    app.get_by_role("button", name="Whole screen").click()
    expect(app.get_by_role("button", name="Leave whole screen")).to_be_visible()
    app.get_by_role("button", name="Leave whole screen").click()
    with app.expect_download() as waiting:
        app.get_by_role("button", name="Handout").click()
    waiting.value.save_as(tmp_path / "handout.html")
    handed = Handed(LESSON.parse({"gain": 20.0}), address=f"/learn?lesson={LESSON.key}&set.gain=20")
    assert (tmp_path / "handout.html").read_bytes() == handout(LESSON, LESSON.shown(gain=20.0), handed)
    app.get_by_text("Large type").click()
    settled(app)
    for seen in (
        app.get_by_text(LESSON.question),
        *app.locator("canvas.picture").all(),
        app.get_by_test_id("stPlotlyChart"),
    ):
        expect(seen).to_be_in_viewport(ratio=1)
    expect(app.get_by_text("What happened")).to_be_in_viewport(ratio=1)
    app.get_by_role("button", name="Break it").click()
    settled(app)
    expect(app.get_by_text("= 20.00 dB")).to_be_visible()
    expect(app).to_have_url(re.compile(r"set\.gain=100\.0"))
    app.reload()
    settled(app)
    expect(app.get_by_text("= 20.00 dB")).to_be_visible()
    app.get_by_role("button", name="Now on your own scan").click()
    settled(app)
    expect(app.get_by_test_id("stTopNavLink").filter(has_text="Tune")).to_have_attribute("aria-current", "page")
    expect(app.locator("[class*='st-key-card-']").filter(has_text="decibel")).to_be_visible()
