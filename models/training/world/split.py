"""Which combinations belong to which split: decided by hashes of the combination, so it never depends on a seed.

A family (thing x kind x place, word x scene, scene x scene) is held out only in some contexts (scenes; for signs and changes of scene
the shape of the picture). Were a family held out everywhere, training would teach that it never happens."""

from __future__ import annotations

import hashlib

from .blueprint import Event

TEST_SHARE = 0.12
VALIDATION_SHARE = 0.05
HELD_OUT_CONTEXTS = 0.4


def _share(text: str) -> float:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big") / 2**32


def split_of(event: Event, scene: str, aspect: tuple[int, int]) -> str:
    """"test", "validation" or "train" for an event that happens in front of `scene` in a picture of this aspect."""
    if event.kind in ("sign", "scene"):
        family, context = f"{event.kind}|{event.value}|{scene}", f"{aspect[0]}:{aspect[1]}"
    else:
        family, context = f"{event.kind}|{event.thing}|{event.place}", scene
    share = _share(family)
    if share >= TEST_SHARE + VALIDATION_SHARE or _share(f"{family}|{context}") >= HELD_OUT_CONTEXTS:
        return "train"
    return "test" if share < TEST_SHARE else "validation"
