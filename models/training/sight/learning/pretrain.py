"""Trains the frame tokens alone, by what is to be read off each frame: several times cheaper than with the decoder, which then begins with tokens that hold
what it is to tell. Goes on where it stopped when started again with the same --run; train.py begins with the result."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.utils.data import DataLoader, IterableDataset

import checkpoints
from schedule import rate_at
from sight.learning.lean import bf16
from sight.learning.losses import reading_losses
from sight.learning.student import SHAPE
from sight.lessons.readings import EVENTS, FRAME_SIZES, stream_targets
from sight.tokens import TOKENS, FrameTokens
from sight.world.stream import draw_stream

NAME, LOG_EVERY = "tokens.pt", 100


class Frames(IterableDataset):
    """Endless batches of frames of fresh streams, with what they hold."""

    def __init__(self, seed: int, size: int, fps: float) -> None:
        self.seed, self.size, self.fps = seed, size, fps

    def __iter__(self) -> Iterator[dict[str, Tensor]]:
        torch.set_num_threads(1)
        rng = np.random.default_rng(self.seed)
        while True:
            parts: list[dict[str, np.ndarray]] = []
            # Batches are mixed of several streams' frames.
            while sum(len(part["features"]) for part in parts) < 8 * self.size:
                stream = draw_stream(rng, rng.uniform(20, 60), self.fps)
                parts.append({"features": stream.slots, "facts": stream.frames} | stream_targets(stream))
            joined = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
            order = rng.permutation(len(joined["features"]))
            for begin in range(0, len(order) - self.size + 1, self.size):
                chosen = order[begin:begin + self.size]
                yield {name: torch.from_numpy(values[chosen]) for name, values in joined.items()}


class Reader(nn.Module):
    """Frame tokens and what is read off them."""

    def __init__(self) -> None:
        super().__init__()
        self.tokens = FrameTokens(SHAPE.hidden)
        self.read_frame = nn.Linear(TOKENS * SHAPE.hidden, sum(FRAME_SIZES))

    def forward(self, batch: dict[str, Tensor]) -> Tensor:
        frames = functional_call(self.tokens, bf16(self.tokens), (batch["features"].bfloat16(), batch["facts"].bfloat16()))
        return self.read_frame(frames.flatten(1).float())


@torch.no_grad()
def validate(reader: Reader, batches: list[dict[str, Tensor]]) -> dict[str, float]:
    """Average precision of each kind of event, class of the event, counts."""
    reader.eval()
    outputs = [reader(batch).split(FRAME_SIZES, 1) for batch in batches]
    reader.train()
    events, truth = torch.cat([output[0] for output in outputs]), torch.cat([batch["events"] for batch in batches])
    kinds = torch.cat([output[1].argmax(1) for output in outputs])
    happening, counts = torch.cat([batch["happening"] for batch in batches]), torch.cat([batch["counts"] for batch in batches])
    figures = {f"ap_{name}": average_precision(events[:, index], truth[:, index]) for index, name in enumerate(EVENTS)}
    people = torch.cat([output[2].argmax(1) for output in outputs])
    return figures | {"class_right": (kinds == happening)[happening >= 0].float().mean().item(), "people_right": (people == counts[:, 0]).float().mean().item(),
                      "people_within_one": ((people - counts[:, 0]).abs() <= 1).float().mean().item()}


def average_precision(scores: Tensor, labels: Tensor) -> float:
    labels = labels[scores.argsort(descending=True)]
    return float((labels.cumsum(0) / torch.arange(1, len(labels) + 1))[labels > 0].mean()) if labels.any() else 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=4000)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--size", type=int, default=512, help="frames a step")
    parser.add_argument("--fps", type=float, default=4)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--save-every", type=float, default=60, help="seconds between check-points")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    reader = Reader()
    optimizer = torch.optim.AdamW(reader.parameters(), lr=options.rate, betas=(0.9, 0.98), weight_decay=0.02)
    step, seconds, stored = 0, 0.0, checkpoints.load(options.run / NAME)
    if stored:
        reader.load_state_dict(stored["reader"])
        optimizer.load_state_dict(stored["optimizer"])
        step, seconds = stored["step"], stored["seconds"]
    if step >= options.steps:
        return
    log = checkpoints.Log(options.run / "tokens.jsonl", seconds)
    batches = lambda seed: iter(DataLoader(Frames(seed, options.size, options.fps), batch_size=None, num_workers=1, prefetch_factor=8))  # noqa: E731
    validation = [batch for batch, _ in zip(batches(1), range(12))]
    stream, means, saved = batches(1000 + step), {}, time.monotonic()
    while step < options.steps:
        batch = next(stream)
        for group in optimizer.param_groups:
            group["lr"] = rate_at(step, options.steps, step, options.rate)
        losses = reading_losses(reader(batch), batch)
        optimizer.zero_grad()
        sum(losses.values()).backward()
        nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
        optimizer.step()
        step += 1
        means = {name: 0.98 * means.get(name, loss.item()) + 0.02 * loss.item() for name, loss in losses.items()}
        if step % LOG_EVERY == 0:
            log.write(step=step, **means, **(validate(reader, validation) if step % (5 * LOG_EVERY) == 0 else {}))
        if time.monotonic() - saved > options.save_every or step == options.steps:
            saved = time.monotonic()
            checkpoints.save(options.run / NAME, {"reader": reader.state_dict(), "optimizer": optimizer.state_dict(), "step": step, "seconds": log.seconds()})


if __name__ == "__main__":
    main()
