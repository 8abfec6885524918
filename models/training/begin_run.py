"""Begins a run where the bundled checkpoint ends, so that `train.sh` trains it on: writes RUN/eye.pt and RUN/duet.pt.

The auxiliary readings are dropped at export; `start/readers.pt` (made by keep_weights.py) keeps them, with the student's ability and training time."""

from __future__ import annotations

import argparse
from pathlib import Path

from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor

import checkpoints
from export import TOWER
from model import DuetModel, Shape
from student import Student

HERE = Path(__file__).parent
PROJECTOR = "model.mm_projector."
HEADS = ("informative_head", "relevance_head")


def take_in(model: DuetModel, tensors: dict[str, Tensor]) -> None:
    """Puts a checkpoint's tensors (MMDuet's names, any precision) into the model. A RuntimeError names what is missing or does not fit."""
    tensors = {name: value.float() for name, value in tensors.items()}

    def below(prefix: str) -> dict[str, Tensor]:
        return {name.removeprefix(prefix): tensors.pop(name) for name in list(tensors) if name.startswith(prefix)}

    body = model.eye.body()
    # What comes after the encoder is not trained and not exported.
    body.load_state_dict({**{name: value for name, value in body.state_dict().items() if name.startswith(("post_layernorm", "head"))}, **below(TOWER)})
    model.eye.projector.load_state_dict(below(PROJECTOR))
    for name in HEADS:
        getattr(model.speaker, name).load_state_dict(below(f"{name}."))
    model.speaker.decoder.load_state_dict(tensors | {"lm_head.weight": tensors["model.embed_tokens.weight"]})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True, help="a new folder for check-points and logs")
    parser.add_argument("--checkpoint", type=Path, default=HERE.parent / "duet-nano" / "checkpoint")
    parser.add_argument("--readers", type=Path, default=HERE / "start" / "readers.pt")
    options = parser.parse_args()
    if (options.run / "duet.pt").exists():
        parser.error(f"{options.run} already holds a run; train.sh goes on with it")
    kept = checkpoints.load(options.readers)
    if kept is None:
        parser.error(f"no file {options.readers}")
    tokenizer = Tokenizer.from_file(str(options.checkpoint / "tokenizer.json"))
    model = DuetModel(Shape(), tokenizer.get_vocab_size(), tokenizer.token_to_id("<|im_end|>"))
    take_in(model, load_file(options.checkpoint / "model.safetensors"))
    student = Student(Shape(), tokenizer)
    student.speaker.load_state_dict(model.speaker.state_dict())
    student.readers.load_state_dict({name: value.float() for name, value in kept["readers"].items()})
    checkpoints.save(options.run / "eye.pt", {"eye": model.eye.state_dict()})
    checkpoints.save(options.run / "duet.pt", {"student": student.state_dict()} | {key: kept[key] for key in ("ability", "step", "seconds", "total")})
    print(f"{options.run} goes on after step {kept['step']:,}, {kept['seconds'] / 60:.0f} minutes")


if __name__ == "__main__":
    main()
