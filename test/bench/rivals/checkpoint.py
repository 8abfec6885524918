"""Reads a duet checkpoint for the rivals that are written in PyTorch."""

from __future__ import annotations

import json
import math
from pathlib import Path

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor

TOWER = "model.vision_tower.vision_tower.vision_model."
HEADS = ("informative", "relevance")


class Checkpoint:
    """Sizes, weights and tokenizer. Weights are stored in half precision; they come in the `dtype` that is asked for."""

    def __init__(self, folder: Path, dtype: torch.dtype) -> None:
        self.config = json.loads((folder / "config.json").read_text())
        self.vision = self.config["vision_config"]
        self.tensors = {name: value.to(dtype) for name, value in load_file(folder / "model.safetensors").items()}
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.dtype = dtype

    @property
    def tower_layers(self) -> int:
        """Layers of the tower up to the one whose output is used."""
        return self.vision["num_hidden_layers"] + 1 + self.config["mm_vision_select_layer"]

    @property
    def grid(self) -> int:
        return self.vision["image_size"] // self.vision["patch_size"]

    @property
    def pooled(self) -> int:
        """Side of the grid that the decoder gets of a picture."""
        return math.ceil(self.grid / self.config["mm_spatial_pool_stride"])

    def head_weights(self) -> Tensor:
        """[heads, 2, hidden]"""
        return torch.stack([self.tensors[f"{name}_head.weight"] for name in HEADS])
