"""The closed lists of the world: things, groups, places, kinds of events, scenes and sign words."""

from __future__ import annotations

THINGS: dict[str, str] = {
    "dog": "🐕", "cat": "🐈", "horse": "🐎", "elephant": "🐘", "duck": "🦆", "fish": "🐟",
    "butterfly": "🦋", "turtle": "🐢", "penguin": "🐧", "rabbit": "🐇",
    "car": "🚗", "bus": "🚌", "bicycle": "🚲", "tractor": "🚜", "helicopter": "🚁", "rocket": "🚀", "sailboat": "⛵",
    "apple": "🍎", "banana": "🍌", "pizza": "🍕", "carrot": "🥕", "cake": "🎂", "watermelon": "🍉",
    "hammer": "🔨", "key": "🔑", "umbrella": "☂️", "guitar": "🎸", "scissors": "✂️",
    "balloon": "🎈", "ball": "⚽", "clock": "⏰", "flower": "🌻",
}
THING_NAMES: list[str] = list(THINGS)
PLURAL_THINGS: frozenset[str] = frozenset({"scissors"})

GROUPS: dict[str, list[str]] = {
    "animal": ["dog", "cat", "horse", "elephant", "duck", "fish", "butterfly", "turtle", "penguin", "rabbit"],
    "vehicle": ["car", "bus", "bicycle", "tractor", "helicopter", "rocket", "sailboat"],
    "food": ["apple", "banana", "pizza", "carrot", "cake", "watermelon"],
    "tool": ["hammer", "key", "umbrella", "guitar", "scissors"],
}

PLACES: list[str] = ["left", "middle", "right"]
PLACE_PHRASE: dict[str, str] = {"left": "on the left", "middle": "in the middle", "right": "on the right"}
MOVE_PHRASE: dict[str, str] = {"left": "to the left", "middle": "to the middle", "right": "to the right"}

KINDS: list[str] = ["appear", "enter", "leave", "vanish", "move", "grow", "shrink", "scene", "sign"]

SCENES: dict[str, str] = {
    "street": "a street", "beach": "a beach", "forest": "a forest", "kitchen": "a kitchen",
    "night": "a night sky", "desert": "a desert", "snow": "a snowy hill", "stage": "a stage",
}
SCENE_NAMES: list[str] = list(SCENES)

WORDS: list[str] = [
    "OPEN", "CLOSED", "STOP", "EXIT", "SALE", "TAXI", "HELLO", "CAFE",
    "HOTEL", "MUSIC", "SCHOOL", "WELCOME", "DANGER", "START", "FINISH", "QUIET",
]


def with_article(thing: str) -> str:
    """The thing with its indefinite article, e.g. "an apple"; plural things get none."""
    if thing in PLURAL_THINGS:
        return thing
    return ("an " if thing[0] in "aeiou" else "a ") + thing


def group_of(thing: str) -> str | None:
    """The group a thing belongs to, or None."""
    return next((group for group, members in GROUPS.items() if thing in members), None)
