"""What a sentence of this world means: the patterns read backwards. Used for figures while training; `duet score` reads the same
patterns through grammar.json."""

from __future__ import annotations

import functools
import re

from .nouns import COUNT_WORDS
from .patterns import COUNT_PATTERNS, EVENT_PATTERNS, GROUP_WORDS, NOW_PATTERNS, OWN_COLOUR
from .vocabulary import COLOUR_NAMES, PLACES, SCENES, THINGS

Meaning = dict[str, str]
_NAMES = {form: name for name, thing in THINGS.items() for form in (name, thing.plural)}
_ENTITY = (r"(?:an? |the )?(?:(?P<count{0}>{1}) )?(?:(?P<size{0}>small|big) )?(?:(?P<colour{0}>{2}) )?(?P<thing{0}>{3})")
_SLOTS: dict[str, str] = {
    "place": "(?:on the|in the) (?P<place>{places})", "to": "to the (?P<place>{places})", "side": "(?P<place>{places})", "far": "(?:left|right)",
    "scene": "(?P<value>{scenes})", "word": "(?P<value>[A-Z]+)", "number": r"(?P<value>\d+)", "score": r"(?P<value>\d to \d)",
    "colour": f"(?P<value>{{colours}}|{OWN_COLOUR})", "again": "(?P<again> again)?", "way": "(?P<value>in front of|behind)", "n": r"(?P<value>\d+)",
    "group": "(?P<group>{groups})", "listing": "(?P<listing>.*)",
}


def _either(words: list[str]) -> str:
    return "|".join(sorted((re.escape(word) for word in words), key=len, reverse=True))


def _entity(role: str) -> str:
    return _ENTITY.format(role, _either(COUNT_WORDS[2:]), _either(COLOUR_NAMES), _either(list(_NAMES)))


@functools.cache
def _readers() -> list[tuple[str, re.Pattern[str]]]:
    """Kind and reader of each pattern."""
    filled = {"places": _either(PLACES), "scenes": _either(list(SCENES.values())), "colours": _either(COLOUR_NAMES),
              "groups": _either([word for words in GROUP_WORDS.values() for word in words])}
    slots = {name: text.format(**filled) if "{" in text else text for name, text in _SLOTS.items()}
    slots |= {"a": _entity(""), "the": _entity(""), "other": _entity("_other")}
    return [(kind, _compile(pattern, slots)) for kind, pattern in {**EVENT_PATTERNS, **COUNT_PATTERNS, **NOW_PATTERNS}.items()]


def _compile(pattern: str, slots: dict[str, str]) -> re.Pattern[str]:
    parts = re.split(r"(\{\w+\}|\[[^\]]*\])", pattern)
    return re.compile("".join(_part(part, slots) for part in parts) + r"\Z", re.IGNORECASE)


def _part(part: str, slots: dict[str, str]) -> str:
    if part.startswith("{"):
        return slots[part[1:-1]]
    if part.startswith("["):
        return "(?:" + part[1:-1] + ")"
    return re.escape(part)


def meaning(text: str) -> Meaning | None:
    """The fields a sentence fills, or None for a text of another world. Plural nouns without a count word keep their thing."""
    then, rest = ("yes", text[5:]) if text.lower().startswith("then ") else ("", text)
    for kind, reader in _readers():
        found = reader.match(rest)
        if found:
            fields = {name: value.strip() for name, value in found.groupdict().items() if value}
            fields |= {name: _NAMES.get(value.lower(), value) for name, value in fields.items() if name.startswith("thing")}
            return {"kind": kind, **fields} | ({"then": then} if then else {})
    return None


# Fields about the subject: where they differ, the whole answer is about something else.
SUBJECTS = ("thing",)
WEIGHTS = {"kind": 3, "thing": 3, "thing_other": 3, "value": 4, "place": 2, "colour": 1, "size": 1, "count": 1, "group": 2, "listing": 5}


def rating(gold: str, said: str) -> int:
    """1 to 5: how much of the gold meaning is told, by weight of fields. Another subject or an unreadable text is 1."""
    right, told = meaning(gold), meaning(said)
    if gold == said:
        return 5
    if right is None or told is None or any(right.get(field) != told.get(field) for field in SUBJECTS):
        return 1
    fields = {*right, *told}
    total = sum(WEIGHTS.get(field, 1) for field in fields)
    same = sum(WEIGHTS.get(field, 1) for field in fields if right.get(field) == told.get(field))
    return max(1, min(4, 1 + int(4 * same / total)))


