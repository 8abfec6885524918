"""Begins the class tokens with the embeddings of what they say, so that the decoder need not find out which is which."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from tokenizers import Tokenizer
from torch import Tensor

from sight.learning.student import SightModel
from sight.words.chinese import NUMBERS as CHINESE
from sight.words.english import NUMBERS as ENGLISH
from sight.words.french import French
from sight.words.spanish import Spanish
from sight.world.things import THINGS

THIRDS = ((" left", " gauche", " izquierda", "左"), (" middle", " milieu", " centro", "中"), (" right", " droite", " derecha", "右"))


def begin_with_words(model: SightModel, tokenizer: Tokenizer) -> None:
    """Changes the class tokens of a new model."""
    embeddings = model.speaker.decoder.get_input_embeddings().weight.detach()
    embeddings = embeddings - embeddings.mean(0)

    def direction(words: Iterable[str]) -> Tensor:
        tokens = [tokenizer.encode(word, add_special_tokens=False).ids for word in words]
        mean = torch.stack([embeddings[ids].mean(0) for ids in tokens]).mean(0)
        return mean / mean.norm()

    names = [[*(f" {word}" for word in (*thing.english, *thing.french[:2], *thing.spanish[:2])), thing.chinese[1]] for thing in THINGS]
    numbers = [[f" {english}", english.capitalize(), f" {french}", f" {spanish}", chinese] for english, french, spanish, chinese in zip(ENGLISH, French.numbers, Spanish.numbers, CHINESE)]
    model.tokens.classes.begin_towards(*(torch.stack([direction(words) for words in group]) for group in (names, numbers, THIRDS)))
