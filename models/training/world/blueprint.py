"""Blueprints: plain values that say what is in a clip and what happens in it. Times are seconds."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Actor:
    """A thing that stands in the picture when the clip begins."""

    thing: str
    place: str
    size: float


@dataclass(frozen=True)
class Event:
    """One event. `thing` and `place` are empty for scene changes and signs; `value` is the new scene, or the word.

    `place` is the place its sentence names; `target` is the place where the thing stands afterwards ("" when gone)."""

    kind: str
    start: float
    end: float
    thing: str = ""
    place: str = ""
    origin: str = ""
    target: str = ""
    value: str = ""

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
    actors: list[Actor] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """A JSON-ready dictionary."""
        return asdict(self)

    @staticmethod
    def from_json(data: dict[str, Any]) -> "Blueprint":
        """The inverse of to_json."""
        return Blueprint(
            seed=data["seed"], duration=data["duration"], aspect=(data["aspect"][0], data["aspect"][1]),
            scene=data["scene"], actors=[Actor(**actor) for actor in data["actors"]],
            events=[Event(**event) for event in data["events"]],
        )
