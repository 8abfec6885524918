"""What a vision.onnx sees of labelled videos, frame by frame and without any smoothing: things found, counts right, false things.

    python measure_detector.py --videos DIR --truth truth.json [--fit stretch|pad] [--fps 5] VISION.onnx ...

`truth.json`: videos with events; of `count` (a state with a number) and `present` events the sure ones are asked for, and a thing detected while
no `present` event of its class lasts is false. For each least score: `found`, the share of (frame, class present) with a box of the class;
`exact`, `near`: counts equal, within one; `false`, boxes a frame of classes that are not there.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from pathlib import Path

import numpy as np

from classes import COCO_NAMES
from video_detections import detect_video, open_vision

LEAST = (0.3, 0.4, 0.5, 0.6)


def main() -> None:
    arguments = _arguments()
    truth = json.loads(arguments.truth.read_text())["videos"]
    for path in arguments.vision:
        vision, sums = open_vision(path), defaultdict(lambda: np.zeros(6))
        for video in truth:
            detections, _ = detect_video(vision, arguments.videos / video["video"], arguments.fps, arguments.fit)
            for least in LEAST:
                sums[least] += measure(detections, arguments.fps, video["events"], least)
                if arguments.each:
                    print(f"  {video['video']:14} {least} {_line(measure(detections, arguments.fps, video['events'], least))}")
        for least, (found, asked, exact, near, counted, false_and_frames) in ((least, _shares(values)) for least, values in sums.items()):
            print(f"{path.name} {arguments.fit} score > {least}: found {found:.3f} of {asked:.0f}, exact {exact:.3f}, near {near:.3f} of {counted:.0f}, false {false_and_frames:.3f} a frame")


def measure(detections: np.ndarray, fps: float, events: list[dict], least: float) -> np.ndarray:
    """[found, asked, exact, near, counted, false] summed over the frames, the last one a frame times `asked` for adding up."""
    total = np.zeros(6)
    for index, rows in enumerate(detections):
        time, names = index / fps, [COCO_NAMES[row[8:].argmax()] for row in rows if row[4] > least]
        now = [event for event in events if event["t0"] + 0.2 <= time <= event["t1"] - 0.2 and event["kind"] in ("present", "count")]
        there, sure = _classes(now, "present"), _classes([event for event in now if event["sure"]], "present")
        for classes in {tuple(sorted(classes)) for classes in sure}:
            total[:2] += [any(name in classes for name in names), 1]
        for event in now:
            if event["kind"] == "count" and event["sure"]:
                classes = {event["thing"], *event.get("also", [])}
                error = abs(sum(name in classes for name in names) - event["count"])
                total[2:5] += [error == 0, error <= 1, 1]
        total[5] += sum(not any(name in classes for classes in there) for name in names)
    return np.append(total[:5], total[5] / len(detections))


def _classes(events: list[dict], kind: str) -> list[set[str]]:
    return [{event["thing"], *event.get("also", [])} for event in events if event["kind"] == kind]


def _shares(values: np.ndarray) -> tuple[float, ...]:
    found, asked, exact, near, counted, false = values
    return found / asked, asked, exact / counted, near / counted, counted, false / 8


def _line(values: np.ndarray) -> str:
    found, asked, exact, near, counted, false = values
    return f"found {found:.0f}/{asked:.0f} exact {exact:.0f} near {near:.0f} of {counted:.0f} false {false:.3f}"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--videos", type=Path, required=True)
    parser.add_argument("--truth", type=Path, required=True)
    parser.add_argument("--fit", choices=("stretch", "pad"), default="stretch")
    parser.add_argument("--fps", type=float, default=5)
    parser.add_argument("--each", action="store_true", help="print a line a video as well")
    parser.add_argument("vision", type=Path, nargs="+")
    return parser.parse_args()


if __name__ == "__main__":
    main()
