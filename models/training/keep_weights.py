"""Stores the weights of a run compactly (fp16, no optimizer), so that a run can be put aside or carried elsewhere."""

from __future__ import annotations

import argparse
from pathlib import Path

from torch import Tensor

import checkpoints

# The student's parts that a checkpoint lacks; begin_run.py takes them from readers.pt.
READERS = "readers."


def halved(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """The same tensors in half precision."""
    return {name: value.half() if value.is_floating_point() else value for name, value in state.items()}


def write(path: Path, state: dict[str, object]) -> None:
    """Writes the file and says how big it is."""
    checkpoints.save(path, state)
    print(path.name, f"{path.stat().st_size / 1e6:.1f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="folder for eye.pt, vision.pt, duet.pt and readers.pt; the first three are read like the run's own")
    options = parser.parse_args()
    for name, parts in {"eye.pt": ["eye"], "vision.pt": ["eye", "reader"], "duet.pt": ["student"]}.items():
        stored = checkpoints.load(options.run / name)
        if stored is None:
            continue
        kept = {part: halved(stored[part]) for part in parts} | {key: stored[key] for key in ("step", "seconds", "total", "ability") if key in stored}
        write(options.out / name, kept)
        if name == "duet.pt":
            readers = {key.removeprefix(READERS): value for key, value in kept["student"].items() if key.startswith(READERS)}
            write(options.out / "readers.pt", {"readers": readers} | {key: stored[key] for key in ("step", "seconds", "total", "ability")})


if __name__ == "__main__":
    main()
