"""What every language can say of what is seen, and how it is asked."""

from __future__ import annotations

from typing import Protocol

# What is spoken of: a class's number, or "animal", "vehicle", "thing" (anything); with a count.
Named = int | str
Items = list[tuple[Named, int]]


class Language(Protocol):
    """Sentences end with their full stop. `side` is left, right or ""; `place` left, middle, right or ""."""

    name: str
    # Question type -> templates with {a} (one of them), {many} (the plural), {the}, {the_many}, {side}, {place}.
    questions: dict[str, list[str]]
    # The same for people alone.
    people: dict[str, list[str]]
    joint: str

    def forms(self, named: Named) -> dict[str, str]: ...
    def side_words(self, side: str) -> str: ...
    def place_words(self, place: str) -> str: ...
    def event(self, kind: str, items: Items, side: str, place: str) -> str: ...
    def there(self, items: Items) -> str: ...
    def none(self, named: Named) -> str: ...
    def at(self, items: Items, place: str) -> str: ...
    def where(self, named: Named, count: int, place: str) -> str: ...
    def yes(self, sentence: str) -> str: ...
    def no(self, sentence: str) -> str: ...


def total(items: Items) -> int:
    """How many in all."""
    return sum(count for _, count in items)


def listed(parts: list[str], joint: str, comma: str = ", ") -> str:
    """a, b and c."""
    return parts[0] if len(parts) == 1 else comma.join(parts[:-1]) + joint + parts[-1]


def capital(sentence: str) -> str:
    return sentence[0].upper() + sentence[1:]
