"""The detector's noise, frame by frame, compiled by numba. Figures and their sources: README.md."""

from __future__ import annotations

import numpy as np

from sight.association import njit

# What is remembered of each actor between frames: being missed, frames of blindness to come, the share from which on it is found, errors of its score
# and of its box (x, y, width, height), and how much its second look has the upper hand.
MISSED, BLIND, EDGE, SCORE, BOX, FLIP, MEMORY = 0, 1, 2, 3, 4, 8, 9
DRAFTS, LEAST = 64, 0.2


@njit(cache=True)
def perceive(seed, true, inside, clear, looks, ease, moving, colours, hard, phantoms, camera, detections, found):
    """Fills `detections` [n, 16, 88] and `found` [actors, n] (scores). `true` boxes [actors, n, 4], `inside` and `clear` shares [actors, n], `looks`
    [actors, 3, 2], `phantoms` as draw_phantoms has them, `camera` [n, 3]."""
    np.random.seed(seed)
    actors, n = inside.shape
    memory = np.zeros((actors, MEMORY))
    memory[:, EDGE] = 0.5 + 0.1 * np.random.randn(actors)
    on = np.random.random(len(phantoms)) < 0.7
    draft, owner = np.zeros((DRAFTS, 88)), np.zeros(DRAFTS, np.int64)
    for frame in range(n):
        count = 0
        for a in range(actors):
            if inside[a, frame] < 0.12:
                memory[a, MISSED], memory[a, BLIND] = 1.0, 0.0
            else:
                count = see_actor(draft, owner, count, a, memory[a], true[a, frame], inside[a, frame], clear[a, frame] / inside[a, frame], looks[a], ease[a], moving[a], colours[a], hard)
        for g in range(len(phantoms)):
            on[g] = np.random.random() < (phantoms[g, 7] if on[g] else phantoms[g, 6])
            if on[g]:
                count = see_phantom(draft, owner, count, phantoms[g], true, camera, found, frame)
        count = see_nothing(draft, owner, count, hard)
        keep_best(draft, owner, count, detections[frame], found, frame)


@njit(cache=True)
def see_actor(draft, owner, count, number, memory, true, share, open_share, looks, ease, moving, colour, hard):
    """One thing in one frame; adds its box, if it is found, and now and then a second one -> the new count."""
    w, h = true[2] - true[0], true[3] - true[1]
    size = min(h, 2.0 * w)
    lost = is_missed(memory, size, share, open_share, hard, ease)
    roughness = 0.25 + 0.75 * hard * (1.0 if size < 0.35 else 0.6)
    memory[SCORE] = 0.75 * memory[SCORE] + 0.1 * roughness * np.random.randn()
    for part in range(4):
        spread = (0.022, 0.02, 0.03, 0.03)[part] * (1 + (1.6 * hard if moving else 0.3 * hard))
        memory[BOX + part] = 0.75 * memory[BOX + part] + 0.66 * spread * np.random.randn()
    memory[FLIP] = 0.8 * memory[FLIP] + 0.08 * np.random.randn()
    if lost or count == DRAFTS:
        return count
    smallness = 1.2 if size < 0.1 else 1.0 if size < 0.2 else 0.7 if size < 0.35 else 0.35
    score = min(0.99, 0.93 - 0.22 * hard * smallness + ease - 0.35 * (1 - min(1.0, share)) - 0.25 * (1 - open_share) + memory[SCORE])
    if score < LEAST:
        return count
    row = draft[count]
    row[:] = 0
    x, y = (true[0] + true[2]) / 2 + memory[BOX] * w, (true[1] + true[3]) / 2 + memory[BOX + 1] * h
    w2, h2 = w * np.exp(memory[BOX + 2]), h * np.exp(memory[BOX + 3])
    place(row, x - w2 / 2, y - h2 / 2, x + w2 / 2, y + h2 / 2)
    paint(row, colour)
    second = looks[1, 1] * (1 + 1.2 * memory[FLIP])
    top = max(1.0, second)
    row[8 + int(looks[0, 0])], row[8 + int(looks[1, 0])] = score / top, score * second / top
    row[8 + int(looks[2, 0])] = max(row[8 + int(looks[2, 0])], score * looks[2, 1])
    row[4] = score
    owner[count] = number
    count += 1
    if np.random.random() < 0.035 * hard and count < DRAFTS:
        draft[count] = row
        draft[count, 4:5] *= 0.55
        draft[count, 8:] *= 0.55
        place(draft[count], x - w * np.random.uniform(0.2, 0.7), y - h * np.random.uniform(0.2, 0.6), x + w * np.random.uniform(0.2, 0.7), y + h * np.random.uniform(0.2, 0.6))
        owner[count] = -1
        count += 1
    return count


@njit(cache=True)
def is_missed(memory, size, share, open_share, hard, ease):
    """Misses persist, and sometimes last for seconds; too little in the picture or in the open is missed as well."""
    trouble = max(hard * (1.25 if size < 0.1 else 1.0 if size < 0.2 else 0.6 if size < 0.35 else 0.3) - ease, 0.0)
    miss = 0.004 + 0.1 * trouble if memory[MISSED] == 0 else min(0.85, 0.3 + 0.2 * trouble)
    if memory[BLIND] > 0:
        memory[BLIND] -= 1
    elif np.random.random() < 0.004 * trouble:
        memory[BLIND] = 4 + np.random.randint(12)
    lost = np.random.random() < miss or memory[BLIND] > 0 or (share < memory[EDGE] + 0.05 * np.random.randn() and share < 0.97)
    lost = lost or open_share < 0.38 + 0.1 * np.random.randn()
    memory[MISSED] = 1.0 if lost else 0.0
    return lost


@njit(cache=True)
def see_phantom(draft, owner, count, phantom, true, camera, found, frame):
    """A false box on the background, which the camera moves, or on somebody who was found just before -> the new count."""
    carrier = int(phantom[9])
    x1, y1, x2, y2 = phantom[0], phantom[1], phantom[2], phantom[3]
    if carrier >= 0:
        if found[carrier, max(frame - 1, 0)] == 0:
            return count
        box = true[carrier, frame]
        w, h = box[2] - box[0], box[3] - box[1]
        x, y = (box[0] + box[2]) / 2 + phantom[10] * w, (box[1] + box[3]) / 2 + phantom[11] * h
        x1, y1, x2, y2 = x - phantom[2] * w / 2, y - phantom[3] * h / 2, x + phantom[2] * w / 2, y + phantom[3] * h / 2
    else:
        dx, dy, zoom = camera[frame, 0], camera[frame, 1], camera[frame, 2]
        x1, x2 = (x1 - 0.5 + dx) * zoom + 0.5, (x2 - 0.5 + dx) * zoom + 0.5
        y1, y2 = (y1 - 0.5 + dy) * zoom + 0.5, (y2 - 0.5 + dy) * zoom + 0.5
    if x2 < 0.02 or x1 > 0.98 or y2 < 0.02 or y1 > 0.98:
        return count
    score = min(0.97, phantom[5] + phantom[8] * np.random.randn())
    jitter_x, jitter_y = 0.05 * (1 - phantom[5]) * (x2 - x1), 0.05 * (1 - phantom[5]) * (y2 - y1)
    return add_false(draft, owner, count, x1 + jitter_x * np.random.randn(), y1 + jitter_y * np.random.randn(), x2 + jitter_x * np.random.randn(),
                     y2 + jitter_y * np.random.randn(), score, int(phantom[4]))


@njit(cache=True)
def see_nothing(draft, owner, count, hard):
    """A box of a single frame, anywhere."""
    if np.random.random() >= 0.03 + 0.06 * hard:
        return count
    h, x, y = np.random.uniform(0.05, 0.4), np.random.random(), np.random.random()
    return add_false(draft, owner, count, x - h / 3, y - h / 2, x + h / 3, y + h / 2, np.random.uniform(0.2, 0.5), np.random.randint(80))


@njit(cache=True)
def add_false(draft, owner, count, x1, y1, x2, y2, score, kind):
    if count == DRAFTS:
        return count
    draft[count] = 0
    place(draft[count], x1, y1, x2, y2)
    draft[count, 5:8] = 0.5
    draft[count, 4], draft[count, 8 + kind] = score, score
    owner[count] = -1
    return count + 1


@njit(cache=True)
def place(row, x1, y1, x2, y2):
    """The box, clipped to the picture."""
    row[0], row[1] = min(max(x1, 0.0), 0.995), min(max(y1, 0.0), 0.995)
    row[2], row[3] = max(min(x2, 1.0), row[0] + 0.005), max(min(y2, 1.0), row[1] + 0.005)


@njit(cache=True)
def paint(row, colour):
    for part in range(3):
        row[5 + part] = min(1.0, max(0.0, colour[part] + 0.03 * np.random.randn()))


@njit(cache=True)
def keep_best(draft, owner, count, out, found, frame):
    """The best 16, without those that lie on a better one: half covered by one of the same class, or 0.7 by any."""
    used = np.zeros(DRAFTS)
    kept = 0
    while kept < 16:
        best = -1
        for index in range(count):
            if used[index] == 0 and draft[index, 4] >= LEAST and (best < 0 or draft[index, 4] > draft[best, 4]):
                best = index
        if best < 0:
            return
        used[best] = 1
        if not is_covered(draft[best], out, kept):
            out[kept] = draft[best]
            kept += 1
            if owner[best] >= 0:
                found[owner[best], frame] = draft[best, 4]


@njit(cache=True)
def is_covered(row, out, kept):
    for other in range(kept):
        wide, high = min(row[2], out[other, 2]) - max(row[0], out[other, 0]), min(row[3], out[other, 3]) - max(row[1], out[other, 1])
        common = max(0.0, wide) * max(0.0, high)
        joined = (row[2] - row[0]) * (row[3] - row[1]) + (out[other, 2] - out[other, 0]) * (out[other, 3] - out[other, 1]) - common
        same = np.argmax(row[8:]) == np.argmax(out[other, 8:])
        if common > (0.5 if same else 0.7) * joined:
            return True
    return False
