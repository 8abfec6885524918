"""The model as research code has it: transformers' classes and a key-value cache, frame by frame."""

from __future__ import annotations

import torch
from checkpoint import TOWER, Checkpoint
from torch import Tensor, nn
from transformers import DynamicCache, Qwen2Config, Qwen2ForCausalLM, SiglipVisionConfig, SiglipVisionModel


class TransformersRival:
    """Pictures, texts and heads."""

    frames_per_call = 1

    def __init__(self, checkpoint: Checkpoint) -> None:
        self.checkpoint, tensors = checkpoint, checkpoint.tensors
        self.tower = self.make_tower()
        config = Qwen2Config(**{**checkpoint.config, "model_type": "qwen2", "attn_implementation": "sdpa"})
        self.decoder = Qwen2ForCausalLM(config).to(checkpoint.dtype)
        language = {name: value for name, value in tensors.items() if not name.startswith(("model.vision", "model.mm_"))}
        self.decoder.load_state_dict(language, strict=False)
        self.decoder.eval()
        self.projector = nn.Sequential(self.linear("model.mm_projector.0"), nn.GELU(), self.linear("model.mm_projector.2"))
        self.heads = checkpoint.head_weights()
        # The modules have copies.
        tensors.clear()

    def make_tower(self) -> SiglipVisionModel:
        vision = {**self.checkpoint.vision, "vision_use_head": False, "num_hidden_layers": self.checkpoint.tower_layers}
        tower = SiglipVisionModel(SiglipVisionConfig(**vision)).to(self.checkpoint.dtype)
        names = {name.removeprefix("vision_model."): name for name in tower.state_dict()}
        ours = {name.removeprefix(TOWER): value for name, value in self.checkpoint.tensors.items() if name.startswith(TOWER)}
        tower.load_state_dict({names[name]: value for name, value in ours.items() if name in names}, strict=False)
        return tower.eval()

    def linear(self, name: str) -> nn.Linear:
        weight, bias = (self.checkpoint.tensors[f"{name}.{part}"] for part in ("weight", "bias"))
        layer = nn.Linear(*weight.shape[::-1]).to(self.checkpoint.dtype)
        layer.load_state_dict({"weight": weight, "bias": bias})
        return layer

    def see(self, pictures: Tensor) -> Tensor:
        """uint8 [n, side, side, 3] -> [n, tokens, hidden]."""
        pixels = (pictures.permute(0, 3, 1, 2).float() / 127.5 - 1).to(self.checkpoint.dtype)
        features = self.projector(self.tower(pixels, output_hidden_states=True).hidden_states[-1])
        square = features.transpose(1, 2).unflatten(2, (self.checkpoint.grid, self.checkpoint.grid))
        size = [self.checkpoint.pooled, self.checkpoint.pooled]
        return nn.functional.interpolate(square, size=size, mode="bilinear").flatten(2).transpose(1, 2)

    def embed(self, ids: list[int]) -> Tensor:
        return self.decoder.model.embed_tokens(torch.tensor(ids))

    def logits(self, hidden: Tensor) -> Tensor:
        return self.decoder.lm_head(hidden)

    def open(self) -> TransformersContext:
        return TransformersContext(self)


class TransformersContext:
    """One context; replies are cropped from its cache again."""

    def __init__(self, rival: TransformersRival) -> None:
        self.decoder, self.cache = rival.decoder.model, DynamicCache()

    @property
    def length(self) -> int:
        return self.cache.get_seq_length()

    def feed(self, embeds: Tensor) -> Tensor:
        """[rows, hidden] -> hidden states [rows, hidden]"""
        return self.decoder(inputs_embeds=embeds[None], past_key_values=self.cache, use_cache=True).last_hidden_state[0]

    def cut_back(self, length: int) -> None:
        if length < self.length:
            self.cache.crop(length - self.length)
