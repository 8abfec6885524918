"""The model as somebody writes it who wants PyTorch to be quick on a processor: joined projections, weights packed once
where that is quicker, keys and values in arrays of fixed size, several frames a call, no module in between."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

import torch
from checkpoint import TOWER, Checkpoint
from torch import Tensor
from torch.nn import functional as F

Linear = Callable[[Tensor], Tensor]
Way = TypeVar("Way")


class HandwrittenRival:
    """Pictures, texts and heads."""

    frames_per_call = 4
    """As many as our sessions take when they catch up."""

    def __init__(self, checkpoint: Checkpoint) -> None:
        self.checkpoint = checkpoint
        self.tower = Tower(checkpoint)
        self.decoder = Decoder(checkpoint)
        self.heads = checkpoint.head_weights()
        self.embeddings = checkpoint.tensors["model.embed_tokens.weight"]
        tied = checkpoint.config.get("tie_word_embeddings", False)
        self.logits = quickest_linear(self.embeddings if tied else checkpoint.tensors["lm_head.weight"], None, 1)
        # What was packed is not needed twice.
        checkpoint.tensors.clear()

    def see(self, pictures: Tensor) -> Tensor:
        """uint8 [n, side, side, 3] -> [n, tokens, hidden]."""
        return self.tower(pictures)

    def embed(self, ids: list[int]) -> Tensor:
        return self.embeddings[torch.tensor(ids)]

    def open(self) -> HandwrittenContext:
        return HandwrittenContext(self.decoder)


class Tower:
    """SigLIP, projector and pooling."""

    def __init__(self, checkpoint: Checkpoint) -> None:
        tensors, sizes = checkpoint.tensors, checkpoint.vision
        self.sizes, self.checkpoint, self.epsilon = sizes, checkpoint, sizes.get("layer_norm_eps", 1e-6)
        self.patch, self.width = sizes["patch_size"], sizes["hidden_size"]
        rows = checkpoint.grid**2
        at = f"{TOWER}embeddings."
        weight = tensors[f"{at}patch_embedding.weight"].permute(0, 2, 3, 1).flatten(1).contiguous()
        self.patches = quickest_linear(weight, tensors[f"{at}patch_embedding.bias"], rows)
        self.positions = tensors[f"{at}position_embedding.weight"]
        self.layers = [self.layer(f"{TOWER}encoder.layers.{index}.", rows) for index in range(checkpoint.tower_layers)]
        first, second = (f"model.mm_projector.{index}." for index in (0, 2))
        self.widen = quickest_linear(tensors[f"{first}weight"], tensors[f"{first}bias"], rows)
        self.project = quickest_linear(tensors[f"{second}weight"], tensors[f"{second}bias"], checkpoint.pooled**2)
        identity = torch.eye(rows).unflatten(1, (checkpoint.grid, checkpoint.grid))[None]
        pooled = F.interpolate(identity, size=[checkpoint.pooled] * 2, mode="bilinear")[0].flatten(1)
        # Pooling commutes with the second projection, which then sees far fewer rows.
        self.pooling = pooled.T.contiguous().to(checkpoint.dtype)
        head = self.width // sizes["num_attention_heads"]
        sample = torch.randn(1, sizes["num_attention_heads"], rows, head).to(checkpoint.dtype)
        self.attend = quickest([scaled_dot_product, plain_attention], lambda attend: attend(sample, sample, sample, None))

    def layer(self, at: str, rows: int) -> tuple[object, ...]:
        tensors = self.checkpoint.tensors
        pair = lambda name: (tensors[f"{at}{name}.weight"], tensors[f"{at}{name}.bias"])  # noqa: E731
        weights, biases = zip(*(pair(f"self_attn.{letter}_proj") for letter in "qkv"), strict=True)
        joined = quickest_linear(torch.cat(weights), torch.cat(biases), rows)
        others = (quickest_linear(*pair(name), rows) for name in ("self_attn.out_proj", "mlp.fc1", "mlp.fc2"))
        return pair("layer_norm1"), joined, pair("layer_norm2"), *others

    def __call__(self, pictures: Tensor) -> Tensor:
        count, grid, patch = len(pictures), self.checkpoint.grid, self.patch
        pixels = pictures[:, : grid * patch, : grid * patch].contiguous().to(self.positions.dtype).mul_(1 / 127.5).sub_(1)
        squares = pixels.view(count, grid, patch, grid, patch * 3).permute(0, 1, 3, 2, 4).reshape(count, grid * grid, -1)
        rows, heads = self.patches(squares) + self.positions, self.sizes["num_attention_heads"]
        for norm1, joined, norm2, out, widen, narrow in self.layers:
            mixed = joined(F.layer_norm(rows, (self.width,), *norm1, self.epsilon))
            query, key, value = mixed.view(count, grid * grid, 3, heads, -1).permute(2, 0, 3, 1, 4)
            rows = rows + out(self.attend(query, key, value, None).transpose(1, 2).reshape(count, grid * grid, -1))
            normed = F.layer_norm(rows, (self.width,), *norm2, self.epsilon)
            rows = rows + narrow(F.gelu(widen(normed), approximate="tanh"))
        return self.project(self.pooling @ F.gelu(self.widen(rows)))


class Decoder:
    """Qwen2; keys and values of all contexts are of one size, so the arrays are made once."""

    def __init__(self, checkpoint: Checkpoint) -> None:
        config, tensors = checkpoint.config, checkpoint.tensors
        self.width, self.epsilon = config["hidden_size"], config["rms_norm_eps"]
        self.heads, self.groups = config["num_attention_heads"], config["num_key_value_heads"]
        self.head = config.get("head_dim") or self.width // self.heads
        self.most = min(config["max_position_embeddings"], 16384)
        self.tensors, rows = tensors, HandwrittenRival.frames_per_call * checkpoint.pooled**2
        self.layers = [self.layer(f"model.layers.{index}.", rows) for index in range(config["num_hidden_layers"])]
        self.norm = tensors["model.norm.weight"]
        angles = torch.outer(torch.arange(self.most), config["rope_theta"] ** (-torch.arange(0, self.head, 2) / self.head))
        self.cos, self.sin = (turn(angles).repeat(1, 2).to(checkpoint.dtype) for turn in (torch.cos, torch.sin))
        self.dtype = checkpoint.dtype
        self.masks: dict[int, Tensor] = {}
        query = torch.randn(1, self.groups, rows * self.heads // self.groups, self.head).to(self.dtype)
        key = torch.randn(1, self.groups, 1024, self.head).to(self.dtype)
        mask = torch.zeros(query.shape[2], 1024).to(self.dtype)
        self.attend = quickest([scaled_dot_product, plain_attention], lambda attend: attend(query, key, key, mask))

    def layer(self, at: str, rows: int) -> tuple[object, ...]:
        get = lambda name: self.tensors[f"{at}{name}"]  # noqa: E731
        weights, biases = zip(*((get(f"self_attn.{letter}_proj.weight"), get(f"self_attn.{letter}_proj.bias")) for letter in "qkv"),
                              strict=True)
        joined = quickest_linear(torch.cat(weights), torch.cat(biases), rows)
        out = quickest_linear(get("self_attn.o_proj.weight"), None, rows)
        gates = quickest_linear(torch.cat([get("mlp.gate_proj.weight"), get("mlp.up_proj.weight")]), None, rows)
        down = quickest_linear(get("mlp.down_proj.weight"), None, rows)
        return get("input_layernorm.weight"), joined, out, get("post_attention_layernorm.weight"), gates, down

    def mask(self, past: int, rows: int) -> Tensor | None:
        """What new rows may not see of each other: a view, nothing is computed."""
        if rows == 1:
            return None
        if rows not in self.masks:
            among = torch.full((rows, rows), float("-inf")).triu(1)
            self.masks[rows] = torch.cat([torch.zeros(rows, self.most), among], 1).repeat(self.heads // self.groups, 1).to(self.dtype)
        return self.masks[rows][:, self.most - past : self.most + rows]

    def rotate(self, heads: Tensor, past: int) -> Tensor:
        """[heads, rows, head]"""
        end = past + heads.shape[1]
        first, second = heads.chunk(2, -1)
        return heads * self.cos[past:end] + torch.cat((-second, first), -1) * self.sin[past:end]

    def __call__(self, rows: Tensor, keys: Tensor, values: Tensor, past: int) -> Tensor:
        count = len(rows)
        end, mask = past + count, self.mask(past, count)
        for index, (norm1, joined, out, norm2, gates, down) in enumerate(self.layers):
            mixed = joined(F.rms_norm(rows, (self.width,), norm1, self.epsilon))
            mixed = mixed.view(count, self.heads + 2 * self.groups, self.head).transpose(0, 1)
            turned = self.rotate(mixed[: self.heads + self.groups], past)
            keys[index, :, past:end] = turned[self.heads :]
            values[index, :, past:end] = mixed[self.heads + self.groups :]
            # The heads of a group share keys, so they are rows of one multiplication.
            query = turned[: self.heads].reshape(1, self.groups, -1, self.head)
            attended = self.attend(query, keys[None, index, :, :end], values[None, index, :, :end], mask)
            rows = rows + out(attended.view(self.heads, count, self.head).transpose(0, 1).reshape(count, -1))
            gate, up = gates(F.rms_norm(rows, (self.width,), norm2, self.epsilon)).chunk(2, -1)
            rows = rows + down(F.silu(gate) * up)
        return F.rms_norm(rows, (self.width,), self.norm, self.epsilon)


class HandwrittenContext:
    """One context; a removed reply sets its length back."""

    def __init__(self, decoder: Decoder) -> None:
        self.decoder, self.length = decoder, 0
        shape = (len(decoder.layers), decoder.groups, decoder.most, decoder.head)
        self.keys, self.values = (torch.empty(shape, dtype=decoder.dtype) for _ in range(2))

    def feed(self, embeds: Tensor) -> Tensor:
        """[rows, hidden] -> hidden states [rows, hidden]"""
        hidden = self.decoder(embeds, self.keys, self.values, self.length)
        self.length += len(embeds)
        return hidden

    def cut_back(self, length: int) -> None:
        self.length = length


def scaled_dot_product(query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None) -> Tensor:
    return F.scaled_dot_product_attention(query, key, value, mask)


def plain_attention(query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None) -> Tensor:
    scores = (query * query.shape[-1] ** -0.5) @ key.transpose(-1, -2)
    return (scores if mask is None else scores + mask).softmax(-1) @ value


CHOSEN: dict[object, type | Callable[..., object]] = {}


def quickest_linear(weight: Tensor, bias: Tensor | None, rows: int) -> Linear:
    """PyTorch's own linear, or weights that oneDNN has packed: whichever is quicker for so many rows of that shape."""
    sample = torch.randn(rows, weight.shape[1]).to(weight.dtype)
    chosen = CHOSEN.get(key := (weight.shape, weight.dtype, rows))
    if chosen is None:
        made = {kind: kind(weight, bias, rows) for kind in (plain_linear, packed_linear)}
        chosen = CHOSEN[key] = quickest(list(made), lambda kind: made[kind](sample))
    return chosen(weight, bias, rows)


def plain_linear(weight: Tensor, bias: Tensor | None, rows: int) -> Linear:
    return lambda values: F.linear(values, weight, bias)


def packed_linear(weight: Tensor, bias: Tensor | None, rows: int) -> Linear:
    packed = torch.ops.mkldnn._reorder_linear_weight(weight, rows)
    return lambda values: torch.ops.mkldnn._linear_pointwise(values, packed, bias, "none", [], "")


def quickest(ways: list[Way], attempt: Callable[[Way], object]) -> Way:
    """The way whose attempt is the quickest of five."""
    return min(ways, key=lambda way: min(seconds_of(lambda: attempt(way)) for _ in range(5)))


def seconds_of(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started
