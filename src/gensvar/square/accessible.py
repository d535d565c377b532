"""The accessibility statement as data: what is known not to work yet, why, and how it was tried; kept honest by hand."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Shortcoming:
    """Something that does not work for everybody, the criterion that it breaks, and what can be done meanwhile."""

    what: Any
    criterion: str
    meanwhile: Any


@dataclass(frozen=True, slots=True)
class Statement:
    """What the law wants said (2018:1937, 13 §; implementing decision (EU) 2018/1523)."""

    tried_on: dt.date
    shortcomings: tuple[Shortcoming, ...]


_KNOWN: Final = (
    Shortcoming(
        _(
            "Pictures and files that residents send us may lack a text alternative or be hard to read with a screen reader."
        ),
        "WCAG 1.1.1",
        _("Pictures that we show in public get a description. Ask us, and we describe what a file holds."),
    ),
    Shortcoming(
        _("Words in another language than the page are marked only where the language is known."),
        "WCAG 3.1.2",
        _("The text can be read out by choosing the language by hand."),
    ),
)


def statement() -> Statement:
    """The statement as it stands in this version."""
    return Statement(tried_on=dt.date(2026, 11, 23), shortcomings=_KNOWN)
