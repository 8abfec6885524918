"""The tracker between the detector and the decoder: one step a frame, from detections to slots that stay with their things.

Plain loops over float64 arrays in a fixed order, so that the TypeScript of the server gives the same numbers; numba compiles the
very same functions where it is installed, which the simulation needs."""

from __future__ import annotations

import math

import numpy as np

try:
    from numba import njit
except ImportError:  # slow, but the same numbers

    def njit(**_options):
        return lambda function: function


SLOTS, DETECTIONS, CLASSES, SCENE, GRID = 12, 16, 80, 50, 48
# What a slot remembers: one row of the state.
ALIVE, HITS, BORN, LAST, BOX, VX, VY, GROWTH, FIRST, BORN_CUT, BORN_CHANGE = 0, 1, 2, 3, 4, 8, 9, 10, 11, 15, 16
SCORE, SCORE_NOW, BEST, HIT_MEAN, COLOUR, SLOW_X, SLOW_Y, SLOW_H, MISSES, CLASS = 17, 18, 19, 20, 21, 24, 25, 26, 27, 33
KNOWN, CAME, CAME_AT, WENT, WENT_AT = 28, 29, 30, 31, 32
STATE = CLASS + CLASSES
# What is remembered of the stream: its clock, the last cut, and the colour grids of the last frames, newest first.
START, CUT, FRAMES, CHANGE, LONG_CHANGE, GRIDS = 0, 1, 2, 3, 4, 5
RING = 4
STREAM = GRIDS + RING * GRID
# Features of a slot: FACTS numbers, then the smoothed class scores. Features of a frame: FRAME_FACTS numbers.
FACTS, FRAME_FACTS = 53, 8
FEATURES = FACTS + CLASSES

SEEN, BIRTH, CUT_CHANGE, FADE_CHANGE = 0.2, 0.36, 0.09, 0.13
MATCHABLE, REMEMBERED = 2.5, 4.0
# What CAME and WENT hold: not judged yet, through a side, in the open (appeared, is gone), or nothing to tell.
OPEN, LEFT, RIGHT, INSIDE, NOTHING = 0.0, 1.0, 2.0, 3.0, 4.0


def new_state() -> tuple[np.ndarray, np.ndarray]:
    """The state before the first frame: slots [SLOTS, STATE] and stream [STREAM]."""
    return np.zeros((SLOTS, STATE)), np.zeros(STREAM)


@njit(cache=True)
def step(slots, stream, detections, scene, time):
    """Takes one frame in, changing `slots` and `stream`. detections [DETECTIONS, 88] (box, score, colour, class scores; score 0 pads),
    scene [SCENE], time in seconds -> slot features [SLOTS, FEATURES] and frame features [FRAME_FACTS]."""
    watch_scene(slots, stream, scene, time)
    taken = match(slots, detections, time)
    for row in range(DETECTIONS):
        if taken[row] < 0 and detections[row, 4] >= BIRTH:
            bear(slots, stream, detections, row, time)
    forget(slots, time)
    for slot in range(SLOTS):
        if slots[slot, ALIVE] > 0:
            judge(slots, stream, slot, time)
    return features_of(slots, stream, time), frame_features_of(slots, stream, scene, time)


@njit(cache=True)
def watch_scene(slots, stream, scene, time):
    """How much the colour grid has changed since the last frame and since the oldest of the ring; a cut clears all slots."""
    if stream[FRAMES] == 0:
        stream[START] = time
        stream[CUT] = time
        for ring in range(RING):
            for cell in range(GRID):
                stream[GRIDS + ring * GRID + cell] = scene[cell]
    change, long_change = 0.0, 0.0
    for cell in range(GRID):
        change += abs(scene[cell] - stream[GRIDS + cell])
        long_change += abs(scene[cell] - stream[GRIDS + (RING - 1) * GRID + cell])
    stream[CHANGE] = change / GRID
    stream[LONG_CHANGE] = long_change / GRID
    for ring in range(RING - 1, 0, -1):
        for cell in range(GRID):
            stream[GRIDS + ring * GRID + cell] = stream[GRIDS + (ring - 1) * GRID + cell]
    for cell in range(GRID):
        stream[GRIDS + cell] = scene[cell]
    stream[FRAMES] += 1
    if stream[CHANGE] > CUT_CHANGE or (stream[LONG_CHANGE] > FADE_CHANGE and time - stream[CUT] > 1.0):
        stream[CUT] = time
        for slot in range(SLOTS):
            slots[slot, ALIVE] = 0.0


@njit(cache=True)
def match(slots, detections, time):
    """Greedy by likeness, best pair first, ties by the lower slot and row -> for each detection its slot or -1."""
    like = np.full((SLOTS, DETECTIONS), -1.0)
    for slot in range(SLOTS):
        if slots[slot, ALIVE] > 0 and time - slots[slot, LAST] <= MATCHABLE:
            for row in range(DETECTIONS):
                if detections[row, 4] >= SEEN:
                    like[slot, row] = likeness(slots[slot], detections[row], time)
    taken = np.full(DETECTIONS, -1)
    used = np.zeros(SLOTS)
    for _ in range(SLOTS):
        best, best_slot, best_row = 0.15, -1, -1
        for slot in range(SLOTS):
            for row in range(DETECTIONS):
                if like[slot, row] > best and used[slot] == 0 and taken[row] < 0:
                    best, best_slot, best_row = like[slot, row], slot, row
        if best_slot < 0:
            break
        used[best_slot] = 1
        taken[best_row] = best_slot
    for row in range(DETECTIONS):
        if taken[row] >= 0:
            update(slots[taken[row]], detections[row], time)
    for slot in range(SLOTS):
        if slots[slot, ALIVE] > 0 and used[slot] == 0:
            slots[slot, MISSES] += 1
            slots[slot, SCORE_NOW] = 0.0
            slots[slot, HIT_MEAN] *= 0.8
    return taken


@njit(cache=True)
def likeness(slot, detection, time):
    """Overlap with where the thing should be by now, nearness, and agreement of class and size; below 0.15 they are not the same thing."""
    gap = min(time - slot[LAST], 1.0)
    dx, dy = slot[VX] * gap, slot[VY] * gap
    over = overlap(slot[BOX] + dx, slot[BOX + 1] + dy, slot[BOX + 2] + dx, slot[BOX + 3] + dy,
                   detection[0], detection[1], detection[2], detection[3])
    w, h = slot[BOX + 2] - slot[BOX], slot[BOX + 3] - slot[BOX + 1]
    w2, h2 = detection[2] - detection[0], detection[3] - detection[1]
    size = max(0.25 * (w + h + w2 + h2), 1e-3)
    away_x = abs(slot[BOX] + slot[BOX + 2] + 2 * dx - detection[0] - detection[2]) / 2
    away_y = abs(slot[BOX + 1] + slot[BOX + 3] + 2 * dy - detection[1] - detection[3]) / 2
    near = max(0.0, 1 - (away_x / (1.2 * size) + away_y / (0.7 * size)))
    if over < 0.05 and near <= 0:
        return -1.0
    top = 0
    for index in range(1, CLASSES):
        if slot[CLASS + index] > slot[CLASS + top]:
            top = index
    agreement = min(1.0, detection[8 + top] / max(detection[4], 1e-3))
    other_size = abs(math.log(max(w2 * h2, 1e-6) / max(w * h, 1e-6)))
    return over + 0.5 * near - 0.3 * (1 - agreement) - 0.12 * other_size


@njit(cache=True)
def overlap(a1, b1, a2, b2, c1, d1, c2, d2):
    """Intersection over union of two boxes."""
    common = max(0.0, min(a2, c2) - max(a1, c1)) * max(0.0, min(b2, d2) - max(b1, d1))
    return common / max((a2 - a1) * (b2 - b1) + (c2 - c1) * (d2 - d1) - common, 1e-9)


@njit(cache=True)
def update(slot, detection, time):
    """The thing was found again."""
    gap = max(time - slot[LAST], 1e-3)
    weight = 0.7 if slot[HITS] < 2 else 0.4
    x, y = (detection[0] + detection[2]) / 2, (detection[1] + detection[3]) / 2
    height = max(detection[3] - detection[1], 1e-3)
    slot[VX] += weight * ((x - (slot[BOX] + slot[BOX + 2]) / 2) / gap - slot[VX])
    slot[VY] += weight * ((y - (slot[BOX + 1] + slot[BOX + 3]) / 2) / gap - slot[VY])
    grown = math.log(height / max(slot[BOX + 3] - slot[BOX + 1], 1e-3)) / gap
    slot[GROWTH] += 0.3 * (grown - slot[GROWTH])
    for side in range(4):
        slot[BOX + side] = detection[side]
    slot[SLOW_X] += 0.12 * (x - slot[SLOW_X])
    slot[SLOW_Y] += 0.12 * (y - slot[SLOW_Y])
    slot[SLOW_H] += 0.12 * (math.log(height) - slot[SLOW_H])
    slot[HITS] += 1
    slot[LAST] = time
    slot[MISSES] = 0
    slot[SCORE_NOW] = detection[4]
    slot[SCORE] += 0.25 * (detection[4] - slot[SCORE])
    slot[BEST] = max(slot[BEST], detection[4])
    slot[HIT_MEAN] += 0.2 * (1 - slot[HIT_MEAN])
    for part in range(3):
        slot[COLOUR + part] += 0.2 * (detection[5 + part] - slot[COLOUR + part])
    for index in range(CLASSES):
        slot[CLASS + index] += 0.25 * (detection[8 + index] - slot[CLASS + index])


@njit(cache=True)
def bear(slots, stream, detections, row, time):
    """A detection without a slot begins one, unless it doubles a thing that is being followed."""
    detection = detections[row]
    area = (detection[2] - detection[0]) * (detection[3] - detection[1])
    chosen, weakest = -1, 1e9
    for slot in range(SLOTS):
        if slots[slot, ALIVE] == 0:
            if weakest > -1e8:
                chosen, weakest = slot, -1e8
            continue
        if slots[slot, MISSES] == 0:
            box = slots[slot, BOX:BOX + 4]
            wide, high = min(box[2], detection[2]) - max(box[0], detection[0]), min(box[3], detection[3]) - max(box[1], detection[1])
            common = max(0.0, wide) * max(0.0, high)
            smaller = max(min(area, (box[2] - box[0]) * (box[3] - box[1])), 1e-9)
            same = detection[8 + top_class(slots[slot])] > 0.5 * detection[4]
            if common / smaller > (0.75 if same else 0.9) and overlap(box[0], box[1], box[2], box[3], detection[0], detection[1], detection[2], detection[3]) > (0.3 if same else 0.55):
                return
        # A thing that is lost gives way before one that is seen, and the faint one before the clear one.
        worth = slots[slot, SCORE] - (10 + time - slots[slot, LAST] if slots[slot, MISSES] > 0 else 0.0)
        if worth < weakest and worth < detection[4] - 0.1:
            chosen, weakest = slot, worth
    if chosen < 0:
        return
    slot = slots[chosen]
    slot[:] = 0.0
    slot[ALIVE], slot[HITS], slot[BORN], slot[LAST] = 1.0, 1.0, time, time
    for side in range(4):
        slot[BOX + side] = detection[side]
        slot[FIRST + side] = detection[side]
    slot[BORN_CUT] = math.exp(-(time - stream[CUT]) / 0.75)
    slot[BORN_CHANGE] = stream[LONG_CHANGE]
    slot[SCORE] = slot[SCORE_NOW] = slot[BEST] = detection[4]
    slot[HIT_MEAN] = 0.2
    for part in range(3):
        slot[COLOUR + part] = detection[5 + part]
    slot[SLOW_X], slot[SLOW_Y] = (detection[0] + detection[2]) / 2, (detection[1] + detection[3]) / 2
    slot[SLOW_H] = math.log(max(detection[3] - detection[1], 1e-3))
    for index in range(CLASSES):
        slot[CLASS + index] = detection[8 + index]


@njit(cache=True)
def top_class(slot):
    """The class that the thing most looks like."""
    top = 0
    for index in range(1, CLASSES):
        if slot[CLASS + index] > slot[CLASS + top]:
            top = index
    return top


@njit(cache=True)
def forget(slots, time):
    """Things lost for long are forgotten, sooner when they were hardly seen."""
    for slot in range(SLOTS):
        lost = time - slots[slot, LAST]
        if slots[slot, ALIVE] > 0 and (lost > REMEMBERED or (slots[slot, HITS] < 2 and lost > 0.6) or (slots[slot, HITS] < 3 and lost > 1.1)):
            slots[slot, ALIVE] = 0.0


@njit(cache=True)
def judge(slots, stream, index, time):
    """What a few rules make of a thing's coming and going; the decoder hears of it and decides."""
    slot = slots[index]
    age = time - slot[BORN]
    if slot[KNOWN] == 0:
        if slot[MISSES] > 0 or slot[SCORE] < 0.5 or age < 0.4 or slot[HITS] < 3:
            return
        slot[KNOWN] = 1.0
    if slot[CAME] == OPEN:
        slot[CAME] = coming_of(slots, stream, index, age)
        slot[CAME_AT] = time
    if slot[MISSES] == 0:
        slot[WENT] = OPEN
    elif slot[WENT] == OPEN:
        slot[WENT] = going_of(slots, index, time)
        slot[WENT_AT] = time


@njit(cache=True)
def coming_of(slots, stream, index, age):
    """In at a side when it was first found there and has moved away or grown since; appeared when it is well seen with none of its class about."""
    slot = slots[index]
    if slot[BORN] - max(stream[START], stream[CUT]) < 1:
        # People are hardly ever seen where there are none.
        sure = 0.7 if top_class(slot) == 0 else 0.9
        return INSIDE if age >= 0.5 and slot[SCORE] >= sure else NOTHING if age > 2 else OPEN
    side = side_of(slot[FIRST], slot[FIRST + 2])
    if side != OPEN:
        away = (slot[BOX] + slot[BOX + 2] - slot[FIRST] - slot[FIRST + 2]) / 2
        grown = slot[BOX + 2] - slot[BOX] - slot[FIRST + 2] + slot[FIRST]
        if (away if side == LEFT else -away) >= 0.02 or grown >= 0.04:
            return side
    elif age >= 1 and age <= 3 and slot[SCORE] >= 0.75 and is_alone(slots, index):
        return INSIDE
    return NOTHING if age > 3 else OPEN


@njit(cache=True)
def going_of(slots, index, time):
    """Out at a side when it was on its way there; gone when it was well seen, is lost for two seconds, and none of its class is about."""
    slot = slots[index]
    lost = time - slot[LAST]
    ahead = slot[VX] * min(lost, 1.0)
    side = side_of(slot[BOX] + ahead, slot[BOX + 2] + ahead)
    if (side == LEFT and slot[VX] < -0.01) or (side == RIGHT and slot[VX] > 0.01):
        return side if lost >= 0.45 else OPEN
    if lost < 2:
        return OPEN
    return INSIDE if slot[BEST] >= 0.75 and slot[LAST] - slot[BORN] > 1.5 and is_alone(slots, index) else NOTHING


@njit(cache=True)
def side_of(x1, x2):
    """The side of the picture at which the thing is, if at one alone."""
    if x1 < 0.06 and x2 < 0.94:
        return LEFT
    return RIGHT if x2 > 0.94 and x1 > 0.06 else OPEN


@njit(cache=True)
def is_alone(slots, index):
    """Whether no other slot holds its class: in a crowd things are lost and found again."""
    kind = top_class(slots[index])
    for other in range(SLOTS):
        if other != index and slots[other, ALIVE] > 0 and top_class(slots[other]) == kind:
            return False
    return True


@njit(cache=True)
def bounded(value, limit):
    return max(-limit, min(limit, value))


@njit(cache=True)
def edges(out, at, box, offset):
    """How near the box is to the left, right, top and bottom edge: 1 at the edge, 0.37 a thirtieth of the picture away."""
    out[at] = math.exp(-max(box[offset], 0.0) * 30)
    out[at + 1] = math.exp(-max(1 - box[offset + 2], 0.0) * 30)
    out[at + 2] = math.exp(-max(box[offset + 1], 0.0) * 30)
    out[at + 3] = math.exp(-max(1 - box[offset + 3], 0.0) * 30)


@njit(cache=True)
def features_of(slots, stream, time):
    """[SLOTS, FEATURES] in the order that README.md lists; free slots are zeros."""
    out = np.zeros((SLOTS, FEATURES))
    for index in range(SLOTS):
        slot, f = slots[index], out[index]
        if slot[ALIVE] == 0:
            continue
        lost, age = time - slot[LAST], time - slot[BORN]
        f[0], f[1] = 1.0, 1.0 if slot[MISSES] == 0 else 0.0
        f[2], f[3], f[4] = lost / 2, min(age, 4.0) / 2, min(math.log1p(age), 5.0) / 2
        f[5], f[6] = min(slot[HITS], 12.0) / 6, slot[HIT_MEAN]
        for side in range(4):
            f[7 + side] = 2 * slot[BOX + side] - 1
            f[11 + side] = 2 * slot[FIRST + side] - 1
        f[15] = math.log(max(slot[BOX + 2] - slot[BOX], 1e-3)) + 1.5
        f[16] = math.log(max(slot[BOX + 3] - slot[BOX + 1], 1e-3)) + 1.5
        f[17], f[18], f[19] = bounded(5 * slot[VX], 3), bounded(5 * slot[VY], 3), bounded(2 * slot[GROWTH], 3)
        edges(f, 20, slot, BOX)
        edges(f, 24, slot, FIRST)
        born = slot[BORN] - stream[START]
        f[28], f[29], f[30] = min(born, 4.0) / 2, slot[BORN_CUT], bounded(10 * slot[BORN_CHANGE], 3)
        f[31], f[32], f[33] = slot[SCORE], slot[SCORE_NOW], slot[BEST]
        top, second = 0.0, 0.0
        for kind in range(CLASSES):
            f[FACTS + kind] = slot[CLASS + kind]
            if slot[CLASS + kind] > top:
                top, second = slot[CLASS + kind], top
            elif slot[CLASS + kind] > second:
                second = slot[CLASS + kind]
        f[34], f[35] = top - second, second
        for part in range(3):
            f[36 + part] = 2 * slot[COLOUR + part] - 1
        x, y = (slot[BOX] + slot[BOX + 2]) / 2, (slot[BOX + 1] + slot[BOX + 3]) / 2
        f[39], f[40] = bounded(5 * (x - slot[SLOW_X]), 3), bounded(5 * (y - slot[SLOW_Y]), 3)
        f[41] = bounded(2 * (math.log(max(slot[BOX + 3] - slot[BOX + 1], 1e-3)) - slot[SLOW_H]), 3)
        # Where it would be by now, had it gone on.
        gap = min(lost, 1.0)
        f[42], f[43] = bounded(2 * (x + slot[VX] * gap) - 1, 3), bounded(2 * (y + slot[VY] * gap) - 1, 3)
        f[44] = min(slot[MISSES], 8.0) / 4
        f[45] = slot[KNOWN]
        came, went = max(0.0, 1 - (time - slot[CAME_AT]) / 2), max(0.0, 1 - (time - slot[WENT_AT]) / 2)
        for kind in range(3):
            f[46 + kind] = came if slot[CAME] == kind + 1 else 0.0
            f[49 + kind] = went if slot[WENT] == kind + 1 else 0.0
        f[52] = 1.0 if is_alone(slots, index) else 0.0
    return out


@njit(cache=True)
def frame_features_of(slots, stream, scene, time):
    """[FRAME_FACTS]: change since the last frame and over the ring, the stream's age, nearness of the last cut, common motion, light, sharpness."""
    out = np.zeros(FRAME_FACTS)
    out[0], out[1] = bounded(10 * stream[CHANGE], 3), bounded(10 * stream[LONG_CHANGE], 3)
    out[2], out[3] = min(time - stream[START], 4.0) / 2, math.exp(-(time - stream[CUT]))
    vx, vy, count = 0.0, 0.0, 0
    for slot in range(SLOTS):
        if slots[slot, ALIVE] > 0 and slots[slot, MISSES] == 0 and slots[slot, HITS] > 2:
            vx, vy, count = vx + slots[slot, VX], vy + slots[slot, VY], count + 1
    if count > 0:
        out[4], out[5] = bounded(5 * vx / count, 3), bounded(5 * vy / count, 3)
    out[6], out[7] = 2 * scene[GRID] - 1, bounded(scene[GRID + 1], 3)
    return out


@njit(cache=True)
def follow(detections, scenes, times):
    """A whole stream: detections [n, DETECTIONS, 88], scenes [n, SCENE], times [n] -> features [n, SLOTS, FEATURES] and [n, FRAME_FACTS]."""
    slots, stream = np.zeros((SLOTS, STATE)), np.zeros(STREAM)
    count = len(times)
    out, frames = np.zeros((count, SLOTS, FEATURES), np.float32), np.zeros((count, FRAME_FACTS), np.float32)
    for index in range(count):
        features, facts = step(slots, stream, detections[index], scenes[index], times[index])
        out[index], frames[index] = features, facts
    return out, frames
