"""Gives conversations out, one after the other, in pieces: nobody is locked in, and memory stays small however many there are.

Neighbours: config.export writes all of them for whoever runs the machine, desk.giving_out some of them for the registrar.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.db.models import Q, QuerySet

from gensvar.conversations.models import Attachment, Contact, ContactAddress, Conversation, Message
from gensvar.conversations.protecting import with_protected
from gensvar.conversations.returned import told_text
from gensvar.conversations.typed_keys import REPORTS
from gensvar.core.covering import cover
from gensvar.core.snapshots import snapshot

CHUNK: Final = (
    200  # conversations fetched at a time, with messages, attachments and addresses in three queries more
)


def conversations(*, keys: bool = True) -> Iterator[dict[str, Any]]:
    """Every conversation in the order of its beginning, with all of its words and notes; times are UTC in ISO 8601.

    All are of one moment: what is merged meanwhile into one that was given out already would be missing.

    Without `keys` what opens a writer's own page is covered, also in addresses and Message-IDs, and a report has nothing of
    the mail that it brought back: so a line can be handed out, where it is not `protected`. Then somebody with a protected
    identity takes part, and names and addresses stand in it as in any other: who they are was asked to be told to nobody.
    """
    with snapshot():
        for row in _rows(Conversation.objects.all(), returned=keys):
            yield row if keys else _without_keys(row)


def to_hand_out(among: QuerySet[Conversation], *, notes: bool = False) -> Iterator[dict[str, Any]]:
    """These conversations as they may leave the desk: what opens something is covered, and notes are there only where asked for.

    Of one in which somebody with a protected identity takes part stands only which it is: any of its words may say who they are
    or where they are reached, and nobody reads through a file before it is handed on. All are of one moment, as above.
    """
    with snapshot():
        for row in _rows(among, returned=False):
            if row["protected"]:
                yield {**row, "subject": "", "contact_point": "", "writer_addresses": [], "messages": []}
                continue
            said = [one for one in row["messages"] if notes or one["direction"] != Message.Direction.NOTE]
            yield _without_keys({**row, "messages": said})


def _rows(among: QuerySet[Conversation], *, returned: bool) -> Iterator[dict[str, Any]]:
    last = 0
    while rows := list(_after(among, last)):
        yield from _with_messages(rows, returned=returned)
        last = rows[-1].pk


def _without_keys(value: Any) -> Any:
    if isinstance(value, str):
        return cover(value)
    if isinstance(value, list):
        return [_without_keys(one) for one in value]
    if isinstance(value, dict):
        return {name: _without_keys(one) for name, one in value.items()}
    return value


def _after(among: QuerySet[Conversation], last: int) -> Iterator[Conversation]:
    found = (
        with_protected(among.filter(pk__gt=last))
        .select_related("contact_point", "function", "contact")
        .order_by("pk")
    )
    return iter(found[:CHUNK])


def _with_messages(rows: list[Conversation], *, returned: bool) -> Iterator[dict[str, Any]]:
    messages = (
        Message.objects.filter(conversation__in=rows)
        .select_related("contact", "person", "co_signer", "function", "envelope")
        .defer("html", "envelope__raw")
        .order_by("at", "pk")
    )
    by_conversation: dict[int, list[Message]] = {}
    for message in messages:
        by_conversation.setdefault(message.conversation_id, []).append(message)
    files: dict[int, list[Attachment]] = {}
    for file in Attachment.objects.filter(message__conversation__in=rows).order_by("pk"):
        files.setdefault(file.message_id, []).append(file)
    addresses = _addresses(rows)
    for row in rows:
        yield {
            "number": row.number,
            "subject": row.subject,
            "state": row.state,
            "visibility": row.visibility,
            "contact_point": row.contact_point.address,
            "function": row.function.name if row.function else None,
            "writer_addresses": addresses.get(row.pk, []),
            "protected": row.with_protected,  # type: ignore[attr-defined]
            "messages": [
                _message(one, row, files.get(one.pk, []), returned=returned)
                for one in by_conversation.get(row.pk, [])
            ],
        }


def _addresses(rows: list[Conversation]) -> dict[int, list[str]]:
    """By conversation: its writer's address, then those that staff hold to be the same person's; for a protected
    identity only its own."""
    writers = {row.pk: row.contact for row in rows if row.contact is not None}
    held = {one.same_person_id for one in writers.values() if not one.protected} - {None}
    wanted = Q(contact__in=writers.values()) | Q(contact__same_person__in=held, contact__protected=False)
    known = list(ContactAddress.objects.filter(wanted).select_related("contact").order_by("pk"))
    own: dict[int, list[str]] = {}
    persons: dict[int | None, list[str]] = {}
    for one in known:
        own.setdefault(one.contact_id, []).append(one.address)
        if not one.contact.protected:
            persons.setdefault(one.contact.same_person_id, []).append(one.address)
    return {
        number: list(dict.fromkeys([*own.get(one.pk, []), *_held(one, persons)]))
        for number, one in writers.items()
    }


def _held(contact: Contact, persons: dict[int | None, list[str]]) -> list[str]:
    return [] if contact.protected or contact.same_person_id is None else persons[contact.same_person_id]


def _message(
    message: Message, conversation: Conversation, files: list[Attachment], *, returned: bool
) -> dict[str, Any]:
    text = message.text if returned else told_text(message)
    quoted = message.quoted if returned or message.kind not in REPORTS else ""
    above, below = quoted[: message.quoted_above], quoted[message.quoted_above :].removeprefix("\n\n")
    ours = conversation.contact_point.address if message.direction == Message.Direction.OUT else ""
    return {
        "direction": message.direction,
        "author_kind": message.author,
        "from": message.sender_address or ours,
        "from_name": message.sender_name or (message.person.name if message.person else ""),
        "to": [address for address, _ in message.recipients],
        "sent_at": (message.sent_at or message.at).isoformat(),
        "subject": message.subject,
        "body": "\n".join(part for part in (above, text, below) if part),
        "message_id": message.message_id,
        "attachments": [
            {"filename": file.filename, "size": file.size, "sha256": file.sha256} for file in files
        ],
    }
