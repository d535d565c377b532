"""Somebody of the staff, in a process of their own, who answers every conversation once, through the services of the desk.

What is answered they also publish while they have nothing else to do, and withdraw when more than a few are shown.
Started as `python -m tests.faults.staff`: one line of JSON for each answer, after it was committed. Ends with its parent.
"""

from __future__ import annotations

import json
import os
import sys
import threading

PAUSE = 0.1  # seconds between two answers
MOST_SHOWN = 5  # exchanges; the oldest is withdrawn when there are more


def main() -> None:
    """Answer what has no answer yet, publish and withdraw, for ever."""
    import django

    django.setup()
    from django.contrib.auth.models import Group

    from gensvar.config.processes import lifeline
    from gensvar.core.models import User
    from gensvar.core.roles import Role

    lifeline.hold(os.getppid())
    user = User.objects.get()
    user.groups.add(Group.objects.get(name=Role.EDITOR))
    while True:
        threading.Event().wait(PAUSE)
        answer_one(user)
        publish_one(user)
        withdraw_one(user)


def answer_one(user: object) -> None:
    """Answer the oldest conversation that has no word of ours, and say so."""
    from gensvar.answers import drafts, services
    from gensvar.answers.models import Draft
    from gensvar.conversations.models import Conversation, Message
    from gensvar.core.models import User

    assert isinstance(user, User)
    ours = Message.objects.filter(direction=Message.Direction.OUT, author=Message.Author.STAFF)
    found = (
        Conversation.objects.exclude(pk__in=ours.values("conversation"))
        .filter(state="open")
        .order_by("pk")
        .first()
    )
    if found is None:
        return
    draft = drafts.save_draft(
        person=user.person,
        kind=Draft.Kind.ANSWER,
        conversation=found,
        text=f"Vi plogar i morgon, svar-{found.pk}.",
    )
    message = services.send_answer(draft, by=user)
    identifiers = list(message.deliveries.values_list("message_identifier", flat=True))
    sys.stdout.write(json.dumps({"message": message.pk, "deliveries": identifiers}) + "\n")
    sys.stdout.flush()


def publish_one(user: object) -> None:
    """Show the newest answered conversation that was never shown, all of it or nothing."""
    from django.db import transaction

    from gensvar.conversations.models import Conversation, Message
    from gensvar.core.models import User
    from gensvar.publishing import services
    from gensvar.publishing.models import PublicExchange

    assert isinstance(user, User)
    ours = Message.objects.filter(direction=Message.Direction.OUT, author=Message.Author.STAFF)
    found = (
        Conversation.objects.filter(pk__in=ours.values("conversation"))
        .exclude(pk__in=PublicExchange.objects.values("conversation"))
        .order_by("-pk")
        .first()
    )
    if found is None:
        return
    with transaction.atomic():
        exchange = services.prepare(found, by=user)
        services.save_title(exchange, "När plogas gatan?", by=user)
        for text in exchange.texts.select_related("message"):
            if text.message.direction == Message.Direction.IN:
                services.record_yes(text.message, "Sade ja.", by=user)
                services.save_text(text, "När plogas vår gata?", by=user)
        for text in exchange.texts.all():
            services.approve(text, by=user)
        services.publish(PublicExchange.objects.get(pk=exchange.pk), by=user)


def withdraw_one(user: object) -> None:
    """Take the oldest away when more than a few are shown."""
    from gensvar.core.models import User
    from gensvar.publishing import services
    from gensvar.publishing.models import PublicExchange

    assert isinstance(user, User)
    shown = PublicExchange.objects.filter(state=PublicExchange.State.PUBLISHED).order_by("pk")
    if len(keys := list(shown.values_list("pk", flat=True)[: MOST_SHOWN + 1])) > MOST_SHOWN:
        services.withdraw(PublicExchange.objects.get(pk=keys[0]), "Det var fel.", by=user)


if __name__ == "__main__":
    main()
