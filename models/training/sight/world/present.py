"""What can be said to be there at a moment: things that the eye has come to know and that have not gone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sight.world.eye import Seen
from sight.world.happenings import name_of, place_of
from sight.world.shot import Shot
from sight.world.stream import Stream

KNOWN_HITS, LOST, WEAK = 2, 3.0, 0.4


@dataclass(frozen=True)
class Present:
    """A thing that is there: what one may call it, the third it clearly stands in or "", its size and how well it is seen."""

    name: int | str
    place: str
    height: float


def present_at(stream: Stream, frame: int) -> list[Present]:
    """Everything there in this frame, larger things first."""
    out = []
    for first, shot, seen in stream.shots:
        if first <= frame < first + shot.count:
            for number in np.flatnonzero(known(shot, seen)[:, frame - first]):
                name = name_of(seen.looks[number])
                if name is not None:
                    box = seen.boxes[number, frame - first]
                    out.append(Present(name, place_of(box), float(box[3] - box[1])))
    return sorted(out, key=lambda thing: -thing.height)


def known(shot: Shot, seen: Seen) -> np.ndarray:
    """[actors, n], kept with `seen`: in the picture, not hidden, found twice before and not lost for long."""
    if not hasattr(seen, "known"):
        hit = seen.found > 0
        inside = seen.inside > 0.35
        frames = np.arange(shot.count)
        last = np.maximum.accumulate(np.where(hit, frames, -10_000), 1)
        begun = np.maximum.accumulate(np.where(~inside, frames, -1), 1)
        hits = np.cumsum(hit, 1)
        before = np.take_along_axis(np.concatenate([np.zeros((len(hits), 1), int), hits], 1), begun + 1, 1) if len(hits) else hits
        weight = np.where(hit.any(1), seen.found.sum(1) / np.maximum(hit.sum(1), 1), 0)
        seen.known = inside & (seen.clear > 0.25) & (hits - before >= KNOWN_HITS) & (frames - last <= LOST * shot.fps) & (weight >= WEAK)[:, None]
    return seen.known
