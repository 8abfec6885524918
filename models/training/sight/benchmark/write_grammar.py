"""Writes grammar.json: how the sentences of `words/` are worded and what they mean, for the exact judge of `duet score`.

Nothing is typed twice: the languages themselves say every sentence with marks in the places of things and numbers, and what they say becomes the
patterns. The format is described in models/training/README.md."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Callable
from pathlib import Path

from sight.words import LANGUAGES
from sight.words.language import Items, Language, Named
from sight.world.things import PERSON, SPOKEN_GROUPS, THINGS

# How much of an answer each field is. Answers about another thing have nothing in common; another event, number asked for or language makes a
# notable error of it, another side, place or number of those who come a slip.
FIELDS = {
    "kind": {"weight": 5},
    "thing": {"weight": 3, "subject": True},
    "number": {"weight": 6},    # how many there are, all that a count is asked for
    "language": {"weight": 5},  # of the reply: it is to be that of the question
    "answer": {"weight": 2},    # yes or no
    "side": {"weight": 2}, "place": {"weight": 2},
    "count": {"weight": 2},     # how many come or go
}
KINDS = ("enter", "leave", "appear", "vanish", "nearer")
SIDES, PLACES = ("left", "right"), ("left", "middle", "right")
MOST_COUNTED = 14
NAMES: list[Named] = [*range(len(THINGS)), *SPOKEN_GROUPS, "thing"]
Forms = dict[str, list[str]]
Meaning = dict[str, str]


def write_grammar(path: Path) -> None:
    text = json.dumps(grammar(), indent=1, ensure_ascii=False)
    # A list of forms on one line reads better.
    path.write_text(re.sub(r"\[\s+([^\[\]{}]*?)\s+\]", lambda found: "[" + re.sub(r"\s*\n\s*", " ", found[1]) + "]", text) + "\n")


def grammar() -> dict[str, object]:
    """The whole grammar."""
    return {
        "format": 1, "name": "duet-sight", "fields": FIELDS,
        "languages": {name: _language(language) for name, language in LANGUAGES.items()},
        "patterns": [pattern for name, language in LANGUAGES.items() for pattern in _distinct(Sentences(language).patterns(name))],
    }


def name_of(named: Named) -> str:
    """What the grammar calls a thing."""
    return THINGS[named].name if isinstance(named, int) else named


def count_of(number: int) -> str:
    """A number as the grammar has it; beyond words it is "many"."""
    return str(number) if number < MOST_COUNTED - 1 else "many"


def _language(language: Language) -> dict[str, object]:
    nouns, numbers = Nouns(language).forms()
    item = f"{{count}}{'' if language.name == 'zh' else ' '}{{thing}}"
    lists = {name: {"item": item.replace("{count}", f"{{count as {field}}}"), "joints": [language.joint.strip()], "meaning": {"kind": "item"}}
             for name, field in (("items", "count"), ("counted", "number"))}
    return {"slots": {"thing": {"field": "thing", "values": nouns}, "count": {"field": "count", "values": numbers}}, "lists": lists}


class Nouns:
    """Every form in which a language names and counts things."""

    def __init__(self, language: Language) -> None:
        self.language = language

    def forms(self) -> tuple[Forms, Forms]:
        """Forms of things and of numbers, by name."""
        things: Forms = {}
        numbers: Forms = {}
        for named in NAMES:
            own = self.language.forms(named)
            things[name_of(named)] = list(dict.fromkeys([self._one(named), own["many"], *([own["a_measure"]] if "a_measure" in own else [])]))
        for named in NAMES:
            for number in range(1, MOST_COUNTED):
                words = numbers.setdefault(count_of(number), [])
                form = self._number(named, number, things[name_of(named)])
                if form not in words:
                    words.append(form)
        numbers["1"] += ["one"] if self.language.name == "en" else []
        return things, numbers

    def _one(self, named: Named) -> str:
        phrase = self.language.phrase(named, 1)
        return phrase[1:] if self.language.name == "zh" else phrase.split(" ", 1)[1]

    def _number(self, named: Named, number: int, forms: list[str]) -> str:
        phrase = self.language.phrase(named, number)
        noun = max((form for form in forms if phrase.endswith(form)), key=len)
        return phrase[: -len(noun)].strip()


class Sentences:
    """A language's sentences with marks where things and numbers stand."""

    def __init__(self, language: Language) -> None:
        self.language = language

    def patterns(self, name: str) -> list[dict[str, object]]:
        out: list[dict[str, object]] = []

        def add(sentence: str, meaning: Meaning) -> None:
            each = {"each": True} if "{items}" in sentence or "{counted}" in sentence else {}
            out.append({"language": name, "pattern": sentence, "meaning": meaning | {"language": name}} | each)

        for total in (1, 2):
            for kind in KINDS:
                for side in ("", *SIDES) if kind in ("enter", "leave") else ("",):
                    add(self._said("items", total, lambda items: self.language.event(kind, items, side, "")), {"kind": kind} | ({"side": side} if side else {}))
                for place in PLACES if kind == "appear" else ():
                    add(self._said("items", total, lambda items: self.language.event(kind, items, "", place)), {"kind": kind, "place": place})
            for place in PLACES:
                at = self._said("items", total, lambda items: self.language.at(items, place))
                add(at, {"kind": "at", "place": place})
                add(self.language.yes(at), {"kind": "at", "place": place, "answer": "yes"})
            there = self._said("counted", total, self.language.there)
            add(there, {"kind": "there"})
            add(self.language.yes(there), {"kind": "there", "answer": "yes"})
        for place in PLACES:
            add(self.language.at([], place), {"kind": "empty", "place": place})
            for named in NAMES:
                add(self._marked(self.language.where(named, 1, place), named), {"kind": "at", "place": place, "count": "1"})
        for named in NAMES:
            none = self.language.none(named)
            marked = self._marked(none, named)
            meaning = {"kind": "none"} | ({} if "{thing}" in marked else {"thing": name_of(named)})
            add(marked, meaning)
            if self.language.no(none) != none:
                add(self._marked(self.language.no(none), named), meaning | {"answer": "no"})
        return out

    def _said(self, slot: str, total: int, say: Callable[[Items], str]) -> str:
        """The sentence about one person or two, with {slot} in their place."""
        items: Items = [(PERSON, total)]
        phrase, sentence = self.language.phrase(*items[0]), say(items)
        for form in (phrase, phrase[0].upper() + phrase[1:], re.sub(r"^an? ", "one ", phrase)):
            if form in sentence:
                return sentence.replace(form, f"{{{slot}}}")
        raise AssertionError(f"{sentence} does not name {phrase}")

    def _marked(self, sentence: str, named: Named) -> str:
        """The sentence with {thing} for its noun; as it is where the language has other words ("nobody")."""
        nouns = {self.language.forms(named)["many"], self.language.phrase(named, 1).split(" ", 1)[-1]}
        for noun in sorted(nouns, key=len, reverse=True):
            # Where words are written apart, a noun is no part of another word.
            found = re.search(re.escape(noun) if self.language.name == "zh" else rf"(?<!\w){re.escape(noun)}(?!\w)", sentence)
            if found:
                return f"{sentence[:found.start()]}{{thing}}{sentence[found.end():]}"
        return sentence


def _distinct(patterns: list[dict[str, object]]) -> list[dict[str, object]]:
    seen: dict[str, dict[str, object]] = {}
    for pattern in patterns:
        seen.setdefault(str(pattern["pattern"]).lower(), pattern)
    return list(seen.values())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="grammar.json")
    write_grammar(parser.parse_args().out)


if __name__ == "__main__":
    main()
