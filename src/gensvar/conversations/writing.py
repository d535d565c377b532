"""Writes a read word where it belongs, in about a dozen statements: conversation, people, message, index, counters, fact.

Neighbours: words made it ready, matching says where it belongs; runs inside the transaction that ends its event.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, Final

from django.db import connection
from django.db.models import F

from gensvar.contract.addresses import split_plus
from gensvar.contract.channel import arriving
from gensvar.contract.values import AnswerBy, Arrival, Kind
from gensvar.conversations import cleaning, counts, index, matching, stand_ins
from gensvar.conversations.counts import Standing
from gensvar.conversations.events import MessageReceived, ReportReceived, tell_sight
from gensvar.conversations.matching import Match, Thread
from gensvar.conversations.models import (
    Attachment,
    AwaitedReference,
    Contact,
    Conversation,
    Message,
    Participant,
)
from gensvar.conversations.numbering import next_number
from gensvar.conversations.reported import belong_nowhere
from gensvar.conversations.rows import insert, insert_new, inserting
from gensvar.conversations.states import Move, State, after
from gensvar.conversations.turns import with_turn
from gensvar.conversations.words import REPORTS, Word, sender_as_written
from gensvar.conversations.writers import (
    Known,
    Writers,
    asking,
    bounces_no_more,
    contact_at,
    is_machine,
    writers_of,
)
from gensvar.core import clock, events, freshness, statements, tokens
from gensvar.core.covering import cover
from gensvar.core.statements import Statement, run
from gensvar.core.tokens import new_key
from gensvar.intake.models import Envelope

MOST_COPIED: Final = 20  # people who were copied in and get a part of their own
MOST_AWAITED: Final = 5


def write(word: Word) -> None:
    """Give the word its place. Does nothing where its envelope was read before: twice is once."""
    copied = [party.address for party in (*word.incoming.to, *word.incoming.cc)][:MOST_COPIED]
    addresses = [word.address, word.reply_to, *copied]
    unread, known_addresses, candidates = statements.ask(
        _marking_read(word.arrived.id), asking(word.address_channel, addresses), matching.asking(word.clues)
    )
    if not unread:
        return
    writers = writers_of(known_addresses)
    if word.address in writers.ours and word.kind is Kind.MESSAGE:
        word.kind = Kind.AUTOMATIC  # our own mail came back: never a question, never acknowledged
        word.marks.append("own-address")
    one_of_us = word.kind is Kind.MESSAGE and not word.doubted
    person = writers.staff.get(word.address.lower()) if one_of_us else None
    known = writers.contacts.get(word.address)
    if known is not None and known.bounces and one_of_us and not (word.imported or _came_by_form(word)):
        bounces_no_more(word.address_channel, word.address, known.id, at=word.at, why="mail from it")
    match = matching.find(
        candidates,
        word.clues,
        contact_id=known.id if known else None,
        same_person=known.same_person if known else None,
        address=word.address,
        contact_point_id=word.arrived.contact_point_id,
        staff=person is not None or word.kind in REPORTS,
        doubted=word.doubted and word.kind not in REPORTS,
    )
    if person is not None and match.thread is not None:
        _write_outside(word, match.thread, person)
    elif match.thread is not None:
        _join(word, match.thread, match, known, writers)
    elif word.kind in REPORTS and belong_nowhere(told := list(_reports(word, None))):
        run(
            *(one for report in told for one in events.emitting(report))
        )  # the envelope is all that is kept of it
    else:
        _open(word, match, known, writers)


def _marking_read(envelope_id: int) -> Statement:
    """Takes the turn, and the envelope; gives its id where it was still unread."""
    update = (
        "UPDATE intake_envelope SET state = %s, error = '', attempts = attempts + 1, read_at = %s"
        " WHERE id = %s AND state <> %s RETURNING id"
    )
    read_at = connection.ops.adapt_datetimefield_value(clock.now())
    return with_turn(update), [Envelope.State.READ.value, read_at, envelope_id, Envelope.State.READ.value]


# --- A new conversation --------------------------------------------------------------------------


def _open(word: Word, match: Match, known: Known | None, writers: Writers) -> None:
    contact = _contact(word, known)
    # Bounces are no questions: one that concerns nothing that we know is kept as a closed conversation.
    state = State.CLOSED if word.kind in REPORTS or not word.waits else State.OPEN
    arrived = word.arrived
    conversation = insert_new(
        Conversation,
        number=next_number(),
        subject=cleaning.subject_of(word.incoming),
        channel=arrived.channel,
        contact_point_id=arrived.contact_point_id,
        function_id=arrived.function_id,
        contact_id=contact.id,
        contact_name=_shown_name(word, contact),
        state=state,
        language=cleaning.line(word.incoming.language, 20),
        opened_at=word.at,
        last_at=word.at,
        closed_at=clock.now() if state == State.CLOSED else None,
        imported=word.imported,
        linked_from_id=match.linked,
        preview=cleaning.preview_of(word.text),
        message_count=1,
        has_files=bool(word.files),
        unread=state == State.OPEN,
        doubted=word.doubted,
    )
    typed = _add_typed_part(word, conversation, contact.id, writers)
    message = _add_message(word, conversation, contact_id=contact.id, typed=typed)
    rest = [
        index.adding(message, word.stems, index.marks_of(arrived.function_id, (), arrived.channel)),
        counts.moving(None, Standing(state, arrived.function_id, assigned=False)),
    ]
    if word.kind not in REPORTS:
        part = [] if typed is not None else [_adding_part(word, conversation, contact.id, writers)]
        rest += [*part, *_awaiting(word, conversation)]
    run(*rest, *_telling(word, message, new=True))
    if word.kind is Kind.MESSAGE:
        _add_copied(word, conversation, writers)


def _contact(word: Word, known: Known | None) -> Known:
    if known is None:
        known = contact_at(
            word.address_channel,
            word.address,
            name=word.name,
            language=cleaning.line(word.incoming.language, 20),
            now=clock.now(),
        )
    elif word.name and not known.name and not word.doubted:
        Contact.objects.filter(pk=known.id, name="").update(name=word.name)
        known = Known(known.id, word.name, known.protected)
    return known


def _shown_name(word: Word, contact: Known) -> str:
    """The name in lists; nothing for a protected identity (the screen says that it is one)."""
    return "" if contact.protected else (word.name or contact.name or word.address)[:200]


def _add_typed_part(word: Word, conversation: int, contact: int, writers: Writers) -> int | None:
    """The part of whoever typed an address in a form, with a key of its own to be shown to them; None for any other word."""
    if not word.address or not _came_by_form(word):
        return None
    return insert_new(Participant, **_part(word, conversation, contact, writers), typed_key=new_key())


def _came_by_form(word: Word) -> bool:
    return word.arrived.channel in arriving(Arrival.FORM)


def _adding_part(word: Word, conversation: int, contact: int, writers: Writers) -> Statement:
    values = _part(word, conversation, contact, writers)
    return inserting(Participant, "ON CONFLICT (conversation_id, contact_id) DO NOTHING", **values)


def _part(word: Word, conversation: int, contact: int, writers: Writers) -> dict[str, Any]:
    wishes = word.incoming.wishes
    # Whoever is doubted does not choose where answers go: they go to whoever has the address.
    elsewhere = "" if word.doubted or word.reply_to in writers.ours else word.reply_to
    return {
        "conversation_id": conversation,
        "contact_id": contact,
        "channel": word.address_channel,
        "address": elsewhere or word.address,
        "key": new_key(),
        "author": True,
        "show_name": wishes.show_name,
        "answer_by": str(wishes.answer_by),
        "phone": cleaning.line(wishes.phone, 60),
        "postal_address": cleaning.text(wishes.postal_address, 500),
    }


def _add_copied(word: Word, conversation: int, writers: Writers) -> None:
    """Residents who were copied in take part too; places and people of ours, and machines, do not."""
    if word.kind is not Kind.MESSAGE or word.imported or len(word.incoming.to) + len(word.incoming.cc) < 2:
        return
    for party in (*word.incoming.to, *word.incoming.cc)[:MOST_COPIED]:
        address = cleaning.line(party.address, 320)
        if not address or address == word.address or address in writers.ours or address == word.reply_to:
            continue
        if address.lower() in writers.staff or is_machine(address):
            continue
        known = writers.contacts.get(address) or contact_at(
            word.address_channel, address, name=cleaning.line(party.name, 200), language="", now=clock.now()
        )
        insert(
            Participant,
            "ON CONFLICT (conversation_id, contact_id) DO NOTHING",
            conversation_id=conversation,
            contact_id=known.id,
            channel=word.address_channel,
            address=address,
            key=new_key(),
            author=False,
        )


def _awaiting(word: Word, conversation: int) -> list[Statement]:
    """Remember what the word refers to and we have not seen: it may be on its way."""
    references = word.clues.references[-MOST_AWAITED:]
    return [inserting(AwaitedReference, message_id=one, conversation_id=conversation) for one in references]


# --- One more word in a conversation -----------------------------------------------------------------


def _join(word: Word, thread: Thread, match: Match, known: Known | None, writers: Writers) -> None:
    report = word.kind in REPORTS
    if known is None and match.holder is not None and not word.address:
        # At the private link: the token says who.
        contact: int | None = stand_ins.themselves(match.holder, thread)
    elif report:
        contact = known.id if known else None
    else:
        writer = _contact(word, known)
        contact = stand_ins.instead(word, thread, writer, shown=_shown_name(word, writer))
    if word.kind is Kind.MESSAGE and contact is not None and contact not in thread.parts:
        run(_adding_part(word, thread.id, contact, writers))
    elif contact in thread.parts and match.typed is None:
        _note_wishes(word, thread.parts[contact][0])
    by_typed_key = contact == match.holder and _came_by_form(word)
    message = _add_message(word, thread.id, contact_id=contact, typed=match.typed if by_typed_key else None)
    run(
        _adding_to_index(word, thread, message),
        *_moving_on(word, thread),
        *_telling(word, message, new=False),
    )
    if contact is not None and _is_protected(contact, thread) and (thread.public or _is_answered(thread)):
        freshness.changed()  # what was said to a protected identity is public no more (protecting.protected_writer)
        tell_sight([thread.id])


def _is_protected(contact: int, thread: Thread) -> bool:
    known = thread.protected.get(contact)
    return Contact.objects.filter(pk=contact, protected=True).exists() if known is None else known


def _is_answered(thread: Thread) -> bool:
    """Whether something of ours was said in it, which may stand under a comment."""
    return Message.objects.filter(conversation=thread.id, direction=Message.Direction.OUT).exists()


def _note_wishes(word: Word, participant: int) -> None:
    wishes = word.incoming.wishes
    changed: dict[str, Any] = {"show_name": True} if wishes.show_name else {}
    if wishes.answer_by != AnswerBy.SAME:
        changed["answer_by"] = str(wishes.answer_by)
    if wishes.phone:
        changed["phone"] = cleaning.line(wishes.phone, 60)
    if wishes.postal_address:
        changed["postal_address"] = cleaning.text(wishes.postal_address, 500)
    if changed:
        Participant.objects.filter(pk=participant).update(**changed)


def _adding_to_index(word: Word, thread: Thread, message: int) -> Statement:
    persons = thread.asked | ({thread.assignee_id} if thread.assignee_id else set())
    return index.adding(
        message, word.stems, index.marks_of(thread.function_id, persons, word.arrived.channel)
    )


def _moving_on(word: Word, thread: Thread) -> list[Statement]:
    """The conversation's own row: it is our turn again, unless a machine wrote or the word is old."""
    asks = word.kind is Kind.MESSAGE and word.waits
    state = after(thread.state, Move.RECEIVE) if asks else State(thread.state)
    at = connection.ops.adapt_datetimefield_value(word.at)
    preview = cleaning.preview_of(word.text)
    newer = "last_at <= %s" if word.kind is Kind.MESSAGE else "1 = 0 AND last_at <= %s"
    awake = ", snoozed_until = NULL, unread = TRUE, closed_at = NULL" if asks else ""
    update = (
        "UPDATE conversations_conversation SET state = %s, message_count = message_count + 1,"
        f" has_files = (has_files OR %s){awake},"
        f" preview = CASE WHEN {newer} THEN %s ELSE preview END,"
        f" doubted = CASE WHEN {newer} THEN %s ELSE doubted END,"
        f" last_at = CASE WHEN {newer} THEN %s ELSE last_at END WHERE id = %s"
    )
    values = [str(state), bool(word.files), at, preview, at, word.doubted, at, at, thread.id]
    before = Standing(
        thread.state, thread.function_id, thread.assignee_id is not None, thread.snoozed, thread.failed
    )
    still = thread.snoozed and not asks
    now = Standing(state, thread.function_id, thread.assignee_id is not None, still, thread.failed)
    return [(update, values), counts.moving(before, now)]


def _write_outside(word: Word, thread: Thread, person: int) -> None:
    """One of us answered from their own mail program. Anybody can write that address, so it stays a note among us."""
    word.marks.append("outside")
    message = _add_message(word, thread.id, contact_id=None, person_id=person)
    run(_adding_to_index(word, thread, message))
    Conversation.objects.filter(pk=thread.id).update(unread=True, message_count=F("message_count") + 1)
    counts.changed()


# --- The message itself ----------------------------------------------------------------------------


def _add_message(
    word: Word,
    conversation: int,
    *,
    contact_id: int | None,
    person_id: int | None = None,
    typed: int | None = None,
) -> int:
    incoming, arrived = word.incoming, word.arrived
    author = Message.Author.RESIDENT if word.kind is Kind.MESSAGE else Message.Author.AUTOMATIC
    message = insert_new(
        Message,
        conversation_id=conversation,
        direction=Message.Direction.IN if person_id is None else Message.Direction.NOTE,
        author=author if person_id is None else Message.Author.STAFF,
        kind=str(word.kind),
        channel=arrived.channel,
        contact_id=contact_id,
        person_id=person_id,
        envelope_id=arrived.id,
        at=word.at,
        sent_at=word.sent_at,
        sender_address=sender_as_written(incoming, word.address),
        sender_name=word.name,
        recipients=cleaning.parties(incoming.to),
        copied=cleaning.parties(incoming.cc),
        subject=word.subject,
        text=word.text,
        quoted=cleaning.text(incoming.quoted),
        quoted_above=len(cleaning.text(incoming.quoted[: incoming.quoted_above])),
        html=cleaning.text(incoming.html, cleaning.LONGEST_HTML),
        language=cleaning.line(incoming.language, 20),
        message_id=arrived.message_id,
        references=list(word.clues.references),
        marks=word.marks,
        may_publish=incoming.wishes.may_publish if word.kind is Kind.MESSAGE and person_id is None else None,
        place=cleaning.line(incoming.wishes.place, 250),
        # Empty: not by a typed key, and not by the address itself either (typed_keys.has_spoken_itself).
        shown_typed=[typed] if typed is not None else [] if word.doubted else None,
    )
    if word.files:
        Attachment.objects.bulk_create(Attachment(message_id=message, **asdict(file)) for file in word.files)
    return message


def _telling(word: Word, message: int, *, new: bool) -> list[Statement]:
    """The facts that follow from it, as statements that travel with the others."""
    if word.kind not in REPORTS:
        return events.emitting(MessageReceived(message_id=message, new=new))
    return [one for report in _reports(word, message) for one in events.emitting(report)]


def _reports(word: Word, message: int | None) -> Iterator[ReportReceived]:
    """What it tells, each with our own token: that of the return path it came to, whatever its fields say."""
    came_to = split_plus(word.arrived.recipient)[1]
    ours = came_to if came_to and tokens.read("bounce", came_to) else ""
    for report in word.incoming.reports:
        yield ReportReceived(
            message_id=message,
            token=ours or cleaning.line(report.original_token, 80),
            original_message_id=cleaning.line(report.original_message_id, 250),
            recipient=cleaning.line(report.recipient, 320),
            status=cleaning.line(report.status, 20),
            action=cleaning.line(report.action, 20),
            diagnostic=cover(cleaning.text(report.diagnostic, 2000)),
        )
