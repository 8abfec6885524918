"""What preference tuning minimises and reports, batch by batch, for a student beside its frozen self."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

import checkpoints
from preference_batches import Batch, reference_of, said_of
from preference_losses import anchor_loss, preference_loss, preference_margins, supervised_loss, timing_gaps, timing_loss
from student import Student

COLUMNS = {"informative": 0, "relevance": 1}


@dataclass(frozen=True)
class Weights:
    """Of the losses; `beta` is that of the preference loss, whose weight is 1."""

    beta: float
    supervised: float
    timing: float
    anchor: float


class Tuning:
    """The student in tuning, and the failures with the frozen student's figures: for learning, and of held-out clips."""

    def __init__(self, student: Student, batches: dict[str, list[Batch]], reference: dict[str, dict[str, list[Tensor]]], heads: list[str],
                 weights: Weights) -> None:
        self.student, self.batches, self.reference, self.weights = student, batches, reference, weights
        self.columns = [COLUMNS[name] for name in heads]

    def losses(self, part: str, index: int) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
        """The losses of a batch; and of each of its pairs the margin, whether the right reply is the likelier one per token, and the right
        one's log-probability per token; and its timing gaps."""
        batch, before = self.batches[part][index], {name: values[index] for name, values in self.reference[part].items()}
        said = said_of(self.student, batch)
        margins = preference_margins(said.replies, before["replies"], said.lengths)
        gaps = timing_gaps(said.odds[:, self.columns].mean(1), batch.speak, batch.hush)
        losses = {"preference": preference_loss(margins, self.weights.beta), "supervised": supervised_loss(said.replies, said.lengths),
                  "timing": timing_loss(gaps), "anchor": anchor_loss(said.odds, before["odds"], batch.speak, batch.hush)}
        likely = said.replies / said.lengths
        return losses, {"margins": margins, "preferred": (likely[:, 0] > likely[:, 1]).float(), "likelihood": likely[:, 0], "gaps": gaps}

    def total(self, losses: dict[str, Tensor]) -> Tensor:
        """What is minimised."""
        weights = self.weights
        return (losses["preference"] + weights.supervised * losses["supervised"] + weights.timing * losses["timing"]
                + weights.anchor * losses["anchor"])

    @torch.no_grad()
    def figures(self, part: str) -> dict[str, float]:
        """Of a part's pairs: the share whose margin is positive (preference accuracy), the mean margin, the share where the right reply is
        the likelier, the right replies' log-probability per token; the share of gaps above 0; how far other scores have moved."""
        if not self.batches[part]:
            return {}
        results = [self.losses(part, index) for index in range(len(self.batches[part]))]
        joined = {name: torch.cat([seen[name] for _, seen in results]) for name in results[0][1]}
        means = {"accuracy": (joined["margins"] > 0).float(), "margin": joined["margins"], "preferred": joined["preferred"],
                 "likelihood": joined["likelihood"], "gaps_right": (joined["gaps"] > 0).float(),
                 "anchor": torch.stack([losses["anchor"] for losses, _ in results])}
        return {f"{part}_{name}": values.mean().item() for name, values in means.items() if len(values)}

    def batch_at(self, step: int) -> int:
        """Which batch a step learns from: every pass takes all in an order of its own."""
        count = len(self.batches["train"])
        order = list(range(count))
        random.Random(step // count).shuffle(order)
        return order[step % count]


def kept_reference(path: Path, mark: str, student: Student, batches: dict[str, list[Batch]]) -> dict[str, dict[str, list[Tensor]]]:
    """The frozen student's figures: from the file, or computed once and kept there."""
    stored = checkpoints.load(path)
    if stored is None or stored["mark"] != mark:
        stored = {"mark": mark, "reference": {part: reference_of(student, some) for part, some in batches.items()}}
        checkpoints.save(path, stored)
    return stored["reference"]
