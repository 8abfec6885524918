"""What is drawn for learning, and what is written for scoring."""

from __future__ import annotations

import random
import unittest

import torch

from ability import FACTORS, Ability, worth_learning
from annotations import Answer, answers_to, grounding, highlights, magqa
from begin_run import take_in
from export import tensors_of
from lesson import make_lesson
from model import DuetModel, Shape
from reading import ASKED_LISTS, IGNORE, asked_of
from tests.test_world import clip
from world.legislator import sample_blueprint
from world.questions import Question


class Abilities(unittest.TestCase):
    def test_success_moves_only_the_factors_concerned(self) -> None:
        ability = Ability()
        for _ in range(200):
            ability.note(["kind:jump"], True)
            ability.note(["kind:spin"], False)
        self.assertGreater(ability.of(["kind:jump"]), 0.95)
        self.assertLess(ability.of(["kind:spin"]), 0.05)
        self.assertEqual(ability.of(["kind:grow"]), 0.5)

    def test_half_mastered_is_worth_most(self) -> None:
        self.assertGreater(worth_learning(0.5), 2 * worth_learning(0.95))
        self.assertGreater(worth_learning(0.5), worth_learning(0.02))
        self.assertEqual(worth_learning(0.02), worth_learning(0.2))
        self.assertGreater(worth_learning(1.0), 0)

    def test_every_factor_of_a_lesson_is_known(self) -> None:
        rng = random.Random(7)
        for _ in range(200):
            blueprint = sample_blueprint(rng)
            lesson = make_lesson(rng, blueprint, 0, blueprint.duration)
            self.assertTrue({factor for telling in lesson.tellings for factor in telling.factors} | {lesson.silence()} <= set(FACTORS))


class Readings(unittest.TestCase):
    def test_a_question_is_read_the_same_in_every_language(self) -> None:
        asked = [asked_of(Question(0, "thing", "dog", "red", text, language)) for text, language in (("Follow the red dog.", "en"), ("看着红色的狗。", "zh"))]
        self.assertEqual(asked[0], asked[1])
        self.assertEqual(ASKED_LISTS[2][asked[0][2]], "dog")

    def test_a_query_is_read_by_what_it_describes(self) -> None:
        read = asked_of(Question(0, "query", "The red dog on the left jumps."))
        self.assertEqual([ASKED_LISTS[index][value] for index, value in enumerate(read) if value != IGNORE], ["query", "dog", "red", "left", "jump"])


class Annotations(unittest.TestCase):
    def test_answers_are_grounded_and_none_come_before_the_question(self) -> None:
        late = answers_to(clip(), Question(7.6, "thing", "dog"))
        self.assertEqual(late[0], Answer("The dog on the left turns blue.", 10, 13))
        running = answers_to(clip(), Question(7.0, "thing", "dog"))
        self.assertEqual((running[0].start, running[0].end), (7.0, 9))

    def test_forms_hold_the_same_spans(self) -> None:
        question = Question(0, "kind", "recolour", "", "What changes its colour?")
        answers = answers_to(clip(), question)
        self.assertEqual(magqa("a", "a.mp4", question, answers)["answer"], [
            {"role": "assistant", "content": "The dog on the left turns blue.", "time": [10, 13]}])
        self.assertEqual(grounding("a", "a.mp4", question, answers)["timestamps"], [[10, 13]])
        record = highlights("a", "a.mp4", question, answers, 30)
        self.assertEqual((record["relevant_clip_ids"], record["saliency_scores"]), ([5, 6], [[4, 4, 4], [2, 2, 2]]))



class Checkpoints(unittest.TestCase):
    def test_an_exported_model_can_be_trained_on(self) -> None:
        exported, fresh = (DuetModel(Shape(), 40, 1) for _ in range(2))
        tensors = tensors_of(exported)
        take_in(fresh, tensors)
        self.assertTrue(all(torch.equal(value, tensors[name]) for name, value in tensors_of(fresh).items()))

    def test_a_missing_weight_is_named(self) -> None:
        model = DuetModel(Shape(), 40, 1)
        tensors = tensors_of(model)
        del tensors["informative_head.weight"]
        with self.assertRaisesRegex(RuntimeError, "weight"):
            take_in(model, tensors)


if __name__ == "__main__":
    unittest.main()
