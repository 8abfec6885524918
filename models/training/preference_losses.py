"""The losses of preference tuning, on log-probabilities of replies and log-odds of the heads.

Of a pair, column 0 is the right reply and column 1 the wrong one. `before` is always the frozen student's."""

from __future__ import annotations

import torch
from torch import Tensor, nn

# By so much log-odds a frame that should be spoken at must score above one that should not.
GAP = 1.0


def reply_log_probabilities(output: dict[str, Tensor], replies: int) -> tuple[Tensor, Tensor]:
    """A student's output on a batch with `replies` replies, two a pair -> log-probabilities and token counts [pairs, 2]."""
    each = -nn.functional.cross_entropy(output["reply"], output["labels"], reduction="none")
    sums = torch.zeros(replies).index_add(0, output["owner"], each)
    lengths = torch.zeros(replies).index_add(0, output["owner"], torch.ones_like(each))
    return sums.view(-1, 2), lengths.view(-1, 2)


def preference_margins(now: Tensor, before: Tensor, lengths: Tensor) -> Tensor:
    """How much more the right reply has gained on the frozen student than the wrong one, [pairs].

    Gains are per token, so that no length is preferred, times the pair's mean length: for two replies of one length this is the margin of
    direct preference optimisation (Rafailov et al. 2023), and its beta keeps the meaning it has there."""
    gains = (now - before) / lengths
    return (gains[:, 0] - gains[:, 1]) * lengths.mean(1)


def preference_loss(margins: Tensor, beta: float) -> Tensor:
    """-log sigmoid(beta * margin), the mean over the pairs; 0 without any."""
    return -nn.functional.logsigmoid(beta * margins).sum() / max(1, len(margins))


def supervised_loss(now: Tensor, lengths: Tensor) -> Tensor:
    """Minus the right replies' log-probability per token (Pang et al. 2024, "Iterative reasoning preference optimization"): a margin alone
    may also grow while both replies lose."""
    return -(now[:, 0] / lengths[:, 0]).sum() / max(1, len(now))


def log_odds(output: dict[str, Tensor]) -> Tensor:
    """Of both heads' scores, [frames, 2]: informative, relevance."""
    return torch.stack([output[name][:, 1] - output[name][:, 0] for name in ("informative", "relevance")], 1)


def timing_gaps(scores: Tensor, speak: Tensor, hush: Tensor) -> Tensor:
    """By how much frames to speak at score above frames to be silent at, over all their combinations in which at least one of the two is a
    failure. Scores [frames]; speak and hush [n, 2] hold (frame, 1 for a failure). All lessons of a batch are compared, since one threshold
    must do for all."""
    gaps = scores[speak[:, 0]][:, None] - scores[hush[:, 0]][None, :]
    return gaps[(speak[:, 1, None] > 0) | (hush[None, :, 1] > 0)]


def timing_loss(gaps: Tensor) -> Tensor:
    """softplus(GAP - gap), the mean; 0 without any."""
    return nn.functional.softplus(GAP - gaps).sum() / max(1, len(gaps))


def anchor_loss(odds: Tensor, before: Tensor, speak: Tensor, hush: Tensor) -> Tensor:
    """Mean Kullback-Leibler divergence of both heads from the frozen student's at all frames that are no failure. Gaps do not change when all
    scores move together, but a policy's threshold is fixed."""
    free = torch.ones(len(odds), dtype=torch.bool)
    free[torch.cat([frames[frames[:, 1] > 0, 0] for frames in (speak, hush)])] = False
    target = before[free].sigmoid()
    cross, own = (nn.functional.binary_cross_entropy_with_logits(logits, target) for logits in (odds[free], before[free]))
    return cross - own
