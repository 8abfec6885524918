"""Video files to what the model is given, by ffmpeg: the first picture at or after every tick, scaled, in the black square."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import numpy as np

from world.picture import fitted, letterbox


def decode(path: Path, fps: float, side: int, scaler: str = "bicubic") -> np.ndarray:
    """uint8 [frames, side, side, 3]; frame k is the first one whose time is at least k / fps."""
    probe = subprocess.run(["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries", "stream=width,height", "-of", "json", str(path)],
                           check=True, capture_output=True)
    stream = json.loads(probe.stdout)["streams"][0]
    width, height = fitted(stream["width"], stream["height"], side)
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-vf", f"select='gte(t,selected_n/{fps})',scale={width}:{height}:flags={scaler}",
               "-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    raw = subprocess.run(command, check=True, capture_output=True).stdout
    return np.stack([letterbox(picture, side) for picture in np.frombuffer(raw, np.uint8).reshape(-1, height, width, 3)])
