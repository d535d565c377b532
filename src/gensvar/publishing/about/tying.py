"""Ties a word that came by intake to the page that it is about, and passes it to who answers there.

Neighbours: the square keeps the bytes with the fact, routing has placed the word before.
"""

from __future__ import annotations

from gensvar.conversations.turns import take_turn
from gensvar.core import audit
from gensvar.core.events import Again
from gensvar.people.models import Function
from gensvar.publishing import arrived
from gensvar.publishing.about.events import AboutKept
from gensvar.publishing.about.models import WordAbout
from gensvar.publishing.accessibility import services as accessibility
from gensvar.publishing.comments.pages import page_of


def tie(fact: AboutKept) -> Again:
    """Handler: wait until the word is read and has its place, then tie it to its page."""
    take_turn()
    message = arrived.read(fact.envelope_id)
    if message is None or not arrived.routed(message):
        return arrived.later(fact.envelope_id)
    if WordAbout.objects.filter(message=message).exists() or not arrived.opened_by(message):
        return None
    about = WordAbout.objects.create(message=message, why=fact.why, on_kind=fact.kind, on_key=fact.key)
    function: Function | None = None
    if fact.why == WordAbout.Why.ACCESSIBILITY:
        function = accessibility.contact()
    elif (page := page_of(fact.kind, fact.key)) is not None:
        arrived.link(message.conversation, page.conversation_id)
        function = page.function
    elif fact.function:
        function = Function.objects.filter(slug=fact.function, active=True).first()
    arrived.pass_to(message.conversation, function)
    audit.note(None, "about.tied", about, why=fact.why)
    return None
