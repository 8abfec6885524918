"""Trains the vision tower and projector alone on single pictures. Resumes when started again with the same --run folder."""

from __future__ import annotations

import argparse
import math
import time
from pathlib import Path

import torch
from torch import nn
from torch.utils.data import DataLoader

import checkpoints
from model import Eye, Shape
from sight import PictureStream, SightReader, sight_figures, sight_loss


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True, help="folder for check-points and logs")
    parser.add_argument("--steps", type=int, default=3000)
    parser.add_argument("--batch", type=int, default=96)
    parser.add_argument("--rate", type=float, default=1.2e-3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--save-every", type=float, default=120, help="seconds between check-points")
    return parser.parse_args()


def rate_at(step: int, steps: int, top: float) -> float:
    """Linear warm-up over 200 steps, then a cosine to 2 % of the top."""
    return top * min(1.0, (step + 1) / 200) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(1.0, step / steps))))


def look(eye: Eye, reader: SightReader, pictures: torch.Tensor) -> dict[str, torch.Tensor]:
    """What the reader reads from the eye's view of pictures, uint8 [n, side, side, 3]."""
    patches = eye.patches(pictures)
    return reader(eye.pool(patches), patches)


@torch.no_grad()
def validate(eye: Eye, reader: SightReader, batches: list[dict[str, torch.Tensor]]) -> dict[str, float]:
    eye.eval()
    reads = [look(eye, reader, batch["pictures"]) for batch in batches]
    eye.train()
    joined = {name: torch.cat([read[name] for read in reads]) for name in reads[0]}
    return sight_figures(joined, {name: torch.cat([batch[name] for batch in batches]) for name in joined})


def main() -> None:
    options = arguments()
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    shape, path = Shape(), options.run / "vision.pt"
    eye, reader = Eye(shape), SightReader(shape)
    modules = nn.ModuleList([eye, reader])
    optimizer = torch.optim.AdamW(modules.parameters(), lr=options.rate, betas=(0.9, 0.98), weight_decay=0.02)
    stored = checkpoints.load(path)
    step, seconds = 0, 0.0
    if stored:
        eye.load_state_dict(stored["eye"])
        reader.load_state_dict(stored["reader"])
        optimizer.load_state_dict(stored["optimizer"])
        step, seconds = stored["step"], stored["seconds"]
    log = checkpoints.Log(options.run / "vision.jsonl", seconds)
    held_out = PictureStream("validation", 128, 99, shape)
    validation = [batch for batch, _ in zip(held_out, range(6))]
    stream = iter(DataLoader(PictureStream("train", options.batch, 100 + step, shape), batch_size=None, num_workers=1, prefetch_factor=4))
    saved, recent = time.monotonic(), 0.0
    while step < options.steps:
        batch = next(stream)
        for group in optimizer.param_groups:
            group["lr"] = rate_at(step, options.steps, options.rate)
        with torch.autocast("cpu", torch.bfloat16):
            patches = eye.patches(batch["pictures"])
        patches = patches.float()
        loss = sight_loss(reader(eye.pool(patches), patches), batch)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(modules.parameters(), 1.0)
        optimizer.step()
        step, recent = step + 1, 0.98 * recent + 0.02 * loss.item()
        if step % 200 == 0:
            log.write(step=step, loss=recent, **validate(eye, reader, validation))
        if time.monotonic() - saved > options.save_every or step == options.steps:
            saved = time.monotonic()
            checkpoints.save(path, {"eye": eye.state_dict(), "reader": reader.state_dict(), "optimizer": optimizer.state_dict(),
                                    "step": step, "seconds": log.seconds()})


if __name__ == "__main__":
    main()
