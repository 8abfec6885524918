"""What answers a question: which events, in which words."""

from __future__ import annotations

from .blueprint import Blueprint, Entity, Event
from .questions import KIND_SETS, NOW_TYPES, Question, matches, standing_at
from .sentences import count_of, how_many, now_answer, sentence, tally, then
from .state import state_at

# A question about the moment is answered within this many seconds.
NOW_WINDOW = 2.0


def answer(blueprint: Blueprint, questions: list[Question], event: Event, since: float = 0.0) -> tuple[str, Question | None] | None:
    """The reply to an event and the question it answers, for somebody who watches since then; None when nobody asks for it.

    Without any standing question everything is worth saying; of several open ones the latest that the event answers decides the words."""
    asked = [question for question in questions if question.type not in NOW_TYPES and question.time <= event.middle]
    if not asked:
        return sentence(blueprint, event, since), None
    for question in standing_at(questions, event.middle):
        text = _answer_to(blueprint, question, event, since)
        if text:
            return text, question
    return None


def _answer_to(blueprint: Blueprint, question: Question, event: Event, since: float) -> str | None:
    if question.type == "howmany":
        before, after = (count_of(state_at(blueprint, time), question.argument) for time in (event.start - 0.01, event.end))
        return how_many(after, question.argument) if before != after else None
    if question.type == "after":
        return then(sentence(blueprint, event, since)) if _follows(blueprint, question, event) else None
    if not matches(blueprint, question, event):
        return None
    if question.type == "tally":
        return tally(sum(matches(blueprint, question, other) for other in blueprint.events
                         if other.start <= event.start and other.middle >= question.time))
    return question.argument if question.type == "query" else sentence(blueprint, event, since)


def _follows(blueprint: Blueprint, question: Question, event: Event) -> bool:
    """Whether the event just before is of the set asked for, and was still to be seen when the question came."""
    earlier = [other for other in blueprint.events if other.start < event.start]
    return bool(earlier) and earlier[-1].kind in KIND_SETS[question.argument] and earlier[-1].middle >= question.time


def answers_at_once(question: Question) -> bool:
    """Whether the question is answered when it is asked."""
    return question.type in NOW_TYPES or question.type == "howmany"


def immediate_answer(blueprint: Blueprint, question: Question) -> str:
    """The answer to a question about the moment it is asked at."""
    time = question.time + NOW_WINDOW / 2
    if question.type == "howmany":
        return now_answer(blueprint, "nowcount", question.argument, None, time)
    entity = Entity(question.argument, question.detail) if question.type in ("nowwhere", "nowcolour") else None
    return now_answer(blueprint, question.type, question.argument, entity, time)
