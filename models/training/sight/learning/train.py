"""Trains duet-sight: frame tokens, decoder and heads, on streams simulated as they are needed. Goes on where it stopped when started again with the same --run."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

import checkpoints
from ability import Ability
from schedule import FALL, rate_at, stored_state
from sight.lessons.lesson import FACTORS
from sight.lessons.batches import batches_of
from sight.lessons.readings import ASKED_SIZES, FRAME_SIZES, IGNORE
from sight.learning.student import TOKENS, SightStudent
from sight.learning.validation import validate

LOG_EVERY, NAME, PLATEAU = 100, "sight.pt", "sight-plateau.pt"
WEIGHTS = {"reply": 1.0, "informative": 2.0, "relevance": 0.3, "events": 1.0, "happening": 0.3, "people": 0.4, "things": 0.2, "places": 1.0, "again": 0.5, "asked": 0.3}
RARE = 4.0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True, help="folder for check-points and logs")
    parser.add_argument("--tokenizer", type=Path, required=True, help="tokenizer.json")
    parser.add_argument("--begin", type=Path, help="a check-point whose weights a new run begins with")
    parser.add_argument("--steps", type=int, default=24_000, help="over all sittings; the rate falls to its end by then. More than before: goes on from before the fall")
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--fps", type=float, default=4)
    parser.add_argument("--seconds", type=float, nargs=2, default=(8, 24), help="shortest and longest piece of a stream")
    parser.add_argument("--budget", type=int, default=3000, help="padded tokens a step")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--save-every", type=float, default=120, help="seconds between check-points")
    return parser.parse_args()


def losses_of(output: dict[str, Tensor], batch: dict[str, Tensor]) -> dict[str, Tensor]:
    """Mean cross entropies: replies, both heads, and the auxiliary readings."""
    cross_entropy, binary = nn.functional.cross_entropy, nn.functional.binary_cross_entropy_with_logits
    losses = {name: cross_entropy(output[name], batch[name]) for name in ("informative", "relevance")}
    losses["reply"] = cross_entropy(output["reply"], output["labels"]) if len(output["labels"]) else output["reply"].sum()
    events, happening, people, things, places = output["frame"].split(FRAME_SIZES, 1)
    weight = 1 + RARE * batch["events"]
    losses["events"] = binary(events, batch["events"], weight=weight)
    losses["happening"] = known_loss(happening, batch["happening"])
    losses["people"], losses["things"] = (cross_entropy(part, batch["counts"][:, column]) for column, part in enumerate((people, things)))
    losses["places"] = binary(places, batch["places"], weight=1 + RARE * batch["places"])
    again = output["again"].split(FRAME_SIZES[:2], 1)
    losses["again"] = binary(again[0], batch["events"], weight=weight) + 0.3 * known_loss(again[1], batch["happening"])
    losses["asked"] = sum((known_loss(part, target) for part, target in zip(output["asked"].split(ASKED_SIZES, 1), batch["asked"].T)), 0 * output["asked"].sum())
    return losses


def known_loss(logits: Tensor, targets: Tensor) -> Tensor:
    """Cross entropy where there is something to know."""
    return nn.functional.cross_entropy(logits, targets, ignore_index=IGNORE) if (targets != IGNORE).any() else 0 * logits.sum()


def note_outcomes(ability: Ability, output: dict[str, Tensor], batch: dict[str, Tensor]) -> None:
    """Which replies were right in every token, and which lessons had no false alarm, goes into the running ability."""
    wrong = torch.zeros(len(batch["factors"])).index_add_(0, output["owner"], (output["reply"].argmax(1) != output["labels"]).float())
    for factors, count in zip(batch["factors"], wrong.tolist()):
        ability.note(factors, count == 0)
    alarms = (batch["informative"] == 0) & (batch["relevance"] == 0) & (output["informative"][:, 1] > output["informative"][:, 0])
    for (silence, _), part in zip(batch["silences"], alarms.split([count for _, count in batch["silences"]])):
        ability.note([silence], not part.any())


def main() -> None:
    options = arguments()
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    student, total = SightStudent(Tokenizer.from_file(str(options.tokenizer))), options.steps
    optimizer = torch.optim.AdamW(student.parameters(), lr=options.rate, betas=(0.9, 0.98), weight_decay=0.02)
    stored = stored_state(options.run, NAME, PLATEAU, total)
    step, seconds, ability = 0, 0.0, Ability(stored["ability"] if stored else None, FACTORS)
    if stored:
        student.load_state_dict(stored["student"])
        optimizer.load_state_dict(stored["optimizer"])
        step, seconds = stored["step"], stored["seconds"]
    elif options.begin:
        student.load_state_dict(checkpoints.load(options.begin)["student"])
    torch.manual_seed(1 + step)
    log = checkpoints.Log(options.run / "sight.jsonl", seconds)
    parts = str(options.tokenizer), TOKENS
    validation = [batch for batch, _ in zip(batches_of(*parts, 1, options.budget, options.fps, (12, 24)), range(10))]
    stream, means, saved = batches_of(*parts, 1000 + step, options.budget, options.fps, tuple(options.seconds), ability), {}, time.monotonic()
    worst = 0.0
    while step < total:
        batch = next(stream)
        for group in optimizer.param_groups:
            group["lr"] = rate_at(step, total, step, options.rate)
        output = student(batch)
        losses = losses_of(output, batch)
        note_outcomes(ability, output, batch)
        optimizer.zero_grad()
        sum(WEIGHTS[name] * loss for name, loss in losses.items()).backward()
        worst = max(worst, float(nn.utils.clip_grad_norm_(student.parameters(), 1.0)))
        optimizer.step()
        step += 1
        means = {name: 0.98 * means.get(name, loss.item()) + 0.02 * loss.item() for name, loss in losses.items()}
        if step % LOG_EVERY == 0:
            log.write(step=step, **means, largest_gradient=worst, **(validate(student, validation) if step % (5 * LOG_EVERY) == 0 else {}))
            worst = 0.0
        if time.monotonic() - saved > options.save_every:
            saved = time.monotonic()
            # Until the rate falls both names hold the same.
            for name in [NAME, *([PLATEAU] if step < (1 - FALL) * total else [])]:
                checkpoints.save(options.run / name, state_of(student, optimizer, ability, step, log.seconds(), total))
            ability.write(options.run / "ability.json")
    log.write(step=step, **means, **validate(student, validation))
    checkpoints.save(options.run / NAME, state_of(student, optimizer, ability, step, log.seconds(), total))
    ability.write(options.run / "ability.json")


def state_of(student: SightStudent, optimizer: torch.optim.Optimizer, ability: Ability, step: int, seconds: float, total: float) -> dict[str, object]:
    """What a check-point holds; `total` is the training time it was planned for."""
    return {"student": student.state_dict(), "optimizer": optimizer.state_dict(), "ability": ability.table.clone(), "step": step, "seconds": seconds, "total": total}


if __name__ == "__main__":
    main()
