"""A lesson: a piece of a clip with user texts, and what the assistant should score and say at which frame."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field

from world.answers import NOW_WINDOW, answer, answers_at_once, immediate_answer
from world.blueprint import Blueprint, Event
from world.questions import LANGUAGE_WEIGHTS, NOW_TYPES, Question, ask, sample_question
from world.state import state_at
from world.vocabulary import GROUPS, PLACES, THING_NAMES


@dataclass
class Telling:
    """A reply that is due: informative from `due` until `reply`, relevant in [start, end], sayable in [due, last]. Seconds.

    `factors` name what must be mastered for it (kind of event, type and language of the question, thing)."""

    text: str
    start: float
    end: float
    due: float
    reply: float
    last: float
    factors: list[str] = field(default_factory=list)


@dataclass
class Lesson:
    """User texts with their times, and the tellings in order of time; `events` are all events of the piece of clip."""

    begin: float
    end: float
    questions: list[Question]
    tellings: list[Telling]
    blueprint: Blueprint
    events: list[Event] = field(default_factory=list)

    def silence(self) -> str:
        """The factor of keeping silent in this lesson."""
        return f"silence:{self.questions[-1].type if self.questions else 'all'}"


def make_lesson(rng: random.Random, blueprint: Blueprint, begin: float, end: float) -> Lesson:
    """A random lesson on the piece [begin, end) of a clip; times stay those of the whole clip."""
    return lesson_on(rng, blueprint, begin, end, _draw_questions(rng, blueprint, begin, end))


def lesson_on(rng: random.Random, blueprint: Blueprint, begin: float, end: float, questions: list[Question]) -> Lesson:
    """The lesson that these user texts make of the piece."""
    events = [event for event in blueprint.events if event.start >= begin - 1e-6 and event.middle < end - 0.5]
    tellings = [telling for event in events if (telling := _telling_of(rng, blueprint, questions, event, begin))]
    tellings += [_immediate_telling(rng, blueprint, question) for question in questions if answers_at_once(question)]
    return Lesson(begin, end, questions, sorted(tellings, key=lambda telling: telling.due), blueprint, events)


def _draw_questions(rng: random.Random, blueprint: Blueprint, begin: float, end: float) -> list[Question]:
    draw = rng.random()
    if draw < 0.20:
        return []
    first = begin if rng.random() < 0.72 else settled(blueprint, rng.uniform(begin, begin + 0.5 * (end - begin)))
    questions = [_sample(rng, blueprint, first, begin, end)] if draw < 0.93 else []
    for share in (0.80, 0.95):
        if draw >= share:
            moment = settled(blueprint, rng.uniform(first + 2, max(first + 3, end - 4)))
            questions.append(_later_question(rng, blueprint, moment, begin, end))
            first = moment
    if rng.random() < 0.22:
        questions += _now_question(rng, blueprint, begin, end)
    return sorted(questions, key=lambda question: question.time)


def _sample(rng: random.Random, blueprint: Blueprint, time: float, begin: float, end: float) -> Question:
    """A standing question; counting ones only where there is time for their first answer."""
    while True:
        question = sample_question(rng, blueprint, time)
        if not answers_at_once(question) or _is_calm(blueprint, time, end):
            return question


def _later_question(rng: random.Random, blueprint: Blueprint, time: float, begin: float, end: float) -> Question:
    """One more standing question, one that replaces the others, or a word to stop."""
    question = _sample(rng, blueprint, time, begin, end)
    draw = rng.random()
    if draw < 0.12:
        return ask(rng, Question(time, "stop", language=question.language))
    if draw < 0.5:
        return ask(rng, Question(time, question.type, question.argument, question.detail, "", question.language, True))
    return question


def settled(blueprint: Blueprint, time: float) -> float:
    """`time`, or the end of the event that is just being told then."""
    return next((event.end + 0.1 for event in blueprint.events if event.middle <= time <= event.end), time)


def _is_calm(blueprint: Blueprint, time: float, end: float) -> bool:
    """Whether nothing happens while a question of the moment is answered."""
    last = time + NOW_WINDOW
    return last < end and all(event.end < time or event.start > last for event in blueprint.events)


def _now_question(rng: random.Random, blueprint: Blueprint, begin: float, end: float) -> list[Question]:
    """A question about the present moment where there is time for its answer; none when there is no such moment."""
    for _ in range(12):
        time = rng.uniform(begin + 0.2, end - NOW_WINDOW)
        if _is_calm(blueprint, time - 0.2, end):
            return [now_question(rng, blueprint, time)]
    return []


def now_question(rng: random.Random, blueprint: Blueprint, time: float) -> Question:
    """A question about the moment; about things mostly those that are there."""
    kind = rng.choices(list(NOW_TYPES), list(NOW_TYPES.values()))[0]
    language = rng.choices(list(LANGUAGE_WEIGHTS), list(LANGUAGE_WEIGHTS.values()))[0]
    there = [actor for actor in state_at(blueprint, time + NOW_WINDOW / 2).standing.values()]
    lonely = [actor for actor in there if sum(other.thing == actor.thing for other in there) == 1]
    argument, detail = {"nowplace": rng.choice(PLACES), "nowcount": rng.choice([*GROUPS, "thing", "thing"])}.get(kind, ""), ""
    if kind in ("nowwhere", "nowcolour"):
        chosen = rng.choice(lonely) if lonely and rng.random() < 0.85 else None
        argument = chosen.thing if chosen else rng.choice([name for name in THING_NAMES if all(actor.thing != name for actor in there)])
        detail = chosen.colour if chosen and kind == "nowwhere" and rng.random() < 0.5 else ""
    return ask(rng, Question(time, kind, argument, detail, "", language))


def _telling_of(rng: random.Random, blueprint: Blueprint, questions: list[Question], event: Event, begin: float) -> Telling | None:
    answered = answer(blueprint, questions, event, begin)
    if answered is None:
        return None
    text, question = answered
    reply = event.middle + rng.uniform(0, 0.6) * (event.end - event.middle)
    factors = [f"kind:{event.kind}", *_asked(question)]
    if event.entity >= 0 and (question is None or question.type not in ("howmany", "tally")):
        factors.append(f"thing:{blueprint.entities[event.entity].thing}")
    return Telling(text, event.start, event.end, event.middle, reply, event.end, factors)


def _asked(question: Question | None) -> list[str]:
    return [f"question:{question.type}", f"language:{question.language}"] if question else ["question:none"]


def _immediate_telling(rng: random.Random, blueprint: Blueprint, question: Question) -> Telling:
    last = question.time + NOW_WINDOW
    return Telling(immediate_answer(blueprint, question), question.time, last, question.time, question.time + rng.uniform(0, 0.8), last,
                   _asked(question))


def frame_at_or_after(time: float, fps: float) -> int:
    """The index of the first frame at or after `time`."""
    return math.ceil(time * fps - 1e-6)
