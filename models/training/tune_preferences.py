"""Tunes a trained student on its own corrected failures (`collect_failures.py`): direct preference optimisation with the student itself,
frozen, as reference. Goes on where it was stopped; other failures, weights or rates begin it anew.

The result is laid out like duet.pt: `evaluate.py --name duet-tuned.pt` and `export.py --name duet-tuned.pt` take it."""

from __future__ import annotations

import argparse
import hashlib
import time
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import nn

import checkpoints
from cache_features import FPS
from collect_failures import read_student
from model import Shape
from outcomes import read_outcomes
from preference_batches import is_held_out, make_batches, read_items
from sequence import SequenceBuilder
from train_duet import batches_of
from tuning import Tuning, Weights, kept_reference
from validation import validate

LOG_EVERY = 50


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True, help="folder with features/ and duet.pt")
    parser.add_argument("--tokenizer", type=Path, required=True, help="tokenizer.json")
    parser.add_argument("--failures", type=Path, help="what collect_failures.py wrote; RUN/failures.jsonl when not given")
    parser.add_argument("--name", default="duet.pt", help="the check-point in --run to start from: the one whose failures they are")
    parser.add_argument("--features", default="features", help="name of the shards' folder the failures were collected on")
    parser.add_argument("--minutes", type=float, default=20, help="tuning time over all runs; the rate falls to its end by then")
    parser.add_argument("--passes", type=int, default=2, help="tuning ends after so many passes over the failures even if time is left")
    parser.add_argument("--beta", type=float, default=0.1)
    parser.add_argument("--supervised", type=float, default=0.5, help="weight of the right replies' likelihood")
    parser.add_argument("--timing", type=float, default=0.5, help="weight of the gaps between frames to speak at and not to")
    parser.add_argument("--anchor", type=float, default=1.0, help="weight of keeping all other scores")
    parser.add_argument("--rate", type=float, default=5e-5, help="the highest")
    parser.add_argument("--tokens", type=int, default=3000, help="padded tokens a step")
    parser.add_argument("--validation-features", default="features", help="name of the folder with the validation shards")
    parser.add_argument("--validation", type=int, default=8, help="validation batches")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--save-every", type=float, default=120, help="seconds between check-points")
    parser.add_argument("--out", type=Path, required=True, help="duet-tuned.pt")
    return parser.parse_args()


def main() -> None:
    options = arguments()
    torch.set_num_threads(options.threads)
    tokenizer, path = Tokenizer.from_file(str(options.tokenizer)), options.failures or options.run / "failures.jsonl"
    if options.out.resolve() == (options.run / options.name).resolve():
        raise ValueError(f"--out {options.out} is the student to start from: name another file")
    student, start = read_student(options.run / options.name, tokenizer)
    origin, outcomes = read_outcomes(path)
    if (origin.step, origin.seconds) != (start["step"], start["seconds"]):
        raise ValueError(f"{path} holds failures of step {origin.step}, {options.name} is at step {start['step']}: collect them anew")
    items = read_items(options.run / options.features, outcomes, SequenceBuilder(tokenizer, FPS, Shape().tokens_per_frame))
    batches = {"train": make_batches([item for item in items if not is_held_out(item.outcome)], options.tokens),
               "held": make_batches([item for item in items if is_held_out(item.outcome)], options.tokens)}
    if not batches["train"]:
        raise ValueError(f"{path} holds no failure to learn from: collect more lessons")
    mark = hashlib.sha256(path.read_bytes() + f"{options.tokens}".encode()).hexdigest()
    reference = kept_reference(path.with_suffix(".reference.pt"), mark, student, batches)
    weights = Weights(options.beta, options.supervised, options.timing, options.anchor)
    tune(options, Tuning(student, batches, reference, origin.heads, weights), start, f"{mark} {weights} {options.rate}")


def share_of_rate(progress: float) -> float:
    """Rises over the first tenth of the tuning and falls to nothing by its end; progress 0..1."""
    return min(1.0, 10 * progress) * max(0.0, 1 - progress)


def tune(options: argparse.Namespace, tuning: Tuning, start: dict[str, object], mark: str) -> None:
    """The training loop, from `start` or from the check-point with the same mark: of the same failures and settings."""
    student = tuning.student
    optimizer = torch.optim.AdamW(student.parameters(), lr=options.rate, betas=(0.9, 0.98), weight_decay=0.0)
    stored, step, seconds = checkpoints.load(options.out), 0, 0.0
    if stored and stored.get("mark") == mark:
        student.load_state_dict(stored["student"])
        optimizer.load_state_dict(stored["optimizer"])
        step, seconds = stored["tuned"], stored["seconds"]
    validation_options = argparse.Namespace(**vars(options) | {"features": options.validation_features})
    validation = [batch for batch, _ in zip(batches_of(validation_options, "validation", 1), range(options.validation))]
    log, means, saved = checkpoints.Log(options.out.with_suffix(".jsonl"), seconds), {}, time.monotonic()
    total, last = options.minutes * 60, options.passes * len(tuning.batches["train"])

    def report() -> None:
        log.write(step=step, **means, **tuning.figures("held"), **validate(student, validation))
        student.eval()  # validate() leaves it in training mode, which puts noise on the frames

    def save() -> None:
        checkpoints.save(options.out, start | {
            "student": student.state_dict(), "optimizer": optimizer.state_dict(), "step": start["step"] + step, "seconds": log.seconds(),
            "tuned": step, "mark": mark})

    if step == 0:
        report()
    while log.seconds() < total and step < last:
        for group in optimizer.param_groups:
            group["lr"] = options.rate * share_of_rate(max(log.seconds() / total, (step + 1) / last))
        losses, seen = tuning.losses("train", tuning.batch_at(step))
        optimizer.zero_grad()
        tuning.total(losses).backward()
        nn.utils.clip_grad_norm_(student.parameters(), 1.0)
        optimizer.step()
        step += 1
        now = losses | {"accuracy": (seen["margins"] > 0).float().mean(), "margin": seen["margins"].mean()}
        # A batch may be without pairs.
        means |= {name: 0.95 * means.get(name, value.item()) + 0.05 * value.item() for name, value in now.items() if not value.isnan()}
        if step % LOG_EVERY == 0:
            report()
        if time.monotonic() - saved > options.save_every:
            saved = time.monotonic()
            save()
    report()
    save()


if __name__ == "__main__":
    main()
