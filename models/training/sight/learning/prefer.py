"""A round of preference tuning after training: replies that the model gets wrong on simulated streams, against what should have been said.

    python -m sight.learning.prefer --model RUN/sight.pt --tokenizer tokenizer.json --out FOLDER --beta 0.1 0.3

The loss is that of duet-nano's tuning (`preference_losses.py`), beside the losses of training on fresh lessons, so that nothing is forgotten. It prints the
figures of `validation.py`, and how often the right reply of held-back pairs is the likelier one, before and after."""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import DynamicCache

import checkpoints
import layout
from preference_losses import preference_loss, preference_margins, reply_log_probabilities, supervised_loss
from sight.learning.losses import losses_of
from sight.learning.student import SightModel, SightStudent
from sight.learning.validation import validate
from sight.lessons.batches import batches_of, tensors_of
from sight.lessons.lesson import make_lesson
from sight.lessons.sequence import Sequence, SequenceBuilder, collate
from sight.tokens import TOKENS
from sight.world.stream import draw_stream

# Seeds apart from those of training and validation.
COLLECTED, FRESH = 700_001, 700_002
LONGEST_REPLY, HELD_BACK = 48, 0.15


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True, help="check-point of train.py")
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="folder for a check-point of each try")
    parser.add_argument("--lessons", type=int, default=300, help="lessons whose wrong replies are collected")
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--rate", type=float, default=1e-4)
    parser.add_argument("--beta", type=float, nargs="+", default=[0.1], help="how far a reply may move from what it was; each is a try from the same start")
    parser.add_argument("--fps", type=float, default=4)
    parser.add_argument("--budget", type=int, default=3000, help="padded tokens of pairs, and of lessons, a step")
    return parser.parse_args()


def main() -> None:
    options = arguments()
    torch.set_num_threads(1)
    tokenizer = Tokenizer.from_file(str(options.tokenizer))
    student, stored = SightStudent(tokenizer), checkpoints.load(options.model)
    begun = stored.get("average", stored["student"])
    student.load_state_dict(begun)
    validation = [batch for batch, _ in zip(batches_of(str(options.tokenizer), TOKENS, 1, options.budget, options.fps, (12, 24)), range(10))]
    pairs = batched([sequence for sequence in collect(student.model, tokenizer, options.lessons, options.fps) if sequence.replies], options.budget)
    before = [log_probabilities(student, batch) for batch in pairs]
    held = max(1, round(len(pairs) * HELD_BACK))
    report("before", student, validation, pairs[:held])
    for beta in options.beta:
        student.load_state_dict(begun)
        tune(student, list(zip(pairs, before))[held:], beta, options)
        report(f"after, beta {beta}", student, validation, pairs[:held])
        checkpoints.save(options.out / f"beta-{beta}.pt", {"student": student.state_dict()})


def tune(student: SightStudent, pairs: list[tuple[dict[str, object], tuple[Tensor, Tensor]]], beta: float, options: argparse.Namespace) -> None:
    """`pairs`: batches, each with its log-probabilities and lengths before."""
    torch.manual_seed(1)
    fresh = batches_of(str(options.tokenizer), TOKENS, FRESH, options.budget, options.fps, (8, 24))
    optimizer = torch.optim.AdamW(student.parameters(), lr=options.rate, betas=(0.9, 0.98), weight_decay=0.02)
    order = random.Random(1)
    for step in range(options.steps):
        for group in optimizer.param_groups:
            group["lr"] = options.rate * (1 - step / options.steps)
        batch, (before, lengths) = order.choice(pairs)
        now, _ = log_probabilities(student, batch, grad=True)
        loss = preference_loss(preference_margins(now, before, lengths), beta) + supervised_loss(now, lengths)
        lesson = next(fresh)
        optimizer.zero_grad()
        (loss + sum(losses_of(student(lesson), lesson).values())).backward()
        nn.utils.clip_grad_norm_(student.parameters(), 1.0)
        optimizer.step()


def collect(model: SightModel, tokenizer: Tokenizer, lessons: int, fps: float) -> list[Sequence]:
    """Lessons with a pair for every reply that the model says otherwise than it should."""
    rng, numbers, builder = random.Random(COLLECTED), np.random.default_rng(COLLECTED), SequenceBuilder(tokenizer, TOKENS)
    found = []
    for _ in range(lessons):
        stream = draw_stream(numbers, rng.uniform(30, 60), fps)
        count = min(stream.count, round(rng.uniform(8, 24) * fps))
        first = rng.randrange(0, stream.count - count + 1)
        sequence = builder.build(rng, make_lesson(rng, stream, first, first + count))
        said = [(limit, right, said_after(model, tokenizer, sequence, limit)) for limit, right in sequence.replies]
        found.append(builder.pairs(sequence, [pair for pair in said if pair[1] != pair[2]]))
    return found


@torch.inference_mode()
def said_after(model: SightModel, tokenizer: Tokenizer, sequence: Sequence, limit: int) -> str:
    """What the model says after the first `limit` tokens of a sequence, greedily."""
    lesson, speaker = sequence.lesson, model.speaker
    inputs = (torch.from_numpy(part[lesson.first:lesson.last]) for part in (lesson.stream.slots, lesson.stream.frames))
    frames = model.tokens(*inputs).flatten(0, 1)
    ids, slots = torch.tensor(sequence.ids[:limit]), torch.tensor(sequence.slots[:limit])
    line = torch.where((slots >= 0)[:, None], frames[slots.clamp(min=0)], speaker.embed(ids.clamp(min=0)))
    opening = speaker.embed(torch.tensor(tokenizer.encode(layout.REPLY, add_special_tokens=False).ids))
    embeds, cache, said = torch.cat([line, opening])[None], DynamicCache(), []
    while len(said) < LONGEST_REPLY:
        hidden = speaker.decoder.model(inputs_embeds=embeds, past_key_values=cache, use_cache=True).last_hidden_state[0, -1]
        token = int(speaker.decoder.lm_head(hidden).argmax())
        if token == tokenizer.token_to_id(layout.END):
            break
        said.append(token)
        embeds = speaker.embed(torch.tensor([[token]]))
    return tokenizer.decode(said)


def batched(sequences: list[Sequence], budget: int) -> list[dict[str, object]]:
    """Collated, of about `budget` padded tokens each, in an order of chance."""
    batches: list[list[Sequence]] = [[]]
    for sequence in sorted(sequences, key=lambda sequence: len(sequence.ids)):
        if batches[-1] and len(sequence.ids) * (len(batches[-1]) + 1) > budget:
            batches.append([])
        batches[-1].append(sequence)
    random.Random(1).shuffle(batches)
    return [tensors_of(collate(batch, TOKENS)) for batch in batches]


def log_probabilities(student: SightStudent, batch: dict[str, object], grad: bool = False) -> tuple[Tensor, Tensor]:
    """Of both replies of each pair, and their token counts, [pairs, 2]."""
    with torch.set_grad_enabled(grad):
        return reply_log_probabilities(student(batch), len(batch["factors"]))


def report(when: str, student: SightStudent, validation: list[dict[str, object]], pairs: list[dict[str, object]]) -> None:
    """One line of figures."""
    sums = torch.cat([now / lengths for now, lengths in (log_probabilities(student, batch) for batch in pairs)])
    preferred = (sums[:, 0] > sums[:, 1]).float().mean().item()
    print(json.dumps({"when": when, "pairs": len(sums), "right_preferred": preferred, **validate(student, validation)}), flush=True)


if __name__ == "__main__":
    main()
