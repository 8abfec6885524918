"""Lessons as the student performs them: scores at every frame, and several tries at every reply that is due."""

from __future__ import annotations

import random
from dataclasses import dataclass

import numpy as np
import torch
from tokenizers import Tokenizer

import layout
from branch_speech import Streams, Turn
from cache_features import FPS
from figures import firing_times
from judging import Try, moment_of
from lesson import Lesson, Telling
from lessons import Clip, draft
from model import Speaker
from replaying import stream_of, turn_at
from sequence import Sequence, SequenceBuilder, collate
from session import Policy


@dataclass(frozen=True)
class Drawn:
    """A lesson to perform: its number, its clip's shard and number, its stream, and the clip's frame tokens [n, hidden]."""

    number: int
    shard: str
    clip: int
    lesson: Lesson
    sequence: Sequence
    tokens: np.ndarray


@dataclass(frozen=True)
class Performance:
    """The trace holds (time, informative, relevance) of each frame; `told` holds (frame, telling, tries) of each reply that was due."""

    drawn: Drawn
    trace: list[tuple[float, float, float]]
    told: list[tuple[int, Telling, list[Try]]]


def draw_lesson(builder: SequenceBuilder, clips: list[tuple[str, int, Clip]], number: int) -> Drawn:
    """The lesson of this number on one of the clips (shard, number in it, clip)."""
    rng = random.Random(f"failures-{number}")
    shard, index, clip = rng.choice(clips)
    lesson, _ = draft(rng, clip)
    sequence = stream_of(builder, clip.blueprint, lesson.begin, lesson.end, lesson.questions, number)
    return Drawn(number, shard, index, lesson, sequence, clip.features.reshape(-1, clip.features.shape[-1]))


@torch.inference_mode()
def perform(speaker: Speaker, tokenizer: Tokenizer, lessons: list[Drawn], policy: Policy, temperatures: list[float]) -> list[Performance]:
    """Performs the lessons together, with one try for each temperature; the same lessons give the same tries."""
    arrays = collate([drawn.sequence for drawn in lessons], [drawn.tokens for drawn in lessons])
    streams = Streams(speaker, {name: torch.from_numpy(array) for name, array in arrays.items()})
    parts = streams.scores.split([len(drawn.sequence.heads) for drawn in lessons])
    traces = [_trace(drawn, part.tolist()) for drawn, part in zip(lessons, parts)]
    moments = [_moments(drawn, trace, policy) for drawn, trace in zip(lessons, traces)]
    turns = [Turn(row, *turn_at(drawn.sequence, frame), temperature) for row, (drawn, due) in enumerate(zip(lessons, moments))
             for frame, _ in due for temperature in temperatures]
    opening = tokenizer.encode(layout.REPLY, add_special_tokens=False).ids
    generator = torch.Generator().manual_seed(lessons[0].number)
    replies = iter(streams.speak(turns, opening, tokenizer.token_to_id(layout.END), generator))
    performances = []
    for drawn, trace, due in zip(lessons, traces, moments):
        told = [(frame, telling, [_try(tokenizer, next(replies), temperature > 0) for temperature in temperatures]) for frame, telling in due]
        performances.append(Performance(drawn, trace, told))
    return performances


def _trace(drawn: Drawn, scores: list[list[float]]) -> list[tuple[float, float, float]]:
    return [((drawn.sequence.frames[0] + index) / FPS, informative, relevance) for index, (informative, relevance) in enumerate(scores)]


def _moments(drawn: Drawn, trace: list[tuple[float, float, float]], policy: Policy) -> list[tuple[int, Telling]]:
    fired = firing_times(trace, policy)
    found = [(moment_of(telling, fired, FPS, drawn.sequence.frames[1]), telling) for telling in drawn.lesson.tellings]
    return [(frame, telling) for frame, telling in found if frame is not None]


def _try(tokenizer: Tokenizer, tokens: list[int], sampled: bool) -> Try:
    return Try(tokenizer.decode(tokens), tokens, sampled)
