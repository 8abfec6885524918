"""Renders the untouched test split as clips with annotations that `duet score` reads. Not bundled: a few hundred megabytes for the whole.

Writes OUT/clips/*.mp4 and OUT/annotations/{magqa,captions,grounding,proactive}.json, highlights.jsonl, and slices.json: by question id the
type, language and time of asking, and whether anything answers. The same numbers make the same files."""

from __future__ import annotations

import argparse
import json
import random
from collections import defaultdict
from pathlib import Path

from annotations import Record, answers_to, grounding, highlights, magqa, proactive
from lesson import settled
from video_files import write_clip
from world.answers import answers_at_once
from world.blueprint import Blueprint
from world.legislator import sample_duration
from world.questions import LANGUAGE_WEIGHTS, TYPES, Question, ask, sample_question
from world.search import Search
from world.spread import asked_band

SIZES = {(16, 9): (320, 180), (4, 3): (320, 240), (1, 1): (240, 240)}
FPS = 8
LATE_SHARE = 0.35
STREAM_SECONDS = 600.0


def questions_of(rng: random.Random, blueprint: Blueprint, count: int, turn: int) -> list[Question]:
    """`count` questions of different types, going round the types and the languages."""
    types, languages = list(TYPES), list(LANGUAGE_WEIGHTS)
    found: list[Question] = []
    while len(found) < count:
        number = turn * count + len(found)
        time = round(settled(blueprint, rng.uniform(2, blueprint.duration / 2)), 1) if rng.random() < LATE_SHARE else 0.0
        question = sample_question(rng, blueprint, time, careless=False, type=types[number % len(types)],
                                   language=languages[number // len(types) % len(languages)])
        busy = any(event.start < time + 2 and event.end > time for event in blueprint.events)
        if not (answers_at_once(question) and busy):
            found.append(question)
        else:
            turn += 1
    return found


def annotate(files: dict[str, list[Record]], slices: dict[str, Record], name: str, blueprint: Blueprint, question: Question) -> None:
    """Adds one question in every form it fits."""
    video, answers = f"{name.split('.')[0]}.mp4", answers_to(blueprint, question)
    files["magqa"].append(magqa(name, video, question, answers))
    slices[f"{name}.mp4"] = {"type": question.type, "language": question.language, "asked": asked_band(question.time / blueprint.duration),
                             "answers": len(answers), "duration": blueprint.duration}
    if answers:
        files["proactive"].append(proactive(name, video, question, answers))
        files["highlights"].append(highlights(name, video, question, answers, blueprint.duration))
    if question.type == "query" and len(answers) == 1:
        files["grounding"].append(grounding(name, video, question, answers))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--clips", type=int, default=60)
    parser.add_argument("--questions", type=int, default=4, help="questions a clip")
    parser.add_argument("--streams", type=int, default=0, help="streams of ten minutes beside the clips")
    parser.add_argument("--split", choices=["validation", "test"], default="test")
    parser.add_argument("--annotations-only", action="store_true")
    options = parser.parse_args()
    for folder in ("clips", "annotations"):
        (options.out / folder).mkdir(parents=True, exist_ok=True)
    rng = random.Random(f"benchmark-{options.split}")
    search, files, slices = Search(rng, options.split), defaultdict(list), {}
    for index in range(options.clips + options.streams):
        blueprint = search.propose(STREAM_SECONDS if index >= options.clips else sample_duration(rng))
        name = f"{options.split}{index:03d}"
        if not options.annotations_only:
            write_clip(blueprint, SIZES[blueprint.aspect], FPS, options.out / "clips" / f"{name}.mp4")
        for number, question in enumerate(questions_of(rng, blueprint, options.questions, index)):
            annotate(files, slices, f"{name}.{number}", blueprint, question)
        captioning = ask(rng, Question(0.0, "all"), careless=False)
        files["captions"].append(magqa(name, f"{name}.mp4", captioning, answers_to(blueprint, captioning)))
    for name, records in files.items():
        lines = [json.dumps(record, ensure_ascii=False) for record in records]
        text = "\n".join(lines) if name == "highlights" else "[\n" + ",\n".join(lines) + "\n]"
        (options.out / "annotations" / f"{name}.json{'l' * (name == 'highlights')}").write_text(text + "\n")
    (options.out / "annotations" / "slices.json").write_text(json.dumps(slices, indent=1) + "\n")
    print({name: len(records) for name, records in files.items()}, search.spread.evenness(), dict(search.rejected))


if __name__ == "__main__":
    main()
