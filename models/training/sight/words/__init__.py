"""The words in each language."""

from sight.words.chinese import Chinese
from sight.words.english import English
from sight.words.french import French
from sight.words.language import Language
from sight.words.spanish import Spanish

LANGUAGES: dict[str, Language] = {language.name: language for language in (English(), Chinese(), French(), Spanish())}
