"""The camera's faults."""

from __future__ import annotations

import random

import numpy as np
from PIL import Image, ImageFilter


class Camera:
    """The faults of one clip: brightness, flicker, tint, blur and noise, all drawn from `rng`."""

    _LARGEST = 160
    _NOISE = np.random.default_rng(7).standard_normal((24, _LARGEST, _LARGEST, 3)).astype(np.float32)

    def __init__(self, rng: random.Random) -> None:
        self.gain = rng.uniform(0.8, 1.15)
        self.tint = np.array([rng.uniform(0.95, 1.05) for _ in range(3)], np.float32)
        self.flicker = rng.choice([0.0, 0.015, 0.04])
        self.noise = rng.choice([0.0, 0.0, 2.0, 5.0, 9.0])
        self.blur = rng.choice([0.0, 0.0, 0.0, 0.0, 0.5, 0.8])
        self.rng = rng

    def apply(self, picture: Image.Image) -> np.ndarray:
        """A picture of at most 160 x 160 pixels -> uint8 [h, w, 3] with the faults."""
        if self.blur:
            picture = picture.filter(ImageFilter.GaussianBlur(self.blur))
        values = np.asarray(picture)
        h, w = values.shape[:2]
        result = values.astype(np.float32) * (self.gain * (1 + self.rng.gauss(0, self.flicker)) * self.tint).astype(np.float32)
        if self.noise:
            result += self.noise * self._NOISE[self.rng.randrange(len(self._NOISE)), :h, :w]
        return np.clip(result, 0, 255).astype(np.uint8)
