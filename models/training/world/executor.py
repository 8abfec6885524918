"""The executor: paints a blueprint. One Painter per clip; every choice it makes follows from the blueprint's seed."""

from __future__ import annotations

import functools
import math
import random

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from .blueprint import Blueprint
from .scenes import draw_scene
from .state import State, state_at
from .vocabulary import THINGS

EMOJI_FONT = "/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf"
TEXT_FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf"
EMOJI_SIZE = 109
# A thing of size 1 is this share of the picture's width wide (and never wider than 0.48 of its height).
THING_WIDTH = 0.31
BACKGROUND_VARIANTS = 24
# From this opacity on a thing counts as seen.
VISIBLE_OPACITY = 0.4


@functools.lru_cache(maxsize=None)
def _emoji(thing: str) -> Image.Image:
    """The thing's glyph, RGBA, cut to its ink."""
    font = ImageFont.truetype(EMOJI_FONT, EMOJI_SIZE)
    canvas = Image.new("RGBA", (150, 150))
    ImageDraw.Draw(canvas).text((5, 5), THINGS[thing], font=font, embedded_color=True)
    return canvas.crop(canvas.getbbox())


@functools.lru_cache(maxsize=6000)
def _sprite(thing: str, width: int, mirrored: bool) -> Image.Image:
    """The glyph with its longer side `width` pixels."""
    glyph = _emoji(thing)
    scale = width / max(glyph.size)
    sprite = glyph.resize((max(1, round(glyph.width * scale)), max(1, round(glyph.height * scale))), Image.Resampling.BICUBIC)
    return sprite.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if mirrored else sprite


@functools.lru_cache(maxsize=800)
def _background(scene: str, width: int, height: int, variant: int) -> Image.Image:
    return draw_scene(scene, width, height, variant)


@functools.lru_cache(maxsize=800)
def _sign(word: str, width: int, height: int, style: int) -> Image.Image:
    """A board with the word, RGB, at most `width` x `height` pixels."""
    board, ink = [((24, 92, 60), (250, 250, 246)), ((28, 64, 140), (250, 250, 250)), ((178, 30, 36), (252, 250, 246))][style]
    font = ImageFont.truetype(TEXT_FONT, 100)
    left, top, right, bottom = font.getbbox(word)
    picture = Image.new("RGB", (max(300, right - left + 50), bottom - top + 44), board)
    draw = ImageDraw.Draw(picture)
    draw.text(((picture.width - (right - left)) / 2 - left, 22 - top), word, font=font, fill=ink)
    draw.rectangle([4, 4, picture.width - 5, picture.height - 5], outline=ink, width=6)
    scale = min(width / picture.width, height / picture.height)
    return picture.resize((round(picture.width * scale), round(picture.height * scale)), Image.Resampling.LANCZOS)


class Painter:
    """Paints the frames of one clip at `width` x `height` pixels. `lively` adds bobbing, camera sway and drifting specks."""

    def __init__(self, blueprint: Blueprint, width: int, height: int, lively: bool = True) -> None:
        self.blueprint, self.width, self.height = blueprint, width, height
        rng = random.Random(blueprint.seed)
        self.variant = {scene: rng.randrange(BACKGROUND_VARIANTS) for scene in sorted({blueprint.scene, *(
            event.value for event in blueprint.events if event.kind == "scene")})}
        self.ground = rng.uniform(0.60, 0.70)
        self.sway = rng.choice([0.0, 0.004, 0.012]) if lively else 0.0
        self.bob = rng.choice([0.0, 0.01, 0.02]) if lively else 0.0
        self.phase = rng.uniform(0, 6)
        self.sign_style, self.sign_x = rng.randrange(3), rng.uniform(0.49, 0.51)
        self.mirrored = {thing: rng.random() < 0.3 for thing in THINGS}
        self.offset = {thing: (rng.uniform(-0.025, 0.025), rng.uniform(-0.04, 0.04)) for thing in THINGS}
        self.specks = [(rng.random(), rng.random(), rng.uniform(-0.05, 0.05), rng.randint(90, 255)) for _ in range(
            rng.choice([0, 0, 3, 6]) if lively else 0)]

    def paint(self, time: float) -> Image.Image:
        """The RGB picture at `time` seconds; `boxes` then tells what was painted where, later ones in front."""
        self.boxes: list[tuple[str, float, float, float, float]] = []
        state = state_at(self.blueprint, time)
        margin = max(2, round(self.width * 0.04))
        background = _background(state.scene, self.width + 2 * margin, self.height + 2 * margin, self.variant[state.scene])
        sway_x = round(margin + self.width * self.sway * math.sin(time * 0.9 + self.phase))
        sway_y = round(margin + self.width * self.sway * math.sin(time * 0.7 + 2 * self.phase))
        picture = background.crop((sway_x, sway_y, sway_x + self.width, sway_y + self.height))
        self._paint_specks(picture, time)
        self._paint_things(picture, state, time, margin - sway_x, margin - sway_y)
        if state.sign:
            board = _sign(state.sign, round(self.width * 0.74), round(self.height * 0.34), self.sign_style)
            left, top = round(self.width * self.sign_x - board.width / 2), round(self.height * 0.05)
            picture.paste(board, (left, top))
            self.boxes.append((state.sign, left, top, left + board.width, top + board.height))
        return picture

    def _paint_specks(self, picture: Image.Image, time: float) -> None:
        draw = ImageDraw.Draw(picture)
        radius = max(1, self.width // 120)
        for x, y, speed, tone in self.specks:
            px, py = (x + speed * time) % 1 * self.width, (y + 0.03 * math.sin(time + 9 * x)) % 1 * self.height
            draw.ellipse([px - radius, py - radius, px + radius, py + radius], fill=(tone, tone, 200))

    def _paint_things(self, picture: Image.Image, state: State, time: float, dx: int, dy: int) -> None:
        normal = min(self.width * THING_WIDTH, self.height * 0.48)
        for actor in sorted(state.standing.values(), key=lambda item: -item.size):
            if actor.opacity <= 0.02:
                continue
            mirrored = actor.heading > 0 or (actor.heading == 0 and self.mirrored[actor.thing])
            sprite = _sprite(actor.thing, max(2, round(normal * actor.size)), mirrored)
            shift_x, shift_y = self.offset[actor.thing]
            bob = self.bob * math.sin(time * 5 + 20 * shift_x / 0.025) * self.height
            x = (actor.x + shift_x) * self.width - sprite.width / 2 + dx
            y = (self.ground + shift_y) * self.height - sprite.height / 2 + bob + dy
            mask = sprite.getchannel("A")
            if actor.opacity < 1:
                mask = mask.point(lambda alpha, opacity=actor.opacity: round(alpha * opacity))
            picture.paste(sprite, (round(x), round(y)), mask)
            if actor.opacity >= VISIBLE_OPACITY:
                self.boxes.append((actor.thing, x, y, x + sprite.width, y + sprite.height))


class Camera:
    """The camera's faults for one clip: brightness, flicker, tint and noise, all drawn from `rng`."""

    _NOISE = np.random.default_rng(7).standard_normal((64, 96, 96, 3)).astype(np.float32)

    def __init__(self, rng: random.Random) -> None:
        self.gain = rng.uniform(0.8, 1.15)
        self.tint = np.array([rng.uniform(0.95, 1.05) for _ in range(3)], np.float32)
        self.flicker = rng.choice([0.0, 0.015, 0.04])
        self.noise = rng.choice([0.0, 0.0, 2.0, 5.0, 9.0])
        self.rng = rng

    def apply(self, picture: np.ndarray) -> np.ndarray:
        """uint8 [h <= 96, w <= 96, 3] -> the same shape, with the faults."""
        h, w = picture.shape[:2]
        gain = self.gain * (1 + self.rng.gauss(0, self.flicker)) * self.tint
        result = picture.astype(np.float32) * gain
        if self.noise:
            result += self.noise * self._NOISE[self.rng.randrange(64), :h, :w]
        return np.clip(result, 0, 255).astype(np.uint8)
