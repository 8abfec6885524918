"""The legislator: samples blueprints under the world's laws and rejects what is contradictory, trivial or held out."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from .blueprint import Actor, Blueprint, Event
from .split import split_of
from .vocabulary import KINDS, PLACES, SCENE_NAMES, THING_NAMES, WORDS

ASPECTS: list[tuple[int, int]] = [(16, 9), (16, 9), (4, 3), (4, 3), (1, 1)]
KIND_WEIGHTS: dict[str, float] = {
    "appear": 1.2, "enter": 1.2, "leave": 1.0, "vanish": 1.0, "move": 1.2, "grow": 0.8, "shrink": 0.8, "scene": 0.6, "sign": 0.9,
}
BIG, NORMAL, SMALL = 1.45, 1.0, 0.68
# In test and validation clips this share of the events comes from combinations no training clip contains.
HELD_OUT_SHARE = 0.6


@dataclass
class _World:
    """What stands where while a blueprint is being made."""

    scene: str
    aspect: tuple[int, int]
    standing: dict[str, Actor] = field(default_factory=dict)

    def free_places(self) -> list[str]:
        return [place for place in PLACES if place not in self.standing]

    def present(self) -> set[str]:
        return {actor.thing for actor in self.standing.values()}


def sample_blueprint(rng: random.Random, split: str = "train", duration: float | None = None) -> Blueprint:
    """One blueprint of the split. Test and validation clips hold at least one combination unseen in training."""
    while True:
        blueprint = _attempt(rng, split, duration if duration is not None else _sample_duration(rng))
        if blueprint is not None:
            return blueprint


def _sample_duration(rng: random.Random) -> float:
    draw = rng.random()
    if draw < 0.80:
        return rng.uniform(12, 28)
    return rng.uniform(28, 60)


def _attempt(rng: random.Random, split: str, duration: float) -> Blueprint | None:
    world = _World(scene=rng.choice(SCENE_NAMES), aspect=rng.choice(ASPECTS))
    for place in rng.sample(PLACES, rng.choice([0, 1, 1, 2, 2])):
        thing = rng.choice([name for name in THING_NAMES if name not in world.present()])
        world.standing[place] = Actor(thing, place, rng.choice([NORMAL, NORMAL, NORMAL, BIG, SMALL]))
    scene, actors = world.scene, list(world.standing.values())
    events: list[Event] = []
    held_out = 0
    calm = rng.choice([0.6, 1.5, 3.0])
    clock = rng.uniform(0.8, 3.0)
    while True:
        end = clock + rng.uniform(2.4, 4.4)
        if end > duration - 0.5:
            break
        event, unseen = _next_event(rng, world, split, clock, end)
        held_out += unseen
        events.append(event)
        clock = end + rng.uniform(0.3, 0.6 + 2 * calm)
        if rng.random() < 0.08:
            clock += rng.uniform(3, 7)
    if len(events) < 2 or (split != "train" and held_out == 0):
        return None
    return Blueprint(rng.getrandbits(31), round(duration, 2), world.aspect, scene, actors, events)


def _next_event(rng: random.Random, world: _World, split: str, start: float, end: float) -> tuple[Event, int]:
    """Draws events until one is lawful in the split; applies it to the world."""
    wanted = split if rng.random() < HELD_OUT_SHARE else "train"
    for attempt in range(400):
        event = _draw_event(rng, world, round(start, 2), round(end, 2))
        if event is None:
            continue
        owner = split_of(event, world.scene, world.aspect)
        if owner == (wanted if attempt < 200 else "train"):
            _apply(world, event)
            return event, int(owner != "train")
    raise RuntimeError("no lawful event was found in 400 draws: the split leaves too little to choose from")


def _draw_event(rng: random.Random, world: _World, start: float, end: float) -> Event | None:
    kind = rng.choices(KINDS, [KIND_WEIGHTS[kind] for kind in KINDS])[0]
    if kind == "scene":
        return Event(kind, start, end, value=rng.choice([s for s in SCENE_NAMES if s != world.scene]))
    if kind == "sign":
        return Event(kind, start, end, value=rng.choice(WORDS))
    if kind in ("appear", "enter"):
        return _draw_arrival(rng, world, kind, start, end)
    if not world.standing:
        return None
    actor = world.standing[rng.choice(list(world.standing))]
    if kind == "vanish":
        return Event(kind, start, end, actor.thing, actor.place, actor.place, "")
    if kind == "leave":
        return Event(kind, start, end, actor.thing, rng.choice(["left", "right"]), actor.place, "")
    if kind == "move":
        free = world.free_places()
        target = rng.choice(free) if free else ""
        return Event(kind, start, end, actor.thing, target, actor.place, target) if free else None
    if (kind == "grow" and actor.size >= BIG) or (kind == "shrink" and actor.size <= SMALL):
        return None
    return Event(kind, start, end, actor.thing, actor.place, actor.place, actor.place)


def _draw_arrival(rng: random.Random, world: _World, kind: str, start: float, end: float) -> Event | None:
    free = world.free_places()
    if not free:
        return None
    thing = rng.choice([name for name in THING_NAMES if name not in world.present()])
    target = rng.choice(free)
    if kind == "appear":
        return Event(kind, start, end, thing, target, "", target)
    return Event(kind, start, end, thing, rng.choice(["left", "right"]), "", target)


def _apply(world: _World, event: Event) -> None:
    if event.kind == "scene":
        world.scene = event.value
    elif event.kind in ("appear", "enter"):
        world.standing[event.target] = Actor(event.thing, event.target, NORMAL)
    elif event.kind in ("leave", "vanish"):
        del world.standing[event.origin]
    elif event.kind == "move":
        actor = world.standing.pop(event.origin)
        world.standing[event.target] = Actor(actor.thing, event.target, actor.size)
    elif event.kind in ("grow", "shrink"):
        actor = world.standing[event.origin]
        world.standing[event.origin] = Actor(actor.thing, actor.place, resized(actor.size, event.kind))


def resized(size: float, kind: str) -> float:
    """The size after growing or shrinking by one step (small, normal, big)."""
    steps = [SMALL, NORMAL, BIG]
    index = steps.index(size) + (1 if kind == "grow" else -1)
    return steps[max(0, min(2, index))]
