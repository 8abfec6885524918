"""What stands where at a moment: blueprint and time -> the state that is painted and that labels are read from."""

from __future__ import annotations

from dataclasses import dataclass, field

from .blueprint import Blueprint, Event
from .motion import apply_motion
from .standing import Standing


@dataclass
class State:
    """The whole picture at one moment. `standing` by number of entity; `boards` by place: (kind, text)."""

    scene: str
    standing: dict[int, Standing] = field(default_factory=dict)
    boards: dict[str, tuple[str, str]] = field(default_factory=dict)


def state_at(blueprint: Blueprint, time: float) -> State:
    """The state at `time` seconds."""
    state = State(blueprint.scene)
    for actor in blueprint.actors:
        state.standing[actor.entity] = Standing.of(blueprint, actor.entity, actor.place)
    for event in blueprint.events:
        if time < event.start:
            break
        _advance(blueprint, state, event, time)
    return state


def _advance(blueprint: Blueprint, state: State, event: Event, time: float) -> None:
    """Brings the state to `time`, where the event is under way or past."""
    if event.kind == "scene":
        _change_scene(state, event)
    elif event.kind in ("sign", "number", "score"):
        _show_board(state, event, time)
    else:
        _act(blueprint, state, event, (time - event.start) / (event.end - event.start))


def _change_scene(state: State, event: Event) -> None:
    state.scene = event.value
    if event.clears:
        state.standing.clear()
        state.boards.clear()


def _show_board(state: State, event: Event, time: float) -> None:
    """Signs go at the end of their event, a scoreboard stays until the next one or a cut."""
    if event.kind == "score":
        state.boards = {place: board for place, board in state.boards.items() if board[0] != "score"}
    if event.kind == "score" or time < event.end:
        state.boards[event.place] = (event.kind, event.value)


def _act(blueprint: Blueprint, state: State, event: Event, share: float) -> None:
    if event.kind in ("appear", "enter", "cross"):
        state.standing[event.entity] = Standing.of(blueprint, event.entity, event.target or "middle")
    actor = state.standing[event.entity]
    apply_motion(actor, state.standing.get(event.other), event, share)
    if share < 1:
        return
    actor.settle(event)
    if event.kind in ("leave", "vanish", "cross"):
        del state.standing[event.entity]

