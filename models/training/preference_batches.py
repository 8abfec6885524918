"""Batches of failed lessons. They are put together once, so that the frozen student's figures can be kept beside them."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from lessons import read_shard
from outcomes import Outcome
from preference_losses import log_odds, reply_log_probabilities
from replaying import replayed
from sequence import Sequence, SequenceBuilder, collate
from student import Student

# One clip of so many is held out to see whether what was learnt holds for others.
HELD_OUT = 10


@dataclass(frozen=True)
class Item:
    """A failed lesson: the stream with its pairs, the clip's frame tokens [n, hidden], and what went wrong."""

    sequence: Sequence
    tokens: np.ndarray
    outcome: Outcome


@dataclass(frozen=True)
class Batch:
    """`tensors` as `sequence.collate` shapes them. `speak` and `hush` [n, 2]: frames, counted through the batch, at which to speak and to be
    silent, each with 1 where the student failed."""

    tensors: dict[str, Tensor]
    pairs: int
    speak: Tensor
    hush: Tensor


@dataclass(frozen=True)
class Said:
    """What a student makes of a batch: the pairs' log-probabilities and token counts [pairs, 2], log-odds of the heads [frames, 2]."""

    replies: Tensor
    lengths: Tensor
    odds: Tensor


def is_held_out(outcome: Outcome) -> bool:
    """Whether the outcome's clip is kept from tuning."""
    return zlib.crc32(f"{outcome.shard} {outcome.clip}".encode()) % HELD_OUT == 0


def read_items(folder: Path, outcomes: list[Outcome], builder: SequenceBuilder) -> list[Item]:
    """The lessons in which something failed, on the cached clips of the folder."""
    failed = [outcome for outcome in outcomes if outcome.failed]
    shards = {name: read_shard(folder / name) for name in sorted({outcome.shard for outcome in failed})}
    items = []
    for outcome in failed:
        clip = shards[outcome.shard][outcome.clip]
        items.append(Item(replayed(builder, clip.blueprint, outcome), clip.features.reshape(-1, clip.features.shape[-1]), outcome))
    return items


def make_batches(items: list[Item], tokens: int) -> list[Batch]:
    """Lessons of like length together, about `tokens` padded tokens each."""
    batches: list[list[Item]] = []
    for item in sorted(items, key=lambda item: len(item.sequence.ids)):
        if not batches or len(item.sequence.ids) * (len(batches[-1]) + 1) > tokens:
            batches.append([])
        batches[-1].append(item)
    return [batch_of(batch) for batch in batches]


def batch_of(items: list[Item]) -> Batch:
    """One batch."""
    arrays = collate([item.sequence for item in items], [item.tokens for item in items])
    speak, hush, offset = [], [], 0
    for item in items:
        outcome, shift = item.outcome, offset - item.sequence.frames[0]
        speak += [(frame + shift, 1) for frame in outcome.missed] + [(frame + shift, 0) for frame in outcome.spoken]
        hush += [(frame + shift, 1) for frame in outcome.alarms] + [(frame + shift, 0) for frame in outcome.idle]
        offset += len(item.sequence.heads)
    return Batch({name: torch.from_numpy(array) for name, array in arrays.items()}, sum(len(item.outcome.pairs) for item in items),
                 *(torch.tensor(frames, dtype=torch.long).reshape(-1, 2) for frames in (speak, hush)))


def said_of(student: Student, batch: Batch) -> Said:
    """What the student, in evaluation mode and so without noise on the frames, makes of the batch."""
    output = student(batch.tensors)
    return Said(*reply_log_probabilities(output, 2 * batch.pairs), log_odds(output))


@torch.no_grad()
def reference_of(student: Student, batches: list[Batch]) -> dict[str, list[Tensor]]:
    """The frozen student's log-probabilities and log-odds for every batch."""
    said = [said_of(student, batch) for batch in batches]
    return {"replies": [one.replies for one in said], "odds": [one.odds for one in said]}
