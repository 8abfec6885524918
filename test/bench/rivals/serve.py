"""Serves a rival to the bench: one command a line in, one result a line out, both JSON.

Usage: python serve.py transformers|handwritten fp32|bf16 THREADS CHECKPOINT
Needs: torch, transformers, safetensors, tokenizers, numpy.
"""

from __future__ import annotations

import json
import math
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
import transformers
from checkpoint import HEADS, Checkpoint
from handwritten_rival import HandwrittenRival
from transformers_rival import TransformersRival

KINDS = {"transformers": TransformersRival, "handwritten": HandwrittenRival}
DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16}
SYSTEM = (
    "A multimodal AI assistant is helping users with some activities. Below is their conversation, "
    "interleaved with the list of video frames received by the assistant."
)


def play(rival, command: dict) -> dict:
    """A session over raw frames, as our policy plays it: removed replies, one threshold, a pause after each."""
    tokenizer, checkpoint = rival.checkpoint.tokenizer, rival.checkpoint
    side, tokens = checkpoint.vision["image_size"], checkpoint.pooled**2
    frames = torch.from_numpy(np.fromfile(command["frames"], np.uint8).reshape(-1, side, side, 3)[: command["most"]])
    heads = [HEADS.index(name) for name in command["heads"]]
    encode = lambda text: rival.embed(tokenizer.encode(text, add_special_tokens=False).ids)  # noqa: E731
    end, scores, replies, last = tokenizer.token_to_id("<|im_end|>"), [], [], -math.inf

    def reply() -> list[int]:
        before, said = context.length, []
        hidden = context.feed(encode("<|im_end|>\n<|im_start|>assistant\n"))
        while len(said) < 200 and (token := int(rival.logits(hidden[-1:]).argmax())) != end:
            said.append(token)
            hidden = context.feed(rival.embed([token]))
        context.cut_back(before)
        return said

    clock = Clock()
    context = rival.open()
    context.feed(encode(f"<|im_start|>system\n{SYSTEM}<|im_end|>"))
    context.feed(encode("\n<|im_start|>stream\n"))
    for first in range(0, len(frames), rival.frames_per_call):
        seen = rival.see(frames[first : first + rival.frames_per_call])
        while len(seen) > 0:
            before = context.length
            hidden = context.feed(seen.flatten(0, 1))[tokens - 1 :: tokens]
            likely = torch.einsum("hco,fo->fhc", rival.heads, hidden).float().softmax(-1)[:, heads, 1].sum(1).tolist()
            done = len(seen)
            for index, score in enumerate(likely):
                moment = len(scores) / command["fps"]
                scores.append(score)
                if score > command["threshold"] and moment - last >= command["cooldown"]:
                    last, done = moment, index + 1
                    context.cut_back(before + done * tokens)
                    replies.append({"time": moment, "text": "", "ids": reply()})
                    break
            seen = seen[done:]
    spent = clock.read()
    for said in replies:
        said["text"] = tokenizer.decode(said["ids"])
    return {**spent, "scores": scores, "replies": replies}


def parts(rival, command: dict) -> dict:
    """The parts of a frame on their own: a picture, the rows of a frame behind a context, one token."""
    side, context = rival.checkpoint.vision["image_size"], rival.open()
    picture = torch.randint(0, 255, (1, side, side, 3), dtype=torch.uint8)
    frame, token = rival.see(picture)[0], rival.embed([7])
    while context.length < command["context"]:
        context.feed(rival.embed([5] * min(64, command["context"] - context.length)))

    def step(rows: torch.Tensor, after: Callable[[torch.Tensor], object]) -> None:
        after(context.feed(rows)[-1:])
        context.cut_back(command["context"])

    work = {
        "vision": lambda: rival.see(picture),
        "frame": lambda: step(frame, lambda hidden: rival.heads @ hidden[0]),
        "token": lambda: step(token, lambda hidden: rival.logits(hidden).argmax().item()),
    }
    return {name: [timed(each) for _ in range(command["repeats"])] for name, each in work.items()}


def peak(_rival, command: dict) -> dict:
    """A large multiplication."""
    size = command["size"]
    found = {}
    for name, dtype in DTYPES.items():
        one, other = (torch.randn(size, size).to(dtype) for _ in range(2))
        found[name] = [timed(lambda: one @ other) for _ in range(command["repeats"])]  # noqa: B023
    return found


class Clock:
    """Time of the wall and of the processor, all threads of this process together."""

    def __init__(self) -> None:
        self.wall, self.processor = time.perf_counter(), time.process_time()

    def read(self) -> dict:
        return {"wall": time.perf_counter() - self.wall, "cpu": time.process_time() - self.processor}


def timed(work: Callable[[], object]) -> dict:
    clock = Clock()
    work()
    return clock.read()


@torch.inference_mode()
def main() -> None:
    kind, dtype, threads, folder = sys.argv[1:5]
    torch.set_num_threads(int(threads))
    torch.set_num_interop_threads(1)
    rival = KINDS[kind](Checkpoint(Path(folder), DTYPES[dtype]))
    print(json.dumps({"torch": torch.__version__, "transformers": transformers.__version__, "threads": torch.get_num_threads()}), flush=True)
    commands = {"play": play, "parts": parts, "peak": peak}
    for line in sys.stdin:
        command = json.loads(line)
        print(json.dumps(commands[command["do"]](rival, command)), flush=True)


if __name__ == "__main__":
    main()
