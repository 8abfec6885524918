"""A lesson: one clip with user texts, and what the assistant should score and say at which frame."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field

from world.blueprint import Blueprint, Event
from world.questions import Question, is_answered_by, phrase, sample_question
from world.sentences import description, sentence
from world.state import state_at
from world.vocabulary import PLACES

# A question about the present moment is answered within this many seconds.
NOW_WINDOW = 2.0


@dataclass
class Telling:
    """A reply that is due: informative from `due` until `reply`, relevant in [start, end], sayable in [due, last]. Seconds."""

    text: str
    start: float
    end: float
    due: float
    reply: float
    last: float


@dataclass
class Lesson:
    """User texts with their times, and the tellings in order of time; `events` are all events of the piece of clip."""

    begin: float
    end: float
    questions: list[Question]
    tellings: list[Telling]
    events: list[Event] = field(default_factory=list)


def make_lesson(rng: random.Random, blueprint: Blueprint, begin: float, end: float) -> Lesson:
    """A random lesson on the piece [begin, end) of a clip; times stay those of the whole clip."""
    questions = _draw_questions(rng, blueprint, begin, end)
    events = [event for event in blueprint.events if event.start >= begin - 1e-6 and event.middle < end - 0.5]
    tellings = [_telling_of(rng, event) for event in events if answered(questions, event)]
    tellings += [_now_telling(rng, blueprint, question) for question in questions if question.type == "now"]
    return Lesson(begin, end, questions, sorted(tellings, key=lambda telling: telling.due), events)


def answered(questions: list[Question], event: Event) -> bool:
    """The latest standing question decides; while there is none, everything is worth saying."""
    standing = [question for question in questions if question.type != "now" and question.time <= event.middle]
    return not standing or is_answered_by(standing[-1], event)


def _draw_questions(rng: random.Random, blueprint: Blueprint, begin: float, end: float) -> list[Question]:
    draw = rng.random()
    if draw < 0.10:
        return []
    if draw < 0.16:
        return [Question(begin, "all", "", phrase(rng, "all", ""))]
    first = begin if draw < 0.75 else _settled(blueprint, rng.uniform(begin, begin + 0.5 * (end - begin)))
    questions = [sample_question(rng, blueprint, first)] if draw < 0.95 else []
    if draw >= 0.85:
        later = rng.uniform(first + 2, max(first + 3, end - 4))
        questions.append(sample_question(rng, blueprint, _settled(blueprint, later)))
    if rng.random() < 0.2:
        questions += _now_question(rng, blueprint, begin, end)
    return sorted(questions, key=lambda question: question.time)


def _settled(blueprint: Blueprint, time: float) -> float:
    """`time`, or the end of the event that is just being told then."""
    return next((event.end + 0.1 for event in blueprint.events if event.middle <= time <= event.end), time)


def _now_question(rng: random.Random, blueprint: Blueprint, begin: float, end: float) -> list[Question]:
    """A question about the present moment in a gap that leaves time for its answer; none when there is no such gap."""
    ends = [begin] + [event.end for event in blueprint.events if begin <= event.end < end]
    gaps = [(low, min([end] + [event.start for event in blueprint.events if event.start >= low])) for low in ends]
    wide = [(low, high) for low, high in gaps if high - low > NOW_WINDOW + 0.3]
    if not wide:
        return []
    low, high = rng.choice(wide)
    place = rng.choice(["", "", *PLACES])
    return [Question(rng.uniform(low + 0.2, high - NOW_WINDOW), "now", place, phrase(rng, "now", place))]


def _telling_of(rng: random.Random, event: Event) -> Telling:
    reply = event.middle + rng.uniform(0, 0.6) * (event.end - event.middle)
    return Telling(sentence(event), event.start, event.end, event.middle, reply, event.end)


def _now_telling(rng: random.Random, blueprint: Blueprint, question: Question) -> Telling:
    state = state_at(blueprint, question.time + NOW_WINDOW / 2)
    standing = {actor.place: actor.thing for actor in state.standing.values()}
    text = description(state.scene, standing, question.argument)
    last = question.time + NOW_WINDOW
    return Telling(text, question.time, last, question.time, question.time + rng.uniform(0, 0.8), last)


def frame_at_or_after(time: float, fps: float) -> int:
    """The index of the first frame at or after `time`."""
    return math.ceil(time * fps - 1e-6)
