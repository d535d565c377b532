"""What a resident's first word is about, in words: the title and the address of the public page, never the key that it is kept by.

Neighbours: publishing.about keeps the tie, square.subjects names the same pages in links and forms; pane shows this.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _

from gensvar.conversations.models import Conversation
from gensvar.learning import gate as outcomes
from gensvar.publishing.about.models import WordAbout
from gensvar.publishing.comments.pages import page_of
from gensvar.publishing.positions import gate as positions

_OUTCOME: Final = re.compile(r"([0-9]{1,18})-")  # the key of one is kept with its slug


@dataclass(frozen=True, slots=True)
class Told:
    """A page that a word is about; without a title and an address where it cannot be read now."""

    why: str
    kind: str
    title: str = ""
    address: str = ""  # a path
    gone: str = ""  # the sentence that stands in place of the title


def told(conversation: Conversation) -> Told | None:
    """What the conversation was opened about; None where its writer came from no page."""
    row = WordAbout.objects.filter(message__conversation=conversation).first()
    if row is None:
        return None
    why, kind = row.get_why_display(), row.get_on_kind_display()
    if row.on_kind == WordAbout.On.PAGE and not row.on_key:
        return Told(why, kind, gone=_("which one is not told"))
    title, address = _named(row.on_kind, row.on_key)
    return Told(why, kind, title, address) if address else Told(why, kind, gone=_("not public now"))


def _named(kind: str, key: str) -> tuple[str, str]:
    """Title and path; both empty for whatever may not be seen."""
    if kind == WordAbout.On.PAGE:
        return _("the front page") if key == "/" else key, key
    if kind == WordAbout.On.POSITION:
        held = positions.public().filter(position__slug=key).values_list("position_id", flat=True).first()
        position = positions.find_by_key(held) if held is not None else None
        return (position.newest.here.title, reverse("square:position", args=[key])) if position else ("", "")
    if kind == WordAbout.On.OUTCOME:
        number = _OUTCOME.match(key)
        outcome = outcomes.find_short(int(number[1])) if number else None
        return (outcome.title, outcome.path) if outcome else ("", "")
    page = page_of(kind, key)
    return (page.title, page.address) if page else ("", "")
