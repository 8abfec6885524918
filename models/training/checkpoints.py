"""Check-points of a training run: written to a temporary name and renamed, so that a kill never leaves half a file."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import torch


def save(path: Path, state: dict[str, Any]) -> None:
    """Writes atomically."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    torch.save(state, partial)
    os.replace(partial, path)


def load(path: Path) -> dict[str, Any] | None:
    """The stored state, or None when there is none."""
    return torch.load(path, map_location="cpu", weights_only=True) if path.exists() else None


class Log:
    """Figures as JSON lines; `base_seconds` is the training time of earlier runs."""

    def __init__(self, path: Path, base_seconds: float = 0.0) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path, self.base, self.started = path, base_seconds, time.monotonic()

    def seconds(self) -> float:
        """Training time so far, over all runs."""
        return self.base + time.monotonic() - self.started

    def write(self, **figures: float | int | str) -> None:
        record = {"seconds": round(self.seconds(), 1)} | {
            name: round(value, 5) if isinstance(value, float) else value for name, value in figures.items()}
        with self.path.open("a") as file:
            file.write(json.dumps(record) + "\n")
        print(record, flush=True)
