"""How the learning rate moves over a training that may be stopped and prolonged."""

from __future__ import annotations

import math
from pathlib import Path

import checkpoints

# The last part of the training time, over which the rate falls. A training that is prolonged goes on from before its fall.
FALL = 0.25


def rate_at(seconds: float, total: float, step: int, top: float) -> float:
    """Warm-up over 150 steps, a plateau, and over the last part of the training time a fall to 3 % of the top by 1 - sqrt(x)
    (Haegele et al. 2024, "Scaling laws and compute-optimal training beyond fixed training durations")."""
    fallen = max(0.0, min(1.0, 1 - (total - seconds) / (FALL * total)))
    return top * min(1.0, (step + 1) / 150) * (1 - 0.97 * math.sqrt(fallen))


def stored_state(run: Path, name: str, plateau_name: str, total: float) -> dict[str, object] | None:
    """The check-point to go on from: where the rate had fallen and the training is now prolonged, the one from before the fall."""
    newest, plateau = checkpoints.load(run / name), checkpoints.load(run / plateau_name)
    prolonged = newest is not None and plateau is not None and newest.get("total", total) < total
    return plateau if prolonged else newest
