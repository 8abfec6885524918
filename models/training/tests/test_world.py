"""The world keeps its own laws. Run in models/training: python -m unittest"""

from __future__ import annotations

import random
import unittest
from dataclasses import replace

from lesson import make_lesson
from world.answers import answer, immediate_answer
from world.blueprint import Actor, Blueprint, Entity, Event
from world.inquiry import Inquiry, objection
from world.legislator import sample_blueprint
from world.meaning import meaning, rating
from world.phrasebook import LANGUAGES
from world.questions import KIND_SETS, TYPES, Question, ask, standing_at
from world.search import Search, signature
from world.sentences import sentence
from world.split import scene_before, split_of
from world.stage import contradiction
from world.state import state_at
from world.vocabulary import KINDS, THING_NAMES


def clip() -> Blueprint:
    """A dog jumps twice, turns blue and meets a cat; another dog comes; everything goes in a cut."""
    entities = [Entity("dog"), Entity("cat", "red", count=2), Entity("dog", "green", 1.45)]
    events = [
        Event("jump", 2, 5, 0, "left", "left", "left"), Event("jump", 6, 9, 0, "left", "left", "left"),
        Event("recolour", 10, 13, 0, "left", "left", "left", "blue"), Event("meet", 14, 17, 0, "left", "left", "left", "", 1),
        Event("enter", 18, 21, 2, "right", "", "right"), Event("scene", 22, 25, value="beach", clears=True),
    ]
    return Blueprint(1, 30, (16, 9), "street", entities, [Actor(0, "left"), Actor(1, "middle")], events)


class Blueprints(unittest.TestCase):
    def test_drawn_blueprints_break_no_law_and_keep_to_their_split(self) -> None:
        rng = random.Random(4)
        for split in ("train", "test"):
            for blueprint in (sample_blueprint(rng, split) for _ in range(60)):
                self.assertIsNone(contradiction(blueprint))
                owners = {split_of(blueprint.entities, event, scene_before(blueprint, event), blueprint.aspect) for event in blueprint.events}
                self.assertTrue(owners <= {"train", split} and (split == "train" or split in owners))

    def test_a_blueprint_survives_json(self) -> None:
        self.assertEqual(Blueprint.from_json(clip().to_json()), clip())

    def test_contradictions_are_found(self) -> None:
        self.assertIsNone(contradiction(clip()))
        late = [*clip().events, Event("jump", 26, 29, 0, "left", "left", "left")]
        self.assertIn("jump", contradiction(replace(clip(), events=late)) or "")
        self.assertIn("overlaps", contradiction(replace(clip(), duration=24)) or "")

    def test_the_search_proposes_nothing_twice_and_prefers_what_is_failed(self) -> None:
        able = {f"kind:{kind}": 1.0 for kind in KINDS} | {"kind:hide": 0.0}
        search = Search(random.Random(2), ability=able)
        proposed = [search.propose() for _ in range(60)]
        self.assertEqual(len({signature(blueprint) for blueprint in proposed}), 60)
        plain = Search(random.Random(2))
        for _ in range(60):
            plain.propose()
        share = [each.spread.counts["kind"]["hide"] / sum(each.spread.counts["kind"].values()) for each in (search, plain)]
        self.assertGreater(share[0], 1.3 * share[1])
        self.assertGreater(search.spread.evenness()["thing"], 0.9)


class Inquiries(unittest.TestCase):
    def test_questions_are_spread_evenly_none_twice_and_none_in_the_midst_of_an_event(self) -> None:
        rng = random.Random(3)
        inquiry = Inquiry(rng)
        for blueprint in (sample_blueprint(rng) for _ in range(30)):
            asked: list[Question] = []
            for _ in range(4):
                asked.append(inquiry.propose(blueprint, asked))
                self.assertFalse(any(event.middle <= asked[-1].time <= event.end for event in blueprint.events))
            self.assertEqual(len({(question.type, question.argument, question.detail) for question in asked}), 4)
        evenness = inquiry.spread.evenness()
        for axis in ("question", "language", "asked"):
            self.assertGreater(evenness[axis], 0.9)

    def test_objections_name_what_is_wrong(self) -> None:
        blueprint = clip()
        dog, everything = Question(0.0, "thing", "dog"), Question(0.0, "all")
        self.assertEqual(objection(blueprint, dog, [], False), "")
        self.assertEqual(objection(blueprint, dog, [dog], False), "duplicate")
        self.assertEqual(objection(blueprint, dog, [], True), "answered")
        self.assertEqual(objection(blueprint, Question(0.0, "thing", "cow"), [], False), "never answered")
        self.assertEqual(objection(blueprint, Question(4.0, "thing", "dog"), [], False), "asked while something is being told")
        self.assertEqual(objection(blueprint, everything, [], False), "")


class States(unittest.TestCase):
    def test_what_happened_is_seen_afterwards(self) -> None:
        state = state_at(clip(), 21.5)
        self.assertEqual({(actor.thing, actor.colour, actor.place) for actor in state.standing.values()},
                         {("dog", "blue", "left"), ("cat", "red", "middle"), ("dog", "green", "right")})
        self.assertEqual(state_at(clip(), 26).standing, {})
        self.assertEqual(state_at(clip(), 26).scene, "beach")


class Sentences(unittest.TestCase):
    def test_events_are_told_with_their_details(self) -> None:
        self.assertEqual([sentence(clip(), event) for event in clip().events], [
            "The dog on the left jumps.", "The dog on the left jumps again.", "The dog on the left turns blue.",
            "The blue dog meets the two red cats.", "A big green dog comes in from the right.", "The scene changes to a beach."])
        self.assertEqual(sentence(clip(), clip().events[1], since=5.5), "The dog on the left jumps.")

    def test_every_sentence_is_read_back(self) -> None:
        rng = random.Random(3)
        for _ in range(150):
            blueprint = sample_blueprint(rng)
            for telling in make_lesson(rng, blueprint, 0, blueprint.duration).tellings:
                self.assertIsNotNone(meaning(telling.text), telling.text)
                self.assertEqual(rating(telling.text, telling.text), 5)

    def test_ratings_fall_with_what_is_wrong(self) -> None:
        gold = "The red dog on the left jumps again."
        said = ["The red dog on the left jumps.", "The red dog on the right jumps.", "The red dog on the right spins.", "The red cat on the left jumps."]
        ratings = [rating(gold, text) for text in said]
        self.assertEqual(sorted(ratings, reverse=True), ratings)
        self.assertEqual((ratings[0], ratings[-1]), (4, 1))


class Questions(unittest.TestCase):
    def told(self, *questions: Question) -> list[str]:
        found = (answer(clip(), list(questions), event) for event in clip().events)
        return [text for text, _ in filter(None, found)]

    def test_without_a_question_everything_is_told(self) -> None:
        self.assertEqual(len(self.told()), 6)

    def test_a_question_about_a_thing_gets_what_the_thing_does(self) -> None:
        self.assertEqual(len(self.told(Question(0, "thing", "dog"))), 5)
        self.assertEqual(self.told(Question(0, "thing", "dog", "green")), ["A big green dog comes in from the right."])
        self.assertEqual(self.told(Question(0, "thing", "cat")), ["The blue dog meets the two red cats."])

    def test_counts_go_up_and_down(self) -> None:
        self.assertEqual(immediate_answer(clip(), Question(0, "howmany", "animal")), "There are 3 animals now.")
        self.assertEqual(self.told(Question(0, "howmany", "animal")), ["There are 4 animals now.", "There are 0 animals now."])
        self.assertEqual(self.told(Question(0, "tally", "jump")), ["That makes 1.", "That makes 2."])
        self.assertEqual(self.told(Question(5.9, "tally", "jump")), ["The dog on the left jumps.", "That makes 1."])

    def test_what_comes_after_is_told_with_then(self) -> None:
        self.assertEqual(self.told(Question(0, "after", "pair")), ["Then a big green dog comes in from the right."])

    def test_a_question_nothing_answers_gets_silence(self) -> None:
        self.assertEqual(self.told(Question(0, "thing", "whale")), [])

    def test_several_questions_stand_until_one_replaces_them(self) -> None:
        first, second = Question(0, "kind", "recolour"), Question(1, "kind", "scene")
        self.assertEqual(len(self.told(first, second)), 2)
        self.assertEqual(len(self.told(first, replace(second, instead=True))), 1)
        self.assertEqual(standing_at([first, Question(3, "stop")], 4)[0].type, "stop")
        self.assertEqual(self.told(first, Question(3, "stop")), [])

    def test_every_question_has_words_in_every_language(self) -> None:
        rng = random.Random(1)
        for language in LANGUAGES:
            for type in TYPES:
                for argument in {"thing": THING_NAMES, "kind": list(KIND_SETS), "tally": list(KIND_SETS), "after": list(KIND_SETS)}.get(type, []):
                    self.assertTrue(ask(rng, Question(0, type, argument, "", "", language)).text)


if __name__ == "__main__":
    unittest.main()
