"""sentences.json of a model folder: every sentence that the decoder learns, in each language, as templates that a runtime fills from what it follows."""

from __future__ import annotations

from sight.words import LANGUAGES, chinese, english
from sight.words.language import Language, Named, capital
from sight.world.things import GROUPS, PERSON, SPOKEN_GROUPS, THINGS

EVENTS = {"enter": ("", "left", "right"), "leave": ("", "left", "right"), "appear": ("", "left", "middle", "right"), "vanish": ("",)}
PLACES = ("left", "middle", "right")
# By count; there are no more things at once than these.
NUMBERS = {"en": english.NUMBERS, "zh": chinese.NUMBERS, "fr": LANGUAGES["fr"].numbers, "es": LANGUAGES["es"].numbers}
# What people in particular are asked for by, besides their name; and the words for the thirds of the picture.
SOMEBODY = {"en": ["somebody", "someone", "anybody", "anyone", "who"], "zh": ["谁"], "fr": ["quelqu'un"], "es": ["alguien", "quién"]}
# "Left" and "right" alone are other words, too: "has left", "right now".
SIDES = ("the {side}", "{side} side", "{side} edge", "{side} half", "{side}-hand", "{side} hand", "from {side}", "on {side}", "your {side}", "my {side}")
THIRDS = {
    "en": {"left": [words.format(side="left") for words in SIDES], "middle": ["middle", "center", "centre"], "right": [words.format(side="right") for words in SIDES]},
    "zh": {"left": ["左"], "middle": ["中间"], "right": ["右"]},
    "fr": {"left": ["gauche"], "middle": ["milieu", "centre"], "right": ["droite"]},
    "es": {"left": ["izquierda"], "middle": ["centro", "medio"], "right": ["derecha"]},
}
# Words of texts that ask to be told from then on, and not at once.
STANDING = {
    "en": ["when", "whenever", "as soon as", "once", "if", "watch", "follow", "alert", "warn", "notify", "let me know", "keep an eye", "tell me about", "do?", "does", "doing", "happens", "happening", "going on", "narrate", "comment"],
    "zh": ["告诉我", "提醒", "通知", "就说", "叫我", "注意", "看着", "跟踪", "说说", "做什么", "怎么了", "发生", "解说"],
    "fr": ["quand", "dès que", "lorsque", "dis-moi", "dites-moi", "préviens", "préviens-moi", "avertis", "avertis-moi", "signale", "signale-moi", "surveille", "suis", "fait", "font", "passe", "arrive", "parle-moi", "commente", "décris ce qui", "raconte"],
    "es": ["cuando", "cuándo", "en cuanto", "si", "avísame", "dime", "vigila", "sigue", "hace", "hacen", "pasa", "pasando", "háblame", "atento", "ocurre", "comenta", "fíjate", "haciendo"],
}
# Words of coming and of going: a text with one kind alone asks for nothing else.
COMING = {
    "en": ["come", "comes", "coming", "appear", "appears", "show", "shows", "arrive", "arrives", "enter", "enters", "see"],
    "zh": ["进来", "来了", "出现", "看到"],
    "fr": ["arrive", "arrivent", "entre", "entrent", "vient", "viennent", "apparaît", "apparaissent", "vois"],
    "es": ["llega", "llegan", "llegue", "lleguen", "entra", "entran", "entre", "entren", "viene", "vienen", "venga", "vengan", "aparece", "aparecen", "aparezca", "aparezcan", "ves", "veas"],
}
GOING = {
    "en": ["leave", "leaves", "leaving", "go", "goes", "gone", "exits", "disappear", "disappears", "vanish", "vanishes"],
    "zh": ["离开", "走了", "不见了", "消失"],
    "fr": ["part", "partent", "sort", "sortent", "disparaît", "disparaissent", "disparu", "quitte", "quittent", "s'en va", "s'en vont"],
    "es": ["sale", "salen", "salga", "salgan", "se va", "se van", "se vaya", "se vayan", "desaparece", "desaparecen", "desaparezca", "desaparezcan", "desaparecido", "marcha", "marchan", "marche"],
}
# The templates are taken from sentences about this thing.
SAMPLE = 0


def sentences() -> dict[str, object]:
    """The whole file: templates, with {items} or {Items} (capitalised), {The}, {n} and {sentence} to be filled in."""
    return {"format": 1, "groups": {group: GROUPS[group] for group in SPOKEN_GROUPS}, "languages": {name: of_language(language) for name, language in LANGUAGES.items()}}


def of_language(language: Language) -> dict[str, object]:
    return {
        "numbers": list(NUMBERS[language.name][2:]),
        "list": {"comma": "、" if language.name == "zh" else ", ", "joint": language.joint},
        "things": [thing_of(language, named) for named in range(len(THINGS))],
        "groups": {group: thing_of(language, group) for group in SPOKEN_GROUPS},
        "events": {kind: {where: event_of(language, kind, where) for where in wheres} for kind, wheres in EVENTS.items()},
        "there": {"one": items_in(language, language.there([(SAMPLE, 1), (SAMPLE, 1)]), 2), "more": items_in(language, language.there([(SAMPLE, 2), (SAMPLE, 1)]), 2, 2)},
        "at": {place: {"one": items_in(language, language.at([(SAMPLE, 1)], place)), "more": items_in(language, language.at([(SAMPLE, 2)], place), 1, 2), "none": language.at([], place)} for place in PLACES},
        "where": {place: language.where(SAMPLE, 1, place).replace(the_of(language, SAMPLE), "{The}") for place in PLACES},
        "nothing": language.none("thing"),
        "thirds": THIRDS[language.name],
        "standing": STANDING[language.name],
        "stop": language.questions["stop"],
        "coming": COMING[language.name],
        "going": GOING[language.name],
        "yes": answer_of(language.yes),
        "no": answer_of(language.no),
    }


def thing_of(language: Language, named: Named) -> dict[str, str]:
    two = language.phrase(named, 2)
    return {"names": names_of(language, named), "one": language.phrase(named, 1), "more": two.replace(NUMBERS[language.name][2], "{n}", 1), "the": the_of(language, named), "single": language.there([(named, 1)]), "none": language.none(named)}


def names_of(language: Language, named: Named) -> list[str]:
    """How a text may name it: in the singular and the plural."""
    one, many = language.phrase(named, 1), language.phrase(named, 2)
    bare = one.split(" ", 1)[-1] if language.name != "zh" else language.forms(named)["many"]
    return list(dict.fromkeys([bare, many.removeprefix(NUMBERS[language.name][2]).strip() if language.name != "zh" else bare, *(SOMEBODY[language.name] if named == PERSON else [])]))


def the_of(language: Language, named: Named) -> str:
    return capital(language.forms(named)["the"])


def event_of(language: Language, kind: str, where: str) -> dict[str, str]:
    side, place = ("", where) if kind == "appear" else (where, "")
    return {"one": items_in(language, language.event(kind, [(SAMPLE, 1)], side, place)), "more": items_in(language, language.event(kind, [(SAMPLE, 2)], side, place), 1, 2)}


def items_in(language: Language, sentence: str, items: int = 1, first: int = 1) -> str:
    """The sentence with its list of things cut out."""
    phrases = [language.phrase(SAMPLE, first), *[language.phrase(SAMPLE, 1)] * (items - 1)]
    listed = language.joint.join(phrases)
    for found, slot in ((listed, "{items}"), (capital(listed), "{Items}")):
        if found in sentence:
            return sentence.replace(found, slot, 1)
    raise ValueError(f"no {listed!r} in {sentence!r}")


def answer_of(say: object) -> str:
    """`{sentence}` begins in lower case, `{Sentence}` as it is."""
    said = say("Abc.")
    return said.replace("abc.", "{sentence}") if "abc." in said else said.replace("Abc.", "{Sentence}")
