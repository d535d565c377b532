"""What must hold before an outcome becomes public: it says something, somebody stands behind it, and nobody is given away.

Neighbours: services asks here, inside its transaction; so does the workshop, whose experiments are spoken for in the same way.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from gensvar.conversations.models import Message
from gensvar.conversations.other_addresses import names_of_those_in
from gensvar.learning.models import Outcome, Step
from gensvar.people.models import Function, Person
from gensvar.people.queries import held_by
from gensvar.publishing.services import left_in


def reasons(outcome: Outcome, draft: Step | None) -> list[str]:
    """Why it may not be published, in sentences for whoever tried; none where it may. `draft`: the step that waits."""
    found = []
    if draft is None and outcome.newest_id is None:
        found.append(_("Write a first step: what was done, or why not."))
    if not outcome.title.strip() or not outcome.said.strip():
        found.append(_("Write a headline and what people said."))
    if draft is not None:
        found += does_not_speak(draft.person, draft.function)
    texts = [outcome.title, outcome.said, draft.words if draft is not None else ""]
    return found + left_in(*texts, names=names_of_those_who_took_part(outcome))


def does_not_speak(person: Person, function: Function) -> list[str]:
    """A sentence that says so, where the person does not hold that function today."""
    if held_by(person).filter(pk=function.pk).exists():
        return []
    return [_("%(person)s does not speak for %(function)s today.") % {"person": person, "function": function}]


def names_of_those_who_took_part(outcome: Outcome) -> list[str]:
    """The residents of all tied conversations, in every form that we know, and our own people who are not named in public."""
    tied = outcome.conversation_ties.filter(ended_at=None).values("conversation")
    names = names_of_those_in(tied)
    said = Message.objects.filter(conversation__in=tied)
    names |= set(said.filter(direction=Message.Direction.IN).values_list("sender_name", flat=True))
    spoke = said.filter(person__shown=False).values("person")
    names |= set(Person.objects.filter(pk__in=spoke).values_list("name", flat=True))
    return sorted((name for name in names if name.strip()), key=lambda name: (-len(name), name))
