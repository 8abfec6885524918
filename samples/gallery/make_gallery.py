"""Composes `samples/clips/gallery.mp4`: photographs on a brick wall, past which a camera goes, with cuts to two of them.

    pip download --no-deps --only-binary=:all: scikit-image==0.26.0 && unzip scikit_image-*.whl 'skimage/data/*'
    python samples/gallery/make_gallery.py --photographs skimage/data

Needs numpy, Pillow and ffmpeg with libx264. README.md beside it says where each photograph comes from and what its licence is.
"""

from __future__ import annotations

import argparse
import math
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter, ImageOps

WIDTH, HEIGHT, FPS = 640, 360, 15
HERE = Path(__file__).parent


@dataclass(frozen=True)
class Hung:
    """A photograph on the wall: its file, the left edge of its frame, and its height, in pixels of the wall."""

    name: str
    left: int
    height: int


WALL = 2950
HUNG = (Hung("chelsea", 760, 236), Hung("astronaut", 1420, 290), Hung("camera", 1748, 290), Hung("coffee", 2330, 250))


@dataclass(frozen=True)
class Walk:
    """Along the wall: from one left edge of the picture to another, in seconds, beginning and ending gently."""

    start: int
    end: int
    seconds: float


@dataclass(frozen=True)
class Close:
    """One photograph that fills the picture, at a magnification that changes slowly."""

    name: str
    start: float
    end: float
    seconds: float


SHOTS = (
    Walk(40, 40, 0.5), Walk(40, 650, 3.0), Walk(650, 650, 4.0), Walk(650, 1130, 3.5), Walk(1130, 1420, 3.0), Walk(1420, 1420, 5.0),
    Walk(1420, 2200, 5.0), Walk(2200, 2200, 3.5), Close("coffee", 1.3, 1.0, 4.0), Close("chelsea", 1.0, 1.15, 5.0), Walk(40, 40, 4.0),
)


def read(folder: Path, name: str) -> Image.Image:
    return Image.open(folder / f"{name}.png").convert("RGB")


def make_wall(folder: Path) -> Image.Image:
    """Bricks, a little blurred as behind the plane of focus, with white frames around the photographs."""
    brick = read(folder, "brick").rotate(90).resize((HEIGHT, HEIGHT)).filter(ImageFilter.GaussianBlur(1.2))
    tinted = Image.fromarray((np.asarray(brick, np.float32) * (0.95, 0.83, 0.74)).clip(0, 255).astype(np.uint8))
    wall = Image.new("RGB", (WALL, HEIGHT))
    # Every second one mirrored, so that no seam shows.
    for index, left in enumerate(range(0, WALL, HEIGHT)):
        wall.paste(tinted if index % 2 == 0 else ImageOps.mirror(tinted), (left, 0))
    for hung in HUNG:
        picture = read(folder, hung.name)
        picture = picture.resize((round(picture.width * hung.height / picture.height), hung.height), Image.Resampling.LANCZOS)
        top = (HEIGHT - hung.height) // 2
        wall.paste((32, 30, 28), (hung.left - 3, top - 13, hung.left + picture.width + 23, top + hung.height + 17))
        wall.paste((240, 238, 232), (hung.left, top - 10, hung.left + picture.width + 20, top + hung.height + 10))
        wall.paste(picture, (hung.left + 10, top))
    return wall


def gently(part: float) -> float:
    return part * part * (3 - 2 * part)


def seen(image: Image.Image, left: float, top: float, width: float, height: float) -> Image.Image:
    """A part of an image, at fractions of a pixel, as the size of the clip."""
    return image.transform((WIDTH, HEIGHT), Image.Transform.EXTENT, (left, top, left + width, top + height), Image.Resampling.BICUBIC)


def frames(folder: Path) -> Iterator[Image.Image]:
    wall = make_wall(folder)
    for shot in SHOTS:
        count = round(shot.seconds * FPS)
        for index in range(count):
            part = index / count
            if isinstance(shot, Walk):
                # A camera in the hand is never quite still.
                left = shot.start + (shot.end - shot.start) * gently(part) + 1.5 * math.sin(index / 9)
                yield seen(wall, left, 4 + 1.2 * math.sin(index / 6), WIDTH - 8 * WIDTH / HEIGHT, HEIGHT - 8)
            else:
                photograph = read(folder, shot.name)
                height = photograph.width * HEIGHT / WIDTH / (shot.start + (shot.end - shot.start) * part)
                width = height * WIDTH / HEIGHT
                yield seen(photograph, (photograph.width - width) / 2, (photograph.height - height) / 2, width, height)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photographs", type=Path, required=True, help="the folder skimage/data of the scikit-image wheel")
    parser.add_argument("--out", type=Path, default=HERE.parent / "clips" / "gallery.mp4")
    options = parser.parse_args()
    encode = ["ffmpeg", "-y", "-v", "error", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{WIDTH}x{HEIGHT}", "-r", str(FPS), "-i", "-",
              "-c:v", "libx264", "-preset", "slow", "-crf", "25", "-pix_fmt", "yuv420p", "-g", str(FPS * 4), "-bitexact", "-movflags", "+faststart", str(options.out)]
    with subprocess.Popen(encode, stdin=subprocess.PIPE) as ffmpeg:
        assert ffmpeg.stdin is not None
        for frame in frames(options.photographs):
            ffmpeg.stdin.write(frame.tobytes())
        ffmpeg.stdin.close()
    if ffmpeg.returncode != 0:
        raise SystemExit(f"ffmpeg failed with {ffmpeg.returncode}")


if __name__ == "__main__":
    main()
