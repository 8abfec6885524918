"""What kinds of shots there are: what they show, how large, how busy, how hard for the eye."""

from __future__ import annotations

from dataclasses import dataclass

from sight.world.things import GROUPS, INDEX, THINGS


@dataclass(frozen=True)
class Style:
    """Classes by weight; `size` is the range of heights, `still` and `moving` the ranges of counts at the start, `arrivals` a second, `hard` how hard it is for the
    eye (0: cut-outs, 1: small and blurred people), `seconds` how long such a shot lasts."""

    classes: dict[int, float]
    size: tuple[float, float]
    still: tuple[int, int]
    moving: tuple[int, int]
    arrivals: float
    hard: tuple[float, float]
    seconds: tuple[float, float] = (10, 60)


def _of(*groups: str, **names: float) -> dict[int, float]:
    weights = {index: THINGS[index].weight for group in groups for index in GROUPS[group]}
    return weights | {INDEX[name.replace("_", " ")]: weight for name, weight in names.items()}


EVERYTHING = {index: 1.0 for index in range(len(THINGS))}
STYLES: dict[str, Style] = {
    "crowd": Style(_of(person=50, car=1, bicycle=1, dog=1), (0.07, 0.26), (0, 2), (1, 3), 0.2, (0.5, 1)),
    "street": Style(_of("vehicle", "street", person=25, dog=3), (0.06, 0.35), (0, 3), (0, 3), 0.16, (0.3, 1)),
    "traffic": Style(_of("vehicle", person=2), (0.08, 0.5), (0, 2), (0, 2), 0.16, (0, 0.7)),
    "gate": Style(_of(person=30, dog=2, car=1), (0.2, 0.5), (0, 0), (0, 2), 0.22, (0.2, 0.75)),
    "room": Style(_of("furniture", "device", person=25, cat=5, dog=5), (0.25, 0.9), (0, 4), (0, 1), 0.05, (0.1, 0.7)),
    "webcam": Style(_of("device", person=40, chair=8, cat=2, dog=2, cup=4, bottle=3), (0.5, 1.15), (0, 2), (0, 1), 0.05, (0, 0.5)),
    "nature": Style(_of("animal", person=3), (0.12, 0.6), (0, 2), (0, 2), 0.1, (0, 0.7)),
    "table": Style(_of("kitchen", "food", "device"), (0.2, 0.7), (0, 4), (0, 0), 0.06, (0, 0.6)),
    "mixed": Style(EVERYTHING, (0.12, 0.7), (0, 3), (0, 2), 0.12, (0, 0.8)),
    "slide": Style(EVERYTHING, (0.3, 1.1), (1, 2), (0, 0), 0.0, (0, 0.6), (3, 9)),
    "album": Style(_of("animal", "food", "kitchen", person=15, car=3, bus=2, airplane=2, motorcycle=2, chair=2, laptop=2), (0.3, 1.1), (1, 3), (0, 0), 0.0, (0, 0.7), (3, 9)),
    "empty": Style(EVERYTHING, (0.1, 0.6), (0, 0), (0, 0), 0.012, (0, 1), (4, 60)),
}
STYLE_WEIGHTS = {"crowd": 3, "street": 2.5, "traffic": 1.5, "gate": 3, "room": 1.6, "webcam": 1.5, "nature": 1.8, "table": 1.0, "mixed": 2.0, "slide": 2.0, "album": 2.0, "empty": 1.2}
