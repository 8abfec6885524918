"""Endless training batches from the shards of cached clips. New shards are picked up while they are being written."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch.utils.data import IterableDataset

from cache_features import FPS
from lesson import make_lesson
from sequence import Sequence, SequenceBuilder, collate
from world.blueprint import Blueprint

POOL = 96


@dataclass(frozen=True)
class Clip:
    """A cached clip: its blueprint, and its frame embeddings fp16 [frames, tokens, hidden]."""

    blueprint: Blueprint
    features: np.ndarray


def read_shard(path: Path) -> list[Clip]:
    """The clips of one shard."""
    stored = torch.load(path, weights_only=True)
    features, offsets = stored["features"].numpy(), stored["offsets"]
    return [Clip(Blueprint.from_json(json.loads(text)), features[offsets[index]:offsets[index + 1]])
            for index, text in enumerate(stored["blueprints"])]


class LessonStream(IterableDataset):
    """Endless batches of about `tokens` padded tokens each, as collate() shapes them."""

    def __init__(self, folder: Path, split: str, tokenizer: Path, tokens_per_frame: int, seed: int, tokens: int) -> None:
        self.folder, self.split, self.seed, self.tokens = folder, split, seed, tokens
        self.tokenizer, self.tokens_per_frame = tokenizer, tokens_per_frame

    def __iter__(self) -> Iterator[dict[str, torch.Tensor]]:
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
            pool = sorted((self._lesson(rng, builder, rng.choice(clips)) for _ in range(POOL)), key=lambda pair: len(pair[0].ids))
            batches = list(self._batches(pool))
            rng.shuffle(batches)
            for batch in batches:
                arrays = collate([sequence for sequence, _ in batch], [clip.features.reshape(-1, clip.features.shape[-1]) for _, clip in batch])
                yield {name: torch.from_numpy(array) for name, array in arrays.items()}

    def _lesson(self, rng: random.Random, builder: SequenceBuilder, clip: Clip) -> tuple[Sequence, Clip]:
        begin, end = _piece(rng, clip.blueprint)
        return builder.build(rng, make_lesson(rng, clip.blueprint, begin, end)), clip

    def _batches(self, pool: list[tuple[Sequence, Clip]]) -> Iterator[list[tuple[Sequence, Clip]]]:
        batch: list[tuple[Sequence, Clip]] = []
        for pair in pool:
            if batch and len(pair[0].ids) * (len(batch) + 1) > self.tokens:
                yield batch
                batch = []
            batch.append(pair)
        yield batch


def _piece(rng: random.Random, blueprint: Blueprint) -> tuple[float, float]:
    """Where to begin (the clip's start, or between two events) and end; mostly pieces of 10 to 26 s, sometimes the whole clip."""
    whole = int(blueprint.duration * FPS) / FPS
    if rng.random() < 0.12:
        return 0.0, whole
    events = blueprint.events
    gaps = [(before.end, after.start) for before, after in zip(events, events[1:]) if before.end < blueprint.duration - 10]
    begin = rng.uniform(*rng.choice(gaps)) if gaps and rng.random() < 0.7 else 0.0
    return begin, min(whole, begin + rng.uniform(10, 26))
