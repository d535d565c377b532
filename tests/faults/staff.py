"""Somebody of the staff, in a process of their own, who answers every conversation once, through the services of the desk.

Started as `python -m tests.faults.staff`: one line of JSON for each answer, after it was committed. Ends with its parent.
"""

from __future__ import annotations

import json
import os
import sys
import threading

PAUSE = 0.1  # seconds between two answers


def main() -> None:
    """Answer what has no answer yet, for ever."""
    import django

    django.setup()
    from gensvar.config.processes import lifeline
    from gensvar.core.models import User

    lifeline.hold(os.getppid())
    user = User.objects.get()
    while True:
        threading.Event().wait(PAUSE)
        answer_one(user)


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


if __name__ == "__main__":
    main()
