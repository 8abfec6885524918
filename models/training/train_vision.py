"""Trains the vision tower and projector alone on single pictures. Resumes when started again with the same --run folder.

Several processes share the work as in train_duet.py."""

from __future__ import annotations

import argparse
import functools
import math
import time
from pathlib import Path

import torch
from torch import nn
from torch.utils.data import DataLoader

import checkpoints
from grow_eye import take_over, take_over_what_fits
from model import Eye, Shape
from parallel import Team
from patches import PictureStream, SightReader, sight_figures, sight_loss


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True, help="folder for check-points and logs")
    parser.add_argument("--minutes", type=float, default=25, help="training time over all runs; the rate falls to its end by then")
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--rate", type=float, default=1.2e-3)
    parser.add_argument("--start-from", type=Path, help="a vision check-point of fewer layers, smaller pictures or another reader to begin with")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--save-every", type=float, default=120, help="seconds between check-points")
    return parser.parse_args()


def rate_at(seconds: float, total: float, step: int, top: float) -> float:
    """Linear warm-up over 150 steps, then a cosine over the training time to 2 % of the top."""
    return top * min(1.0, (step + 1) / 150) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(1.0, seconds / total))))


class Looker(nn.Module):
    """Eye and reader; the reader also classifies single patches after two inner layers, which makes the eye learn much sooner."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.eye, self.reader = Eye(shape), SightReader(shape)
        self.inner: dict[int, torch.Tensor] = {}
        for index, layer in enumerate(self.eye.inner_layers()):
            layer.register_forward_hook(functools.partial(self._keep, index))

    def _keep(self, index: int, _module: nn.Module, _inputs: object, output: torch.Tensor | tuple[torch.Tensor, ...]) -> None:
        self.inner[index] = output if isinstance(output, torch.Tensor) else output[0]

    def forward(self, pictures: torch.Tensor) -> dict[str, torch.Tensor]:
        """uint8 [n, side, side, 3] -> what the reader reads."""
        with torch.autocast("cpu", torch.bfloat16):
            embeds = self.eye(pictures)
        return self.reader(embeds.float(), [self.inner[index].float() for index in sorted(self.inner)])


@torch.no_grad()
def validate(looker: Looker, batches: list[dict[str, torch.Tensor]]) -> dict[str, float]:
    looker.eval()
    reads = [looker(batch["pictures"]) for batch in batches]
    looker.train()
    return sight_figures(_joined(reads), {name: torch.cat([batch[name] for batch in batches]) for name in batches[0]})


def _joined(parts: list) -> dict | list | torch.Tensor:
    """Batches of nested readings as one."""
    if isinstance(parts[0], dict):
        return {name: _joined([part[name] for part in parts]) for name in parts[0]}
    if isinstance(parts[0], list):
        return [_joined(list(values)) for values in zip(*parts)]
    return torch.cat(parts)


def main() -> None:
    options, team = arguments(), Team()
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    shape, path = Shape(), options.run / "vision.pt"
    looker = Looker(shape)
    optimizer = torch.optim.AdamW(looker.parameters(), lr=options.rate, betas=(0.9, 0.98), weight_decay=0.02)
    stored = checkpoints.load(path)
    step, seconds = 0, 0.0
    if not stored and options.start_from:
        earlier = checkpoints.load(options.start_from)
        print("taken over:", take_over(looker.eye, earlier["eye"]), "tensors", flush=True)
        take_over_what_fits(looker.reader, earlier["reader"])
    if stored:
        looker.eye.load_state_dict(stored["eye"])
        looker.reader.load_state_dict(stored["reader"])
        if "optimizer" in stored:  # weights put aside by keep_weights.py come without
            optimizer.load_state_dict(stored["optimizer"])
        step, seconds = stored["step"], stored["seconds"]
    log, total = checkpoints.Log(options.run / "vision.jsonl", seconds), options.minutes * 60
    held_out = PictureStream("validation", 128, 99, shape)
    validation = [batch for batch, _ in zip(held_out, range(4))] if team.rank == 0 else []
    seed = 100 + step * team.size + team.rank
    stream = iter(DataLoader(PictureStream("train", options.batch, seed, shape), batch_size=None, num_workers=1, prefetch_factor=4))
    saved, recent = time.monotonic(), 0.0
    while (clock := team.agree(log.seconds())) < total:
        batch = next(stream)
        for group in optimizer.param_groups:
            group["lr"] = rate_at(clock, total, step, options.rate)
        loss = sight_loss(looker(batch["pictures"]), batch)
        optimizer.zero_grad()
        loss.backward()
        team.average_gradients(looker.parameters())
        nn.utils.clip_grad_norm_(looker.parameters(), 1.0)
        optimizer.step()
        step, recent = step + 1, 0.98 * recent + 0.02 * loss.item()
        if team.rank > 0:
            continue
        if step % 200 == 0:
            log.write(step=step, loss=recent, **validate(looker, validation))
        if time.monotonic() - saved > options.save_every:
            saved = time.monotonic()
            checkpoints.save(path, state_of(looker, optimizer, step, clock))
    if team.rank == 0:
        log.write(step=step, loss=recent, **validate(looker, validation))
        checkpoints.save(path, state_of(looker, optimizer, step, total))


def state_of(looker: Looker, optimizer: torch.optim.Optimizer, step: int, seconds: float) -> dict[str, object]:
    """What a check-point holds."""
    return {"eye": looker.eye.state_dict(), "reader": looker.reader.state_dict(), "optimizer": optimizer.state_dict(), "step": step, "seconds": seconds}


if __name__ == "__main__":
    main()
