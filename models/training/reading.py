"""The auxiliary reading: what event a frame shows, as classes that a linear layer reads in the middle of the decoder."""

from __future__ import annotations

from world.blueprint import Blueprint, Event
from world.sentences import colour_before
from world.vocabulary import COLOUR_NAMES, KINDS, PLACES, SCENE_NAMES, THING_NAMES, WORDS

IGNORE = -100
VALUES = [*SCENE_NAMES, *WORDS, *COLOUR_NAMES, "front", "behind"]
# Kind (0: none), thing, colour (0: its own), place, the other thing, value, first and second digit (10: none).
AUX_SIZES = [len(KINDS) + 1, len(THING_NAMES), len(COLOUR_NAMES) + 1, len(PLACES), len(THING_NAMES), len(VALUES), 11, 11]


def aux_of(blueprint: Blueprint, events: list[Event], time: float) -> list[int]:
    """The classes of the frame at `time`; IGNORE where it cannot be known yet or does not apply."""
    for event in events:
        if event.middle <= time <= event.end:
            return _classes(blueprint, event)
        if event.start <= time < event.middle:
            return [IGNORE] * len(AUX_SIZES)
    return [0] + [IGNORE] * (len(AUX_SIZES) - 1)


def _classes(blueprint: Blueprint, event: Event) -> list[int]:
    thing = colour = other = IGNORE
    if event.entity >= 0:
        thing = THING_NAMES.index(blueprint.entities[event.entity].thing)
        colour = ["", *COLOUR_NAMES].index(colour_before(blueprint, event.entity, event.start))
    if event.other >= 0:
        other = THING_NAMES.index(blueprint.entities[event.other].thing)
    digits = [int(letter) for letter in event.value if letter.isdigit()]
    first, second = (digits + [10, 10])[:2] if digits else (IGNORE, IGNORE)
    return [KINDS.index(event.kind) + 1, thing, colour, PLACES.index(event.place) if event.place else IGNORE, other,
            VALUES.index(event.value) if event.value in VALUES else IGNORE, first, second]
