"""Steps a duet checkpoint through raw frames with transformers' classes and a key-value cache, as research code does it.

Usage: python pytorch_session.py CHECKPOINT FRAMES.rgb HEAD[,HEAD] THRESHOLD COOLDOWN FPS
FRAMES.rgb holds packed RGB pictures of the model's side, one after another. Prints one JSON object: frames, replies, seconds.
Needs: torch, transformers, safetensors, tokenizers, numpy.
"""

from __future__ import annotations

import json
import math
import sys
import time
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import DynamicCache, Qwen2Config, Qwen2ForCausalLM, SiglipVisionConfig, SiglipVisionModel

TOWER = "model.vision_tower.vision_tower.vision_model."
SYSTEM = (
    "A multimodal AI assistant is helping users with some activities. Below is their conversation, "
    "interleaved with the list of video frames received by the assistant."
)


class Model:
    """The parts of a checkpoint, ready to run."""

    def __init__(self, folder: Path) -> None:
        self.config = json.loads((folder / "config.json").read_text())
        # Weights are stored in half precision and computed with in single, as our graphs do.
        tensors = {name: value.float() for name, value in load_file(folder / "model.safetensors").items()}
        self.tower = self.make_tower(tensors)
        self.decoder = Qwen2ForCausalLM(Qwen2Config(**{**self.config, "model_type": "qwen2", "attn_implementation": "sdpa"}))
        self.decoder.load_state_dict(
            {name: value for name, value in tensors.items() if not name.startswith(("model.vision", "model.mm_"))}, strict=False)
        self.decoder.eval()
        self.projector = nn.Sequential(*(self.linear(tensors, "model.mm_projector.0"), nn.GELU(), self.linear(tensors, "model.mm_projector.2")))
        self.heads = {name: tensors[f"{name}_head.weight"] for name in ("informative", "relevance")}

    def make_tower(self, tensors: dict[str, Tensor]) -> SiglipVisionModel:
        vision = {**self.config["vision_config"], "vision_use_head": False}
        vision["num_hidden_layers"] -= 1
        tower = SiglipVisionModel(SiglipVisionConfig(**vision))
        names = {name.removeprefix("vision_model."): name for name in tower.state_dict()}
        tower.load_state_dict({names[name.removeprefix(TOWER)]: value for name, value in tensors.items()
                               if name.startswith(TOWER) and name.removeprefix(TOWER) in names}, strict=False)
        return tower.eval()

    @staticmethod
    def linear(tensors: dict[str, Tensor], name: str) -> nn.Linear:
        layer = nn.Linear(*tensors[f"{name}.weight"].shape[::-1])
        layer.load_state_dict({"weight": tensors[f"{name}.weight"], "bias": tensors[f"{name}.bias"]})
        return layer

    def see(self, picture: Tensor) -> Tensor:
        """uint8 [side, side, 3] -> [tokens, hidden]."""
        pixels = picture.permute(2, 0, 1)[None].float() / 127.5 - 1
        grid = self.config["vision_config"]["image_size"] // self.config["vision_config"]["patch_size"]
        features = self.projector(self.tower(pixels, output_hidden_states=True).hidden_states[-1])
        size = math.ceil(grid / self.config["mm_spatial_pool_stride"])
        square = features.transpose(1, 2).unflatten(2, (grid, grid))
        return nn.functional.interpolate(square, size=[size, size], mode="bilinear").flatten(2).transpose(1, 2)[0]


class Conversation:
    """One context; replies are removed from it again."""

    def __init__(self, model: Model, tokenizer: Tokenizer) -> None:
        self.model, self.tokenizer, self.cache = model, tokenizer, DynamicCache()

    def feed(self, embeds: Tensor) -> Tensor:
        output = self.model.decoder.model(inputs_embeds=embeds[None], past_key_values=self.cache, use_cache=True)
        return output.last_hidden_state[0]

    def say(self, text: str) -> Tensor:
        ids = self.tokenizer.encode(text, add_special_tokens=False).ids
        return self.feed(self.model.decoder.model.embed_tokens(torch.tensor(ids)))

    def reply(self, limit: int = 200) -> list[int]:
        before, tokens = self.cache.get_seq_length(), []
        hidden = self.say("<|im_end|>\n<|im_start|>assistant\n")
        end = self.tokenizer.token_to_id("<|im_end|>")
        while len(tokens) < limit:
            token = int(self.model.decoder.lm_head(hidden[-1]).argmax())
            if token == end:
                break
            tokens.append(token)
            hidden = self.feed(self.model.decoder.model.embed_tokens(torch.tensor([token])))
        self.cache.crop(before - self.cache.get_seq_length())
        return tokens


@torch.inference_mode()
def main() -> None:
    folder, frames_file, heads = Path(sys.argv[1]), sys.argv[2], sys.argv[3].split(",")
    threshold, cooldown, fps = (float(value) for value in sys.argv[4:7])
    model, tokenizer = Model(folder), Tokenizer.from_file(str(folder / "tokenizer.json"))
    side = model.config["vision_config"]["image_size"]
    frames = torch.from_numpy(np.fromfile(frames_file, np.uint8).reshape(-1, side, side, 3))
    model.see(frames[0])
    started, replies, last_reply = time.perf_counter(), [], -math.inf
    conversation = Conversation(model, tokenizer)
    conversation.say(f"<|im_start|>system\n{SYSTEM}<|im_end|>")
    conversation.say("\n<|im_start|>stream\n")
    for index, frame in enumerate(frames):
        hidden = conversation.feed(model.see(frame))[-1]
        score = sum((model.heads[name] @ hidden).softmax(-1)[1].item() for name in heads)
        if score > threshold and index / fps - last_reply >= cooldown:
            last_reply = index / fps
            replies.append(conversation.reply())
    seconds = time.perf_counter() - started
    tokens = sum(len(reply) for reply in replies)
    print(json.dumps({"frames": len(frames), "replies": len(replies), "tokens": tokens, "seconds": seconds}))


if __name__ == "__main__":
    main()
