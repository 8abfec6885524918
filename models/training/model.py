"""The duet model of the MMDuet architecture in small: SigLIP tower, projector, bilinear pooling, Qwen2 decoder, two heads."""

from __future__ import annotations

import math
from dataclasses import dataclass

from torch import Tensor, nn
from transformers import AttentionInterface, Qwen2Config, Qwen2ForCausalLM, SiglipVisionConfig, SiglipVisionModel

from branched import attend

AttentionInterface.register("branched", attend)


@dataclass(frozen=True)
class Shape:
    """The sizes of the model. `vision_layers` counts the layers kept; the checkpoint's config names one more."""

    side: int = 128
    patch: int = 16
    vision_hidden: int = 128
    vision_layers: int = 7
    vision_heads: int = 4
    vision_mlp: int = 512
    pool_stride: int = 4
    hidden: int = 256
    layers: int = 6
    heads: int = 4
    kv_heads: int = 2
    mlp: int = 640
    rope_theta: float = 10000.0
    max_positions: int = 16384

    @property
    def grid(self) -> int:
        return self.side // self.patch

    @property
    def tokens_per_frame(self) -> int:
        return math.ceil(self.grid / self.pool_stride) ** 2


class Eye(nn.Module):
    """Vision tower, projector and pooling."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        config = SiglipVisionConfig(
            hidden_size=shape.vision_hidden, intermediate_size=shape.vision_mlp, num_hidden_layers=shape.vision_layers,
            num_attention_heads=shape.vision_heads, image_size=shape.side, patch_size=shape.patch)
        config.vision_use_head = False
        # On a CPU plain matrix products beat the fused attention for pictures this small (0.24 against 0.39 s for 64 pictures and back).
        config._attn_implementation = "eager"
        self.tower = SiglipVisionModel(config)
        self.projector = nn.Sequential(nn.Linear(shape.vision_hidden, shape.hidden), nn.GELU(), nn.Linear(shape.hidden, shape.hidden))

    def body(self) -> nn.Module:
        """The module that owns `embeddings` and `encoder` (its nesting differs between releases of transformers)."""
        return getattr(self.tower, "vision_model", self.tower)

    def forward(self, pictures: Tensor) -> Tensor:
        """uint8 [n, side, side, 3] -> frame embeddings [n, tokens_per_frame, hidden]."""
        return self.pool(self.patches(pictures))

    def patches(self, pictures: Tensor) -> Tensor:
        """uint8 [n, side, side, 3] -> projected patches [n, grid * grid, hidden]."""
        pixels = pictures.permute(0, 3, 1, 2).float() / 127.5 - 1
        body = self.body()
        return self.projector(body.encoder(inputs_embeds=body.embeddings(pixels)).last_hidden_state)

    def inner_layers(self) -> list[nn.Module]:
        """The second encoder layer and one further up, where single patches are told apart before the last layers gather them."""
        layers = self.body().encoder.layers
        return [layers[1], layers[len(layers) // 2]]

    def pool(self, features: Tensor) -> Tensor:
        """[n, grid * grid, c] -> [n, ceil(grid / stride) ** 2, c], bilinear."""
        n, _, channels = features.shape
        grid, out = self.shape.grid, math.ceil(self.shape.grid / self.shape.pool_stride)
        square = features.transpose(1, 2).reshape(n, channels, grid, grid)
        return nn.functional.interpolate(square, size=(out, out), mode="bilinear", align_corners=False).flatten(2).transpose(1, 2)


class Speaker(nn.Module):
    """Decoder and the two heads."""

    def __init__(self, shape: Shape, vocab_size: int, end_id: int) -> None:
        super().__init__()
        config = Qwen2Config(
            vocab_size=vocab_size, hidden_size=shape.hidden, intermediate_size=shape.mlp, num_hidden_layers=shape.layers,
            num_attention_heads=shape.heads, num_key_value_heads=shape.kv_heads, max_position_embeddings=shape.max_positions,
            rope_parameters={"rope_type": "default", "rope_theta": shape.rope_theta}, tie_word_embeddings=True,
            rms_norm_eps=1e-6, bos_token_id=0, eos_token_id=end_id, initializer_range=0.04)
        config._attn_implementation = "sdpa"
        self.decoder = Qwen2ForCausalLM(config)
        self.informative_head = nn.Linear(shape.hidden, 2, bias=False)
        self.relevance_head = nn.Linear(shape.hidden, 2, bias=False)

    def embed(self, ids: Tensor) -> Tensor:
        """[...] -> [..., hidden]."""
        return self.decoder.get_input_embeddings()(ids)

    def forward(self, embeds: Tensor, mask: Tensor, positions: Tensor) -> Tensor:
        """embeds [b, s, hidden], additive mask [b, 1, branch tokens, s] of the last tokens (all before them are causal), positions [b, s]
        -> final normed hidden states [b, s, hidden]."""
        self.decoder.config._attn_implementation = "branched"
        hidden = self.decoder.model(inputs_embeds=embeds, attention_mask=mask, position_ids=positions, use_cache=False).last_hidden_state
        self.decoder.config._attn_implementation = "sdpa"
        return hidden


class DuetModel(nn.Module):
    """Eye and speaker together; what is exported."""

    def __init__(self, shape: Shape, vocab_size: int, end_id: int) -> None:
        super().__init__()
        self.shape = shape
        self.eye = Eye(shape)
        self.speaker = Speaker(shape, vocab_size, end_id)
