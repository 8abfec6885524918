"""The simulated test split: what is painted is read back, its gold answers are what a perfect assistant says, and the committed files are what is written now."""

from __future__ import annotations

import json
import subprocess
import tempfile
import unittest
from pathlib import Path

import numpy as np
import onnxruntime

from sight.benchmark.gold import LATE, gold_answers
from sight.benchmark.painted_eye import painted_eye
from sight.benchmark.painting import as_painted, write_video
from sight.benchmark.write_grammar import grammar
from sight.benchmark.write_fixtures import GOLDEN, sentences
from sight.lessons.lesson import Question, lesson_on
from sight.serving.watch import WINDOW
from sight.tests.test_world import FPS, shot_of, stream_of
from sight.world.stream import draw_stream
from sight.world.things import PERSON

SPLIT = Path(__file__).parents[4] / "samples" / "benchmark-sight"


class Painting(unittest.TestCase):
    def test_what_ffmpeg_decodes_is_read_back_to_the_last_bit_that_was_painted(self) -> None:
        stream = draw_stream(np.random.default_rng(3), 8, FPS, keep_detections=True)
        assert stream.detections is not None and stream.scenes is not None
        with tempfile.TemporaryDirectory() as folder:
            write_video(stream.detections, stream.scenes, FPS, Path(folder) / "clip.mp4")
            command = ["ffmpeg", "-v", "error", "-i", f"{folder}/clip.mp4", "-vf", "scale=300:300:flags=area+accurate_rnd+full_chroma_int,format=rgb24", "-f", "rawvideo", "-"]
            pixels = np.frombuffer(subprocess.run(command, capture_output=True, check=True).stdout, np.uint8).reshape(-1, 300, 300, 3)
        eye = onnxruntime.InferenceSession(painted_eye().SerializeToString(), providers=["CPUExecutionProvider"])
        detections, scenes = eye.run(["detections", "scene"], {"pixel_values": (pixels.astype(np.float32) / 127.5 - 1).transpose(0, 3, 1, 2)})
        expected, expected_scenes = as_painted(stream.detections, stream.scenes)
        self.assertEqual(detections.shape, stream.detections.shape)
        self.assertLess(np.abs(detections - expected).max(), 1e-6)
        self.assertLess(np.abs(scenes - expected_scenes).max(), 1e-6)
        self.assertLess(np.abs(detections[:, :, :4] - stream.detections[:, :, :4]).max(), 0.5 / 4095 + 1e-6)
        self.assertLess(np.abs(detections - stream.detections).max(), 0.5 / 255 + 1e-6)

    def test_black_pictures_hold_nothing(self) -> None:
        eye = onnxruntime.InferenceSession(painted_eye().SerializeToString(), providers=["CPUExecutionProvider"])
        detections, scenes = eye.run(["detections", "scene"], {"pixel_values": np.full((2, 3, 300, 300), -1, np.float32)})
        self.assertEqual((np.abs(detections).max(), np.abs(scenes).max()), (0, 0))


class Gold(unittest.TestCase):
    def test_two_who_come_in_together_are_one_answer_whose_span_holds_its_moment(self) -> None:
        stream = stream_of(shot_of(("person", [(4, -0.2), (12, 1.2)]), ("person", [(4.1, -0.5), (12.1, 0.9)])))
        stream.happenings = [stream.happenings[0], stream.happenings[0]]
        found = gold_answers(lesson_on(stream, 0, stream.count, [Question(0, "narrate", "What happens?", "en")]))
        self.assertEqual([answer.text for answer, _ in found], ["Two people come in from the left."])
        answer, kinds = found[0]
        due = stream.happenings[0].due
        self.assertEqual(kinds, ["enter"])
        self.assertTrue(answer.start <= stream.happenings[0].start + 0.25 and abs(answer.end - due - LATE) < 0.3, answer)

    def test_spans_of_one_question_do_not_touch(self) -> None:
        stream = draw_stream(np.random.default_rng(11), 90, FPS)
        spans = [answer for answer, _ in gold_answers(lesson_on(stream, 0, stream.count, [Question(0, "narrate", "What happens?", "en")]))]
        self.assertGreater(len(spans), 3)
        for one, other in zip(spans, spans[1:]):
            self.assertLess(one.end, other.start)

    def test_what_came_before_the_question_and_what_nobody_asked_for_is_not_gold(self) -> None:
        stream = stream_of(shot_of(("person", [(4, -0.2), (12, 1.2)]), ("dog", [(0, 0.5), (20, 0.5)])))
        late = Question(round(8 * FPS), "come", "Tell me when a person comes in.", "en", PERSON)
        self.assertEqual(gold_answers(lesson_on(stream, 0, stream.count, [late])), [])


class Written(unittest.TestCase):
    def test_the_server_is_told_to_remember_as_much_as_the_evaluation_does(self) -> None:
        recommended = json.loads((Path(__file__).parents[1] / "serving" / "recommended.json").read_text())
        self.assertEqual([settings["window"] for settings in recommended.values()], [WINDOW])

    def test_the_grammar_of_the_split_is_what_the_languages_say_now(self) -> None:
        self.assertEqual(json.loads((SPLIT / "grammar.json").read_text()), grammar())

    def test_the_sentences_that_the_judge_is_tested_with_are_those_the_languages_say_now(self) -> None:
        self.assertEqual(json.loads((GOLDEN / "sentences.json").read_text()), sentences())

    def test_the_eye_of_the_split_is_the_one_written_now(self) -> None:
        self.assertEqual((SPLIT / "eye.onnx").read_bytes(), painted_eye().SerializeToString())


if __name__ == "__main__":
    unittest.main()
