"""What stands where at a moment: blueprint and time -> the state that is painted and that labels are read from."""

from __future__ import annotations

import math
from dataclasses import dataclass

from .blueprint import Blueprint, Event
from .legislator import NORMAL, resized

LANE: dict[str, float] = {"left": 1 / 6, "middle": 1 / 2, "right": 5 / 6}
# Motion ends at this share of an event's span, so that its outcome is visible in the later part.
MOTION_SHARE = 0.5


@dataclass
class Standing:
    """A thing in the picture: x in widths (0 left edge, 1 right edge), size relative to normal, opacity in [0, 1]."""

    thing: str
    place: str
    x: float
    size: float
    opacity: float = 1.0
    heading: int = 0


@dataclass
class State:
    """The whole picture at one moment; `sign` is "" when there is none."""

    scene: str
    standing: dict[str, Standing]
    sign: str = ""


def state_at(blueprint: Blueprint, time: float) -> State:
    """The state at `time` seconds."""
    standing = {actor.thing: Standing(actor.thing, actor.place, LANE[actor.place], actor.size) for actor in blueprint.actors}
    state = State(blueprint.scene, standing)
    for event in blueprint.events:
        if time < event.start:
            break
        _advance(state, event, time)
    return state


def _advance(state: State, event: Event, time: float) -> None:
    progress = min(1.0, (time - event.start) / ((event.end - event.start) * MOTION_SHARE))
    eased = 0.5 - 0.5 * math.cos(math.pi * progress)
    if event.kind == "scene":
        state.scene = event.value
    elif event.kind == "sign":
        state.sign = event.value if time < event.end else ""
    elif event.kind == "appear":
        state.standing[event.thing] = Standing(event.thing, event.target, LANE[event.target], NORMAL, min(1.0, progress * 2))
    elif event.kind == "enter":
        _slide(state, event, Standing(event.thing, event.target, 0, NORMAL), _outside(event.place), LANE[event.target], eased)
    elif event.kind == "vanish":
        state.standing[event.thing].opacity = max(0.0, 1 - progress * 2)
    elif event.kind == "leave":
        _slide(state, event, state.standing[event.thing], LANE[event.origin], _outside(event.place), eased)
    elif event.kind == "move":
        moving = state.standing[event.thing]
        moving.place = event.target
        _slide(state, event, moving, LANE[event.origin], LANE[event.target], eased)
    else:
        actor = state.standing[event.thing]
        actor.size += (resized(actor.size, event.kind) - actor.size) * eased if progress < 1 else resized(actor.size, event.kind) - actor.size
    if event.kind in ("vanish", "leave") and progress >= 1:
        state.standing.pop(event.thing, None)


def _outside(side: str) -> float:
    return -0.2 if side == "left" else 1.2


def _slide(state: State, event: Event, actor: Standing, start: float, end: float, progress: float) -> None:
    actor.x = start + (end - start) * progress
    actor.heading = (1 if end > start else -1) if progress < 1 else 0
    state.standing[event.thing] = actor
