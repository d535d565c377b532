"""A position as an editor would write it, for the tests of positions."""

from __future__ import annotations

import datetime as dt
from typing import Any

from gensvar.core.models import Topic
from gensvar.publishing.positions import services
from gensvar.publishing.positions.models import Position, Wording
from gensvar.publishing.positions.services import Written
from gensvar.publishing.tests.posts_scene import Paper

TITLE, TEXT = "Hur snabbt plogar vi?", "Villagatorna plogas inom ett dygn. Skolvägarna tar vi först."


def written(paper: Paper, **changes: Any) -> Written:
    """What an editor wrote."""
    said: dict[str, Any] = {"title": TITLE, "text": TEXT, "reason": "Många frågade."}
    return Written(**{**said, "person": paper.person, "function": paper.function, **changes})


def stand(paper: Paper, *topics: Topic, on: dt.date | None = None, **changes: Any) -> Position:
    """A position whose first wording is decided."""
    draft = services.begin(
        written(paper, **changes), paper.function, [one.slug for one in topics], by=paper.editor
    )
    return services.decide(draft, by=paper.editor, on=on).position


def change(paper: Paper, position: Position, *, on: dt.date | None = None, **changes: Any) -> Wording:
    """A new wording, decided."""
    draft = services.write(position, written(paper, **changes), by=paper.editor)
    return services.decide(draft, by=paper.editor, on=on)


def withdraw(paper: Paper, position: Position, reason: str = "Det behövs inte.") -> Wording:
    """The end."""
    return services.withdraw(position, reason, person=paper.person, function=paper.function, by=paper.editor)
