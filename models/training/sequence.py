"""From a lesson to the token sequence the decoder is trained on.

Replies that will be removed from the context are *branches*: they see the stream up to their frame, and nothing sees them. So one
sequence holds every removed reply at once, and is exactly what the inference loop meets when it cuts its cache back.
Kept replies stand in the main line."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import numpy as np
from tokenizers import Tokenizer

import layout
from lesson import Lesson, Telling, frame_at_or_after
from reading import ASKED_SIZES, IGNORE, asked_of, aux_of, here_of

JUMP_SHARE, LONGEST_JUMP = 0.15, 11000
# A removed reply is practised at this share of the frames at which it may be made; it costs little beside the frames themselves.
BRANCH_SHARE = 0.6


@dataclass
class Sequence:
    """Per token: `ids` (-1 for a frame token, whose number is in `slots`), positions, branch (0 = main line) and `limit`, the count
    of main-line tokens it may see. `labels` are next-token targets already shifted; `owner` is the number of the reply they belong to (-1:
    none). Per frame: the index of its last token, scores, aux, here. Per reply: its factors; `silence` is the factor of saying nothing.
    `frames`: the first and the last + 1. Per user text: `asked_at`, the index of the last token before the next frame, and `asked`, its classes."""

    ids: list[int] = field(default_factory=list)
    slots: list[int] = field(default_factory=list)
    positions: list[int] = field(default_factory=list)
    branch: list[int] = field(default_factory=list)
    limit: list[int] = field(default_factory=list)
    labels: list[int] = field(default_factory=list)
    heads: list[int] = field(default_factory=list)
    informative: list[int] = field(default_factory=list)
    relevance: list[int] = field(default_factory=list)
    aux: list[list[int]] = field(default_factory=list)
    here: list[list[int]] = field(default_factory=list)
    owner: list[int] = field(default_factory=list)
    factors: list[list[str]] = field(default_factory=list)
    silence: str = ""
    frames: tuple[int, int] = (0, 0)
    asked_at: list[int] = field(default_factory=list)
    asked: list[list[int]] = field(default_factory=list)


class SequenceBuilder:
    """Builds sequences in the trained layout."""

    def __init__(self, tokenizer: Tokenizer, fps: float, tokens_per_frame: int) -> None:
        self.tokenizer, self.fps, self.tokens_per_frame = tokenizer, fps, tokens_per_frame

    def build(self, rng: random.Random, lesson: Lesson) -> Sequence:
        """One sequence; replies are kept in the context with probability 0.3."""
        return _Writer(self, rng, lesson, keep=rng.random() < 0.3).write()

    def encode(self, text: str) -> list[int]:
        return self.tokenizer.encode(text, add_special_tokens=False).ids


class _Writer:
    def __init__(self, builder: SequenceBuilder, rng: random.Random, lesson: Lesson, keep: bool) -> None:
        self.builder, self.rng, self.lesson, self.keep = builder, rng, lesson, keep
        self.sequence = Sequence()
        self.position = 0
        self.after_reply = False
        self.branches: list[tuple[int, int, Telling]] = []

    def write(self) -> Sequence:
        fps, lesson = self.builder.fps, self.lesson
        first, last = frame_at_or_after(lesson.begin, fps), frame_at_or_after(lesson.end, fps)
        self.sequence.silence, self.sequence.frames = lesson.silence(), (first, last)
        self._text(layout.OPENING)
        waiting = sorted(lesson.questions, key=lambda question: question.time)
        opened = False
        for frame in range(first, last):
            while waiting and waiting[0].time <= frame / fps + 1e-6:
                question = waiting.pop(0)
                closed = not opened or self.after_reply
                self._text(layout.user_at_start(question.text) if closed else layout.user_in_stream(question.text))
                self.sequence.asked_at.append(len(self.sequence.ids) - 1)
                self.sequence.asked.append(asked_of(question))
                opened, self.after_reply = True, False
            if not opened or self.after_reply:
                self._text(layout.STREAM)
                opened, self.after_reply = True, False
            if frame == first and self.rng.random() < JUMP_SHARE:
                self.position += self.rng.randrange(LONGEST_JUMP)
            self._frame(frame)
            self._replies(frame)
        for number, (limit, position, telling) in enumerate(self.branches, 1):
            self.position = position
            self._text(layout.REPLY, number, limit)
            self._spoken(telling, number, limit)
        return self.sequence

    def _append(self, token: int, slot: int, label: int, branch: int, limit: int) -> None:
        sequence = self.sequence
        sequence.limit.append(limit if branch else len(sequence.ids) + 1)
        sequence.ids.append(token)
        sequence.slots.append(slot)
        sequence.positions.append(self.position)
        sequence.branch.append(branch)
        sequence.labels.append(label)
        sequence.owner.append(-1)
        self.position += 1

    def _text(self, text: str, branch: int = 0, limit: int = 0) -> None:
        for token in self.builder.encode(text):
            self._append(token, -1, IGNORE, branch, limit)

    def _spoken(self, telling: Telling, branch: int = 0, limit: int = 0) -> None:
        """The reply and its end token; each target sits on the token before it."""
        self.sequence.factors.append(telling.factors)
        for token in self.builder.encode(telling.text + layout.END):
            self.sequence.labels[-1] = token
            self.sequence.owner[-1] = len(self.sequence.factors) - 1
            self._append(token, -1, IGNORE, branch, limit)

    def _frame(self, frame: int) -> None:
        for part in range(self.builder.tokens_per_frame):
            self._append(-1, frame * self.builder.tokens_per_frame + part, IGNORE, 0, 0)
        time, tellings = frame / self.builder.fps, self.lesson.tellings
        self.sequence.heads.append(len(self.sequence.ids) - 1)
        self.sequence.informative.append(int(any(telling.due - 1e-6 <= time <= self._reply_time(telling) for telling in tellings)))
        self.sequence.relevance.append(int(any(telling.start <= time <= telling.end for telling in tellings)))
        self.sequence.aux.append(aux_of(self.lesson.blueprint, self.lesson.events, time))
        self.sequence.here.append(here_of(self.lesson.events, time))

    def _reply_time(self, telling: Telling) -> float:
        """The time of the frame at which the telling is made."""
        return frame_at_or_after(telling.reply, self.builder.fps) / self.builder.fps

    def _replies(self, frame: int) -> None:
        time = frame / self.builder.fps
        for telling in self.lesson.tellings:
            due_now = abs(self._reply_time(telling) - time) < 1e-6
            if self.keep and due_now:
                self._text(layout.REPLY)
                self._spoken(telling)
                self.after_reply = True
            elif not self.keep and telling.due <= time <= telling.last + 0.5 and (due_now or self.rng.random() < BRANCH_SHARE):
                self.branches.append((len(self.sequence.ids), self.position, telling))


def collate(sequences: list[Sequence], features: list[np.ndarray]) -> dict[str, np.ndarray]:
    """Pads to one batch: main lines first, then branches, each to their longest. `features` [n_i, hidden] are each clip's frame tokens in order; those in use are joined,
    and slots are moved to the joined array.

    ids, slots, positions, branch, limit, labels, owner [b, s]; heads [frames, 2] as (row, column); informative, relevance [frames];
    aux and here [frames, columns]; asked_at [texts, 2] and asked [texts, columns]; counts n_i; frames [sum n_i, hidden]. Owners count through the batch."""
    main, branches = (max(lengths) for lengths in zip(*(_lengths(sequence) for sequence in sequences)))
    longest = main + branches
    fill = {"ids": 0, "slots": -1, "positions": 0, "branch": -1, "limit": 0, "labels": IGNORE, "owner": -1}
    batch = {name: np.full((len(sequences), longest), value, np.int64) for name, value in fill.items()}
    offset, replies, pieces = 0, 0, []
    for row, (sequence, tokens) in enumerate(zip(sequences, features)):
        own = _lengths(sequence)[0]
        for name in fill:
            values = getattr(sequence, name)
            batch[name][row, :own] = values[:own]
            batch[name][row, main:main + len(values) - own] = values[own:]
        first, last = _used(sequence)
        batch["slots"][row] = np.where(batch["slots"][row] >= 0, batch["slots"][row] - first + offset, -1)
        pieces.append(tokens[first:last])
        batch["owner"][row] = np.where(batch["owner"][row] >= 0, batch["owner"][row] + replies, -1)
        offset, replies = offset + last - first, replies + len(sequence.factors)
    batch["heads"] = np.array([(row, column) for row, sequence in enumerate(sequences) for column in sequence.heads], np.int64)
    batch["asked_at"] = np.array([(row, column) for row, sequence in enumerate(sequences) for column in sequence.asked_at], np.int64).reshape(-1, 2)
    batch["asked"] = np.array([row for sequence in sequences for row in sequence.asked], np.int64).reshape(-1, len(ASKED_SIZES))
    for name in ("informative", "relevance", "aux", "here"):
        batch[name] = np.array([value for sequence in sequences for value in getattr(sequence, name)], np.int64)
    batch["counts"] = np.array([len(piece) for piece in pieces], np.int64)
    batch["frames"] = np.concatenate(pieces)
    return batch


def _lengths(sequence: Sequence) -> tuple[int, int]:
    """How many tokens the main line and the branches have."""
    main = sum(branch == 0 for branch in sequence.branch)
    return main, len(sequence.branch) - main


def _used(sequence: Sequence) -> tuple[int, int]:
    """First and last + 1 of the frame tokens that the sequence uses."""
    slots = [slot for slot in sequence.slots if slot >= 0]
    return slots[0], slots[-1] + 1
