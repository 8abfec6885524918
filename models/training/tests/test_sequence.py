"""Branches of one training sequence must score as the cached loop does, whatever else is in the batch."""

from __future__ import annotations

import random
import unittest

import numpy as np
import torch

from branched import attend
from sequence import IGNORE, Sequence, collate
from student import additive_mask


def sequence_of(rng: random.Random, main: int, branches: list[tuple[int, int]]) -> Sequence:
    """A main line of frame tokens with branches (limit, length)."""
    sequence = Sequence(heads=[main - 1], informative=[0], relevance=[0], aux=[[0]])
    for slot in range(main):
        _append(sequence, slot, 0, slot + 1)
    for number, (limit, length) in enumerate(branches, 1):
        for _ in range(length):
            _append(sequence, -1, number, limit)
    return sequence


def _append(sequence: Sequence, slot: int, branch: int, limit: int) -> None:
    for name, value in {"ids": -1, "slots": slot, "positions": 0, "branch": branch, "limit": limit, "labels": IGNORE, "owner": -1}.items():
        getattr(sequence, name).append(value)


class Branches(unittest.TestCase):
    def test_attention_equals_one_full_mask(self) -> None:
        rng, torch_rng = random.Random(1), torch.Generator().manual_seed(1)
        sequences = [sequence_of(rng, 9, [(4, 3), (8, 2)]), sequence_of(rng, 6, [(6, 4)])]
        arrays = collate(sequences, [np.zeros((9, 2)), np.zeros((6, 2))])
        batch = {name: torch.from_numpy(array) for name, array in arrays.items()}
        length = batch["ids"].shape[1]
        query, key, value = (torch.randn(2, heads, length, 8, generator=torch_rng) for heads in (4, 2, 2))
        mixed, _ = attend(torch.nn.Identity(), query, key, value, additive_mask(batch), 0.3)
        for row, sequence in enumerate(sequences):
            for column in [column for column in range(length) if batch["branch"][row, column] >= 0]:
                branch, limit = int(batch["branch"][row, column]), int(batch["limit"][row, column])
                seen = [other for other in range(length) if
                        (batch["branch"][row, other] == 0 and other < limit) or (branch and batch["branch"][row, other] == branch and other <= column)]
                for head in range(4):
                    weights = (query[row, head, column] @ key[row, head // 2, seen].T * 0.3).softmax(0)
                    self.assertTrue(torch.allclose(weights @ value[row, head // 2, seen], mixed[row, column, head], atol=1e-5))


if __name__ == "__main__":
    unittest.main()
