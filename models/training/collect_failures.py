"""Plays lessons of the training split with the trained student and writes down its failures, each beside its correction.

Every reply that is due is spoken at a frame of its span several times: greedily, then sampled. Goes on where it was stopped. For failures
on clips that the student has not learnt from, cache more (`cache_features.py --folder fresh --first 900 --shards 905`) and add
`--features fresh`."""

from __future__ import annotations

import argparse
from pathlib import Path

import torch
from tokenizers import Tokenizer

import checkpoints
from cache_features import FPS
from evaluate import read_policy
from judging import is_right, mistimed, pair_of
from lessons import read_shard
from model import Shape
from outcomes import Origin, Outcome, begin_or_continue
from performing import Performance, draw_lesson, perform
from sequence import SequenceBuilder
from session import Policy
from student import Student

# Lessons performed together, and between two lines of figures on all so far.
AT_ONCE, LOG_EVERY = 16, 160


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True, help="folder with features/ and duet.pt")
    parser.add_argument("--tokenizer", type=Path, required=True, help="tokenizer.json")
    parser.add_argument("--name", default="duet.pt", help="the check-point in --run that plays")
    parser.add_argument("--features", default="features", help="name of the shards' folder in --run")
    parser.add_argument("--lessons", type=int, default=3000)
    parser.add_argument("--tries", type=int, default=3, help="how often each reply is tried; the first time greedily")
    parser.add_argument("--temperature", type=float, default=0.7, help="of the later tries")
    parser.add_argument("--recommended", type=Path, default=Path(__file__).parent / "recommended.json", help="the policy that takes the turns")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True, help="failures.jsonl")
    return parser.parse_args()


def read_student(path: Path, tokenizer: Tokenizer) -> tuple[Student, dict[str, object]]:
    """The student of a check-point, and the check-point."""
    stored = checkpoints.load(path)
    if stored is None:
        raise FileNotFoundError(f"no check-point at {path}: run train_duet.py first")
    student = Student(Shape(), tokenizer)
    student.load_state_dict(stored["student"])
    return student.eval(), stored


def outcome_of(performance: Performance, policy: Policy) -> Outcome:
    """What went wrong in a performance."""
    drawn, lesson, trace = performance.drawn, performance.drawn.lesson, performance.trace
    pairs = [pair_of(frame, telling.text, tries) for frame, telling, tries in performance.told]
    tries = [(telling.text, one) for _, telling, made in performance.told for one in made]
    right = [(due, one) for due, one in tries if is_right(due, one.text)]
    timing = mistimed(lesson.tellings, trace, drawn.sequence.frames[0], policy)
    return Outcome(
        drawn.number, drawn.shard, drawn.clip, lesson.begin, lesson.end, lesson.questions, len(trace), len(performance.told), len(tries),
        len(right), sum(due == one.text for due, one in right), sum(not one.sampled for _, one in right),
        [pair for pair in pairs if pair], timing.missed, timing.spoken, timing.alarms, timing.idle)


def figures_of(outcomes: list[Outcome]) -> dict[str, float]:
    """Shares of replies and tries that are right, of right ones in the due words, of pairs with a right try, of spans missed; alarms."""
    def total(name: str) -> int:
        return sum(len(value) if isinstance(value := getattr(outcome, name), list) else value for outcome in outcomes)

    pairs, spans, minutes = total("pairs"), total("missed") + total("spoken"), total("frames") / FPS / 60
    return {
        "lessons": len(outcomes), "due": total("due"), "pairs": pairs, "greedy_right": total("greedy_right") / max(1, total("due")),
        "tries_right": total("right") / max(1, total("tries")), "right_in_due_words": total("in_due_words") / max(1, total("right")),
        "pairs_with_a_right_try": sum(pair.own for outcome in outcomes for pair in outcome.pairs) / max(1, pairs),
        "spans": spans, "spans_missed": total("missed") / max(1, spans), "alarms": total("alarms"),
        "alarms_a_minute": total("alarms") / max(1e-9, minutes)}


def main() -> None:
    options = arguments()
    torch.set_num_threads(options.threads)
    tokenizer, policy = Tokenizer.from_file(str(options.tokenizer)), read_policy(options.recommended)
    student, stored = read_student(options.run / options.name, tokenizer)
    heads = [name for name in ("informative", "relevance") if getattr(policy, name)]
    outcomes = begin_or_continue(options.out, Origin(stored["step"], stored["seconds"], heads, policy.threshold))
    shards = sorted((options.run / options.features).glob("train-*.pt"))
    if not shards:
        raise FileNotFoundError(f"no training shards in {options.run / options.features}: run cache_features.py first")
    clips = [(path.name, index, clip) for path in shards for index, clip in enumerate(read_shard(path))]
    builder, log = SequenceBuilder(tokenizer, FPS, Shape().tokens_per_frame), checkpoints.Log(options.out.with_suffix(".log"))
    temperatures = [0.0, *[options.temperature] * (options.tries - 1)]
    for first in range(len(outcomes), options.lessons, AT_ONCE):
        lessons = [draw_lesson(builder, clips, number) for number in range(first, min(first + AT_ONCE, options.lessons))]
        new = [outcome_of(performance, policy) for performance in perform(student.speaker, tokenizer, lessons, policy, temperatures)]
        with options.out.open("a") as file:
            file.write("".join(outcome.to_line() + "\n" for outcome in new))
        outcomes += new
        if len(outcomes) // LOG_EVERY > first // LOG_EVERY or len(outcomes) >= options.lessons:
            log.write(**figures_of(outcomes))


if __name__ == "__main__":
    main()
