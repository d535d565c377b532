"""A stand-in, to which one of us wrote at a protected address, gives way to whoever has that address.

Neighbours: writers makes stand-ins, writing asks here whose a word is.
"""

from __future__ import annotations

from gensvar.contract.values import Kind
from gensvar.conversations.matching import Thread
from gensvar.conversations.models import ContactAddress, Conversation, Participant
from gensvar.conversations.words import Word
from gensvar.conversations.writers import STANDS_IN, Known

__all__ = ["instead", "themselves"]


def instead(word: Word, thread: Thread, writer: Known, *, shown: str) -> int:
    """The contact of a word: the writer's own, which takes the place of the stand-in that one of us wrote to.

    So it does where their identity is protected no more: what they write is theirs, and nobody is answered twice. Not where
    the stand-in was hidden itself, since that was asked for here. What a machine answers tells nobody whom it stands for.
    """
    if writer.id in thread.parts or not word.address:
        return writer.id
    at = ContactAddress.objects.filter(STANDS_IN, address=word.address, contact__in=thread.parts)
    stand_in = at.select_related("contact").first()
    if stand_in is None:
        return writer.id
    if word.kind is not Kind.MESSAGE or (stand_in.contact.protected and not writer.protected):
        return stand_in.contact_id
    return _take_place(stand_in.contact_id, writer.id, thread, shown=shown)


def themselves(holder: int, thread: Thread) -> int:
    """Whose word a private link brings: the key was mailed to an address, so behind a stand-in it is whoever has that address."""
    stand_in = ContactAddress.objects.filter(STANDS_IN, contact=holder).select_related("contact").first()
    if stand_in is None or holder not in thread.parts:
        return holder
    there = (
        ContactAddress.objects.filter(address=stand_in.address).exclude(STANDS_IN).select_related("contact")
    )
    real = there.order_by("-contact__protected", "pk").first()
    if real is None or real.contact_id in thread.parts:
        return holder
    if stand_in.contact.protected and not real.contact.protected:
        return holder
    shown = "" if real.contact.protected else (real.contact.name or real.address)[:200]
    return _take_place(holder, real.contact_id, thread, shown=shown)


def _take_place(stand_in: int, writer: int, thread: Thread, *, shown: str) -> int:
    Participant.of(thread.id).filter(contact=stand_in).update(contact=writer)
    Conversation.objects.filter(pk=thread.id, contact=stand_in).update(contact=writer, contact_name=shown)
    thread.parts[writer] = thread.parts.pop(stand_in)
    return writer
