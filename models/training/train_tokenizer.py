"""Trains the byte-level BPE tokenizer (Qwen2's pre-tokenizer) on the world's own sentences and questions."""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator
from pathlib import Path

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

from layout import SYSTEM_PROMPT
from lesson import make_lesson
from world.legislator import sample_blueprint
from world.sentences import now_answer, sentence

SPECIALS = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
QWEN2_SPLIT = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
# Everyday words, so that text from outside the world does not fall apart into single bytes.
EXTRA = [
    "the of and to in is you that it he was for on are with as his they be at one have this from or had by not but what some we can out "
    "other were all there when up use your how said an each she which do their time if will way about many then them write would like so "
    "these her long make thing see him two has look more day could go come did number sound no most people my over know water than call "
    "first who may down side been now find any new work part take get place made live where after back little only round man year came show "
    "every good me give our under name very through just form sentence great think say help low line differ turn cause much mean before move "
    "right boy old too same tell does set three want air well also play small end put home read hand large spell add even land here must big "
    "high such follow act why ask men change went light kind off need house picture try us again animal point mother world near build self "
    "yes no hello thanks please stop quiet wait camera video stream frame person woman child walks runs sits stands",
]


def corpus(blueprints: int) -> Iterator[str]:
    """Lines that show the words in about the shares the model meets them."""
    rng = random.Random(5)
    for _ in range(blueprints):
        blueprint = sample_blueprint(rng)
        yield from (sentence(blueprint, event) for event in blueprint.events)
        for lesson in (make_lesson(rng, blueprint, 0, blueprint.duration) for _ in range(6)):
            yield from (question.text for question in lesson.questions)
            yield from (telling.text for telling in lesson.tellings[:3])
        yield now_answer(blueprint, "now", "", None, blueprint.duration)
    yield from shared_lines()


def shared_lines() -> Iterator[str]:
    """The layout's own words and everyday ones."""
    yield from ["system\n", "user\n", "assistant\n", "stream\n", "\n"] * 200
    yield from [SYSTEM_PROMPT] * 50
    yield from EXTRA * 30


def train_tokenizer(lines: Iterator[str], vocab: int, out: Path, proofs: list[str]) -> None:
    """Writes tokenizer.json and tokenizer_config.json, and checks that text comes back as it was."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(QWEN2_SPLIT), behavior="isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
    ])
    tokenizer.decoder = decoders.ByteLevel()
    special = [AddedToken(text, special=True, normalized=False) for text in SPECIALS]
    tokenizer.train_from_iterator(lines, trainers.BpeTrainer(
        vocab_size=vocab, special_tokens=special, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
    out.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(out / "tokenizer.json"))
    (out / "tokenizer_config.json").write_text(json.dumps({
        "tokenizer_class": "Qwen2Tokenizer", "add_prefix_space": False, "bos_token": None, "eos_token": "<|im_end|>",
        "pad_token": "<|endoftext|>", "unk_token": None, "model_max_length": 16384, "clean_up_tokenization_spaces": False,
        "added_tokens_decoder": {str(tokenizer.token_to_id(text)): {
            "content": text, "lstrip": False, "normalized": False, "rstrip": False, "single_word": False, "special": True}
            for text in SPECIALS},
    }, indent=2) + "\n")
    for text in ("Grüße, 世界 🐕! café 42\n", *proofs, SYSTEM_PROMPT):
        ids = tokenizer.encode(text).ids
        if tokenizer.decode(ids, skip_special_tokens=False) != text:
            raise AssertionError(f"the tokenizer does not return {text!r}")
        print(len(ids), tokenizer.encode(text).tokens[:20])
    print("vocabulary", tokenizer.get_vocab_size())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder for tokenizer.json and tokenizer_config.json")
    parser.add_argument("--vocab", type=int, default=1792)
    parser.add_argument("--blueprints", type=int, default=2000)
    options = parser.parse_args()
    train_tokenizer(corpus(options.blueprints), options.vocab, options.out, ["A dog appears on the left.", "What happens to the scissors?"])


if __name__ == "__main__":
    main()
