"""The states of a conversation as one declared graph; a move that is not drawn here cannot be made."""

from __future__ import annotations

import enum
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Whose turn it is."""

    OPEN = "open", _("waiting for us")
    WAITING = "waiting", _("waiting for them")
    CLOSED = "closed", _("closed")
    SPAM = "spam", _("spam")


LIVE: Final = (State.OPEN, State.WAITING)  # somebody's turn


class Move(enum.StrEnum):
    """What can happen to a conversation."""

    RECEIVE = "receive"
    ANSWER = "answer"
    FAIL = "fail"  # an answer could not be delivered: it is our turn again
    CLOSE = "close"
    REOPEN = "reopen"
    MARK_SPAM = "mark_spam"
    NOT_SPAM = "not_spam"


class ImpossibleMove(Exception):
    """The conversation's state does not allow that; nothing was changed."""


GRAPH: Final[dict[State, dict[Move, State]]] = {
    State.OPEN: {
        Move.RECEIVE: State.OPEN,
        Move.ANSWER: State.WAITING,
        Move.FAIL: State.OPEN,
        Move.CLOSE: State.CLOSED,
        Move.MARK_SPAM: State.SPAM,
    },
    State.WAITING: {
        Move.RECEIVE: State.OPEN,
        Move.ANSWER: State.WAITING,
        Move.FAIL: State.OPEN,
        Move.CLOSE: State.CLOSED,
        Move.REOPEN: State.OPEN,
        Move.MARK_SPAM: State.SPAM,
    },
    State.CLOSED: {
        Move.RECEIVE: State.OPEN,
        Move.ANSWER: State.CLOSED,
        Move.FAIL: State.OPEN,
        Move.REOPEN: State.OPEN,
        Move.MARK_SPAM: State.SPAM,
    },
    State.SPAM: {Move.RECEIVE: State.SPAM, Move.NOT_SPAM: State.OPEN},
}


def after(state: str, move: Move) -> State:
    """The state that `move` leads to. Raises ImpossibleMove where the graph has no such arrow."""
    try:
        return GRAPH[State(state)][move]
    except KeyError:
        raise impossible(state) from None


def impossible(state: str) -> ImpossibleMove:
    """The refusal of a step that a conversation in that state cannot take, in words."""
    said = _("A conversation that is “%(state)s” cannot take that step.")
    return ImpossibleMove(said % {"state": State(state).label})


def check_graph() -> None:
    """Refuse a graph with a state that nothing leads to or that nothing leads from. Raises ValueError."""
    reached = {target for arrows in GRAPH.values() for target in arrows.values()}
    if set(GRAPH) != set(State) or reached != set(State):
        raise ValueError("The graph of states has a state without a way in or out.")


check_graph()
