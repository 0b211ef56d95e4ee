"""What became of one scan of a batch."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one scan: the file that holds the result, or the reason why there is none.

    `kept` tells that the result was there already, whole, and made in the same way.  `result` is the name of the
    file without its format; `warnings` are sentences.
    """

    path: str
    name: str
    file: str = ""
    error: str = ""
    kept: bool = False
    warnings: tuple[str, ...] = ()
    result: str = ""

    @property
    def ok(self) -> bool:
        return not self.error
