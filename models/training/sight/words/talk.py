"""What people want to hear of things that happen together: one sentence for what belongs together, three at most."""

from __future__ import annotations

from collections.abc import Iterable

from sight.words.language import Items, Language, Named
from sight.world.happenings import Happening
from sight.world.things import LIVELY, PERSON

ORDER = ("enter", "appear", "leave", "vanish", "nearer")
MOST = 3


def sentences_of(language: Language, happenings: Iterable[Happening]) -> list[str]:
    """Sentences for events that are told together, by kind, side and place."""
    groups: dict[tuple[str, str, str], list[Happening]] = {}
    happenings = list(happenings)
    crowded = len({happening.place for happening in happenings if happening.kind == "appear"}) > 2
    for happening in sorted(happenings, key=lambda happening: (ORDER.index(happening.kind), worth(happening.thing))):
        place = "" if crowded and happening.kind == "appear" else happening.place
        groups.setdefault((happening.kind, happening.side, place), []).append(happening)
    return [language.event(kind, counted([happening.thing for happening in group]), side, place) for (kind, side, place), group in list(groups.items())[:MOST]]


def counted(names: list[Named]) -> Items:
    """Names with their counts, at most three of them."""
    counts: dict[Named, int] = {}
    for name in names:
        counts[name] = counts.get(name, 0) + 1
    return list(counts.items())[:3]


def worth(name: Named) -> tuple[int, int]:
    """People before animals and vehicles before other things."""
    return (0 if name == PERSON else 1 if name in LIVELY or isinstance(name, str) else 2, name if isinstance(name, int) else 0)
