"""A conversation with a duet model, written plainly: the whole context is computed anew for every answer, nothing is cached."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from fixture_model import DuetModel, heads
from tokenizers import Tokenizer
from torch import Tensor
from transformers import DynamicCache

S, E = "<|im_start|>", "<|im_end|>"
SMALLEST_GAP = 1e-3


class KnifeEdge(Exception):
    """Two tokens are so near to each other that rounding may decide."""


@dataclass(frozen=True)
class Mark:
    tokens: int


def picture(index: int, side: int) -> Tensor:
    """Picture `index` as uint8 [side, side, 3]; the formula is in README.md."""
    y, x, c = torch.meshgrid(torch.arange(side), torch.arange(side), torch.arange(3), indexing="ij")
    value = (x * (1 + index * 7 % 5) + y * (1 + index * 3 % 4) + c * 53 + index * 29) % 256
    dx, dy, radius = x - index * 13 % side, y - index * 5 % side, side // 4
    return torch.where(dx * dx + dy * dy < radius * radius, 255 - value, value).to(torch.uint8)


class Conversation:
    """The context of one session. `turn` is the last role in it; `pending` are generated tokens that are not yet in it."""

    def __init__(self, model: DuetModel, tokenizer: Tokenizer, system_prompt: str, layout: str) -> None:
        self.model, self.tokenizer, self.system_prompt, self.layout = model, tokenizer, system_prompt, layout
        self.embeds = torch.zeros(0, model.plan.hidden)
        self.turn = "empty"
        self.pending: list[int] = []
        self.generated: list[int] = []
        self.end = tokenizer.token_to_id(E)
        self.enders = [self.end, tokenizer.token_to_id("<|endoftext|>")]
        self.smallest_gap = float("inf")

    def ids(self, text: str) -> list[int]:
        return self.tokenizer.encode(text, add_special_tokens=False).ids

    def feed(self, ids: list[int]) -> None:
        self.embeds = torch.cat([self.embeds, self.model.embed(ids)]) if ids else self.embeds

    def start(self) -> list[int]:
        return self.ids(f"{S}system\n{self.system_prompt}{E}")

    def closed_reply(self) -> list[int]:
        """What a kept reply still owes to the context, with the end token that closes the turn."""
        return self.pending if self.pending[-1] == self.end else [*self.pending, self.end]

    def append_frames(self, indices: list[int]) -> list[dict]:
        """Appends pictures; gives each one's probabilities at its last token."""
        stream = self.ids(f"\n{S}stream\n")
        if self.turn == "empty":
            self.feed(self.start() + (stream if self.layout == "trained" else []))
        elif self.turn == "kept":
            self.feed((self.closed_reply() if self.layout == "trained" else self.pending) + stream)
        before = len(self.embeds)
        seen = [self.look(index) for index in indices]
        self.embeds = torch.cat([self.embeds, *seen])
        hidden = self.model.hidden(self.embeds)
        self.turn, self.pending = "stream", []
        self.marks = [Mark(before + (k + 1) * len(seen[0])) for k in range(len(indices))]
        return [self.scores(hidden[mark.tokens - 1]) for mark in self.marks]

    def look(self, index: int) -> Tensor:
        """The embeddings [tokens, hidden] of a picture; each is computed once for a model."""
        if index not in self.model.seen:
            self.model.seen[index] = self.model.see(picture(index, self.model.plan.side)[None])[0]
        return self.model.seen[index]

    def scores(self, hidden: Tensor) -> dict:
        informative, relevance = (head(hidden).softmax(-1)[1].item() for head in heads(self.model))
        return {"informative": informative, "relevance": relevance}

    def append_user_text(self, text: str) -> None:
        user, stream = f"\n{S}user\n{text}{E}\n{S}stream\n", self.ids(f"\n{S}stream\n")
        if self.turn == "asked" and self.layout == "trained":
            self.embeds = self.embeds[: -len(stream)]  # training has no stream turn without a frame
            self.feed(self.ids(user))
        elif self.turn == "empty":
            self.feed((self.start() if self.layout == "trained" else []) + self.ids(user))
        elif self.turn == "kept" and self.layout == "trained":
            self.feed(self.closed_reply() + self.ids(user))
        elif self.turn in ("kept", "removed") and self.layout == "reference":
            self.feed(self.ids(user))
        else:
            self.feed(self.ids(E + user))
        self.turn, self.pending = "asked" if self.layout == "trained" else "stream", []

    def reply(self, limit: int, penalty: float, afterwards: str) -> dict:
        """A greedy reply. The last token of a kept one is not in the context until something follows."""
        before = self.embeds
        self.feed(self.ids(f"{E}\n{S}assistant\n"))
        tokens: list[int] = []
        reason = "length"
        for _ in range(limit):
            if tokens:
                self.feed(tokens[-1:])
            token = self.choose(self.model.causal.lm_head(self.model.hidden(self.embeds)[-1]), penalty)
            tokens.append(token)
            if token in self.enders:
                reason = "completed"
                break
            self.generated.append(token)
        said = tokens[:-1] if reason == "completed" else tokens
        if afterwards == "keep":
            self.turn, self.pending = "kept", tokens[-1:]
        else:
            self.embeds, self.turn, self.pending = before, "removed", []
        return {"tokens": said, "reason": reason, "text": self.tokenizer.decode(said, skip_special_tokens=True)}

    def choose(self, logits: Tensor, penalty: float) -> int:
        logits = logits.clone()
        for token in set(self.generated):
            logits[token] = logits[token] / penalty if logits[token] > 0 else logits[token] * penalty
        best = logits.topk(2)
        gap = (best.values[0] - best.values[1]).item()
        self.smallest_gap = min(self.smallest_gap, gap)
        if gap < SMALLEST_GAP:
            raise KnifeEdge(f"gap {gap}")
        return int(best.indices[0])

    def cut_back(self, mark: Mark) -> None:
        """Back to just after a frame."""
        self.embeds, self.turn, self.pending = self.embeds[: mark.tokens], "stream", []


class CachedConversation(Conversation):
    """The same on transformers' cache, as a second opinion: the new rows only are computed, and cutting back crops the cache."""

    def __init__(self, *arguments) -> None:
        super().__init__(*arguments)
        self.cache, self.known = DynamicCache(), torch.zeros(0, self.model.plan.hidden)
        model, plain = self.model, self.model.hidden

        def hidden(embeds: Tensor) -> Tensor:
            common = 0
            while common < min(len(embeds) - 1, len(self.known)) and torch.equal(embeds[common], self.known[common]):
                common += 1
            if common < len(self.known):
                self.cache.crop(common - len(self.known))
            new = plain(embeds[common:], self.cache)
            self.known = embeds
            return torch.cat([torch.full((common, new.shape[1]), torch.nan), new])

        self.model = _WithHidden(model, hidden)


class _WithHidden:
    """A model with another way to compute hidden states."""

    def __init__(self, model: DuetModel, hidden) -> None:
        self._model, self.hidden = model, hidden

    def __getattr__(self, name: str):
        return getattr(self._model, name)
