"""Further backgrounds: a farm, a football pitch, a desk, a shop. Coordinates are shares of the picture."""

from __future__ import annotations

import random

from PIL import ImageDraw

from .shading import gradient, shade


def farm(draw: ImageDraw.ImageDraw, w: int, h: int, rng: random.Random) -> None:
    """A red barn and a fence on a meadow."""
    ground = round(h * rng.uniform(0.5, 0.58))
    gradient(draw, (0, 0, w, ground), shade(rng, (126, 190, 240)), shade(rng, (216, 234, 244)))
    gradient(draw, (0, ground, w, h), shade(rng, (132, 178, 78)), shade(rng, (92, 142, 56)))
    for row in range(5):
        y = ground + round((h - ground) * (0.3 + 0.16 * row))
        draw.line([(0, y), (w, y - h // 30)], fill=shade(rng, (116, 162, 66), 6), width=max(2, h // 90))
    left, size = round(w * rng.choice([rng.uniform(0.02, 0.2), rng.uniform(0.6, 0.76)])), round(h * rng.uniform(0.26, 0.34))
    wall, roof = shade(rng, (170, 52, 44)), shade(rng, (110, 92, 84))
    draw.rectangle([left, ground - size, left + size, ground + h // 40], fill=wall)
    draw.polygon([(left - size // 8, ground - size), (left + size // 2, ground - size * 3 // 2), (left + size + size // 8, ground - size)], fill=roof)
    draw.rectangle([left + size // 3, ground - size // 2, left + size * 2 // 3, ground + h // 40], fill=(232, 224, 208))
    draw.line([(left + size // 3, ground - size // 2), (left + size * 2 // 3, ground + h // 40)], fill=wall, width=max(2, size // 24))
    post, rail = max(3, w // 90), ground + h // 16
    for x in range(rng.randrange(w // 12), w, w // 12):
        draw.rectangle([x, rail - h // 30, x + post, rail + h // 22], fill=(214, 200, 176))
    for y in (rail - h // 60, rail + h // 60):
        draw.rectangle([0, y, w, y + max(2, h // 120)], fill=(214, 200, 176))


def pitch(draw: ImageDraw.ImageDraw, w: int, h: int, rng: random.Random) -> None:
    """A football pitch in stripes, a crowd behind it, a goal at one end."""
    crowd, grass = round(h * rng.uniform(0.3, 0.38)), round(h * rng.uniform(0.42, 0.46))
    gradient(draw, (0, 0, w, crowd), shade(rng, (60, 66, 92)), shade(rng, (96, 100, 124)))
    dot = max(3, h // 60)
    for _ in range(420):
        x, y = rng.randrange(w), rng.randrange(crowd // 3, crowd)
        draw.ellipse([x, y, x + dot, y + dot], fill=shade(rng, rng.choice([(200, 90, 80), (90, 120, 190), (214, 204, 180), (120, 110, 110)]), 20))
    draw.rectangle([0, crowd, w, grass], fill=shade(rng, (216, 216, 220)))
    stripes = rng.randint(6, 9)
    for stripe in range(stripes):
        green = shade(rng, (70, 150, 66) if stripe % 2 else (84, 168, 78), 5)
        draw.polygon([(w * stripe // stripes, grass), (w * (stripe + 1) // stripes, grass),
                      (w * (2 * stripe + 2 - stripes // 2) // stripes, h), (w * (2 * stripe - stripes // 2) // stripes, h)], fill=green)
    line, middle = max(2, h // 130), round(w * rng.uniform(0.42, 0.58))
    draw.line([(middle, grass), (middle, h)], fill=(236, 242, 236), width=line)
    draw.ellipse([middle - w // 6, h * 6 // 10, middle + w // 6, h * 9 // 10], outline=(236, 242, 236), width=line)
    goal = round(w * rng.choice([0.03, 0.83]))
    draw.rectangle([goal, grass - h // 8, goal + w // 7, grass + h // 50], outline=(246, 246, 246), width=line * 2)
    for x in range(goal, goal + w // 7, max(4, w // 60)):
        draw.line([(x, grass - h // 8), (x, grass + h // 50)], fill=(190, 196, 200), width=1)


def desk(draw: ImageDraw.ImageDraw, w: int, h: int, rng: random.Random) -> None:
    """A wooden desk before a wall with a window and a shelf."""
    edge = round(h * rng.uniform(0.58, 0.66))
    gradient(draw, (0, 0, w, edge), shade(rng, rng.choice([(206, 214, 222), (226, 214, 196), (190, 206, 196)])), shade(rng, (222, 220, 214)))
    left, top, width = round(w * rng.uniform(0.06, 0.6)), round(h * 0.07), round(w * rng.uniform(0.22, 0.3))
    draw.rectangle([left, top, left + width, edge - h // 8], fill=(240, 240, 236))
    pane = max(4, w // 80)
    gradient(draw, (left + pane, top + pane, left + width - pane, edge - h // 8 - pane), shade(rng, (140, 190, 232)), shade(rng, (206, 226, 236)))
    draw.rectangle([left + width // 2 - pane // 2, top, left + width // 2 + pane // 2, edge - h // 8], fill=(240, 240, 236))
    shelf = left + width + w // 20 if left < w // 3 else w // 20
    draw.rectangle([shelf, h * 2 // 5, shelf + w // 4, h * 2 // 5 + max(3, h // 50)], fill=shade(rng, (140, 100, 66)))
    x = shelf + w // 80
    while x < shelf + w // 4 - w // 30:
        thick, tall = rng.randint(w // 80, w // 40), rng.randint(h // 9, h // 6)
        draw.rectangle([x, h * 2 // 5 - tall, x + thick, h * 2 // 5], fill=shade(rng, rng.choice([(150, 84, 74), (86, 112, 140), (120, 132, 92), (170, 150, 110)])))
        x += thick + 2
    gradient(draw, (0, edge, w, h), shade(rng, (178, 128, 82)), shade(rng, (140, 94, 56)))
    for _ in range(7):
        y = rng.randint(edge, h)
        draw.line([(0, y), (w, y + rng.randint(-h // 60, h // 60))], fill=shade(rng, (150, 104, 64), 6), width=2)


def shop(draw: ImageDraw.ImageDraw, w: int, h: int, rng: random.Random) -> None:
    """Shelves full of boxes above a counter, a striped awning over them."""
    counter = round(h * rng.uniform(0.64, 0.7))
    draw.rectangle([0, 0, w, counter], fill=shade(rng, (198, 182, 160)))
    rows, top = 3, h // 8
    for row in range(rows):
        y = top + (counter - top) * (row + 1) // rows
        x = 0
        while x < w:
            wide, tall = rng.randint(w // 26, w // 12), rng.randint(h // 14, (counter - top) // rows - h // 40)
            draw.rectangle([x, y - tall, x + wide, y], fill=shade(rng, rng.choice([(176, 150, 120), (150, 160, 150), (184, 166, 140), (140, 130, 140)]), 12))
            x += wide + rng.randint(2, w // 40)
        draw.rectangle([0, y, w, y + max(3, h // 50)], fill=shade(rng, (128, 98, 70)))
    stripe, colour = w // rng.randint(12, 16), shade(rng, rng.choice([(178, 64, 60), (66, 120, 108), (84, 92, 150)]))
    for number, x in enumerate(range(0, w, stripe)):
        draw.rectangle([x, 0, x + stripe, h // 11], fill=colour if number % 2 else (240, 236, 228))
        draw.ellipse([x, h // 11 - stripe // 3, x + stripe, h // 11 + stripe // 3], fill=colour if number % 2 else (240, 236, 228))
    gradient(draw, (0, counter, w, h), shade(rng, (150, 116, 84)), shade(rng, (110, 82, 58)))
    draw.rectangle([0, counter, w, counter + h // 24], fill=shade(rng, (92, 66, 46)))
