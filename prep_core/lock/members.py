"""Which scans a recipe was fitted on, by the hash of their bytes: no names are needed to ask."""

from collections.abc import Mapping
from typing import Any

_DIGITS = 16
"""Hex digits of a SHA-256: among a million scans, two differ in them but for a chance of 1 to 40 million."""


def member_of(sha256: str) -> str:
    """How a training scan is listed."""
    return sha256[:_DIGITS]


def is_member(sha256: str, trained_on: Mapping[str, Any] | None) -> bool | None:
    """Whether a scan was in the training set; None where that is not known."""
    if not sha256 or trained_on is None or "members" not in trained_on:
        return None
    return member_of(sha256) in trained_on["members"]
