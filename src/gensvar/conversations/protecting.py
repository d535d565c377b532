"""A contact becomes somebody with a protected identity, and is it no more: staff say so, the log keeps who and where.

Neighbours: the lists, search, the gate and the desk's sentences ask `Contact.protected` themselves.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from gensvar.conversations.changing import acting
from gensvar.conversations.models import Contact, Conversation
from gensvar.conversations.states import ImpossibleMove
from gensvar.core.access import require
from gensvar.core.models import User
from gensvar.core.roles import May

__all__ = ["protect", "protect_no_more"]


def protect(conversation: Conversation, *, by: User) -> None:
    """From now on neither name nor address of this conversation's contact is shown, in any of theirs.

    It holds for every address that staff hold to be the same person's: one of them left open would tell the rest. For who
    answers and sees contacts. Raises NotAllowed, and ImpossibleMove where nobody wrote or they are protected already.
    """
    require(by, May.SEE_CONTACTS)
    with acting(conversation, by, May.ANSWER, "protect") as found:
        persons = _of(found)
        if all(one.protected for one in persons):
            raise ImpossibleMove(_("This identity is protected already."))
        _mark(persons, found, protected=True)


def protect_no_more(conversation: Conversation, *, by: User) -> None:
    """Name and addresses are shown again. It shows them, so it is for who answers and reads all.

    Raises NotAllowed, and ImpossibleMove where they are not protected.
    """
    for permission in (May.SEE_CONTACTS, May.READ_ALL):
        require(by, permission)
    with acting(conversation, by, May.ANSWER, "protect_no_more") as found:
        persons = _of(found)
        if not any(one.protected for one in persons):
            raise ImpossibleMove(_("This identity is not protected."))
        _mark(persons, found, protected=False)


def _of(conversation: Conversation) -> list[Contact]:
    """Who wrote it, as every contact that is held to be the same person."""
    if conversation.contact is None:
        raise ImpossibleMove(_("Nothing can be said of the writer of this conversation."))
    if conversation.contact.same_person_id is None:
        return [conversation.contact]
    return list(Contact.objects.filter(same_person=conversation.contact.same_person_id).order_by("pk"))


def _mark(persons: list[Contact], conversation: Conversation, *, protected: bool) -> None:
    for contact in persons:
        first = contact.addresses.order_by("pk").values_list("address", flat=True).first()
        name = "" if protected else (contact.name or first or "")[:200]
        Contact.objects.filter(pk=contact.pk).update(protected=protected)
        Conversation.objects.filter(contact=contact).update(contact_name=name)
        if contact.pk == conversation.contact_id:
            conversation.contact_name = name
