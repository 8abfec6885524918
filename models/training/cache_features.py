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
from world.picture import render_clip
from world.search import Search

FPS = 2.0
CLIPS_PER_SHARD = 100


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True, help="folder that holds eye.pt; shards go to its features/ folder")
    parser.add_argument("--split", choices=["train", "validation", "test"], default="train")
    parser.add_argument("--shards", type=int, default=30)
    parser.add_argument("--first", type=int, default=0, help="number of the first shard")
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


def read_ability(run: Path) -> dict[str, float]:
    """What the model in training can do at present; nothing is known before it has begun."""
    path = run / "ability.json"
    return json.loads(path.read_text()) if path.exists() else {}


@torch.inference_mode()
def make_shard(eye: Eye, search: Search) -> dict[str, object]:
    """One shard: features fp16 [frames of all clips, tokens, hidden], offsets per clip, blueprints as JSON strings."""
    rng, features, blueprints, offsets = search.rng, [], [], [0]
    for _ in range(CLIPS_PER_SHARD):
        blueprint = search.propose()
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
    search = Search(random.Random(0), options.split)
    for number in range(options.first, options.shards):
        path = folder / f"{options.split}-{number:03d}.pt"
        if path.exists():
            continue
        partial = path.with_suffix(".partial")
        # Only training clips follow the model's failures, or figures of different days could not be compared.
        search.rng = random.Random(f"{options.split}-{number}")
        search.ability = read_ability(options.run) if options.split == "train" else {}
        torch.save(make_shard(eye, search), partial)
        os.replace(partial, path)
        print(path.name, json.dumps({"evenness": search.spread.evenness(), "rejected": search.rejected}), flush=True)


if __name__ == "__main__":
    main()
