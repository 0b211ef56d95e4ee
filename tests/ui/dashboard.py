"""The dashboard without a browser, as a test drives it."""

import io
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar
from urllib.parse import parse_qsl

import numpy as np
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Caption, Error, Info, Markdown, Widget, WidgetList

from prep_ui.session.state import AppState
from prep_ui.work.running import Work

El = TypeVar("El", bound=Widget)

ROOT = Path(__file__).resolve().parents[2]
PAGES = {
    "inspect": "../pages/inspect_scan.py",
    "header": "../pages/header.py",
    "tune": "../pages/tune.py",
    "compare": "../pages/compare.py",
    "recipe": "../pages/recipe.py",
    "learn": "../pages/learn.py",
}
OF_A_SCAN = tuple(page for page in PAGES if page != "learn")
"""Pages that show the chosen scan, and a list to choose it from."""


def opened() -> AppTest:
    """The dashboard as it opens."""
    at = AppTest.from_file(ROOT / "prep_ui" / "main.py", default_timeout=60).run()
    assert not at.exception
    return at


def npy(array: np.ndarray) -> bytes:
    stream = io.BytesIO()
    np.save(stream, array)
    return stream.getvalue()


def go(app: AppTest, page: str) -> AppTest:
    app.switch_page(PAGES[page]).run()
    assert not app.exception
    return app


def showing(widgets: WidgetList[El], name: str) -> El:
    """The one of `widgets` that is bound to a value by this name."""
    (found,) = (widget for widget in widgets if re.fullmatch(rf"{re.escape(name)}(\.\d+)?", widget.key or ""))
    return found


def open_menu(app: AppTest) -> None:
    """Let the next run of the Tune page show its menu of steps."""
    app.session_state[f"tune.menu.{state(app).next_uid}"] = True


def add_step(app: AppTest, step: str) -> AppTest:
    """Add a step on the Tune page, by its menu."""
    open_menu(app)
    app.run().button(key=f"tune.add.{step}").click().run()
    assert not app.exception
    return app


def state(app: AppTest) -> AppState:
    return app.session_state["_prep_state"]


def address(app: AppTest) -> dict[str, str]:
    """The parameters that the page puts into its address."""
    protos = [element.proto for element in app.get("bidi_component")]
    (shown,) = (json.loads(proto.json) for proto in protos if proto.component_name == "prep_address")
    return dict(parse_qsl(shown["query"], strict_parsing=bool(shown["query"])))


def reloaded(app: AppTest) -> AppTest:
    """The dashboard in a session of its own, opened at the address that `app` shows."""
    fresh = AppTest.from_file(ROOT / "prep_ui" / "main.py", default_timeout=60)
    fresh.query_params.update(address(app))
    fresh.run()
    assert not fresh.exception
    return fresh


def work(app: AppTest) -> Work:
    return app.session_state["_prep_work"]


def upload(app: AppTest, name: str, data: bytes) -> AppTest:
    return upload_all(app, {name: data})


def upload_all(app: AppTest, files: Mapping[str, bytes]) -> AppTest:
    """Upload several files at once."""
    chosen = [(name, data, "application/octet-stream") for name, data in files.items()]
    app.file_uploader(key=f"inspect.upload.{state(app).uploads}").set_value(chosen).run()
    assert not app.exception
    return app


def words(element: Error | Info | Caption | Markdown) -> str:
    """What an element says, without the escapes that keep it from coming alive."""
    return element.value.replace("\\", "").replace("\N{WORD JOINER}", "")
