"""Writes grammar.json: how the sentences of this world are worded and what they mean, for the exact judge of `duet score`.

Patterns are not typed by hand: world/patterns.py, from which sentences.py speaks, is translated into the grammar's format. A new slot of a
pattern needs its words in SLOT_WORDS, a new field its weight in FIELDS."""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path
from typing import Any

from world.nouns import COUNT_WORDS
from world.patterns import COUNT_PATTERNS, EVENT_PATTERNS, EVERYTHING_GONE, GROUP_WORDS, NOW_PATTERNS, OWN_COLOUR, PASSING
from world.vocabulary import COLOUR_NAMES, MOVE_PHRASE, PLACE_PHRASE, PLACES, SCENES, THINGS, WORDS

LANGUAGE = "en"
# How much of an answer each field is. Answers about another subject have nothing in common.
FIELDS: dict[str, dict[str, Any]] = {
    "kind": {"weight": 3},                    # what happens
    "thing": {"weight": 3, "subject": True},  # whom it happens to: about another thing, an answer is simply wrong
    "other thing": {"weight": 3},             # who else takes part
    "word": {"weight": 5},                    # all that a sign is read for
    "number": {"weight": 5},
    "home": {"weight": 3},                    # the two sides of a score
    "guest": {"weight": 3},
    "scene": {"weight": 5},                   # all that a change of scene is told for
    "paint": {"weight": 3},                   # the colour that something gets or is asked for
    "group": {"weight": 2},                   # what is counted
    "place": {"weight": 2},                   # where: a detail of the event, though asked for now and then
    "goal": {"weight": 1}, "way": {"weight": 2}, "colour": {"weight": 1}, "other colour": {"weight": 1}, "size": {"weight": 1},
    "count": {"weight": 1}, "other count": {"weight": 1}, "other size": {"weight": 1}, "again": {"weight": 1}, "then": {"weight": 1},
}
ARTICLES = ["a", "an", "the", "some"]
FILLERS = ["now", "right now", "and", "then", "and then", "okay", "yes", "look", "well", "so", "i can see that", "i see that"]
ENTITY = "[{count} ][{size} ][{colour} ]{thing}"
# What an item of a description means by itself, and an answer about one place; kinds of answers that say the same in other words.
STANDS = {"kind": "stands"}
KINDS = {"now": "view", "nowplace": "stands", "nowplace-empty": "empty", "nowwhere": "stands", "nowwhere-gone": "absent", "nowcount": "howmany",
         "nowcolour": "painted"}
# The slots of world/patterns.py in the grammar's words.
SLOT_WORDS: dict[str, str] = {
    "a": "{entity}", "the": "{entity}", "other": "{entity as other}", "place": "{at place}", "to": "{to place}", "side": "{place}",
    "far": "{place as goal}", "scene": "{scene}", "word": "{word}", "number": "{number}", "score": "{number as home} to {number as guest}",
    "colour": "{paint}", "again": "[ {again}]", "way": "{way}", "n": "{number}", "group": "{group}", "listing": "{standing}",
}
Forms = dict[str, list[str]]


def slots() -> dict[str, tuple[str, Forms]]:
    """Slot name to field and forms; the first form is the usual one."""
    return {
        "thing": ("thing", {name: _distinct(name, thing.plural) for name, thing in THINGS.items()}),
        "colour": ("colour", {colour: [colour] for colour in COLOUR_NAMES}),
        "size": ("size", {size: [size] for size in ("small", "big")}),
        "count": ("count", {str(number): [COUNT_WORDS[number], str(number)] for number in (2, 3)}),
        "at place": ("place", {place: [PLACE_PHRASE[place]] for place in PLACES}),
        "to place": ("place", {place: [MOVE_PHRASE[place]] for place in PLACES}),
        "place": ("place", {place: [place] for place in PLACES}),
        "scene": ("scene", {scene: [phrase] for scene, phrase in SCENES.items()}),
        "word": ("word", {word: [word] for word in WORDS}),
        "number": ("number", {str(number): [str(number)] for number in range(100)}),
        "paint": ("paint", {colour: [colour] for colour in COLOUR_NAMES} | {"own": [OWN_COLOUR]}),
        "way": ("way", {way: [words] for way, words in PASSING.items()}),
        "group": ("group", {group: _distinct(*words) for group, words in GROUP_WORDS.items()}),
        "again": ("again", {"yes": ["again"]}),
        "then": ("then", {"yes": ["then"]}),
    }


def patterns() -> list[dict[str, Any]]:
    """All patterns, in the singular and the plural."""
    found = []
    for kind, pattern in {**EVENT_PATTERNS, **COUNT_PATTERNS, **NOW_PATTERNS}.items():
        for number in (1, 2):
            text = re.sub(r"\[([^|\]]*)\|([^\]]*)\]", lambda match: match[number], pattern)
            text = re.sub(r"\{(\w+)\}", lambda match: SLOT_WORDS[match[1]], text)
            # An article right behind a bracket would not be known for one.
            text = "[{then} ]" + re.sub(r"^(an?|the) ", "", text) if kind in EVENT_PATTERNS else text
            found.append({"language": LANGUAGE, "pattern": text, "meaning": {"kind": KINDS.get(kind, kind)}})
    return [pattern for index, pattern in enumerate(found) if pattern not in found[:index]]


def grammar(name: str) -> dict[str, Any]:
    """The whole grammar, as the format in the README beside this file wants it."""
    language = {
        "articles": ARTICLES,
        "fillers": FILLERS,
        "slots": {slot: {"field": field, "values": forms, **({"open": True} if slot == "word" else {})}
                  for slot, (field, forms) in slots().items()},
        "phrases": {"entity": ENTITY},
        "lists": {"standing": {"item": ENTITY + " {at place}", "joints": ["and"], "empty": [EVERYTHING_GONE], "meaning": STANDS}},
    }
    return {"format": 1, "name": name, "fields": FIELDS, "languages": {LANGUAGE: language}, "patterns": patterns()}


def _distinct(*forms: str) -> list[str]:
    return list(dict.fromkeys(forms))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="grammar.json in the folder of the model that speaks this world's sentences")
    parser.add_argument("--name", default="duet-nano", help="the name reports give the world")
    options = parser.parse_args()
    text = json.dumps(grammar(options.name), indent=2, ensure_ascii=False)
    # A list of forms on one line reads better.
    text = re.sub(r"\[\s+([^\[\]{}]*?)\s+\]", lambda found: "[" + re.sub(r"\s*\n\s*", " ", found[1]) + "]", text)
    options.out.write_text(text + "\n")


if __name__ == "__main__":
    main()
