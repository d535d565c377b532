"""Says in words why somebody may know about a conversation. Neighbour: voices.knowing finds them, pane shows them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gensvar.conversations.models import Conversation, Message
from gensvar.core.models import Topic
from gensvar.people.models import Person
from gensvar.voices.knowing import Knowing, who_knows


@dataclass(frozen=True, slots=True)
class Shown:
    """A colleague who may know, and why: sentences."""

    person: Person
    why: tuple[str, ...]


def shown(
    conversation: Conversation, *, about: Collection[Topic], alike: Iterable[Message], me: Person | None
) -> list[Shown]:
    """At most three colleagues, the likeliest first, each with the reasons."""
    found = who_knows(conversation, about=about, alike=alike, asks=me)
    return [Shown(one.person, tuple(_why(one, conversation))) for one in found]


def _why(one: Knowing, conversation: Conversation) -> list[str]:
    found = []
    if one.alike:
        found.append(
            ngettext(
                "Answered something with the same words.",
                "Answered %(count)s times to the same words.",
                one.alike,
            )
            % {"count": one.alike}
        )
    last = date_format(one.last, "j F Y") if one.last else ""
    if one.topics:
        named = get_text_list([str(topic) for topic in one.topics], _("and"))
        found.append(_("Answered about %(topics)s, last on %(day)s.") % {"topics": named, "day": last})
    elif one.here:
        found.append(_("Answered what came here, last on %(day)s.") % {"day": last})
    if one.holds:
        found.append(_("Answers for %(function)s.") % {"function": conversation.function})
    if one.plainly:
        found.append(_("Has answered more of this than others who are heard less."))
    if one.seldom:
        found.append(_("Is seldom heard."))
    return found
