"""The trained form, the served form and the exported graph must be one model."""

from __future__ import annotations

import random
import unittest

import numpy as np
import onnxruntime
import torch
from tokenizers import Tokenizer, models, pre_tokenizers

from model import Shape
from preference_losses import reply_log_probabilities
from sight.association import FACTS, FEATURES, FRAME_FACTS, SLOTS
from sight.serving.graph import tokens_graph
from sight.learning.lean import masks_of, run
from sight.lessons.lesson import make_lesson
from sight.lessons.batches import tensors_of
from sight.lessons.sequence import SequenceBuilder, collate
from sight.learning.student import SightStudent
from sight.learning.losses import losses_of
from sight.tokens import TOKENS, FrameTokens
from sight.world.stream import draw_stream

SMALL = Shape(hidden=64, layers=3, heads=4, kv_heads=2, mlp=96)


def byte_tokenizer() -> Tokenizer:
    """One token a byte."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {text: index for index, text in enumerate(["<|endoftext|>", "<|im_start|>", "<|im_end|>", *alphabet])}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.add_special_tokens(["<|endoftext|>", "<|im_start|>", "<|im_end|>"])
    return tokenizer


class OneModel(unittest.TestCase):
    def setUp(self) -> None:
        torch.manual_seed(3)
        self.tokenizer = byte_tokenizer()
        self.student = SightStudent(self.tokenizer, SMALL)
        rng, stream = random.Random(2), draw_stream(np.random.default_rng(2), 20, 4)
        builder = SequenceBuilder(self.tokenizer, TOKENS)
        lessons = [make_lesson(rng, stream, 0, 40), make_lesson(rng, stream, 8, 60)]
        self.batch = tensors_of(collate([builder.build(rng, lesson) for lesson in lessons], TOKENS))

    def test_the_lean_decoder_is_the_exported_one(self) -> None:
        decoder = self.student.model.speaker.decoder.model
        embeds = torch.randn(2, 30, SMALL.hidden)
        branch = {"branch": torch.zeros(2, 30, dtype=torch.long), "limit": torch.arange(1, 31).repeat(2, 1)}
        positions = torch.arange(30).repeat(2, 1)
        lean = run(decoder, embeds.bfloat16(), masks_of(branch), positions)[-1].float()
        whole = decoder(inputs_embeds=embeds, use_cache=False).last_hidden_state
        self.assertLess((lean - whole).abs().mean().item(), 0.02)

    def test_the_right_reply_of_a_pair_is_the_reply_of_the_lesson(self) -> None:
        rng, stream = random.Random(2), draw_stream(np.random.default_rng(2), 20, 4)
        builder = SequenceBuilder(self.tokenizer, TOKENS)
        sequence = builder.build(rng, make_lesson(rng, stream, 0, 40))
        pairs = builder.pairs(sequence, [(limit, reply, "Something else.") for limit, reply in sequence.replies])
        alone, both = (tensors_of(collate([each], TOKENS)) for each in (sequence, pairs))
        output = self.student(alone)
        each = -torch.nn.functional.cross_entropy(output["reply"], output["labels"], reduction="none")
        lessons = torch.zeros(len(sequence.replies)).index_add(0, output["owner"], each)
        paired, lengths = reply_log_probabilities(self.student(both), len(pairs.replies))
        self.assertEqual(lengths.shape, (len(sequence.replies), 2))
        self.assertLess((paired[:, 0] - lessons).abs().max().item(), 0.5)
        self.assertGreater((paired[:, 1] - lessons).abs().max().item(), 5)

    def test_a_branch_sees_the_stream_up_to_its_frame_and_itself(self) -> None:
        masks = masks_of(self.batch)[1]
        main = self.batch["ids"].shape[1] - masks.shape[2]
        for row, column in torch.nonzero(self.batch["branch"][:, main:] > 0).tolist()[::7]:
            seen = torch.nonzero(masks[row, 0, column] == 0)[:, 0]
            limit, own = self.batch["limit"][row, main + column], self.batch["branch"][row, main + column]
            self.assertTrue(((seen < limit) | (self.batch["branch"][row][seen] == own)).all())
            self.assertEqual((seen < main).sum(), limit)

    def test_every_part_is_trained(self) -> None:
        losses = losses_of(self.student(self.batch), self.batch)
        sum(losses.values()).backward()
        self.assertEqual([name for name, parameter in self.student.named_parameters() if parameter.grad is None], [])

    def test_a_class_token_begins_with_the_word_it_says(self) -> None:
        classes = FrameTokens(SMALL.hidden).classes
        words = torch.nn.functional.normalize(torch.randn(80, SMALL.hidden), dim=1)
        classes.begin_towards(words, torch.zeros(13, SMALL.hidden), torch.zeros(3, SMALL.hidden))
        slots = torch.zeros(2, SLOTS, FEATURES)
        slots[:, 0, 0] = 1
        slots[0, 0, FACTS + 16] = slots[1, 0, FACTS + 3] = 0.9
        with torch.inference_mode():
            dog, motorcycle = classes(slots)[:, 0]
        difference = torch.nn.functional.cosine_similarity(dog - motorcycle, words[16] - words[3], dim=0)
        self.assertGreater(difference.item(), 0.7)

    def test_the_graph_gives_the_modules_frame_tokens(self) -> None:
        module = FrameTokens(64, width=32)
        session = onnxruntime.InferenceSession(tokens_graph(module).SerializeToString(), providers=["CPUExecutionProvider"])
        for present in (0.0, 0.5, 1.0):
            slots = np.random.default_rng(1).normal(size=(3, SLOTS, FEATURES)).astype(np.float32)
            slots[:, :, 0] = np.random.default_rng(2).random((3, SLOTS)) < present
            slots *= slots[:, :, :1]
            facts = np.ones((3, FRAME_FACTS), np.float32)
            with torch.inference_mode():
                expected = module(torch.from_numpy(slots), torch.from_numpy(facts)).numpy()
            np.testing.assert_allclose(session.run(["frame_embeds"], {"slots": slots, "scene": facts})[0], expected, atol=2e-5)


if __name__ == "__main__":
    unittest.main()
