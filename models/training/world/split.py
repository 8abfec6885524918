"""Which combinations belong to which split: decided by hashes of the combination, so it never depends on a seed.

A family (thing x kind x place, thing x colour, pair of things, word x place...) is held out only in some contexts (scenes; for signs
and changes of scene the shape of the picture). Were a family held out everywhere, training would teach that it never happens."""

from __future__ import annotations

import hashlib

from .blueprint import Blueprint, Entity, Event

TEST_SHARE = 0.12
VALIDATION_SHARE = 0.05
HELD_OUT_CONTEXTS = 0.4


def _share(text: str) -> float:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big") / 2**32


def split_of(entities: list[Entity], event: Event, scene: str, aspect: tuple[int, int]) -> str:
    """"test", "validation" or "train" for an event that happens in front of `scene` in a picture of this aspect."""
    context = f"{aspect[0]}:{aspect[1]}" if event.entity < 0 else scene
    family = _family(entities, event, scene)
    share = _share(family)
    if share >= TEST_SHARE + VALIDATION_SHARE or _share(f"{family}|{context}") >= HELD_OUT_CONTEXTS:
        return "train"
    return "test" if share < TEST_SHARE else "validation"


def _family(entities: list[Entity], event: Event, scene: str) -> str:
    """What is held out together."""
    if event.entity < 0:
        return f"{event.kind}|{event.value}|{event.place or scene}"
    actor = entities[event.entity]
    partner = entities[event.other].thing if event.other >= 0 else f"{actor.colour}|{event.place}"
    return f"{event.kind}|{actor.thing}|{partner}"


def scene_before(blueprint: Blueprint, event: Event) -> str:
    """The scene in front of which an event begins."""
    changes = [other.value for other in blueprint.events if other.kind == "scene" and other.start < event.start]
    return changes[-1] if changes else blueprint.scene
