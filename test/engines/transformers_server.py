"""Starts `transformers serve` with a tiny LLaVA of random weights: it takes pictures, and its words mean nothing.

Needs: pip install 'transformers[serving]' torch pillow
Usage: python test/engines/transformers_server.py PORT FOLDER; writes the model into FOLDER, by whose path it is asked
for, and serves until it is killed.
"""
import pathlib
import sys

import torch
from tiny_words import TEMPLATE, tokenizer
from transformers import (
    CLIPVisionConfig,
    LlamaConfig,
    LlavaConfig,
    LlavaForConditionalGeneration,
    LlavaProcessor,
)
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

SIDE, PATCH, HIDDEN = 56, 14, 64


def write_model(folder: pathlib.Path) -> None:
    torch.manual_seed(1)
    words = tokenizer({"image_token": "<image>"})
    picture = words.convert_tokens_to_ids("<image>")
    layers = {"hidden_size": HIDDEN, "intermediate_size": 128, "num_hidden_layers": 2, "num_attention_heads": 2}
    seeing = {"vision_feature_select_strategy": "default"}
    config = LlavaConfig(
        vision_config=CLIPVisionConfig(**layers, image_size=SIDE, patch_size=PATCH, projection_dim=HIDDEN),
        text_config=LlamaConfig(**layers, vocab_size=len(words), max_position_embeddings=32768),
        image_token_index=picture,
        vision_feature_layer=-2,
        **seeing,
    )
    model = LlavaForConditionalGeneration(config)
    model.generation_config.eos_token_id = words.eos_token_id
    model.generation_config.pad_token_id = words.pad_token_id
    model.save_pretrained(folder)
    square = {"height": SIDE, "width": SIDE}
    LlavaProcessor(
        image_processor=CLIPImageProcessorPil(size={"shortest_edge": SIDE}, crop_size=square),
        tokenizer=words,
        patch_size=PATCH,
        num_additional_image_tokens=1,
        chat_template=TEMPLATE,
        **seeing,
    ).save_pretrained(folder)


def main() -> None:
    port, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    write_model(folder)
    torch.set_num_threads(1)
    from transformers.cli.transformers import main as command

    sys.argv = ["transformers", "serve", str(folder), "--host", "127.0.0.1", "--port", port, "--device", "cpu"]
    command()


main()
