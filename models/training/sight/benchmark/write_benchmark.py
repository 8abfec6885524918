"""Writes the simulated test split of duet-sight, which `npm run figures` plays by the whole server: OUT/clips/*.mp4 (painted detections), OUT/eye.onnx that
reads them, OUT/grammar.json for the exact judge, OUT/annotations/{magqa,proactive,slices}.json. The same numbers make the same files."""

from __future__ import annotations

import argparse
import json
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx

from annotations import Record, magqa, proactive
from sight.benchmark.gold import gold_answers
from sight.benchmark.painted_eye import painted_eye
from sight.benchmark.painting import write_video
from sight.benchmark.write_grammar import write_grammar
from sight.lessons.lesson import AT_ONCE, STANDING, Question, ask, draw_target, lesson_on
from sight.words import LANGUAGES
from sight.world.stream import Stream, draw_stream
from world.questions import Question as Asked
from world.spread import asked_band

# Training draws its streams from small seeds, evaluate_world.py from 777,000.
SEED = 909_000
FPS, SECONDS, LONG_SECONDS = 4.0, 60.0, 600.0
TARGETED = ("come", "come_side", "go", "thing", "count", "presence", "where")
# How often each type is asked; standing questions first.
TYPE_WEIGHTS = {"narrate": 2, "come": 4, "come_side": 2, "go": 3, "thing": 2, "count": 2, "presence": 1.5, "place": 1.5, "where": 1, "now": 1}
# The share of standing questions that nothing answers; the share asked from the start.
NEVER, AT_START = 0.35, 0.7


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--clips", type=int, default=48, help="clips of a minute")
    parser.add_argument("--streams", type=int, default=3, help="streams of ten minutes beside them")
    parser.add_argument("--questions", type=int, default=4, help="questions a clip")
    parser.add_argument("--annotations-only", action="store_true")
    options = parser.parse_args()
    for folder in ("clips", "annotations"):
        (options.out / folder).mkdir(parents=True, exist_ok=True)
    onnx.save(painted_eye(), options.out / "eye.onnx")
    write_grammar(options.out / "grammar.json")
    types, languages = Cycle(TYPE_WEIGHTS), Cycle(dict.fromkeys(LANGUAGES, 1))
    files: dict[str, list[Record] | dict[str, Record]] = {"magqa": [], "proactive": [], "slices": {}}
    for index in range(options.clips + options.streams):
        rng, seconds, name = random.Random(SEED + index), SECONDS if index < options.clips else LONG_SECONDS, f"sight{index:03d}"
        stream = stream_of(index, seconds)
        count = round(seconds * FPS)
        assert stream.detections is not None and stream.scenes is not None
        if not options.annotations_only:
            write_video(stream.detections[:count], stream.scenes[:count], FPS, options.out / "clips" / f"{name}.mp4")
        for number in range(options.questions):
            questions = conversation(rng, stream, count, types.next(rng), languages.next(rng))
            annotate(files, f"{name}.{number}", f"{name}.mp4", stream, count, questions)
    for name, records in files.items():
        lines = [json.dumps(record, ensure_ascii=False) for record in records] if isinstance(records, list) else [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in records.items()]
        opening, closing = "[]" if isinstance(records, list) else "{}"
        (options.out / "annotations" / f"{name}.json").write_text(f"{opening}\n" + ",\n".join(lines) + f"\n{closing}\n")
    print({name: len(records) for name, records in files.items()}, f"{sum(path.stat().st_size for path in options.out.glob('clips/*')):,} bytes of clips")


def stream_of(index: int, seconds: float) -> Stream:
    """The stream of clip `index`."""
    return draw_stream(np.random.default_rng(SEED + index), seconds, FPS, keep_detections=True)


def first_stream() -> Stream:
    return stream_of(0, SECONDS)


class Cycle:
    """Draws names so that each has come about as often as its weight says."""

    def __init__(self, weights: dict[str, float]) -> None:
        self.weights, self.drawn = weights, dict.fromkeys(weights, 0)

    def next(self, rng: random.Random) -> str:
        least = min(count / self.weights[name] for name, count in self.drawn.items())
        name = rng.choice([name for name, count in self.drawn.items() if count / self.weights[name] <= least + 0.3])
        self.drawn[name] += 1
        return name


def conversation(rng: random.Random, stream: Stream, count: int, kind: str, language: str) -> list[Question]:
    """A question of that type, the last one. One about now comes after another text that keeps the model from narrating: to stop, or a question that nothing answers."""
    if kind in STANDING:
        return [draw(rng, stream, count, kind, language, rng.random() >= NEVER)]
    quiet = ask(rng, language, "stop", 0) if rng.random() < 0.5 else draw(rng, stream, count, "come", language, False)
    return [replace(quiet, frame=0), draw(rng, stream, count, kind, language, True)]


def draw(rng: random.Random, stream: Stream, count: int, kind: str, language: str, answered: bool) -> Question:
    """A question of that type that something in the stream answers, or nothing."""
    for _ in range(200):
        frame = rng.randrange(8, count - 16) if kind in AT_ONCE else 0 if rng.random() < AT_START else rng.randrange(8, count // 2)
        target = draw_target(rng, stream, 0, count, frame, kind) if kind in TARGETED else None
        where = rng.choice(["left", "right"]) if kind == "come_side" else rng.choice(["left", "middle", "right"]) if kind == "place" else ""
        question = ask(rng, language, kind, frame, target, where)
        if kind not in STANDING or bool(gold_answers(lesson_on(stream, 0, count, [question]))) == answered:
            break
    return question


def annotate(files: dict[str, list[Record] | dict[str, Record]], number: str, video: str, stream: Stream, count: int, questions: list[Question]) -> None:
    """Adds the question, the last of the texts, in each form."""
    question, found = questions[-1], gold_answers(lesson_on(stream, 0, count, questions))
    answers, asked = [answer for answer, _ in found], Asked(question.frame / FPS, question.type, text=question.text)
    turns = {"conversation": [{"role": "user", "content": each.text, "time": each.frame / FPS} for each in questions]}
    files["magqa"].append(magqa(number, video, asked, answers) | turns)
    if answers:
        files["proactive"].append(proactive(number, video, asked, answers) | turns)
    files["slices"][f"{number}.mp4"] = {
        "type": question.type, "language": question.language, "asked": asked_band(question.frame / count), "answers": len(answers),
        "kinds": [kinds[0] if len(kinds) == 1 else "several" for _, kinds in found], "duration": count / FPS}


if __name__ == "__main__":
    main()
