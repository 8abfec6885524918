"""The auxiliary readings, as classes that linear layers read inside the decoder: what stands where in a frame, what event it shows, and
what a user text asks."""

from __future__ import annotations

import numpy as np

from world.blueprint import Blueprint, Event
from world.meaning import meaning
from world.questions import KIND_SETS, NOW_TYPES, TYPES, Question
from world.sentences import colour_before
from world.standing import LANE
from world.state import state_at
from world.vocabulary import COLOUR_NAMES, GROUPS, KINDS, PLACES, SCENE_NAMES, SIZES, THING_NAMES, WORDS

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


# The same for each column of the picture by itself: the kind of event that happens there (0: none).
HERE_SIZE = len(KINDS) + 1


def here_of(events: list[Event], time: float) -> list[int]:
    """What happens in the left, middle and right column at `time`; IGNORE where it cannot be known yet."""
    classes = [0] * len(PLACES)
    for event in events:
        if event.start <= time <= event.end:
            for place in {event.origin, event.target} - {""} or {event.place} - {""}:
                classes[PLACES.index(place)] = KINDS.index(event.kind) + 1 if time >= event.middle else IGNORE
    return classes


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


# What stands in each place: thing, colour (0: its own), size, count, each shifted by one (0: nothing); then the board there.
PLACE_SIZES = [len(THING_NAMES) + 1, len(COLOUR_NAMES) + 2, len(SIZES) + 1, 4, 4]
SEEN_SIZES = PLACE_SIZES * len(PLACES)
# Less opaque things are not yet, or no longer, there.
VISIBLE = 0.4


def seen_of(blueprint: Blueprint, time: float) -> list[int]:
    """The classes of the picture at `time`: of each place, the thing nearest to its middle."""
    state, classes = state_at(blueprint, time), []
    for place in PLACES:
        near = [(abs(actor.x - LANE[place]), actor) for actor in state.standing.values()
                if abs(actor.x - LANE[place]) < 1 / 6 and actor.opacity >= VISIBLE]
        actor = min(near, key=lambda pair: pair[0])[1] if near else None
        colour = (actor.shade if actor.shading > 0.5 else actor.colour) if actor else ""
        classes += [THING_NAMES.index(actor.thing) + 1, ["", *COLOUR_NAMES].index(colour) + 1,
                    int(np.argmin([abs(size - actor.size) for size in SIZES])) + 1, actor.count] if actor else [0, 0, 0, 0]
        classes.append(["", "sign", "number", "score"].index(state.boards.get(place, ("", ""))[0]))
    return classes


# What a question asks: its type, set of kinds, thing, group, colour, place, and the kind of event a query describes.
ASKED_LISTS: list[list[str]] = [
    [*TYPES, *NOW_TYPES, "stop"], list(KIND_SETS), THING_NAMES, [*GROUPS, "thing"], COLOUR_NAMES, PLACES, KINDS]
ASKED_SIZES = [len(values) for values in ASKED_LISTS]


def asked_of(question: Question) -> list[int]:
    """The classes of a question; IGNORE where it names nothing of the sort."""
    named = {1: question.argument, 2: question.argument, 3: question.argument, 4: question.detail or question.argument, 5: question.argument}
    if question.type == "kindgroup":
        named[3] = question.detail
    if question.type == "query":
        told = meaning(question.argument) or {}
        named = {2: told.get("thing", ""), 4: told.get("colour", ""), 5: told.get("place", ""), 6: told.get("kind", "")}
    columns = {0: question.type, **named}
    return [ASKED_LISTS[index].index(columns[index]) if columns.get(index, "") in ASKED_LISTS[index] else IGNORE
            for index in range(len(ASKED_LISTS))]
