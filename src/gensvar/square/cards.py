"""What is public as cards, whatever kind it is: the front page and the pages of topics show the same ones.

Neighbour: publishing.entries gives what a topic's page holds, newest first.
"""

from __future__ import annotations

from typing import Any, Final

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from gensvar.learning.values import PublishedOutcome
from gensvar.learning.workshop.values import ToldExperiment
from gensvar.publishing.appearances.values import ToldAppearance
from gensvar.publishing.entries import Entry

CARDS: Final = {
    "exchange": "square/_card.html",
    "post": "square/_post_card.html",
    "position": "square/_position_card.html",
    "outcome": "square/_outcome_card.html",
    "appearance": "square/_appearance_card.html",
    "experiment": "square/_experiment_card.html",
}


def drawn(kind: str, one: object, level: str) -> SafeString:
    """The card of one of that kind, its headline at that level ("h2")."""
    return render_to_string(CARDS[kind], {kind: one, "level": level})


def card(entry: Entry, level: str) -> SafeString:
    """The card of an entry. Raises KeyError for a kind that has none, since it is about no topic."""
    return drawn(*_kind_of(entry), level)


def _kind_of(entry: Entry) -> tuple[str, Any]:
    match entry.further:
        case None:
            kinds = {"exchange": entry.exchange, "post": entry.post, "position": entry.position}
            return next((kind, one) for kind, one in kinds.items() if one is not None)
        case PublishedOutcome():
            return "outcome", entry.further
        case ToldAppearance():
            return "appearance", entry.further
        case ToldExperiment(experiment=experiment):
            return "experiment", experiment
    raise KeyError(entry.kind)
