"""Figures on simulated streams that no training saw: what is told of what was to be told, by type of question and language."""

from __future__ import annotations

import argparse
import json
import random
from collections import defaultdict
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from sight.lessons.lesson import Lesson, make_lesson
from sight.serving.watch import Watcher, load_model
from sight.world.stream import draw_stream

# Training draws its streams from other seeds.
SEED = 777_000
# A reply may come so many frames beside the one at which it would be right to the letter.
SLACK = 2


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help="a check-point of train.py")
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("--streams", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--fps", type=float, default=4)
    parser.add_argument("--threshold", type=float, default=0.5)
    parser.add_argument("--examples", type=int, default=0, help="print what was said and what was due in so many lessons")
    return parser.parse_args()


def judged(lesson: Lesson, replies: dict[int, str]) -> tuple[int, int]:
    """How many replies are right to the letter near their frame, and how many tellings are told."""
    right = [frame for frame, text in replies.items() if text in {lesson.said_at(near) for near in range(frame - SLACK, frame + SLACK + 1)} - {""}]
    told = sum(any(telling.begin - SLACK <= frame < telling.end + SLACK for frame in right) for telling in lesson.tellings)
    return len(right), told


def main() -> None:
    options = arguments()
    torch.set_num_threads(1)
    tokenizer = Tokenizer.from_file(str(options.tokenizer))
    model = load_model(options.model, tokenizer)
    rng, numbers = random.Random(SEED), np.random.default_rng(SEED)
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0] * 5)
    for number in range(options.streams):
        stream = draw_stream(numbers, options.seconds, options.fps)
        lesson = make_lesson(rng, stream, 0, stream.count)
        times = np.arange(stream.count) / options.fps
        watcher = Watcher(model, tokenizer, stream.slots, stream.frames, times, options.fps, [(question.frame / options.fps, question.text) for question in lesson.questions])
        replies = {frame: watcher.speak(frame) for frame in watcher.turns(options.threshold)}
        right, told = judged(lesson, replies)
        languages = {question.language for question in lesson.questions} or {"en"}
        for key in ("all", lesson.silence(), *(f"language:{language}" for language in languages if len(languages) == 1), *(["nothing due"] if not lesson.tellings else [])):
            sums[key] = [total + value for total, value in zip(sums[key], (len(lesson.tellings), told, len(replies), right, stream.count / options.fps / 60))]
        if number < options.examples:
            print([question.text for question in lesson.questions])
            print("   due ", [(telling.begin / options.fps, lesson.said_at(telling.begin)) for telling in lesson.tellings])
            print("   said", [(frame / options.fps, text) for frame, text in replies.items()])
    print(json.dumps({key: {"due": int(due), "told": round(told / max(1, due), 3), "replies": int(replies), "right": round(right / max(1, replies), 3), "wrong_a_minute": round((replies - right) / minutes, 2)}
                      for key, (due, told, replies, right, minutes) in sorted(sums.items())}, indent=1))


if __name__ == "__main__":
    main()
