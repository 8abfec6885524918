"""Begins an eye with the weights of a smaller one: what fits is copied, positions are interpolated, new layers start as doing nothing."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from model import Eye

POSITIONS = "embeddings.position_embedding.weight"


@torch.no_grad()
def take_over(eye: Eye, small: dict[str, Tensor]) -> int:
    """Copies into `eye` in place; returns how many tensors were taken."""
    mine, taken = eye.state_dict(), 0
    for name, value in small.items():
        if name.endswith(POSITIONS):
            value = _stretched(value, eye.shape.grid)
        if name in mine and mine[name].shape == value.shape:
            mine[name].copy_(value)
            taken += 1
    _start_new_layers_idle(eye, small)
    return taken


@torch.no_grad()
def take_over_what_fits(module: nn.Module, stored: dict[str, Tensor]) -> None:
    """Copies the tensors whose names and shapes are the same, in place."""
    mine = module.state_dict()
    module.load_state_dict({name: value for name, value in stored.items() if name in mine and mine[name].shape == value.shape}, strict=False)


def _start_new_layers_idle(eye: Eye, small: dict[str, Tensor]) -> None:
    known = {name.split("layers.")[1].split(".")[0] for name in small if "layers." in name}
    for index, layer in enumerate(eye.body().encoder.layers):
        if str(index) not in known:
            for last in (layer.self_attn.out_proj, layer.mlp.fc2):
                nn.init.zeros_(last.weight)
                nn.init.zeros_(last.bias)


def _stretched(positions: Tensor, grid: int) -> Tensor:
    """[side * side, c] -> [grid * grid, c], bilinear."""
    side = round(len(positions) ** 0.5)
    square = positions.T.unflatten(1, (side, side))[None]
    return nn.functional.interpolate(square, size=(grid, grid), mode="bilinear", align_corners=False)[0].flatten(1).T
