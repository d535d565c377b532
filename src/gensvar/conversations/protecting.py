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


def protect(conversation: Conversation, *, by: User) -> Contact:
    """From now on neither name nor address of this conversation's contact is shown, in any of theirs.

    For who answers and sees contacts. Raises NotAllowed, and ImpossibleMove where nobody wrote or they are protected already.
    """
    require(by, May.SEE_CONTACTS)
    with acting(conversation, by, May.ANSWER, "protect") as found:
        contact = _of(found)
        if contact.protected:
            raise ImpossibleMove(_("This identity is protected already."))
        Contact.objects.filter(pk=contact.pk).update(protected=True)
        Conversation.objects.filter(contact=contact).update(contact_name="")
        found.contact_name = ""
    return contact


def protect_no_more(conversation: Conversation, *, by: User) -> Contact:
    """Name and address are shown again. It shows them, so it is for who answers and reads all.

    Raises NotAllowed, and ImpossibleMove where they are not protected.
    """
    for permission in (May.SEE_CONTACTS, May.READ_ALL):
        require(by, permission)
    with acting(conversation, by, May.ANSWER, "protect_no_more") as found:
        contact = _of(found)
        if not contact.protected:
            raise ImpossibleMove(_("This identity is not protected."))
        name = (contact.name or contact.addresses.values_list("address", flat=True).first() or "")[:200]
        Contact.objects.filter(pk=contact.pk).update(protected=False)
        Conversation.objects.filter(contact=contact).update(contact_name=name)
        found.contact_name = name
    return contact


def _of(conversation: Conversation) -> Contact:
    if conversation.contact is None:
        raise ImpossibleMove(_("Nothing can be said of the writer of this conversation."))
    return conversation.contact
