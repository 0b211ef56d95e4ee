"""No text from a file comes alive on the screen.

Streamlit reads most texts as Markdown, so a file called `![](http://host/x.png)` would make the browser call
that host.  This test reads the source of the pages and of prep_ui, and wants every text given to the calls in
`TEXTS` to be made of nothing but

- literals, and constants in capitals: `st.title("Tune")`, `help=HELP`;
- `plain(...)`, which escapes: `st.error(plain(str(error)))`;
- numbers: `number(x)`, `count(n)`, `len(x)`, `int(x)`, and `f"{x:.3g}"`, a format that refuses text;
- these put together: f-strings, `+`, `a if b else c`, `", ".join(plain(n) for n in names)`, lists, tuples;
- names and functions of the same file whose every value is made so.

The remedy for a complaint is to put `plain(...)` around the value, or to draw a text in the file that makes
it.  Labels of number and text boxes are not looked at: they come from the table of steps.  `st.table` reads
each cell as Markdown; use `st.dataframe`.
"""

import ast
import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FILES = [*sorted((ROOT / "pages").glob("*.py")), *sorted((ROOT / "prep_ui").rglob("*.py"))]

FIRST = slice(0, 1)
TEXTS: Mapping[str, slice] = {
    "write": slice(None),
    "metric": slice(0, 3),
    "progress": slice(1, 2),
    **dict.fromkeys(("radio", "pills", "segmented_control"), slice(0, 2)),
    **dict.fromkeys(("markdown", "title", "header", "subheader", "caption", "badge", "table", "tabs"), FIRST),
    **dict.fromkeys(("error", "warning", "info", "success", "toast", "status", "spinner"), FIRST),
    **dict.fromkeys(("expander", "popover", "button", "download_button", "link_button", "checkbox"), FIRST),
}
"""Calls whose texts are Markdown, each with where its texts stand among the positional arguments."""

KEYWORDS = ("body", "label", "value", "delta", "options", "captions", "tabs", "text", "help")
NOT_A_SCREEN = ("log", "logger", "logging", "file", "stream", "buffer", "archive")
"""Receivers whose `write`, `error`, ... draw nothing."""

SAFE_CALLS = ("plain", "number", "count", "len", "int", "float", "round", "sum")
NUMBER_FORMAT = re.compile(r"[^%]*[deEfFgG%]|.*[,_]")
"""Formats that Python refuses for text: the letter of a number at the end, or digits in groups."""


@dataclass
class Names:
    """What the names of one file stand for: every value each is given, and the functions by name."""

    values: dict[str, list[ast.expr | None]] = field(default_factory=dict)
    functions: dict[str, list[ast.expr | None]] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)


def unescaped(source: str) -> list[str]:
    """The calls in `source` that put text on the screen which may come from a file, as "line: text"."""
    tree = ast.parse(source)
    names = names_of(tree)
    silent = {*NOT_A_SCREEN, *own_modules(tree)}
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return [f"{e.lineno}: {ast.unparse(e)}" for call in calls for e in texts(call, silent) if not safe(e, names)]


def own_modules(tree: ast.Module) -> Iterator[str]:
    """What a file imports from our own packages: a `write` of theirs is looked at where it is made."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(("prep_core", "prep_ui")):
            yield from (alias.asname or alias.name for alias in node.names)


def texts(call: ast.Call, silent: Set[str]) -> Iterator[ast.expr]:
    """The arguments of `call` that Streamlit reads as Markdown; none for a receiver that is `silent`."""
    function = call.func
    if not isinstance(function, ast.Attribute) or function.attr not in TEXTS:
        return
    if ast.unparse(function.value).split(".")[-1] in silent:
        return
    yield from call.args[TEXTS[function.attr]]
    yield from (k.value for k in call.keywords if k.arg in KEYWORDS)


def names_of(tree: ast.Module) -> Names:
    """Every value that each name of a file is given; None stands for one that cannot be known."""
    names = Names()

    def bind(target: ast.expr, value: ast.expr | None) -> None:
        if isinstance(target, ast.Name):
            names.values.setdefault(target.id, []).append(value)
        else:
            for part in ast.iter_child_nodes(target):
                if isinstance(part, ast.expr):
                    bind(part, None)

    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                bind(target, node.value)
        elif isinstance(node, ast.AnnAssign | ast.AugAssign | ast.NamedExpr):
            bind(node.target, node.value)
        elif isinstance(node, ast.For | ast.comprehension):
            bind(node.target, node.iter if isinstance(node.target, ast.Name) else None)
        elif isinstance(node, ast.withitem) and node.optional_vars:
            bind(node.optional_vars, None)
        elif isinstance(node, ast.arg):
            names.values.setdefault(node.arg, []).append(None)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            names.values.setdefault(node.name, []).append(None)
        elif isinstance(node, ast.FunctionDef):
            returned = [n.value for n in ast.walk(node) if isinstance(n, ast.Return)]
            names.functions.setdefault(node.name, []).extend(returned or [None])
    return names


def safe(node: ast.expr | None, names: Names) -> bool:
    """Whether the value of `node` cannot hold text from a file."""
    match node:
        case ast.Constant():
            return True
        case ast.Name(id=name):
            return name.isupper() or known(name, names.values, names)
        case ast.Attribute(attr=name):
            return name.isupper()
        case ast.JoinedStr(values=parts):
            return all(safe(part, names) for part in parts)
        case ast.FormattedValue(value=value, format_spec=ast.JoinedStr(values=[ast.Constant(value=str(spec))])):
            return bool(NUMBER_FORMAT.fullmatch(spec)) or safe(value, names)
        case ast.FormattedValue(value=value, format_spec=None) | ast.Starred(value=value):
            return safe(value, names)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return safe(left, names) and safe(right, names)
        case ast.IfExp(body=one, orelse=other):
            return safe(one, names) and safe(other, names)
        case ast.BoolOp(values=parts) | ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts):
            return all(safe(part, names) for part in parts)
        case ast.ListComp(elt=part) | ast.GeneratorExp(elt=part):
            return safe(part, names)
        case ast.Call(func=ast.Attribute(value=ast.Constant(), attr="join"), args=[parts]):
            return safe(parts, names)
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            return name in SAFE_CALLS or known(name, names.functions, names)
    return False


def known(name: str, table: Mapping[str, list[ast.expr | None]], names: Names) -> bool:
    """Whether every value that `table` has for `name` is safe.  A name that asks for itself is not."""
    if name not in table or name in names.asked:
        return False
    names.asked.add(name)
    verdict = all(safe(value, names) for value in table[name])
    names.asked.discard(name)
    return verdict


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_text_from_files_is_escaped(file: Path) -> None:
    assert unescaped(file.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        "st.title(scan.name)",
        "st.write('scan', scan.name)",
        "st.caption(f'opened {scan.name}')",
        "st.caption(f'opened {scan.name:>20}')",
        "st.caption(f'opened {scan.name:{width}}')",
        "st.caption(f'opened {scan.name!r}')",
        "column.metric('Unit', scan.unit)",
        "st.metric('Unit', 1, help=scan.unit)",
        "st.radio('Scan', names)",
        "st.radio('Scan', options=[s.name for s in scans])",
        "st.tabs(['a', scan.name])",
        "st.error(str(error))",
        "st.error('broken: ' + str(error))",
        "st.error('broken: %s' % error)",
        "st.error('broken: {}'.format(error))",
        "st.success(plain('a') + name)",
        "st.info(', '.join(names))",
        "st.markdown(plain(a) if b else c)",
        "def show(title):\n    st.subheader(title)",
        "text = plain(a)\ntext = b\nst.caption(text)",
        "text += a\nst.caption(text)",
        "for name in names:\n    st.caption(name)",
        "for name, size in pairs:\n    st.caption(name)",
        "with open(p) as name:\n    st.caption(name)",
        "try:\n    f()\nexcept E as error:\n    st.error(error)",
        "def label(card):\n    return card.name\nst.button(label(card))",
        "def label(card):\n    return label(card)\nst.button(label(card))",
        "st.caption(span(low, high, unit))",
        "st.table(frame)",
        "st.progress(0.5, scan.name)",
        "from prep_core import scan\nst.write(scan.name)",
    ],
)
def test_a_planted_text_is_found(source: str) -> None:
    assert len(unescaped(source)) == 1


@pytest.mark.parametrize(
    "source",
    [
        "st.title('Tune')",
        "st.caption(HELP, help=texts.HELP)",
        "st.error(plain(str(error)))",
        "st.error(text.plain(str(error)))",
        "st.caption(f'{plain(name)}: {x:.3g} of {len(scans)}, {n:,}, {part:.0%}, {count(n)} voxels')",
        "st.caption('a' + plain(b))",
        "st.radio('Scan', [plain(s.name) for s in scans], index=i)",
        "st.info(', '.join(plain(n) for n in names))",
        "st.markdown(plain(a) if b else 'none')",
        "text = plain(a)\ntext += '.'\nst.caption(text)",
        "for name in ('a', 'b'):\n    st.caption(name)",
        "def label(card):\n    return plain(card.name)\nst.button(label(card), key=card.uid)",
        "log.error(name)\nfile.write(data)\nname.title()",
        "st.slider(label, 0, 1)",
        "st.progress(share, plain(name))",
        "from prep_ui import facts, link\nfacts.table(scan)\nlink.write(name)",
    ],
)
def test_escaped_text_is_not_complained_about(source: str) -> None:
    assert unescaped(source) == []


@pytest.mark.parametrize("spec", [".3g", "d", ",", ".1%", ".2f", "08.3e", "_"])
def test_python_refuses_these_formats_for_text(spec: str) -> None:
    assert NUMBER_FORMAT.fullmatch(spec)
    with pytest.raises(ValueError, match=r"format|with 's'"):
        format("![](http://host/x.png)", spec)


@pytest.mark.parametrize("spec", ["", "s", ">20", "^9s", ".5"])
def test_these_formats_let_text_through(spec: str) -> None:
    assert not NUMBER_FORMAT.fullmatch(spec)
    assert format("![]", spec).strip() == "![]"
