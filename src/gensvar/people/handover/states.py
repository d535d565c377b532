"""The states of a handover as one declared graph; a move that is not drawn here cannot be made."""

from __future__ import annotations

import enum
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """How far it has come."""

    PREPARED = "prepared", _("being prepared")
    DROPPED = "dropped", _("given up")
    DONE = "done", _("moved; log-ins are left to change")
    FINISHED = "finished", _("finished")
    UNDONE = "undone", _("undone")


class Move(enum.StrEnum):
    """What can happen to a handover."""

    CONFIRM = "confirm"
    DROP = "drop"
    FINISH = "finish"  # no log-in of an outside place stands open any more
    UNDO = "undo"


class ImpossibleMove(Exception):
    """The handover's state does not allow that; nothing was changed."""


GRAPH: Final[dict[State, dict[Move, State]]] = {
    State.PREPARED: {Move.CONFIRM: State.DONE, Move.DROP: State.DROPPED},
    State.DONE: {Move.FINISH: State.FINISHED, Move.UNDO: State.UNDONE},
    State.FINISHED: {Move.UNDO: State.UNDONE},
    State.DROPPED: {},
    State.UNDONE: {},
}


def after(state: str, move: Move) -> State:
    """The state that `move` leads to. Raises ImpossibleMove where the graph has no such arrow."""
    try:
        return GRAPH[State(state)][move]
    except KeyError:
        said = _("This handover is “%(state)s” already and cannot take that step. Nothing was changed.")
        raise ImpossibleMove(said % {"state": State(state).label}) from None


def check_graph() -> None:
    """Refuse a graph with a state that nothing leads to, but for the first one. Raises ValueError."""
    reached = {target for arrows in GRAPH.values() for target in arrows.values()}
    if set(GRAPH) != set(State) or reached | {State.PREPARED} != set(State):
        raise ValueError("The graph of states has a state without a way in.")


check_graph()
