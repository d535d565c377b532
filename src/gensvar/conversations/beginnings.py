"""When residents began to ask, and what was brought home instead: figures are counted by it, and days are promised.

Neighbours: queries offers both to other rooms; old_words and intake bring home.
"""

from __future__ import annotations

from django.db.models import Case, DateTimeField, Exists, F, OuterRef, Q, QuerySet, Subquery, When

from gensvar.conversations.models import Conversation, Message
from gensvar.intake.models import Envelope

_THEIRS = {"direction": Message.Direction.IN, "author": Message.Author.RESIDENT}


def begun_by_residents() -> QuerySet[Conversation]:
    """Conversations that a resident's word opened, with `begun`: when it came; what we or a machine began is not among them.

    One that was brought home begins with the first word that came to us by itself, if none of ours had answered there
    before: then it is an old conversation that goes on.
    """
    theirs = Message.objects.filter(conversation=OuterRef("pk"), **_THEIRS)
    came = theirs.filter(envelope__isnull=False).exclude(envelope__source=Envelope.Source.IMPORT)
    begun = Case(
        When(imported=True, then=Subquery(came.order_by("at", "pk").values("at")[:1])),
        default=F("opened_at"),
        output_field=DateTimeField(),
    )
    return Conversation.objects.annotate(begun=begun).filter(
        # The word that opens one has its very moment. So said, a database looks at all of them at once, not one by one.
        Exists(theirs.filter(at=OuterRef("opened_at"))),
        Q(imported=False) | Q(answered_at=None) | Q(answered_at__gte=F("begun")),
    )


def rests(conversation_id: int) -> bool:
    """Whether their newest word there was brought home: it waits for nobody."""
    theirs = Message.objects.filter(conversation=conversation_id, **_THEIRS).order_by("-at", "-pk")
    newest = theirs.values_list("envelope__source", "conversation__imported").first()
    if newest is None:
        return False
    source, imported = newest
    return source == Envelope.Source.IMPORT or (source is None and imported)
