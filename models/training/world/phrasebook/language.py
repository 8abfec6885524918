"""What a language's table holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Language:
    """`phrases` by type of question, those of kinds under "kind:SET"; `clauses` by set of kinds ("something jumps"); `does` by set of
    kinds with {the} for a group ("which animals jump"); `places`, `groups` (definite) and `counted` ("how many" + group) by name.
    `definite` and `indefinite` make noun phrases of (thing, colour); `instead` starts a question that ends the earlier ones."""

    phrases: dict[str, list[str]]
    clauses: dict[str, str]
    does: dict[str, str]
    places: dict[str, str]
    groups: dict[str, str]
    counted: dict[str, str]
    coloured: dict[str, str]
    definite: Callable[[str, str], str]
    indefinite: Callable[[str, str], str]
    instead: list[str]
    stop: list[str]
