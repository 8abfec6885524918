"""What happens in a shot, as far as the detector lets anyone know it, and from when on it can be told."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sight.world.eye import Seen
from sight.world.shot import Shot
from sight.world.things import GROUPS, LIVELY, PERSON, SPOKEN_GROUPS, THINGS

# Seconds after which the evidence of each kind is in: an entering thing was found three times, a lost one missed for a while.
GONE_WAIT, LEFT_WAIT, START_WAIT = 1.25, 0.6, 1.0
TOLD_SCORE, IN, OUT = 0.42, 0.35, 0.3
LARGE, LARGE_STILL = 0.13, 0.3


@dataclass(frozen=True)
class Happening:
    """`kind`: enter, appear, leave, vanish, nearer. `thing` is a class, or a spoken group where the eye cannot tell; `side` left, right or ""; `place`
    left, middle, right or "". It begins at `start` and can be told from `due` on. `actor` is (first frame of the shot, number)."""

    kind: str
    thing: int | str
    side: str
    place: str
    start: float
    due: float
    actor: tuple[int, int]
    opening: bool = False


def name_of(looks: np.ndarray) -> int | str | None:
    """What one may call it by what the eye makes of it: a class, a group, or nothing."""
    first, second, share = int(looks[0, 0]), int(looks[1, 0]), looks[1, 1]
    if 0.75 < share < 1.3:
        group = THINGS[first].group
        return group if group in SPOKEN_GROUPS and group == THINGS[second].group else (first if share < 0.9 else None)
    return second if share >= 1.3 else first


def place_of(box: np.ndarray) -> str:
    """The third of the picture in which the box's middle clearly is."""
    x = (box[0] + box[2]) / 2
    return "left" if x < 0.3 else "right" if x > 0.7 else "middle" if 0.37 < x < 0.63 else ""


def happenings_of(shot: Shot, seen: Seen, first: int, opening: bool) -> list[Happening]:
    """Of all actors of the shot, which begins at frame `first` of the stream."""
    return [happening for number in range(len(shot.actors)) if (name := name_of(seen.looks[number])) is not None
            for happening in _of_actor(shot, seen, number, name, first, opening)]


def _of_actor(shot: Shot, seen: Seen, number: int, name: int | str, first: int, opening: bool) -> list[Happening]:
    fps, actor, out = shot.fps, shot.actors[number], []
    found, inside, boxes = seen.found[number], seen.inside[number], seen.boxes[number]

    def event(kind: str, side: str, place: str, start: float, due: float) -> None:
        out.append(Happening(kind, name, side, place, (first + start) / fps, (first + due) / fps, (first, number), opening and due <= START_WAIT * fps + 2))

    for begin, end in presences(inside):
        hits = np.flatnonzero(found[begin:end]) + begin
        if len(hits) < 3:
            continue
        clear = found[hits[:6]].mean() >= TOLD_SCORE
        known = hits[2] if hits[2] - hits[0] <= 1.5 * fps else None
        if begin <= 0.5 * fps:
            large = np.median(boxes[hits, 3] - boxes[hits, 1])
            worth = large > LARGE if actor.kind in LIVELY else large > LARGE_STILL
            if known is not None and clear and worth and known <= 1.6 * fps:
                event("appear", "", place_of(boxes[known]), 0, max(known, START_WAIT * fps))
        elif known is not None and clear and known - begin <= 2.2 * fps:
            side = edge_of(actor.boxes[begin]) if came_through_edge(inside, begin) else None
            if side is not None:
                event("enter", side, "", begin, known)
            else:
                event("appear", "", place_of(boxes[known]), begin, known + 1)
        if end < shot.count and np.median(found[hits]) >= TOLD_SCORE - 0.05:
            last, side = hits[-1], edge_of(actor.boxes[end - 1]) if went_through_edge(inside, end) else None
            wait = LEFT_WAIT if side is not None else GONE_WAIT
            due = max(last + wait * fps, end)
            if due < shot.count and due - last <= 2.2 * fps:
                event("leave" if side is not None else "vanish", side or "", place_of(boxes[last]) if side is None else "", end, due)
    if actor.moving and actor.kind in LIVELY:
        out += _nearer(shot, seen, number, name, first)
    return out


def presences(inside: np.ndarray) -> list[tuple[int, int]]:
    """Runs [begin, end) in which the thing is in the picture, with hysteresis."""
    runs, begin = [], None
    for frame, share in enumerate(inside):
        if begin is None and share > IN:
            begin = frame
        elif begin is not None and share < OUT:
            runs.append((begin, frame))
            begin = None
    return runs + ([(begin, len(inside))] if begin is not None else [])


def came_through_edge(inside: np.ndarray, begin: int) -> bool:
    """Whether its share grew from outside, and it was not there at once."""
    return begin > 0 and (inside[begin] < 0.9 or 0 < inside[begin - 1] <= IN)


def went_through_edge(inside: np.ndarray, end: int) -> bool:
    return 0 < inside[end] < OUT or inside[end - 1] < 0.9


def edge_of(box: np.ndarray) -> str:
    """The edge through which most of the box is out: left, right, or "" for top and bottom."""
    out = {"left": -box[0] / max(box[2] - box[0], 1e-6), "right": (box[2] - 1) / max(box[2] - box[0], 1e-6),
           "": max(-box[1], box[3] - 1) / max(box[3] - box[1], 1e-6)}
    return max(out, key=out.get)


def _nearer(shot: Shot, seen: Seen, number: int, name: int | str, first: int) -> list[Happening]:
    """Comes so much nearer within a few seconds that it is worth a word."""
    fps, boxes, found = shot.fps, shot.actors[number].boxes, seen.found[number]
    height = boxes[:, 3] - boxes[:, 1]
    span = round(3 * fps)
    for frame in range(span, shot.count):
        window = slice(frame - span, frame + 1)
        if height[frame] > 1.35 * height[frame - span] and (found[window] > 0).mean() > 0.6 and seen.inside[number, frame] > 0.7 and seen.inside[number, frame - span] > 0.7:
            return [Happening("nearer", name, "", "", (first + frame - span) / fps, (first + frame) / fps, (first, number))]
    return []
