"""The token sequence of a played lesson: the stream without any reply, on which replies hang as branches at their frames.

Collecting and tuning both build it here, so that a reply is judged and learnt on the very tokens it was made on."""

from __future__ import annotations

import random

from tokenizers import Tokenizer

import layout
from lesson import Lesson
from outcomes import Outcome, Pair
from reading import IGNORE
from sequence import Sequence, SequenceBuilder
from world.blueprint import Blueprint
from world.questions import Question


def stream_of(builder: SequenceBuilder, blueprint: Blueprint, begin: float, end: float, questions: list[Question], number: int) -> Sequence:
    """The lesson's main line; `number` decides whether its positions jump, as in a long session."""
    return builder.build(random.Random(number), Lesson(begin, end, questions, [], blueprint))


def turn_at(sequence: Sequence, frame: int) -> tuple[int, int]:
    """How much of the main line a turn after the clip's frame sees, and the position of its first token."""
    limit = sequence.heads[frame - sequence.frames[0]] + 1
    return limit, sequence.positions[limit - 1] + 1


def spoken_tokens(tokenizer: Tokenizer, text: str) -> list[int]:
    """A reply with its end token."""
    return tokenizer.encode(text + layout.END, add_special_tokens=False).ids


def hang(sequence: Sequence, opening: list[int], reply: list[int], frame: int) -> None:
    """Adds a branch that takes the turn after the frame (`opening`, the tokens between stream and words) and speaks `reply`."""
    limit, position = turn_at(sequence, frame)
    number, owner = max(sequence.branch) + 1, len(sequence.factors)
    # Every target sits on the token before it, the first on the opening's last; the last token has none.
    labels = [IGNORE] * (len(opening) - 1) + [*reply, IGNORE]
    for index, (token, label) in enumerate(zip([*opening, *reply], labels)):
        sequence.ids.append(token)
        sequence.slots.append(-1)
        sequence.positions.append(position + index)
        sequence.branch.append(number)
        sequence.limit.append(limit)
        sequence.labels.append(label)
        sequence.owner.append(-1 if label == IGNORE else owner)
    sequence.factors.append([])


def hang_pairs(builder: SequenceBuilder, sequence: Sequence, pairs: list[Pair]) -> None:
    """Two branches for each pair, first right, then wrong, so that replies 2 i and 2 i + 1 are pair i."""
    opening = builder.encode(layout.REPLY)
    for pair in pairs:
        hang(sequence, opening, spoken_tokens(builder.tokenizer, pair.right), pair.frame)
        hang(sequence, opening, pair.wrong_tokens, pair.frame)


def replayed(builder: SequenceBuilder, blueprint: Blueprint, outcome: Outcome) -> Sequence:
    """The lesson's stream with its pairs."""
    sequence = stream_of(builder, blueprint, outcome.begin, outcome.end, outcome.questions, outcome.number)
    hang_pairs(builder, sequence, outcome.pairs)
    return sequence
