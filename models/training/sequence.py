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
from world.blueprint import Event
from world.vocabulary import KINDS, PLACES, SCENE_NAMES, THING_NAMES, WORDS

IGNORE = -100
# Columns of the auxiliary targets: what event the frame shows. 0 in the first column means none.
AUX_SIZES = [len(KINDS) + 1, len(THING_NAMES), len(PLACES), len(SCENE_NAMES) + len(WORDS)]
JUMP_SHARE, LONGEST_JUMP = 0.12, 5000


@dataclass
class Sequence:
    """Per token: `ids` (-1 for a frame token, whose number is in `slots`), positions, branch (0 = main line) and `limit`, the count
    of main-line tokens it may see. `labels` are next-token targets already shifted. Per frame: the index of its last token, scores, aux."""

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
        self._text(layout.OPENING)
        waiting = sorted(lesson.questions, key=lambda question: question.time)
        opened = False
        for frame in range(first, last):
            while waiting and waiting[0].time <= frame / fps + 1e-6:
                text = waiting.pop(0).text
                closed = not opened or self.after_reply
                self._text(layout.user_at_start(text) if closed else layout.user_in_stream(text))
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
            self._spoken(telling.text, number, limit)
        return self.sequence

    def _append(self, token: int, slot: int, label: int, branch: int, limit: int) -> None:
        sequence = self.sequence
        sequence.limit.append(limit if branch else len(sequence.ids) + 1)
        sequence.ids.append(token)
        sequence.slots.append(slot)
        sequence.positions.append(self.position)
        sequence.branch.append(branch)
        sequence.labels.append(label)
        self.position += 1

    def _text(self, text: str, branch: int = 0, limit: int = 0) -> None:
        for token in self.builder.encode(text):
            self._append(token, -1, IGNORE, branch, limit)

    def _spoken(self, text: str, branch: int = 0, limit: int = 0) -> None:
        """The reply and its end token; each target sits on the token before it."""
        for token in self.builder.encode(text + layout.END):
            self.sequence.labels[-1] = token
            self._append(token, -1, IGNORE, branch, limit)

    def _frame(self, frame: int) -> None:
        for part in range(self.builder.tokens_per_frame):
            self._append(-1, frame * self.builder.tokens_per_frame + part, IGNORE, 0, 0)
        time, tellings = frame / self.builder.fps, self.lesson.tellings
        self.sequence.heads.append(len(self.sequence.ids) - 1)
        self.sequence.informative.append(int(any(telling.due - 1e-6 <= time <= self._reply_time(telling) for telling in tellings)))
        self.sequence.relevance.append(int(any(telling.start <= time <= telling.end for telling in tellings)))
        self.sequence.aux.append(aux_of(self.lesson.events, time))

    def _reply_time(self, telling: Telling) -> float:
        """The time of the frame at which the telling is made."""
        return frame_at_or_after(telling.reply, self.builder.fps) / self.builder.fps

    def _replies(self, frame: int) -> None:
        time = frame / self.builder.fps
        for telling in self.lesson.tellings:
            due_now = abs(self._reply_time(telling) - time) < 1e-6
            if self.keep and due_now:
                self._text(layout.REPLY)
                self._spoken(telling.text)
                self.after_reply = True
            elif not self.keep and telling.due <= time <= telling.last + 0.5 and (due_now or self.rng.random() < 0.3):
                self.branches.append((len(self.sequence.ids), self.position, telling))


def aux_of(events: list[Event], time: float) -> list[int]:
    """What event the frame shows: [kind + 1, thing, place, scene or word]; IGNORE where it cannot be known or does not apply."""
    for event in events:
        if event.middle <= time <= event.end:
            thing = THING_NAMES.index(event.thing) if event.thing else IGNORE
            place = PLACES.index(event.place) if event.place else IGNORE
            value = IGNORE
            if event.kind == "scene":
                value = SCENE_NAMES.index(event.value)
            elif event.kind == "sign":
                value = len(SCENE_NAMES) + WORDS.index(event.value)
            return [KINDS.index(event.kind) + 1, thing, place, value]
        if event.start - 0.01 <= time < event.middle or event.end < time < event.end + 0.6:
            return [IGNORE] * 4
    return [0, IGNORE, IGNORE, IGNORE]


def collate(sequences: list[Sequence], features: list[np.ndarray]) -> dict[str, np.ndarray]:
    """Pads to one batch. `features` [n_i, hidden] are each clip's frame tokens in order; slots are moved to the joined array.

    ids, slots, positions, branch, limit, labels [b, s]; heads [frames, 2] as (row, column); informative, relevance [frames];
    aux [frames, 4]; counts n_i; frames [sum n_i, hidden]."""
    longest = max(len(sequence.ids) for sequence in sequences)
    fill = {"ids": 0, "slots": -1, "positions": 0, "branch": -1, "limit": 0, "labels": IGNORE}
    batch = {name: np.full((len(sequences), longest), value, np.int64) for name, value in fill.items()}
    offset = 0
    for row, (sequence, tokens) in enumerate(zip(sequences, features)):
        for name in fill:
            batch[name][row, :len(sequence.ids)] = getattr(sequence, name)
        batch["slots"][row] = np.where(batch["slots"][row] >= 0, batch["slots"][row] + offset, -1)
        offset += len(tokens)
    batch["heads"] = np.array([(row, column) for row, sequence in enumerate(sequences) for column in sequence.heads], np.int64)
    for name in ("informative", "relevance", "aux"):
        batch[name] = np.array([value for sequence in sequences for value in getattr(sequence, name)], np.int64)
    batch["counts"] = np.array([len(tokens) for tokens in features], np.int64)
    batch["frames"] = np.concatenate(features)
    return batch
