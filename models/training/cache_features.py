"""Renders clips, encodes them with the trained eye and stores the frame embeddings in shards the duet training reads."""

from __future__ import annotations

import argparse
import json
import os
import random
from pathlib import Path

import torch

import checkpoints
from model import Eye, Shape
from world.legislator import sample_blueprint
from world.picture import render_clip

FPS = 2.0
CLIPS_PER_SHARD = 100
# One long clip in so many, so that long contexts are known.
LONG_EVERY = 60


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True, help="folder that holds eye.pt; shards go to its features/ folder")
    parser.add_argument("--split", choices=["train", "validation", "test"], default="train")
    parser.add_argument("--shards", type=int, default=30)
    parser.add_argument("--name", default="eye.pt", help="the check-point to encode with")
    parser.add_argument("--folder", default="features")
    parser.add_argument("--threads", type=int, default=1)
    return parser.parse_args()


def load_eye(path: Path) -> Eye:
    """The eye of a vision or duet check-point, ready for inference."""
    stored = checkpoints.load(path)
    if stored is None:
        raise FileNotFoundError(f"no check-point at {path}: run train_vision.py and settle_eye.py first")
    eye = Eye(Shape())
    eye.load_state_dict(stored["eye"])
    return eye.eval()


@torch.inference_mode()
def make_shard(eye: Eye, split: str, number: int) -> dict[str, object]:
    """One shard: features fp16 [frames of all clips, tokens, hidden], offsets per clip, blueprints as JSON strings."""
    rng = random.Random(f"{split}-{number}")
    features, blueprints, offsets = [], [], [0]
    for index in range(CLIPS_PER_SHARD):
        duration = rng.uniform(150, 260) if index % LONG_EVERY == LONG_EVERY - 1 else None
        blueprint = sample_blueprint(rng, split, duration)
        frames = torch.from_numpy(render_clip(blueprint, FPS, eye.shape.side, rng))
        with torch.autocast("cpu", torch.bfloat16):
            features.append(torch.cat([eye(part) for part in frames.split(64)]).half())
        offsets.append(offsets[-1] + len(frames))
        blueprints.append(json.dumps(blueprint.to_json()))
    return {"features": torch.cat(features), "offsets": offsets, "blueprints": blueprints}


def main() -> None:
    options = arguments()
    torch.set_num_threads(options.threads)
    eye, folder = load_eye(options.run / options.name), options.run / options.folder
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(options.shards):
        path = folder / f"{options.split}-{number:03d}.pt"
        if path.exists():
            continue
        partial = path.with_suffix(".partial")
        torch.save(make_shard(eye, options.split, number), partial)
        os.replace(partial, path)
        print(path.name, flush=True)


if __name__ == "__main__":
    main()
