"""What a single picture shows, as targets for training the vision tower alone.

Of a frame's four tokens the first three are trained to hold one column of the picture each (left, middle, right), all read in the same way,
so that what is learnt at one place serves all; the last holds the whole picture."""

from __future__ import annotations

import random
from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.data import IterableDataset

from model import Shape
from world.blueprint import Blueprint
from world.executor import Box
from world.legislator import Taste, sample_blueprint
from world.picture import render_at
from world.standing import LANE, Standing
from world.state import State, state_at
from world.vocabulary import COLOUR_NAMES, PLACES, SCENE_NAMES, SIZES, THING_NAMES, WORDS

PICTURES_PER_CLIP = 4
# Full pictures teach more than empty ones.
CROWD = Taste(kinds={"leave": 0.4, "vanish": 0.4, "scene": 0.6, "score": 1.5, "sign": 1.5, "number": 1.5}, opening=(2, 3, 3))
# Share of the pictures taken from the midst of an event, and of those with boards where there are any.
EVENT_SHARE, BOARD_SHARE = 0.6, 0.4
CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-"
LABELS = {name: index + 1 for index, name in enumerate([*THING_NAMES, *CHARACTERS])}
COLOURS = {name: index for index, name in enumerate(["", *COLOUR_NAMES])}
BOARD_KINDS = ["", "sign", "number", "score"]
# Attributes read for each column: several may hold at once.
PRESENT, COLOURED, COUNTED, SIZED = len(THING_NAMES), len(COLOURS), 3, len(SIZES)
# x from the lane's middle, lift, size, sine and cosine of the angle.
GEOMETRY = 5
# Board: its kind, the word, and two digits (10 = none).
BOARD_SIZES = [len(BOARD_KINDS), len(WORDS), 11, 11]


def targets_of(state: State) -> dict[str, np.ndarray | int]:
    """present [3, things], coloured [3, colours], counted and sized [3, 3] 0/1; geometry [3, 5] with seen [3]; board [3, 4]; scene."""
    target = {"present": np.zeros((3, PRESENT), np.float32), "coloured": np.zeros((3, COLOURED), np.float32),
              "counted": np.zeros((3, COUNTED), np.float32), "sized": np.zeros((3, SIZED), np.float32),
              "geometry": np.zeros((3, GEOMETRY), np.float32), "seen": np.zeros(3, np.float32), "board": np.full((3, 4), -100, np.int64)}
    for actor in state.standing.values():
        if actor.opacity >= 0.4 and -0.05 <= actor.x <= 1.05:
            _note(target, actor)
    target["board"][:, 0] = 0
    for place, (kind, text) in state.boards.items():
        target["board"][PLACES.index(place)] = _board_target(kind, text)
    return target | {"scene": SCENE_NAMES.index(state.scene)}


def _note(target: dict[str, np.ndarray], actor: Standing) -> None:
    column = min(range(3), key=lambda index: abs(LANE[PLACES[index]] - actor.x))
    target["present"][column, THING_NAMES.index(actor.thing)] = 1
    target["coloured"][column, COLOURS[actor.shade if actor.shading > 0.5 else actor.colour]] = 1
    target["counted"][column, actor.count - 1] = 1
    target["sized"][column, min(range(3), key=lambda index: abs(list(SIZES)[index] - actor.size))] = 1
    # The geometry of a column is that of its only actor.
    target["seen"][column] = 1 if target["present"][column].sum() == 1 else 0
    angle = np.deg2rad(actor.angle)
    target["geometry"][column] = (3 * (actor.x - LANE[PLACES[column]]), 5 * actor.lift, 2 * actor.size, np.sin(angle), np.cos(angle))


def _board_target(kind: str, text: str) -> tuple[int, int, int, int]:
    """Kind, word, first and second digit; -100 where nothing is to be read."""
    digits = [int(letter) for letter in text if letter.isdigit()]
    first, second = (digits + [10, 10])[:2] if kind != "sign" else (-100, -100)
    return BOARD_KINDS.index(kind), WORDS.index(text) if kind == "sign" else -100, first, second


def patches_of(boxes: list[Box], shape: Shape) -> tuple[np.ndarray, np.ndarray]:
    """What each patch's middle shows, int64 [grid, grid]: 0 nothing, else a thing or a character (LABELS); and its colour (-100: none)."""
    labels, colours = np.zeros((shape.grid, shape.grid), np.int64), np.full((shape.grid, shape.grid), -100, np.int64)
    middles = (np.arange(shape.grid) + 0.5) * shape.patch
    for name, colour, left, top, right, bottom in boxes:
        inset = 0.08 if len(name) > 1 else 0.0
        inset_x, inset_y = inset * (right - left), inset * (bottom - top)
        columns, rows = (middles > left + inset_x) & (middles < right - inset_x), (middles > top + inset_y) & (middles < bottom - inset_y)
        labels[np.ix_(rows, columns)] = LABELS[name]
        colours[np.ix_(rows, columns)] = COLOURS[colour] if len(name) > 1 else -100
    return labels, colours


class PictureStream(IterableDataset):
    """Endless batches of single pictures of fresh clips, with their targets."""

    def __init__(self, split: str, batch: int, seed: int, shape: Shape) -> None:
        self.split, self.batch, self.seed, self.shape = split, batch, seed, shape

    def __iter__(self) -> Iterator[dict[str, Tensor]]:
        worker = torch.utils.data.get_worker_info()
        rng = random.Random(self.seed * 1000 + (worker.id if worker else 0))
        while True:
            pictures, rows = [], []
            while len(rows) < self.batch:
                blueprint = sample_blueprint(rng, self.split, rng.uniform(10, 30), CROWD)
                times = [_moment(rng, blueprint) for _ in range(PICTURES_PER_CLIP)]
                painted, boxes = render_at(blueprint, times, self.shape.side, rng)
                pictures.append(painted)
                rows += [self._row(blueprint, time, each) for time, each in zip(times, boxes)]
            yield {"pictures": torch.from_numpy(np.concatenate(pictures))} | {
                name: torch.from_numpy(np.stack([row[name] for row in rows])) for name in rows[0]}

    def _row(self, blueprint: Blueprint, time: float, boxes: list[Box]) -> dict[str, np.ndarray | int]:
        labels, colours = patches_of(boxes, self.shape)
        return targets_of(state_at(blueprint, time)) | {"patches": labels, "patch_colours": colours}


def _moment(rng: random.Random, blueprint: Blueprint) -> float:
    """Any time of the clip; the midst of events and of boards (rare, and hard to learn to read) more often."""
    boards = [event for event in blueprint.events if event.kind in BOARD_KINDS]
    draw = rng.random()
    if boards and draw < BOARD_SHARE:
        event = rng.choice(boards)
        return rng.uniform(event.start, event.end)
    if draw < EVENT_SHARE:
        event = rng.choice(blueprint.events)
        return rng.uniform(event.start, event.end)
    return rng.uniform(0, blueprint.duration)


class SightReader(nn.Module):
    """A linear reading of the frame embeddings; used in this stage only."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.sizes = [PRESENT, COLOURED, COUNTED, SIZED, GEOMETRY, *BOARD_SIZES]
        self.norm = nn.LayerNorm(shape.hidden)
        self.read_column = nn.Linear(shape.hidden, sum(self.sizes))
        self.read_whole = nn.Linear(shape.hidden, len(PLACES) * sum(self.sizes))
        self.scene = nn.Linear(shape.hidden, len(SCENE_NAMES))
        self.read_patch = nn.ModuleList(
            nn.Sequential(nn.LayerNorm(shape.vision_hidden), nn.Linear(shape.vision_hidden, len(LABELS) + 1 + COLOURED)) for _ in range(2))

    def forward(self, embeds: Tensor, patches: list[Tensor]) -> dict[str, Tensor | dict[str, Tensor | list[Tensor]] | list[Tensor]]:
        """[n, 4, hidden] and patches of two layers, each [n, grid * grid, vision_hidden] -> under "column" and "whole" logits by the targets'
        names, [n, 3, classes], boards as a list of four; "scene"; "patches" as a list of two with classes and colours in dim 1."""
        normed = self.norm(embeds)
        columns, last = normed[:, :len(PLACES)], normed[:, -1]
        patch = [read(layer).transpose(1, 2).unflatten(2, (self.shape.grid, self.shape.grid)) for read, layer in zip(self.read_patch, patches)]
        return {"column": self._named(self.read_column(columns)), "whole": self._named(self.read_whole(last).unflatten(1, (len(PLACES), -1))),
                "scene": self.scene(last), "patches": patch}

    def _named(self, logits: Tensor) -> dict[str, Tensor | list[Tensor]]:
        present, coloured, counted, sized, geometry, *board = logits.split(self.sizes, 2)
        return {"present": present, "coloured": coloured, "counted": counted, "sized": sized, "geometry": geometry, "board": board}


def sight_loss(read: dict[str, Tensor], target: dict[str, Tensor]) -> Tensor:
    """Of the columns and of the whole picture, and cross entropies for scene and patches."""
    patches = sum(_patch_loss(read_patch, target) for read_patch in read["patches"])
    scene = nn.functional.cross_entropy(read["scene"], target["scene"])
    return _columns_loss(read["column"], target) + _columns_loss(read["whole"], target) + scene + 2 * patches


def _columns_loss(read: dict[str, Tensor | list[Tensor]], target: dict[str, Tensor]) -> Tensor:
    """Binary cross entropies for what may hold several times, L1 for geometry where seen, cross entropies for boards."""
    several = sum(nn.functional.binary_cross_entropy_with_logits(read[name], target[name], reduction="sum") / len(target["scene"])
                  for name in ("present", "coloured", "counted", "sized"))
    geometry = ((read["geometry"] - target["geometry"]).abs().mean(2) * target["seen"]).sum() / target["seen"].sum().clamp(min=1)
    return several + geometry + sum(_known(part.flatten(0, 1), target["board"][..., index].flatten()) for index, part in enumerate(read["board"]))


def _patch_loss(read: Tensor, target: dict[str, Tensor]) -> Tensor:
    """Class and colour of every patch; patches that show nothing weigh a tenth."""
    classes, colours = read.split([len(LABELS) + 1, COLOURED], 1)
    covered = (target["patches"] > 0).float() * 0.9 + 0.1
    loss = (nn.functional.cross_entropy(classes, target["patches"], reduction="none") * covered).sum() / covered.sum()
    return loss + 0.5 * nn.functional.cross_entropy(colours, target["patch_colours"], ignore_index=-100)


def _known(logits: Tensor, target: Tensor) -> Tensor:
    """Cross entropy where there is something to read."""
    known = target >= 0
    return nn.functional.cross_entropy(logits[known], target[known]) if known.any() else logits.sum() * 0


def sight_figures(read: dict[str, Tensor], target: dict[str, Tensor]) -> dict[str, float]:
    """How well columns ("column_") and the whole picture are read, and patches and scene."""
    covered = target["patches"] > 0
    return {
        **{f"patches{index}": (part[:, :len(LABELS) + 1].argmax(1) == target["patches"])[covered].float().mean().item()
           for index, part in enumerate(read["patches"])},
        "scene": (read["scene"].argmax(1) == target["scene"]).float().mean().item(),
        **_columns_figures(read["whole"], target), **{f"column_{name}": value for name, value in _columns_figures(read["column"], target).items()},
    }


def _columns_figures(read: dict[str, Tensor | list[Tensor]], target: dict[str, Tensor]) -> dict[str, float]:
    """Precision and recall of things; colour, count and size where one thing is seen; geometry errors; boards."""
    said, truth, alone = read["present"] > 0, target["present"] > 0.5, target["seen"] > 0
    error, boards = (read["geometry"] - target["geometry"]).abs()[alone].mean(0), {}
    for index, name in enumerate(("board", "word", "digit1", "digit2")):
        known = target["board"][..., index] >= 0
        known = known & (target["board"][..., 0] > 0) if index == 0 else known
        boards[name] = (read["board"][index].argmax(2) == target["board"][..., index])[known].float().mean().item()
    return {
        "precision": ((said & truth).sum() / said.sum().clamp(min=1)).item(), "recall": ((said & truth).sum() / truth.sum()).item(),
        **{name: (read[name].argmax(2) == target[name].argmax(2))[alone].float().mean().item() for name in ("coloured", "counted", "sized")},
        "x_error": error[0].item(), "lift_error": error[1].item(), "size_error": error[2].item(), "angle_error": error[3:].mean().item(), **boards,
    }
