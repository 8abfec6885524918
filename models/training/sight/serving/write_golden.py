"""Writes clips of detections and the slots that come out of them, by which another implementation of the association proves itself."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np

from sight.association import CLASSES, DETECTIONS, SCENE, follow


def clip(seed: int, fps: float, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Things that move, are missed, doubled, crowded and cut away: detections, scenes and times."""
    rng = np.random.default_rng(seed)
    things = [(rng.uniform(-0.2, 1.2), rng.uniform(0.2, 0.8), rng.normal(0, 0.15), rng.uniform(0.05, 0.5), int(rng.integers(CLASSES)))
              for _ in range(int(rng.integers(3, 20)))]
    detections, scenes, times = np.zeros((count, DETECTIONS, 88)), np.zeros((count, SCENE)), np.arange(count) / fps
    base = rng.uniform(0, 1, SCENE)
    for frame in range(count):
        if frame == count // 2:
            base = rng.uniform(0, 1, SCENE)
        scenes[frame] = np.round(np.clip(base + rng.normal(0, 0.005, SCENE), 0, 1), 4)
        row = 0
        for x, y, speed, size, kind in things:
            x = x + speed * times[frame] + rng.normal(0, 0.01)
            box = np.clip([x - size / 3, y - size / 2, x + size / 3, y + size / 2], 0, 1)
            if row == DETECTIONS or box[2] - box[0] < size / 4 or rng.random() < 0.2:
                continue
            score = rng.uniform(0.15, 0.98)
            detections[frame, row, :4], detections[frame, row, 4], detections[frame, row, 5:8] = box, score, rng.uniform(0, 1, 3)
            detections[frame, row, 8 + kind], detections[frame, row, 8 + (kind + 7) % CLASSES] = score, 0.4 * score
            row += 1
    return np.round(detections, 4), scenes, times


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    clips = []
    for seed, fps, count in ((1, 4.0, 48), (2, 5.0, 40), (3, 2.0, 40), (4, 4.0, 48)):
        detections, scenes, times = clip(seed, fps, count)
        slots, frames = follow(detections, scenes, times)
        clips.append({"times": times.tolist(), "scenes": scenes.tolist(),
                      "detections": [[row.tolist() for row in frame if row[4] > 0] for frame in detections],
                      "slots": np.round(slots.astype(float), 6).tolist(), "frames": np.round(frames.astype(float), 6).tolist()})
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps({"clips": clips}))


if __name__ == "__main__":
    main()
