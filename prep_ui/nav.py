"""The pages: the only place that knows their files, titles and order."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

FOLDER = Path(__file__).resolve().parents[1] / "pages"


@dataclass(frozen=True, slots=True)
class Entry:
    """What the menu says about one page."""

    file: str
    title: str
    icon: str
    help: str


PAGES: Mapping[str, Entry] = {
    "inspect": Entry(
        "inspect_scan.py",
        "Inspect",
        ":material/search:",
        "Open scans and see what they are: values, unit, size, and what to watch out for.",
    ),
    "header": Entry(
        "header.py",
        "Header",
        ":material/list_alt:",
        "Read the technical tags, the geometry, and what was done to the stored numbers.",
    ),
    "tune": Entry(
        "tune.py",
        "Tune",
        ":material/tune:",
        "Build a recipe line by line and compare the picture and its histogram before and after.",
    ),
    "dataset": Entry(
        "dataset.py",
        "Dataset",
        ":material/dataset:",
        "See several scans as one set, fit the recipe on those for training, and look at the numbers first.",
    ),
    "compare": Entry(
        "compare.py",
        "Compare",
        ":material/compare:",
        "Compare methods on this scan, and see in figures what the recipe does to it.",
    ),
    "recipe": Entry(
        "recipe.py",
        "Recipe",
        ":material/receipt_long:",
        "Read the recipe as YAML, download it, or open one that was saved before.",
    ),
    "learn": Entry(
        "learn.py",
        "Learn",
        ":material/school:",
        "See in live lessons what preprocessing does, and try each of them on a scan of your own.",
    ),
}
"""The name of each page, which is also its address, in menu order; the first one opens at the root."""


def page(name: str) -> st.Page:
    """The page called `name`, for `st.page_link` and `st.switch_page`.

    Made anew on each call: `st.navigation` marks the page that may run on the object itself, so two sessions
    must not share one.

    Raises
    ------
    KeyError
        For a name that is not in `PAGES`.
    """
    entry = PAGES[name]
    return st.Page(
        FOLDER / entry.file,
        title=entry.title,
        icon=entry.icon,
        url_path=name,
        default=name == next(iter(PAGES)),
        help=entry.help,
    )


def all_pages() -> list[st.Page]:
    """Every page, in menu order."""
    return [page(name) for name in PAGES]
