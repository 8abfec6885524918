"""From the slots of a frame to its tokens: a small set encoder, trained with the decoder, exported as `tokens.onnx`."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from sight.association import CLASSES, FACTS, FEATURES, FRAME_FACTS, SLOTS
from sight.world.things import LIVELY

# Tokens of a frame: one for each of the classes that matter most, then those of the frame as a whole.
CLASS_TOKENS, WHOLE_TOKENS = 3, 2
TOKENS = CLASS_TOKENS + WHOLE_TOKENS


class FrameTokens(nn.Module):
    """slots [n, 12, 133] and frame facts [n, 8] -> frame embeddings [n, 5, hidden]."""

    def __init__(self, hidden: int, width: int = 128, layers: int = 2, heads: int = 4) -> None:
        super().__init__()
        self.classes, self.whole = ClassTokens(hidden, width), WholeTokens(WHOLE_TOKENS, hidden, width, layers, heads)

    def forward(self, slots: Tensor, facts: Tensor) -> Tensor:
        return torch.cat([self.classes(slots), self.whole(slots, facts)], 1)


class ClassTokens(nn.Module):
    """slots [n, 12, 133] -> a token for each of the classes that matter most [n, 3, hidden], fewer classes leave the last ones alike.

    How many there are of a class, and in which third, is counted here: a decoder that is asked for it attends to the class and reads the number."""

    # Counted up to this number, in the picture and in a third.
    MOST, MOST_IN_THIRD = 12, 4
    COUNTS, THIRDS = 3, 3

    def __init__(self, hidden: int, width: int) -> None:
        super().__init__()
        self.slot = nn.Sequential(nn.Linear(FEATURES, width), nn.GELU())
        self.out = nn.Linear(width + CLASSES + self.COUNTS * (self.MOST + 1) + self.THIRDS * (self.MOST_IN_THIRD + 1), hidden)
        self.scale = nn.LayerNorm(hidden)
        nn.init.constant_(self.scale.weight, 0.7)
        self.register_buffer("lively", torch.tensor([float(index in LIVELY) for index in range(CLASSES)]), persistent=False)

    def forward(self, slots: Tensor) -> Tensor:
        present, lost = slots[:, :, 0], 2 * slots[:, :, 2]
        kind = nn.functional.one_hot(slots[:, :, FACTS:].argmax(2), CLASSES).to(slots.dtype) * present[:, :, None]
        alike = kind @ kind.transpose(1, 2)
        # What has just come or gone matters most, then what comes and goes by itself, then what is large.
        worth = present * (1 + 4 * slots[:, :, 46:52].amax(2) + 2 * (kind @ self.lively.to(slots.dtype)) + (slots[:, :, 16] - 1.5).exp())
        first = (alike.tril(-1).sum(2) == 0).to(slots.dtype)
        best, chosen = (first * (alike * worth[:, None]).amax(2)).topk(CLASS_TOKENS, 1)
        members = nn.functional.one_hot(chosen, SLOTS).to(slots.dtype) @ alike * (best > 0).to(slots.dtype)[:, :, None]
        counted = torch.stack([slots[:, :, 1] * present, slots[:, :, 45] * (lost <= 0.6), present * (slots[:, :, 5] >= 2 / 6) * (lost <= 3)], 2)
        middle = (slots[:, :, 7] + slots[:, :, 9]) / 4 + 0.5
        # The third in which its middle clearly is, as answers have it.
        thirds = torch.stack([middle < 0.3, (middle > 0.37) & (middle < 0.63), middle > 0.7], 2) * counted[:, :, 1:2]
        share = members / members.sum(2, keepdim=True).clamp(min=1)
        parts = [members @ self.slot(slots) / 2, share @ kind, _numbers(members @ counted, self.MOST), _numbers(members @ thirds, self.MOST_IN_THIRD)]
        return self.scale(self.out(torch.cat(parts, 2)))


    @torch.no_grad()
    def begin_towards(self, classes: Tensor, numbers: Tensor, thirds: Tensor) -> None:
        """Lets what a token says point the way of its words: classes [80, hidden], numbers [13, hidden], thirds [3, hidden], each of length 1."""
        _, named, counted, placed = self.out.weight.split([self.slot[0].out_features, CLASSES, self.COUNTS * (self.MOST + 1), self.THIRDS * (self.MOST_IN_THIRD + 1)], 1)
        named += 1.5 * classes.T
        for weight, part in zip((0.3, 1.0, 0.3), counted.split(self.MOST + 1, 1)):
            part[:, 1:] += weight * numbers.T[:, 1:]
        for third, part in zip(thirds, placed.split(self.MOST_IN_THIRD + 1, 1)):
            part[:, 1:] += 0.8 * third[:, None]


def _numbers(counts: Tensor, most: int) -> Tensor:
    """Whole numbers [n, k, c] -> each as one of 0 ... most [n, k, c * (most + 1)]."""
    steps = torch.arange(most + 1, dtype=counts.dtype)
    return (1 - (counts.clamp(max=most)[..., None] - steps).abs()).clamp(min=0).flatten(2)


class WholeTokens(nn.Module):
    """slots [n, 12, 133] and frame facts [n, 8] -> tokens of the frame as a whole [n, tokens, hidden]."""

    def __init__(self, tokens: int, hidden: int, width: int, layers: int, heads: int) -> None:
        super().__init__()
        self.tokens, self.heads = tokens, heads
        self.slot = nn.Sequential(nn.Linear(FEATURES, width), nn.GELU(), nn.Linear(width, width))
        self.fact = nn.Linear(FRAME_FACTS, tokens * width)
        self.query = nn.Parameter(torch.randn(tokens, width) * 0.5)
        self.layers = nn.ModuleList(_Layer(width, heads) for _ in range(layers))
        self.norm = nn.LayerNorm(width)
        self.sum = nn.Sequential(nn.Linear(width, width), nn.GELU())
        self.out = nn.Linear(2 * width, hidden)
        self.scale = nn.LayerNorm(hidden)
        nn.init.constant_(self.scale.weight, 0.7)

    def forward(self, slots: Tensor, facts: Tensor) -> Tensor:
        present = slots[:, :, :1]
        things = self.slot(slots) * present
        queries = self.query + self.fact(facts).reshape(-1, self.tokens, self.query.shape[1])
        line = torch.cat([things, queries], 1)
        mask = torch.cat([(present[:, :, 0] - 1) * 1e4, torch.zeros_like(queries[:, :, 0])], 1)[:, None, None]
        for layer in self.layers:
            line = layer(line, mask)
        line = self.norm(line)
        # Attention averages; what is to be counted must be added up.
        together = (self.sum(line[:, :SLOTS]) * present).sum(1, keepdim=True) / 4
        return self.scale(self.out(torch.cat([line[:, SLOTS:], together.expand(-1, self.tokens, -1)], 2)))


class _Layer(nn.Module):
    """Attention and a feed-forward part, each with its norm before it."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.inward, self.outward = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.mlp = nn.Sequential(nn.Linear(width, 2 * width), nn.GELU(), nn.Linear(2 * width, width))

    def forward(self, line: Tensor, mask: Tensor) -> Tensor:
        n, length, width = line.shape
        parts = self.inward(self.norm1(line)).reshape(n, length, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        weights = (parts[0] @ parts[1].transpose(2, 3) * (width // self.heads) ** -0.5 + mask).softmax(-1)
        line = line + self.outward((weights @ parts[2]).transpose(1, 2).reshape(n, length, width))
        return line + self.mlp(self.norm2(line))
