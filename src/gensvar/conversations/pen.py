"""Passing the pen: somebody else answers, and is thanked for it. Neighbours: moves gives, notes asks and tells."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from gensvar.conversations.models import Conversation, Message
from gensvar.conversations.moves import assign
from gensvar.conversations.notes import add_note
from gensvar.core.models import User
from gensvar.people.models import Person


def pass_pen(conversation: Conversation, person: Person, thanks: str, *, by: User) -> Message:
    """Give it to a person with words of thanks, which stand as a note in the conversation and reach them by mail.

    Raises NotAllowed, ValueError where no word of thanks was written: then nothing is given either.
    """
    if not thanks.strip():
        raise ValueError(_("Write a word of thanks: it goes to the one who takes over."))
    with transaction.atomic():
        note = add_note(conversation, thanks, by=by, asks=[person])
        assign(conversation, person, by=by)
    return note
