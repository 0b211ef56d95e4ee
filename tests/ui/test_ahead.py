"""What is imported when: little before the server answers, what the first page needs while the browser loads."""

import ast
import subprocess
import sys

import pytest

from tests.ui.dashboard import ROOT

THE_PACKAGE = """
import prep_core
assert "numpy" not in sys.modules
assert prep_core.io.load is prep_core.load
"""

BEFORE_THE_ANSWER = """
import app
late = {"h5py", "nibabel", "pydicom", "scipy", "SimpleITK", "skimage", "tifffile", "prep_core.line", "prep_ui.ahead"}
assert not late & sys.modules.keys(), late & sys.modules.keys()
"""

FROZEN = """
import gc
import prep_ui.ahead
assert gc.isenabled()
assert gc.get_freeze_count() > 50_000, gc.get_freeze_count()
assert len(gc.get_objects()) < 5_000, len(gc.get_objects())
"""

BEFORE_THE_PAGE = """
import prep_ui.ahead
before = set(sys.modules)
{imports}
ours = {{name for name in sys.modules.keys() - before if name.startswith("prep_")}}
assert not ours, ours
"""


def imports_of_the_first_page() -> str:
    lines = [
        line
        for file in ("prep_ui/main.py", "pages/inspect_scan.py")
        for line in ast.parse((ROOT / file).read_text()).body
    ]
    return "\n".join(ast.unparse(line) for line in lines if isinstance(line, ast.Import | ast.ImportFrom))


@pytest.mark.parametrize(
    "program",
    [
        pytest.param(THE_PACKAGE, id="the package loads nothing before it is used"),
        pytest.param(BEFORE_THE_ANSWER, id="the server answers before anything that computes is there"),
        pytest.param(FROZEN, id="what was imported ahead leaves little to collect"),
        pytest.param(
            BEFORE_THE_PAGE.format(imports=imports_of_the_first_page()), id="the first page finds all it needs"
        ),
    ],
)
def test_what_is_imported_when(program: str) -> None:
    answer = subprocess.run([sys.executable, "-c", f"import sys\n{program}"], capture_output=True, text=True, cwd=ROOT)
    assert answer.returncode == 0, answer.stderr
