"""The model in training: the speaker with auxiliary readings, and the attention mask of its sequences."""

from __future__ import annotations

import functools

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from look_back import start_looking_back
from model import Shape, Speaker
from reading import ASKED_SIZES, AUX_SIZES, HERE_SIZE, IGNORE, SEEN_SIZES

# What is seen and asked, what happens in each column and what event the frame shows, are read off these layers' outputs, so that later
# layers find it there.
LAYERS = {"seen": 1, "asked": 2, "here": 2, "aux": 3}
READINGS = {"aux": AUX_SIZES, "asked": ASKED_SIZES, "seen": SEEN_SIZES, "here": [HERE_SIZE]}
COLUMNS = 3
# Embeddings have an RMS of 0.7. Noise that is constant within a lesson keeps clips from being known by their background.
FRAME_NOISE, CLIP_NOISE = 0.1, 0.2


class Student(nn.Module):
    """The speaker with the auxiliary readings, which are dropped at export."""

    def __init__(self, shape: Shape, tokenizer: Tokenizer) -> None:
        super().__init__()
        self.speaker = Speaker(shape, tokenizer.get_vocab_size(), tokenizer.token_to_id("<|im_end|>"))
        start_looking_back(self.speaker.decoder, shape.tokens_per_frame)
        self.readers = nn.ModuleDict({
            name: nn.Sequential(nn.LayerNorm(shape.hidden), nn.Linear(shape.hidden, sum(sizes))) for name, sizes in READINGS.items()})
        self.inner: dict[int, Tensor] = {}
        for layer in set(LAYERS.values()):
            self.speaker.decoder.model.layers[layer].register_forward_hook(functools.partial(self._keep, layer))

    def _keep(self, layer: int, _module: nn.Module, _inputs: object, output: Tensor | tuple[Tensor, ...]) -> None:
        self.inner[layer] = output if isinstance(output, Tensor) else output[0]

    def forward(self, batch: dict[str, Tensor]) -> dict[str, Tensor]:
        """A collated batch -> reply logits and labels, head logits [frames, 2], readings."""
        ids, slots = batch["ids"], batch["slots"]
        embeds = self.speaker.embed(ids.clamp(min=0))
        frames = batch["frames"].float()
        if self.training:
            frames = frames + FRAME_NOISE * torch.randn_like(frames) + clip_noise(batch)
        embeds = torch.where((slots >= 0)[..., None], frames[slots.clamp(min=0)], embeds)
        with torch.autocast("cpu", torch.bfloat16):
            hidden = self.speaker(embeds, additive_mask(batch), batch["positions"])
        hidden = hidden.float()
        chosen = batch["labels"] != IGNORE
        rows, columns = batch["heads"].T
        at_frames = hidden[rows, columns]
        # The tokens of a frame's columns stand before its last.
        at_columns = rows.repeat_interleave(COLUMNS), (columns[:, None] - torch.arange(COLUMNS, 0, -1)).flatten()
        return {
            "reply": self.speaker.decoder.lm_head(hidden[chosen]), "labels": batch["labels"][chosen], "owner": batch["owner"][chosen],
            "informative": self.speaker.informative_head(at_frames), "relevance": self.speaker.relevance_head(at_frames),
            "aux": self._read("aux", rows, columns), "asked": self._read("asked", *batch["asked_at"].T), "seen": self._read("seen", rows, columns),
            "here": self._read("here", *at_columns),
        }

    def _read(self, name: str, rows: Tensor, columns: Tensor) -> Tensor:
        """The reading at these tokens, [tokens, classes of all columns]."""
        return self.readers[name](self.inner[LAYERS[name]].float()[rows, columns])


def clip_noise(batch: dict[str, Tensor]) -> Tensor:
    """One random vector for each lesson, repeated for its frame tokens, [tokens of all frames, hidden]."""
    counts, hidden = batch["counts"], batch["frames"].shape[1]
    return (CLIP_NOISE * torch.randn(len(counts), hidden)).repeat_interleave(counts, 0)


def additive_mask(batch: dict[str, Tensor]) -> Tensor:
    """[b, 1, branch tokens, s], 0 where attention is allowed. The main line (all tokens before the first branch token of any row) is plainly
    causal and needs no mask. Branch: main line up to its limit, and itself causally."""
    branch, limit = batch["branch"], batch["limit"]
    in_branch = (branch > 0).any(0)
    first = int(in_branch.int().argmax()) if in_branch.any() else branch.shape[1]
    index = torch.arange(branch.shape[1])
    main = (branch == 0)[:, None, :] & (index[None, None, :] < limit[:, first:, None])
    own = (branch[:, first:, None] == branch[:, None, :]) & (index[None, :] <= index[first:, None])[None]
    return torch.zeros(main.shape).masked_fill_(~(main | own), torch.finfo(torch.bfloat16).min)[:, None]
