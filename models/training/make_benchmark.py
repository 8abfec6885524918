"""Renders the untouched test split as clips with annotations that `duet score` reads. Bundled, made without other flags: samples/benchmark.

Writes OUT/clips/*.mp4 and OUT/annotations/{magqa,captions,grounding,proactive}.json, highlights.jsonl, and slices.json: by question id the
type, language and time of asking, how many answers there are and to which kinds of events. The same numbers make the same files."""

from __future__ import annotations

import argparse
import json
import random
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

from annotations import Record, answers_to, grounding, highlights, magqa, proactive
from video_files import write_clip
from world.answers import answer, answers_at_once
from world.blueprint import Blueprint
from world.inquiry import Inquiry
from world.legislator import sample_duration
from world.questions import LANGUAGE_WEIGHTS, Question, ask
from world.search import Search
from world.sentences import sentence
from world.spread import asked_band

SIZES = {(16, 9): (320, 180), (4, 3): (320, 240), (1, 1): (240, 240)}
FPS = 8
STREAM_SECONDS = 600.0
GROUNDED_EVENTS = 3


def kinds_of(blueprint: Blueprint, question: Question) -> list[str]:
    """The kind of event behind each answer, in their order; "now" for what is answered at once."""
    told = [event.kind for event in blueprint.events if question.time <= event.middle and answer(blueprint, [question], event)]
    return ["now"] * answers_at_once(question) + told


def annotate(files: dict[str, list[Record]], slices: dict[str, Record], name: str, blueprint: Blueprint, question: Question) -> None:
    """Adds one question in every form it fits."""
    video, answers = f"{name.split('.')[0]}.mp4", answers_to(blueprint, question)
    files["magqa"].append(magqa(name, video, question, answers))
    slices[f"{name}.mp4"] = {"type": question.type, "language": question.language, "asked": asked_band(question.time / blueprint.duration),
                             "answers": len(answers), "kinds": kinds_of(blueprint, question), "duration": blueprint.duration}
    if answers:
        files["proactive"].append(proactive(name, video, question, answers))
    # A query for highlights has no time: all of the clip counts. What is there at the beginning is no highlight of it.
    query = replace(question, time=0.0)
    sought = [] if answers_at_once(question) else answers_to(blueprint, query)
    if sought:
        files["highlights"].append(highlights(name, video, query, sought, blueprint.duration))


def moments(rng: random.Random, blueprint: Blueprint) -> list[Question]:
    """Descriptions of events that happen once, asked for at the start: a few for each clip."""
    told = [sentence(blueprint, event) for event in blueprint.events]
    once = [text for text in told if told.count(text) == 1]
    languages = rng.choices(list(LANGUAGE_WEIGHTS), k=GROUNDED_EVENTS)
    return [ask(rng, Question(0.0, "query", text, language=language), careless=False)
            for text, language in zip(rng.sample(once, min(GROUNDED_EVENTS, len(once))), languages)]


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
    search, inquiry, files, slices = Search(rng, options.split), Inquiry(rng), defaultdict(list), {}
    for index in range(options.clips + options.streams):
        blueprint = search.propose(STREAM_SECONDS if index >= options.clips else sample_duration(rng))
        name = f"{options.split}{index:03d}"
        if not options.annotations_only:
            write_clip(blueprint, SIZES[blueprint.aspect], FPS, options.out / "clips" / f"{name}.mp4")
        asked: list[Question] = []
        for number in range(options.questions):
            asked.append(inquiry.propose(blueprint, asked))
            annotate(files, slices, f"{name}.{number}", blueprint, asked[-1])
        for number, question in enumerate(moments(rng, blueprint)):
            files["grounding"].append(grounding(f"{name}.g{number}", f"{name}.mp4", question, answers_to(blueprint, question)))
        captioning = ask(rng, Question(0.0, "all"), careless=False)
        files["captions"].append(magqa(name, f"{name}.mp4", captioning, answers_to(blueprint, captioning)))
    for name, records in files.items():
        lines = [json.dumps(record, ensure_ascii=False) for record in records]
        text = "\n".join(lines) if name == "highlights" else "[\n" + ",\n".join(lines) + "\n]"
        (options.out / "annotations" / f"{name}.json{'l' * (name == 'highlights')}").write_text(text + "\n")
    (options.out / "annotations" / "slices.json").write_text(json.dumps(slices, indent=1) + "\n")
    print({name: len(records) for name, records in files.items()}, search.spread.evenness() | inquiry.spread.evenness(),
          dict(search.rejected + inquiry.rejected))


if __name__ == "__main__":
    main()
