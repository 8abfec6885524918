"""The detections of a video: ffmpeg samples and fits its pictures as the server does, vision.onnx looks at them."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnxruntime

SIDE = 300
SCALER = "area+accurate_rnd+full_chroma_int"
BATCH = 8


def open_vision(path: Path, threads: int = 1) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def detect_video(vision: onnxruntime.InferenceSession, video: Path, fps: float, fit: str = "stretch") -> tuple[np.ndarray, np.ndarray]:
    """`detections` [frames, 16, 88] and `scene` [frames, 50] of the first picture in each interval of 1 / fps seconds."""
    pictures = list(read_pictures(video, fps, fit))
    outputs = [vision.run(["detections", "scene"], {"pixel_values": pixel_values(pictures[at : at + BATCH])}) for at in range(0, len(pictures), BATCH)]
    return np.concatenate([detections for detections, _ in outputs]), np.concatenate([scene for _, scene in outputs])


def pixel_values(pictures: list[np.ndarray]) -> np.ndarray:
    return (np.stack(pictures).astype(np.float32) / 127.5 - 1).transpose(0, 3, 1, 2)


def read_pictures(video: Path, fps: float, fit: str = "stretch") -> Iterator[np.ndarray]:
    """Pictures of 300 x 300 RGB: stretched to the square, or fitted into it and padded black (`pad`)."""
    chosen = f"select='isnan(prev_selected_t)+gt(floor(t*{fps}+1e-6),floor(prev_selected_t*{fps}+1e-6))'"
    size = f"scale={SIDE}:{SIDE}:flags={SCALER}"
    filters = {
        "stretch": f"{chosen},{size},format=rgb24",
        "pad": f"{chosen},{size}:force_original_aspect_ratio=decrease,format=rgb24,pad={SIDE}:{SIDE}:(ow-iw)/2:(oh-ih)/2",
    }[fit]
    command = ["ffmpeg", "-v", "error", "-i", str(video), "-vf", filters, "-vsync", "0", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        while process.stdout is not None and len(data := process.stdout.read(SIDE * SIDE * 3)) == SIDE * SIDE * 3:
            yield np.frombuffer(data, np.uint8).reshape(SIDE, SIDE, 3)
