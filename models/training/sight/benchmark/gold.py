"""What a perfect assistant says in a lesson with one question, and within which spans it counts."""

from __future__ import annotations

from dataclasses import replace

from annotations import Answer
from sight.lessons.lesson import Lesson, Telling

# Seconds: the pause between replies; how long after its moment a reply still counts, to an event and to a question about now.
PAUSE, LATE, LATE_ANSWER = 1.0, 2.0, 1.5
# Spans do not touch, so that a reply counts in one.
GAP = 0.01


def gold_answers(lesson: Lesson) -> list[tuple[Answer, list[str]]]:
    """Each answer with the kinds of events behind it ("now" for an answer without)."""
    lesson = replace(lesson, tellings=[telling for telling in lesson.tellings if telling.question is not None])
    turns = turns_of(lesson)
    out = []
    for index, (frame, told) in enumerate(turns):
        moment = frame / lesson.stream.fps
        begin = min(telling.start for telling in told) / lesson.stream.fps
        end = moment + (LATE if any(telling.happening for telling in told) else LATE_ANSWER)
        if index > 0:
            begin = max(begin, halfway(lesson, turns[index - 1][0], frame))
        if index + 1 < len(turns):
            end = min(end, halfway(lesson, frame, turns[index + 1][0]) - GAP)
        answer = Answer(lesson.said_at(frame), round(min(begin, moment), 3), round(min(end, lesson.last / lesson.stream.fps), 3))
        out.append((answer, sorted({telling.happening.kind if telling.happening else "now" for telling in told})))
    return out


def turns_of(lesson: Lesson) -> list[tuple[int, list[Telling]]]:
    """At which frames one speaks who says everything as soon as it can be told, with a pause after each reply."""
    turns: list[tuple[int, list[Telling]]] = []
    free, told = lesson.first, set()
    for frame in range(lesson.first, lesson.last):
        due = [number for number, telling in enumerate(lesson.tellings) if telling.begin <= frame < telling.end and number not in told]
        if due and frame >= free:
            turns.append((frame, [lesson.tellings[number] for number in due]))
            told.update(due)
            free = frame + round(PAUSE * lesson.stream.fps)
    return turns


def halfway(lesson: Lesson, frame: int, next_frame: int) -> float:
    """The second between two replies at which the one's span ends and the other's may begin."""
    return (frame + next_frame) / 2 / lesson.stream.fps
