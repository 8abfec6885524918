"""Replies made on branches: the streams of several lessons are read once, then all their turns are spoken at once, a token of each a step.

Turns see their stream up to their frame, and nothing sees them: what the loop does when it cuts its cache back, without the loop."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from transformers import DynamicCache

from model import Speaker
from session import LONGEST_REPLY


@dataclass(frozen=True)
class Turn:
    """A turn to take in a row of the batch: it sees `limit` tokens of the row's stream and begins at `position`.

    Temperature 0 takes the likeliest token each time."""

    row: int
    limit: int
    position: int
    temperature: float = 0.0


class Streams:
    """The streams of a batch without branches (see `sequence.collate`), read into a cache."""

    def __init__(self, speaker: Speaker, batch: dict[str, Tensor]) -> None:
        self.speaker, self.cache = speaker, DynamicCache()
        self.rows, self.length = batch["ids"].shape
        slots = batch["slots"]
        embeds = torch.where((slots >= 0)[..., None], batch["frames"].float()[slots.clamp(min=0)], speaker.embed(batch["ids"].clamp(min=0)))
        # Shorter streams are padded at their end, which no turn sees.
        hidden = self._read(embeds, torch.zeros(self.rows, 1, 0, self.length), batch["positions"])
        at_frames = hidden[tuple(batch["heads"].T)]
        self.scores = torch.stack([head(at_frames).softmax(1)[:, 1] for head in (speaker.informative_head, speaker.relevance_head)], 1)

    def _read(self, embeds: Tensor, mask: Tensor, positions: Tensor) -> Tensor:
        """[b, s, hidden] with the mask that `branched.attend` takes -> final hidden states [b, s, hidden]; the cache grows by s."""
        decoder = self.speaker.decoder
        decoder.config._attn_implementation = "branched"
        output = decoder.model(inputs_embeds=embeds, attention_mask=mask, position_ids=positions, past_key_values=self.cache, use_cache=True)
        decoder.config._attn_implementation = "sdpa"
        return output.last_hidden_state

    def speak(self, turns: list[Turn], opening: list[int], end: int, generator: torch.Generator) -> list[list[int]]:
        """The tokens of each turn's reply, with the end token where it came to an end. May be called once: the cache then holds the turns."""
        if not turns:
            return []
        places = _places(turns, self.rows)
        count = max(place for _, place in places) + 1
        limits, positions = torch.ones(self.rows, count, dtype=torch.long), torch.zeros(self.rows, count, dtype=torch.long)
        for turn, place in zip(turns, places):
            limits[place], positions[place] = turn.limit, turn.position
        rows, columns = torch.tensor(places).T
        temperatures = torch.tensor([turn.temperature for turn in turns])
        replies: list[list[int]] = [[] for _ in turns]
        hidden = torch.empty(0)
        for step, token in enumerate(opening):
            hidden = self._step(torch.full((self.rows, count), token), limits, positions, step)
        for step in range(len(opening), len(opening) + LONGEST_REPLY):
            tokens = _chosen(self.speaker.decoder.lm_head(hidden[rows, columns]), temperatures, generator)
            for reply, token in zip(replies, tokens.tolist()):
                if reply[-1:] != [end]:
                    reply.append(token)
            if all(reply[-1] == end for reply in replies):
                break
            fed = torch.full((self.rows, count), end)
            fed[rows, columns] = tokens
            hidden = self._step(fed, limits, positions, step)
        return replies

    def _step(self, tokens: Tensor, limits: Tensor, positions: Tensor, step: int) -> Tensor:
        """One more token of each turn, tokens, limits and first positions [b, k] -> hidden states [b, k, hidden]."""
        count = tokens.shape[1]
        stream = torch.arange(self.length) < limits[..., None]
        # After the stream the cache holds k tokens a step, always in the same order.
        own = torch.eye(count, dtype=torch.bool).repeat(1, step + 1).expand(self.rows, -1, -1)
        seen = torch.cat([stream, own], 2)
        mask = torch.zeros(seen.shape).masked_fill_(~seen, torch.finfo(torch.bfloat16).min)[:, None]
        return self._read(self.speaker.embed(tokens), mask, positions + step)


def _places(turns: list[Turn], rows: int) -> list[tuple[int, int]]:
    """Each turn's (row, place in the row)."""
    taken = [0] * rows
    places = []
    for turn in turns:
        places.append((turn.row, taken[turn.row]))
        taken[turn.row] += 1
    return places


def _chosen(logits: Tensor, temperatures: Tensor, generator: torch.Generator) -> Tensor:
    """[n, vocabulary], temperatures [n] -> the next tokens [n]."""
    drawn = torch.multinomial((logits / temperatures.clamp(min=1e-3)[:, None]).softmax(1), 1, generator=generator)[:, 0]
    return torch.where(temperatures > 0, drawn, logits.argmax(1))
