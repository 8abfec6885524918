"""The legislator's search: blueprints that the present model is expected to get wrong, spread evenly over what the world can show.

Each proposal is the best of a few drafts, fresh ones drawn to taste and changed ones of earlier good proposals. Trivial, contradictory and
duplicate drafts are rejected and counted. Difficulty comes from the model's own recent failures (ability.py), by kind of event and thing."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field

from .blueprint import Blueprint
from .legislator import Taste, sample_blueprint
from .mutation import mutated
from .split import scene_before, split_of
from .spread import Spread, values_of
from .stage import contradiction
from .vocabulary import COLOUR_NAMES, KINDS, THING_NAMES

DRAFTS, ELITE = 5, 60
CHANGED_SHARE = 0.4
# A failure weighs a draft up, but nothing is drawn less than this against what is never right.
FLOOR = 0.35


@dataclass
class Search:
    """Proposals for one split. `ability` maps factors ("kind:grow") to recent success in [0, 1]; unknown ones count as 0.5."""

    rng: random.Random
    split: str = "train"
    ability: dict[str, float] = field(default_factory=dict)
    spread: Spread = field(default_factory=Spread)
    rejected: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.elite: list[Blueprint] = []
        self.known: set[tuple[object, ...]] = set()

    def propose(self, duration: float | None = None) -> Blueprint:
        """The next blueprint."""
        drafts: list[Blueprint] = []
        while len(drafts) < DRAFTS:
            draft = self._draft(duration)
            reason = self._objection(draft)
            if reason:
                self.rejected[reason] += 1
            else:
                drafts.append(draft)
        chosen = max(drafts, key=self.value)
        self.known.add(signature(chosen))
        self.spread.note(values_of(chosen))
        self.elite = sorted([*self.elite, chosen], key=self.value)[-ELITE:]
        return chosen

    def value(self, blueprint: Blueprint) -> float:
        """Expected failure times rarity, a little by chance."""
        needed = [self.need(f"kind:{event.kind}") for event in blueprint.events]
        return sum(needed) / len(needed) * self.spread.mean_rarity(values_of(blueprint)) * self.rng.uniform(0.8, 1.25)

    def need(self, factor: str) -> float:
        """How much more of the factor is wanted: from FLOOR for what is always right to 1."""
        return FLOOR + (1 - FLOOR) * (1 - self.ability.get(factor, 0.5))

    def taste(self) -> Taste:
        """What is failed and what is rare weighs more."""
        return Taste(
            kinds={kind: self.need(f"kind:{kind}") * self.spread.rarity("kind", kind) for kind in KINDS},
            things={thing: self.need(f"thing:{thing}") * self.spread.rarity("thing", thing) for thing in THING_NAMES},
            colours=dict.fromkeys(COLOUR_NAMES, 1.0))

    def _draft(self, duration: float | None) -> Blueprint:
        if duration is None and len(self.elite) >= ELITE and self.rng.random() < CHANGED_SHARE:
            return mutated(self.rng, self.rng.choice(self.elite))
        return sample_blueprint(self.rng, self.split, duration, self.taste())

    def _objection(self, blueprint: Blueprint) -> str:
        if contradiction(blueprint):
            return "contradictory"
        if len({event.kind for event in blueprint.events}) < 2:
            return "trivial"
        if signature(blueprint) in self.known:
            return "duplicate"
        owners = {split_of(blueprint.entities, event, scene_before(blueprint, event), blueprint.aspect) for event in blueprint.events}
        return "of another split" if owners - {"train", self.split} else ""


def signature(blueprint: Blueprint) -> tuple[object, ...]:
    """What makes two blueprints the same: who does what, in which order, where."""
    entities = [(entity.thing, entity.colour, entity.count) for entity in blueprint.entities]
    return (blueprint.scene, *((event.kind, entities[event.entity] if event.entity >= 0 else event.value, event.place) for event in blueprint.events))
