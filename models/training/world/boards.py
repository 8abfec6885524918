"""Signs and scoreboards."""

from __future__ import annotations

import functools

from PIL import Image, ImageDraw, ImageFont

TEXT_FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf"
SIGN_STYLES = [((24, 92, 60), (250, 250, 246)), ((28, 64, 140), (250, 250, 250)), ((178, 30, 36), (252, 250, 246)), ((246, 240, 214), (30, 30, 34))]
# Around letters that are 100 pixels high.
MARGIN, LEAST_WIDTH = 15, 150
SCORE_STYLE = ((18, 18, 24), (255, 214, 60))


@functools.lru_cache(maxsize=3000)
def board(kind: str, text: str, width: int, height: int, style: int) -> Image.Image:
    """A board with the text, RGB, at most `width` x `height` pixels. Numbers have a round frame, scores yellow digits."""
    ground, ink = SCORE_STYLE if kind == "score" else SIGN_STYLES[style]
    shown = text.replace("-", ":") if kind == "score" else text
    font = ImageFont.truetype(TEXT_FONT, 100)
    left, top, right, bottom = font.getbbox(shown)
    picture = Image.new("RGB", (max(LEAST_WIDTH, right - left + 2 * MARGIN), bottom - top + 2 * MARGIN), ground)
    draw = ImageDraw.Draw(picture)
    draw.text(((picture.width - (right - left)) / 2 - left, MARGIN - top), shown, font=font, fill=ink)
    draw.rectangle([3, 3, picture.width - 4, picture.height - 4], outline=ink, width=4)
    scale = min(width / picture.width, height / picture.height)
    return picture.resize((max(1, round(picture.width * scale)), max(1, round(picture.height * scale))), Image.Resampling.LANCZOS)


@functools.lru_cache(maxsize=None)
def letter_spans(text: str) -> list[tuple[str, float, float]]:
    """Each character with its left and right edge, as shares of the board's width."""
    font = ImageFont.truetype(TEXT_FONT, 100)
    left, _, right, _ = font.getbbox(text)
    width = max(LEAST_WIDTH, right - left + 2 * MARGIN)
    start = (width - (right - left)) / 2 - left
    return [(letter, (start + font.getlength(text[:index])) / width, (start + font.getlength(text[:index + 1])) / width)
            for index, letter in enumerate(text)]
