"""Makes the bundled samples: clips of the test split as mp4 files, and their annotations. The same code makes the same pictures."""

from __future__ import annotations

import argparse
import json
import math
import random
from dataclasses import dataclass, field
from pathlib import Path

from annotations import answers_to, magqa
from lesson import settled
from video_files import write_clip
from world.blueprint import Blueprint
from world.legislator import Taste, sample_blueprint
from world.questions import Question, ask, sample_question
from world.sentences import sentence
from world.vocabulary import WRITTEN_KINDS


@dataclass(frozen=True)
class Wish:
    """What a sample should be like: the scene it begins in, pixels, pictures a second, least duration and most (seconds), the things
    that take part (but for one stranger at most), kinds of events that should come more often (kind -> weight), and a thing that must be there."""

    name: str
    size: tuple[int, int]
    fps: int
    duration: tuple[float, float]
    cast: tuple[str, ...]
    kinds: dict[str, float] = field(default_factory=dict)
    hero: str = ""


WISHES = [
    Wish("street", (640, 360), 15, (34, 40), ("car", "bus", "bicycle", "dog", "cat", "motorbike", "umbrella", "truck"), {"cross": 3, "sign": 2}),
    Wish("kitchen", (640, 480), 12, (26, 34), ("pizza", "cake", "egg", "cheese", "bread", "lemon", "strawberry", "mushroom")),
    Wish("pitch", (640, 360), 24, (50, 58), ("ball", "drum", "trumpet", "hat", "dog", "star"), {"score": 6, "jump": 2, "enter": 1.5}, "ball"),
    Wish("desk", (480, 480), 15, (30, 38), ("book", "camera", "lamp", "scissors", "key", "clock", "gift"), {"number": 2, "spin": 1.5}),
    Wish("farm", (640, 360), 15, (62, 74), ("cow", "pig", "horse", "duck", "tractor", "rabbit", "corn", "flower"), {"meet": 1.5, "hide": 1.5}),
    Wish("shop", (640, 480), 12, (96, 112), ("hat", "crown", "gift", "bread", "cheese", "bell", "watermelon", "camera"), {"sign": 2, "number": 2}),
]
QUESTIONS_PER_CLIP = 5
# What people ask most; training asks about other things oftener, those that are hard to learn.
ASKED = {"all": 1.4, "thing": 3.0, "group": 1.5, "colour": 0.9, "kind": 4.0, "kindgroup": 1.6, "place": 1.8, "howmany": 1.2, "tally": 1.2, "after": 1.2,
         "query": 1.4}


def find_blueprint(wish: Wish) -> Blueprint:
    """The first blueprint of the test split, in order of seeds, that fits the wish and is varied enough to be watched."""
    ratio = math.gcd(*wish.size)
    taste = Taste(wish.kinds, dict.fromkeys(wish.cast, 60.0), opening=(1, 2, 2), scene=wish.name, aspect=(wish.size[0] // ratio, wish.size[1] // ratio))
    for seed in range(100_000):
        rng = random.Random(f"sample-{wish.name}-{seed}")
        blueprint = sample_blueprint(rng, "test", round(rng.uniform(*wish.duration), 1), taste)
        if _is_worth_watching(blueprint, wish):
            return blueprint
    raise RuntimeError(f"no blueprint for {wish.name}")


def _is_worth_watching(blueprint: Blueprint, wish: Wish) -> bool:
    kinds, strangers = {event.kind for event in blueprint.events}, [entity for entity in blueprint.entities if entity.thing not in wish.cast]
    cast_is_complete = wish.hero in ("", *(entity.thing for entity in blueprint.entities)) and len(strangers) <= 1
    dense = len(blueprint.events) >= blueprint.duration / 4.8
    busy = bool(kinds & {"sign", "number", "score"}) and bool(kinds & {"leave", "vanish"}) and bool(kinds & {"meet", "pass", "hide"})
    busy = busy and all(sum(event.kind == kind for event in blueprint.events) >= 2 for kind in wish.kinds if kind in WRITTEN_KINDS)
    changes = sum(event.kind == "scene" for event in blueprint.events)
    told_once = len({sentence(blueprint, event) for event in blueprint.events}) == len(blueprint.events)
    return dense and busy and told_once and changes == 0 and cast_is_complete and len(kinds) >= 6


def questions_of(blueprint: Blueprint, rng: random.Random) -> list[Question]:
    """A few different questions; the first about everything, the last two asked in mid-stream, one in another language."""
    chosen = [Question(0.0, "all", "", "", "What is happening?")]
    while len(chosen) < QUESTIONS_PER_CLIP:
        late = len(chosen) >= QUESTIONS_PER_CLIP - 2
        moment = settled(blueprint, rng.uniform(0.15, 0.5) * blueprint.duration) if late else 0.0
        language = rng.choice(["zh", "fr", "es"]) if len(chosen) == 2 else "en"
        type = rng.choices(list(ASKED), list(ASKED.values()))[0]
        question = sample_question(rng, blueprint, round(moment, 1), careless=False, type=type, language=language)
        seen = {(other.type, other.argument) for other in chosen}
        answers = len(answers_to(blueprint, question))
        # The model and the bundled test set know "What do the food do?"; the phrasebook is to be mended together with both.
        awkward = "do the food" in question.text
        if question.type != "all" and not awkward and (question.type, question.argument) not in seen and answers >= (1 if late else 2):
            chosen.append(question)
    return chosen


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="the samples folder")
    parser.add_argument("--annotations-only", action="store_true")
    options = parser.parse_args()
    (options.out / "clips").mkdir(parents=True, exist_ok=True)
    (options.out / "annotations").mkdir(exist_ok=True)
    asked, captions = [], []
    for wish in WISHES:
        blueprint, rng = find_blueprint(wish), random.Random(f"questions-{wish.name}")
        if not options.annotations_only:
            write_clip(blueprint, wish.size, wish.fps, options.out / "clips" / f"{wish.name}.mp4")
        video, captioning = f"{wish.name}.mp4", ask(rng, Question(0.0, "all"), careless=False)
        asked += [magqa(f"{wish.name}.{number}", video, question, answers_to(blueprint, question))
                  for number, question in enumerate(questions_of(blueprint, rng))]
        captions.append(magqa(wish.name, video, captioning, answers_to(blueprint, captioning)))
        print(wish.name, blueprint.duration, [sentence(blueprint, event) for event in blueprint.events])
    for name, items in (("magqa", asked), ("captions", captions)):
        (options.out / "annotations" / f"{name}.json").write_text(json.dumps(items, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
