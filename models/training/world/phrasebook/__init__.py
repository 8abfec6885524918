"""How users ask, in four languages. Each language is one table: type of question -> phrasings with slots.

Slots: {the} and {a} noun phrases of the thing or group; {clause} a happening; {place} where; {colour} things of a colour;
{kind} which things do what; {query} the sentence that is sought."""

from __future__ import annotations

from .chinese import CHINESE
from .english import ENGLISH
from .french import FRENCH
from .language import Language
from .spanish import SPANISH

LANGUAGES: dict[str, Language] = {"en": ENGLISH, "zh": CHINESE, "fr": FRENCH, "es": SPANISH}
