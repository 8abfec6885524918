"""The model in training: frame tokens, decoder with heads, and the auxiliary readings."""

from __future__ import annotations

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.func import functional_call

from model import Shape, Speaker
from sight.learning.lean import bf16, masks_of, run
from sight.lessons.readings import ASKED_SIZES, FRAME_SIZES, IGNORE
from sight.tokens import TOKENS, FrameTokens

SHAPE = Shape(hidden=256, layers=4, heads=4, kv_heads=2, mlp=512)
# The layer at whose output user texts are read, and the one at which frames are once more.
ASKED_LAYER, FRAME_LAYER = 1, 2


class SightModel(nn.Module):
    """Frame tokens and speaker: what is exported."""

    def __init__(self, tokenizer: Tokenizer, shape: Shape = SHAPE) -> None:
        super().__init__()
        self.shape = shape
        self.tokens = FrameTokens(shape.hidden)
        self.speaker = Speaker(shape, tokenizer.get_vocab_size(), tokenizer.token_to_id("<|im_end|>"))


class SightStudent(nn.Module):
    """The model with the readings, which are dropped at export."""

    def __init__(self, tokenizer: Tokenizer, shape: Shape = SHAPE, sandwich: bool = False) -> None:
        """`sandwich` adds depth-scaled norms after attention and feed-forward parts: for comparison only, they are not exported."""
        super().__init__()
        self.sandwich = nn.Parameter(torch.full((shape.layers, 2, shape.hidden), shape.layers ** -0.5)) if sandwich else None
        self.model = SightModel(tokenizer, shape)
        self.read_frame = nn.Linear(TOKENS * shape.hidden, sum(FRAME_SIZES))
        self.read_again = nn.Sequential(nn.LayerNorm(shape.hidden), nn.Linear(shape.hidden, FRAME_SIZES[0] + FRAME_SIZES[1]))
        self.read_text = nn.Sequential(nn.LayerNorm(shape.hidden), nn.Linear(shape.hidden, sum(ASKED_SIZES)))

    def begin_with(self, reader: dict[str, Tensor]) -> None:
        """Takes over frame tokens that were trained alone, and their reading."""
        self.model.tokens.load_state_dict({name.removeprefix("tokens."): value for name, value in reader.items() if name.startswith("tokens.")})
        self.read_frame.load_state_dict({name.removeprefix("read_frame."): value for name, value in reader.items() if name.startswith("read_frame.")})

    def forward(self, batch: dict[str, Tensor]) -> dict[str, Tensor]:
        """A collated batch -> reply logits and labels, head logits [frames, 2], readings."""
        slots, speaker = batch["slots"], self.model.speaker
        frames = functional_call(self.model.tokens, bf16(self.model.tokens), (batch["features"].bfloat16(), batch["facts"].bfloat16()))
        words = speaker.embed(batch["ids"].clamp(min=0)).bfloat16()
        embeds = torch.where((slots >= 0)[..., None], frames.flatten(0, 1)[slots.clamp(min=0)], words)
        layers = run(speaker.decoder.model, embeds, masks_of(batch), batch["positions"], self.sandwich)
        hidden = layers[-1]
        chosen, (rows, columns) = batch["labels"] != IGNORE, batch["heads"].T
        at_frames = hidden[rows, columns].float()
        return {
            "reply": (hidden[chosen] @ speaker.decoder.lm_head.weight.bfloat16().T).float(), "labels": batch["labels"][chosen], "owner": batch["owner"][chosen],
            "informative": speaker.informative_head(at_frames), "relevance": speaker.relevance_head(at_frames),
            "frame": self.read_frame(frames.flatten(1).float()), "again": self.read_again(layers[FRAME_LAYER][rows, columns].float()),
            "asked": self.read_text(layers[ASKED_LAYER][tuple(batch["asked_at"].T)].float()),
        }
