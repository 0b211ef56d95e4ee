"""Lists of scans in a folder.  The scans are empty files, since nothing of a cohort opens one."""

from pathlib import Path

from prep_core.cohort import Cohort, read_list


def touched(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()


def listed(folder: Path, text: str | bytes, name: str = "list.csv", split_column: str | None = None) -> Cohort:
    """What `text` says of the scans a.npy to h.npy, which are there."""
    touched(folder, *(f"{letter}.npy" for letter in "abcdefgh"))
    (folder / name).write_bytes(text.encode() if isinstance(text, str) else text)
    return read_list(folder / name, split_column)


def names(cohort: Cohort) -> list[tuple[int, str, str]]:
    return [(entry.number, entry.path.name, entry.split) for entry in cohort.entries]
