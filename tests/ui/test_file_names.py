"""Downloads have names that every system takes, whatever scans and recipes are called."""

import re

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from prep_core.batch import process, sidecar_name
from prep_core.io.names import scan_name
from prep_core.recipe import Recipe
from prep_core.scan import Scan
from prep_ui.safety.file_names import file_name, module_name
from tests import planted

DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?")
"""Names that Windows takes for devices, with any ending: Microsoft, Naming Files, Paths, and Namespaces."""

HOSTILE = (
    *planted.EVERY.values(),
    "../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "/etc/passwd",
    "C:\\boot.ini",
    "file\x00.png",
    "a\r\nSet-Cookie: b",
    'a"; filename="b.exe',
    ".htaccess",
    "...",
    "-rf",
    "~",
    "CON",
    "nul.txt",
    "LPT1",
    "com0",
    "name.",
    "name ",
    "",
    " ",
    "\u202egnp.exe",
    "x" * 4000,
    "\N{CJK UNIFIED IDEOGRAPH-8111}" * 300,
    "\N{GRINNING FACE}" * 200,
    "e\N{COMBINING ACUTE ACCENT}" * 200,
)


def complaints(name: str) -> list[str]:
    """What some system or browser would stumble over in a file name."""
    wrong = {
        "is empty": not name,
        "names a folder": re.search(r"[/\\:]", name),
        "has signs that no file name has": re.search(r'[<>"|?*\x00-\x1f\x7f-\x9f]', name),
        "has signs without a shape": not name.isprintable(),
        "begins as a hidden file or an option": name[:1] in (".", "-", "~", " "),
        "ends so that Windows cuts it": name[-1:] in (".", " "),
        "is a device": DEVICES.fullmatch(name),
        "is too long": len(name.encode()) > 255,
    }
    return [words for words, found in wrong.items() if found]


def downloads(name: str) -> list[str]:
    """The name of every kind of download for a scan or a recipe called `name`."""
    recipe, module = file_name(name), module_name(name)
    result = f"{scan_name(name)}.nii.gz"
    endings = (f"{recipe}.yaml", f"{recipe}.zip", f"fitted-{recipe}.zip", f"{recipe}.html")
    return [*endings, f"{module}_bioimageio.yaml", result, f"mask-{result}", sidecar_name(result, "nii.gz")]


@given(st.text())
def test_any_name_gives_safe_downloads(name: str) -> None:
    assert [(download, complaints(download)) for download in downloads(name) if complaints(download)] == []
    assert module_name(name).isidentifier()


@pytest.mark.parametrize("name", HOSTILE, ids=lambda name: ascii(name[:20]))
def test_hostile_names_give_safe_downloads(name: str) -> None:
    assert [(download, complaints(download)) for download in downloads(name) if complaints(download)] == []
    assert module_name(name).isidentifier()


@given(st.text())
@example("scan")
def test_the_result_of_a_batch_is_called_after_its_scan(name: str) -> None:
    scan = Scan(np.ones((2, 2), np.float32), "YX", name=scan_name(name))
    assert process(Recipe(()), scan, "npy").file == f"{scan_name(name)}.npy"


@pytest.mark.parametrize(
    "bad", ["", "a/b", "a\\b", ".a", "-a", "a.", "con", "NUL.txt", "x" * 256, "a\x00", "\u202ea", 'a"b']
)
def test_a_bad_name_is_complained_about(bad: str) -> None:
    assert complaints(bad)


@pytest.mark.parametrize(
    ("name", "file", "module"),
    [
        ("My recipe v2.1", "My_recipe_v2.1", "My_recipe_v2_1"),
        ("oct-relative-db", "oct-relative-db", "oct_relative_db"),
        ("con", "recipe_con", "recipe_con"),
        ("7T", "7T", "recipe_7T"),
        ("...", "recipe", "recipe"),
    ],
)
def test_ordinary_names_stay_readable(name: str, file: str, module: str) -> None:
    assert (file_name(name), module_name(name)) == (file, module)
