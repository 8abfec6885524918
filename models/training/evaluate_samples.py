"""Plays the bundled clips as a user would: ffmpeg decodes and scales, the picture is put into the black square, the loop runs.
Prints every reply, and figures over all annotations."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch
from tokenizers import Tokenizer

from export import read_model
from figures import naming
from model import DuetModel
from picture_files import decode
from session import Policy, Session


@torch.inference_mode()
def play(model: DuetModel, tokenizer: Tokenizer, embeds: torch.Tensor, user: list[dict[str, object]], policy: Policy, fps: float) -> Session:
    """The session after all frames; `user` are turns with content and time."""
    session, waiting = Session(model, tokenizer, policy), list(user)
    for index, frame in enumerate(embeds):
        while waiting and float(waiting[0]["time"]) <= index / fps:
            session.user(str(waiting.pop(0)["content"]))
        session.frame(index / fps, frame)
    return session


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--name", default="duet.pt")
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("--samples", type=Path, required=True)
    parser.add_argument("--recommended", type=Path, default=Path(__file__).parent / "recommended.json")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    torch.set_num_threads(1)
    tokenizer = Tokenizer.from_file(str(options.tokenizer))
    model = read_model(options.run, options.name, tokenizer)
    recommended, figures = json.loads(options.recommended.read_text()), {}
    for task in ("captions", "magqa"):
        settings = recommended[task]
        policy = Policy(settings["policy"]["threshold"], "informative" in settings["heads"], "relevance" in settings["heads"], settings["cooldown"])
        replies, inside, told, gold, pairs = 0, 0, 0, 0, []
        for item in json.loads((options.samples / "annotations" / f"{task}.json").read_text()):
            frames = decode(options.samples / "clips" / item["video"], settings["fps"], model.shape.side)
            with torch.inference_mode():
                embeds = model.eye(torch.from_numpy(frames))
            session = play(model, tokenizer, embeds, item["conversation"], policy, settings["fps"])
            asked = item["conversation"][0]["time"]
            print(f"\n{item['question_id']}: {asked:.1f} s: {item['conversation'][0]['content']}")
            for reply in (reply for reply in session.replies if reply.time >= asked):
                match = [answer for answer in item["answer"] if answer["time"][0] <= reply.time <= answer["time"][1] + 1 / settings["fps"]]
                replies, inside = replies + 1, inside + bool(match)
                pairs += [(answer["content"], reply.text) for answer in match[:1]]
                print(f"  {reply.time:5.1f} s  {reply.text:44s} {'= ' + match[0]['content'] if match else '(outside every span)'}")
            gold += len(item["answer"])
            told += sum(any(answer["time"][0] <= reply.time <= answer["time"][1] + 1 / settings["fps"] and reply.text == answer["content"]
                            for reply in session.replies) for answer in item["answer"])
        figures[task] = {"gold": gold, "told_to_the_letter": round(told / gold, 4), "replies": replies,
                         "replies_inside_a_span": round(inside / max(1, replies), 4), **naming(pairs)}
    options.out.write_text(json.dumps(figures, indent=2) + "\n")
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
