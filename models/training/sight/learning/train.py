"""Trains duet-sight: frame tokens, decoder and heads, on streams simulated as they are needed. Goes on where it stopped when started again with the same --run."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

import checkpoints
from ability import Ability
from schedule import FALL, rate_at, stored_state
from sight.lessons.lesson import FACTORS
from sight.lessons.batches import batches_of
from sight.learning.losses import losses_of, note_outcomes
from sight.learning.student import SightStudent
from sight.learning.validation import validate
from sight.learning.words_first import begin_with_words
from sight.tokens import TOKENS

LOG_EVERY, NAME, PLATEAU = 100, "sight.pt", "sight-plateau.pt"
# The mean over about the last so many steps is what is judged and exported: single steps of small batches are noisy.
AVERAGED_STEPS = 300


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True, help="folder for check-points and logs")
    parser.add_argument("--tokenizer", type=Path, required=True, help="tokenizer.json")
    parser.add_argument("--begin", type=Path, help="tokens.pt of pretrain.py, whose frame tokens a new run begins with")
    parser.add_argument("--steps", type=int, default=24_000, help="over all sittings; the rate falls to its end by then. More than before: goes on from before the fall")
    parser.add_argument("--until", type=int, help="stop at this step, with the rate of a longer training: to compare beginnings")
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--fps", type=float, default=4)
    parser.add_argument("--seconds", type=float, nargs=2, default=(8, 24), help="shortest and longest piece of a stream")
    parser.add_argument("--budget", type=int, default=3000, help="padded tokens a step")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--sandwich", action="store_true", help="depth-scaled sandwich norms, to compare: such a run cannot be exported")
    parser.add_argument("--save-every", type=float, default=120, help="seconds between check-points")
    return parser.parse_args()


def main() -> None:
    options = arguments()
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    tokenizer, total = Tokenizer.from_file(str(options.tokenizer)), options.steps
    student = SightStudent(tokenizer, sandwich=options.sandwich)
    optimizer = torch.optim.AdamW(student.parameters(), lr=options.rate, betas=(0.9, 0.98), weight_decay=0.02)
    stored = stored_state(options.run, NAME, PLATEAU, total)
    average = AveragedModel(student, multi_avg_fn=get_ema_multi_avg_fn(1 - 1 / AVERAGED_STEPS))
    step, seconds, ability = 0, 0.0, Ability(stored["ability"] if stored else None, FACTORS)
    if stored:
        student.load_state_dict(stored["student"])
        optimizer.load_state_dict(stored["optimizer"])
        step, seconds = stored["step"], stored["seconds"]
    elif options.begin:
        student.begin_with(checkpoints.load(options.begin)["reader"])
        begin_with_words(student.model, tokenizer)
    average.module.load_state_dict(stored.get("average", stored["student"]) if stored else student.state_dict())
    average.n_averaged.fill_(1)
    torch.manual_seed(1 + step)
    log = checkpoints.Log(options.run / "sight.jsonl", seconds)
    parts = str(options.tokenizer), TOKENS
    validation = [batch for batch, _ in zip(batches_of(*parts, 1, options.budget, options.fps, (12, 24)), range(10))]
    stream, means, saved = batches_of(*parts, 1000 + step, options.budget, options.fps, tuple(options.seconds), ability), {}, time.monotonic()
    worst = 0.0
    while step < (options.until or total):
        batch = next(stream)
        for group in optimizer.param_groups:
            group["lr"] = rate_at(step, total, step, options.rate)
        output = student(batch)
        losses = losses_of(output, batch)
        note_outcomes(ability, output, batch)
        optimizer.zero_grad()
        sum(losses.values()).backward()
        worst = max(worst, float(nn.utils.clip_grad_norm_(student.parameters(), 1.0)))
        optimizer.step()
        average.update_parameters(student)
        step += 1
        means = {name: 0.98 * means.get(name, loss.item()) + 0.02 * loss.item() for name, loss in losses.items()}
        if step % LOG_EVERY == 0:
            log.write(step=step, **means, largest_gradient=worst, **(validate(average.module, validation) if step % (5 * LOG_EVERY) == 0 else {}))
            worst = 0.0
        if time.monotonic() - saved > options.save_every:
            saved = time.monotonic()
            # Until the rate falls both names hold the same.
            for name in [NAME, *([PLATEAU] if step < (1 - FALL) * total else [])]:
                checkpoints.save(options.run / name, state_of(student, average, optimizer, ability, step, log.seconds(), total))
            ability.write(options.run / "ability.json")
    log.write(step=step, **means, **validate(average.module, validation))
    checkpoints.save(options.run / NAME, state_of(student, average, optimizer, ability, step, log.seconds(), total))
    ability.write(options.run / "ability.json")


def state_of(student: SightStudent, average: AveragedModel, optimizer: torch.optim.Optimizer, ability: Ability, step: int, seconds: float, total: float) -> dict[str, object]:
    """What a check-point holds; `total` is the training time it was planned for."""
    return {"student": student.state_dict(), "average": average.module.state_dict(), "optimizer": optimizer.state_dict(), "ability": ability.table.clone(), "step": step, "seconds": seconds, "total": total}


if __name__ == "__main__":
    main()
