"""Trains decoder and heads on cached frame embeddings. Resumes when started again with the same --run folder.

Several processes share the work when each is started with WORLD_SIZE, RANK, MASTER_ADDR and MASTER_PORT set (torch.distributed);
on busy machines that does better than threads."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.utils.data import DataLoader

import checkpoints
from ability import Ability
from lessons import LessonStream
from model import Shape
from parallel import Team
from reading import IGNORE
from schedule import FALL, rate_at, stored_state
from student import READINGS, Student
from validation import validate

LOG_EVERY = 100
PLATEAU = "duet-plateau.pt"
WEIGHTS = {"reply": 1.0, "informative": 2.0, "relevance": 2.0, "aux": 0.3, "asked": 0.1, "seen": 0.1, "here": 1.0}


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True, help="folder with features/, for check-points and logs")
    parser.add_argument("--tokenizer", type=Path, required=True, help="tokenizer.json")
    parser.add_argument("--features", default="features", help="name of the shards' folder in --run")
    parser.add_argument("--minutes", type=float, default=60, help="training time over all runs; the rate falls to its end by then")
    parser.add_argument("--rate", type=float, default=1.3e-3)
    parser.add_argument("--tokens", type=int, default=6000, help="padded tokens a step")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--save-every", type=float, default=120, help="seconds between check-points")
    return parser.parse_args()


def losses_of(output: dict[str, Tensor], batch: dict[str, Tensor]) -> dict[str, Tensor]:
    """Mean cross entropies: replies, both heads, and the auxiliary readings."""
    cross_entropy = nn.functional.cross_entropy
    losses = {name: cross_entropy(output[name], batch[name]) for name in ("informative", "relevance")}
    losses["reply"] = cross_entropy(output["reply"], output["labels"]) if len(output["labels"]) else output["reply"].sum()
    for name, sizes in READINGS.items():
        known = [(part, target) for part, target in zip(output[name].split(sizes, 1), batch[name].reshape(-1, len(sizes)).T) if (target != IGNORE).any()]
        losses[name] = sum((cross_entropy(part, target, ignore_index=IGNORE) for part, target in known), 0 * output[name].sum())
    return losses


def note_outcomes(ability: Ability, output: dict[str, Tensor], batch: dict[str, Tensor]) -> None:
    """Which replies were right in every token, and which lessons had no false alarm, goes into the running ability."""
    wrong = torch.zeros(len(batch["factors"])).index_add_(0, output["owner"], (output["reply"].argmax(1) != output["labels"]).float())
    for factors, count in zip(batch["factors"], wrong.tolist()):
        ability.note(factors, count == 0)
    idle = (batch["informative"] == 0) & (batch["relevance"] == 0)
    alarms = idle & (output["informative"][:, 1] > output["informative"][:, 0])
    for (silence, _), part in zip(batch["silences"], alarms.split([count for _, count in batch["silences"]])):
        ability.note([silence], not part.any())


def batches_of(options: argparse.Namespace, split: str, seed: int, ability: Ability | None = None) -> Iterator[dict[str, Tensor]]:
    stream = LessonStream(options.run / options.features, split, options.tokenizer, Shape().tokens_per_frame, seed, options.tokens, ability)
    return iter(DataLoader(stream, batch_size=None, num_workers=1, prefetch_factor=4))


def main() -> None:
    options, team = arguments(), Team()
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    student, total = Student(Shape(), Tokenizer.from_file(str(options.tokenizer))), options.minutes * 60
    optimizer = torch.optim.AdamW(student.parameters(), lr=options.rate, betas=(0.9, 0.98), weight_decay=0.02)
    stored = stored_state(options.run, "duet.pt", PLATEAU, total)
    step, seconds, cold, ability = 0, 0.0, 0, Ability(stored["ability"] if stored else None)
    if stored:
        student.load_state_dict(stored["student"])
        step, seconds = stored["step"], stored["seconds"]
        if "optimizer" in stored:
            optimizer.load_state_dict(stored["optimizer"])
        else:  # kept weights come without, and the rate warms up anew
            cold = step
    torch.manual_seed(1 + step * team.size + team.rank)
    log = checkpoints.Log(options.run / "duet.jsonl", seconds)
    validation = [batch for batch, _ in zip(batches_of(options, "validation", 1), range(8))] if team.rank == 0 else []
    stream, means, saved = batches_of(options, "train", 1000 + step * team.size + team.rank, ability), {}, time.monotonic()
    while (clock := team.agree(log.seconds())) < total:
        batch = next(stream)
        for group in optimizer.param_groups:
            group["lr"] = rate_at(clock, total, step - cold, options.rate)
        output = student(batch)
        losses = losses_of(output, batch)
        note_outcomes(ability, output, batch)
        optimizer.zero_grad()
        sum(WEIGHTS[name] * loss for name, loss in losses.items()).backward()
        team.average_gradients(student.parameters())
        nn.utils.clip_grad_norm_(student.parameters(), 1.0)
        optimizer.step()
        step += 1
        means = {name: 0.98 * means.get(name, loss.item()) + 0.02 * loss.item() for name, loss in losses.items()}
        if team.rank > 0:
            continue
        if step % LOG_EVERY == 0:
            log.write(step=step, **means, **validate(student, validation))
        if time.monotonic() - saved > options.save_every:
            saved = time.monotonic()
            # Until the rate falls both names hold the same.
            for name in ["duet.pt", *([PLATEAU] if clock < (1 - FALL) * total else [])]:
                checkpoints.save(options.run / name, state_of(student, optimizer, ability, step, log.seconds(), total))
            ability.write(options.run / "ability.json")
    if team.rank == 0:
        log.write(step=step, **means, **validate(student, validation))
        checkpoints.save(options.run / "duet.pt", state_of(student, optimizer, ability, step, total, total))
        ability.write(options.run / "ability.json")


def state_of(student: Student, optimizer: torch.optim.Optimizer, ability: Ability, step: int, seconds: float,
             total: float) -> dict[str, object]:
    """What a check-point holds; `total` is the training time it was planned for."""
    return {"student": student.state_dict(), "optimizer": optimizer.state_dict(), "ability": ability.table.clone(), "step": step, "seconds": seconds,
            "total": total}


if __name__ == "__main__":
    main()
