"""Small random models of the MMDuet architecture, made of the classes of transformers, and saved as published checkpoints are."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from pathlib import Path

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import load_file, save_file
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from torch import Tensor, nn
from transformers import Qwen2Config, Qwen2ForCausalLM, SiglipVisionConfig, SiglipVisionModel

TOWER = "model.vision_tower.vision_tower.vision_model."
SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]


@dataclass(frozen=True)
class Plan:
    """Sizes and storage of one fixture checkpoint."""

    name: str
    side: int
    patch: int
    stride: int
    pool: str
    vision_hidden: int
    vision_heads: int
    vision_mlp: int
    vision_layers: int  # with the one that is removed
    keep_removed_layer: bool
    hidden: int
    heads: int
    kv_heads: int
    mlp: int
    layers: int
    theta: float
    tied: bool
    storage: torch.dtype
    shards: int = 1
    sharpness: float = 1.0  # of attention: how much more than usual queries and keys weigh
    lora: dict = field(default_factory=dict)

    @property
    def grid(self) -> int:
        return self.side // self.patch


class DuetModel(nn.Module):
    """Tower, projector, pooling, decoder and heads."""

    def __init__(self, plan: Plan, vocabulary: int) -> None:
        super().__init__()
        self.plan = plan
        self.seen: dict[int, Tensor] = {}  # embeddings of pictures, once the weights are final
        self.tower = SiglipVisionModel(SiglipVisionConfig(
            hidden_size=plan.vision_hidden, intermediate_size=plan.vision_mlp, num_hidden_layers=plan.vision_layers,
            num_attention_heads=plan.vision_heads, image_size=plan.side, patch_size=plan.patch))
        self.decoder = Qwen2ForCausalLM(Qwen2Config(
            vocab_size=vocabulary, hidden_size=plan.hidden, intermediate_size=plan.mlp, num_hidden_layers=plan.layers,
            num_attention_heads=plan.heads, num_key_value_heads=plan.kv_heads, max_position_embeddings=4096,
            rope_parameters={"rope_type": "default", "rope_theta": plan.theta}, tie_word_embeddings=plan.tied, rms_norm_eps=1e-6,
            attn_implementation="eager"))
        self.decoder.model.mm_projector = nn.Sequential(
            nn.Linear(plan.vision_hidden, plan.hidden), nn.GELU(), nn.Linear(plan.hidden, plan.hidden))
        self.decoder.informative_head = nn.Linear(plan.hidden, 2, bias=False)
        self.decoder.relevance_head = nn.Linear(plan.hidden, 2, bias=False)

    @property
    def causal(self) -> nn.Module:
        """The decoder without PEFT's wrapping."""
        return self.decoder.base_model.model if isinstance(self.decoder, PeftModel) else self.decoder

    def see(self, pictures: Tensor) -> Tensor:
        """uint8 [n, side, side, 3] -> [n, tokens, hidden]."""
        pixels = (pictures.permute(0, 3, 1, 2).float() / 255 - 0.5) / 0.5
        features = self.tower(pixels, output_hidden_states=True).hidden_states[-2]
        grid, stride = self.plan.grid, self.plan.stride
        square = self.causal.model.mm_projector(features).transpose(1, 2).unflatten(2, (grid, grid))
        if self.plan.pool == "bilinear":
            size = math.ceil(grid / stride)
            pooled = nn.functional.interpolate(square, size=[size, size], mode="bilinear")
        elif self.plan.pool == "average":
            pooled = nn.functional.avg_pool2d(square, stride)
        else:
            pooled = nn.functional.max_pool2d(square, stride)
        return pooled.flatten(2).transpose(1, 2)

    def embed(self, ids: list[int]) -> Tensor:
        return self.causal.model.embed_tokens(torch.tensor(ids, dtype=torch.long))

    def hidden(self, embeds: Tensor, cache=None) -> Tensor:
        """[s, hidden] -> [s, hidden] after the final norm; without a cache everything is computed anew."""
        return self.causal.model(inputs_embeds=embeds[None], past_key_values=cache, use_cache=cache is not None).last_hidden_state[0]


def train_tokenizer(sentences: list[str]) -> Tokenizer:
    """Byte-level BPE in the form of Qwen2's tokenizer.json."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.NFC()
    pattern = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(pattern), "isolated", invert=False),
        pre_tokenizers.ByteLevel(add_prefix_space=False, trim_offsets=False, use_regex=False)])
    tokenizer.post_processor = processors.ByteLevel(add_prefix_space=False, trim_offsets=False, use_regex=False)
    tokenizer.decoder = decoders.ByteLevel(add_prefix_space=False, trim_offsets=False, use_regex=False)
    tokenizer.train_from_iterator(sentences, trainers.BpeTrainer(
        vocab_size=400, initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()), show_progress=False))
    tokenizer.add_special_tokens(SPECIAL)
    return tokenizer


def randomise(model: DuetModel, seed: int) -> None:
    """Weights that make a small model lively: every part, biases included, is far from zero."""
    generator = torch.Generator().manual_seed(seed)
    for name, tensor in model.named_parameters():
        noise = torch.randn(tensor.shape, generator=generator)
        if "norm" in name and name.endswith("weight"):
            tensor.data = 1 + 0.2 * noise
        elif name.endswith("bias"):
            tensor.data = 0.3 * noise
        elif "embed_tokens" in name:
            # A tied head would mostly repeat the last token if that token's own embedding ruled the last hidden state.
            tensor.data = noise * (0.1 if model.plan.tied else 1.0)
        elif "position_embedding" in name:
            tensor.data = 0.3 * noise
        elif "lm_head" in name:
            tensor.data = noise / math.sqrt(model.plan.hidden) * 2
        else:
            sharpness = model.plan.sharpness if name.endswith(("q_proj.weight", "k_proj.weight")) else 1
            tensor.data = noise * 1.2 * sharpness / math.sqrt(tensor[0].numel())
    if model.plan.tied:
        model.decoder.tie_weights()


def add_adapter(model: DuetModel, seed: int) -> None:
    """Wraps the decoder in PEFT and gives every factor real values."""
    model.decoder = get_peft_model(model.decoder, LoraConfig(task_type="CAUSAL_LM", **model.plan.lora))
    generator = torch.Generator().manual_seed(seed)
    for name, tensor in model.decoder.named_parameters():
        if "lora_" in name:
            tensor.data = torch.randn(tensor.shape, generator=generator) * 0.3 / math.sqrt(tensor.shape[1])
        elif "modules_to_save" in name and "mm_projector" in name:
            tensor.data = tensor.data + 0.1 * torch.randn(tensor.shape, generator=generator)
    model.eval()


def heads(model: DuetModel) -> tuple[nn.Module, nn.Module]:
    return model.causal.informative_head, model.causal.relevance_head


def checkpoint_tensors(model: DuetModel) -> dict[str, Tensor]:
    """The tensors under their published names; with an adapter, those of the base."""
    tensors = {}
    for name, tensor in model.tower.state_dict().items():
        name = name.removeprefix("vision_model.")
        removed = name.startswith(f"encoder.layers.{model.plan.vision_layers - 1}.")
        if model.plan.keep_removed_layer or not (removed or name.startswith(("head.", "post_layernorm."))):
            tensors[TOWER + name] = tensor
    for name, tensor in model.causal.state_dict().items():
        if "lora_" in name or ".modules_to_save." in name or (model.plan.lora and "_head." in name and "lm_head" not in name):
            continue
        if name == "lm_head.weight" and model.plan.tied:
            continue
        tensors[name.replace(".base_layer.", ".").replace(".original_module.", ".")] = tensor
    return {name: tensor.to(model.plan.storage).contiguous().clone() for name, tensor in tensors.items()}


def load(plan: Plan, vocabulary: int, folder: Path) -> DuetModel:
    """A model of the checkpoint in a folder, without an adapter."""
    assert not plan.lora, "adapters are not read back"
    model = DuetModel(plan, vocabulary).eval()
    stored = {name: tensor.float() for file in folder.glob("model*.safetensors") for name, tensor in load_file(file).items()}
    tower = {name: tensor for name, tensor in model.tower.state_dict().items()}
    prefix = "vision_model." if any(name.startswith("vision_model.") for name in tower) else ""
    model.tower.load_state_dict(
        {prefix + name.removeprefix(TOWER): tensor for name, tensor in stored.items() if name.startswith(TOWER)},
        strict=plan.keep_removed_layer)
    decoder = {name: tensor for name, tensor in stored.items() if not name.startswith(TOWER)}
    missing, unexpected = model.decoder.load_state_dict(decoder, strict=False)
    assert not unexpected and set(missing) <= ({"lm_head.weight"} if plan.tied else set()), (missing, unexpected)
    if plan.tied:
        model.decoder.tie_weights()
    return model


def round_weights(model: DuetModel) -> None:
    """Gives the model exactly the values that its storage can hold (an adapter is stored in float32)."""
    for name, tensor in model.named_parameters():
        if "lora_" not in name and ".modules_to_save." not in name and not (model.plan.lora and "ive_head" in name):
            tensor.data = tensor.data.to(model.plan.storage).float()


def config(plan: Plan, vocabulary: int) -> dict:
    """config.json as LLaVA-OneVision and MMDuet write it."""
    return {
        "architectures": ["LlavaQwenForCausalLM"], "model_type": "llava", "hidden_act": "silu",
        "hidden_size": plan.hidden, "intermediate_size": plan.mlp, "num_hidden_layers": plan.layers,
        "num_attention_heads": plan.heads, "num_key_value_heads": plan.kv_heads, "max_position_embeddings": 4096,
        "rms_norm_eps": 1e-6, "rope_theta": plan.theta, "rope_scaling": None, "vocab_size": vocabulary,
        "tie_word_embeddings": plan.tied, "use_sliding_window": False, "sliding_window": 131072,
        "mm_hidden_size": plan.vision_hidden, "mm_projector_type": "mlp2x_gelu", "mm_spatial_pool_mode": plan.pool,
        "mm_vision_select_feature": "patch", "mm_vision_select_layer": -2, "mm_vision_tower": "random",
        "video_pooling_stride": plan.stride,
        "vision_config": {
            "hidden_size": plan.vision_hidden, "intermediate_size": plan.vision_mlp, "num_hidden_layers": plan.vision_layers,
            "num_attention_heads": plan.vision_heads, "image_size": plan.side, "patch_size": plan.patch,
            "hidden_act": "gelu_pytorch_tanh", "layer_norm_eps": 1e-6},
    }


def save(model: DuetModel, tokenizer: Tokenizer, folder: Path) -> None:
    """Writes the checkpoint folder, sharded where the plan says so, and the adapter beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    plan, tensors = model.plan, checkpoint_tensors(model)
    if plan.shards == 1:
        save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    else:
        names = sorted(tensors)
        files = {name: f"model-{i * plan.shards // len(names) + 1:05d}-of-{plan.shards:05d}.safetensors" for i, name in enumerate(names)}
        for file in sorted(set(files.values())):
            save_file({name: tensors[name] for name in names if files[name] == file}, folder / file, metadata={"format": "pt"})
        index = {"metadata": {"total_size": sum(t.numel() * t.element_size() for t in tensors.values())}, "weight_map": files}
        (folder / "model.safetensors.index.json").write_text(json.dumps(index, indent=1) + "\n")
    (folder / "config.json").write_text(json.dumps(config(plan, tokenizer.get_vocab_size()), indent=1) + "\n")
    tokenizer.save(str(folder / "tokenizer.json"))
    if plan.lora:
        adapter = folder.parent / f"{folder.name}-adapter"
        model.decoder.save_pretrained(str(adapter))
        (adapter / "README.md").unlink(missing_ok=True)
