"""What the detector makes of a shot: boxes, scores and classes with the noise that was measured on real footage.

Misses persist; things partly outside are found half a body late; a box keeps its bias; some things are hard to find or taken for others;
confident false boxes stand still; two boxes on one spot leave one. Figures: README.md."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sight.association import CLASSES, DETECTIONS, njit
from sight.world.shot import Shot
from sight.world.things import GROUPS, INDEX, PERSON, THINGS

ROW = 8 + CLASSES
LOOKS = 3
# Boxes that hang on people without being worth a word.
HANGERS = [INDEX[name] for name in ("handbag", "backpack", "sports ball", "skis", "frisbee", "skateboard", "cell phone", "tie", "umbrella")]
PHANTOMS = {PERSON: 10.0, INDEX["chair"]: 3, INDEX["car"]: 4, INDEX["bird"]: 2, INDEX["umbrella"]: 2, INDEX["bowl"]: 2, INDEX["bench"]: 1.5, INDEX["potted plant"]: 2}


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
    phantoms = _phantoms(rng, shot)
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
        hidden[index] = (np.maximum(wide, 0) * np.maximum(high, 0) / own * nearer).max(0) * 0.85
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


def _phantoms(rng: np.random.Generator, shot: Shot) -> np.ndarray:
    """[phantoms, 12]: box, class, score, P(found | missed), P(found | found), spread of the score, owner (-1: the background), shift x and y to it."""
    rows = []
    faint = rng.poisson(1.2 + 3 * (shot.style in ("crowd", "gate", "street")))
    kinds, weights = list(PHANTOMS), np.array(list(PHANTOMS.values()))
    for index in range(faint + (rng.random() < 0.12)):
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


@njit(cache=True)
def perceive(seed, true, inside, clear, looks, ease, moving, colours, hard, phantoms, camera, detections, found):
    """Fills `detections` [n, 16, 88] and `found` [actors, n]."""
    np.random.seed(seed)
    actors, n = inside.shape
    ghosts = len(phantoms)
    # Of each actor: whether it is being missed, for how long it will go on, from which share on it is found, its score's and its box's lasting errors.
    missed, blind = np.zeros(actors), np.zeros(actors)
    edge = 0.5 + 0.1 * np.random.randn(actors)
    score_error, box_error, flip = np.zeros(actors), np.zeros((actors, 4)), np.zeros(actors)
    on = np.random.random(ghosts) < 0.7
    draft = np.zeros((64, 88))
    owner = np.zeros(64, np.int64)
    for frame in range(n):
        count = 0
        for a in range(actors):
            share = inside[a, frame]
            if share < 0.12:
                missed[a], blind[a] = 1.0, 0.0
                continue
            w, h = true[a, frame, 2] - true[a, frame, 0], true[a, frame, 3] - true[a, frame, 1]
            size = min(h, 2.0 * w)
            trouble = hard * (1.25 if size < 0.1 else 1.0 if size < 0.2 else 0.6 if size < 0.35 else 0.3) - ease[a]
            miss = 0.004 + 0.1 * max(trouble, 0.0) if missed[a] == 0 else min(0.85, 0.3 + 0.2 * max(trouble, 0.0))
            if blind[a] > 0:
                blind[a] -= 1
            elif np.random.random() < 0.004 * max(trouble, 0.0):
                blind[a] = 4 + np.random.randint(12)
            lost = np.random.random() < miss or blind[a] > 0 or share < edge[a] + 0.05 * np.random.randn() and share < 0.97
            # What is in front hides.
            open_share = clear[a, frame] / share
            lost = lost or open_share < 0.42 + 0.1 * np.random.randn()
            missed[a] = 1.0 if lost else 0.0
            roughness = 0.25 + 0.75 * hard * (1.0 if size < 0.35 else 0.6)
            score_error[a] = 0.75 * score_error[a] + 0.1 * roughness * np.random.randn()
            spread = np.array([0.022, 0.02, 0.03, 0.03]) * (1 + (1.6 * hard if moving[a] else 0.3 * hard))
            for part in range(4):
                box_error[a, part] = 0.75 * box_error[a, part] + 0.66 * spread[part] * np.random.randn()
            flip[a] = 0.8 * flip[a] + 0.08 * np.random.randn()
            if lost:
                continue
            mean = 0.93 - 0.22 * hard * (1.2 if size < 0.1 else 1.0 if size < 0.2 else 0.7 if size < 0.35 else 0.35) + ease[a] - 0.35 * (1 - min(1.0, share)) - 0.25 * (1 - open_share)
            score = min(0.99, mean + score_error[a])
            if score < 0.2 or count == 64:
                continue
            draft[count] = 0
            cx, cy = (true[a, frame, 0] + true[a, frame, 2]) / 2 + box_error[a, 0] * w, (true[a, frame, 1] + true[a, frame, 3]) / 2 + box_error[a, 1] * h
            w2, h2 = w * math_exp(box_error[a, 2]), h * math_exp(box_error[a, 3])
            place(draft[count], cx - w2 / 2, cy - h2 / 2, cx + w2 / 2, cy + h2 / 2)
            paint(draft[count], colours[a])
            second = looks[a, 1, 1] * (1 + 1.2 * flip[a])
            top = max(1.0, second)
            draft[count, 8 + int(looks[a, 0, 0])] = score / top
            draft[count, 8 + int(looks[a, 1, 0])] = score * second / top
            draft[count, 8 + int(looks[a, 2, 0])] = max(draft[count, 8 + int(looks[a, 2, 0])], score * looks[a, 2, 1])
            draft[count, 4] = score
            owner[count] = a
            count += 1
            if np.random.random() < 0.035 * hard and count < 64:
                draft[count] = draft[count - 1]
                draft[count, 8:] *= 0.55
                draft[count, 4] *= 0.55
                place(draft[count], cx - w * np.random.uniform(0.2, 0.7), cy - h * np.random.uniform(0.2, 0.6), cx + w * np.random.uniform(0.2, 0.7), cy + h * np.random.uniform(0.2, 0.6))
                owner[count] = -1
                count += 1
        for g in range(ghosts):
            on[g] = np.random.random() < (phantoms[g, 7] if on[g] else phantoms[g, 6])
            if not on[g] or count == 64:
                continue
            x1, y1, x2, y2 = phantoms[g, 0], phantoms[g, 1], phantoms[g, 2], phantoms[g, 3]
            a = int(phantoms[g, 9])
            if a >= 0:
                if found[a, max(frame - 1, 0)] == 0:
                    continue
                w, h = true[a, frame, 2] - true[a, frame, 0], true[a, frame, 3] - true[a, frame, 1]
                cx, cy = (true[a, frame, 0] + true[a, frame, 2]) / 2 + phantoms[g, 10] * w, (true[a, frame, 1] + true[a, frame, 3]) / 2 + phantoms[g, 11] * h
                x1, y1, x2, y2 = cx - phantoms[g, 2] * w / 2, cy - phantoms[g, 3] * h / 2, cx + phantoms[g, 2] * w / 2, cy + phantoms[g, 3] * h / 2
            else:
                zoom, dx, dy = camera[frame, 2], camera[frame, 0], camera[frame, 1]
                x1, x2 = (x1 - 0.5 + dx) * zoom + 0.5, (x2 - 0.5 + dx) * zoom + 0.5
                y1, y2 = (y1 - 0.5 + dy) * zoom + 0.5, (y2 - 0.5 + dy) * zoom + 0.5
            if x2 < 0.02 or x1 > 0.98 or y2 < 0.02 or y1 > 0.98:
                continue
            jitter = 0.05 * (1 - phantoms[g, 5])
            w, h = x2 - x1, y2 - y1
            draft[count] = 0
            place(draft[count], x1 + jitter * w * np.random.randn(), y1 + jitter * h * np.random.randn(), x2 + jitter * w * np.random.randn(), y2 + jitter * h * np.random.randn())
            score = min(0.97, phantoms[g, 5] + phantoms[g, 8] * np.random.randn())
            draft[count, 4], draft[count, 8 + int(phantoms[g, 4])] = score, score
            for part in range(3):
                draft[count, 5 + part] = 0.5
            owner[count] = -1
            count += 1
        if np.random.random() < 0.03 + 0.06 * hard and count < 64:
            draft[count] = 0
            h, x, y = np.random.uniform(0.05, 0.4), np.random.random(), np.random.random()
            place(draft[count], x - h / 3, y - h / 2, x + h / 3, y + h / 2)
            score = np.random.uniform(0.2, 0.5)
            draft[count, 4], draft[count, 8 + np.random.randint(80)] = score, score
            owner[count] = -1
            count += 1
        keep_best(draft, owner, count, detections[frame], found, frame)


@njit(cache=True)
def math_exp(value):
    return np.exp(value)


@njit(cache=True)
def place(row, x1, y1, x2, y2):
    row[0], row[1] = min(max(x1, 0.0), 0.995), min(max(y1, 0.0), 0.995)
    row[2], row[3] = max(min(x2, 1.0), row[0] + 0.005), max(min(y2, 1.0), row[1] + 0.005)


@njit(cache=True)
def paint(row, colour):
    for part in range(3):
        row[5 + part] = min(1.0, max(0.0, colour[part] + 0.03 * np.random.randn()))


@njit(cache=True)
def same_class(row, other):
    """Whether both look most like the same class."""
    return np.argmax(row[8:]) == np.argmax(other[8:])


@njit(cache=True)
def keep_best(draft, owner, count, out, found, frame):
    """The best 16, without those that lie on a better one."""
    used = np.zeros(64)
    kept = 0
    for _ in range(count):
        best = -1
        for index in range(count):
            if used[index] == 0 and draft[index, 4] >= 0.2 and (best < 0 or draft[index, 4] > draft[best, 4]):
                best = index
        if best < 0 or kept == 16:
            return
        used[best] = 1
        row = draft[best]
        for other in range(kept):
            wide, high = min(row[2], out[other, 2]) - max(row[0], out[other, 0]), min(row[3], out[other, 3]) - max(row[1], out[other, 1])
            common = max(0.0, wide) * max(0.0, high)
            joined = (row[2] - row[0]) * (row[3] - row[1]) + (out[other, 2] - out[other, 0]) * (out[other, 3] - out[other, 1]) - common
            if common > (0.5 if same_class(row, out[other]) else 0.7) * joined:
                best = -1
                break
        if best < 0:
            continue
        out[kept] = row
        kept += 1
        if owner[best] >= 0:
            found[owner[best], frame] = row[4]
