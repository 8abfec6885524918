"""Checks a checkpoint folder against the training model: it must hold the run's weights (rounded to fp16); loaded anew into plain
transformers classes, all tensors must be used and the numbers must agree; and the cached loop must score as the masked training pass does."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import SiglipVisionConfig, SiglipVisionModel

import layout
from begin_run import take_in
from export import TOWER, read_model, tensors_of
from model import DuetModel
from session import Policy, Session
from student import additive_mask


QUESTION = "What is happening?"


def vision_from_disk(folder: Path, pictures: Tensor) -> Tensor:
    """Projected and pooled features by SiglipVisionModel with all named layers and hidden_states[select_layer]."""
    config = json.loads((folder / "config.json").read_text())
    tensors = {name: value.float() for name, value in load_file(folder / "model.safetensors").items()}
    tower = SiglipVisionModel(SiglipVisionConfig(**config["vision_config"], vision_use_head=False)).eval()
    body = getattr(tower, "vision_model", tower)
    missing, unexpected = body.load_state_dict(
        {name.removeprefix(TOWER): value for name, value in tensors.items() if name.startswith(TOWER)}, strict=False)
    removed = f"encoder.layers.{config['vision_config']['num_hidden_layers'] - 1}."
    strays = [name for name in missing if not name.startswith((removed, "post_layernorm", "head"))]
    if strays or unexpected:
        raise AssertionError(f"vision tensors do not fit: missing {strays}, unexpected {unexpected}")
    pixels = pictures.permute(0, 3, 1, 2).float() / 127.5 - 1
    features = tower(pixels, output_hidden_states=True).hidden_states[config["mm_vision_select_layer"]]
    first, second = (nn.functional.linear(features, tensors["model.mm_projector.0.weight"], tensors["model.mm_projector.0.bias"]), None)
    second = nn.functional.linear(nn.functional.gelu(first), tensors["model.mm_projector.2.weight"], tensors["model.mm_projector.2.bias"])
    grid = config["vision_config"]["image_size"] // config["vision_config"]["patch_size"]
    out = -(-grid // config["mm_spatial_pool_stride"])
    square = second.transpose(1, 2).unflatten(2, (grid, grid))
    return nn.functional.interpolate(square, size=(out, out), mode="bilinear", align_corners=False).flatten(2).transpose(1, 2)


def masked_pass(model: DuetModel, tokenizer: Tokenizer, embeds: Tensor, question: str, frame: int) -> tuple[list[float], Tensor]:
    """One pass of the training graph over a question at time 0 and a run of frames, with a branch that takes the turn after `frame`:
    informative scores of all frames, and the logits of the branch's first spoken token."""
    ids = tokenizer.encode(layout.OPENING + layout.user_at_start(question), add_special_tokens=False).ids
    turn = tokenizer.encode(layout.REPLY, add_special_tokens=False).ids
    speaker, tokens = model.speaker, embeds.shape[1]
    sequence = torch.cat([speaker.embed(torch.tensor(ids)), embeds.flatten(0, 1), speaker.embed(torch.tensor(turn))])[None]
    main, seen = len(ids) + embeds.shape[0] * tokens, len(ids) + (frame + 1) * tokens
    batch = {"branch": torch.tensor([[0] * main + [1] * len(turn)]), "limit": torch.tensor([[*range(1, main + 1), *[seen] * len(turn)]])}
    positions = torch.tensor([[*range(main), *range(seen, seen + len(turn))]])
    hidden = speaker(sequence, additive_mask(batch), positions)[0]
    scores = speaker.informative_head(hidden[len(ids) + tokens - 1:main:tokens]).softmax(1)[:, 1].tolist()
    return scores, speaker.decoder.lm_head(hidden[-1])


@torch.inference_mode()
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--name", default="duet.pt")
    parser.add_argument("--checkpoint", type=Path, required=True)
    options = parser.parse_args()
    tokenizer = Tokenizer.from_file(str(options.checkpoint / "tokenizer.json"))
    model, stored = read_model(options.run, options.name, tokenizer), load_file(options.checkpoint / "model.safetensors")
    others = [name for name, value in tensors_of(model).items() if name not in stored or not torch.equal(value, stored[name])]
    if others:
        raise AssertionError(f"not the weights of {options.run / options.name}: {', '.join(others[:5])} ({len(others)} tensors)")
    take_in(model, stored)
    pictures = torch.from_numpy(np.random.default_rng(1).integers(0, 256, (10, model.shape.side, model.shape.side, 3), dtype=np.uint8))
    embeds = model.eye(pictures)
    vision = (embeds - vision_from_disk(options.checkpoint, pictures)).abs().max().item()
    session, turn = Session(model, tokenizer, Policy(threshold=9)), 6
    session.user(QUESTION)
    for index, frame in enumerate(embeds):
        session.frame(index / 2, frame)
        text = session.speak()
        if index == turn:
            spoken = text
    masked, logits = masked_pass(model, tokenizer, embeds, QUESTION, turn)
    scores = np.abs(np.array(masked) - [point[1] for point in session.trace]).max()
    first = tokenizer.decode([int(logits.argmax())], skip_special_tokens=True)
    if not spoken.startswith(first):
        raise AssertionError(f"the loop says {spoken!r}, the training pass begins with {first!r}")
    print(f"largest difference: vision {vision:.2e}, informative score {scores:.2e}")
    if vision > 1e-4 or scores > 1e-4:
        raise AssertionError("the checkpoint or the cached loop disagrees with the training model")


if __name__ == "__main__":
    main()
