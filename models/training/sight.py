"""What a single picture shows, as targets for training the vision tower alone."""

from __future__ import annotations

import random
from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.data import IterableDataset

from model import Shape
from world.blueprint import Blueprint
from world.legislator import sample_blueprint
from world.picture import Box, render_at
from world.state import LANE, State, state_at
from world.vocabulary import PLACES, SCENE_NAMES, THING_NAMES, WORDS

THINGS = len(THING_NAMES)
PICTURES_PER_CLIP = 4
SIGN_SHARE = 0.5
LABELS = {name: index + 1 for index, name in enumerate([*THING_NAMES, *WORDS])}


def targets_of(state: State) -> dict[str, np.ndarray | int]:
    """present [things, places] 0/1, geometry [things, 2] (x in widths, size), scene index, word index (0 = no sign)."""
    present = np.zeros((THINGS, len(PLACES)), np.float32)
    geometry = np.zeros((THINGS, 2), np.float32)
    for actor in state.standing.values():
        if actor.opacity >= 0.4 and 0.0 <= actor.x <= 1.0:
            thing = THING_NAMES.index(actor.thing)
            nearest = min(range(3), key=lambda index: abs(LANE[PLACES[index]] - actor.x))
            present[thing, nearest] = 1
            geometry[thing] = (actor.x, actor.size)
    word = WORDS.index(state.sign) + 1 if state.sign else 0
    return {"present": present, "geometry": geometry, "scene": SCENE_NAMES.index(state.scene), "word": word}


def patches_of(boxes: list[Box], shape: Shape) -> np.ndarray:
    """What each patch's middle shows, int64 [grid, grid]: 0 nothing, else a thing or a sign word (LABELS)."""
    patches = np.zeros((shape.grid, shape.grid), np.int64)
    middles = (np.arange(shape.grid) + 0.5) * shape.patch
    for name, left, top, right, bottom in boxes:
        inset_x, inset_y = 0.08 * (right - left), 0.08 * (bottom - top)
        columns, rows = (middles > left + inset_x) & (middles < right - inset_x), (middles > top + inset_y) & (middles < bottom - inset_y)
        patches[np.ix_(rows, columns)] = LABELS[name]
    return patches


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
                blueprint = sample_blueprint(rng, self.split)
                times = [_moment(rng, blueprint) for _ in range(PICTURES_PER_CLIP)]
                painted, boxes = render_at(blueprint, times, self.shape.side, rng)
                pictures.append(painted)
                rows += [targets_of(state_at(blueprint, time)) | {"patches": patches_of(each, self.shape)} for time, each in zip(times, boxes)]
            yield {"pictures": torch.from_numpy(np.concatenate(pictures))} | {
                name: torch.from_numpy(np.stack([row[name] for row in rows])) for name in rows[0]}


def _moment(rng: random.Random, blueprint: Blueprint) -> float:
    """Any time of the clip, but with signs (rare, and hard to learn to read) seen more often."""
    signs = [event for event in blueprint.events if event.kind == "sign"]
    if signs and rng.random() < SIGN_SHARE:
        sign = rng.choice(signs)
        return rng.uniform(sign.start, sign.end)
    return rng.uniform(0, blueprint.duration)


class SightReader(nn.Module):
    """A linear reading of the frame embeddings; used in this stage only."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.sizes = [THINGS * 3, THINGS * 2, len(SCENE_NAMES), len(WORDS) + 1]
        self.grid = shape.grid
        self.norm = nn.LayerNorm(shape.hidden)
        self.read = nn.Linear(shape.tokens_per_frame * shape.hidden, sum(self.sizes))
        self.read_patch = nn.Sequential(nn.LayerNorm(shape.vision_hidden), nn.Linear(shape.vision_hidden, len(LABELS) + 1))

    def forward(self, embeds: Tensor, patches: Tensor) -> dict[str, Tensor]:
        """[n, tokens, hidden] and early patches [n, grid * grid, vision_hidden] -> logits (present [n, things, 3], scene, word, patches
        [n, labels, grid, grid]) and geometry [n, things, 2]."""
        present, geometry, scene, word = self.read(self.norm(embeds).flatten(1)).split(self.sizes, 1)
        return {"present": present.view(-1, THINGS, 3), "geometry": geometry.view(-1, THINGS, 2), "scene": scene, "word": word,
                "patches": self.read_patch(patches).transpose(1, 2).unflatten(2, (self.grid, self.grid))}


def sight_loss(read: dict[str, Tensor], target: dict[str, Tensor]) -> Tensor:
    """Binary cross entropy for presence, L1 for geometry where present, cross entropy for scene and word."""
    functional = nn.functional
    present = functional.binary_cross_entropy_with_logits(read["present"], target["present"], reduction="sum") / len(target["scene"])
    seen = target["present"].amax(2, keepdim=True)
    geometry = ((read["geometry"] - target["geometry"]).abs() * seen).sum() / seen.sum().clamp(min=1)
    covered = (target["patches"] > 0).float() * 0.9 + 0.1
    patches = (functional.cross_entropy(read["patches"], target["patches"], reduction="none") * covered).sum() / covered.sum()
    return present + 2 * geometry + 2 * patches + functional.cross_entropy(read["scene"], target["scene"]) + 2 * functional.cross_entropy(
        read["word"], target["word"])


def sight_figures(read: dict[str, Tensor], target: dict[str, Tensor]) -> dict[str, float]:
    """Precision and recall of things at places, mean geometry errors, and the shares of right scenes and words."""
    said, truth = read["present"] > 0, target["present"] > 0.5
    seen = target["present"].amax(2) > 0.5
    error = (read["geometry"] - target["geometry"]).abs()[seen].mean(0)
    signs = target["word"] > 0
    covered = target["patches"] > 0
    return {
        "patches": (read["patches"].argmax(1) == target["patches"])[covered].float().mean().item(),
        "precision": ((said & truth).sum() / said.sum().clamp(min=1)).item(), "recall": ((said & truth).sum() / truth.sum()).item(),
        "x_error": error[0].item(), "size_error": error[1].item(),
        "scene": (read["scene"].argmax(1) == target["scene"]).float().mean().item(),
        "word": (read["word"].argmax(1) == target["word"])[signs].float().mean().item(),
        "no_sign": (read["word"].argmax(1) == 0)[~signs].float().mean().item(),
    }
