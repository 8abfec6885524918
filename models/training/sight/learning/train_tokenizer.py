"""Trains the tokenizer of duet-sight on what its world says and asks."""

from __future__ import annotations

import argparse
import random
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from sight.lessons.lesson import AT_ONCE, STANDING, ask, make_lesson
from sight.words import LANGUAGES
from sight.world.stream import draw_stream
from sight.world.things import SPOKEN_GROUPS, THINGS
from train_tokenizer import shared_lines, train_tokenizer


HAN = re.compile("[\u4e00-\u9fff]")


def lines(streams: int) -> Iterator[str]:
    """The corpus with every Chinese character by itself: no spaces divide words there, and whole clauses would become tokens."""
    for line in corpus(streams):
        if HAN.search(line):
            yield from line
        else:
            yield line


def corpus(streams: int) -> Iterator[str]:
    """Lessons as they come, and every thing in every language often enough."""
    rng, numbers = random.Random(5), np.random.default_rng(5)
    for _ in range(streams):
        stream = draw_stream(numbers, 60, 4)
        for _ in range(3):
            lesson = make_lesson(rng, stream, 0, min(stream.count, 160))
            yield from (question.text for question in lesson.questions)
            yield from {lesson.said_at(telling.begin) for telling in lesson.tellings}
    for language in LANGUAGES.values():
        for name in [*range(len(THINGS)), *SPOKEN_GROUPS]:
            for _ in range(4):
                kind = rng.choice([kind for kind in (*STANDING, *AT_ONCE) if kind not in ("place", "come_side")])
                yield ask(rng, language.name, kind, 0, name).text
                yield language.event(rng.choice(["enter", "leave", "appear"]), [(name, rng.randint(1, 9))], rng.choice(["", "left", "right"]), "")
                yield language.none(name)
    yield from shared_lines()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder for tokenizer.json and tokenizer_config.json")
    parser.add_argument("--vocab", type=int, default=2048)
    parser.add_argument("--streams", type=int, default=800)
    options = parser.parse_args()
    train_tokenizer(lines(options.streams), options.vocab, options.out, ["Tell me when a dog comes.", "一只狗从左边进来了。", "Dis-moi quand un chien arrive.", "¿Cuántas personas hay?"])


if __name__ == "__main__":
    main()
