"""The executor's words: fills the patterns for an event or for the picture at a moment."""

from __future__ import annotations

import re

from .blueprint import Blueprint, Entity, Event
from .nouns import definite, indefinite, is_plural
from .patterns import COUNT_PATTERNS, EVENT_PATTERNS, EVERYTHING_GONE, GROUP_WORDS, NOW_PATTERNS, OWN_COLOUR, PASSING, THEN_PATTERN
from .standing import Standing
from .state import State, state_at
from .vocabulary import GESTURES, MOVE_PHRASE, PLACE_PHRASE, PLACES, SCENES, group_of

_AGREEMENT = re.compile(r"\[([^|\]]*)\|([^\]]*)\]")


def fill(pattern: str, plural: bool = False, **slots: str) -> str:
    """The pattern with its slots filled, verbs agreeing, the first letter large."""
    text = _AGREEMENT.sub(lambda match: match[2] if plural else match[1], pattern).format(**slots)
    return text[0].upper() + text[1:]


def sentence(blueprint: Blueprint, event: Event, since: float = 0.0) -> str:
    """The reply that describes an event to somebody who watches since then."""
    entity = blueprint.entities[event.entity] if event.entity >= 0 else None
    slots = _written_slots(event) | {"again": " again" if is_again(blueprint, event, since) else ""}
    if entity is not None:
        colour = colour_before(blueprint, event.entity, event.start)
        slots["a"] = indefinite(entity.thing, entity.colour, entity.size, entity.count)
        slots["the"] = definite(entity.thing, colour, entity.count)
    if event.other >= 0:
        other = blueprint.entities[event.other]
        slots["other"] = definite(other.thing, colour_before(blueprint, event.other, event.start), other.count)
    return fill(EVENT_PATTERNS[event.kind], entity is not None and is_plural(entity.thing, entity.count), **slots)


def _written_slots(event: Event) -> dict[str, str]:
    """The slots that need no entity."""
    return {
        "place": PLACE_PHRASE.get(event.place, ""), "to": MOVE_PHRASE.get(event.place, ""), "side": event.place,
        "far": "right" if event.place == "left" else "left", "scene": SCENES.get(event.value, ""), "word": event.value,
        "number": event.value, "score": event.value.replace("-", " to "), "colour": event.value, "way": PASSING.get(event.value, ""),
    }


def is_again(blueprint: Blueprint, event: Event, since: float) -> bool:
    """Whether the same entity made the same gesture before, in what was watched."""
    return event.kind in GESTURES and any(
        other.kind == event.kind and other.entity == event.entity and since - 1e-6 <= other.start < event.start for other in blueprint.events)


def colour_before(blueprint: Blueprint, number: int, time: float) -> str:
    """The colour an entity has before an event that starts at `time`."""
    colour = blueprint.entities[number].colour
    for event in blueprint.events:
        if event.kind == "recolour" and event.entity == number and event.start < time - 1e-6:
            colour = event.value
    return colour


def then(text: str) -> str:
    """The sentence as an answer to what comes next."""
    return fill(THEN_PATTERN, sentence=text[0].lower() + text[1:])


def how_many(count: int, group: str) -> str:
    """E.g. "There are 2 animals now."; group may be "thing"."""
    return fill(COUNT_PATTERNS["howmany"], count != 1, n=str(count), group=GROUP_WORDS[group][count != 1])


def tally(count: int) -> str:
    """E.g. "That makes 3."."""
    return fill(COUNT_PATTERNS["tally"], n=str(count))


def count_of(state: State, group: str) -> int:
    """How many members of the group (or things at all) stand in the picture."""
    return sum(actor.count for actor in state.standing.values() if group in ("thing", group_of(actor.thing)))


def now_answer(blueprint: Blueprint, kind: str, argument: str, entity: Entity | None, time: float) -> str:
    """What can be seen at `time`: everything, one place, how many, where an entity is, or its colour."""
    state = state_at(blueprint, time)
    if kind == "nowcount":
        return how_many(count_of(state, argument), argument)
    if kind == "nowplace":
        return _at_place(state, argument)
    if kind in ("nowwhere", "nowcolour") and entity is not None:
        return _about(state, kind, entity)
    return fill(NOW_PATTERNS["now"], scene=SCENES[state.scene], listing=_listing(state))


def _at_place(state: State, place: str) -> str:
    actor = next((actor for actor in state.standing.values() if actor.place == place), None)
    if actor is None:
        return fill(NOW_PATTERNS["nowplace-empty"], place=PLACE_PHRASE[place])
    return fill(NOW_PATTERNS["nowplace"], is_plural(actor.thing, actor.count), a=_seen(actor), place=PLACE_PHRASE[place])


def _about(state: State, kind: str, entity: Entity) -> str:
    found = next((actor for actor in state.standing.values() if actor.thing == entity.thing and entity.colour in ("", actor.colour)), None)
    the, plural = definite(entity.thing, entity.colour, entity.count), is_plural(entity.thing, entity.count)
    if found is None:
        return fill(NOW_PATTERNS["nowwhere-gone"], plural, the=the)
    the, plural = definite(entity.thing, entity.colour, found.count), is_plural(entity.thing, found.count)
    if kind == "nowwhere":
        return fill(NOW_PATTERNS["nowwhere"], plural, the=the, place=PLACE_PHRASE[found.place])
    return fill(NOW_PATTERNS["nowcolour"], plural, the=the, colour=found.colour or OWN_COLOUR)


def _seen(actor: Standing) -> str:
    return indefinite(actor.thing, actor.colour, actor.size, actor.count)


def _listing(state: State) -> str:
    by_place = {actor.place: actor for actor in state.standing.values()}
    parts = [f"{_seen(by_place[place])} {PLACE_PHRASE[place]}" for place in PLACES if place in by_place]
    if len(parts) < 2:
        return parts[0] if parts else EVERYTHING_GONE
    return ", ".join(parts[:-1]) + " and " + parts[-1]
