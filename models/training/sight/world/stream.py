"""A stream: shots one after the other, seen by the simulated detector and followed by the association."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sight.association import GRID, SCENE, follow
from sight.world.eye import Seen, look
from sight.world.happenings import Happening, happenings_of
from sight.world.shot import Shot, draw_shot
from sight.world.styles import STYLE_WEIGHTS, STYLES


@dataclass
class Stream:
    """Slot features [n, 12, 133] and frame features [n, 8] (float32), what happens, and every shot with its first frame; if they are kept, the detections
    [n, 16, 88] and scenes [n, 50] behind the features."""

    fps: float
    slots: np.ndarray
    frames: np.ndarray
    happenings: list[Happening]
    shots: list[tuple[int, Shot, Seen]]
    detections: np.ndarray | None = None
    scenes: np.ndarray | None = None

    @property
    def count(self) -> int:
        return len(self.slots)


def draw_stream(rng: np.random.Generator, seconds: float, fps: float, keep_detections: bool = False) -> Stream:
    """At least that many seconds of shots."""
    names, weights = list(STYLE_WEIGHTS), np.array(list(STYLE_WEIGHTS.values()), float)
    shots: list[tuple[int, Shot, Seen]] = []
    first, habit = 0, str(rng.choice(names, p=weights / weights.sum()))
    restless = rng.random() < 0.3
    while first < seconds * fps:
        style = habit if rng.random() < 0.7 else str(rng.choice(names, p=weights / weights.sum()))
        length = rng.uniform(*STYLES[style].seconds) if restless or STYLES[style].seconds[1] < 20 else seconds
        shot = draw_shot(rng, style, min(length, max(3.0, seconds - first / fps + 1)), fps)
        if shots and rng.random() < 0.35:
            slide_in(rng, shot)
        shots.append((first, shot, look(rng, shot)))
        first += shot.count
    detections = np.concatenate([seen.detections for _, _, seen in shots])
    scenes, times = draw_scenes(rng, shots, fps), np.arange(first) / fps
    slots, frames = follow(detections, scenes, times)
    happenings = sorted((happening for start, shot, seen in shots for happening in happenings_of(shot, seen, start, start == 0)), key=lambda happening: happening.due)
    return Stream(fps, slots, frames, happenings, shots, *((detections, scenes) if keep_detections else ()))


def slide_in(rng: np.random.Generator, shot: Shot) -> None:
    """The picture slides in from a side within a second, or fades in, which hides things for a moment."""
    count = min(shot.count, max(1, round(rng.uniform(0.3, 1.0) * shot.fps)))
    if rng.random() < 0.5:
        shift = np.zeros(shot.count)
        shift[:count] = np.linspace(1, 0, count + 1)[:-1] * rng.choice([-1, 1])
        for actor in shot.actors:
            actor.boxes[:, 0::2] += shift[:, None]
    else:
        for actor in shot.actors:
            actor.there[:max(1, count // 2)] = False


def draw_scenes(rng: np.random.Generator, shots: list[tuple[int, Shot, Seen]], fps: float) -> np.ndarray:
    """[n, SCENE]: colour grid, brightness, sharpness. Another picture after each cut, faded or at once; drift, noise, light, and what moves changes cells."""
    out = []
    previous = None
    for _, shot, seen in shots:
        base = np.clip(rng.uniform(0.2, 0.8) + rng.normal(0, rng.uniform(0.08, 0.25), SCENE), 0, 1)
        rows = np.tile(base, (shot.count, 1)) + rng.normal(0, rng.uniform(0.0002, 0.003), (shot.count, SCENE))
        busy = (np.abs(np.diff(seen.boxes, axis=1, prepend=seen.boxes[:, :1])).sum((0, 2)) * 0.05 if len(seen.boxes) else np.zeros(shot.count)) + 0.25 * shot.motion / fps
        rows[:, :GRID] += np.cumsum(rng.normal(0, 1, (shot.count, GRID)) * np.minimum(busy, 0.06)[:, None], 0) * 0.6
        if rng.random() < 0.05:
            rows[rng.integers(shot.count):] += rng.normal(0, 0.05)
        fade = min(shot.count, int(rng.integers(0, 1 + round(0.9 * fps)))) if previous is not None and rng.random() < 0.5 else 0
        for frame in range(fade):
            part = (frame + 1) / (fade + 1)
            rows[frame] = part * rows[frame] + (1 - part) * previous
        rows[:, GRID] = np.clip(rows[:, :GRID].mean(1), 0, 1)
        rows[:, GRID + 1] = np.abs(rng.normal(0.45, 0.25)) + rng.normal(0, 0.01, shot.count)
        previous = rows[-1]
        out.append(rows)
    return np.concatenate(out)
