"""Figures of played cases: answers in their spans, turns, repetitions, heads, grounding; and the same for simple speakers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from cases import Case
from session import Policy, Reply
from validation import ranked_area
from world.meaning import meaning, rating

# A reply may come this much after its span: one frame at 2 pictures a second.
GRACE = 0.5
MOST_WINDOWS = 25


@dataclass
class Played:
    """What the loop did on a case: its replies and its trace of (time, informative, relevance), from the question on."""

    case: Case
    replies: list[Reply]
    trace: list[tuple[float, float, float]]


def in_span_score(played: Played) -> float | None:
    """MAGQA's: for each due reply the mean rating (1..5) of the replies within its span, 1 without any; the mean of all. None: nothing due."""
    scores = []
    for telling in played.case.lesson.tellings:
        if telling.due < played.case.asked:
            continue
        inside = [rating(telling.text, reply.text) for reply in played.replies if telling.start <= reply.time <= telling.end + GRACE]
        scores.append(float(np.mean(inside)) if inside else 1.0)
    return float(np.mean(scores)) if scores else None


def summary(runs: list[Played]) -> dict[str, float]:
    """Means over the cases."""
    scores = [score for score in map(in_span_score, runs) if score is not None]
    gold = sum(_due(run) for run in runs)
    turns, distinct = sum(len(run.replies) for run in runs), sum(len({reply.text for reply in run.replies}) for run in runs)
    hits = sum(_outside(run) for run in runs)
    silent = [run for run in runs if _due(run) == 0]
    return {
        "cases": len(runs), "in_span": _mean(scores), "turns_per_answer": round(turns / max(1, gold), 3),
        "distinct_turns_per_answer": round(distinct / max(1, gold), 3), "duplicates": round(1 - distinct / max(1, turns), 4),
        "replies_outside_every_span": round(hits / max(1, turns), 4),
        "rightly_silent": _mean([float(not run.replies) for run in silent]),
    }


def _due(run: Played) -> int:
    return sum(telling.due >= run.case.asked for telling in run.case.lesson.tellings)


def _outside(run: Played) -> int:
    spans = [(telling.start, telling.end + GRACE) for telling in run.case.lesson.tellings]
    return sum(not any(start <= reply.time <= end for start, end in spans) for reply in run.replies)


def _mean(values: list[float]) -> float:
    return round(float(np.mean(values)), 4) if values else float("nan")


def sliced(runs: list[Played], figure: Callable[[list[Played]], dict[str, float]]) -> dict[str, dict[str, float]]:
    """A figure for all cases and for every slice of them."""
    groups: dict[str, list[Played]] = defaultdict(list)
    for run in runs:
        for name in ["all", *run.case.slices]:
            groups[name].append(run)
    return {name: figure(groups[name]) for name in sorted(groups)}


def areas(runs: list[Played]) -> dict[str, float]:
    """ROC-AUC of each head per frame. Informative: from when a reply is due to its span's end; relevance: the whole span."""
    rows = [(informative, relevance, any(telling.due <= time <= telling.end for telling in run.case.lesson.tellings),
             any(telling.start <= time <= telling.end for telling in run.case.lesson.tellings))
            for run in runs for time, informative, relevance in run.trace]
    first, second, due, inside = (np.array(column, float) for column in zip(*rows))
    return {"informative": round(ranked_area(first, due.astype(int)), 4), "relevance": round(ranked_area(second, inside.astype(int)), 4)}


def grounding(runs: list[Played]) -> dict[str, float]:
    """R@0.5 and R@0.7 of the best window by relevance: the run of frames around the highest score that stays above half of it."""
    overlaps = [_overlap(run) for run in runs if len(run.case.lesson.tellings) == 1]
    return {"queries": len(overlaps), "R@0.5": _mean([float(value >= 0.5) for value in overlaps]), "R@0.7": _mean([float(value >= 0.7) for value in overlaps])}


def _overlap(run: Played) -> float:
    times, scores = [point[0] for point in run.trace], [point[2] for point in run.trace]
    if not scores:
        return 0.0
    best = int(np.argmax(scores))
    low = high = best
    while low > 0 and scores[low - 1] > scores[best] / 2:
        low -= 1
    while high < len(scores) - 1 and scores[high + 1] > scores[best] / 2:
        high += 1
    telling = run.case.lesson.tellings[0]
    start, end = times[low], times[high] + GRACE
    shared = min(end, telling.end) - max(start, telling.start)
    return max(0.0, shared) / (max(end, telling.end) - min(start, telling.start))


def naming(pairs: list[tuple[str, str]]) -> dict[str, float]:
    """For pairs (due, said): shares that are right to the letter, of rating 4 or more, and right in each field that the due reply names."""
    checks: dict[str, list[float]] = defaultdict(list)
    for gold, said in pairs:
        told = meaning(said) or {}
        for name, value in (meaning(gold) or {}).items():
            checks[name].append(float(told.get(name) == value))
        checks["whole"].append(float(gold == said))
        checks["rating"].append(float(rating(gold, said)))
    return {name: _mean(values) for name, values in sorted(checks.items())}


def firing_times(trace: list[tuple[float, float, float]], policy: Policy) -> list[float]:
    """When a policy speaks on a trace; replies are removed, so they do not change later scores."""
    times: list[float] = []
    for time, informative, relevance in trace:
        score = informative * policy.informative + relevance * policy.relevance
        if score > policy.threshold and (not times or time - times[-1] >= policy.cooldown):
            times.append(time)
    return times


def timing(runs: list[Played], policy: Policy) -> dict[str, float]:
    """Recall: due replies with a turn in their span. Precision: turns that are the first in such a span. F1 of both."""
    turns = hits = gold = 0
    for run in runs:
        times = firing_times(run.trace, policy)
        due = [telling for telling in run.case.lesson.tellings if telling.due >= run.case.asked]
        turns, gold = turns + len(times), gold + len(due)
        hits += sum(any(telling.start <= time <= telling.end + GRACE for time in times) for telling in due)
    recall, precision = hits / max(1, gold), hits / max(1, turns)
    return {"recall": round(recall, 4), "precision": round(precision, 4), "f1": round(2 * recall * precision / max(1e-9, recall + precision), 4)}
