"""What somebody is writing, saved as typed, with the files laid beside it; it reaches nobody before it is sent.

Neighbours: services and forwarding make a message of a draft; the desk saves here while one types.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet, Sum

from gensvar.answers.errors import AlreadySent, ChangedElsewhere, TooLarge
from gensvar.answers.models import CoSigner, Draft, DraftFile
from gensvar.contactpoints.models import ContactPoint
from gensvar.conversations import cleaning
from gensvar.conversations.changing import living
from gensvar.conversations.models import Conversation
from gensvar.conversations.turns import take_turn
from gensvar.core import clock, files
from gensvar.people.models import Function, Person

ROUNDS: Final = 5  # tries, while other windows save and send the same draft
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
    version: int | None = None,
    window: str = "",
) -> Draft:
    """Keep what was typed. A person has one draft of a kind in a conversation, and one first word on the way.

    `version` is that of the draft which the page showed (0: none yet; None: whatever is there is replaced), `window` the
    page's own mark. Raises ChangedElsewhere, with nothing changed, where another page has saved other words since.
    """
    values = {
        "text": text,
        "function": function,
        "contact_point": contact_point,
        "subject": subject[:250],
        "recipient": recipient.strip()[:320],
        "updated_at": clock.now(),
        "window": window[:20],
    }
    own = _own(person, conversation, kind)
    for _round in range(ROUNDS):
        current = own.filter(Q(version=version) | ~Q(window="") & Q(window=window)) if version else own
        if version == 0:
            current = own.filter(~Q(window=""), window=window)
        # In one statement: two windows may save at the same moment, and a third may send it away between.
        if current.update(**values, version=F("version") + 1):
            return own.select_related("function", "contact_point").get()
        found = own.first()
        if found is not None and not _same_words(found, values):
            raise ChangedElsewhere(found)
        if found is not None:
            return found
        take_turn()  # nobody merges it from here on, and no draft is held yet
        if conversation is not None and (lives := _living(conversation)).pk != conversation.pk:
            conversation, own = lives, _own(person, lives, kind)
            continue
        if draft := _begin(Draft(person=person, conversation=conversation, kind=kind, **values)):
            return draft
    raise ChangedElsewhere(own.first())


def _own(person: Person, conversation: Conversation | None, kind: str) -> QuerySet[Draft]:
    """The row that `draft_of` shows, and never another beside it: no words are saved over that nobody sees."""
    rows = Draft.objects.filter(person=person, conversation=conversation, kind=kind)
    return rows.filter(pk__in=rows.order_by("-pk").values("pk")[:1])


def _living(conversation: Conversation) -> Conversation:
    """As the rows are now: it may have been merged since it was read."""
    return living(Conversation.objects.get(pk=conversation.pk))


def _begin(draft: Draft) -> Draft | None:
    """The draft as a new row; None where another window began one at this moment."""
    try:
        with transaction.atomic():
            draft.save(force_insert=True)
    except IntegrityError:
        return None
    return draft


def _same_words(draft: Draft, values: Mapping[str, object]) -> bool:
    return all(getattr(draft, name) == values[name] for name in ("text", "subject", "recipient"))


def draft_of(
    person: Person, conversation: Conversation | None, kind: str = Draft.Kind.ANSWER
) -> Draft | None:
    """The person's draft of that kind in that conversation (None: the first word), with its files, or None."""
    return (
        Draft.objects.filter(person=person, conversation=conversation, kind=kind)
        .select_related("function", "contact_point")
        .prefetch_related("files", "other_wordings")
        .order_by("-pk")
        .first()
    )


def add_file(draft: Draft, filename: str, content_type: str, data: bytes) -> DraftFile:
    """Lay a file beside the draft; its bytes are on the disk before the row names them.

    Raises TooLarge, and AlreadySent where another click has sent the draft meanwhile.
    """
    already = draft.files.aggregate(bytes=Sum("size"))["bytes"] or 0
    largest = min(LARGEST, settings.GENSVAR_LARGEST_WORD)
    if already + len(data) > largest:
        raise TooLarge(largest // (1024 * 1024))
    sha256 = files.keep(data)
    with transaction.atomic():
        if not Draft.objects.select_for_update(of=("self",), no_key=True).filter(pk=draft.pk).exists():
            raise AlreadySent
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


@transaction.atomic
def discard(draft: Draft) -> bool:
    """Let a draft go whose words reached somebody or were thrown away. False where they were gone already.

    What was typed in another window and is not yet chosen stays as the draft.
    """
    found = Draft.objects.select_for_update(of=("self",)).filter(pk=draft.pk).first()
    if found is None:
        return False
    left = list(found.other_wordings.order_by("updated_at", "pk"))
    if not left:
        return found.delete()[0] > 0
    found.files.all().delete()
    found.text, found.window = "\n\n".join(one.text for one in left), left[-1].window
    found.version += 1
    found.save()
    found.other_wordings.all().delete()
    CoSigner.objects.filter(draft=found).delete()
    return True
