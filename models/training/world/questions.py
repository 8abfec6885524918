"""Questions and which events answer them. A selector is a pair (type, argument); phrasings are many, meanings few."""

from __future__ import annotations

import random
from dataclasses import dataclass

from .blueprint import Blueprint, Event
from .vocabulary import GROUPS, PLACES, PLURAL_THINGS, THING_NAMES, group_of, with_article


@dataclass(frozen=True)
class Question:
    """A user text asked at `time`. type: all, thing, group, kind, place, now; argument as the type demands."""

    time: float
    type: str
    argument: str
    text: str


PHRASES: dict[str, list[str]] = {
    "all": [
        "What is happening?", "Describe what you see.", "Tell me what happens.", "What's going on?", "Narrate the video.",
        "Please describe the video as it plays.", "Tell me about everything that happens.", "Give me a running commentary.",
        "What happens in the video?", "Watch the video and describe every event.", "Caption this video.", "Keep me posted.",
    ],
    "thing": [
        "What does the {0} do?", "What happens to the {0}?", "Tell me when something happens to the {0}.", "Watch the {0}.",
        "What is the {0} doing?", "Follow the {0}.", "Keep an eye on the {0}.", "Tell me about the {0}.", "Where does the {0} go?",
        "Tell me when you see {1}.", "Let me know when {1} shows up.",
    ],
    "group": [
        "What do the {0} do?", "Tell me about the {0}.", "What happens to the {0}?", "Which {0} do you see?", "Watch the {0}.",
        "Tell me when something happens to {1}.", "Report on the {0}.",
    ],
    "appear": [
        "What appears?", "What shows up?", "Who or what arrives?", "Tell me when something appears.", "Tell me when something new comes.",
        "What comes into the picture?", "Which things appear?", "What comes in?", "Let me know when something comes in.",
    ],
    "leave": [
        "What leaves?", "What disappears?", "What goes away?", "Tell me when something leaves.", "Tell me when something disappears.",
        "Which things go away?", "What goes out of the picture?", "Let me know when something is gone.",
    ],
    "move": [
        "What moves?", "Which things move?", "Tell me when something moves.", "What changes its place?",
        "Let me know when something moves.", "Where do things move?",
    ],
    "size": [
        "What changes its size?", "What gets bigger or smaller?", "Tell me when something grows or shrinks.", "What grows or shrinks?",
        "Which things change their size?", "Tell me when something gets bigger or smaller.",
    ],
    "sign": [
        "What does the sign say?", "What do the signs say?", "Read the signs.", "Read the text.", "Which words do you see?",
        "Tell me when a sign shows up.", "What is written there?", "Can you read the sign?", "What does it say?",
    ],
    "scene": [
        "Where are we?", "How does the scene change?", "Tell me when the scene changes.", "Where does it take place?",
        "Which places do we see?", "Tell me when the background changes.", "What is the new scene?",
    ],
    "place": [
        "What happens {0}?", "What do you see {0}?", "Tell me when something happens {0}.", "Watch what happens {0}.",
        "Describe what happens {0}.",
    ],
    "now": [
        "What do you see now?", "What can you see right now?", "What is in the picture now?", "What do you see at the moment?",
        "Describe the picture now.", "What is there right now?",
    ],
    "nowplace": ["What is {0} now?", "What is {0} right now?", "Who is {0} at the moment?", "What do you see {0} now?"],
}
PLACE_QUESTION: dict[str, str] = {"left": "on the left", "middle": "in the middle", "right": "on the right"}
GROUP_PLURAL: dict[str, str] = {"animal": "animals", "vehicle": "vehicles", "food": "food", "tool": "tools"}
# For things whose name is a plural.
PLURAL_VERBS: dict[str, str] = {"does the": "do the", "is the": "are the", "shows up": "show up"}
KIND_SETS: dict[str, tuple[str, ...]] = {
    "appear": ("appear", "enter"), "leave": ("leave", "vanish"), "move": ("move",), "size": ("grow", "shrink"),
    "sign": ("sign",), "scene": ("scene",),
}


def matches(question: Question, event: Event) -> bool:
    """Whether an event is an answer to the question, leaving times aside."""
    if question.type == "all":
        return True
    if question.type == "thing":
        return event.thing == question.argument
    if question.type == "group":
        return event.thing != "" and group_of(event.thing) == question.argument
    if question.type == "place":
        return event.place == question.argument
    if question.type == "kind":
        return event.kind in KIND_SETS[question.argument]
    return False


def is_answered_by(question: Question, event: Event) -> bool:
    """An event counts when it can still be told after the question was asked."""
    return matches(question, event) and question.time <= event.middle


def phrase(rng: random.Random, kind: str, argument: str, careless: bool = True) -> str:
    """A wording of the question; `careless` adds lower case, missing marks and courtesies as people type them."""
    key = {"kind": argument, "now": "nowplace" if argument else "now"}.get(kind, kind)
    first = {"place": PLACE_QUESTION.get(argument), "group": GROUP_PLURAL.get(argument)}.get(kind, argument)
    first = PLACE_QUESTION[argument] if key == "nowplace" else first
    second = {"group": with_article(argument) if argument in ("animal", "vehicle", "tool") else "food"}.get(kind) or (
        with_article(argument) if argument in THING_NAMES else "")
    text = rng.choice(PHRASES[key]).format(first, second)
    if argument in PLURAL_THINGS:
        for singular, plural in PLURAL_VERBS.items():
            text = text.replace(singular, plural)
    return _careless(rng, text) if careless else text


def _careless(rng: random.Random, text: str) -> str:
    draw = rng.random()
    if draw < 0.08:
        text = "Please " + text[0].lower() + text[1:] if text.endswith(".") and not text.startswith("Please") else text
    elif draw < 0.22:
        text = text.lower()
    if rng.random() < 0.12:
        text = text.rstrip(".?")
    return text


def sample_question(rng: random.Random, blueprint: Blueprint, time: float, careless: bool = True) -> Question:
    """A question asked at `time`; mostly one that later events answer, sometimes one that nothing answers."""
    events = [event for event in blueprint.events if event.middle >= time]
    kind = rng.choices(["all", "thing", "group", "kind", "place"], [1, 3.2, 1.6, 4, 2])[0]
    event = rng.choice(events) if events and rng.random() < 0.88 else None
    argument = _argument(rng, kind, event)
    return Question(time, kind, argument, phrase(rng, kind, argument, careless))


def _argument(rng: random.Random, kind: str, event: Event | None) -> str:
    if kind == "all":
        return ""
    if kind == "thing":
        return event.thing if event and event.thing else rng.choice(THING_NAMES)
    if kind == "group":
        return (group_of(event.thing) if event and event.thing else None) or rng.choice(list(GROUPS))
    if kind == "place":
        return event.place if event and event.place else rng.choice(PLACES)
    fitting = [name for name, members in KIND_SETS.items() if event and event.kind in members]
    return fitting[0] if fitting else rng.choice(list(KIND_SETS))
