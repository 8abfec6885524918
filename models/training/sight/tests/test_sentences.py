"""The sentences that a runtime fills in are those of the words."""

from __future__ import annotations

import re
import unittest

from sight.lessons.lesson import STANDING
from sight.serving.sentences import sentences
from sight.words import LANGUAGES
from sight.world.things import THINGS


def in_text(language: str, word: str, text: str) -> bool:
    return re.search(re.escape(word) if language == "zh" else rf"(?<!\w){re.escape(word)}(?!\w)", text.lower()) is not None


class TestSentences(unittest.TestCase):
    def test_templates_give_what_the_languages_say(self) -> None:
        for name, language in LANGUAGES.items():
            words = sentences()["languages"][name]
            dogs = words["things"][16]
            self.assertEqual(dogs["one"], language.phrase(16, 1))
            self.assertEqual(dogs["more"].replace("{n}", words["numbers"][1]), language.phrase(16, 3))
            for kind, wheres in words["events"].items():
                for where, forms in wheres.items():
                    side, place = ("", where) if kind == "appear" else (where, "")
                    for form, count in (("one", 1), ("more", 2)):
                        items = language.phrase(16, count)
                        filled = forms[form].replace("{items}", items).replace("{Items}", items[0].upper() + items[1:])
                        self.assertEqual(filled, language.event(kind, [(16, count)], side, place))

    def test_questions_are_told_from_those_about_now(self) -> None:
        for name, language in LANGUAGES.items():
            words = sentences()["languages"][name]["standing"]
            for kind, templates in [*language.questions.items(), *language.people.items()]:
                if kind == "stop":
                    continue
                for template in templates:
                    self.assertEqual(any(in_text(name, word, template) for word in words), kind in STANDING, f"{name}: {template}")

    def test_comings_and_goings_are_told_apart(self) -> None:
        for name, language in LANGUAGES.items():
            words = sentences()["languages"][name]
            for kind, wanted, other in (("come", "coming", "going"), ("go", "going", "coming")):
                for template in [*language.questions[kind], *language.people[kind]]:
                    found = {role: any(in_text(name, word, template) for word in words[role]) for role in (wanted, other)}
                    self.assertFalse(found[other] and not found[wanted], f"{name}: {template}")

    def test_every_thing_has_names_of_its_own(self) -> None:
        for words in sentences()["languages"].values():
            self.assertEqual(len(words["things"]), len(THINGS))
            self.assertTrue(all(thing["names"] for thing in words["things"]))


if __name__ == "__main__":
    unittest.main()
