"""Writes a trained model as a checkpoint folder that `duet model build` takes: config.json, model.safetensors (fp16), tokenizer, tokens.onnx, vision.onnx, sentences.json."""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer

from export import decoder_config, speaker_tensors
from sight.association import FEATURES, FRAME_FACTS, SLOTS
from sight.serving.graph import tokens_graph
from sight.serving.sentences import sentences
from sight.learning.student import SightModel
from sight.serving.watch import load_model
from sight.tokens import TOKENS

ABOUT = Path(__file__).parent / "about.json"
DESCRIPTION = "A small duet model that watches what an object detector finds; trained on simulated detections. See MODEL_CARD.md for what it can and cannot do."
ASSOCIATION = 1


def config_of(model: SightModel, vocab_size: int, end_id: int, recommended: dict[str, object]) -> dict[str, object]:
    """config.json: Qwen2's fields, the tower's, and ours under `duet`."""
    return decoder_config(model.shape, vocab_size, end_id) | {
        "duet_tower": {"type": "detector", "association": ASSOCIATION, "grounded": True, "picture_side": 300, "tokens_per_frame": TOKENS},
        "duet": {"name": "duet-sight", "version": "0.1.0", "description": DESCRIPTION, "about": json.loads(ABOUT.read_text()), "reader": "pp-ocrv4", "recommended": recommended},
    }


def check_tokens(model: SightModel, path: Path) -> float:
    """The largest difference between the graph's embeddings and the trained module's."""
    rng = np.random.default_rng(1)
    slots = rng.normal(0, 1, (5, SLOTS, FEATURES)).astype(np.float32)
    slots[:, :, 0] = rng.random((5, SLOTS)) < 0.6
    slots *= slots[:, :, :1]
    facts = rng.normal(0, 1, (5, FRAME_FACTS)).astype(np.float32)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    got = session.run(["frame_embeds"], {"slots": slots, "scene": facts})[0]
    with torch.inference_mode():
        return float(np.abs(model.tokens(torch.from_numpy(slots), torch.from_numpy(facts)).numpy() - got).max())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help="a check-point of train.py")
    parser.add_argument("--tokenizer", type=Path, required=True, help="tokenizer.json, with tokenizer_config.json beside it")
    parser.add_argument("--vision", type=Path, required=True, help="the converted detector, vision.onnx")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--recommended", type=Path, default=Path(__file__).parent / "recommended.json")
    options = parser.parse_args()
    tokenizer = Tokenizer.from_file(str(options.tokenizer))
    model = load_model(options.model, tokenizer)
    options.out.mkdir(parents=True, exist_ok=True)
    save_file(speaker_tensors(model.speaker), options.out / "model.safetensors", metadata={"format": "pt"})
    onnx.save(tokens_graph(model.tokens), options.out / "tokens.onnx")
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copyfile(options.tokenizer.parent / name, options.out / name)
    shutil.copyfile(options.vision, options.out / "vision.onnx")
    config = config_of(model, tokenizer.get_vocab_size(), tokenizer.token_to_id("<|im_end|>"), json.loads(options.recommended.read_text()))
    (options.out / "model.safetensors").chmod(0o644)
    (options.out / "sentences.json").write_text(json.dumps(sentences(), ensure_ascii=False, separators=(",", ":")) + "\n")
    (options.out / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    difference = check_tokens(model, options.out / "tokens.onnx")
    print(f"{sum(parameter.numel() for parameter in model.parameters()):,} weights; tokens.onnx differs by {difference:.1e} at most")
    if difference > 1e-4:
        raise AssertionError("tokens.onnx does not give the trained module's embeddings")


if __name__ == "__main__":
    main()
