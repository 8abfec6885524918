"""English noun phrases: "a big red dog", "the two red dogs"."""

from __future__ import annotations

from .vocabulary import PLURAL_THINGS, SIZES, THINGS

COUNT_WORDS: list[str] = ["no", "one", "two", "three"]


def is_plural(thing: str, count: int = 1) -> bool:
    """Whether the verb stands in the plural."""
    return count > 1 or thing in PLURAL_THINGS


def noun(thing: str, colour: str = "", count: int = 1) -> str:
    """Colour and thing, e.g. "red dogs"."""
    name = THINGS[thing].plural if count > 1 else thing
    return f"{colour} {name}" if colour else name


def indefinite(thing: str, colour: str = "", size: float = 1.0, count: int = 1) -> str:
    """E.g. "an apple", "a big red dog", "two red dogs", "scissors"."""
    phrase = " ".join(word for word in (SIZES[size], noun(thing, colour, count)) if word)
    if count > 1:
        return f"{COUNT_WORDS[count]} {phrase}"
    if thing in PLURAL_THINGS:
        return phrase
    return ("an " if phrase[0] in "aeiou" else "a ") + phrase


def definite(thing: str, colour: str = "", count: int = 1) -> str:
    """E.g. "the red dog", "the two red dogs"."""
    counted = f"{COUNT_WORDS[count]} " if count > 1 else ""
    return f"the {counted}{noun(thing, colour, count)}"
