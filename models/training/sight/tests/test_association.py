"""Slots stay with their things: through misses, past each other, and out of the picture."""

from __future__ import annotations

import unittest

import numpy as np

from sight.association import CUT_CHANGE, FEATURES, SLOTS, follow, new_state, step
from sight.world.things import INDEX

FPS = 4.0


def stream(*things: list[tuple[float, float] | None], kind: str = "person", height: float = 0.3) -> np.ndarray:
    """Detections [n, 16, 88] of things at (x, y) in every frame, or missed."""
    out = np.zeros((len(things[0]), 16, 88))
    for row, path in enumerate(things):
        for frame, middle in enumerate(path):
            if middle is not None:
                x, y = middle
                out[frame, row, :4] = np.clip([x - height / 4, y - height / 2, x + height / 4, y + height / 2], 0, 1)
                out[frame, row, 4] = out[frame, row, 8 + INDEX[kind]] = 0.8
    return out


def slots_of(detections: np.ndarray, scenes: np.ndarray | None = None) -> np.ndarray:
    count = len(detections)
    return follow(detections, np.full((count, 50), 0.5) if scenes is None else scenes, np.arange(count) / FPS)[0]


class Association(unittest.TestCase):
    def test_a_walker_keeps_its_slot_through_three_missed_frames(self) -> None:
        path = [(0.1 + 0.04 * frame, 0.5) if not 6 <= frame <= 8 else None for frame in range(16)]
        slots = slots_of(stream(path))
        self.assertEqual(slots[:, 1:, 0].sum(), 0)
        np.testing.assert_allclose(slots[8, 0, [1, 2]], [0, 0.375])
        self.assertEqual(slots[-1, 0, 5], 2)  # 13 hits, told up to 12

    def test_two_who_pass_each_other_keep_their_slots(self) -> None:
        right = [(0.1 + 0.05 * frame, 0.50) for frame in range(16)]
        left = [(0.9 - 0.05 * frame, 0.62) for frame in range(16)]
        slots = slots_of(stream(right, left))
        self.assertGreater(slots[-1, 0, 7], slots[0, 0, 7])
        self.assertLess(slots[-1, 1, 7], slots[0, 1, 7])
        self.assertEqual(slots[-1, 2:, 0].sum(), 0)

    def test_who_leaves_stays_visible_as_lost_at_the_edge_for_four_seconds(self) -> None:
        path = [(0.5 + 0.06 * frame, 0.5) if frame < 8 else None for frame in range(40)]
        slots = slots_of(stream(path))
        lost = slots[12, 0]
        self.assertEqual((lost[0], lost[1]), (1, 0))
        self.assertGreater(lost[21], 0.5)  # near the right edge
        self.assertGreater(lost[17], 0.5)  # moving right
        self.assertEqual(slots[7 + 16, 0, 0], 1)
        self.assertEqual(slots[7 + 17, 0, 0], 0)

    def test_a_flicker_is_forgotten_at_once(self) -> None:
        slots = slots_of(stream([(0.5, 0.5)] + [None] * 7))
        self.assertEqual([int(value) for value in slots[:, 0, 0]], [1, 1, 1, 0, 0, 0, 0, 0])

    def test_a_cut_clears_all_slots(self) -> None:
        detections = stream([(0.5, 0.5)] * 8)
        scenes = np.full((8, 50), 0.5)
        scenes[4:, :48] += CUT_CHANGE + 0.01
        slots = slots_of(detections, scenes)
        self.assertEqual(slots[4, 0, 5] * 6, 1)
        self.assertEqual(slots[4, 0, 29], 1)

    def test_a_second_box_on_the_same_person_is_not_a_second_person(self) -> None:
        detections = stream([(0.5, 0.5)] * 6)
        detections[2:, 1] = detections[2:, 0]
        detections[2:, 1, 4] = detections[2:, 1, 8] = 0.5
        detections[2:, 1, 3] -= 0.05
        self.assertEqual(slots_of(detections)[:, 1:, 0].sum(), 0)

    def test_a_copy_of_the_state_goes_on_alike(self) -> None:
        rng = np.random.default_rng(2)
        detections, scenes = np.zeros((20, 16, 88)), rng.uniform(0, 0.02, (20, 50))
        boxes = rng.uniform(0, 0.5, (20, 16, 2))
        detections[:, :, :2], detections[:, :, 2:4] = boxes, boxes + 0.3
        detections[:, :, 4] = detections[:, :, 8] = rng.uniform(0, 1, (20, 16))
        slots, facts = new_state()
        for frame in range(10):
            step(slots, facts, detections[frame], scenes[frame], frame / FPS)
        other = slots.copy(), facts.copy()
        for frame in range(10, 20):
            first = step(slots, facts, detections[frame], scenes[frame], frame / FPS)
            second = step(*other, detections[frame], scenes[frame], frame / FPS)
            np.testing.assert_array_equal(first[0], second[0])
        self.assertEqual(first[0].shape, (SLOTS, FEATURES))


if __name__ == "__main__":
    unittest.main()
