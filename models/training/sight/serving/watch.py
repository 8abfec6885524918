"""A trained model over the detections of a video, as the server would run it: scores, a threshold with a pause, replies that are removed again."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor
from transformers import DynamicCache

import checkpoints
import layout
from sight.association import follow
from sight.learning.student import SightModel, SightStudent

# Seconds of video in the context: the oldest half is put away when it is full.
WINDOW = 24.0
LONGEST_REPLY = 48


def load_model(path: Path, tokenizer: Tokenizer) -> SightModel:
    """The model of a check-point, ready to be asked."""
    student = SightStudent(tokenizer)
    stored = checkpoints.load(path)
    student.load_state_dict(stored.get("average", stored["student"]))
    return student.model.eval()


def load_frames(path: Path, fps: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Cached detections at that rate (for every tick the first frame that is not before it), followed -> slots, facts, times."""
    stored = np.load(path)
    ticks = np.arange(int(stored["times"][-1] * fps) + 1) / fps
    chosen = np.minimum(np.searchsorted(stored["times"] + 1e-6, ticks), len(stored["times"]) - 1)
    detections, scenes, times = (stored[name][chosen].astype(float) for name in ("detections", "scenes", "times"))
    return *follow(detections, scenes, times), times


@dataclass
class Watcher:
    """A video (slots, facts and times of its frames) under user texts [(seconds, text)]; they come before the first frame that is not before them."""

    model: SightModel
    tokenizer: Tokenizer
    slots: np.ndarray
    facts: np.ndarray
    times: np.ndarray
    fps: float
    texts: list[tuple[float, str]] = field(default_factory=list)

    @functools.cached_property
    @torch.inference_mode()
    def frames(self) -> Tensor:
        """[n, tokens, hidden]."""
        return self.model.tokens(torch.from_numpy(self.slots), torch.from_numpy(self.facts))

    @functools.cached_property
    @torch.inference_mode()
    def scores(self) -> np.ndarray:
        """Informative and relevance score of every frame, [n, 2]. They do not depend on replies, which are removed."""
        half, out = round(WINDOW / 2 * self.fps), []
        for begin in range(0, len(self.frames), half):
            first, last = max(0, begin - half), min(len(self.frames), begin + half)
            embeds, heads = self._context(first, last)
            hidden = self.model.speaker.decoder.model(inputs_embeds=embeds, use_cache=False).last_hidden_state[0, heads[begin - first:]]
            speaker = self.model.speaker
            out.append(torch.stack([head(hidden).softmax(1)[:, 1] for head in (speaker.informative_head, speaker.relevance_head)], 1))
        return torch.cat(out).numpy()

    def _context(self, first: int, last: int) -> tuple[Tensor, list[int]]:
        """Embeddings [1, s, hidden] of the layout with the frames [first, last) and every text so far; the index of each frame's last token."""
        parts, heads, opened, length = [self._words(layout.OPENING)], [], False, 0
        length = parts[0].shape[1]
        waiting = sorted(self.texts)

        def add(embeds: Tensor) -> None:
            nonlocal length
            parts.append(embeds)
            length += embeds.shape[1]

        for frame in range(first, last):
            while waiting and waiting[0][0] <= self.times[frame] + 1e-6:
                text = waiting.pop(0)[1]
                add(self._words(layout.user_in_stream(text) if opened else layout.user_at_start(text)))
                opened = True
            if not opened:
                add(self._words(layout.STREAM))
                opened = True
            add(self.frames[frame][None])
            heads.append(length - 1)
        return torch.cat(parts, 1), heads

    def _words(self, text: str) -> Tensor:
        return self.model.speaker.embed(torch.tensor([self.tokenizer.encode(text, add_special_tokens=False).ids]))

    @torch.inference_mode()
    def speak(self, frame: int) -> str:
        """What the model says at this frame, greedily."""
        half = round(WINDOW / 2 * self.fps)
        begin = frame // half * half
        embeds, _ = self._context(max(0, begin - half), frame + 1)
        embeds = torch.cat([embeds, self._words(layout.REPLY)], 1)
        cache, said, decoder = DynamicCache(), [], self.model.speaker.decoder
        while len(said) < LONGEST_REPLY:
            hidden = decoder.model(inputs_embeds=embeds, past_key_values=cache, use_cache=True).last_hidden_state[0, -1]
            token = int(decoder.lm_head(hidden).argmax())
            if token == self.tokenizer.token_to_id(layout.END):
                break
            said.append(token)
            embeds = self.model.speaker.embed(torch.tensor([[token]]))
        return self.tokenizer.decode(said)

    def turns(self, threshold: float, cooldown: float = 1.0) -> list[int]:
        """The frames at which the policy speaks."""
        out: list[int] = []
        for frame, score in enumerate(self.scores[:, 0]):
            if score > threshold and (not out or self.times[frame] - self.times[out[-1]] >= cooldown - 1e-6):
                out.append(frame)
        return out
