"""Endless training batches from the shards of cached clips. New shards are picked up while they are being written."""

from __future__ import annotations

import functools
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch.utils.data import IterableDataset

from ability import Ability, worth_learning
from cache_features import FPS
from lesson import Lesson, make_lesson
from reading import SEEN_SIZES, seen_of
from sequence import Sequence, SequenceBuilder, collate
from world.blueprint import Blueprint

POOL = 96
# So many lessons are drafted for each that is taken, and a share is taken as it comes, so that nothing is forgotten.
DRAFTS, UNCHOSEN_SHARE = 4, 0.3


@dataclass(frozen=True)
class Clip:
    """A cached clip: its blueprint, and its frame embeddings fp16 [frames, tokens, hidden]."""

    blueprint: Blueprint
    features: np.ndarray

    @functools.cached_property
    def seen(self) -> np.ndarray:
        """What each frame shows, [frames, columns]."""
        return np.array([seen_of(self.blueprint, frame / FPS) for frame in range(len(self.features))], np.int64).reshape(-1, len(SEEN_SIZES))


def read_shard(path: Path) -> list[Clip]:
    """The clips of one shard."""
    # Mapped, so that several processes share the memory.
    stored = torch.load(path, weights_only=True, mmap=True)
    features, offsets = stored["features"].numpy(), stored["offsets"]
    return [Clip(Blueprint.from_json(json.loads(text)), features[offsets[index]:offsets[index + 1]])
            for index, text in enumerate(stored["blueprints"])]


class LessonStream(IterableDataset):
    """Endless batches of about `tokens` padded tokens each, as collate() shapes them, with the factors of their replies and silences.

    With an `ability`, lessons are drawn that the model is neither sure to get nor hopeless at."""

    def __init__(self, folder: Path, split: str, tokenizer: Path, tokens_per_frame: int, seed: int, tokens: int,
                 ability: Ability | None = None) -> None:
        self.folder, self.split, self.seed, self.tokens = folder, split, seed, tokens
        self.tokenizer, self.tokens_per_frame, self.ability = tokenizer, tokens_per_frame, ability

    def __iter__(self) -> Iterator[dict[str, object]]:
        rng = random.Random(self.seed)
        builder = SequenceBuilder(Tokenizer.from_file(str(self.tokenizer)), FPS, self.tokens_per_frame)
        clips: list[Clip] = []
        known: set[Path] = set()
        while True:
            for path in sorted(set(self.folder.glob(f"{self.split}-*.pt")) - known):
                clips += read_shard(path)
                known.add(path)
            if not clips:
                raise FileNotFoundError(f"no {self.split} shards in {self.folder}: run cache_features.py first")
            pool = [self._draw(rng, clips) for _ in range(POOL)]
            pairs = sorted(((builder.build(rng, lesson), clip) for lesson, clip in pool), key=lambda pair: len(pair[0].ids))
            batches = list(self._batches(pairs))
            rng.shuffle(batches)
            yield from map(_joined, batches)

    def _draw(self, rng: random.Random, clips: list[Clip]) -> tuple[Lesson, Clip]:
        count = 1 if self.ability is None or rng.random() < UNCHOSEN_SHARE else DRAFTS
        drafts = [draft(rng, rng.choice(clips)) for _ in range(count)]
        return rng.choices(drafts, [self._worth(lesson) for lesson, _ in drafts])[0]

    def _worth(self, lesson: Lesson) -> float:
        """The mean worth of the lesson's replies and of its silence."""
        if self.ability is None:
            return 1.0
        needed = [*(telling.factors for telling in lesson.tellings), [lesson.silence()]]
        return float(np.mean([worth_learning(self.ability.of(factors)) for factors in needed]))

    def _batches(self, pool: list[tuple[Sequence, Clip]]) -> Iterator[list[tuple[Sequence, Clip]]]:
        batch: list[tuple[Sequence, Clip]] = []
        for pair in pool:
            if batch and len(pair[0].ids) * (len(batch) + 1) > self.tokens:
                yield batch
                batch = []
            batch.append(pair)
        yield batch


def draft(rng: random.Random, clip: Clip) -> tuple[Lesson, Clip]:
    """A random lesson on a random piece of the clip."""
    return make_lesson(rng, clip.blueprint, *_piece(rng, clip.blueprint)), clip


def _joined(batch: list[tuple[Sequence, Clip]]) -> dict[str, object]:
    """The batch's tensors; beside them the factors of every reply, and for every lesson the factor of its silence and its count of frames."""
    arrays = collate([sequence for sequence, _ in batch], [clip.features.reshape(-1, clip.features.shape[-1]) for _, clip in batch])
    arrays["seen"] = np.concatenate([clip.seen[sequence.frames[0]:sequence.frames[1]] for sequence, clip in batch])
    return {name: torch.from_numpy(array) for name, array in arrays.items()} | {
        "factors": [factors for sequence, _ in batch for factors in sequence.factors],
        "silences": [(sequence.silence, len(sequence.heads)) for sequence, _ in batch]}


def _piece(rng: random.Random, blueprint: Blueprint) -> tuple[float, float]:
    """Where to begin (the clip's start, or between two events) and end; mostly pieces of 8 to 20 s, sometimes the whole clip."""
    whole = int(blueprint.duration * FPS) / FPS
    if rng.random() < 0.08:
        return 0.0, whole
    events = blueprint.events
    gaps = [(before.end, after.start) for before, after in zip(events, events[1:]) if before.end < blueprint.duration - 10]
    begin = rng.uniform(*rng.choice(gaps)) if gaps and rng.random() < 0.7 else 0.0
    return begin, min(whole, begin + rng.uniform(8, 20))
