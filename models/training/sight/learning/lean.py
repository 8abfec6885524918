"""The decoder as it is trained on a CPU: weights and activations in bfloat16, which its matrix units multiply six times as fast as float32.

The masters stay float32; the numbers are those of the exported Qwen2 decoder up to rounding (a test holds that)."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from transformers import Qwen2Model


def bf16(module: nn.Module) -> dict[str, Tensor]:
    """The module's weights, each cast once a step."""
    return {name: parameter.bfloat16() for name, parameter in module.named_parameters()}


def run(decoder: Qwen2Model, embeds: Tensor, masks: tuple[Tensor, Tensor], positions: Tensor, sandwich: Tensor | None = None) -> list[Tensor]:
    """embeds [b, s, hidden] in bfloat16, masks of `masks_of`, positions [b, s] -> every layer's output, the last one normed. `sandwich` [layers, 2, hidden]:
    weights of further norms after attention and feed-forward part (Pangu Ultra), which Qwen2 lacks."""
    weights, config, hidden, outputs = bf16(decoder), decoder.config, embeds, []
    cos, sin = rotations(config.hidden_size // config.num_attention_heads, config.rope_parameters["rope_theta"], positions)
    for index in range(config.num_hidden_layers):
        at = f"layers.{index}."
        line = norm(hidden, weights[f"{at}input_layernorm.weight"], config.rms_norm_eps)
        query, key, value = (
            nn.functional.linear(line, weights[f"{at}self_attn.{part}_proj.weight"], weights[f"{at}self_attn.{part}_proj.bias"]).unflatten(-1, (count, -1)).transpose(1, 2)
            for part, count in (("q", config.num_attention_heads), ("k", config.num_key_value_heads), ("v", config.num_key_value_heads)))
        seen = attend(rotated(query, cos, sin), rotated(key, cos, sin), value, masks)
        seen = nn.functional.linear(seen, weights[f"{at}self_attn.o_proj.weight"])
        hidden = hidden + (seen if sandwich is None else norm(seen, sandwich[index, 0].bfloat16(), config.rms_norm_eps))
        line = norm(hidden, weights[f"{at}post_attention_layernorm.weight"], config.rms_norm_eps)
        gate, up = (nn.functional.linear(line, weights[f"{at}mlp.{part}_proj.weight"]) for part in ("gate", "up"))
        more = nn.functional.linear(nn.functional.silu(gate) * up, weights[f"{at}mlp.down_proj.weight"])
        hidden = hidden + (more if sandwich is None else norm(more, sandwich[index, 1].bfloat16(), config.rms_norm_eps))
        outputs.append(hidden)
    outputs[-1] = norm(hidden, weights["norm.weight"], config.rms_norm_eps)
    return outputs


def norm(hidden: Tensor, weight: Tensor, epsilon: float) -> Tensor:
    return nn.functional.rms_norm(hidden, (hidden.shape[-1],), weight, epsilon)


def rotations(size: int, theta: float, positions: Tensor) -> tuple[Tensor, Tensor]:
    """cos and sin [b, 1, s, size] in bfloat16."""
    angles = positions[..., None].float() * theta ** (-torch.arange(0, size, 2) / size)
    angles = torch.cat([angles, angles], -1)[:, None]
    return angles.cos().bfloat16(), angles.sin().bfloat16()


def rotated(heads: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Rotary positions, in halves as Qwen2 has them."""
    first, second = heads.chunk(2, -1)
    return heads * cos + torch.cat([-second, first], -1) * sin


def attend(query: Tensor, key: Tensor, value: Tensor, masks: tuple[Tensor, Tensor]) -> Tensor:
    """A causal main line and branches with a mask of their own. Heads that share keys are multiplied together -> [b, s, heads * size]."""
    batch, heads, length, size = query.shape
    groups, main = key.shape[1], masks[0].shape[-1]
    grouped = (query * size ** -0.5).reshape(batch, groups, heads // groups, length, size)
    parts = [_part(grouped[:, :, :, :main], key[:, :, :main], value[:, :, :main], masks[0])]
    if main < length:
        parts.append(_part(grouped[:, :, :, main:], key, value, masks[1]))
    return torch.cat(parts, 3).reshape(batch, heads, length, size).transpose(1, 2).flatten(2)


def _part(query: Tensor, key: Tensor, value: Tensor, mask: Tensor) -> Tensor:
    batch, groups, shared, length, size = query.shape
    scores = (query.reshape(batch, groups, shared * length, size) @ key.transpose(2, 3)).reshape(batch, groups, shared, length, -1)
    weights = (scores + mask[:, :, None]).softmax(-1)
    return (weights.reshape(batch, groups, shared * length, -1) @ value).reshape(batch, groups, shared, length, size)


def masks_of(batch: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
    """Additive masks of a collated batch: the main line's [1, 1, main, main] (causal), and the branches' [b, 1, branches, all] (the main line up to
    their limit, and themselves causally)."""
    branch, limit = batch["branch"], batch["limit"]
    in_branch = (branch > 0).any(0)
    first = int(in_branch.int().argmax()) if in_branch.any() else branch.shape[1]
    lowest = -30000.0
    index = torch.arange(branch.shape[1])
    causal = torch.full((first, first), lowest, dtype=torch.bfloat16).triu_(1)[None, None]
    seen = (branch == 0)[:, None, :] & (index[None, None, :] < limit[:, first:, None])
    own = (branch[:, first:, None] == branch[:, None, :]) & (index[None, :] <= index[first:, None])[None]
    return causal, torch.zeros(seen.shape, dtype=torch.bfloat16).masked_fill_(~(seen | own), lowest)[:, None]
