"""Several processes on one training (started with WORLD_SIZE and RANK): each computes on its own batches, gradients are averaged, clocks agree."""

from __future__ import annotations

import os
from collections.abc import Iterable

import torch
import torch.distributed as distributed
from torch import nn


class Team:
    """The processes of this training; a single one when WORLD_SIZE is not set."""

    def __init__(self) -> None:
        self.size, self.rank = int(os.environ.get("WORLD_SIZE", "1")), int(os.environ.get("RANK", "0"))
        if self.size > 1:
            distributed.init_process_group("gloo")

    def agree(self, seconds: float) -> float:
        """The first process's clock, the same for all: rates and the end depend on it."""
        if self.size == 1:
            return seconds
        clock = torch.tensor([seconds], dtype=torch.float64)
        distributed.broadcast(clock, 0)
        return clock.item()

    def average_gradients(self, parameters: Iterable[nn.Parameter]) -> None:
        """Replaces every gradient by the mean over the processes."""
        if self.size == 1:
            return
        gradients = [parameter.grad for parameter in parameters if parameter.grad is not None]
        joined = torch.cat([gradient.flatten() for gradient in gradients])
        distributed.all_reduce(joined)
        joined /= self.size
        for gradient, part in zip(gradients, joined.split([gradient.numel() for gradient in gradients])):
            gradient.copy_(part.view_as(gradient))
