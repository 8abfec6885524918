"""The executor: paints a blueprint. One Painter per clip; every choice it makes follows from the blueprint's seed."""

from __future__ import annotations

import functools
import math
import random

from PIL import Image, ImageDraw

from .blueprint import Blueprint
from .boards import board, letter_spans
from .colouring import painted
from .distractors import Distractors
from .scenes import draw_scene
from .standing import Standing
from .state import State, state_at
from .vocabulary import THINGS

# A thing of size 1 is this share of the picture's width wide (and never wider than 0.48 of its height).
THING_WIDTH = 0.31
BACKGROUND_VARIANTS = 24
# From this opacity on a thing counts as seen.
VISIBLE_OPACITY = 0.4
BOARD_X: dict[str, float] = {"left": 0.225, "middle": 0.5, "right": 0.775}
SCORE_X: dict[str, float] = {"left": 0.14, "middle": 0.5, "right": 0.86}
BOARD_WIDTH, SCORE_WIDTH, BOARD_HEIGHT, BOARD_TOP = 0.44, 0.24, 0.27, 0.03
# Where the members of a group stand: x in widths, y in heights, size, by their count.
FORMATIONS: dict[int, list[tuple[float, float, float]]] = {
    1: [(0.0, 0.0, 1.0)], 2: [(-0.08, 0.0, 0.6), (0.08, 0.02, 0.6)], 3: [(-0.1, 0.05, 0.5), (0.0, -0.1, 0.5), (0.1, 0.05, 0.5)]}

# A thing's name and colour, or one character of a board and "", and the box in pixels: left, top, right, bottom.
Box = tuple[str, str, float, float, float, float]


@functools.lru_cache(maxsize=5000)
def _sprite(thing: str, colour: str, width: int, mirrored: bool, angle: int) -> Image.Image:
    """The thing with its longer side `width` pixels, turned by `angle` degrees."""
    glyph = painted(thing, colour)
    scale = width / max(glyph.size)
    sprite = glyph.resize((max(1, round(glyph.width * scale)), max(1, round(glyph.height * scale))), Image.Resampling.BICUBIC)
    sprite = sprite.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if mirrored else sprite
    return sprite.rotate(angle, Image.Resampling.BILINEAR, expand=True) if angle else sprite


@functools.lru_cache(maxsize=800)
def _background(scene: str, width: int, height: int, variant: int) -> Image.Image:
    return draw_scene(scene, width, height, variant)


class Painter:
    """Paints the frames of one clip at `width` x `height` pixels. `lively` adds bobbing, camera shake and distractors."""

    def __init__(self, blueprint: Blueprint, width: int, height: int, lively: bool = True) -> None:
        self.blueprint, self.width, self.height = blueprint, width, height
        rng = random.Random(blueprint.seed)
        self.variant = {scene: rng.randrange(BACKGROUND_VARIANTS) for scene in sorted({blueprint.scene, *(
            event.value for event in blueprint.events if event.kind == "scene")})}
        self.ground = rng.uniform(0.62, 0.70)
        self.sway = rng.choice([0.0, 0.004, 0.012]) if lively else 0.0
        self.shake = rng.choice([0.0, 0.0, 0.0, 0.006, 0.012]) if lively else 0.0
        self.bob = rng.choice([0.0, 0.0, 0.01, 0.02]) if lively else 0.0
        self.phase = rng.uniform(0, 6)
        self.sign_style, self.sign_x = rng.randrange(4), rng.uniform(-0.01, 0.01)
        self.mirrored = {thing: rng.random() < 0.3 for thing in THINGS}
        self.offset = [(rng.uniform(-0.02, 0.02), rng.uniform(-0.03, 0.03)) for _ in blueprint.entities]
        self.distractors = Distractors(rng, lively)
        self.boxes: list[Box] = []

    def paint(self, time: float) -> Image.Image:
        """The RGB picture at `time` seconds; `boxes` then tells what was painted where, later ones in front."""
        self.boxes = []
        state = state_at(self.blueprint, time)
        margin = max(2, round(self.width * 0.04))
        background = _background(state.scene, self.width + 2 * margin, self.height + 2 * margin, self.variant[state.scene])
        sway_x, sway_y = self._camera_shift(time, margin)
        picture = background.crop((sway_x, sway_y, sway_x + self.width, sway_y + self.height))
        self.distractors.paint(picture, time)
        for number, actor in sorted(state.standing.items(), key=lambda pair: (pair[1].depth, -pair[1].size)):
            if actor.opacity > 0.02:
                self._paint_actor(picture, actor, self.offset[number], time, (margin - sway_x, margin - sway_y))
        self._paint_boards(picture, state)
        return picture

    def _camera_shift(self, time: float, margin: int) -> tuple[int, int]:
        jitter = random.Random(f"{self.blueprint.seed}:{round(time * 1000)}") if self.shake else None
        dx, dy = (jitter.uniform(-self.shake, self.shake), jitter.uniform(-self.shake, self.shake)) if jitter else (0.0, 0.0)
        return (round(margin + self.width * (self.sway * math.sin(time * 0.9 + self.phase) + dx)),
                round(margin + self.width * (self.sway * math.sin(time * 0.7 + 2 * self.phase) + dy)))

    def _paint_actor(self, picture: Image.Image, actor: Standing, offset: tuple[float, float], time: float, shift: tuple[int, int]) -> None:
        normal = min(self.width * THING_WIDTH, self.height * 0.48)
        bob = self.bob * math.sin(time * 5 + 1000 * offset[0])
        for x, y, size in FORMATIONS[actor.count]:
            centre_x = (actor.x + offset[0] + x * min(1.0, actor.size)) * self.width + shift[0]
            centre_y = (self.ground + offset[1] + y - actor.lift + bob) * self.height + shift[1]
            self._paint_sprite(picture, actor, max(2, round(normal * actor.size * size)), centre_x, centre_y)

    def _paint_sprite(self, picture: Image.Image, actor: Standing, width: int, x: float, y: float) -> None:
        mirrored = actor.heading > 0 or (actor.heading == 0 and self.mirrored[actor.thing])
        angle = round(actor.angle / 10) * 10 % 360
        sprite = _sprite(actor.thing, actor.colour, width, mirrored, angle)
        left, top = x - sprite.width / 2, y - sprite.height / 2
        _paste(picture, sprite, left, top, actor.opacity)
        if actor.shade:
            _paste(picture, _sprite(actor.thing, actor.shade, width, mirrored, angle), left, top, actor.opacity * actor.shading)
        if actor.opacity >= VISIBLE_OPACITY:
            self.boxes.append((actor.thing, actor.shade if actor.shading > 0.5 else actor.colour, left, top, left + sprite.width, top + sprite.height))

    def _paint_boards(self, picture: Image.Image, state: State) -> None:
        for place, (kind, text) in state.boards.items():
            share, column = (SCORE_WIDTH, SCORE_X[place]) if kind == "score" else (BOARD_WIDTH, BOARD_X[place])
            sign = board(kind, text, round(self.width * share), round(self.height * BOARD_HEIGHT), self.sign_style)
            left, top = round(self.width * (column + self.sign_x) - sign.width / 2), round(self.height * BOARD_TOP)
            picture.paste(sign, (left, top))
            for letter, start, end in letter_spans(text):
                self.boxes.append((letter, "", left + start * sign.width, top, left + end * sign.width, top + sign.height))


def _paste(picture: Image.Image, sprite: Image.Image, left: float, top: float, opacity: float) -> None:
    mask = sprite.getchannel("A")
    if opacity < 1:
        mask = mask.point(lambda alpha: round(alpha * opacity))
    picture.paste(sprite, (round(left), round(top)), mask)
