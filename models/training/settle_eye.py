"""Settles the trained eye: folds a whitening of its frame embeddings into the projector's last layer.

Trained alone, the embeddings have a large constant part and a few strong directions; a decoder's residual stream starts far from
zero on them and learns many times more slowly. The map is linear and pooling is linear, so the projector can hold it."""

from __future__ import annotations

import argparse
import random
from pathlib import Path

import torch
from torch import Tensor

import checkpoints
from cache_features import FPS
from model import Eye, Shape
from world.legislator import sample_blueprint
from world.picture import render_clip

CLIPS = 60
# Directions weaker than this share of the mean variance are not blown up.
SHRINKAGE = 0.1
TARGET_RMS = 0.7


def whitening(embeds: Tensor) -> tuple[Tensor, Tensor]:
    """[n, hidden] -> mean [hidden] and symmetric map [hidden, hidden]: (x - mean) @ map has nearly equal variances, RMS as wanted."""
    mean = embeds.mean(0)
    values, vectors = torch.linalg.eigh(torch.cov((embeds - mean).T))
    scale = (values.clamp(min=0) + SHRINKAGE * values.mean()).rsqrt()
    matrix = vectors @ torch.diag(scale) @ vectors.T
    return mean, matrix * TARGET_RMS / ((embeds - mean) @ matrix).pow(2).mean().sqrt()


@torch.no_grad()
def fold(eye: Eye, mean: Tensor, matrix: Tensor) -> None:
    """Makes the eye give (x - mean) @ matrix where it gave x."""
    last = eye.projector[2]
    last.weight.copy_(matrix.T @ last.weight)
    last.bias.copy_((last.bias - mean) @ matrix)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--name", default="vision.pt")
    parser.add_argument("--out", default="eye.pt")
    options = parser.parse_args()
    stored = checkpoints.load(options.run / options.name)
    if stored is None:
        raise FileNotFoundError(f"no {options.name} in {options.run}: run train_vision.py first")
    torch.set_num_threads(1)
    eye, rng = Eye(Shape()), random.Random("settle")
    eye.load_state_dict(stored["eye"])
    eye.eval()
    with torch.inference_mode():
        embeds = torch.cat([eye(torch.from_numpy(render_clip(sample_blueprint(rng, duration=20), FPS, eye.shape.side, rng)[::2]))
                            for _ in range(CLIPS)]).flatten(0, 1)
    fold(eye, *whitening(embeds.clone()))
    checkpoints.save(options.run / options.out, {"eye": eye.state_dict()})


if __name__ == "__main__":
    main()
