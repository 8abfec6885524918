"""What French and Spanish share: a noun has a gender, and the verb a number."""

from __future__ import annotations

from sight.words.language import Items, Named, capital, listed, total


class Romance:
    """Fill in nouns, numbers, verbs, places and articles."""

    joint: str
    numbers: list[str]
    places: dict[str, str]
    sides: dict[str, str]
    through: str
    verbs: dict[str, tuple[str, str]]

    def noun(self, named: Named) -> tuple[str, str, str]:
        raise NotImplementedError

    def one(self, named: Named) -> str:
        raise NotImplementedError

    def phrase(self, named: Named, count: int) -> str:
        """With its number or article."""
        if count == 1:
            return self.one(named)
        return f"{self.numbers[count]} {self.noun(named)[1]}" if count < len(self.numbers) else f"{self.numbers[0]} {self.noun(named)[1]}"

    def side_words(self, side: str) -> str:
        return self.sides[side]

    def place_words(self, place: str) -> str:
        return self.places[place]

    def event(self, kind: str, items: Items, side: str, place: str) -> str:
        verb = self.verbs[kind][0 if total(items) == 1 else 1]
        tail = f" {self.through} {self.sides[side]}" if side else f" {self.places[place]}" if place and kind == "appear" else ""
        return f"{capital(self._list(items))} {verb}{tail}."

    def _list(self, items: Items) -> str:
        return listed([self.phrase(*item) for item in items], self.joint)
