"""What is learnt, as losses."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from sight.lessons.readings import ASKED_SIZES, FRAME_SIZES, IGNORE

# How much more a frame counts in which something happens, and a place where something stands.
RARE = 4.0


def reading_losses(logits: Tensor, batch: dict[str, Tensor]) -> dict[str, Tensor]:
    """Of what is read off the frame tokens, weighted."""
    binary = nn.functional.binary_cross_entropy_with_logits
    events, happening, people, things, places = logits.split(FRAME_SIZES, 1)
    return {
        "events": binary(events, batch["events"], weight=1 + RARE * batch["events"]), "happening": 0.3 * known_loss(happening, batch["happening"]),
        "people": 0.4 * known_loss(people, batch["counts"][:, 0]), "things": 0.2 * known_loss(things, batch["counts"][:, 1]),
        "places": binary(places, batch["places"], weight=1 + RARE * batch["places"]),
    }


def losses_of(output: dict[str, Tensor], batch: dict[str, Tensor]) -> dict[str, Tensor]:
    """Cross entropies of replies and both heads, and of the readings, weighted."""
    cross_entropy, binary = nn.functional.cross_entropy, nn.functional.binary_cross_entropy_with_logits
    losses = {"reply": cross_entropy(output["reply"], output["labels"]) if len(output["labels"]) else output["reply"].sum(),
              "informative": 2 * cross_entropy(output["informative"], batch["informative"]), "relevance": 0.3 * cross_entropy(output["relevance"], batch["relevance"])}
    losses |= reading_losses(output["frame"], batch)
    events, happening = output["again"].split(FRAME_SIZES[:2], 1)
    losses["again"] = 0.5 * binary(events, batch["events"], weight=1 + RARE * batch["events"]) + 0.15 * known_loss(happening, batch["happening"])
    asked = zip(output["asked"].split(ASKED_SIZES, 1), batch["asked"].T)
    losses["asked"] = 0.3 * sum((known_loss(part, target) for part, target in asked), 0 * output["asked"].sum())
    return losses


def known_loss(logits: Tensor, targets: Tensor) -> Tensor:
    """Cross entropy where there is something to know."""
    return nn.functional.cross_entropy(logits, targets, ignore_index=IGNORE) if (targets != IGNORE).any() else 0 * logits.sum()


def note_outcomes(ability: object, output: dict[str, Tensor], batch: dict[str, Tensor]) -> None:
    """Which replies were right in every token, and which lessons had no false alarm, goes into the running ability."""
    wrong = torch.zeros(len(batch["factors"])).index_add_(0, output["owner"], (output["reply"].argmax(1) != output["labels"]).float())
    for factors, count in zip(batch["factors"], wrong.tolist()):
        ability.note(factors, count == 0)
    alarms = (batch["informative"] == 0) & (batch["relevance"] == 0) & (output["informative"][:, 1] > output["informative"][:, 0])
    for (silence, _), part in zip(batch["silences"], alarms.split([count for _, count in batch["silences"]])):
        ability.note([silence], not part.any())
