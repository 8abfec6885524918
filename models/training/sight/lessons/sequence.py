"""From a lesson to the tokens the decoder is trained on, in the trained layout; replies are branches that see the stream up to their frame."""

from __future__ import annotations

import functools
import random
from dataclasses import dataclass, field, replace

import numpy as np
from tokenizers import Tokenizer

import layout
from sight.lessons.lesson import Lesson
from sight.lessons.readings import IGNORE, asked_targets, frame_targets

# The share of the frames with something to say at which it is practised, beside the first of each run.
BRANCH_SHARE, MOST_BRANCHES = 0.35, 9


@dataclass
class Sequence:
    """Per token: `ids` (-1 for a frame's), `slots` (number of the frame token, or -1), position, branch (0: main line), `limit` (main-line tokens it
    may see), `labels` (next tokens, shifted), `owner` (number of the reply). Per frame: `heads`, its last token; scores. Per reply: its factors; after how
    many main-line tokens, and what. Per user text: where and what."""

    lesson: Lesson
    ids: list[int] = field(default_factory=list)
    slots: list[int] = field(default_factory=list)
    positions: list[int] = field(default_factory=list)
    branch: list[int] = field(default_factory=list)
    limit: list[int] = field(default_factory=list)
    labels: list[int] = field(default_factory=list)
    owner: list[int] = field(default_factory=list)
    heads: list[int] = field(default_factory=list)
    informative: list[int] = field(default_factory=list)
    relevance: list[int] = field(default_factory=list)
    factors: list[list[str]] = field(default_factory=list)
    replies: list[tuple[int, str]] = field(default_factory=list)
    asked_at: list[int] = field(default_factory=list)
    asked: list[list[int]] = field(default_factory=list)


class SequenceBuilder:
    """Builds sequences; `tokens` are the tokens a frame."""

    def __init__(self, tokenizer: Tokenizer, tokens: int) -> None:
        self.tokens = tokens
        self.encode = functools.lru_cache(20_000)(lambda text: tuple(tokenizer.encode(text, add_special_tokens=False).ids))

    def build(self, rng: random.Random, lesson: Lesson) -> Sequence:
        """The main line of user texts and frames, then a branch for each reply that is practised."""
        out = Sequence(lesson)
        self._text(out, layout.OPENING)
        waiting, opened, spoken = list(lesson.questions), False, []
        fresh: set[int] = set()
        for frame in range(lesson.first, lesson.last):
            while waiting and waiting[0].frame <= frame:
                question = waiting.pop(0)
                self._text(out, layout.user_in_stream(question.text) if opened else layout.user_at_start(question.text))
                out.asked_at.append(len(out.ids) - 1)
                out.asked.append(asked_targets(question))
                opened = True
            if not opened:
                self._text(out, layout.STREAM)
                opened = True
            for part in range(self.tokens):
                self._append(out, -1, (frame - lesson.first) * self.tokens + part, 0, 0, len(out.ids))
            out.heads.append(len(out.ids) - 1)
            active = [telling for telling in lesson.tellings if telling.begin <= frame < telling.end]
            out.informative.append(int(bool(active)))
            out.relevance.append(int(any(telling.start <= frame < telling.end for telling in lesson.tellings)))
            new = [telling for telling in active if id(telling) not in fresh]
            fresh.update(id(telling) for telling in active)
            if active and (new or rng.random() < BRANCH_SHARE) and not (new and not any(t.happening is None for t in new) and rng.random() < 0.35):
                spoken.append((frame, len(out.ids)))
        if len(spoken) > MOST_BRANCHES:
            spoken = sorted(rng.sample(spoken, MOST_BRANCHES))
        for frame, limit in spoken:
            self._reply(out, limit, lesson.said_at(frame), lesson.factors_at(frame))
        return out

    def pairs(self, sequence: Sequence, pairs: list[tuple[int, str, str]]) -> Sequence:
        """The main line of a sequence with two branches for each pair: after so many of its tokens, the right reply and the wrong one."""
        own = sequence.branch.count(0)
        tokens = {name: getattr(sequence, name)[:own] for name in ("ids", "slots", "positions", "branch", "limit", "labels", "owner")}
        out = replace(sequence, **tokens, factors=[], replies=[])
        for limit, right, wrong in pairs:
            self._reply(out, limit, right, [])
            self._reply(out, limit, wrong, [])
        return out

    def _append(self, out: Sequence, token: int, slot: int, branch: int, limit: int, position: int) -> None:
        out.limit.append(limit if branch else len(out.ids) + 1)
        out.ids.append(token)
        out.slots.append(slot)
        out.positions.append(position)
        out.branch.append(branch)
        out.labels.append(IGNORE)
        out.owner.append(-1)

    def _text(self, out: Sequence, text: str) -> None:
        for token in self.encode(text):
            self._append(out, token, -1, 0, 0, len(out.ids))

    def _reply(self, out: Sequence, limit: int, reply: str, factors: list[str]) -> None:
        """A branch: the turn's opening, the reply and its end token; each target sits on the token before it."""
        out.replies.append((limit, reply))
        out.factors.append(factors)
        number, position = len(out.replies), limit
        for token in self.encode(layout.REPLY):
            self._append(out, token, -1, number, limit, position)
            position += 1
        for token in self.encode(reply + layout.END):
            out.labels[-1] = token
            out.owner[-1] = number - 1
            self._append(out, token, -1, number, limit, position)
            position += 1


def collate(sequences: list[Sequence], tokens: int) -> dict[str, object]:
    """Pads to one batch: main lines first, then branches. ids, slots, positions, branch, limit, labels, owner [b, s]; heads [frames, 2] as (row,
    column); scores [frames]; inputs `features` [frames, 12, 133] and `facts` [frames, 8]; readings' targets."""
    mains = [sum(branch == 0 for branch in sequence.branch) for sequence in sequences]
    main, branches = max(mains), max(len(sequence.branch) - own for sequence, own in zip(sequences, mains))
    fill = {"ids": 0, "slots": -1, "positions": 0, "branch": -1, "limit": 0, "labels": IGNORE, "owner": -1}
    batch: dict[str, object] = {name: np.full((len(sequences), main + branches), value, np.int64) for name, value in fill.items()}
    frames = replies = 0
    for row, (sequence, own) in enumerate(zip(sequences, mains)):
        for name in fill:
            values = np.array(getattr(sequence, name), np.int64)
            if name == "slots":
                values = np.where(values >= 0, values + frames * tokens, -1)
            if name == "owner":
                values = np.where(values >= 0, values + replies, -1)
            batch[name][row, :own] = values[:own]
            batch[name][row, main:main + len(values) - own] = values[own:]
        frames, replies = frames + len(sequence.heads), replies + len(sequence.factors)
    batch["heads"] = np.array([(row, column) for row, sequence in enumerate(sequences) for column in sequence.heads], np.int64)
    batch["asked_at"] = np.array([(row, column) for row, sequence in enumerate(sequences) for column in sequence.asked_at], np.int64).reshape(-1, 2)
    batch["asked"] = np.array([row for sequence in sequences for row in sequence.asked], np.int64).reshape(-1, 4)
    for name in ("informative", "relevance"):
        batch[name] = np.array([value for sequence in sequences for value in getattr(sequence, name)], np.int64)
    lessons = [sequence.lesson for sequence in sequences]
    batch["features"] = np.concatenate([lesson.stream.slots[lesson.first:lesson.last] for lesson in lessons])
    batch["facts"] = np.concatenate([lesson.stream.frames[lesson.first:lesson.last] for lesson in lessons])
    targets = [frame_targets(lesson) for lesson in lessons]
    for name in targets[0]:
        batch[name] = np.concatenate([target[name] for target in targets])
    batch["factors"] = [factors for sequence in sequences for factors in sequence.factors]
    batch["silences"] = [(lesson.silence(), lesson.last - lesson.first) for lesson in lessons]
    return batch
