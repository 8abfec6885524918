"""What counts as a failure, and that replies made on branches are those of the loop."""

from __future__ import annotations

import random
import tempfile
import unittest
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import torch
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

import layout
from branch_speech import Streams, Turn
from judging import Try, is_right, mistimed, moment_of, pair_of
from lesson import Telling, make_lesson
from model import Shape, Speaker
from outcomes import Origin, Outcome, Pair, begin_or_continue
from replaying import stream_of, turn_at
from sequence import SequenceBuilder, collate
from session import Policy, Session
from world.legislator import sample_blueprint
from world.questions import Question

TINY = Shape(hidden=32, layers=4, heads=4, kv_heads=2, mlp=48)
FPS, ORIGIN = 2.0, Origin(5, 1.0, ["informative"], 0.5)


def byte_tokenizer() -> Tokenizer:
    """A token for every byte, and the two that mark turns."""
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(models.BPE({letter: index for index, letter in enumerate(letters)}, []))
    tokenizer.pre_tokenizer, tokenizer.decoder = pre_tokenizers.ByteLevel(add_prefix_space=False), decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(layout.START, special=True), AddedToken(layout.END, special=True)])
    return tokenizer


def outcome_with(pairs: list[Pair], **frames: list[int]) -> Outcome:
    """A lesson of eight seconds with one question at three."""
    return Outcome(4, "train-000.pt", 7, 1.0, 9.0, [Question(3.0, "thing", "dog", "", "跟着狗。", "zh")], 16, 1, 3, 0, 0, 0, pairs,
                   **({"missed": [], "spoken": [], "alarms": [], "idle": []} | frames))


def telling(text: str, start: float, due: float, last: float) -> Telling:
    return Telling(text, start, last, due, due, last)


class Replies(unittest.TestCase):
    def test_a_right_reply_never_becomes_a_failure(self) -> None:
        rng = random.Random(5)
        for _ in range(60):
            blueprint = sample_blueprint(rng)
            for due in make_lesson(rng, blueprint, 0, blueprint.duration).tellings:
                self.assertIsNone(pair_of(3, due.text, [Try(due.text, [], False), Try(due.text, [], True)]))

    def test_a_reply_is_judged_by_its_meaning_and_what_cannot_be_read_is_wrong(self) -> None:
        due = "The red dog on the left jumps."
        self.assertTrue(is_right(due, "A red dog on the left jumps."))
        for wrong in ("The blue dog on the left jumps.", "The red dog on the right jumps.", "The dog on the left jumps.", "The red dog jumps jumps.", ""):
            self.assertFalse(is_right(due, wrong), wrong)

    def test_the_first_failed_try_is_kept_beside_the_due_reply(self) -> None:
        due, wrong, worse = "The dog jumps.", Try("The cat jumps.", [1], True), Try("cat", [2], True)
        right = Try(due, [3], False)
        self.assertEqual(pair_of(8, due, [right, wrong, worse]), Pair(8, due, wrong.text, [1], True, True))
        self.assertEqual(pair_of(8, due, [worse, wrong]), Pair(8, due, "cat", [2], True, False))


class Timing(unittest.TestCase):
    def test_silent_spans_and_turns_outside_every_span_are_failures(self) -> None:
        tellings = [telling("", 1.0, 1.5, 2.5), telling("", 5.0, 5.5, 6.0)]
        scores = [0.9, 0.1, 0.1, 0.2, 0.3, 0.1, 0.1, 0.8, 0.1, 0.1, 0.2, 0.7, 0.6]
        trace = [(4 + index / FPS, score, 0.0) for index, score in enumerate(scores, -8)]
        found = mistimed(tellings, trace, 8 - 8, Policy(0.5))
        self.assertEqual((found.missed, found.spoken, found.alarms, found.idle), ([4], [11], [0, 7], []))

    def test_without_an_alarm_the_nearest_to_one_is_named(self) -> None:
        trace = [(index / FPS, score, 0.0) for index, score in enumerate([0.1, 0.4, 0.2])]
        found = mistimed([], trace, 6, Policy(0.5))
        self.assertEqual((found.missed, found.alarms, found.idle), ([], [], [7]))

    def test_a_reply_is_tried_where_the_policy_takes_the_turn_once_it_is_sayable(self) -> None:
        due = telling("", 1.0, 2.0, 4.0)
        self.assertEqual(moment_of(due, [1.5, 3.5], FPS, 30), 7)
        self.assertEqual(moment_of(due, [1.5], FPS, 30), 6)
        self.assertIsNone(moment_of(due, [], FPS, 5))


class Files(unittest.TestCase):
    def test_a_stopped_collection_goes_on_after_its_last_whole_line(self) -> None:
        outcome = outcome_with([Pair(9, "Due.", "Sàid.", [4, 5], False, False)], missed=[9])
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "failures.jsonl"
            self.assertEqual(begin_or_continue(path, ORIGIN), [])
            with path.open("a") as file:
                file.write(outcome.to_line() + "\n" + outcome.to_line()[:40])
            self.assertEqual(begin_or_continue(path, ORIGIN), [outcome])
            self.assertTrue(path.read_text().endswith("}\n"))

    def test_failures_of_another_student_are_not_continued(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "failures.jsonl"
            begin_or_continue(path, ORIGIN)
            with self.assertRaises(ValueError):
                begin_or_continue(path, Origin(6, 1.0, ["informative"], 0.5))


class Branches(unittest.TestCase):
    def test_replies_and_scores_of_many_streams_are_those_of_the_loop(self) -> None:
        torch.manual_seed(3)
        tokenizer, rng = byte_tokenizer(), random.Random(2)
        speaker = Speaker(TINY, tokenizer.get_vocab_size(), tokenizer.token_to_id(layout.END)).eval()
        builder = SequenceBuilder(tokenizer, FPS, TINY.tokens_per_frame)
        blueprint = sample_blueprint(rng)
        # With its small first weights an untrained decoder would say the same everywhere.
        torch.nn.utils.vector_to_parameters(4 * torch.nn.utils.parameters_to_vector(speaker.parameters()), speaker.parameters())
        lines = [(begin, end, [Question(begin + late, "thing", "dog", "", "Follow the dog.")]) for begin, end, late in ((0.0, 6.0, 0.0), (2.0, 5.0, 1.2))]
        sequences = [stream_of(builder, blueprint, begin, end, questions, 0) for begin, end, questions in lines]
        tokens = [np.random.default_rng(row).standard_normal((12 * TINY.tokens_per_frame, TINY.hidden)).astype(np.float16) for row in range(2)]
        frames = [(0, 2), (0, 8), (1, 7), (0, 11)]
        with torch.inference_mode():
            streams = Streams(speaker, {name: torch.from_numpy(array) for name, array in collate(sequences, tokens).items()})
            turns = [Turn(row, *turn_at(sequences[row], frame)) for row, frame in frames]
            replies = streams.speak(turns, builder.encode(layout.REPLY), tokenizer.token_to_id(layout.END), torch.Generator())
            spoken, traces = zip(*(self._looped(speaker, tokenizer, *line, one) for line, one in zip(lines, tokens)))
        for (row, frame), reply in zip(frames, replies):
            self.assertEqual(tokenizer.decode(reply), spoken[row][frame])
        self.assertGreater(len({tuple(reply) for reply in replies}), 1)
        self.assertTrue(np.allclose(streams.scores.numpy(), [point[1:] for trace in traces for point in trace], atol=1e-4))

    def _looped(self, speaker: Speaker, tokenizer: Tokenizer, begin: float, end: float, questions: list[Question],
                tokens: np.ndarray) -> tuple[dict[int, str], list[tuple[float, float, float]]]:
        """What the loop says after each frame, and its trace."""
        session, waiting, spoken = Session(SimpleNamespace(speaker=speaker), tokenizer, Policy(threshold=9.0)), list(questions), {}
        for frame in range(round(begin * FPS), round(end * FPS)):
            while waiting and waiting[0].time <= frame / FPS + 1e-6:
                session.user(waiting.pop(0).text)
            session.frame(frame / FPS, torch.from_numpy(tokens).float().unflatten(0, (-1, TINY.tokens_per_frame))[frame])
            spoken[frame] = session.speak()
        return spoken, session.trace


if __name__ == "__main__":
    unittest.main()
