"""Every sentence the model may say, as one table. `sentences.py` fills the slots; the grammar for the exact judge is read off here too.

Slots: {a} an entity as it comes ("a big red dog"); {the} and {other} entities already known ("the two red dogs"); {place} "on the left";
{to} "to the left"; {side} and {far} "left"; {scene} "a beach"; {word}, {number}, {score} ("3 to 1"), {colour}, {again} ("" or " again"),
{n} a count, {group} "animals", {listing} "a dog on the left and two cats on the right". [singular|plural] agrees with {a} or {the}.
Replies are English whatever the language of the question: a model this small cannot afford to speak four."""

from __future__ import annotations

EVENT_PATTERNS: dict[str, str] = {
    "appear": "{a} [appears|appear] {place}.",
    "enter": "{a} [comes|come] in from the {side}.",
    "leave": "{the} [leaves|leave] to the {side}.",
    "vanish": "{the} {place} [disappears|disappear].",
    "move": "{the} [moves|move] {to}.",
    "grow": "{the} {place} [gets|get] bigger.",
    "shrink": "{the} {place} [gets|get] smaller.",
    "jump": "{the} {place} [jumps|jump]{again}.",
    "spin": "{the} {place} [spins|spin]{again}.",
    "recolour": "{the} {place} [turns|turn] {colour}.",
    "cross": "{a} [crosses|cross] from {side} to {far}.",
    "meet": "{the} [meets|meet] {other}.",
    "pass": "{the} [passes|pass] {way} {other}.",
    "hide": "{the} [hides|hide] behind {other}.",
    "scene": "the scene changes to {scene}.",
    "sign": "a sign {place} says {word}.",
    "number": "a sign {place} shows {number}.",
    "score": "the scoreboard {place} shows {score}.",
}
# The answer to "what happens after": the sentence of the event behind this word.
THEN_PATTERN = "then {sentence}"
COUNT_PATTERNS: dict[str, str] = {
    "howmany": "there [is|are] {n} {group} now.",
    "tally": "that makes {n}.",
}
NOW_PATTERNS: dict[str, str] = {
    "now": "I see {scene} with {listing}.",
    "nowplace": "{a} [is|are] {place}.",
    "nowplace-empty": "nothing is {place}.",
    "nowwhere": "{the} [is|are] {place}.",
    "nowwhere-gone": "{the} [is|are] not there.",
    "nowcolour": "{the} [is|are] {colour}.",
    "nowcount": COUNT_PATTERNS["howmany"],
}
PASSING: dict[str, str] = {"front": "in front of", "behind": "behind"}
EVERYTHING_GONE = "nothing else"
GROUP_WORDS: dict[str, tuple[str, str]] = {
    "animal": ("animal", "animals"), "vehicle": ("vehicle", "vehicles"), "food": ("food", "foods"), "tool": ("tool", "tools"),
    "thing": ("thing", "things"),
}
OWN_COLOUR = "not painted"
