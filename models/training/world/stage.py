"""The stage while a blueprint is being made or checked: who stands where, and what may lawfully happen next."""

from __future__ import annotations

from dataclasses import dataclass, field

from .blueprint import Blueprint, Entity, Event
from .motion import resized
from .vocabulary import BIG, PAIR_KINDS, PLACES, SMALL


@dataclass
class Occupant:
    """An entity on the stage, with what changes in its life."""

    entity: int
    place: str
    size: float
    colour: str


@dataclass
class Stage:
    """The laws: one entity a place, no entity twice, no growing for ever, no two alike, a free way for passing."""

    scene: str
    entities: list[Entity] = field(default_factory=list)
    standing: dict[int, Occupant] = field(default_factory=dict)
    score: tuple[int, int] | None = None
    scoreboard: str = ""

    @staticmethod
    def opening(blueprint: Blueprint) -> "Stage":
        """The stage as the clip begins."""
        stage = Stage(blueprint.scene, list(blueprint.entities))
        for actor in blueprint.actors:
            stage.put(actor.entity, actor.place)
        return stage

    def put(self, number: int, place: str) -> None:
        """An entity comes to stand at a place."""
        entity = self.entities[number]
        self.standing[number] = Occupant(number, place, entity.size, entity.colour)

    def free_places(self) -> list[str]:
        taken = {occupant.place for occupant in self.standing.values()}
        return [place for place in PLACES if place not in taken]

    def at(self, place: str) -> Occupant | None:
        return next((occupant for occupant in self.standing.values() if occupant.place == place), None)

    def looks(self) -> set[tuple[str, str]]:
        """Thing and colour of all that stand; two alike could not be told apart."""
        return {(self.entities[occupant.entity].thing, occupant.colour) for occupant in self.standing.values()}

    def allows(self, event: Event) -> bool:
        """Whether the event can happen now."""
        if event.entity < 0:
            return event.value != self.scene if event.kind == "scene" else self._allows_board(event)
        entity = self.entities[event.entity]
        if event.kind in ("appear", "enter", "cross"):
            new = event.entity not in self.standing and (entity.thing, entity.colour) not in self.looks()
            return new and (event.kind == "cross" or event.target in self.free_places())
        occupant = self.standing.get(event.entity)
        return occupant is not None and occupant.place == event.origin and self._allows_act(occupant, event)

    def _allows_board(self, event: Event) -> bool:
        """A scoreboard stays at its place, and no sign hides it."""
        return self.scoreboard == "" or (event.place == self.scoreboard) == (event.kind == "score")

    def _allows_act(self, occupant: Occupant, event: Event) -> bool:
        if event.kind == "move":
            return event.target in self.free_places()
        if event.kind in ("grow", "shrink"):
            return occupant.size < BIG if event.kind == "grow" else occupant.size > SMALL
        if event.kind == "recolour":
            return event.value != occupant.colour and (self.entities[event.entity].thing, event.value) not in self.looks()
        if event.kind in PAIR_KINDS:
            return self._allows_pair(occupant, event)
        return True

    def _allows_pair(self, occupant: Occupant, event: Event) -> bool:
        other = self.standing.get(event.other)
        if other is None or other is occupant:
            return False
        way = PLACES[min(PLACES.index(occupant.place), PLACES.index(other.place)) + 1:max(PLACES.index(occupant.place), PLACES.index(other.place))]
        if event.kind == "pass":
            return other.place == "middle" and event.target in self.free_places() and occupant.place != "middle"
        return all(self.at(place) is None for place in way)

    def apply(self, event: Event) -> None:
        """What is different afterwards."""
        if event.kind == "scene":
            self.scene = event.value
            if event.clears:
                self.standing.clear()
                self.score, self.scoreboard = None, ""
        elif event.kind == "score":
            home, guest = event.value.split("-")
            self.score, self.scoreboard = (int(home), int(guest)), event.place
        elif event.kind in ("appear", "enter"):
            self.put(event.entity, event.target)
        elif event.kind in ("leave", "vanish"):
            del self.standing[event.entity]
        elif event.entity in self.standing:
            self._change(self.standing[event.entity], event)

    def _change(self, occupant: Occupant, event: Event) -> None:
        occupant.place = event.target or occupant.place
        if event.kind in ("grow", "shrink"):
            occupant.size = resized(occupant.size, event.kind)
        if event.kind == "recolour":
            occupant.colour = event.value


def contradiction(blueprint: Blueprint) -> str | None:
    """The first broken law, in words, or None for a lawful blueprint."""
    stage, clock = Stage.opening(blueprint), 0.0
    if len({actor.place for actor in blueprint.actors}) < len(blueprint.actors):
        return "two stand at one place when the clip begins"
    for event in blueprint.events:
        if not clock <= event.start < event.end <= blueprint.duration:
            return f"{event.kind} at {event.start} s overlaps another event or the end of the clip"
        if not stage.allows(event):
            return f"{event.kind} at {event.start} s cannot happen then"
        stage.apply(event)
        clock = event.end
    return None
