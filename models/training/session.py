"""The inference loop in plain PyTorch: threshold policy, greedy replies, replies removed from or kept in the context."""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
from tokenizers import Tokenizer
from torch import Tensor
from transformers import DynamicCache

import layout
from model import DuetModel

LONGEST_REPLY = 40


@dataclass(frozen=True)
class Policy:
    """Speak when the sum of the enabled heads' scores passes the threshold, at least `cooldown` seconds after the last reply."""

    threshold: float = 0.5
    informative: bool = True
    relevance: bool = False
    cooldown: float = 0.0


@dataclass
class Reply:
    time: float
    text: str


@dataclass
class Session:
    """One conversation. Feed user texts and frames in order of time; `trace` holds (time, informative, relevance)."""

    model: DuetModel
    tokenizer: Tokenizer
    policy: Policy
    keep_replies: bool = False
    replies: list[Reply] = field(default_factory=list)
    trace: list[tuple[float, float, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.cache = DynamicCache()
        self.length = 0
        self.stream_open = False
        self.pending_end = False
        self._feed_text(layout.OPENING)

    def user(self, text: str) -> None:
        """A user turn, before the next frame."""
        prefix = layout.END if self.pending_end else ""
        self._feed_text(prefix + (layout.user_in_stream(text) if self.stream_open else layout.user_at_start(text)))
        self.stream_open, self.pending_end = True, False

    def frame(self, time: float, embeds: Tensor) -> Reply | None:
        """One frame, embeds [tokens, hidden]; the reply if the policy takes the turn."""
        if not self.stream_open:
            self._feed_text((layout.END if self.pending_end else "") + layout.STREAM)
            self.stream_open, self.pending_end = True, False
        hidden = self._feed(embeds[None])[0, -1]
        informative = self.model.speaker.informative_head(hidden).softmax(0)[1].item()
        relevance = self.model.speaker.relevance_head(hidden).softmax(0)[1].item()
        self.trace.append((time, informative, relevance))
        score = informative * self.policy.informative + relevance * self.policy.relevance
        rested = not self.replies or time - self.replies[-1].time >= self.policy.cooldown
        if score <= self.policy.threshold or not rested:
            return None
        reply = Reply(time, self.speak())
        self.replies.append(reply)
        return reply

    def speak(self) -> str:
        """The assistant takes the turn: greedy, until the end token."""
        before, speaker = self.length, self.model.speaker
        hidden, tokens, end = self._feed_text(layout.REPLY), [], self.tokenizer.token_to_id(layout.END)
        for _ in range(LONGEST_REPLY):
            token = int(speaker.decoder.lm_head(hidden[0, -1]).argmax())
            if token == end:
                break
            tokens.append(token)
            hidden = self._feed(speaker.embed(torch.tensor([[token]])))
        if self.keep_replies:
            self.stream_open, self.pending_end = False, True
        else:
            self.cache.crop(before - self.length)
            self.length = before
        return self.tokenizer.decode(tokens)

    def _feed_text(self, text: str) -> Tensor:
        ids = self.tokenizer.encode(text, add_special_tokens=False).ids
        return self._feed(self.model.speaker.embed(torch.tensor([ids])))

    def _feed(self, embeds: Tensor) -> Tensor:
        """[1, s, hidden] -> final hidden states [1, s, hidden], with the cache grown by s."""
        count = embeds.shape[1]
        output = self.model.speaker.decoder.model(
            inputs_embeds=embeds, past_key_values=self.cache, position_ids=torch.arange(self.length, self.length + count)[None], use_cache=True)
        self.length += count
        return output.last_hidden_state
