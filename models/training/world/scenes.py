"""Backgrounds: one drawing function per named scene. Each is drawn large once and reused; `rng` varies its details."""

from __future__ import annotations

import random
from collections.abc import Callable

from PIL import Image, ImageDraw

from .more_scenes import desk, farm, pitch, shop
from .shading import gradient, shade


def draw_scene(name: str, width: int, height: int, seed: int) -> Image.Image:
    """An RGB picture of the scene; the same name, size and seed always give the same picture."""
    rng = random.Random(f"{name}:{seed}")
    image = Image.new("RGB", (width * 2, height * 2))
    _PAINTERS[name](ImageDraw.Draw(image), width * 2, height * 2, rng)
    return image.resize((width, height), Image.Resampling.LANCZOS)


def _street(draw: ImageDraw.ImageDraw, w: int, h: int, rng: random.Random) -> None:
    gradient(draw, (0, 0, w, h), shade(rng, (150, 190, 225)), shade(rng, (215, 225, 235)))
    road, x = round(h * rng.uniform(0.68, 0.74)), 0
    while x < w:
        width = round(w * rng.uniform(0.10, 0.2))
        top = round(h * rng.uniform(0.1, 0.36))
        wall = shade(rng, rng.choice([(176, 112, 92), (196, 168, 130), (140, 140, 150), (170, 128, 110)]), 18)
        draw.rectangle([x, top, x + width, road], fill=wall)
        step = max(8, width // 4)
        for wx in range(x + step // 2, x + width - step // 2, step):
            for wy in range(top + step // 2, road - step, step):
                draw.rectangle([wx, wy, wx + step // 2, wy + step // 2], fill=shade(rng, (70, 84, 110), 12))
        x += width + 2
    draw.rectangle([0, road, w, h], fill=shade(rng, (92, 92, 98)))
    draw.rectangle([0, road, w, road + h // 40], fill=(190, 190, 186))
    for x in range(0, w, w // 7):
        draw.rectangle([x, (road + h) // 2, x + w // 14, (road + h) // 2 + h // 60], fill=(236, 232, 200))


def _beach(draw: ImageDraw.ImageDraw, w: int, h: int, rng: random.Random) -> None:
    sea, sand = round(h * rng.uniform(0.36, 0.44)), round(h * rng.uniform(0.58, 0.66))
    gradient(draw, (0, 0, w, sea), shade(rng, (96, 176, 240)), shade(rng, (190, 226, 246)))
    gradient(draw, (0, sea, w, sand), shade(rng, (24, 110, 180)), shade(rng, (64, 176, 200)))
    gradient(draw, (0, sand, w, h), shade(rng, (244, 222, 162)), shade(rng, (226, 196, 130)))
    x, r = round(w * rng.uniform(0.1, 0.9)), h // 12
    draw.ellipse([x - r, h // 12, x + r, h // 12 + 2 * r], fill=(255, 236, 130))
    for _ in range(9):
        x, y = rng.randint(0, w), rng.randint(sea, sand)
        draw.line([(x, y), (x + w // 12, y)], fill=(210, 238, 244), width=max(2, h // 150))


def _forest(draw: ImageDraw.ImageDraw, w: int, h: int, rng: random.Random) -> None:
    ground = round(h * rng.uniform(0.62, 0.7))
    gradient(draw, (0, 0, w, ground), shade(rng, (186, 216, 200)), shade(rng, (120, 168, 126)))
    gradient(draw, (0, ground, w, h), shade(rng, (84, 138, 62)), shade(rng, (56, 100, 44)))
    for _ in range(rng.randint(9, 13)):
        x, size = rng.randint(0, w), round(h * rng.uniform(0.3, 0.55))
        draw.rectangle([x - size // 16, ground - size // 5, x + size // 16, ground + size // 20], fill=(92, 62, 40))
        leaf = shade(rng, (34, 96, 48), 16)
        for level in range(3):
            top = ground - size + level * size // 4
            spread = size // 6 + level * size // 12
            draw.polygon([(x, top), (x - spread, top + size // 3), (x + spread, top + size // 3)], fill=leaf)


def _kitchen(draw: ImageDraw.ImageDraw, w: int, h: int, rng: random.Random) -> None:
    counter, tile = round(h * rng.uniform(0.66, 0.72)), max(12, h // 9)
    draw.rectangle([0, 0, w, counter], fill=shade(rng, (232, 236, 228)))
    for x in range(0, w, tile):
        draw.line([(x, 0), (x, counter)], fill=(196, 204, 204), width=3)
    for y in range(0, counter, tile):
        draw.line([(0, y), (w, y)], fill=(196, 204, 204), width=3)
    colour = shade(rng, rng.choice([(176, 96, 72), (120, 150, 170), (160, 124, 88)]))
    for x in range(0, w, w // 4):
        draw.rectangle([x + 4, 0, x + w // 4 - 4, h // 6], fill=colour)
        draw.rectangle([x + 4, counter + h // 16, x + w // 4 - 4, h], fill=colour)
    draw.rectangle([0, counter, w, counter + h // 18], fill=shade(rng, (112, 84, 64)))


def _night(draw: ImageDraw.ImageDraw, w: int, h: int, rng: random.Random) -> None:
    gradient(draw, (0, 0, w, h), shade(rng, (10, 14, 44), 6), shade(rng, (44, 46, 92), 8))
    for _ in range(90):
        x, y, r = rng.randint(0, w), rng.randint(0, round(h * 0.8)), rng.choice([1, 2, 2, 3]) * max(1, h // 360)
        draw.ellipse([x - r, y - r, x + r, y + r], fill=(236, 236, 210))
    x, r = round(w * rng.uniform(0.1, 0.9)), h // 11
    draw.ellipse([x - r, h // 14, x + r, h // 14 + 2 * r], fill=(240, 236, 200))
    for x in range(0, w, w // 12):
        draw.rectangle([x, round(h * rng.uniform(0.84, 0.92)), x + w // 12, h], fill=(14, 16, 30))


def _desert(draw: ImageDraw.ImageDraw, w: int, h: int, rng: random.Random) -> None:
    gradient(draw, (0, 0, w, h), shade(rng, (250, 196, 120)), shade(rng, (252, 226, 176)))
    for level, colour in enumerate([(214, 140, 78), (226, 154, 84), (200, 120, 60)]):
        base, points = h * (0.5 + 0.13 * level), [(0, h)]
        for step in range(9):
            points.append((w * step // 8, round(base + h * rng.uniform(-0.07, 0.07))))
        draw.polygon([*points, (w, h)], fill=shade(rng, colour))
    for _ in range(rng.randint(1, 3)):
        x, y, s = rng.randint(0, w), round(h * rng.uniform(0.52, 0.62)), h // 9
        draw.rectangle([x, y - s, x + s // 4, y + s], fill=(80, 124, 66))
        draw.rectangle([x - s // 2, y - s // 3, x + s * 3 // 4, y - s // 8], fill=(80, 124, 66))


def _snow(draw: ImageDraw.ImageDraw, w: int, h: int, rng: random.Random) -> None:
    gradient(draw, (0, 0, w, h), shade(rng, (170, 188, 208)), shade(rng, (222, 230, 240)))
    points = [(0, h), (0, round(h * rng.uniform(0.36, 0.55)))]
    points += [(round(w * part), round(h * rng.uniform(0.26, 0.6))) for part in (0.2, 0.4, 0.6, 0.8)]
    draw.polygon([*points, (w, round(h * 0.5)), (w, h)], fill=shade(rng, (196, 210, 228)))
    draw.ellipse([-w // 4, round(h * rng.uniform(0.58, 0.66)), round(w * 1.2), round(h * 1.7)], fill=(244, 248, 252))
    for _ in range(60):
        x, y, r = rng.randint(0, w), rng.randint(0, h), max(2, h // 150)
        draw.ellipse([x - r, y - r, x + r, y + r], fill=(255, 255, 255))


def _stage(draw: ImageDraw.ImageDraw, w: int, h: int, rng: random.Random) -> None:
    floor, red = round(h * rng.uniform(0.7, 0.78)), shade(rng, (150, 26, 36), 10)
    folds = rng.randint(12, 18)
    for fold in range(folds):
        darker = tuple(channel * (6 + fold % 2 * 3) // 10 for channel in red)
        draw.rectangle([w * fold // folds, 0, w * (fold + 1) // folds, floor], fill=red if fold % 3 else darker)
    draw.rectangle([0, 0, w, h // 12], fill=shade(rng, (196, 150, 60)))
    gradient(draw, (0, floor, w, h), shade(rng, (164, 112, 66)), shade(rng, (110, 70, 40)))


_PAINTERS: dict[str, Callable[[ImageDraw.ImageDraw, int, int, random.Random], None]] = {
    "street": _street, "beach": _beach, "forest": _forest, "kitchen": _kitchen,
    "night": _night, "desert": _desert, "snow": _snow, "stage": _stage,
    "farm": farm, "pitch": pitch, "desk": desk, "shop": shop,
}
