"""Teacher-forced figures of a model in training, on fixed batches."""

from __future__ import annotations

import numpy as np
import torch

from sight.lessons.readings import ASKED_SIZES, FRAME_SIZES, IGNORE
from sight.learning.student import SightStudent
from validation import ranked_area


@torch.no_grad()
def validate(student: SightStudent, batches: list[dict[str, object]]) -> dict[str, float]:
    """Replies right in every token, area under the curve and best F1 of the informative head, what the readings read."""
    student.eval()
    whole, scores, labels, people, asked = [], [], [], [], []
    for batch in batches:
        output = student(batch)
        wrong = torch.zeros(len(batch["factors"])).index_add_(0, output["owner"], (output["reply"].argmax(1) != output["labels"]).float())
        whole.append(wrong == 0)
        scores.append(output["informative"].softmax(1)[:, 1].numpy())
        labels.append(batch["informative"].numpy())
        people.append(output["frame"].split(FRAME_SIZES, 1)[2].argmax(1) == batch["counts"][:, 0])
        target = output["asked"].split(ASKED_SIZES, 1)[1].argmax(1) == batch["asked"][:, 1]
        asked.append(target[batch["asked"][:, 1] != IGNORE])
    student.train()
    joined, truth = np.concatenate(scores), np.concatenate(labels)
    return {"whole_replies": torch.cat(whole).float().mean().item(), "auc_informative": ranked_area(joined, truth), "best_f1": best_f1(joined, truth),
            "people_right": torch.cat(people).float().mean().item(), "asked_target": torch.cat(asked).float().mean().item()}


def best_f1(scores: np.ndarray, labels: np.ndarray) -> float:
    """Of the best threshold, frame by frame."""
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(labels[order])
    return float((2 * hits / (np.arange(1, len(hits) + 1) + max(1, labels.sum()))).max())
