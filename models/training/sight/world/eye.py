"""What the detector makes of a shot: boxes, scores and classes with the noise that was measured on real footage.

Misses persist; things partly outside are found half a body late; a box keeps its bias; some things are hard to find or taken for others;
confident false boxes stand still; two boxes on one spot leave one. Figures: README.md."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sight.association import CLASSES, DETECTIONS
from sight.world.perceive import perceive
from sight.world.phantoms import draw_phantoms
from sight.world.shot import Shot
from sight.world.things import GROUPS, PERSON, THINGS

ROW = 8 + CLASSES
LOOKS = 3

@dataclass
class Seen:
    """detections [n, 16, 88]; for every actor and frame: `found` [actors, n], its score or 0; `clear` [actors, n], the share of it that is in the
    picture and not hidden; `inside` the share in the picture; `boxes` [actors, n, 4] clipped; `looks` [actors, 3, 2]: classes it is taken for, with shares."""

    detections: np.ndarray
    found: np.ndarray
    clear: np.ndarray
    inside: np.ndarray
    boxes: np.ndarray
    looks: np.ndarray


def look(rng: np.random.Generator, shot: Shot) -> Seen:
    """Runs the simulated detector over a shot."""
    n, actors = shot.count, len(shot.actors)
    true = np.stack([actor.boxes for actor in shot.actors]) if actors else np.zeros((0, n, 4))
    boxes = np.clip(true, 0, 1)
    area = np.maximum(true[..., 2] - true[..., 0], 1e-6) * np.maximum(true[..., 3] - true[..., 1], 1e-6)
    there = np.stack([actor.there for actor in shot.actors]) if actors else np.zeros((0, n), bool)
    inside = np.maximum(boxes[..., 2] - boxes[..., 0], 0) * np.maximum(boxes[..., 3] - boxes[..., 1], 0) / area * there
    clear = inside * (1 - hidden_shares(boxes, inside, true[..., 3]))
    looks = np.stack([_looks(rng, actor.kind) for actor in shot.actors]) if actors else np.zeros((0, LOOKS, 2))
    ease = np.array([actor.ease for actor in shot.actors])
    moving = np.array([actor.moving for actor in shot.actors], bool)
    colours = rng.uniform(0.05, 0.95, (actors, 3))
    detections, found = np.zeros((n, DETECTIONS, ROW)), np.zeros((actors, n))
    phantoms = draw_phantoms(rng, shot)
    camera = shot.camera if shot.camera is not None else np.tile([0.0, 0, 1], (n, 1))
    perceive(int(rng.integers(1 << 30)), true, inside, clear, looks, ease, moving, colours, shot.hard, phantoms, camera, detections, found)
    return Seen(detections, found, clear, inside, boxes, looks)


def hidden_shares(boxes: np.ndarray, inside: np.ndarray, depth: np.ndarray) -> np.ndarray:
    """[actors, n]: how much of each box nearer ones cover (those with a lower lower edge); boxes are not filled by their things."""
    hidden = np.zeros(inside.shape)
    for index in range(len(boxes)):
        if not inside[index].any():
            continue
        wide = np.minimum(boxes[index, :, 2], boxes[..., 2]) - np.maximum(boxes[index, :, 0], boxes[..., 0])
        high = np.minimum(boxes[index, :, 3], boxes[..., 3]) - np.maximum(boxes[index, :, 1], boxes[..., 1])
        own = np.maximum((boxes[index, :, 2] - boxes[index, :, 0]) * (boxes[index, :, 3] - boxes[index, :, 1]), 1e-6)
        nearer = (depth > depth[index]) & (inside > 0.1)
        hidden[index] = (np.maximum(wide, 0) * np.maximum(high, 0) / own * nearer).max(0) * 0.75
    return np.clip(hidden, 0, 1)


def _looks(rng: np.random.Generator, kind: int) -> np.ndarray:
    """[3, 2]: classes and their shares of the score. Mostly the true one alone; sometimes another of its group beside it or before it."""
    group = [other for other in GROUPS[THINGS[kind].group] if other != kind] or [int(rng.integers(CLASSES))]
    other, third = int(rng.choice(group)), int(rng.integers(CLASSES))
    share = float(rng.beta(1.2, 7)) * 0.5
    draw = rng.random()
    if kind != PERSON and draw < 0.12:
        share = rng.uniform(0.5, 1.0)
    elif kind != PERSON and draw < 0.16:
        share = rng.uniform(1.05, 1.6)
    return np.array([[kind, 1.0], [other, share], [third, float(rng.beta(1, 9)) * 0.4]])
