"""The model's present ability, by factor: how often it has lately got right what it was asked, for each kind of event, type of question,
language, thing, and for keeping silent. Training draws by it what is neither mastered nor hopeless (self-aware dynamic selection);
the legislator draws by it what is got wrong."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path

import torch

from world.questions import LANGUAGE_WEIGHTS, NOW_TYPES, TYPES
from world.vocabulary import KINDS, THING_NAMES

ALL_TYPES = [*TYPES, *NOW_TYPES, "none", "stop"]
FACTORS: list[str] = [
    *(f"kind:{kind}" for kind in KINDS), *(f"question:{type}" for type in ALL_TYPES), *(f"language:{name}" for name in LANGUAGE_WEIGHTS),
    *(f"thing:{thing}" for thing in THING_NAMES), *(f"silence:{type}" for type in ALL_TYPES)]
# Weight of the newest outcome in the running mean.
MEMORY = 0.02
UNKNOWN = 0.5
LEAST_HOPE = 0.2


class Ability:
    """Running success by factor. The table lies in shared memory, so that the process that draws lessons sees it change."""

    def __init__(self, table: torch.Tensor | None = None, factors: list[str] = FACTORS) -> None:
        self.factors, self.index = factors, {factor: index for index, factor in enumerate(factors)}
        self.table = (torch.full((len(factors),), UNKNOWN) if table is None else table.clone()).share_memory_()

    def note(self, factors: Iterable[str], right: bool) -> None:
        """One more outcome for each of the factors."""
        for factor in factors:
            self.table[self.index[factor]] += MEMORY * (float(right) - self.table[self.index[factor]])

    def of(self, factors: list[str]) -> float:
        """The expected success of something that needs all these factors: their mean."""
        return float(self.table[[self.index[factor] for factor in factors]].mean()) if factors else UNKNOWN

    def as_dict(self) -> dict[str, float]:
        return {factor: round(float(value), 4) for factor, value in zip(self.factors, self.table)}

    def write(self, path: Path) -> None:
        """As JSON, at once or not at all."""
        partial = path.with_suffix(".partial")
        partial.write_text(json.dumps(self.as_dict(), indent=1) + "\n")
        os.replace(partial, path)


def worth_learning(success: float) -> float:
    """4 p (1 - p): highest where the model succeeds half of the time, and never quite nothing. What hardly ever succeeds counts as hopeless only
    up to a point, or counting and describing, which are learnt last, would never be practised."""
    p = max(success, LEAST_HOPE)
    return 0.15 + 4 * p * (1 - p)
