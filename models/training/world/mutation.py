"""Small changes to a blueprint. The result may break the world's laws; whoever asks for it checks (stage.contradiction)."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

from .blueprint import Blueprint, Entity, Event
from .colouring import can_be_painted
from .vocabulary import COLOUR_NAMES, GESTURES, THING_NAMES, group_of


def mutated(rng: random.Random, blueprint: Blueprint) -> Blueprint:
    """One or two random changes, and another seed for the executor."""
    for change in rng.sample(_CHANGES, rng.choice([1, 2])):
        blueprint = change(rng, blueprint)
    return replace(blueprint, seed=rng.getrandbits(31))


def _recast(rng: random.Random, blueprint: Blueprint) -> Blueprint:
    """Another thing in an entity's part, of the same group where it has one: harder to tell from the first."""
    number = rng.randrange(len(blueprint.entities)) if blueprint.entities else -1
    if number < 0:
        return blueprint
    own = blueprint.entities[number]
    thing = rng.choice([name for name in THING_NAMES if group_of(name) == group_of(own.thing)])
    return _with_entity(blueprint, number, replace(own, thing=thing, colour=own.colour if can_be_painted(thing, own.colour) else ""))


def _twin(rng: random.Random, blueprint: Blueprint) -> Blueprint:
    """Makes an entity the twin of another one, in another colour."""
    if len(blueprint.entities) < 2:
        return blueprint
    first, second = rng.sample(range(len(blueprint.entities)), 2)
    thing = blueprint.entities[first].thing
    fitting = [colour for colour in COLOUR_NAMES if colour != blueprint.entities[first].colour and can_be_painted(thing, colour)]
    colour = rng.choice(fitting) if fitting else ""
    return _with_entity(blueprint, second, replace(blueprint.entities[second], thing=thing, colour=colour))


def _repeat(rng: random.Random, blueprint: Blueprint) -> Blueprint:
    """Turns a later act of an entity into the gesture it made before."""
    earlier = {event.entity: event.kind for event in blueprint.events if event.kind in GESTURES}
    places = [index for index, event in enumerate(blueprint.events)
              if event.entity in earlier and event.kind in ("jump", "spin", "grow", "shrink", "recolour")]
    if not places:
        return blueprint
    index = rng.choice(places)
    event = replace(blueprint.events[index], kind=earlier[blueprint.events[index].entity], value="")
    return _with_event(blueprint, index, event)


def _squeeze(rng: random.Random, blueprint: Blueprint) -> Blueprint:
    """Lets an event follow closely on the one before."""
    if len(blueprint.events) < 2:
        return blueprint
    index = rng.randrange(1, len(blueprint.events))
    event, gap = blueprint.events[index], rng.uniform(0.3, 0.6)
    start = round(blueprint.events[index - 1].end + gap, 2)
    return _with_event(blueprint, index, replace(event, start=start, end=round(start + event.end - event.start, 2)))


def _shift_scene(rng: random.Random, blueprint: Blueprint) -> Blueprint:
    """Another shape of the picture."""
    return replace(blueprint, aspect=rng.choice([(16, 9), (4, 3), (1, 1)]))


def _with_entity(blueprint: Blueprint, number: int, entity: Entity) -> Blueprint:
    entities = [entity if index == number else other for index, other in enumerate(blueprint.entities)]
    return replace(blueprint, entities=entities)


def _with_event(blueprint: Blueprint, index: int, event: Event) -> Blueprint:
    return replace(blueprint, events=[event if number == index else other for number, other in enumerate(blueprint.events)])


_CHANGES: list[Callable[[random.Random, Blueprint], Blueprint]] = [_recast, _twin, _repeat, _squeeze, _shift_scene]
