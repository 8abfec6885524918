"""Makes letterbox.json: pictures, and what OpenCV makes of them in the reference's way (bilinear resize, black border).

    pip install opencv-python-headless==4.11.0.86 "numpy<2.3"
    python make-letterbox-golden.py

The pictures are not stored: they come from a generator of random numbers that the test repeats. Small results are stored whole,
large ones as a CRC-32.
"""
import json
import pathlib
import zlib

import cv2
import numpy as np

# width, height, side
CASES = [
    (8, 6, 8), (6, 8, 8), (7, 5, 4), (5, 7, 4), (16, 16, 8), (16, 8, 8), (8, 16, 8), (3, 3, 8), (1, 1, 4), (1, 5, 4), (5, 1, 4),
    (2, 2, 8), (13, 11, 5), (40, 3, 8), (3, 40, 8), (17, 9, 6), (9, 17, 6),
    (64, 48, 24), (1280, 720, 384), (720, 1280, 384), (854, 480, 384), (768, 432, 384), (1920, 1080, 384), (640, 480, 384),
    (320, 240, 384), (321, 241, 384), (768, 768, 384), (1000, 37, 384), (37, 1000, 384), (176, 144, 96),
]


def noise(width, height):
    """A linear congruential generator (Numerical Recipes' constants), the upper byte of each state."""
    count = width * height * 3
    values = np.empty(count, np.uint8)
    state = (width * 65537 + height) & 0xFFFFFFFF
    for i in range(count):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        values[i] = state >> 24
    return values.reshape(height, width, 3)


def letterbox(picture, side):
    height, width, _ = picture.shape
    if width > height:
        new_width, new_height = side, max(1, int((height / width) * side))
    else:
        new_width, new_height = max(1, int((width / height) * side)), side
    resized = cv2.resize(picture, (new_width, new_height))
    rows, columns = side - new_height, side - new_width
    return cv2.copyMakeBorder(
        resized, rows // 2, (rows + 1) // 2, columns // 2, (columns + 1) // 2, cv2.BORDER_CONSTANT, value=(0, 0, 0))


def main():
    cases = []
    for width, height, side in CASES:
        rgb = letterbox(noise(width, height), side)
        case = {"width": width, "height": height, "side": side, "crc32": zlib.crc32(rgb.tobytes())}
        if side <= 8:
            case["rgb"] = rgb.reshape(-1).tolist()
        cases.append(case)
    lines = ",\n".join("  " + json.dumps(case) for case in cases)
    path = pathlib.Path(__file__).with_name("letterbox.json")
    path.write_text('{"opencv": "%s", "cases": [\n%s\n]}\n' % (cv2.__version__, lines))


main()
