"""Writes a trained model as a checkpoint in MMDuet's layout: config.json and model.safetensors (fp16: half the size, and the bundled graphs store their weights so as well)."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from safetensors.torch import save_file
from tokenizers import Tokenizer
from torch import Tensor

import checkpoints
from model import DuetModel, Shape, Speaker

DESCRIPTION = "A small duet model trained from scratch on a rendered world of emoji things; see MODEL_CARD.md for what it can and cannot do."
ABOUT = Path(__file__).parent / "about.json"
TOWER = "model.vision_tower.vision_tower.vision_model."


def read_model(run: Path, name: str, tokenizer: Tokenizer) -> DuetModel:
    """The model of a run: the eye and the decoder."""
    stored, eye = checkpoints.load(run / name), checkpoints.load(run / "eye.pt")
    model = DuetModel(Shape(), tokenizer.get_vocab_size(), tokenizer.token_to_id("<|im_end|>"))
    if stored is None or eye is None:
        raise FileNotFoundError(f"{run} needs {name} and eye.pt: run train_vision.py, settle_eye.py and train_duet.py first")
    model.eye.load_state_dict(eye["eye"])
    speaker = {key.removeprefix("speaker."): value for key, value in stored["student"].items() if key.startswith("speaker.")}
    model.speaker.load_state_dict(speaker)
    return model.eval()


def tensors_of(model: DuetModel) -> dict[str, Tensor]:
    """The weights under MMDuet's names; the output head is tied and therefore absent."""
    body = model.eye.body().state_dict()
    tensors = {TOWER + name: value for name, value in body.items() if name.startswith(("embeddings.", "encoder."))}
    tensors |= {f"model.mm_projector.{name}": value for name, value in model.eye.projector.state_dict().items()}
    return {name: value.half().contiguous().clone() for name, value in tensors.items() if "position_ids" not in name} | speaker_tensors(model.speaker)


def speaker_tensors(speaker: Speaker) -> dict[str, Tensor]:
    """Decoder and heads in fp16."""
    tensors = {name: value for name, value in speaker.decoder.state_dict().items() if name != "lm_head.weight"}
    tensors |= {f"{name}.weight": getattr(speaker, name).weight.data for name in ("informative_head", "relevance_head")}
    return {name: value.half().contiguous().clone() for name, value in tensors.items()}


def config_of(shape: Shape, vocab_size: int, end_id: int, recommended: dict[str, object]) -> dict[str, object]:
    """config.json: Qwen2's fields, the multimodal fields, and ours under `duet`."""
    return decoder_config(shape, vocab_size, end_id) | {
        "mm_vision_tower": f"duet-nano-siglip-patch{shape.patch}-{shape.side}",
        "mm_hidden_size": shape.vision_hidden, "mm_projector_type": "mlp2x_gelu", "mm_vision_select_layer": -2,
        "mm_spatial_pool_mode": "bilinear", "mm_spatial_pool_stride": shape.pool_stride,
        "vision_config": {
            "model_type": "siglip_vision_model", "hidden_size": shape.vision_hidden, "intermediate_size": shape.vision_mlp,
            "num_hidden_layers": shape.vision_layers + 1, "num_attention_heads": shape.vision_heads, "num_channels": 3,
            "image_size": shape.side, "patch_size": shape.patch, "layer_norm_eps": 1e-6, "hidden_act": "gelu_pytorch_tanh",
        },
        "duet": {"name": "duet-nano", "version": "0.2.0", "description": DESCRIPTION, "about": json.loads(ABOUT.read_text()), "recommended": recommended},
    }


def decoder_config(shape: Shape, vocab_size: int, end_id: int) -> dict[str, object]:
    """Qwen2's fields of config.json."""
    return {
        "architectures": ["LlavaQwenForCausalLM"], "model_type": "llava_qwen", "vocab_size": vocab_size, "hidden_size": shape.hidden,
        "intermediate_size": shape.mlp, "num_hidden_layers": shape.layers, "num_attention_heads": shape.heads,
        "num_key_value_heads": shape.kv_heads, "hidden_act": "silu", "rms_norm_eps": 1e-6, "rope_theta": shape.rope_theta,
        "max_position_embeddings": shape.max_positions, "tie_word_embeddings": True, "bos_token_id": 0, "eos_token_id": end_id,
        "torch_dtype": "float16",
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--name", default="duet.pt", help="the check-point in --run to export")
    parser.add_argument("--out", type=Path, required=True, help="the checkpoint folder; it already holds tokenizer.json")
    parser.add_argument("--recommended", type=Path, default=Path(__file__).parent / "recommended.json")
    options = parser.parse_args()
    tokenizer = Tokenizer.from_file(str(options.out / "tokenizer.json"))
    model = read_model(options.run, options.name, tokenizer)
    tensors = tensors_of(model)
    save_file(tensors, options.out / "model.safetensors", metadata={"format": "pt"})
    (options.out / "model.safetensors").chmod(0o644)
    config = config_of(model.shape, tokenizer.get_vocab_size(), tokenizer.token_to_id("<|im_end|>"), json.loads(options.recommended.read_text()))
    (options.out / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    print(f"{len(tensors)} tensors, {sum(value.numel() for value in tensors.values()):,} weights")


if __name__ == "__main__":
    main()
