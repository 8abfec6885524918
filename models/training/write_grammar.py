"""Writes grammar.json: how the sentences of this world are worded and what they mean, for the exact judge of `duet score`.

Patterns are not typed by hand: every sentence that sentences.py can say is taken, its words are replaced by the slots they stand for,
and what is left is a pattern. So the grammar follows the world; a new field needs its forms in `slots` and its weight in FIELDS."""

from __future__ import annotations

import argparse
import itertools
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from world.blueprint import Event
from world.sentences import description, sentence
from world.vocabulary import KINDS, MOVE_PHRASE, PLACE_PHRASE, PLACES, PLURAL_THINGS, SCENES, THING_NAMES, WORDS, with_article

LANGUAGE = "en"
Forms = dict[str, list[str]]
# How much of an answer each field is. Answers about another subject have nothing in common.
FIELDS: dict[str, dict[str, Any]] = {
    "kind": {"weight": 3},                   # what happens
    "thing": {"weight": 3, "subject": True},  # whom it happens to: about another thing, an answer is simply wrong
    "word": {"weight": 5},                   # all that a sign is read for
    "scene": {"weight": 5},                  # all that a change of scene is told for
    "place": {"weight": 2},                  # where: a detail of the event, though asked for now and then
}
ARTICLES = ["a", "an", "the", "some"]
FILLERS = ["now", "right now", "and", "then", "and then", "okay", "yes", "look", "well", "so", "i can see that", "i see that"]
# What an item of a description means by itself, and an answer about one place.
STANDS = {"kind": "stands"}


def plural(thing: str) -> str:
    """Several of a thing, as careless speakers say it."""
    if thing in PLURAL_THINGS or thing == "fish":
        return thing
    if re.search(r"(s|x|ch|sh)$", thing):
        return thing + "es"
    return re.sub(r"y$", "ie", thing) + "s" if re.search(r"[^aeiou]y$", thing) else thing + "s"


def slots() -> dict[str, tuple[str, Forms]]:
    """Slot name to field and forms; the first form is the one that sentences.py uses."""
    return {
        "some thing": ("thing", {thing: _distinct(with_article(thing), plural(thing)) for thing in THING_NAMES}),
        "the thing": ("thing", {thing: _distinct(f"the {thing}", f"the {plural(thing)}") for thing in THING_NAMES}),
        "at place": ("place", {place: [PLACE_PHRASE[place]] for place in PLACES}),
        "to place": ("place", {place: [MOVE_PHRASE[place]] for place in PLACES}),
        "place": ("place", {place: [place] for place in PLACES}),
        "scene": ("scene", {scene: [phrase] for scene, phrase in SCENES.items()}),
        "word": ("word", {word: [word] for word in WORDS}),
    }


def sayings() -> Iterator[tuple[str, dict[str, str], dict[str, str]]]:
    """Every sentence about events and single places: text, fixed meaning, and the fields its words name."""
    for kind in KINDS:
        if kind in ("scene", "sign"):
            field, values = ("scene", list(SCENES)) if kind == "scene" else ("word", WORDS)
            for value in values:
                yield sentence(Event(kind, 0, 1, value=value)), {"kind": kind}, {field: value}
            continue
        for thing, place in itertools.product(THING_NAMES, PLACES):
            yield sentence(Event(kind, 0, 1, thing=thing, place=place)), {"kind": kind}, {"thing": thing, "place": place}
    scene = next(iter(SCENES))
    for thing, place in itertools.product(THING_NAMES, PLACES):
        yield description(scene, {place: thing}, place), STANDS, {"thing": thing, "place": place}
    for place in PLACES:
        yield description(scene, {}, place), {"kind": "empty"}, {"place": place}


def abstract(text: str, fields: dict[str, str], known: dict[str, tuple[str, Forms]]) -> str:
    """The sentence with the words of its fields replaced by their slots. Raises for a field whose words are not there."""
    for field, value in fields.items():
        fitting = [(forms[value][0], name) for name, (own, forms) in known.items() if own == field]
        for form, name in sorted(fitting, key=lambda pair: -len(pair[0])):
            found = re.search(rf"\b{re.escape(form)}\b", text, re.IGNORECASE)
            if found:
                text = text[:found.start()] + "{" + name + "}" + text[found.end():]
                break
        else:
            raise ValueError(f"no form of {field} {value!r} in {text!r}; give it one in slots()")
    return text


def patterns(known: dict[str, tuple[str, Forms]]) -> list[dict[str, Any]]:
    """All patterns, each once, in the order of the kinds; then the description of a picture."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for text, meaning, fields in sayings():
        pattern = abstract(text, fields, known)
        earlier = found.setdefault((LANGUAGE, pattern), {"language": LANGUAGE, "pattern": pattern, "meaning": meaning})
        if earlier["meaning"] != meaning:
            raise ValueError(f"{pattern!r} means both {earlier['meaning']} and {meaning}")
    view = {"language": LANGUAGE, "pattern": "I see {scene} with {standing}.", "meaning": {"kind": "view"}}
    return [*found.values(), view]


def check_descriptions() -> None:
    """The list of a description is said here in other words than in sentences.py; this holds the two together."""
    scene, things = next(iter(SCENES)), THING_NAMES[:len(PLACES)]
    items = [f"{with_article(thing)} {PLACE_PHRASE[place]}" for thing, place in zip(things, PLACES, strict=True)]
    for count in range(len(items) + 1):
        listing = "nothing else" if count == 0 else " and ".join(filter(None, [", ".join(items[:count - 1]), items[count - 1]]))
        expected = f"I see {SCENES[scene]} with {listing}."
        said = description(scene, dict(zip(PLACES[:count], things, strict=False)))
        if said != expected:
            raise ValueError(f"descriptions changed: expected {expected!r}, found {said!r}; bring the list up to date")


def grammar(name: str) -> dict[str, Any]:
    """The whole grammar, as the format in the README beside this file wants it."""
    known = slots()
    check_descriptions()
    language = {
        "articles": ARTICLES,
        "fillers": FILLERS,
        "slots": {slot: {"field": field, "values": forms, **({"open": True} if slot == "word" else {})}
                  for slot, (field, forms) in known.items()},
        "lists": {"standing": {"item": "{some thing} {at place}", "joints": ["and"], "empty": ["nothing else"], "meaning": STANDS}},
    }
    return {"format": 1, "name": name, "fields": FIELDS, "languages": {LANGUAGE: language}, "patterns": patterns(known)}


def _distinct(*forms: str) -> list[str]:
    return list(dict.fromkeys(forms))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent.parent / "duet-nano" / "grammar.json")
    parser.add_argument("--name", default="duet-nano", help="the name reports give the world")
    options = parser.parse_args()
    text = json.dumps(grammar(options.name), indent=2, ensure_ascii=False)
    # A list of forms on one line reads better.
    text = re.sub(r"\[\s+([^\[\]{}]*?)\s+\]", lambda found: "[" + re.sub(r"\s*\n\s*", " ", found[1]) + "]", text)
    options.out.write_text(text + "\n")


if __name__ == "__main__":
    main()
