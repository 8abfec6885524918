"""Painting a thing in one colour while its drawing stays visible."""

from __future__ import annotations

import functools

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from .vocabulary import COLOURS, THINGS

EMOJI_FONT = "/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf"
EMOJI_SIZE = 109
# How much of the thing's own colours is covered.
COVERAGE = 0.85
# A painted thing must differ from the unpainted one by this mean distance of RGB values, or nobody could tell.
LEAST_DIFFERENCE = 55.0


@functools.lru_cache(maxsize=None)
def glyph(emoji: str) -> Image.Image:
    """The glyph, RGBA, cut to its ink."""
    font = ImageFont.truetype(EMOJI_FONT, EMOJI_SIZE)
    canvas = Image.new("RGBA", (150, 150))
    ImageDraw.Draw(canvas).text((5, 5), emoji, font=font, embedded_color=True)
    return canvas.crop(canvas.getbbox())


@functools.lru_cache(maxsize=None)
def painted(thing: str, colour: str) -> Image.Image:
    """The thing's glyph in a colour ("" for its own): light and shade of the drawing, stretched, times the colour."""
    own = glyph(THINGS[thing].emoji)
    if not colour:
        return own
    values = np.asarray(own, np.float32)
    light, opaque = values[..., :3] @ np.array([0.3, 0.59, 0.11], np.float32), values[..., 3] > 128
    low, high = np.percentile(light[opaque], [5, 95])
    shade = 0.45 + 0.75 * np.clip((light - low) / max(1.0, high - low), 0, 1)
    cover = np.clip(shade[..., None] * np.array(COLOURS[colour], np.float32), 0, 255)
    mixed = COVERAGE * cover + (1 - COVERAGE) * values[..., :3]
    return Image.fromarray(np.concatenate([mixed, values[..., 3:]], 2).astype(np.uint8), "RGBA")


@functools.lru_cache(maxsize=None)
def can_be_painted(thing: str, colour: str) -> bool:
    """Whether the colour shows on this thing: a red apple painted red would look as before."""
    before, after = (np.asarray(picture.resize((24, 24)), np.float32) for picture in (painted(thing, ""), painted(thing, colour)))
    opaque = before[..., 3] > 128
    return float(np.abs(after - before)[opaque][:, :3].mean(0).max()) > LEAST_DIFFERENCE
