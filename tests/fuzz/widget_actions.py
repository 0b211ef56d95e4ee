"""What a hand may do to a page: touch any widget, with any value that a browser can send or be made to send."""

import random
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import numpy as np
from streamlit.testing.v1 import AppTest

from prep_core.steps import STEPS
from prep_ui.nav import PAGES
from tests.fuzz.hostile_words import WORDS
from tests.fuzz.recipe_texts import any_text
from tests.ui.dashboard import npy, open_menu

NUMBERS = (0.0, -0.0, 1.0, -1.0, 0.5, 1e-300, 5e-324, 1e9, -1e9, 1e38, 1e300, -1e300, 2.0**31, 2.0**53, 2.0**63)
NOT_FINITE = (float("nan"), float("inf"), float("-inf"))
LIVE = ("mine", "![x](http://x/y.png)", "[x](javascript:x)", "$x$", ":red[x]")
TEXTS = (*LIVE, *(word for word in WORDS if "\\" not in word))
LARGE = ("learn.", "compare.section", "figures.", "recipe.apply", "dataset.")
"""What begins so computes for seconds: it is touched now and then."""

KINDS = ("button", "button_group", "checkbox", "toggle", "number_input", "slider", "select_slider", "selectbox")
KINDS += ("multiselect", "radio", "text_input", "text_area", "file_uploader")


def act(chance: random.Random, app: AppTest) -> str:
    """Do one thing, let the page run, and say what it was."""
    kind = chance.random()
    if kind < 0.12:
        name = chance.choices(list(PAGES), [1 if page in ("learn", "dataset", "compare") else 5 for page in PAGES])[0]
        app.switch_page(f"../pages/{PAGES[name].file}").run()
        return f"go to {name}"
    if kind < 0.25:
        return _add_step(chance, app)
    widgets = _widgets(chance, app)
    if not widgets:
        return "nothing to touch"
    widget = chance.choice(widgets)
    value = ACTIONS[widget.type](chance, widget)
    app.run()
    return f"{widget.type} {widget.key or widget.label!r}: {ascii(value)[:80]}"


def _add_step(chance: random.Random, app: AppTest) -> str:
    app.switch_page(f"../pages/{PAGES['tune'].file}")
    open_menu(app)
    app.run()
    step = chance.choice(list(STEPS))
    buttons = [button for button in app.button if button.key == f"tune.add.{step}" and not button.disabled]
    for button in buttons:
        button.click().run()
    return f"add {step}" if buttons else f"cannot add {step}"


def _widgets(chance: random.Random, app: AppTest) -> list[Any]:
    """All that can be touched; of what takes long, seldom anything."""
    found = [widget for kind in KINDS for widget in app.get(kind) if not getattr(widget, "disabled", False)]
    if chance.random() < 0.1:
        return found
    return [widget for widget in found if not str(widget.key).startswith(LARGE)]


def _click(chance: random.Random, widget: Any) -> str:
    widget.click()
    return "click"


def _switch(chance: random.Random, widget: Any) -> bool:
    value = not widget.value
    widget.set_value(value)
    return value


def _number(chance: random.Random, widget: Any) -> float:
    """At the limits, within them, or beyond: a browser keeps to them, and a program that acts as one need not."""
    low, high = (-1e9 if widget.min is None else widget.min), (1e9 if widget.max is None else widget.max)
    beyond = (low - 1, high + 1, 2 * high + 1, -high - 1, *NUMBERS, *NOT_FINITE)
    pool: Sequence[float] = chance.choice(((low, high), (chance.uniform(low, high),), beyond))
    value = chance.choice(pool)
    # The value of a box for whole numbers is a whole number, whatever was sent.
    widget.set_value(value)
    return value


def _slide(chance: random.Random, widget: Any) -> Any:
    ends = [widget.proto.min, widget.proto.max]
    values = [chance.choice((*ends, chance.uniform(*ends), chance.choice(NUMBERS))) for _ in widget.proto.default]
    value = values[0] if len(values) == 1 else sorted(values)
    widget.set_value(value)
    return value


def _choose(chance: random.Random, widget: Any) -> Any:
    value = _meant(widget, chance.choice(widget.options)) if widget.options else None
    if value is not None:
        widget.set_value(value)
    return value


def _choose_some(chance: random.Random, widget: Any) -> Any:
    shown = chance.sample(widget.options, chance.randint(0, len(widget.options)))
    values = [value for value in (_meant(widget, one) for one in shown) if value is not None]
    widget.set_value(values)
    return values


def _group(chance: random.Random, widget: Any) -> Any:
    if not widget._is_single_select:
        return _choose_some(chance, widget)
    # What must be chosen cannot be let go of in a browser, and then Streamlit does not ask whether it was.
    if chance.random() < 0.2 and not widget.proto.required:
        widget.set_value(None)
        return None
    return _choose(chance, widget)


def _meant(widget: Any, shown: str) -> Any:
    """The value that is shown so: the words, these in lower case, or their place; None where it is another."""
    plain = shown.lower()
    for value in (shown, widget.options.index(shown), plain, plain.replace(" ", "_")):
        with suppress(KeyError, IndexError, TypeError, AttributeError, ValueError):
            if widget.format_func(value) == shown:
                return value
    return None


def _write(chance: random.Random, widget: Any) -> str:
    text = chance.choice(TEXTS)
    widget.set_value(text)
    return text


def _upload(chance: random.Random, widget: Any) -> str:
    shape = tuple(chance.choice((1, 2, 3, 24)) for _ in range(chance.choice((1, 2, 3))))
    data = chance.choice((npy(np.full(shape, chance.choice(NUMBERS))), any_text(chance), chance.randbytes(300), b""))
    # Streamlit refuses endings that the page does not ask for, whatever a browser sends.
    ending = chance.choice(list(widget.proto.type) or [".npy", ".yaml", ".zip", ".dcm", ".png", ".nii.gz"])
    name = chance.choice(("a", "<b>", "=1", "a\nb", "x" * 300, "![x](http://x)")) + ending
    files = [(name, data, "application/octet-stream")]
    widget.set_value(files if widget.proto.multiple_files else files[0])
    return f"{name}, {len(data)} bytes"


ACTIONS: Mapping[str, Callable[[random.Random, Any], Any]] = {
    "button": _click,
    "checkbox": _switch,
    "toggle": _switch,
    "number_input": _number,
    "slider": _slide,
    "select_slider": _choose,
    "selectbox": _choose,
    "radio": _choose,
    "button_group": _group,
    "multiselect": _choose_some,
    "text_input": _write,
    "text_area": _write,
    "file_uploader": _upload,
}
