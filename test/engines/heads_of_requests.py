"""The scores of MMDuet's heads for requests of a folded checkpoint, as `transformers` computes them.

Usage: python test/engines/heads_of_requests.py CHECKPOINT FOLDED < REQUESTS; one request a line, as JSON. Prints the
informative score and the relevance of each, as JSON.
"""
import base64
import io
import json
import pathlib
import sys

import torch
from PIL import Image
from safetensors.torch import load_file
from transformers import AutoProcessor, LlavaOnevisionForConditionalGeneration


def picture(part: dict) -> Image.Image:
    letters = part["image_url"]["url"].split(",")[1]
    return Image.open(io.BytesIO(base64.b64decode(letters))).convert("RGB")


def main() -> None:
    checkpoint, folded = sys.argv[1:]
    weights = {}
    for file in pathlib.Path(checkpoint).glob("model*.safetensors"):
        weights |= load_file(file)
    heads = [
        next(tensor.float() for name, tensor in weights.items() if any(head in name for head in names))
        for names in (("informative_head", "response_head"), ("relevance_head", "related_head"))
    ]
    model = LlavaOnevisionForConditionalGeneration.from_pretrained(folded, dtype=torch.float32).eval()
    processor = AutoProcessor.from_pretrained(folded)
    for line in sys.stdin:
        messages = json.loads(line)["messages"]
        shown = [part for message in messages if isinstance(message["content"], list) for part in message["content"]]
        told = [
            message
            if isinstance(message["content"], str)
            else {**message, "content": [{"type": "image"} for _ in message["content"]]}
            for message in messages
        ]
        text = processor.apply_chat_template(told, duet_read=True, add_generation_prompt=True, tokenize=False)
        inputs = processor(text=text, images=[picture(part) for part in shown], return_tensors="pt")
        with torch.no_grad():
            state = model(**inputs, output_hidden_states=True).hidden_states[-1][0, -1]
        print(json.dumps([torch.softmax(head @ state, -1)[1].item() for head in heads]))


main()
