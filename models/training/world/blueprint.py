"""Blueprints: plain values that say who is in a clip and what happens in it. Times are seconds."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Entity:
    """A thing, or a few of the same, with its attributes. `colour` is "" for its own colours."""

    thing: str
    colour: str = ""
    size: float = 1.0
    count: int = 1


@dataclass(frozen=True)
class Actor:
    """An entity (by its number) that stands in the picture when the clip begins."""

    entity: int
    place: str


@dataclass(frozen=True)
class Event:
    """One event. `entity` and `other` are numbers of entities, -1 where none takes part.

    `place` is the place its sentence names; `origin` and `target` are where the entity stands before and after ("" outside).
    `value`: the new scene, the word, the number, the score ("3-1"), the new colour, or "front"/"behind" for passing.
    `clears`: a change of scene that takes everything away."""

    kind: str
    start: float
    end: float
    entity: int = -1
    place: str = ""
    origin: str = ""
    target: str = ""
    value: str = ""
    other: int = -1
    clears: bool = False

    @property
    def middle(self) -> float:
        """The moment from which the event can be told."""
        return (self.start + self.end) / 2


@dataclass(frozen=True)
class Blueprint:
    """A whole clip. `seed` fixes everything the executor chooses by chance."""

    seed: int
    duration: float
    aspect: tuple[int, int]
    scene: str
    entities: list[Entity] = field(default_factory=list)
    actors: list[Actor] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """A JSON-ready dictionary."""
        return asdict(self)

    @staticmethod
    def from_json(data: dict[str, Any]) -> "Blueprint":
        """The inverse of to_json."""
        return Blueprint(
            seed=data["seed"], duration=data["duration"], aspect=(data["aspect"][0], data["aspect"][1]), scene=data["scene"],
            entities=[Entity(**entity) for entity in data["entities"]], actors=[Actor(**actor) for actor in data["actors"]],
            events=[Event(**event) for event in data["events"]],
        )
