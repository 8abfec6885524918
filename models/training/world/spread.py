"""How evenly what has been legislated is spread, measured: counts by axis, their evenness, and how rare a blueprint's values are."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from .blueprint import Blueprint
from .questions import LANGUAGE_WEIGHTS, TYPES, Question
from .vocabulary import KINDS, THING_NAMES

# Values each axis can take; evenness is measured against all of them.
AXES: dict[str, list[str]] = {
    "kind": KINDS, "thing": THING_NAMES, "entities": ["0-2", "3-4", "5-7", "8+"], "duration": ["10-20", "20-30", "30-60", "60-120", "120+"],
    "asked": ["start", "early", "middle", "late"], "question": list(TYPES), "language": list(LANGUAGE_WEIGHTS), "answers": ["0", "1", "2-3", "4+"],
}


def _band(value: float, edges: list[float], names: list[str]) -> str:
    return names[sum(value >= edge for edge in edges)]


def values_of(blueprint: Blueprint) -> dict[str, list[str]]:
    """Which values of which axes the blueprint shows."""
    return {
        "kind": [event.kind for event in blueprint.events],
        "thing": [blueprint.entities[event.entity].thing for event in blueprint.events if event.entity >= 0],
        "entities": [_band(len(blueprint.entities), [3, 5, 8], AXES["entities"])],
        "duration": [_band(blueprint.duration, [20, 30, 60, 120], AXES["duration"])],
    }


def values_of_question(blueprint: Blueprint, question: Question, answers: int) -> dict[str, list[str]]:
    """The same of a question on the blueprint that so many events answer."""
    return {"question": [question.type], "language": [question.language], "asked": [asked_band(question.time / blueprint.duration)],
            "answers": [_band(answers, [1, 2, 4], AXES["answers"])]}


def asked_band(share: float) -> str:
    """At which part of the clip a question is asked."""
    return _band(share, [0.02, 0.25, 0.5], AXES["asked"])


@dataclass
class Spread:
    """Counts by axis and value."""

    counts: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def note(self, values: dict[str, list[str]]) -> None:
        for axis, shown in values.items():
            self.counts[axis].update(shown)

    def rarity(self, axis: str, value: str) -> float:
        """1 for a value met as often as the mean one, 2 for one never met, towards 0 for one met much more."""
        counts = self.counts[axis]
        mean = sum(counts.values()) / max(1, len(AXES.get(axis) or counts))
        return 2 * (mean + 1) / (mean + 1 + counts[value] + 1)

    def mean_rarity(self, values: dict[str, list[str]]) -> float:
        """Over all values of all axes."""
        each = [self.rarity(axis, value) for axis, shown in values.items() for value in shown]
        return sum(each) / max(1, len(each))

    def evenness(self) -> dict[str, float]:
        """Entropy by axis as a share of the largest possible one: 1 is perfectly even."""
        return {axis: round(_entropy(counts) / max(1e-9, math.log(max(2, len(AXES.get(axis) or counts)))), 4)
                for axis, counts in self.counts.items()}


def _entropy(counts: Counter[str]) -> float:
    total = sum(counts.values())
    return -sum(count / total * math.log(count / total) for count in counts.values() if count)
