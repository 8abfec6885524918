"""What came of a lesson that the student played: replies that were wrong beside what should have been said, and frames at which it spoke
or kept silent wrongly. Written as JSON lines, one a lesson, so that a stopped collection goes on after the last whole line."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from world.questions import Question


@dataclass(frozen=True)
class Pair:
    """Two replies at one frame (its number in the clip). The right one is the reply that is due; the wrong one is the student's, with the
    tokens as it made them, the end token included where it came to an end. `own`: whether another try of the student's was right."""

    frame: int
    right: str
    wrong: str
    wrong_tokens: list[int]
    sampled: bool
    own: bool


@dataclass(frozen=True)
class Outcome:
    """A lesson's piece of a clip [begin, end) in seconds, its user texts, and what went wrong. Frames are numbers in the clip: `missed` and
    `spoken` hold the highest-scoring frame of each span that passed in silence or did not; `alarms` are outside every span; `idle` is the
    highest-scoring frame outside every span where there was no alarm. `shard` and `clip` name the cached clip; `number` is the lesson's.

    Counts: `frames` of the lesson, `due` replies spoken, `tries` at them, of these `right` ones, those right in the due words, and right
    greedy ones."""

    number: int
    shard: str
    clip: int
    begin: float
    end: float
    questions: list[Question]
    frames: int
    due: int
    tries: int
    right: int
    in_due_words: int
    greedy_right: int
    pairs: list[Pair]
    missed: list[int]
    spoken: list[int]
    alarms: list[int]
    idle: list[int]

    @property
    def failed(self) -> bool:
        """Whether there is anything to learn from it."""
        return bool(self.pairs or self.missed or self.alarms)

    def to_line(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @staticmethod
    def from_line(line: str) -> Outcome:
        fields = json.loads(line)
        return Outcome(**fields | {"questions": [Question(**question) for question in fields["questions"]],
                                   "pairs": [Pair(**pair) for pair in fields["pairs"]]})


@dataclass(frozen=True)
class Origin:
    """Whose outcomes a file holds: the student after `step` steps and `seconds` of training, judged by a policy's heads and threshold."""

    step: int
    seconds: float
    heads: list[str]
    threshold: float


def read_outcomes(path: Path) -> tuple[Origin, list[Outcome]]:
    """The origin in the first line, and the outcomes of the whole lines after it."""
    first, *rest = [line for line in path.read_text().splitlines(keepends=True) if line.endswith("\n")]
    return Origin(**json.loads(first)), [Outcome.from_line(line) for line in rest]


def begin_or_continue(path: Path, origin: Origin) -> list[Outcome]:
    """The outcomes so far; a new file begins with its origin, and half a line at the end, left by a kill, is cut off.

    Raises ValueError where the file is another student's: its failures are not this one's."""
    if not path.exists() or b"\n" not in path.read_bytes():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(origin)) + "\n")
    content = path.read_bytes()
    path.write_bytes(content[:content.rindex(b"\n") + 1])
    found, outcomes = read_outcomes(path)
    if found != origin:
        raise ValueError(f"{path} holds the failures of {found}, but the student is {origin}: remove the file to collect anew")
    return outcomes
