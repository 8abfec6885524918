"""Starts some attention heads as looking back by whole frames, so that change can be seen from the first training step on.

With rotary positions, biases alone make an attention score a function of the distance d between two tokens: for bias phases -D w_i
on the query and 0 on the key it is sum_i a^2 cos(w_i (d - D)), which is largest at d = D. Training may change all of it."""

from __future__ import annotations

import torch
from torch import nn
from transformers import Qwen2ForCausalLM

# Distances by layer and KV head: (unit, one count for each query head); other heads start free. The first two layers compare a token
# with its own column's in earlier frames; at the same time a frame's columns are gathered in its last token.
LOOK_BACK: list[list[tuple[str, list[int]]]] = [
    [("frames", [1, 3]), ("tokens", [1, 2])], [("frames", [2, 6]), ("tokens", [1, 3])], [("tokens", [1, 2])]]
SHARPNESS = 2.6


@torch.no_grad()
def start_looking_back(decoder: Qwen2ForCausalLM, tokens_per_frame: int) -> None:
    """Sets the query and key biases of the first layers."""
    config = decoder.config
    size = config.hidden_size // config.num_attention_heads
    frequencies = config.rope_parameters["rope_theta"] ** (-torch.arange(0, size, 2) / size)
    for layer, heads in zip(decoder.model.layers, LOOK_BACK):
        attention: nn.Module = layer.self_attn
        for kv_head, (unit, counts) in enumerate(heads):
            attention.k_proj.bias[kv_head * size:kv_head * size + size // 2] = SHARPNESS
            for index, count in enumerate(counts):
                head = kv_head * config.num_attention_heads // config.num_key_value_heads + index
                phases = frequencies * count * (tokens_per_frame if unit == "frames" else 1)
                attention.q_proj.bias[head * size:(head + 1) * size] = SHARPNESS * torch.cat([phases.cos(), -phases.sin()])
