"""Figures on labelled real clips: plays cached detections, writes runs as `duet watch --json` does, and lets the clips' scorer judge them."""

from __future__ import annotations

import argparse
import json
import subprocess
from pathlib import Path

import torch
from tokenizers import Tokenizer

from sight.serving.watch import Watcher, load_frames, load_model

CROWDED, EMPTY = ("vtest", "gate_a", "gate_b"), ("empty_a",)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help="a check-point of train.py")
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("--detections", type=Path, required=True, help="folder of NAME.npz")
    parser.add_argument("--clips", type=Path, required=True, help="folder with truth.json, annotations/magqa.json and score_real.mjs")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--fps", type=float, default=4)
    parser.add_argument("--thresholds", type=float, nargs="+", default=[0.3, 0.4, 0.5, 0.6, 0.7])
    parser.add_argument("--cooldown", type=float, default=1.0)
    parser.add_argument("--types", nargs="+", default=["narrate", "count", "place", "tell", "gone", "none"], help="narrate (no question) and types of annotated questions")
    parser.add_argument("--verbose", action="store_true")
    return parser.parse_args()


def write_run(path: Path, video: str, watcher: Watcher, turns: list[int], said: dict[int, str]) -> None:
    """One run as JSON lines."""
    rows = [{"type": "source.opened", "source": video, "video_time": 0}, *({"type": "user.text.inserted", "text": text, "video_time": time} for time, text in watcher.texts)]
    for frame in turns:
        if frame not in said:
            said[frame] = watcher.speak(frame)
        rows.append({"type": "response.done", "status": "completed", "text": said[frame], "video_time": float(watcher.times[frame])})
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


def score(clips: Path, files: list[Path], verbose: bool = False) -> tuple[dict[str, dict[str, object]], str]:
    """The scorer's totals by mode, and what it prints when it is to be verbose."""
    command = ["node", str(clips / "score_real.mjs"), "--truth", str(clips / "truth.json")]
    names = [str(file) for file in files]
    totals = json.loads(subprocess.run([*command, "--json", *names], capture_output=True, text=True, check=True).stdout)["total"]
    return totals, subprocess.run([*command, "--verbose", *names], capture_output=True, text=True, check=True).stdout if verbose else ""


def line_of(name: str, figures: dict[str, object]) -> str:
    keep = ("recall", "recall_one_to_one", "precision", "precision_one_to_one", "false", "chance", "count_exact", "count_within_one", "answered", "answered_right", "per_minute", "median_delay")
    return f"{name:28}" + " ".join(f"{key}={figures[key]}" for key in keep if figures.get(key) is not None)


def main() -> None:
    options = arguments()
    torch.set_num_threads(1)
    tokenizer = Tokenizer.from_file(str(options.tokenizer))
    model = load_model(options.model, tokenizer)
    truth = json.loads((options.clips / "truth.json").read_text())
    videos = {Path(video["video"]).stem: video["video"] for video in truth["videos"]}
    inputs = {name: load_frames(options.detections / f"{name}.npz", options.fps) for name in videos}
    questions = json.loads((options.clips / "annotations" / "magqa.json").read_text())
    lines: dict[float, list[str]] = {}
    runs: dict[tuple[str, str], tuple[Watcher, dict[int, str]]] = {}
    for name in videos:
        if "narrate" in options.types:
            runs[name, "narrate"] = Watcher(model, tokenizer, *inputs[name], options.fps), {}
    for question in questions:
        kind = question["type"].rstrip("0123456789").split("-")[0]
        if kind in options.types and kind != "narrate":
            name, asked = Path(question["video"]).stem, question["conversation"][0]
            until = round((asked["time"] + 4) * options.fps) if kind in ("count", "place") else None
            frames = (part[:until] for part in inputs[name])
            runs[name, question["question_id"].replace(".", "_")] = Watcher(model, tokenizer, *frames, options.fps, [(asked["time"], asked["content"])]), {}
    for threshold in options.thresholds:
        folder = options.out / f"{threshold:g}"
        files = {}
        for (name, question), (watcher, said) in runs.items():
            files[name, question] = folder / f"{name}.{question}.jsonl"
            write_run(files[name, question], videos[name], watcher, watcher.turns(threshold, options.cooldown), said)
        groups = {"crowded": CROWDED, "others": [name for name in videos if name not in CROWDED], "empty": EMPTY}
        print(f"threshold {threshold:g}")
        for group, names in groups.items():
            own = [path for (name, question), path in files.items() if name in names and question == "narrate"]
            if own:
                figures, details = score(options.clips, own, options.verbose and group != "empty")
                print(line_of(f"  narrate {group}", figures["narrate"]), details, sep="\n" if details else "")
        for prefix in ("count", "place", "tell", "gone", "none"):
            own = [path for (name, question), path in files.items() if question.split("_")[-1].startswith(prefix)]
            if own:
                figures, details = score(options.clips, own, options.verbose)
                for mode, values in figures.items():
                    print(line_of(f"  {prefix} ({mode})", values), details, sep="\n" if details else "")


if __name__ == "__main__":
    main()
