"""Preference tuning: the losses by hand, and what the two replies of a pair see."""

from __future__ import annotations

import math
import random
import unittest

import numpy as np
import torch

import layout
from outcomes import Pair
from preference_batches import Item, batch_of, said_of
from preference_losses import anchor_loss, preference_loss, preference_margins, supervised_loss, timing_gaps, timing_loss
from reading import IGNORE
from replaying import replayed, spoken_tokens
from sequence import SequenceBuilder
from tests.test_failures import FPS, TINY, byte_tokenizer, outcome_with
from student import Student, additive_mask
from world.legislator import sample_blueprint

TOKENIZER = byte_tokenizer()
BUILDER = SequenceBuilder(TOKENIZER, FPS, TINY.tokens_per_frame)


def item_with(pairs: list[Pair], **frames: list[int]) -> Item:
    outcome = outcome_with(pairs, **frames)
    features = np.random.default_rng(1).standard_normal((40 * TINY.tokens_per_frame, TINY.hidden)).astype(np.float16)
    return Item(replayed(BUILDER, sample_blueprint(random.Random(3)), outcome), features, outcome)


def pair_at(frame: int, right: str, wrong: str) -> Pair:
    return Pair(frame, right, wrong, spoken_tokens(TOKENIZER, wrong), False, False)


class Losses(unittest.TestCase):
    def test_the_preference_loss_of_equally_long_replies_is_dpo(self) -> None:
        now, before = torch.tensor([[-2.0, -4.0], [-7.0, -1.0]]), torch.tensor([[-3.0, -3.5], [-6.0, -1.0]])
        margins = preference_margins(now, before, torch.tensor([[4.0, 4.0], [6.0, 6.0]]))
        self.assertTrue(torch.allclose(margins, torch.tensor([1.5, -1.0])))
        expected = (math.log(1 + math.exp(-0.15)) + math.log(1 + math.exp(0.1))) / 2
        self.assertAlmostEqual(preference_loss(margins, 0.1).item(), expected, places=6)

    def test_longer_replies_weigh_no_more(self) -> None:
        margins = preference_margins(torch.tensor([[-2.0, -4.0]]), torch.tensor([[-3.0, -3.0]]), torch.tensor([[2.0, 4.0]]))
        self.assertAlmostEqual(margins.item(), (1 / 2 + 1 / 4) * 3, places=6)

    def test_the_supervised_loss_looks_at_the_right_reply_alone(self) -> None:
        self.assertAlmostEqual(supervised_loss(torch.tensor([[-6.0, -1.0], [-1.0, -9.0]]), torch.tensor([[3.0, 1.0], [2.0, 1.0]])).item(), 1.25, places=6)

    def test_timing_compares_frames_of_which_one_failed(self) -> None:
        scores, speak, hush = torch.tensor([0.0, 1.0, 2.0, 3.0]), torch.tensor([[0, 1], [3, 0]]), torch.tensor([[1, 1], [2, 0]])
        gaps = timing_gaps(scores, speak, hush)
        self.assertEqual(sorted(gaps.tolist()), [-2.0, -1.0, 2.0])
        expected = sum(math.log(1 + math.exp(1 - gap)) for gap in (-2, -1, 2)) / 3
        self.assertAlmostEqual(timing_loss(gaps).item(), expected, places=5)
        self.assertEqual(timing_loss(timing_gaps(scores, speak[1:], hush[1:])).item(), 0)

    def test_unmoved_scores_cost_nothing_and_failures_may_move(self) -> None:
        before, failed, none = torch.tensor([[0.5, -1.0], [2.0, 0.0]]), torch.tensor([[1, 1]]), torch.zeros(0, 2, dtype=torch.long)
        self.assertAlmostEqual(anchor_loss(before, before, none, none).item(), 0, places=6)
        moved = before + torch.tensor([[0.0, 0.0], [3.0, 3.0]])
        self.assertAlmostEqual(anchor_loss(moved, before, failed, none).item(), 0, places=6)
        self.assertGreater(anchor_loss(moved, before, none, none).item(), 0.1)


class Pairs(unittest.TestCase):
    def test_both_replies_of_a_pair_see_the_same_stream_up_to_their_frame_and_not_each_other(self) -> None:
        items = [item_with([pair_at(6, "The dog jumps.", "A cat."), pair_at(12, "It is red.", "The tree spins.")]), item_with([pair_at(17, "No.", "Yes!")])]
        tensors = batch_of(items).tensors
        mask = additive_mask(tensors)[:, 0] == 0
        first = tensors["ids"].shape[1] - mask.shape[1]
        for row, item in enumerate(items):
            for number, pair in enumerate(item.outcome.pairs):
                seen = []
                for branch in (2 * number + 1, 2 * number + 2):
                    columns = (tensors["branch"][row] == branch).nonzero()[:, 0]
                    others = (tensors["branch"][row] > 0) & (tensors["branch"][row] != branch)
                    self.assertFalse(mask[row, columns - first][:, others].any())
                    start = tensors["positions"][row, columns[0]].item()
                    self.assertEqual(tensors["positions"][row, columns].tolist(), [*range(start, start + len(columns))])
                    streams = mask[row, columns - first][:, :first]
                    self.assertTrue((streams == streams[0]).all())
                    seen.append((start, streams[0].tolist()))
                self.assertEqual(seen[0], seen[1])
                last = item.sequence.heads[pair.frame - item.sequence.frames[0]]
                self.assertEqual(sum(seen[0][1]), last + 1)
                self.assertEqual(seen[0][0], item.sequence.positions[last] + 1)

    def test_a_pairs_replies_are_learnt_to_their_end_token_and_nothing_else_is(self) -> None:
        pair = pair_at(6, "The dog jumps.", "A cat.")
        sequence = item_with([pair, Pair(8, "It is red.", "aaa", [TOKENIZER.token_to_id("a")] * 3, False, False)]).sequence
        for owner, text in enumerate(["The dog jumps." + layout.END, "A cat." + layout.END, "It is red." + layout.END, "aaa"]):
            targets = [label for label, owned in zip(sequence.labels, sequence.owner) if owned == owner]
            self.assertEqual(TOKENIZER.decode(targets, skip_special_tokens=False), text)
        following = [(label, token) for label, token in zip(sequence.labels, sequence.ids[1:]) if label != IGNORE]
        self.assertTrue(all(label == token for label, token in following))
        self.assertTrue(all((label == IGNORE) == (owner == -1) for label, owner in zip(sequence.labels, sequence.owner)))
        self.assertTrue(all(label == IGNORE for label, branch in zip(sequence.labels, sequence.branch) if branch == 0))

    def test_the_same_words_are_equally_likely_as_either_reply(self) -> None:
        torch.manual_seed(1)
        student = Student(TINY, TOKENIZER).eval()
        same, other = pair_at(12, "The dog jumps.", "The dog jumps."), pair_at(6, "The dog jumps.", "A cat.")
        with torch.no_grad():
            both, alone = (said_of(student, batch_of([item_with(pairs)])) for pairs in ([other, same], [same]))
        self.assertAlmostEqual(both.replies[1, 0].item(), both.replies[1, 1].item(), delta=0.05)
        self.assertAlmostEqual(both.replies[1, 0].item(), alone.replies[0, 0].item(), delta=0.05)
        self.assertEqual(both.lengths.tolist(), [[15, 7], [15, 15]])
        self.assertGreater(abs(both.replies[0, 0].item() - both.replies[1, 0].item()), 1e-3)

    def test_frames_of_all_lessons_are_counted_through_the_batch(self) -> None:
        batch = batch_of([item_with([], missed=[5], idle=[2]), item_with([], spoken=[9], alarms=[3, 4])])
        self.assertEqual(batch.speak.tolist(), [[3, 1], [16 + 7, 0]])
        self.assertEqual(batch.hush.tolist(), [[0, 0], [16 + 1, 1], [16 + 2, 1]])
        said = said_of(Student(TINY, TOKENIZER).eval(), batch)
        self.assertEqual((said.replies.shape, said.odds.shape), ((0, 2), (32, 2)))


if __name__ == "__main__":
    unittest.main()
