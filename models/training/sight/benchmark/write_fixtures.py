"""Writes what the server's tests hold the test split to (test/golden/sight): sentences of all languages with their meanings, which grammar.json has to read, and
the detections of a clip's first frames, which have to come out of its pictures."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from sight.benchmark.painting import SCORE, as_painted
from sight.benchmark.write_benchmark import first_stream
from sight.benchmark.write_grammar import KINDS, NAMES, PLACES, SIDES, count_of, name_of
from sight.words import LANGUAGES
from sight.words.language import Items, Language

GOLDEN = Path(__file__).parents[4] / "test" / "golden" / "sight"
PAINTED_FRAMES = 8
Fact = dict[str, str]


def sentences() -> dict[str, list[list[object]]]:
    """By language: [text, facts]. Every thing in an event, in an answer of each length, in the words for where it is and for that there is none; those with yes and
    no by turns."""
    return {name: [[text, facts] for text, facts in _of(language, name != "zh")] for name, language in LANGUAGES.items()}


def _of(language: Language, says_no: bool) -> Iterator[tuple[str, list[Fact]]]:
    for index, named in enumerate(NAMES):
        other, third = NAMES[(index + 7) % len(NAMES)], NAMES[(index + 31) % len(NAMES)]
        items: Items = [[(named, 1)], [(named, 2 + index % 12)], [(named, 1), (other, 3)], [(named, 2), (other, 1), (third, 1)]][index % 4]
        kind, side, place = KINDS[index % len(KINDS)], ("", *SIDES)[index % 3], PLACES[index // 3 % 3]
        none: tuple[str, list[Fact]] = language.none(named), [{"kind": "none", "thing": name_of(named)}]
        yield event(language, kind, items, side if kind in ("enter", "leave") else "", place if kind == "appear" and index % 2 else "")
        yield (at if index % 2 else there)(language, items, *([place] if index % 2 else []))
        yield language.where(named, 1, place), [{"kind": "at", "thing": name_of(named), "count": "1", "place": place}]
        yield none if index % 2 or not says_no else answered(language.no, none, "no")
        if index % 3 == 0:
            yield answered(language.yes, at(language, items, place) if index % 2 else there(language, items), "yes")
    yield from ((language.at([], place), [{"kind": "empty", "place": place}]) for place in PLACES)


def event(language: Language, kind: str, items: Items, side: str, place: str) -> tuple[str, list[Fact]]:
    where = ({"side": side} if side else {}) | ({"place": place} if place else {})
    return language.event(kind, items, side, place), [{"kind": kind, "thing": name_of(named), "count": count_of(count)} | where for named, count in items]


def at(language: Language, items: Items, place: str) -> tuple[str, list[Fact]]:
    return language.at(items, place), [{"kind": "at", "thing": name_of(named), "count": count_of(count), "place": place} for named, count in items]


def there(language: Language, items: Items) -> tuple[str, list[Fact]]:
    return language.there(items), [{"kind": "there", "thing": name_of(named), "number": count_of(count)} for named, count in items]


def answered(say: Callable[[str], str], sentence: tuple[str, list[Fact]], answer: str) -> tuple[str, list[Fact]]:
    text, facts = sentence
    return say(text), [fact | {"answer": answer} for fact in facts]


def painted() -> dict[str, object]:
    """Of the first clip: `detections` (rows with a score) and `scenes` of each frame."""
    stream = first_stream()
    assert stream.detections is not None and stream.scenes is not None
    detections, scenes = as_painted(stream.detections[:PAINTED_FRAMES], stream.scenes[:PAINTED_FRAMES])
    return {"detections": [[[round(float(value), 6) for value in row] for row in frame if row[SCORE] > 0] for frame in detections],
            "scenes": np.round(scenes.astype(float), 6).tolist()}


def main() -> None:
    GOLDEN.mkdir(parents=True, exist_ok=True)
    languages = (f'"{name}": [\n' + ",\n".join(json.dumps(each, ensure_ascii=False) for each in each_of) + "\n]" for name, each_of in sentences().items())
    (GOLDEN / "sentences.json").write_text("{\n" + ",\n".join(languages) + "\n}\n")
    (GOLDEN / "painted.json").write_text(json.dumps(painted()) + "\n")


if __name__ == "__main__":
    main()
