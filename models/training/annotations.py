"""A question on a clip, written in the forms that `duet score` reads: MAGQA, dense captions, grounding, highlights, proactive answering."""

from __future__ import annotations

import math
from dataclasses import dataclass

from world.answers import NOW_WINDOW, answer, answers_at_once, immediate_answer
from world.blueprint import Blueprint
from world.questions import Question

Record = dict[str, object]
# Highlights are scored by clips of two seconds; covered wholly they are worth this much.
HIGHLIGHT_SECONDS, HIGHEST_SALIENCY = 2, 4
# A proactive answer still counts this much after its span.
PROACTIVE_GRACE = 2.0


@dataclass(frozen=True)
class Answer:
    """One grounded answer: the sentence and its span in seconds."""

    text: str
    start: float
    end: float


def answers_to(blueprint: Blueprint, question: Question) -> list[Answer]:
    """All answers that come after the question, in order."""
    found = [Answer(immediate_answer(blueprint, question), question.time, question.time + NOW_WINDOW)] if answers_at_once(question) else []
    for event in blueprint.events:
        told = answer(blueprint, [question], event) if question.time <= event.middle else None
        if told:
            found.append(Answer(told[0], max(event.start, question.time), event.end))
    return found


def _head(number: str, video: str, question: Question) -> Record:
    return {"question_id": f"{number}.mp4", "video": video,
            "conversation": [{"role": "user", "content": question.text, "time": question.time}]}


def magqa(number: str, video: str, question: Question, answers: list[Answer]) -> Record:
    """Several grounded answers (also the form of dense captions)."""
    return _head(number, video, question) | {
        "answer": [{"role": "assistant", "content": each.text, "time": [each.start, each.end]} for each in answers]}


def grounding(number: str, video: str, question: Question, answers: list[Answer]) -> Record:
    """Charades form: spans only."""
    return _head(number, video, question) | {"timestamps": [[each.start, each.end] for each in answers]}


def proactive(number: str, video: str, question: Question, answers: list[Answer]) -> Record:
    """What to say, and from when until when it counts."""
    return _head(number, video, question) | {"answer": [
        {"content": each.text, "related_timespan": [each.start, each.end], "reply_timespan": [each.start, each.end + PROACTIVE_GRACE]}
        for each in answers]}


def highlights(number: str, video: str, question: Question, answers: list[Answer], duration: float) -> Record:
    """QVHighlights form: saliency of two-second clips by how much of them the answers cover."""
    saliency = {clip: round(HIGHEST_SALIENCY * _covered(clip, answers)) for clip in range(math.floor(duration / HIGHLIGHT_SECONDS))}
    relevant = [clip for clip, value in saliency.items() if value]
    return {"qid": f"{number}.mp4", "query": question.text, "vid": video.removesuffix(".mp4"), "duration": duration,
            "relevant_windows": [[each.start, each.end] for each in answers], "relevant_clip_ids": relevant,
            "saliency_scores": [[saliency[clip]] * 3 for clip in relevant]}


def _covered(clip: int, answers: list[Answer]) -> float:
    """The share of a clip that answers cover."""
    start, end = clip * HIGHLIGHT_SECONDS, (clip + 1) * HIGHLIGHT_SECONDS
    return min(1.0, sum(max(0.0, min(end, each.end) - max(start, each.start)) for each in answers) / HIGHLIGHT_SECONDS)
