"""What the frame tokens and the user texts are made to hold while training: targets of the auxiliary readings, dropped at export."""

from __future__ import annotations

import numpy as np

from sight.lessons.lesson import TELLING, TYPES, Lesson, Question
from sight.words import LANGUAGES
from sight.world.happenings import name_of
from sight.world.present import known
from sight.world.stream import Stream
from sight.world.things import PERSON, SPOKEN_GROUPS, THINGS

IGNORE = -100
MOST = 10
EVENTS = ("enter-left", "enter-right", "enter-", "appear-", "leave-left", "leave-right", "leave-", "vanish-", "nearer-")
TARGETS = [*range(len(THINGS)), *SPOKEN_GROUPS, "thing"]
WHERES = ("", "left", "middle", "right")
ASKED_SIZES = [len(TYPES), len(TARGETS), len(LANGUAGES), len(WHERES)]
# Frame readings: each event due now (yes or no), the class of one of them, how many people, how many things; which classes stand in which third.
PLACES = 3 * len(THINGS)
FRAME_SIZES = [len(EVENTS), len(THINGS), MOST + 1, MOST + 1, PLACES]


def presence_of(stream: Stream) -> tuple[np.ndarray, np.ndarray]:
    """For every frame: which classes stand in which third [n, 240] and how many people and things there are [n, 2]."""
    if not hasattr(stream, "presence"):
        places, counts = np.zeros((stream.count, len(THINGS), 3), np.float32), np.zeros((stream.count, 2), np.int64)
        for first, shot, seen in stream.shots:
            there = known(shot, seen)
            for number in range(len(shot.actors)):
                name, frames = name_of(seen.looks[number]), np.flatnonzero(there[number])
                if name is None or not len(frames):
                    continue
                counts[first + frames, 1] += 1
                if name == PERSON:
                    counts[first + frames, 0] += 1
                if isinstance(name, int):
                    x = seen.boxes[number, frames, 0::2].mean(1)
                    places[first + frames, name, np.minimum((x * 3).astype(int), 2)] = 1
        stream.presence = places.reshape(stream.count, -1), np.minimum(counts, MOST)
    return stream.presence


def stream_targets(stream: Stream) -> dict[str, np.ndarray]:
    """events [n, 9] (0, 1), happening [n] (a class or IGNORE), counts [n, 2], places [n, 240] of all frames, whether or not anyone asked."""
    if not hasattr(stream, "targets"):
        events, happening = np.zeros((stream.count, len(EVENTS)), np.float32), np.full(stream.count, IGNORE, np.int64)
        for one in stream.happenings:
            begin = -int(-one.due * stream.fps // 1)
            window = slice(begin, begin + round(TELLING * stream.fps))
            events[window, EVENTS.index(f"{one.kind}-{one.side}")] = 1
            if isinstance(one.thing, int):
                happening[window] = one.thing
        places, counts = presence_of(stream)
        stream.targets = {"events": events, "happening": happening, "counts": counts, "places": places}
    return stream.targets


def frame_targets(lesson: Lesson) -> dict[str, np.ndarray]:
    """The same of the lesson's frames."""
    return {name: values[lesson.first:lesson.last] for name, values in stream_targets(lesson.stream).items()}


def asked_targets(question: Question) -> list[int]:
    """Type, target, language and place that a user text means."""
    return [TYPES.index(question.type), TARGETS.index(question.target) if question.target is not None else IGNORE,
            list(LANGUAGES).index(question.language), WHERES.index(question.where) if question.where else IGNORE]
