"""Derives the annotations of the other benchmarks from those of MAGQA: what answers a question is also what is to be found for it.

Usage: python3 derive_annotations.py ../../samples/annotations/magqa.json
Writes grounding.json (Charades-STA's form), highlights.jsonl (QVHighlights' form) and proactive.json (ProactiveVideoQA's form) beside it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

CLIP_SECONDS = 2
# How long after an event a reply to it still counts, in seconds.
LATEST = 2.0

Item = dict[str, Any]


def grounding(item: Item) -> Item:
    """The spans in which something answers the question."""
    spans = [answer["time"] for answer in item["answer"]]
    return {"question_id": item["question_id"], "video": item["video"], "conversation": item["conversation"], "timestamps": spans}


def highlight(item: Item, duration: float) -> Item:
    """Clips of two seconds, rated by the share of them that answers the question: 4 for the most of it, 2 for a part."""
    ratings = {}
    for clip in range(int(duration // CLIP_SECONDS)):
        start, end = clip * CLIP_SECONDS, (clip + 1) * CLIP_SECONDS
        covered = sum(max(0.0, min(end, high) - max(start, low)) for low, high in (answer["time"] for answer in item["answer"]))
        if covered > 0:
            ratings[clip] = 4 if covered > CLIP_SECONDS / 2 else 2
    return {
        "qid": item["question_id"], "query": item["conversation"][0]["content"], "vid": item["video"].removesuffix(".mp4"), "duration": duration,
        "relevant_windows": [answer["time"] for answer in item["answer"]],
        "relevant_clip_ids": list(ratings), "saliency_scores": [[rating] * 3 for rating in ratings.values()],
    }


def proactive(item: Item) -> Item:
    """The same answers, which may also be given a little later."""
    answers = [
        {"content": answer["content"], "related_timespan": answer["time"], "reply_timespan": [answer["time"][0], round(answer["time"][1] + LATEST, 2)]}
        for answer in item["answer"]
    ]
    return {"question_id": item["question_id"], "video": item["video"], "conversation": item["conversation"], "answer": answers}


def duration_of(clip: Path) -> float:
    """Length of a clip in seconds."""
    command = ["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", str(clip)]
    return round(float(subprocess.run(command, check=True, capture_output=True, text=True).stdout), 2)


def main(path: Path) -> None:
    """Writes the three files."""
    # A question asked in mid-stream has no place in these forms: they ask at the beginning.
    items = [item for item in json.loads(path.read_text()) if item["answer"] and item["conversation"][0]["time"] == 0]
    clips = path.parent.parent / "clips"
    lengths = {video: duration_of(clips / video) for video in {item["video"] for item in items}}
    write = lambda name, values: (path.parent / name).write_text(json.dumps(values, indent=1, ensure_ascii=False) + "\n")
    write("grounding.json", [grounding(item) for item in items])
    write("proactive.json", [proactive(item) for item in items])
    lines = [json.dumps(highlight(item, lengths[item["video"]]), ensure_ascii=False) for item in items]
    (path.parent / "highlights.jsonl").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
