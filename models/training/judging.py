"""Which of a student's replies and scores are failures, and what would have been right instead."""

from __future__ import annotations

from dataclasses import dataclass

from figures import GRACE, firing_times
from lesson import Telling, frame_at_or_after
from outcomes import Pair
from session import Policy
from world.meaning import meaning


@dataclass(frozen=True)
class Try:
    """A reply the student made: greedy or sampled."""

    text: str
    tokens: list[int]
    sampled: bool


def is_right(due: str, said: str) -> bool:
    """Whether a reply means what is due. The due words themselves are always right; what cannot be read is not."""
    return said == due or (told := meaning(said)) is not None and told == meaning(due)


def pair_of(frame: int, due: str, tries: list[Try]) -> Pair | None:
    """The first try that failed beside its correction; None when all are right.

    The correction is the due reply, not a right try of the student's own. Own words are worth preferring where there are many ways to say
    a thing; here each meaning has one wording, and the due reply is also there for what the student never gets right, the most instructive
    pairs. `own` records whether there was a right try, so that the choice can be looked at again."""
    rights = [is_right(due, one.text) for one in tries]
    if all(rights):
        return None
    failed = tries[rights.index(False)]
    return Pair(frame, due, failed.text, failed.tokens, failed.sampled, any(rights))


@dataclass(frozen=True)
class Mistimed:
    """Frames, as numbers in the clip, in the sense of `outcomes.Outcome`."""

    missed: list[int]
    spoken: list[int]
    alarms: list[int]
    idle: list[int]


def mistimed(tellings: list[Telling], trace: list[tuple[float, float, float]], first: int, policy: Policy) -> Mistimed:
    """What a policy does wrong on a trace of (time, informative, relevance), whose first frame is the clip's `first`.

    A span is missed when no score in it passes the threshold: that a rest after another reply keeps the turn from being taken is no
    failure of the heads."""
    scores = [informative * policy.informative + relevance * policy.relevance for _, informative, relevance in trace]
    times = [time for time, _, _ in trace]
    missed, spoken = [], []
    for telling in tellings:
        sayable = [index for index, time in enumerate(times) if telling.due - 1e-6 <= time <= telling.last]
        inside = [index for index, time in enumerate(times) if telling.start <= time <= telling.end + GRACE]
        if sayable:
            best = max(sayable, key=lambda index: scores[index])
            silent = all(scores[index] <= policy.threshold for index in inside)
            (missed if silent else spoken).append(first + best)
    outside = [index for index, time in enumerate(times)
               if not any(telling.start <= time <= telling.end + GRACE for telling in tellings)]
    fired = set(firing_times(trace, policy))
    alarms = [first + index for index in outside if times[index] in fired]
    idle = [first + max(outside, key=lambda index: scores[index])] if outside and not alarms else []
    return Mistimed(missed, spoken, alarms, idle)


def moment_of(telling: Telling, fired: list[float], fps: float, end: int) -> int | None:
    """The frame to speak a telling at: where the policy takes the turn while it is sayable, or else a little before the middle of that
    time, as the figures are taken. None where the piece, whose last frame is `end` - 1, is over before."""
    taken = [time for time in fired if telling.due - 1e-6 <= time <= telling.last]
    frame = frame_at_or_after(taken[0] if taken else 0.7 * telling.due + 0.3 * telling.last, fps)
    return frame if frame < end else None
