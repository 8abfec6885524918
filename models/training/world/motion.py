"""How entities move in the course of an event: `share` runs from 0 at its start to 1 at its end."""

from __future__ import annotations

import math
from collections.abc import Callable

from .blueprint import Event
from .standing import LANE, Standing
from .vocabulary import BIG, NORMAL, SMALL

# Motion ends at this share of an event's span, so that its outcome is visible in the later part.
MOTION_SHARE = 0.5
# Gestures go on longer than that; crossing is nearly over at the middle of the span.
GESTURE_SHARE, CROSSING_SHARE = 0.75, 0.62
OUTSIDE: dict[str, float] = {"left": -0.2, "right": 1.2}


def apply_motion(actor: Standing, other: Standing | None, event: Event, share: float) -> None:
    """Puts the actor where it is at this share of the event."""
    progress = min(1.0, share / MOTION_SHARE)
    if event.kind in _PAIR_MOTIONS and other is not None:
        _PAIR_MOTIONS[event.kind](actor, other, event, share)
    elif event.kind in _MOTIONS:
        _MOTIONS[event.kind](actor, event, share if event.kind in ("jump", "spin", "cross") else progress)


def _eased(progress: float) -> float:
    return 0.5 - 0.5 * math.cos(math.pi * max(0.0, min(1.0, progress)))


def _slide(actor: Standing, start: float, end: float, progress: float) -> None:
    actor.x = start + (end - start) * _eased(progress)
    actor.heading = (1 if end > start else -1) if progress < 1 else 0


def _appear(actor: Standing, _event: Event, progress: float) -> None:
    actor.opacity = min(1.0, progress * 2)


def _vanish(actor: Standing, _event: Event, progress: float) -> None:
    actor.opacity = max(0.0, 1 - progress * 2)


def _enter(actor: Standing, event: Event, progress: float) -> None:
    _slide(actor, OUTSIDE[event.place], LANE[event.target], progress)


def _leave(actor: Standing, event: Event, progress: float) -> None:
    _slide(actor, LANE[event.origin], OUTSIDE[event.place], progress)


def _move(actor: Standing, event: Event, progress: float) -> None:
    actor.place = event.target
    _slide(actor, LANE[event.origin], LANE[event.target], progress)


def _cross(actor: Standing, event: Event, share: float) -> None:
    far = "right" if event.place == "left" else "left"
    _slide(actor, OUTSIDE[event.place], OUTSIDE[far], share / CROSSING_SHARE)
    actor.lift, actor.depth = -0.08, 2
    actor.opacity = 1.0 if share < CROSSING_SHARE else 0.0


def _resize(actor: Standing, event: Event, progress: float) -> None:
    goal = resized(actor.size, event.kind)
    actor.size = goal if progress >= 1 else actor.size + (goal - actor.size) * _eased(progress)


def resized(size: float, kind: str) -> float:
    """The size after growing or shrinking by one step (small, normal, big)."""
    steps = [SMALL, NORMAL, BIG]
    index = steps.index(size) + (1 if kind == "grow" else -1)
    return steps[max(0, min(2, index))]


def _jump(actor: Standing, _event: Event, share: float) -> None:
    if share < GESTURE_SHARE:
        actor.lift = 0.2 * abs(math.sin(math.pi * 2.5 * share / GESTURE_SHARE))


def _spin(actor: Standing, _event: Event, share: float) -> None:
    if share < GESTURE_SHARE:
        actor.angle = 360 * 1.5 * share / GESTURE_SHARE


def _recolour(actor: Standing, event: Event, progress: float) -> None:
    actor.shade, actor.shading = event.value, _eased(progress)


def _approach(share: float) -> float:
    """0 at home, 1 beside the other: there from 0.4 to 0.75 of the event, then back."""
    return _eased(share / 0.4) if share < 0.75 else _eased((1 - share) / 0.25)


def _meet(actor: Standing, other: Standing, event: Event, share: float) -> None:
    side = -1 if LANE[event.origin] < other.x else 1
    near = other.x + side * 0.17
    actor.x = LANE[event.origin] + (near - LANE[event.origin]) * _approach(share)
    actor.heading = -side if share < 0.75 else side
    actor.lift, actor.depth = -0.05 * _approach(share), 2


def _hide(actor: Standing, other: Standing, event: Event, share: float) -> None:
    side = -1 if LANE[event.origin] < other.x else 1
    actor.x = LANE[event.origin] + (other.x + side * 0.07 - LANE[event.origin]) * _approach(share)
    actor.heading = -side if share < 0.75 else side
    actor.lift, actor.depth = 0.09 * _approach(share), 0


def _pass(actor: Standing, _other: Standing, event: Event, share: float) -> None:
    progress = min(1.0, share / MOTION_SHARE)
    actor.place = event.target
    _slide(actor, LANE[event.origin], LANE[event.target], progress)
    arc = math.sin(math.pi * _eased(progress))
    actor.lift, actor.depth = (-0.08 * arc, 2) if event.value == "front" else (0.09 * arc, 0)


_MOTIONS: dict[str, Callable[[Standing, Event, float], None]] = {
    "appear": _appear, "vanish": _vanish, "enter": _enter, "leave": _leave, "move": _move, "cross": _cross,
    "grow": _resize, "shrink": _resize, "jump": _jump, "spin": _spin, "recolour": _recolour,
}
_PAIR_MOTIONS: dict[str, Callable[[Standing, Standing, Event, float], None]] = {"meet": _meet, "hide": _hide, "pass": _pass}
