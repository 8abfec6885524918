"""Makes text-maps.json: maps of where text is likely, and the boxes that OpenCV finds in them in the way of DBNet's authors.

    pip install opencv-python-headless==4.11.0.86 "numpy<2.3" pyclipper shapely
    python make-reading-golden.py

And sign.png: words on a plain ground, for tests that read them (DejaVu Sans, drawn by Pillow).
"""
import base64
import json
import pathlib
import zlib

import cv2
import numpy as np
import pyclipper
from PIL import Image, ImageDraw, ImageFont
from shapely.geometry import Polygon

HERE = pathlib.Path(__file__).parent
LIKELY, LEAST, WIDENING, THIN = 0.3, 0.6, 1.6, 3


def boxes(probabilities):
    """The post-processing of DB (Liao et al. 2020) as PaddleOCR has it, with its dilation and its score of the outline itself."""
    bitmap = cv2.dilate((probabilities > LIKELY).astype(np.uint8), np.ones((2, 2), np.uint8))
    contours, _ = cv2.findContours(bitmap * 255, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    found = []
    for contour in contours:
        rect = cv2.minAreaRect(contour)
        if min(rect[1]) < THIN:
            continue
        corners = cv2.boxPoints(rect)
        mask = np.zeros(probabilities.shape, np.uint8)
        cv2.fillPoly(mask, [contour], 1)
        if cv2.mean(probabilities, mask)[0] < LEAST:
            continue
        polygon = Polygon(corners)
        offset = pyclipper.PyclipperOffset()
        offset.AddPath(corners.tolist(), pyclipper.JT_ROUND, pyclipper.ET_CLOSEDPOLYGON)
        grown = cv2.minAreaRect(np.array(offset.Execute(polygon.area * WIDENING / polygon.length)[0]))
        if min(grown[1]) >= THIN + 2:
            found.append([[round(float(v), 2) for v in point] for point in cv2.boxPoints(grown)])
    return found


def bars(width, height, shapes):
    """A map with turned bars: (x, y, length, thickness, degrees, likelihood)."""
    likely = np.zeros((height, width), np.float32)
    for x, y, length, thick, degrees, value in shapes:
        corners = cv2.boxPoints(((x, y), (length, thick), degrees))
        cv2.fillPoly(likely, [corners.astype(np.int32)], value)
    # As bytes, from which the test makes the same numbers again.
    return (cv2.GaussianBlur(likely, (5, 5), 1) * 255).round().astype(np.uint8)


CASES = [
    (96, 64, [(48, 20, 60, 8, 0, 0.95), (40, 45, 40, 10, 0, 0.9)]),
    (96, 64, [(48, 32, 60, 9, 12, 0.95)]),
    (96, 64, [(40, 32, 50, 9, -25, 0.9), (84, 30, 6, 50, 0, 0.9)]),
    (96, 64, [(30, 20, 30, 8, 0, 0.45), (70, 44, 2, 2, 0, 1.0)]),
    (96, 64, [(2, 10, 30, 8, 0, 0.95), (94, 60, 20, 10, 0, 0.95)]),
    (64, 96, [(32, 48, 12, 80, 4, 0.99)]),
    (64, 64, []),
]

cases = []
for width, height, shapes in CASES:
    likely = bars(width, height, shapes)
    packed = base64.b64encode(zlib.compress(likely.tobytes(), 9)).decode()
    cases.append({"width": width, "height": height, "map": packed, "boxes": boxes(likely.astype(np.float32) / 255)})
(HERE / "text-maps.json").write_text(json.dumps({"opencv": cv2.__version__, "cases": cases}, indent=1) + "\n")

picture = Image.new("RGB", (640, 360), (196, 204, 190))
draw = ImageDraw.Draw(picture)
bold = "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf"
draw.rectangle((40, 60, 250, 150), fill=(176, 28, 32))
draw.text((62, 72), "STOP", font=ImageFont.truetype(bold, 62), fill=(250, 250, 250))
draw.text((400, 230), "Gate 42", font=ImageFont.truetype(bold, 40), fill=(24, 30, 44))
picture.save(HERE / "sign.png", optimize=True)
