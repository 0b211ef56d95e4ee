"""Every text from a file is shown as text, on every page: nothing planted in a file comes alive in what is sent."""

import re
from collections.abc import Iterator

import pytest
from google.protobuf.message import Message
from streamlit.testing.v1 import AppTest

from prep_ui.text import plain
from tests import planted
from tests.ui.dashboard import PAGES, go, showing, state, upload, upload_all

ALIVE = re.compile(
    r"<\s*/?(img|b|script)\b|\]\(|\$|:(material/home|smile:|red\[|streamlit:)|\*\*planted|`|~~|_CAN|(http:/|www\.|@(?!\u2060))"
    r"|[\x00-\x08\x1b\x7f-\x9f\u200f\u202e\u2066]"
)
"""How a planted text looks where nothing disarms it."""

AS_TEXT = (
    ("bidi_component", "json"),
    ("bidi_component", "bytes"),
    ("code", "code_text"),
    ("data_frame", "data"),
    ("download_button", "url"),
    ("multiselect", "options"),
    ("selectbox", "options"),
    ("selectbox", "raw_value"),
    ("text_input", "default"),
    ("text_input", "value"),
)
"""What Streamlit shows as text, without reading it as Markdown; tests/e2e/test_planted.py looks at it in a browser."""


def sent(app: AppTest) -> Iterator[tuple[str, str, str]]:
    """Every text on the page: the element, the field, and what stands there."""
    for node in (*app.main, *app.sidebar):
        proto = getattr(node, "proto", None)
        if isinstance(proto, Message):
            kind = proto.DESCRIPTOR.name if node.type in ("unknown", "") else node.type
            yield from ((kind, field, text) for field, text in texts(proto))


def texts(proto: Message, outer: str = "") -> Iterator[tuple[str, str]]:
    for field, value in proto.ListFields():
        for one in value if field.is_repeated else (value,):
            if isinstance(one, Message):
                yield from texts(one, field.name)
            elif isinstance(one, str | bytes):
                yield field.name, one if isinstance(one, str) else one.decode("latin-1")


def disarmed(text: str) -> str:
    """Markdown with a letter for each sign that is escaped."""
    return re.sub(r"\\[\\`*_{}\[\]()<>#+\-.!|$:~&]", "x", text)


def alive(app: AppTest) -> list[tuple[str, str, str]]:
    """The texts of the page in which something planted would come alive."""
    found = [(kind, field, text) for kind, field, text in sent(app) if "CANARY" in text or planted.HOST in text]
    return [one for one in found if one[:2] not in AS_TEXT and ALIVE.search(disarmed(one[2]))]


def test_texts_in_scans_are_text_on_every_page(app: AppTest) -> None:
    upload_all(app, planted.scans())
    assert not app.error
    opened = [n for n, one in enumerate(state(app).opened) if not one.sample]
    (channels,) = (n for n in opened if "CYX" in state(app).opened[n].words)
    shown = 0
    for page in PAGES:
        go(app, page)
        for n in opened if page in ("header", "inspect") else (channels,):
            if page != "learn":
                showing(app.selectbox, f"{page}.scan").set_value(n).run()
            assert not app.exception
            assert alive(app) == []
            shown += sum("CANARY" in text for _, _, text in sent(app))
    assert shown > 50


def test_names_of_files_that_cannot_be_read_are_text_in_the_complaint(app: AppTest) -> None:
    for ending in (".dcm", ".npy"):
        upload(app, planted.named(ending), b"no scan" * 40)
        assert len(app.error) == 1
        assert alive(app) == []


def test_a_question_shows_planted_names_as_text(app: AppTest) -> None:
    upload(app, "parts.npz", planted.npz())
    assert "CANARY" in "".join(text for _, _, text in sent(app))
    assert alive(app) == []


def test_texts_in_recipes_are_text(app: AppTest) -> None:
    go(app, "recipe")
    for name, data in planted.recipes().items():
        app.file_uploader(key=f"recipe.upload.{state(app).uploads}").upload(name, data).run()
        assert not app.exception
        assert len(app.error) == (name != "valid.yaml"), name
        assert alive(app) == [], name
    assert "CANARY" in state(app).name
    for page in ("tune", "compare", "recipe"):
        assert alive(go(app, page)) == []


@pytest.mark.parametrize("text", planted.EVERY.values(), ids=planted.EVERY)
def test_a_text_that_nothing_disarms_would_be_found(text: str) -> None:
    def page(text: str) -> None:
        import streamlit as st

        st.caption(text)

    loose = AppTest.from_function(page, args=(text,)).run()
    assert len(alive(loose)) == 1
    assert alive(AppTest.from_function(page, args=(plain(text),)).run()) == []
