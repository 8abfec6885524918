"""From the slots of a frame to its tokens: a small set encoder, trained with the decoder, exported as `tokens.onnx`."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from sight.association import FEATURES, FRAME_FACTS, SLOTS


class FrameTokens(nn.Module):
    """slots [n, 12, 133] and frame facts [n, 8] -> frame embeddings [n, tokens, hidden]."""

    def __init__(self, tokens: int, hidden: int, width: int = 128, layers: int = 2, heads: int = 4) -> None:
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
