"""Figures on the test split, through the real loop: frames in, scores, threshold, greedy reply, reply removed. Writes JSON."""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor

from cache_features import FPS
from export import read_model
from lesson import answered
from model import DuetModel
from session import Policy, Reply, Session
from train_duet import ranked_area
from world.blueprint import Blueprint, Event
from world.legislator import sample_blueprint
from world.picture import render_clip
from world.questions import Question, sample_question
from world.sentences import sentence
from world.split import split_of
from world.vocabulary import PLACES, SCENES, THING_NAMES, WORDS

KIND_PATTERNS: list[tuple[str, str]] = [
    ("appear", r"\bappears?\b"), ("enter", r"\bcomes? in\b"), ("leave", r"\bleaves?\b"), ("vanish", r"\bdisappears?\b"),
    ("move", r"\bmoves?\b"), ("grow", r"\bbigger\b"), ("shrink", r"\bsmaller\b"), ("scene", r"scene changes"), ("sign", r"sign says"),
]


@dataclass
class Case:
    """One clip with its user texts; `embeds` [frames, tokens, hidden] seen by the model; gold events are those to be told."""

    blueprint: Blueprint
    questions: list[Question]
    embeds: Tensor
    gold: list[Event]


@dataclass
class Run:
    """What the loop did on a case."""

    case: Case
    replies: list[Reply]
    trace: list[tuple[float, float, float]]


def facts(text: str) -> dict[str, str]:
    """Kind, subject (thing, scene or word) and place a reply names; "" where it names none."""
    kind = next((kind for kind, pattern in KIND_PATTERNS if re.search(pattern, text)), "")
    words = set(re.findall(r"[A-Za-z]+", text))
    subject = next((name for name in [*THING_NAMES, *WORDS] if name in words), "")
    subject = subject or next((name for name, phrased in SCENES.items() if f"to {phrased}." in text), "")
    return {"kind": kind, "subject": subject, "place": next((place for place in PLACES if place in words), "")}


def make_cases(model: DuetModel, split: str, count: int, captions: bool, seed: int) -> list[Case]:
    """Fresh clips of the split: without user texts, or with one question (a fifth of them asked in mid-stream)."""
    rng, cases = random.Random(f"{seed}-{split}-{captions}"), []
    while len(cases) < count:
        blueprint = sample_blueprint(rng, split, rng.uniform(16, 40))
        questions: list[Question] = []
        if not captions:
            time = 0.0 if rng.random() < 0.8 else rng.uniform(3, blueprint.duration / 2)
            questions = [sample_question(rng, blueprint, time)]
        gold = [event for event in blueprint.events if answered(questions, event) and event.middle < blueprint.duration - 0.5]
        if questions:
            gold = [event for event in gold if questions[0].time <= event.middle]
        frames = torch.from_numpy(render_clip(blueprint, FPS, model.shape.side, rng))
        with torch.inference_mode():
            embeds = torch.cat([model.eye(part) for part in frames.split(64)])
        cases.append(Case(blueprint, questions, embeds, gold))
    return cases


@torch.inference_mode()
def run_case(model: DuetModel, tokenizer: Tokenizer, case: Case, policy: Policy, keep: bool = False) -> Run:
    """Plays a case through the loop. Before a mid-stream question the assistant may narrate; those replies are left out."""
    session, waiting = Session(model, tokenizer, policy, keep), list(case.questions)
    for index, embeds in enumerate(case.embeds):
        while waiting and waiting[0].time <= index / FPS:
            session.user(waiting.pop(0).text)
        session.frame(index / FPS, embeds)
    asked = case.questions[0].time if case.questions else 0.0
    return Run(case, [reply for reply in session.replies if reply.time >= asked], [point for point in session.trace if point[0] >= asked])


@torch.inference_mode()
def told_at_middle(model: DuetModel, tokenizer: Tokenizer, case: Case) -> list[tuple[Event, str]]:
    """What the model says when it is made to speak at the first frame after the middle of every gold event, without policy."""
    session, waiting, told = Session(model, tokenizer, Policy(threshold=9.0)), list(case.questions), []
    due = [(int(np.ceil(event.middle * FPS)), event) for event in case.gold]
    for index, embeds in enumerate(case.embeds):
        while waiting and waiting[0].time <= index / FPS:
            session.user(waiting.pop(0).text)
        session.frame(index / FPS, embeds)
        told += [(event, session.speak()) for moment, event in due if moment == index]
    return told


def naming(pairs: list[tuple[Event, str]]) -> dict[str, float]:
    """naming_of_texts for events."""
    return naming_of_texts([(sentence(event), text) for event, text in pairs])


def naming_of_texts(pairs: list[tuple[str, str]]) -> dict[str, float]:
    """For pairs (gold, said): shares that name the right thing (or word, or scene), kind, place, and that are right to the letter."""
    checks: dict[str, list[bool]] = {"subject": [], "kind": [], "place": [], "whole": []}
    for right, text in pairs:
        said, gold = facts(text), facts(right)
        for name in ("subject", "kind"):
            checks[name].append(said[name] == gold[name])
        if gold["place"]:
            checks["place"].append(said["place"] == gold["place"])
        checks["whole"].append(text == right)
    return {name: round(float(np.mean(values)), 4) for name, values in checks.items() if values}


def chance(events: list[Event]) -> dict[str, float]:
    """What always giving the commonest answer would score."""
    golds = [facts(sentence(event)) for event in events]
    common = {name: Counter(gold[name] for gold in golds if gold[name]).most_common(1)[0][1] for name in ("subject", "kind", "place")}
    return {name: round(value / max(1, sum(1 for gold in golds if gold[name])), 4) for name, value in common.items()}


def in_span(event: Event, time: float) -> bool:
    """Whether a reply at `time` counts for the event: from its start to half a second after its end (one frame)."""
    return event.start <= time <= event.end + 1 / FPS


def loop_figures(runs: list[Run]) -> dict[str, float]:
    """When it spoke, and how right it was."""
    pairs, spans_hit, whole_hit, off, repeats, replies = [], [], [], 0, 0, 0
    uniform = []
    for run in runs:
        gold = run.case.gold
        for event in gold:
            inside = [reply for reply in run.replies if in_span(event, reply.time)]
            spans_hit.append(bool(inside))
            whole_hit.append(any(reply.text == sentence(event) for reply in inside))
        for index, reply in enumerate(run.replies):
            replies += 1
            repeats += any(reply.text == other.text for other in run.replies[:index])
            event = next((event for event in gold if in_span(event, reply.time)), None)
            off += event is None
            if event is not None:
                pairs.append((event, reply.text))
            uniform.append(np.mean([any(in_span(event, time) for event in gold) for time, _, _ in run.trace]))
    return {
        "clips": len(runs), "gold": len(spans_hit), "replies": replies, "spans_with_a_reply": _mean(spans_hit),
        "spans_told_to_the_letter": _mean(whole_hit), "replies_inside_a_span": round((replies - off) / max(1, replies), 4),
        "uniform_speaker_inside_a_span": _mean(uniform), "repeated_replies": round(repeats / max(1, replies), 4),
        **{f"right_{name}": value for name, value in naming(pairs).items()},
    }


def _mean(values: list[bool] | list[float]) -> float:
    return round(float(np.mean(values)), 4) if len(values) else 0.0


def areas(runs: list[Run]) -> dict[str, float]:
    """ROC-AUC of each head per frame. Informative: from the middle of a gold span to its end; relevance: the whole span."""
    informative, relevance, due, inside = [], [], [], []
    for run in runs:
        for time, first, second in run.trace:
            informative.append(first)
            relevance.append(second)
            due.append(any(event.middle <= time <= event.end for event in run.case.gold))
            inside.append(any(event.start <= time <= event.end for event in run.case.gold))
    return {"informative": round(ranked_area(np.array(informative), np.array(due, int)), 4),
            "relevance": round(ranked_area(np.array(relevance), np.array(inside, int)), 4)}


def blackened(model: DuetModel, case: Case) -> Case:
    """The same case with every picture black."""
    with torch.inference_mode():
        black = model.eye(torch.zeros(1, model.shape.side, model.shape.side, 3, dtype=torch.uint8))
    return replace(case, embeds=black.expand(len(case.embeds), -1, -1))


def unseen(pairs: list[tuple[Event, str]], cases: list[Case]) -> list[tuple[Event, str]]:
    """Only events whose combination no training clip contained."""
    owners = {id(event): split_of(event, _scene_at(case.blueprint, event), case.blueprint.aspect) for case in cases for event in case.gold}
    return [(event, text) for event, text in pairs if owners[id(event)] != "train"]


def _scene_at(blueprint: Blueprint, event: Event) -> str:
    changes = [other.value for other in blueprint.events if other.kind == "scene" and other.start < event.start]
    return changes[-1] if changes else blueprint.scene


def firing_times(trace: list[tuple[float, float, float]], policy: Policy) -> list[float]:
    """When a policy speaks on a trace; replies are removed, so they do not change later scores."""
    times: list[float] = []
    for time, informative, relevance in trace:
        score = informative * policy.informative + relevance * policy.relevance
        if score > policy.threshold and (not times or time - times[-1] >= policy.cooldown):
            times.append(time)
    return times


def timing(runs: list[Run], policy: Policy) -> dict[str, float]:
    """Recall: gold spans with a reply. Precision: replies that are the first in their span. F1 of both."""
    replies = hits = gold = 0
    for run in runs:
        times = firing_times(run.trace, policy)
        replies, gold = replies + len(times), gold + len(run.case.gold)
        hits += sum(any(in_span(event, time) for time in times) for event in run.case.gold)
    recall, precision = hits / max(1, gold), hits / max(1, replies)
    return {"recall": round(recall, 4), "precision": round(precision, 4), "f1": round(2 * recall * precision / max(1e-9, recall + precision), 4)}


def sweep(model: DuetModel, tokenizer: Tokenizer, cases: list[Case]) -> dict[str, dict[str, float]]:
    """The best policies by F1 of their timing, best first."""
    runs = [run_case(model, tokenizer, case, Policy(threshold=9)) for case in cases]
    found = {}
    for cooldown in (0.0, 1.5, 2.0, 2.5, 3.0):
        for threshold in np.arange(0.1, 0.9, 0.05):
            found[f"informative > {threshold:.2f}, cooldown {cooldown}"] = timing(runs, Policy(float(threshold), cooldown=cooldown))
        for threshold in np.arange(0.3, 1.8, 0.1):
            found[f"both > {threshold:.2f}, cooldown {cooldown}"] = timing(runs, Policy(float(threshold), relevance=True, cooldown=cooldown))
    return dict(sorted(found.items(), key=lambda pair: -pair[1]["f1"])[:25])


def report(model: DuetModel, tokenizer: Tokenizer, cases: list[Case], policy: Policy) -> dict[str, object]:
    """All figures of one task."""
    runs = [run_case(model, tokenizer, case, policy) for case in cases]
    told = [pair for case in cases for pair in told_at_middle(model, tokenizer, case)]
    dark = [blackened(model, case) for case in cases]
    return {
        "loop": loop_figures(runs), "loop_replies_kept": loop_figures([run_case(model, tokenizer, case, policy, keep=True) for case in cases]),
        "auc": areas(runs), "told_at_the_middle": naming(told), "told_at_the_middle_unseen_combinations": naming(unseen(told, cases)),
        "commonest_answer": chance([event for case in cases for event in case.gold]),
        "black_frames": {"loop": loop_figures([run_case(model, tokenizer, case, policy) for case in dark]),
                         "told_at_the_middle": naming([pair for case in dark for pair in told_at_middle(model, tokenizer, case)])},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--name", default="duet.pt")
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("--split", choices=["validation", "test"], default="test")
    parser.add_argument("--clips", type=int, default=150, help="clips per task")
    parser.add_argument("--sweep", action="store_true", help="compare policies instead (use the validation split)")
    parser.add_argument("--recommended", type=Path, default=Path(__file__).parent / "recommended.json")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    torch.set_num_threads(1)
    tokenizer = Tokenizer.from_file(str(options.tokenizer))
    model = read_model(options.run, options.name, tokenizer)
    recommended = json.loads(options.recommended.read_text())
    figures: dict[str, object] = {"split": options.split, "clips_per_task": options.clips}
    for task in ("captions", "questions"):
        cases = make_cases(model, options.split, options.clips, task == "captions", 1)
        settings = recommended["captions" if task == "captions" else "magqa"]
        heads = settings["heads"]
        policy = Policy(settings["policy"]["threshold"], "informative" in heads, "relevance" in heads, settings["cooldown"])
        figures[task] = sweep(model, tokenizer, cases) if options.sweep else report(model, tokenizer, cases, policy)
    options.out.write_text(json.dumps(figures, indent=2) + "\n")
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
