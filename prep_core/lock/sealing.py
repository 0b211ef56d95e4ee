"""Whether lines are still those that were fitted."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest

from prep_core.line import Line, digest
from prep_core.lock.lock import Lock, Seal

_EACH = 8
"""Hex digits for one line: enough to see an edit, which the digest of all lines proves."""


def seal(lines: Sequence[Line]) -> Seal:
    return Seal(digest(lines), _steps(lines), tuple(digest([line])[:_EACH] for line in lines))


def mismatch(lines: Sequence[Line], sealed: Seal) -> str:
    """Where `lines` are not those that were sealed, as the end of a sentence; empty where they are."""
    now = seal(lines)
    if now.recipe == sealed.recipe:
        return ""
    if len(now.lines) != len(sealed.lines):
        return f"it has {len(now.lines)} lines and was fitted with {len(sealed.lines)}"
    pairs = enumerate(zip_longest(now.lines, sealed.lines), start=1)
    number = next((i for i, (new, old) in pairs if new != old), len(lines))
    if now.steps == sealed.steps:
        return f"line {number}: the fitted numbers of {lines[number - 1].step} were edited by hand"
    return f"line {number}: {lines[number - 1].step} was edited after the fit"


def _steps(lines: Sequence[Line]) -> str:
    return digest(replace(line, fitted=None) for line in lines)


def mark_of(lock: Lock) -> str:
    """A name for all that `lock` holds."""
    return hashlib.sha256(json.dumps(lock.plain(), sort_keys=True).encode()).hexdigest()
