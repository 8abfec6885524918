"""Boxes where nothing is: on the background, for seconds and mostly faint, and on what people carry."""

from __future__ import annotations

import numpy as np

from sight.association import CLASSES
from sight.world.shot import Shot
from sight.world.things import INDEX, PERSON, THINGS

# What hangs on people without being worth a word, and what the background is taken for.
HANGERS = [INDEX[name] for name in ("handbag", "backpack", "sports ball", "skis", "frisbee", "skateboard", "cell phone", "tie", "umbrella")]
MISTAKEN = {PERSON: 10.0, INDEX["chair"]: 3, INDEX["car"]: 4, INDEX["bird"]: 2, INDEX["umbrella"]: 2, INDEX["bowl"]: 2, INDEX["bench"]: 1.5, INDEX["potted plant"]: 2}


def draw_phantoms(rng: np.random.Generator, shot: Shot) -> np.ndarray:
    """[phantoms, 12]: box, class, score, P(found | missed), P(found | found), spread of the score, owner (-1: the background), shift x and y to it."""
    rows = []
    faint = rng.poisson(1.2 + 3 * (shot.style in ("crowd", "gate", "street")))
    kinds, weights = list(MISTAKEN), np.array(list(MISTAKEN.values()))
    # Pictures of things that the detector does not know are often taken for something it does.
    for index in range(faint + (rng.random() < (0.3 if shot.style in ("slide", "album", "empty") else 0.12))):
        sure = index == faint
        kind = int(rng.choice(kinds, p=weights / weights.sum())) if rng.random() < 0.6 else int(rng.integers(CLASSES))
        h, aspect = float(np.exp(rng.uniform(np.log(0.05), np.log(0.5 if not sure else 0.9)))), THINGS[kind].aspect * rng.uniform(0.5, 1.2)
        x, y = rng.uniform(0, 1), rng.uniform(0.1, 1)
        score = rng.uniform(0.45, 0.93) if sure else float(np.clip(rng.normal(0.3, 0.08), 0.15, 0.55))
        rows.append([x - h * aspect / 2, y - h, x + h * aspect / 2, y, kind, score, *((0.9, 0.97) if sure else (rng.uniform(0.02, 0.4), rng.uniform(0.6, 0.95))), 0.02 if sure else 0.04, -1, 0, 0])
    if rng.random() < 0.12:
        rows.append([0, 0, 1, 1, int(rng.integers(CLASSES)), rng.uniform(0.25, 0.5), 0.2, 0.9, 0.03, -1, 0, 0])
    for owner, actor in enumerate(shot.actors):
        if actor.kind == PERSON and rng.random() < 0.18:
            rows.append([0, 0, rng.uniform(0.2, 0.6), rng.uniform(0.12, 0.3), int(rng.choice(HANGERS)), rng.uniform(0.25, 0.55), rng.uniform(0.03, 0.2), rng.uniform(0.5, 0.85), 0.06,
                         owner, rng.uniform(-0.3, 0.3), rng.uniform(-0.2, 0.45)])
    return np.array(rows).reshape(-1, 12)
