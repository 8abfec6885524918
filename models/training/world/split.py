"""Which combinations belong to which split: decided by a hash of the combination, so it never depends on a seed."""

from __future__ import annotations

import hashlib

from .blueprint import Event

TEST_SHARE = 0.12
VALIDATION_SHARE = 0.05


def combination(event: Event, scene: str) -> str:
    """What is held out: thing x kind x place, or word x scene, or scene x scene."""
    if event.kind in ("sign", "scene"):
        return f"{event.kind}|{event.value}|{scene}"
    return f"{event.kind}|{event.thing}|{event.place}"


def split_of(event: Event, scene: str) -> str:
    """"test", "validation" or "train" for an event that happens in front of `scene`."""
    digest = hashlib.sha256(combination(event, scene).encode()).digest()
    share = int.from_bytes(digest[:4], "big") / 2**32
    if share < TEST_SHARE:
        return "test"
    return "validation" if share < TEST_SHARE + VALIDATION_SHARE else "train"
