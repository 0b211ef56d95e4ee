"""What one session is working on, as types: scans, lines, and what undo brings back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from prep_core.io import Content, Question
from prep_core.line import Line
from prep_core.measuring import Measured
from prep_core.recipe import Recipe
from prep_ui.dataset.kept import Dataset
from prep_ui.learn.kept import Learning
from prep_ui.session.history import History
from prep_ui.session.store import Shelf


@dataclass(frozen=True)
class Card:
    """A line on the screen: it has an identity of its own, and can be switched off.

    `reason` says why it was offered, while its values are those that were offered; "" where nobody said.
    """

    uid: int
    line: Line
    on: bool = True
    reason: str = ""


@dataclass(frozen=True)
class Version:
    """The recipe at one moment, with its cards: what undo brings back."""

    cards: tuple[Card, ...]
    selected: int | None
    name: str
    modality: str
    origin: Recipe


@dataclass(frozen=True)
class Opened:
    """A scan that the user opened: a name to choose it by, what it is in a few words, and where its pixels are."""

    name: str
    key: str = ""
    sample: str = ""
    words: str = ""


@dataclass(frozen=True)
class ToRead:
    """A part of an upload that is not read yet: its files, and what was answered about them."""

    files: Mapping[str, Content]
    answers: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Pending:
    """A part of an upload that waits for an answer: its files, the question, and what was answered before."""

    files: Mapping[str, Content]
    question: Question
    answers: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class AppState:
    """Everything of one session.

    `queue` holds what was uploaded and not read yet, `pending` what waits for an answer; `fresh` counts the scans
    of the last upload, which stand in front.  `known` holds numbers measured before, by scan and lines.  `smallest`
    is the size in mm of the smallest thing that must stay visible, where somebody said it.  `dataset` is the set of
    scans of the Dataset page.  `origin` is the recipe that was opened or fitted last: its lock holds while the lines
    are those.  `history` holds what undo and redo bring back.  `lost` names what a reload could not keep
    (`prep_ui.session.link.CANNOT_HOLD`).  `learning` says which lesson is open, and how.  `shelf` holds the pixels of
    what was opened.
    """

    opened: tuple[Opened, ...] = ()
    chosen: int = 0
    cards: tuple[Card, ...] = ()
    selected: int | None = None
    name: str = "recipe"
    modality: str = ""
    origin: Recipe = field(default_factory=Recipe)
    at: dict[str, int] = field(default_factory=dict)
    uploads: int = 0
    queue: tuple[ToRead, ...] = ()
    pending: tuple[Pending, ...] = ()
    fresh: int = 0
    complaints: tuple[str, ...] = ()
    known: dict[str, dict[str, Measured]] = field(default_factory=dict)
    next_uid: int = 1
    smallest: float | None = None
    dataset: Dataset = field(default_factory=Dataset)
    history: History[Version] = field(default_factory=History)
    lost: tuple[str, ...] = ()
    learning: Learning = field(default_factory=Learning)
    shelf: Shelf = field(default_factory=Shelf, compare=False, repr=False)
