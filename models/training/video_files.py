"""Painted clips as video files."""

from __future__ import annotations

import subprocess
from pathlib import Path

from world.blueprint import Blueprint
from world.executor import Painter


def write_clip(blueprint: Blueprint, size: tuple[int, int], fps: int, path: Path) -> None:
    """Paints every picture and encodes h264 yuv420p, without anything that changes from run to run."""
    width, height = size
    command = ["ffmpeg", "-y", "-loglevel", "error", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}", "-r", str(fps),
               "-i", "-", "-c:v", "libx264", "-preset", "slow", "-crf", "26", "-pix_fmt", "yuv420p", "-g", str(fps * 2),
               "-threads", "1", "-movflags", "+faststart", "-bitexact", "-map_metadata", "-1", str(path)]
    painter = Painter(blueprint, width, height)
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        for index in range(int(blueprint.duration * fps)):
            process.stdin.write(painter.paint(index / fps).tobytes())
        process.stdin.close()
    if process.returncode:
        raise RuntimeError(f"ffmpeg failed on {path}")
