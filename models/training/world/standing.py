"""One entity as it stands in the picture at a moment."""

from __future__ import annotations

from dataclasses import dataclass

from .blueprint import Blueprint, Event

LANE: dict[str, float] = {"left": 1 / 6, "middle": 1 / 2, "right": 5 / 6}


@dataclass
class Standing:
    """x in widths (0 left edge, 1 right edge), `lift` in heights above the ground, size relative to normal, angle in degrees.

    `shade` is the next colour while the colour changes, `shading` how far that has gone. Deeper ones (`depth`) are painted first."""

    thing: str
    colour: str
    count: int
    place: str
    x: float
    size: float
    lift: float = 0.0
    opacity: float = 1.0
    heading: int = 0
    angle: float = 0.0
    depth: int = 1
    shade: str = ""
    shading: float = 0.0

    @staticmethod
    def of(blueprint: Blueprint, number: int, place: str) -> "Standing":
        """The entity as it first stands at a place."""
        entity = blueprint.entities[number]
        return Standing(entity.thing, entity.colour, entity.count, place, LANE[place], entity.size)

    def settle(self, event: Event) -> None:
        """How the entity stands once the event is over."""
        self.place = event.target or self.place
        self.x, self.lift, self.heading, self.angle, self.depth = LANE[self.place], 0.0, 0, 0.0, 1
        if event.kind == "recolour":
            self.colour, self.shade, self.shading = event.value, "", 0.0
