"""The shape of the project, read from its source: who imports whom, how long a module is, what never appears.

Each rule is a function from source text to complaints, tried out below on a small text that breaks it.
"""

import ast
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
OWN = ("prep_core", "prep_ui", "pages")
SCREEN = ("streamlit", "plotly")

LEVELS = (
    ("kernels",),
    ("scan", "param", "arrays", "memory", "strict_yaml", "presets", "versions"),
    ("measure", "ops"),
    ("findings",),
    ("steps",),
    ("line",),
    ("measuring", "remembering", "carrying_out"),
    ("running", "tallies"),
    ("chain", "fused", "tabled", "flow", "together"),
    ("recipe", "recipe_yaml", "bundle", "lock", "shift"),
    ("training_set", "fitting"),
    ("run", "diffing", "explained"),
    (
        "preview",
        "inspection",
        "binning",
        "linked",
        "starting",
        "suggesting",
        "recipe_presets",
        "quality",
        "lint",
        "provenance",
        "export",
        "engine",
        "large",
        "batch",
    ),
    ("wording", "exploration", "lessons"),
    ("cli",),
)
"""Units of prep_core.  Each may import its own level, without cycles, and those above it in this list."""

ASIDE: Mapping[str, tuple[str, ...]] = {
    "io": ("findings", "scan"),
    "samples": ("io", "scan"),
    "cohort": ("io",),
}
"""Units beside the levels, and all that they may import."""

MAY_READ_FILES = ("batch", "cli", "large", "lessons")
"""Units within the levels that may import those beside them."""

DISPLAYS = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)
MUTABLE = ("list", "dict", "set", "bytearray", "defaultdict", "OrderedDict", "Counter", "deque")
UNSAFE_MODULES = ("pickle", "cPickle", "dill", "shelve", "marshal", "joblib")


def modules(*folders: str) -> dict[str, Path]:
    """Every module under `folders` by its dotted name; a package goes by its own name."""
    files = (file for folder in folders for file in sorted((ROOT / folder).rglob("*.py")))
    return {".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): file for file in files}


MODULES = modules(*OWN)
IN_CORE = [name for name in MODULES if name.startswith("prep_core")]
NOT_TESTS = [*MODULES.values(), ROOT / "app.py"]
EVERY_FILE = [*NOT_TESTS, *modules("tests").values()]


def shown(file: Path) -> str:
    return str(file.relative_to(ROOT))


def parametrize_files(files: list[Path]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("file", files, ids=shown)


@cache
def parsed(source: str) -> ast.Module:
    """The tree of `source`, made once for all rules; none of them changes it."""
    return ast.parse(source)


def imported(tree: ast.AST, known: Mapping[str, Path]) -> Iterator[str]:
    """The modules that `tree` imports.  `from package import module` names the module, if it is `known`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = "." * node.level + (node.module or "")
            for alias in node.names:
                inner = f"{package}.{alias.name}"
                yield inner if inner in known else package


def unit(module: str) -> str:
    """The part of prep_core that `module` belongs to; prep_core itself is ""."""
    return module.partition(".")[2].partition(".")[0]


def may_import(name: str) -> set[str]:
    """The units that the unit `name` may import besides itself."""
    if name in ("", "__main__"):
        return {n for level in LEVELS for n in level} | set(ASIDE)
    if name in ASIDE:
        return set(ASIDE[name])
    rank = next(i for i, level in enumerate(LEVELS) if name in level)
    beside = set(ASIDE) if name in MAY_READ_FILES else set()
    return {n for level in LEVELS[: rank + 1] for n in level} | beside


def wrong_directions(module: str, source: str, known: Mapping[str, Path]) -> list[str]:
    """Imports of `module` that go against the layers of the project."""
    package = module.split(".")[0]
    lower = {
        "prep_core": ("prep_core",),
        "prep_ui": ("prep_core", "prep_ui"),
        "pages": ("prep_core", "prep_ui"),
    }
    found = []
    for name in imported(parsed(source), known):
        top = name.split(".")[0]
        relative = name.startswith(".")
        upward = top in OWN and top not in lower[package]
        screen = package == "prep_core" and top in SCREEN
        inside = package == top == "prep_core" and unit(name) not in may_import(unit(module)) | {unit(module)}
        if relative or upward or screen or inside:
            found.append(f"{module} imports {name}")
    return found


def hidden_imports(source: str) -> list[str]:
    """Imports of our own packages inside functions."""
    functions = (n for n in ast.walk(parsed(source)) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))
    names = (name for function in functions for name in imported(function, {}))
    return [name for name in names if name.split(".")[0] in OWN]


def cycle(graph: Mapping[str, set[str]]) -> list[str]:
    """The modules of one import cycle, or nothing."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def mutable_state(source: str) -> list[str]:
    """Names of a module that hold something mutable and do not say so by the type Mapping; `global` too."""
    tree = parsed(source)
    found = [f"global {', '.join(n.names)}" for n in ast.walk(tree) if isinstance(n, ast.Global)]
    for node in tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None and _is_mutable(node.value):
            target = ast.unparse(node.targets[0] if isinstance(node, ast.Assign) else node.target)
            read_only = isinstance(node, ast.AnnAssign) and ast.unparse(node.annotation).startswith("Mapping[")
            if not read_only and target != "__all__":
                found.append(target)
    return found


def _is_mutable(value: ast.expr) -> bool:
    if isinstance(value, ast.Call):
        return ast.unparse(value.func).split(".")[-1] in MUTABLE
    return isinstance(value, DISPLAYS)


def unsafe(source: str) -> list[str]:
    """Ways to run what a file says: pickles, YAML with tags, HTML from text."""
    found = [name for name in imported(parsed(source), {}) if name.split(".")[0] in UNSAFE_MODULES]
    for node in ast.walk(parsed(source)):
        if isinstance(node, ast.Call):
            found += [word for keyword in node.keywords if (word := _unsafe_keyword(keyword))]
            if ast.unparse(node.func) in ("yaml.load", "yaml.load_all", "yaml.unsafe_load", "yaml.full_load"):
                found.append(ast.unparse(node.func))
    return found


def _unsafe_keyword(keyword: ast.keyword) -> str:
    off = isinstance(keyword.value, ast.Constant) and not keyword.value.value
    names = ("allow_pickle", "unsafe_allow_html", "unsafe_allow_javascript")
    return keyword.arg if keyword.arg in names and not off else ""


@pytest.mark.parametrize("module", MODULES)
def test_imports_go_down(module: str) -> None:
    assert wrong_directions(module, MODULES[module].read_text("utf-8"), MODULES) == []


@pytest.mark.parametrize("name", sorted({unit(module) for module in IN_CORE} - {"", "__main__"}))
def test_every_unit_of_the_core_has_a_level(name: str) -> None:
    assert name in [*ASIDE, *(n for level in LEVELS for n in level)], f"give prep_core.{name} a place in LEVELS"


def test_imports_form_no_cycle() -> None:
    graph = {
        name: set(imported(parsed(file.read_text("utf-8")), MODULES)) & set(MODULES) for name, file in MODULES.items()
    }
    assert cycle(graph) == []


def test_no_module_has_the_name_of_an_export() -> None:
    tree = ast.parse(MODULES["prep_core"].with_suffix(".pyi").read_text("utf-8"))
    homes = (node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module)
    exported = {alias.name for node in homes for alias in node.names}
    assert "inspect" in exported
    assert exported & {unit(name) for name in IN_CORE} == set()


@parametrize_files(NOT_TESTS)
def test_no_import_of_ours_hides_in_a_function(file: Path) -> None:
    assert hidden_imports(file.read_text("utf-8")) == []


@parametrize_files(EVERY_FILE)
def test_modules_are_short(file: Path) -> None:
    limit = 120 if file.parent.name == "pages" else 300
    assert len(file.read_text("utf-8").splitlines()) <= limit


@pytest.mark.parametrize("module", [name for name in MODULES if not name.startswith("pages")])
def test_no_module_holds_mutable_state(module: str) -> None:
    assert mutable_state(MODULES[module].read_text("utf-8")) == []


@parametrize_files(NOT_TESTS)
def test_nothing_runs_what_a_file_says(file: Path) -> None:
    assert unsafe(file.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("prep_core.scan", "from prep_core.recipe import Recipe"),
        ("prep_core.scan", "from prep_core import recipe"),
        ("prep_core.steps", "import prep_core.run"),
        ("prep_core.ops.values.arithmetic", "from prep_core.io import load"),
        ("prep_core.ops.values.arithmetic", "from .scale import minmax"),
        ("prep_core.io.nifti", "from prep_core.recipe import Recipe"),
        ("prep_core.run", "from prep_core import apply"),
        ("prep_core.run", "from prep_ui.text import plain"),
        ("prep_core.run", "import streamlit as st"),
        ("prep_core.run", "def f():\n    from plotly import graph_objects"),
        ("prep_ui.text", "import pages.tune"),
    ],
)
def test_a_planted_wrong_direction_is_found(module: str, source: str) -> None:
    assert len(wrong_directions(module, source, {"prep_core.recipe": ROOT})) == 1


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("prep_core.run", "from prep_core.recipe import Recipe\nfrom prep_core import scan\nimport numpy"),
        ("prep_core.batch", "from prep_core.io import load\nfrom prep_core.provenance import sidecar"),
        ("prep_core.samples", "from prep_core.io import load"),
        ("prep_core", "from prep_core.run import apply"),
        ("pages.tune", "import streamlit\nfrom prep_ui import state\nfrom prep_core import apply"),
    ],
)
def test_a_right_direction_is_not_complained_about(module: str, source: str) -> None:
    assert wrong_directions(module, source, {"prep_core.scan": ROOT}) == []


def test_a_planted_cycle_is_found() -> None:
    assert set(cycle({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}})) == {"a", "b", "c"}
    assert cycle({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []


@pytest.mark.parametrize(
    ("rule", "bad", "good"),
    [
        (hidden_imports, "def f():\n    from prep_core.scan import Scan", "def f():\n    import json"),
        (mutable_state, "X = {}", "X = MappingProxyType({})"),
        (mutable_state, "X: dict[str, int] = {}", "X: Mapping[str, int] = {}"),
        (mutable_state, "X = [i for i in y]", "X = tuple(i for i in y)"),
        (mutable_state, "X = collections.defaultdict(list)", "X = frozenset([1])"),
        (mutable_state, "def f():\n    global x", "__all__ = ['x']"),
        (unsafe, "import pickle", "import json"),
        (unsafe, "np.load(f, allow_pickle=True)", "np.load(f, allow_pickle=False)"),
        (unsafe, "np.load(f, allow_pickle=x)", "np.load(f)"),
        (unsafe, "yaml.load(text, Loader)", "yaml.safe_load(text)"),
        (unsafe, "st.markdown(x, unsafe_allow_html=True)", "st.markdown(x)"),
    ],
)
def test_a_planted_violation_is_found(rule: Callable[[str], list[str]], bad: str, good: str) -> None:
    assert len(rule(bad)) == 1
    assert rule(good) == []
