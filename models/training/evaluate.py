"""Figures on a split through the real loop: frames in, scores, threshold, greedy reply, reply removed. Writes JSON."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from cache_features import FPS
from cases import Case, make_cases
from export import read_model
from figures import Played, areas, grounding, naming, sliced, summary, timing
from model import DuetModel
from session import Policy, Reply, Session


@torch.inference_mode()
def play(model: DuetModel, tokenizer: Tokenizer, case: Case, policy: Policy, keep: bool = False) -> Played:
    """Plays a case through the loop. Before a late question the assistant may narrate; that is left out."""
    session, waiting = Session(model, tokenizer, policy, keep), list(case.lesson.questions)
    for index, embeds in enumerate(case.embeds):
        while waiting and waiting[0].time <= index / FPS:
            session.user(waiting.pop(0).text)
        session.frame(index / FPS, embeds)
    return Played(case, [reply for reply in session.replies if reply.time >= case.asked],
                  [point for point in session.trace if point[0] >= case.asked])


@torch.inference_mode()
def told_when_due(model: DuetModel, tokenizer: Tokenizer, case: Case) -> list[tuple[str, str]]:
    """(due, said) when made to speak at the middle between each reply's due time and its span's end, without policy."""
    session, waiting, told = Session(model, tokenizer, Policy(threshold=9.0)), list(case.lesson.questions), []
    moments = [(int(np.ceil((0.7 * telling.due + 0.3 * telling.last) * FPS)), telling) for telling in case.lesson.tellings if telling.due >= case.asked]
    for index, embeds in enumerate(case.embeds):
        while waiting and waiting[0].time <= index / FPS:
            session.user(waiting.pop(0).text)
        session.frame(index / FPS, embeds)
        told += [(telling.text, session.speak()) for moment, telling in moments if moment == index]
    return told


def read_policy(path: Path) -> Policy:
    """The policy that is recommended for answering questions."""
    settings = json.loads(path.read_text())["magqa"]
    return Policy(settings["policy"]["threshold"], "informative" in settings["heads"], "relevance" in settings["heads"], settings["cooldown"])


def uniform_speaker(run: Played) -> Played:
    """A speaker that says what the model said, but at uniform times."""
    times = [point[0] for point in run.trace]
    count = len(run.replies)
    moments = [times[round((number + 0.5) * len(times) / count)] for number in range(count)] if count and len(times) > count else []
    return replace(run, replies=[Reply(time, reply.text) for time, reply in zip(moments, run.replies)])


def sweep(runs: list[Played]) -> dict[str, dict[str, float]]:
    """The best policies by F1 of their timing, best first."""
    found = {}
    for cooldown in (0.0, 1.5, 2.0, 2.5, 3.0):
        for threshold in np.arange(0.1, 0.9, 0.05):
            found[f"informative > {threshold:.2f}, cooldown {cooldown}"] = timing(runs, Policy(float(threshold), cooldown=cooldown))
        for threshold in np.arange(0.3, 1.8, 0.1):
            found[f"both > {threshold:.2f}, cooldown {cooldown}"] = timing(runs, Policy(float(threshold), relevance=True, cooldown=cooldown))
    return dict(sorted(found.items(), key=lambda pair: -pair[1]["f1"])[:25])


def report(model: DuetModel, tokenizer: Tokenizer, cases: list[Case], policy: Policy) -> dict[str, object]:
    """All figures."""
    runs = [play(model, tokenizer, case, policy) for case in cases]
    told = {case.task: [] for case in cases}
    for case in cases:
        told[case.task] += told_when_due(model, tokenizer, case)
    return {
        "played": sliced(runs, summary), "uniform_speaker": summary([uniform_speaker(run) for run in runs]),
        "told_when_due": {"all": naming([pair for pairs in told.values() for pair in pairs])} | {task: naming(pairs) for task, pairs in told.items()},
        "auc": sliced(runs, areas), "grounding": grounding([run for run in runs if run.case.task == "query"]),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--name", default="duet.pt")
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("--split", choices=["validation", "test"], default="test")
    parser.add_argument("--each", type=int, default=12, help="cases of every task")
    parser.add_argument("--tasks", nargs="*", help="only these tasks")
    parser.add_argument("--sweep", action="store_true", help="compare policies instead (use the validation split)")
    parser.add_argument("--recommended", type=Path, default=Path(__file__).parent / "recommended.json")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    torch.set_num_threads(1)
    tokenizer = Tokenizer.from_file(str(options.tokenizer))
    model = read_model(options.run, options.name, tokenizer)
    policy = read_policy(options.recommended)
    cases = make_cases(model, options.split, options.each, 1, options.tasks)
    figures: dict[str, object] = {"split": options.split, "cases_of_each_task": options.each}
    if options.sweep:
        figures["sweep"] = sweep([play(model, tokenizer, case, Policy(threshold=9)) for case in cases])
    else:
        figures |= report(model, tokenizer, cases, policy)
    options.out.write_text(json.dumps(figures, indent=2) + "\n")
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
