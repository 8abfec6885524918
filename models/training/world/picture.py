"""From a painted picture to what the model is given: scaling, compression and the black square around it."""

from __future__ import annotations

import io
import random

import numpy as np
from PIL import Image

from .blueprint import Blueprint
from .camera import Camera
from .executor import Box, Painter

FILTERS = [Image.Resampling.BOX, Image.Resampling.BILINEAR, Image.Resampling.BICUBIC, Image.Resampling.LANCZOS, Image.Resampling.NEAREST]
FILTER_WEIGHTS = [3, 3, 3, 1, 0.6]


def fitted(width: int, height: int, side: int) -> tuple[int, int]:
    """The size after the longer side has become `side`, the other one truncated."""
    longer = max(width, height)
    return (side, max(1, height * side // longer)) if width == longer else (max(1, width * side // longer), side)


def letterbox(picture: np.ndarray, side: int) -> np.ndarray:
    """uint8 [h, w, 3] with h, w <= side -> [side, side, 3], black around it, the odd pixel at the bottom and right."""
    h, w = picture.shape[:2]
    square = np.zeros((side, side, 3), np.uint8)
    top, left = (side - h) // 2, (side - w) // 2
    square[top:top + h, left:left + w] = picture
    return square


def render_clip(blueprint: Blueprint, fps: float, side: int, rng: random.Random) -> np.ndarray:
    """The whole clip as the model sees it: uint8 [frames, side, side, 3]."""
    return render_at(blueprint, [index / fps for index in range(int(blueprint.duration * fps))], side, rng)[0]


def render_at(blueprint: Blueprint, times: list[float], side: int, rng: random.Random) -> tuple[np.ndarray, list[list[Box]]]:
    """The clip's pictures at the given times, with one camera's faults: uint8 [times, side, side, 3]; and what is where in them."""
    ratio = blueprint.aspect[0] / blueprint.aspect[1]
    small = fitted(round(1000 * ratio), 1000, side)
    painter = Painter(blueprint, small[0] * 2, small[1] * 2)
    camera, resample = Camera(rng), rng.choices(FILTERS, FILTER_WEIGHTS)[0]
    quality = rng.choice([None, None, 50, 75, 90])
    frames, boxes = [], []
    left, top = (side - small[0]) // 2, (side - small[1]) // 2
    for time in times:
        picture = painter.paint(time)
        if quality is not None:
            picture = _compressed(picture, quality)
        frames.append(letterbox(camera.apply(picture.resize(small, resample)), side))
        boxes.append([(name, colour, left + x0 / 2, top + y0 / 2, left + x1 / 2, top + y1 / 2)
                      for name, colour, x0, y0, x1, y1 in painter.boxes])
    return np.stack(frames), boxes


def _compressed(picture: Image.Image, quality: int) -> Image.Image:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=quality)
    return Image.open(buffer).convert("RGB")
