"""One shot without a cut: which things are there, how they move, and how the camera does."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sight.world.styles import STYLES, Style
from sight.world.things import LIVELY, PERSON, THINGS

PICTURES = (4 / 3, 16 / 9, 1.0, 9 / 16)


@dataclass
class Actor:
    """A thing of class `kind`: its box in every frame [n, 4], not clipped, and whether it is there at all. `ease` moves how well the eye finds it."""

    kind: int
    boxes: np.ndarray
    there: np.ndarray
    ease: float = 0.0
    moving: bool = False


@dataclass
class Shot:
    """`count` frames of actors; nearer is whose lower edge is lower. `hard` is how hard it is for the eye, `camera` as _camera draws it, `motion` its
    mean way in pictures a second."""

    style: str
    count: int
    fps: float
    actors: list[Actor] = field(default_factory=list)
    hard: float = 0.5
    camera: np.ndarray | None = None
    motion: float = 0.0


def draw_shot(rng: np.random.Generator, style_name: str, seconds: float, fps: float) -> Shot:
    """A shot of that style; everything in it moves with the camera."""
    style, count = STYLES[style_name], max(4, round(seconds * fps))
    shot = Shot(style_name, count, fps, hard=rng.uniform(*style.hard))
    scene = _Scene(rng, style, shot, seconds)
    scene.fill()
    shot.camera = _camera(rng, style_name, count, fps)
    for actor in shot.actors:
        actor.boxes = _through(shot.camera, actor.boxes)
    shot.motion = float(np.abs(np.diff(shot.camera[:, :2], axis=0)).mean() * fps) if count > 1 else 0.0
    return shot


def _through(camera: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """Boxes as the camera (shift x, y and zoom, each frame) shows them."""
    shifted = boxes - 0.5
    shifted[:, 0::2] = (shifted[:, 0::2] + camera[:, :1]) * camera[:, 2:3]
    shifted[:, 1::2] = (shifted[:, 1::2] + camera[:, 1:2]) * camera[:, 2:3]
    return shifted + 0.5


def _camera(rng: np.random.Generator, style: str, count: int, fps: float) -> np.ndarray:
    """[n, 3]: mostly still; sometimes shaking, panning, zooming or in somebody's hand."""
    path = np.zeros((count, 3))
    path[:, 2] = 1
    draw, time = rng.random(), np.arange(count) / fps
    if style in ("slide", "album", "empty") and draw < 0.5:
        path[:, 2] += np.linspace(0, rng.uniform(-0.15, 0.25), count)
    elif draw < 0.12:
        path[:, :2] += rng.normal(0, rng.uniform(0.002, 0.01), (count, 2))
    elif draw < 0.22:
        speed, begin = rng.normal(0, 0.06), rng.uniform(0, time[-1])
        path[:, 0] += speed * np.clip(time - begin, 0, rng.uniform(3, 12))
    elif draw < 0.27:
        walk = np.cumsum(rng.normal(0, 0.02, (count, 2)) / fps ** 0.5, 0)
        path[:, :2] += walk - np.linspace(0, 1, count)[:, None] * walk[-1]
    elif draw < 0.32:
        path[:, 2] *= np.exp(np.linspace(0, rng.normal(0, 0.4), count))
    return path


class _Scene:
    """Draws actors into a shot."""

    def __init__(self, rng: np.random.Generator, style: Style, shot: Shot, seconds: float) -> None:
        self.rng, self.style, self.shot, self.seconds = rng, style, shot, seconds
        self.time = np.arange(shot.count) / shot.fps
        self.picture = PICTURES[int(rng.choice(4, p=[0.4, 0.4, 0.15, 0.05]))]
        self.base = float(np.exp(rng.uniform(*np.log(style.size))))
        kinds, weights = list(style.classes), np.array(list(style.classes.values()))
        # Most shots show few classes.
        self.kinds = rng.choice(kinds, min(len(kinds), int(rng.integers(1, 6))), replace=False, p=weights / weights.sum())
        lively = [kind for kind in kinds if kind in LIVELY]
        self.lively = [kind for kind in self.kinds if kind in LIVELY] or [int(rng.choice(lively or kinds))]
        if PERSON in style.classes and style.classes[PERSON] >= 20 and rng.random() < 0.8:
            self.lively += [PERSON] * 3
        if rng.random() < 0.12:
            self.kinds = np.append(self.kinds, rng.integers(len(THINGS)))

    def fill(self) -> None:
        rng, style = self.rng, self.style
        for _ in range(rng.integers(style.still[0], style.still[1] + 1)):
            self.still(int(rng.choice(self.kinds)))
        for _ in range(rng.integers(style.moving[0], style.moving[1] + 1)):
            kind = int(rng.choice(self.lively))
            rng.choice([self.wander, self.go, self.go, self.stand])(kind)
        busy = style.arrivals * float(np.exp(rng.normal(0, 0.5)))
        arrivals = min(rng.poisson(busy * self.seconds), 40)
        for moment in np.sort(rng.uniform(0.3, max(0.5, self.seconds - 1), arrivals)):
            self.arrive(moment)

    def arrive(self, moment: float) -> None:
        """Something comes, or something that was there goes or changes."""
        rng = self.rng
        lively = rng.random() < (0.9 if self.style.still[1] < 4 else 0.6)
        kind = int(rng.choice(self.lively if lively else self.kinds))
        if kind not in LIVELY and THINGS[kind].group != "sport":
            self.put(kind, moment)
            return
        draw = rng.random()
        company = int(rng.choice([1, 2, 3, 4], p=[0.78, 0.15, 0.05, 0.02]))
        if draw < 0.62:
            self.come(kind, moment, company)
        elif draw < 0.8:
            self.leave_from_inside(kind, moment)
        elif draw < 0.88:
            self.put(kind, moment)
        elif draw < 0.95:
            self.near(kind, moment)
        else:
            self.wander(kind)

    def size(self, kind: int) -> tuple[float, float]:
        """Width and height of a thing."""
        thing = THINGS[kind]
        usual = self.base * (1.0 if len(self.style.classes) == len(THINGS) else thing.height / 0.35)
        h = float(np.clip(usual * np.exp(self.rng.normal(0, 0.25)), 0.05, 1.15))
        w = h * thing.aspect * np.exp(self.rng.normal(0, 0.15)) / self.picture
        if w > 1.1:
            w, h = 1.1, h * 1.1 / w
        return w, h

    def floor(self, h: float) -> float:
        """The lower edge of something this high."""
        return float(self.rng.uniform(max(0.25, 0.9 * h), 1.02)) if h < 0.9 else float(self.rng.uniform(0.95, 1.0 + 0.3 * h))

    def add(self, kind: int, x: np.ndarray, y: np.ndarray, w: np.ndarray | float, h: np.ndarray | float, there: np.ndarray | None = None, moving: bool = False) -> None:
        """An actor by its middle, lower edge and size."""
        n = len(self.time)
        sway = np.cumsum(self.rng.normal(0, 0.004, n)) if not moving and kind in LIVELY else np.zeros(n)
        sway -= np.linspace(sway[0], sway[-1], n)
        x = x + sway * (h if np.isscalar(h) else 1) * 3
        boxes = np.stack([x - w / 2, y - h, x + w / 2, y + 0 * x], 1)
        self.shot.actors.append(Actor(kind, boxes, np.ones(n, bool) if there is None else there, float(self.rng.normal(0, 0.08)), moving))

    def free_place(self, w: float, h: float) -> tuple[float, float]:
        """Middle and lower edge of a place in the picture where little stands before or behind: what is hidden for good is nothing to speak of."""
        places = [(self.rng.uniform(min(0.5, w / 2 * 0.8), max(0.5, 1 - w / 2 * 0.8)), self.floor(h)) for _ in range(8)]
        others = np.array([actor.boxes[::max(1, len(actor.boxes) // 4)][:4] for actor in self.shot.actors]).reshape(-1, 4)
        return min(places, key=lambda place: self.covered(place, w, h, others))

    def covered(self, place: tuple[float, float], w: float, h: float, others: np.ndarray) -> float:
        """How much of the place others take, in shares of the smaller."""
        x, y = place
        wide = np.minimum(x + w / 2, others[:, 2]) - np.maximum(x - w / 2, others[:, 0])
        high = np.minimum(y, others[:, 3]) - np.maximum(y - h, others[:, 1])
        smaller = np.minimum(w * h, (others[:, 2] - others[:, 0]) * (others[:, 3] - others[:, 1]))
        return float((np.maximum(wide, 0) * np.maximum(high, 0) / np.maximum(smaller, 1e-6)).sum())

    def still(self, kind: int) -> None:
        w, h = self.size(kind)
        x, y = self.free_place(w, h)
        self.add(kind, np.full(len(self.time), x), np.full(len(self.time), y), w, h)

    def stand(self, kind: int) -> None:
        """There from the start, and at some moment it walks out."""
        self.leave_from_inside(kind, self.rng.uniform(2, max(3, self.seconds * 1.5)))

    def put(self, kind: int, moment: float) -> None:
        """Appears in the open, or is there and vanishes, or both."""
        rng = self.rng
        w, h = self.size(kind)
        draw, late = rng.random(), moment + rng.uniform(3, 40)
        begin, end = (moment, 1e9) if draw < 0.45 else (-1.0, moment) if draw < 0.75 else (moment, late)
        there = (self.time >= begin) & (self.time < end)
        x, y = (np.full(len(self.time), value) for value in self.free_place(w, h))
        if kind in LIVELY and rng.random() < 0.4:
            x = x + rng.normal(0, 0.05) * np.clip(self.time - max(begin, 0), 0, 4)
        self.add(kind, x, y, w, h, there)

    def speed(self, kind: int, h: float) -> float:
        """Widths of the picture a second."""
        quick = 2.0 if THINGS[kind].group == "vehicle" else 1.0
        return float(np.clip(quick * self.rng.uniform(0.3, 1.1) * max(h, 0.12) * np.exp(self.rng.normal(0, 0.35)), 0.03, 0.9))

    def come(self, kind: int, moment: float, company: int = 1) -> None:
        """Comes in at a side; walks through, or stays for a while, or for good. Company walks beside."""
        rng = self.rng
        w, h = self.size(kind)
        side, speed = (1 if rng.random() < 0.5 else -1), self.speed(kind, h)
        y0 = self.floor(h)
        out, in_ = (-w / 2, 1 + w / 2) if side > 0 else (1 + w / 2, -w / 2)
        draw = rng.random()
        across = (1 + w) / speed
        if draw < (0.75 if self.shot.style in ("crowd", "gate", "traffic") else 0.5):
            times, places = [moment, moment + across], [out, in_]
        else:
            stop = rng.uniform(0.15, 0.85)
            reach = moment + abs(stop - out) / speed
            stay = rng.uniform(1, 25)
            end = in_ if rng.random() < 0.6 else out
            times, places = [moment, reach, reach + stay, reach + stay + abs(end - stop) / speed], [out, stop, stop, end]
            if draw > 0.78:
                times, places = times[:2], places[:2]
        slope = rng.normal(0, 0.08) * h
        for index in range(company):
            lag = index * rng.uniform(0.6, 1.6) * w / speed
            self.path(kind, np.array(times) + lag, places, y0 + rng.normal(0, 0.08) * h * (index > 0), w, h, slope)

    def path(self, kind: int, times: np.ndarray, places: list[float], y: float, w: float, h: float, slope: float, there: np.ndarray | None = None) -> None:
        """Along waypoints; perspective with the slope."""
        x = np.interp(self.time, times, places)
        y = np.full(len(self.time), y) + slope * (x - 0.5)
        bob = 0.01 * h * np.sin(6 * self.time + self.rng.uniform(0, 6))
        # A walk's outline widens and narrows with the legs.
        wide = w * (1 + 0.12 * np.sin(9 * self.time + self.rng.uniform(0, 6))) if kind == PERSON else w
        gone = (self.time >= times[0]) if places[0] < 0 or places[0] > 1 else np.ones(len(self.time), bool)
        self.add(kind, x, y + bob, wide, h, gone if there is None else there, moving=True)

    def leave_from_inside(self, kind: int, moment: float) -> None:
        """There from the start of the shot (or comes unseen), then goes out at a side."""
        rng = self.rng
        w, h = self.size(kind)
        side, speed, x0 = (1 if rng.random() < 0.5 else -1), self.speed(kind, h), rng.uniform(0.15, 0.85)
        out = 1 + w / 2 if side > 0 else -w / 2
        self.path(kind, np.array([0, moment, moment + abs(out - x0) / speed]), [x0, x0, out], self.floor(h), w, h, rng.normal(0, 0.08) * h)

    def go(self, kind: int) -> None:
        """Under way at the start."""
        rng = self.rng
        w, h = self.size(kind)
        side, speed = (1 if rng.random() < 0.5 else -1), self.speed(kind, h)
        x0 = rng.uniform(0.05, 0.95)
        out = 1 + w / 2 if side > 0 else -w / 2
        self.path(kind, np.array([0, abs(out - x0) / speed]), [x0, out], self.floor(h), w, h, rng.normal(0, 0.08) * h)

    def wander(self, kind: int) -> None:
        """Stays in the picture and moves about now and then."""
        rng = self.rng
        w, h = self.size(kind)
        times, places = [0.0], [rng.uniform(0.15, 0.85)]
        while times[-1] < self.seconds:
            stop = rng.uniform(0.1, 0.9)
            times += [times[-1] + rng.uniform(1, 12), 0]
            times[-1] = times[-2] + abs(stop - places[-1]) / self.speed(kind, h)
            places += [places[-1], stop]
        self.path(kind, np.array(times), places, self.floor(h), w, h, rng.normal(0, 0.08) * h)

    def near(self, kind: int, moment: float) -> None:
        """Comes nearer or goes away in depth."""
        rng = self.rng
        w, h = self.size(kind)
        x, y = rng.uniform(0.2, 0.8), self.floor(h * 0.6)
        factor = np.exp(np.interp(self.time, [moment, moment + rng.uniform(2, 6)], [0, rng.choice([-1, 1]) * rng.uniform(0.5, 1.0)]))
        factor *= 0.8 / max(0.8, h * factor.max())
        self.add(kind, np.full(len(self.time), x), y + 0.3 * h * (factor - 1), w * factor, h * factor, moving=True)
