"""Questions: what users ask, and which events and moments answer. Phrasings are many (phrasebook/), meanings few."""

from __future__ import annotations

import random
from dataclasses import dataclass

from .blueprint import Blueprint, Event
from .phrasebook import LANGUAGES
from .sentences import colour_before, sentence
from .vocabulary import COLOUR_NAMES, GROUPS, PAIR_KINDS, PLACES, PLURAL_THINGS, THING_NAMES, group_of


@dataclass(frozen=True)
class Question:
    """A user text asked at `time`. `argument` and `detail` as the type demands (see TYPES). `instead`: ends the earlier questions."""

    time: float
    type: str
    argument: str = ""
    detail: str = ""
    text: str = ""
    language: str = "en"
    instead: bool = False


# Standing questions, with the weight they are asked with. thing: argument thing, detail colour ("" any); kindgroup: argument set of
# kinds, detail group; howmany: a group or "thing"; tally and after: a set of kinds; query: an event's sentence.
TYPES: dict[str, float] = {
    "all": 1.4, "thing": 2.5, "group": 1.8, "colour": 1.6, "kind": 3.2, "kindgroup": 1.6, "place": 1.6, "howmany": 3.0, "tally": 1.2,
    "after": 2.2, "query": 1.4,
}
# Questions about the moment, answered once and at once.
NOW_TYPES: dict[str, float] = {"now": 1.0, "nowplace": 1.0, "nowcount": 2.0, "nowwhere": 1.0, "nowcolour": 0.7}
LANGUAGE_WEIGHTS: dict[str, float] = {"en": 0.4, "zh": 0.2, "fr": 0.2, "es": 0.2}
KIND_SETS: dict[str, tuple[str, ...]] = {
    "appear": ("appear", "enter"), "leave": ("leave", "vanish"), "move": ("move", "pass"), "size": ("grow", "shrink"), "jump": ("jump",),
    "spin": ("spin",), "recolour": ("recolour",), "cross": ("cross",), "pair": ("meet", "pass", "hide"), "sign": ("sign", "number"),
    "score": ("score",), "scene": ("scene",),
}
# Sets of kinds that a group can do.
DOING: list[str] = ["appear", "leave", "move", "size", "jump", "spin", "recolour", "cross"]
# For English things whose name is a plural.
PLURAL_VERBS: dict[str, str] = {"does the": "do the", "is the": "are the", "shows up": "show up"}


def matches(blueprint: Blueprint, question: Question, event: Event) -> bool:
    """Whether the event is of the kind asked for, leaving times, counts and order aside."""
    if question.type == "all":
        return True
    if question.type == "thing":
        return any(thing == question.argument and question.detail in ("", *colours) for thing, colours in _cast(blueprint, event))
    if question.type == "colour":
        return any(question.argument in colours for _, colours in _cast(blueprint, event))
    if question.type == "group":
        return any(group_of(thing) == question.argument for thing, _ in _cast(blueprint, event))
    if question.type in ("kind", "tally"):
        return event.kind in KIND_SETS[question.argument]
    if question.type == "kindgroup":
        subject = blueprint.entities[event.entity].thing if event.entity >= 0 else ""
        return event.kind in KIND_SETS[question.argument] and group_of(subject) == question.detail
    if question.type == "place":
        return event.place == question.argument and event.kind not in PAIR_KINDS
    return question.type == "query" and sentence(blueprint, event, question.time) == question.argument


def _cast(blueprint: Blueprint, event: Event) -> list[tuple[str, set[str]]]:
    """Who takes part: each thing with its colour before and after."""
    cast = []
    for number in (event.entity, event.other):
        if number >= 0:
            after = {event.value} if event.kind == "recolour" else set()
            cast.append((blueprint.entities[number].thing, {colour_before(blueprint, number, event.start), *after}))
    return cast


def standing_at(questions: list[Question], time: float) -> list[Question]:
    """The questions open at a time, latest first. Those of the moment never stand; some end all earlier ones."""
    standing: list[Question] = []
    for question in sorted(questions, key=lambda question: question.time):
        if question.time > time or question.type in NOW_TYPES:
            continue
        standing = [question] if question.instead or question.type == "stop" else [question, *standing]
    return standing


def ask(rng: random.Random, question: Question, careless: bool = True) -> Question:
    """The question with a wording in its language; `careless` types it as people do."""
    language = LANGUAGES[question.language]
    if question.type == "stop":
        text = rng.choice(language.stop)
    else:
        phrases = list(language.phrases.get(question.type, []))
        phrases = [*language.phrases[f"kind:{question.argument}"], *rng.sample(phrases, 1)] if question.type == "kind" else phrases
        text = rng.choice(phrases).format(**_slots(question))
        text = _with_plural(text, question) if question.language == "en" else text
        text = rng.choice(language.instead).format(text) if question.instead else text
    text = text[0].upper() + text[1:]
    return Question(question.time, question.type, question.argument, question.detail, _careless(rng, text, question.language) if careless else text,
                    question.language, question.instead)


def _slots(question: Question) -> dict[str, str]:
    """Everything a phrase of this question's type may need."""
    language, argument = LANGUAGES[question.language], question.argument
    slots = {"place": language.places.get(argument, ""), "colour": language.coloured.get(argument, ""),
             "clause": language.clauses.get(argument, ""), "counted": language.counted.get(argument, "")}
    if argument in THING_NAMES:
        slots |= {"the": language.definite(argument, question.detail), "a": language.indefinite(argument, question.detail)}
    if argument in GROUPS:
        slots["the"] = language.groups[argument]
    if question.type == "kindgroup":
        # After "which", English groups stand without the article.
        group = language.counted[question.detail] if question.language == "en" else language.groups[question.detail]
        slots["kind"] = language.does[argument].format(the=group)
    if question.type == "query":
        slots["query"] = argument[0].lower() + argument[1:].rstrip(".")
    return slots


def _with_plural(text: str, question: Question) -> str:
    for singular, plural in PLURAL_VERBS.items() if question.argument in PLURAL_THINGS else ():
        text = text.replace(singular, plural)
    return text


def _careless(rng: random.Random, text: str, language: str) -> str:
    draw = rng.random()
    if draw < 0.06 and language == "en" and text.endswith(".") and not text.startswith("Please"):
        text = "Please " + text[0].lower() + text[1:]
    elif draw < 0.18:
        text = text.lower()
    if rng.random() < 0.12:
        text = text.rstrip(".?。？! ")
    return text


def sample_question(rng: random.Random, blueprint: Blueprint, time: float, careless: bool = True, type: str = "", language: str = "") -> Question:
    """A standing question asked at `time`; mostly one that later events answer, sometimes one that nothing answers."""
    events = [event for event in blueprint.events if event.middle >= time]
    type = type or rng.choices(list(TYPES), list(TYPES.values()))[0]
    event = rng.choice(events) if events and rng.random() < 0.86 else None
    argument, detail = _argument(rng, blueprint, type, event, time)
    language = language or rng.choices(list(LANGUAGE_WEIGHTS), list(LANGUAGE_WEIGHTS.values()))[0]
    return ask(rng, Question(time, type, argument, detail, "", language), careless)


def _argument(rng: random.Random, blueprint: Blueprint, type: str, event: Event | None, time: float) -> tuple[str, str]:
    """Argument and detail; of the event where it has what is asked for, else by chance."""
    subject = blueprint.entities[event.entity].thing if event and event.entity >= 0 else ""
    colour = colour_before(blueprint, event.entity, event.start) if event and subject else ""
    fitting = next((name for name, members in KIND_SETS.items() if event and event.kind in members), "") or rng.choice(list(KIND_SETS))
    if type == "thing":
        return subject or rng.choice(THING_NAMES), colour if rng.random() < 0.5 else ""
    if type == "group":
        return group_of(subject) or rng.choice(list(GROUPS)), ""
    if type == "colour":
        return colour or rng.choice(COLOUR_NAMES), ""
    if type == "kindgroup":
        return fitting if fitting in DOING else rng.choice(DOING), group_of(subject) or rng.choice(list(GROUPS))
    if type == "place":
        return event.place if event and event.place else rng.choice(PLACES), ""
    if type == "howmany":
        return group_of(subject) or rng.choice([*GROUPS, "thing", "thing"]), ""
    if type == "query":
        other = event or rng.choice(blueprint.events)
        return sentence(blueprint, other, time) if event else _altered(rng, sentence(blueprint, other, time)), ""
    return ("", "") if type == "all" else (fitting, "")


def _altered(rng: random.Random, text: str) -> str:
    """A query for something that does not happen: another place or thing than in the sentence."""
    for name in rng.sample([*PLACES, *THING_NAMES], len(PLACES) + len(THING_NAMES)):
        if f" {name} " in text:
            return text.replace(f" {name} ", f" {rng.choice([place for place in (PLACES if name in PLACES else THING_NAMES) if place != name])} ", 1)
    return "Two drums meet the snail."
