"""What a session keeps of its set of scans: roles, figures, results.  Never pixels."""

from dataclasses import dataclass, field

from prep_core.batch import Part
from prep_core.batch.part import called, path_of
from prep_core.inspection import Summary


@dataclass(frozen=True)
class InFolder:
    """A scan in a folder of the server: the part that is read for it, and which of its scans it is."""

    part: Part
    index: int
    name: str
    stamp: int

    @property
    def identity(self) -> str:
        return f"{path_of(self.part)}:{called(self.part)}#{self.index}@{self.stamp}"


@dataclass(frozen=True)
class FolderRead:
    """A folder that was read: its scans, and what could not be read, in sentences."""

    scans: tuple[InFolder, ...]
    complaints: tuple[str, ...]
    figures: dict[str, Summary]


@dataclass
class Dataset:
    """The set of one session.

    Attributes
    ----------
    roles, figures : by the identity of a scan
    samples : the built-in scans that stand among those that were opened
    """

    source: str = ""
    samples: tuple[str, ...] = ()
    folder: FolderRead | None = None
    roles: dict[str, str] = field(default_factory=dict)
    figures: dict[str, Summary] = field(default_factory=dict)
