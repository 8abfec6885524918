"""Writes the parity fixtures of this folder; see README.md. Run it as `python make_fixtures.py [--again] [NAME...]` with requirements.txt
installed; with --again the checkpoints that lie here stay, and only their sessions are played anew."""

from __future__ import annotations

import json
import math
import shutil
import sys
from pathlib import Path

import torch
from fixture_model import DuetModel, Plan, add_adapter, heads, load, randomise, round_weights, save, train_tokenizer
from fixture_session import CachedConversation, Conversation, KnifeEdge, Mark, picture
from safetensors.torch import save_file
from tokenizers import Tokenizer

HERE = Path(__file__).parent
SYSTEM = ("A multimodal AI assistant is helping users with some activities. Below is their conversation, "
          "interleaved with the list of video frames received by the assistant.")
SENTENCES = [SYSTEM, "What is happening now?", "Tell me when the dog leaves the room.", "How many people are there? Two or three?",
             "The dog leaves on the left, and a bird appears above the tree.", "Wo ist der Hund? Où est le chien ?", "Please answer briefly."]

PLANS = [
    Plan(name="grid", side=130, patch=14, stride=4, pool="bilinear", vision_hidden=48, vision_heads=4, vision_mlp=80, vision_layers=3,
         keep_removed_layer=True, hidden=64, heads=4, kv_heads=2, mlp=112, layers=3, theta=1e6, tied=False, storage=torch.float32),
    Plan(name="tied", side=108, patch=4, stride=4, pool="bilinear", vision_hidden=32, vision_heads=2, vision_mlp=72, vision_layers=3,
         keep_removed_layer=False, hidden=96, heads=6, kv_heads=1, mlp=136, layers=2, theta=1e4, tied=True, storage=torch.bfloat16, shards=3,
         sharpness=3.0),
    Plan(name="lora", side=40, patch=8, stride=2, pool="average", vision_hidden=32, vision_heads=4, vision_mlp=64, vision_layers=2,
         keep_removed_layer=True, hidden=48, heads=4, kv_heads=4, mlp=80, layers=2, theta=1e4, tied=False, storage=torch.float16,
         lora={"r": 4, "lora_alpha": 8, "target_modules": r".*model\.layers.*(q_proj|k_proj|v_proj|o_proj|gate_proj|up_proj|down_proj)$",
               "modules_to_save": ["mm_projector", "informative_head", "relevance_head"]}),
    Plan(name="max", side=36, patch=6, stride=4, pool="max", vision_hidden=24, vision_heads=2, vision_mlp=40, vision_layers=2,
         keep_removed_layer=False, hidden=32, heads=2, kv_heads=2, mlp=64, layers=1, theta=1e4, tied=True, storage=torch.float16),
]

QUESTIONS = ["What is happening now?", "Tell me when the dog leaves the room.", "Où est le chien ? 🐕", "How many people are there?",
             "Please answer briefly: 12 or 13?"]

# Frame index before which the n-th question comes; two may come at once.
AT_START, MIDWAY = [0, 5, 5, 11, 17], [3, 4, 9, 14, 15]
SESSIONS = {
    "grid": [
        {"layout": "trained", "afterwards": "remove", "penalty": 1.0, "threshold": 0.9, "asked": AT_START},
        {"layout": "trained", "afterwards": "keep", "penalty": 1.15, "threshold": 1.0, "asked": MIDWAY},
        {"layout": "reference", "afterwards": "remove", "penalty": 1.0, "threshold": 1.0, "asked": AT_START},
        {"layout": "reference", "afterwards": "keep", "penalty": 1.3, "threshold": 1.0, "asked": MIDWAY},
    ],
    "tied": [
        {"layout": "trained", "afterwards": "keep", "penalty": 1.0, "threshold": 1.1, "asked": MIDWAY},
        {"layout": "reference", "afterwards": "remove", "penalty": 1.2, "threshold": 1.1, "asked": AT_START},
    ],
    "lora": [
        {"layout": "trained", "afterwards": "remove", "penalty": 1.2, "threshold": 1.0, "asked": MIDWAY},
        {"layout": "reference", "afterwards": "keep", "penalty": 1.0, "threshold": 1.0, "asked": AT_START},
    ],
    "max": [],
}
FRAMES, LIMIT, BATCHES = 26, 14, [1, 1, 3, 1, 4, 2, 1, 5, 1, 3, 1, 1, 2]


def spread_scores(model: DuetModel, tokenizer: Tokenizer, seed: int) -> None:
    """Chooses the heads so that their probabilities spread over (0, 1) on this model's own hidden states."""
    conversation = Conversation(model, tokenizer, SYSTEM, "trained")
    conversation.append_user_text(QUESTIONS[0])
    conversation.append_frames(list(range(FRAMES)))
    hidden = model.hidden(conversation.embeds)[[mark.tokens - 1 for mark in conversation.marks]]
    generator = torch.Generator().manual_seed(seed)
    centred = hidden - hidden.mean(0)
    for head in heads(model):
        direction = torch.randn(hidden.shape[1], generator=generator)
        mean = hidden.mean(0)
        direction -= mean * (direction @ mean) / (mean @ mean)
        direction *= 1.8 / (centred @ direction).std()
        noise = 0.2 * torch.randn(hidden.shape[1], generator=generator)
        weight = next(p for n, p in head.named_parameters() if "original_module" not in n)
        weight.data = torch.stack([noise - direction / 2, noise + direction / 2])


def make_model(plan: Plan, tokenizer: Tokenizer, seed: int) -> DuetModel:
    model = DuetModel(plan, tokenizer.get_vocab_size()).eval()
    randomise(model, seed)
    ending, never = tokenizer.token_to_id("<|im_end|>"), tokenizer.token_to_id("<|endoftext|>")
    table = model.decoder.lm_head.weight.data
    table[ending] *= 1.8  # so that some replies end by themselves
    table[never] *= 0.01
    if plan.lora:
        round_weights(model)
        add_adapter(model, seed + 1)
    spread_scores(model, tokenizer, seed + 2)
    round_weights(model)
    model.seen.clear()
    return model


class Recorder:
    """Drives a conversation as a session would and notes every action with what it must give."""

    def __init__(self, conversation: Conversation, settings: dict) -> None:
        self.conversation, self.settings, self.actions = conversation, settings, []

    def note(self, action: dict) -> None:
        self.actions.append(action | {"size": len(self.conversation.embeds)})

    def ask(self, text: str) -> None:
        self.conversation.append_user_text(text)
        self.note({"type": "appendUserText", "text": text})

    def frames(self, indices: list[int]) -> tuple[list[dict], list[Mark]]:
        scores = self.conversation.append_frames(indices)
        self.note({"type": "appendFrames", "frames": indices, "scores": scores})
        return scores, self.conversation.marks

    def reply(self) -> None:
        options = {"maxTokens": LIMIT, "repetitionPenalty": self.settings["penalty"], "afterwards": self.settings["afterwards"]}
        said = self.conversation.reply(LIMIT, self.settings["penalty"], self.settings["afterwards"])
        self.note({"type": "generateReply"} | options | said)

    def run(self) -> list[dict]:
        questions = [(at, QUESTIONS[n]) for n, at in enumerate(self.settings["asked"])]
        at, batches = 0, iter(BATCHES * FRAMES)
        while at < FRAMES:
            due = [text for when, text in questions if when <= at]
            if self.settings["layout"] == "reference":
                due = due[:1]  # its inference inserts at most one text per frame
            for text in due:
                self.ask(text)
            questions = questions[len(due):]
            following = min([when for when, _ in questions if when > at] + [FRAMES])
            count = 1 if any(when <= at for when, _ in questions) else min(next(batches), following - at)
            at += self.step(list(range(at, at + count)))
        return self.actions

    def step(self, indices: list[int]) -> int:
        """Appends frames in one go; when one fires, cuts back to it and replies. Gives the number of frames that stay."""
        scores, marks = self.frames(indices)
        sums = [score["informative"] + score["relevance"] for score in scores]
        if any(abs(total - self.settings["threshold"]) < 1e-3 for total in sums):
            raise KnifeEdge("a score lies on the threshold")
        fired = next((i for i, total in enumerate(sums) if total > self.settings["threshold"]), None)
        if fired is None:
            return len(indices)
        if fired < len(indices) - 1:
            action = len(self.actions) - 1
            self.conversation.cut_back(marks[fired])
            self.note({"type": "cutBackTo", "action": action, "frame": fired})
        self.reply()
        return fired + 1


def check_second_opinion(model: DuetModel, tokenizer: Tokenizer, settings: dict, actions: list[dict]) -> float:
    """Runs the session on transformers' cache too; gives the largest difference of a probability."""
    other = Recorder(CachedConversation(model, tokenizer, SYSTEM, settings["layout"]), settings).run()
    assert len(other) == len(actions)
    largest = 0.0
    for one, two in zip(actions, other):
        assert {k: v for k, v in one.items() if k != "scores"} == {k: v for k, v in two.items() if k != "scores"}
        for a, b in zip(one.get("scores", []), two.get("scores", [])):
            largest = max(largest, *(abs(a[head] - b[head]) for head in a))
    assert largest < 2e-5, largest
    return largest


def check_cutting_back(model: DuetModel, tokenizer: Tokenizer) -> None:
    """Cutting back to a frame inside an append gives what stopping there gives."""
    whole, short = (Conversation(model, tokenizer, SYSTEM, "trained") for _ in range(2))
    whole.append_frames([0, 1, 2, 3, 4])
    whole.cut_back(whole.marks[2])
    short.append_frames([0, 1, 2])
    assert torch.allclose(whole.embeds, short.embeds, atol=1e-5)
    one, two = (c.append_frames([7, 8]) for c in (whole, short))
    for a, b in zip(one, two):
        assert abs(a["informative"] - b["informative"]) < 1e-5 and abs(a["relevance"] - b["relevance"]) < 1e-5
    assert whole.reply(8, 1.0, "remove") == short.reply(8, 1.0, "remove")


class Dull(Exception):
    """A session shows too little."""


def lively(actions: list[dict]) -> bool:
    """Whether a session shows enough: spread scores, varied replies, ended and cut off ones, silence and speech."""
    replies = [action for action in actions if action["type"] == "generateReply"]
    scores = [s[head] for a in actions if a["type"] == "appendFrames" for s in a["scores"] for head in s]
    words = {token for reply in replies for token in reply["tokens"]}
    reasons = [reply["reason"] for reply in replies]
    return (4 <= len(replies) <= 16 and min(scores) < 0.2 and max(scores) > 0.8 and len(words) >= 12
            and reasons.count("completed") >= 2 and "length" in reasons
            and sum(2 < len(reply["tokens"]) < LIMIT for reply in replies) >= 2)


@torch.no_grad()
def make_sessions(plan: Plan, tokenizer: Tokenizer) -> tuple[DuetModel, list[dict]]:
    """Tries seeds until every session is lively and none of its decisions is on a knife edge."""
    for seed in range(100, 1000):
        model = make_model(plan, tokenizer, seed)
        sessions = []
        try:
            for settings in SESSIONS[plan.name]:
                for kind in (CachedConversation, Conversation):  # the quick one looks whether it is worth while
                    conversation = kind(model, tokenizer, SYSTEM, settings["layout"])
                    actions = Recorder(conversation, settings).run()
                    if not lively(actions):
                        raise Dull
                sessions.append({"settings": settings, "actions": actions, "gap": conversation.smallest_gap})
        except (KnifeEdge, Dull):
            continue
        print(plan.name, "seed", seed)
        return model, sessions
    raise SystemExit(f"no lively seed for {plan.name}")


@torch.no_grad()
def unit_values(model: DuetModel, tokenizer: Tokenizer) -> dict[str, torch.Tensor]:
    """What single graphs must give: the tower on two pictures, the decoder on a run of tokens."""
    side = model.plan.side
    ids = [(7 * i * i + 3 * i + 11) % tokenizer.get_vocab_size() for i in range(37)]
    embeds = model.embed(ids)
    hidden = model.hidden(embeds)
    informative, relevance = (head(hidden) for head in heads(model))
    return {
        "frame_embeds": model.see(torch.stack([picture(3, side), picture(8, side)])),
        "input_ids": torch.tensor(ids, dtype=torch.float32), "inputs_embeds": embeds, "hidden": hidden,
        "informative": informative, "relevance": relevance, "logits": model.causal.lm_head(hidden),
    }


def write_sessions(plan: Plan, sessions: list[dict]) -> None:
    for number, session in enumerate(sessions):
        layout, afterwards = session["settings"]["layout"], session["settings"]["afterwards"]
        content = {
            "checkpoint": plan.name, "adapter": f"{plan.name}-adapter" if plan.lora else None,
            "options": {"systemPrompt": SYSTEM, "promptLayout": layout}, "actions": session["actions"]}
        name = f"session-{number + 1}-{layout}-{afterwards}.json"
        (HERE / plan.name / name).write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n")


@torch.no_grad()
def play_again(plan: Plan) -> None:
    """Plays the sessions anew on the checkpoint that lies here."""
    tokenizer = Tokenizer.from_file(str(HERE / plan.name / "tokenizer.json"))
    model = load(plan, tokenizer.get_vocab_size(), HERE / plan.name)
    sessions = []
    for settings in SESSIONS[plan.name]:
        conversation = Conversation(model, tokenizer, SYSTEM, settings["layout"])
        actions = Recorder(conversation, settings).run()
        difference = check_second_opinion(model, tokenizer, settings, actions)
        print(f"  {plan.name}: smallest gap {conversation.smallest_gap:.4f}, cached differs by {difference:.1e}")
        sessions.append({"settings": settings, "actions": actions})
    write_sessions(plan, sessions)


def main() -> None:
    again, wanted = "--again" in sys.argv, [name for name in sys.argv[1:] if name != "--again"]
    tokenizer = train_tokenizer(SENTENCES * 20)
    for plan in PLANS:
        if wanted and plan.name not in wanted:
            continue
        if again:
            play_again(plan)
            continue
        model, sessions = make_sessions(plan, tokenizer)
        for old in (HERE / plan.name, HERE / f"{plan.name}-adapter"):
            shutil.rmtree(old, ignore_errors=True)
        folder = HERE / plan.name
        save(model, tokenizer, folder)
        with torch.no_grad():
            save_file({k: v.contiguous() for k, v in unit_values(model, tokenizer).items()}, folder / "expected.safetensors")
            check_cutting_back(model, tokenizer)
            for number, session in enumerate(sessions):
                difference = check_second_opinion(model, tokenizer, session["settings"], session["actions"])
                print(f"  session {number}: smallest gap {session['gap']:.4f}, cached differs by {difference:.1e}")
        write_sessions(plan, sessions)


if __name__ == "__main__":
    main()
