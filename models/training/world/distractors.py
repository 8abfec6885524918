"""What is in the picture but never worth a word: scenery, specks and birds. None of it is among the world's things."""

from __future__ import annotations

import math
import random

from PIL import Image, ImageDraw

from .colouring import glyph

SCENERY: list[str] = ["🌳", "🌲", "🌵", "🏠", "⛺", "🪨", "🌿", "🏢"]


class Distractors:
    """Those of one clip, drawn from `rng`."""

    def __init__(self, rng: random.Random, lively: bool) -> None:
        self.specks = [(rng.random(), rng.random(), rng.uniform(-0.05, 0.05), rng.randint(90, 255)) for _ in range(
            rng.choice([0, 0, 3, 6]) if lively else 0)]
        self.birds = [(rng.random(), rng.uniform(0.05, 0.4), rng.uniform(0.02, 0.12) * rng.choice([-1, 1])) for _ in range(
            rng.choice([0, 0, 0, 1, 3]) if lively else 0)]
        self.scenery = [(rng.choice(SCENERY), rng.random(), rng.uniform(0.36, 0.48), rng.uniform(0.08, 0.14)) for _ in range(
            rng.choice([0, 0, 1, 2]) if lively else 0)]

    def paint(self, picture: Image.Image, time: float) -> None:
        """Onto the background, behind everything else."""
        draw, (width, height) = ImageDraw.Draw(picture), picture.size
        for emoji, x, y, size in self.scenery:
            sprite = glyph(emoji)
            scale = width * size / max(sprite.size)
            sprite = sprite.resize((max(1, round(sprite.width * scale)), max(1, round(sprite.height * scale))))
            picture.paste(sprite, (round(x * width - sprite.width / 2), round(y * height - sprite.height / 2)),
                          sprite.getchannel("A").point(lambda alpha: alpha * 3 // 5))
        radius = max(1, width // 120)
        for x, y, speed, tone in self.specks:
            px, py = (x + speed * time) % 1 * width, (y + 0.03 * math.sin(time + 9 * x)) % 1 * height
            draw.ellipse([px - radius, py - radius, px + radius, py + radius], fill=(tone, tone, 200))
        for x, y, speed in self.birds:
            self._bird(draw, (x + speed * time) % 1.2 * width, (y + 0.02 * math.sin(2 * time)) * height, width / 40, math.sin(6 * time + 9 * x))

    @staticmethod
    def _bird(draw: ImageDraw.ImageDraw, x: float, y: float, span: float, beat: float) -> None:
        draw.line([(x - span, y - span * 0.6 * beat), (x, y), (x + span, y - span * 0.6 * beat)], fill=(40, 40, 48), width=max(1, round(span / 4)))
