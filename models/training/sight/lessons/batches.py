"""Endless batches of lessons on streams that are simulated as they are needed."""

from __future__ import annotations

import random
from collections.abc import Iterator

import numpy as np
import torch
from tokenizers import Tokenizer
from torch.utils.data import DataLoader, IterableDataset

from ability import Ability, worth_learning
from sight.lessons.lesson import Lesson, make_lesson
from sight.lessons.sequence import Sequence, SequenceBuilder, collate
from sight.world.stream import Stream, draw_stream

# Of so many drafts one is taken by what it is worth, but a share as it comes, so that nothing is forgotten.
DRAFTS, UNCHOSEN_SHARE = 4, 0.4
POOL, FRESH, LESSONS_A_POOL = 32, 12, 64


class LessonStream(IterableDataset):
    """Batches of about `budget` padded tokens; pieces last `seconds` (from, to). With an `ability` lessons are drawn that are neither mastered nor hopeless."""

    def __init__(self, tokenizer: str, tokens: int, seed: int, budget: int, fps: float, seconds: tuple[float, float], ability: Ability | None = None) -> None:
        self.tokenizer, self.tokens, self.seed, self.budget, self.fps, self.seconds, self.ability = tokenizer, tokens, seed, budget, fps, seconds, ability

    def __iter__(self) -> Iterator[dict[str, object]]:
        torch.set_num_threads(1)
        rng, numbers = random.Random(self.seed), np.random.default_rng(self.seed)
        builder = SequenceBuilder(Tokenizer.from_file(self.tokenizer), self.tokens)
        pool: list[Stream] = []
        while True:
            pool = pool[FRESH if len(pool) >= POOL else 0:]
            while len(pool) < POOL:
                pool.append(draw_stream(numbers, rng.uniform(30, 120), self.fps))
            # Lessons of one batch are about equally long, or half of it would be padding.
            seconds = rng.uniform(*self.seconds)
            sequences = sorted((builder.build(rng, self._draw(rng, pool, seconds)) for _ in range(LESSONS_A_POOL)), key=lambda sequence: len(sequence.ids))
            batches = list(self._batches(sequences))
            rng.shuffle(batches)
            yield from (tensors_of(collate(batch, self.tokens)) for batch in batches)

    def _draw(self, rng: random.Random, pool: list[Stream], seconds: float) -> Lesson:
        count = 1 if self.ability is None or rng.random() < UNCHOSEN_SHARE else DRAFTS
        drafts = [self._draft(rng, rng.choice(pool), seconds) for _ in range(count)]
        return drafts[0] if count == 1 else rng.choices(drafts, [self._worth(lesson) for lesson in drafts])[0]

    def _draft(self, rng: random.Random, stream: Stream, seconds: float) -> Lesson:
        count = min(stream.count, round(seconds * self.fps))
        first = 0 if rng.random() < 0.3 else rng.randrange(0, max(1, stream.count - count + 1))
        return make_lesson(rng, stream, first, first + count)

    def _worth(self, lesson: Lesson) -> float:
        needed = [*(telling.factors for telling in lesson.tellings), [lesson.silence()]]
        return float(np.mean([worth_learning(self.ability.of(factors)) for factors in needed]))

    def _batches(self, sequences: list[Sequence]) -> Iterator[list[Sequence]]:
        batch: list[Sequence] = []
        for sequence in sequences:
            if batch and len(sequence.ids) * (len(batch) + 1) > self.budget:
                yield batch
                batch = []
            batch.append(sequence)
        yield batch


def tensors_of(batch: dict[str, object]) -> dict[str, object]:
    """Arrays as tensors, the rest as it is."""
    return {name: torch.from_numpy(value) if isinstance(value, np.ndarray) else value for name, value in batch.items()}


def batches_of(tokenizer: str, tokens: int, seed: int, budget: int, fps: float, seconds: tuple[float, float], ability: Ability | None = None) -> Iterator[dict[str, object]]:
    """The batches of a process beside this one."""
    return iter(DataLoader(LessonStream(tokenizer, tokens, seed, budget, fps, seconds, ability), batch_size=None, num_workers=1, prefetch_factor=6))
