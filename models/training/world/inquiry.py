"""The legislator's search for questions: on a given blueprint, ones that the present model is expected to get wrong, spread evenly over types,
languages, times of asking and numbers of answers. What is trivial, cannot be answered fairly or has been asked of this clip is rejected."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field

from .answers import answer, answers_at_once
from .blueprint import Blueprint
from .questions import LANGUAGE_WEIGHTS, TYPES, Question, sample_question
from .search import FLOOR
from .spread import Spread, values_of_question

DRAFTS = 5
AT_START_SHARE = 0.45
# Questions that nothing answers: silence is right.
UNANSWERED_SHARE = 0.12
# A question that is answered at once needs so many quiet seconds after it.
QUIET = 2.0


@dataclass
class Inquiry:
    """Proposals of questions. `ability` maps factors ("question:place", "language:fr") to recent success; unknown ones count as 0.5."""

    rng: random.Random
    ability: dict[str, float] = field(default_factory=dict)
    spread: Spread = field(default_factory=Spread)
    rejected: Counter[str] = field(default_factory=Counter)

    def propose(self, blueprint: Blueprint, asked: list[Question]) -> Question:
        """One more question on a clip of which `asked` have been asked."""
        drafts: list[Question] = []
        silent = self.rng.random() < UNANSWERED_SHARE
        while len(drafts) < DRAFTS:
            draft = self._draft(blueprint)
            reason = objection(blueprint, draft, asked, silent)
            if reason:
                self.rejected[reason] += 1
            else:
                drafts.append(draft)
        chosen = max(drafts, key=lambda draft: self.value(blueprint, draft))
        self.spread.note(values_of_question(blueprint, chosen, len(answered(blueprint, chosen))))
        return chosen

    def value(self, blueprint: Blueprint, question: Question) -> float:
        """Expected failure times rarity, a little by chance."""
        values = values_of_question(blueprint, question, len(answered(blueprint, question)))
        need = self.need(f"question:{question.type}") * self.need(f"language:{question.language}")
        return need * self.spread.mean_rarity(values) * self.rng.uniform(0.9, 1.1)

    def need(self, factor: str) -> float:
        """How much more of the factor is wanted: from FLOOR for what is always right to 1."""
        return FLOOR + (1 - FLOOR) * (1 - self.ability.get(factor, 0.5))

    def _draft(self, blueprint: Blueprint) -> Question:
        types, languages = list(TYPES), list(LANGUAGE_WEIGHTS)
        type = self.rng.choices(types, [self.spread.rarity("question", name) for name in types])[0]
        language = self.rng.choices(languages, [self.spread.rarity("language", name) for name in languages])[0]
        time = 0.0 if self.rng.random() < AT_START_SHARE else round(self.rng.uniform(2, 0.8 * blueprint.duration), 1)
        return sample_question(self.rng, blueprint, time, careless=False, type=type, language=language)


def answered(blueprint: Blueprint, question: Question) -> list[str]:
    """What events after the question answer it with."""
    return [told[0] for event in blueprint.events if question.time <= event.middle and (told := answer(blueprint, [question], event))]


def objection(blueprint: Blueprint, question: Question, asked: list[Question], silent: bool) -> str:
    """Why the question is not to be asked, or "". `silent`: one is wanted that nothing answers."""
    if any(event.middle <= question.time <= event.end for event in blueprint.events):
        return "asked while something is being told"
    if answers_at_once(question) and any(event.start < question.time + QUIET and event.end > question.time for event in blueprint.events):
        return "answered at once in the midst of an event"
    if any((other.type, other.argument, other.detail) == (question.type, question.argument, question.detail) for other in asked):
        return "duplicate"
    later = sum(event.middle >= question.time for event in blueprint.events)
    count = len(answered(blueprint, question))
    if question.type != "all" and later > 1 and count == later:
        return "trivial: everything answers it"
    return "" if answers_at_once(question) or (count == 0) == silent else "answered" if silent else "never answered"
