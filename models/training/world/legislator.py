"""The legislator's hand: draws blueprints under the world's laws. What it prefers is given by a Taste (see search.py)."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from .blueprint import Actor, Blueprint, Entity, Event
from .colouring import can_be_painted
from .split import split_of
from .stage import Occupant, Stage
from .vocabulary import (
    BIG, COLOUR_NAMES, KINDS, NORMAL, NUMBERS, PLACES, SCENE_NAMES, SIDES, SMALL, THING_NAMES, WORDS)

ASPECTS: list[tuple[int, int]] = [(16, 9), (16, 9), (4, 3), (4, 3), (1, 1)]
KIND_WEIGHTS: dict[str, float] = {
    "appear": 1.9, "enter": 1.9, "leave": 0.7, "vanish": 0.7, "move": 1.1, "grow": 0.9, "shrink": 0.9, "jump": 0.8, "spin": 0.8,
    "recolour": 0.8, "cross": 0.5, "meet": 1.2, "pass": 5.0, "hide": 1.2, "scene": 0.35, "sign": 0.6, "number": 0.5, "score": 0.5,
}
# In test and validation clips this share of the events comes from combinations no training clip contains.
HELD_OUT_SHARE = 0.6
REPEATED_GESTURE_SHARE = 0.35


@dataclass
class Taste:
    """Weights of what is drawn; things and kinds not named weigh 1. `opening`: how many may stand in the picture when a clip begins;
    `scene` and `aspect`: where it begins and the picture's shape, any when not given."""

    kinds: dict[str, float] = field(default_factory=dict)
    things: dict[str, float] = field(default_factory=dict)
    colours: dict[str, float] = field(default_factory=dict)
    opening: tuple[int, ...] = (0, 1, 1, 2, 2, 3)
    scene: str = ""
    aspect: tuple[int, int] | None = None

    def kind(self, rng: random.Random) -> str:
        return rng.choices(KINDS, [KIND_WEIGHTS[kind] * self.kinds.get(kind, 1.0) for kind in KINDS])[0]

    def thing(self, rng: random.Random) -> str:
        return rng.choices(THING_NAMES, [self.things.get(thing, 1.0) for thing in THING_NAMES])[0]

    def colour(self, rng: random.Random, thing: str) -> str:
        """Its own colours about half of the time."""
        fitting = [colour for colour in COLOUR_NAMES if can_be_painted(thing, colour)]
        if not fitting or rng.random() < 0.5:
            return ""
        return rng.choices(fitting, [self.colours.get(colour, 1.0) for colour in fitting])[0]


def sample_blueprint(rng: random.Random, split: str = "train", duration: float | None = None, taste: Taste | None = None) -> Blueprint:
    """One lawful blueprint of the split. Test and validation clips hold at least one combination unseen in training."""
    while True:
        draft = _Draft(rng, split, duration if duration is not None else sample_duration(rng), taste or Taste())
        blueprint = draft.write()
        if blueprint is not None:
            return blueprint


def sample_duration(rng: random.Random) -> float:
    """10 to 120 seconds, short ones more often."""
    draw = rng.random()
    if draw < 0.72:
        return rng.uniform(10, 30)
    return rng.uniform(30, 60) if draw < 0.92 else rng.uniform(60, 120)


class _Draft:
    """A blueprint being written, event by event."""

    def __init__(self, rng: random.Random, split: str, duration: float, taste: Taste) -> None:
        self.rng, self.split, self.duration, self.taste = rng, split, duration, taste
        self.aspect = taste.aspect or rng.choice(ASPECTS)
        self.stage = Stage(taste.scene or rng.choice(SCENE_NAMES))
        self.events: list[Event] = []
        self.held_out = 0

    def write(self) -> Blueprint | None:
        """The blueprint, or None when it came out trivial."""
        rng, scene = self.rng, self.stage.scene
        actors = [Actor(self._new_entity(), place) for place in rng.sample(PLACES, rng.choice(self.taste.opening))]
        for actor in actors:
            self.stage.put(actor.entity, actor.place)
        calm, clock = rng.choice([0.3, 0.3, 0.8, 0.8, 1.6, 4.5]), rng.uniform(0.8, 3.0)
        while (end := clock + rng.uniform(2.4, 4.4)) <= self.duration - 0.5:
            self._add_event(round(clock, 2), round(end, 2))
            clock = end + rng.uniform(0.3, 0.6 + 2 * calm) + (rng.uniform(4, 12) if rng.random() < 0.07 else 0)
        if len(self.events) < 2 or (self.split != "train" and self.held_out == 0):
            return None
        return Blueprint(rng.getrandbits(31), round(self.duration, 2), self.aspect, scene, self.stage.entities, actors, self.events)

    def _new_entity(self) -> int:
        """A new entity that looks like none that stands there. Now and then a twin of another colour: a distractor."""
        rng, looks = self.rng, self.stage.looks()
        while True:
            twin = looks and rng.random() < 0.12
            thing = rng.choice(sorted(looks))[0] if twin else self.taste.thing(rng)
            colour = self.taste.colour(rng, thing)
            if (thing, colour) not in looks and (twin or thing not in {name for name, _ in looks}):
                count = rng.choices([1, 2, 3], [8, 1.3, 0.9])[0]
                # Small ones in a group could hardly be told apart.
                size = rng.choice([NORMAL, NORMAL, NORMAL, BIG, SMALL if count == 1 else NORMAL])
                self.stage.entities.append(Entity(thing, colour, size, count))
                return len(self.stage.entities) - 1

    def _add_event(self, start: float, end: float) -> None:
        """Draws until an event is lawful and belongs to the split."""
        wanted = self.split if self.rng.random() < HELD_OUT_SHARE else "train"
        for attempt in range(500):
            known = len(self.stage.entities)
            event = self._draw(self.taste.kind(self.rng), start, end)
            if event is not None and self.stage.allows(event):
                owner = split_of(self.stage.entities, event, self.stage.scene, self.aspect)
                if owner == (wanted if attempt < 250 else "train"):
                    self.held_out += owner != "train"
                    self.events.append(event)
                    self.stage.apply(event)
                    return
            del self.stage.entities[known:]
        raise RuntimeError("no lawful event was found in 500 draws: the split leaves too little to choose from")

    def _draw(self, kind: str, start: float, end: float) -> Event | None:
        if kind in _WRITERS:
            return _WRITERS[kind](self, kind, start, end)
        if not self.stage.standing:
            return None
        occupant = self.stage.standing[self.rng.choice(list(self.stage.standing))]
        return self._draw_act(kind, occupant, start, end)

    def _draw_act(self, kind: str, occupant: Occupant, start: float, end: float) -> Event | None:
        rng, place = self.rng, occupant.place
        if kind in ("jump", "spin") and self.events and rng.random() < REPEATED_GESTURE_SHARE:
            same = [event.entity for event in self.events if event.kind == kind and event.entity in self.stage.standing]
            occupant = self.stage.standing[rng.choice(same)] if same else occupant
            place = occupant.place
        if kind == "leave":
            return Event(kind, start, end, occupant.entity, rng.choice(SIDES), place)
        if kind == "vanish":
            return Event(kind, start, end, occupant.entity, place, place)
        if kind == "move":
            free = self.stage.free_places()
            target = rng.choice(free) if free else ""
            return Event(kind, start, end, occupant.entity, target, place, target) if free else None
        value = rng.choice(COLOUR_NAMES) if kind == "recolour" else ""
        if kind == "recolour" and not can_be_painted(self.stage.entities[occupant.entity].thing, value):
            return None
        return Event(kind, start, end, occupant.entity, place, place, place, value)

    def _draw_arrival(self, kind: str, start: float, end: float) -> Event | None:
        free = self.stage.free_places()
        if not free:
            return None
        target = self.rng.choice(free)
        return Event(kind, start, end, self._new_entity(), target if kind == "appear" else self.rng.choice(SIDES), "", target)

    def _draw_crossing(self, kind: str, start: float, end: float) -> Event:
        return Event(kind, start, end, self._new_entity(), self.rng.choice(SIDES))

    def _draw_pair(self, kind: str, start: float, end: float) -> Event | None:
        if len(self.stage.standing) < 2:
            return None
        actor, other = self.rng.sample(sorted(self.stage.standing), 2)
        place = self.stage.standing[actor].place
        target = {"left": "right", "right": "left"}.get(place, "") if kind == "pass" else place
        value = self.rng.choice(["front", "behind"]) if kind == "pass" else ""
        return Event(kind, start, end, actor, target if kind == "pass" else place, place, target, value, other)

    def _draw_scene(self, kind: str, start: float, end: float) -> Event:
        value = self.rng.choice([scene for scene in SCENE_NAMES if scene != self.stage.scene])
        return Event(kind, start, end, value=value, clears=self.rng.random() < 0.4)

    def _draw_board(self, kind: str, start: float, end: float) -> Event:
        value = self._next_score() if kind == "score" else self.rng.choice(WORDS if kind == "sign" else NUMBERS)
        place = self.stage.scoreboard if kind == "score" else ""
        return Event(kind, start, end, place=place or self.rng.choice(PLACES), value=value)

    def _next_score(self) -> str:
        """One more for one side; the first score is any."""
        if self.stage.score is None or max(self.stage.score) >= 9:
            return f"{self.rng.randrange(10)}-{self.rng.randrange(10)}"
        home, guest = self.stage.score
        return f"{home + 1}-{guest}" if self.rng.random() < 0.5 else f"{home}-{guest + 1}"


_WRITERS: dict[str, Callable[[_Draft, str, float, float], Event | None]] = {
    "appear": _Draft._draw_arrival, "enter": _Draft._draw_arrival, "cross": _Draft._draw_crossing, "meet": _Draft._draw_pair,
    "pass": _Draft._draw_pair, "hide": _Draft._draw_pair, "scene": _Draft._draw_scene, "sign": _Draft._draw_board,
    "number": _Draft._draw_board, "score": _Draft._draw_board,
}
