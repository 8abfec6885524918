"""Simulated detections as a video without loss: the numbers of a frame are the colours of its first rows of pixels, for `painted_eye.py` to read back.

Row `i` of the picture holds detection `i`: a box coordinate has twelve bits (red: the upper eight, green: the lower four), colours and class scores
have eight (red); the score, which is the best of the class scores, is left out. Row 16 holds the scene, halved, in twelve bits."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np

SIDE, ROWS, COLUMNS, SCENE = 300, 16, 88, 50
BOX, SCORE, COLOUR, CLASS = 4, 4, 5, 8
FINE, COARSE, SCENE_MOST = 4095, 255, 2.0


def paint(detections: np.ndarray, scenes: np.ndarray) -> np.ndarray:
    """detections [n, 16, 88] and scenes [n, 50] -> pictures [n, 300, 300, 3], uint8."""
    pictures = np.zeros((len(detections), SIDE, SIDE, 3), np.uint8)
    boxes, rest = _levels(detections[:, :, :BOX], FINE), _levels(detections[:, :, COLOUR:], COARSE)
    pictures[:, :ROWS, :BOX, 0], pictures[:, :ROWS, :BOX, 1] = boxes >> 4, boxes & 15
    pictures[:, :ROWS, COLOUR:COLUMNS, 0] = rest
    scene = _levels(scenes / SCENE_MOST, FINE)
    pictures[:, ROWS, :SCENE, 0], pictures[:, ROWS, :SCENE, 1] = scene >> 4, scene & 15
    return pictures


def as_painted(detections: np.ndarray, scenes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What is left of the numbers once painted, float32."""
    kept = _levels(detections, COARSE) / COARSE
    kept[:, :, :BOX] = _levels(detections[:, :, :BOX], FINE) / FINE
    kept[:, :, SCORE] = kept[:, :, CLASS:].max(2)
    return kept.astype(np.float32), (_levels(scenes / SCENE_MOST, FINE) / FINE * SCENE_MOST).astype(np.float32)


def write_video(detections: np.ndarray, scenes: np.ndarray, fps: float, path: Path) -> None:
    """The painted pictures as h264 in RGB, without loss and without anything that changes from run to run."""
    command = ["ffmpeg", "-y", "-loglevel", "error", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{SIDE}x{SIDE}", "-r", f"{fps:g}", "-i", "-",
               "-c:v", "libx264rgb", "-qp", "0", "-preset", "slow", "-g", "240", "-threads", "1", "-movflags", "+faststart", "-bitexact",
               "-map_metadata", "-1", str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        for first in range(0, len(detections), 64):
            process.stdin.write(paint(detections[first : first + 64], scenes[first : first + 64]).tobytes())
        process.stdin.close()
    if process.returncode:
        raise RuntimeError(f"ffmpeg failed on {path}")


def _levels(values: np.ndarray, most: int) -> np.ndarray:
    return np.round(np.clip(values, 0, 1).astype(np.float64) * most).astype(np.int64)
