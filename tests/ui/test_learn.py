"""The page Learn: every lesson by itself, its address, its handout, and the way to Tune."""

import re
from base64 import b64decode
from io import BytesIO

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image
from streamlit.testing.v1 import AppTest

from prep_core.lessons import LESSONS, Chart, Curve, Lesson, Picture, Shown
from prep_ui.learn.chart_svg import figure, svg
from prep_ui.learn.drawing import picture_height
from prep_ui.learn.handout import Handed, handout
from prep_ui.learn.kept import OWN, Learning, read, write
from prep_ui.session import state as sessions
from prep_ui.session.store import scan_store
from tests.ui.dashboard import address, go, npy, opened, reloaded, state, upload, words

every_lesson = pytest.mark.parametrize("lesson", LESSONS.values(), ids=LESSONS)


def at(lesson: Lesson) -> AppTest:
    """The page with `lesson` open, its numbers computed."""
    app = opened()
    state(app).learning.lesson = lesson.key
    return go(app, "learn")


def said(app: AppTest) -> str:
    return "\n".join(words(element) for element in (*app.markdown, *app.caption))


@every_lesson
def test_a_lesson_says_what_happened_and_can_be_broken(lesson: Lesson) -> None:
    app = at(lesson)
    assert lesson.title in words(app.header[0])
    assert lesson.question in said(app)
    for paragraph in lesson.shown().happened:
        assert paragraph in said(app)
    app.button(key="learn.break").click().run()
    assert not app.exception
    assert lesson.breaking in said(app)
    assert state(app).learning.asked[lesson.key] == dict(lesson.breaks)
    app.button(key="learn.anew").click().run()
    assert not app.exception
    assert lesson.breaking not in said(app)


def test_an_address_opens_a_lesson_with_its_settings() -> None:
    app = at(LESSONS["zero-decibel"])
    app.number_input(key="learn.zero-decibel.gain.box").set_value(20.0).run()
    assert address(app)["lesson"] == "zero-decibel"
    assert address(app)["set.gain"] == "20.0"
    again = go(reloaded(app), "learn")
    assert again.number_input(key="learn.zero-decibel.gain.box").value == 20
    assert "13.01 dB" in said(again)


def test_an_address_with_an_impossible_setting_begins_anew() -> None:
    app = opened()
    state(app).learning = Learning("zero-decibel", {"zero-decibel": {"gain": -3, "nothing": 1}})
    go(app, "learn")
    assert "a setting that this lesson does not have" in words(app.warning[0])
    assert app.number_input(key="learn.zero-decibel.gain.box").value == 4


@pytest.mark.parametrize("asked", [{"lesson": "none"}, {"lesson": "zero-decibel", "set.gain": "{"}, {"on": "nobody"}])
def test_a_damaged_address_opens_a_lesson(asked: dict[str, str]) -> None:
    app = opened()
    state(app).learning = read(asked)
    go(app, "learn")
    assert state(app).learning.lesson in LESSONS


def test_what_an_address_holds_reads_back() -> None:
    learning = Learning("a", {"a": {"gain": 2.5, "how": "x", "on": True}}, {"a": "own"}, large=True)
    assert read(write(learning)) == learning
    assert write(Learning()) == {}


def test_the_recipe_goes_along_to_tune() -> None:
    lesson = LESSONS["zero-decibel"]
    app = at(lesson)
    app.button(key="learn.own").click().run()
    recipe = lesson.shown().recipe
    assert recipe is not None
    assert sessions.recipe(state(app)).lines == recipe.lines


def test_an_own_scan_is_shown_and_missed_when_it_is_gone(app: AppTest) -> None:
    lesson = LESSONS["zero-decibel"]
    upload(app, "mine.npy", npy(np.geomspace(1, 1e5, 64 * 48).reshape(64, 48)))
    state(app).learning = Learning(lesson.key, on={lesson.key: OWN})
    go(app, "learn")
    payload = next(e.proto.bytes for e in app.get("bidi_component") if b'"panes"' in e.proto.bytes)
    assert b'"rows": 64, "cols": 48' in payload
    scan_store().drop(state(app).opened[0].key)
    go(app, "learn")
    assert "had to make room" in words(app.warning[0])
    assert not app.exception


def test_in_large_type_only_the_lesson_is_there() -> None:
    app = at(LESSONS["zero-decibel"])
    app.toggle(key="learn.large").set_value(True).run()
    assert not app.exception
    assert not app.radio
    assert "large=1" in "&".join(f"{k}={v}" for k, v in address(app).items())


@every_lesson
def test_a_handout_holds_all_and_loads_nothing(lesson: Lesson) -> None:
    shown = lesson.shown()
    page = handout(lesson, shown, Handed()).decode()
    assert handout(lesson, shown, Handed()).decode() == page
    assert page.count("<figure>") == sum(map(len, shown.pictures)) + len(shown.charts)
    assert page.count('<table class="figures">') == len(shown.tables)
    assert not re.search(r"""(src|href)=["'](?!data:|#)""", page)
    assert "<script" not in page


def test_a_handout_says_how_the_lesson_was_set_and_how_to_open_it() -> None:
    lesson = LESSONS["background-patches"]
    handed = Handed(lesson.parse({"evened": True, "side": 32}), "a <scan>", "/learn?lesson=background-patches&on=own")
    page = handout(lesson, lesson.shown(), handed).decode()
    assert "Side: 32 px; Count: 60; Factor: 2; Evened: yes" in page
    assert "Shown on: a &lt;scan&gt;" in page
    assert "/learn?lesson=background-patches&amp;on=own" in page


def test_a_handout_says_what_a_reader_of_the_recipe_needs() -> None:
    lesson = LESSONS["corner-label"]
    recipe = handout(lesson, lesson.shown(), Handed()).decode().split("The recipe")[1]
    assert "is no HU but a share" in " ".join(recipe.replace("\n#", " ").split())


def test_in_a_handout_no_bar_reaches_the_legend() -> None:
    names = ("a", "b")
    drawn = figure(Chart("t", "x", "y", tuple(Curve(f"curve {i}", names, np.array([9.0, 10.0])) for i in range(4))))
    FigureCanvasAgg(drawn).draw()
    (legend,), (axes,) = drawn.legends, drawn.axes
    assert legend.get_window_extent().y0 >= axes.get_window_extent().y1


def test_crowded_names_below_an_axis_stand_aslope() -> None:
    def slopes(names: tuple[str, ...]) -> set[float]:
        drawn = figure(Chart("t", "x", "y", (Curve("c", names, np.ones(len(names))),)))
        return {label.get_rotation() for label in drawn.axes[0].get_xticklabels()}

    assert slopes(tuple(f"0.{i}92 to 0.384" for i in range(6))) == {20}
    assert slopes(("none", "flip", "noise")) == {0}


@pytest.mark.parametrize(
    ("shape", "in_a_row", "rows", "height"),
    [
        ((100, 100), 4, 2, 141),
        ((70, 100), 4, 2, 99),
        ((100, 100), 2, 2, 170),
        ((100, 100), 2, 1, 294),
        ((5, 100), 3, 1, 90),
    ],
)
def test_all_rows_of_pictures_stand_on_the_first_screen(
    shape: tuple[int, int], in_a_row: int, rows: int, height: int
) -> None:
    row = [Picture("a", np.zeros(shape), 0, 1)] * in_a_row
    assert picture_height(row, rows) == height
    assert rows * height <= 340


def test_a_handout_draws_outlines() -> None:
    ring = np.zeros((9, 9), bool)
    ring[3:6, 3:6] = True
    grey = Picture("ring", np.full((9, 9), 0.5), 0, 1, outline=ring)
    page = handout(LESSONS["zero-decibel"], Shown(("Seen.",), {}, ((grey,),)), Handed()).decode()
    (data,) = re.findall(r"base64,([^\"]+)", page)
    pixels = np.asarray(Image.open(BytesIO(b64decode(data))))
    coloured = pixels[..., 0] != pixels[..., 2]
    assert coloured.sum() == 8
    assert coloured[3:6, 3:6].sum() == 8


def test_controls_of_a_simulation_are_gone_on_a_scan(app: AppTest) -> None:
    lesson = next(lesson for lesson in LESSONS.values() if lesson.simulates and lesson.samples)
    keys = [f"learn.{lesson.key}.{name}" for name in lesson.simulates]
    for on, there in (("", True), (lesson.samples[0], False)):
        state(app).learning = Learning(lesson.key, on={lesson.key: on})
        go(app, "learn")
        drawn = [
            widget.key or "" for kind in (app.slider, app.number_input, app.selectbox, app.toggle) for widget in kind
        ]
        assert [any(key.startswith(name) for key in drawn) for name in keys] == [there] * len(keys)


def test_a_name_in_a_handout_is_no_html() -> None:
    odd = "<img src=x onerror=alert(1)>"
    chart = Chart(odd, odd, odd, (Curve(odd, (odd, "b"), [1.0, 2.0]), Curve("b", (odd, "b"), [1.0, 2.0])))
    assert "<img" not in svg(chart)
    assert "<img src=x" not in handout(LESSONS["zero-decibel"], Shown((odd,), {}, charts=(chart,)), Handed()).decode()
