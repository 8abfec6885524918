"""Teacher-forced figures of a model in training, on fixed batches."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from reading import ASKED_SIZES, AUX_SIZES, SEEN_SIZES
from student import Student


def ranked_area(scores: np.ndarray, labels: np.ndarray) -> float:
    """ROC-AUC by ranks, ties counted half."""
    order = np.argsort(scores, kind="stable")
    values, ranks = scores[order], np.empty(len(scores))
    _, first, counts = np.unique(values, return_index=True, return_counts=True)
    ranks[order] = np.repeat(first + (counts + 1) / 2, counts)
    positives = labels.sum()
    return float((ranks[labels == 1].sum() - positives * (positives + 1) / 2) / max(1, positives * (len(labels) - positives)))


@torch.no_grad()
def validate(student: Student, batches: list[dict[str, Tensor]]) -> dict[str, float]:
    """Teacher-forced figures on fixed validation batches."""
    student.eval()
    right = total = whole = replies = 0
    here, kinds, things, asked, seen, scores, labels = [], [], [], [], [], {"informative": [], "relevance": []}, {"informative": [], "relevance": []}
    for batch in batches:
        output = student(batch)
        right += (output["reply"].argmax(1) == output["labels"]).sum().item()
        total += len(output["labels"])
        wrong = torch.zeros(len(batch["factors"])).index_add_(0, output["owner"], (output["reply"].argmax(1) != output["labels"]).float())
        whole, replies = whole + (wrong == 0).sum().item(), replies + len(wrong)
        for name in scores:
            scores[name].append(output[name].softmax(1)[:, 1].numpy())
            labels[name].append(batch[name].numpy())
        parts, targets = output["aux"].split(AUX_SIZES, 1), batch["aux"].T
        kinds.append((parts[0].argmax(1) == targets[0])[targets[0] > 0])
        things.append((parts[1].argmax(1) == targets[1])[targets[1] >= 0])
        happens = batch["here"].flatten()
        here.append((output["here"].argmax(1) == happens)[happens > 0])
        shown = output["seen"][:, :SEEN_SIZES[0]].argmax(1) == batch["seen"][:, 0]
        seen.append(shown[batch["seen"][:, 0] > 0])
        asked.append(output["asked"][:, :ASKED_SIZES[0]].argmax(1) == batch["asked"][:, 0])
    student.train()
    return {
        "token_accuracy": right / max(1, total), "whole_replies": whole / max(1, replies), "kind": torch.cat(kinds).float().mean().item(), "thing": torch.cat(things).float().mean().item(),
        "asked_type": torch.cat(asked).float().mean().item(), "seen_left": torch.cat(seen).float().mean().item(), "kind_in_column": torch.cat(here).float().mean().item(),
        **{f"auc_{name}": ranked_area(np.concatenate(scores[name]), np.concatenate(labels[name])) for name in scores},
    }
