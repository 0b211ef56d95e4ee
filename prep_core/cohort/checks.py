"""What no list of scans may have: a scan twice, a group on both sides, a training scan that is not there."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from prep_core.cohort.entry import Entry
from prep_core.cohort.places import Place, around, place
from prep_core.cohort.words import Leak, ListError, ListName


def refuse_overlaps(name: ListName, entries: Sequence[Entry]) -> None:
    """Complain about a scan that is named twice, by itself or by a folder that holds it."""
    at: defaultdict[Place, list[Entry]] = defaultdict(list)
    for entry in entries:
        at[place(entry.path)].append(entry)
    for same in at.values():
        for one, other in _pairs(same):
            _refuse_pair(name, one, other, "are the same scan")
    for entry, folders in zip(entries, around(entry.path for entry in entries), strict=True):
        for folder in folders:
            for other in at.get(folder, ()):
                one, two = sorted((entry, other), key=lambda e: e.number)
                _refuse_pair(name, one, two, "lie one inside the other")


def _pairs(same: Sequence[Entry]) -> Iterator[tuple[Entry, Entry]]:
    """Entries of one file that do not each name a part of their own."""
    first: dict[str, Entry] = {}
    for entry in same:
        part = entry.answers.get("part", "")
        if first and (part in first or not part or "" in first):
            yield first.get(part, next(iter(first.values()))), entry
        first.setdefault(part, entry)


def _refuse_pair(name: ListName, one: Entry, other: Entry, how: str) -> None:
    rows = name.rows([one.number, other.number])
    if one.split != other.split:
        raise Leak(f"{rows} {how}, once {one.split} and once {other.split}; keep the row that is right")
    raise ListError(f"{rows} {how}, and each scan counts once; remove one of them")


def refuse_shared_groups(name: ListName, entries: Sequence[Entry]) -> None:
    """Complain about a group that is measured in training and judged by in validation or test."""
    groups: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        groups[entry.group].append(entry)
    groups.pop("", None)
    for same in groups.values():
        if len({entry.is_training for entry in same}) > 1:
            rows = name.rows([entry.number for entry in same])
            held_out = next(entry.split for entry in same if not entry.is_training)
            raise Leak(
                f"{rows} are of one group, in train and in {held_out}: what training measures would know the scans "
                "that judge it; give the group one role"
            )


def refuse_missing(name: ListName, entries: Sequence[Entry]) -> None:
    missing = [entry for entry in entries if entry.is_training and not entry.path.exists()]
    if missing:
        what = "names a scan that does" if len(missing) == 1 else "name scans that do"
        raise ListError(
            f"{name.rows([entry.number for entry in missing])} {what} not exist; relative paths start at the folder of "
            f"the list: correct the path, or remove the row"
        )
