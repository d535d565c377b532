"""What must hold before an outcome becomes public: it says something, somebody stands behind it, and nobody is given away.

Neighbour: services asks here, inside its transaction.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from gensvar.conversations.models import Contact, Message
from gensvar.core import personal_data
from gensvar.learning.models import Outcome, Step
from gensvar.people.models import Person
from gensvar.people.queries import held_by
from gensvar.publishing.services import NEVER_IN_A_QUESTION


def reasons(outcome: Outcome, draft: Step | None) -> list[str]:
    """Why it may not be published, in sentences for whoever tried; none where it may. `draft`: the step that waits."""
    found = []
    if draft is None and outcome.newest_id is None:
        found.append(_("Write a first step: what was done, or why not."))
    if not outcome.title.strip() or not outcome.said.strip():
        found.append(_("Write a headline and what people said."))
    if draft is not None and not held_by(draft.person).filter(pk=draft.function_id).exists():
        found.append(
            _("%(person)s does not speak for %(function)s today.")
            % {"person": draft.person, "function": draft.function}
        )
    names = names_of_those_who_took_part(outcome)
    texts = [outcome.title, outcome.said, draft.words if draft is not None else ""]
    left = {
        one.text
        for text in texts
        for one in personal_data.find(text, known_names=names)
        if one.kind in NEVER_IN_A_QUESTION
    }
    if left:
        found.append(_("Personal data are left in the text: %(found)s.") % {"found": ", ".join(sorted(left))})
    return found


def names_of_those_who_took_part(outcome: Outcome) -> list[str]:
    """The residents of all tied conversations, in every form that we know, and our own people who are not named in public."""
    tied = outcome.conversation_ties.filter(ended_at=None).values("conversation")
    names = set(Contact.objects.filter(participations__conversation__in=tied).values_list("name", flat=True))
    said = Message.objects.filter(conversation__in=tied)
    names |= set(said.filter(direction=Message.Direction.IN).values_list("sender_name", flat=True))
    spoke = said.filter(person__shown=False).values("person")
    names |= set(Person.objects.filter(pk__in=spoke).values_list("name", flat=True))
    return sorted((name for name in names if name.strip()), key=lambda name: (-len(name), name))
