"""Shades of colours and gradients, as the backgrounds use them."""

from __future__ import annotations

import random

from PIL import ImageDraw

Colour = tuple[int, int, int]


def shade(rng: random.Random, colour: Colour, amount: int = 14) -> Colour:
    """The colour a little lighter or darker."""
    shift = rng.randint(-amount, amount)
    return tuple(max(0, min(255, channel + shift + rng.randint(-6, 6))) for channel in colour)  # type: ignore[return-value]


def gradient(draw: ImageDraw.ImageDraw, box: tuple[int, int, int, int], top: Colour, bottom: Colour) -> None:
    """Fills the box (left, upper, right, lower) from top to bottom."""
    left, upper, right, lower = box
    for y in range(upper, lower):
        part = (y - upper) / max(1, lower - upper)
        draw.line([(left, y), (right, y)], fill=tuple(round(a + (b - a) * part) for a, b in zip(top, bottom)))
