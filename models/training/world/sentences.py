"""The executor's words: one plain English sentence per event, and the description of a standing picture."""

from __future__ import annotations

from .blueprint import Event
from .vocabulary import MOVE_PHRASE, PLACE_PHRASE, PLACES, PLURAL_THINGS, SCENES, with_article


def sentence(event: Event) -> str:
    """The reply that describes an event."""
    plural = event.thing in PLURAL_THINGS
    verb = (lambda word: word) if plural else (lambda word: word + "s")
    some, the = with_article(event.thing) if event.thing else "", f"the {event.thing}"
    text = {
        "appear": lambda: f"{some} {verb('appear')} {PLACE_PHRASE[event.place]}.",
        "enter": lambda: f"{some} {verb('come')} in from the {event.place}.",
        "leave": lambda: f"{the} {verb('leave')} to the {event.place}.",
        "vanish": lambda: f"{the} {PLACE_PHRASE[event.place]} {verb('disappear')}.",
        "move": lambda: f"{the} {verb('move')} {MOVE_PHRASE[event.place]}.",
        "grow": lambda: f"{the} {PLACE_PHRASE[event.place]} {verb('get')} bigger.",
        "shrink": lambda: f"{the} {PLACE_PHRASE[event.place]} {verb('get')} smaller.",
        "scene": lambda: f"The scene changes to {SCENES[event.value]}.",
        "sign": lambda: f"A sign says {event.value}.",
    }[event.kind]()
    return text[0].upper() + text[1:]


def description(scene: str, standing: dict[str, str], place: str = "") -> str:
    """What can be seen now: `standing` maps place to thing; `place` limits the answer to one place."""
    if place:
        thing = standing.get(place)
        return f"{_capital(with_article(thing))} {_is(thing)} {PLACE_PHRASE[place]}." if thing else f"Nothing is {PLACE_PHRASE[place]}."
    parts = [f"{with_article(standing[spot])} {PLACE_PHRASE[spot]}" for spot in PLACES if spot in standing]
    listing = {0: "nothing else", 1: parts[0] if parts else ""}.get(len(parts)) or ", ".join(parts[:-1]) + " and " + parts[-1]
    return f"I see {SCENES[scene]} with {listing}."


def _is(thing: str) -> str:
    return "are" if thing in PLURAL_THINGS else "is"


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
