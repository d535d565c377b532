"""What somebody is writing, saved as typed, with the files laid beside it; it reaches nobody before it is sent.

Neighbours: services and forwarding make a message of a draft; the desk saves here while one types.
"""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Sum

from gensvar.answers.errors import TooLarge
from gensvar.answers.models import Draft, DraftFile
from gensvar.contactpoints.models import ContactPoint
from gensvar.conversations import cleaning
from gensvar.conversations.models import Conversation
from gensvar.core import clock, files
from gensvar.people.models import Function, Person

LARGEST: Final = (
    25 * 1024 * 1024
)  # bytes of all files together: what mail servers in general take, before base64


@transaction.atomic
def save_draft(
    *,
    person: Person,
    kind: str,
    text: str,
    conversation: Conversation | None = None,
    function: Function | None = None,
    contact_point: ContactPoint | None = None,
    subject: str = "",
    recipient: str = "",
) -> Draft:
    """Keep what was typed. A person has one draft of a kind in a conversation, and one first word on the way."""
    values = {
        "text": text,
        "function": function,
        "contact_point": contact_point,
        "subject": subject[:250],
        "recipient": recipient.strip()[:320],
        "updated_at": clock.now(),
    }
    if conversation is not None:
        draft = Draft(conversation=conversation, person=person, kind=kind, **values)
        # In one statement: two windows may save at the same moment, and a third may send it away between.
        Draft.objects.bulk_create(
            [draft],
            update_conflicts=True,
            unique_fields=["conversation", "person", "kind"],
            update_fields=list(values),
        )
        return draft
    found = draft_of(person, None, kind)
    if found is None:
        return Draft.objects.create(person=person, kind=kind, **values)
    for name, value in values.items():
        setattr(found, name, value)
    found.save()
    return found


def draft_of(
    person: Person, conversation: Conversation | None, kind: str = Draft.Kind.ANSWER
) -> Draft | None:
    """The person's draft of that kind in that conversation (None: the first word), with its files, or None."""
    return (
        Draft.objects.filter(person=person, conversation=conversation, kind=kind)
        .select_related("function", "contact_point")
        .prefetch_related("files")
        .order_by("-pk")
        .first()
    )


def add_file(draft: Draft, filename: str, content_type: str, data: bytes) -> DraftFile:
    """Lay a file beside the draft; its bytes are on the disk before the row names them. Raises TooLarge."""
    already = draft.files.aggregate(bytes=Sum("size"))["bytes"] or 0
    largest = min(LARGEST, settings.GENSVAR_LARGEST_WORD)
    if already + len(data) > largest:
        raise TooLarge(largest // (1024 * 1024))
    sha256 = files.keep(data)
    return DraftFile.objects.create(
        draft=draft,
        filename=cleaning.filename(filename),
        content_type=cleaning.line(content_type, 150) or "application/octet-stream",
        size=len(data),
        sha256=sha256,
    )


def remove_file(file: DraftFile) -> None:
    """Take a file away from its draft; the bytes stay, others may have the same."""
    file.delete()


def discard(draft: Draft) -> bool:
    """Throw a draft away; it reached nobody. False where it was gone already."""
    return draft.delete()[0] > 0
